"""Stocks and flows: the catalogue's numbers, its edge cases and the stock identity."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.errors import DomainError, KindError, ShapeError, ZeroDenominatorError
from xlmodel.model.flows import (
    TIMINGS,
    avg_stock,
    child_months,
    closing_stock,
    exit_rate,
    mean_stay,
    near_steady_state,
    net_change,
    opening_stock,
    stock_path,
)

STARTS, CEASES = [198, 180, 140, 102, 70], [219, 232, 215, 175, 125]
DATED = [[45383, 487], [45483, 487], [45683, 412]]  # flat for 100 days, then falling for 200

VALUES = [
    (net_change, (198, 219), -21),
    (net_change, (180, 232), -52),
    (net_change, (140, 215), -75),
    (net_change, (0, 0), 0),
    (net_change, (0.3, 0.1), 0.2),  # plain doubles give 0.19999999999999998
    (closing_stock, (487, 140, 215), 412),
    (closing_stock, (539, 180, 232), 487),
    (closing_stock, (412, 102, 175), 339),
    (closing_stock, (339, 70, 125), 284),
    (closing_stock, (487, 140, 215, 3), 415),
    (closing_stock, (487, 140, 215, -3), 409),
    (closing_stock, (10, 5, 15), 0),
    (closing_stock, (487.5, 140.25, 215), 412.75),
    (closing_stock, (0.3, 0, 0.1, -0.2), 0),  # plain doubles give -2.8E-17: a negative stock
    (closing_stock, (487, 140, 215, 0, True), 412),
    (closing_stock, (float("nan"), 140, 215), None),
    (closing_stock, (float("nan"), 140, 215, 0, True), None),  # a missing count is not a part of a child
    (stock_path, (560, STARTS, CEASES), [539, 487, 412, 339, 284]),
    (stock_path, (560, [198, None, 140], [219, 232, 215]), [539, None, None]),
    (stock_path, (560, [198, 180, 140], [219, 232, None]), [539, 487, None]),
    (stock_path, (0.3, [0, 0], [0.1, 0.2]), [0.2, 0]),
    (stock_path, (5, [1], [6]), [0]),
    (opening_stock, (539, 198, 219), 560),
    (opening_stock, (0, 5, 5), 0),
    (avg_stock, (487, 412), 449.5),
    (avg_stock, (560, 539), 549.5),
    (avg_stock, (487, 412, DATED), 462),  # (487*100 + 449.5*200)/300
    (avg_stock, (487, 412, [[0, 487], [365, 412]]), 449.5),
    (avg_stock, (0.1, 0.2, [[0, 0.1], [10, 0.2]]), 0.15),
    (child_months, (4, 12, "start"), 312),
    (child_months, (4, 12, "mid"), 288),
    (child_months, (4, 12, "end"), 264),
    (child_months, (4, 12), 288),
    (child_months, (4, 12, " End "), 264),
    (child_months, (-4, 12), -288),  # growth is returned, not floored
    (child_months, (4, 6.5, "start"), 97.5),
    (child_months, (4, 6.5), 84.5),
    (child_months, (4, 6.5, "end"), 71.5),
    (child_months, (4, 0.5, "end"), 0),  # the formula alone gives -0.5: nobody is there before the first month's end
    (child_months, (4, 1, "end"), 0),
    (child_months, (4, 0), 0),
    (child_months, (0.1, 3, "start"), 0.6),  # plain doubles give 0.6000000000000001
    (child_months, (float("nan"), 12, "end"), None),
    (child_months, (4, float("nan"), "end"), None),
    (exit_rate, (215, 487), "0.4415"),
    (exit_rate, (215, 449.5), "0.4783"),
    (exit_rate, (30, 20), 1.5),  # a rate, not a probability
    (exit_rate, (0, 487), 0),
    (exit_rate, (0.3, 0.1), 3),
    (exit_rate, (float("nan"), 487), None),
    (mean_stay, (449.5, 215), "2.09"),
    (mean_stay, (0, 215), 0),
    (mean_stay, (0.3, 0.1), 3),
    (mean_stay, (float("nan"), 215), None),
    (near_steady_state, (-75, 449.5), False),  # 16.7 %
    (near_steady_state, (5, 100), True),
    (near_steady_state, (-5, 100), True),
    (near_steady_state, (5.01, 100), False),
    (near_steady_state, (0.15, 3), True),  # 5 % as decimals; 0.15 / 3 is more in doubles
    (near_steady_state, (float("nan"), 100), False),
    (near_steady_state, (0, float("nan")), False),
]

REFUSALS = [
    (net_change, (-1, 219), DomainError, "starts"),
    (net_change, (198, -1), DomainError, "ceases"),
    (net_change, ("198", 219), KindError, "starts"),
    (net_change, (float("inf"), 219), DomainError, "starts"),
    (closing_stock, (-1, 140, 215), DomainError, "opening"),
    (closing_stock, (487, -140, 215), DomainError, "starts"),
    (closing_stock, (487, 140, -215), DomainError, "ceases"),
    (closing_stock, (487, 140, 628), DomainError, "ceases"),
    (closing_stock, (487, 140, 215, -413), DomainError, "ceases"),
    (closing_stock, (487.5, 140, 215, 0, True), DomainError, "opening"),
    (closing_stock, (487, 140.5, 215, 0, True), DomainError, "starts"),
    (closing_stock, (487, 140, 215.5, 0, True), DomainError, "ceases"),
    (closing_stock, (487, 140, 215, 0.5, True), DomainError, "transfers_net"),
    (closing_stock, (487, 140, 215, 0, "yes"), KindError, "actual"),
    (stock_path, (560, STARTS, CEASES[:4]), ShapeError, "ceases"),
    (stock_path, (560, [1], CEASES), ShapeError, "ceases"),  # one start is not spread over five periods
    (stock_path, (560, [], []), ShapeError, "starts"),
    (stock_path, (-1, STARTS, CEASES), DomainError, "opening"),
    (stock_path, (560, [198, -1], [219, 232]), DomainError, "starts"),
    (stock_path, (560, [198, 180], [219, -1]), DomainError, "ceases"),
    (stock_path, (20, STARTS, CEASES), DomainError, "ceases"),
    (opening_stock, (539, 1000, 219), DomainError, "starts"),
    (opening_stock, (-1, 198, 219), DomainError, "closing"),
    (opening_stock, (539, -1, 219), DomainError, "starts"),
    (opening_stock, (539, 198, -1), DomainError, "ceases"),
    (avg_stock, (-487, 412), DomainError, "opening"),
    (avg_stock, (487, -412), DomainError, "closing"),
    (avg_stock, (487, 412, [[0, 487], [5, -1], [9, 412]]), DomainError, "path"),
    (avg_stock, (487, 412, [[9, 487], [5, 450], [10, 412]]), KindError, "path"),  # unsorted
    (avg_stock, (487, 412, [[0, 487], [5, 450], [5, 412]]), KindError, "path"),  # a date twice
    (avg_stock, (488, 412, DATED), KindError, "path"),
    (avg_stock, (487, 411, DATED), KindError, "path"),
    (avg_stock, (487, 412, [[0, 487]]), ShapeError, "path"),
    (avg_stock, (487, 412, [487, 412]), ShapeError, "path"),
    (avg_stock, (487, 412, [[0, 487, 1], [9, 412, 1]]), ShapeError, "path"),
    (child_months, (4, -1), DomainError, "months"),
    (child_months, (4, 12, "middle"), KindError, "timing"),
    (child_months, (4, 12, ""), KindError, "timing"),
    (child_months, (4, 12, 1), KindError, "timing"),
    (child_months, ("4", 12), KindError, "net_per_month"),
    (exit_rate, (215, 0), ZeroDenominatorError, "stock"),
    (exit_rate, (0, 0), ZeroDenominatorError, "stock"),
    (exit_rate, (-1, 487), DomainError, "ceases"),
    (exit_rate, (215, -487), DomainError, "stock"),
    (mean_stay, (449.5, 0), ZeroDenominatorError, "ceases_per_year"),
    (mean_stay, (-1, 215), DomainError, "avg_stock"),
    (mean_stay, (449.5, -1), DomainError, "ceases_per_year"),
    (near_steady_state, (5, 0), ZeroDenominatorError, "stock"),
    (near_steady_state, (5, -1), DomainError, "stock"),
]


@pytest.mark.parametrize(("function", "arguments", "expected"), VALUES)
def test_value(function, arguments, expected, compare):
    compare(function(*arguments), expected)


@pytest.mark.parametrize(("function", "arguments", "error", "argument"), REFUSALS)
def test_refusal(function, arguments, error, argument, refused):
    refused(function, arguments, error, argument)


def test_a_refusal_marks_its_rows_and_names_the_one_offender():
    with pytest.raises(DomainError, match=r"starts must be >= 0; got -3") as caught:
        net_change([198, -3, 140], 219)
    assert caught.value.mask.tolist() == [False, True, False]
    with pytest.raises(DomainError) as caught:
        net_change([-1, -3, 140], 219)
    assert caught.value.offender is None


def test_the_mask_has_the_shape_of_all_arguments_together():
    with pytest.raises(DomainError) as caught:
        closing_stock(np.full((2, 1), -1.0), np.zeros(3), 0)
    assert caught.value.mask.shape == (2, 3)


def test_an_element_of_a_vector_is_held_against_its_row():
    with pytest.raises(DomainError, match=r"starts must be >= 0; got -1") as caught:
        stock_path(560, [[1, 1], [1, -1], [1, 1]], [0, 0])
    assert caught.value.mask.tolist() == [False, True, False]


def test_the_first_negative_period_is_named_for_each_row():
    starts, ceases = [[0, 0], [0, 0], [0, 0], [0, 0]], [[9, 9], [5, 9], [5, 5], [20, 0]]
    with pytest.raises(DomainError, match="period 2; got 9") as caught:
        stock_path(10, starts, ceases)
    assert caught.value.mask.tolist() == [True, True, False, False]
    with pytest.raises(DomainError, match="period 1; got 20") as caught:
        stock_path(10, starts[2:], ceases[2:])
    assert caught.value.mask.tolist() == [False, True]


def test_rows_that_do_not_fit_together_are_a_shape_error():
    with pytest.raises(ShapeError):
        net_change([1, 2, 3], [1, 2])


CHILDREN = st.integers(0, 10**6).map(lambda tenths: tenths / 10)


@given(CHILDREN, CHILDREN, CHILDREN)
def test_the_stock_identity(opening, starts, ceases):
    if round(10 * opening) + round(10 * starts) < round(10 * ceases):
        with pytest.raises(DomainError):
            closing_stock(opening, starts, ceases)
        return
    closing = float(closing_stock(opening, starts, ceases))
    assert closing == (round(10 * opening) + round(10 * starts) - round(10 * ceases)) / 10
    assert float(opening_stock(closing, starts, ceases)) == opening


@given(st.lists(st.tuples(CHILDREN, CHILDREN), min_size=1, max_size=24))
def test_a_path_ends_where_its_flows_lead(flows):
    starts, ceases = [s for s, _ in flows], [c for _, c in flows]
    tenths = [round(10 * s) - round(10 * c) for s, c in flows]
    opening = max(0, -min(sum(tenths[: i + 1]) for i in range(len(tenths))))
    path = stock_path(opening / 10, starts, ceases)
    assert path[-1] == (opening + sum(tenths)) / 10
    assert (path >= 0).all()
    for i, closing in enumerate(path):
        assert closing == closing_stock(path[i - 1] if i else opening / 10, starts[i], ceases[i])


@given(CHILDREN, CHILDREN, st.lists(st.integers(1, 400), min_size=1, max_size=8))
def test_a_straight_path_averages_its_ends(opening, closing, gaps):
    days = [0, *np.cumsum(gaps).tolist()]
    stocks = [opening + (closing - opening) * d / days[-1] for d in days]
    stocks[0], stocks[-1] = opening, closing
    path = np.stack([days, stocks], axis=-1)
    assert float(avg_stock(opening, closing, path)) == pytest.approx((opening + closing) / 2, rel=1e-12)


@given(st.integers(-50, 50), st.integers(0, 60))
def test_child_months_are_those_counted_month_by_month(net, months):
    waits = {"start": 0.0, "mid": 0.5, "end": 1.0}
    for timing in TIMINGS:
        counted = sum(net * (months - joined - waits[timing]) for joined in range(months))
        assert float(child_months(net, months, timing)) == counted


@given(st.floats(1, 900), st.floats(1, 900))
def test_the_mean_stay_is_one_over_the_exit_rate(stock, ceases):
    assert float(exit_rate(ceases, stock) * mean_stay(stock, ceases)) == pytest.approx(1, rel=1e-12)
