"""Data quality and the recording gap: what cannot be counted is neither nought nor one."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from conftest import people

from ipasn_lib.analysis.lacking import lacking_by_place
from ipasn_lib.analysis.quality import (
    ASPEK,
    INDIKATOR,
    indicator_rates,
    merge_rates,
    quality_index,
    reading_rates,
)
from ipasn_lib.analysis.recording_gap import recording_gap
from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.charts_quality import quality_aspects, recording_bars
from ipasn_lib.figures.tables_quality import aspect_table, fault_table
from ipasn_lib.index.score import score, score_detail
from ipasn_lib.records.checks import siasn_checks


def flags(true: int, false: int, na: int = 0) -> pd.arrays.BooleanArray:
    return pd.array([True] * true + [False] * false + [pd.NA] * na, dtype="boolean")


def texts(figure) -> str:
    from matplotlib.text import Text

    return " | ".join(t.get_text() for t in figure.figure.findobj(Text))


def test_weights_are_bkns():
    assert sum(ASPEK.values()) == pytest.approx(1.0)
    assert INDIKATOR.groupby("aspek").size().to_dict() == {
        "kelengkapan": 7,
        "ketepatan_waktu": 6,
        "keakuratan": 10,
        "konsistensi": 4,
    }
    # printed with two decimals: 100.00, 100.01, 99.98, 100
    np.testing.assert_allclose(INDIKATOR.groupby("aspek")["bobot"].sum(), 100.0, atol=0.021)


def test_rates_and_index_by_hand():
    cek = pd.DataFrame({"COM_1": flags(10, 90), "CON_1": flags(5, 45, 50), "CON_3": flags(0, 100)})
    rates = indicator_rates(cek)
    assert rates.loc["COM_1", ["n_berlaku", "n_cacat", "mutu"]].tolist() == [100, 10, 0.9]
    assert rates.loc["CON_1", ["n_berlaku", "n_cacat", "mutu"]].tolist() == [50, 5, 0.9]
    unknown = rates.drop(index=["COM_1", "CON_1", "CON_3"])
    assert (unknown["status"] == "tidak dapat dihitung").all()
    assert unknown[["n_berlaku", "n_cacat", "mutu"]].isna().all(axis=None)
    index = quality_index(rates)
    # kelengkapan: COM_1 alone, 20 of 100: 0.9 over a fifth of the weight
    row = index.loc["kelengkapan"]
    np.testing.assert_allclose(
        row[["bobot", "bobot_dihitung", "mutu"]].astype(float), [0.28, 0.2, 0.9]
    )
    np.testing.assert_allclose(row[["bawah", "atas"]].astype(float), [0.18, 0.98])
    # konsistensi: two of four equal weights: (0.9 + 1) / 2
    np.testing.assert_allclose(index.loc["konsistensi", "mutu"], 0.95)
    # nothing of timeliness: no figure, anything possible
    row = index.loc["ketepatan_waktu"]
    assert np.isnan(row["mutu"])
    np.testing.assert_allclose(row[["bobot_dihitung", "bawah", "atas"]].astype(float), [0, 0, 1])
    # all: weights 0.28 * 0.2 = 0.056 at 0.9 and 0.11 * 0.5 = 0.055 at 0.95
    whole = index.loc["semua"]
    np.testing.assert_allclose(whole["bobot_dihitung"], 0.111)
    np.testing.assert_allclose(whole["mutu"], (0.056 * 0.9 + 0.055 * 0.95) / 0.111)
    np.testing.assert_allclose(whole["bawah"], 0.056 * 0.9 + 0.055 * 0.95)
    np.testing.assert_allclose(whole["atas"], 0.056 * 0.9 + 0.055 * 0.95 + 1 - 0.111)


def test_nothing_known_gives_no_figure():
    index = quality_index(indicator_rates(pd.DataFrame(index=range(50))))
    assert index["mutu"].isna().all()
    assert (index["bobot_dihitung"] == 0).all()
    shown = texts(quality_aspects(index, wilayah="Kab. X", sumber="uji"))
    assert "Tidak satu pun indikator mutu data dapat dihitung" in shown
    assert "100,0%" not in shown


def test_small_groups_and_small_remainders_are_hidden():
    units = ["A"] * 40 + ["B"] * 30 + ["C"] * 4
    cek = pd.DataFrame({"unit_kerja": units, "COM_1": flags(3, 71)})
    # CON_4 concerns 37 of A's 40: the three others would be told by it; B none; C nobody
    cek["CON_4"] = pd.array([False] * 37 + [pd.NA] * 37, dtype="boolean")
    status = indicator_rates(cek, by=["unit_kerja"])["status"].astype("str")
    assert status["C", "COM_1"] == "disembunyikan"
    # a second unit goes with it, or C would be the place less the others: the smaller one
    assert status["B", "COM_1"] == "disembunyikan"
    assert status["A", "COM_1"] == "dihitung"
    assert status["A", "CON_4"] == "disembunyikan"
    assert status["B", "CON_4"] == "tidak berlaku"
    hidden = indicator_rates(cek, by=["unit_kerja"]).loc[("C", "COM_1")]
    assert hidden[["n_berlaku", "n_cacat", "mutu"]].isna().all()


def test_unknown_codes_and_kinds_are_refused():
    with pytest.raises(ParameterError, match="COM_9"):
        indicator_rates(pd.DataFrame({"COM_9": flags(1, 1)}))
    with pytest.raises(ParameterError, match="boolean"):
        indicator_rates(pd.DataFrame({"COM_1": [0.0, 1.0]}))
    with pytest.raises(ParameterError, match="wilayah"):
        indicator_rates(pd.DataFrame({"COM_1": flags(1, 1)}), by=["wilayah"])


def test_reading_tells_blanks_that_were_refused(law2019, law2023):
    files = pd.DataFrame({"n_baris": [100, 60]})
    problems = pd.DataFrame(
        {
            "kolom": ["jenjang_pendidikan", "jenjang_pendidikan", "nilai_kinerja", "nip"],
            "aturan": ["kosong", "di_luar_pilihan", "di_luar_rentang", "kosong"],
            "jumlah": pd.array([8, 3, 2, 5], dtype="Int64"),
        }
    )
    rates = reading_rates(files, problems, law2019)
    assert rates.loc["COM_3", ["n_berlaku", "n_cacat"]].tolist() == [160, 8]
    assert rates.loc["COM_3", "mutu"] == 0.95
    # a blank SKP earns nought and is not listed as a problem: nothing can be said of it
    assert rates.loc["COM_1", "status"] == "tidak dapat dihitung"
    assert rates.loc["CON_3", "status"] == "tidak dapat dihitung"
    # given scores say nothing of the records behind them
    given = reading_rates(files, problems, law2023)
    assert (given["status"] == "tidak dapat dihitung").all()


def test_merging_takes_what_the_first_could_not_count(law2019):
    first = indicator_rates(pd.DataFrame({"COM_3": flags(2, 98)}))
    second = reading_rates(
        pd.DataFrame({"n_baris": [100]}),
        pd.DataFrame({"kolom": [], "aturan": [], "jumlah": []}),
        law2019,
    )
    both = merge_rates(first, second)
    assert both.loc["COM_3", "n_cacat"] == 2
    assert both.loc["COM_2", "n_cacat"] == 0
    assert both.loc["COM_1", "status"] == "tidak dapat dihitung"
    assert list(both.index) == list(INDIKATOR.index)


def test_tables_name_what_could_not_be_counted():
    rates = indicator_rates(pd.DataFrame({"COM_1": flags(10, 90)}))
    shown = fault_table(rates, wilayah="Kab. X", sumber="sintetis, benih 1").data()
    assert shown["sintetis"]
    assert [row[0] for row in shown["baris"]] == ["COM_1"]
    assert shown["catatan"][0].startswith("Tidak dapat dihitung dari berkas yang ada: COM_2, ")
    aspects = aspect_table(quality_index(rates), wilayah="Kab. X", sumber="sintetis, benih 1")
    assert aspects.data()["baris"][0][2:] == ["1 / 7", 0.2, 0.9, "18%–98%"]
    assert aspects.data()["baris"][1][4] is None  # not 0, not 1


def small_place(law, times: int = 1) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Fifty pelaksana: S1 (15 of 25), SKP 80 (25 of 30); twenty with 20 JP, each second a seminar.

    Nobody is full in kualifikasi and kinerja, so these are hidden at any minimum. `times`: so
    many places of that kind in one.
    """
    base = {"kelompok_jabatan": "pelaksana", "jenjang_pendidikan": "S1", "nilai_kinerja": 80.0}
    rows = [
        base | {"jp_diklat_teknis": 20.0 if i < 20 else 0.0, "seminar": i % 2 == 0}
        for i in range(50)
    ] * times
    table = people(*rows)
    ada = pd.DataFrame(
        {
            # of the thirty without 20 JP twelve have no training at all on record
            "pelatihan": pd.array([i < 38 for i in range(50)] * times, dtype="boolean"),
            "skp": pd.array([i >= 15 for i in range(50)] * times, dtype="boolean"),
        },
        index=table.index,
    )
    return score_detail(table, law), score(table, law), ada


