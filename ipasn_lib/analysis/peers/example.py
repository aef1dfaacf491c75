"""One place as an example: where it is ahead, and what the others would gain by its level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.law.instrument import DIMENSI

__all__ = ["EXAMPLE", "compare_with_example", "gain_from_example"]

EXAMPLE = "3510"
"""Banyuwangi."""

NOISE = 1e-9


def compare_with_example(
    ringkasan: pd.DataFrame,
    contoh: str = EXAMPLE,
    *,
    kolom: Sequence[str] = DIMENSI,
    peers: Sequence[str] | None = None,
) -> pd.DataFrame:
    r"""Set a place beside the others, dimension by dimension.

    Parameters
    ----------
    ringkasan : pandas.DataFrame
        One row a place, one year: index ``kode_kabkota``, ``n_terukur``, ``id_instrumen`` and
        the columns to compare; NA where hidden.
    contoh : str
        The place taken as an example.
    kolom : sequence of str
        What is compared: the dimensions, "indeks", or means of indicators.
    peers : sequence of str, optional
        Compare with these only (places alike in structure); without it with all.

    Returns
    -------
    pandas.DataFrame
        Index ``kolom``; ``contoh``, ``lainnya`` (mean of the others by measured people),
        ``median_lainnya`` (of places), ``selisih`` (contoh - lainnya), ``peringkat`` and
        ``n_tempat`` (Int64; 1 is highest, ties share the best), ``di_bawah`` (Int64; places
        below the example), ``potensi``, ``patut_ditiru`` (bool), ``sumber_data``,
        ``id_instrumen``.
        ``potensi`` is what the others' mean would rise by if each place below came up to the
        example, :math:`\sum_j n_j \max(0, x_c - x_j) / \sum_j n_j`, in points;
        ``patut_ditiru``: the example is above the others' mean and in the best quarter.

    Raises
    ------
    ParameterError
        For an unknown place or column.
    NotMeasurableError
        If the example is hidden or no other place was measured by its instrument.

    Notes
    -----
    Only places under the example's instrument are compared. Being ahead shows *that* something
    goes better, not what: ask the place. A lead in a dimension that records alone can move
    (courses not entered) is a lead in records first.
    """
    rows, others = _places(ringkasan, contoh, kolom, peers)
    weight = others["n_terukur"].to_numpy(dtype=np.float64)
    table = []
    values = rows.loc[contoh, list(kolom)].to_numpy(dtype=np.float64)
    for name, own in zip(kolom, values.tolist(), strict=True):
        x = others[name].to_numpy(dtype=np.float64)
        mean = float(weight @ x / weight.sum())
        rank = 1 + int((x > own + NOISE).sum())
        table.append(
            {
                "contoh": own,
                "lainnya": mean,
                "median_lainnya": float(np.median(x)),
                "selisih": own - mean,
                "peringkat": rank,
                "n_tempat": len(x) + 1,
                "di_bawah": int((x < own - NOISE).sum()),
                "potensi": float(weight @ np.maximum(0.0, own - x) / weight.sum()),
                "patut_ditiru": bool(own > mean + NOISE and rank <= np.ceil((len(x) + 1) / 4)),
            }
        )
    counts = dict.fromkeys(("peringkat", "n_tempat", "di_bawah"), "Int64")
    index = pd.Index(list(kolom), name="kolom")
    return pd.DataFrame(table, index=index).astype(counts).assign(**_origin(rows, others))


def gain_from_example(
    ringkasan: pd.DataFrame,
    contoh: str = EXAMPLE,
    *,
    peers: Sequence[str] | None = None,
) -> pd.DataFrame:
    r"""Give, for each other place, the points between it and the example in each dimension.

    Parameters
    ----------
    ringkasan, contoh, peers
        As in :func:`compare_with_example`.

    Returns
    -------
    pandas.DataFrame
        Index ``kode_kabkota``, largest ``jumlah`` first (ties by code); the four dimensions
        (points, :math:`\max(0, x_c - x_j)`; 0 where the place is not behind), ``jumlah`` (their
        sum: what its index would rise by) and ``terbesar`` (the dimension furthest behind; NA
        where none is), ``sumber_data``, ``id_instrumen``.

    Raises
    ------
    ParameterError, NotMeasurableError
        As :func:`compare_with_example`.

    Notes
    -----
    Arithmetic, not a forecast: it says where the distance lies, not that copying closes it. A
    place may be ahead of the example on the whole and still behind in one dimension.
    """
    rows, others = _places(ringkasan, contoh, DIMENSI, peers)
    own = rows.loc[contoh, list(DIMENSI)].to_numpy(dtype=np.float64)
    gap = np.maximum(0.0, own - others[list(DIMENSI)].to_numpy(dtype=np.float64))
    gap[gap < NOISE] = 0.0
    table = pd.DataFrame(gap, index=others.index, columns=list(DIMENSI))
    total = table.sum(axis=1)
    largest = pd.Series(np.array(DIMENSI)[gap.argmax(axis=1)], index=table.index, dtype="str")
    table = table.assign(jumlah=total, terbesar=largest.where(total > 0))
    ordered = table.sort_index().sort_values("jumlah", ascending=False, kind="stable")
    return ordered.assign(**_origin(rows, others))


def _origin(rows: pd.DataFrame, others: pd.DataFrame) -> dict[str, str]:
    """Give sources and instrument, so that make-believe numbers stay marked."""
    source = rows["sumber_data"].dropna() if "sumber_data" in rows else pd.Series(dtype="str")
    return {
        "sumber_data": "; ".join(sorted(source.astype("str").unique())),
        "id_instrumen": str(others["id_instrumen"].iloc[0]),
    }


def _places(
    ringkasan: pd.DataFrame, contoh: str, kolom: Sequence[str], peers: Sequence[str] | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Check the table; give all rows and the others that are shown and comparable."""
    absent = [c for c in ("n_terukur", "id_instrumen", *kolom) if c not in ringkasan]
    if absent or not list(kolom):
        raise ParameterError(
            f"column {', '.join(absent) or '(none named)'} is missing; "
            f"there are {', '.join(map(str, ringkasan))}"
        )
    if list(ringkasan.index.names) != ["kode_kabkota"] or not ringkasan.index.is_unique:
        raise ParameterError("the summary must have one row a place, index kode_kabkota")
    unknown = [c for c in [contoh, *(peers or [])] if c not in ringkasan.index]
    if unknown:
        raise ParameterError(f"kode_kabkota not in the table: {', '.join(unknown)}")
    needed = ["n_terukur", *kolom]
    if ringkasan.loc[contoh, needed].isna().any():
        raise NotMeasurableError(f"{contoh} is hidden or not measured: it can be no example")
    alike = (ringkasan["id_instrumen"] == ringkasan.loc[contoh, "id_instrumen"]).fillna(False)
    shown = ringkasan.loc[alike.to_numpy(dtype=bool) & ringkasan[needed].notna().all(axis=1)]
    others = shown.drop(index=contoh)
    if peers is not None:
        others = others.loc[others.index.isin(list(peers))]
    if not len(others):
        raise NotMeasurableError("no other place is shown under the example's instrument")
    return ringkasan, others
