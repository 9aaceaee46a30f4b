"""A savings plan and a budget, as they are printed and claimed."""

from __future__ import annotations

import numpy as np

from xlmodel.inputs.axes import Axes
from xlmodel.inputs.checking import Checked, Tables
from xlmodel.inputs.problems import Problems, listed
from xlmodel.model.decimals import difference
from xlmodel.model.demand.assumptions import BudgetLine, Plan, SavingLine, Weight
from xlmodel.model.domain import FloatArray
from xlmodel.model.precision import half_unit
from xlmodel.model.years import year_label

__all__ = ["budget_of", "plan_of"]

#: What one line says in all its rows.
_OF_A_LINE = ("basis", "confidence", "risk")


def plan_of(axes: Axes, tables: Tables, found: Problems) -> Plan | None:
    """Return the savings plan; None where there is none."""
    table = tables.get("savings")
    if table is None:
        for other in ("savings_totals", "weights"):
            if other in tables:
                found.add(f"{other}.csv", None, None, "must not be there without savings.csv")
        return None
    if not axes.settings.get("plan_scenario") and not found.touch("settings.csv", ("key", "value")):
        found.add("settings.csv", None, None, "must have a row plan_scenario, against which savings.csv is held")
    weights = _weights(tables.get("weights"))
    if "weights" in tables and not tables["weights"].doubtful("confidence", "risk"):
        pairs = {(w.confidence, w.risk) for w in weights}
        for at, pair in enumerate(zip(table.text("confidence"), table.text("risk"), strict=True)):
            if all(pair) and pair not in pairs:
                known = listed(f"{c} and {r}" for c, r in sorted(pairs))
                requirement = f"confidence and risk must be a row of weights.csv: {known}"
                table.fault(at, "confidence", requirement, " and ".join(pair))
    stated, halves = _totals(axes, tables.get("savings_totals"))
    return Plan(_lines(axes, table), stated, halves, weights)


def _lines(axes: Axes, table: Checked) -> tuple[SavingLine, ...]:
    lines, year = table.text("line"), axes.year(table)
    amounts, children = table.numbers("amount"), table.numbers("children")
    halves = _half_units(table)
    said = {name: table.text(name) for name in _OF_A_LINE}
    source = table.text("source")
    out = []
    for line in dict.fromkeys(name for name in lines if name):
        rows = [i for i, name in enumerate(lines) if name == line]
        values = {name: np.full(axes.months.years, np.nan) for name in ("amounts", "half_units", "children")}
        for i in rows:
            for name in _OF_A_LINE:
                if said[name][i] != said[name][rows[0]] and not table.doubtful(name):
                    requirement = f"must be {said[name][rows[0]]}, as row {table.row(rows[0])} says of {line}"
                    table.fault(i, name, requirement, said[name][i])
            if year[i] >= 0:
                for name, column in zip(values, (amounts, halves, children), strict=True):
                    values[name][year[i]] = column[i]
        missing = sorted(set(range(axes.months.years)) - {int(year[i]) for i in rows})
        if missing and not table.doubtful("line", "year"):
            years = listed(axes.months.labels[y] for y in missing)
            table.fault(None, "year", f"must have rows of {line} for {years}: write 0 where nothing is saved")
        basis, confidence, risk = (said[name][rows[0]] for name in _OF_A_LINE)
        sources = "; ".join(dict.fromkeys(source[i] for i in sorted(rows, key=lambda i: year[i])))
        out.append(
            SavingLine(
                line, values["amounts"], values["half_units"], basis, confidence, risk, values["children"], sources
            )
        )
    return tuple(out)


def _half_units(table: Checked) -> FloatArray:
    places = table.numbers("dp")
    return half_unit(np.where(np.abs(places) <= 15, places, np.nan))


def _totals(axes: Axes, table: Checked | None) -> tuple[FloatArray, FloatArray]:
    stated, halves = (np.full(axes.months.years, np.nan) for _ in range(2))
    if table is not None:
        year = axes.year(table)
        fine = year >= 0
        stated[year[fine]], halves[year[fine]] = table.numbers("stated")[fine], _half_units(table)[fine]
    return stated, halves


def _weights(table: Checked | None) -> tuple[Weight, ...]:
    if table is None:
        return ()
    low, expected, high = (table.numbers(name) for name in ("low", "expected", "high"))
    for i in np.flatnonzero(expected < low):
        table.fault(int(i), "expected", f"must be >= low, {low[i]:g}", float(expected[i]))
    for i in np.flatnonzero(high < expected):
        table.fault(int(i), "high", f"must be >= expected, {expected[i]:g}", float(high[i]))
    rows = zip(
        table.text("confidence"), table.text("risk"), low.tolist(), expected.tolist(), high.tolist(), strict=True
    )
    return tuple(Weight(*row) for row in rows)


def budget_of(axes: Axes, table: Checked | None) -> tuple[BudgetLine, ...]:
    """Return the lines of the budget, in their order."""
    if table is None:
        return ()
    year = table.numbers("year")
    budget, forecast, over = (table.numbers(name) for name in ("budget", "forecast", "overspend"))
    mitigations, delivery = (list(table.frame[name]) for name in ("mitigations", "delivery"))
    out = []
    modelled: dict[float, int] = {}
    for i, line in enumerate(table.text("line")):
        if np.isnan(forecast[i]) and np.isnan(over[i]) and not table.doubtful("forecast", "overspend", "year"):
            first = modelled.setdefault(year[i], i)
            if first != i:
                requirement = f"must be filled, or the overspend: row {table.row(first)} has the model's forecast"
                table.fault(i, "forecast", f"{requirement} of all placements in that year already")
        _claims(axes, table, i, (year[i], budget[i], forecast[i], over[i]))
        for k, amount in enumerate(mitigations[i]):
            if amount < 0:
                table.fault(i, "mitigations", f"must be >= 0, every one; number {k + 1} is not", amount)
        for k, share in enumerate(delivery[i]):
            if not 0 <= share <= 1:
                table.fault(i, "delivery", f"must be >= 0 and <= 1, every one; number {k + 1} is not", share)
        if delivery[i] and len(delivery[i]) != len(mitigations[i]):
            shares, needed = len(delivery[i]), len(mitigations[i])
            table.fault(i, "delivery", f"must have {needed} shares, one for each mitigation, and has {shares}")
        label = "" if np.isnan(year[i]) else year_label(year[i])
        values = (float(budget[i]), float(forecast[i]), float(over[i]))
        out.append(BudgetLine(line, label, *values, mitigations[i], delivery[i], table.text("source")[i]))
    return tuple(out)


def _claims(axes: Axes, table: Checked, i: int, figures: tuple[float, float, float, float]) -> None:
    """Note figures of a budget line that are too few, or that contradict each other."""
    year, budget, forecast, over = figures
    if table.doubtful("budget", "forecast", "overspend", "year"):
        return
    if np.isnan(budget) and np.isnan(over):
        table.fault(i, "budget", "must be filled, or the overspend")
    elif np.isnan(forecast) and np.isnan(over) and not 0 <= year - axes.months.first < axes.months.years:
        years = " to ".join(dict.fromkeys((axes.months.labels[0], axes.months.labels[-1])))
        requirement = f"must be filled, or the overspend: the model has figures for {years} only"
        table.fault(i, "forecast", requirement)
    elif not np.isnan(budget + forecast + over):
        gap = float(difference(np.asarray(forecast), np.asarray(budget)))
        if gap != over:
            table.fault(i, "overspend", f"must be forecast less budget, {gap:.15g}", over)
