"""The year in progress: run rates by real days, variances and mitigation."""

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.errors import DomainError, KindError, ShapeError, ZeroDenominatorError
from xlmodel.model.inyear import after_mitigation, outturn, period_implied, run_rate, variance

NAN = float("nan")

VALUES = [
    (run_rate, (28, "2023-11-30", 2023), 42),  # day 244 of 366
    (run_rate, (42, "2023-11-30", 2023), 63),
    (run_rate, (0.1, "2023-06-30", 2023), "0.402"),
    (run_rate, (1.1, "2023-07-31", 2023), 3.3),  # day 122 of 366; doubles give 3.3000000000000003
    (run_rate, (42, datetime.date(2023, 11, 30), 2023), 63),
    (run_rate, (1, "2024-04-01", 2024), 365),  # the as-at day is counted
    (run_rate, (1, "2023-04-01", 2023), 366),
    (run_rate, (364, "2025-03-30", 2024), 365),
    (run_rate, (63, "2024-03-31", 2023), 63),
    (run_rate, (63, "2024-04-01", 2023), 63),
    (run_rate, (63, "2030-01-01", 2023), 63),
    (run_rate, (63, "2030-01-01", 2023, 0.5), 63),  # the year is over: nothing is left to expect
    (run_rate, (28, "2023-11-30", 2023, 0.7), 40),
    (run_rate, (42, "2023-11-30", 2023, 0.7), 60),  # doubles give 60.00000000000001
    (run_rate, (28, "2023-11-30", 2023, 1), 28),
    (run_rate, (28, "2023-11-30", 2023, NAN), 42),
    (run_rate, (0, "2023-11-30", 2023), 0),
    (run_rate, (NAN, "2023-11-30", 2023), None),
    (run_rate, (28, np.datetime64("NaT"), 2023), None),
    (period_implied, (28, 40), (8.4, "8.296", "8.506")),
    (period_implied, (42, 63), (8, "7.937", "8.064")),
    (period_implied, (28, 40, -1), (8.4, "7.467", "9.600")),  # a full year to the nearest ten: 35 to 45
    (period_implied, (0, 40), (0, 0, 0)),
    (period_implied, (1, 0.5), (24, 12, None)),
    (period_implied, (1, 0.2), (60, "17.143", None)),
    (period_implied, (50, 40), (15, "14.815", "15.190")),  # more than a year: the two figures cannot be of one year
    (variance, (63.6, 71.3), (7.7, "0.12107")),
    (variance, (66, 68), (2, "0.03030")),
    (variance, (10, 9), (-1, -0.1)),
    (variance, (-10, -9), (1, -0.1)),
    (outturn, (1_000_000, [90, 30], [122, 700], 2, 45, 122), 1_042_960),
    (outturn, (1_000_000, [90, 30], [122, 700]), 1_031_980),
    (outturn, (1_000_000, 0, 700), 1_000_000),
    (outturn, (0, [366], [0.1]), 36.6),
    (outturn, (0, [1, 1], [0.1, 0.2]), 0.3),  # doubles give 0.30000000000000004
    (outturn, (0, [90], [122], -2, 45, 122), 0),  # two will leave earlier
    (outturn, (-500, [1], [122]), -378),  # a credit
    (outturn, (1_000_000, [90, None], [122, 700]), None),
    (after_mitigation, (1.4, [0.7]), 0.7),
    (after_mitigation, (1.4, 0.7), 0.7),
    (after_mitigation, (1.4, [0.7, 0.5], [0.5, 1]), 0.55),
    (after_mitigation, (1.4, [0.7, 0.5], [0, 0]), 1.4),
    (after_mitigation, (1.4, [1.0, 0.7]), -0.3),  # over-mitigated: an underspend
    (after_mitigation, (0.3, [0.1, 0.2]), 0),
]

