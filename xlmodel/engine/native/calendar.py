"""The calendar: days as serial numbers of the 1900 system, with the 29 February 1900 that never was, and day counts.

Every day here is a serial number of the 1900 system, 1 being 1 January 1900; day 0 is written "0 January 1900". A
workbook of the 1904 system counts from 1 January 1904 instead: `day` and `shown` stand at that border.
"""

from __future__ import annotations

import math
from datetime import date
from enum import Enum
from typing import NamedTuple

from xlmodel.engine.native import moments
from xlmodel.engine.native.moments import LAST_SERIAL
from xlmodel.engine.native.operands import NUM, ExcelError

__all__ = [
    "Basis",
    "Date",
    "date_of",
    "day",
    "day_of",
    "days_between",
    "days_in_month",
    "ends_month",
    "is_leap",
    "months_later",
    "shown",
    "thirty_european",
    "thirty_us",
    "year_fraction",
    "year_length",
]

_DAYS_TO_1904 = 1_462
_DAY_ZERO = date(1899, 12, 31).toordinal()


class Date(NamedTuple):
    """A day of the calendar."""

    year: int
    month: int
    day: int


class Basis(Enum):
    """How the days of a period and the length of a year are counted."""

    US_30_360 = 0
    ACTUAL = 1
    ACTUAL_360 = 2
    ACTUAL_365 = 3
    EUROPEAN_30_360 = 4


def day(number: float, date1904: bool = False) -> int:
    """Return the day a number in a cell stands for; raises #NUM! outside the calendar."""
    serial = math.floor(number) + (_DAYS_TO_1904 if date1904 else 0)
    if number < 0 or serial > LAST_SERIAL:
        raise ExcelError(NUM)
    return serial


def shown(serial: int, date1904: bool = False) -> float:
    """Return a day as the number that a cell holds for it; raises #NUM! outside the calendar."""
    number = serial - (_DAYS_TO_1904 if date1904 else 0)
    if number < 0 or serial > LAST_SERIAL:
        raise ExcelError(NUM)
    return float(number)


def date_of(serial: int) -> Date:
    """Return the date of a day.

    >>> date_of(0)[:], date_of(60)[:], date_of(61)[:], date_of(45000)[:]
    ((1900, 1, 0), (1900, 2, 29), (1900, 3, 1), (2023, 3, 15))
    """
    return Date(*moments.date_of(serial))


def day_of(year: int, month: int, day: int) -> int:
    """Return a day by its date, with months and days beyond their range carried over; raises #NUM! past 9999.

    >>> day_of(1900, 2, 29), day_of(2024, 14, 0), day_of(2023, 3, 15)
    (60, 45688, 45000)
    """
    months = year * 12 + month - 1
    year, month = months // 12, months % 12 + 1
    if not 1 <= year <= 9999 or abs(day) > LAST_SERIAL:
        raise ExcelError(NUM)
    first = moments.serial_of(year, month, 1)
    if first is None:  # before 1900
        first = date(year, month, 1).toordinal() - _DAY_ZERO
    return first + day - 1


def is_leap(year: int) -> bool:
    """Tell whether a year has 366 days; 1900 has 365."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Return the length of a month; February 1900 has 29 days."""
    if month == 2:
        return 29 if is_leap(year) or year == 1900 else 28
    return 30 if month in (4, 6, 9, 11) else 31


def ends_month(x: Date) -> bool:
    """Tell whether a date is the last of its month."""
    return x.day == days_in_month(x.year, x.month)


def months_later(serial: int, months: int, at_end: bool = False) -> int:
    """Return the same day of another month, or its last day where the month is too short or `at_end` asks for it."""
    start = date_of(serial)
    total = start.year * 12 + start.month - 1 + months
    year, month = total // 12, total % 12 + 1
    if not 1900 <= year <= 9999:
        raise ExcelError(NUM)
    last = days_in_month(year, month)
    return day_of(year, month, last if at_end else min(start.day, last))


def _months_of_thirty(start: Date, end: Date, first: int, last: int) -> int:
    return (end.year - start.year) * 360 + (end.month - start.month) * 30 + last - first


def thirty_european(start: Date, end: Date) -> int:
    """Return the days between two dates with months of 30 days: a 31st counts as the 30th."""
    return _months_of_thirty(start, end, min(start.day, 30), min(end.day, 30))


def thirty_us(start: Date, end: Date, both_ends: bool = False) -> int:
    """Return the days between two dates with months of 30 days, as the American securities rules have it.

    A start on the last of February counts as the 30th, and so does an end there after such a start. A 31st counts as
    the 30th, at the end only after a start on the 30th or later. With `both_ends` the end is treated as a start is.
    """
    first, last = start.day, end.day
    february = start.month == 2 and ends_month(start)
    if end.month == 2 and ends_month(end) and (february or both_ends):
        last = 30
    if last == 31 and (first >= 30 or both_ends):
        last = 30
    if first == 31 or february:
        first = 30
    return _months_of_thirty(start, end, first, last)


def days_between(start: int, end: int, basis: Basis) -> int:
    """Return the days between two days."""
    if basis is Basis.US_30_360:
        return thirty_us(date_of(start), date_of(end))
    if basis is Basis.EUROPEAN_30_360:
        return thirty_european(date_of(start), date_of(end))
    return end - start


def year_length(start: int, end: int, basis: Basis) -> float:
    """Return the days of a year; of the actual years, those that two days in order lie in.

    Up to a year apart that is 366 where a 29 February counts, and 365 elsewhere; else the mean of the calendar years.
    """
    if basis is not Basis.ACTUAL:
        return 365.0 if basis is Basis.ACTUAL_365 else 360.0
    a, b = date_of(start), date_of(end)
    if a.year != b.year and (b.year > a.year + 1 or b[1:] > a[1:]):
        first, following = date(a.year, 1, 1).toordinal(), date(b.year, 12, 31).toordinal() + 1
        return (following - first) / (b.year - a.year + 1)
    if a.year == b.year:
        return 366.0 if is_leap(a.year) else 365.0
    if is_leap(a.year) and a.month <= 2:
        return 366.0
    return 366.0 if is_leap(b.year) and b[1:] >= (2, 29) else 365.0


def year_fraction(one: int, other: int, basis: Basis) -> float:
    """Return the part of a year, or the years, between two days in either order."""
    start, end = min(one, other), max(one, other)
    return days_between(start, end, basis) / year_length(start, end, basis)
