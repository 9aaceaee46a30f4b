"""The savings plan: totals against their rows, and the three bases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.errors import DomainError, KindError, NoDataError, ShapeError
from xlmodel.model.plan import BASES, plan_basis, plan_total

DEMAND = [1, 4.2, 6]
NAN = float("nan")

VALUES = [
    # the deck's three columns: four rows to one place, one to two, "5" to none
    (plan_total, ([1.0, 0.4, 0.0, 1.2, 0.38], 3.08, [1, 1, 1, 1, 2], 2), (2.98, -0.1, 0.21, "ROUNDING")),
    (plan_total, ([5, 0.4, 0.8, 1.6, 0.42], 8.26, [0, 1, 1, 1, 2], 2), (8.22, -0.04, 0.66, "ROUNDING")),
    (plan_total, ([10.9, 0.4, 1.6, 1.6, 0.47], 13.63, [1, 1, 1, 1, 2], 2), (14.97, 1.34, 0.21, "DOES NOT TIE")),
    (plan_total, ([0.1, 0.2], 0.3, [1, 1], 1), (0.3, 0, 0.15, "TIES")),
    (plan_total, ([664, 516, 500], 1660, [0, 0, 0], -1), (1680, 20, 6.5, "DOES NOT TIE")),
    (plan_total, ([516, 500], 1000, [0, 0], -3), (1016, 16, 501, "ROUNDING")),
    (plan_total, ([0.1, 0.2], 0.5, [1, 1], 0), (0.3, -0.2, 0.6, "ROUNDING")),
    (plan_total, ([0.35], 0.3, [15], 1), (0.35, 0.05, 0.0500000000000005, "ROUNDING")),
    (plan_basis, (DEMAND, "level", "new_in_year"), [1, 3.2, 1.8]),
    (plan_basis, (DEMAND, "level", "running_total"), [1, 5.2, 11.2]),
    (plan_basis, ([1, 3.2, 1.8], "new_in_year", "level"), [1, 4.2, 6]),
    (plan_basis, ([1, 3.2, 1.8], "new_in_year", "running_total"), [1, 5.2, 11.2]),
    (plan_basis, ([1, 5.2, 11.2], "running_total", "level"), [1, 4.2, 6]),
    (plan_basis, ([1, 5.2, 11.2], "running_total", "new_in_year"), [1, 3.2, 1.8]),
    (plan_basis, (DEMAND, "level", "level"), [1, 4.2, 6]),
    (plan_basis, (DEMAND, "Level", " NEW_IN_YEAR "), [1, 3.2, 1.8]),
    (plan_basis, ([1, 5, 10.9], "running_total", "level"), [1, 4, 5.9]),
    (plan_basis, ([1, None, 6], "level", "running_total"), [1, None, None]),
]

REFUSALS = [
    (plan_total, (["1.0", 0.4], 1.4, [1, 1], 1), KindError, "amounts"),
    (plan_total, ([1.0, 0.4], "1.4", [1, 1], 1), KindError, "stated"),
    (plan_total, ([1.0, NAN], 1.4, [1, 1], 1), NoDataError, "amounts"),
    (plan_total, ([1.0, 0.4], NAN, [1, 1], 1), NoDataError, "stated"),
    (plan_total, ([1.0, 0.4], 1.4, [1, NAN], 1), NoDataError, "dp"),
    (plan_total, ([1.0, 0.4], 1.4, [1, 1], NAN), NoDataError, "dp_total"),
    (plan_total, ([1.0, 0.4], 1.4, [1], 1), ShapeError, "dp"),
    (plan_total, ([1.0, 0.4], 1.4, [1, 0.5], 1), DomainError, "dp"),
    (plan_total, ([1.0, 0.4], 1.4, [1, 1], 99), DomainError, "dp_total"),
    (plan_basis, (DEMAND, "cumulative", "level"), KindError, "from_basis"),
    (plan_basis, (DEMAND, "level", ""), KindError, "to_basis"),
    (plan_basis, (DEMAND, "level", 3), KindError, "to_basis"),
]


@pytest.mark.parametrize(("function", "arguments", "expected"), VALUES)
def test_value(function, arguments, expected, compare):
    compare(function(*arguments), expected)


@pytest.mark.parametrize(("function", "arguments", "error", "argument"), REFUSALS)
def test_refusal(function, arguments, error, argument, refused):
    refused(function, arguments, error, argument)


def test_an_unknown_basis_is_told_the_three_and_marked():
    with pytest.raises(KindError, match="level, new_in_year or running_total; got weekly") as caught:
        plan_basis([DEMAND, DEMAND], ["level", "weekly"], "level")
    assert caught.value.mask.tolist() == [False, True]


def test_each_row_has_its_own_basis():
    out = plan_basis([DEMAND, DEMAND, DEMAND], "level", ["new_in_year", "running_total", "level"])
    assert out.tolist() == [[1, 3.2, 1.8], [1, 5.2, 11.2], [1, 4.2, 6]]


PENCE = st.integers(-(10**7), 10**7).map(lambda pence: pence / 100)


@given(st.lists(PENCE, min_size=1, max_size=12), st.sampled_from(BASES), st.sampled_from(BASES))
def test_a_change_of_basis_can_be_undone(amounts, first, second):
    assert plan_basis(plan_basis(amounts, first, second), second, first).tolist() == amounts


@given(st.lists(PENCE, min_size=1, max_size=12), st.integers(-(10**9), 10**9))
def test_a_total_is_its_decimal_sum_and_rounding_is_what_the_bound_covers(amounts, stated_pence):
    pence = sum(round(100 * x) for x in amounts)
    total, gap, bound, verdict = plan_total(amounts, stated_pence / 100, [2] * len(amounts), 2)
    assert float(total) == pence / 100
    assert float(gap) == (pence - stated_pence) / 100
    assert float(bound) == 5 * (len(amounts) + 1) / 1000
    off = 10 * abs(pence - stated_pence)
    assert verdict == ("TIES" if off == 0 else "ROUNDING" if off <= 5 * (len(amounts) + 1) else "DOES NOT TIE")
