"""Dates as serial numbers."""

from __future__ import annotations

import datetime

__all__ = ["serial"]


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
