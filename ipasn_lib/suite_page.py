"""The page that lists all places: what is published of each, and where its report lies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ipasn_lib.analysis.compare import rank_places
from ipasn_lib.figures.map_shapes import map_shapes
from ipasn_lib.figures.style import KATEGORI_COLOURS
from ipasn_lib.figures.wording import count, number, percent
from ipasn_lib.records.boundaries import load_boundaries
from ipasn_lib.records.prepared import Prepared
from ipasn_lib.records.regions import load_kabkota, report_name
from ipasn_lib.reports.atlas import build_index
from ipasn_lib.reports.batch import BatchResult

__all__ = ["index_page"]


def index_page(
    siap: Prepared,
    root: Path,
    result: BatchResult,
    whole: Mapping[str, str],
    further: Mapping[str, str],
) -> str:
    """Give the page that lists all places of a batch.

    Parameters
    ----------
    siap : Prepared
    root : pathlib.Path
        The folder of the reports; a place is linked where its report is there.
    result : BatchResult
        How the batch ended.
    whole : mapping of str to str
        What is published of the province as a whole: file below ``root``, and name as printed.
    further : mapping of str to str
        Further reports of a place: end of the folder's name, and name as printed.
    """
    places = load_kabkota()
    outlines = map_shapes(load_boundaries())
    failed = [
        {"kode": r.nama.split("-")[0], "label": r.nama, "alasan": r.kesalahan}
        for r in result.hasil
        if r.status == "gagal"
    ]
    failed += [
        {"kode": "", "label": note.berkas, "alasan": note.galat}
        for note in siap.berkas
        if note.galat
    ]
    summary = rank_places(siap.table("kabkota"))
    pages = {title: file for file, title in whole.items()}
    return build_index(
        [_entry(kode, places, summary, root, further) for kode in places.index],
        judul=f"Indeks Profesionalitas ASN se-Jawa Timur {siap.tahun}",
        tahun=siap.tahun,
        sintetis=siap.sintetis,
        sumber="; ".join(siap.sumber_data),
        gagal=failed,
        tautan={title: page for title, page in pages.items() if (root / page).is_file()},
        shapes=outlines.shapes,
        viewbox=outlines.viewbox,
        bingkai=outlines.frames,
        warna=KATEGORI_COLOURS,
    )


def _entry(
    kode: str, places: pd.DataFrame, summary: pd.DataFrame, root: Path, further: Mapping[str, str]
) -> dict[str, Any]:
    """One line of the page: what is published of a place, and where its report lies."""
    label = str(places.loc[kode, "label"])
    folder = report_name(kode, label)
    entry: dict[str, Any] = {
        "kode": kode,
        "label": label,
        "folder": folder if (root / folder / "laporan.html").is_file() else None,
        "lainnya": {
            title: f"{folder}-{kind}"
            for kind, title in further.items()
            if (root / f"{folder}-{kind}" / "laporan.html").is_file()
        },
    }
    if kode not in summary.index:
        return entry
    row = summary.loc[kode]
    if pd.isna(row["n_pegawai"]):
        return entry | {"tersembunyi": True}
    share = float(row["partisipasi"])
    entry |= {"partisipasi": share, "partisipasi_teks": percent(share)}
    entry |= {"n_terukur_teks": count(row["n_terukur"])}
    if pd.notna(row["indeks"]):
        entry |= {
            "indeks": float(row["indeks"]),
            "indeks_teks": number(row["indeks"]),
            "kategori": row["kategori"] if pd.notna(row["kategori"]) else None,
            "peringkat": int(row["peringkat"]),
        }
    return entry