def test_gap_adds_up_to_the_points_lost(law2019):
    rincian, skor, ada = small_place(law2019, 5)
    gap = recording_gap(rincian, skor, ada, law2019).set_index(["indikator", "sebab"])
    # teknis: five times 30 people lose 22.5: 12 without any record, 18 with some
    teknis = gap.loc["diklat_teknis"]
    assert teknis.loc["tidak ada catatan", ["n_pegawai", "poin"]].tolist() == [60, 1350.0]
    assert teknis.loc["ada catatan", ["n_pegawai", "poin"]].tolist() == [90, 2025.0]
    np.testing.assert_allclose(teknis.loc["ada catatan", "poin_rata"], 2025 / 250)


def test_gap_shows_everything_where_groups_are_large(law2019):
    # Three hundred people, half of them full in everything that a pelaksana can reach.
    base = {"kelompok_jabatan": "pelaksana"}
    full = {
        "jenjang_pendidikan": "S3",
        "jp_diklat_teknis": 20.0,
        "seminar": True,
        "nilai_kinerja": 95.0,
    }
    table = people(*[base | full] * 150, *[base | {"hukuman_disiplin": "ringan"}] * 150)
    skor, rincian = score(table, law2019), score_detail(table, law2019)
    ada = pd.DataFrame(
        {
            name: pd.array([i % 3 > 0 for i in range(300)], dtype="boolean")
            for name in ("skp", "pelatihan", "pendidikan")
        },
        index=table.index,
    )
    gap = recording_gap(rincian, skor, ada, law2019)
    assert gap["n_pegawai"].notna().all()
    # the half loses 10 + 22.5 + 17.5 + 5 + 2 = 57; the place's index is 100 - 28.5
    np.testing.assert_allclose(gap["poin_rata"].sum(), 28.5)
    np.testing.assert_allclose(gap["poin_rata"].sum(), 100.0 - skor["indeks"].mean())
    absent = gap.loc[gap["sebab"] == "tidak ada catatan"]
    # a third of the half lost 55 points (all but disiplin) without a record: 50 * 55 / 300
    np.testing.assert_allclose(absent["poin_rata"].sum(), 50 * 55 / 300)
    assert set(absent["dimensi"]) == {"kualifikasi", "kompetensi", "kinerja"}
    shown = texts(recording_bars(gap, wilayah="Kab. X", sumber="sintetis, benih 1"))
    assert "9,17 poin hilang pada pegawai tanpa catatan" in shown


