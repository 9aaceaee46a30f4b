"""Stays in care: survival, its integrals, and the child-years of cohorts."""

from decimal import Context, Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlmodel.errors import DomainError, KindError, NoDataError, ShapeError
from xlmodel.model.cohorts import cohort_child_years
from xlmodel.model.stays import CappedStay, ExponentialStay, SurvivalTable, child_years, extended
from xlmodel.model.survival import kaplan_meier, survival_exp, survival_km

TIMES, CEASED = [3, 6, 6, 12, 18, 24], [1, 1, 0, 1, 0, 0]
CLOSED = SurvivalTable([0.5, 1, 2], [0.75, 0.5, 0])
OPEN = SurvivalTable([0.5, 1, 2], [0.75, 0.5, 0.25])
TABLE = np.array([[0.5, 0.75], [1, 0.5], [2, 0.25]])

VALUES = [
    (child_years, (40, ExponentialStay(0.36975), [0, 1, 2, 3]), ["17.747", "27.953", "19.313", "13.343"]),
    (child_years, (40, ExponentialStay(0.36975), [0, 1, 2], 0.5), ["9.411", "30.529", "21.093"]),
    (child_years, (40, ExponentialStay(0), [-2, -1, 0, 1, 2, 99]), [0, 0, 20, 40, 40, 40]),
    (child_years, (40, ExponentialStay(5e-324), [0, 1, 2]), [20, 40, 40]),
    (child_years, (40, ExponentialStay(1e-12), [0, 1]), ["20.00000000", "40.00000000"]),
    (child_years, (40, ExponentialStay(1e300), [0, 1, 2]), [pytest.approx(4e-299), 0, 0]),
    (child_years, (40, ExponentialStay(0), [0, 1], 0.75), [5, 40]),
    (child_years, (40, CLOSED, [0, 1, 2, 3, 4]), [18.75, 26.25, 10, 0, 0]),
    (child_years, (40, OPEN, [-1, 0, 1]), [0, 18.75, 26.25]),
    (child_years, (40, OPEN, [0, 1], 0.5), [10, 30]),
    (child_years, (40, SurvivalTable([0.3], [0.5]), 0, 0.7), "6.000000000000"),  # 1 - 0.7 is a little more than 0.3
    (child_years, (40, SurvivalTable([2.3], [0.5]), 2, 0.7), "40.00000000000"),  # and 2.3 - 1 a little less than 1.3
    (cohort_child_years, (40, [[0.3, 0.5]], 0, 0.7), "6.000000000000"),
    (cohort_child_years, (40, [[2.3, 0.5]], 2, 0.7), "40.00000000000"),
    (child_years, (float("nan"), CLOSED, 0), None),
    (child_years, (40, CLOSED, float("nan")), None),
    (child_years, (40, CappedStay(ExponentialStay(0), 2), [0, 1, 2, 3]), [20, 40, 20, 0]),
    (child_years, (40, CappedStay(OPEN, 1.5), [0, 1, 2]), [18.75, 23.75, 2.5]),
    (cohort_child_years, (40, 0.36975, [0, 1]), ["17.747", "27.953"]),
    (cohort_child_years, (40, TABLE, [0, 1]), [18.75, 26.25]),
    (cohort_child_years, (40, TABLE, [0, 1, 2], 0, 1.5), [18.75, 23.75, 2.5]),
    (cohort_child_years, (40, 0, [0, 1, 2, 3], 0, 2), [20, 40, 20, 0]),
    (cohort_child_years, (40, [[[0.0]], [[1e300]]], 1), [40, 0]),  # hazards by row
    (cohort_child_years, (40, [[[1, 0.5], [2, 0]], [[1, 1], [2, 0]]], 1), [30, 40]),  # tables by row
    (cohort_child_years, (40, [[[1, 0.5], [2, 0]], [[1, None], [2, 0]]], 1), [30, None]),
    (cohort_child_years, ([40, None], 0, 0), [20, None]),
    (survival_exp, (0.36975, [0, 1, 2]), [1, "0.6909", "0.4774"]),
    (survival_exp, (0, 9), 1),
    (survival_exp, (None, 9), None),
    (kaplan_meier, (TIMES, CEASED), ([3, 6, 12], ["0.8333", "0.6667", "0.4444"])),
    (kaplan_meier, (TIMES, [0] * 6), ([24], [1])),
    (kaplan_meier, ([2, 2, 2], [1, 1, 1]), ([2], [0])),
    (kaplan_meier, ([0, 2], [1, 0]), ([0], [0.5])),
    (kaplan_meier, ([0.3, 0.1 + 0.2, 1], [1, 1, 0]), ([0.3], [1 / 3])),  # one time, as a cell shows it
    (kaplan_meier, ([2, 5, 6], [1, 1, 0], [0, 0, 4]), ([2, 5], [0.5, 0.25])),
    (
        kaplan_meier,
        ([2, 4, 9], [1, 0, 0], [0, 0, 5]),
        ([2], [0.5]),
    ),  # nobody is seen from 4 to 5, past the last ceasing
    (kaplan_meier, ([2, 5, 6], [1, 1, 0], [0, 0, 2]), ([2, 5], [0.5, 0.25])),  # seen after 2, so not at risk at 2
]

