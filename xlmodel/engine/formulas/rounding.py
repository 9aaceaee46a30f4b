"""Rounding and remainders, on the 15 digits that Excel sees; what 15 digits leave open is refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from fractions import Fraction
from typing import Any

from xlmodel.engine.formulas.cells import RefusedError, unsupported
from xlmodel.engine.formulas.coercion import number_or_error
from xlmodel.engine.formulas.objects import EMPTY, Object, each, error, is_error, is_number
from xlmodel.values import decimal15, round_half_away

__all__ = ["ROUNDING"]

#: MOD gives #NUM! beyond a quotient of this size.
_QUOTIENT = 1.125e12


def _numeric(f: Callable[..., Object], *defaults: float) -> Callable[..., Any]:
    """Spread a function of numbers over its arguments, with Excel's reading of blanks, booleans, texts and errors."""

    def one(*args: Object) -> Object:
        made = [number_or_error(x) for x in args]
        failed = next((x for x in made if is_error(x)), None)
        if failed is not None:
            return failed
        return f(*made) if all(map(math.isfinite, made)) else error("#VALUE!")

    def run(*args: Any) -> Any:
        return each(one, *args, *defaults[len(args) - 1 :])

    return run


def _round(number: float, places: float) -> float:
    return round_half_away(number, int(places))


def _cut(rounding: str) -> Callable[[float, float], float]:
    def cut(number: float, digits: float) -> float:
        exact, places = decimal15(number), int(digits)
        if exact.adjusted() + places > 20:
            return number
        return float(exact.quantize(Decimal(1).scaleb(-places), rounding=rounding)) if places > -300 else 0.0

    return cut


def _doubtful(quotient: float) -> bool:
    """Tell whether a quotient is a whole number to 15 digits but not to the last bit."""
    near = round_half_away(quotient, 0)
    return quotient != near and abs(quotient - near) <= 1e-14 * max(abs(quotient), 1.0)


def _whole(number: float) -> Object:
    if _doubtful(number):
        raise RefusedError("unsupported-function", "INT of a number that is whole only to 15 digits")
    return float(math.floor(number))


def _to_multiple(cut: Callable[[float], int], nothing: Object) -> Callable[[float, float], Object]:
    def run(number: float, step: float) -> Object:
        if number == 0:
            return 0.0
        if step == 0:
            return nothing
        if number > 0 > step:
            return error("#NUM!")
        if _doubtful(number / step):
            raise RefusedError("unsupported-function", "rounding to a multiple of what is one only to 15 digits")
        return float(cut(number / step)) * step

    return run


def _remainder(number: float, divisor: float) -> Object:
    if divisor == 0:
        return error("#DIV/0!")
    if abs(number / divisor) >= _QUOTIENT:
        raise RefusedError("unsupported-function", "MOD with a very large quotient")
    exact = Fraction(number) % Fraction(divisor)
    if exact and min(abs(exact), abs(Fraction(divisor) - exact)) <= abs(Fraction(number)) * Fraction(1, 10**14):
        raise RefusedError("unsupported-function", "MOD where only a float's noise remains")
    return float(exact)


def _multiple(number: Object, step: Object) -> Object:
    for x in (number, step):
        if is_error(x):
            return x
        if x is not EMPTY and not is_number(x):
            raise unsupported("MROUND of something that is not a number")
    n, s = (0.0 if x is EMPTY else float(x) for x in (number, step))
    if n == 0 or s == 0:
        return 0.0
    if (n < 0) != (s < 0):
        return error("#NUM!")
    if 0 < abs(n / s % 1 - 0.5) < 1e-9:
        raise RefusedError("unsupported-function", "MROUND almost half way between two multiples")
    return math.floor(n / s + 0.5) * s


#: Put in place of the library's functions.
ROUNDING: dict[str, Callable[..., Any]] = {
    "ROUND": _numeric(_round, 0.0),
    "ROUNDUP": _numeric(_cut(ROUND_UP), 0.0),
    "ROUNDDOWN": _numeric(_cut(ROUND_DOWN), 0.0),
    "TRUNC": _numeric(_cut(ROUND_DOWN), 0.0),
    "INT": _numeric(_whole),
    "MOD": _numeric(_remainder),
    "CEILING": _numeric(_to_multiple(math.ceil, 0.0)),
    "FLOOR": _numeric(_to_multiple(math.floor, error("#DIV/0!"))),
    "MROUND": lambda number, step: each(_multiple, number, step),
}
