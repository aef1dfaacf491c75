"""Tables of the data behind the index: faults, gaps in the record, published tables checked."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.publish import PublishedTable
from ipasn_lib.figures.tables import Column, publish_table
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import MISSING, count, number, percent, text

__all__ = [
    "aspect_table",
    "fault_table",
    "finding_table",
    "guess_table",
    "recording_columns",
]

HIDDEN = "tersembunyi"
EDGES = ("bawah", "atas")


def fault_table(
    rates: pd.DataFrame,
    *,
    wilayah: str,
    sumber: str,
    sintetis: bool | None = None,
    minimum: int = MINIMUM,
    semua: bool = False,
    nama: str = "mutu_indikator",
    bahasa: str = "id",
) -> PublishedTable:
    """Print the faults counted in one place, and name those that could not be.

    Parameters
    ----------
    rates : pandas.DataFrame
        As :func:`ipasn_lib.analysis.quality.indicator_rates` or ``reading_rates`` makes it,
        without groups.
    semua : bool
        With a row for each indicator; else those that could not be counted stand in a note.
    wilayah, sumber, sintetis, minimum, nama, bahasa
        As in :func:`ipasn_lib.figures.tables.publish_table`.
    """
    if list(rates.index.names) != ["kode"]:
        raise ParameterError("rates must be those of one place (index kode only)")
    counted = int((rates["status"] == "dihitung").sum())
    unknown = rates["status"] == "tidak dapat dihitung"
    shown = rates if semua else rates.loc[~unknown]
    shown = shown.assign(
        aspek=[text(str(a), bahasa) for a in shown["aspek"]], status=shown["status"].astype("str")
    )
    notes = [text("catatan_mutu", bahasa)]
    if unknown.any() and not semua:
        codes = ", ".join(rates.index[unknown])
        notes.insert(0, text("catatan_tak_terhitung", bahasa, kode=codes))
    return publish_table(
        shown,
        nama=nama,
        judul=text(
            "judul_indikator_mutu", bahasa, jumlah=counted, semua=len(rates), wilayah=wilayah
        ),
        kolom=[
            Column("kode", text("kode", bahasa)),
            Column("aspek", text("aspek", bahasa)),
            Column("label", text("cacat_dicari", bahasa)),
            Column("n_berlaku", text("n_berlaku", bahasa), "cacah"),
            Column("n_cacat", text("n_cacat", bahasa), "cacah"),
            Column("mutu", text("mutu", bahasa), "persen", 1),
            Column("status", text("status", bahasa)),
        ],
        sumber=sumber,
        sintetis=sintetis,
        penanda=None,
        minimum=minimum,
        catatan=notes,
        bahasa=bahasa,
    )


def aspect_table(
    table: pd.DataFrame,
    *,
    wilayah: str,
    sumber: str,
    sintetis: bool | None = None,
    nama: str = "mutu_aspek",
    bahasa: str = "id",
) -> PublishedTable:
    """Print the weighted quality by aspect, as ``quality_index`` makes it for one place."""
    shown = table.reset_index()
    shown["nama"] = [
        text("semua_aspek" if a == "semua" else str(a), bahasa) for a in shown["aspek"]
    ]
    shown["rentang"] = [
        f"{percent(low, 0, bahasa)}–{percent(high, 0, bahasa)}"
        for low, high in zip(shown["bawah"], shown["atas"], strict=True)
    ]
    shown["terhitung"] = [
        f"{a} / {b}" for a, b in zip(shown["n_dihitung"], shown["n_indikator"], strict=True)
    ]
    return publish_table(
        shown,
        nama=nama,
        judul=text("judul_mutu_aspek", bahasa, wilayah=wilayah),
        kolom=[
            Column("nama", text("aspek", bahasa)),
            Column("bobot", text("bobot", bahasa), "persen", 0),
            Column("terhitung", text("indikator_terhitung", bahasa)),
            Column("bobot_dihitung", text("bobot_dihitung", bahasa), "persen", 0),
            Column("mutu", text("mutu", bahasa), "persen", 1),
            Column("rentang", text("mutu_rentang", bahasa)),
        ],
        sumber=sumber,
        sintetis=sintetis,
        penanda=None,
        bahasa=bahasa,
    )


def recording_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of the recording gap, as ``recording_gap`` makes it."""
    return [
        Column("label", text("indikator", bahasa)),
        Column("sebab", text("sebab", bahasa)),
        Column("n_pegawai", text("n_pegawai", bahasa), "cacah", kosong=HIDDEN),
        Column("poin_rata", text("poin_hilang", bahasa), "poin", 2, kosong=HIDDEN),
    ]


