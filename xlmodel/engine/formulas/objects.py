"""What the `formulas` library holds in a cell, and what we hold: exact both ways."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import schedula as sh
from formulas.tokens.operand import Error, XlError
from numpy.typing import NDArray

from xlmodel.values import ErrorValue, Kind, Scalar, Values

__all__ = [
    "EMPTY",
    "Grid",
    "Object",
    "UnknownObjectError",
    "as_grid",
    "each",
    "error",
    "filled",
    "from_object",
    "from_values",
    "grid_has",
    "is_error",
    "is_number",
    "is_text",
    "plain",
    "to_object",
    "to_values",
]

#: A blank cell as the library knows it.
EMPTY = sh.EMPTY
Object = Any  # float, str, bool, XlError or EMPTY
Grid = NDArray[np.object_]  # rows by columns of Objects

_ERRORS: dict[str, XlError] = dict(Error.errors)


class UnknownObjectError(Exception):
    """The library returned something that no cell can hold."""


def error(code: str) -> XlError:
    """Return the library's object for an Excel error, one object for one code."""
    if code not in _ERRORS:
        _ERRORS[code] = XlError(code)
    return _ERRORS[code]


def filled(shape: int | tuple[int, ...], x: Object) -> Grid:
    """Return an array that holds one object everywhere; numpy's `full` would turn EMPTY into the text "empty"."""
    out = np.empty(shape, object)
    out.fill(x)
    return out


def each(f: Callable[..., Object], *args: Object | Grid) -> Object | Grid:
    """Apply a function of single objects cell by cell, as numpy broadcasts; one cell comes back as an object."""
    if not any(isinstance(a, np.ndarray) for a in args):
        return f(*args)
    return np.frompyfunc(f, len(args), 1)(*(np.asarray(a, object) for a in args))


def is_error(x: Object) -> bool:
    """Tell whether an object is an error."""
    return isinstance(x, XlError)


def is_number(x: Object) -> bool:
    """Tell whether an object is a number."""
    return isinstance(x, (int, float, np.number)) and not isinstance(x, (bool, np.bool_))


def is_text(x: Object) -> bool:
    """Tell whether an object is text; the library's errors and its EMPTY are strings to Python, but not text."""
    return isinstance(x, str) and not isinstance(x, sh.Token)


def to_object(content: Scalar) -> Object:
    """Return the library's object for a cell's content."""
    if content is None:
        return EMPTY
    return error(content.code) if isinstance(content, ErrorValue) else content


def from_object(x: Object) -> Scalar:
    """Return a cell's content for one of the library's objects.

    Raises
    ------
    UnknownObjectError
        No cell can hold it: a complex number, a function, not-a-number.
    """
    if isinstance(x, np.ndarray) and x.size == 1:
        x = x.ravel()[0]
    if x is EMPTY:
        return None
    if isinstance(x, XlError):
        return ErrorValue(str(x))
    if isinstance(x, (bool, np.bool_)):
        return bool(x)
    if isinstance(x, str) and not isinstance(x, sh.Token):
        return str(x)
    if isinstance(x, (int, float, np.integer, np.floating)):
        try:
            number = float(x)
        except OverflowError:
            return ErrorValue("#NUM!")
        if math.isnan(number):
            raise UnknownObjectError("not a number")
        return number if math.isfinite(number) else ErrorValue("#NUM!")
    raise UnknownObjectError(f"a {type(x).__name__}")


def from_values(values: Values) -> Grid:
    """Return many cells as the library's objects, in the same shape."""
    out = filled(values.shape, EMPTY)
    for kind, content in ((Kind.NUMBER, values.num), (Kind.TEXT, values.text)):
        at = values.kind == kind
        out[at] = content[at].tolist()
    at = values.kind == Kind.BOOLEAN
    out[at] = (values.num[at] != 0).tolist()
    at = values.kind == Kind.ERROR
    if at.any():
        out[at] = [error(str(code)) for code in values.text[at].tolist()]
    return out


def to_values(x: Object) -> Values:
    """Return a grid of objects, or a single one, as cells."""
    if not isinstance(x, np.ndarray):
        return Values.of(from_object(x))
    out = Values.blank(x.size)
    for i, item in enumerate(x.ravel().tolist()):
        out.put(i, from_object(item))
    return out.reshape(x.shape)


def grid_has(x: Any, test: Callable[[Object], bool]) -> bool:
    """Tell whether a value, or any cell of an array, passes a test."""
    return any(map(test, x.ravel().tolist())) if isinstance(x, np.ndarray) else test(x)


def as_grid(x: Any) -> Grid:
    """Return a value as an array of rows and columns."""
    return np.atleast_2d(np.asarray(x, object)) if isinstance(x, np.ndarray) else _single(x)


def _single(x: Object) -> Grid:
    out = np.empty((1, 1), object)
    out[0, 0] = x
    return out


def plain(x: Any) -> Any:
    """Return an object where a result has one cell, else an array of rows and columns."""
    if isinstance(x, np.ndarray):
        if x.size == 1:
            return x.ravel()[0]
        grid = np.asarray(x, object)
        return grid.reshape(1, -1) if grid.ndim == 1 else grid
    if isinstance(x, (list, tuple)):
        return plain(np.array(x, object))
    return x
