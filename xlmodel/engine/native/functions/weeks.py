"""Days of the week and numbers of weeks. Day 1, 1 January 1900, is a Sunday in Excel's calendar."""

from __future__ import annotations

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.calendar import date_of, day, day_of
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Number, Whole, excel
from xlmodel.engine.native.operands import NUM, ExcelError

#: return type -> the day that a week begins with, Sunday being 0, and the number of that day
_WEEKDAYS = {1: (0, 1), 2: (1, 1), 3: (1, 0)} | {10 + i: (i % 7, 1) for i in range(1, 8)}
#: return type -> the day that a week begins with
_WEEKS = {1: 0, 2: 1} | {10 + i: i % 7 for i in range(1, 8)}


@excel("WEEKDAY")
def weekday(context: Context, serial_number: Number, return_type: Whole = 1) -> int:
    """Return the number of a day within its week."""
    if return_type not in _WEEKDAYS:
        raise ExcelError(NUM)
    begin, number = _WEEKDAYS[return_type]
    return (day(serial_number, context.date1904) - 1 - begin) % 7 + number


@add_in("WEEKNUM")
def weeknum(context: Context, serial_number: Number, return_type: Whole = 1) -> int:
    """Return the number of a week within its year, the first being that of 1 January."""
    serial = day(serial_number, context.date1904)
    if return_type == 21:
        return _iso_week(serial)
    if return_type not in _WEEKS:
        raise ExcelError(NUM)
    first = day_of(date_of(serial).year, 1, 1)
    return (serial - first + (first - 1 - _WEEKS[return_type]) % 7) // 7 + 1


@excel("ISOWEEKNUM")
def isoweeknum(context: Context, date: Number) -> int:
    """Return the number of a week within its year, the first being that of the first Thursday."""
    return _iso_week(day(date, context.date1904))


def _iso_week(serial: int) -> int:
    thursday = serial - (serial - 2) % 7 + 3
    if thursday < 1:
        return 52  # the last week of 1899
    return (thursday - day_of(date_of(thursday).year, 1, 1)) // 7 + 1
