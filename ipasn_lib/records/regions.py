"""The register of East Java's 38 kabupaten/kota: codes, names, facts and neighbours.

Codes are text, because they are names and not numbers: ``"3578"``. Seven names exist twice, once
as Kabupaten and once as Kota (Kediri, Blitar, Malang, Probolinggo, Pasuruan, Mojokerto, Madiun),
so nothing here is ever joined on a bare name, and `find_kabkota` refuses one that is ambiguous.
"""

from __future__ import annotations

import csv
import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ipasn_lib.errors import ParameterError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "PROVINCE",
    "find_kabkota",
    "kabkota_labels",
    "load_kabkota",
    "load_neighbours",
    "report_name",
]

REFERENCE = Path(__file__).parent / "reference"

PROVINCE: tuple[str, str] = ("35", "Provinsi Jawa Timur")
"""BPS code and full name of the province."""

COLUMNS = (
    "nama",
    "label",
    "jenis",
    "bakorwil",
    "penduduk",
    "luas_km2",
    "kode_bkn",
    "kode_kemendagri",
    "ibu_kota",
)

# How people write the kind of a place, after lower-casing and dropping dots.
KINDS = {"kabupaten": "kab", "kab": "kab", "kota": "kota", "pemkab": "kab", "pemkot": "kota"}
PREFIXES = ("pemerintah ",)


def load_kabkota() -> pd.DataFrame:
    """Return the register of the 38 kabupaten/kota.

    Returns
    -------
    pandas.DataFrame
        Index ``kode_kabkota`` (text, BPS code, "3501".."3529" kabupaten, "3571".."3579" kota, in
        that order). Columns: ``nama`` ("Banyuwangi", not unique), ``label`` ("Kab. Banyuwangi",
        unique), ``jenis`` ("Kabupaten"/"Kota"), ``bakorwil`` (one of today's five regional
        coordinating offices, "III Malang"), ``penduduk`` (persons, int), ``luas_km2`` (official
        land area, km2), ``kode_bkn`` (BKN's agency code, another numbering than BPS's),
        ``kode_kemendagri`` ("35.10"), ``ibu_kota`` (seat of government). A copy: changing it
        changes nothing else.

    Notes
    -----
    Population and area are those of the annex to Kepmendagri 300.2.2-2138 of 2025; they sum to
    41,919,906 people and 48,055.876 km2. Which Bakorwil a place belongs to is not equally sure
    everywhere: ``keyakinan_bakorwil`` in ``reference/kabkota.csv`` says low for Nganjuk and
    medium for the two Blitar.
    """
    import pandas as pd  # a second to load, which a look at names need not pay

    table = pd.DataFrame(_register()).set_index("kode_kabkota").loc[:, list(COLUMNS)]
    return table.astype({"penduduk": "int64", "luas_km2": "float64"})


def kabkota_labels() -> dict[str, str]:
    """Return the label of each place by its code ("3510": "Kab. Banyuwangi"), in their order."""
    return {row["kode_kabkota"]: row["label"] for row in _register()}


def load_neighbours(bridge: bool = True) -> pd.DataFrame:
    """Return the pairs of kabupaten/kota that share a land border.

    Parameters
    ----------
    bridge : bool, default True
        Whether the Suramadu bridge (3526 Bangkalan - 3578 Surabaya) counts as a border. Without
        it Madura (four units) is a component of its own beside Java (34 units).

    Returns
    -------
    pandas.DataFrame
        One row a pair, each pair once: ``kode_a`` < ``kode_b`` (text) and ``jenis`` ("darat" or
        "jembatan"). 70 rows with the bridge, 69 without.

    Notes
    -----
    With the bridge the mean number of neighbours is 3.68. Seven units have a single neighbour
    (3529 Sumenep and the enclave kota 3571-3576), Kab. Malang has nine: a local statistic of a
    unit with one neighbour is that neighbour's value.
    """
    import pandas as pd

    pairs = pd.DataFrame(_rows("ketetanggaan.csv"))[["kode_a", "kode_b", "jenis"]]
    return pairs if bridge else pairs[pairs["jenis"] == "darat"].reset_index(drop=True)


def find_kabkota(text: str | int) -> str:
    """Return the BPS code of the one kabupaten/kota that a text names.

    Parameters
    ----------
    text : str or int
        A BPS code ("3578"), a Kemendagri code ("35.78"), a label ("Kota Surabaya",
        "Kab. Malang"), a full name ("Kabupaten Malang") or a bare name that exists once
        ("Banyuwangi"). Case, dots, extra spaces and a leading "Pemerintah" don't matter. BKN's
        agency codes are not accepted here: they look like BPS codes and mean other places.
        A whole number is taken as a BPS code: papermill's command line makes one of "3578".

    Returns
    -------
    str
        The code, "3501".."3579".

    Raises
    ------
    ParameterError
        If the text names no place of East Java, or a name that both a Kabupaten and a Kota bear.
    """
    if isinstance(text, int) and not isinstance(text, bool):
        text = str(text)
    if not isinstance(text, str):
        raise ParameterError(
            f"a kabupaten/kota is named by text, such as '3578' or 'Kota Surabaya'; got a "
            f"{type(text).__name__}"
        )
    given = text.strip()
    found = _names().get(_plain(given), ())
    if len(found) == 1:
        return found[0]
    known = kabkota_labels()
    if found:
        choices = " or ".join(f"'{known[code]}' ({code})" for code in found)
        raise ParameterError(f"'{given}' is the name of a Kabupaten and of a Kota; write {choices}")
    labels = "; ".join(f"{code} {label}" for code, label in known.items())
    raise ParameterError(f"'{given}' is not a kabupaten/kota of {PROVINCE[1]}; known are: {labels}")


def report_name(kode: str, label: str) -> str:
    """Name a report's folder: code and name in small letters, "3510-kab-banyuwangi"."""
    return f"{kode}-{re.sub('[^a-z0-9]+', '-', label.lower()).strip('-')}"


@functools.cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _register() -> tuple[dict[str, str], ...]:
    return _rows("kabkota.csv")


@functools.cache
def _names() -> dict[str, tuple[str, ...]]:
    """Every accepted spelling, made plain, with the codes it may mean."""
    names: dict[str, tuple[str, ...]] = {}
    for row in _register():
        kode = row["kode_kabkota"]
        spellings = {kode, row["kode_kemendagri"], row["label"], row["nama_lengkap"], row["nama"]}
        for spelling in {_plain(s) for s in spellings}:
            names[spelling] = (*names.get(spelling, ()), kode)
    return names


def _plain(text: str) -> str:
    """Lower case, no "pemerintah", one spelling of the kind; codes keep their digits only."""
    words = text.strip().casefold()
    for prefix in PREFIXES:
        words = words.removeprefix(prefix)
    if words.replace(".", "").isdigit():
        # "3578" and "35.78" are codes; "3.578" or "357.8" is a damaged number, not a code
        return words.replace(".", "") if words.isdigit() or words[2:3] == "." else words
    parts = words.replace(".", " ").split()
    if len(parts) > 1 and parts[0] in KINDS:
        parts[0] = KINDS[parts[0]]
    return " ".join(parts)
