"""The scenarios: whose starts each has, its ceases, its factors and its money."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xlmodel.inputs.axes import Axes
from xlmodel.inputs.checking import Checked, Tables
from xlmodel.inputs.children import ceases_of
from xlmodel.inputs.money import scenario_money_of
from xlmodel.model.demand.assumptions import Scenario
from xlmodel.model.demand.path import Path
from xlmodel.model.domain import FloatArray

__all__ = ["check_ceases", "scenario_starts", "scenarios_of"]


#: What the children of a year are counted from.
_CHILDREN = {
    "starts": ("scenario", "year", "month", "placement", "age", "starts"),
    "scenarios": ("starts_from", "starts_factor"),
    "ceases": ("scenario", "year", "ceases"),
}


def scenario_starts(
    axes: Axes, tables: Tables, own: Mapping[str, FloatArray], paths: Mapping[str, Path]
) -> dict[str, FloatArray]:
    """Return the starts of every scenario, shape (T, P, A): its own, another's, or a forecast's made elsewhere."""
    table = tables["scenarios"]
    elsewhere = set(tables["forecast"].text("scenario")) if "forecast" in tables else set()
    names, sources = table.text("scenario"), table.text("starts_from")
    axes.scenario(table, "starts_from")
    factors = _or(table.numbers("starts_factor"), 1.0)
    rows = {name: at for at, name in reversed(list(enumerate(names))) if name}
    known: dict[str, FloatArray | None] = {}

    def starts(name: str, asked: tuple[str, ...]) -> FloatArray | None:
        if name not in known:
            known[name] = _starts(name, asked)
        return known[name]

    def _starts(name: str, asked: tuple[str, ...]) -> FloatArray | None:
        at, source = rows[name], sources[rows[name]]
        given = [own[name]] if name in own else []
        given += [paths[name].starts] if name in paths and not np.isnan(paths[name].starts).any() else []
        if source and (name in own or name in paths):
            table.fault(at, "starts_from", f"must be blank where {_where(name, own)} has {name}", source)
        if name in paths:
            return given[0] if given else np.full(axes.shape, np.nan)
        if given:
            return np.asarray(given[0] * factors[at])
        if source in (*asked, name):
            table.fault(at, "starts_from", "must not lead back to the scenario itself", source)
            return None
        if source in rows:
            found = starts(source, (*asked, name))
            if found is not None and np.isnan(found).any():
                table.fault(at, "starts_from", "must be a scenario whose starts are known", source)
            return None if found is None else np.asarray(found * factors[at])
        if not source and name not in elsewhere and not table.found.touch("starts.csv", ("scenario",)):
            table.fault(at, "scenario", "must have starts in starts.csv, or in starts_from", name)
        return None

    return {name: found for name in rows if (found := starts(name, ())) is not None}


def _where(name: str, own: Mapping[str, FloatArray]) -> str:
    return "starts.csv" if name in own else "forecast.csv"


def scenarios_of(
    axes: Axes,
    tables: Tables,
    starts: Mapping[str, FloatArray],
    paths: Mapping[str, Path],
    assumed: Mapping[str, float],
) -> dict[str, Scenario]:
    """Return the scenarios whose starts are known, in their order."""
    table = tables["scenarios"]
    ceases = ceases_of(axes, tables.get("ceases"))
    money = {
        n: scenario_money_of(axes, tables.get("money"), n)
        for n in ("investment", "budget_reduction", "growth_avoided", "claimed")
    }
    exits = table.numbers("exit_factor")
    prices = _or(table.numbers("price_factor"), 1.0)
    shares = _or(table.numbers("attribution"), assumed.get("attribution", 1.0))
    out = {}
    for at, (name, label) in enumerate(zip(table.text("scenario"), table.text("label"), strict=True)):
        if name not in starts or name in out:
            continue
        s = axes.scenarios.index(name)
        if not np.isnan(exits[at]) and not np.isnan(ceases[s]).all():
            requirement = "must be blank where ceases.csv states the ceases, which decide it"
            table.fault(at, "exit_factor", requirement, float(exits[at]))
        if name in paths:
            _left_to_the_forecast(tables, at, name, bool(~np.isnan(ceases[s]).all()))
        years = np.ones(axes.months.years)
        out[name] = Scenario(
            name,
            label,
            starts[name],
            ceases[s],
            years * (1.0 if np.isnan(exits[at]) else exits[at]),
            years * prices[at],
            float(shares[at]),
            **{column: values[s] for column, values in money.items()},
        )
    return out


def _left_to_the_forecast(tables: Tables, at: int, name: str, ceases_given: bool) -> None:
    """Note what a scenario must not say because a forecast made elsewhere says it."""
    table = tables["scenarios"]
    for column in ("starts_factor", "exit_factor"):
        value = float(table.numbers(column)[at])
        if not np.isnan(value):
            table.fault(at, column, f"must be blank where forecast.csv has {name}", value)
    if ceases_given:
        tables["ceases"].fault(None, "scenario", f"must not have {name}, which forecast.csv has")


def check_ceases(axes: Axes, table: Checked, opening: float, scenarios: Mapping[str, Scenario]) -> None:
    """Note ceases that are more than the children there are, year by year as long as all before are stated."""
    if any(table.found.touch(f"{name}.csv", columns) for name, columns in _CHILDREN.items()):
        return
    at = {}
    for i, (s, y) in enumerate(zip(axes.scenario(table), axes.year(table), strict=True)):
        at[int(s), int(y)] = i
    for name, scenario in scenarios.items():
        stock = opening
        s = axes.scenarios.index(name)
        for y, (starts, ceases) in enumerate(zip(axes.months.by_year(scenario.starts), scenario.ceases, strict=True)):
            there = stock + float(starts.sum())
            if ceases >= there:
                requirement = (
                    f"must be below {there:.15g}, the {stock:.15g} children at the year's start and those who start"
                )
                table.fault(at[s, y], "ceases", requirement, float(ceases))
            stock = there - float(ceases)
            if not stock > 0:
                break


def _or(values: FloatArray, default: float) -> FloatArray:
    return np.where(np.isnan(values), default, values)
