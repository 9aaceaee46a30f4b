"""Dates and times: their serial numbers, and the text that Excel reads as one.

A date in text is read in the locale's order; only the order year, month, day is read everywhere. What would depend on
the clock (a date without a year) or on the machine (the century of the years 30 to 49) is refused.
"""

from __future__ import annotations

import datetime
import math
import re

from xlmodel.engine.native.context import Locale
from xlmodel.engine.native.operands import UnsupportedError

__all__ = [
    "DAY_NAMES",
    "LAST_SERIAL",
    "MONTH_NAMES",
    "SHIFT_1904",
    "date_of",
    "read_date",
    "read_moment",
    "read_time",
    "serial_of",
    "unknown_reading",
]

MONTH_NAMES = "January February March April May June July August September October November December".split()
DAY_NAMES = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split()
LAST_SERIAL = 2_958_465  #: 31 December 9999 in the 1900 system
_EPOCH = datetime.date(1899, 12, 30).toordinal()
SHIFT_1904 = 1462  #: days from the 1900 system's day 0 to the 1904 system's

_MONTHS = {name.lower(): i for i, name in enumerate(MONTH_NAMES, 1)}
_MONTHS |= {name[:3]: i for name, i in _MONTHS.items()}

_TIME = re.compile(
    r"(?:^|(?<= ))(?P<first>[0-9]{1,4})(?: ?: ?(?P<second>[0-9]{1,4}))?(?: ?: ?(?P<third>[0-9]{1,4}))?"
    r"(?P<fraction>\.[0-9]*)?(?: +(?P<half>[aApP][mM]?))?$"
)
_NUMERIC_DATE = re.compile(r"([0-9]{1,4})([-/ ])([0-9]{1,4})(?:([-/ ])([0-9]{1,4}))?")
_NAMED_DATE = re.compile(r"(?:([0-9]{1,4})[-/ ]*)?([A-Za-z]+)(?:[-/ ]*([0-9]{1,4})(?:(?:, *|[-/ ]+)([0-9]{1,4}))?)?")


def unknown_reading(text: str) -> UnsupportedError:
    """Return the refusal to read a text as a number."""
    return UnsupportedError(f"whether and how Excel reads {text[:40]!r} as a number is not sure", "text-as-number")


def serial_of(year: int, month: int, day: int, date1904: bool = False) -> int | None:
    """Return the serial number of a date, None where there is no such date; 29 February 1900 is one.

    >>> serial_of(1900, 2, 29), serial_of(1900, 3, 1), serial_of(2024, 2, 30), serial_of(1904, 1, 2, True)
    (60, 61, None, 1)
    """
    if (year, month, day) == (1900, 2, 29) and not date1904:
        return 60
    if not 1900 <= year <= 9999:
        return None
    try:
        serial = datetime.date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None
    if date1904:
        return serial - SHIFT_1904 if serial >= SHIFT_1904 else None
    return serial if serial > 60 else serial - 1


def date_of(serial: int, date1904: bool = False) -> tuple[int, int, int]:
    """Return the year, month and day of a serial number; of 0 it is the 0th of January 1900.

    >>> date_of(60), date_of(61), date_of(0), date_of(45000), date_of(0, True)
    ((1900, 2, 29), (1900, 3, 1), (1900, 1, 0), (2023, 3, 15), (1904, 1, 1))
    """
    if date1904:
        serial += SHIFT_1904
    if serial <= 60:
        return (1900, 2, serial - 31) if serial > 31 else (1900, 1, serial)
    found = datetime.date.fromordinal(_EPOCH + serial)
    return found.year, found.month, found.day


def read_moment(text: str, locale: Locale, date1904: bool = False) -> float | None:
    """Return the serial number of a date, a time or both, None where the text is none.

    Raises
    ------
    UnsupportedError
        The text may be a moment, but what Excel makes of it is not known.
    """
    text = text.strip(" ")
    time = _TIME.search(text) if ":" in text or text[-1:].lower() in ("a", "p", "m") else None
    if time is not None and time["second"] is None and time["half"] is None:
        time = None
    if time is None:
        return _date(text, locale, date1904)
    clock = _clock(time)
    before = text[: time.start()].strip(" ")
    if clock is None or not before:
        return clock
    if before.endswith(",") and _date(before[:-1], locale, date1904) is not None:
        raise unknown_reading(text)
    day = _date(before, locale, date1904)
    if day is None:
        return None
    if clock >= 1:
        raise unknown_reading(text)
    return day + clock


def read_date(text: str, locale: Locale, date1904: bool = False) -> float | None:
    """Return the date in a text, as DATEVALUE does; a time beside it is left out."""
    moment = read_moment(text, locale, date1904)
    return None if moment is None else math.floor(moment)


