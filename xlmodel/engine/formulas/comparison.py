"""How Excel compares: numbers to 15 digits, texts without regard to case, numbers before texts before booleans."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from xlmodel.engine.formulas.cells import RefusedError
from xlmodel.engine.formulas.objects import EMPTY, Object, is_error, is_text

__all__ = ["COMPARISON", "almost_equal", "as_compared", "ordered", "same_text"]


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
        raise RefusedError("unsupported-syntax", "the order of texts with hyphens or apostrophes")
    return found.pop()


def _first_difference(a: str, b: str) -> int:
    if a == b:
        return 0
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    one, two = a[at : at + 1], b[at : at + 1]
    if not (_PLAIN.fullmatch(one) and _PLAIN.fullmatch(two)) and one and two:
        raise RefusedError("unsupported-syntax", "the order of texts with other than plain letters and digits")
    return -1 if one < two else 1


def _rank(x: Object) -> tuple[int, Any]:
    if isinstance(x, (bool, np.bool_)):
        return 2, bool(x)
    return (1, str(x)) if is_text(x) else (0, as_compared(float(x)))


_BLANK = (0.0, "", False)


def _compared(test: Callable[[Any, Any], bool], equality: bool) -> Callable[[Object, Object], Object]:
    def compare(a: Object, b: Object) -> Object:
        for x in (a, b):
            if is_error(x):
                return x
        if a is EMPTY:
            a = 0.0 if b is EMPTY else _BLANK[_rank(b)[0]]
        if b is EMPTY:
            b = _BLANK[_rank(a)[0]]
        (kind, one), (other, two) = _rank(a), _rank(b)
        if kind != other:
            return test(kind, other)
        if kind != 1:
            return test(one, two)
        return test(0 if same_text(one, two) else 1, 0) if equality else test(ordered(one, two), 0)

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
