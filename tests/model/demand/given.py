"""Small demand models for tests: the deck's totals, and one with everything in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from xlmodel.model.demand.ages import ALL_AGES, Ages
from xlmodel.model.demand.assumptions import Demand, Legal, Opening, Scenario
from xlmodel.model.demand.months import Months
from xlmodel.model.stays import ExponentialStay, Stay, SurvivalTable, extended

HAZARD = float(np.log(2.75 / 1.9))  #: implied by the deck's 2.75 and 1.9
WEEK = 413_388 / 484  #: £ a child-week on 8 March 2024
POPULATION = 102 / 20.5 * 10_000


def scenario(months: Months, name: str, starts: Any, **given: Any) -> Scenario:
    """Return a scenario; starts a year by placement and age, or in all."""
    yearly = np.asarray(starts, float).reshape(months.years, *np.shape(starts)[1:] or (1, 1))
    zeros, ones = np.zeros(months.years), np.ones(months.years)
    values: dict[str, Any] = {
        "ceases": np.full(months.years, np.nan),
        "exit_factor": ones,
        "price_factor": ones,
        "investment": zeros,
        "budget_reduction": zeros,
        "growth_avoided": zeros,
    }
    values |= {k: np.asarray(v, float) if k != "attribution" else v for k, v in given.items()}
    return Scenario(name, name.capitalize(), months.spread(yearly), **values)


def totals(
    opening: float, scenarios: Sequence[tuple[str, Any, dict[str, Any]]], hazard: float = HAZARD, **given: Any
) -> Demand:
    """Return a model of those who know totals only; the first scenario is the baseline."""
    months = Months(given.pop("first", 2024), len(scenarios[0][1]))
    made = {name: scenario(months, name, starts, **more) for name, starts, more in scenarios}
    values: dict[str, Any] = {
        "price_week": np.full((months.count, 1), WEEK),
        "population": np.full(months.years, POPULATION),
        "alternative_week": np.zeros(months.years),
    }
    return Demand(
        title="Totals",
        months=months,
        placements=("care",),
        placement_labels=("Care",),
        ages=ALL_AGES,
        opening=Opening(np.array([float(opening)]), np.array([0]), np.array([0]), np.array([np.nan])),
        stays=((ExponentialStay(hazard),),),
        moves=np.eye(1)[None],
        reasons=("ceased",),
        reason_shares=np.ones((1, 1)),
        scenarios=made,
        baseline=scenarios[0][0],
        **(values | given),
    )


def deck() -> Demand:
    """Return the deck's totals from 31 March 2024: the plan, and 40 fewer entrants every year, against 180 a year."""
    return totals(
        487,
        [
            ("baseline", [180, 180, 180], {}),
            ("plan", [140, 102, 70], {"ceases": [215, 175, 125]}),
            ("forty", [140, 140, 140], {}),
        ],
        legal=Legal(1.0, 12_500.0),
        plan_scenario="plan",
    )


def full(years: int = 3) -> Demand:
    """Return a model with three placements, four age bands, survival tables, moves and reasons."""
    months, ages = Months(2023, years), Ages((0, 5, 12, 16, 18))
    young: Stay = extended(SurvivalTable([0.1, 0.5, 1.0, 2.0, 4.0], [0.85, 0.7, 0.55, 0.4, 0.25]), 0.2)
    older: Stay = extended(SurvivalTable([0.05, 0.25, 1.5, 3.0], [0.7, 0.6, 0.5, 0.45]), 0.1)
    row = (young, young, older, older)
    moves = np.tile(np.array([[0.98, 0.015, 0.005], [0.01, 0.985, 0.005], [0.0, 0.02, 0.98]]), (4, 1, 1))
    moves[3] = [[0.95, 0.0, 0.05], [0.0, 0.9, 0.1], [0.0, 0.0, 1.0]]
    entry = np.array([[30, 25, 20, 5], [10, 8, 6, 4], [0, 2, 12, 30]], float)
    groups = [(p, a, y, 4.0 + p + a) for p in range(3) for a in range(4) for y in (0.25, 1.0, 3.5, np.nan)]
    prices = np.array([500.0, 1_100.0, 5_200.0])
    uplift = 1.04 ** months.year[:, None]
    return Demand(
        title="Full",
        months=months,
        placements=("fostering_in_house", "fostering_ifa", "residential"),
        placement_labels=("In-house fostering", "Agency fostering", "Children's homes"),
        ages=ages,
        opening=Opening(
            np.array([g[3] for g in groups]),
            np.array([g[0] for g in groups]),
            np.array([g[1] for g in groups]),
            np.array([g[2] for g in groups]),
        ),
        stays=(row, row, row),
        moves=moves,
        reasons=("adoption", "home", "other"),
        reason_shares=np.array([[0.5, 0.4, 0.1], [0.2, 0.7, 0.1], [0.0, 0.8, 0.2], [0.0, 0.6, 0.4]]),
        price_week=prices * uplift,
        population=np.full(years, 50_000.0),
        scenarios={
            "baseline": scenario(months, "baseline", np.tile(entry, (years, 1, 1))),
            "fewer": scenario(
                months, "fewer", np.tile(entry * 0.8, (years, 1, 1)), exit_factor=np.full(years, 1.1), attribution=0.9
            ),
            "stated": scenario(
                months, "stated", np.tile(entry * 0.9, (years, 1, 1)), ceases=[190.0, *[np.nan] * (years - 1)]
            ),
        },
        baseline="baseline",
        alternative_week=np.full(years, 120.0),
        legal=Legal(0.4, 9_000.0, 3.0),
    )