def read_time(text: str, locale: Locale, date1904: bool = False) -> float | None:
    """Return the time in a text as a fraction of a day, as TIMEVALUE does; a date beside it is left out."""
    moment = read_moment(text, locale, date1904)  # taken from the whole serial, with what digits that leaves
    return None if moment is None else moment - math.floor(moment)


def _clock(part: re.Match[str]) -> float | None:
    """Return the fraction of a day of a time; one of its numbers may pass its limit, as in 25:00 or 0:90."""
    hours, minutes, seconds = (int(part[name] or 0) for name in ("first", "second", "third"))
    fraction = part["fraction"] or ""
    if fraction and part["third"] is None:
        if part["second"] is None or part["half"]:
            return None
        if len(fraction) > 1:
            hours, minutes, seconds = 0, hours, minutes  # 30:15.5 is half an hour
    if part["half"]:
        if hours > 12:
            return None
        hours = hours % 12 + 12 * part["half"].lower().startswith("p")
    if (hours > 23) + (minutes > 59) + (seconds > 59) > 1:
        return None
    if minutes > 59 and part["third"] is not None:
        raise unknown_reading(part[0])
    precise = seconds + round(float(f"0{fraction}0"), 3)  # Excel's times go to the millisecond
    return (hours + (minutes + precise / 60) / 60) / 24


def _date(text: str, locale: Locale, date1904: bool) -> int | None:
    numeric = _NUMERIC_DATE.fullmatch(text)
    if numeric is not None:
        first, mark, second, other_mark, third = numeric.groups()
        if third is None:
            found = None if mark == " " else _month_of_numbers(text, first, second, date1904)
        else:
            found = _date_of_numbers(text, (first, second, third), locale, date1904)
            if found is not None and (mark == " " or mark != other_mark):
                raise unknown_reading(text)
        return found
    named = _NAMED_DATE.fullmatch(text)
    if named is not None:
        month = _MONTHS.get(named[2].lower())
        if month is not None:
            return _date_of_name(text, named[1], month, named[3], named[4], date1904)
        if named[2].lower() == "sept":
            raise unknown_reading(text)
    return None


def _date_of_numbers(text: str, parts: tuple[str, str, str], locale: Locale, date1904: bool) -> int | None:
    first, second, third = parts
    if len(first) == 4:
        year, month, day = first, second, third
    elif locale.day_first:
        day, month, year = parts
    else:
        month, day, year = parts
    if len(month) > 2 or len(day) > 2:
        return None
    if len(first) < 4 and int(first) > 31 and len(third) < 3:
        raise unknown_reading(text)  # perhaps year, month, day
    return serial_of(_year(text, year), int(month), int(day), date1904)


def _month_of_numbers(text: str, first: str, second: str, date1904: bool) -> int | None:
    """Return the first of the month that two numbers name: month and year in either order."""
    if len(first) == 4 or len(second) == 4:
        year, month = (first, second) if len(first) == 4 else (second, first)
        return serial_of(int(year), int(month), 1, date1904) if len(month) <= 2 else None
    if len(first) > 2 or len(second) > 2:
        return None
    if any(serial_of(2000, int(m), int(d)) is not None for d, m in ((first, second), (second, first))):
        raise unknown_reading(text)  # a day of the current year
    return serial_of(_year(text, second), int(first), 1, date1904)


def _date_of_name(
    text: str, before: str | None, month: int, after: str | None, last: str | None, date1904: bool
) -> int | None:
    """Return the date of a named month with what stands before and after it."""
    if before is not None and last is not None:
        return None
    if before is not None and after is not None:
        year, day = (before, after) if len(before) == 4 else (after, before)
        return serial_of(_year(text, year), month, int(day), date1904) if len(day) <= 2 else None
    if last is not None and after is not None:
        return serial_of(_year(text, last), month, int(after), date1904) if len(after) <= 2 else None
    only = before or after
    if only is None or len(only) == 3:
        return None
    if len(only) == 4:
        return serial_of(int(only), month, 1, date1904)
    if before is not None and serial_of(2000, month, int(only)) is None:
        return None
    if serial_of(2000, month, int(only)) is not None:
        raise unknown_reading(text)  # a day of the current year
    return serial_of(_year(text, only), month, 1, date1904)


def _year(text: str, digits: str) -> int:
    """Return the year of one, two or four digits."""
    year = int(digits)
    if len(digits) > 2:
        return year if len(digits) == 4 else 0
    if 30 <= year <= 49:
        raise unknown_reading(text)
    return year + (2000 if year < 30 else 1900)
