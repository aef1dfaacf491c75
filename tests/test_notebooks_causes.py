"""Notebooks 04 and 05 where there is nothing to show: one sentence, no empty frame, no number."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from conftest import CLEAN, people

from ipasn_lib.pipeline import prepare
from ipasn_lib.reports.batch import Job, run_batch

ROOT = Path(__file__).resolve().parents[1]
CAUSES = ROOT / "notebooks" / "04_penyebab_perubahan.ipynb"
PLAN = ROOT / "notebooks" / "05_rencana_perbaikan.ipynb"
REMARK = "Tidak dihitung; alasannya di atas."


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """All runs in one batch: name to the notebook as executed."""
    root = tmp_path_factory.mktemp("buku")
    data = root / "masukan"
    data.mkdir()
    for kode, count in (("3510", 9), ("3503", 40), ("3504", 60), ("3505", 80)):
        table = people(*[{}] * count, base={**CLEAN, "kode_kabkota": kode})
        if kode == "3510":
            # 15 + 22.5 + 25 + 5 = 67.5 for each of the nine
            table["kelompok_jabatan"] = "pelaksana"
            table["jp_diklat_teknis"] = 20.0
        table.index = pd.Index([f"{kode}{i:028x}" for i in range(count)], name="id_pegawai")
        table.reset_index().to_parquet(data / f"{kode}.parquet")
    folder = prepare(data, 2022, root / "siap" / "2022").folder
    small = {"kode_kabkota": "3510", "data": str(folder)}
    costs = root / "biaya.csv"
    costs.write_text("langkah;biaya;dasar\nseminar;123456;DPA uji\n", encoding="utf-8")
    runs = {
        "tanpa-tahun": (CAUSES, {"tahun_awal": 2019, "banding": "3515"}),
        "instrumen-lain": (CAUSES, {"tahun": 2024, "tahun_awal": 2022}),
        "kecil-04": (CAUSES, small),
        "kecil-05": (PLAN, small),
        "skor-diberikan": (PLAN, {"tahun": 2024}),
        "biaya-sendiri": (PLAN, {"langkah": str(costs)}),
    }
    jobs = [Job(n, path, words, root / n) for n, (path, words) in runs.items()]
    done = run_batch(jobs, root=root, journal=root / "jurnal.jsonl", progress="diam")
    assert done.ok, [(r.nama, r.kesalahan) for r in done.of("gagal")]
    return {n: nbformat.read(root / n / "laporan.ipynb", 4) for n in runs}


def shown(notebook):
    """What the cells show in words, without drawings (outlines are full of numbers)."""
    outputs = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
    data = [{k: v for k, v in o.get("data", {}).items() if "svg" not in k} for o in outputs]
    return json.dumps(data, ensure_ascii=False)


def test_a_missing_year_is_said_in_one_sentence_and_the_rest_is_made(made):
    said = shown(made["tanpa-tahun"])
    assert said.count("Tabel tahun 2019 tidak ada di samping tabel tahun 2022") == 2 * 2
    assert REMARK in said
    assert "pilih daerah lain" in said  # compared with itself
    assert "ragam indeks terletak antarunit" in said
    assert "menyumbang" not in said


def test_years_under_other_instruments_are_not_subtracted(made):
    said = shown(made["instrumen-lain"])
    assert "diukur dengan instrumen yang berbeda" in said
    assert "tidak sebanding: instrumen berganti" in said


@pytest.mark.parametrize("name", ["kecil-04", "kecil-05"])
def test_a_place_of_nine_people_shows_no_number(made, name):
    said = shown(made[name])
    assert "tidak ditampilkan" in said
    assert not re.search(r"(?<![\d.,])67[.,]50?(?!\d)", said)
    drawings = [
        o for c in made[name].cells for o in c.get("outputs", []) if "image/svg+xml" in
        o.get("data", {})
    ]  # fmt: skip
    assert not drawings


def test_given_scores_have_no_plan(made):
    said = shown(made["skor-diberikan"])
    assert "Rencana memerlukan catatan kepegawaian" in said
    assert "Rp" not in re.sub(r"catatan kepegawaian", "", said)


def test_own_costs_are_named_in_the_report(made):
    said = shown(made["biaya-sendiri"])
    assert "123.456" in said
    assert "DPA uji" in said
    assert "asumsi; ganti dengan angka sendiri" in said
