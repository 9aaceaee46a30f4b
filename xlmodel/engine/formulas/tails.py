"""Whole columns and rows: cut down to what is used, and whether what was cut off could change a result.

A whole column is read with one blank cell more than any sheet uses: it stands for all that follow.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from xlmodel.engine.formulas.cells import unsupported
from xlmodel.engine.formulas.objects import EMPTY, Object, is_error, is_number

__all__ = ["check_direct", "check_tail"]

#: Given a whole column itself, they give what depends on the number of blank cells in it.
_COUNT_BLANKS = frozenset(
    """ARRAYTOTEXT CHOOSECOLS CHOOSEROWS COUNTBLANK DROP EXPAND FILTER HSTACK SORT SORTBY TAKE TEXTJOIN TOCOL TOROW
    TRANSPOSE VSTACK WRAPCOLS WRAPROWS""".split()
)
#: A repeated item changes nothing in their result.
_INDIFFERENT = frozenset("AND MATCH MAX MIN OR VLOOKUP HLOOKUP XLOOKUP".split())


def check_direct(name: str) -> None:
    """Refuse a function of a whole column that sees how long it is."""
    if name in _COUNT_BLANKS:
        raise unsupported(f"{name} of whole columns or rows")


def check_tail(name: str, args: list[Any], axes: frozenset[int]) -> None:
    """Refuse a function of what was calculated from a whole column, unless the blank cells add nothing to it."""
    if name in _INDIFFERENT or (len(axes) == 1 and _adds_nothing(name, [_tail(a, *axes) for a in args])):
        return
    raise unsupported(f"{name} of what is calculated from whole columns or rows")


def _tail(x: Any, axis: int) -> list[Object]:
    return np.take(x, -1, axis=axis).ravel().tolist() if isinstance(x, np.ndarray) and x.ndim == 2 else [x]


def _adds_nothing(name: str, tails: list[list[Object]]) -> bool:
    nothing = [all(x is EMPTY or not is_number(x) or x == 0 for x in tail) for tail in tails]
    if name == "LOOKUP":
        return all(is_error(x) for x in tails[min(1, len(tails) - 1)])
    if any(is_error(x) for tail in tails for x in tail):
        return name == "COUNT"
    if name == "COUNT":
        return not any(is_number(x) for tail in tails for x in tail)
    return any(nothing) if name == "SUMPRODUCT" else name == "SUM" and all(nothing)
