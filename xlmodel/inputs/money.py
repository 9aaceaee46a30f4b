"""Prices, populations and what scenarios cost: dated parameters, held against every day they are needed for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from xlmodel.inputs.axes import Axes
from xlmodel.inputs.checking import Checked, Tables
from xlmodel.inputs.problems import Problems, listed
from xlmodel.model.decimals import exact_dot
from xlmodel.model.domain import FloatArray
from xlmodel.model.prices import price_levels
from xlmodel.model.years import Days, year_label

__all__ = ["actual_cost_of", "mid_year_rows", "population_of", "price_week_of", "scenario_money_of", "support_of"]

_DAY = np.timedelta64(1, "D")


def price_week_of(axes: Axes, tables: Tables, found: Problems) -> FloatArray:
    """Return the price of a child-week by month and placement, shape (T, P), £; a month's days are weighed."""
    out = np.full(axes.shape[:2], np.nan)
    table = tables.get("prices")
    if table is None:
        return out
    place = table.positions("placement", axes.placements)
    uplift = _Uplift(axes, tables.get("uplift"))
    month = np.repeat(np.arange(axes.months.count), axes.months.days.astype(np.intp))
    days = axes.months.starts[0] + np.arange(len(month)) * _DAY
    named = bool((place >= 0).any())
    for p in range(len(axes.placements)):
        rows = np.flatnonzero(place == (p if named else -1))
        daily = _daily(
            axes.placements[p] if named else "", table, rows, days, lambda *held, p=p: uplift.levels(p, *held)
        )
        for m in range(axes.months.count):
            prices = np.unique(daily[month == m])
            out[m, p] = prices[0] if len(prices) == 1 else daily[month == m].mean()
    return out


def _daily(
    name: str,
    table: Checked,
    rows: NDArray[np.intp],
    days: Days,
    levels: Callable[[np.datetime64, Days], FloatArray],
) -> FloatArray:
    """Return the price on each day; NaN, and a fault noted, where none holds."""
    start, end, price = table.days("from"), table.days("to"), table.numbers("price_week")
    out, covered = np.full(len(days), np.nan), np.zeros(len(days), dtype=bool)
    rows = rows[~np.isnat(start[rows])]
    rows = rows[np.argsort(start[rows], kind="stable")]
    for n, i in enumerate(rows):
        after = rows[n + 1] if n + 1 < len(rows) else None
        if end[i] < start[i]:
            table.fault(int(i), "to", "must not be before from", str(end[i]))
        if after is not None and end[i] >= start[after]:
            row = table.row(int(i))
            table.fault(int(after), "from", f"must be after row {row} ends on {end[i]}", str(start[after]))
        until = end[i] if not np.isnat(end[i]) else days[-1]
        if after is not None:
            until = min(until, start[after] - _DAY)
        held = (days >= start[i]) & (days <= until)
        covered |= held
        if held.any():
            risen = levels(start[i], days[held])
            out[held] = exact_dot(np.full((len(risen), 1), price[i]), risen[:, None])
    if not covered.all() and not table.doubtful("placement", "from", "to"):
        of = f" of {name}" if name else ""
        table.fault(None, "from", f"must have a price{of} on {days[~covered][0]}")
    return out


class _Uplift:
    """The rates of uplift.csv, by placement and financial year."""

    def __init__(self, axes: Axes, table: Checked | None) -> None:
        self.axes, self.table = axes, table
        if table is not None:
            place = table.positions("placement", axes.placements)
            rows = zip(place.tolist(), table.numbers("year").tolist(), table.numbers("rate").tolist(), strict=True)
            self.rates: dict[tuple[int, float], float] = {(p, y): r for p, y, r in rows}

    def levels(self, place: int, start: np.datetime64, days: Days) -> FloatArray:
        """Return by how much a price that holds from `start` has risen on each day."""
        if self.table is None:
            return np.ones(len(days))
        first, years = _year_of(start), _year_of(days)
        rates = [0.0, *(self._rate(place, y) for y in range(int(first) + 1, int(years.max()) + 1))]
        return price_levels(rates, len(rates))[years - first] if len(rates) > 1 else np.ones(len(days))

    def _rate(self, place: int, year: int) -> float:
        assert self.table is not None
        named = any(p >= 0 for p, _ in self.rates)
        key = (place if named else -1, float(year))
        if key not in self.rates and not self.table.doubtful("placement", "year"):
            of = f" of {self.axes.placements[place]}" if named else ""
            self.table.fault(None, "year", f"must have the rate{of} for {year_label(year)}")
        return float(self.rates.get(key, np.nan))


