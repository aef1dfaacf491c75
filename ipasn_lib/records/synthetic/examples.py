"""Small example files in the shapes that agencies really hold, for trying out the reader."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ipasn_lib.law.instrument import DIMENSI
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.synthetic.calibration import load_calibration
from ipasn_lib.records.synthetic.files import MARK, atomic, empty_folder, save_csv, save_xlsx
from ipasn_lib.records.synthetic.nips import made_up_nips
from ipasn_lib.records.synthetic.people import people_of
from ipasn_lib.records.synthetic.table import headcount, label_of, synthesize

__all__ = ["write_examples"]

YEAR = 2024
SCALE = 0.02
SEED = 1

PIP_PLACE, BKD_PLACE = "3510", "3522"

PIP_HEADER = (
    *("Nama", "Nama Jabatan", "Satuan Kerja"),
    *("Kualifikasi", "Kompetensi", "Kinerja", "Disiplin", "Total", "Sumber Data"),
)
BKD_HEADER = (
    *("nip", "nama", "unor", "kualifikasi", "kompetensi", "kinerja", "disiplin", "total"),
    *("tahun", "updated", "keterangan_kualifikasi", "keterangan_kompetensi"),
    *("keterangan_kinerja", "keterangan_disiplin", "sumber_data"),
)
JABATAN = {
    "struktural": "Kepala Seksi",
    "fungsional": "Pejabat Fungsional",
    "pelaksana": "Pengadministrasi Umum",
}

README = """{mark}

Dua berkas contoh dalam bentuk yang dikenal ipasn, berisi orang yang tidak ada (benih {seed}):

{pip}
    Bentuk buku kerja "PIP ASN" BKN: baris judul di atas, kepala kolom di baris ke-7, tanpa NIP.
{bkd}
    Bentuk csv IP ASN BKD Jatim: pemisah titik koma, desimal koma, NIP berawalan apostrof.

Kolom terakhir, sumber data, ditambahkan agar hasil bacaannya tetap bertanda sintetis.

Keduanya sengaja tidak bersih, seperti berkas sungguhan: beberapa pegawai tanpa skor, spasi
berlebih, dan satu baris yang harus ditolak (skor melebihi maksimum). Coba:

    ipasn check FOLDER --tahun {tahun}

Nama daerah hanya menunjukkan di mana nama itu tertulis; angkanya tidak berasal dari sana.
"""


def write_examples(out: Path) -> list[Path]:
    """Write one PIP ASN workbook and one BKD Jatim csv of make-believe people.

    Parameters
    ----------
    out : pathlib.Path
        Folder to write; made if needed, refused if it holds anything.

    Returns
    -------
    list of pathlib.Path
        ``3510-contoh-pip-asn.xlsx`` and ``3522-contoh-bkd-jatim.csv``, about 320 people each,
        measurement year 2024, with a few blanks, stray spaces and one score above the maximum
        in each, so that a reader has something to report. ``README.txt`` says so. The files
        are the same each time.
    """
    folder = empty_folder(out)
    pip = folder / f"{PIP_PLACE}-contoh-pip-asn.xlsx"
    bkd = folder / f"{BKD_PLACE}-contoh-bkd-jatim.csv"
    _write_pip(pip)
    _write_bkd(bkd)
    text = README.format(mark=MARK, seed=SEED, pip=pip.name, bkd=bkd.name, tahun=YEAR)
    atomic(folder / "README.txt", lambda to: to.write_text(text, encoding="utf-8"))
    return [pip, bkd]


def _people(kode: str) -> pd.DataFrame:
    table = synthesize(
        SEED, scale=SCALE, tahun=YEAR, instrument=load_instrument(YEAR), kabkota=[kode]
    )
    scores = table[list(DIMENSI)].copy()
    scores.iloc[20::60] = np.nan  # whatever the seed, a few people have no scores
    table[list(DIMENSI)] = scores
    spoilt = table.assign(total=scores.sum(axis=1, skipna=False))
    # one score above the maximum of its dimension: the row that a reader must refuse
    first = spoilt.index[spoilt["total"].notna()][4]
    spoilt.loc[first, "kualifikasi"] = 26.0
    return spoilt


def _write_pip(path: Path) -> None:
    table = _people(PIP_PLACE)
    titles = [
        [f"{MARK} - CONTOH BENTUK BERKAS"],
        ["REKAPITULASI PENGUKURAN INDEKS PROFESIONALITAS ASN"],
        ["Pemerintah Kabupaten Banyuwangi (nama contoh; orangnya tidak ada)"],
        [f"Tahun {YEAR}"],
        [f"Sumber: {label_of(SEED)}"],
        [],
    ]
    numbers = [table[name].astype(object).where(table[name].notna(), None) for name in DIMENSI]
    total = table["total"].astype(object).where(table["total"].notna(), None)
    rows = [
        # every ninth unit carries the spaces that copying brings along
        [
            f"{MARK} {i + 1:06d}",
            JABATAN[str(group)],
            f"{unit}  " if i % 9 == 0 else unit,
            *scores,
            label_of(SEED),
        ]
        for i, (group, unit, *scores) in enumerate(
            zip(table["kelompok_jabatan"], table["unit_kerja"], *numbers, total, strict=True)
        )
    ]
    save_xlsx(path, titles, PIP_HEADER, rows)


def _write_bkd(path: Path) -> None:
    table = _people(BKD_PLACE)
    calibration = load_calibration()
    size = headcount(calibration, BKD_PLACE, SCALE)
    nips = made_up_nips(people_of(SEED, BKD_PLACE, YEAR, size, calibration))
    scores = table[[*DIMENSI, "total"]].round(2)
    rows = [
        [
            *(f"'{nip}", f"{MARK} {i + 1:06d}", f" {unit}" if i % 9 == 0 else unit),
            *(None if pd.isna(value) else float(value) for value in values),
            *(YEAR, f"{YEAR + 1}-01-15", MARK, MARK, MARK, MARK, label_of(SEED)),
        ]
        for i, (nip, unit, values) in enumerate(
            zip(nips, table["unit_kerja"], scores.itertuples(index=False), strict=True)
        )
    ]
    save_csv(path, BKD_HEADER, rows)
