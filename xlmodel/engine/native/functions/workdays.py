"""Working days: all days but weekends and holidays."""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.calendar import day, shown
from xlmodel.engine.native.coercion import Reading, to_number
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Any_, Number, Value, Whole
from xlmodel.engine.native.operands import NUM, VALUE, ExcelError, Operand, Reference
from xlmodel.values import Scalar, Values

#: the days of a week, Monday first, by which day 0 was a Saturday
_WEEK = 7
_SATURDAY_AND_SUNDAY = frozenset((5, 6))


@add_in("NETWORKDAYS")
def networkdays(context: Context, start_date: Number, end_date: Number, holidays: Value = None) -> int:
    """Return the working days from one day to another, both included."""
    return _working_days(context, start_date, end_date, _SATURDAY_AND_SUNDAY, holidays)


@add_in("NETWORKDAYS.INTL", empty_is_default=True)
def networkdays_intl(
    context: Context, start_date: Number, end_date: Number, weekend: Any_ = 1.0, holidays: Value = None
) -> int:
    """Return the working days from one day to another, both included, with weekends of choice."""
    return _working_days(context, start_date, end_date, _weekend(weekend), holidays)


@add_in("WORKDAY")
def workday(context: Context, start_date: Number, days: Whole, holidays: Value = None) -> float:
    """Return the day that is some working days away."""
    return _working_day(context, start_date, days, _SATURDAY_AND_SUNDAY, holidays)


@add_in("WORKDAY.INTL", empty_is_default=True)
def workday_intl(
    context: Context, start_date: Number, days: Whole, weekend: Any_ = 1.0, holidays: Value = None
) -> float:
    """Return the day that is some working days away, with weekends of choice."""
    free = _weekend(weekend)
    if len(free) == _WEEK:
        raise ExcelError(VALUE)
    return _working_day(context, start_date, days, free, holidays)


def _weekend(code: Scalar) -> frozenset[int]:
    """Return the free days of a week: two in a row by 1 to 7, one by 11 to 17, any by seven digits from Monday on."""
    if isinstance(code, str):
        if len(code) != _WEEK or set(code) - {"0", "1"}:
            raise ExcelError(VALUE)
        return frozenset(i for i, digit in enumerate(code) if digit == "1")
    if isinstance(code, bool):
        raise ExcelError(VALUE)
    number = int(code) if isinstance(code, float) else 0
    if 1 <= number <= 7:
        return frozenset(((number + 4) % 7, (number + 5) % 7))
    if 11 <= number <= 17:
        return frozenset(((number - 5) % 7,))
    raise ExcelError(NUM)


def _weekday(serial: int) -> int:
    return (serial - 2) % _WEEK


def _free_days(context: Context, holidays: Operand, weekend: frozenset[int]) -> list[int]:
    """Return the holidays that do not fall on a weekend, in order."""
    if isinstance(holidays, Reference):
        cells = [x for area in holidays.areas for x in context.read(area).scalars()]
    else:
        cells = holidays.scalars() if isinstance(holidays, Values) else [holidays]  # type: ignore[list-item]
    reading = Reading(context.locale, context.date1904)
    found = set()
    for x in cells:
        if isinstance(x, bool):
            raise ExcelError(VALUE)
        if x is not None:
            found.add(day(to_number(x, reading), context.date1904))
    return sorted(serial for serial in found if _weekday(serial) not in weekend)


def _working_days(
    context: Context, start_date: float, end_date: float, weekend: frozenset[int], holidays: Operand
) -> int:
    one, other = day(start_date, context.date1904), day(end_date, context.date1904)
    start, end = min(one, other), max(one, other)
    weeks, rest = divmod(end - start + 1, _WEEK)
    count = weeks * (_WEEK - len(weekend))
    count += sum(_weekday(end - i) not in weekend for i in range(rest))
    count -= sum(start <= serial <= end for serial in _free_days(context, holidays, weekend))
    return count if one <= other else -count


def _working_day(context: Context, start_date: float, days: int, weekend: frozenset[int], holidays: Operand) -> float:
    serial = day(start_date, context.date1904)
    free = _free_days(context, holidays, weekend)
    if days == 0:
        return shown(serial, context.date1904)
    step = 1 if days > 0 else -1
    found = _moved(serial, days, weekend)
    for holiday in _ahead(free, serial, step):  # each holiday passed is one day more
        if (found - holiday) * step < 0:
            break
        found = _moved(found, step, weekend)
    return shown(found, context.date1904)


def _ahead(free: list[int], serial: int, step: int) -> Iterator[int]:
    return (holiday for holiday in free[::step] if (holiday - serial) * step > 0)


def _moved(serial: int, days: int, weekend: frozenset[int]) -> int:
    """Return the day some days away that are no weekend: whole weeks at once, the rest day by day."""
    step = 1 if days > 0 else -1
    weeks, rest = divmod(abs(days) - 1, _WEEK - len(weekend))
    serial += weeks * _WEEK * step
    for _ in range(rest + 1):
        serial += step
        while _weekday(serial) in weekend:
            serial += step
    return serial
