"""Ten thousand runs of 60 months by five placements, beside two ordinary ways of simulating the same.

    python -m benchmarks.simulation [--runs 10000] [--alone 100] [--children 10] [--repeat 3]

One beside it plays the runs one after the other, a month at a time, with numpy's own generators over the placements;
the other lets every child stay or leave by itself. They take the same chances, are timed on a few runs, and scaled up;
their mean stock must be that of the model. All three draw the starts, the ceases and the moves of about 500 children.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable

import numpy as np

from xlmodel.model.demand.ages import ALL_AGES
from xlmodel.model.demand.assumptions import Assumption, Demand, Opening, Scenario
from xlmodel.model.demand.flow import path_of
from xlmodel.model.demand.months import Months
from xlmodel.model.demand.path import Path
from xlmodel.model.demand.simulation import simulate
from xlmodel.model.stays import ExponentialStay

PLACEMENTS = ("fostering_kin", "fostering_in_house", "fostering_ifa", "residential", "supported")
CHILDREN = (90, 150, 140, 45, 60)
ENTRANTS = (50, 60, 45, 15, 30)
PRICES = (250.0, 500.0, 1_050.0, 5_200.0, 1_400.0)
HAZARD = 0.42
MOVES = np.array(
    [
        [0.980, 0.010, 0.008, 0.002, 0.000],
        [0.008, 0.970, 0.015, 0.005, 0.002],
        [0.004, 0.012, 0.965, 0.012, 0.007],
        [0.000, 0.005, 0.015, 0.965, 0.015],
        [0.000, 0.000, 0.003, 0.007, 0.990],
    ]
)
RANGES = (
    Assumption("starts_factor", 1.0, 0.9, 1.15, "factor", "benchmark"),
    Assumption("exit_hazard", HAZARD, 0.36, 0.48, "per year", "benchmark"),
    Assumption("price_factor", 1.0, 0.97, 1.06, "factor", "benchmark"),
)


def demand() -> Demand:
    """Return a made-up authority of five placements over five years."""
    months, places = Months(2024, 5), len(PLACEMENTS)
    ones = np.ones(months.years)
    starts = months.spread(np.tile(np.array(ENTRANTS, float)[:, None], (months.years, 1, 1)))
    stated = np.full(months.years, np.nan)
    return Demand(
        title="Benchmark",
        months=months,
        placements=PLACEMENTS,
        placement_labels=PLACEMENTS,
        ages=ALL_AGES,
        opening=Opening(
            np.array(CHILDREN, float), np.arange(places), np.zeros(places, np.intp), np.full(places, np.nan)
        ),
        stays=((ExponentialStay(HAZARD),),) * places,
        moves=MOVES[None],
        reasons=("ceased",),
        reason_shares=np.ones((1, 1)),
        price_week=np.tile(PRICES, (months.count, 1)),
        population=50_000 * ones,
        scenarios={"baseline": Scenario("baseline", "Baseline", starts, stated, ones, ones)},
        baseline="baseline",
        alternative_week=0 * ones,
    )


def by_run(path: Path, runs: int, seed: int) -> float:
    """Return the mean last stock of runs played one by one, with numpy's own draws over the placements."""
    dice = np.random.default_rng(seed)
    starts = path.starts.sum(axis=2)
    ends = []
    for _ in range(runs):
        stock = path.opening[0].sum(axis=1).astype(np.int64)
        for m in range(len(starts)):
            kept = stock - dice.binomial(stock, path.exit_chance[m])
            placed = sum(dice.multinomial(n, row) for n, row in zip(kept, path.move_chance[m], strict=True))
            new = dice.poisson(starts[m])
            stock = placed + new - dice.binomial(new, path.entrant_exit_chance[m])
        ends.append(stock.sum())
    return float(np.mean(ends))


def by_child(path: Path, runs: int, seed: int) -> float:
    """Return the mean last stock of runs in which every child stays, leaves or moves by itself."""
    dice = np.random.default_rng(seed)
    starts = path.starts.sum(axis=2)
    ends = []
    for _ in range(runs):
        children = [p for p, n in enumerate(path.opening[0].sum(axis=1)) for _ in range(int(n))]
        for m in range(len(starts)):
            bounds = np.cumsum(path.move_chance[m], axis=1).tolist()
            leave, leave_new = path.exit_chance[m].tolist(), path.entrant_exit_chance[m].tolist()
            after = []
            for p in children:
                if dice.random() >= leave[p]:
                    luck = dice.random()
                    after.append(next((t for t, bound in enumerate(bounds[p]) if luck < bound), p))
            for p, expected in enumerate(starts[m]):
                after += [p for _ in range(dice.poisson(expected)) if dice.random() >= leave_new[p]]
            children = after
        ends.append(len(children))
    return float(np.mean(ends))


def seconds(work: Callable[[], object], repeat: int) -> float:
    """Return the best of several runs."""
    best = float("inf")
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--alone", type=int, default=100, help="runs played one by one, that all are scaled from")
    parser.add_argument("--children", type=int, default=10, help="runs played child by child")
    parser.add_argument("--repeat", type=int, default=3)
    args = parser.parse_args()
    model = demand()
    path = path_of(model, model.scenarios["baseline"])
    expected = path.stock[-1]
    fan = simulate(path, model.price_week, runs=args.runs, seed=1)
    off = [("xlmodel", args.runs, fan.stock.mean[-1])]
    together = {
        "xlmodel": seconds(lambda: simulate(path, model.price_week, runs=args.runs, seed=1), args.repeat),
        "xlmodel, three ranges drawn": seconds(
            lambda: simulate(path, model.price_week, assumptions=RANGES, runs=args.runs, seed=1), args.repeat
        ),
    }
    print(f"{args.runs:,} runs of {model.months.count} months by {len(PLACEMENTS)} placements")
    for name, took in together.items():
        print(f"{name:30s} {took:9.2f} s")
    for name, play, runs in (("run by run", by_run, args.alone), ("child by child", by_child, args.children)):
        start = time.perf_counter()
        mean = play(path, runs, 1)
        took = (time.perf_counter() - start) / runs * args.runs
        off.append((name, runs, mean))
        print(f"{name:30s} {took:9.0f} s   {took / together['xlmodel']:6.0f} x   scaled from {runs} runs")
    print(f"stock at the end: expected {expected:.2f}")
    for name, runs, mean in off:
        errors = (mean - expected) / fan.stock.deviation[-1] * np.sqrt(runs)
        print(f"{name:30s} {mean:9.2f}   {errors:+.1f} standard errors of {runs:,} runs")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
