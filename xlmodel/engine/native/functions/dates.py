"""Dates: made from their parts, taken apart, and moved by months."""

from __future__ import annotations

import math

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.calendar import date_of, day, day_of, months_later, shown
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Cell, Number, Whole, excel
from xlmodel.engine.native.moments import read_date
from xlmodel.engine.native.operands import NUM, VALUE, ExcelError


@excel("DATE")
def date(context: Context, year: Whole, month: Whole, day: Whole) -> float:
    """Return a date by its parts; years before 1900 count from 1900, months and days beyond their range carry over."""
    if not 0 <= year <= 9999:
        raise ExcelError(NUM)
    return shown(day_of(year + 1900 if year < 1900 else year, month, day), context.date1904)


@excel("DATEVALUE")
def datevalue(context: Context, date_text: Cell) -> float:
    """Return the date written in a text."""
    found = read_date(date_text, context.locale, context.date1904) if isinstance(date_text, str) else None
    if found is None:
        raise ExcelError(VALUE)
    return found


@excel("YEAR")
def year(context: Context, serial_number: Number) -> int:
    """Return the year of a date."""
    return date_of(day(serial_number, context.date1904)).year


@excel("MONTH")
def month(context: Context, serial_number: Number) -> int:
    """Return the month of a date."""
    return date_of(day(serial_number, context.date1904)).month


@excel("DAY")
def day_of_month(context: Context, serial_number: Number) -> int:
    """Return the day of the month of a date."""
    return date_of(day(serial_number, context.date1904)).day


@add_in("EDATE")
def edate(context: Context, start_date: Number, months: Whole) -> float:
    """Return the same day some months away."""
    return shown(months_later(day(start_date, context.date1904), months), context.date1904)


@add_in("EOMONTH")
def eomonth(context: Context, start_date: Number, months: Whole) -> float:
    """Return the last day of a month some months away."""
    return shown(months_later(day(start_date, context.date1904), months, at_end=True), context.date1904)


@excel("NOW", volatile=True)
def now(context: Context) -> float:
    """Return the clock."""
    return context.now()


@excel("TODAY", volatile=True)
def today(context: Context) -> int:
    """Return the day of the clock."""
    return math.floor(context.now())
