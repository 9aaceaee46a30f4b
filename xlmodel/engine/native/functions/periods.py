"""The time between two dates: in days, months and years, and as a part of a year."""

from __future__ import annotations

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.calendar import Basis, date_of, day, day_of, ends_month, thirty_european, year_fraction
from xlmodel.engine.native.coercion import Reading, to_number
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Any_, Logical, Number, Text, excel
from xlmodel.engine.native.operands import NUM, VALUE, ExcelError
from xlmodel.values import Scalar


@excel("DAYS")
def days(context: Context, end_date: Number, start_date: Number) -> int:
    """Return the days between two dates."""
    end = day(end_date, context.date1904)
    return end - day(start_date, context.date1904)


@excel("DAYS360")
def days360(context: Context, start_date: Number, end_date: Number, method: Logical = False) -> int:
    """Return the days between two dates with months of 30 days, by the American method or the European.

    The American method is not that of bonds: an end on the last of February stays where it is.
    """
    start, end = (date_of(day(x, context.date1904)) for x in (start_date, end_date))
    if method:
        return thirty_european(start, end)
    first, last = start.day, end.day
    if first == 31 or (start.month == 2 and ends_month(start)):
        first = 30
    if last == 31 and first == 30:
        last = 30
    return (end.year - start.year) * 360 + (end.month - start.month) * 30 + last - first


@excel("DATEDIF")
def datedif(context: Context, start_date: Number, end_date: Number, unit: Text) -> int:
    """Return the whole years, months or days between two dates, or the days beyond whole years or months."""
    first, last = day(start_date, context.date1904), day(end_date, context.date1904)
    if first > last:
        raise ExcelError(NUM)
    start, end = date_of(first), date_of(last)
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    match unit.lower():
        case "d":
            return last - first
        case "m":
            return months
        case "y":
            return months // 12
        case "ym":
            return months % 12
        case "yd":  # the end in the year of the start, or in the year after
            moved = day_of(start.year, end.month, end.day)
            return (moved if moved >= first else day_of(start.year + 1, end.month, end.day)) - first
        case "md":  # counted from a day that the month before may not have: then it can be less than 0
            return last - day_of(end.year, end.month - (end.day < start.day), start.day)
    raise ExcelError(NUM)


@add_in("YEARFRAC")
def yearfrac(context: Context, start_date: Any_, end_date: Any_, basis: Number = 0.0) -> float:
    """Return the part of a year between two dates; the basis is looked at before the dates are."""
    counted = basis_of(basis)
    start, end = (day(_number(x, context), context.date1904) for x in (start_date, end_date))
    return year_fraction(start, end, counted)


def basis_of(number: float) -> Basis:
    """Return a basis by its number; raises #NUM!."""
    if not 0 <= number < 5:
        raise ExcelError(NUM)
    return Basis(int(number))


def _number(x: Scalar, context: Context) -> float:
    if isinstance(x, bool):
        raise ExcelError(VALUE)
    return to_number(x, Reading(context.locale, context.date1904))
