"""Numbers in the placeholders 0, # and ?, with literals between them, and with exponents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from xlmodel.engine.native.context import Locale
from xlmodel.engine.native.formats.parts import Kind, Part
from xlmodel.engine.native.operands import VALUE, ExcelError

__all__ = ["literals", "number_text", "point_shift", "scientific_text", "whole_pieces", "whole_text"]

_EXACT = Context(prec=1000, rounding=ROUND_HALF_UP, Emax=9999, Emin=-9999)
_BLANKS = {"0": "0", "#": "", "?": " "}


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the digits of a section go."""

    parts: tuple[Part, ...]  #: without the commas that are not written
    whole: str  #: the placeholders before the point
    places: str  #: the placeholders after it
    grouped: bool
    shift: int  #: the power of ten by which percents and scaling commas move the number


@lru_cache(maxsize=2048)
def _layout(parts: tuple[Part, ...]) -> _Layout:
    """Read commas and percents: a comma after a placeholder groups, scales or does nothing; others are literal."""
    kept: list[Part] = []
    sides = ["", ""]
    point, grouped, commas, shift, after_digit = 0, False, 0, 0, False
    for i, part in enumerate(parts):
        if part.kind is Kind.DIGIT:
            sides[point] += part.text
            commas = 0  # commas scale only after the last placeholder of their side
        elif part.kind is Kind.POINT and not point:
            point, shift, commas = 1, shift - 3 * commas, 0
        elif part.kind is Kind.COMMA and after_digit:
            commas += 1
            following = parts[i + 1].kind if i + 1 < len(parts) else None
            grouped = grouped or (not point and following is Kind.DIGIT)
            continue
        elif part.kind is Kind.PERCENT:
            shift += 2
        after_digit = part.kind is Kind.DIGIT
        kept.append(part)
    return _Layout(tuple(kept), sides[0], sides[1], grouped, shift - 3 * commas)


def point_shift(parts: tuple[Part, ...]) -> int:
    """Return the power of ten by which a section moves a number before it is written."""
    return _layout(parts).shift


def number_text(parts: tuple[Part, ...], number: Decimal, locale: Locale) -> tuple[str, bool]:
    """Return a number that is not negative in a section's placeholders, and whether nothing of it is left."""
    layout = _layout(parts)
    return _filled(layout, number.scaleb(layout.shift, _EXACT), locale)


def _filled(layout: _Layout, number: Decimal, locale: Locale) -> tuple[str, bool]:
    rounded = number.quantize(Decimal(1).scaleb(-len(layout.places)), context=_EXACT)
    before, _, after = f"{rounded:f}".partition(".")
    before = before.lstrip("0")
    wholes = iter(whole_pieces(layout.whole, before, locale.group if layout.grouped else ""))
    places = iter(_place_pieces(layout.places, after))
    out: list[str] = []
    point = False
    for part in layout.parts:
        if part.kind is Kind.DIGIT:
            out.append(next(places) if point else next(wholes))
        elif part.kind is Kind.POINT and not point:
            point = True
            out.append(("" if layout.whole else before) + locale.decimal)
        elif part.kind is not Kind.LOCALE:
            out.append(part.text)
    return "".join(out), not rounded and bool(layout.whole or layout.places)


def whole_pieces(placeholders: str, digits: str, group: str = "") -> list[str]:
    """Return what stands at each placeholder before the point; the first takes all the digits that are left."""
    pieces = []
    last = len(placeholders) - 1
    for i, placeholder in enumerate(placeholders):
        place = last - i
        if place >= len(digits):
            blank = _BLANKS[placeholder]
            pieces.append(blank + (group and (group if blank == "0" else blank) if place and place % 3 == 0 else ""))
            continue
        end = len(digits) - place
        own = range(end - 1 if i else 0, end)
        pieces.append("".join(digits[at] + _separator(len(digits) - 1 - at, group) for at in own))
    return pieces


def _separator(place: int, group: str) -> str:
    return group if place and place % 3 == 0 else ""


def _place_pieces(placeholders: str, digits: str) -> list[str]:
    """Return what stands at each placeholder after the point."""
    used = len(digits.rstrip("0"))
    return [digits[i] if p == "0" or i < used else _BLANKS[p] for i, p in enumerate(placeholders)]


def whole_text(placeholders: str, number: int) -> str:
    """Return a whole number in placeholders; 0 keeps its one digit.

    >>> whole_text("?0#", 3), whole_text("##", 0)
    (' 03', '0')
    """
    return "".join(whole_pieces(placeholders, str(number)))


def scientific_text(parts: tuple[Part, ...], number: Decimal, locale: Locale) -> tuple[str, bool]:
    """Return a number that is not negative with an exponent: a multiple of the number of places before the point."""
    at = next(i for i, part in enumerate(parts) if part.kind is Kind.EXPONENT)
    end = at + 1
    while end < len(parts) and parts[end].kind is Kind.DIGIT:
        end += 1
    if end == at + 1 or any(p.kind in (Kind.DIGIT, Kind.POINT, Kind.EXPONENT) for p in parts[end:]):
        raise ExcelError(VALUE)
    layout = _layout(parts[:at])
    number = number.scaleb(layout.shift, _EXACT)
    step = max(len(layout.whole), 1)
    exponent = 0
    if number:
        exponent = number.adjusted() // step * step + (not layout.whole)
        unit = Decimal(1).scaleb(-len(layout.places))
        if number.scaleb(-exponent, _EXACT).quantize(unit, context=_EXACT) >= Decimal(10).scaleb(len(layout.whole) - 1):
            exponent += step
    mantissa, nothing = _filled(layout, number.scaleb(-exponent, _EXACT), locale)
    sign = "-" if exponent < 0 else "+" if parts[at].text.endswith("+") else ""
    power = whole_text("".join(part.text for part in parts[at + 1 : end]), abs(exponent))
    return f"{mantissa}E{sign}{power}{literals(parts[end:])}", nothing


def literals(parts: Sequence[Part]) -> str:
    """Return what parts without placeholders write."""
    return "".join(part.text for part in parts if part.kind is not Kind.LOCALE)