def finding_table(
    pemeriksaan: pd.DataFrame,
    *,
    sumber: str,
    desimal: int = 2,
    semua: bool = True,
    nama: str = "pemeriksaan_terbitan",
    bahasa: str = "id",
) -> PublishedTable:
    """Print what was checked in a published table, and how it came out.

    Parameters
    ----------
    pemeriksaan : pandas.DataFrame
        ``Reconciliation.pemeriksaan`` of :func:`ipasn_lib.analysis.reconcile.reconcile`.
    sumber : str
        Who published the table.
    desimal : int
        Decimals of the published table.
    semua : bool
        All checks; False shows only those that do not simply agree.
    """
    shown = pemeriksaan if semua else pemeriksaan.loc[pemeriksaan["hasil"] != "sesuai"]
    wrong = int(pemeriksaan["hasil"].isin(["tidak sesuai", "rata-rata polos"]).sum())
    title = text(
        "judul_terbitan_salah" if wrong else "judul_terbitan_benar",
        bahasa,
        jumlah=wrong,
        semua=len(pemeriksaan),
    )
    records = [{str(k): v for k, v in r.items()} for r in shown.to_dict("records")]
    return publish_table(
        shown.assign(
            periksa=[text(f"periksa_{p}", bahasa) for p in shown["pemeriksaan"]],
            kolom=[text(str(k), bahasa) for k in shown["kolom"]],
            cetak=[_printed(r, desimal, bahasa) for r in records],
            hitung=[_computed(r, desimal, bahasa) for r in records],
        ),
        nama=nama,
        judul=title,
        subjudul=text("subjudul_terbitan", bahasa),
        kolom=[
            Column("nama", text("baris_terbitan", bahasa)),
            Column("periksa", text("pemeriksaan", bahasa)),
            Column("kolom", text("kolom", bahasa)),
            Column("cetak", text("tercetak", bahasa)),
            Column("hitung", text("menurut_lain", bahasa)),
            Column("hasil", text("hasil", bahasa)),
        ],
        sumber=sumber,
        penanda=None,
        catatan=[text("catatan_terbitan", bahasa)],
        bahasa=bahasa,
    )


def guess_table(
    dugaan: pd.DataFrame,
    *,
    sumber: str,
    desimal: int = 2,
    nama: str = "dugaan_terbitan",
    bahasa: str = "id",
) -> PublishedTable:
    """Print which single number would explain each mismatch, and where its true value must lie.

    Parameters
    ----------
    dugaan : pandas.DataFrame
        ``Reconciliation.dugaan``.
    sumber, desimal, nama, bahasa
        As in :func:`finding_table`.
    """
    records = [{str(k): v for k, v in r.items()} for r in dugaan.to_dict("records")]
    return publish_table(
        dugaan.assign(
            kolom=["–" if pd.isna(r["kolom"]) else text(str(r["kolom"]), bahasa) for r in records],
            cetak=[number(r["tercetak"], desimal, bahasa) for r in records],
            rentang=["–".join(number(r[e], desimal + 1, bahasa) for e in EDGES) for r in records],
            seharusnya=[number(r["dugaan"], desimal, bahasa) for r in records],
            keterangan=[_remark(r, bahasa) for r in records],
        ),
        nama=nama,
        judul=text("judul_dugaan" if records else "judul_dugaan_kosong", bahasa),
        kolom=[
            Column("nama", text("baris_terbitan", bahasa)),
            Column("kolom", text("kolom", bahasa)),
            Column("cetak", text("tercetak", bahasa)),
            Column("rentang", text("nilai_di_antara", bahasa)),
            Column("seharusnya", text("dugaan", bahasa)),
            Column("n_pemeriksaan", text("terjelaskan", bahasa), "cacah"),
            Column("keterangan", text("keterangan", bahasa)),
        ],
        sumber=sumber,
        penanda=None,
        catatan=[text("catatan_dugaan", bahasa)],
        bahasa=bahasa,
    )


def _printed(row: dict[str, Any], desimal: int, bahasa: str) -> str:
    if row["pemeriksaan"] == "kategori":
        return str(row["kategori"])
    if row["pemeriksaan"] == "jumlah_pegawai":
        return count(row["tercetak"], bahasa)
    return number(row["tercetak"], desimal, bahasa)


def _computed(row: dict[str, Any], desimal: int, bahasa: str) -> str:
    if row["pemeriksaan"] == "kategori":
        return str(row["kategori_dihitung"] or MISSING)
    if row["pemeriksaan"] == "jumlah_pegawai":
        return count(row["dihitung"], bahasa)
    if row["pemeriksaan"] == "rentang":
        return "–".join(number(row[e], 0, bahasa) for e in EDGES)
    return number(row["dihitung"], desimal, bahasa)


def _remark(row: dict[str, Any], bahasa: str) -> str:
    if pd.isna(row["kolom"]):
        return text("dugaan_tiada", bahasa)
    said = [text("dugaan_tunggal" if row["tunggal"] else "dugaan_mungkin", bahasa)]
    if row["desimal_hilang"]:
        said.append(text("dugaan_desimal", bahasa))
    return "; ".join(said)
