"""The scanner finds planted numbers in every format, and keeps quiet about all others."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pypdf
import pytest
from conftest import CLEAN, people
from nbformat import v4
from openpyxl.comments import Comment
from test_reports_batch import QUIET, write_notebook

from ipasn_lib.pipeline import prepare
from ipasn_lib.reports.batch import Job, run_batch
from ipasn_lib.reports.journal import Journal
from ipasn_lib.reports.notice import letter
from ipasn_lib.reports.scan import scan
from ipasn_lib.suite import publish

# Put together here, so that no number that could be somebody's stands in a file of the project.
NIP = "1987" + "0231" + "2010" + "02" + "1" + "007"
NIP_MADE_UP = "1985" + "0745" + "2010" + "02" + "2" + "007"
NIP_PPPK = "1990" + "1005" + "2023" + "21" + "2" + "001"
NIK = "3510" + "07" + "5503" + "88" + "0002"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><text>{}</text></svg>'


def png(kind: bytes, body: bytes) -> bytes:
    """A picture of one pixel with one more chunk."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\x00\x00\x00\x00"))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(kind, body) + pixels + chunk(b"IEND", b"")


def workbook(change: Callable[[openpyxl.Workbook], object]) -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "Unit"
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put(cell: str, value: object) -> Callable[[openpyxl.Workbook], object]:
    return lambda book: book.active.__setitem__(cell, value)


def comment(text: str) -> Callable[[openpyxl.Workbook], object]:
    return lambda book: setattr(book.active["A1"], "comment", Comment(text, "x"))


def property_(text: str) -> Callable[[openpyxl.Workbook], object]:
    return lambda book: setattr(book.properties, "description", text)


