"""What a savings plan and a budget claim, beside what the flows support."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xlmodel.errors import NoDataError
from xlmodel.model.decimals import difference, exact_sum
from xlmodel.model.demand.assumptions import BudgetLine, Demand, Plan
from xlmodel.model.demand.results import BudgetResult, PlanResult, ScenarioResult
from xlmodel.model.demand.years import cost
from xlmodel.model.domain import FloatArray
from xlmodel.model.inyear import after_mitigation, variance
from xlmodel.model.plan import overlap_check, plan_basis, risk_adjusted
from xlmodel.model.precision import verdict

__all__ = ["budget_result", "plan_result"]


def plan_result(demand: Demand, plan: Plan, results: Mapping[str, ScenarioResult]) -> PlanResult:
    """Return the plan's lines added up, weighted, and held against the flows of the plan's scenario."""
    amounts = np.array([line.amounts for line in plan.lines])
    total = exact_sum(*amounts)
    gap = difference(total, plan.stated)
    bound = exact_sum(*(line.half_units for line in plan.lines), plan.stated_half_units)
    unstated = np.isnan(plan.stated)
    words = verdict(np.where(unstated, 0.0, gap), np.where(unstated, 0.0, bound))
    claimed = np.array([line.children for line in plan.lines])
    none = np.isnan(claimed).all(axis=0)
    children = np.where(none, np.nan, np.nansum(claimed, axis=0))
    result = results.get(demand.plan_scenario or "")
    missing = np.full(demand.months.years, np.nan)
    return PlanResult(
        total=total,
        stated=plan.stated,
        gap=gap,
        bound=bound,
        verdict=np.where(unstated, "", words).astype(object),
        weighted=_weighted(plan, amounts),
        children=children,
        level=exact_sum(*(plan_basis(line.amounts, line.basis, "level") for line in plan.lines)),
        overlap=missing if result is None else _overlap(claimed, none, results[demand.baseline], result),
        supported=missing if result is None or result.avoided is None else result.avoided.net,
        ceiling=missing if result is None or result.avoided is None else result.avoided.ceiling,
    )


def _weighted(plan: Plan, amounts: FloatArray) -> FloatArray:
    """Return low, expected and high of the whole plan, shape (Y, 3)."""
    if not plan.weights:
        return np.full((amounts.shape[1], 3), np.nan)
    table = [[w.confidence, w.risk, w.low, w.expected, w.high] for w in plan.weights]
    lines = [risk_adjusted(line.amounts, line.confidence, line.risk, table) for line in plan.lines]
    return np.stack([exact_sum(*(line[i] for line in lines)) for i in range(3)], axis=-1)


def _overlap(claimed: FloatArray, none: FloatArray, base: ScenarioResult, plan: ScenarioResult) -> FloatArray:
    """Return the children claimed beyond those by which the plan's starts are below the baseline's."""
    given = np.where(np.isnan(claimed), 0.0, claimed).T
    fewer = np.minimum(plan.years.starts, base.years.starts)  # a plan with more starts than the baseline avoids nobody
    return np.where(none, np.nan, overlap_check(given, base.years.starts, fewer))


def budget_result(demand: Demand, line: BudgetLine, results: Mapping[str, ScenarioResult]) -> BudgetResult:
    """Return one budget line with its variance and what mitigation leaves.

    Raises
    ------
    NoDataError
        The line has neither a forecast nor an overspend, and its year is not one that the model covers, or another
        line of that year has neither: the model's cost of placements is not split between lines.
    """
    forecast, actual = line.forecast, 0.0
    if line.modelled:
        forecast, actual = _modelled(demand, line, results)
    over = line.overspend
    fraction = np.nan
    if not np.isnan(line.budget):
        if np.isnan(forecast):
            forecast = float(exact_sum(np.array(line.budget), np.array(over)))
        more, share = variance(line.budget, forecast)
        over, fraction = float(more), float(share)
    left = float(after_mitigation(over, line.mitigations, line.delivery or None)) if line.mitigations else over
    return BudgetResult(line.line, line.year, line.budget, forecast, over, fraction, left, actual, line.source)


def _modelled(demand: Demand, line: BudgetLine, results: Mapping[str, ScenarioResult]) -> tuple[float, float]:
    """Return the forecast outturn, actual to date and the model's months to come, and how much of it is actual."""
    labels = demand.months.labels
    alike = [other.line for other in demand.budget if other.year == line.year and other.modelled]
    if len(alike) > 1:
        raise NoDataError(
            f"forecast of all but one of {', '.join(alike)} must be given in {line.year}: without one each would be "
            "held against the cost of all placements",
            argument="forecast",
        )
    if line.year not in labels:
        known = ", ".join(labels)
        raise NoDataError(
            f"year of budget line {line.line} must be one of {known} where no forecast is given",
            argument="year",
            offender=line.year,
        )
    result = results.get(demand.budget_scenario, results[demand.baseline])
    year = demand.months.year == labels.index(line.year)
    if demand.actual_cost is None or np.isnan(demand.actual_cost[year]).all():
        return float(result.years.cost[labels.index(line.year)]), 0.0
    actual = demand.actual_cost[year]
    modelled = cost(demand, result.scenario, result.path).sum(axis=1)[year]
    return float(np.where(np.isnan(actual), modelled, actual).sum()), float(np.nansum(actual))
