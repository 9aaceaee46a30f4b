"""Avoided cost: one cohort's profile, its convolution and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.errors import DomainError, KindError, ShapeError, ZeroDenominatorError
from xlmodel.model.avoidance import avoided_cost_recurring, cohort_profile, implied_unit_cost

PROFILE = [1, 2.75, 1.9]

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