def test_gap_without_histories_knows_nothing(law2019):
    rincian, skor, ada = small_place(law2019)
    gap = recording_gap(rincian, skor, ada[[]], law2019)
    told = gap.loc[gap["dimensi"] != "disiplin", "sebab"]
    assert set(told) == {"tidak diketahui"}


def test_gap_hides_an_indicator_with_a_small_cause(law2019):
    rincian, skor, ada = small_place(law2019)
    # now only five of the thirty have no record: five people would be told
    ada["pelatihan"] = pd.array([i < 45 for i in range(50)], dtype="boolean")
    gap = recording_gap(rincian, skor, ada, law2019)
    teknis = gap.loc[gap["indikator"] == "diklat_teknis"]
    assert teknis[["n_pegawai", "poin", "poin_rata"]].isna().all(axis=None)
    # everybody lacks kinerja's full points: that tells it of each single one
    assert gap.loc[gap["indikator"] == "nilai_kinerja", "poin"].isna().all()


def test_gap_by_unit_hides_more_than_one_unit(law2019):
    rows = [
        {"kelompok_jabatan": "pelaksana", "jp_diklat_teknis": 20.0 * (i % 2), "unit_kerja": unit}
        for unit, size in (("A", 100), ("B", 100), ("C", 100), ("D", 12))
        for i in range(size)
    ]
    table = people(*rows)
    ada = pd.DataFrame({"pelatihan": flags(312, 0)}, index=table.index)
    gap = recording_gap(
        score_detail(table, law2019), score(table, law2019), ada, law2019, by=["unit_kerja"]
    )
    teknis = gap.loc[gap["indikator"] == "diklat_teknis"]
    hidden = teknis.groupby("unit_kerja")["poin"].agg(lambda p: p.isna().all())
    # D: 6 lack, 6 do not; alone it could be had from the place's total
    assert hidden["D"]
    assert hidden.sum() >= 2


