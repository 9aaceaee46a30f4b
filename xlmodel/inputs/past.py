"""The years before the forecast, which must lead up to it."""

from __future__ import annotations

import numpy as np

from xlmodel.inputs.axes import Axes
from xlmodel.inputs.checking import Checked
from xlmodel.inputs.money import mid_year_rows
from xlmodel.model.decimals import exact_sum
from xlmodel.model.demand.assumptions import History
from xlmodel.model.domain import FloatArray
from xlmodel.model.rates import rate_per_10k
from xlmodel.model.years import year_label

__all__ = ["history_of"]


def history_of(axes: Axes, table: Checked | None, population: Checked | None, opening: float) -> History | None:
    """Return the years before the forecast; None where they are not given, or have faults."""
    if table is None or table.doubtful("year", "opening", "starts", "ceases", "closing"):
        return None
    order = np.argsort(table.numbers("year"), kind="stable")
    year, starts, ceases, closing = (table.numbers(c)[order] for c in ("year", "starts", "ceases", "closing"))
    given = table.numbers("opening")[order]
    implied = exact_sum(closing, -starts, ceases)
    last = axes.months.first - 1
    wanted = last - len(year) + 1 + np.arange(len(year))
    for i in np.flatnonzero(year != wanted):
        requirement = f"must be {year_label(wanted[i])}: the years follow one another up to the forecast"
        table.fault(int(order[i]), "year", requirement, year_label(year[i]))
    for i in np.flatnonzero(~np.isnan(given) & (given != implied)):
        requirement = f"must be closing less starts plus ceases, {implied[i]:.15g}"
        table.fault(int(order[i]), "opening", requirement, float(given[i]))
    for i in np.flatnonzero(implied[1:] != closing[:-1]) + 1:
        before = (
            f"those at the end of {year_label(year[i - 1])}, {closing[i - 1]:.15g}, plus its starts less its ceases"
        )
        table.fault(int(order[i]), "closing", f"must be {before}", float(closing[i]))
    if year[-1] == last and not np.isnan(opening) and closing[-1] != opening:
        requirement = f"must be the children of opening.csv, {opening:.15g}, with whom the forecast begins"
        table.fault(int(order[-1]), "closing", requirement, float(closing[-1]))
    labels = tuple(year_label(y) for y in year)
    sources = tuple(table.text("source")[i] for i in order)
    return History(labels, implied, starts, ceases, closing, _rates(axes, population, year, closing), sources)


def _rates(axes: Axes, population: Checked | None, year: FloatArray, closing: FloatArray) -> FloatArray:
    out = np.full(len(year), np.nan)
    if population is None:
        return out
    for i, start in enumerate(year):
        rows = mid_year_rows(axes, population, int(start))
        children = population.numbers("population")[rows[0]] if len(rows) == 1 else np.nan
        if children >= closing[i]:
            out[i] = rate_per_10k(closing[i], children)
    return out
