"""Periods: which ways of writing one are the same, and which one follows which."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache

__all__ = ["follows", "one_spelling", "place_in_time"]

_YEAR = re.compile(r"(\d{4})\s?[/–-]\s?(\d{4}|\d{2})\Z", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})\Z", re.ASCII)
_CALENDAR = re.compile(r"\d{4}\Z", re.ASCII)
#: Ways to write a month, and a day; a spreadsheet saves "May 2024" as May-24.
_MONTHS, _DAYS = ("%B %Y", "%b %Y", "%b-%y", "%B-%y", "%b-%Y"), ("%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%Y-%m-%d")


@cache
def place_in_time(period: str) -> tuple[str, int] | None:
    """Return the kind of a period and its number among those of its kind; None for one that is not understood.

    >>> place_in_time("2024/25"), place_in_time("May 2024"), place_in_time("2024"), place_in_time("last spring")
    (('financial year', 2024), ('month', 24292), ('year', 2024), None)
    """
    period = " ".join(period.split())
    if (found := _YEAR.match(period)) and (int(found[1]) + 1) % 10 ** len(found[2]) == int(found[2]):
        return "financial year", int(found[1])
    if (found := _MONTH.match(period)) and 1 <= int(found[2]) <= 12:
        return "month", int(found[1]) * 12 + int(found[2]) - 1
    if _CALENDAR.match(period):
        return "year", int(period)
    if month := _read(period, _MONTHS):
        return "month", month.year * 12 + month.month - 1
    day = _read(period, _DAYS)
    return ("day", day.toordinal()) if day else None


def _read(period: str, ways: tuple[str, ...]) -> date | None:
    for way in ways:
        try:
            return datetime.strptime(period, way).date()
        except ValueError:
            continue
    return None


def one_spelling(period: str) -> str:
    """Return a period in one of the ways to write it, so that the same period is the same text.

    >>> one_spelling("2024-25"), one_spelling("2024/2025"), one_spelling("Mar-24"), one_spelling("31/03/2024")
    ('2024/25', '2024/25', 'March 2024', '31 March 2024')
    >>> one_spelling("last  spring")
    'last spring'
    """
    place = place_in_time(period)
    match place:
        case ("financial year", year):
            return f"{year}/{(year + 1) % 100:02}"
        case ("month", month):
            return f"{date(month // 12, month % 12 + 1, 1):%B %Y}"
        case ("day", day):
            found = date.fromordinal(day)
            return f"{found.day} {found:%B %Y}"
    return " ".join(period.split())


def follows(period: str, before: str) -> bool:
    """Whether a period begins where another ends.

    >>> follows("2024/25", "2023-24"), follows("2025/26", "2023/24"), follows("January 2024", "Dec-23")
    (True, False, True)
    """
    now, then = place_in_time(period), place_in_time(before)
    return now is not None and then is not None and now[0] != "day" and now == (then[0], then[1] + 1)
