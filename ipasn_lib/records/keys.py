"""Pseudonyms in place of NIPs, and the secret key by which they are made.

The pseudonym is BLAKE2b with a secret key: the same person has the same id in every file read
with the key, and nobody without it can try out all birth dates.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import tempfile
from collections.abc import Iterable
from pathlib import Path

from ipasn_lib.errors import ParameterError

__all__ = ["KEY_VARIABLE", "key_mark", "load_key", "pseudonyms"]

KEY_VARIABLE = "IPASN_KUNCI"
KEY_BYTES = (16, 64)
"""Fewest bytes that cannot be guessed; most that BLAKE2b takes."""

logger = logging.getLogger(__name__)


def pseudonyms(values: Iterable[str], key: bytes) -> list[str]:
    """Replace each value by 32 hexadecimal digits (128 bits) of keyed BLAKE2b."""
    start = hashlib.blake2b(digest_size=16, key=key)
    ids = []
    for value in values:
        state = start.copy()
        state.update(value.encode())
        ids.append(state.hexdigest())
    return ids


def load_key(key: bytes | None = None) -> bytes:
    """Find the secret key of the pseudonyms.

    Parameters
    ----------
    key : bytes, optional
        The key itself, 16 to 64 bytes. Without it the environment variable ``IPASN_KUNCI``
        (hexadecimal) is asked, then the file ``ipasn/kunci`` in the user's configuration folder
        (``$XDG_CONFIG_HOME`` or ``~/.config``), which is made on first use.

    Raises
    ------
    ParameterError
        If the key is too short, too long or not hexadecimal; if the file can be read by others
        or lies inside a git checkout, where it would be published one day.
    """
    if key is not None:
        return _checked(key, "key")
    if (text := os.environ.get(KEY_VARIABLE)) is not None:
        return _checked(_from_hex(text, KEY_VARIABLE), KEY_VARIABLE)
    path = _key_file()
    _refuse_checkout(path)
    if not path.exists():
        _make_key(path)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise ParameterError(f"key file {path} can be read by others; run: chmod 600 {path}")
    return _checked(_from_hex(path.read_text(encoding="ascii"), str(path)), str(path))


def key_mark() -> str:
    """Tell one key of the pseudonyms from another without telling it; empty where there is none.

    Raises
    ------
    ParameterError
        As :func:`load_key`.
    """
    there = os.environ.get(KEY_VARIABLE) is not None or _key_file().exists()
    return pseudonyms(["kunci"], load_key())[0] if there else ""


def _key_file() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "ipasn" / "kunci"


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent)  # readable by the owner only
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(32) + "\n")
        # A link appears whole or not at all; of two processes the first one wins.
        os.link(name, path)
        logger.warning(
            "made a new key for pseudonyms: %s. Keep a copy in a safe place: without it the ids "
            "of next year's files will not match this year's",
            path,
        )
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()


def _refuse_checkout(path: Path) -> None:
    for folder in path.resolve().parents:
        if (folder / ".git").exists():
            raise ParameterError(
                f"key file {path} lies in the git checkout {folder}; set {KEY_VARIABLE} or move "
                "the configuration folder by XDG_CONFIG_HOME"
            )


def _from_hex(text: str, where: str) -> bytes:
    try:
        return bytes.fromhex(text.strip())
    except ValueError:
        raise ParameterError(f"{where}: the key is not hexadecimal text") from None


def _checked(key: bytes, where: str) -> bytes:
    low, high = KEY_BYTES
    if not isinstance(key, bytes) or not low <= len(key) <= high:
        raise ParameterError(f"{where}: a key has {low} to {high} bytes")
    return key
