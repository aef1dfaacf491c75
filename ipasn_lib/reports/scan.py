"""Look for personal numbers in everything that a batch has written.

Every file is opened as what it is: the members of a workbook with its comments and properties,
the chunks of a PNG, text and metadata of a PDF, pictures inside pages and notebooks. What cannot
be opened is a finding too: a file that nobody has looked into is not known to be clean.
"""

from __future__ import annotations

import base64
import binascii
import io
import os
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ipasn_lib.reports._identity import identity_numbers

__all__ = ["Finding", "scan"]

UNREAD = "tidak dapat diperiksa"
_DEEP = 5
"""How far files inside files are followed."""

_LARGE = 512 * 2**20
"""Bytes above which a member of an archive is not unpacked."""

# Where base64 begins in a page (data:...;base64,) and in a notebook ("image/png": "..."). Found
# by find, since a pattern over every byte would cost as much as all the rest.
_EMBEDDED = (b";base64,", b'"image/', b'"application/')
_BASE64 = re.compile(
    rb'(?:;base64,|"(?:image|application)/[\w.+-]+":\s*\[?\s*")([A-Za-z0-9+/\\]{64,})'
)
_CLOSED = {  # formats that hold their text packed, and that no report is made in
    b"\x1f\x8b": "gzip",
    b"PAR1": "parquet",
    b"\xd0\xcf\x11\xe0": "OLE",
    b"7z\xbc\xaf": "7z",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"Rar!": "rar",
}


@dataclass(frozen=True)
class Finding:
    """A personal number, or a file that could not be looked into.

    Attributes
    ----------
    berkas : str
        The file, relative to the folder that was scanned.
    tempat : str
        The place in the file: line and byte, and the member or picture inside it.
    jenis : str
        ``"NIP"``, ``"NIK"`` or ``"tidak dapat diperiksa"``.
    """

    berkas: str
    tempat: str
    jenis: str

    def __str__(self) -> str:
        """Name file, place and kind; never the number."""
        return f"{self.berkas}: {self.tempat}: {self.jenis}"


def scan(folder: Path, besides: Collection[Path] = ()) -> list[Finding]:
    """Look for NIPs and NIKs in every file below a folder.

    Parameters
    ----------
    folder : pathlib.Path
        Read whole, hidden files and folders included; links are not followed.
    besides : collection of pathlib.Path
        Folders below it that are left out, since they have been looked through before.

    Returns
    -------
    list of Finding
        In order of file and place; empty if the folder is clean. A number in a file's name is
        told by the folder in which the file lies.

    Notes
    -----
    A number counts where it stands alone and its parts are plausible (day of birth, month of
    appointment, region), so that hashes, times, coordinates and fractions stay quiet. A chance
    number of 16 digits passes for a NIK about once in a hundred and fifty.
    """
    found: list[Finding] = []
    known = {path.resolve() for path in besides}
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if (Path(root) / f).resolve() not in known)
        for name in sorted([*names, *(f for f in folders if (Path(root) / f).is_symlink())]):
            path = Path(root) / name
            found += _file(path, path.relative_to(folder))
    return found


def _file(path: Path, relative: Path) -> list[Finding]:
    named = [kind for _, kind in identity_numbers(path.name.encode(errors="replace"))]
    if named:
        place = relative.parent.as_posix()
        return [Finding(place, "nama berkas", kind) for kind in dict.fromkeys(named)]
    berkas = relative.as_posix()
    if path.is_symlink() or not path.is_file():
        return [Finding(berkas, "bukan berkas biasa", UNREAD)]
    try:
        data = path.read_bytes()
    except OSError as error:
        return [Finding(berkas, type(error).__name__, UNREAD)]
    return [Finding(berkas, place, kind) for place, kind in _look(data, ())]


