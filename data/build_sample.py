"""Build data/sample: a small make-believe province, prepared for the notebooks, and raw examples.

Run by maintainers (``make sample``) when the generator, the instruments or the layout change.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from ipasn_lib.pipeline import prepare_synthetic
from ipasn_lib.records.synthetic import write_examples, write_merit_example

HERE = Path(__file__).parent / "sample"
SEED = 2017
SCALE = 0.02
YEARS = (2021, 2022, 2024)


def main() -> None:
    """Write the prepared tables of each year and the raw example files."""
    for made in (*HERE.glob("20*"), HERE / "masukan", HERE / "merit"):
        shutil.rmtree(made, ignore_errors=True)
    for tahun in YEARS:
        prepare_synthetic(HERE / str(tahun), tahun, seed=SEED, scale=SCALE)
    write_examples(HERE / "masukan")
    # apart from masukan/, whose files are all read as personnel files
    (HERE / "merit").mkdir()
    write_merit_example(HERE / "merit" / "merit-contoh.csv", SEED)


if __name__ == "__main__":
    main()