REFUSALS = [
    (ExponentialStay, (-0.1,), DomainError, "hazard"),
    (ExponentialStay, (float("nan"),), DomainError, "hazard"),
    (ExponentialStay, (float("inf"),), DomainError, "hazard"),
    (SurvivalTable, ([1, 2], [0.5, 0.6]), DomainError, "survival"),
    (SurvivalTable, ([1, 1], [0.5, 0.4]), DomainError, "survival"),
    (SurvivalTable, ([2, 1], [0.5, 0.4]), DomainError, "survival"),
    (SurvivalTable, ([-1, 1], [0.5, 0.4]), DomainError, "survival"),
    (SurvivalTable, ([1, 2], [1.1, 0.4]), DomainError, "survival"),
    (SurvivalTable, ([1, 2], [0.5, -0.1]), DomainError, "survival"),
    (SurvivalTable, ([1, 2], [0.5]), ShapeError, "shares"),
    (SurvivalTable, ([], []), ShapeError, "times"),
    (SurvivalTable, ([[1, 2]], [[0.5, 0.4]]), ShapeError, "times"),
    (SurvivalTable, ([1, None], [0.5, 0.4]), NoDataError, "survival"),
    (CappedStay, (OPEN, 0), DomainError, "at"),
    (extended, (OPEN, -1), DomainError, "hazard"),
    (OPEN.share, (2.01,), NoDataError, "survival"),
    (OPEN.area, (2.01,), NoDataError, "survival"),
    (OPEN.double_area, ([1, 2.01],), NoDataError, "survival"),
    (OPEN.area, (float("inf"),), DomainError, "t"),
    (CLOSED.after, (2,), DomainError, "t"),
    (CappedStay(OPEN, 1).after, (1,), DomainError, "t"),
    (child_years, (40, OPEN, 2), NoDataError, "survival"),
    (child_years, (40, OPEN, 0.5), DomainError, "year_no"),
    (child_years, (40, OPEN, 0, 1), DomainError, "start_fraction"),
    (child_years, (40, OPEN, 0, -0.1), DomainError, "start_fraction"),
    (child_years, ("40", OPEN, 0), KindError, "entrants"),
    (cohort_child_years, (40, -0.1, 0), DomainError, "survival"),
    (cohort_child_years, (40, [0.1, 0.2], 0), ShapeError, "survival"),
    (cohort_child_years, (40, [[0.1], [0.2]], 0), ShapeError, "survival"),
    (cohort_child_years, (40, TABLE[:, [0, 1, 1]], 0), ShapeError, "survival"),
    (cohort_child_years, (40, np.empty((0, 2)), 0), ShapeError, "survival"),
    (cohort_child_years, (40, TABLE[::-1], 0), DomainError, "survival"),
    (cohort_child_years, (40, TABLE, 2), NoDataError, "survival"),
    (cohort_child_years, (40, TABLE, 2, 0, 2.5), NoDataError, "survival"),  # the limit lies beyond the table too
    (cohort_child_years, (40, 0.1, 1.5), DomainError, "year_no"),
    (cohort_child_years, (40, 0.1, 0, 1), DomainError, "start_fraction"),
    (survival_exp, (-1, 0), DomainError, "hazard"),
    (survival_exp, (1, -1), DomainError, "t"),
    (survival_km, ([-1, 2], [1, 1]), DomainError, "durations"),
    (survival_km, ([1, 2], [1, 0.5]), KindError, "ceased"),
    (survival_km, ([1, 2], [1]), ShapeError, "ceased"),
    (survival_km, ([], []), ShapeError, "durations"),
    (survival_km, ([1, 2], [1, 1], [0, 2]), DomainError, "entered"),
    (survival_km, ([1, 2], [1, 1], [0, -1]), DomainError, "entered"),
    (survival_km, ([1, 2], [1, 1], None, "yes"), KindError, "to_end"),
    (survival_km, ([1, None], [1, 1]), NoDataError, "durations"),
    (survival_km, ([1, 2], [1, None]), NoDataError, "ceased"),
    (survival_km, ([2, 5, 6], [1, 1, 0], [0, 2, 4]), NoDataError, "durations"),  # nobody is left at 2
    (survival_km, ([2, 5, 6], [0, 1, 0], [0, 3, 4]), NoDataError, "entered"),  # nobody is seen from 2 to 3
    (survival_km, ([5, 6], [1, 0], [1, 2]), NoDataError, "entered"),  # nor from 0 to 1
    (survival_km, ([5, 6], [0, 0], [1, 2]), NoDataError, "entered"),
    (survival_km, ([2, 4, 9], [1, 0, 0], [0, 0, 5], True), NoDataError, "entered"),  # nor from 4 to 5, before the end
    (kaplan_meier, ([[2, 5]], [[1, 0]]), ShapeError, "durations"),
    (survival_km, ([[1, 2], [1, 2]], [[1, 0], [1, 1]]), ShapeError, "durations"),
]


