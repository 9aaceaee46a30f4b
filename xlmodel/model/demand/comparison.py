"""What a scenario avoids against the fixed baseline: children and pounds from the same two paths."""

from __future__ import annotations

import numpy as np

from xlmodel.errors import NoDataError
from xlmodel.model.avoidance import avoided_entrants, legal_avoided
from xlmodel.model.demand.assumptions import Demand, Scenario
from xlmodel.model.demand.discounting import discounted
from xlmodel.model.demand.months import DAYS_A_WEEK
from xlmodel.model.demand.path import Path
from xlmodel.model.demand.ratio import ratio
from xlmodel.model.demand.results import Avoided, YearTable
from xlmodel.model.demand.steady import years_in_care
from xlmodel.model.domain import FloatArray
from xlmodel.model.savings import saving_class
from xlmodel.model.unit_cost import price_volume_mix

__all__ = ["avoided"]


def avoided(demand: Demand, base: tuple[Scenario, Path, YearTable], other: tuple[Scenario, Path, YearTable]) -> Avoided:
    """Return by year what `other` avoids against `base`; negative where it has more children or costs more.

    Parameters
    ----------
    demand : Demand
        Prices, legal cost, alternative support.
    base, other : (Scenario, Path, YearTable)
        The fixed baseline, and the scenario held against it.

    Returns
    -------
    Avoided

    Raises
    ------
    NoDataError
        The baseline has a year without children, or a year has no discount rate or deflator while others have.

    References
    ----------
    docs/model.md, "The demand model".
    """
    scenario, share = other[0], other[0].attribution
    before, after = base[2], other[2]
    entrants = avoided_entrants(before.starts, after.starts, share)
    child_years = (before.child_years - after.child_years) * share
    gross = (before.cost - after.cost) * share
    weeks = demand.months.year_days / DAYS_A_WEEK
    # children whom a scenario adds to care were not supported outside it before
    alternative = np.maximum(child_years, 0.0) * weeks * demand.alternative_week
    legal = _legal(demand, entrants)
    net = gross + legal - alternative - scenario.investment
    cashable, growth, neither = _classes(net, scenario)
    volume, mix, price = _decomposed(demand, base[1], other[1], before, after)
    worth = discounted(demand, net)
    return Avoided(
        entrants=entrants,
        children=(before.closing - after.closing) * share,
        child_years=child_years,
        gross=gross,
        legal=legal,
        alternative=alternative,
        investment=scenario.investment,
        net=net,
        cashable=cashable,
        growth_avoided=growth,
        neither=neither,
        ceiling=(_steady_cost(demand, base[0], base[1]) - _steady_cost(demand, scenario, other[1])) * share,
        volume=volume,
        mix=mix,
        price=price,
        real_net=worth.real,
        discounted_net=worth.by_year,
        present_value=worth.total,
    )


def _legal(demand: Demand, entrants: FloatArray) -> FloatArray:
    """Return the proceedings avoided by year of issue; those of the last year that fall after it are left out."""
    if demand.legal is None:
        return np.zeros(len(entrants))
    at_once, next_year = legal_avoided(np.abs(entrants), demand.legal.share, demand.legal.cost, demand.legal.lag_months)
    signed = np.sign(entrants)
    out = at_once * signed
    out[1:] += (next_year * signed)[:-1]
    return np.asarray(out)


def _classes(net: FloatArray, scenario: Scenario) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return net as cashable, avoided growth and neither; a net cost releases nothing and is neither."""
    cashable, growth, neither = saving_class(np.maximum(net, 0.0), scenario.budget_reduction, scenario.growth_avoided)
    return cashable, growth, np.where(net < 0, net, neither)


def _decomposed(
    demand: Demand, base: Path, other: Path, before: YearTable, after: YearTable
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return volume, mix and price, which add up to the difference of cost from the baseline."""
    n0, n1 = (demand.months.by_year(p.care_days.sum(axis=2)) for p in (base, other))
    p0, p1 = ratio(before.cost_by_placement, n0, np.nan), ratio(after.cost_by_placement, n1, np.nan)
    own = demand.months.by_year(demand.price_week * demand.months.days[:, None]) / demand.months.year_days[:, None]
    p0 = np.where(n0 > 0, p0, own / DAYS_A_WEEK)  # a placement that is new is held against its own price
    p1 = np.where(n1 > 0, p1, p0)
    if (n0.sum(axis=1) == 0).any():
        raise NoDataError("the baseline must have children in every year", argument="baseline")
    volume, mix, price = price_volume_mix(n0, n1, p0, p1)
    return volume, mix, price


def _steady_cost(demand: Demand, scenario: Scenario, path: Path) -> FloatArray:
    """Return the cost a year, shape (Y,), if each year's starts, stays and prices went on for ever."""
    starts = demand.months.by_year(path.starts)
    prices = demand.months.by_year(demand.price_week * demand.months.days[:, None]) / DAYS_A_WEEK
    prices = prices * scenario.price_factor[:, None]
    factors, which = np.unique(path.exit_factor, return_inverse=True)
    stay = np.array([_stays(demand, float(f)) for f in factors])[which]
    nobody = starts[..., None] == 0  # also where those who start would never leave
    stock = np.where(nobody, 0.0, starts[..., None] * np.where(nobody, 0.0, stay)).sum(axis=(1, 2))
    return np.asarray((stock * prices).sum(axis=1))


def _stays(demand: Demand, factor: float) -> FloatArray:
    """Return years in care; unknown where a forecast made elsewhere tells no chance of leaving."""
    if np.isnan(factor):
        return np.full((len(demand.placements), demand.ages.count, len(demand.placements)), np.nan)
    return years_in_care(demand, factor)
