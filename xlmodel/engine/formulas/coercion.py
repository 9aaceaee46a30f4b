"""What Excel's operators make of a single object before they work on it."""

from __future__ import annotations

import math
import re

import numpy as np

from xlmodel.engine.formulas.cells import RefusedError
from xlmodel.engine.formulas.objects import EMPTY, Object, error, is_error, is_text

__all__ = ["as_compared", "as_number", "as_text", "power"]

_DECIMAL = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*")


def as_number(x: Object) -> Object:
    """Return what arithmetic makes of an object; text that Excel might read as a date or an amount is refused."""
    if not is_text(x):
        return x
    if _DECIMAL.fullmatch(x):
        return float(x)
    if any(c.isdigit() for c in x):
        raise RefusedError("unsupported-syntax", "arithmetic with text that may be a number")
    return "x"  # the library would read "inf" and "nan" as numbers


def as_compared(x: Object) -> Object:
    """Return a number as comparisons see it: to 15 digits."""
    return float(f"{x:.14e}") if isinstance(x, (float, np.floating)) and math.isfinite(x) else x


def as_text(x: Object) -> Object:
    """Return what concatenation makes of an object."""
    if isinstance(x, (bool, np.bool_)) or not isinstance(x, (int, float, np.number)):
        return x
    size = abs(float(x))
    if size and not 1e-4 <= size < 1e21:
        raise RefusedError("unsupported-syntax", "text of a very large or very small number")
    text = f"{float(x):.15g}"
    return f"{int(float(text))}" if "e" in text else text


def power(x: Object, y: Object) -> Object:
    """Return x to the power of y."""
    for item in (x, y):
        if is_error(item):
            return item
        if is_text(item):
            return error("#VALUE!")
    base, exponent = (0.0 if i is EMPTY else float(i) for i in (x, y))
    if base == 0 and exponent <= 0:
        return error("#NUM!" if exponent == 0 else "#DIV/0!")
    if base < 0 and not exponent.is_integer():
        root = round(1 / exponent)
        if root % 2 and 1 / root == exponent:
            return -((-base) ** exponent)  # (-8)^(1/3) is -2
        return error("#NUM!")
    try:
        number = base**exponent
    except OverflowError:
        return error("#NUM!")
    return number if math.isfinite(number) else error("#NUM!")
