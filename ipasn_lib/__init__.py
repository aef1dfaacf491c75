"""Indeks Profesionalitas ASN: measure it, compare it, and see how to raise it.

The names below are the library as an analyst uses it. They are imported when first asked for,
so ``import ipasn_lib`` is cheap and has no effect.

>>> import ipasn_lib as ipasn
>>> instrument = ipasn.load_instrument(2022)
>>> instrument.bobot
{'kualifikasi': 25.0, 'kompetensi': 40.0, 'kinerja': 30.0, 'disiplin': 5.0}
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ipasn_lib.errors import (
        BatchError,
        DataError,
        DisclosureError,
        InstrumentError,
        IpasnError,
        NotMeasurableError,
        ParameterError,
        UnsafeFileError,
    )
    from ipasn_lib.figures.browse import browse
    from ipasn_lib.index.aggregate import aggregate, is_hidden
    from ipasn_lib.index.score import add_rejected, score, score_detail
    from ipasn_lib.index.stream import summarize_parquet
    from ipasn_lib.index.tables import published_tables
    from ipasn_lib.law.loading import available_instruments, load_instrument
    from ipasn_lib.pipeline import prepare
    from ipasn_lib.records.boundaries import load_boundaries
    from ipasn_lib.records.prepared import open_prepared
    from ipasn_lib.records.reading import read_pegawai
    from ipasn_lib.records.regions import find_kabkota, load_kabkota, load_neighbours
    from ipasn_lib.records.synthetic import synthesize

__version__ = "0.1.0"

_HOME = {
    "BatchError": "errors",
    "DataError": "errors",
    "DisclosureError": "errors",
    "InstrumentError": "errors",
    "IpasnError": "errors",
    "NotMeasurableError": "errors",
    "ParameterError": "errors",
    "UnsafeFileError": "errors",
    "add_rejected": "index.score",
    "aggregate": "index.aggregate",
    "available_instruments": "law.loading",
    "browse": "figures.browse",
    "find_kabkota": "records.regions",
    "is_hidden": "index.aggregate",
    "load_boundaries": "records.boundaries",
    "load_instrument": "law.loading",
    "load_kabkota": "records.regions",
    "load_neighbours": "records.regions",
    "open_prepared": "records.prepared",
    "prepare": "pipeline",
    "published_tables": "index.tables",
    "read_pegawai": "records.reading",
    "score": "index.score",
    "score_detail": "index.score",
    "summarize_parquet": "index.stream",
    "synthesize": "records.synthetic",
}

__all__ = [
    "BatchError",
    "DataError",
    "DisclosureError",
    "InstrumentError",
    "IpasnError",
    "NotMeasurableError",
    "ParameterError",
    "UnsafeFileError",
    "add_rejected",
    "aggregate",
    "available_instruments",
    "browse",
    "find_kabkota",
    "is_hidden",
    "load_boundaries",
    "load_instrument",
    "load_kabkota",
    "load_neighbours",
    "open_prepared",
    "prepare",
    "published_tables",
    "read_pegawai",
    "score",
    "score_detail",
    "summarize_parquet",
    "synthesize",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'ipasn_lib' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"ipasn_lib.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
