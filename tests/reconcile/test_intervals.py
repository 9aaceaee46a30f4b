"""What lies in intervals stays in the interval of the result."""

from fractions import Fraction
from math import inf

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xlmodel.reconcile.intervals import Interval, NoResultError, absolute, exponential, logarithm, power

NUMBERS = st.builds(Fraction, st.integers(-500, 500), st.integers(1, 40))
SHARES = st.builds(Fraction, st.integers(0, 16), st.just(16))


@st.composite
def interval_and_number(draw):
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
    return Interval(low, high), low + (high - low) * draw(SHARES)


PAIRS = interval_and_number()


@given(PAIRS, PAIRS)
def test_sums_differences_and_products_hold_every_result(a, b):
    (x, p), (y, q) = a, b
    assert (x + y).holds(p + q)
    assert (x - y).holds(p - q)
    assert (x * y).holds(p * q)


@given(PAIRS, PAIRS)
def test_quotients_hold_every_result(a, b):
    (x, p), (y, q) = a, b
    assume(q != 0)
    assert (x / y).holds(p / q)


@given(PAIRS, st.integers(-4, 4))
def test_whole_powers_hold_every_result(a, n):
    x, p = a
    assume(n >= 0 or p != 0)
    assert power(x, Interval.of(Fraction(n))).holds(p**n)


@given(PAIRS)
def test_sizes_hold_every_result(a):
    x, p = a
    assert absolute(x).holds(abs(p))


@given(PAIRS)
def test_the_logarithm_of_a_power_of_e_is_the_power(a):
    x, p = a
    back = logarithm(exponential(x))
    assert back.low - Fraction(1, 10**15) <= p <= back.high + Fraction(1, 10**15)


@given(PAIRS, PAIRS)
def test_the_ends_are_reached(a, b):
    (x, _), (y, _) = a, b
    products = {p * q for p in x for q in y}
    assert set(x * y) <= products


def test_arithmetic_is_that_of_decimals():
    tenth, fifth = (Interval.of(Fraction(text)) for text in ("0.1", "0.2"))
    assert tenth + fifth == Interval.of(Fraction("0.3"))


@pytest.mark.parametrize(
    ("below", "result"),
    [
        (Interval(Fraction(-1), Fraction(2)), Interval(-inf, inf)),
        (Interval(Fraction(0), Fraction(2)), Interval(Fraction(1, 2), inf)),
        (Interval(Fraction(-2), Fraction(0)), Interval(-inf, Fraction(-1, 2))),
    ],
)
def test_a_divisor_that_may_be_zero_leaves_no_limit(below, result):
    assert Interval.of(Fraction(1)) / below == result


@pytest.mark.parametrize(
    "result",
    [
        lambda: Interval.of(Fraction(1)) / Interval.of(Fraction(0)),
        lambda: logarithm(Interval(Fraction(-2), Fraction(0))),
        lambda: power(Interval(Fraction(-2), Fraction(1)), Interval.of(Fraction(1, 2))),
    ],
)
def test_what_has_no_result_says_so(result):
    with pytest.raises(NoResultError):
        result()