@pytest.mark.parametrize(("function", "arguments", "expected"), VALUES)
def test_value(function, arguments, expected, compare):
    compare(function(*arguments), expected)


@pytest.mark.parametrize(("function", "arguments", "error", "argument"), REFUSALS)
def test_refusal(function, arguments, error, argument, refused):
    refused(function, arguments, error, argument)


def test_a_year_beyond_the_table_is_named_with_the_table_s_end():
    with pytest.raises(NoDataError, match="survival must be known to 3 years; it ends at 2"):
        child_years(40, OPEN, [0, 1, 2])
    with pytest.raises(NoDataError) as caught:
        cohort_child_years(40, [TABLE, [[1, 0.5], [2, 0.5], [4, 0.1]]], 2)
    assert caught.value.mask.tolist() == [True, False]


def test_a_mean_that_is_not_known_is_refused():
    with pytest.raises(NoDataError, match="it ends at 2 years"):
        OPEN.mean  # noqa: B018
    assert CLOSED.mean == 1.375
    assert CappedStay(OPEN, 2).mean == 1.375
    assert extended(OPEN, 0.25).mean == 1.375 + 0.25 / 0.25
    assert extended(OPEN, 0).mean == np.inf
    assert ExponentialStay(0).mean == np.inf
    assert ExponentialStay(0.5).mean == 2


def test_horizons():
    assert [s.horizon for s in (ExponentialStay(1), CLOSED, OPEN)] == [np.inf, np.inf, 2]
    assert [CappedStay(OPEN, at).horizon for at in (1, 2, 2.5)] == [np.inf, np.inf, 2]
    assert extended(OPEN, 1).horizon == np.inf
    assert extended(CLOSED, 1) is CLOSED


def test_a_step_counts_from_its_time_on():
    assert OPEN.share([-1, 0, 0.49, 0.5, 0.99, 1, 2]).tolist() == [1, 1, 1, 0.75, 0.75, 0.5, 0.25]
    assert SurvivalTable([0, 1], [0.9, 0]).share([-1, 0, 0.5, 1, 9]).tolist() == [1, 0.9, 0.9, 0, 0]
    assert CappedStay(OPEN, 1.5).share([1.4, 1.5, 9]).tolist() == [0.5, 0, 0]
    for stay in (OPEN, CLOSED, ExponentialStay(0.3), CappedStay(OPEN, 1), extended(OPEN, 1)):
        assert stay.area([-1, 0]).tolist() == stay.double_area([-1, 0]).tolist() == [0, 0]
        assert np.isnan(stay.area(np.nan))


def test_an_extension_keeps_the_cap():
    stay = extended(CappedStay(OPEN, 3), 0.5)
    assert stay.share([2.9, 3]).tolist() == [0.25 * np.exp(-0.5 * (2.9 - 2)), 0]
    assert stay.mean == pytest.approx(1.375 + 0.25 * (1 - np.exp(-0.5)) / 0.5, rel=1e-15)


