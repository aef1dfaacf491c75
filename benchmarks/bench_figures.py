"""How long each figure takes on a warm process: to draw, and to give its SVG.

Run ``python benchmarks/bench_figures.py [repeats]``. The notebooks' own cells are run on the
sample, so that every figure is drawn of what it is drawn of in reports; the first run warms up
and is not counted. Figures that no notebook shows are not measured. Beside the province's map and
its ranking stands what a user would otherwise do: GeoPandas and pandas plotting through pyplot.
DATA SINTETIS.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import contextlib
import functools
import gc
import importlib
import inspect
import io
import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("agg")

from ipasn_lib import figures
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.records.boundaries import load_boundaries
from ipasn_lib.records.prepared import open_prepared

ROOT = Path(__file__).resolve().parents[1]
MOST = 150.0
Times = dict[str, list[tuple[float, float]]]
inside: list[Callable[..., Any]] = []


def timed(function: Callable[..., Any], seen: Times) -> Callable[..., Any]:
    """Have a figure function note how long drawing and rendering took (processor ms)."""

    @functools.wraps(function)
    def measured(*words: Any, **options: Any) -> Any:
        # A figure that another one draws is part of that one.
        inside.append(function)
        began = time.process_time()
        try:
            made = function(*words, **options)
        finally:
            inside.pop()
        drawn = time.process_time()
        if isinstance(made, PublishedFigure) and not inside:
            made.svg()
            ended = time.process_time()
            seen[function.__name__].append((1e3 * (drawn - began), 1e3 * (ended - drawn)))
        return made

    return measured


def watch(seen: Times) -> None:
    """Wrap every public function of the room, in every module that names it."""
    room = Path(figures.__file__).parent
    modules = [importlib.import_module(f"ipasn_lib.figures.{p.stem}") for p in room.glob("*.py")]
    wrapped: dict[Any, Any] = {}
    for module in modules:
        for name in getattr(module, "__all__", ()):
            function = getattr(module, name)
            if inspect.isfunction(function):
                wrapped.setdefault(function, timed(function, seen))
    for module in modules:
        for name, value in vars(module).items():
            if inspect.isfunction(value) and value in wrapped:
                setattr(module, name, wrapped[value])


def run(notebook: Path) -> None:
    """Run a notebook's cells here, in its folder; what it would show is not shown."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    space: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.chdir(notebook.parent), contextlib.redirect_stdout(io.StringIO()):
        for cell in cells:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), notebook.name, "exec"), space)


def naive() -> dict[str, float]:
    """Time GeoPandas' and pandas' own plots of the same numbers, as SVG with text as outlines."""
    import matplotlib.pyplot as plt

    kabkota = load_boundaries()
    shown = kabkota.join(open_prepared(None, 2022).table("kabkota"))

    def geopandas_map() -> Any:
        axes = shown.plot(column="kategori", legend=True, figsize=(7.2, 5))
        for _, row in shown.iterrows():
            where = row.geometry.representative_point()
            axes.annotate(row["nama"], (where.x, where.y))
        return axes

    def pandas_bars() -> Any:
        return shown.sort_values("indeks").plot.barh(x="label", y="indeks", figsize=(7.2, 8))

    spent = {}
    for name, draw in (("choropleth", geopandas_map), ("ranking", pandas_bars)):
        took = []
        for _ in range(4):
            began = time.process_time()
            draw().figure.savefig(io.StringIO(), format="svg", bbox_inches="tight")
            plt.close("all")
            took.append(1e3 * (time.process_time() - began))
        spent[name] = statistics.median(took[1:])
    return spent


def main() -> int:
    """Print the table; the status is 1 where a figure takes longer than it may."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    seen: Times = defaultdict(list)
    watch(seen)
    notebooks = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    for k in range(repeats + 1):
        for notebook in notebooks:
            run(notebook)
        if k == 0:
            seen.clear()
            # as the batch's warm parent does: what is loaded is not searched for garbage
            gc.collect()
            gc.freeze()
    beside = naive()
    rows = sorted(
        (
            (name, len(took), *(statistics.median(part) for part in zip(*took, strict=True)))
            for name, took in seen.items()
        ),
        key=lambda row: -(row[2] + row[3]),
    )
    print(f"DATA SINTETIS; processor ms, median; {repeats} runs of {len(notebooks)} notebooks\n")
    print(f"{'figure':24} {'n':>4} {'draw':>7} {'svg':>7} {'both':>7}  naive")
    for name, n, drawn, rendered in rows:
        other = f"{beside[name]:7.0f}" if name in beside else ""
        print(f"{name:24} {n:4} {drawn:7.1f} {rendered:7.1f} {drawn + rendered:7.1f} {other}")
    slow = [row[0] for row in rows if row[2] + row[3] > MOST]
    print(f"\nover {MOST:.0f} ms: {', '.join(slow) or 'none'}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
