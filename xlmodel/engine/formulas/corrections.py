"""Where the library takes something for what Excel does not: what is corrected here, and what is refused.

A correction is a few lines with an exact rule behind it. Everything else that is known to differ is refused: no value
is better than a wrong one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from xlmodel.engine.formulas.calendar import CALENDAR
from xlmodel.engine.formulas.cells import RefusedError, unsupported
from xlmodel.engine.formulas.coercion import as_decimal, may_be_number, number_or_error, power
from xlmodel.engine.formulas.comparison import almost_equal
from xlmodel.engine.formulas.criteria import CRITERIA
from xlmodel.engine.formulas.formats import text_function
from xlmodel.engine.formulas.lookups import LOOKUPS
from xlmodel.engine.formulas.objects import (
    EMPTY,
    Object,
    as_grid,
    each,
    error,
    grid_has,
    is_error,
    is_number,
    is_text,
    plain,
)
from xlmodel.engine.formulas.rounding import ROUNDING
from xlmodel.engine.formulas.texts import TEXT_FUNCTIONS

__all__ = ["CORRECTED", "WRAPPED"]

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
                    raise unsupported("a lookup in a block of several rows and columns")
            return function(*args)

        return run

    return wrap


def _no_text(function: _Function) -> _Function:
    """Refuse dates and numbers written as text: what they mean depends on the country."""

    def run(*args: Any) -> Any:
        if any(grid_has(a, is_text) for a in args):
            raise unsupported("a date or a number as text")
        return function(*args)

    return run


def _not_negative(function: _Function) -> _Function:
    def run(number: Any, *rest: Any) -> Any:
        if grid_has(number, lambda x: is_number(x) and x < 0):
            raise RefusedError("unsupported-function", "rounding of a negative number to a multiple")
        return function(number, *rest)

    return run


def _ascending(line: Callable[..., Any], exact: Callable[[tuple[Any, ...]], bool]) -> Callable[[_Function], _Function]:
    """Let a lookup of the nearest through only where the line it searches is sorted, the value not repeated in it."""

    def wrap(function: _Function) -> _Function:
        def run(*args: Any) -> Any:
            for x in args:
                if is_error(x):
                    return x
            if exact(args):
                return _found_exactly(function, line(args), args)
            items = [_sort_key(x) for x in as_grid(line(args)).ravel().tolist() if is_number(x) or is_text(x)]
            keys = {_sort_key(x) for x in as_grid(args[0]).ravel().tolist()}
            if items != sorted(items) or any(items.count(k) > 1 for k in keys):
                raise unsupported("a nearest match in cells that are not sorted")
            return function(*args)

        return run

    return wrap


def _found_exactly(function: _Function, line: Any, args: tuple[Any, ...]) -> Any:
    """Look up an exact match; one that is exact only to 15 digits is neither found nor missed for sure."""
    found, wanted = function(*args), args[0]
    doubtful = is_number(wanted) and (not float(wanted).is_integer() or is_error(plain(found)))
    if doubtful and any(is_number(x) and almost_equal(x, wanted) for x in as_grid(line).ravel().tolist()):
        raise unsupported("a lookup of a number met only to 15 digits")
    return found


def _counted(function: _Function) -> _Function:
    """Give #VALUE! for a column or row before the first, which the library counts from the end."""

    def run(*args: Any) -> Any:
        if len(args) > 2 and grid_has(args[2], lambda x: x is EMPTY or (is_number(x) and x < 1)):
            return next((x for x in args if is_error(x)), error("#VALUE!"))
        return function(*args)

    return run


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
            raise unsupported("a text as a truth value")
        return function(*args)

    return run


def _in_term(function: _Function) -> _Function:
    """Give #NUM! for a payment before the first or after the last."""

    def run(*args: Any) -> Any:
        if any(isinstance(a, np.ndarray) for a in args[1:3]):
            raise unsupported("an array of payments")
        made = [number_or_error(a) for a in args[1:3]]
        outside = len(made) == 2 and not any(map(is_error, made)) and not 1 <= made[0] <= max(made[1], 1.0)
        return error("#NUM!") if outside and not any(map(is_error, args)) else function(*args)

    return run


def _bulk(function: _Function) -> _Function:
    """Refuse the far tails of the normal distribution, which the library does not reach."""

    def run(*args: Any) -> Any:
        found = function(*args)
        if grid_has(args[0], lambda x: is_number(x) and 0 < x < 1e-12) and grid_has(found, lambda x: True):
            raise RefusedError("unsupported-function", "the far tail of the normal distribution")
        if grid_has(found, lambda x: is_number(x) and abs(x) < 1e-12):
            raise RefusedError("unsupported-function", "the far tail of the normal distribution")
        return found

    return run


def _bounded(number: float, size: int = 1_000_000) -> Callable[[_Function], _Function]:
    """Refuse what would keep the library busy for longer than a workbook may take."""

    def wrap(function: _Function) -> _Function:
        def run(*args: Any) -> Any:
            if any(np.size(a) > size or grid_has(a, lambda x: is_number(x) and abs(x) > number) for a in args):
                raise RefusedError("unsupported-function", "a calculation of this size")
            return function(*args)

        return run

    return wrap


def _errors_travel(function: _Function) -> _Function:
    """Give the first error among single arguments, which the library makes a #VALUE! of."""

    def run(*args: Any) -> Any:
        return next((a for a in args if is_error(a)), None) or function(*args)

    return run


