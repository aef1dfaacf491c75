"""Files that have not changed are not read again, and nobody can see it in the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd
import pytest
from test_pipeline import write

from ipasn_lib import assemble
from ipasn_lib.errors import DataError
from ipasn_lib.intake import Intake, Progress, Source, read_source
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.pipeline import prepare
from ipasn_lib.records.keys import KEY_VARIABLE
from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.records.synthetic import write_siasn

CODES = ("3501", "3510", "3578")
Prepare = Callable[..., list[str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    for position, kode in enumerate(CODES):
        some = {"unit_kerja": "A", "nilai_kinerja": 150.0}  # refused, so it is a problem to list
        rows = [{"seminar": i % 3 == 0, "unit_kerja": f"U{i % 2}"} for i in range(40)]
        write(folder, f"{kode}.parquet", some, *rows, kode=kode, start=1000 * position)
    return folder


@pytest.fixture
def again(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Prepare:
    """Prepare once more; names of the files read. The tables are those of a first time."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")

    def take_in_here(
        sources: Sequence[Source], *, workers: int, progress: Progress | None
    ) -> Iterator[Intake]:
        # as take_in, without starting processes, of which these tests would start fifty
        for position, source in enumerate(sources):
            if progress:
                progress(source.path.name, position, len(sources))
            yield read_source(source)

    monkeypatch.setattr(assemble, "take_in", take_in_here)

    def run(**options: object) -> list[str]:
        seen: list[str] = []
        out, fresh = tmp_path / "siap", tmp_path / "segar"
        told = {"progress": lambda name, *_: seen.append(name)}
        prepare(data, 2022, out, **options, **told)  # type: ignore[arg-type]
        prepare(data, 2022, fresh, **options)  # type: ignore[arg-type]
        assert contents(out) == contents(fresh)
        for path in sorted(fresh.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        fresh.rmdir()
        return seen

    return run


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def names(*codes: str) -> list[str]:
    return [f"{kode}.parquet" for kode in codes]


def test_only_the_changed_file_is_read(data: Path, again: Prepare) -> None:
    assert again() == names(*CODES)
    assert again() == []
    write(data, "3510.parquet", *[{}] * 30, kode="3510", start=1000)
    assert again() == names("3510")
    write(data, "3502.parquet", *[{}] * 20, kode="3502", start=5000)
    assert again() == names("3502")
    (data / "3578.parquet").unlink()
    assert again() == []
    (data / "3501.parquet").rename(data / "3501-baru.parquet")
    assert again() == ["3501-baru.parquet"]


def test_rules_of_reading_concern_every_file_others_none(again: Prepare) -> None:
    again()
    assert again(minimum=15) == []
    assert again(minimum=15, max_rejected=0.5) == names(*CODES)
    assert again(readings={"batas_kategori": "tepi_atas"}) == names(*CODES)


def test_one_who_stands_in_two_files_is_refused_whichever_is_read(
    data: Path, again: Prepare
) -> None:
    again()
    write(data, "3578.parquet", *[{}] * 30, kode="3578", start=990)  # 990-999 not yet, 1000-.. are
    assert again() == names("3578")
    # people of 3510 were refused for it: when the other goes, they must be read again to count
    write(data, "3578.parquet", *[{}] * 30, kode="3578", start=3000)
    assert again() == names("3510", "3578")


def test_a_place_of_two_files_is_read_again_whole(data: Path, again: Prepare) -> None:
    write(data, "3510-2.parquet", *[{}] * 20, kode="3510", start=7000)
    again()
    write(data, "3501.parquet", *[{}] * 20, kode="3501")
    assert again() == ["3501.parquet", "3510-2.parquet", "3510.parquet"]


def test_a_file_of_several_places_and_a_refused_one(data: Path, again: Prepare) -> None:
    both = pd.concat([pd.read_parquet(data / f"{kode}.parquet") for kode in ("3501", "3510")])
    (data / "3501.parquet").unlink()
    (data / "3510.parquet").unlink()
    both.to_parquet(data / "a.parquet")
    (data / "b.parquet").write_bytes(b"not a table")
    again()
    write(data, "3578.parquet", *[{}] * 30, kode="3578", start=2000)
    assert again() == ["3578.parquet", "b.parquet"]


def test_a_place_told_by_the_folders_name_is_another_in_another_folder(
    data: Path, again: Prepare, tmp_path: Path
) -> None:
    bare = pd.read_parquet(data / "3510.parquet").drop(columns="kode_kabkota")
    (data / "3510.parquet").unlink()
    (data / "3510-bkpsdm").mkdir()
    bare.to_parquet(data / "3510-bkpsdm" / "pegawai.parquet")
    again()
    (data / "3510-bkpsdm").rename(data / "3522-bkpsdm")
    assert again() == ["pegawai.parquet"]
    assert open_prepared(tmp_path / "siap", 2022).kode_kabkota == ("3501", "3522", "3578")
    data.rename(tmp_path / "data-lama")
    (tmp_path / "data-lama" / "3522-bkpsdm").rename(data)  # alone, in a folder of another name
    with pytest.raises(DataError, match="no file of"):
        again()


def test_people_edited_in_the_tables_are_read_again(
    data: Path, again: Prepare, tmp_path: Path
) -> None:
    again()
    path = tmp_path / "siap" / "tempat" / "3501" / "skor.parquet"
    edited = pd.read_parquet(path)
    edited["indeks"] = 100.0
    edited.to_parquet(path)
    write(data, "3578.parquet", *[{}] * 30, kode="3578", start=2000)
    assert again() == names("3501", "3578")


def test_another_key_makes_all_pseudonyms_anew(
    data: Path, again: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "11" * 32)
    again()
    monkeypatch.setenv(KEY_VARIABLE, "22" * 32)
    assert again() == names(*CODES)


def test_folders_of_exports_are_kept_with_their_faults(
    data: Path, again: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "11" * 32)
    law = load_instrument(2022)
    for path in data.iterdir():
        path.unlink()
    data.rmdir()
    write_siasn(data, 7, 0.02, 2022, law, "csv", ["3510", "3571"])
    folders = sorted(p.name for p in data.iterdir() if p.is_dir())
    assert again() == folders
    one = next(p for p in (data / folders[0]).iterdir() if "nominatif" in p.name.casefold())
    lines = one.read_text(encoding="utf-8").splitlines(keepends=True)
    one.write_text("".join(lines[:-1]), encoding="utf-8")  # the last person is gone
    assert again() == folders[:1]
    last = prepare(data, 2022, data.parent / "siap")
    for kode in ("3510", "3571"):
        here = last.problems(kode)
        assert len(here), "exports made up with faults have problems to list"
        pd.testing.assert_frame_equal(
            last.place(kode).problems(kode).reset_index(drop=True), here.reset_index(drop=True)
        )
