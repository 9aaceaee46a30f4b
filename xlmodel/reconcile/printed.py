"""What the text of a printed figure says about its value and its precision, held against what the row says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from xlmodel.reconcile.units import money_scale

__all__ = ["printed_faults"]

_FIGURE = re.compile(r"(\d[\d,]*(?:\.\d+)?|\.\d+)\s*(%|(?:bn|billion|m|million|k|thousand)\b)?", re.IGNORECASE)
_BARE = re.compile(r"[+-]?[\d,]*\.?\d*\Z", re.ASCII)
_SCALES = {"": None, "%": None, "b": 10**9, "m": 10**6, "k": 10**3, "t": 10**3}


class _Figure(NamedTuple):
    """A number in the text of a printed figure."""

    number: Fraction
    decimals: int
    word: str  #: "%", the first letter of thousand, k, million or billion, or nothing

    @property
    def digits(self) -> str:
        """Those that do not depend on the unit: 166 for 1.66 and for 1,660,000."""
        return _digits(self.number)


def _digits(number: Fraction) -> str:
    return f"{Decimal(number.numerator) / Decimal(number.denominator):f}".replace(".", "").strip("0")


def printed_faults(printed: str, value: Fraction, unit: str, nearest: Fraction) -> Iterator[tuple[str, str]]:
    """Yield the column, and what it must be, where a row does not fit the text of its printed figure.

    >>> list(printed_faults("£1.66m", Fraction("1.66"), "£m", Fraction("0.01")))
    []
    >>> list(printed_faults("£66m", Fraction(66), "£m", Fraction("0.1")))
    [('nearest', 'must be 1 or more: no finer is it printed, £66m')]
    """
    figures = [_figure(*found.groups()) for found in _FIGURE.finditer(printed)]
    if not figures:
        return
    size = abs(value)
    same = [figure for figure in figures if figure.digits == _digits(size)]
    if not same:
        yield "value", f"must have the digits of what is printed, {printed}"
        return
    wanted = [_in_unit(figure, unit) for figure in same]
    if size and None not in wanted and size not in wanted:
        yield "value", f"must be {_plain(wanted[0])} in {unit}, for {printed}"
    # a spreadsheet takes the noughts off a number that stands by itself: 1.0 becomes 1
    elif nearest and size and not _BARE.match(printed):
        finest = min(size / figure.number * Fraction(10) ** -figure.decimals for figure in same)
        if nearest < finest:
            yield "nearest", f"must be {_plain(finest)} or more: no finer is it printed, {printed}"


def _figure(number: str, word: str | None) -> _Figure:
    decimals = len(number.partition(".")[2])
    return _Figure(Fraction(number.replace(",", "")), decimals, (word or "")[:1].lower())


def _in_unit(figure: _Figure, unit: str) -> Fraction | None:
    """Return a number in a row's unit; None where the text does not say what it is in."""
    if figure.word == "%" and unit == "%":
        return figure.number
    scale, own = _SCALES[figure.word], money_scale(unit)
    return figure.number * scale / own if scale and own else None


def _plain(number: Fraction | None) -> str:
    return "" if number is None else f"{float(number):.15g}"
