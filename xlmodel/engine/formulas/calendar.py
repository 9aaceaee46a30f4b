"""Dates as serial numbers of the 1900 system, with its 29 February 1900."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from xlmodel.engine.formulas.cells import RefusedError, unsupported
from xlmodel.engine.formulas.coercion import number_or_error
from xlmodel.engine.formulas.objects import Object, each, error, is_error, is_text

__all__ = ["CALENDAR", "DAY_NAMES", "MONTH_NAMES", "date_of"]

MONTH_NAMES = "January February March April May June July August September October November December".split()
DAY_NAMES = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split()
LAST = 2_958_465
_EPOCH = datetime.date(1899, 12, 30).toordinal()


def date_of(serial: int) -> tuple[int, int, int]:
    """Return the year, month and day of a serial number.

    >>> date_of(60), date_of(61), date_of(1), date_of(45000)
    ((1900, 2, 29), (1900, 3, 1), (1900, 1, 1), (2023, 3, 15))
    """
    if serial <= 60:
        return (1900, 2, serial - 31) if serial > 31 else (1900, 1, serial)
    found = datetime.date.fromordinal(_EPOCH + serial)
    return found.year, found.month, found.day


def _serial(year: int, month: int, day: int) -> int:
    if year == 1900 and month <= 2:
        return day + 31 * (month - 1)
    return datetime.date(year, month, 1).toordinal() - _EPOCH + day - 1


def _days_in(year: int, month: int) -> int:
    if (year, month) == (1900, 2):
        return 29
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return (datetime.date(*following, 1) - datetime.date(year, month, 1)).days


def _dates(f: Callable[..., Object], dates: int) -> Callable[..., Any]:
    """Call cell by cell with whole numbers, the first few of them dates."""

    def one(*args: Object) -> Object:
        ready: list[int] = []
        for i, x in enumerate(args):
            if is_text(x) and any(c.isdigit() for c in x):
                raise unsupported("a date or a number as text")
            made = number_or_error(x)
            if is_error(made):
                return made
            whole = math.floor(made) if i < dates else math.trunc(made)
            if i < dates and not 0 <= whole <= LAST:
                return error("#NUM!")
            ready.append(whole)
        return f(*ready)

    return lambda *args: each(one, *args)


def _moved(serial: int, months: int, end: bool) -> Object:
    if serial == 0:
        raise RefusedError("unsupported-function", "months from the day 0")
    year, month, day = date_of(serial)
    total = year * 12 + month - 1 + months
    year, month = total // 12, total % 12 + 1
    if not 1900 <= year <= 9999:
        return error("#NUM!")
    last = _days_in(year, month) if year < 9999 or month < 12 else 31
    return float(_serial(year, month, last if end else min(day, last)))


def _no_booleans(function: Callable[..., Any]) -> Callable[..., Any]:
    def one(*args: Object) -> Object:
        if any(isinstance(x, (bool, np.bool_)) for x in args):
            return next((x for x in args if is_error(x)), error("#VALUE!"))
        return function(*args)

    return lambda *args: each(one, *args)


def _between(start: int, end: int, unit: Any) -> Object:
    if start > end:
        return error("#NUM!")
    (y1, m1, d1), (y2, m2, d2) = date_of(start), date_of(end)
    months = (y2 - y1) * 12 + m2 - m1 - (d2 < d1)
    found = {"d": end - start, "m": months, "y": months // 12, "ym": months % 12}.get(unit)
    if found is None:
        raise RefusedError("unsupported-function", f"DATEDIF with {unit!r}")
    return float(found)


def _datedif(start: Any, end: Any, unit: Any) -> Any:
    if not is_text(unit):
        raise RefusedError("unsupported-function", "DATEDIF with this unit")
    return _dates(lambda a, b: _between(a, b, unit.lower()), 2)(start, end)


def _clock(which: int) -> Callable[[Object], Object]:
    """Return the hour, minute or second of a time; where cutting and rounding to seconds part, neither is sure."""

    def one(x: Object) -> Object:
        if is_text(x) and any(c.isdigit() for c in x):
            raise unsupported("a date or a number as text")
        made = number_or_error(x)
        if is_error(made):
            return made
        if not 0 <= made <= LAST:
            return error("#NUM!")
        seconds = made % 1 * 86_400
        whole = math.floor(seconds + 0.5)
        found, other = (_part(which, n) for n in (whole, math.floor(seconds)))
        if found != other and which < 2 and whole - seconds > 1e-3:
            raise RefusedError("unsupported-function", "the time of day between two seconds")
        return float(found)

    return one


def _part(which: int, seconds: int) -> int:
    return (seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)[which]


def _date(year: Object, month: Object, day: Object) -> Object:
    made = [number_or_error(x) for x in (year, month, day)]
    failed = next((x for x in made if is_error(x)), None)
    if failed is not None:
        return failed
    if any(abs(x) > 1e7 for x in made):
        return error("#NUM!")
    y, m, d = (math.floor(x) for x in made)
    if not 0 <= y < 10_000:
        return error("#NUM!")
    y += 1900 if y < 1900 else 0
    total = y * 12 + m - 1
    y, m = total // 12, total % 12 + 1
    if not 1899 <= y < 10_000:
        return error("#NUM!")
    if (y, m) <= (1900, 2) and not (y == 1900 and 1 <= d <= _days_in(y, m)):
        raise RefusedError("unsupported-function", "DATE across the turn of 1900")
    serial = _serial(y, m, d)
    return float(serial) if 0 <= serial <= LAST else error("#NUM!")


CALENDAR: dict[str, Callable[..., Any]] = {
    "EDATE": _no_booleans(_dates(lambda serial, months: _moved(serial, months, False), 1)),
    "EOMONTH": _no_booleans(_dates(lambda serial, months: _moved(serial, months, True), 1)),
    "YEAR": _dates(lambda serial: float(date_of(serial)[0]), 1),
    "MONTH": _dates(lambda serial: float(date_of(serial)[1]), 1),
    "DAY": _dates(lambda serial: float(date_of(serial)[2]), 1),
    "DATEDIF": _datedif,
    "DATE": lambda *args: each(_date, *args),
    "HOUR": lambda x: each(_clock(0), x),
    "MINUTE": lambda x: each(_clock(1), x),
    "SECOND": lambda x: each(_clock(2), x),
}
