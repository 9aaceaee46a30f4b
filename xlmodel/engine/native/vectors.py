"""Excel's operators over arrays: the very values of `operators`, many at a time.

Arrays of numbers alone take the way of numpy. Whatever else an array holds is looked at where it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.native import operators
from xlmodel.engine.native.coercion import Reading, to_logical
from xlmodel.engine.native.comparison import compare, equal
from xlmodel.engine.native.operands import ExcelError
from xlmodel.values import Kind, Scalar, Values

__all__ = [
    "Numeric",
    "all_numbers",
    "binary",
    "booleans",
    "elementwise",
    "logical",
    "normal",
    "numbers",
    "numeric",
    "percent",
    "unary",
]

_NUMBER, _ERROR, _BOOLEAN, _TEXT = (
    np.uint8(Kind.NUMBER),
    np.uint8(Kind.ERROR),
    np.uint8(Kind.BOOLEAN),
    np.uint8(Kind.TEXT),
)
_NOTHING = np.array("", object)
_TINY = 2.2250738585072014e-308
_CLOSE = 2e-14


class Numeric(NamedTuple):
    """Cells as numbers: where `bad`, the error that `codes` names."""

    num: NDArray[np.float64]
    bad: NDArray[np.bool_] | None = None
    codes: NDArray[Any] | None = None


def all_numbers(values: Values) -> bool:
    """Tell whether every cell is a number."""
    kind = values.kind
    if not any(kind.strides):  # one kind for all
        return kind.size > 0 and bool(kind.flat[0] == _NUMBER)
    return bool((kind == _NUMBER).all())


def numbers(num: NDArray[np.float64]) -> Values:
    """Return number cells that share one kind and one empty text."""
    return Values(np.broadcast_to(_NUMBER, num.shape), num, np.broadcast_to(_NOTHING, num.shape))


def booleans(flags: NDArray[np.bool_]) -> Values:
    """Return boolean cells."""
    return Values(
        np.broadcast_to(_BOOLEAN, flags.shape), flags.astype(np.float64), np.broadcast_to(_NOTHING, flags.shape)
    )


def _with_errors(num: NDArray[np.float64], bad: NDArray[np.bool_] | None, codes: NDArray[Any] | None) -> Values:
    if bad is None or codes is None:
        return numbers(num)
    bad = np.broadcast_to(bad, num.shape)
    return Values(
        np.where(bad, _ERROR, _NUMBER), np.where(bad, 0.0, num), np.where(bad, np.broadcast_to(codes, num.shape), "")
    )


def numeric(values: Values, reading: Reading) -> Numeric:
    """Return cells as arithmetic takes them."""
    if all_numbers(values):
        return Numeric(values.num)
    kind = values.kind
    text, error = kind == _TEXT, kind == _ERROR
    if not text.any():
        return Numeric(values.num, error, values.text) if error.any() else Numeric(values.num)
    num, bad, codes = values.num.copy(), error.copy(), values.text.copy()
    for at in zip(*np.nonzero(text), strict=True):
        try:
            num[at] = reading.number(values.text[at])
        except ExcelError as problem:
            bad[at], codes[at] = True, problem.value.code
    return Numeric(num, bad, codes) if bad.any() else Numeric(num)


def _merged(a: Numeric, b: Numeric, shape: tuple[int, ...]) -> tuple[NDArray[np.bool_] | None, NDArray[Any] | None]:
    """Return where either operand is an error, and which: the left one's first."""
    if a.bad is None:
        return b.bad, b.codes
    if b.bad is None:
        return a.bad, a.codes
    assert a.codes is not None
    assert b.codes is not None
    left = np.broadcast_to(a.bad, shape)
    return left | b.bad, np.where(left, np.broadcast_to(a.codes, shape), np.broadcast_to(b.codes, shape))


