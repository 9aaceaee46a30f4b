"""Where the library takes something for what Excel does not: what is corrected here, and what is refused.

A correction is a few lines with an exact rule behind it. Everything else that is known to differ is refused: no value
is better than a wrong one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from typing import Any

import numpy as np

from xlmodel.engine.formulas.cells import RefusedError
from xlmodel.engine.formulas.objects import EMPTY, Object, as_grid, each, error, grid_has, is_error, is_number, is_text
from xlmodel.values import decimal15, round_half_away

__all__ = ["CORRECTED", "WRAPPED", "plain_format"]

_Function = Callable[..., Any]


def _numbers_only(function: _Function) -> _Function:
    """Leave text and booleans in ranges and arrays out; a value written into the call stays."""

    def run(*args: Any) -> Any:
        return function(
            *(
                each(lambda x: x if is_number(x) or is_error(x) else EMPTY, a) if isinstance(a, np.ndarray) else a
                for a in args
            )
        )

    return run


def _product(function: _Function) -> _Function:
    """Give 0 where nothing is left to multiply."""
    inner = _numbers_only(function)

    def counted(x: Any) -> bool:
        return not isinstance(x, np.ndarray) or grid_has(x, lambda i: is_number(i) or is_error(i))

    def run(*args: Any) -> Any:
        return inner(*args) if any(map(counted, args)) else 0.0

    return run


def _products(function: _Function) -> _Function:
    def run(*args: Any) -> Any:
        if len({np.shape(a) for a in args}) > 1:
            return error("#VALUE!")
        return function(*(each(lambda x: x if is_number(x) or is_error(x) else 0.0, as_grid(a)) for a in args))

    return run


def _one_line(position: int) -> Callable[[_Function], _Function]:
    """Refuse a lookup in a block of cells, which the library flattens."""

    def wrap(function: _Function) -> _Function:
        def run(*args: Any) -> Any:
            for a in args[position : position + 2]:
                if np.ndim(a) == 2 and min(np.shape(a)) > 1:
                    raise RefusedError("unsupported-syntax", "a lookup in a block of several rows and columns")
            return function(*args)

        return run

    return wrap


_NUMBER_FORMAT = re.compile(r"(?:#,##0|0+)(?:\.(?P<places>0+))?(?P<percent>%?)")
_DATE_FORMAT = re.compile(r"[dmy]+(?:[-/ ][dmy]+){0,2}", re.I)


def plain_format(function: _Function, *, dates: bool = True) -> _Function:
    """Let TEXT through for plain formats only, rounded as Excel rounds."""

    def run(value: Any, code: Any) -> Any:
        plain = _NUMBER_FORMAT.fullmatch(code) if isinstance(code, str) else None
        if is_number(value) and plain is not None:
            rounded = round_half_away(float(value), len(plain["places"] or "") + 2 * len(plain["percent"]))
            return function(rounded or 0.0, code)
        if dates and is_number(value) and value >= 61 and isinstance(code, str) and _DATE_FORMAT.fullmatch(code):
            return function(value, code)
        raise RefusedError("unsupported-function", "TEXT with this format")

    return run


def _no_text(function: _Function) -> _Function:
    """Refuse dates and numbers written as text: what they mean depends on the country."""

    def run(*args: Any) -> Any:
        if any(grid_has(a, is_text) for a in args):
            raise RefusedError("unsupported-syntax", "a date or a number as text")
        return function(*args)

    return run


def _not_negative(function: _Function) -> _Function:
    def run(number: Any, *rest: Any) -> Any:
        if grid_has(number, lambda x: is_number(x) and x < 0):
            raise RefusedError("unsupported-function", "rounding of a negative number to a multiple")
        return function(number, *rest)

    return run


def _texts(function: _Function) -> _Function:
    """Hand numbers and blanks over as the text that Excel makes of them."""

    def run(*args: Any) -> Any:
        return function(*(each(lambda x: "" if x is EMPTY else x, a) for a in args))

    return run


def _one_for_one(function: _Function) -> _Function:
    """Refuse to count what the library counts otherwise: booleans as 1, wildcards as prefixes, texts as numbers."""

    def run(*args: Any) -> Any:
        shapes = {a.shape for a in args if isinstance(a, np.ndarray)}
        if len(shapes) > 1:
            raise RefusedError("unsupported-syntax", "ranges of different shapes in a conditional sum")
        ranges = [a for a in args if isinstance(a, np.ndarray)]
        for criterion in (x for a in args if not isinstance(a, np.ndarray) for x in [a]):
            if criterion is EMPTY or isinstance(criterion, (bool, np.bool_)):
                raise RefusedError("unsupported-syntax", "a blank or a boolean as a criterion")
            if is_text(criterion) and (criterion in ("", "=", "<>") or re.search(r"[?~]|\*(?!$)", criterion)):
                raise RefusedError("unsupported-syntax", f"the criterion {criterion!r}")
        compared = any(is_text(a) and a[:1] in "<>" for a in args)
        for cells in ranges:
            if grid_has(cells, lambda x: isinstance(x, (bool, np.bool_))):
                raise RefusedError("unsupported-syntax", "booleans in a conditional sum")
            if compared and grid_has(cells, lambda x: is_text(x) and any(c.isdigit() for c in x)):
                raise RefusedError("unsupported-syntax", "numbers as text in a conditional sum")
        return function(*args)

    return run


def _ascending(line: Callable[..., Any], exact: Callable[[tuple[Any, ...]], bool]) -> Callable[[_Function], _Function]:
    """Let a lookup of the nearest through only where the line it searches is sorted, the value not repeated in it."""

    def wrap(function: _Function) -> _Function:
        def run(*args: Any) -> Any:
            for x in args:
                if is_error(x):
                    return x
            if not exact(args):
                items = [_sort_key(x) for x in as_grid(line(args)).ravel().tolist() if is_number(x) or is_text(x)]
                keys = {_sort_key(x) for x in as_grid(args[0]).ravel().tolist()}
                if items != sorted(items) or any(items.count(k) > 1 for k in keys):
                    raise RefusedError("unsupported-syntax", "a nearest match in cells that are not sorted")
            return function(*args)

        return run

    return wrap


def _sort_key(x: Object) -> tuple[int, Any]:
    return (1, x.casefold()) if is_text(x) else (0, float(x)) if is_number(x) else (2, 0.0)


def _is_exact(position: int, default: bool = False) -> Callable[[tuple[Any, ...]], bool]:
    def exact(args: tuple[Any, ...]) -> bool:
        if len(args) <= position:
            return default
        x = args[position]
        return not isinstance(x, np.ndarray) and (x is EMPTY or not x)

    return exact


def _no_words(function: _Function) -> _Function:
    """Refuse a text written into a logical function: Excel reads some of them as booleans."""

    def run(*args: Any) -> Any:
        if any(is_text(a) for a in args):
            raise RefusedError("unsupported-syntax", "a text as a truth value")
        return function(*args)

    return run


#: Put around a function of the library.
WRAPPED: dict[str, Callable[[_Function], _Function]] = {
    **dict.fromkeys(
        """AVEDEV AVERAGE COUNT DEVSQ GEOMEAN HARMEAN IRR KURT LARGE MAX MEDIAN MIN MIRR MODE MODE.SNGL MODE.MULT NPV
        PERCENTILE PERCENTILE.EXC PERCENTILE.INC QUARTILE QUARTILE.EXC QUARTILE.INC SKEW SKEW.P SMALL STDEV
        STDEV.P STDEV.S STDEVP SUM SUMSQ VAR VAR.P VAR.S VARP""".split(),
        _numbers_only,
    ),
    **dict.fromkeys(("AND", "OR", "XOR"), _no_words),
    "PRODUCT": _product,
    "SUMPRODUCT": _products,
    "TEXT": plain_format,
    **dict.fromkeys("CONCAT CONCATENATE TEXTJOIN".split(), _texts),
    **dict.fromkeys("CEILING.MATH CEILING.PRECISE FLOOR.MATH FLOOR.PRECISE ISO.CEILING".split(), _not_negative),
    **dict.fromkeys(
        """DATEVALUE DAY DAYS DAYS360 EDATE EOMONTH HOUR MINUTE MONTH NETWORKDAYS SECOND TIMEVALUE VALUE WEEKDAY WEEKNUM
        WORKDAY YEAR GCD LCM SMALL LARGE""".split(),
        _no_text,
    ),
    **dict.fromkeys("AVERAGEIF AVERAGEIFS COUNTIF COUNTIFS MAXIFS MINIFS SUMIF SUMIFS".split(), _one_for_one),
    "LOOKUP": lambda f: _one_line(1)(_ascending(lambda args: args[1], _is_exact(9))(f)),
    "MATCH": lambda f: _one_line(1)(_ascending(lambda args: args[1], _is_exact(2))(f)),
    "VLOOKUP": _ascending(lambda args: as_grid(args[1])[:, 0], _is_exact(3)),
    "HLOOKUP": _ascending(lambda args: as_grid(args[1])[0], _is_exact(3)),
    "XMATCH": _one_line(1),
    "XLOOKUP": _one_line(1),
}


def _numeric(f: Callable[[float, int], float], places: int | None = None) -> _Function:
    """Spread a rounding over its arguments, with Excel's reading of blanks, booleans, texts and errors."""

    def one(x: Object, digits: Object) -> Object:
        numbers = []
        for item in (x, digits):
            if is_error(item):
                return item
            if item is EMPTY:
                numbers.append(0.0)
            elif is_text(item):
                try:
                    numbers.append(float(item))
                except ValueError:
                    return error("#VALUE!")
            else:
                numbers.append(float(item))
        return f(numbers[0], int(numbers[1])) if all(map(math.isfinite, numbers)) else error("#VALUE!")

    def run(x: Any, digits: Any = 0.0 if places is None else places) -> Any:
        return each(one, x, digits)

    return run