def test_a_sample_s_error_marks_its_row():
    with pytest.raises(DomainError, match=r"durations must be >= 0; got -2") as caught:
        survival_km([[1, 2], [1, -2]], [[1, 1], [1, 1]])
    assert caught.value.mask.tolist() == [False, True]


# --- against exact arithmetic ----------------------------------------------------------------------------------------

EXACT = Context(prec=400)
HAZARDS = st.one_of(st.floats(1e-15, 1e4), st.floats(0.05, 3))
YEARS, STARTS = st.integers(0, 20), st.integers(0, 99).map(lambda hundredths: hundredths / 100)


def by_the_formula(double_area, year, start):
    """Return the child-years of one entrant as the second difference of B, in whatever numbers B gives."""
    b = [double_area(x) for x in (year + 1 - start, Fraction(year), year - start, Fraction(year - 1))]
    return (b[0] - b[1] - b[2] + b[3]) / (1 - start)


def exponential_double_area(hazard, cap=None):
    h = Decimal(hazard)

    def double_area(t):
        if t <= 0:
            return Fraction(0)
        within = t if cap is None else min(t, cap)
        x = EXACT.divide(Decimal(within.numerator), Decimal(within.denominator))
        left = EXACT.exp(EXACT.minus(EXACT.multiply(h, x)))
        area = EXACT.divide(EXACT.subtract(1, left), h)
        square = EXACT.multiply(h, h)
        double = EXACT.divide(EXACT.add(EXACT.subtract(EXACT.multiply(h, x), 1), left), square)
        return Fraction(double) + Fraction(area) * (t - within)

    return double_area


@given(HAZARDS, YEARS, STARTS)
def test_a_constant_hazard_is_right_to_the_last_digits(hazard, year, start):
    exact = by_the_formula(exponential_double_area(hazard), year, Fraction(start))
    found = float(child_years(1, ExponentialStay(hazard), year, start))
    assert found == pytest.approx(float(exact), rel=1e-12, abs=1e-300)
    assert found == float(cohort_child_years(1, hazard, year, start))


@given(HAZARDS, st.floats(0, 30))
def test_the_integrals_of_a_constant_hazard_are_right_to_the_last_digits(hazard, t):
    stay = ExponentialStay(hazard)
    exact = exponential_double_area(hazard)(Fraction(t))
    assert float(stay.double_area(t)) == pytest.approx(float(exact), rel=1e-14, abs=1e-300)


@settings(max_examples=80)
@given(st.floats(1e-9, 30), YEARS, STARTS, st.floats(0.01, 18))
def test_a_capped_hazard_is_right(hazard, year, start, cap):
    exact = float(by_the_formula(exponential_double_area(hazard, Fraction(cap)), year, Fraction(start)))
    stay = CappedStay(ExponentialStay(hazard), cap)
    assert float(child_years(1, stay, year, start)) == pytest.approx(exact, rel=1e-9, abs=1e-15)
    assert float(cohort_child_years(1, hazard, year, start, cap)) == pytest.approx(exact, rel=1e-9, abs=1e-15)


@st.composite
def tables(draw, closed=None):
    """Survival tables with times in weeks and shares in thousandths."""
    weeks = sorted(draw(st.sets(st.integers(1, 52 * 12), min_size=1, max_size=12)))
    shares = sorted(draw(st.lists(st.integers(1, 1000), min_size=len(weeks), max_size=len(weeks))), reverse=True)
    if draw(st.booleans()) if closed is None else closed:
        shares[-1] = 0
    return [w / 52 for w in weeks], [s / 1000 for s in shares]


def table_double_area(times, shares, cap=None):
    """Return B of a table by adding up its rectangles as fractions."""
    knots = [Fraction(0), *map(Fraction, times), Fraction(10**6)]
    steps = [Fraction(1), *map(Fraction, shares)]
    end = Fraction(cap) if cap is not None else knots[-1]

    def double_area(t):
        total = Fraction(0)
        for (start, stop), share in zip(pairwise(knots), steps, strict=True):
            first, last = min(start, t, end), min(stop, t, end)  # S(a) is counted for t - a years
            total += share * (last - first) * (t - (first + last) / 2)
        return total if t > 0 else Fraction(0)

    return double_area


