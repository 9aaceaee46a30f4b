"""To which digit a number format shows a figure: what may differ below it nobody sees."""

from __future__ import annotations

from functools import lru_cache

from xlmodel.engine.native.formats.parts import Kind
from xlmodel.engine.native.formats.sections import Section, Style, format_of
from xlmodel.engine.native.operands import ExcelError, UnsupportedError
from xlmodel.values import Scalar, round_half_away, same_number, same_scalar

__all__ = ["RELATIVE", "as_format", "decimals", "shows_the_same"]

RELATIVE = 1e-9  #: of numbers that are shown in full
_FINEST = 15


@lru_cache(maxsize=4096)
def decimals(code: str) -> int | None:
    """Return how many decimals of the number a format shows; None where that depends on the number.

    >>> decimals("#,##0.00"), decimals("0.0%"), decimals("#,##0,"), decimals("General"), decimals("d mmm yyyy")
    (2, 3, -3, None, None)
    """
    try:
        sections = format_of(code).numbers
    except (ExcelError, UnsupportedError):
        return None
    found = [
        _decimals(s) for s in sections if s.style is not Style.NUMBER or any(p.kind is Kind.DIGIT for p in s.parts)
    ]
    if not found or None in found:
        return None
    finest = max(n for n in found if n is not None)
    return finest if 0 <= finest <= _FINEST or finest in (-3, -6, -9, -12) else None


def _decimals(section: Section) -> int | None:
    if section.style is not Style.NUMBER:
        return None
    kinds = [p.kind for p in section.parts]
    point = kinds.index(Kind.POINT) if Kind.POINT in kinds else len(kinds)
    last = max((i for i, k in enumerate(kinds[:point]) if k is Kind.DIGIT), default=-1)
    scaled = 0
    while last + 1 + scaled < point and kinds[last + 1 + scaled] is Kind.COMMA:
        scaled += 1
    return kinds[point:].count(Kind.DIGIT) + 2 * kinds.count(Kind.PERCENT) - 3 * scaled


def as_format(places: int | None) -> str:
    """Return the plainest number format that shows so many decimals.

    >>> as_format(2), as_format(0), as_format(-3), as_format(None)
    ('0.00', '0', '0,', 'General')
    """
    if places is None:
        return "General"
    return "0" + ("." + "0" * places if places > 0 else "," * (-places // 3))


def shows_the_same(a: Scalar, b: Scalar, places: int | None) -> bool:
    """Tell whether two calculated values look the same in a cell.

    >>> shows_the_same(1.2345, 1.2349, 2), shows_the_same(1.2345, 1.2349, None)
    (True, False)
    """
    if isinstance(a, float) and isinstance(b, float):
        if same_number(a, b, RELATIVE):
            return True
        return places is not None and round_half_away(a, places) == round_half_away(b, places)
    return same_scalar(a, b)
