"""Objects show themselves in JupyterLab; tables sort and search; the start page leads on."""

from __future__ import annotations

import dataclasses
import html
import importlib
import json
import pkgutil
import re
import subprocess
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from browser import CHROMIUM, opened
from nbclient import NotebookClient

import ipasn_lib as ipasn
from ipasn_lib import analysis
from ipasn_lib.analysis.bootstrap import bootstrap_means
from ipasn_lib.analysis.compare import Comparable
from ipasn_lib.analysis.exercise import WhatIf
from ipasn_lib.analysis.impact.checks import PreTrend, RandomisationTest
from ipasn_lib.analysis.impact.estimate import AdoptionEffect
from ipasn_lib.analysis.impact.study import Study
from ipasn_lib.analysis.merit.curve import ConcentrationCurve
from ipasn_lib.analysis.peers.expected import ExpectedIndex
from ipasn_lib.analysis.peers.groups import PlaceGroups
from ipasn_lib.analysis.plan.result import Plan
from ipasn_lib.cards import card
from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.browse import browse
from ipasn_lib.figures.tables import Column, publish_table
from ipasn_lib.suite_jobs import place_jobs, province_jobs

ROOT = Path(__file__).resolve().parents[1]
START = ROOT / "notebooks" / "mulai.ipynb"


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_a_card_escapes_every_word_and_says_what_is_make_believe():
    evil = "<script>x</script>"
    shown = card(evil, {evil: evil}, catatan=evil, sintetis=True)
    assert "<script>" not in shown
    assert shown.count("&lt;script&gt;") == 4
    assert "DATA SINTETIS" in shown
    assert "DATA SINTETIS" not in card("a", {"b": 1})


def test_an_instrument_shows_its_weights_and_readings():
    shown = words(ipasn.load_instrument(2022)._repr_html_())
    # PermenPANRB 38/2018: 25, 40, 30 and 5 points
    assert "Kualifikasi 25, Kompetensi 40, Kinerja 30, Disiplin 5" in shown
    assert "batas_kategori = tepi_bawah" in shown
    other = ipasn.load_instrument(2022, readings={"batas_kategori": "tepi_atas"})
    assert "batas_kategori = tepi_atas" in words(other._repr_html_())


def test_prepared_tables_say_what_is_there_and_that_it_is_make_believe():
    siap = ipasn.open_prepared(None, 2022)
    shown = words(siap._repr_html_())
    assert "DATA SINTETIS" in shown
    assert "38, di antaranya disembunyikan 0" in shown
    real = dataclasses.replace(siap, sintetis=False)
    assert "DATA SINTETIS" not in words(real._repr_html_())


def test_replicates_and_a_what_if_name_themselves():
    siap = ipasn.open_prepared(None, 2022)
    people = siap.people(siap.id_instrumen[0]).groupby("kode_kabkota").head(40)
    shown = words(bootstrap_means(people, seed=7, draws=100, minimum=10)._repr_html_())
    assert "Ulangan 100" in shown
    assert "Benih 7" in shown
    answer = WhatIf(80.505, "Sedang", 3, 38, {"kinerja": 30.0}, resmi=False)
    assert "Andaian, bukan indeks resmi" in words(answer._repr_html_())
    assert "80,51" in words(answer._repr_html_())


WORKING = {"Equation", "Imputed", "Model", "PairCounts", "Panel", "Step"}
"""Dataclasses between a question and its answer; an analyst is given none of them."""


def test_every_result_of_the_analysis_has_a_card():
    found = {}
    for module in pkgutil.walk_packages(analysis.__path__, "ipasn_lib.analysis."):
        for name, thing in vars(importlib.import_module(module.name)).items():
            own = getattr(thing, "__module__", "").startswith("ipasn_lib.analysis")
            if own and dataclasses.is_dataclass(thing) and not name.startswith("_"):
                found[name] = hasattr(thing, "_repr_html_")
    assert {name for name, shown in found.items() if not shown} == WORKING
    assert {"Study", "AdoptionEffect", "Moran", "Plan"} <= set(found)


