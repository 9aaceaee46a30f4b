"""A path by financial year, with its rate and its cost."""

from __future__ import annotations

import numpy as np

from xlmodel.model.demand.assumptions import Demand, Scenario
from xlmodel.model.demand.months import DAYS_A_WEEK
from xlmodel.model.demand.path import Path
from xlmodel.model.demand.ratio import ratio
from xlmodel.model.demand.results import YearTable
from xlmodel.model.domain import FloatArray
from xlmodel.model.rates import rate_per_10k

__all__ = ["cost", "prices", "whole", "year_table"]

_ROUNDING = 1e-9


def whole(children: FloatArray) -> FloatArray:
    """Return children with what adding up months left beside a whole number taken off.

    >>> whole(np.array([139.99999999999997, 412.25])).tolist()
    [140.0, 412.25]
    """
    nearest = np.rint(children)
    return np.where(np.abs(children - nearest) < _ROUNDING, nearest, children)


def prices(demand: Demand, scenario: Scenario) -> FloatArray:
    """Return a scenario's price of each month and placement, shape (T, P), £ a child-week."""
    return np.asarray(demand.price_week * scenario.price_factor[demand.months.year][:, None])


def cost(demand: Demand, scenario: Scenario, path: Path) -> FloatArray:
    """Return the cost of each month and placement, shape (T, P), £: care days at the dated price of a day."""
    return np.asarray(path.care_days.sum(axis=2) * prices(demand, scenario) / DAYS_A_WEEK)


def year_table(demand: Demand, scenario: Scenario, path: Path) -> YearTable:
    """Return a path by financial year.

    Raises
    ------
    ZeroDenominatorError, DomainError
        The population of a year is 0, or smaller than the children looked after.
    """
    months = demand.months
    closing = whole(months.at_year_end(path.stock))
    opening = np.concatenate([whole(path.opening[:1].sum(axis=(1, 2))), closing[:-1]])
    care_days = months.by_year(path.care_days.sum(axis=(1, 2)))
    by_placement = months.by_year(cost(demand, scenario, path))
    total = by_placement.sum(axis=1)
    return YearTable(
        opening=opening,
        starts=whole(months.by_year(path.starts.sum(axis=(1, 2)))),
        ceases=whole(months.by_year(path.ceases.sum(axis=(1, 2)))),
        closing=closing,
        child_years=care_days / months.year_days,
        rate=rate_per_10k(closing, demand.population),
        cost=total,
        cost_by_placement=by_placement,
        unit_cost_week=ratio(total, care_days, np.nan) * DAYS_A_WEEK,
    )
