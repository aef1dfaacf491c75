"""Reading an instrument's file strictly: every condition of the parser, each broken once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ipasn_lib.errors import InstrumentError
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.law.strict import read_table


@pytest.mark.parametrize(
    "content", [b"judul = '\xff'", b"a = " + b"[" * 5000], ids=["bytes", "deep"]
)
def test_a_file_that_is_no_text_or_nested_too_deep_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "a.toml"
    path.write_bytes(content)
    with pytest.raises(InstrumentError, match=r"a\.toml: not valid TOML"):
        load_instrument(path)
    with pytest.raises(InstrumentError, match=r"a\.toml: no readable TOML"):
        read_table(path)


# Survivors of mutation: nothing asked what the variant that takes scores as given says of itself.
def test_the_variant_of_given_scores_says_so_in_every_part(law2019):
    given = law2019.as_given()
    assert given.as_given() is given
    assert given.id == "ip-asn-2019+skor-diberikan"
    assert set(given.tafsir) == {"batas_kategori"}
    assert given.turunan is None
    assert given.catatan[1:] == law2019.catatan
    assert "tidak dihitung ulang" in given.catatan[0]
    most = {"kualifikasi": 25, "kompetensi": 40, "kinerja": 30, "disiplin": 5}
    for name, weight in most.items():
        dimension, column = given.dimensi[name], given.kolom[name]
        assert (dimension.status, dimension.skala, dimension.bobot) == ("praktik", 1.0, weight)
        (indicator,) = dimension.indikator
        assert (indicator.nama, indicator.kolom) == (name, name)
        assert indicator.label == column.label == law2019.dimensi[name].label
        assert indicator.aturan.maksimum == column.maksimum == weight
        assert indicator.sumber == ()
        assert indicator.keterangan.startswith("Skor sebagaimana diberikan berkas sumber")
        assert (column.jenis, column.kosong, column.satuan) == ("poin", "tidak_diukur", "poin")
