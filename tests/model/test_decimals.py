"""Arithmetic on the decimals that a cell shows."""

from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.model.decimals import difference, exact_dot, exact_sum, quotient, rounded, running_sum
from xlmodel.values import decimal15, round_half_away

NOISY = st.floats(-1e12, 1e12, allow_nan=False).map(lambda x: 0.0 if abs(x) < 1e-12 else x)
SHORT = st.tuples(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 11)).map(lambda t: t[0] / 10 ** t[1])
NUMBERS = NOISY | SHORT


def to_15_digits(exact: Fraction) -> float:
    """Round a fraction to 15 significant digits, by integers."""
    if exact == 0:
        return 0.0
    size, exponent = abs(exact), 0
    while size >= 10**15:
        size, exponent = size / 10, exponent + 1
    while size < 10**14:
        size, exponent = size * 10, exponent - 1
    digits = floor(size + Fraction(1, 2))  # half away from zero
    return float(Fraction(digits) * Fraction(10) ** exponent * (1 if exact > 0 else -1))


@pytest.mark.parametrize(
    ("terms", "total"),
    [
        ([0.1, 0.2], 0.3),
        ([6, -1, -3.2], 1.8),
        ([0.3, -0.1, -0.2], 0.0),
        ([10, -9.99999999999999], 1e-14),
        ([1e15, 1], 1e15),  # the 16th digit is not there
        ([1e14, 0.1], 1e14),
        ([99999999999999.9, 0.1], 1e14),
        ([1 / 3, 1 / 3, 1 / 3], 0.999999999999999),
        ([-0.0, -0.0], 0.0),
        ([1e300, -1e300, 1], 1.0),
        ([999999999999999, 999999999999999, 1], 2e15),  # 1999999999999999 has 16 digits
        ([0.123456789012345, 9.1], 9.22345678901235),  # 9.223456789012345 is halfway
        ([1234567890123456], 1.23456789012346e15),
    ],
)
def test_a_sum_is_that_of_the_decimals(terms, total):
    assert float(exact_sum(*map(np.array, terms))) == total
    assert np.signbit(exact_sum(*map(np.array, terms))) == (total < 0)


def test_no_quotient_is_minus_zero():
    assert not np.signbit(quotient(np.array([0.0, 0.0, 0.0]), np.array([-10.0, -0.7, -1 / 3]))).any()


def test_a_sum_too_large_is_infinite_and_only_a_missing_number_is_missing():
    assert np.isposinf(exact_sum(np.array(np.inf), np.array(-np.inf)))
    assert np.isposinf(exact_dot(np.array([0.0]), np.array([np.inf])))
    gone = running_sum(np.array([1.0, np.inf, -np.inf, np.nan, 1.0]))
    assert gone[:3].tolist() == [1.0, np.inf, np.inf]
    assert np.isnan(gone[3:]).all()


@given(st.sampled_from([NOISY, SHORT, NUMBERS]), st.data())
def test_sums_and_products_are_exact_to_15_digits(numbers, data):
    terms = data.draw(st.lists(numbers, min_size=1, max_size=6))
    weights = data.draw(st.lists(numbers, min_size=len(terms), max_size=len(terms)))
    exact = sum(Fraction(decimal15(a)) * Fraction(decimal15(b)) for a, b in zip(terms, weights, strict=True))
    assert float(exact_dot(np.array(terms), np.array(weights))) == to_15_digits(exact)


@given(st.lists(st.tuples(st.integers(-(10**9), 10**9), st.integers(0, 8)), min_size=1, max_size=8))
def test_short_decimals_add_up_to_the_nearest_double(pairs):
    terms = [Fraction(n, 10**k) for n, k in pairs]
    sums = [to_15_digits(sum(terms[: i + 1], Fraction())) for i in range(len(terms))]
    assert running_sum(np.array([float(t) for t in terms])).tolist() == sums


@given(NUMBERS)
def test_a_number_less_itself_is_nothing(x):
    assert float(difference(np.array(x), np.array(x))) == 0


def test_a_quotient_of_extremes_is_finite_where_it_exists():
    assert float(quotient(np.array(1e300), np.array(1.23456789012))) == pytest.approx(8.1e299, rel=1e-3)


def test_missing_numbers_stay_missing_from_there_on():
    out = running_sum(np.array([[1.0, np.nan, 2.0], [1 / 3, np.nan, 2.0]]))
    assert np.isnan(out).tolist() == [[False, True, True], [False, True, True]]


@pytest.mark.parametrize(
    ("x", "dp", "expected"),
    [
        (82.5, 0, 83),
        (-82.5, 0, -83),
        (1.005, 2, 1.01),  # the double lies below the half; the decimal is the half
        (2.675, 2, 2.68),
        (0.285, 2, 0.29),
        (1250, -2, 1300),
        (49, -2, 0),
        (-0.4, 0, 0),
        (0.49999999999999994, 0, 1),  # 0.5 to 15 digits
        (1e22, 2, 1e22),
        (123456789012345.5, 0, 123456789012346),
        (7, 15, 7),
    ],
)
def test_half_is_rounded_away_from_zero(x, dp, expected):
    out = float(rounded(np.array(float(x)), np.array(float(dp))))
    assert out == expected
    assert np.signbit(out) == (expected < 0)


@given(st.floats(-1e9, 1e9), st.integers(-6, 10))
def test_the_quick_way_of_rounding_is_the_decimal_one(x, dp):
    assert float(rounded(np.array(x), np.array(float(dp)))) == round_half_away(x, dp)


@given(st.integers(-(10**6), 10**6), st.integers(0, 6))
def test_every_tie_is_rounded_away(units, dp):
    tie = (2 * units + 1) / (2 * 10**dp)
    away = units + 1 if units >= 0 else units
    assert float(rounded(np.array(tie), np.array(float(dp)))) == away / 10**dp
