"""What a publication makes again, and what it does not: content decides, and nothing else."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import platform
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from conftest import CLEAN, people

from ipasn_lib.analysis.compare import comparable_places, rank_places
from ipasn_lib.figures.tables import publish_table, summary_columns
from ipasn_lib.pipeline import prepare
from ipasn_lib.records.prepared import Prepared, open_prepared
from ipasn_lib.records.regions import load_kabkota
from ipasn_lib.reports.manifest import digest
from ipasn_lib.reports.seal import verify_set
from ipasn_lib.suite import publish
from ipasn_lib.wording import number

ROOT = Path(__file__).resolve().parents[1]
SMALL, LARGE = "3501", ("3502", "3503", "3504", "3505", "3506", "3507")
CHOSEN = [SMALL, "3502", "3503"]
HEAVY = ("pandas", "numpy", "matplotlib", "geopandas", "papermill", "nbconvert", "IPython")


def write(data: Path, kode: str, rows: list[dict]) -> None:
    table = people(*rows, base={**CLEAN, "kode_kabkota": kode})
    table.index = pd.Index([f"{kode}{i:028x}" for i in range(len(rows))], name="id_pegawai")
    table.reset_index().to_parquet(data / f"{kode}.parquet")


def province(data: Path, *, trained: int) -> None:
    """Six places of 600 at 45 points each; one of 40 at 55, some of whom are trained (+15)."""
    data.mkdir(exist_ok=True)
    for kode in LARGE:
        write(data, kode, [{}] * 600)
    rows = [{"seminar": True, "diklat_kepemimpinan": i < trained} for i in range(40)]
    write(data, SMALL, rows)


def statuses(siap: Prepared, out: Path) -> dict[str, str]:
    done = publish(siap, out, kabkota=CHOSEN, workers=2)
    assert not done.failed, done.summary()
    return {re.sub("-k[a-z]{2,3}-[a-z]*|-prov.*", "", r.nama): r.status for r in done.result.hasil}


def published(out: Path) -> dict[str, bytes]:
    return {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.stem in PUBLISHED}


PUBLISHED = ("laporan", "index")


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("terbit")
    province(folder / "data", trained=0)
    siap = prepare(folder / "data", 2022, folder / "siap")
    assert set(statuses(siap, folder / "laporan").values()) == {"selesai"}
    return folder


@pytest.fixture
def made(first, tmp_path) -> Iterator[Path]:
    """The publication as first made, in its own place: where the data lie is printed too."""
    shutil.copytree(first, tmp_path / "awal")
    yield first
    shutil.rmtree(first)
    shutil.move(tmp_path / "awal", first)


def test_one_changed_row_makes_that_place_and_the_province_again(made):
    folder, before = made, published(made / "laporan")
    # (3600 x 45 + 40 x 55) / 3640 = 45.1099 prints 45,11; 15 more for one person: 45.1140
    province(folder / "data", trained=1)
    siap = prepare(folder / "data", 2022, folder / "siap")
    assert statuses(siap, folder / "laporan") == {
        "35": "selesai",
        SMALL: "selesai",
        f"{SMALL}-rencana": "selesai",
        **dict.fromkeys(["3502", "3502-rencana", "3503", "3503-rencana"], "tidak berubah"),
    }
    after = published(folder / "laporan")
    assert {name for name in before if before[name] != after[name]} == {
        "2022/index.html",
        *(f"2022/{place}/laporan.{kind}" for place in ("3501-kab-pacitan", "35-provinsi-jawa-timur")
          for kind in ("html", "ipynb", "pdf", "xlsx")),
        # too few people to plan for, so no number of its tables changes
        *(f"2022/3501-kab-pacitan-rencana/laporan.{kind}" for kind in ("html", "ipynb", "pdf")),
    }  # fmt: skip
    publish(siap, folder / "baru", kabkota=CHOSEN, workers=2)
    assert published(folder / "baru") == after


def test_a_printed_digit_of_the_province_makes_all_reports_that_print_it_again(made):
    folder = made
    # two people more: 45.1181 prints 45,12 in every report
    province(folder / "data", trained=2)
    siap = prepare(folder / "data", 2022, folder / "siap")
    done = statuses(siap, folder / "laporan")
    # a plan does not show the province
    same = ["3502-rencana", "3503-rencana"]
    assert {name for name, status in done.items() if status == "tidak berubah"} == set(same)
    assert b"45,12" in published(folder / "laporan")["2022/3503-kab-trenggalek/laporan.html"]


def test_what_is_shown_of_others_is_rounded_and_no_more_than_is_printed(made):
    siap = open_prepared(made / "siap", 2022).place("3502")
    assert siap.table("provinsi")["indeks"].tolist() == [45.11]
    assert not {"n_pegawai", "n_terukur", "partisipasi"} & set(siap.table("provinsi"))
    position = siap.table("kedudukan")
    assert position["indeks"].dropna().to_dict() == {"3502": 45}
    assert position["n_terukur"].dropna().index.tolist() == ["3502"]
    # of the others only that they are not hidden: ten is the smallest count that is shown
    assert position["n_pegawai"].to_dict() == {SMALL: 10, **dict.fromkeys(LARGE, 10), "3502": 600}
    own = siap.table("tempat")
    assert own[["n_pegawai", "peringkat", "seri", "dari"]].to_numpy().tolist() == [
        [600, 2, True, 7]
    ]
    assert siap.table("sebanding").index.tolist() == ["3503", "3504", "3505", "3506", "3507"]
    assert siap.terdekat == "3503"
    assert siap.row("rerata_sebanding")["indeks"].tolist() == [45]
    assert siap.table("unit_kerja").index.get_level_values(0).unique().tolist() == ["3502"]


@pytest.mark.parametrize("tahun", [2022, 2024])
def test_what_was_rounded_prints_as_the_exact_numbers_would(tahun):
    """Of places of the sample, against the tables of the whole province."""
    whole = open_prepared(None, tahun)
    exact, kabkota = rank_places(whole.table("kabkota")), load_kabkota()

    def printed(table: pd.DataFrame, named: str) -> tuple:
        columns = summary_columns([named])
        shown = publish_table(
            table, nama="uji", judul="Uji", kolom=columns, sumber="sintetis", penanda=None
        )
        return shown.baris, shown.html

    for kode in whole.kode_kabkota[::5]:
        place, alike = whole.place(kode), comparable_places(kabkota, exact, kode)
        shown = place.table("sebanding").join(kabkota["label"])
        expected = alike.table.join(kabkota["label"])
        assert printed(shown, "label") == printed(expected, "label")
        for name, table in (
            ("rerata_sebanding", alike.mean),
            ("provinsi", whole.table("provinsi")),
        ):
            mean = place.row(name)
            assert mean is not None
            assert table is not None
            for column in ("kualifikasi", "kompetensi", "kinerja", "disiplin", "indeks"):
                assert number(mean[column].iloc[0]) == number(table[column].iloc[0])
        own = exact.loc[[kode]]
        pd.testing.assert_frame_equal(place.table("tempat"), own, check_dtype=False)


def test_nothing_changed_loads_nothing_and_writes_nothing(made):
    code = (
        "import sys; from ipasn_lib.cli.app import app\n"
        "try:\n    app()\nexcept SystemExit as end:\n    print('end', end.code)\n"
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    words = ["report", "--data", str(made / "siap"), "--out", str(made / "laporan")]
    words += [word for kode in CHOSEN for word in ("--kabkota", kode)]
    page = made / "laporan" / "2022" / "index.html"
    before = page.stat()
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "0 selesai, 7 tidak berubah, 0 gagal" in done.stderr
    assert done.stdout.splitlines()[-2:] == ["end 0", "[]"]
    assert (page.stat().st_ino, page.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_page_changed_by_hand_is_written_again(made):
    page = made / "laporan" / "2022" / "index.html"
    before = page.read_bytes()
    page.write_bytes(before + b" ")
    siap = open_prepared(made / "siap", 2022)
    assert set(statuses(siap, made / "laporan").values()) == {"tidak berubah"}
    assert page.read_bytes() == before


def test_the_record_of_origin_is_whole_and_names_each_file_as_it_is(made):
    """RO-Crate 1.1: one descriptor, one root, and no reference without an entity."""
    root = made / "laporan" / "2022"
    document = json.loads((root / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    assert document["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    entities = {entity["@id"]: entity for entity in document["@graph"]}
    assert len(entities) == len(document["@graph"])
    about = entities["ro-crate-metadata.json"]
    assert about["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert about["about"] == {"@id": "./"}
    assert {"name", "description", "datePublished", "license"} <= set(entities["./"])
    assert "DATA SINTETIS" in entities["./"]["description"]
    named = re.findall(r'{"@id": "([^"]+)"}', json.dumps(document))
    assert set(named) - set(entities) == {"https://w3id.org/ro/crate/1.1"}
    files = {i: e for i, e in entities.items() if e["@type"] == "File"}
    there = {str(p.relative_to(root)) for p in root.glob("*/*") if p.name != "manifest.json"}
    assert set(files) == there
    for name, entity in files.items():
        content = (root / name).read_bytes()
        assert entity["sha256"] == hashlib.sha256(content).hexdigest()
        assert entity["contentSize"] == str(len(content))
    action = entities["#3501-kab-pacitan"]
    assert action["result"] == {"@id": "3501-kab-pacitan/"}
    assert {"@id": "#01_laporan_kabkota.ipynb"} in action["instrument"]


def test_the_typeface_is_what_its_script_makes():
    spec = importlib.util.spec_from_file_location("build", ROOT / "data" / "build_typeface.py")
    assert spec is not None
    assert spec.loader is not None
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    assert (build.PLACE / build.NAME).read_bytes() == build.build()


def test_a_hidden_place_has_no_report_and_an_older_one_is_withdrawn(tmp_path):
    data, out = tmp_path / "data", tmp_path / "laporan"
    data.mkdir()
    for kode, size in {"3501": 40, "3502": 60, "3503": 80}.items():
        write(data, kode, [{}] * size)
    siap = prepare(data, 2022, tmp_path / "siap")
    publish(siap, out, workers=2)
    place = out / "2022" / "3501-kab-pacitan"
    assert (place / "laporan.html").is_file()

    write(data, "3503", [{}] * 5)  # hidden itself, and 3501 with it: 105 less 60 and 40 are five
    siap = prepare(data, 2022, tmp_path / "siap")
    assert siap.tersembunyi == ("3501", "3503")
    done = publish(siap, out, workers=2)
    assert not done.failed
    assert {r.nama: r.status for r in done.result.hasil if not r.nama.startswith("35-")} == {
        "3502-kab-ponorogo": "selesai",
        "3502-kab-ponorogo-rencana": "selesai",
        "3501-kab-pacitan": "tersembunyi",
        "3501-kab-pacitan-rencana": "tersembunyi",
        "3503-kab-trenggalek": "tersembunyi",
        "3503-kab-trenggalek-rencana": "tersembunyi",
    }
    assert done.result.ringkasan.endswith("4 tersembunyi dari 7 laporan")
    assert not list((out / "2022").glob("3501-*"))
    assert not list((out / "2022").glob("3503-*"))
    assert done.ringkasan["tersembunyi"] == ["Kab. Pacitan", "Kab. Trenggalek"]
    assert "Kab. Pacitan, Kab. Trenggalek" in done.summary()
    # nor do the rows of its file tell what the tables hide
    shown = siap.shown_file_table().set_index("berkas")["n_baris"]
    assert shown["3502.parquet"] == 60
    assert shown[["3501.parquet", "3503.parquet"]].isna().all()
    page = (out / "2022" / "35-provinsi-jawa-timur" / "laporan.html").read_text(encoding="utf-8")
    assert "3503.parquet" in page
    assert siap.file_table().set_index("berkas")["n_baris"]["3503.parquet"] == 5


def test_rows_of_one_file_of_several_are_not_shown(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    write(data, "3502", [{}] * 60)
    write(data, "3501", [{}] * 30)
    (data / "3501.parquet").rename(data / "3501-dinas-a.parquet")
    write(data, "3501", [{}] * 12)
    table = pd.read_parquet(data / "3501.parquet")
    table["id_pegawai"] = [f"3501b{i:027x}" for i in range(12)]
    table.to_parquet(data / "3501.parquet")
    siap = prepare(data, 2022, tmp_path / "siap")
    shown = siap.place("3501").shown_file_table()
    assert shown["n_baris"].isna().tolist() == [True, True]
    assert siap.place("3502").shown_file_table()["n_diterima"].tolist() == [60]


def test_faults_are_not_counted_in_a_file_whose_rows_are_not_told(tmp_path):
    # every row of the unit in the second file is faulty: their count would be the unit's people
    data = tmp_path / "data"
    data.mkdir()
    faulty = {"nilai_kinerja": 150.0}
    write(data, "3502", [{}] * 58 + [faulty] * 2)
    write(data, "3501", [{}] * 30)
    (data / "3501.parquet").rename(data / "3501-dinas-a.parquet")
    write(data, "3501", [faulty] * 11 + [{}])
    table = pd.read_parquet(data / "3501.parquet")
    table["id_pegawai"] = [f"3501b{i:027x}" for i in range(12)]
    table.to_parquet(data / "3501.parquet")
    siap = prepare(data, 2022, tmp_path / "siap", max_rejected=1.0)
    assert siap.problems("3501")[["jumlah", "baris"]].values.tolist() == [[11, "2, 3, 4, 5, 6"]]
    closed = siap.place("3501").shown_problems()
    assert closed["aturan"].tolist() == siap.problems("3501")["aturan"].tolist()
    assert closed["jumlah"].isna().all()
    assert closed["baris"].tolist() == [""]
    assert siap.place("3502").shown_problems()["jumlah"].tolist() == [2]
    assert siap.shown_problems().set_index("berkas")["jumlah"].dropna().to_dict() == {
        "3502.parquet": 2
    }


def test_the_manifest_says_what_a_report_was_made_from(made):
    """Each number from where it comes: git, the lock, the parameters, the instrument's file."""

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    lock = hashlib.sha256((ROOT / "uv.lock").read_bytes()).hexdigest()
    dirty = bool(
        git("status", "--porcelain", "ipasn_lib", "notebooks", "pyproject.toml", "uv.lock")
    )
    written = json.loads(
        (made / "laporan" / "2022" / "3502-kab-ponorogo" / "manifest.json").read_text("utf-8")
    )
    assert written["asal"] == {
        "commit": git("rev-parse", "HEAD"),
        "kotor": dirty,
        "kunci": lock,
        "python": platform.python_version(),
        "versi": tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"],
    }
    content = written["isi"]
    law = tomllib.loads(
        (ROOT / "ipasn_lib" / "law" / "instruments" / "2019.toml").read_text("utf-8")
    )
    readings = {key: reading["baku"] for key, reading in law["tafsir"].items()}
    assert content["keterangan"]["tafsir"] == {"ip-asn-2019": readings}
    assert content["parameter"]["kode_kabkota"] == "3502"
    assert re.fullmatch("[0-9a-f]{64}", content["masukan"])
    assert written["waktu"]["detik"] > 0
    assert written["waktu"]["sel"]


