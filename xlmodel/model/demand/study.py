"""A run with what surrounds it: the range of its outcomes, what it hangs on most, and when it would pay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from xlmodel.errors import ArgumentError
from xlmodel.model.demand.assumptions import Demand
from xlmodel.model.demand.path import Path
from xlmodel.model.demand.results import Run, ScenarioResult
from xlmodel.model.demand.run import run
from xlmodel.model.demand.sensitivity import Bar, BreakEven, avoiding, break_even, standard_bars, tornado, varied
from xlmodel.model.demand.simulation import Fan, simulate
from xlmodel.model.demand.years import prices
from xlmodel.model.domain import FloatArray

__all__ = ["RUNS", "SEED", "Study", "net_over_horizon", "placement_budget", "study"]

RUNS = 10_000
SEED = 1

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Study:
    """Everything a report needs of a model."""

    run: Run
    shown: ScenarioResult  #: the scenario it is about
    fans: Mapping[str, Fan] = field(default_factory=dict)  #: by scenario; empty where nothing was simulated
    bars: tuple[Bar, ...] = ()  #: the widest first
    pays: BreakEven | None = None  #: None for the baseline, and where nothing can be varied
    left_out: tuple[str, ...] = ()  #: why something above is missing

    @property
    def fan(self) -> Fan | None:
        """The range of the scenario that is shown."""
        return self.fans.get(self.shown.scenario.name)


def study(
    demand: Demand,
    scenario: str | None = None,
    *,
    paths: Mapping[str, Path] | None = None,
    runs: int = RUNS,
    seed: int = SEED,
    progress: Progress = lambda share: None,
) -> Study:
    """Return a run of all scenarios, simulated and varied.

    Parameters
    ----------
    demand : Demand
        The inputs.
    scenario : str, optional
        The one that matters: by default the plan's, else the first beside the baseline.
    paths : mapping of str to Path, optional
        Forecasts made elsewhere, by scenario. They cannot be varied.
    runs : int
        Simulated runs a scenario; 0: none.
    seed : int
        Where their random numbers begin.
    progress : callable
        Told what share of the work each step was.

    Returns
    -------
    Study

    Raises
    ------
    NoDataError
        A scenario that does not exist.

    References
    ----------
    docs/demand-model.md, "Run it"; docs/uncertainty.md.
    """
    name = (demand.scenario(scenario).name if scenario else None) or _matters(demand)
    found = run(demand, paths=paths, progress=lambda share: progress(0.2 * share))
    shown = found.results[name]
    left_out: list[str] = []
    fans: dict[str, Fan] = {}
    for other, result in found.results.items() if runs else ():
        try:
            fans[other] = _simulated(found, result, runs, seed)
        except ArgumentError as error:
            left_out.append(f"{other} was not simulated: {error}")
        progress(0.5 / len(found.results))
    bars: tuple[Bar, ...] = ()
    pays = None
    try:
        bars = _bars(_needed(found, name), name, lambda share: progress(0.2 * share))
        pays = _break_even(found, shown)
    except ArgumentError as error:
        what = "the break-even was not looked for" if bars else "assumptions were not varied"
        left_out.append(f"{what}: {error}")
    progress(0.1)
    return Study(found, shown, fans, bars, pays, tuple(left_out))


def placement_budget(demand: Demand) -> FloatArray:
    """Return the budget that the model's cost of placements is held against, shape (Y,), £; NaN where there is none."""
    out = np.full(demand.months.years, np.nan)
    for line in demand.budget:
        if line.modelled and line.year in demand.months.labels and np.isfinite(line.budget):
            year = demand.months.labels.index(line.year)
            out[year] = np.nan_to_num(out[year]) + line.budget
    return out


def net_over_horizon(found: Run, name: str) -> float:
    """Return the money that sensitivity is about, £: net avoided cost over all years; the cost of a baseline."""
    result = found.results[name]
    return float((result.years.cost if result.avoided is None else result.avoided.net).sum())


def _matters(demand: Demand) -> str:
    others = [name for name in demand.scenarios if name != demand.baseline]
    return demand.plan_scenario or next(iter(others), demand.baseline)


def _simulated(found: Run, result: ScenarioResult, runs: int, seed: int) -> Fan:
    demand = found.demand
    return simulate(
        result.path,
        prices(demand, result.scenario),
        assumptions=demand.assumptions,
        runs=runs,
        seed=seed,
        budget=placement_budget(demand),
    )


def _needed(found: Run, name: str) -> Run:
    """Return a run without the scenarios that `name` does not depend on: one forecast elsewhere cannot be varied."""
    keep = {found.demand.baseline, found.demand.plan_scenario, name}
    return replace(found, results={key: result for key, result in found.results.items() if key in keep})


def _bars(found: Run, name: str, progress: Progress) -> tuple[Bar, ...]:
    rows = standard_bars(found.demand)
    calls = 2 * len(rows) + 1

    def money(changes: Mapping[str, float]) -> float:
        progress(1 / calls)
        return net_over_horizon(run(varied(found, changes), [name]), name)

    return tuple(tornado(money, rows))


def _break_even(found: Run, shown: ScenarioResult) -> BreakEven | None:
    name, base = shown.scenario.name, found.results[found.demand.baseline]
    most = float(found.demand.months.by_year(base.scenario.starts.sum(axis=(1, 2))).min())
    if shown.avoided is None or most <= 0:
        return None
    return break_even(lambda entrants: net_over_horizon(run(avoiding(found, name, entrants)), name), most)
