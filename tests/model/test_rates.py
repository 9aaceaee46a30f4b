"""Rates and populations: the catalogue's numbers, its edge cases and what must hold of any."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xlmodel.errors import DomainError, KindError, NoDataError, ShapeError, ZeroDenominatorError
from xlmodel.model.rates import common_population, count_from_rate, implied_population, pct_change, rate_per_10k

COUNTS, RATES, PLACES = [539, 487, 140, 102], [108, 98, 28, 20.5], [0, 0, 0, 1]

VALUES = [
    (rate_per_10k, (412, 49756.1, 2), 82.8),
    (rate_per_10k, (412, 49756.1), "82.80"),
    (rate_per_10k, (539, 49756.1), "108.33"),
    (rate_per_10k, (487, 49756.1), "97.88"),
    (rate_per_10k, (339, 49756.1), "68.13"),
    (rate_per_10k, (284, 49756.1), "57.08"),
    (rate_per_10k, (140, 49756.1), "28.14"),
    (rate_per_10k, (165, 20000, 0), 83),  # 82.5: half away from zero, where Python's round gives 82
    (rate_per_10k, (165, 20000, None), 82.5),
    (rate_per_10k, (165, 20000, float("nan")), 82.5),
    (rate_per_10k, (12345, 10**6, -1), 120),
    (rate_per_10k, (0, 49756.1), 0),
    (rate_per_10k, (100, 100), 10000),
    (rate_per_10k, (412, float("nan")), None),
    (implied_population, (539, 108), ("49,907.4", "49,677.4", "50,139.5")),
    (implied_population, (487, 98), ("49,693.9", "49,441.6", "49,948.7")),
    (implied_population, (412, 85), ("48,470.6", "48,187.1", "48,757.4")),
    (implied_population, (339, 72), ("47,083.3", "46,758.6", "47,412.6")),
    (implied_population, (284, 61), ("46,557.4", "46,178.9", "46,942.1")),
    (implied_population, (140, 28), ("50,000.0", "49,122.8", "50,909.1")),
    (implied_population, (102, 20.5, 1), ("49,756.1", "49,635.0", "49,877.8")),
    (implied_population, (5, 0.5), (100000, 50000, None)),  # rate = half a unit: no population is too large
    (implied_population, (5, 0.3), ("166,666.7", 62500, None)),
    (implied_population, (5, 0.05, 1), (1000000, 500000, None)),
    (common_population, (COUNTS, RATES, PLACES), ("49,677.4", "49,877.8")),
    (common_population, ([5, 7], [0.5, 0.4], [0, 0]), ("77,777.8", None)),
    (count_from_rate, (85, 49756.1), 422.92685),
    (count_from_rate, (72, 49756.1), "358.2"),
    (count_from_rate, (61, 49756.1), "303.5"),
    (count_from_rate, (0, 49756.1), 0),
    (count_from_rate, (85, 0), 0),
    (pct_change, (44, 66), 0.5),
    (pct_change, (66, 44), "-0.3333"),
    (pct_change, (-2, -1), 0.5),  # a rise is a rise from a negative figure too
    (pct_change, (63.6, 71.3), "0.12107"),
    (pct_change, (44, 44), 0),
]

REFUSALS = [
    (rate_per_10k, (412, 0), ZeroDenominatorError, "population"),
    (rate_per_10k, (0, 0), ZeroDenominatorError, "population"),
    (rate_per_10k, (412, -1), DomainError, "population"),
    (rate_per_10k, (-1, 49756.1), DomainError, "count"),
    (rate_per_10k, (101, 100), DomainError, "count"),
    (rate_per_10k, (412, 49756.1, 0.5), DomainError, "dp"),
    (rate_per_10k, (412, 49756.1, 16), DomainError, "dp"),
    (rate_per_10k, ("412", 49756.1), KindError, "count"),
    (implied_population, (539, 0), ZeroDenominatorError, "rate"),
    (implied_population, (0, 0), ZeroDenominatorError, "rate"),
    (implied_population, (539, -108), DomainError, "rate"),
    (implied_population, (-539, 108), DomainError, "count"),
    (implied_population, (0, 108), DomainError, "count"),
    (implied_population, (539, 108, 1.5), DomainError, "dp"),
    (common_population, ([*COUNTS, 412], [*RATES, 85], [*PLACES, 0]), NoDataError, "rates"),
    (common_population, (COUNTS, [108, 98, 28, 0], PLACES), ZeroDenominatorError, "rates"),
    (common_population, (COUNTS, [108, 98, 28, -1], PLACES), DomainError, "rates"),
    (common_population, ([539, 487, 140, 0], RATES, PLACES), DomainError, "counts"),
    (common_population, ([539, 487, 140, -1], RATES, PLACES), DomainError, "counts"),
    (common_population, (COUNTS, RATES, [0, 0, 0, 1.5]), DomainError, "dp"),
    (common_population, (COUNTS, RATES[:3], PLACES), ShapeError, "rates"),
    (common_population, (COUNTS, RATES, [0]), ShapeError, "dp"),
    (count_from_rate, (-85, 49756.1), DomainError, "rate"),
    (count_from_rate, (85, -1), DomainError, "population"),
    (pct_change, (0, 66), ZeroDenominatorError, "old"),
    (pct_change, ("44", 66), KindError, "old"),
]


@pytest.mark.parametrize(("function", "arguments", "expected"), VALUES)
def test_value(function, arguments, expected, compare):
    compare(function(*arguments), expected)


@pytest.mark.parametrize(("function", "arguments", "error", "argument"), REFUSALS)
def test_refusal(function, arguments, error, argument, refused):
    refused(function, arguments, error, argument)


def test_one_zero_population_does_not_stop_the_column():
    with pytest.raises(ZeroDenominatorError, match="population must be > 0; got 0") as caught:
        rate_per_10k([412, 539, 487], [49756.1, 0, 49756.1], [1, float("nan"), 0])
    assert caught.value.mask.tolist() == [False, True, False]


def test_the_rows_that_clash_are_named_for_each_row():
    counts, places = [539, 487, 140, 102, 412], [0, 0, 0, 1, 0]
    rates = [[108, 98, 28, 20.5, 85], [108, 98, 28, 20.5, 82], [108, 98, 28, 20.5, 82.8]]
    with pytest.raises(NoDataError, match="rows 1 and 5 clash") as caught:
        common_population(counts, rates, places)
    assert caught.value.mask.tolist() == [True, False, False]  # 82 needs more than 49,939: rows 4 and 5
    with pytest.raises(NoDataError, match="rows 4 and 5 clash") as caught:
        common_population(counts, rates[1:], places)
    assert caught.value.mask.tolist() == [True, False]


def test_intervals_that_only_touch_have_nothing_in_common():
    # one count printed as 10 and as 11 per 10,000: 10.5 exactly is printed as 11
    with pytest.raises(NoDataError, match="rows 1 and 2 clash"):
        common_population([100, 100], [10, 11], [0, 0])


def test_the_high_end_is_a_population_too():
    # 2.45 is printed as 2.5; divided as doubles, the end comes out below the million it stands for
    _, _, high = implied_population(245, 2.5, 1)
    assert float(high) == 1_000_000


@pytest.mark.parametrize(
    ("counts", "rates", "places"), [([100, 300], [20.4, 61.4], [1, 1]), ([7, 7], [0.7, 0.8], [1, 1])]
)
def test_touching_is_found_in_decimals(counts, rates, places):
    with pytest.raises(NoDataError, match="rows 1 and 2 clash"):
        common_population(counts, rates, places)


def test_a_rate_printed_to_its_last_digit_does_not_clash_with_itself():
    low, high = common_population([539], [108], [15])
    assert low == high == pytest.approx(49907.4074074)


@given(st.integers(1, 10**5), st.integers(1, 10**7), st.integers(0, 3))
def test_the_interval_holds_every_population_that_prints_the_rate(count, population, dp):
    assume(count <= population)
    unit = Decimal(1).scaleb(-dp)
    exact = Decimal(count) * 10_000 / Decimal(population)
    printed = exact.quantize(unit, rounding=ROUND_HALF_UP)
    assume(printed > 0)
    point, low, high = (float(x) for x in implied_population(count, float(printed), dp))
    assert low < population
    assert np.isnan(high) or population <= high
    assert low < point
    assert np.isnan(high) or point < high


@given(st.integers(1, 10**5), st.integers(1, 10**7), st.integers(0, 3))
def test_the_printed_rate_is_the_decimal_rounded_half_away(count, population, dp):
    assume(count <= population)
    exact = Decimal(count) * 10_000 / Decimal(population)
    printed = exact.quantize(Decimal(1).scaleb(-dp), rounding=ROUND_HALF_UP)
    assert float(rate_per_10k(count, population, dp)) == float(printed)


@given(st.integers(0, 10**5), st.floats(1e5, 1e8))
def test_rate_and_count_undo_each_other(count, population):
    assert float(count_from_rate(rate_per_10k(count, population), population)) == pytest.approx(count, rel=1e-14)


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=6), st.integers(5000, 10**6))
def test_rates_of_one_population_have_it_in_common(counts, population):
    rates = rate_per_10k(counts, population, 1)
    assume((rates > 0).all())
    low, high = (float(x) for x in common_population(counts, rates, np.ones(len(counts))))
    assert low < population
    assert np.isnan(high) or population <= high