def _year_of(days: Days | np.datetime64) -> NDArray[np.intp]:
    """Return the calendar year in which the financial year of each day starts."""
    months = np.asarray(days, dtype="datetime64[M]").astype(np.intp)
    return np.asarray((months - 3) // 12 + 1970)


def population_of(axes: Axes, table: Checked | None, looked_after: float) -> tuple[FloatArray, str]:
    """Return the children 0-17 for the rate at each year's end, shape (Y,), and where they come from.

    A population below those who are looked after when the forecast begins is one in thousands, or a mistake.
    """
    years = axes.months.first + np.arange(axes.months.years)
    out = np.full(len(years), np.nan)
    if table is None:
        return out, ""
    used = []
    for y, year in enumerate(years):
        rows = mid_year_rows(axes, table, int(year))
        if not len(rows) and not table.doubtful("mid_year"):
            at = f"the rate on 31 March {year + 1}"
            table.fault(None, "mid_year", f"must have the population of mid-{year}, for {at}")
        if len(rows) > 1 and not table.doubtful("vintage"):
            names = listed(table.text("vintage")[i] for i in rows)
            requirement = f"mid-{year} has several: the setting population_vintage must be one of {names}"
            table.fault(None, "vintage", requirement, axes.settings.get("population_vintage"))
        if len(rows) == 1:
            out[y] = table.numbers("population")[rows[0]]
            if 0 < out[y] < looked_after:
                requirement = f"must be no fewer than the {looked_after:.15g} children looked after"
                table.fault(rows[0], "population", requirement, float(out[y]))
            used.append(f"mid-{year}: {table.text('vintage')[rows[0]]}, {table.text('source')[rows[0]]}")
    return out, "; ".join(used)


def mid_year_rows(axes: Axes, table: Checked, year: int) -> list[int]:
    """Return the rows of a mid-year: of several, the one of the vintage that the settings name, if it is there."""
    rows = [int(i) for i in np.flatnonzero(table.numbers("mid_year") == year)]
    vintage, chosen = table.text("vintage"), axes.settings.get("population_vintage")
    named = [i for i in rows if vintage[i] == chosen]
    return named if len(rows) > 1 and named else rows


def support_of(axes: Axes, table: Checked | None) -> FloatArray:
    """Return £ a week of support for each child not in care, shape (Y,)."""
    if table is None:
        return np.zeros(axes.months.years)
    out = np.full(axes.months.years, np.nan)
    year = axes.year(table)
    out[year[year >= 0]] = table.numbers("alternative_week")[year >= 0]
    missing = sorted(set(range(axes.months.years)) - set(year.tolist()))
    if missing and not table.doubtful("year"):
        table.fault(None, "year", f"must have a row for {listed(axes.months.labels[y] for y in missing)}")
    return out


def actual_cost_of(axes: Axes, table: Checked | None) -> FloatArray | None:
    """Return what placements have cost in each month so far, shape (T,), £; NaN in the months to come."""
    if table is None:
        return None
    out = np.full(axes.months.count, np.nan)
    month = axes.month(table)
    out[month[month >= 0]] = table.numbers("cost")[month >= 0]
    for i in np.flatnonzero(month > 0):
        before = int(month[i]) - 1
        if before not in month and not table.doubtful("month"):
            missing = str(axes.months.starts[before])[:7]
            table.fault(int(i), "month", f"must follow a row for {missing}: what was spent then is not known")
    return out


def scenario_money_of(axes: Axes, table: Checked | None, column: str) -> FloatArray:
    """Return one column of money.csv, shape (scenarios, Y), £; what is not given is 0, and a claim is NaN."""
    none = np.nan if column == "claimed" else 0.0
    out = np.full((len(axes.scenarios), axes.months.years), none)
    if table is not None:
        scenario, year = axes.scenario(table), axes.year(table)
        fine = (scenario >= 0) & (year >= 0)
        out[scenario[fine], year[fine]] = np.nan_to_num(table.numbers(column)[fine], nan=none)
    return out
