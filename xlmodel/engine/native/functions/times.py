"""Times of the day: fractions of 1, taken apart to whole seconds."""

from __future__ import annotations

import math

from xlmodel.engine.native.calendar import day
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Cell, Number, Whole, excel
from xlmodel.engine.native.moments import read_time
from xlmodel.engine.native.operands import NUM, VALUE, ExcelError

_MOST = 32_767  #: the largest hour, minute or second that TIME takes
_UP = 0.4995  #: seconds: a little less than a half is added before the fraction is cut off


@excel("TIME")
def time(hour: Whole, minute: Whole, second: Whole) -> float:
    """Return a time by its parts; what exceeds a day falls away."""
    if max(abs(hour), abs(minute), abs(second)) > _MOST:
        raise ExcelError(NUM)
    days = hour / 24 + minute / 1440 + second / 86400
    if days < 0:
        raise ExcelError(NUM)
    return days - math.floor(days)


@excel("TIMEVALUE")
def timevalue(context: Context, time_text: Cell) -> float:
    """Return the time written in a text."""
    found = read_time(time_text, context.locale, context.date1904) if isinstance(time_text, str) else None
    if found is None:
        raise ExcelError(VALUE)
    return found


@excel("HOUR")
def hour(context: Context, serial_number: Number) -> int:
    """Return the hour of a time."""
    return _seconds(context, serial_number) // 3600


@excel("MINUTE")
def minute(context: Context, serial_number: Number) -> int:
    """Return the minute of a time."""
    return _seconds(context, serial_number) // 60 % 60


@excel("SECOND")
def second(context: Context, serial_number: Number) -> int:
    """Return the second of a time."""
    return _seconds(context, serial_number) % 60


def _seconds(context: Context, serial_number: float) -> int:
    """Return the seconds since midnight; all three parts come from the rounded second."""
    day(serial_number, context.date1904)
    return math.floor((serial_number - math.floor(serial_number)) * 86400 + _UP) % 86400