def pdf(text: str = "", title: str = "", packed: bool = False) -> bytes:
    """A page with one line of text, and a title in the properties."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(200, 200)
    if text:
        stream = pypdf.generic.DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode())
        page[pypdf.generic.NameObject("/Contents")] = writer._add_object(
            stream.flate_encode() if packed else stream
        )
        font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        name = pypdf.generic.NameObject
        font_object = pypdf.generic.DictionaryObject({name(k): name(v) for k, v in font.items()})
        fonts = pypdf.generic.DictionaryObject({name("/F1"): font_object})
        page[name("/Resources")] = pypdf.generic.DictionaryObject({name("/Font"): fonts})
    writer.add_metadata({"/Title": title or "Laporan"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def notebook(output: dict[str, object], **metadata: object) -> bytes:
    node = v4.new_notebook(metadata=metadata)
    node.cells = [v4.new_code_cell("x", outputs=[v4.new_output("display_data", data=output)])]
    return json.dumps(node).encode()


def b64(data: bytes) -> str:
    return base64.encodebytes(data).decode()  # in lines, as kernels send pictures


def image(mime: str, data: bytes) -> bytes:
    return f'<img src="data:{mime};base64,{base64.b64encode(data).decode()}">'.encode()


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


PARTED = f"{NIP[:8]} {NIP[8:14]} {NIP[14]} {NIP[15:]}"
PACKED = b"Comment\0\0" + zlib.compress(NIP.encode())
PLANTED: dict[str, tuple[str, bytes]] = {
    "html": ("a.html", f"<p>NIP {NIP}</p>".encode()),
    "html-attribute": ("a.html", f'<img alt="{NIP}">'.encode()),
    "html-pppk": ("a.html", f"<td>{NIP_PPPK}</td>".encode()),
    "html-made-up": ("a.html", f"<td>{NIP_MADE_UP}</td>".encode()),
    "html-parted": ("a.html", f"<td>{PARTED}</td>".encode()),
    "html-hard-blanks": ("a.html", f"<td>{PARTED.replace(' ', '&nbsp;')}</td>".encode()),
    "html-drawing": ("a.html", image("image/svg+xml", SVG.format(NIP).encode())),
    "html-picture": ("a.html", image("image/png", png(b"tEXt", b"a\0" + NIP.encode()))),
    "nik": ("a.html", f"<td>{NIK}</td>".encode()),
    "csv": ("a.csv", f"12,{NIP},5\r\n".encode()),
    "csv-utf16": ("a.csv", f"12;{NIP};5".encode("utf-16")),
    "csv-number": ("a.csv", f"12;{float(NIP):.14E};5".encode()),
    "json": ("a.json", json.dumps({"nip": int(NIP)}).encode()),
    "log": ("jurnal.jsonl", f'{{"galat": "id_{NIP}"}}\n'.encode()),
    "traceback": ("log.txt", f"KeyError: 'NIP{NIP}Andi'".encode()),
    "notebook-output": ("a.ipynb", notebook({"text/plain": f"'{NIP}'"})),
    "notebook-picture": ("a.ipynb", notebook({"image/png": b64(png(b"iTXt", NIP.encode()))})),
    "notebook-metadata": ("a.ipynb", notebook({}, papermill={"parameters": {"x": NIP}})),
    "xlsx-text": ("a.xlsx", workbook(put("B7", f"Budi {NIP}"))),
    "xlsx-number": ("a.xlsx", workbook(put("B7", int(NIP)))),
    "xlsx-float": ("a.xlsx", workbook(put("B7", float(NIP)))),
    "xlsx-comment": ("a.xlsx", workbook(comment(f"dari {NIP}"))),
    "xlsx-property": ("a.xlsx", workbook(property_(NIK))),
    "xlsx-sheet": ("a.xlsx", workbook(lambda book: book.create_sheet(NIP))),
    "xlsx-picture": ("a.zip", zipped("xl/media/1.png", png(b"zTXt", PACKED))),
    "zip-name": ("a.zip", zipped(f"{NIP}.txt", b"")),
    "png": ("a.png", png(b"tEXt", b"Comment\0" + NIK.encode())),
    "png-packed": ("a.png", png(b"zTXt", PACKED)),
    "png-exif": ("a.png", png(b"eXIf", b"II*\0" + NIP.encode())),
    "png-behind": ("a.png", png(b"tEXt", b"a\0b") + NIP.encode()),
    "pdf-title": ("a.pdf", pdf(title=NIP)),
    "pdf-text": ("a.pdf", pdf(text=f"NIP {NIP}")),
    "pdf-packed": ("a.pdf", pdf(text=f"NIP {NIP}", packed=True)),
    "hidden-file": (".sisa.part", NIP.encode()),
    "hidden-folder": (".3510.tmp-00000000/laporan.html", NIP.encode()),
    "no-suffix": ("catatan", NIP.encode()),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_planted_numbers_are_found_and_not_repeated(tmp_path: Path, name: str) -> None:
    file, content = PLANTED[name]
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    found = scan(tmp_path)
    assert found, name
    assert {f.berkas for f in found} == {file}
    assert {f.jenis for f in found} == {
        "NIK" if NIK.encode() in content or "property" in name else "NIP"
    }
    told = "\n".join(map(str, found))
    for number in (NIP, NIP_PPPK, NIP_MADE_UP, NIK, PARTED):
        assert number not in told


def test_the_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f"<p>\n<p>\n<p>{NIP}", encoding="utf-8")
    (tmp_path / "b.xlsx").write_bytes(workbook(put("B7", NIP)))
    page, book = map(str, scan(tmp_path))
    assert page == "a.html: baris 3 (bita 11): NIP"
    assert book.startswith("b.xlsx: xl/worksheets/sheet1.xml, baris 1 (bita ")


def test_a_number_in_a_file_name_is_told_by_its_folder(tmp_path: Path) -> None:
    (tmp_path / "3510").mkdir()
    (tmp_path / "3510" / f"{NIP}.html").write_text("", encoding="utf-8")
    assert [str(f) for f in scan(tmp_path)] == ["3510: nama berkas: NIP"]


@pytest.mark.parametrize(
    "text",
    [
        hashlib.sha256(NIP.encode()).hexdigest(),
        f"{'ab' * 12}{NIP}{'0c' * 11}",  # a hash that happens to hold the digits of one
        f"0.{NIP}",
        f"<path d='M12.{NIP} 4L1,2'/>",
        f"{NIP}5",
        f"7{NIP}",
        "198713" + NIP[6:],  # month 13
        NIP[:6] + "00" + NIP[8:],  # day 0
        NIP[:8] + "2010" + "19" + NIP[14:],  # month of appointment 19
        NIP[:14] + "3" + NIP[15:],  # neither of the two sex digits
        "1764000000123456",  # microseconds of a day in 2025
        "20261124113458123456",
        "0810" + NIK[4:],  # no province
        NIK[:6] + "3203" + NIK[10:],  # day 32
        NIK[:12] + "0000",
        f"{1 / 3!r} {2e17!r} {123456789012345678}",
        "3501 3502 3503 3504 3505 20190101 20191231",
        "2022-01-01 00:00:00.123456789",
    ],
    ids=range(18),
)  # fmt: skip
def test_other_numbers_keep_quiet(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.html").write_text(f"<td>{text}</td>", encoding="utf-8")
    assert scan(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.7 cut off"),
        ("a.xlsx", workbook(put("A2", "x"))[:900]),
        ("a.gz", b"\x1f\x8b\x08\x00"),
        ("skor.parquet", b"PAR1 x PAR1"),
        ("lama.xls", b"\xd0\xcf\x11\xe0\xa1\xb1"),
    ],
)
def test_what_cannot_be_looked_into_is_not_called_clean(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    assert {(f.berkas, f.jenis) for f in scan(tmp_path)} == {(name, "tidak dapat diperiksa")}


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs links")
def test_links_are_told_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "luar").mkdir()
    (tmp_path / "luar" / "a.txt").write_text(NIP, encoding="utf-8")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "pranala").symlink_to(tmp_path / "luar", target_is_directory=True)
    assert [str(f) for f in scan(tmp_path / "d")] == [
        "pranala: bukan berkas biasa: tidak dapat diperiksa"
    ]


def everything(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize(
    "last",
    [
        "print(nomor)",
        "nomor",
        "raise ValueError(nomor)",
        "{}[nomor]",
    ],
)
def test_a_report_with_a_number_is_not_published_and_nothing_of_it_is_kept(
    tmp_path: Path, last: str
) -> None:
    parts = f"nomor = '{NIP[:9]}' + '{NIP[9:]}'"
    path = write_notebook(tmp_path / "n.ipynb", "kode: str = '3500'", parts, last)
    (tmp_path / "k" / "satu").mkdir(parents=True)
    (tmp_path / "k" / "satu" / "lama.txt").write_text("terbitan lama", encoding="utf-8")
    job = Job("satu", path, {"kode": "3510"}, Path("k") / "satu")
    result = run_batch([job], root=tmp_path, journal=tmp_path / "jurnal.jsonl", workers=1, **QUIET)
    assert [r.status for r in result.hasil] == ["gagal"]
    assert "personal number: " in result.hasil[0].kesalahan
    assert ".ipynb: baris " in result.hasil[0].kesalahan
    assert NIP.encode() not in everything(tmp_path)
    assert [p.name for p in (tmp_path / "k" / "satu").iterdir()] == ["lama.txt"]
    assert "personal number" in Journal(tmp_path / "jurnal.jsonl").read()[-1]["kesalahan"]


def test_folders_looked_through_before_are_left_out(tmp_path: Path) -> None:
    for name in ("satu", "dua"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(NIP, encoding="utf-8")
    assert [f.berkas for f in scan(tmp_path, besides=[tmp_path / "satu"])] == ["dua/a.txt"]


def test_a_batch_ends_badly_where_a_number_stands_in_its_folder(tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "laporan"
    data.mkdir()
    for kode, unit in (("3510", "Dinas"), ("3571", f"Dinas {NIP}")):
        table = people(*[{}] * 20, base={**CLEAN, "kode_kabkota": kode, "unit_kerja": unit})
        table.index = pd.Index([f"{kode}{i:028x}" for i in range(20)], name="id_pegawai")
        table.reset_index().to_parquet(data / f"{kode}.parquet")
    (out / "2022").mkdir(parents=True)
    (out / "2022" / "titipan.txt").write_text(NIP, encoding="utf-8")
    done = publish(prepare(data, 2022, tmp_path / "siap"), out, workers=1)
    assert done.failed
    ended = {r.nama: (r.status, r.kesalahan) for r in done.result.hasil}
    assert ended["3510-kab-banyuwangi"] == ("selesai", "")
    assert "personal number: laporan" in ended["3571-kota-kediri"][1]
    assert not (out / "2022" / "3571-kota-kediri").exists()
    assert "do not publish: titipan.txt: baris 1 (bita 0): NIP" in done.summary()
    said = json.loads((out / "2022" / "ringkasan.json").read_text(encoding="utf-8"))
    assert not said["baik"]
    assert said["temuan"] == ["titipan.txt: baris 1 (bita 0): NIP"]
    assert NIP not in json.dumps(said) + letter(said, "a@contoh.id", "b@contoh.id").as_string()
    (out / "2022" / "titipan.txt").unlink()
    assert NIP.encode() not in everything(out)
