"""The contact sheets of docs/lembar-kontak.md: every publication, small, on a few pictures.

Run by maintainers (``make gambar``): runs the suite on the sample for one place and the
province, opens what comes out in Chromium (pages, slides) and pdftoppm (print), and lays the
pictures side by side. Also makes the two pictures of the README.
"""

from __future__ import annotations

import functools
import html
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from PIL import Image, ImageChops, ImageDraw, ImageFont

from ipasn_lib.errors import BatchError
from ipasn_lib.figures.style import INK
from ipasn_lib.figures.typeface import REGULAR, _file
from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.reports.batch import Job, run_batch
from ipasn_lib.reports.files import report_files
from ipasn_lib.suite import publish
from ipasn_lib.suite_jobs import province_jobs

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "gambar"
PLACE, TAHUN = "3510", 2022
BY_HAND = ("07_merit_ekinerja", "08_dampak_inovasi")
"""Notebooks that an analyst runs: their report is made here as the batch makes others."""

DESK, PHONE = 1280, 360
LONGEST = 30000
"""Pixels of the longest page that is looked for; Chromium draws at most about so many."""


@dataclass(frozen=True)
class Shot:
    """A picture of a publication and its name on the sheet."""

    nama: str
    picture: Image.Image


def make_publications(out: Path) -> Path:
    """Make every publication of one place and of the province; give the year's folder."""
    siap = open_prepared(None, TAHUN)
    if not (done := publish(siap, out, kabkota=[PLACE])).result.ok:
        raise BatchError(done.summary())
    year = out / str(TAHUN)
    words = {"tahun": TAHUN, "target": 81.0, "bahasa": "id"}
    jobs = province_jobs(siap, year / "provinsi", words, whole=True)
    jobs += [
        Job(
            nama=name.replace("_", "-"),
            notebook=ROOT / "notebooks" / f"{name}.ipynb",
            parameters={},
            out=year / "provinsi" / name.replace("_", "-"),
            exports=(functools.partial(report_files, judul=title_of(name), pdf=True),),
            masukan="0" * 64,
        )
        for name in BY_HAND
    ]
    (year / "provinsi").mkdir()
    result = run_batch(jobs, root=year / "provinsi", journal=year / "provinsi" / "jurnal.jsonl")
    if not result.ok:
        raise BatchError("; ".join(r.kesalahan for r in result.of("gagal")))
    return year


def title_of(name: str) -> str:
    """Give the title of a notebook: its first line."""
    cells = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text("utf-8"))["cells"]
    return "".join(cells[0]["source"]).partition("\n")[0].removeprefix("# ")


def short_name(folder: str) -> str:
    """Name a report on a sheet: the number of its notebook and a word."""
    of_place = {"penyebab": "04 penyebab", "rencana": "05 rencana"}
    if folder.startswith(PLACE):
        return of_place.get(folder.rpartition("-")[2], "01 daerah")
    number, _, words = folder.partition("-")
    return "02 provinsi" if number == "35" else f"{number} {words.partition('-')[0]}"


def photograph(
    page: str, width: int, height: int = LONGEST, more: Sequence[str] = ()
) -> Image.Image:
    """Open an address in headless Chromium and give the whole page, its empty foot cut off."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        target = Path(folder) / "halaman.png"
        subprocess.run(
            [
                _program("chromium", "chromium-browser", "google-chrome"),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                f"--user-data-dir={folder}/profil",
                f"--window-size={width},{height}",
                f"--screenshot={target}",
                *more,
                page,
            ],
            check=True,
            capture_output=True,
            timeout=240,
        )
        with Image.open(target) as drawn:
            return _trimmed(drawn.convert("RGB"))


def phone(page: Path) -> Image.Image:
    """Give a page as a phone shows it, in a frame, since Chromium's windows have a least width."""
    with tempfile.NamedTemporaryFile("w", suffix=".html", dir=page.parent) as frame:
        frame.write(
            f'<!doctype html><body style="margin:0"><iframe src="{html.escape(page.name)}" '
            f'style="border:0;width:{PHONE}px;height:{LONGEST}px"></iframe>'
        )
        frame.flush()
        wide = photograph(Path(frame.name).as_uri(), 600)
    return _trimmed(wide.crop((0, 0, PHONE, wide.height)))


def slides(deck: Path) -> list[Image.Image]:
    """Give every slide of a deck, each by its own address."""
    count = deck.read_text("utf-8").count("<section")
    # a slide is laid out by the deck's script: give it a second of the page's own time
    wait = ["--virtual-time-budget=1000"]
    return [photograph(f"{deck.as_uri()}#/{k + 1}", 960, 540, wait) for k in range(count)]


def paper(pdf: Path) -> list[Image.Image]:
    """Give every page of a PDF."""
    with tempfile.TemporaryDirectory() as folder:
        command = [_program("pdftoppm"), "-r", "40", "-png", str(pdf), f"{folder}/h"]
        subprocess.run(command, check=True, timeout=240)
        return [_loaded(path) for path in sorted(Path(folder).glob("*.png"))]


