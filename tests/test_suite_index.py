"""The first page of a year among the pages of the years beside it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.reports.jobs import BatchResult
from ipasn_lib.reports.journal import Journal
from ipasn_lib.reports.seal import verify_set, write_seal
from ipasn_lib.suite_index import ATLAS, write_index

NOTHING_RUN = BatchResult((), 0.0, False, ())


def write(out: Path, tahun: int) -> Path:
    root = out / str(tahun)
    root.mkdir(parents=True, exist_ok=True)
    journal = Journal(root / "jurnal.jsonl")
    return write_index(open_prepared(None, tahun), root, NOTHING_RUN, journal, fresh=False)


def data(page: Path) -> dict[str, Any]:
    found = re.search(r'id="data">(.*?)</script>', page.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("halaman")
    for tahun in (2022, 2024, 2021):
        write(out, tahun)
    return out


@pytest.fixture
def made(first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first, tmp_path / "laporan"))


def test_each_year_shows_all_and_says_which_are_not_comparable(made: Path) -> None:
    shown = {y: data(made / y / "index.html")["tahun"] for y in ("2021", "2022", "2024")}
    alike = {own: [y for y, v in held.items() if v["sebanding"]] for own, held in shown.items()}
    assert alike == {"2021": ["2021", "2022"], "2022": ["2021", "2022"], "2024": ["2024"]}
    index = {
        own: {y: v["tempat"]["3510"]["nilai"]["indeks"] for y, v in held.items()}
        for own, held in shown.items()
    }
    assert index["2021"] == index["2022"] == index["2024"]


def test_the_page_prints_the_tables_own_numbers_and_ranks(made: Path) -> None:
    table = pd.read_parquet(open_prepared(None, 2022).folder / "tabel" / "kabkota.parquet")
    places = data(made / "2022" / "index.html")["tahun"]["2022"]["tempat"]
    order = table["kompetensi"].sort_values(ascending=False).index.tolist()
    values = {code: places[code]["nilai"]["kompetensi"] for code in order}
    assert [values[code][2] for code in order] == list(range(1, len(order) + 1))
    for code in order:
        assert abs(values[code][1] - table.loc[code, "kompetensi"]) <= 0.005 + 1e-9
        assert values[code][0] == f"{values[code][1]:.2f}".replace(".", ",")
    limits = data(made / "2022" / "index.html")["tahun"]["2022"]["maksimum"]
    assert limits == {  # PermenPANRB 38/2018, article 8
        "indeks": 100,
        "kualifikasi": 25,
        "kompetensi": 40,
        "kinerja": 30,
        "disiplin": 5,
    }


def test_a_second_run_writes_nothing(made: Path) -> None:
    def stamps() -> dict[str, int]:
        return {str(p): p.stat().st_mtime_ns for p in made.rglob("*.*")}

    for tahun in (2021, 2022, 2024):  # those published before the last learn of it once
        write(made, tahun)
    before = stamps()
    for tahun in (2021, 2022, 2024):
        write(made, tahun)
    assert stamps() == before


def test_what_a_year_withdraws_is_withdrawn_from_the_pages_beside(made: Path) -> None:
    kept = made / "2022" / ATLAS
    told = json.loads(kept.read_text(encoding="utf-8"))
    place = next(p for p in told["tempat"] if p["kode"] == "3510")
    place["nilai"]["indeks"][0] = "12,34"
    kept.write_text(json.dumps(told), encoding="utf-8")
    write(made, 2021)
    assert "12,34" in (made / "2021" / "index.html").read_text(encoding="utf-8")
    write(made, 2022)  # publishes what the tables say, and the page beside follows
    assert "12,34" not in (made / "2021" / "index.html").read_text(encoding="utf-8")


def test_the_set_of_a_year_is_sealed_anew_when_another_year_changes_its_page(made: Path) -> None:
    beside = made / "2021"
    write_seal(beside, {"tahun": 2021})
    assert verify_set(beside) == []
    kept = made / "2022" / ATLAS
    told = json.loads(kept.read_text(encoding="utf-8"))
    told["tempat"][0]["nilai"]["indeks"][0] = "12,34"
    kept.write_text(json.dumps(told), encoding="utf-8")
    write(made, 2021)
    write_seal(beside, {"tahun": 2021})
    before = (beside / "index.html").read_bytes()
    write(made, 2022)
    assert (beside / "index.html").read_bytes() != before
    assert verify_set(beside) == []
    assert json.loads((beside / "manifest.json").read_bytes())["isi"]["tahun"] == 2021


def test_a_year_that_cannot_be_read_or_is_real_is_left_out_and_named(made: Path) -> None:
    (made / "2024" / ATLAS).write_text("{", encoding="utf-8")
    real = json.loads((made / "2021" / ATLAS).read_text(encoding="utf-8")) | {"sintetis": False}
    (made / "2021" / ATLAS).write_text(json.dumps(real), encoding="utf-8")
    page = write(made, 2022)
    assert list(data(page)["tahun"]) == ["2022"]
    text = page.read_text(encoding="utf-8")
    assert "Tahun 2024 tidak ditampilkan" in text
    assert "Tahun 2021 tidak ditampilkan" in text