def _cut(rounding: str) -> Callable[[float, int], float]:
    def cut(number: float, places: int) -> float:
        exact = decimal15(number)
        if exact.adjusted() + places > 20:
            return number
        return float(exact.quantize(Decimal(1).scaleb(-places), rounding=rounding)) if places > -300 else 0.0

    return cut


def _trim(x: Any) -> Any:
    def one(text: Object) -> Object:
        return " ".join(part for part in text.split(" ") if part) if is_text(text) else text

    if not isinstance(x, np.ndarray) and not is_text(x) and not is_error(x):
        raise RefusedError("unsupported-function", "TRIM of a number")
    return each(one, x)


def _count_blank(*cells: Any) -> Any:
    return float(sum(1 for a in cells for x in as_grid(a).ravel().tolist() if x is EMPTY or (is_text(x) and not x)))


def _multiple(number: Object, step: Object) -> Object:
    for x in (number, step):
        if is_error(x):
            return x
        if x is not EMPTY and not is_number(x):
            raise RefusedError("unsupported-syntax", "MROUND of something that is not a number")
    n, s = (0.0 if x is EMPTY else float(x) for x in (number, step))
    if n == 0 or s == 0:
        return 0.0
    return error("#NUM!") if (n < 0) != (s < 0) else round_half_away(n / s, 0) * s


def _is_number_cell(x: Any) -> Any:
    return each(is_number, x)


def _number_of(x: Any) -> Any:
    first = as_grid(x).ravel()[0]
    return (
        first if is_error(first) else float(first) if is_number(first) or isinstance(first, (bool, np.bool_)) else 0.0
    )


def _character(x: Object) -> Object:
    if not is_number(x) or not 1 <= x < 128:
        raise RefusedError("unsupported-function", "CHAR beyond 127")
    return chr(int(x))


#: Put in place of a function of the library.
CORRECTED: dict[str, _Function] = {
    "ISNUMBER": _is_number_cell,
    "N": _number_of,
    "CHAR": lambda x: each(_character, x),
    "ROUND": _numeric(round_half_away),
    "ROUNDUP": _numeric(_cut(ROUND_UP)),
    "ROUNDDOWN": _numeric(_cut(ROUND_DOWN)),
    "TRUNC": _numeric(_cut(ROUND_DOWN), 0),
    "TRIM": _trim,
    "COUNTBLANK": _count_blank,
    "MROUND": lambda number, step: each(_multiple, number, step),
}
