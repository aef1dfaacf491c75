"""Find personal numbers in bytes: the NIP of 18 digits and the NIK of 16.

Pages and workbooks are full of digits that are neither: coordinates, hashes, times, fractions.
So a number counts only where it stands alone and its parts can be what they should be: a day of
birth, a month of appointment, a region. Nothing here ever returns the number itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["NIK", "NIP", "identity_numbers"]

NIP, NIK = "NIP", "NIK"

# Finding eight digits in a row by way of translate and find is ten times as fast as a pattern.
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_EIGHT = b"00000000"

_GAP = rb"(?:[ ._-]|\xc2\xa0|&nbsp;|&#160;)?"
_NIP = re.compile(rb"(\d{8})" + _GAP + rb"(\d{6})" + _GAP + rb"([12])" + _GAP + rb"(\d{3})(?!\d)")
_NIK = re.compile(rb"\d{16}(?!\d)")
_SCIENTIFIC = re.compile(rb"(?<![\d.])(\d)\.(\d{10,17})[eE]\+?(17|15)(?!\d)")
_WORD = re.compile(rb"[0-9A-Za-z]*")
_HEX = re.compile(rb"[0-9a-f]+|[0-9A-F]+")
_HASH = 32
"""Shortest run of hexadecimal digits that is taken for a hash."""

# A NIP begins with year, month and day of birth, then year and month of appointment; PPPK have
# 21 and more for the month (Peraturan Kepala BKN 22/2007). Days from 32 to 69 are those of this
# project's make-believe people: where theirs come through, real ones would.
_BORN = re.compile(rb"(?:19[3-9]\d|20[01]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[1-6]\d)")
_APPOINTED = re.compile(rb"(?:19[5-9]\d|20[0-4]\d)(?:0[1-9]|1[0-2]|2[1-9]|3[0-2])")
# A NIK begins with province, kabupaten or kota, and kecamatan, then day (women: plus 40), month
# and year of birth, and a serial number from 0001.
_REGION = re.compile(
    rb"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])(?:0[1-9]|[12]\d|7[1-9])"
    rb"(?:0[1-9]|[1-5]\d)(?:0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(?:0[1-9]|1[0-2])\d\d"
    rb"(?!0000)\d{4}"
)


def identity_numbers(data: bytes) -> Iterator[tuple[int, str]]:
    """Give the place (byte offset) and the kind of each personal number.

    Parameters
    ----------
    data : bytes
        Text in UTF-8 or any encoding that keeps digits as they are.

    Yields
    ------
    tuple of (int, str)
        Offset, and ``"NIP"`` or ``"NIK"``. A NIP may be parted by blanks, points or hyphens
        (``yyyymmdd yyyymm s nnn``), and both kinds may stand as a spreadsheet writes large
        numbers (``1.2345678901234E+17``).
    """
    plain = data.translate(_DIGITS)
    start = plain.find(_EIGHT)
    while start >= 0:
        end = start + len(_EIGHT)
        while plain[end : end + 1] == b"0":
            end += 1
        kind = _kind(data, start, end)
        if kind:
            yield start, kind
        start = plain.find(_EIGHT, end)


def _kind(data: bytes, start: int, end: int) -> str | None:
    """Tell what the digits that run from ``start`` to ``end`` begin; None for nothing."""
    if data[start - 1 : start] == b"." and data[start - 2 : start - 1].isdigit():
        found = _SCIENTIFIC.match(data, start - 2)
        if found is None:
            return None  # a fraction
        size = int(found[3]) + 1
        digits = (found[1] + found[2])[:size].ljust(size, b"0")
        return _plausible(digits, rounded=True)
    if end - start <= 18 and (parted := _NIP.match(data, start)) is not None:
        if not _inside_hash(data, start, parted.end()) and _plausible(b"".join(parted.groups())):
            return NIP
    elif _NIK.match(data, start) and not _inside_hash(data, start, end):
        return _plausible(data[start:end])
    return None


def _plausible(digits: bytes, *, rounded: bool = False) -> str | None:
    if len(digits) == 18:
        # a spreadsheet's number keeps fifteen digits; the sex digit may be one of the lost ones
        sex = rounded or digits[14:15] in (b"1", b"2")
        return NIP if sex and _BORN.match(digits) and _APPOINTED.match(digits, 8) else None
    if rounded:
        digits = digits[:15] + b"1"
    return NIK if len(digits) == 16 and _REGION.fullmatch(digits) else None


def _inside_hash(data: bytes, start: int, end: int) -> bool:
    """Tell whether the digits are part of a hash or another long run of letters and digits."""
    before = start
    while before > start - 200 and data[before - 1 : before].isalnum():
        before -= 1
    after = _WORD.match(data, end)
    assert after is not None  # the pattern matches nothing as well
    word = data[before : after.end()]
    return len(word) >= _HASH and _HEX.fullmatch(word) is not None
