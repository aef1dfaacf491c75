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
from pathlib import Path
from typing import Any

from ipasn_lib import __version__
from ipasn_lib.reports import manifest

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
RIGHTS = {
    "@id": "#hak",
    "@type": "CreativeWork",
    "name": "Hak atas laporan ditetapkan oleh instansi yang menerbitkannya.",
}


def crate(root: Path, *, judul: str, keterangan: str) -> dict[str, Any]:
    """Describe all published reports below a folder.

    Parameters
    ----------
    root : pathlib.Path
        The folder of a set; its reports are the folders in it that hold a manifest.
    judul, keterangan : str
        Name and description of the set.

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
    parts = [entity for name, m in found.items() for entity in _report(name, m)]
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
        "description": keterangan,
        "datePublished": max(days, default=""),
        "license": {"@id": RIGHTS["@id"]},
        "hasPart": [{"@id": f"{name}/"} for name in found],
        "mentions": [{"@id": f"#{name}"} for name in found],
    }
    sources = [
        {"@id": f"#{name}", "@type": "SoftwareSourceCode", "name": name, "sha256": book["sha256"]}
        for name, book in sorted(notebooks.items())
    ]
    return {"@context": list(CONTEXT), "@graph": [about, whole, RIGHTS, SOFTWARE, *sources, *parts]}


def write_crate(root: Path, *, judul: str, keterangan: str) -> None:
    """Write the record of a set, if it is not there as it would be written."""
    content = crate(root, judul=judul, keterangan=keterangan)
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    path = root / CRATE
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    aside = root / f".{CRATE}.{secrets.token_hex(4)}"
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _report(name: str, described: dict[str, Any]) -> list[dict[str, Any]]:
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
        "name": f"Tabel siap pakai untuk {name} (tidak disertakan)",
        "sha256": facts["masukan"],
    }
    action = {
        "@id": f"#{name}",
        "@type": "CreateAction",
        "name": f"Pembuatan {name}",
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
