"""Statistical neighbours: the deck's six, and what must hold of any."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, poisson

from xlmodel.errors import DomainError, KindError, NoDataError, ShapeError, ZeroDenominatorError
from xlmodel.model.neighbours import METHODS, enough_neighbours, funnel_limits, sn_average, sn_gap, sn_rank

# Portsmouth, Hull, Salford, Bristol, Stoke and Sheffield as printed, in £m; Southampton is the authority itself.
NAMES = ["Portsmouth", "Hull", "Salford", "Bristol", "Stoke", "Sheffield"]
OVERSPENDS = [2, 2.6, 6.9, 12.1, 12.9, 8.9]
BUDGETS = [66, 81.5, 97.6, 110.2, 80.1, 115.8]
PER_CHILD = [1603, 1316, 1664, 1203, 1371, 1031]
DEFICITS = [o / b for o, b in zip(OVERSPENDS, BUDGETS, strict=True)]
CHILDREN = [1e6 * b / c for b, c in zip(BUDGETS, PER_CHILD, strict=True)]
NAN = float("nan")

VALUES = [
    (sn_average, (DEFICITS, BUDGETS), "0.0824"),
    (sn_average, (DEFICITS, BUDGETS, "mean"), "0.0801"),
    (sn_average, (DEFICITS, None, "mean"), "0.0801"),
    (sn_average, (DEFICITS, None, "median"), "0.0738"),
    (sn_average, (PER_CHILD, CHILDREN), "1,299.68"),
    (sn_average, (PER_CHILD, CHILDREN, "MEAN "), "1,364.67"),
    (sn_average, (PER_CHILD, CHILDREN, "pooled", NAMES, "Southampton"), "1,299.68"),
    (sn_average, ([10, NAN, 40], [1, 1, 1]), 25),  # skipped, not 0
    (sn_average, ([10, 70, 40], [1, NAN, 1]), 25),
    (sn_average, ([10, 70, 40], [1, NAN, 1], "mean"), 40),  # only pooled needs weights
    (sn_average, ([10, 70, 40], [1, 0, 1]), 25),
    (sn_average, ([10, NAN, 40], [1, 1, 1], "median"), 25),
    (sn_average, ([7], None, "median"), 7),
    (sn_average, ([0.1, 0.2], None, "mean"), 0.15),  # plain doubles give 0.15000000000000002
    (sn_average, ([-3, 1], [1, 1]), -1),
    (sn_gap, (82.8, 65, 49756.1), (17.8, "88.57")),
    (sn_gap, (60, 65, 20000), (-5, -10)),
    (sn_gap, (82.8, 65), (17.8, None)),
    (sn_gap, (82.8, 65, NAN), (17.8, None)),
    (sn_gap, (NAN, 65, 20000), (None, None)),
    (sn_gap, (0.3, 0.2, 10000), (0.1, 0.1)),
    (sn_rank, (0.12107, DEFICITS), 2),
    (sn_rank, (0.12107, DEFICITS, 1), 6),
    (sn_rank, (5, [5, 7, 5, 3]), 2),  # ties share the higher place
    (sn_rank, (3, [5, 7, 5, 3]), 4),
    (sn_rank, (5, [NAN, 7, 3]), 2),
    (sn_rank, (5, [NAN, 7, 3], 1), 2),
    (sn_rank, (0.3, [0.1 + 0.2]), 1),  # equal as decimals
    (sn_rank, (0.1 + 0.2, [0.3]), 1),
    (sn_rank, (NAN, [7, 3]), None),
    (funnel_limits, (65, 49756.1), ("58.08", "72.15")),
    (funnel_limits, (65, 49756.1, 3), ("54.47", "76.17")),
    (funnel_limits, (0, 49756.1), (0, 0)),
    (funnel_limits, (3, 100), (0, 100)),  # 0.03 children expected: one child is within chance
    (funnel_limits, (65, NAN), (None, None)),
    (funnel_limits, (NAN, 100, NAN), (None, None)),
]

REFUSALS = [
    (sn_average, (DEFICITS,), KindError, "weights"),
    (sn_average, (DEFICITS, BUDGETS, "average"), KindError, "method"),
    (sn_average, ([NAN, NAN], [1, 1]), NoDataError, "values"),
    (sn_average, ([1, NAN], [NAN, 1]), NoDataError, "values"),
    (sn_average, ([NAN], None, "mean"), NoDataError, "values"),
    (sn_average, ([1, 2], [0, 0]), ZeroDenominatorError, "weights"),
    (sn_average, ([NAN, 2], [1, 0]), ZeroDenominatorError, "weights"),
    (sn_average, ([1, 2], [1, -1]), DomainError, "weights"),
    (sn_average, ([1, 2], [1]), ShapeError, "weights"),
    (sn_average, ([1, 2], [1, 1], "mean", ["Hull"], "Hull"), ShapeError, "names"),
    (sn_average, (DEFICITS, BUDGETS, "mean", NAMES, " SALFORD"), KindError, "names"),
    (sn_average, (DEFICITS, BUDGETS, "mean", NAMES), KindError, "own_name"),
    (sn_average, (DEFICITS, BUDGETS, "mean", None, "Salford"), KindError, "names"),
    (sn_average, (["1", "2"], [1, 1]), KindError, "values"),
    (sn_gap, (82.8, 65, -1), DomainError, "population"),
    (sn_gap, ("82.8", 65), KindError, "own"),
    (sn_rank, (5, [NAN, NAN]), NoDataError, "neighbours"),
    (sn_rank, (5, [1, 2], 2), DomainError, "order"),
    (sn_rank, (5, [1, 2], 0.5), DomainError, "order"),
    (sn_rank, (5, []), ShapeError, "neighbours"),
    (funnel_limits, (65, 0), ZeroDenominatorError, "population"),
    (funnel_limits, (65, -1), DomainError, "population"),
    (funnel_limits, (-65, 49756.1), DomainError, "rate_avg"),
    (funnel_limits, (65, 49756.1, 0), DomainError, "z"),
    (funnel_limits, (65, 49756.1, -1.96), DomainError, "z"),
    (funnel_limits, (65, 49756.1, 38), DomainError, "z"),
    (funnel_limits, (10000, 1e13), DomainError, "rate_avg"),
]


@pytest.mark.parametrize(("function", "arguments", "expected"), VALUES)
def test_value(function, arguments, expected, compare):
    compare(function(*arguments), expected)


@pytest.mark.parametrize(("function", "arguments", "error", "argument"), REFUSALS)
def test_refusal(function, arguments, error, argument, refused):
    refused(function, arguments, error, argument)


def test_the_authority_among_its_neighbours_is_named():
    with pytest.raises(KindError, match="as in row 3"):
        sn_average(DEFICITS, BUDGETS, "pooled", NAMES, "Salford")


def test_the_limits_are_the_counts_289_and_359():
    assert [round(float(x) * 4.97561, 9) for x in funnel_limits(65, 49756.1)] == [289, 359]


def test_methods_and_weights_are_rows_of_a_column():
    out = sn_average([[1, 3, 8], [1, 3, NAN]], [1, 1, 2], [["pooled"], ["mean"], ["median"]])
    assert out.tolist() == [[5, 2], [4, 2], [3, 2]]
    with pytest.raises(KindError) as caught:
        sn_average([1, 3], None, ["mean", "pooled"])
    assert caught.value.mask.tolist() == [False, True]


@pytest.mark.parametrize(("present", "enough"), [(4, False), (5, True), (10, True), (0, False)])
def test_five_of_ten_neighbours_are_enough(present, enough):
    assert bool(enough_neighbours([1.0] * present + [NAN] * (10 - present))) is enough


TENTHS = st.integers(-(10**5), 10**5).map(lambda n: n / 10)
FIGURES = st.lists(TENTHS, min_size=1, max_size=12)


@given(FIGURES, st.data())
def test_an_average_lies_among_the_figures_and_is_that_of_fractions(values, data):
    weights = data.draw(st.lists(st.integers(1, 10**5), min_size=len(values), max_size=len(values)))
    exact = [Fraction(round(10 * v), 10) for v in values]
    ordered = sorted(exact)
    middle = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    expected = {
        "pooled": sum(v * w for v, w in zip(exact, weights, strict=True)) / sum(weights),
        "mean": sum(exact) / len(exact),
        "median": sum(middle) / 2,
    }
    for method in METHODS:
        found = float(sn_average(values, weights, method))
        assert found == pytest.approx(float(expected[method]), rel=1e-13, abs=1e-13)
        assert min(values) - 1e-9 <= found <= max(values) + 1e-9


@given(FIGURES)
def test_a_missing_neighbour_changes_nothing(values):
    weights = [1.0] * len(values)
    for method in METHODS:
        assert sn_average([*values, NAN], [*weights, 1], method) == sn_average(values, weights, method)


@given(TENTHS, FIGURES)
def test_the_ranks_from_both_ends_leave_room_for_the_ties(own, neighbours):
    ties = neighbours.count(own)
    assert float(sn_rank(own, neighbours) + sn_rank(own, neighbours, 1)) == len(neighbours) + 2 - ties


@given(st.floats(0.01, 900), st.floats(500, 4e5), st.floats(0.05, 6))
def test_the_limits_are_quantiles_of_the_poisson_distribution(rate, population, z):
    mean, tail = rate * population / 1e4, norm.sf(z)
    low, high = (np.rint(float(x) * population / 1e4) for x in funnel_limits(rate, population, z))
    # Where a probability is just that of the tail, the last digit of the mean decides.
    near = [mean * (1 + e) for e in (-1e-12, 0, 1e-12)]
    assert low in [poisson.ppf(tail, m) for m in near]
    assert high in [poisson.isf(tail, m) for m in near]
    assert low <= mean + 1 <= high + 2


def test_the_limits_are_the_first_counts_that_reach_the_probability():
    for population in (40, 1000, 3000, 20000):
        low, high = (round(float(x) * population / 1e4) for x in funnel_limits(65, population, 1.96))
        mean = 65 * population / 1e4
        assert poisson.cdf(low, mean) >= norm.cdf(-1.96) > (poisson.cdf(low - 1, mean) if low else 0)
        assert poisson.cdf(high, mean) >= norm.cdf(1.96) > (poisson.cdf(high - 1, mean) if high else 0)
