"""Figures and differences in words: money with its pound sign, decimals as many as it takes to see a difference."""

from __future__ import annotations

from fractions import Fraction
from math import isinf

from xlmodel.reconcile.intervals import End, size
from xlmodel.values import round_half_away

__all__ = ["amount", "apart", "between", "places_for", "points"]

_MOST_PLACES = 6
_FINER = 2  #: decimal places that a result is shown to beyond those of the printed figure, at most
_POUNDS = {"£": "", "£m": "m", "£k": "k", "£bn": "bn"}


def amount(number: End, unit: str, places: int = 0, *, fixed: bool = False) -> str:
    """Return a figure with its unit.

    Parameters
    ----------
    number : Fraction or float
        In `unit`.
    unit : str
        ``£m``, ``£ a year``, ``%``, ``children`` or any other.
    places : int
        Decimal places; only as many of them as are not 0, unless `fixed`.

    Examples
    --------
    >>> amount(Fraction("14.97"), "£m", 2), amount(Fraction(-75), "children"), amount(Fraction(1, 3), "%", 1)
    ('£14.97m', '-75 children', '0.3%')
    >>> amount(Fraction(35595), "£ a year"), amount(Fraction(7, 2), "", 4), amount(Fraction(1), "£m", 1, fixed=True)
    ('£35,595 a year', '3.5', '£1.0m')
    """
    digits = _digits(size(number), places, fixed)
    sign = "-" if number < 0 and digits.strip("0.,") else ""
    if unit in _POUNDS:
        return f"{sign}£{digits}{_POUNDS[unit]}"
    if unit.startswith("£ "):
        return f"{sign}£{digits} {unit[2:]}"
    if unit == "%":
        return f"{sign}{digits}%"
    return f"{sign}{digits} {unit}".rstrip()


def _digits(number: End, places: int, fixed: bool) -> str:
    if isinf(number):
        return "any number"
    text = f"{round_half_away(float(number), places):,.{max(places, 0)}f}"
    return text if fixed or "." not in text else text.rstrip("0").rstrip(".")


def places_for(number: End, difference: End = Fraction(0)) -> int:
    """Return how many decimal places a figure needs, so that a difference from it can be seen too.

    >>> places_for(Fraction("13.63"), Fraction("1.34")), places_for(Fraction(108), Fraction(1, 3))
    (2, 2)
    >>> places_for(Fraction(85), Fraction(-11, 5)), places_for(Fraction("12.1"), Fraction("0.0069"))
    (1, 3)
    """
    own = _own_places(number)
    if not difference or isinf(difference):
        return own
    clear, least = (_places_to_reach(size(difference), reach) for reach in (10, 1))
    return max(own, min(clear, max(own + _FINER, least)))


def _places_to_reach(number: End, reach: int) -> int:
    return next((p for p in range(_MOST_PLACES) if number * 10**p >= reach), _MOST_PLACES)


def _own_places(number: End) -> int:
    if isinf(number):
        return 0
    return next((p for p in range(_MOST_PLACES) if (Fraction(number) * 10**p).denominator == 1), _MOST_PLACES)


def between(low: End, high: End, unit: str, places: int) -> str:
    """Return an interval.

    >>> between(Fraction("49677.4"), Fraction("49877.8"), "children", 0), between(Fraction(-8), Fraction(1), "%", 1)
    ('between 49,677 and 49,878 children', 'between -8.0% and 1.0%')
    """
    short = unit if unit == "%" or unit in _POUNDS else "£" if unit.startswith("£ ") else ""
    return f"between {amount(low, short, places, fixed=True)} and {amount(high, unit, places, fixed=True)}"


def apart(difference: End, unit: str, places: int) -> str:
    """Return how far and which way a recomputed figure is from the one that is printed.

    >>> apart(Fraction("1.34"), "£m", 2), apart(Fraction(-6), "children", 0), apart(Fraction(17), "%", 0)
    ('£1.34m more', '6 fewer', '17 percentage points more')
    """
    if unit == "%":
        return f"{points(difference, places)} {'more' if difference > 0 else 'less'}"
    counted = unit.startswith(("children", "plans", "people", "staff"))
    gap = amount(size(difference), unit if unit.startswith("£") else "", places)
    return f"{gap} {'more' if difference > 0 else 'fewer' if counted else 'less'}"


def points(difference: End, places: int) -> str:
    """Return a difference of percentages, without its sign.

    >>> points(Fraction(-1), 0), points(Fraction(7, 2), 1)
    ('1 percentage point', '3.5 percentage points')
    """
    gap = amount(size(difference), "", places)
    return f"{gap} percentage point{'' if gap == '1' else 's'}"
