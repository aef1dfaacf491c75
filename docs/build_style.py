"""The specimens of docs/gaya.md: type, grid, colours, and how others see the colours.

Run by maintainers (``make gambar``) when figures/style.py changes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from eyes import EYES, contrast, difference, lab, seen
from PIL import Image

from ipasn_lib.figures import style
from ipasn_lib.figures.marks import boxes, rules
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.style import DIMENSION_COLOURS, KATEGORI_COLOURS, SIZE, Provenance, label
from ipasn_lib.figures.typeface import BOLD, MEDIUM, REGULAR
from ipasn_lib.wording import number

FOLDER = Path(__file__).parent / "gambar"
OWN = Provenance("Sumber: ipasn_lib/figures/style.py. Contoh bentuk, bukan data.", False)
COLOURS = {
    "Kategori, terendah ke tertinggi": dict(KATEGORI_COLOURS),
    "Dimensi": {name.capitalize(): colour for name, colour in DIMENSION_COLOURS.items()},
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
        judul="Kategori tetap berurutan bagi setiap mata dan dalam cetak abu-abu",
        subjudul="Angka: beda warna terkecil antartetangga kategori dan antardimensi (CIEDE2000)",
        asal=OWN,
        catatan=[
            "Buta warna: Machado, Oliveira, Fernandes 2009, doi:10.1109/TVCG.2009.113. "
            "Proyektor lemah: 15% cahaya ruang di atas layar.",
            "Dalam abu-abu dimensi tidak dibedakan oleh warna; namanya selalu tercetak di sisinya.",
        ],
    )
    ax = page.axes()
    for x, words in ((1.5, "kategori"), (4.75, "dimensi")):
        label(ax, x, 0.18, words, size=SIZE["small"], colour=style.MUTED)
    for k, eye in enumerate(EYES):
        top = 0.3 + 0.42 * k
        label(ax, 0.0, top + 0.22, eye)
        for left, wide, colours, pairs in (
            (1.5, 0.52, list(KATEGORI_COLOURS.values()), "next"),
            (4.75, 0.46, list(DIMENSION_COLOURS.values()), "all"),
        ):
            shown = [seen(colour, eye) for colour in colours]
            places = [left + wide * n for n in range(len(shown))]
            boxes(ax, places, top, [wide] * len(shown), 0.34, shown)
            worst = number(smallest(shown, neighbours=pairs == "next"), 1)
            label(ax, left + wide * len(shown) + 0.1, top + 0.22, worst, weight=MEDIUM)
    return PublishedFigure(page.figure, "Warna dalam tujuh keadaan penglihatan.", "gaya-mata")


def hatch_specimen() -> PublishedFigure:
    """Draw a map with a hidden place and one without data, as every map draws them."""
    import pandas as pd

    from ipasn_lib.figures.maps import choropleth
    from ipasn_lib.records.boundaries import load_boundaries

    kabkota = load_boundaries()
    steps = [style.KATEGORI[k % 5] for k in range(len(kabkota))]
    table = pd.DataFrame(
        {
            "indeks": [50.0 + 10 * (k % 5) for k in range(len(kabkota))],
            "kategori": pd.Categorical(steps, categories=style.KATEGORI, ordered=True),
            "n_pegawai": 100,
            "sumber_data": "sintetis, contoh bentuk",
        },
        index=kabkota.index,
    )
    hidden = table.index.isin(["3509", "3522"])
    table["n_pegawai"] = table["n_pegawai"].astype("Int64").mask(hidden)
    table["indeks"] = table["indeks"].mask(hidden)
    table["kategori"] = table["kategori"].mask(hidden)
    return choropleth(
        kabkota,
        table.drop("3513"),
        judul="Bergaris miring: disembunyikan; bergaris datar: tanpa data",
        subjudul="Contoh bentuk: kategori dibagikan berurutan, bukan menurut data",
        nama="gaya-peta",
    )


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
    """Write a specimen as a small picture: few colours, so a palette holds it."""
    drawn = Image.open(io.BytesIO(figure.png(dpi=120))).convert("RGB")
    drawn.quantize(64, dither=Image.Dither.NONE).save(FOLDER / f"{figure.nama}.png", optimize=True)


def main() -> None:
    """Draw every specimen."""
    for make in (type_specimen, colour_specimen, eye_specimen, hatch_specimen):
        save(make())


if __name__ == "__main__":
    main()
