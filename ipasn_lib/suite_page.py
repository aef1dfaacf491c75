"""What the first page shows of a year's places, and the page of a year among other years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ipasn_lib.analysis.compare import rank_places
from ipasn_lib.figures.map_shapes import map_shapes
from ipasn_lib.figures.style import GROUP_COLOURS, KATEGORI_COLOURS
from ipasn_lib.records.boundaries import load_boundaries
from ipasn_lib.records.prepared import Prepared
from ipasn_lib.records.regions import load_kabkota, report_name
from ipasn_lib.reports.atlas import MEASURES, build_index, describe_year
from ipasn_lib.reports.batch import BatchResult
from ipasn_lib.suite_jobs import set_title
from ipasn_lib.wording import count, number, percent

__all__ = ["index_page", "year_shown"]

FORMATS = ("html", "pdf", "xlsx")


def year_shown(
    siap: Prepared,
    root: Path,
    result: BatchResult,
    whole: Mapping[str, str],
    further: Sequence[str],
) -> dict[str, Any]:
    """Give what the first page shows of a year, in Indonesian; see :func:`describe_year`.

    Parameters
    ----------
    siap : Prepared
    root : pathlib.Path
        The folder of the reports; a file is linked where it is there.
    result : BatchResult
        How the batch ended.
    whole : mapping of str to str
        What is published of the province as a whole: file below ``root``, and name as printed.
    further : sequence of str
        Further reports of a place, by the end of their folder's name, which names them in print.
    """
    places = load_kabkota()
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
    table = siap.table("kabkota")
    ranks = pd.DataFrame(
        {m: rank_places(table.assign(indeks=table[m]))["peringkat"] for m in MEASURES}
    )
    weights = siap.instruments()[0].bobot
    return describe_year(
        [
            _place(str(kode), str(label), table, ranks, root, further)
            for kode, label in places["label"].items()
        ],
        judul=set_title(siap.tahun, "id"),
        tahun=siap.tahun,
        sintetis=siap.sintetis,
        sumber="; ".join(siap.sumber_data),
        instrumen=siap.id_instrumen,
        maksimum={"indeks": sum(weights.values()), **weights},
        gagal=failed,
        tautan={title: file for file, title in whole.items() if (root / file).is_file()},
    )


def index_page(
    year: Mapping[str, Any],
    others: Sequence[Mapping[str, Any]],
    notes: Sequence[str],
    bahasa: str = "id",
) -> str:
    """Give the page of one year among others, all from :func:`describe_year`."""
    outlines = map_shapes(load_boundaries())
    return build_index(
        year,
        others,
        shapes=outlines.shapes,
        viewbox=outlines.viewbox,
        bingkai=outlines.frames,
        warna=KATEGORI_COLOURS,
        warna_kelompok=GROUP_COLOURS,
        catatan=notes,
        bahasa=bahasa,
    )


def _place(
    kode: str,
    label: str,
    table: pd.DataFrame,
    ranks: pd.DataFrame,
    root: Path,
    further: Sequence[str],
) -> dict[str, Any]:
    """Give what is published of a place, and where its reports lie."""
    folder = report_name(kode, label)
    files = {kind: f"{folder}/laporan.{kind}" for kind in FORMATS}
    files |= {kind: f"{folder}-{kind}/laporan.html" for kind in further}
    entry: dict[str, Any] = {
        "kode": kode,
        "label": label,
        "berkas": {name: file for name, file in files.items() if (root / file).is_file()},
    }
    if kode not in table.index:
        return entry
    row = table.loc[kode]
    if pd.isna(row["n_pegawai"]):
        return entry | {"tersembunyi": True}
    shown = [m for m in MEASURES if pd.notna(row[m])]
    return entry | {
        "nilai": {m: [number(row[m]), int(ranks.loc[kode, m])] for m in shown},
        "kategori": row["kategori"] if pd.notna(row["kategori"]) else None,
        "partisipasi": percent(float(row["partisipasi"])),
        "terukur": count(row["n_terukur"]),
    }