def workbook(xlsx: Path) -> Image.Image:
    """Give the first sheets of a workbook as a plain page of their cells."""
    book = openpyxl.load_workbook(xlsx, read_only=True, data_only=True)
    parts = []
    for sheet in book.worksheets[:4]:
        rows = "".join(
            "<tr>"
            + "".join(f"<td>{html.escape('' if v is None else str(v))}</td>" for v in row[:9])
            for row in sheet.iter_rows(max_row=14, values_only=True)
        )
        parts.append(f"<h3>{html.escape(sheet.title)}</h3><table border=1>{rows}</table>")
    with tempfile.NamedTemporaryFile("w", suffix=".html") as page:
        page.write(
            "<!doctype html><meta charset=utf-8><style>body{font:13px sans-serif}"
            "td{max-width:14em;white-space:nowrap;overflow:hidden;padding:1px 5px}"
            "table{border-collapse:collapse}</style>" + "".join(parts)
        )
        page.flush()
        return photograph(Path(page.name).as_uri(), DESK, 2400)


def strips(shots: Sequence[Shot], wide: int, tall: int) -> Image.Image:
    """Lay long pages side by side, each in as many columns of one height as it needs."""
    columns = []
    for shot in shots:
        small = shot.picture.resize(
            (wide, max(1, round(shot.picture.height * wide / shot.picture.width))),
            Image.Resampling.LANCZOS,
        )
        for k, top in enumerate(range(0, small.height, tall)):
            part = small.crop((0, top, wide, min(top + tall, small.height)))
            columns.append(Shot(shot.nama if k == 0 else "", part))
    return tiles(columns, wide, per_row=len(columns))


def tiles(shots: Sequence[Shot], wide: int, *, per_row: int) -> Image.Image:
    """Lay pictures in rows, all of one width, with their names above."""
    gap, head = 8, 16
    font = ImageFont.truetype(str(_file(REGULAR)), 11)
    small = [
        Shot(s.nama, s.picture.resize((wide, round(s.picture.height * wide / s.picture.width))))
        for s in shots
    ]
    rows = [small[k : k + per_row] for k in range(0, len(small), per_row)]
    tall = [max(s.picture.height for s in row) + head + gap for row in rows]
    page = Image.new("RGB", (per_row * (wide + gap) + gap, sum(tall) + gap), "#d9dee3")
    draw, top = ImageDraw.Draw(page), gap
    for row, height in zip(rows, tall, strict=True):
        for k, shot in enumerate(row):
            left = gap + k * (wide + gap)
            draw.text((left, top), shot.nama[: wide // 7], fill=INK, font=font)
            page.paste(shot.picture, (left, top + head))
        top += height
    return page


def save(picture: Image.Image, name: str) -> None:
    """Write a sheet as WebP, a tenth of a PNG's size at this scale."""
    picture.save(FOLDER / f"{name}.webp", quality=42, method=6)


def readme_pictures(place: Image.Image, province: Image.Image) -> None:
    """Write the README's pictures: the head of a place's report, and the province's map."""
    for picture, name, top in ((place, "laporan", 0), (province, "peta", 760)):
        part = picture.crop((0, top, DESK, top + 1150)).resize((800, 719))
        part.save(FOLDER / f"{name}.png", optimize=True)


def main(year: Path) -> None:
    """Photograph a year's publications and write the sheets."""
    # The province's own report is taken from where it is made with every place.
    pages = [year / "index.html", *sorted(year.glob(f"{PLACE}*/laporan.html"))]
    pages += sorted(year.glob("provinsi/*/laporan.html"))
    names = ["daftar", *(short_name(p.parent.name) for p in pages[1:])]
    desk = [Shot(n, photograph(p.as_uri(), DESK)) for n, p in zip(names, pages, strict=True)]
    save(strips(desk, 190, 1900), "lembar-kontak-layar")
    small = [Shot(n, phone(p)) for n, p in zip(names, pages, strict=True)]
    save(strips(small, 84, 1900), "lembar-kontak-ponsel")
    printed = [
        Shot(short_name(pdf.parent.name) if k == 0 else str(k + 1), picture)
        for pdf in sorted(
            [*year.glob(f"{PLACE}*/laporan.pdf"), *year.glob("provinsi/*/laporan.pdf")]
        )
        for k, picture in enumerate(paper(pdf))
    ]
    save(tiles(printed, 150, per_row=12), "lembar-kontak-cetak")
    deck = slides(year / "provinsi" / "09-lokakarya" / "salindia.html")
    save(
        tiles([Shot(f"{k + 1}", s) for k, s in enumerate(deck)], 320, per_row=5),
        "lembar-kontak-salindia",
    )
    books = [page.with_suffix(".xlsx") for page in pages[1:]]
    save(
        tiles([Shot(short_name(b.parent.name), workbook(b)) for b in books], 340, per_row=4),
        "lembar-kontak-buku-kerja",
    )
    by_name = {shot.nama: shot.picture for shot in desk}
    readme_pictures(by_name["01 daerah"], by_name["02 provinsi"])


def _trimmed(picture: Image.Image) -> Image.Image:
    foot = picture.getpixel((2, picture.height - 2))
    box = ImageChops.difference(picture, Image.new("RGB", picture.size, foot)).getbbox()
    return picture.crop((0, 0, picture.width, min(picture.height, box[3] + 16 if box else 16)))


def _loaded(path: Path) -> Image.Image:
    with Image.open(path) as drawn:
        return drawn.convert("RGB")


def _program(*names: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise SystemExit(f"the contact sheets need {names[0]}")
    return found


if __name__ == "__main__":
    if len(sys.argv) > 1:  # a folder made before: photograph it again
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(make_publications(Path(folder)))
