"""Dates as serial numbers."""

from __future__ import annotations

import datetime

__all__ = ["FIRST_SERIAL", "date_serial", "moment", "serial"]

#: 1 March 1900: before it the 1900 system has a day that never was
FIRST_SERIAL = 61.0
_END = 2_958_466.0


def serial(iso: str, date1904: bool) -> float:
    """Return the serial number of an ISO 8601 date, time or both.

    >>> serial("1900-02-28", False), serial("1900-03-01", False), serial("06:00", False)
    (59.0, 61.0, 0.25)
    >>> serial("1904-01-02T12:00:00Z", True)
    1.5
    """
    text = iso.strip().removesuffix("Z")
    day, t, clock = text.partition("T")
    if not t and ":" in day:
        day, clock = "", day
    fraction = 0.0
    if clock:
        time = datetime.time.fromisoformat(clock)
        fraction = (time.hour * 3600 + time.minute * 60 + time.second + time.microsecond / 1e6) / 86400
    if not day:
        return fraction
    date = datetime.date.fromisoformat(day)
    if date1904:
        return (date - datetime.date(1904, 1, 1)).days + fraction
    days = (date - datetime.date(1899, 12, 31)).days
    # the 1900 system counts a 29 February 1900 that never was
    return days + (days > 59) + fraction


def date_serial(value: datetime.date, date1904: bool) -> float:
    """Return the serial number under which a workbook can hold a date, or a date and time.

    Raises
    ------
    ValueError
        Excel shows no such date, or the time is tied to a time zone.

    >>> date_serial(datetime.date(2026, 3, 31), False), date_serial(datetime.datetime(2026, 3, 31, 18), True)
    (46112.0, 44650.75)
    """
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        raise ValueError(f"a date and time must have no time zone; it is {value.isoformat(' ')}")
    first = 1904 if date1904 else 1900
    if value.year < first:
        raise ValueError(f"a date must be >= {first}-01-01; it is {value.isoformat()}")
    return serial(value.isoformat(), date1904)


def moment(serial: float) -> datetime.datetime | None:
    """Return the date and time of a serial number of the 1900 system; None for a time of day, or outside the calendar.

    >>> moment(46112.75), moment(0.5), moment(60.0)
    (datetime.datetime(2026, 3, 31, 18, 0), None, None)
    """
    if not FIRST_SERIAL <= serial < _END:
        return None
    return datetime.datetime(1899, 12, 30) + datetime.timedelta(milliseconds=round(serial * 86_400_000))
