"""Units that feeds are declared in, and what one of them is in another."""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["KNOWN_UNITS", "conversion", "unit_size"]

#: for people who ask which there are
KNOWN_UNITS = "£, p, £k, £000, £m, £bn, share, %"

_MONEY = re.compile(
    r"(?P<sign>[£€$])\s?(?:(?P<thousand>k|['’]?000s?|thousands?)|(?P<million>m|mn|millions?)|(?P<billion>bn|billions?))?",
    re.IGNORECASE,
)
_MANY = {"thousand": Decimal(1_000), "million": Decimal(1_000_000), "billion": Decimal(1_000_000_000)}
_OTHERS = {"p": ("£", Decimal("0.01")), "share": ("share", Decimal(1)), "%": ("share", Decimal("0.01"))}


def unit_size(unit: str) -> Decimal | None:
    """Return how many of its base unit a unit is; None where it is not known.

    >>> unit_size("£m"), unit_size("%"), unit_size("children")
    (Decimal('1000000'), Decimal('0.01'), None)
    """
    found = _read(unit)
    return None if found is None else found[1]


def conversion(from_unit: str, unit: str) -> Decimal | None:
    """Return what a number in one unit must be multiplied by to be in another; None where that is not known.

    >>> conversion("£", "£m"), conversion("share", "%"), conversion("£", "%")
    (Decimal('0.000001'), Decimal('1E+2'), None)
    """
    if unit.strip() == from_unit.strip():
        return Decimal(1)
    to, of = _read(unit), _read(from_unit)
    return None if to is None or of is None or to[0] != of[0] else of[1] / to[1]


def _read(unit: str) -> tuple[str, Decimal] | None:
    """Return what a unit measures, and how many of its base unit it is."""
    text = unit.strip()
    if text in _OTHERS:
        return _OTHERS[text]
    money = _MONEY.fullmatch(text)
    if money is None:
        return None
    many = next((size for name, size in _MANY.items() if money[name]), Decimal(1))
    return money["sign"], many
