"""Avoided cost: entrants, one cohort, the convolution of its profile and the way back, legal costs."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlmodel.errors import DomainError, KindError, NoDataError, ShapeError, ZeroDenominatorError
from xlmodel.model.avoidance import (
    avoided_cost_cohort,
    avoided_cost_recurring,
    avoided_entrants,
    cohort_profile,
    implied_unit_cost,
    legal_avoided,
)
from xlmodel.model.decimals import exact_sum
from xlmodel.model.stays import ExponentialStay, SurvivalTable, child_years

PROFILE = [1, 2.75, 1.9]
RATE, PRICE = 0.36975, 44535.60
TABLE = [[0.5, 0.75], [1, 0.5], [2, 0]]
OPEN = [[0.5, 0.75], [1, 0.5], [2, 0.25]]
FLAT = (1, 40000, 0)  # one placement type at £40,000, no uplift

VALUES = [
    (avoided_cost_recurring, (PROFILE, [1, 1, 1]), [1, 3.75, 5.65]),
    (avoided_cost_recurring, (PROFILE, [1, 1]), [1, 3.75]),  # the horizon is the cohorts'
    (avoided_cost_recurring, (PROFILE, [1, 1, 1, 1, 1]), [1, 3.75, 5.65, None, None]),
    (avoided_cost_recurring, (PROFILE, [1, 1, 1, 1, 1], True), [1, 3.75, 5.65, 5.65, 5.65]),
    (avoided_cost_recurring, (PROFILE, [1, 0, 0, 0], True), [1, 2.75, 1.9, 0]),
    (avoided_cost_recurring, (PROFILE, [0, 1, 1, 1]), [0, 1, 3.75, 5.65]),  # no cohort is old enough for the tail
    (avoided_cost_recurring, (PROFILE, [1, 0, 0, 0]), [1, 2.75, 1.9, None]),
    (avoided_cost_recurring, (PROFILE, [1, 0.5, 2]), [1, 3.25, 5.275]),
    (avoided_cost_recurring, (PROFILE, [1, -1, 0]), [1, 1.75, -0.85]),  # growth is returned, not floored
    (avoided_cost_recurring, ([0.1, 0.1, 0.1], [1, 1, 1]), [0.1, 0.2, 0.3]),
    (cohort_profile, ([1, 4.2, 6], [1, 1, 1]), [1, 3.2, 1.8]),
    (cohort_profile, ([1, 3.75, 5.65], [1, 1, 1]), [1, 2.75, 1.9]),
    (cohort_profile, ([2, 8.4, 12], [2, 2, 2]), [1, 3.2, 1.8]),
    (cohort_profile, ([5, 4], [1, 1]), [5, -1]),  # a negative year is returned, for the report to flag
    (avoided_cost_recurring, (PROFILE, [1, 1, 1], False, [0.1]), [1, 4.125, 6.8365]),
    (avoided_cost_recurring, (PROFILE, [1, 1, 1], False, [0.1, 0, 0]), [1.1, 4.125, 6.215]),
    (avoided_cost_recurring, (PROFILE, [1, 1, 1, 1], False, [0.1]), [1, 4.125, 6.8365, None]),
    (avoided_entrants, ([180, 180, 180], [140, 102, 70]), [40, 78, 110]),
    (avoided_entrants, ([180, 180, 180], [140, 102, 70], 0.7), [28, 54.6, 77]),
    (avoided_entrants, ([180, None], [190, 180]), [-10, None]),
    (avoided_entrants, ([0.3], [0.1], 0.1), [0.02]),
    (avoided_cost_cohort, (40, RATE, 1, PRICE, 0, 3), ["790,373", "1,244,885", "860,100"]),
    (avoided_cost_cohort, (40, 0, 1, PRICE, 0, 3), [890712, 1781424, 1781424]),
    (avoided_cost_cohort, (40, 0, [0.75, 0.25], [20000, 100000], 0.05, 3), [800000, 1680000, 1764000]),
    (avoided_cost_cohort, (40, 0, 1, 40000, [0.05, 0, 0.1], 3), [840000, 1680000, 1848000]),
    (avoided_cost_cohort, (40, 0, *FLAT, 2, 10000), [600000, 1200000]),
    (avoided_cost_cohort, (40, 0, *FLAT, 2, 50000), [-200000, -400000]),  # support dearer than care
    (avoided_cost_cohort, (40, 0, *FLAT, 4, 0, 16), [800000, 1600000, 800000, 0]),
    (avoided_cost_cohort, (40, TABLE, *FLAT, 4), [750000, 1050000, 400000, 0]),
    (avoided_cost_cohort, (40, OPEN, *FLAT, 3, 0, 16.5), [750000, 950000, 100000]),
    (avoided_cost_cohort, (-40, 0, *FLAT, 2), [-800000, -1600000]),
    (avoided_cost_cohort, (None, 0, *FLAT, 2), [None, None]),
    (avoided_cost_cohort, (40, 0, [1 / 3] * 3, [30, 60, 90], 0, 2), [1200, 2400]),
    (legal_avoided, (40, 1, 12500), (500000, 0)),
    (legal_avoided, (40, 0.6, 12500, 3), (225000, 75000)),
    (legal_avoided, (40, 1, 12500, [0, 12]), ([500000, 0], [0, 500000])),
    (legal_avoided, (-40, 1, 12500, 6), (-250000, -250000)),
    (implied_unit_cost, (664000, 288), "27,666.67"),
    (implied_unit_cost, (516000, 144), 43000),
    (implied_unit_cost, (664000, 312), "25,538.46"),
    (implied_unit_cost, (664000, 264), "30,181.82"),
    (implied_unit_cost, (636000, 36), 212000),
    (implied_unit_cost, (-516000, 144), -43000),
    (implied_unit_cost, (float("nan"), 144), None),
]

REFUSALS = [
    (avoided_cost_recurring, (PROFILE, [1, 1], "no"), KindError, "tail_is_zero"),
    (avoided_cost_recurring, ([], [1, 1]), ShapeError, "one_off"),
    (avoided_cost_recurring, (["1"], [1, 1]), KindError, "one_off"),
    (avoided_cost_recurring, (PROFILE, [1, 1, 1], False, [0.1, 0.1]), ShapeError, "uplift"),
    (avoided_cost_recurring, (PROFILE, [1, 1, 1], False, [-1]), DomainError, "uplift"),
    (avoided_entrants, ([180, 180], [140]), ShapeError, "plan"),
    (avoided_entrants, ([180], [140], 1.1), DomainError, "attribution"),
    (avoided_entrants, ([180], [140], -0.1), DomainError, "attribution"),
    (avoided_entrants, ([-1], [140]), DomainError, "baseline"),
    (avoided_entrants, ([180], [-1]), DomainError, "plan"),
    (avoided_cost_cohort, (40, 0, [0.7, 0.2], [1, 1], 0, 2), DomainError, "mix"),
    (avoided_cost_cohort, (40, 0, [0.7, 0.30000001], [1, 1], 0, 2), DomainError, "mix"),
    (avoided_cost_cohort, (40, 0, [1.2, -0.2], [1, 1], 0, 2), DomainError, "mix"),
    (avoided_cost_cohort, (40, 0, [0.7, 0.3], [1], 0, 2), ShapeError, "unit_cost"),
    (avoided_cost_cohort, (40, 0, 1, -1, 0, 2), DomainError, "unit_cost"),
    (avoided_cost_cohort, (40, 0, 1, 1, [0, 0.1], 3), ShapeError, "uplift"),
    (avoided_cost_cohort, (40, 0, 1, 1, -1, 3), DomainError, "uplift"),
    (avoided_cost_cohort, (40, 0, *FLAT, 0), DomainError, "years"),
    (avoided_cost_cohort, (40, 0, *FLAT, 101), DomainError, "years"),
    (avoided_cost_cohort, (40, 0, *FLAT, 2.5), DomainError, "years"),
    (avoided_cost_cohort, (40, 0, *FLAT, [2, 3]), ShapeError, "years"),
    (avoided_cost_cohort, (40, 0, *FLAT, 2, -1), DomainError, "alt_support"),
    (avoided_cost_cohort, (40, 0, *FLAT, 2, 0, 18), DomainError, "age_in"),
    (avoided_cost_cohort, (40, 0, *FLAT, 2, 0, -1), DomainError, "age_in"),
    (avoided_cost_cohort, (40, -1, *FLAT, 2), DomainError, "survival"),
    (avoided_cost_cohort, (40, [0.1, 0.2], *FLAT, 2), ShapeError, "survival"),
    (avoided_cost_cohort, (40, OPEN, *FLAT, 3), NoDataError, "survival"),
    (legal_avoided, (40, 1.1, 1), DomainError, "p_proceedings"),
    (legal_avoided, (40, -0.1, 1), DomainError, "p_proceedings"),
    (legal_avoided, (40, 1, -1), DomainError, "cost"),
    (legal_avoided, (40, 1, 1, 12.5), DomainError, "lag_months"),
    (legal_avoided, (40, 1, 1, -1), DomainError, "lag_months"),
    (cohort_profile, ([1, 4.2, 6], [0, 1, 1]), ZeroDenominatorError, "cohorts"),
    (cohort_profile, ([1, 4.2, 6], [1, 1]), ShapeError, "cohorts"),
    (implied_unit_cost, (664000, 0), ZeroDenominatorError, "child_months"),
    (implied_unit_cost, (664000, -1), DomainError, "child_months"),
]


@pytest.mark.parametrize(("function", "arguments", "expected"), VALUES)
def test_value(function, arguments, expected, compare):
    compare(function(*arguments), expected)


@pytest.mark.parametrize(("function", "arguments", "error", "argument"), REFUSALS)
def test_refusal(function, arguments, error, argument, refused):
    refused(function, arguments, error, argument)


def test_the_tail_is_declared_row_by_row():
    out = avoided_cost_recurring(PROFILE, [[1, 1, 1, 1], [1, 1, 1, 1]], [True, False])
    assert out[0].tolist() == [1, 3.75, 5.65, 5.65]
    assert out[1, :3].tolist() == [1, 3.75, 5.65]
    assert out[1, 3] != out[1, 3]


def test_a_zero_first_cohort_is_marked():
    with pytest.raises(ZeroDenominatorError) as caught:
        cohort_profile([[1, 4.2], [1, 4.2]], [[1, 1], [0, 1]])
    assert caught.value.mask.tolist() == [False, True]


HUNDREDTHS = st.integers(-(10**6), 10**6).map(lambda pence: pence / 100)


@given(st.data(), st.integers(1, 8))
def test_the_profile_undoes_the_convolution(data, years):
    profile = data.draw(st.lists(HUNDREDTHS, min_size=years, max_size=years))
    cohorts = [1.0, *data.draw(st.lists(st.integers(0, 3).map(float), min_size=years - 1, max_size=years - 1))]
    recurring = avoided_cost_recurring(profile, cohorts)
    assert cohort_profile(recurring, cohorts).tolist() == profile


@given(st.lists(HUNDREDTHS, min_size=1, max_size=8))
def test_equal_cohorts_add_up_the_profile(profile):
    pence = [round(100 * x) for x in profile]
    out = avoided_cost_recurring(profile, [1] * len(profile))
    assert out.tolist() == [sum(pence[: i + 1]) / 100 for i in range(len(pence))]


@settings(max_examples=30)
@given(st.floats(0, 3), st.integers(1, 20), st.floats(-0.05, 0.1))
def test_a_cohort_s_cost_is_its_child_years_at_the_year_s_price(hazard, years, rate):
    cost = avoided_cost_cohort(40, hazard, [0.8, 0.2], [20000, 300000], rate, years)
    expected = child_years(40, ExponentialStay(hazard), np.arange(years)) * 76000 * (1 + rate) ** np.arange(years)
    np.testing.assert_allclose(cost, expected, rtol=1e-12)


@settings(max_examples=30)
@given(st.lists(st.integers(-50, 50).map(float), min_size=1, max_size=8))
def test_cohorts_one_by_one_are_the_recurring_programme(entrants):
    """The convolution of one child's profile with the entrants is the sum of their cohorts, each a year later."""
    years = len(entrants)
    together = np.zeros(years)
    for first, n in enumerate(entrants):
        together[first:] += avoided_cost_cohort(n, [*OPEN, [18, 0]], *FLAT, years - first)
    profile = avoided_cost_cohort(1, [*OPEN, [18, 0]], *FLAT, years)
    np.testing.assert_allclose(avoided_cost_recurring(profile, entrants), together, rtol=1e-12, atol=1e-6)