@given(tables(closed=True), YEARS, STARTS, st.none() | st.floats(0.1, 18))
def test_a_table_is_its_rectangles(table, year, start, cap):
    exact = float(by_the_formula(table_double_area(*table, cap), year, Fraction(start)))
    stay = SurvivalTable(*table) if cap is None else CappedStay(SurvivalTable(*table), cap)
    assert float(child_years(1, stay, year, start)) == pytest.approx(exact, rel=1e-12, abs=1e-15)
    found = cohort_child_years(1, np.stack(table, axis=-1), year, start, np.nan if cap is None else cap)
    assert float(found) == pytest.approx(exact, rel=1e-12, abs=1e-15)


STAYS = st.one_of(
    st.floats(0, 5).map(ExponentialStay),
    tables(closed=True).map(lambda t: SurvivalTable(*t)),
    st.builds(lambda t, h: extended(SurvivalTable(*t), h), tables(closed=False), st.floats(0.1, 3)),
    st.builds(lambda t, at: CappedStay(extended(SurvivalTable(*t), 0.5), at), tables(), st.floats(0.5, 18)),
)


@settings(max_examples=60)
@given(STAYS, STARTS)
def test_child_years_are_no_more_than_entrants_and_add_up_to_their_stay(stay, start):
    years = child_years(40, stay, np.arange(25), start)
    assert (years >= 0).all()
    assert (years <= 40 * (1 + 1e-14)).all()
    assert years[0] <= 20 * (1 + 1e-14)
    assert (np.diff(years[1:]) <= 1e-12).all()
    total = 40 * float(stay.double_area(25 - start) - stay.double_area(24)) / (1 - start)
    assert years.sum() == pytest.approx(total, rel=1e-9)
    if stay.share(24) == 0:
        assert years.sum() == pytest.approx(40 * stay.mean, rel=1e-9)


@given(STAYS, st.floats(0, 8), st.floats(0, 8))
def test_what_is_left_goes_on_as_before(stay, t, later):
    left = float(stay.share(t))
    if left < 1e-6:
        return
    rest = stay.after(t)
    assert float(rest.area(later)) * left == pytest.approx(float(stay.area(t + later) - stay.area(t)), abs=1e-12)
    expected = stay.double_area(t + later) - stay.double_area(t) - stay.area(t) * later
    assert float(rest.double_area(later)) * left == pytest.approx(float(expected), abs=1e-11)


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=40))
def test_kaplan_meier_is_the_product_of_its_fractions(cases):
    durations, ceased = [d for d, _ in cases], [c for _, c in cases]
    times, shares = kaplan_meier(durations, ceased)
    if not any(ceased):
        assert (times.tolist(), shares.tolist()) == ([max(durations)], [1])
        return
    share, expected = Fraction(1), []
    for time in sorted({d for d, c in cases if c}):
        at_risk = sum(d >= time for d in durations)
        share *= 1 - Fraction(sum(c and d == time for d, c in cases), at_risk)
        expected.append((time, float(share)))
    assert list(zip(times.tolist(), shares.tolist(), strict=True)) == expected


@given(st.lists(st.integers(1, 30), min_size=1, max_size=40))
def test_without_open_cases_kaplan_meier_is_the_share_that_stayed_longer(durations):
    times, shares = kaplan_meier(durations, [True] * len(durations), [0] * len(durations))
    assert shares.tolist() == [sum(d > t for d in durations) / len(durations) for t in times]


def test_rows_of_many_hazards_or_tables_are_calls_of_one():
    hazards = np.linspace(0, 3, 200).reshape(-1, 1, 1)
    years = np.arange(200) % 7
    limits = np.where(np.arange(200) % 3, np.nan, 2.5)
    together = cohort_child_years(40, hazards, years, 0.25, limits)
    alone = [cohort_child_years(40, h, y, 0.25, m) for h, y, m in zip(hazards, years, limits, strict=True)]
    assert together.tolist() == [float(x) for x in alone]
    tables = np.stack(
        [np.cumsum(1 + np.arange(800.0).reshape(200, 4) % 7, axis=1) / 5, np.full((200, 4), 0.5)], axis=-1
    )
    tables[:, -1, 1] = 0
    together = cohort_child_years(40, tables, years, 0.25, limits)
    alone = [cohort_child_years(40, t, y, 0.25, m) for t, y, m in zip(tables, years, limits, strict=True)]
    assert together.tolist() == [float(x) for x in alone]


@pytest.mark.parametrize("survival", [0.36975, [[0.5, 0.75], [1, 0]]])
def test_no_child_years_of_growth_are_no_minus_zero(survival):
    none = cohort_child_years(-40, survival, -1)
    assert none == 0
    assert not np.signbit(none)
