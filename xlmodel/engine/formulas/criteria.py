"""The functions that count, add up and pick where criteria hold: COUNTIF and its family."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from xlmodel.engine.formulas.cells import unsupported
from xlmodel.engine.formulas.coercion import as_decimal, may_be_number
from xlmodel.engine.formulas.comparison import almost_equal, ordered
from xlmodel.engine.formulas.objects import EMPTY, Object, as_grid, each, error, is_error, is_number, is_text

__all__ = ["CRITERIA", "matches_pattern"]

Test = Callable[[Object], bool]

_OPERATOR = re.compile(r"(>=|<=|<>|>|<|=)?(.*)", re.DOTALL)
_ORDER = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
_YEAR = re.compile(r"\d{4}/\d\d")


def matches_pattern(pattern: str, text: str) -> bool:
    """Tell whether a text fits a pattern of `*`, `?` and `~` from end to end, in any case; linear in the text.

    >>> matches_pattern("a*c?", "ABCCD"), matches_pattern("~*", "x")
    (True, False)
    """
    return _fits(_parts(pattern.lower()), text.lower())


def _parts(pattern: str) -> list[str | None]:
    """Return the characters of a pattern: "" for any one, None for any number."""
    out: list[str | None] = []
    literal = False
    for i, c in enumerate(pattern):
        if literal:
            out.append(c)
            literal = False
        elif c == "~" and pattern[i + 1 : i + 2] in ("*", "?", "~"):
            literal = True
        else:
            out.append(None if c == "*" else "" if c == "?" else c)
    return out


def _fits(parts: list[str | None], text: str) -> bool:
    p = t = mark = 0
    star = -1
    while t < len(text):
        if p < len(parts) and parts[p] is None:
            star, mark = p, t
            p += 1
        elif p < len(parts) and parts[p] in ("", text[t]):
            p += 1
            t += 1
        elif star >= 0:
            p = star + 1
            mark += 1
            t = mark
        else:
            return False
    return all(x is None for x in parts[p:])


def _equal_number(number: float) -> Test:
    def test(x: Object) -> bool:
        if is_number(x):
            if almost_equal(float(x), number):
                raise unsupported("a criterion met only to 15 digits")
            return float(x) == number
        if is_text(x):
            decimal = as_decimal(x)
            if decimal is None and may_be_number(x):
                raise unsupported("numbers as text in a conditional sum")
            return decimal == number
        return False

    return test


def _equal_text(text: str) -> Test:
    number_like = may_be_number(text)
    if number_like and not _YEAR.fullmatch(text):
        raise unsupported(f"the criterion {text!r}")
    parts = _parts(text.lower())

    def test(x: Object) -> bool:
        if number_like and (is_number(x) or (is_text(x) and may_be_number(x) and not _YEAR.fullmatch(x))):
            raise unsupported(f"the criterion {text!r}")  # to Excel both may be dates
        return is_text(x) and _fits(parts, x.lower())

    return test


def _relation(symbol: str, operand: str) -> Test:
    compare, number = _ORDER[symbol], as_decimal(operand)
    if operand.strip() != operand or (number is None and (operand == "" or may_be_number(operand))):
        raise unsupported(f"the criterion {symbol + operand!r}")
    if number is None and (re.search(r"[*?~]", operand) or operand.upper() in ("TRUE", "FALSE") or operand[0] == "#"):
        raise unsupported(f"the criterion {symbol + operand!r}")

    def test(x: Object) -> bool:
        if number is None:
            return is_text(x) and compare(ordered(x, operand), 0)
        if is_text(x) and may_be_number(x):
            raise unsupported("numbers as text in a conditional sum")
        if is_number(x) and almost_equal(float(x), number):
            raise unsupported("a criterion met only to 15 digits")
        return is_number(x) and compare(float(x), number)

    return test


def _not(test: Test) -> Test:
    def opposite(x: Object) -> bool:
        if is_error(x):
            raise unsupported("errors where a criterion is <>")
        return not test(x)

    return opposite


def _test(criterion: Object) -> Test:
    """Return what a criterion asks of one cell."""
    if criterion is EMPTY:
        return _equal_number(0.0)
    if is_error(criterion):
        return lambda x: x is criterion
    if isinstance(criterion, (bool, np.bool_)):
        return _equal_boolean(bool(criterion))
    if is_number(criterion):
        return _equal_number(float(criterion))
    if len(criterion) > 255:
        raise unsupported("a criterion of more than 255 characters")
    match = _OPERATOR.fullmatch(criterion)
    assert match is not None
    symbol, operand = match[1] or "", match[2]
    if symbol in _ORDER:
        return _relation(symbol, operand)
    equal = _equal(symbol, operand)
    return _not(equal) if symbol == "<>" else equal


def _equal(symbol: str, operand: str) -> Test:
    if operand == "":
        return (lambda x: x is EMPTY) if symbol else (lambda x: x is EMPTY or (is_text(x) and x == ""))
    number = as_decimal(operand)
    if number is not None:
        return _equal_number(number)
    if operand.upper() in ("TRUE", "FALSE"):
        return _equal_boolean(operand.upper() == "TRUE")
    if operand.startswith("#"):
        code = operand.upper()
        return lambda x: str(x) == code if is_error(x) else _no_text(x, operand)
    return _equal_text(operand)


def _no_text(x: Object, operand: str) -> bool:
    if is_text(x) and x.upper() == operand.upper():
        raise unsupported(f"the criterion {operand!r}")
    return False


def _equal_boolean(flag: bool) -> Test:
    def test(x: Object) -> bool:
        if is_text(x) and x.strip().upper() in ("TRUE", "FALSE"):
            raise unsupported("a boolean as text in a conditional sum")
        return isinstance(x, (bool, np.bool_)) and bool(x) == flag

    return test


# --- what is done with the cells that pass ---------------------------------------------------------------------------


def _chosen(pairs: list[tuple[Any, Object]]) -> list[int]:
    """Return the places that meet every criterion, in row order."""
    at: list[int] | None = None
    for cells, criterion in pairs:
        flat, test = cells.ravel().tolist(), _test(criterion)
        at = [i for i in (range(len(flat)) if at is None else at) if test(flat[i])]
    return at or []


def _total(cells: list[Object]) -> Object:
    return float(sum(cells))


def _mean(cells: list[Object]) -> Object:
    return sum(cells) / len(cells) if cells else error("#DIV/0!")


def _extreme(pick: Callable[[list[Object]], Object]) -> Callable[[list[Object]], Object]:
    return lambda cells: float(pick(cells)) if cells else 0.0


def _reduced(reduce: Callable[[list[Object]], Object], wanted: Any, at: list[int]) -> Object:
    flat = wanted.ravel().tolist()
    cells = [flat[i] for i in at]
    failed = next((x for x in cells if is_error(x)), None)
    return reduce([float(x) for x in cells if is_number(x)]) if failed is None else failed


def _apply(ranges: list[Any], criteria: list[Any], finish: Callable[[list[int]], Object]) -> Any:
    """Do it for each combination of criteria, where they are arrays."""
    if not all(isinstance(r, np.ndarray) for r in ranges):
        return error("#VALUE!")
    shapes = [np.shape(c) for c in criteria if isinstance(c, np.ndarray)]
    if len(set(shapes)) > 1:
        raise unsupported("criteria in arrays of different shapes")
    return each(lambda *one: finish(_chosen(list(zip(ranges, one, strict=True)))), *criteria)


def _count(*args: Any) -> Any:
    ranges, criteria = [as_grid(a) for a in args[::2]], list(args[1::2])
    if len(ranges) != len(criteria):
        raise unsupported("a criterion is missing")
    if len({r.shape for r in ranges}) > 1:
        return error("#VALUE!")
    return _apply(ranges, criteria, lambda at: float(len(at)))


def _if(reduce: Callable[[list[Object]], Object]) -> Callable[..., Any]:
    def run(cells: Any, criterion: Any, wanted: Any = None) -> Any:
        cells = as_grid(cells)
        wanted = cells if wanted is None else as_grid(wanted)
        if wanted.shape != cells.shape:
            raise unsupported("ranges of different shapes in a conditional sum")
        return _apply([cells], [criterion], lambda at: _reduced(reduce, wanted, at))

    return run


def _ifs(reduce: Callable[[list[Object]], Object]) -> Callable[..., Any]:
    def run(wanted: Any, *args: Any) -> Any:
        wanted, ranges, criteria = as_grid(wanted), [as_grid(a) for a in args[::2]], list(args[1::2])
        if len(ranges) != len(criteria) or not ranges:
            raise unsupported("a criterion is missing")
        if any(r.shape != wanted.shape for r in ranges):
            return error("#VALUE!")
        return _apply(ranges, criteria, lambda at: _reduced(reduce, wanted, at))

    return run


CRITERIA: dict[str, Callable[..., Any]] = {
    "COUNTIF": _count,
    "COUNTIFS": _count,
    "SUMIF": _if(_total),
    "SUMIFS": _ifs(_total),
    "AVERAGEIF": _if(_mean),
    "AVERAGEIFS": _ifs(_mean),
    "MAXIFS": _ifs(_extreme(max)),
    "MINIFS": _ifs(_extreme(min)),
}
