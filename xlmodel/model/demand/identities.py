"""The identities that no result may break: each is computed from the results, and says by how much it is missed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from xlmodel.model.demand.assumptions import Demand
from xlmodel.model.demand.path import Path
from xlmodel.model.demand.results import Avoided, Check, PlanResult, ScenarioResult
from xlmodel.model.domain import FloatArray

__all__ = ["TOLERANCE", "checks"]

#: Relative to the size of what is compared.
TOLERANCE = 1e-9


def checks(demand: Demand, results: Mapping[str, ScenarioResult], plan: PlanResult | None) -> tuple[Check, ...]:
    """Return every check of a run.

    One that cannot be computed is left out where a forecast made elsewhere does not tell the flow; elsewhere it fails.
    """
    out: list[Check] = []
    base = results[demand.baseline]
    for result in results.values():
        out += _of_path(demand, result.path)
        out += _of_years(result)
        if result.avoided is not None:
            out += _of_avoided(base, result, result.avoided)
    if plan is not None and demand.plan is not None:
        lines = np.sum([line.amounts for line in demand.plan.lines], axis=0)
        out.append(_check("plan lines add up to the plan", "", lines, plan.total))
    told = {name for name, r in results.items() if np.isfinite(r.path.exit_factor).all()}
    excused = set(results) - told if demand.baseline in told else set(results)
    return tuple(c for c in out if not (np.isnan(c.miss) and c.scenario in excused))


def _check(name: str, scenario: str, a: FloatArray, b: FloatArray | float, where: tuple[str, ...] = ()) -> Check:
    """Return the check that `a` equals `b`, with the place of the largest miss."""
    miss = np.abs(np.asarray(a) - b)
    size = max(1.0, float(np.nanmax(np.abs(a), initial=0.0)), float(np.nanmax(np.abs(b), initial=0.0)))
    worst = np.unravel_index(int(np.argmax(miss)), miss.shape) if miss.size else ()
    at = where[int(worst[0])] if where and worst else ""
    return Check(name, scenario, float(miss.max(initial=0.0)), TOLERANCE * size, at)


def _below(name: str, scenario: str, a: FloatArray, most: FloatArray | float, where: tuple[str, ...] = ()) -> Check:
    return _check(name, scenario, np.maximum(np.asarray(a) - most, 0.0), 0.0, where)


def _of_path(demand: Demand, path: Path) -> Iterator[Check]:
    name, months = path.scenario, tuple(str(m)[:7] for m in path.months.starts)
    inflow = path.opening + path.starts + path.moves_in + path.aged_in
    left = inflow - path.moves_out - path.aged_out - path.ceases
    yield _check("opening + starts - ceases = closing, by placement and age", name, left, path.closing, months)
    total = path.opening + path.starts - path.ceases
    yield _check("opening + starts - ceases = closing, all children", name, total.sum(axis=(1, 2)), path.stock, months)
    yield _check("closing = opening of the next month", name, path.closing[:-1], path.opening[1:], months)
    yield _check("moves in = moves out", name, path.moves_in.sum(axis=(1, 2)), path.moves_out.sum(axis=(1, 2)), months)
    yield _check("ageing loses nobody", name, path.aged_in.sum(axis=(1, 2)), path.aged_out.sum(axis=(1, 2)), months)
    yield _check("ceases by reason = ceases", name, path.ceases_by_reason.sum(axis=2), path.ceases.sum(axis=2), months)
    flows = (path.opening, path.starts, path.moves_in, path.moves_out, path.ceases, path.closing, path.care_days)
    least = np.array([f.min(axis=(1, 2)) for f in flows]).min(axis=0)
    yield _below("no stock or flow below 0", name, -least, 0.0, months)
    most = (path.opening + path.starts).sum(axis=(1, 2)) * demand.months.days
    yield _below("care days within the children there", name, path.care_days.sum(axis=(1, 2)), most, months)
    yield from _of_cohorts(demand, path)


def _of_cohorts(demand: Demand, path: Path) -> Iterator[Check]:
    """Yield the checks of cohorts by year of entry; the first row is the opening stock."""
    entered = np.concatenate([path.opening[:1].sum(axis=(1, 2)), demand.months.by_year(path.starts.sum(axis=(1, 2)))])
    labels = ("opening stock", *demand.months.labels)
    years = path.cohort_child_years
    yield _below("child-years of a cohort within the cohort", path.scenario, years, entered[:, None], labels)
    in_care = demand.months.by_year(path.care_days.sum(axis=(1, 2)) / path.months.year_days[path.months.year])
    yield _check(
        "child-years of all cohorts = child-years", path.scenario, years.sum(axis=0), in_care, demand.months.labels
    )


def _of_years(result: ScenarioResult) -> Iterator[Check]:
    name, years, labels = result.scenario.name, result.years, result.path.months.labels
    yield _check(
        "the years' opening + starts - ceases = closing",
        name,
        years.opening + years.starts - years.ceases,
        years.closing,
        labels,
    )
    yield _check("cost by placement = cost", name, years.cost_by_placement.sum(axis=1), years.cost, labels)


def _of_avoided(base: ScenarioResult, other: ScenarioResult, found: Avoided) -> Iterator[Check]:
    name, share, labels = other.scenario.name, other.scenario.attribution, other.path.months.labels
    starts = np.cumsum(base.years.starts - other.years.starts)
    ceases = np.cumsum(base.years.ceases - other.years.ceases)
    yield _check(
        "avoided starts less avoided ceases = avoided children", name, (starts - ceases) * share, found.children, labels
    )
    yield _check(
        "volume + mix + price = change in cost",
        name,
        found.volume + found.mix + found.price,
        other.years.cost - base.years.cost,
        labels,
    )
    yield _check(
        "cashable + avoided + neither = net",
        name,
        found.cashable + found.growth_avoided + found.neither,
        found.net,
        labels,
    )