def test_the_set_notices_what_a_report_cannot_vouch_for(made):
    root = made / "laporan" / "2022"
    assert verify_set(root) == []
    manifest = root / "3502-kab-ponorogo" / "manifest.json"
    whole = json.loads((root / "manifest.json").read_text("utf-8"))
    assert set(whole["isi"]["laporan"]) == {p.parent.name for p in root.glob("*/manifest.json")}
    assert whole["isi"]["tahun"] == 2022
    kept = {p: p.read_bytes() for p in (manifest, *root.glob("*.*"))}

    def told(change) -> str:
        change()
        (problem,) = verify_set(root)
        for path, content in kept.items():
            path.write_bytes(content)
        return problem

    def signed_anew() -> None:
        """Change a page, and write the report's own sums anew: by itself it looks right."""
        report = json.loads(manifest.read_text("utf-8"))
        report["isi"]["berkas"]["laporan.html"]["sha256"] = "0" * 64
        report["sha256"] = digest(report["isi"])
        manifest.write_text(json.dumps(report), "utf-8")

    def later() -> None:
        report = json.loads(manifest.read_text("utf-8"))
        report["waktu"]["mulai"] = "2020-01-01T00:00:00.000+00:00"
        manifest.write_text(json.dumps(report), "utf-8")

    def other_commit() -> None:
        mine = json.loads((root / "manifest.json").read_text("utf-8"))
        mine["asal"][0]["kotor"] = None
        (root / "manifest.json").write_text(json.dumps(mine), "utf-8")

    changed = "3502-kab-ponorogo/manifest.json: changed since it was published"
    assert told(signed_anew) == changed
    assert told(later) == changed
    assert told(other_commit) == "manifest.json: it does not match its own sha256_seluruh"
    page = root / "index.html"
    assert told(lambda: page.write_bytes(b"x")) == "index.html: changed since it was published"
    assert told(page.unlink) == "index.html: missing"
    assert told(lambda: (root / "baru.html").write_bytes(b"x")) == "baru.html: not listed"
    (root / "baru.html").unlink()
    (root / "3599-tambahan").mkdir()
    assert verify_set(root) == ["3599-tambahan: a folder without manifest.json"]
    (root / "3599-tambahan").rmdir()
    shutil.rmtree(manifest.parent)
    assert verify_set(root) == ["3502-kab-ponorogo/manifest.json: missing"]


def test_two_sets_from_the_same_inputs_have_the_same_content(made, tmp_path):
    siap = open_prepared(made / "siap", 2022)
    publish(siap, tmp_path / "lagi", kabkota=CHOSEN, workers=1)
    first, again = (
        json.loads((out / "2022" / "manifest.json").read_text("utf-8"))
        for out in (made / "laporan", tmp_path / "lagi")
    )
    assert first["isi"] == again["isi"]
    assert first["sha256"] == again["sha256"]
    assert first["waktu"] != again["waktu"]
