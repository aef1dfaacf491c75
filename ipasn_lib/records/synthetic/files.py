"""Write make-believe people as files: one canonical file a place, and examples of real shapes."""

from __future__ import annotations

import csv
import datetime as dt
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter

from ipasn_lib.errors import ParameterError
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.records.regions import load_kabkota
from ipasn_lib.records.synthetic.calibration import load_calibration
from ipasn_lib.records.synthetic.nips import made_up_nips
from ipasn_lib.records.synthetic.people import people_of
from ipasn_lib.records.synthetic.table import headcount, synthesize

__all__ = ["FORMATS", "MARK", "atomic", "empty_folder", "save_csv", "save_xlsx", "write_synthetic"]

FORMATS = ("parquet", "xlsx", "csv")

MARK = "DATA SINTETIS"
WARNING = f"{MARK}: orang-orang dalam berkas ini tidak ada. Bukan data daerah mana pun."

# A fixed date of creation, so that the same people give the same bytes.
CREATED = dt.datetime(2020, 1, 1)

README = """{mark}

Folder ini berisi pegawai yang dikarang oleh komputer. Tidak seorang pun di dalamnya ada, dan
tidak satu angka pun berasal dari kabupaten/kota yang namanya dipakai. Jangan mengutipnya sebagai
keadaan daerah.

Dibuat dengan benih {seed}, skala {scale:g}, tahun pengukuran {tahun}, instrumen {instrumen}.
Permintaan yang sama menghasilkan berkas yang sama. Untuk ke-38 kabupaten/kota dengan instrumen
tahun itu:

    ipasn synthesize --seed {seed} --scale {scale:g} --tahun {tahun} --format {fmt} --out FOLDER

Isi: satu berkas setiap kabupaten/kota, {jumlah} pegawai seluruhnya. Pangsa pendidikan, jabatan,
golongan, jenis kelamin, usia, PNS dan PPPK mengikuti angka nasional terbitan; selebihnya asumsi
yang diberi tanda dan alasannya di ipasn_lib/records/synthetic/kalibrasi.toml. Perbedaan antardaerah
dan antarunit diacak menurut benih dan tidak meniru daerah mana pun.

{nip}
"""
NIP_NOTE = (
    "NIP dalam berkas ini sengaja mustahil: tanggal lahirnya 32 sampai 69. Nama orang diganti\n"
    f'"{MARK}" dan nomor urut.'
)
ID_NOTE = "Berkas ini tidak memuat NIP atau nama; id_pegawai adalah kode acak."


def write_synthetic(
    out: Path,
    seed: int,
    scale: float,
    tahun: int,
    instrument: Instrument,
    fmt: str = "parquet",
    kabkota: Sequence[str] | None = None,
) -> list[Path]:
    """Write make-believe people, one canonical file a place, as an agency would hand them in.

    Parameters
    ----------
    out : pathlib.Path
        Folder to write; made if needed, refused if it holds anything.
    seed, scale, tahun, instrument, kabkota
        As in :func:`synthesize`.
    fmt : {"parquet", "xlsx", "csv"}
        parquet holds ``id_pegawai`` and no NIP. xlsx (a title row, header in row 2) and csv
        (``;``, decimal comma) hold ``nip``, an impossible one, and ``nama``.

    Returns
    -------
    list of pathlib.Path
        The files, ``3510-kab-banyuwangi.parquet`` and so on, by code. A ``README.txt`` in the
        folder says what they are. Each file appears whole or not at all.

    Raises
    ------
    ParameterError
        For an unknown format, a folder that isn't empty, or as :func:`synthesize` does.
    """
    if fmt not in FORMATS:
        raise ParameterError(f"fmt is {fmt!r}; known: {', '.join(FORMATS)}")
    # asked for once as a whole, so that a wrong argument fails before anything is written
    people = synthesize(seed, scale=scale, tahun=tahun, instrument=instrument, kabkota=kabkota)
    folder = empty_folder(out)
    labels = load_kabkota()["label"]
    written = []
    for kode, table in people.groupby("kode_kabkota", sort=True):
        name = str(labels[kode]).lower().replace(".", "").replace(" ", "-")
        path = folder / f"{kode}-{name}.{fmt}"
        if fmt == "parquet":
            atomic(path, lambda to, t=table: t.reset_index().to_parquet(to, compression="zstd"))  # type: ignore[misc]
        else:
            _write_sheet(path, _with_nip(table, seed, scale, str(kode), tahun))
        written.append(path)
    text = README.format(
        mark=MARK,
        seed=seed,
        scale=scale,
        tahun=tahun,
        instrumen=instrument.id,
        fmt=fmt,
        jumlah=f"{len(people):,}".replace(",", "."),
        nip=ID_NOTE if fmt == "parquet" else NIP_NOTE,
    )
    atomic(folder / "README.txt", lambda to: to.write_text(text, encoding="utf-8"))
    return written


def _with_nip(table: pd.DataFrame, seed: int, scale: float, kode: str, tahun: int) -> pd.DataFrame:
    """Put an impossible NIP and a name that is none in place of the id."""
    calibration = load_calibration()
    people = people_of(seed, kode, tahun, headcount(calibration, kode, scale), calibration)
    out = table.reset_index(drop=True)
    out.insert(0, "nip", made_up_nips(people))
    out.insert(1, "nama", [f"{MARK} {number + 1:06d}" for number in people.slot])
    return out


def _write_sheet(path: Path, table: pd.DataFrame) -> None:
    plain = table.copy()
    for name in plain:
        if isinstance(plain[name].dtype, pd.BooleanDtype):
            plain[name] = np.where(plain[name].to_numpy(dtype=bool), "ya", "tidak")
    header = [str(name) for name in plain.columns]
    columns = [plain[name].astype(object).where(plain[name].notna(), None) for name in plain]
    rows = zip(*columns, strict=True)
    if path.suffix == ".xlsx":
        save_xlsx(path, [[WARNING]], header, rows)
    else:
        save_csv(path, header, rows)


def save_xlsx(
    path: Path,
    titles: Sequence[Sequence[str]],
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> None:
    """Write a workbook of one sheet, texts as texts; the same content gives the same bytes."""

    def write(to: Path) -> None:
        options = {
            "constant_memory": True,
            "strings_to_numbers": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        with xlsxwriter.Workbook(to, options) as book:
            book.set_properties({"title": WARNING, "created": CREATED})
            sheet = book.add_worksheet("Data")
            for number, row in enumerate([*titles, header, *rows]):
                sheet.write_row(number, 0, row)

    atomic(path, write)


def save_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a csv as Indonesian spreadsheets do: semicolons and decimal commas."""

    def cell(value: object) -> object:
        return f"{value:.10g}".replace(".", ",") if isinstance(value, float) else value

    def write(to: Path) -> None:
        with to.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
            writer.writerow(header)
            writer.writerows([cell(value) for value in row] for row in rows)

    atomic(path, write)


def atomic(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file beside ``path`` and move it there whole, or leave nothing."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".tulis-", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def empty_folder(out: Path) -> Path:
    """Make a folder, or take it if it is empty: old files beside new ones would be read too."""
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ParameterError(f"{folder} isn't empty; name a new folder or empty it")
    return folder
