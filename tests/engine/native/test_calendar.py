"""The calendar of serial numbers: its dates, months and day counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.engine.native.calendar import (
    Basis,
    date_of,
    day,
    day_of,
    days_between,
    months_later,
    shown,
    year_fraction,
    year_length,
)
from xlmodel.engine.native.operands import ExcelError

DATES = [
    (0, (1900, 1, 0)),
    (1, (1900, 1, 1)),
    (59, (1900, 2, 28)),
    (60, (1900, 2, 29)),  # a day that never was
    (61, (1900, 3, 1)),
    (45_000, (2023, 3, 15)),
    (2_958_465, (9999, 12, 31)),
]


@pytest.mark.parametrize(("serial", "expected"), DATES)
def test_a_day_and_its_date_are_one(serial, expected):
    assert date_of(serial) == expected
    assert day_of(*expected) == serial


@given(st.integers(0, 2_958_465))
def test_every_day_has_its_own_date(serial):
    assert day_of(*date_of(serial)) == serial


CARRIED = [
    ((2024, 14, 1), (2025, 2, 1)),
    ((2024, 0, 31), (2023, 12, 31)),
    ((2024, 3, 0), (2024, 2, 29)),
    ((2023, 2, 29), (2023, 3, 1)),
    ((1900, 0, 32), (1900, 1, 1)),  # through December 1899
    ((2024, -11, -30), (2022, 12, 1)),
]


@pytest.mark.parametrize(("given_date", "expected"), CARRIED)
def test_months_and_days_beyond_their_range_carry_over(given_date, expected):
    assert date_of(day_of(*given_date)) == expected


def test_the_1904_system_counts_from_1_january_1904():
    assert date_of(day(0.0, date1904=True)) == (1904, 1, 1)
    assert shown(day_of(1904, 1, 2), date1904=True) == 1.0
    for outside in (-1.0, 2_957_004.0):
        with pytest.raises(ExcelError):
            day(outside, date1904=True)
    with pytest.raises(ExcelError):
        shown(day_of(1903, 12, 31), date1904=True)


MOVED = [
    ((2024, 1, 31), 1, False, (2024, 2, 29)),
    ((2024, 2, 29), 12, False, (2025, 2, 28)),
    ((2024, 2, 29), 1, True, (2024, 3, 31)),
    ((2024, 1, 15), -1, True, (2023, 12, 31)),
    ((1900, 1, 31), 1, False, (1900, 2, 29)),
]


@pytest.mark.parametrize(("start", "months", "at_end", "expected"), MOVED)
def test_a_day_moves_by_months_to_a_day_that_there_is(start, months, at_end, expected):
    assert date_of(months_later(day_of(*start), months, at_end)) == expected


COUNTS = [
    ((2024, 1, 31), (2024, 3, 31), (60, 60, 60, 60, 60)),
    ((2024, 1, 30), (2024, 3, 31), (60, 61, 61, 61, 60)),
    ((2024, 1, 29), (2024, 3, 31), (62, 62, 62, 62, 61)),
    ((2023, 2, 28), (2024, 2, 29), (360, 366, 366, 366, 361)),  # both ends of February
    ((2023, 2, 28), (2023, 8, 31), (181, 184, 184, 184, 182)),
    ((2024, 2, 28), (2024, 3, 1), (3, 2, 2, 2, 3)),
]


@pytest.mark.parametrize(("start", "end", "expected"), COUNTS)
def test_days_are_counted_by_their_basis(start, end, expected):
    assert tuple(days_between(day_of(*start), day_of(*end), basis) for basis in Basis) == expected


YEARS = [
    ((2023, 1, 1), (2023, 12, 31), 365),
    ((2024, 1, 1), (2024, 2, 1), 366),
    ((2023, 3, 1), (2024, 2, 28), 365),
    ((2023, 3, 1), (2024, 2, 29), 366),
    ((2024, 2, 29), (2025, 2, 28), 366),
    ((2024, 3, 1), (2025, 3, 1), 365),
    ((2023, 1, 1), (2024, 1, 2), 365.5),  # more than a year: the mean of 2023 and 2024
    ((2000, 1, 1), (2004, 1, 2), 365.4),
    ((1900, 1, 1), (1900, 12, 31), 365),
]


@pytest.mark.parametrize(("start", "end", "expected"), YEARS)
def test_the_length_of_a_year_comes_from_the_years_between(start, end, expected):
    assert year_length(day_of(*start), day_of(*end), Basis.ACTUAL) == expected


@given(st.integers(0, 2_958_465), st.integers(0, 2_958_465), st.sampled_from(Basis))
def test_the_part_of_a_year_is_the_same_in_either_order(one, other, basis):
    fraction = year_fraction(one, other, basis)
    assert fraction == year_fraction(other, one, basis) >= 0
    assert fraction == pytest.approx(abs(one - other) / 365.25, rel=0.02, abs=0.02)
