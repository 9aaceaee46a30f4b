"""Units of money: £1,660k and £1.66m are one amount, and adding up 250 of the one and 1.2 of the other is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from xlmodel.reconcile.expressions import Expression, Figure, Operation

__all__ = ["Mixed", "money_scale", "one_spelling", "unit_of_sum"]

_SCALES = {"£": 1, "£k": 1_000, "£m": 1_000_000, "£bn": 1_000_000_000}
_SPELLINGS = {
    "£k": "k 000 '000 ’000 000s '000s ’000s thousand thousands".split(),
    "£m": "m mn million millions".split(),
    "£bn": "bn billion billions".split(),
}
_UNIT_OF = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}
_POUNDS = re.compile(r"£\s*(\S+)\Z")
#: Results of these have the unit of what they are given.
_KEEPS_UNIT = frozenset(("+", "-", "neg", "SUM", "AVERAGE", "MIN", "MAX", "ABS"))


class Mixed(NamedTuple):
    """Two figures that are added up, or compared, in two units of money."""

    one: str
    other: str


def one_spelling(unit: str) -> str:
    """Return a unit as it is spelled in files of claims, whichever way people write it.

    >>> one_spelling("£000"), one_spelling("£M"), one_spelling("£ million"), one_spelling("£ a week")
    ('£k', '£m', '£m', '£ a week')
    """
    found = _POUNDS.match(unit)
    return _UNIT_OF.get(found[1].lower(), unit) if found else unit


def money_scale(unit: str) -> int | None:
    """Return how many pounds one of a unit is; None for what is no amount of money.

    >>> money_scale("£k"), money_scale("%"), money_scale("£ a week")
    (1000, None, None)
    """
    return _SCALES.get(unit)


def unit_of_sum(tree: Expression, unit: Callable[[Figure], str]) -> str | Mixed:
    """Return the unit of money that a sum comes to, "" where that cannot be told, or two units that it mixes.

    A product or a quotient may be there to bring one unit to another, so that nothing is said of it.

    >>> tree = Operation("+", (Figure("a"), Figure("b")))
    >>> unit_of_sum(tree, lambda figure: "£k"), unit_of_sum(tree, lambda figure: {"a": "£k", "b": "£m"}[figure.id])
    ('£k', Mixed(one='£k', other='£m'))
    """
    if isinstance(tree, Figure):
        return unit(tree) if money_scale(unit(tree)) else ""
    if not isinstance(tree, Operation):
        return ""
    units = [unit_of_sum(argument, unit) for argument in tree.arguments]
    mixed = next((found for found in units if isinstance(found, Mixed)), None)
    if mixed:
        return mixed
    if tree.name not in _KEEPS_UNIT:
        return ""
    known = list(dict.fromkeys(found for found in units if isinstance(found, str) and found))
    return Mixed(*known[:2]) if len(known) > 1 else known[0] if known else ""
