"""The words by which sheets name totals, averages, shares, rates, balances and periods."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["is_average", "is_change", "is_closing", "is_of_each", "is_opening", "is_total", "outflow", "per", "period"]


_KEPT = 4096  #: names of lines, which are asked for again and again


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_TOTAL = _words(r"totals?\b|\bsum of\b|\ball (?:placements|services|ages)\b")
_AVERAGE = _words(r"\b(?:average|mean|avg)\b")
_OPENING = _words(
    r"\bopening\b|\bbrought forward\b|\bb/?fwd?\b|\bb/f\b|^beginning\b.*\bbalance\b"
    r"|\b(?:at|balance|stock|as at|beginning|start)\b.*\b(?:start|beginning|1 april|april 1|1 january|january 1)\b"
)
_CLOSING = _words(
    r"\bclosing\b|\bcarried forward\b|\bc/?fwd?\b|\bc/f\b|^ending\b.*\bbalance\b"
    r"|\b(?:at|balance|stock|as at)\b.*\b(?:end|31 march|march 31|31 december|december 31)\b"
)
_OUT = _words(
    r"\b(?:ceas\w*|leav\w*|exits?|out|outflows?|outgoings?|less|disposals?|payments?|expenditure|withdraw\w*|used?"
    r"|ended|discharg\w*|deaths?|departures?|repaid|repayments?|drawn|releas\w*|depreciation|write-?offs?|minus)\b|^-"
)
_IN = _words(
    r"\b(?:starts?|started|starters|entr\w*|admissions?|in|inflows?|additions?|new|income|receipts?|contributions?"
    r"|arrivals?|births?|purchases|plus|add|added|raised|transfers? in)\b|^\+"
)
_CHANGE = _words(r"\b(?:change|growth|increase|decrease|incr|inc\.?|variance|var|movement|rise|fall|uplift|yoy)\b|\+/-")
_OF_EACH = _words(
    r"%|\bper\b|\bpercent\w*|\brates?\b|\bratio\b|\baverage\b|\bavg\b|\bmean\b|\bmedian\b|\bindex\b|\bprices?\b"
    r"|\bunit cost|\byears?\b|\bage\b|\bno\.|\bcode\b|\bnumber of days\b|\brank\b|\bcumulative\b|\bto date\b"
    r"|\bmax\w*|\bmin\w*|\bstd|\bdate\b|\bfte\b|\bg\.?p\.?a\b|\bscore\b|\bbalance\b|\bproportion\b|\bshare\b"
    r"|\ba (?:week|day|month|child)\b"
)
_PER = _words(r"\bper\s+(?P<number>\d[\d,]*|thousand|million)\b|/\s?(?P<slash>1,?000|10,?000|100,?000)\b")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_YEAR = _words(r"(?<![\d.,])(19\d\d|20\d\d)(?:\s?[/–-]\s?\d{2,4})?(?!\d)|\b(?:fy|f/y|')\s?(\d\d)(?:\s?[/–-]\s?\d\d)?\b")
_STEP = _words(r"\b(?:year|month|week|quarter|period|q|qtr|wk|yr)\.?\s?(\d{1,2})\b")
_MONTH = _words(r"\b(" + "|".join(_MONTHS) + r")[a-z]*\b")


@lru_cache(maxsize=_KEPT)
def is_total(name: str) -> bool:
    """Tell whether a line's name says that it is a sum."""
    return bool(_TOTAL.search(name)) and not _AVERAGE.search(name)


@lru_cache(maxsize=_KEPT)
def is_average(name: str) -> bool:
    """Tell whether a line's name says that it is a mean."""
    return bool(_AVERAGE.search(name))


@lru_cache(maxsize=_KEPT)
def is_opening(name: str) -> bool:
    """Tell whether a line's name says that it is what a period begins with."""
    return bool(_OPENING.search(name))


@lru_cache(maxsize=_KEPT)
def is_closing(name: str) -> bool:
    """Tell whether a line's name says that it is what a period ends with."""
    return bool(_CLOSING.search(name))


@lru_cache(maxsize=_KEPT)
def outflow(name: str) -> bool | None:
    """Tell whether a line's name says that it is taken away (True) or added (False); None where it says neither.

    >>> outflow("Ceases"), outflow("Starts in the year"), outflow("Adjustment")
    (True, False, None)
    """
    out, into = bool(_OUT.search(name)), bool(_IN.search(name))
    return None if out == into else out


@lru_cache(maxsize=_KEPT)
def is_change(name: str) -> bool:
    """Tell whether a line's name says that it is a change from one period to another."""
    return bool(_CHANGE.search(name))


@lru_cache(maxsize=_KEPT)
def is_of_each(name: str) -> bool:
    """Tell whether a line's name says that it is no amount that adds up: a price, a rate, a code."""
    return bool(_OF_EACH.search(name))


@lru_cache(maxsize=_KEPT)
def per(name: str) -> int | None:
    """Return how many a rate is for, as its name says.

    >>> per("Rate per 10,000 children"), per("per million"), per("Rate")
    (10000, 1000000, None)
    """
    found = _PER.search(name)
    if not found:
        return None
    text = (found["number"] or found["slash"]).lower().replace(",", "")
    number = {"thousand": 1_000, "million": 1_000_000}.get(text) or int(text)
    return number if number in (100, 1_000, 10_000, 100_000, 1_000_000) else None


@lru_cache(maxsize=_KEPT)
def period(name: str) -> tuple[int, int] | None:
    """Return where a heading stands in time, as something that can be ordered; None where it names no period.

    >>> period("2024/25") < period("2025/26"), period("Mar 2024") > period("Feb 2024"), period("Total")
    (True, True, None)
    """
    year = _YEAR.search(name)
    month, step = _MONTH.search(name), _STEP.search(name)
    if not (year or month or step):
        return None
    number = int(year[1] or f"20{year[2]}") if year else 0
    within = _MONTHS.index(month[1].lower()) + 1 if month else int(step[1]) if step else 0
    return number, within