REFUSALS = [
    (run_rate, (28, "2023-03-31", 2023), ZeroDenominatorError, "as_at"),
    (run_rate, (28, "2022-11-30", 2023), ZeroDenominatorError, "as_at"),
    (run_rate, (28, "2023-11-30", 2023, 0), ZeroDenominatorError, "profile"),
    (run_rate, (28, "2023-11-30", 2023, 1.01), DomainError, "profile"),
    (run_rate, (28, "2023-11-30", 2023, -0.1), DomainError, "profile"),
    (run_rate, (28, 45260, 2023), KindError, "as_at"),
    (run_rate, (28, "someday", 2023), KindError, "as_at"),
    (run_rate, (28, "2023-11-30", 2023.5), DomainError, "fy"),
    (run_rate, (28, "2023-11-30", 23), DomainError, "fy"),
    (run_rate, ("28", "2023-11-30", 2023), KindError, "ytd"),
    (period_implied, (28, 0), ZeroDenominatorError, "full_year"),
    (period_implied, (28, -1), DomainError, "full_year"),
    (period_implied, (-28, 40), DomainError, "ytd"),
    (period_implied, (28, 40, 0.5), DomainError, "dp"),
    (outturn, (0, [367], [122]), DomainError, "days_left"),
    (outturn, (0, [-1], [122]), DomainError, "days_left"),
    (outturn, (0, [90], [-122]), DomainError, "price_day"),
    (outturn, (0, [90, 30], [122]), ShapeError, "price_day"),
    (outturn, (0, [90], [122], 1, 367, 122), DomainError, "new_days"),
    (outturn, (0, [90], [122], 1, 10, -122), DomainError, "new_price_day"),
    (outturn, ("0", [90], [122]), KindError, "actual_to_date"),
    (variance, (0, 71.3), ZeroDenominatorError, "budget"),
    (after_mitigation, (1.4, [0.7], [1.1]), DomainError, "delivery"),
    (after_mitigation, (1.4, [0.7], [-0.1]), DomainError, "delivery"),
    (after_mitigation, (1.4, [0.7, 0.1], [1]), ShapeError, "delivery"),
]


@pytest.mark.parametrize(("function", "arguments", "expected"), VALUES)
def test_value(function, arguments, expected, compare):
    compare(function(*arguments), expected)


@pytest.mark.parametrize(("function", "arguments", "error", "argument"), REFUSALS)
def test_refusal(function, arguments, error, argument, refused):
    refused(function, arguments, error, argument)


def test_the_two_run_rates_of_the_deck_do_not_share_a_period():
    _, low, _ = period_implied(28, 40)
    _, _, high = period_implied(42, 63)
    assert low > high


def test_the_day_before_the_year_is_named():
    with pytest.raises(ZeroDenominatorError, match="got 2023-03-31") as caught:
        run_rate([28, 42], np.array(["2023-11-30", "2023-03-31"], "datetime64[D]"), 2023)
    assert caught.value.mask.tolist() == [False, True]


def test_a_zero_budget_fails_its_row_alone():
    with pytest.raises(ZeroDenominatorError) as caught:
        variance([63.6, 0], 71.3)
    assert caught.value.mask.tolist() == [False, True]


@given(st.integers(1900, 2199), st.floats(-1e9, 1e9))
def test_at_the_end_of_the_year_the_run_rate_is_the_figure(fy, ytd):
    assert float(run_rate(ytd, f"{fy + 1}-03-31", fy)) == ytd


@given(st.integers(2000, 2099), st.integers(1, 364), st.integers(1, 10**6))
def test_a_steady_flow_runs_to_its_days(fy, day, flow):
    as_at = np.datetime64(f"{fy}-04-01") + (day - 1)
    days = (datetime.date(fy + 1, 4, 1) - datetime.date(fy, 4, 1)).days
    assert float(run_rate(flow * day, as_at, fy)) == flow * days


@given(st.integers(1, 10**4), st.integers(1, 10**4))
def test_the_implied_period_lies_in_its_interval(ytd, full_year):
    point, low, high = (float(x) for x in period_implied(ytd, full_year))
    assert low < point < high


@given(st.lists(st.tuples(st.integers(0, 366), st.integers(0, 10**6)), min_size=1, max_size=8), st.integers(-5, 5))
def test_an_outturn_is_its_parts_to_the_penny(placements, net_new):
    pence = sum(days * price for days, price in placements) + net_new * 45 * 12_250
    days, prices = [d for d, _ in placements], [p / 100 for _, p in placements]
    assert float(outturn(0, days, prices, net_new, 45, 122.5)) == pence / 100
