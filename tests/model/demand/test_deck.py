"""The deck's own figures from the demand model, beside the CSC functions and arithmetic written out here."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from model.demand.given import HAZARD, POPULATION, WEEK, deck, totals

from udfs import avoidance, flows, in_year, rates, savings, stays
from xlmodel.model.demand.run import run

YEAR = WEEK * 365 / 7


@pytest.fixture(scope="module")
def found():
    return run(deck())


def by_hand(entrants, hazard, year):
    """Return the child-years of a cohort that enters evenly over year 0, written out."""
    if year == 0:
        return entrants / hazard * (1 - (1 - exp(-hazard)) / hazard)
    return entrants * ((1 - exp(-hazard)) / hazard) ** 2 * exp(-hazard * (year - 1))


def test_every_check_holds(found):
    assert [c for c in found.checks if not c.holds] == []
    assert {c.scenario for c in found.checks} == {"baseline", "plan", "forty"}


def test_the_stock_path():
    made = run(totals(560, [("plan", [198, 180, 140, 102, 70], {"ceases": [219, 232, 215, 175, 125]})], first=2022))
    path = [539, 487, 412, 339, 284]
    assert made.results["plan"].years.closing.tolist() == path
    assert np.asarray(flows.stock_path(560, [198, 180, 140, 102, 70], [219, 232, 215, 175, 125])).tolist() == path


def test_rates_in_place_of_85_72_and_61(found):
    rate = found.results["plan"].years.rate
    assert [round(float(r), 1) for r in rate] == [82.8, 68.1, 57.1]
    assert rate.tolist() == [float(rates.rate_per_10k(n, POPULATION)) for n in (412, 339, 284)]  # to the last bit
    assert rate == pytest.approx([n / POPULATION * 1e4 for n in (412, 339, 284)], rel=1e-12)


def test_the_common_population_band():
    low, high = rates.common_population([539, 487, 140, 102], [108, 98, 28, 20.5], [0, 0, 0, 1])
    assert (round(float(low)), round(float(high))) == (49_677, 49_878)
    assert low <= POPULATION <= high


def test_child_years_of_forty_entrants(found):
    avoided = found.results["forty"].avoided
    one = np.diff([0.0, *avoided.child_years])  # each year's cohort adds what the first one adds in that year of it
    assert one.round(3).tolist() == [17.747, 27.953, 19.313]
    assert one == pytest.approx([float(stays.cohort_child_years(40, HAZARD, k)) for k in range(3)], rel=1e-12)
    assert one == pytest.approx([by_hand(40, HAZARD, k) for k in range(3)], rel=1e-12)


def test_recurring_avoidance_beside_the_claim_and_the_ceiling(found):
    avoided = found.results["forty"].avoided
    assert avoided.entrants.tolist() == [40, 40, 40]
    assert (avoided.gross / 1e6).round(2).tolist() == [0.79, 2.04, 2.90]
    one = avoidance.avoided_cost_cohort(40, HAZARD, [1.0], [YEAR], [0.0], 3)
    recurring = avoidance.avoided_cost_recurring(one, [1, 1, 1])
    assert avoided.gross == pytest.approx(np.asarray(recurring), rel=1e-12)
    assert avoided.gross == pytest.approx(np.cumsum([by_hand(40, HAZARD, k) for k in range(3)]) * YEAR, rel=1e-12)
    assert (avoided.ceiling / 1e6).round(2).tolist() == [4.82, 4.82, 4.82]
    assert avoided.ceiling == pytest.approx([40 / HAZARD * YEAR] * 3, rel=1e-12)
    claimed = np.array([1e6, 4.2e6, 6e6])
    assert (claimed > avoided.gross).all()
    assert claimed[2] > avoided.ceiling[2]


def test_legal_costs_are_avoided_in_the_year_of_issue(found):
    assert found.results["forty"].avoided.legal.tolist() == [500_000, 500_000, 500_000]


def test_the_change_in_stock_is_the_avoided_children(found):
    base, plan = found.results["baseline"], found.results["plan"]
    assert plan.avoided.entrants.tolist() == [40, 78, 110]  # against a fixed baseline, not last year's plan
    assert plan.avoided.children == pytest.approx(base.years.closing - [412, 339, 284], rel=1e-12)
    assert base.years.closing == pytest.approx([487] * 3, abs=0.13)  # 180 a year at this stay is the deck's 487


def test_part_year_and_overspend():
    part, rest = savings.part_year(1.6e6, "2024-07-01", 2024), savings.full_year_roll(1.6e6, "2024-07-01", 2024)
    assert float(part) == pytest.approx(1.6e6 * 274 / 365, rel=1e-15)
    assert round(float(part) / 1e6, 4) == 1.2011
    assert float(part) + float(rest) == 1.6e6
    assert float(in_year.after_mitigation(1.4, [0.7])) == 0.7


def test_the_implied_hazard_is_the_decks():
    assert pytest.approx(0.36975, abs=5e-6) == log(2.75 / 1.9)


def test_growth_is_not_credited_with_support_that_nobody_pays():
    demand = totals(
        487,
        [("baseline", [180, 180], {}), ("more", [220, 150], {})],
        alternative_week=np.array([100.0, 100.0]),
    )
    avoided = run(demand).results["more"].avoided
    assert avoided.child_years[0] < 0
    assert avoided.alternative[0] == 0
    assert avoided.net.tolist() == (avoided.gross - avoided.alternative).tolist()
