"""All nine questions of the analysis, asked for the whole province, one after the other.

    python benchmarks/bench_questions.py [--folder DIR] [--scale 1] [--merit 50000]

Four hundred thousand make-believe people of 38 places in each of two years (DATA SINTETIS), made
first, kept in ``--folder``, and not counted in the time. Each question is asked as its notebook
asks it, of every place where it is a question of a place; figures and pages are left out. Printed:
seconds by the clock and of the processor for each, and the peak memory of the process. Nothing
else answers all nine; single questions have their alternatives beside them in
``bench_analysis_uncertainty.py`` and ``bench_plan.py``.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

from ipasn_lib.analysis import (
    bootstrap,
    bounds,
    certainty,
    compare,
    decompose,
    impact,
    importance,
    improve,
    inequality,
    lacking,
    merit,
    movers,
    peers,
    plan,
    rank_intervals,
    readings,
    sensitivity,
    spatial,
    trend,
    uncertainty,
    weight_swap,
)
from ipasn_lib.analysis.peers.listing import shared_columns, structural_peers
from ipasn_lib.law import pay_rules, predicate_rules
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.pipeline import prepare_synthetic
from ipasn_lib.records import sides
from ipasn_lib.records.boundaries import load_boundaries
from ipasn_lib.records.layout import is_prepared
from ipasn_lib.records.prepared import Prepared, open_prepared
from ipasn_lib.records.regions import load_neighbours
from ipasn_lib.records.synthetic.merit import synthesize_merit
from ipasn_lib.records.synthetic.panel import synthesize_panel

SEED = 2017
YEAR = 2022
TARGET = 81.0
BUDGET = 150_000_000
MONTHS = 12


@dataclass(frozen=True)
class Province:
    """What the questions are asked of."""

    siap: Prepared
    kabkota: pd.DataFrame
    merit_people: int

    @property
    def instrument(self) -> Instrument:
        """Instrument of the year."""
        return self.siap.instruments()[0]

    @property
    def codes(self) -> list[str]:
        """Places whose numbers may be shown."""
        return [k for k in self.siap.kode_kabkota if k not in self.siap.tersembunyi]

    def ranked(self) -> pd.DataFrame:
        """Give the table of places with ranks and names."""
        return compare.rank_places(self.siap.table("kabkota")).join(self.kabkota[["label"]])


def ask_uncertainty(province: Province) -> str:
    """Tell how sure indices, categories and ranks are."""
    siap, law = province.siap, province.instrument
    people, hidden = siap.people(law.id), siap.hidden(law.id)
    boot = bootstrap.bootstrap_means(
        people, seed=SEED, draws=2000, minimum=siap.minimum, hidden=hidden
    )
    uncertainty.intervals(boot)
    uncertainty.difference_intervals(boot)
    chances = uncertainty.category_probability(boot, law.kategori)
    certainty.category_certainty(chances, province.ranked()["kategori"].reindex(chances.index))
    nilai, replicates = boot.nilai["indeks"], boot.replicates("indeks")
    rank_intervals.rank_intervals(nilai, replicates)
    rank_intervals.rank_probability(nilai, replicates, k=10)
    bounds.worst_case_bounds(people, law, minimum=siap.minimum, hidden=hidden)
    return f"{len(people):,} people, 2,000 draws"


def ask_sensitivity(province: Province) -> str:
    """Rank places under other weights and readings."""
    law = province.instrument
    ranked = province.ranked()
    shares = compare.percent_of_maximum(ranked, law)
    drawn = sensitivity.dirichlet_weights(law.bobot, concentration=100, draws=10_000, seed=SEED)
    sensitivity.rank_summary(sensitivity.rank_under_weights(shares, drawn))
    without = sensitivity.leave_one_out(shares, law.bobot)
    sensitivity.mean_rank_shift(without)
    importance.effective_weights(shares, law.bobot)
    importance.rank_sobol({"baku": shares}, law.bobot, official="baku", seed=SEED)
    weight_swap.smallest_swaps(shares, law.bobot)
    readings.edge_readings(ranked["indeks"], law.kategori)
    return "10,000 weights, 2,048 Sobol' points, all pairs of places"


def ask_decompose(province: Province) -> str:
    """Split what moved each place's index, and the spread between its units."""
    siap, asked = province.siap, 0
    years = sides.years_beside(siap)
    for kode in province.codes:
        two = sides.earlier_year(siap, YEAR - 1, kode)
        if not two.alasan:
            factors = decompose.common_factors(
                two.awal, two.akhir, ["kelompok_jabatan", "golongan"]
            )
            decompose.split_dimensions(two.awal, two.akhir)
            decompose.shown_factors(two.awal, two.akhir, factors, siap.minimum)
            decompose.split_composition(two.awal, two.akhir, ["kelompok_jabatan"])
            shown = [years[t].table("kabkota").loc[[kode]] for t in (YEAR - 1, YEAR)]
            moved = movers.split_movers(two.awal, two.akhir)
            movers.shown_movers(moved, pd.concat(shown), siap.minimum)
            asked += 1
        inequality.between_shares(siap.skor(kode), ["unit_kerja"])
    return f"{asked} places over two years, {len(province.codes)} within and between units"


