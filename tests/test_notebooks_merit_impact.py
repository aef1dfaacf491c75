"""Notebooks 07 and 08 on files of one's own: no person shown, no finding where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from ipasn_lib.records.synthetic import synthesize_panel
from ipasn_lib.reports.batch import Job, run_batch
from ipasn_lib.reports.collect import collect_tables
from ipasn_lib.reports.export import export_html

ROOT = Path(__file__).resolve().parents[1]
MERIT = ROOT / "notebooks" / "07_merit_ekinerja.ipynb"
IMPACT = ROOT / "notebooks" / "08_dampak_inovasi.ipynb"

NIP_START = "19800101" + "200501"
UNITS = {"Dinas Aman": 60, "Dinas Besar": 50, "Dinas Mungil": 9}


def merit_people() -> pd.DataFrame:
    """119 people of one class; every other one Sangat Baik and paid more than those rated Baik."""
    units = [name for name, count in UNITS.items() for _ in range(count)]
    good = [n % 2 == 0 for n in range(len(units))]
    return pd.DataFrame(
        {
            "nip": [f"{NIP_START}1{n:03d}" for n in range(len(units))],
            "periode": "2025-12",
            "unit_kerja": units,
            "kelas_jabatan": 7,
            "predikat": ["Sangat Baik" if g else "Baik" for g in good],
            "nilai": [98 if g else 86 for g in good],
            "tunjangan": [4_123_457 if g else 3_987_651 for g in good],
        }
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """All runs in one batch: the result, and name to the notebook as executed."""
    root = tmp_path_factory.mktemp("buku")
    people = merit_people()
    people.to_csv(root / "kinerja.csv", index=False)
    people.drop(columns="predikat").to_csv(root / "nilai.csv", index=False)
    people.tail(9).to_csv(root / "sembilan.csv", index=False)
    panel, dates = synthesize_panel(11, effect=5.0)
    panel[["kode_kabkota", "tahun", "indeks"]].to_csv(root / "panel.csv", index=False)
    only = dates.where(dates.index == dates.index[dates == 2020][0])
    only.to_csv(root / "adopsi.csv")
    own = {"panel": str(root / "panel.csv"), "adopsi": str(root / "adopsi.csv"), "permutasi": 99}
    panel.loc[panel["tahun"] == 2021, ["kode_kabkota", "tahun", "indeks"]].to_csv(
        root / "setahun.csv", index=False
    )
    dates.to_csv(root / "semua.csv")
    # only the two places of 2022 have a year before, and that one is their level
    two = panel["tahun"].isin([2021, 2022])
    panel.loc[two, ["kode_kabkota", "tahun", "indeks"]].to_csv(root / "pendek.csv", index=False)
    runs = {
        "kinerja": (MERIT, {"berkas": str(root / "kinerja.csv"), "aturan": ""}),
        "nilai": (MERIT, {"berkas": str(root / "nilai.csv"), "aturan": ""}),
        "sembilan": (MERIT, {"berkas": str(root / "sembilan.csv"), "aturan": ""}),
        "tahun-lain": (MERIT, {"tahun": 2019}),
        "english": (IMPACT, {"bahasa": "en", "permutasi": 99}),
        "satu": (IMPACT, own),
        "pendek": (
            IMPACT,
            {**own, "panel": str(root / "pendek.csv"), "adopsi": str(root / "semua.csv")},
        ),
        "setahun": (
            IMPACT,
            {**own, "panel": str(root / "setahun.csv"), "adopsi": str(root / "semua.csv")},
        ),
        "separuh": (IMPACT, {"panel": own["panel"]}),
    }
    jobs = [Job(n, path, words, root / n) for n, (path, words) in runs.items()]
    done = run_batch(jobs, root=root, journal=root / "jurnal.jsonl", progress="diam")
    folders = {n: root / n / "laporan.ipynb" for n in runs}
    return done, {n: nbformat.read(p, 4) for n, p in folders.items() if p.exists()}


def everything(notebook) -> str:
    """All that the cells give out, drawings included."""
    outputs = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
    return json.dumps(outputs, ensure_ascii=False)


def test_only_the_runs_that_cannot_be_right_fail_and_say_why(made):
    done, _ = made
    failed = {r.nama: str(r.kesalahan) for r in done.of("gagal")}
    assert set(failed) == {"tahun-lain", "separuh"}
    assert "no row of year 2019; the table has 2025" in failed["tahun-lain"]
    assert "both panel and adopsi" in failed["separuh"]


@pytest.mark.parametrize("name", ["kinerja", "nilai"])
def test_no_person_no_rupiah_and_no_unit_of_nine(made, name):
    said = everything(made[1][name])
    for secret in (NIP_START, "4123457", "4.123.457", "3987651", "3.987.651"):
        assert secret not in said
    assert "DATA SINTETIS" not in said
    assert "parameter aturan dikosongkan" in said
    tables = collect_tables(made[1][name])
    small = [row for t in tables for row in t["baris"] if row[0] == "Dinas Mungil"]
    assert len(small) == (2 if name == "kinerja" else 0)  # unit tables need predicates
    assert all(cell == {"tersembunyi": True} for row in small for cell in row[1:])


def test_nine_people_get_a_sentence_and_no_figure(made):
    notebook = made[1]["sembilan"]
    assert "kurang dari 10 pegawai" in everything(notebook)
    cells = [c for t in collect_tables(notebook) for row in t["baris"] for c in row[1:]]
    assert cells
    assert all(cell == {"tersembunyi": True} for cell in cells)


def test_pay_that_always_follows_performance_is_said_to_do_so(made):
    # all Sangat Baik are paid more than all Baik: every untied pair is concordant, D = 1
    said = everything(made[1]["kinerja"])
    assert "100 poin persen lebih sering" in said
    assert "Semua kelas +1,00" in said


def test_values_alone_have_no_predicates_to_look_at(made):
    said = everything(made[1]["nilai"])
    assert "tidak memuat predikat" in said
    assert "Wilson" not in said


def test_one_adopter_has_no_range_and_no_planted_effect(made):
    said = everything(made[1]["satu"])
    assert "poin di satu daerah" in said
    assert "Hanya satu daerah yang menerapkan" in said
    assert "ditanamkan" not in said
    assert "panel.csv" in said


def test_a_panel_of_two_years_is_estimated_and_says_that_nothing_was_tested_before(made):
    said = everything(made[1]["pendek"])
    assert "Rata-rata" in said
    assert "belum atau tidak dapat diuji" in said
    assert "belum dilakukan atau tidak dapat dihitung" in said


def test_a_panel_of_one_year_says_what_cannot_be_concluded_and_draws_nothing_of_it(made):
    notebook = made[1]["setahun"]
    said = everything(notebook)
    assert "Tidak ditaksir" in said
    assert "tidak boleh dibaca sebagai akibatnya" in said
    assert collect_tables(notebook) == []
    outputs = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
    drawn = [o["metadata"].get("image/svg+xml", {}).get("nama") for o in outputs]
    assert [name for name in drawn if name] == ["wgi_jalur", "wgi_rentang"]


def test_the_mark_does_not_cover_published_figures(made):
    whole = "Every figure was made by a computer"
    english = export_html(made[1]["english"], judul="uji", bahasa="en")
    assert whole not in english
    assert "Figures and tables with this mark" in english
    assert "Worldwide Governance Indicators" in english
    real = export_html(made[1]["satu"], judul="uji")
    assert "DATA SINTETIS" not in real


def test_english_tells_the_planted_effect(made):
    said = everything(made[1]["english"])
    assert "Effect planted in this make-believe panel: +2.00" in said
    assert "99 draws by lot" in said