def _look(data: bytes, inside: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give place and kind of what is found in some bytes, whatever format they are in."""
    if len(inside) > _DEEP:
        yield _place(inside, "terlalu dalam"), UNREAD
        return
    for head, name in _CLOSED.items():
        if data.startswith(head):
            yield _place(inside, name), UNREAD
            return
    if data.startswith(b"PK\x03\x04"):
        yield from _archive(data, inside)
    elif data.startswith(b"\x89PNG\r\n\x1a\n"):
        yield from _png(data, inside)
    elif data.startswith(b"%PDF"):
        yield from _pdf(data, inside)
    else:
        yield from _text(data, inside)


def _place(inside: Sequence[str], last: str) -> str:
    return ", ".join([*inside, last])


def _text(data: bytes, inside: Sequence[str]) -> Iterator[tuple[str, str]]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", errors="replace").encode()
    for offset, kind in identity_numbers(data):
        line = data.count(b"\n", 0, offset) + 1
        yield _place(inside, f"baris {line} (bita {offset})"), kind
    for offset, content in _embedded(data):
        yield from _look(content, [*inside, f"isian base64 pada bita {offset}"])


def _embedded(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the files that stand in a text as base64, and where they begin."""
    for mark in _EMBEDDED:
        start = data.find(mark)
        while start >= 0:
            found = _BASE64.match(data, start)
            if found is not None:
                text = found[1].replace(b"\\n", b"")
                # What is left over at the end cannot hold a whole number; what is no base64 has
                # been looked through as text already.
                with suppress(binascii.Error):
                    yield start, base64.b64decode(text[: len(text) // 4 * 4])
            start = data.find(mark, start + len(mark))


def _archive(data: bytes, inside: Sequence[str]) -> Iterator[tuple[str, str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from _look(archive.comment, [*inside, "komentar arsip"])
            for number, member in enumerate(archive.infolist(), start=1):
                here = [*inside, member.filename]
                for _, kind in identity_numbers(member.filename.encode(errors="replace")):
                    here = [*inside, f"anggota ke-{number}"]
                    yield _place(here, "nama"), kind
                if member.file_size > _LARGE or member.flag_bits & 1:
                    yield _place(here, "terlalu besar atau bersandi"), UNREAD
                    continue
                yield from _look(archive.read(member), here)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        yield _place(inside, type(error).__name__), UNREAD


def _png(data: bytes, inside: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Look through every chunk but the pixels; packed text is unpacked."""
    position = 8
    while position + 8 <= len(data):
        size = int.from_bytes(data[position : position + 4], "big")
        name = data[position + 4 : position + 8]
        body = data[position + 8 : position + 8 + size]
        here = [*inside, f"potongan {name.decode('ascii', errors='replace')}"]
        if name in (b"zTXt", b"iTXt", b"iCCP"):
            body = _unpacked(body)
        if name != b"IDAT":
            yield from _text(body, here)
        position += 12 + size
        if name == b"IEND":
            break
    yield from _text(data[position:], [*inside, "setelah gambar"])


def _unpacked(body: bytes) -> bytes:
    """Give a text chunk with its packed part unpacked behind it."""
    for position in range(len(body)):
        if body[position : position + 1] == b"\x78":  # how deflated data begins
            try:
                return body[:position] + b" " + zlib.decompress(body[position:])
            except zlib.error:
                continue
    return body


def _pdf(data: bytes, inside: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Look through text, metadata and attachments of a PDF; packed text shows in no raw byte."""
    yield from _text(data, inside)
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        reader = PdfReader(io.BytesIO(data))
        properties = "\n".join(map(str, (reader.metadata or {}).values()))
        yield from _text(properties.encode(errors="replace"), [*inside, "sifat dokumen"])
        if reader.xmp_metadata is not None:
            packet = reader.xmp_metadata.stream.get_data()
            yield from _text(packet, [*inside, "sifat dokumen XMP"])
        for name, contents in reader.attachments.items():
            for content in contents:
                yield from _look(content, [*inside, "lampiran"])
            yield from _text(name.encode(errors="replace"), [*inside, "nama lampiran"])
        # The text by PDFium: in pure Python it took longer than all else that makes a report.
        shown = [page.get_textpage().get_text_range() for page in PdfDocument(data)]
        for number, (page, text) in enumerate(zip(reader.pages, shown, strict=True), start=1):
            notes = [str(note.get_object().get("/Contents", "")) for note in page.annotations or ()]
            words = "\n".join([text, *notes])
            yield from _text(words.encode(errors="replace"), [*inside, f"halaman {number}"])
    except (PyPdfError, PdfiumError, ValueError, KeyError, TypeError, AttributeError) as error:
        yield _place(inside, type(error).__name__), UNREAD
