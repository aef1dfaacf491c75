"""Where a set of reports comes from, as an RO-Crate: a record that archives can read.

``ro-crate-metadata.json`` follows RO-Crate 1.1 (Soiland-Reyes et al. 2022,
doi:10.3233/DS-210053): the set is a dataset whose parts are the reports, each made by one action
from a notebook, an input known by its hash, and this software at one version. It is written from
the manifests alone, so the same reports give the same record.
"""

from __future__ import annotations

import json
import mimetypes
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ipasn_lib import __version__
from ipasn_lib.reports import manifest
from ipasn_lib.wording import text

__all__ = ["CRATE", "crate", "write_crate"]

CRATE = "ro-crate-metadata.json"
CONTEXT = ("https://w3id.org/ro/crate/1.1/context", {"sha256": "https://schema.org/sha256"})
TYPES = {".ipynb": "application/x-ipynb+json", ".html": "text/html"}
SOFTWARE = {
    "@id": "#perangkat-lunak",
    "@type": "SoftwareApplication",
    "name": "ipasn",
    "version": __version__,
}
RIGHTS = "#hak"


def crate(
    root: Path, *, judul: str, sumber: Sequence[str], sintetis: bool, bahasa: str = "id"
) -> dict[str, Any]:
    """Describe all published reports below a folder.

    Parameters
    ----------
    root : pathlib.Path
        The folder of a set; its reports are the folders in it that hold a manifest.
    judul : str
        Name of the set.
    sumber : sequence of str
        Where the numbers come from.
    sintetis : bool
        Whether the numbers are make-believe.
    bahasa : {"id", "en"}
        Language of the set and of its description.

    Returns
    -------
    dict
        JSON-LD. ``datePublished`` is the day on which the last of the reports was made.

    Raises
    ------
    BatchError
        If a manifest cannot be read.
    """
    folders = sorted(path.parent for path in root.glob(f"*/{manifest.MANIFEST}"))
    found = {folder.name: manifest.read(folder) for folder in folders}
    days = [str(m["waktu"]["selesai"])[:10] for m in found.values() if m.get("waktu")]
    parts = [entity for name, m in found.items() for entity in _report(name, m, bahasa)]
    notebooks = {m["isi"]["notebook"]["berkas"]: m["isi"]["notebook"] for m in found.values()}
    about = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    whole = {
        "@id": "./",
        "@type": "Dataset",
        "name": judul,
        "description": f"{text('hal_sumber', bahasa)}: {'; '.join(sumber)}."
        + (f" {text('hal_data_sintetis', bahasa)}." if sintetis else ""),
        "inLanguage": bahasa,
        "datePublished": max(days, default=""),
        "license": {"@id": RIGHTS},
        "hasPart": [{"@id": f"{name}/"} for name in found],
        "mentions": [{"@id": f"#{name}"} for name in found],
    }
    rights = {"@id": RIGHTS, "@type": "CreativeWork", "name": text("arsip_hak", bahasa)}
    sources = [
        {"@id": f"#{name}", "@type": "SoftwareSourceCode", "name": name, "sha256": book["sha256"]}
        for name, book in sorted(notebooks.items())
    ]
    return {"@context": list(CONTEXT), "@graph": [about, whole, rights, SOFTWARE, *sources, *parts]}


def write_crate(
    root: Path, *, judul: str, sumber: Sequence[str], sintetis: bool, bahasa: str = "id"
) -> None:
    """Write the record of a set (as :func:`crate`), if it is not there as it would be written."""
    content = crate(root, judul=judul, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    written = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    path = root / CRATE
    if path.is_file() and path.read_text(encoding="utf-8") == written:
        return
    aside = root / f".{CRATE}.{secrets.token_hex(4)}"
    try:
        aside.write_text(written, encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _report(name: str, described: dict[str, Any], bahasa: str) -> list[dict[str, Any]]:
    """Give one report: its folder, its files, its input, and the action that made it."""
    facts, when = described["isi"], described.get("waktu", {})
    files = [
        {
            "@id": f"{name}/{file}",
            "@type": "File",
            "name": file,
            "encodingFormat": _media_type(file),
            "contentSize": str(kept["ukuran"]),
            "sha256": kept["sha256"],
        }
        for file, kept in facts["berkas"].items()
    ]
    taken = {
        "@id": f"#masukan-{name}",
        "@type": "Dataset",
        "name": text("arsip_masukan", bahasa, nama=name),
        "sha256": facts["masukan"],
    }
    action = {
        "@id": f"#{name}",
        "@type": "CreateAction",
        "name": text("arsip_pembuatan", bahasa, nama=name),
        "startTime": when.get("mulai", ""),
        "endTime": when.get("selesai", ""),
        "instrument": [
            {"@id": SOFTWARE["@id"]},
            {"@id": f"#{facts['notebook']['berkas']}"},
        ],
        "object": {"@id": taken["@id"]},
        "result": {"@id": f"{name}/"},
    }
    folder = {
        "@id": f"{name}/",
        "@type": "Dataset",
        "name": name,
        "identifier": f"sha256:{described['sha256']}",
        "hasPart": [{"@id": file["@id"]} for file in files],
    }
    return [folder, *files, taken, action]


def _media_type(name: str) -> str:
    known = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0]
    return known or "application/octet-stream"