def normal(num: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return numbers with 0 for what is below the smallest normal one: Excel has none of those, nor a negative zero."""
    small = np.abs(num) < _TINY
    return np.where(small, 0.0, num) if small.any() else num


def _finished(num: NDArray[np.float64], bad: NDArray[np.bool_] | None, codes: NDArray[Any] | None) -> Values:
    """Return results as cells hold them: see `operators.finite`."""
    num = normal(num)
    infinite = ~np.isfinite(num)
    if infinite.any():
        if bad is None or codes is None:
            bad, codes = np.zeros(num.shape, np.bool_), np.broadcast_to(_NOTHING, num.shape)
        bad = np.broadcast_to(bad, num.shape)
        codes = np.where(infinite & ~bad, "#NUM!", codes)
        bad = bad | infinite
    return _with_errors(num, bad, codes)


def binary(operator: str, a: Values, b: Values, reading: Reading, last: bool = False) -> Values:
    """Return what an operator makes of two arrays that broadcast together."""
    if operator in "+-*/":
        x, y = numeric(a, reading), numeric(b, reading)
        with np.errstate(all="ignore"):
            num = _ARITHMETIC[operator](x.num, y.num)
            bad, codes = _merged(x, y, num.shape)
            if x.bad is not None and y.bad is not None:  # an error comes before a text that writes no number
                assert codes is not None
                codes = np.where((b.kind == _ERROR) & (a.kind != _ERROR), b.text, codes)
            if operator == "/":
                zero = y.num == 0
                if zero.any():
                    zero = np.broadcast_to(zero, num.shape)
                    before = np.zeros(num.shape, np.bool_) if bad is None else np.broadcast_to(bad, num.shape)
                    codes = np.where(zero & ~before, "#DIV/0!", "" if codes is None else codes)
                    bad = before | zero
                    num = np.where(bad, 0.0, num)
            elif operator != "*" and last:
                num = np.where(np.abs(num) <= operators.SNAP * np.maximum(np.abs(x.num), np.abs(y.num)), 0.0, num)
        return _finished(num, bad, codes)
    if operator in operators.COMPARISONS:
        if all_numbers(a) and all_numbers(b):
            return booleans(_compared(operator, a.num, b.num))
        return _mixed(operator, a, b)
    if operator == "^" and all_numbers(a) and all_numbers(b):
        return _powers(a.num, b.num)
    return elementwise(lambda x, y: operators.binary(operator, x, y, reading, last), a, b)


#: by kind: what a blank is compared as comes from the other side
_RANKS = np.array([0, 1, 2, 3, 0], np.int8)


def _mixed(operator: str, a: Values, b: Values) -> Values:
    """Return a comparison of cells of any kind."""
    shape = np.broadcast_shapes(a.shape, b.shape)
    one, two = _RANKS[a.kind], _RANKS[b.kind]
    one, two = np.where(one == 0, np.maximum(two, 1), one), np.where(two == 0, np.maximum(one, 1), two)
    order = np.sign(one - two)
    out = _PLAIN[operator](order, 0)
    numbers_here = (one == two) & (one != 2)
    if numbers_here.any():
        out = np.where(numbers_here, _compared(operator, a.num, b.num), out)
    texts = np.broadcast_to((one == 2) & (two == 2), shape)
    if texts.any():
        out = np.array(np.broadcast_to(out, shape))
        left, right = (np.broadcast_to(v.text, shape)[texts].tolist() for v in (a, b))
        out[texts] = _texts(operator, left, right)
    bad, codes = _merged(_errors(a), _errors(b), shape)
    found = booleans(np.broadcast_to(out, shape))
    if bad is None or codes is None:
        return found
    bad = np.broadcast_to(bad, shape)
    return Values(np.where(bad, _ERROR, _BOOLEAN), np.where(bad, 0.0, found.num), np.where(bad, codes, ""))


def _errors(values: Values) -> Numeric:
    error = values.kind == _ERROR
    return Numeric(values.num, error, values.text) if error.any() else Numeric(values.num)


def _texts(operator: str, left: list[str], right: list[str]) -> list[bool]:
    """Compare texts side by side; the same pair is looked at once."""
    known: dict[tuple[str, str], bool] = {}
    out = []
    for pair in zip(left, right, strict=True):
        found = known.get(pair)
        if found is None:
            if operator in ("=", "<>"):
                found = equal(*pair) == (operator == "=")
            else:
                found = operators.COMPARISONS[operator](compare(*pair))
            known[pair] = found
        out.append(found)
    return out


def _powers(base: NDArray[np.float64], exponent: NDArray[np.float64]) -> Values:
    """Return powers, each different one calculated once: numpy's own differ from the plain ones in the last bit."""
    bases, first = np.unique(base, return_inverse=True)
    exponents, second = np.unique(exponent, return_inverse=True)
    pairs = first.reshape(base.shape) * len(exponents) + second.reshape(exponent.shape)
    wanted, which = np.unique(pairs, return_inverse=True)
    x, y = (numbers(part) for part in (bases[wanted // len(exponents)], exponents[wanted % len(exponents)]))
    found = elementwise(_power, x, y)
    if all_numbers(found):
        return numbers(found.num[which].reshape(pairs.shape))
    return found[which.reshape(pairs.shape)]


def _power(base: Scalar, exponent: Scalar) -> Scalar:
    assert isinstance(base, float)
    assert isinstance(exponent, float)
    return operators.power(base, exponent)


_ARITHMETIC: dict[str, Callable[[Any, Any], NDArray[np.float64]]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}
_PLAIN: dict[str, Callable[[Any, Any], NDArray[np.bool_]]] = {
    "=": np.equal,
    "<>": np.not_equal,
    "<": np.less,
    ">": np.greater,
    "<=": np.less_equal,
    ">=": np.greater_equal,
}


def _compared(operator: str, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    out = _PLAIN[operator](x, y)
    near = (np.abs(x - y) <= _CLOSE * np.abs(x)) & (x != y)
    if near.any():
        out = np.array(np.broadcast_to(out, near.shape))
        one, two = np.broadcast_arrays(x, y)
        for at in zip(*np.nonzero(near), strict=True):
            order = compare(float(one[at]), float(two[at]))
            out[at] = operators.COMPARISONS[operator](order)
    return out


def elementwise(function: Callable[..., Scalar], *operands: Values) -> Values:
    """Return a function of scalars at each place of arrays that broadcast together; a failed place holds its error."""
    shape = np.broadcast_shapes(*(v.shape for v in operands))
    columns = [_column(v, shape) for v in operands]
    size = int(np.prod(shape))
    out = Values.blank(size)
    for i, arguments in enumerate(zip(*columns, strict=True)):
        try:
            out.put(i, function(*arguments))
        except ExcelError as problem:
            out.kind[i], out.text[i] = _ERROR, problem.value.code
    return out.reshape(shape)


def _column(values: Values, shape: tuple[int, ...]) -> list[Scalar]:
    """Return the scalars of an array spread over a shape."""
    spread = values.broadcast_to(shape)
    if all_numbers(values):
        return list(spread.num.ravel().tolist())
    if values.size == 1:
        return [values.reshape((1,)).item(0)] * int(np.prod(shape))
    return spread.scalars()


def unary(operator: str, values: Values, reading: Reading) -> Values:
    """Return signed cells."""
    if operator != "-":
        return values
    x = numeric(values, reading)
    return _with_errors(0.0 - x.num, x.bad, x.codes)


def percent(values: Values, reading: Reading) -> Values:
    """Return hundredths."""
    x = numeric(values, reading)
    return _finished(x.num / 100, x.bad, x.codes)


def logical(values: Values, reading: Reading) -> Numeric:
    """Return cells as conditions, 0 or 1."""
    if not (values.kind == _TEXT).any():
        error = values.kind == _ERROR
        return Numeric((values.num != 0).astype(np.float64), *((error, values.text) if error.any() else (None, None)))
    num, bad = np.zeros(values.shape), np.zeros(values.shape, np.bool_)
    codes = np.full(values.shape, "", object)
    for at in np.ndindex(values.shape):
        try:
            num[at] = to_logical(values.item(at), reading)
        except ExcelError as problem:
            bad[at], codes[at] = True, problem.value.code
    return Numeric(num, bad, codes) if bad.any() else Numeric(num)
