"""Days in care and 18th birthdays: counted by the formula, and day by day."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.errors import DomainError, KindError, ShapeError
from xlmodel.model.care import age_out, care_days

YEAR = ("2024-04-01", "2025-03-31")
#: Five episodes: through the whole year, over its start, over its end, for one day, and one that ended before it.
DECOM = ["2023-01-10", "2024-03-22", "2025-03-27", "2024-07-01", "2022-05-05"]
DEC = [None, "2024-04-11", None, "2024-07-01", "2023-05-05"]
BORN = ["2006-05-01", "2006-12-25", "2008-02-29"]

VALUES = [
    (care_days, (DECOM, DEC, *YEAR), 380),  # 365 + 10 + 5 + 0 + 0
    (care_days, (["2024-07-01"], ["2024-07-01"], *YEAR), 0),
    (care_days, (["2024-07-01"], ["2024-07-02"], *YEAR), 1),
    (care_days, (["2025-03-31"], [None], *YEAR), 1),  # a start on 31 March is in the stock
    (care_days, (["2024-07-01"], ["2025-03-31"], *YEAR), 273),  # a DEC of 31 March is not
    (care_days, (["2025-04-01"], [None], *YEAR), 0),
    (care_days, (["2020-01-01"], ["2024-04-01"], *YEAR), 0),
    (care_days, (["2020-01-01"], [None], "2023-04-01", "2024-03-31"), 366),
    (care_days, (["2020-01-01"], [None], "2024-07-01", "2024-07-01"), 1),
    (care_days, (["2024-07-01", None], [None, None], *YEAR), None),
    (care_days, (["2024-07-01"], [None], None, "2025-03-31"), None),
    (care_days, (["2024-07-01"], ["2024-08-01"], "2024-04-01", None), None),
    (age_out, (BORN, *YEAR), 2),
    (age_out, (["2008-02-29"], "2026-03-01", "2026-03-01"), 1),
    (age_out, (["2008-02-29"], "2026-02-28", "2026-02-28"), 0),  # where EDATE puts it
    (age_out, (["2006-04-01", "2007-03-31"], *YEAR), 2),  # both ends count
    (age_out, (["2006-03-31", "2007-04-01"], *YEAR), 0),
    (age_out, (["2006-05-01", None], *YEAR), None),
    (age_out, (["2006-05-01"], None, "2025-03-31"), None),
]

REFUSALS = [
    (care_days, (["2024-07-01"], ["2024-06-30"], *YEAR), DomainError, "dec"),
    (care_days, (["2030-07-01"], ["2030-06-30"], *YEAR), DomainError, "dec"),  # outside the period too
    (care_days, (DECOM, DEC, "2024-04-01", "2024-03-31"), DomainError, "to_date"),
    (care_days, (DECOM, DEC[:4], *YEAR), ShapeError, "dec"),
    (care_days, ([45474], [None], *YEAR), KindError, "decom"),  # nobody says from which day it counts
    (care_days, (["2024-07-01"], ["soon"], *YEAR), KindError, "dec"),
    (care_days, (DECOM, DEC, 45383, "2025-03-31"), KindError, "from_date"),
    (age_out, (BORN, "2025-03-31", "2024-04-01"), DomainError, "to_date"),
    (age_out, ([2006], *YEAR), KindError, "dob"),
]


@pytest.mark.parametrize(("function", "arguments", "expected"), VALUES)
def test_value(function, arguments, expected, compare):
    compare(function(*arguments), expected)


@pytest.mark.parametrize(("function", "arguments", "error", "argument"), REFUSALS)
def test_refusal(function, arguments, error, argument, refused):
    refused(function, arguments, error, argument)


def test_child_years_of_the_episodes():
    assert round(float(care_days(DECOM, DEC, *YEAR)) / 365, 4) == 1.0411


def test_an_episode_that_ends_before_it_starts_is_named():
    decom = [["2024-07-01", "2024-07-01"], ["2024-07-01", "2024-07-01"], ["2024-07-02", "2024-07-01"]]
    with pytest.raises(DomainError, match=r"row 2; got 2024-06-30$") as caught:
        care_days(decom, [["2024-07-01", "2024-07-01"], ["2024-07-01", "2024-06-30"], [None, None]], *YEAR)
    assert caught.value.mask.tolist() == [False, True, False]


def test_episodes_and_periods_are_rows_of_a_column():
    firsts = np.array(["2023-04-01", "2024-04-01"], "datetime64[D]")
    lasts = np.array(["2024-03-31", "2025-03-31"], "datetime64[D]")
    assert care_days(["2020-01-01"], [None], firsts, lasts).tolist() == [366, 365]
    assert age_out(BORN, firsts, lasts).tolist() == [0, 2]


DAYS = st.dates(date(1890, 1, 1), date(2110, 12, 31))
NEAR = st.dates(date(2023, 1, 1), date(2025, 12, 31))


@given(st.lists(st.tuples(NEAR, st.none() | st.integers(0, 500)), min_size=1, max_size=6), NEAR, st.integers(0, 400))
def test_care_days_are_days_counted_one_by_one(episodes, first, length):
    decom = [start for start, _ in episodes]
    dec = [None if stay is None else start + timedelta(stay) for start, stay in episodes]
    days = [first + timedelta(k) for k in range(length + 1)]
    counted = sum(s <= day and (e is None or day < e) for day in days for s, e in zip(decom, dec, strict=True))
    assert float(care_days(decom, dec, first, days[-1])) == counted


@given(st.lists(st.tuples(NEAR, st.none() | st.integers(0, 500)), min_size=1, max_size=6), NEAR, NEAR, st.data())
def test_a_period_cut_in_two_has_the_same_days(episodes, one, other, data):
    decom = [start for start, _ in episodes]
    dec = [None if stay is None else start + timedelta(stay) for start, stay in episodes]
    first, last = sorted((one, other))
    cut = data.draw(st.dates(first, last))
    whole = care_days(decom, dec, first, last)
    rest = care_days(decom, dec, cut + timedelta(1), last) if cut < last else 0
    assert float(whole) == float(care_days(decom, dec, first, cut) + rest)


def eighteenth(born):
    try:
        return born.replace(year=born.year + 18)
    except ValueError:
        return date(born.year + 18, 3, 1)


@given(DAYS)
def test_everybody_turns_18_on_one_day(born):
    day = eighteenth(born)
    assert float(age_out([born], day, day)) == 1
    assert float(age_out([born], day - timedelta(400), day - timedelta(1))) == 0
    assert float(age_out([born], day + timedelta(1), day + timedelta(400))) == 0
