"""The limits that chance leaves to a year's closing stock."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.errors import DomainError, KindError
from xlmodel.model.uncertainty import stock_interval, stock_variance

VALUES = [
    (stock_variance, (487, 140, 215 / 487), "260.08"),
    (stock_variance, (487, 140, 0), 140),  # nobody leaves: only the starts are uncertain
    (stock_variance, (487, 0, 1), 0),
    (stock_interval, (487, 140, 215 / 487), ("380.4", "412.0", "443.6")),
    (stock_interval, (487, 140, 215 / 487, 0.8), ("391.3", "412.0", "432.7")),
    (stock_interval, (487, 140, 215 / 487, 0.95, 1), ("380.4", "412.0", "443.6")),
    (stock_interval, (487, 140, 215 / 487, 0.95, 4), ("348.8", "412.0", "475.2")),  # twice as wide
    (stock_interval, (487, 0, 0), (487, 487, 487)),
    (stock_interval, (487, 0, 1), (0, 0, 0)),
    (stock_interval, (0, 1, 0.5), (0, 1, "2.96")),  # the normal limit is -0.96
    (stock_interval, (None, 1, 0.5), (None, None, None)),
]

REFUSALS = [
    (stock_interval, (-1, 140, 0.4), DomainError, "opening"),
    (stock_interval, (487, -1, 0.4), DomainError, "starts"),
    (stock_interval, (487, 140, 1.1), DomainError, "exit_prob"),
    (stock_interval, (487, 140, -0.1), DomainError, "exit_prob"),
    (stock_interval, (487, 140, 0.4, 0), DomainError, "level"),
    (stock_interval, (487, 140, 0.4, 1), DomainError, "level"),
    (stock_interval, (487, 140, 0.4, 95), DomainError, "level"),
    (stock_interval, (487, 140, 0.4, 0.95, 0.9), DomainError, "overdispersion"),
    (stock_interval, ("487", 140, 0.4), KindError, "opening"),
]


@pytest.mark.parametrize(("function", "arguments", "expected"), VALUES)
def test_value(function, arguments, expected, compare):
    compare(function(*arguments), expected)


@pytest.mark.parametrize(("function", "arguments", "error", "argument"), REFUSALS)
def test_refusal(function, arguments, error, argument, refused):
    refused(function, arguments, error, argument)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
def test_simulated_years_fall_between_the_limits_as_often_as_said(level):
    chance = np.random.default_rng(2025)
    closing = chance.poisson(140, 200_000) + chance.binomial(487, 1 - 215 / 487, 200_000)
    low, _, high = stock_interval(487, 140, 215 / 487, level)
    # half a child either way: the outcome is a whole number, the limits are not
    assert np.mean((closing > low) & (closing < high)) == pytest.approx(level, abs=0.02)
    assert closing.var() == pytest.approx(float(stock_variance(487, 140, 215 / 487)), rel=0.02)


@given(st.integers(0, 2000), st.integers(0, 2000), st.floats(0, 1), st.floats(0.01, 0.99), st.floats(1, 9))
def test_the_limits_lie_around_the_middle_and_widen_with_level_and_dispersion(opening, starts, p, level, factor):
    low, mid, high = (float(x) for x in stock_interval(opening, starts, p, level, factor))
    assert 0 <= low <= mid <= high
    lower, _, higher = (float(x) for x in stock_interval(opening, starts, p, (1 + level) / 2, factor))
    assert lower <= low
    assert higher >= high