def trained(kode: str, untrained: int, size: int) -> list[dict[str, object]]:
    base = {"kode_kabkota": kode, "kelompok_jabatan": "pelaksana"}
    other = [
        {"jenjang_pendidikan": "S1", "seminar": False, "nilai_kinerja": 80.0},
        {"jenjang_pendidikan": "S3", "seminar": True, "nilai_kinerja": 95.0},
    ]
    hours = [20.0 * (i >= untrained) for i in range(size)]
    return [base | other[i % 2] | {"jp_diklat_teknis": jp} for i, jp in enumerate(hours)]


@pytest.mark.parametrize(
    ("lacking", "hidden_place", "shown"),
    [
        ({"3501": 40, "3502": 30, "3503": 20}, "", True),
        # the total less 40 and 30 is seven, which the report of 3503 hides
        ({"3501": 40, "3502": 30, "3503": 7}, "", False),
        # seven and two are nine: too few for a sum, too
        ({"3501": 40, "3502": 7, "3503": 2}, "", False),
        ({"3501": 40, "3502": 7, "3503": 6}, "", True),
        # five are not lacking in 3503; the total of those who are not would give them
        ({"3501": 40, "3502": 30, "3503": 95}, "", False),
        # 3502 has no report at all: its thirty would follow
        ({"3501": 40, "3502": 30, "3503": 20}, "3502", False),
    ],
)
def test_the_total_of_the_province_gives_no_place_back(law2019, lacking, hidden_place, shown):
    table = people(*(row for kode, n in lacking.items() for row in trained(kode, n, 100)))
    skor, rincian = score(table, law2019), score_detail(table, law2019)
    ada = pd.DataFrame({"pelatihan": pd.array([True] * 300, dtype="boolean")}, index=table.index)
    daerah = lacking_by_place(rincian, skor, law2019, [hidden_place])
    told = daerah.loc[daerah["indikator"] == "diklat_teknis"].set_index("kode_kabkota")["n_kurang"]
    for kode, n in lacking.items():
        assert pd.isna(told[kode]) == (not 10 <= n <= 90 or kode == hidden_place)
    gap = recording_gap(rincian, skor, ada, law2019, daerah=daerah)
    teknis = gap.loc[(gap["indikator"] == "diklat_teknis") & (gap["sebab"] == "ada catatan")]
    assert teknis["n_pegawai"].tolist() == [sum(lacking.values()) if shown else pd.NA]


def test_a_total_of_places_is_refused_without_what_they_show(law2019):
    table = people(*trained("3501", 40, 100), *trained("3502", 40, 100))
    skor, rincian = score(table, law2019), score_detail(table, law2019)
    with pytest.raises(ParameterError, match="several places"):
        recording_gap(rincian, skor, pd.DataFrame(index=table.index), law2019)


def test_gap_refuses_other_people_and_histories(law2019):
    rincian, skor, ada = small_place(law2019)
    with pytest.raises(ParameterError, match="same people"):
        recording_gap(rincian.iloc[::-1], skor, ada, law2019)
    with pytest.raises(ParameterError, match="unknown histories"):
        recording_gap(rincian, skor, ada.rename(columns={"skp": "kinerja"}), law2019)
    with pytest.raises(ParameterError, match="boolean"):
        recording_gap(rincian, skor, ada.astype("float64"), law2019)


