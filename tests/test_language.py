"""Nothing of the other language is left in a report: every notebook, every format, word by word."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path

import nbformat
import pytest
import visible

from ipasn_lib.law.loading import available_instruments
from ipasn_lib.law.pay_rules import available_pay_rules
from ipasn_lib.law.predicate_rules import load_distribution_rule
from ipasn_lib.records.merit import open_merit
from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.records.regions import load_kabkota
from ipasn_lib.reports._language import spoken
from ipasn_lib.reports.batch import Job, run_batch
from ipasn_lib.reports.files import report_files, slide_files
from ipasn_lib.reports.seal import verify_set
from ipasn_lib.suite import PRELOAD, publish, warm
from ipasn_lib.wording import is_known

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))

INDONESIAN = """
yang dan dengan tidak untuk dari pada dalam oleh karena bila adalah atau ini itu bagi sampai
belum sudah lebih kurang paling tiap setiap semua seluruh seorang banyak sedikit hanya dapat
akan agar juga maka saat antara sebagai sama lain tanpa satu dua tiga empat lima sepuluh ke di
pegawai daerah peringkat sasaran indeks kategori dimensi kinerja kompetensi kualifikasi
disiplin poin tahun sumber instrumen berkas catatan kolom baris nilai bobot jumlah bagian
angka cara membaca tinggi rendah sedang sangat sebanding kabupaten provinsi terukur menurut
diklat jabatan pendidikan hukuman asumsi perubahan perbaikan rencana langkah biaya mutu
kelompok sebab benih gambar tabel halaman isi jenis ada persen kepemimpinan fungsional
teknis struktural pelaksana selisih rentang wilayah batas atas bawah kosong laporan unduh
tetap datang pergi ukuran tunjangan predikat aturan buka lihat galat peringatan rata
"""
ENGLISH = """
the of and with for from by is are was were not which that this these those at as it its be
been than then only other each more most least no none who what where how
employees employee rank ranks ranking points measured mean share shares shown hidden read
places place regency regencies city cities weight weights score scores rating
files file rows row column columns category categories dimension dimensions competence
performance discipline qualification source year years training steps step plan cost costs
difference lower upper limit limits range between above below figure figures page contents
table note notes slide slides download open very high low medium
"""
FOREIGN = {"en": frozenset(INDONESIAN.split()), "id": frozenset(ENGLISH.split())}
"""Words of the other language, by the language of the report."""


def cited() -> list[str]:
    """Give what is quoted as it is: titles and articles of regulations and other sources."""
    rules = [*available_instruments().values(), *available_pay_rules().values()]
    described = [rule.describe() for rule in (*rules, load_distribution_rule())]
    sources = [source for one in described for source in one["sumber"]]
    titles = [*(s["judul"] for s in sources), *(s["pasal"] for s in sources)]
    return [*titles, *(str(one["judul"]) for one in described)]


def names() -> list[str]:
    """Give the proper names of the sample: places, units, and the mark for make-believe data."""
    units = open_prepared(None, 2022).table("unit_kerja").index.get_level_values("unit_kerja")
    teams = open_merit("")["unit_kerja"]
    towns = load_kabkota()["ibu_kota"]
    return [*load_kabkota()["label"], *towns, *map(str, {*units, *teams}), "DATA SINTETIS"]


# Each was looked at: a proper name, or a word that a file must hold as it stands.
REVIEWED = {
    "en": ["SE MenPANRB", "ANTARA Jatim", "Bappeda", "instrumen-rekaan", "parameter langkah"],
    "id": ["CC BY"],
}
CATEGORIES = "Sangat Rendah (very low), Rendah (low), Sedang (medium), Tinggi (high)"
"""The one sentence of the method note that gives the official names beside the English ones."""


@functools.cache
def _proper() -> re.Pattern[str]:
    found = sorted({n for n in (*cited(), *names()) if n}, key=len, reverse=True)
    return re.compile("|".join(re.escape(" ".join(n.split())) for n in found))


def left_over(texts: list[str], bahasa: str) -> list[str]:
    """Give the words of the other language in some texts, names and addresses taken away."""
    found = []
    for text in texts:
        plain = " ".join(text.split()).replace("( ", "(")  # as a PDF gives an italic back
        plain = _proper().sub(" ", plain)
        for name in (CATEGORIES, "Sangat Tinggi (very high)", *REVIEWED[bahasa]):
            plain = plain.replace(name, " ")
        # addresses, names of files and columns, and what is joined to a number
        plain = re.sub(r"https?://\S+|\S*[_/]\S*|[\w-]+-\d+|\S+\.(?:csv|xlsx|json)\b", " ", plain)
        hit = [w for w in re.findall(r"[^\W\d_]+", plain) if w.casefold() in FOREIGN[bahasa]]
        found += [f"{' '.join(hit)} | {text[:120]}"] if hit else []
    return found


def folder_of(path: Path) -> str:
    return path.stem.replace("_", "-")


@pytest.fixture(scope="module", params=["en", "id"])
def reports(request, tmp_path_factory):
    """Every notebook in one language, with its page and workbook; slides of the workshop."""
    bahasa = request.param
    root = tmp_path_factory.mktemp(bahasa)
    jobs = []
    for path in NOTEBOOKS:
        name = folder_of(path)
        out, printed = root / name, path.stem.startswith(("01", "07"))
        deck = path.stem.startswith("09")
        exports = [functools.partial(report_files, judul="IP ASN", bahasa=bahasa, pdf=printed)]
        exports += [functools.partial(slide_files, judul="IP ASN", bahasa=bahasa)] * deck
        jobs.append(Job(name, path, {"bahasa": bahasa}, out, exports=tuple(exports)))
    result = run_batch(
        jobs,
        root=root,
        journal=root / "jurnal.jsonl",
        progress="diam",
        preload=PRELOAD,
        warmup=warm,
    )
    assert result.ok, [(r.nama, r.kesalahan) for r in result.of("gagal")]
    return bahasa, root


def test_no_word_of_the_other_language_is_left(reports):
    bahasa, root = reports
    found, drawn = {}, 0
    for folder in (root / folder_of(path) for path in NOTEBOOKS):
        for file, texts in visible.of_folder(folder).items():
            drawn += len(texts) if file == "gambar" else 0
            if left := left_over(texts, bahasa):
                found[f"{folder.name}/{file}"] = left
    assert drawn > 1000  # what is drawn is outlines, named in comments: those must be there
    assert found == {}


def test_the_language_is_declared(reports):
    bahasa, root = reports
    for page in root.rglob("*.html"):
        assert f'<html lang="{bahasa}">' in page.read_text(encoding="utf-8")
    for document in root.rglob("*.pdf"):
        assert visible.language_of_pdf(document) == bahasa


def test_numbers_stand_in_the_locale_of_the_language(reports):
    bahasa, root = reports
    page = " ".join(
        visible.of_page((root / "01-laporan-kabkota" / "laporan.html").read_text("utf-8"))
    )
    decimals = re.findall(r"(?<![\d.,])\d{2}([.,])\d{2}(?![\d.,])", page)
    assert len(decimals) > 50
    assert set(decimals) == {"." if bahasa == "en" else ","}


def test_a_word_of_the_other_language_is_found():
    assert left_over(["Index of the employees in Dinas Kesehatan"], "en") == []
    assert left_over(["Index of the pegawai"], "en") == ["pegawai | Index of the pegawai"]
    assert left_over(["Peringkat the daerah"], "id") == ["the | Peringkat the daerah"]
    page = '<html lang="en"><p>Read <code>nilai yang</code> <span lang="id">dan</span> yang</p>'
    assert visible.of_page(page) == ["Read", "yang"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_paragraph_has_its_translation(path):
    said = spoken(nbformat.read(path, 4), "en")
    assert len(said.cells) == len(nbformat.read(path, 4).cells)  # no remark on what is missing


def test_a_paragraph_of_the_user_stays_and_is_remarked_on():
    own = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Perbandingan IP ASN se-Jawa Timur"),
            nbformat.v4.new_markdown_cell("Alinea saya sendiri, 1 sampai 2.\n\n## Peringkat"),
        ]
    )
    before = nbformat.writes(own)
    said = spoken(own, "en")
    assert nbformat.writes(own) == before
    assert said.cells[0].source == "# The ASN index across East Java"
    assert "stand as they were written" in said.cells[1].source
    assert said.cells[2].source == "Alinea saya sendiri, 1 sampai 2.\n\n## Ranking"
    assert not is_known("Alinea saya sendiri, 1 sampai 2.", "en")
    # once is enough: what is English is not taken for an untranslated text
    assert spoken(said, "en") is said
    assert spoken(own, "id") is own


def test_the_page_of_all_places_is_in_the_language_of_the_reports(tmp_path):
    done = publish(open_prepared(None, 2022), tmp_path, kabkota=["3571"], workers=2, bahasa="en")
    assert not done.failed, done.summary()
    page = done.index.read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert left_over(visible.of_page(page), "en") == []
    titles = [
        re.search("<title>(.*?)</title>", p.read_text("utf-8"))[1]
        for p in sorted(done.index.parent.rglob("laporan.html"))
    ]
    assert left_over(titles, "en") == []
    crate = json.loads((done.index.parent / "ro-crate-metadata.json").read_text("utf-8"))
    assert next(e for e in crate["@graph"] if e["@id"] == "./")["inLanguage"] == "en"
    told = [e[k] for e in crate["@graph"] for k in ("name", "description") if k in e]
    # folders keep their names in every language
    assert left_over([re.sub(r"\b\d{2,4}-[a-z-]+", "", t) for t in told if " " in t], "en") == []
    # the set in Indonesian lies beside it, and neither touches the other
    own = publish(open_prepared(None, 2022), tmp_path, kabkota=["3571"], workers=2)
    assert (done.index, own.index) == (
        tmp_path / "en" / "2022" / "index.html",
        tmp_path / "2022" / "index.html",
    )
    assert done.index.read_text(encoding="utf-8") == page
    assert verify_set(done.index.parent) == verify_set(own.index.parent) == []
    assert '<html lang="id">' in own.index.read_text(encoding="utf-8")
