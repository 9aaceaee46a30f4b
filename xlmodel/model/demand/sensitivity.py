"""What matters most: one assumption at a time at the ends of its range, and the point at which a scenario pays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan
from typing import Literal

import numpy as np
from scipy.optimize import brentq

from xlmodel.errors import DomainError, NoDataError
from xlmodel.model.demand.assumptions import Assumption, Demand, Scenario
from xlmodel.model.demand.results import Run
from xlmodel.model.demand.years import whole
from xlmodel.model.domain import FloatArray

__all__ = ["VARIABLE", "Bar", "BreakEven", "avoiding", "break_even", "standard_bars", "tornado", "varied"]

#: The assumptions that `varied` can give another value.
VARIABLE = (
    "starts_factor",
    "exit_factor",
    "exit_hazard",
    "price_factor",
    "mix_factor",
    "attribution",
    "alternative_factor",
    "proceedings_share",
    "proceedings_cost",
)

_TENTH = 0.1
_ROUNDING = 1e-9


# --- one assumption at a time ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """What one assumption does to the result while all others stay as they are."""

    name: str
    low: float  #: the assumption at the low end of its range
    high: float
    at_low: float  #: the result there
    at_high: float
    at_value: float  #: the result with every assumption as registered

    @property
    def swing(self) -> float:
        """How far apart the three results lie."""
        results = (self.at_low, self.at_value, self.at_high)
        return max(results) - min(results)


def tornado(evaluate: Callable[[Mapping[str, float]], float], assumptions: Sequence[Assumption]) -> list[Bar]:
    """Return how a result moves with each assumption that has a range, the widest first.

    Parameters
    ----------
    evaluate : callable
        Gives the result for other values of some assumptions, by name; the rest stay as they are.
    assumptions : sequence of Assumption
        The register; rows without a range are passed over.

    Returns
    -------
    list of Bar
        Two results that lie on the same side of the registered one are told by `Bar.at_value`.

    Raises
    ------
    DomainError
        A result that is no number: the assumption and its value are named.

    Examples
    --------
    >>> def result(changes):
    ...     return 40 * changes.get("starts_factor", 1.0) * changes.get("price_factor", 1.0) ** 2
    >>> rows = [Assumption(name, 1.0, 0.9, 1.1, "factor", "") for name in ("starts_factor", "price_factor")]
    >>> [(bar.name, round(bar.at_low, 1), round(bar.at_high, 1)) for bar in tornado(result, rows)]
    [('price_factor', 32.4, 48.4), ('starts_factor', 36.0, 44.0)]

    References
    ----------
    docs/uncertainty.md, "What matters most".
    """
    ranged = [a for a in assumptions if a.ranged]
    if not ranged:
        return []
    middle = _number(evaluate, {})
    bars = [
        Bar(a.name, a.low, a.high, _number(evaluate, {a.name: a.low}), _number(evaluate, {a.name: a.high}), middle)
        for a in ranged
    ]
    return sorted(bars, key=lambda bar: -bar.swing)


def standard_bars(demand: Demand) -> tuple[Assumption, ...]:
    """Return what a tornado varies: the registered ranges, and a tenth either way for what has none.

    Parameters
    ----------
    demand : Demand
        Its register of assumptions.

    Returns
    -------
    tuple of Assumption
        Those of `VARIABLE` that are registered with a range; then, where there is none, the number of entrants, the
        stay (as its inverse, the chance of leaving), the price, and the mix where there are several placements.

    References
    ----------
    docs/uncertainty.md, "What matters most".
    """
    ranged = {a.name: a for a in demand.assumptions if a.ranged and a.name in VARIABLE}
    more = 1 + _TENTH
    less = 1 - _TENTH
    standard = {
        "starts_factor": (less, more),
        "exit_factor": (1 / more, 1 / less),  # a stay that is a tenth longer or shorter
        "price_factor": (less, more),
        "mix_factor": (less, more),
    }
    if "exit_hazard" in ranged:
        del standard["exit_factor"]
    if len(demand.placements) == 1:
        del standard["mix_factor"]
    source = "no range registered: a tenth either way"
    for name, (low, high) in standard.items():
        if name not in ranged:
            value = _registered(demand, name)
            ranged[name] = Assumption(name, value, low * value, high * value, "factor", source)
    return tuple(ranged.values())


def varied(run: Run, changes: Mapping[str, float]) -> Demand:
    """Return the inputs of a run with other values of some assumptions, in all the scenarios that it ran alike.

    Parameters
    ----------
    run : Run
        What is varied, with its results: a scenario that states its ceases keeps the chance of leaving that they came
        out with, and no longer the number, or nothing else could change it.
    changes : mapping of str to float
        Values by name, of `VARIABLE`. What counts is how many times the registered value they are; a `mix_factor`
        multiplies the starts into the dearest placement, which the others give or get in proportion.

    Returns
    -------
    Demand

    Raises
    ------
    NoDataError
        A name that is not one of `VARIABLE`, or a scenario forecast elsewhere, which nothing here can vary.
    DomainError
        A value below 0, a share above 1, or a registered value of 0, of which nothing is a multiple.

    References
    ----------
    docs/uncertainty.md, "What matters most".
    """
    demand = run.demand
    if not changes:
        return demand
    times = {name: _times(demand, name, value) for name, value in changes.items()}
    exits = times.get("exit_factor", 1.0) * times.get("exit_hazard", 1.0)
    scenarios = {}
    for name, result in run.results.items():
        free = _freed(result.scenario, result.path.exit_factor)
        starts = free.starts * times.get("starts_factor", 1.0)
        if "mix_factor" in times:
            starts = _mixed(starts, demand.price_week, times["mix_factor"])
        scenarios[name] = replace(
            free,
            starts=starts,
            exit_factor=free.exit_factor * exits,
            price_factor=free.price_factor * times.get("price_factor", 1.0),
            attribution=_share("attribution", free.attribution * times.get("attribution", 1.0)),
        )
    legal = demand.legal
    if legal is not None:
        share = _share("proceedings_share", legal.share * times.get("proceedings_share", 1.0))
        legal = replace(legal, share=share, cost=legal.cost * times.get("proceedings_cost", 1.0))
    support = demand.alternative_week * times.get("alternative_factor", 1.0)
    return replace(demand, scenarios=scenarios, legal=legal, alternative_week=support)


# --- the point at which a scenario pays ------------------------------------------------------------------------------


@dataclass(frozen=True)
class BreakEven:
    """The number of avoided entrants a year at which what a scenario avoids is worth what it costs."""

    answer: Literal["at", "always", "never"]  #: never: not even if `most` were avoided
    entrants: float  #: a year; NaN unless there is such a number
    most: float  #: the entrants there are to avoid, a year
    net_at_none: float  #: £, net avoided cost if nobody is avoided
    net_at_most: float  #: £


def break_even(net_of: Callable[[float], float], most: float) -> BreakEven:
    """Return the number of avoided entrants a year from which net avoided cost is not negative.

    Parameters
    ----------
    net_of : callable
        Gives the net avoided cost over the horizon, £, for a number of avoided entrants a year; it must not fall.
    most : float, children a year
        The entrants there are to avoid, > 0.

    Returns
    -------
    BreakEven
        "always" where nothing has to be avoided for it, "never" where avoiding all of `most` is not enough.

    Raises
    ------
    DomainError
        `most` is not above 0; a net that is no number; one that falls as more entrants are avoided, so that the more
        a scenario achieved the more it would lose.

    Examples
    --------
    >>> break_even(lambda entrants: 70_000 * entrants - 1_400_000, most=180).entrants
    20.0

    References
    ----------
    docs/uncertainty.md, "Break-even".
    """
    if not (most > 0 and isfinite(most)):
        raise DomainError("most must be > 0", argument="most", offender=most)

    def net(entrants: float) -> float:
        found = float(net_of(entrants))
        if not isfinite(found):
            raise DomainError(f"net_of must give a number at {entrants:g} entrants", argument="net_of", offender=found)
        return found

    none, all_of_them = net(0.0), net(float(most))
    if none >= 0 > all_of_them:
        requirement = "net_of must not fall as more entrants are avoided"
        raise DomainError(requirement, argument="net_of", offender=f"{none:g} at 0 and {all_of_them:g} at {most:g}")
    if none >= 0:
        return BreakEven("always", nan, most, none, all_of_them)
    if all_of_them < 0:
        return BreakEven("never", nan, most, none, all_of_them)
    at = float(brentq(net, 0.0, float(most), xtol=1e-10 * most))
    return BreakEven("at", at, most, none, all_of_them)


def avoiding(run: Run, scenario: str, entrants: float) -> Demand:
    """Return inputs in which a scenario is the baseline with so many fewer entrants every year, and nothing else.

    Parameters
    ----------
    run : Run
        The results with the baseline's stays.
    scenario : str
        Keeps its own attribution and money; its starts, stays and prices become the baseline's.
    entrants : float, children a year
        Fewer, by month, placement and age as the baseline's are; from 0 to those of its smallest year.

    Returns
    -------
    Demand
        With these two scenarios alone, for `run` to take.

    Raises
    ------
    DomainError
        More entrants than the baseline has in a year, or fewer than 0.
    NoDataError
        A scenario that does not exist, or a baseline forecast elsewhere.

    References
    ----------
    docs/uncertainty.md, "Break-even".
    """
    demand = run.demand
    base = run.results[demand.baseline]
    free = _freed(base.scenario, base.path.exit_factor)
    yearly = whole(demand.months.by_year(free.starts.sum(axis=(1, 2))))
    if not 0 <= entrants <= yearly.min() * (1 + _ROUNDING):
        requirement = f"entrants must be >= 0 and <= the {yearly.min():g} of the baseline's smallest year"
        raise DomainError(requirement, argument="entrants", offender=entrants)
    avoided = np.divide(entrants, yearly, out=np.zeros_like(yearly), where=yearly > 0)
    kept = np.maximum(1 - avoided, 0.0)
    own = demand.scenario(scenario)
    fewer = replace(
        own,
        starts=free.starts * kept[demand.months.year][:, None, None],
        ceases=free.ceases,
        exit_factor=free.exit_factor,
        price_factor=free.price_factor,
    )
    return replace(demand, scenarios={demand.baseline: free, scenario: fewer}, plan=None, plan_scenario=None, budget=())


# --- small parts -----------------------------------------------------------------------------------------------------


def _number(evaluate: Callable[[Mapping[str, float]], float], changes: Mapping[str, float]) -> float:
    result = float(evaluate(changes))
    if not isfinite(result):
        where = ", ".join(f"{name} = {value:g}" for name, value in changes.items()) or "the registered values"
        raise DomainError(f"evaluate must give a number at {where}", argument="evaluate", offender=result)
    return result


def _registered(demand: Demand, name: str) -> float:
    """Return the registered value; a factor that is not registered is 1."""
    return next((a.value for a in demand.assumptions if a.name == name), 1.0)


def _times(demand: Demand, name: str, value: float) -> float:
    """Return how many times the registered value a value is."""
    if name not in VARIABLE:
        raise NoDataError(f"changes must name one of {', '.join(VARIABLE)}", argument="changes", offender=name)
    if not (value >= 0 and isfinite(value)):
        raise DomainError(f"{name} must be >= 0", argument="changes", offender=value)
    registered = _registered(demand, name)
    if not registered > 0:
        raise DomainError(f"{name} must be registered with a value > 0 to be varied", argument="changes")
    return value / registered


def _share(name: str, value: float) -> float:
    if value > 1:
        raise DomainError(f"{name} must be <= 1 at the end of its range", argument="changes", offender=value)
    return value


def _freed(scenario: Scenario, exit_factor: FloatArray) -> Scenario:
    """Return a scenario whose ceases follow from its stays, at the factor that what it stated came out with."""
    if not np.isfinite(exit_factor).all():
        requirement = f"{scenario.name} must be forecast here to be varied, not elsewhere"
        raise NoDataError(requirement, argument="run", offender=scenario.name)
    return replace(scenario, exit_factor=exit_factor, ceases=np.full(len(exit_factor), np.nan))


def _mixed(starts: FloatArray, price_week: FloatArray, factor: float) -> FloatArray:
    """Return starts with more or fewer into the dearest placement, as many in all by month and age."""
    dearest = int(np.argmax(price_week.mean(axis=0)))
    into = starts[:, dearest]
    others = starts.sum(axis=1) - into
    new = np.where(others > 0, np.minimum(into * factor, into + others), into)
    scale = (others - (new - into)) / np.where(others > 0, others, 1.0)
    mixed = starts * np.where(others > 0, scale, 1.0)[:, None]
    mixed[:, dearest] = new
    return np.asarray(mixed)
