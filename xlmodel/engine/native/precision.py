"""Precision as displayed: a number is what its format shows of it."""

from __future__ import annotations

import re
from functools import lru_cache

from xlmodel.values import round_half_away

__all__ = ["as_displayed"]

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DIGITS = re.compile(r"[0#?](?:[0#?,]*[0#?])?(?:\.([0#?]*))?")


@lru_cache(maxsize=1_000)
def _decimals(section: str) -> int | None:
    """Return the decimals a section shows; None where it does not round (General, dates, fractions, exponents)."""
    code = _LITERAL.sub("", section)
    found = _DIGITS.search(code)
    if found is None or re.search(r"general|[ymdhse/@]", code, re.I):
        return None
    scaling = code[found.end() :]
    thousands = len(scaling) - len(scaling.lstrip(","))
    return len(found[1] or "") + 2 * code.count("%") - 3 * thousands


def as_displayed(number: float, number_format: str) -> float:
    """Return a number rounded to what its format shows.

    >>> as_displayed(1.2345, "0.00"), as_displayed(0.12345, "0.0%"), as_displayed(1.2345, "General")
    (1.23, 0.123, 1.2345)
    """
    sections = number_format.split(";")
    section = sections[1] if number < 0 and len(sections) > 1 and sections[1].strip() else sections[0]
    decimals = _decimals(section)
    return number if decimals is None else round_half_away(number, decimals)
