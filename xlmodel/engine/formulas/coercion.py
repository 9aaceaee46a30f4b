"""What Excel's operators and functions make of a single object before they work on it."""

from __future__ import annotations

import math
import re
from decimal import Decimal

import numpy as np

from xlmodel.engine.formulas.cells import unsupported
from xlmodel.engine.formulas.objects import EMPTY, Object, error, is_error, is_text

__all__ = ["as_decimal", "as_number", "as_text", "joined", "may_be_number", "number_or_error", "power", "text_or_error"]

_DECIMAL = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*", re.ASCII)
_MONTHS = re.compile(
    r"jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*|[ap]m|(?<=\d|[.])e(?=[-+\d])|usd|gbp|eur"
)
_NUMERIC = re.compile(r"[\d\s,./:()%£$€¥+-]*\d[\d\s,./:()%£$€¥+-]*")


def as_decimal(text: str) -> float | None:
    """Return the number a text writes plainly, None where it does not."""
    if not _DECIMAL.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def may_be_number(text: str) -> bool:
    """Tell whether Excel might read a text as a number, an amount, a date or a time, in some country.

    >>> may_be_number("5"), may_be_number("1 Mar 2024"), may_be_number("Q1 2024"), may_be_number("ward 12")
    (True, True, False, False)
    """
    return _NUMERIC.fullmatch(_MONTHS.sub("", text.lower())) is not None


def as_number(x: Object) -> Object:
    """Return what arithmetic makes of an object; text that Excel might read as a date or an amount is refused."""
    if not is_text(x):
        return x
    decimal = as_decimal(x)
    if decimal is not None:
        return decimal
    if any(c.isdigit() for c in x):
        raise unsupported("arithmetic with text that may be a number")
    return "x"  # the library would read "inf" and "nan" as numbers


def number_or_error(x: Object) -> Object:
    """Return an argument that must be a number: blank is 0, a boolean 0 or 1, text what it writes."""
    x = as_number(x)
    if is_error(x):
        return x
    return error("#VALUE!") if is_text(x) else 0.0 if x is EMPTY else float(x)


def as_text(x: Object) -> Object:
    """Return what concatenation makes of an object."""
    if isinstance(x, (bool, np.bool_)) or not isinstance(x, (int, float, np.number)):
        return x
    size = abs(float(x))
    if size and not 1e-4 <= size < 1e21:
        raise unsupported("text of a very large or very small number")
    text = f"{float(x):.15g}"
    return f"{Decimal(text):f}" if "e" in text else text


def text_or_error(x: Object) -> Object:
    """Return an argument that must be text: blank is empty, a number its 15 digits."""
    if is_error(x):
        return x
    if x is EMPTY:
        return ""
    return ("TRUE" if x else "FALSE") if isinstance(x, (bool, np.bool_)) else as_text(x)


def joined(a: Object, b: Object) -> Object:
    """Return two objects as one text, which a cell must be able to hold."""
    one, two = text_or_error(a), text_or_error(b)
    if is_error(one) or is_error(two):
        return one if is_error(one) else two
    return error("#VALUE!") if len(one) + len(two) > 32_767 else one + two


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
