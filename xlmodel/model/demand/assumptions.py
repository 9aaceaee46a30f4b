"""Everything one run of the demand model is given: children, stays, scenarios, prices and the plan.

Axes are named in the shapes: months T, years Y, placements P, age bands A, reasons R. Money is in pounds, time in
financial years, children may come in parts, as an expectation does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from xlmodel.errors import NoDataError
from xlmodel.model.demand.ages import Ages
from xlmodel.model.demand.months import Months
from xlmodel.model.demand.parameters import Dated
from xlmodel.model.domain import FloatArray
from xlmodel.model.stays import Stay

__all__ = [
    "Assumption",
    "BudgetLine",
    "Demand",
    "History",
    "Legal",
    "Opening",
    "Plan",
    "SavingLine",
    "Scenario",
    "Weight",
]


@dataclass(frozen=True)
class Opening:
    """The children looked after when the forecast begins, by group: all arrays of shape (groups,)."""

    children: FloatArray
    placement: NDArray[np.intp]  #: index into the placements
    band: NDArray[np.intp]  #: index into the age bands, by age now
    years_in_care: FloatArray  #: NaN where not known: then as long as in a steady state
    entry_band: NDArray[np.intp] | None = (
        None  #: by age at entry; -1 where not known: then by age now less years in care
    )


@dataclass(frozen=True)
class Scenario:
    """One course of events: who starts, how long they stay, what it takes."""

    name: str
    label: str
    starts: FloatArray  #: (T, P, A), children a month by placement and age at entry
    ceases: FloatArray  #: (Y,), children a year where stated, else NaN: then they follow from the stays
    exit_factor: FloatArray  #: (Y,), multiplies the chance of leaving at any moment; 1 leaves stays as they are
    price_factor: FloatArray  #: (Y,), multiplies prices
    attribution: float = 1.0  #: share of the difference from the baseline that is the scenario's doing, 0 to 1
    investment: FloatArray = field(default_factory=lambda: np.zeros(0))  #: (Y,), £, net of grant
    budget_reduction: FloatArray = field(default_factory=lambda: np.zeros(0))  #: (Y,), £ taken out of budgets
    growth_avoided: FloatArray = field(default_factory=lambda: np.zeros(0))  #: (Y,), £ of budgeted growth given up
    claimed: FloatArray = field(default_factory=lambda: np.zeros(0))  #: (Y,), £ somebody claims for it, else NaN


@dataclass(frozen=True)
class History:
    """Years before the forecast, as they were: all arrays of shape (years,)."""

    years: tuple[str, ...]  #: 2022/23, ...; the last one ends where the forecast begins
    opening: FloatArray
    starts: FloatArray
    ceases: FloatArray
    closing: FloatArray
    rate: FloatArray  #: per 10,000 on 31 March; NaN where no population is given
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Legal:
    """Care proceedings that a child who does not enter care does not cause."""

    share: float  #: share of entrants with proceedings, 0 to 1
    cost: float  #: £ an entrant
    lag_months: float = 0.0  #: months from entry to the bill


@dataclass(frozen=True)
class SavingLine:
    """One line of a savings plan, as claimed."""

    line: str
    amounts: FloatArray  #: (Y,), £ on `basis`
    half_units: FloatArray  #: (Y,), £, the most that rounding of each printed amount can hide
    basis: str  #: level, new_in_year or running_total
    confidence: str
    risk: str
    children: FloatArray  #: (Y,), entrants claimed as avoided, NaN where the line claims none
    source: str = ""


@dataclass(frozen=True)
class Weight:
    """One row of the signed-off table that says what a claim of a confidence and a risk counts for."""

    confidence: str
    risk: str
    low: float
    expected: float
    high: float


@dataclass(frozen=True)
class Plan:
    """A savings plan: its lines, its printed totals and the weights they are judged by."""

    lines: tuple[SavingLine, ...]
    stated: FloatArray  #: (Y,), £, NaN where no total is printed
    stated_half_units: FloatArray  #: (Y,), £
    weights: tuple[Weight, ...] = ()


@dataclass(frozen=True)
class BudgetLine:
    """A budget of one year and what is forecast against it."""

    line: str
    year: str  #: as in Months.labels, or an earlier one
    budget: float  #: £; NaN where only the overspend is known
    forecast: float  #: £; NaN: what the model gives for placements
    overspend: float  #: £; NaN: forecast less budget
    mitigations: tuple[float, ...] = ()  #: £
    delivery: tuple[float, ...] = ()  #: shares, 0 to 1
    source: str = ""

    @property
    def modelled(self) -> bool:
        """Whether it is held against the model's cost of placements, for want of a forecast of its own."""
        return bool(np.isnan(self.forecast) and np.isnan(self.overspend))


@dataclass(frozen=True)
class Assumption:
    """One row of the assumptions register."""

    name: str
    value: float
    low: float  #: NaN where no range is given: then it is not varied
    high: float
    unit: str
    source: str
    owner: str = ""
    date: str = ""

    @property
    def ranged(self) -> bool:
        """Whether uncertainty can vary it."""
        return bool(np.isfinite(self.low) and np.isfinite(self.high) and self.low < self.high)


@dataclass(frozen=True)
class Demand:
    """All inputs of a run, valid and complete."""

    title: str
    months: Months
    placements: tuple[str, ...]  #: codes, such as fostering_ifa
    placement_labels: tuple[str, ...]
    ages: Ages
    opening: Opening
    stays: tuple[tuple[Stay, ...], ...]  #: by placement and age band at entry
    moves: FloatArray  #: (A, P, P), monthly chance among those who stay in care; rows sum to 1
    reasons: tuple[str, ...]  #: groups of reasons for ceasing
    reason_shares: FloatArray  #: (A, R), of those who cease before 18; rows sum to 1
    price_week: FloatArray  #: (T, P), £ a child-week, at dated prices, uplift stepped on 1 April
    population: FloatArray  #: (Y,), children 0-17 at the middle of the calendar year before each 31 March
    scenarios: Mapping[str, Scenario]
    baseline: str  #: the fixed scenario that all others are held against
    alternative_week: FloatArray  #: (Y,), £ a week of support for each child not in care
    legal: Legal | None = None
    plan: Plan | None = None
    plan_scenario: str | None = None  #: the scenario whose flows the plan's claims are held against
    budget: tuple[BudgetLine, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    parameters: Mapping[str, Dated] = field(default_factory=dict)  #: by name: discount rate, deflator, thresholds
    actual_cost: FloatArray | None = None  #: (T,), £ of all placements in the months so far, NaN in those to come
    leaving: FloatArray | None = None  #: (P, A), how much more often than others children leave from a placement
    history: History | None = None
    sources: Mapping[str, str] = field(default_factory=dict)  #: what was read, and from where

    @property
    def budget_scenario(self) -> str:
        """The scenario whose cost of placements is held against the budget: the plan's, else the baseline."""
        return self.plan_scenario or self.baseline

    def scenario(self, name: str) -> Scenario:
        """Return a scenario by name; NoDataError naming those there are."""
        if name not in self.scenarios:
            raise NoDataError(
                f"scenario must be one of {', '.join(self.scenarios)}", argument="scenario", offender=name
            )
        return self.scenarios[name]

    def yearly(self, name: str, otherwise: float = np.nan) -> FloatArray:
        """Return a dated parameter on the 1 April of each year, shape (Y,); `otherwise` where it is not given at all.

        NoDataError where it is given, and one of the years has no value.
        """
        if name not in self.parameters:
            return np.full(self.months.years, otherwise)
        return self.parameters[name].over(self.months.year_starts)
