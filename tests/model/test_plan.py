"""The savings plan: totals against their rows, and the three bases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.errors import DomainError, KindError, NoDataError, ShapeError
from xlmodel.model.plan import BASES, overlap_check, plan_basis, plan_total, rag, risk_adjusted

DEMAND = [1, 4.2, 6]
WEIGHTS = [["High", "Low", 0.8, 0.9, 1.0], ["medium", "medium", 0.4, 0.6, 0.8], ["low", "high", 0, 0.1, 0.5]]
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
    (risk_adjusted, (2.98, "medium", "medium", WEIGHTS), (1.192, 1.788, 2.384)),
    (risk_adjusted, (2.98, " MEDIUM", "Medium ", WEIGHTS), (1.192, 1.788, 2.384)),
    (risk_adjusted, (0, "low", "high", WEIGHTS), (0, 0, 0)),
    (risk_adjusted, (2, "a", "b", [["a", "b", 0.5, 1, 1.5]]), (1, 2, 3)),  # more than planned may come
    (risk_adjusted, (None, "low", "high", WEIGHTS), (None, None, None)),
    (rag, (13, 13, 3), "GREEN"),
    (rag, (12.9, 13, 3), "GREEN"),
    (rag, (16, 13, 3), "AMBER"),  # exactly as far as amber goes
    (rag, (17, 13, 3), "RED"),
    (rag, (0.3, 0.2, 0.1), "AMBER"),  # doubles: 0.3 - 0.2 < 0.1, but 0.4 - 0.3 > 0.1
    (rag, (0.4, 0.3, 0.1), "AMBER"),
    (rag, (13.01, 13, 0), "RED"),
    (rag, (13, 13, 3, True), "GREEN"),
    (rag, (10, 13, 3, True), "AMBER"),
    (rag, (9.9, 13, 3, True), "RED"),
    (rag, (-5, -4, 2), "GREEN"),
    (overlap_check, ([48, 40, 24], 180, 140), 72),
    (overlap_check, ([10, 20], 180, 140), 0),
    (overlap_check, ([40], 180, 140), 0),
    (overlap_check, ([48], 140, 140), 48),
    (overlap_check, ([0.1, 0.2], 180.3, 180), 0),
    (overlap_check, ([48, None], 180, 140), None),
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
    (risk_adjusted, (-1, "low", "high", WEIGHTS), DomainError, "amount"),
    (risk_adjusted, (1, "high", "high", WEIGHTS), NoDataError, "table"),
    (risk_adjusted, (1, "", "high", WEIGHTS), NoDataError, "confidence"),
    (risk_adjusted, (1, "high", None, WEIGHTS), NoDataError, "risk"),
    (risk_adjusted, (1, 3, "high", WEIGHTS), KindError, "confidence"),
    (risk_adjusted, (1, "a", "b", [["a", "b", 0.5, 1, NAN]]), NoDataError, "table"),
    (risk_adjusted, (1, "a", "b", [["a", "", 0.5, 1, 1]]), NoDataError, "table"),
    (risk_adjusted, (1, "a", "b", [["a", "b", "0.5", 1, 1]]), KindError, "table"),
    (risk_adjusted, (1, "a", "b", [["a", 2, 0.5, 1, 1]]), KindError, "table"),
    (risk_adjusted, (1, "a", "b", [["a", "b", -0.1, 1, 1]]), DomainError, "table"),
    (risk_adjusted, (1, "a", "b", [["a", "b", 0.5, 0.4, 1]]), DomainError, "table"),
    (risk_adjusted, (1, "a", "b", [["a", "b", 0.5, 1]]), ShapeError, "table"),
    (risk_adjusted, (1, "a", "b", "table"), ShapeError, "table"),
    (rag, (16, 13, -3), DomainError, "amber"),
    (rag, (NAN, 13, 3), NoDataError, "value"),
    (rag, (16, NAN, 3), NoDataError, "target"),
    (rag, ("16", 13, 3), KindError, "value"),
    (rag, (16, 13, 3, "yes"), KindError, "higher_is_better"),
    (overlap_check, ([48, -1], 180, 140), DomainError, "claimed"),
    (overlap_check, ([48], -180, 140), DomainError, "baseline_starts"),
    (overlap_check, ([48], 180, -140), DomainError, "plan_starts"),
    (overlap_check, ([48], 140, 180), DomainError, "plan_starts"),
    (overlap_check, ([], 180, 140), ShapeError, "claimed"),
]


@pytest.mark.parametrize(("function", "arguments", "expected"), VALUES)
def test_value(function, arguments, expected, compare):
    compare(function(*arguments), expected)


@pytest.mark.parametrize(("function", "arguments", "error", "argument"), REFUSALS)
def test_refusal(function, arguments, error, argument, refused):
    refused(function, arguments, error, argument)


def test_an_unknown_basis_is_told_the_three_and_marked():
    with pytest.raises(KindError, match="new_in_year, level or running_total; got weekly") as caught:
        plan_basis([DEMAND, DEMAND], ["level", "weekly"], "level")
    assert caught.value.mask.tolist() == [False, True]


def test_each_row_has_its_own_basis():
    out = plan_basis([DEMAND, DEMAND, DEMAND], "level", ["new_in_year", "running_total", "level"])
    assert out.tolist() == [[1, 3.2, 1.8], [1, 5.2, 11.2], [1, 4.2, 6]]


def test_a_pair_that_the_table_lacks_is_named_for_its_rows():
    with pytest.raises(NoDataError, match='confidence "high" and risk "high"') as caught:
        risk_adjusted([1, 2, 3], ["low", "high", "none"], "High", WEIGHTS)
    assert caught.value.mask.tolist() == [False, True, False]


def test_a_pair_may_stand_once_only_and_its_second_row_is_named():
    with pytest.raises(KindError, match="one row for each confidence and risk; got row 3"):
        risk_adjusted(1, "a", "b", [["a", "b", 0, 0, 0], ["b", "a", 1, 1, 1], ["A ", "B", 1, 1, 1]])


def test_each_row_may_have_a_table_of_its_own():
    tables = [[["a", "b", 0, 0.5, 1]], [["a", "b", 0.2, 0.4, 0.6]]]
    _, expected, _ = risk_adjusted([10, 10], "a", "b", tables)
    assert expected.tolist() == [5, 4]


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


@given(PENCE, PENCE, st.integers(0, 10**5).map(lambda pence: pence / 100))
def test_turning_the_scale_round_turns_the_colour_with_it(value, target, amber):
    assert rag(value, target, amber, True) == rag(-value, -target, amber)
    assert rag(target, target, amber) == "GREEN"


@given(st.lists(st.integers(0, 100), min_size=1, max_size=6), st.integers(0, 300), st.integers(0, 300))
def test_lines_claim_what_there_is_or_the_rest_overlaps(claimed, plan, fewer):
    assert float(overlap_check(claimed, plan + fewer, plan)) == max(0, sum(claimed) - fewer)
