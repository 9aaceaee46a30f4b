"""Units as sheets state them: in brackets, in a heading, in a title, by a number format."""

from __future__ import annotations

import re

__all__ = ["unit_in"]

_MONEY = (
    r"(?:[£€$¥]|\bR(?=\s?['’]?000)|\bUSD|\bEUR|\bGBP)"
    r"\s?(?:['’]?000s?|k|m(?:n|illions?)?|bn|billions?|thousands?)?(?![\w.,])"
)
_PER = r"per\s+(?:\d[\d,]*|thousand|million)(?:\s+(?:population|children|people|residents|head))?"
_THINGS = (
    "children|people|persons|weeks|days|hours|months|years|child-weeks|child-years|care days|fte|wte|staff|places|"
    "homes|cases|households|tonnes|kg|km|miles|hectares|ha|metres|litres|mwh|kwh|gwh|pupils|thousands|millions|number"
)
_MONEY_IN_WORDS = re.compile(
    r"\b(?:in\s+)?((?:thousands|millions|billions)\s+of\s+(?:pounds|dollars|euros)|(?:pounds|dollars|euros)\s+in\s+"
    r"(?:thousands|millions|billions)|(?:£|\$|€)\s?(?:in\s+)?(?:thousands?|millions?|billions?))\b",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,40})[)\]]")
_MONEY_SIGN = re.compile(_MONEY, re.IGNORECASE)
_RATE = re.compile(_PER, re.IGNORECASE)
_SHARE = re.compile(r"%|\bper\s?cent\b|\bpercent(?:age)?\b", re.IGNORECASE)
_THING = re.compile(rf"(?:{_THINGS})", re.IGNORECASE)
_OF_TIME = re.compile(r"(?:a|per|each|/)\s*(?:week|day|year|month|night|child|place|head|hour|annum)\b", re.IGNORECASE)


def unit_in(text: str) -> str:
    """Return the unit that a heading, a name or a title states; "" where it states none.

    >>> unit_in("Cost (£m)"), unit_in("Rate per 10,000"), unit_in("Share of all, %"), unit_in("(Dollars in Millions)")
    ('£m', 'per 10,000', '%', 'Dollars in Millions')
    >>> unit_in("Opening (children)"), unit_in("Residential (new)"), unit_in("Total, R'000")
    ('children', '', "R'000")
    """
    words = _MONEY_IN_WORDS.search(text)
    if words:
        return words[1]
    for inside in reversed(_BRACKETS.findall(text)):
        found = _stated(inside.strip())
        if found:
            return found
    rate = _RATE.search(text)
    if rate:
        return rate[0].lower()
    share = _SHARE.search(text)
    if share and not re.search(r"%\s*\d|\d\s*%", text):
        return "%"
    money = _MONEY_SIGN.search(text)
    if money and not re.search(r"[£€$¥]\s?\d*[1-9]", text):
        return money[0].replace(" ", "")
    return text.strip().lower() if _THING.fullmatch(text.strip()) else ""


def _stated(inside: str) -> str:
    """Return what stands in brackets where it is a unit."""
    if _SHARE.fullmatch(inside):
        return "%"
    money = _MONEY_SIGN.match(inside)
    if money and (money.end() == len(inside) or _OF_TIME.search(inside)):
        return inside
    if _THING.fullmatch(inside) or _RATE.fullmatch(inside):
        return inside.lower()
    return inside if _OF_TIME.search(inside) and len(inside) <= 24 else ""
