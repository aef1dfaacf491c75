"""What an estimate does not show, in sentences for the report."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from ipasn_lib.analysis.impact.checks import PreTrend, RandomisationTest
from ipasn_lib.analysis.impact.estimate import AdoptionEffect

__all__ = ["cannot_conclude"]

FEW = 5
"""Adopters under which a standard error rests on too little."""


def cannot_conclude(
    effect: AdoptionEffect | None,
    pretrend: PreTrend | None = None,
    placebo: pd.DataFrame | None = None,
    randomisation: RandomisationTest | None = None,
    *,
    alpha: float = 0.05,
    decimals: int = 2,
) -> tuple[str, ...]:
    """Say what the estimate leaves open.

    Parameters
    ----------
    effect : AdoptionEffect or None
        None where the panel holds nothing to compare with.
    pretrend, placebo, randomisation
        The checks that were made; for each that was not, a sentence says so.
    alpha : float
        p-values under it count as a sign.
    decimals : int
        Of the limits of the effect, in the outcome's own units.

    Returns
    -------
    tuple of str
        Sentences in Indonesian, the weightiest first; never empty, because the assumption of
        parallel trends is never shown.
    """
    if effect is None:
        return (
            "Panel ini tidak memuat pembanding, sehingga pengaruh tidak dapat ditaksir. Naik atau "
            "turunnya indeks sesudah penerapan tidak boleh dibaca sebagai akibatnya.",
        )
    said = [_dates_were_chosen(), *_chance(effect, randomisation, alpha, decimals)]
    said += _before(pretrend, alpha) + _fake(placebo, alpha) + _reach(effect)
    return tuple(said)


def _dates_were_chosen() -> str:
    return (
        "Tahun penerapan dipilih, bukan diundi: daerah yang menerapkan lebih dulu mungkin memang "
        "sudah bergerak ke arah lain. Angka ini membandingkan jalur, belum membuktikan sebab."
    )


def _chance(
    effect: AdoptionEffect,
    randomisation: RandomisationTest | None,
    alpha: float,
    decimals: int,
) -> list[str]:
    said = []
    if pd.isna(effect.galat_baku):
        said.append(
            "Hanya satu daerah yang menerapkan, sehingga ketidakpastian pengaruhnya tidak dapat "
            "dihitung dan tidak berlaku bagi daerah lain."
        )
    elif effect.batas_bawah <= 0 <= effect.batas_atas:
        low = _number(effect.batas_bawah, decimals)
        high = _number(effect.batas_atas, decimals)
        said.append(
            f"Rentang ketidakpastiannya ({low} sampai {high}) memuat nol: data ini tidak "
            "menunjukkan pengaruh, dan tidak pula menunjukkan bahwa pengaruh itu tidak ada."
        )
    if effect.n_menerapkan < FEW:
        said.append(
            f"Yang menerapkan hanya {effect.n_menerapkan} daerah; galat baku dari daerah sesedikit "
            "itu cenderung terlalu kecil."
        )
    if randomisation is None:
        said.append("Uji pengacakan tanggal belum atau tidak dapat dilakukan.")
    elif randomisation.p > alpha:
        said.append(
            f"Bila tahun penerapan dibagikan secara acak, hasil sebesar ini masih biasa terjadi "
            f"(p = {_number(randomisation.p, 3)}), jadi kebetulan belum dapat dikesampingkan."
        )
    return said


def _before(pretrend: PreTrend | None, alpha: float) -> list[str]:
    if pretrend is None:
        return [
            "Kesejajaran jalur sebelum penerapan belum atau tidak dapat diuji: untuk itu "
            "diperlukan sedikitnya dua daerah yang menerapkan dengan beberapa tahun sebelumnya. "
            "Anggapan utama taksiran ini tidak terperiksa."
        ]
    if pretrend.p <= alpha:
        return [
            "Sebelum penerapan pun jalur daerah yang menerapkan sudah menyimpang "
            f"(p = {_number(pretrend.p, 3)}); selisih sesudahnya tidak dapat dibaca sebagai "
            "pengaruh kebijakan."
        ]
    return [
        "Uji jalur sebelum penerapan tidak menemukan penyimpangan, tetapi dengan daerah sesedikit "
        "ini hanya penyimpangan besar yang akan terlihat."
    ]


def _fake(placebo: pd.DataFrame | None, alpha: float) -> list[str]:
    if placebo is None or placebo["p"].isna().all():
        return ["Uji tanggal palsu belum dilakukan atau tidak dapat dihitung."]
    found = placebo.index[placebo["p"] <= alpha]
    if len(found):
        years = ", ".join(str(y) for y in found)
        return [
            f"Tanggal palsu ({years} tahun lebih awal) sudah memberi selisih yang nyata: mungkin "
            "ada hal lain daripada kebijakan ini yang bekerja. Uji ini kadang berbunyi juga "
            "karena kebetulan."
        ]
    return []


def _reach(effect: AdoptionEffect) -> list[str]:
    said = []
    if effect.n_tidak_pernah == 0:
        said.append(
            "Semua daerah akhirnya menerapkan, sehingga pengaruh pada tahun-tahun terakhir tidak "
            "mempunyai pembanding dan tidak dihitung."
        )
    elif len(effect.tidak_dipakai):
        said.append(
            "Sebagian daerah atau tahun tidak mempunyai pembanding dan tidak ikut dihitung "
            "(lihat tabel yang tidak dipakai)."
        )
    if "; " in effect.id_instrumen:
        said.append(
            "Instrumen pengukuran berganti di tengah rentang tahun; yang tersaring hanya bagian "
            "perubahan yang sama bagi semua daerah."
        )
    said.append(
        "Angka ini adalah rata-rata bagi daerah yang menerapkan; belum tentu daerah lain akan "
        "mengalami hal yang sama."
    )
    return said


def _number(value: float, decimals: int) -> str:
    step = Decimal(1).scaleb(-decimals)
    return str(Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP)).replace(".", ",")
