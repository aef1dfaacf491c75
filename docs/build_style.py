"""The specimens of docs/gaya.md: type, grid, colours, and how others see the colours.

Run by maintainers (``make gambar``) when figures/style.py changes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eyes import EYES, contrast, difference, lab, seen
from PIL import Image

from ipasn_lib.figures import style
from ipasn_lib.figures.marks import boxes, rules
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.style import (
    DIMENSION_COLOURS,
    GROUP_COLOURS,
    KATEGORI_COLOURS,
    SIZE,
    Provenance,
    label,
)
from ipasn_lib.figures.typeface import BOLD, MEDIUM, REGULAR
from ipasn_lib.wording import number

if TYPE_CHECKING:
    import pandas as pd

FOLDER = Path(__file__).parent / "gambar"
OWN = Provenance("Sumber: ipasn_lib/figures/style.py. Contoh bentuk, bukan data.", False)
COLOURS = {
    "Kategori, terendah ke tertinggi": dict(KATEGORI_COLOURS),
    "Dimensi": {name.capitalize(): colour for name, colour in DIMENSION_COLOURS.items()},
    "Lima kelompok peringkat, terendah ke tertinggi": {
        f"Kelompok {k}": colour for k, colour in enumerate(GROUP_COLOURS, start=1)
    },
    "Tinta dan tanda": {
        "Tinta": style.INK,
        "Redup": style.MUTED,
        "Tekanan": style.ACCENT,
        "Daerah": style.PLACE,
        "Pembanding": style.BESIDE,
        "Garis bantu": style.GRID,
        "Tanpa data": style.NO_DATA,
    },
}


def type_specimen() -> PublishedFigure:
    """Draw the typeface in its sizes and weights, on the sheet whose grid it names."""
    page = style.sheet(
        3.15,
        judul="Judul menyatakan temuan, 15 pt tebal",
        subjudul="Subjudul menyebut yang digambar dan satuannya, 11,5 pt",
        asal=OWN,
        catatan=["Catatan dan sumber, 10 pt: tidak ada huruf yang lebih kecil dalam gambar"],
    )
    ax = page.axes()
    lines = [("title", BOLD), ("subtitle", REGULAR), ("label", MEDIUM), ("small", REGULAR)]
    for k, (name, weight) in enumerate(lines):
        words = f"{number(SIZE[name], 1)} pt  Kabupaten Banyuwangi 0123456789 78,25 −1,50"
        label(ax, 0.0, 0.3 + 0.36 * k, words, size=SIZE[name], weight=weight)
    # The sheet: margins, the plot's width, and thirds, on which most charts stand.
    wide, top, tall = style.WIDTH, 1.75, 1.05
    scale = page.width / wide
    boxes(ax, 0.0, top, [wide * scale], tall, [style.PALE])
    inner = (wide - 2 * style.MARGIN) * scale
    boxes(ax, style.MARGIN * scale, top, [inner], tall, ["#ffffff"])
    for k in range(1, 3):
        place = (style.MARGIN + k * (wide - 2 * style.MARGIN) / 3) * scale
        rules(ax, place, top, place, top + tall, style.GRID, 0.8)
    words = (
        f"Lembar {number(wide, 1)} inci (lebar teks A4); tepi {number(style.MARGIN, 2)} inci; "
        f"bidang gambar {number(wide - 2 * style.MARGIN, 2)} inci"
    )
    label(ax, 0.0, top + tall + 0.22, words, size=SIZE["small"], colour=style.MUTED)
    return PublishedFigure(page.figure, "Contoh huruf dan lembar gambar.", "gaya-huruf")


def colour_specimen() -> PublishedFigure:
    """Draw every colour with its contrast to white and that of the text upon it."""
    rows = sum(len(group) + 1 for group in COLOURS.values())
    page = style.sheet(
        0.3 * rows + 0.3,
        judul="Teks di atas setiap warna terbaca: kontras sedikitnya 4,5",
        subjudul="Kontras WCAG terhadap putih, dan terhadap teks di atas warna itu",
        asal=OWN,
        catatan=["Warna kategori pucat selalu bertepi dan bernama; garis bantu hanya latar."],
    )
    ax = page.axes()
    for x, words in ((4.6, "terhadap putih"), (6.3, "teks di atasnya")):
        label(ax, x, 0.15, words, size=SIZE["small"], colour=style.MUTED, ha="center")
    top = 0.3
    for title, group in COLOURS.items():
        label(ax, 0.0, top + 0.18, title, weight=BOLD)
        top += 0.3
        for name, colour in group.items():
            ink = style.on_colour(colour)
            boxes(ax, 0.0, top, [2.4], 0.26, [colour], edgecolors=style.MUTED, linewidths=0.4)
            label(ax, 0.12, top + 0.18, name, colour=ink, weight=MEDIUM)
            label(ax, 2.6, top + 0.18, colour)
            for x, other in ((4.6, "#ffffff"), (6.3, ink)):
                label(ax, x, top + 0.18, number(contrast(colour, other), 1), ha="center")
            top += 0.3
    return PublishedFigure(page.figure, "Warna rumah dan kontrasnya.", "gaya-warna")


def eye_specimen() -> PublishedFigure:
    """Draw categories and dimensions as each eye sees them, with the smallest difference."""
    page = style.sheet(
        0.35 + 0.42 * len(EYES),
        judul="Kategori dan kelompok tetap berurutan bagi setiap mata dan dalam cetak abu-abu",
        subjudul="Angka: beda warna terkecil antartetangga (dimensi: antarsemua), CIEDE2000",
        asal=OWN,
        catatan=[
            "Buta warna: Machado, Oliveira, Fernandes 2009, doi:10.1109/TVCG.2009.113. "
            "Proyektor lemah: 15% cahaya ruang di atas layar.",
            "Dalam abu-abu dimensi tidak dibedakan oleh warna; namanya selalu tercetak di sisinya.",
        ],
    )
    ax = page.axes()
    columns = (
        ("kategori", 1.5, 0.32, list(KATEGORI_COLOURS.values()), True),
        ("dimensi", 3.7, 0.32, list(DIMENSION_COLOURS.values()), False),
        ("kelompok", 5.55, 0.21, list(GROUP_COLOURS), True),
    )
    for words, x, *_ in columns:
        label(ax, x, 0.18, words, size=SIZE["small"], colour=style.MUTED)
    for k, eye in enumerate(EYES):
        top = 0.3 + 0.42 * k
        label(ax, 0.0, top + 0.22, eye)
        for _, left, wide, colours, neighbours in columns:
            shown = [seen(colour, eye) for colour in colours]
            places = [left + wide * n for n in range(len(shown))]
            boxes(ax, places, top, [wide] * len(shown), 0.34, shown)
            worst = number(smallest(shown, neighbours=neighbours), 1)
            label(ax, left + wide * len(shown) + 0.06, top + 0.22, worst, weight=MEDIUM)
    return PublishedFigure(page.figure, "Warna dalam tujuh keadaan penglihatan.", "gaya-mata")


def hatch_specimen() -> PublishedFigure:
    """Draw a map with a hidden place and one without data, as every map draws them."""
    from ipasn_lib.figures.maps import choropleth
    from ipasn_lib.records.boundaries import load_boundaries

    return choropleth(
        load_boundaries(),
        dealt_table(),
        judul="Bergaris miring: disembunyikan; bergaris datar: tanpa data",
        subjudul="Contoh bentuk: kategori dibagikan berurutan, bukan menurut data",
        nama="gaya-peta",
    )


def certainty_specimen() -> PublishedFigure:
    """Draw a map on which every category comes in every step of certainty."""
    from ipasn_lib.figures.maps import certainty_map
    from ipasn_lib.records.boundaries import load_boundaries

    table = dealt_table()
    shares = [(1.0, 0.84, 0.55)[k // 5 % 3] for k in range(len(table))]
    return certainty_map(
        load_boundaries(),
        table.assign(peluang=shares),
        judul="Makin pucat, makin belum pasti; tepinya tetap berwarna penuh",
        nama="gaya-pasti",
    )


def dealt_table() -> pd.DataFrame:
    """Give all places but one, two of them hidden, categories dealt in turn."""
    import pandas as pd

    from ipasn_lib.records.boundaries import load_boundaries

    codes = load_boundaries().index
    steps = [style.KATEGORI[k % 5] for k in range(len(codes))]
    table = pd.DataFrame(
        {
            "kategori": pd.Categorical(steps, categories=style.KATEGORI, ordered=True),
            "n_pegawai": pd.array([100] * len(codes), dtype="Int64"),
            "sumber_data": "sintetis, contoh bentuk",
        },
        index=codes,
    )
    hidden = table.index.isin(["3509", "3522"])
    for column in ("kategori", "n_pegawai"):
        table[column] = table[column].mask(hidden)
    return table.drop("3513")


def smallest(colours: Sequence[str], *, neighbours: bool) -> float:
    """Give the smallest CIEDE2000 between neighbours, or between any two."""
    places = [lab(colour) for colour in colours]
    reach = 2 if neighbours else len(places)
    return min(
        difference(one, other)
        for k, one in enumerate(places)
        for other in places[k + 1 : k + reach]
    )


def save(figure: PublishedFigure) -> None:
    """Write a specimen as a small picture; a palette of 256 holds its colours true."""
    drawn = Image.open(io.BytesIO(figure.png(dpi=120))).convert("RGB")
    drawn.quantize(256, dither=Image.Dither.NONE).save(FOLDER / f"{figure.nama}.png", optimize=True)


SPECIMENS = (type_specimen, colour_specimen, eye_specimen, hatch_specimen, certainty_specimen)


def main() -> None:
    """Draw every specimen."""
    for make in SPECIMENS:
        save(make())


if __name__ == "__main__":
    main()
