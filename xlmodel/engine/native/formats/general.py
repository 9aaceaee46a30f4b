"""The General format as a cell shows it: eleven characters without the sign."""

from __future__ import annotations

from xlmodel.engine.native.operands import UnsupportedError
from xlmodel.values import decimal15, round_half_away

__all__ = ["general_display"]

_WIDTH = 11


def general_display(number: float) -> str:
    """Return a number that is not negative in at most eleven characters.

    >>> general_display(1 / 3), general_display(123456789012.0), general_display(0.000012345678)
    ('0.333333333', '1.23457E+11', '1.23457E-05')
    """
    if number == 0:
        return "0"
    size = decimal15(number).adjusted()
    if -4 <= size < _WIDTH:
        text = _plain(number, max(_WIDTH - 2 - max(size, 0), 0))
        if len(text) <= _WIDTH:
            return text
    elif size < 0:
        text = _plain(number, 15 - size)
        if len(text) <= _WIDTH:
            return text
    return _scientific(number)


def _plain(number: float, places: int) -> str:
    text = f"{decimal15(round_half_away(number, places)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scientific(number: float) -> str:
    size = decimal15(number).adjusted()
    rounded = decimal15(round_half_away(number, 5 - size))
    mantissa = f"{rounded.scaleb(-rounded.adjusted()).normalize():f}"
    if abs(rounded.adjusted()) > 99 and len(mantissa) > 6:
        raise UnsupportedError("General of a number with an exponent of three digits", "number-format")
    return f"{mantissa}E{rounded.adjusted():+03d}"