def test_a_recurring_programme_ends_at_entrants_times_stay_times_price():
    stay = SurvivalTable(*zip(*TABLE, strict=True))
    level = avoided_cost_recurring(avoided_cost_cohort(40, TABLE, *FLAT, 5), [1] * 5)[-1]
    assert level == 40 * stay.mean * 40000


def test_a_column_of_hazards_and_ages_is_one_call():
    hazards, ages = np.array([0, 0.5, 1]).reshape(3, 1, 1), [16, None, 10]
    together = avoided_cost_cohort(40, hazards, *FLAT, 4, 0, ages)
    for row, (hazard, age) in enumerate(zip(hazards, ages, strict=True)):
        assert together[row].tolist() == avoided_cost_cohort(40, hazard, *FLAT, 4, 0, age).tolist()
    with pytest.raises(NoDataError) as caught:
        avoided_cost_cohort(40, OPEN, *FLAT, 3, 0, ages)
    assert np.any(caught.value.mask, axis=-1).tolist() == [False, True, True]


@given(st.integers(-500, 500), st.integers(0, 100), st.integers(0, 10**7), st.integers(0, 12))
def test_legal_costs_add_up_over_the_two_years(entrants, percent, pence, lag):
    in_year, next_year = legal_avoided(entrants, percent / 100, pence / 100, lag)
    whole = Fraction(entrants * percent * pence, 10_000)
    assert float(exact_sum(in_year, next_year)) == float(whole)
    assert float(in_year) == pytest.approx(float(whole * (12 - lag) / 12), rel=1e-13)
