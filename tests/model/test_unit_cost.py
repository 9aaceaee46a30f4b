"""Unit cost, the change of a bill, and prices over the years."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlmodel.errors import DomainError, KindError, NoDataError, ShapeError, ZeroDenominatorError
from xlmodel.model.decimals import exact_sum
from xlmodel.model.prices import GREEN_BOOK_RATES, present_value, price_levels, real_terms, uplift
from xlmodel.model.unit_cost import cost_per_child_week, price_volume_mix, unit_cost_week, week_to_year

NAN = float("nan")
N0, N1, P0, P1 = [300, 100], [280, 120], [400, 5000], [420, 5100]
FLOWS = [1, 4.2, 6]

VALUES = [
    (unit_cost_week, (1_000_000, 14_600), "479.45"),
    (unit_cost_week, (1_000_000, 14_600, 73_000), "444.45"),
    (unit_cost_week, (700, 0.7), 7000),  # plain doubles give 7000.000000000001
    (unit_cost_week, ([700, -700], 1), [4900, -4900]),
    (unit_cost_week, (NAN, 1), None),
    (cost_per_child_week, (413388, 484), "854.11"),
    (cost_per_child_week, (4.2, 0.7), 6),
    (week_to_year, (854.1074, 2024), "44535.60"),
    (week_to_year, (854.1074, 2023), "44657.62"),
    (week_to_year, (0.7, [2023, 2024]), [36.6, 36.5]),
    (week_to_year, (NAN, 2024), None),
    (price_volume_mix, ([566], [484], [502810 / 566], [413388 / 484]), ("-72845.27", 0, "-16576.73")),
    (price_volume_mix, (N0, N1, P0, P1), (0, 92000, 17600)),
    (price_volume_mix, (N0, [330, 110], P0, P0), (62000, 0, 0)),
    (price_volume_mix, (N0, N0, P0, P1), (0, 0, 16000)),
    (price_volume_mix, ([300, 0], [310, 0], [400, None], [400, None]), (4000, 0, 0)),
    (price_volume_mix, ([300, 0], [310, 0], [400, 900], [400, None]), (4000, 0, 0)),
    (price_volume_mix, ([300, 10], [300, 0], [400, 800], [400, None]), ("-4129.03", "-3870.97", 0)),
    (price_volume_mix, (N0, [280, None], P0, P1), (None, None, None)),
    (price_levels, ([0.05], 3), [1, 1.05, 1.1025]),
    (price_levels, ([0, 0.05, 0.02], 3), [1, 1.05, 1.071]),
    (price_levels, ([0.05, 0, -0.5], 3), [1.05, 1.05, 0.525]),
    (price_levels, ([0.05], 1), [1]),
    (price_levels, ([0, NAN, 0.02], 3), [1, None, None]),
    (uplift, (1, [0.05, 0.05], 2024, 2026), 1.1025),
    (uplift, (1.1025, [0.05, 0.05], 2026, 2024), 1),
    (uplift, (1000, [0.05, 0.03], 2024, [2024, 2025, 2026]), [1000, 1050, 1081.5]),
    (uplift, (1000, [0.05, NAN], 2024, 2025), 1050),
    (uplift, (1000, [0.05], "2024/25", "2025/26"), 1050),
    (uplift, (0.1, [0.1] * 3, 2024, 2027), 0.1331),
    (uplift, (NAN, [0.05], 2024, 2025), None),
    (real_terms, (1030, 103, 100), 1000),
    (real_terms, (0.42, 0.7, 1), 0.6),
    (real_terms, (NAN, 103, 100), None),
    (present_value, (FLOWS,), "10.6590"),
    (present_value, (FLOWS, 0.035, "mid"), "10.4773"),
    (present_value, (FLOWS, None, "End"), "10.2986"),
    (present_value, (FLOWS, 0), 11.2),
    (present_value, (FLOWS, [NAN, 0]), ["10.6590", 11.2]),
    (present_value, (FLOWS, 0, ["start", "mid", "end"]), [11.2, 11.2, 11.2]),
    (present_value, ([1, NAN],), None),
]

REFUSALS = [
    (unit_cost_week, (1, 0), ZeroDenominatorError, "care_days"),
    (unit_cost_week, (1, -1), DomainError, "care_days"),
    (unit_cost_week, (1, 1, -1), DomainError, "income"),
    (unit_cost_week, ("1", 1), KindError, "spend"),
    (cost_per_child_week, (1, 0), ZeroDenominatorError, "children"),
    (cost_per_child_week, (1, -1), DomainError, "children"),
    (week_to_year, (1, 2024.5), DomainError, "fy"),
    (week_to_year, (1, 24), DomainError, "fy"),
    (price_volume_mix, ([0, 0], N1, P0, P1), ZeroDenominatorError, "n0"),
    (price_volume_mix, ([-1, 2], N1, P0, P1), DomainError, "n0"),
    (price_volume_mix, (N0, [-1, 2], P0, P1), DomainError, "n1"),
    (price_volume_mix, ([300, 0], N1, [400, None], P1), NoDataError, "p0"),
    (price_volume_mix, (N0, [300, 0], [400, None], P1), NoDataError, "p0"),
    (price_volume_mix, (N0, N1, P0, [420, None]), NoDataError, "p1"),
    (price_volume_mix, (N0, N1, P0, [420]), ShapeError, "p1"),
    (price_levels, ([0.1, 0.1], 3), ShapeError, "uplift"),
    (price_levels, ([-1], 3), DomainError, "uplift"),
    (uplift, (1, [0.05], 2024, 2026), NoDataError, "rates"),
    (uplift, (1, [0.05], 2026, 2024), NoDataError, "rates"),
    (uplift, (1, [NAN, 0.05], 2024, 2025), NoDataError, "rates"),
    (uplift, (1, [-1], 2024, 2025), DomainError, "rates"),
    (uplift, (1, [0.05], "2024/26", 2025), KindError, "fy"),
    (real_terms, (1, 0, 1), DomainError, "index_then"),
    (real_terms, (1, 1, -1), DomainError, "index_base"),
    (present_value, (FLOWS, -1), DomainError, "rate"),
    (present_value, (FLOWS, 0.1, "later"), KindError, "timing"),
    (present_value, ([],), ShapeError, "real_flows"),
]


@pytest.mark.parametrize(("function", "arguments", "expected"), VALUES)
def test_value(function, arguments, expected, compare):
    compare(function(*arguments), expected)


@pytest.mark.parametrize(("function", "arguments", "error", "argument"), REFUSALS)
def test_refusal(function, arguments, error, argument, refused):
    refused(function, arguments, error, argument)


def test_a_gap_in_the_rates_names_its_1_april_and_marks_its_rows():
    with pytest.raises(NoDataError, match="rates must have the rise of 1 April 2026, item 2") as caught:
        uplift(1000, [0.05], 2024, [2025, 2026])
    assert caught.value.mask.tolist() == [False, True]
    with pytest.raises(NoDataError, match="rates must have the rise of 1 April 2026, item 2") as caught:
        uplift(1000, [0.05], [2024, 2027], [2026, 2029])  # the other row lacks that of 2029
    assert caught.value.mask.tolist() == [True, False]
    with pytest.raises(NoDataError, match="rise of 1 April 2026, item 2"):
        uplift(1000, [0.05], 2026, 2024)  # backwards too, the first rate is that of 2025


def test_a_type_without_a_price_is_named():
    with pytest.raises(NoDataError, match="p0 must be given for row 2, which has children: give a reference price"):
        price_volume_mix([300, 0], [300, 10], [400, None], [400, 900])
    with pytest.raises(NoDataError) as caught:
        price_volume_mix([N0, [300, 0]], [[280, 0], [300, 10]], [400, None], [400, 900])
    assert caught.value.mask.tolist() == [True, True]
    with pytest.raises(NoDataError, match="p1 must be given for row 2, which has children") as caught:
        price_volume_mix([300, 10], [300, 10], [400, 900], [[400, None], [None, 900]])
    assert caught.value.mask.tolist() == [True, False]


def test_the_discount_rate_steps_down_after_30_and_75_years():
    factors = [float(present_value([0.0] * k + [1.0])) for k in (30, 31, 75, 76)]
    assert factors[1] / factors[0] == pytest.approx(1 / 1.03, rel=1e-14)
    assert factors[3] / factors[2] == pytest.approx(1 / 1.025, rel=1e-14)
    assert factors[2] == pytest.approx(1.035**-30 * 1.03**-45, rel=1e-13)
    assert float(present_value([0.0] * 30 + [1.0], None, "mid")) == pytest.approx(factors[0] / 1.03**0.5, rel=1e-14)
    assert [last for last, _ in GREEN_BOOK_RATES[:2]] == [30, 75]
    assert float(present_value([0.0] * 31 + [1.0], 0.035)) == pytest.approx(1.035**-31, rel=1e-14)


CHILDREN = st.integers(0, 20000).map(lambda tenths: tenths / 10)
PENCE = st.integers(0, 10**6).map(lambda pence: pence / 100)
PLACEMENTS = st.lists(st.tuples(CHILDREN, CHILDREN, PENCE, PENCE), min_size=1, max_size=6)


def tenths(x):
    return Fraction(round(10 * x), 10)


def pounds(x):
    return Fraction(round(100 * x), 100)


@given(PLACEMENTS)
def test_volume_mix_and_price_add_up_to_the_change_of_the_bill(placements):
    n0, n1, p0, p1 = (list(x) for x in zip(*placements, strict=True))
    if not sum(n0):
        with pytest.raises(ZeroDenominatorError):
            price_volume_mix(n0, n1, p0, p1)
        return
    volume, mix, price = price_volume_mix(n0, n1, p0, p1)
    bills = [sum(tenths(n) * pounds(p) for n, p in zip(*side, strict=True)) for side in ((n0, p0), (n1, p1))]
    assert float(exact_sum(volume, mix, price)) == float(bills[1] - bills[0])
    average = bills[0] / sum(map(tenths, n0))
    grown = (sum(map(tenths, n1)) - sum(map(tenths, n0))) * average
    size = float(sum(bills)) + abs(float(grown))
    assert float(volume) == pytest.approx(float(grown), abs=1e-12 * size)
    rise = sum(tenths(n) * (pounds(new) - pounds(old)) for n, old, new in zip(n1, p0, p1, strict=True))
    assert float(price) == float(rise)


def test_a_part_that_is_0_is_0_and_not_what_rounding_leaves_of_large_bills():
    shares, prices = np.array([0.85, 0.15]), [35500.745142857144, 311283]
    before, after = shares * (361.574157798723 / 0.999), shares * (338.1203085477982 / 1.001)
    volume, mix, price = price_volume_mix(before, after, prices, prices)
    assert (float(mix), float(price)) == (0, 0)
    assert float(volume) == pytest.approx(np.dot(after - before, prices), rel=1e-12)
    moved = before * (1.1, 1 - 0.1 * 0.85 / 0.15)
    volume, mix, price = price_volume_mix(before, moved, prices, prices)
    assert (float(volume), float(price)) == (0, 0)
    assert float(mix) == pytest.approx(np.dot(moved - before, prices), rel=1e-12)


@given(PENCE, st.lists(st.integers(-500, 500).map(lambda x: x / 10_000), min_size=5, max_size=5), st.integers(0, 5))
def test_uplift_there_and_back(amount, rates, years):
    there = uplift(amount, rates, 2024, 2024 + years)
    level = np.prod([1 + Fraction(round(r * 10_000), 10_000) for r in rates[:years]])
    assert float(there) == pytest.approx(float(pounds(amount) * level), rel=1e-14)
    assert float(uplift(there, rates, 2024 + years, 2024)) == pytest.approx(amount, rel=1e-14)


@settings(max_examples=50)
@given(st.lists(PENCE, min_size=1, max_size=20), st.floats(0, 0.2))
def test_a_present_value_moves_by_a_year_from_start_to_end(flows, rate):
    start, mid, end = (float(present_value(flows, rate, timing)) for timing in ("start", "mid", "end"))
    assert end * (1 + rate) == pytest.approx(start, rel=1e-12)
    assert mid * (1 + rate) ** 0.5 == pytest.approx(start, rel=1e-12)
    assert start <= sum(flows) * (1 + 1e-12)
