"""Compile the catalogue of words, and bring it up to what code and notebooks use.

A maintainer edits ``ipasn_lib/wording/katalog/<bahasa>/LC_MESSAGES/ipasn.po`` and runs

    python data/build_wording.py

which writes the template (``ipasn.pot``), gives each ``.po`` an empty entry for every message
that is used and not there, drops those that are used no more, and compiles the ``.mo`` files.
Entries without a text are named; the run then ends with 1.
"""

from __future__ import annotations

import ast
import io
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "ipasn_lib" / "wording" / "katalog"
SOURCES = FOLDER / "sumber.toml"
LANGUAGES = ("id", "en")
KEY = "kunci"  # context of the library's own messages


def prose() -> Iterator[str]:
    """Give the paragraphs and the titles of the notebooks that make reports."""
    from ipasn_lib.reports._language import paragraphs

    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                yield from paragraphs(source)
            else:
                yield from titles(source)


def titles(source: str) -> Iterator[str]:
    """Give the texts that a notebook's code hands to ``kata``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "kata":
            yield from (a.value for a in node.args if isinstance(a, ast.Constant))


def rules() -> Iterator[str]:
    """Give what the regulations' files say in a method note and in tables."""
    from ipasn_lib.law.instrument import KEYAKINAN
    from ipasn_lib.law.loading import available_instruments
    from ipasn_lib.law.pay_rules import available_pay_rules
    from ipasn_lib.law.predicate_rules import load_distribution_rule

    yield from KEYAKINAN.values()
    for instrument in available_instruments().values():
        yield instrument.judul
        columns = () if instrument.is_given else instrument.kolom.values()
        yield from (f"{c.label[:1].lower()}{c.label[1:]}" for c in columns)
        for one in (instrument, instrument.as_given()):
            yield from (d.label for d in one.dimensi.values())
            yield from (i.label for d in one.dimensi.values() for i in d.indikator)
            yield from one.catatan
            for reading in one.tafsir.values():
                yield reading.pertanyaan
                yield from (choice.keterangan for choice in reading.pilihan.values())
    for rule in available_pay_rules().values():
        yield from rule.catatan
        yield rule.judul
        for event in rule.pengurang:
            yield from (event.label, event.label.lower())
    yield from load_distribution_rule().catatan
    for table in load_distribution_rule().organisasi.values():
        yield from (statement.bunyi for statement in table)


def listed() -> list[str]:
    """Give the source texts of other rooms, which ``sumber.toml`` lists."""
    return [text for texts in tomllib.loads(SOURCES.read_text("utf-8")).values() for text in texts]


def source_texts() -> list[str]:
    """Give every Indonesian text that is translated as it stands, each once."""
    return list(dict.fromkeys([*prose(), *rules(), *listed()]))


def messages() -> list[tuple[str, str | None]]:
    """Give every message with its context."""
    own: list[tuple[str, str | None]] = [(key, KEY) for key in keys(read(LANGUAGES[0]))]
    return own + [(text, None) for text in source_texts()]


def read(bahasa: str) -> Catalog:
    """Read a language's catalogue."""
    with path_of(bahasa).open("rb") as file:
        return read_po(file, locale=bahasa)


def path_of(bahasa: str, end: str = "po") -> Path:
    """Give the place of a language's catalogue."""
    return FOLDER / bahasa / "LC_MESSAGES" / f"ipasn.{end}"


def keys(catalogue: Catalog) -> list[str]:
    """Give the keys: messages of the library's own, one word each."""
    return [str(m.id) for m in catalogue if m.context == KEY]


def compiled(catalogue: Catalog) -> bytes:
    """Give a catalogue as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def written(catalogue: Catalog) -> bytes:
    """Give a catalogue as text."""
    out = io.BytesIO()
    write_po(out, catalogue, width=96, sort_output=True, omit_header=False)
    return out.getvalue()


def template() -> bytes:
    """Give the template: every message, without a text."""
    pot = header("id")
    for message, context in messages():
        pot.add(message, context=context)
    return written(pot)


def header(bahasa: str) -> Catalog:
    """Give an empty catalogue with the project's own header and no date that changes."""
    made = Catalog(locale=bahasa, project="ipasn", version="1", charset="utf-8", fuzzy=False)
    made.header_comment = "# Words and sentences of ipasn; see docs/panduan/menyunting-kata.md."
    stamp = "2026-11-24 00:00+0000"
    made.mime_headers = [
        ("Project-Id-Version", "ipasn"),
        ("POT-Creation-Date", stamp),
        ("PO-Revision-Date", stamp),
        ("Last-Translator", "ipasn"),
        ("Language", bahasa),
        ("Language-Team", bahasa),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
    ]
    return made


def main() -> int:
    """Write template, catalogues and compiled catalogues; name what has no text yet."""
    (FOLDER / "ipasn.pot").write_bytes(template())
    lacking = []
    for bahasa in LANGUAGES:
        before, after = read(bahasa), header(bahasa)
        for message, context in messages():
            if context is None and bahasa == LANGUAGES[0]:
                continue  # a source text is Indonesian as it is
            said = before.get(message, context)
            after.add(message, said.string if said else "", context=context)
            lacking += [] if said and said.string else [f"{bahasa}: {message}"]
        path_of(bahasa).write_bytes(written(after))
        path_of(bahasa, "mo").write_bytes(compiled(after))
    print("\n".join(f"no text in {line}" for line in lacking))
    return int(bool(lacking))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main())
