"""A run of the demand model as tidy tables: one row a fact, units in the names of the columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from xlmodel.model.demand.assumptions import Assumption
from xlmodel.model.demand.parameters import Dated
from xlmodel.model.demand.results import BudgetResult, Check, Run, ScenarioResult
from xlmodel.model.demand.sensitivity import Bar
from xlmodel.model.demand.simulation import Fan, Spread
from xlmodel.model.demand.study import Study
from xlmodel.model.domain import FloatArray

__all__ = ["model_tables"]

Tables = dict[str, pd.DataFrame]


def model_tables(study: Study) -> Tables:
    """Return every table of a study by name; one that has nothing to hold is left out.

    Parameters
    ----------
    study : Study
        What the model gave.

    Returns
    -------
    dict of str to DataFrame

    References
    ----------
    docs/demand-model.md, "The tables".
    """
    run = study.run
    results = list(run.results.values())
    others = [r for r in results if r.avoided is not None]
    tables = {
        "years": _joined(_years(run, r) for r in results),
        "months": _joined(_months(run, r) for r in results),
        "cost": _joined(_cost(run, r) for r in results),
        "ceases": _joined(_ceases(run, r) for r in results),
        "moves": _joined(_moves(run, r) for r in results),
        "avoided": _joined(_avoided(run, r) for r in others),
        "difference": _joined(_difference(run, r) for r in others),
        "history": _history(run),
        "plan": _plan(run),
        "plan_lines": _plan_lines(run),
        "budget": pd.DataFrame([_budget(b) for b in run.budget]),
        "checks": pd.DataFrame([_check(c) for c in run.checks]),
        "fan": _joined(_fan(run, fan) for fan in study.fans.values()),
        "tornado": pd.DataFrame([_bar(b) for b in study.bars]),
        "assumptions": pd.DataFrame([_assumption(a) for a in run.demand.assumptions]),
        "parameters": _joined(_parameter(p) for p in run.demand.parameters.values()),
        "sources": pd.DataFrame({"input": list(run.demand.sources), "source": list(run.demand.sources.values())}),
    }
    return {name: table for name, table in tables.items() if len(table)}


def _joined(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    found = [table for table in tables if len(table)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _long(scenario: str, axes: Mapping[str, Sequence[str]], **figures: FloatArray) -> pd.DataFrame:
    """Return arrays as rows: a column for the scenario, one for each axis of the arrays, one for each array."""
    places = np.indices([len(labels) for labels in axes.values()]).reshape(len(axes), -1)
    keys = {name: np.asarray(labels, dtype=object)[at] for (name, labels), at in zip(axes.items(), places, strict=True)}
    return pd.DataFrame({"scenario": scenario, **keys, **{k: np.asarray(v).reshape(-1) for k, v in figures.items()}})


# --- children --------------------------------------------------------------------------------------------------------


def _years(run: Run, result: ScenarioResult) -> pd.DataFrame:
    years = result.years
    return _long(
        result.scenario.name,
        {"year": run.demand.months.labels},
        opening_children=years.opening,
        starts_children=years.starts,
        ceases_children=years.ceases,
        closing_children=years.closing,
        child_years=years.child_years,
        rate_per_10k=years.rate,
        cost_gbp=years.cost,
        unit_cost_gbp_per_week=years.unit_cost_week,
        exit_factor=result.path.exit_factor,
    )


def _history(run: Run) -> pd.DataFrame:
    known = run.demand.history
    if known is None:
        return pd.DataFrame()
    return pd.DataFrame(
        {
            "year": known.years,
            "opening_children": known.opening,
            "starts_children": known.starts,
            "ceases_children": known.ceases,
            "closing_children": known.closing,
            "rate_per_10k": known.rate,
            "source": known.sources,
        }
    )


def _months(run: Run, result: ScenarioResult) -> pd.DataFrame:
    path = result.path
    flows = ("opening", "starts", "moves_in", "moves_out", "aged_in", "aged_out", "ceases", "closing")
    return _long(
        path.scenario,
        {"month": _month_labels(run), "placement": path.placements, "age": path.ages.labels},
        **{f"{name}_children": getattr(path, name) for name in flows},
        care_days=path.care_days,
    )


def _month_labels(run: Run) -> list[str]:
    return [str(day)[:7] for day in run.demand.months.starts]


def _ceases(run: Run, result: ScenarioResult) -> pd.DataFrame:
    by_year = run.demand.months.by_year(result.path.ceases_by_reason)
    axes = {"year": run.demand.months.labels, "placement": result.path.placements, "reason": result.path.reasons}
    return _long(result.scenario.name, axes, ceases_children=by_year)


def _moves(run: Run, result: ScenarioResult) -> pd.DataFrame:
    codes = result.path.placements
    axes = {"year": run.demand.months.labels, "from_placement": codes, "to_placement": codes}
    moves = _long(result.scenario.name, axes, moves_children=run.demand.months.by_year(result.path.moves))
    return moves[moves["moves_children"] != 0]


# --- money -----------------------------------------------------------------------------------------------------------


def _cost(run: Run, result: ScenarioResult) -> pd.DataFrame:
    days = run.demand.months.by_year(result.path.care_days.sum(axis=2))
    axes = {"year": run.demand.months.labels, "placement": run.demand.placements}
    return _long(result.scenario.name, axes, care_days=days, cost_gbp=result.years.cost_by_placement)


def _avoided(run: Run, result: ScenarioResult) -> pd.DataFrame:
    found = result.avoided
    assert found is not None
    return _long(
        result.scenario.name,
        {"year": run.demand.months.labels},
        entrants_children=found.entrants,
        fewer_children=found.children,
        child_years=found.child_years,
        gross_gbp=found.gross,
        legal_gbp=found.legal,
        support_gbp=found.alternative,
        investment_gbp=found.investment,
        net_gbp=found.net,
        cashable_gbp=found.cashable,
        growth_avoided_gbp=found.growth_avoided,
        neither_gbp=found.neither,
        ceiling_gbp=found.ceiling,
        real_net_gbp=found.real_net,
        present_value_gbp=found.discounted_net,
    )


def _difference(run: Run, result: ScenarioResult) -> pd.DataFrame:
    found = result.avoided
    assert found is not None
    return _long(
        result.scenario.name,
        {"year": run.demand.months.labels},
        baseline_cost_gbp=run.results[run.demand.baseline].years.cost,
        volume_gbp=found.volume,
        mix_gbp=found.mix,
        price_gbp=found.price,
        cost_gbp=result.years.cost,
    )


# --- the plan and the budget -----------------------------------------------------------------------------------------


def _plan(run: Run) -> pd.DataFrame:
    plan = run.plan
    if plan is None:
        return pd.DataFrame()
    return pd.DataFrame(
        {
            "year": run.demand.months.labels,
            "sum_gbp": plan.total,
            "printed_total_gbp": plan.stated,
            "gap_gbp": plan.gap,
            "rounding_gbp": plan.bound,
            "verdict": plan.verdict.astype(str),
            "weighted_low_gbp": plan.weighted[:, 0],
            "weighted_expected_gbp": plan.weighted[:, 1],
            "weighted_high_gbp": plan.weighted[:, 2],
            "level_gbp": plan.level,
            "supported_gbp": plan.supported,
            "ceiling_gbp": plan.ceiling,
            "claimed_children": plan.children,
            "overlap_children": plan.overlap,
        }
    )


def _plan_lines(run: Run) -> pd.DataFrame:
    lines = run.demand.plan.lines if run.demand.plan is not None else ()
    return _joined(
        pd.DataFrame(
            {
                "line": line.line,
                "year": run.demand.months.labels,
                "amount_gbp": line.amounts,
                "basis": line.basis,
                "confidence": line.confidence,
                "risk": line.risk,
                "claimed_children": line.children,
                "source": line.source,
            }
        )
        for line in lines
    )


def _budget(found: BudgetResult) -> dict[str, object]:
    return {
        "line": found.line,
        "year": found.year,
        "budget_gbp": found.budget,
        "forecast_gbp": found.forecast,
        "actual_gbp": found.actual,
        "variance_gbp": found.variance,
        "variance_fraction": found.fraction,
        "after_mitigation_gbp": found.after_mitigation,
        "source": found.source,
    }


# --- how sure it is --------------------------------------------------------------------------------------------------


def _check(check: Check) -> dict[str, object]:
    return {
        "check": check.name,
        "scenario": check.scenario,
        "holds": check.holds,
        "miss": check.miss,
        "tolerance": check.tolerance,
        "where": check.where,
    }


def _fan(run: Run, fan: Fan) -> pd.DataFrame:
    years = fan.months.labels
    stock = {"figure": ["stock_children"], "period": _month_labels(run)}
    tables = [_spread(fan, stock, fan.stock)]
    for name, spread in (("starts_children", fan.starts), ("ceases_children", fan.ceases), ("cost_gbp", fan.cost)):
        tables.append(_spread(fan, {"figure": [name], "period": years}, spread))
    inside = _long(
        fan.scenario,
        {"figure": ["inside_budget_fraction"], "period": years},
        mean=fan.inside,
        deviation=fan.inside_error,
    )
    return _joined([*tables, inside[inside["mean"].notna()]])


def _spread(fan: Fan, axes: Mapping[str, Sequence[str]], spread: Spread) -> pd.DataFrame:
    names = [f"p{100 * p:g}" for p in fan.probabilities]
    quantiles = dict(zip(names, np.moveaxis(spread.quantiles, -1, 0), strict=True))
    return _long(fan.scenario, axes, mean=spread.mean, deviation=spread.deviation, **quantiles)


def _bar(bar: Bar) -> dict[str, object]:
    return {
        "assumption": bar.name,
        "low": bar.low,
        "high": bar.high,
        "at_low_gbp": bar.at_low,
        "at_high_gbp": bar.at_high,
        "at_value_gbp": bar.at_value,
        "swing_gbp": bar.swing,
    }


def _assumption(found: Assumption) -> dict[str, object]:
    return {
        "name": found.name,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "unit": found.unit,
        "source": found.source,
        "owner": found.owner,
        "date": found.date,
    }


def _parameter(found: Dated) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": found.name,
            "from": [str(v.start) for v in found.values],
            "to": ["" if v.end is None else str(v.end) for v in found.values],
            "value": [v.value for v in found.values],
            "unit": found.unit,
            "source": [v.source for v in found.values],
        }
    )