def exports() -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Five make-believe people of a nominatif, as the reader gives them."""
    nominatif = pd.DataFrame(
        {
            "jabatan_nama": ["Analis Ahli Muda", "Pranata Terampil", pd.NA, "Pengelola", "Kepala"],
            "jenis_jabatan": ["2", "2", "4", "4", "1"],
            "eselon": [pd.NA, pd.NA, pd.NA, pd.NA, "22"],
            "jenjang": ["SLTA", "SLTA", pd.NA, "S1", "D3"],
            "status_cpns_pns": ["P", "P", "C", "C", "P"],
            "tmt_cpns": pd.to_datetime(
                ["2010-01-01", "2010-01-01", "2021-03-01", "2022-03-01", None]
            ).astype("datetime64[s]"),
            "nip_jenis": ["PNS", "PPPK", "PNS", "PNS", "PNS"],
            "con_1": [True, False, False, False, False],
            "con_4": [False, True, False, False, False],
        }
    )
    riwayat = {
        "skp": pd.DataFrame({"posisi": [0, 1], "tahun": [2020.0, 2018.0]}),
        "skp22": pd.DataFrame({"posisi": [2], "tahun": [2021.0]}),
        "kursus": pd.DataFrame({"posisi": [0, 0, 3]}),
        "pendidikan": pd.DataFrame({"posisi": [2], "jenjang": ["D3"]}),
    }
    return nominatif, riwayat


def test_checks_of_exports_one_by_one():
    cek = siasn_checks(*exports(), tahun=2022, sampai=dt.date(2022, 12, 31))

    def answers(name: str) -> list[object]:
        return [None if pd.isna(v) else bool(v) for v in cek[name]]

    # SKP of 2020 or 2021: person 1 has only 2018, persons 4 and 5 none
    assert answers("COM_1") == [False, True, False, True, True]
    # points come from SKP 2021
    assert answers("skp") == [False, False, True, False, False]
    # no post named; structural posts are not asked
    assert answers("COM_2") == [False, False, True, False, None]
    # the history knows the level that the nominatif lacks
    assert answers("COM_3") == [False] * 5
    # ahli muda asks for D3, terampil for less; the others have no level in their name
    assert answers("ACC_8") == [True, False, None, None, None]
    # echelon II asks for S1
    assert answers("ACC_6") == [None, None, None, None, True]
    assert answers("ACC_9") == [None, None, None, False, None]
    # candidates since March 2021 (over a year) and March 2022
    assert answers("TIM_3") == [None, None, True, False, None]
    # PNS with a date, PPPK with a date; person 5 has none to compare
    assert answers("CON_1") == [True, None, False, False, None]
    assert answers("CON_4") == [None, True, None, None, None]
    # diklat was not exported: without a course nobody can say "no training"
    assert answers("pelatihan") == [True, None, None, True, None]
    assert "CON_2" not in cek  # no birth dates


def test_checks_without_files_say_nothing():
    nominatif, riwayat = exports()
    cek = siasn_checks(nominatif[["jenjang"]], {}, tahun=2022, sampai=dt.date(2022, 12, 31))
    assert list(cek.columns) == ["COM_3", "pendidikan"]
    riwayat["diklat"] = pd.DataFrame({"posisi": [1]})
    cek = siasn_checks(nominatif, riwayat, tahun=2022, sampai=dt.date(2022, 12, 31))
    assert cek["pelatihan"].tolist() == [True, True, False, True, False]


def drawings() -> dict[str, object]:
    index = quality_index(indicator_rates(pd.DataFrame({"COM_1": flags(10, 90)})))
    gap = pd.DataFrame(
        {
            "label": ["Diklat", "Diklat", "SKP", "Seminar <b>$x$</b> " * 9],
            "sebab": ["tidak ada catatan", "ada catatan", "tidak diketahui", "ada catatan"],
            "poin_rata": [1.25, 6.5, 3.125, np.nan],
        }
    )
    words = {"wilayah": "Kab. X", "sumber": "sintetis, benih 1"}
    return {
        "mutu": quality_aspects(index, **words),
        "celah": recording_bars(gap, **words),
    }


@pytest.mark.parametrize("name", ["mutu", "celah"])
def test_drawings_are_marked_repeatable_and_legible(name):
    from matplotlib.text import Text

    figure = drawings()[name]
    assert figure.svg() == drawings()[name].svg()
    assert texts(figure).count("DATA SINTETIS") == 2
    figure.figure.draw_without_rendering()
    wide, high = figure.figure.get_size_inches() * figure.figure.dpi
    boxes = [(t, t.get_window_extent()) for t in figure.figure.findobj(Text) if t.get_text()]
    for k, (text, one) in enumerate(boxes):
        assert -2 < one.x0 < one.x1 < wide + 2, text.get_text()
        assert -2 < one.y0 < one.y1 < high + 2, text.get_text()
        for _, other in boxes[k + 1 :]:
            across = min(one.x1, other.x1) - max(one.x0, other.x0)
            down = min(one.y1, other.y1) - max(one.y0, other.y0)
            assert across < 3 or down < 5, text.get_text()


def test_hidden_points_are_not_drawn():
    shown = texts(drawings()["celah"])
    assert "Sedikitnya 1,25 poin hilang pada pegawai tanpa catatan" in shown
    assert "3,13" in shown  # half up
    assert "*)" in shown
