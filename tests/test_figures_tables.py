"""Tables and blocks: one set of cells for page and workbook, everything escaped."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.blocks import headline, method_note, signing_block
from ipasn_lib.figures.publish import HEADLINE_MIME, TABLE_MIME, PublishedTable
from ipasn_lib.figures.tables import Column, chip, publish_table, summary_columns

HIDDEN = {"tersembunyi": True}
HOSTILE = '<script>alert("x")</script> & $x_1$ **tebal**'


def summary() -> pd.DataFrame:
    """Make-believe: a plain unit, a hostile name, a hidden one (its value left in on purpose)."""
    return pd.DataFrame(
        {
            "n_pegawai": pd.array([1234, 40, pd.NA], dtype="Int64"),
            "n_terukur": pd.array([1200, 40, pd.NA], dtype="Int64"),
            "partisipasi": [0.97245, 1.0, np.nan],
            "kualifikasi": [15.125, 14.0, 13.331],
            "kompetensi": [30.0, np.nan, 13.332],
            "kinerja": [25.0, 25.0, 13.333],
            "disiplin": [5.0, 5.0, 4.444],
            "indeks": [75.125, 72.675, 77.777],
            "kategori": pd.Categorical(
                ["Sedang", "Sedang", "Tinggi"], categories=["Sedang", "Tinggi"], ordered=True
            ),
            "sumber_data": ["sintetis, benih 7", "sintetis, benih 7", pd.NA],
            "id_instrumen": ["ip-asn-2019", "ip-asn-2019", pd.NA],
        },
        index=pd.Index(["Dinas A", HOSTILE, "Dinas Kecil"], name="unit_kerja"),
    )


def table(**words: object) -> PublishedTable:
    return publish_table(
        summary(),
        nama="unit_kerja",
        judul="Indeks <b>unit</b>",
        kolom=summary_columns(["unit_kerja"]),
        **words,  # type: ignore[arg-type]
    )


def test_cells_are_rounded_as_printed():
    rows = table().data()["baris"]
    # 97.245 % with one decimal is 97.2 %; 15.125 and 75.125 go up, as on paper
    assert rows[0] == ["Dinas A", 1234, 1200, 0.972, 15.13, 30.0, 25.0, 5.0, 75.13, "Sedang"]
    assert rows[1][8] == 72.68
    assert rows[1][5] is None  # not available, not hidden
    for printed in ("1.234", "97,2%", "15,13", "75,13", "72,68"):
        assert f">{printed}<" in table().html
        assert printed in table().plain


def test_hidden_row_keeps_its_name_and_nothing_else():
    published = table()
    assert published.data()["baris"][2] == ["Dinas Kecil", *[HIDDEN] * 9]
    everything = json.dumps(published._repr_mimebundle_(), allow_nan=False)
    for leak in ("77,7", "77.7", "13,33", "13.33", "4,44", "4.44", "Tinggi"):
        assert leak not in everything
    assert any(n.startswith("*) disembunyikan: kurang dari 10") for n in published.catatan)
    assert "– tidak tersedia" in published.catatan


def test_json_has_the_agreed_form():
    data = table(catatan=["Catatan"])._repr_mimebundle_()[TABLE_MIME]
    assert set(data) == {"nama", "judul", "catatan", "sumber", "sintetis", "kolom", "baris"}
    assert data["sintetis"] is True
    assert data["catatan"][0] == "Catatan"
    assert data["kolom"][3] == {
        "nama": "partisipasi",
        "label": "Partisipasi",
        "jenis": "persen",
        "desimal": 1,
    }
    assert "sintetis, benih 7" in data["sumber"]
    assert "ip-asn-2019" in data["sumber"]


def test_everything_is_escaped():
    page = table(catatan=["<i>catatan</i> **x**"], subjudul="<u>").html
    for tag in ("<script", "<b>unit", "<i>catatan", "<u>"):
        assert tag not in page
    assert "&lt;script&gt;" in page
    assert "**tebal**" in page  # no Markdown in names
    assert "<script" not in chip("<script>")


def test_make_believe_is_marked_on_the_table():
    assert "DATA SINTETIS</span>" in table().html
    assert "DATA SINTETIS" in table().plain
    real = summary().assign(sumber_data="SIASN 2024-12-31")
    page = publish_table(
        real, nama="x", judul="x", kolom=summary_columns(["unit_kerja"]), bahasa="en"
    )
    assert "SINTETIS" not in page.html
    assert ">1,234<" in page.html
    assert ">97.2%<" in page.html


def test_empty_cell_can_mean_hidden():
    frame = pd.DataFrame({"label": ["a", "b"], "n": pd.array([12, pd.NA], dtype="Int64")})
    columns = [Column("label", "Indikator"), Column("n", "Orang", "cacah", kosong="tersembunyi")]
    published = publish_table(frame, nama="x", judul="x", kolom=columns, sumber="SIASN")
    assert published.data()["baris"] == [["a", 12], ["b", HIDDEN]]


@pytest.mark.parametrize("rows", [[], [0], [2]])
def test_no_row_one_row_and_only_hidden_rows(rows):
    published = publish_table(
        summary().iloc[rows],
        nama="x",
        judul="x",
        kolom=summary_columns(["unit_kerja"], dimensi=False),
    )
    assert len(published.baris) == len(rows)
    assert ("Tidak ada baris" in published.html) == (not rows)
    assert "nan" not in published.html
    assert "77" not in published.plain


def test_long_name_is_whole_in_the_page():
    frame = summary().rename(index={"Dinas A": "Sangat Panjang " * 20})
    page = publish_table(frame, nama="x", judul="x", kolom=summary_columns(["unit_kerja"]))
    assert ("Sangat Panjang " * 20).strip() in page.html


@pytest.mark.parametrize(
    "call",
    [
        lambda: Column("a", "A", "angka"),
        lambda: Column("a", "A", kosong="nol"),
        lambda: publish_table(summary(), nama="x", judul="x", kolom=[]),
        lambda: publish_table(summary(), nama="x", judul="x", kolom=[Column("tidak", "T")]),
        lambda: publish_table(summary(), nama="X y", judul="x", kolom=[Column("indeks", "I")]),
        lambda: publish_table(
            summary()[["indeks"]], nama="x", judul="x", kolom=[Column("indeks", "I", "poin")]
        ),
        lambda: method_note({"id": "x"}),
        lambda: method_note({"id": "x", "judul": "y", "lain": 1}),
        lambda: headline(summary(), kode_kabkota="3510", label="x", tahun=2024),
    ],
)
def test_unknown_is_refused(call):
    with pytest.raises(ParameterError):
        call()


def card(row: int, **more: object):
    return headline(
        summary().iloc[[row]],
        kode_kabkota="3510",
        label="Kab. <b>Contoh</b>",
        tahun=2024,
        sasaran=81.0,
        ditolak=3,
        **more,  # type: ignore[arg-type]
    )


def test_headline_says_how_many_places_it_covers_where_not_all():
    assert "Cakupan: 2 dari 38 kabupaten/kota" in card(0, cakupan=(2, 38)).plain
    assert "Cakupan" not in card(0, cakupan=(38, 38)).plain


def test_headline_says_index_category_gap_and_rejected_rows():
    made = card(0, provinsi=74.0, peringkat=(3, 38))
    for printed in ("75,13", "Sedang", "kurang 5,88 poin", "3 dari 38", "3 baris ditolak"):
        assert printed in made.plain  # 81 - 75.125 = 5.875
        assert printed in made.html
    assert "<b>" not in made.html
    assert "DATA SINTETIS</span>" in made.html
    data = made._repr_mimebundle_()[HEADLINE_MIME]
    assert data == {
        "kode_kabkota": "3510",
        "label": "Kab. <b>Contoh</b>",
        "tahun": 2024,
        "indeks": 75.13,  # as printed, half up
        "kategori": "Sedang",
        "n_pegawai": 1234,
        "n_terukur": 1200,
        "partisipasi": 0.972,
        "sumber_data": "sintetis, benih 7",
        "id_instrumen": "ip-asn-2019",
        "sintetis": True,
    }
    json.dumps(data, allow_nan=False)


def test_hidden_headline_holds_no_number():
    made = card(2, provinsi=74.0, peringkat=(3, 38), sumber="SIASN")
    everything = json.dumps(made._repr_mimebundle_(), allow_nan=False)
    for leak in ("77.7", "77,7", "Tinggi", "3 dari 38"):
        assert leak not in everything
    assert made.data()["indeks"] is None
    assert made.data()["n_pegawai"] is None
    assert "Tidak ditampilkan" in made.plain


def test_method_note_links_only_web_addresses():
    block = method_note(
        {
            "id": "ip-asn-2019",
            "judul": "Indeks <x>",
            "dimensi": [{"label": "Kualifikasi", "bobot": 25.0, "status": "teks"}],
            "tafsir": [{"pertanyaan": "Batas?", "pilihan": "Tepi bawah."}],
            "sumber": [
                {"judul": "Perban 8/2019", "pasal": "Pasal 1", "tautan": "https://a.id/?x=1&y=2"},
                {"judul": "Jahat", "tautan": "javascript:alert(1)"},
            ],
        }
    )
    assert '<a href="https://a.id/?x=1&amp;y=2">Perban 8/2019</a>, Pasal 1' in block.html
    assert 'href="javascript' not in block.html
    assert "<x>" not in block.html
    assert "Kualifikasi: 25 poin (teks)" in block.plain


def test_signature_has_an_indonesian_date():
    block = signing_block(
        tempat="Banyuwangi", tanggal=dt.date(2026, 1, 5), jabatan="Kepala BKPSDM", nama="N.N."
    )
    assert "Banyuwangi, 5 Januari 2026" in block.plain
    assert "NIP" not in block.plain