def test_an_effect_and_a_study_say_what_may_be_read_and_from_where():
    nothing = pd.DataFrame()
    effect = AdoptionEffect(
        *(1.686, 0.21, 1.257, 2.125, 0.95), nothing, nothing, nothing,
        16, 21, 0, "indeks", "sintetis, benih 3", "instrumen-rekaan",
    )  # fmt: skip
    shown = words(effect._repr_html_())
    assert "Pengaruh rata-rata 1,69" in shown
    assert "Selang 95% 1,26 sampai 2,13" in shown
    assert "16, 21 daerah" in shown
    assert "DATA SINTETIS" in shown
    real = dataclasses.replace(effect, sumber_data="SIASN 2024-12-31")
    assert "DATA SINTETIS" not in words(real._repr_html_())
    assert "Sumber data SIASN 2024-12-31" in words(real._repr_html_())
    lot = RandomisationTest(0.0016, 7.9, np.zeros(3), "t", 499, 2, 11)
    study = words(Study(effect, acak=lot)._repr_html_())
    assert "undian tahun" in study
    assert "jalur sebelum penerapan" not in study
    assert "tidak ada pembanding" in words(Study(None)._repr_html_())
    assert "499, tak terhitung 2, benih 11" in words(lot._repr_html_())
    assert "0,002" in words(lot._repr_html_())
    trend = words(PreTrend(pd.DataFrame({"beda": [0.1, 0.2]}), 2.755, 0.077, (2, 60))._repr_html_())
    assert "2,76 (derajat 2 dan 60)" in trend


def test_groups_expectations_and_a_curve_say_how_far_to_trust_them():
    chosen = pd.DataFrame(
        {"siluet": [0.2, 0.31], "stabilitas": [0.9, 0.4], "terkecil": [4, 2],
         "terpilih": [False, True]},
        index=[2, 3],
    )  # fmt: skip
    groups = PlaceGroups(
        pd.Series([1, 2, 3]), pd.Series([0.1] * 3), chosen, pd.DataFrame({"n_tempat": [1, 1, 1]}),
        False, ("3579",), "ward", 100, 7,
    )  # fmt: skip
    shown = words(groups._repr_html_())
    assert "Siluet 0,31" in shown
    assert "nearest_places" in shown
    assert "nearest_places" not in words(dataclasses.replace(groups, stabil=True)._repr_html_())
    table = pd.DataFrame({"di_luar": pd.array([True, False, pd.NA], dtype="boolean")})
    shown = words(ExpectedIndex(table, -0.02, 4.2, 0.9, ("penduduk",), ())._repr_html_())
    assert "Q² −0,02" in shown
    assert "1 daerah" in shown
    curve = ConcentrationCurve(pd.DataFrame(), 0.0164, 0.038, 1181, True, "sintetis, benih 1")
    shown = words(curve._repr_html_())
    assert "0,016" in shown
    assert "1.181" in shown
    assert "DATA SINTETIS" in shown
    mean = pd.DataFrame({"indeks": [63.316], "sumber_data": ["sintetis, benih 1"]})
    shown = words(Comparable(pd.DataFrame(index=range(5)), mean)._repr_html_())
    assert "63,32" in shown
    assert "tidak ada" in words(Comparable(pd.DataFrame(), None)._repr_html_())


def test_a_plan_shows_no_person_and_no_small_count():
    head = pd.Series(
        {
            "tujuan": "anggaran",
            "anggaran": 5_000_000,
            "bulan": 12,
            "indeks_awal": 60.0,
            "indeks_akhir": 61.25,
            "biaya": 4_500_000,
        },
        dtype="object",
    )
    steps = pd.DataFrame({"label": ["Seminar", "Pendidikan S2"], "n_orang": [3, 0]})
    people = pd.DataFrame({"id_pegawai": ["orang-satu"], "langkah": ["seminar"], "poin": [10.0]})
    plan = Plan(head, steps, pd.DataFrame({"seminar": [3]}), people)
    shown = words(plan._repr_html_())
    assert "61,25" in shown
    assert "4.500.000" in shown
    assert "Pendidikan S2" not in shown
    assert "orang-satu" not in shown + repr(plan)


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unit_kerja": ["A", "<b>B</b>", "C"],
            "n_terukur": pd.array([1200, None, 30], dtype="Int64"),
            "indeks": [9.5, float("nan"), 70.125],
            "sumber_data": "sintetis, benih 1",
        }
    ).set_index("unit_kerja")