def _positive_rate(function: _Function) -> _Function:
    def run(rate: Any, *rest: Any) -> Any:
        if not is_number(rate) or rate <= 0:
            raise RefusedError("unsupported-function", "XNPV without a positive rate")
        return function(rate, *rest)

    return run


def _log(function: _Function) -> _Function:
    def run(number: Any, base: Any = 10.0) -> Any:
        if grid_has(base, lambda x: is_number(x) and x == 1) and not grid_has(number, is_error):
            return error("#DIV/0!")
        return function(number, base)

    return run


def _power(function: _Function) -> _Function:
    def one(x: Object, y: Object) -> Object:
        base, exponent = number_or_error(x), number_or_error(y)
        for made in (base, exponent):
            if is_error(made):
                return made
        if base < 0 and not exponent.is_integer():
            raise RefusedError("unsupported-function", "POWER: a root of a negative number")
        return power(base, exponent)

    return lambda x, y: each(one, x, y)


#: Put around a function of the library.
WRAPPED: dict[str, Callable[[_Function], _Function]] = {
    **dict.fromkeys(
        """AVEDEV AVERAGE DEVSQ GEOMEAN HARMEAN IRR KURT LARGE MAX MEDIAN MIN MIRR MODE MODE.SNGL MODE.MULT NPV
        PERCENTILE PERCENTILE.EXC PERCENTILE.INC QUARTILE QUARTILE.EXC QUARTILE.INC SKEW SKEW.P SMALL STDEV
        STDEV.P STDEV.S STDEVP SUM SUMSQ VAR VAR.P VAR.S VARP""".split(),
        _numbers_only,
    ),
    **dict.fromkeys(("AND", "OR", "XOR"), _no_words),
    "PRODUCT": _product,
    "SUMPRODUCT": _products,
    **dict.fromkeys("CEILING.MATH CEILING.PRECISE FLOOR.MATH FLOOR.PRECISE ISO.CEILING".split(), _not_negative),
    **dict.fromkeys(
        """DATEVALUE DAYS DAYS360 NETWORKDAYS TIMEVALUE WEEKDAY WEEKNUM WORKDAY GCD LCM SMALL
        LARGE""".split(),
        _no_text,
    ),
    "LOOKUP": lambda f: _one_line(1)(_ascending(lambda args: args[1], _is_exact(9))(f)),
    "MATCH": lambda f: _one_line(1)(_ascending(lambda args: args[1], _is_exact(2))(f)),
    "VLOOKUP": lambda f: _counted(_ascending(lambda args: as_grid(args[1])[:, 0], _is_exact(3))(f)),
    "HLOOKUP": lambda f: _counted(_ascending(lambda args: as_grid(args[1])[0], _is_exact(3))(f)),
    **dict.fromkeys(("IPMT", "PPMT"), _in_term),
    **dict.fromkeys("NORM.DIST NORM.S.DIST NORMDIST NORMSDIST NORM.INV NORM.S.INV NORMINV NORMSINV".split(), _bulk),
    **dict.fromkeys("EXPAND MUNIT PERMUT PERMUTATIONA WRAPCOLS WRAPROWS".split(), _bounded(1_000.0)),
    **dict.fromkeys("MDETERM MINVERSE".split(), _bounded(math.inf, 10_000)),
    **dict.fromkeys(("EFFECT", "NOMINAL"), _errors_travel),
    "XNPV": _positive_rate,
    "LOG": _log,
    "POWER": _power,
}


def _count_blank(*cells: Any) -> Any:
    return float(sum(1 for a in cells for x in as_grid(a).ravel().tolist() if x is EMPTY or (is_text(x) and not x)))


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


def _count(*args: Any) -> Any:
    total = 0
    for a in args:
        if isinstance(a, np.ndarray):
            total += sum(map(is_number, a.ravel().tolist()))
        elif is_text(a) and as_decimal(a) is None:
            if may_be_number(a):
                raise unsupported("a date or a number as text")
        else:
            total += not is_error(a)
    return float(total)


def _count_all(*args: Any) -> Any:
    return float(sum(x is not EMPTY for a in args for x in as_grid(a).ravel().tolist()))


def _factorial(x: Object) -> Object:
    made = number_or_error(x)
    if is_error(made):
        return made
    return float(math.factorial(int(made))) if 0 <= made < 171 else error("#NUM!")


def _double_factorial(x: Object) -> Object:
    made = number_or_error(x)
    if is_error(made):
        return made
    if not 0 <= made <= 300:
        raise RefusedError("unsupported-function", "FACTDOUBLE of this number")
    return float(math.prod(range(int(made), 0, -2)))


def _growth(periods: Object, start: Object, end: Object) -> Object:
    made = [number_or_error(x) for x in (periods, start, end)]
    failed = next((x for x in made if is_error(x)), None)
    if failed is not None:
        return failed
    n, first, last = made
    if n <= 0 or first == 0 or last / first < 0:
        return error("#NUM!")
    return (last / first) ** (1 / n) - 1


#: Put in place of a function of the library.
CORRECTED: dict[str, _Function] = {
    **CALENDAR,
    **CRITERIA,
    **LOOKUPS,
    **ROUNDING,
    **TEXT_FUNCTIONS,
    "ISNUMBER": _is_number_cell,
    "N": _number_of,
    "CHAR": lambda x: each(_character, x),
    "COUNT": _count,
    "COUNTA": _count_all,
    "FACT": lambda x: each(_factorial, x),
    "FACTDOUBLE": lambda x: each(_double_factorial, x),
    "RRI": lambda *args: each(_growth, *args),
    "COUNTBLANK": _count_blank,
    "TEXT": text_function(dates=True),
}
