"""The make-believe regulation, written anew with changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ipasn_lib.law.instrument import Instrument
from ipasn_lib.law.loading import load_instrument

TOY = Path(__file__).parent / "toy" / "pulau.toml"
DERIVATION = TOY.with_name("turunan.toml")


def changed(text: str, *changes: tuple[str, str]) -> str:
    """Replace texts that must each stand there once."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} must stand once"
        text = text.replace(old, new)
    return text


def load_toy(
    folder: Path,
    *changes: tuple[str, str],
    derivation: bool = False,
    readings: Mapping[str, str] | None = None,
) -> Instrument:
    """Load the make-believe regulation with changes, with or without the part ``turunan``."""
    text = TOY.read_text(encoding="utf-8")
    text += DERIVATION.read_text(encoding="utf-8") if derivation else ""
    path = folder / TOY.name
    path.write_text(changed(text, *changes), encoding="utf-8")
    return load_instrument(path, readings)
