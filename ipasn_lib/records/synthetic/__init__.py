"""Make-believe civil servants: a province of real size in which nobody exists.

Shares follow published national figures, place and unit effects are shuffled by the seed, and
every number's ground stands in ``kalibrasi.toml``. Whatever is shown of these people is marked
DATA SINTETIS: it says nothing about the places whose names it bears.
"""

from __future__ import annotations

from ipasn_lib.records.synthetic.examples import write_examples
from ipasn_lib.records.synthetic.files import write_synthetic
from ipasn_lib.records.synthetic.merit import synthesize_merit, write_merit_example
from ipasn_lib.records.synthetic.panel import synthesize_panel
from ipasn_lib.records.synthetic.siasn_exports import write_siasn
from ipasn_lib.records.synthetic.table import synthesize

__all__ = [
    "synthesize",
    "synthesize_merit",
    "synthesize_panel",
    "write_examples",
    "write_merit_example",
    "write_siasn",
    "write_synthetic",
]
