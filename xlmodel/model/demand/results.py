"""What a run gives: the years of each scenario, what each avoids, what the plan claims, and whether it all ties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xlmodel.model.demand.assumptions import Demand, Scenario
from xlmodel.model.demand.path import Path
from xlmodel.model.domain import FloatArray, TextArray

__all__ = ["Avoided", "BudgetResult", "Check", "PlanResult", "Run", "ScenarioResult", "YearTable"]


@dataclass(frozen=True)
class YearTable:
    """One scenario by financial year, each of shape (Y,) unless another is given."""

    opening: FloatArray  #: children at the end of 31 March before the year
    starts: FloatArray
    ceases: FloatArray
    closing: FloatArray  #: children on 31 March
    child_years: FloatArray  #: care days over the days of the year: the average number of children
    rate: FloatArray  #: per 10,000 on 31 March
    cost: FloatArray  #: £
    cost_by_placement: FloatArray  #: (Y, P), £
    unit_cost_week: FloatArray  #: £ a child-week


@dataclass(frozen=True)
class Avoided:
    """What a scenario avoids against the fixed baseline, by financial year (Y,); negative is growth.

    Amounts are in the money of each year, but for `real_net`, `discounted_net` and `present_value`: these must not be
    mixed with the others.
    """

    entrants: FloatArray  #: children who do not start in the year, after attribution
    children: FloatArray  #: fewer children on 31 March, after attribution
    child_years: FloatArray
    gross: FloatArray  #: £ of placements
    legal: FloatArray  #: £ of proceedings, in the year of issue
    alternative: FloatArray  #: £ of support that replaces care
    investment: FloatArray  #: £
    net: FloatArray  #: gross + legal - alternative - investment
    cashable: FloatArray  #: of net: matched by a reduction of a budget
    growth_avoided: FloatArray  #: of net: matched by budgeted growth that is given up
    neither: FloatArray  #: of net: releases nothing
    ceiling: FloatArray  #: £ a year that gross would settle at if the year's flows and prices went on for ever
    volume: FloatArray  #: £, difference of cost from the baseline by number of children (before attribution)
    mix: FloatArray  #: £, by placement
    price: FloatArray  #: £, by price
    real_net: FloatArray  #: net in the prices of the first year, £; NaN where no present value is asked for
    discounted_net: FloatArray  #: what real_net is worth on the first day of the first year, £; NaN likewise
    present_value: float  #: the sum of discounted_net, £; NaN likewise, and where net is not known


@dataclass(frozen=True)
class ScenarioResult:
    """One scenario: its children, its years and what it avoids (None for the baseline itself)."""

    scenario: Scenario
    path: Path
    years: YearTable
    avoided: Avoided | None


@dataclass(frozen=True)
class PlanResult:
    """What a savings plan claims, by financial year (Y,) unless another shape is given."""

    total: FloatArray  #: sum of the lines as printed, £
    stated: FloatArray  #: the printed total, £; NaN where none
    gap: FloatArray  #: total - stated
    bound: FloatArray  #: the most that rounding can hide
    verdict: TextArray  #: TIES, ROUNDING or DOES NOT TIE; "" where nothing is stated
    weighted: FloatArray  #: (Y, 3), low, expected, high, £; NaN without a table of weights
    children: FloatArray  #: entrants claimed by all lines
    level: FloatArray  #: sum of the lines as the saving in each year, whatever basis they are printed on, £
    overlap: FloatArray  #: of those, more than the plan scenario's flows hold; NaN without a claim or such a scenario
    supported: FloatArray  #: what the plan scenario's flows avoid, net, £; NaN without such a scenario
    ceiling: FloatArray  #: £ a year that the supported gross would settle at; NaN without such a scenario


@dataclass(frozen=True)
class BudgetResult:
    """One line of the budget: forecast, variance and what mitigation leaves; £."""

    line: str
    year: str
    budget: float
    forecast: float
    variance: float  #: positive is overspend
    fraction: float  #: of the budget; NaN where the budget is not known
    after_mitigation: float
    actual: float  #: £ of placements in the forecast that is spent already; 0 where the forecast is given
    source: str


@dataclass(frozen=True)
class Check:
    """One identity that must hold, with the largest miss that was found."""

    name: str
    scenario: str
    miss: float
    tolerance: float
    where: str = ""

    @property
    def holds(self) -> bool:
        """Whether the identity holds; a miss that is no number does not."""
        return bool(self.miss <= self.tolerance)


@dataclass(frozen=True)
class Run:
    """Everything one run gives."""

    demand: Demand
    results: Mapping[str, ScenarioResult]  #: by scenario name, the baseline first
    checks: tuple[Check, ...]
    plan: PlanResult | None
    budget: tuple[BudgetResult, ...]