def test_a_browsed_table_sorts_by_value_and_prints_as_reports_do():
    shown = browse(frame(), judul="Unit")
    assert list(shown.frame["unit_kerja"]) == ["A", "<b>B</b>", "C"]
    assert [c.split("|")[1] for c in shown.frame["indeks"]] == ["9,50", "–", "70,13"]
    keys = [float(c.split("|")[0]) for c in shown.frame["indeks"]]
    assert keys[1] < keys[0] < keys[2]
    assert [c.split("|")[1] for c in shown.frame["n_terukur"]] == ["1.200", "–", "30"]
    assert "DATA SINTETIS" in shown.html
    assert "<b>B</b>" not in shown.html


def test_a_browsed_published_table_hides_what_is_hidden():
    table = publish_table(
        frame().reset_index(),
        nama="unit",
        judul="Unit kerja",
        kolom=[
            Column("unit_kerja", "Unit kerja", "teks"),
            Column("n_terukur", "Terukur", "cacah"),
            Column("indeks", "Indeks", "poin", 2),
        ],
        minimum=10,
    )
    shown = browse(table)
    assert list(shown.frame.columns) == ["Unit kerja", "Terukur", "Indeks"]
    assert shown.frame["Indeks"][1].split("|")[1] in ("*)", "–")
    assert shown.judul == "Unit kerja"
    assert "DATA SINTETIS" in shown.html


@pytest.mark.parametrize(("table", "bahasa"), [(frame(), "jv"), ([1, 2], "id")])
def test_what_cannot_be_browsed_is_refused(table, bahasa):
    with pytest.raises(ParameterError):
        browse(table, bahasa=bahasa)


@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_a_browsed_table_works_in_a_browser_without_a_network(tmp_path):
    long = pd.concat([frame()] * 5)
    page = tmp_path / "tabel.html"
    page.write_text("<!doctype html><meta charset='utf-8'>" + browse(long).html, "utf-8")
    # every name resolves to nothing: what the page needs, it has
    seen = words(
        opened(page, ["--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=3000"])
    )
    assert "Cari:" in seen
    assert "1–10 dari 15 baris" in seen
    assert "70,13" in seen
    assert "init_notebook_mode" not in seen


def test_the_start_page_runs_and_shows_what_is_there():
    nb = nbformat.read(START, 4)
    NotebookClient(nb, timeout=120, resources={"metadata": {"path": str(START.parent)}}).execute()
    shown = [
        words(str(o.data["text/html"]))
        for c in nb.cells
        for o in c.get("outputs", ())
        if "data" in o and "text/html" in o.data
    ]
    assert any("Tabel siap pakai, 2022" in page for page in shown)
    assert any("Kab. Banyuwangi" in page for page in shown)
    assert any("PermenPANRB 38/2018" in page for page in shown)


def test_the_start_page_leads_to_every_notebook_and_nowhere_else():
    cells = json.loads(START.read_text("utf-8"))["cells"]
    text = "".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    linked = re.findall(r"\]\(([^)]+)\)", text)
    for target in linked:
        assert (START.parent / target).is_file(), target
    others = {p.name for p in START.parent.glob("*.ipynb")} - {START.name}
    assert {t for t in linked if t.endswith(".ipynb")} == others


def test_make_lab_opens_the_start_page():
    made = subprocess.run(
        ["make", "-n", "lab"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "--LabApp.default_url=/lab/tree/notebooks/mulai.ipynb" in made


def test_the_start_page_is_no_report(tmp_path):
    siap = ipasn.open_prepared(None, 2022)
    asked = {"tahun": 2022, "target": 81.0, "bahasa": "id"}
    jobs = province_jobs(siap, tmp_path, asked, whole=True)
    jobs += place_jobs(siap, tmp_path, ["3510"], asked)
    assert START.name not in {job.notebook.name for job in jobs}
