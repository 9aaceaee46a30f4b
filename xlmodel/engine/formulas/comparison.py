"""How Excel compares: numbers to 15 digits, texts without regard to case, numbers before texts before booleans."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from xlmodel.engine.formulas.cells import unsupported
from xlmodel.engine.formulas.objects import EMPTY, Object, is_error, is_number, is_text

__all__ = ["COMPARISON", "almost_equal", "as_compared", "kind_rank", "ordered", "same_text"]


def as_compared(x: Object) -> Object:
    """Return a number as comparisons see it: to 15 digits."""
    return float(f"{x:.14e}") if isinstance(x, (float, np.floating)) and math.isfinite(x) else x


def almost_equal(a: float, b: float) -> bool:
    """Tell whether two numbers differ by so little that an exact comparison is not to be trusted."""
    return a != b and abs(a - b) <= 1e-14 * max(abs(a), abs(b))


def same_text(a: str, b: str) -> bool:
    """Tell whether two texts are one to Excel's `=`, which looks past case."""
    return a == b or a.lower() == b.lower()


_PLAIN = re.compile(r"[a-z0-9 ]?")


def ordered(a: str, b: str) -> int:
    """Return -1, 0 or 1 as one text sorts before, with or after another.

    Excel sorts punctuation before digits before letters, and looks past hyphens and apostrophes at first; what that
    leaves open here is refused.
    """
    found = {
        _first_difference(a.lower(), b.lower()),
        _first_difference(*(re.sub("['-]", "", x.lower()) for x in (a, b))),
    }
    if len(found) > 1:
        raise unsupported("the order of texts with hyphens or apostrophes")
    return found.pop()


def _first_difference(a: str, b: str) -> int:
    if a == b:
        return 0
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    one, two = a[at : at + 1], b[at : at + 1]
    if not (_PLAIN.fullmatch(one) and _PLAIN.fullmatch(two)) and one and two:
        raise unsupported("the order of texts with other than plain letters and digits")
    return -1 if one < two else 1


def kind_rank(x: Object) -> int:
    """Return the place of a value's kind in Excel's order: numbers, texts, booleans; 0 for blanks and errors."""
    return 1 if is_number(x) else 2 if is_text(x) else 3 if isinstance(x, (bool, np.bool_)) else 0


_BLANK = {1: 0.0, 2: "", 3: False}


def _compared(test: Callable[[Any, Any], bool], equality: bool) -> Callable[[Object, Object], Object]:
    def compare(a: Object, b: Object) -> Object:
        for x in (a, b):
            if is_error(x):
                return x
        if a is EMPTY:
            a = 0.0 if b is EMPTY else _BLANK[kind_rank(b)]
        if b is EMPTY:
            b = _BLANK[kind_rank(a)]
        if kind_rank(a) != kind_rank(b):
            return test(kind_rank(a), kind_rank(b))
        if not is_text(a):
            return test(as_compared(float(a)), as_compared(float(b)))
        return test(0 if same_text(a, b) else 1, 0) if equality else test(ordered(a, b), 0)

    return compare


#: Excel's comparisons of two objects.
COMPARISON: dict[str, Callable[[Object, Object], Object]] = {
    "=": _compared(operator.eq, True),
    "<>": _compared(operator.ne, True),
    "<": _compared(operator.lt, False),
    ">": _compared(operator.gt, False),
    "<=": _compared(operator.le, False),
    ">=": _compared(operator.ge, False),
}