def ask_improve(province: Province) -> str:
    """Plan each place's cheapest way."""
    siap = province.siap
    for kode in province.codes:
        law = siap.instrument(kode)
        skor, rincian = siap.skor(kode), siap.rincian(kode)
        steps = improve.default_steps(law)
        short = lacking.lacking_counts(rincian, skor, law, minimum=siap.minimum)
        gains = plan.shielded_gains(
            improve.open_steps(rincian, skor, law), steps, skor, short, siap.minimum
        )
        if plan.why_no_plan(steps, gains, MONTHS):
            continue
        improve.step_summary(gains, steps)
        toward = plan.plan_toward_target(skor, gains, steps, TARGET, MONTHS)
        plan.compare_plans(toward)
        plan.compare_plans(plan.plan_for_budget(skor, gains, steps, BUDGET, MONTHS))
        plan.budget_curve(skor, gains, steps, bulan=MONTHS, rencana=toward)
        plan.shown_units(toward, skor, (), siap.minimum)
    return f"{len(province.codes)} places: to the target, for a budget, the whole curve"


def ask_peers(province: Province) -> str:
    """Compare places of like structure."""
    siap, law, ranked = province.siap, province.instrument, province.ranked()
    people = siap.people(law.id)
    shown = people.loc[~people["kode_kabkota"].isin(siap.hidden(law.id))]
    whole = peers.place_structure(shown, province.kabkota, siap.minimum)
    structure = whole[shared_columns(whole)]
    peers.group_places(structure, seed=SEED)
    peers.expected_index(ranked["indeks"], structure)
    for kode in province.codes:
        structural_peers(structure, ranked, kode)
    peers.compare_with_example(siap.table("kabkota"))
    peers.gain_from_example(siap.table("kabkota"))
    return f"{structure.shape[1]} traits of {len(structure)} places"


def ask_spatial(province: Province) -> str:
    """Test whether neighbours resemble each other."""
    ranked = province.ranked()
    for column in ("indeks", *province.instrument.bobot):
        values = ranked[column].reindex(province.kabkota.index)
        for bridge in (True, False):
            pairs = load_neighbours(bridge=bridge)
            spatial.moran(values, pairs, seed=SEED)
            spatial.local_moran(values, pairs, seed=SEED)
            spatial.spatial_lag(values, pairs)
    return "index and four dimensions, with and without the bridge, 9,999 permutations"


def ask_merit(province: Province) -> str:
    """Set pay beside performance."""
    people = synthesize_merit(SEED, people=province.merit_people)
    rule, pattern = pay_rules.load_pay_rule("tpp-jambi"), predicate_rules.load_distribution_rule()
    year = merit.of_year(people, 2025)
    each = merit.one_row_a_person(year)
    measure = merit.known_measure(each)
    merit.concordance(each, measure)
    merit.pay_mismatch(each, measure)
    merit.concentration_curve(each, measure)
    merit.leniency(each)
    merit.distribution_check(each, dict.fromkeys(each["unit_kerja"], "Baik"), pattern)
    merit.paid_against_rule(merit.last_period(year), rule)
    merit.paid_against_rule(merit.last_period(year), rule, by="unit_kerja")
    return f"{len(each):,} people, {len(people):,} months"


def ask_impact(province: Province) -> str:
    """Estimate what an innovation did to the index."""
    panel, adoption = synthesize_panel(SEED)
    study = impact.study_adoption(panel, adoption, seed=SEED, permutations=499)
    impact.cannot_conclude(study.pengaruh, study.sebelum, study.palsu, study.acak)
    return f"{len(panel)} places and years, 499 draws of dates"


def ask_trend(province: Province) -> str:
    """Follow people from category to category."""
    siap, asked = province.siap, 0
    trend.years_side_by_side({t: s.table("kabkota") for t, s in sides.years_beside(siap).items()})
    for kode in province.codes:
        two = sides.earlier_year(siap, YEAR - 1, kode)
        if two.alasan or two.alasan_orang:
            continue
        law = siap.instrument(kode)
        trend.transition_matrix(trend.category_transitions(two.awal, two.akhir, law, siap.minimum))
        asked += 1
    return f"{asked} places' people from category to category"


QUESTIONS: tuple[tuple[str, Callable[[Province], str]], ...] = (
    ("uncertainty", ask_uncertainty),
    ("sensitivity", ask_sensitivity),
    ("decompose", ask_decompose),
    ("improve", ask_improve),
    ("peers", ask_peers),
    ("spatial", ask_spatial),
    ("merit", ask_merit),
    ("impact", ask_impact),
    ("trend", ask_trend),
)


def main() -> None:
    """Ask all and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, help="where the people are kept from run to run")
    parser.add_argument("--scale", type=float, default=1.0, help="people, as a share of all")
    parser.add_argument("--merit", type=int, default=50_000, help="people of the pay table")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        make_years(folder, options.scale)
        ask_all(Province(open_prepared(folder, YEAR), load_boundaries(), options.merit))


def make_years(folder: Path, scale: float) -> None:
    """Make and prepare two years of make-believe people, in a process of its own."""
    for year in (YEAR - 1, YEAR):
        if not is_prepared(folder / str(year), year):
            with ProcessPoolExecutor(1, get_context("spawn")) as own:
                made = own.submit(
                    prepare_synthetic, folder / str(year), year, seed=SEED, scale=scale
                )
                made.result()


def ask_all(province: Province) -> None:
    """Ask all questions, and print the table."""
    print("| question | asked of | s | CPU s |")
    print("| --- | --- | ---: | ---: |")
    began, cpu = time.monotonic(), time.process_time()
    for name, ask in QUESTIONS:
        start, used = time.monotonic(), time.process_time()
        of = ask(province)
        print(
            f"| {name} | {of} | {time.monotonic() - start:.2f} | {time.process_time() - used:.2f} |"
        )
    print(f"| all nine | | {time.monotonic() - began:.1f} | {time.process_time() - cpu:.1f} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory {peak:,.0f} MiB")


if __name__ == "__main__":
    main()
