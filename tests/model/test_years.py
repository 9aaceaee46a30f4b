"""The financial year in real days."""

import datetime

import numpy as np
import pytest

from xlmodel.errors import DomainError, KindError
from xlmodel.model.years import dates, days_in_year, first_day, start_years


@pytest.mark.parametrize(
    ("fy", "days"), [(2022, 365), (2023, 366), (2024, 365), (1900, 365), (1999, 366), (2099, 365), (2199, 365)]
)
def test_days_count_the_29th_of_february(fy, days):
    assert int(days_in_year(fy)) == days


def test_a_year_starts_on_1_april():
    assert first_day([2023, 2024]).astype(str).tolist() == ["2023-04-01", "2024-04-01"]


@pytest.mark.parametrize("fy", [2024.5, 24, 1899, 2200, float("nan")])
def test_what_is_no_year(fy):
    with pytest.raises(DomainError) as caught:
        start_years(fy)
    assert caught.value.argument == "fy"


@pytest.mark.parametrize("fy", ["2024/25", "2024-25", " 2024/2025 ", np.str_("2024/25"), 2024])
def test_a_year_is_text_or_the_year_it_starts_in(fy):
    assert start_years(fy) == 2024
    assert start_years([fy, 1999]).tolist() == [2024, 1999]


def test_a_century_ends_in_two_zeros():
    assert start_years(["1999/00", "2099/2100"]).tolist() == [1999, 2099]


@pytest.mark.parametrize("fy", ["2024", "2024/26", "24/25", "2024/5", "2024/125", "", "x", ["2024/25", "2024/23"]])
def test_what_is_no_year_in_words(fy):
    with pytest.raises(KindError, match="fy must be a financial year such as 2024/25") as caught:
        start_years(fy)
    assert caught.value.argument == "fy"


@pytest.mark.parametrize("given", ["2023-11-30", datetime.date(2023, 11, 30), np.datetime64("2023-11-30T12:00")])
def test_dates_come_in_several_forms(given):
    assert dates("as_at", given) == np.datetime64("2023-11-30")


@pytest.mark.parametrize("given", [45260, 45260.0, [None, 45260], "2023/24", "x"])
def test_what_is_no_date(given):
    with pytest.raises(KindError, match="as_at must be a date"):
        dates("as_at", given)
