"""What only a batch of the whole province publishes: slides for the hall and open data."""

from __future__ import annotations

import csv
import json

import frictionless
import nbformat
import pytest

from ipasn_lib import suite, suite_jobs
from ipasn_lib.errors import ParameterError
from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.records.regions import load_kabkota
from ipasn_lib.reports.batch import run_batch
from ipasn_lib.reports.collect import collect_tables


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("provinsi")
    siap, shared = open_prepared(None, 2022), {"tahun": 2022, "target": 81.0, "bahasa": "id"}
    province, *_, workshop = suite_jobs.province_jobs(siap, root, shared, whole=True)
    jobs = [province, workshop]
    result = run_batch(jobs, root=root, journal=root / "jurnal.jsonl", workers=2, progress="diam")
    assert result.ok, [(r.nama, r.kesalahan) for r in result.of("gagal")]
    return root


def test_deck_is_published_and_linked(root):
    folder = root / suite_jobs.WORKSHOP[0]
    deck = (folder / "salindia.html").read_text(encoding="utf-8")
    assert deck.count("<section") >= 10
    assert 'href="salindia.html"' in (folder / "laporan.html").read_text(encoding="utf-8")
    # a slide says no more than the report
    assert deck.count("DATA SINTETIS") >= deck.count("<section")


def test_open_data_are_valid_and_hold_the_report_s_numbers(root):
    (folder,) = root.glob("35-*")
    assert 'href="datapackage.json"' in (folder / "laporan.html").read_text(encoding="utf-8")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["title", "message"])
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    names = [resource["name"] for resource in described["resources"]]
    assert names == [*suite_jobs.OPEN_TABLES, "kodebuku"]
    with (folder / "kabkota.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    labels = load_kabkota()["label"]
    assert {row["kode_kabkota"]: row["label"] for row in rows} == labels.to_dict()
    shown = nbformat.read(folder / "laporan.ipynb", 4)
    (table,) = [t for t in collect_tables(shown) if t["nama"] == "kabkota"]
    at = [column["nama"] for column in table["kolom"]].index("indeks")
    assert [float(row["indeks"]) for row in rows] == [row[at] for row in table["baris"]]


def test_names_of_files_of_the_user_are_not_open_data(root):
    (folder,) = root.glob("35-*")
    assert not list(folder.glob("berkas*.csv"))


def test_all_that_may_be_published_is_listed_once():
    pages = suite_jobs.pages()
    assert len(set(pages.values())) == len(pages)
    for file in ("09-lokakarya/salindia.html", "35-provinsi-jawa-timur/datapackage.json"):
        assert file in pages


def test_unknown_language_is_refused_before_anything_runs(tmp_path):
    with pytest.raises(ParameterError, match="jv"):
        suite.publish(open_prepared(None, 2022), tmp_path / "x", bahasa="jv")
    assert not (tmp_path / "x").exists()
