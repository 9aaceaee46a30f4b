"""One call of a worksheet function: arguments made what the declaration asks for, arrays taken element by element."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from xlmodel.engine.native.coercion import to_logical, to_number, to_text
from xlmodel.engine.native.declaration import SCALAR_KINDS, Function, Parameter, Takes
from xlmodel.engine.native.operands import (
    DIV0,
    EMPTY,
    NA,
    NUM,
    VALUE,
    Empty,
    ExcelError,
    Lambda,
    Operand,
    Reference,
    UnsupportedError,
)
from xlmodel.values import ErrorValue, Kind, Scalar, Values

if TYPE_CHECKING:
    from xlmodel.engine.native.frame import Frame

__all__ = ["EMPTY", "call", "coerced", "normal", "spread"]

MAX_LIFTED = 4_000_000  #: calls of a function for the elements of one array


#: where an add-in function takes no boolean; what it reads itself it refuses itself
_NO_BOOLEANS = frozenset((Takes.NUMBER, Takes.WHOLE, Takes.TEXT, Takes.CELL))


def call(function: Function, operands: Sequence[Operand | Empty], frame: Frame) -> Operand:
    """Call a worksheet function.

    Raises
    ------
    ExcelError
        The call's value is an error.
    UnsupportedError
        The number of arguments is not one that Excel allows.
    """
    if not function.least <= len(operands) <= function.most:
        raise UnsupportedError(f"{function.name} with {len(operands)} arguments", "unsupported-syntax")
    given: list[Any] = []
    lifted: list[int] = []
    for at, operand in enumerate(operands):
        parameter = function.parameter(at)
        if operand is EMPTY:
            if function.empty_is_default and not parameter.required and at < len(function.parameters):
                given.append(_Default(parameter.default))
                continue
            operand = None
        assert not isinstance(operand, Empty)
        if parameter.takes in SCALAR_KINDS:
            if function.add_in and isinstance(operand, Reference) and not operand.is_cell:
                operand = VALUE
            operand = scalar_operand(operand, frame)
            if isinstance(operand, Values):
                lifted.append(at)
        given.append(operand)
    if lifted:
        return _lifted(function, given, lifted, frame)
    return _once(function, given, frame)


class _Default:
    """An argument that takes its default as it is."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def scalar_operand(operand: Operand, frame: Frame) -> Operand:
    """Return an operand as a scalar parameter meets it: a scalar, or an array to take element by element."""
    if isinstance(operand, Reference):
        operand = frame.met(operand)
    if isinstance(operand, Values):
        return operand.reshape((1,)).item(0) if operand.size == 1 else operand
    if isinstance(operand, Lambda):
        return VALUE
    return operand


def _once(function: Function, given: Sequence[Any], frame: Frame) -> Operand:
    arguments: list[Any] = [frame] if function.context else []
    for at, x in enumerate(given):
        if function.add_in and isinstance(x, bool) and function.parameter(at).takes in _NO_BOOLEANS:
            raise ExcelError(VALUE)
        arguments.append(x.value if isinstance(x, _Default) else coerced(x, function.parameter(at), frame))
    arguments += [parameter.default for parameter in function.parameters[len(given) :]]
    return run(function.call, arguments)


def run(python: Callable[..., Any], arguments: Sequence[Any]) -> Operand:
    """Return what a function gives, as an operand."""
    try:
        return normal(python(*arguments))
    except OverflowError:
        raise ExcelError(NUM) from None
    except ZeroDivisionError:
        raise ExcelError(DIV0) from None


def normal(x: Any) -> Operand:
    """Return a result as an operand: numbers as floats that a cell can hold."""
    if type(x) is float or isinstance(x, (float, np.floating)):
        number = float(x)
        if -2.2250738585072014e-308 < number < 2.2250738585072014e-308:
            return 0.0
        if number - number != 0.0:
            raise ExcelError(NUM)
        return number
    if x is None or isinstance(x, (bool, str, Values, Reference, Lambda)):
        return x
    if isinstance(x, ErrorValue):
        raise ExcelError(x)
    if isinstance(x, np.bool_):
        return bool(x)
    return normal(float(x))


def coerced(x: Operand, parameter: Parameter, frame: Frame) -> Any:
    """Return an operand as the parameter wants it.

    Raises
    ------
    ExcelError
        It is an error, or cannot be made what is wanted.
    """
    take = _TAKES[parameter.takes]
    return take(x, frame)


def _number(x: Any, frame: Frame) -> float:
    return x if type(x) is float else to_number(x, frame.reading)


def _whole(x: Any, frame: Frame) -> int:
    return int(to_number(x, frame.reading))


def _text(x: Any, frame: Frame) -> str:
    return to_text(x)


def _logical(x: Any, frame: Frame) -> bool:
    return to_logical(x, frame.reading)


def _cell(x: Any, frame: Frame) -> Scalar:
    if isinstance(x, ErrorValue):
        raise ExcelError(x)
    return x  # type: ignore[no-any-return]


def _as_it_is(x: Any, frame: Frame) -> Any:
    return x


def _rows(x: Operand, frame: Frame) -> Values:
    if isinstance(x, Reference):
        return frame.values(x)
    if isinstance(x, Values):
        return x if len(x.shape) == 2 else x.reshape((1, x.size))
    if isinstance(x, ErrorValue):
        raise ExcelError(x)
    if isinstance(x, Lambda):
        raise ExcelError(VALUE)
    return Values.of([[x]])


def _reference(x: Operand, frame: Frame) -> Reference:
    if isinstance(x, Reference):
        return x
    raise ExcelError(x if isinstance(x, ErrorValue) else VALUE)


def _callback(x: Operand, frame: Frame) -> Lambda:
    if isinstance(x, Lambda):
        return x
    raise ExcelError(x if isinstance(x, ErrorValue) else VALUE)


def _numbers(x: Operand, frame: Frame) -> Any:
    if isinstance(x, Reference):
        parts = [_numbers_in(part) for part in frame.parts(x)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)
    if isinstance(x, Values):
        return _numbers_in(x)
    if isinstance(x, Lambda):
        raise ExcelError(VALUE)
    return np.array([to_number(x, frame.reading)])


def _numbers_in(values: Values) -> Any:
    kind = values.kind
    wanted = kind == Kind.NUMBER
    if wanted.all():
        return values.num.reshape(-1)
    error = kind == Kind.ERROR
    if error.any():
        raise ExcelError(ErrorValue(str(values.text[error][0])))
    return values.num[wanted]


def _numbers_a(x: Operand, frame: Frame) -> Any:
    if isinstance(x, Reference):
        return np.concatenate([_numbers_a_in(part) for part in frame.parts(x)])
    if isinstance(x, Values):
        return _numbers_a_in(x)
    return _numbers(x, frame)


def _numbers_a_in(values: Values) -> Any:
    error = values.kind == Kind.ERROR
    if error.any():
        raise ExcelError(ErrorValue(str(values.text[error][0])))
    return values.num[values.kind != Kind.BLANK]


_TAKES: dict[Takes, Callable[[Any, Frame], Any]] = {
    Takes.NUMBER: _number,
    Takes.WHOLE: _whole,
    Takes.TEXT: _text,
    Takes.LOGICAL: _logical,
    Takes.CELL: _cell,
    Takes.ANY: _as_it_is,
    Takes.NUMBERS: _numbers,
    Takes.NUMBERS_A: _numbers_a,
    Takes.ARRAY: _rows,
    Takes.RANGE: _rows,
    Takes.REFERENCE: _reference,
    Takes.ARRAY_VALUE: _as_it_is,
    Takes.VALUE: _as_it_is,
    Takes.CALLBACK: _callback,
}


def spread(arrays: Sequence[Values]) -> tuple[tuple[int, int], list[Values]]:
    """Spread arrays over their common shape as Excel does: single rows and columns repeat, the rest is #N/A."""
    height, width = (max(v.shape[i] for v in arrays) for i in (0, 1))
    out = []
    for values in arrays:
        rows, cols = values.shape
        if rows == 1 < height:
            values, rows = values.broadcast_to((height, cols)), height
        if cols == 1 < width:
            values, cols = values.broadcast_to((rows, width)), width
        if (rows, cols) != (height, width):
            padded = Values.of(NA).broadcast_to((height, width)).copy()
            padded.set((slice(0, rows), slice(0, cols)), values)
            values = padded
        out.append(values)
    return (height, width), out


def _lifted(function: Function, given: list[Any], lifted: list[int], frame: Frame) -> Values:
    """Call a function for each element of the arrays among its scalar arguments."""
    shape, arrays = spread([given[at] for at in lifted])
    size = shape[0] * shape[1]
    if size > MAX_LIFTED:
        raise UnsupportedError(f"{function.name} of an array of more than {MAX_LIFTED:,} cells", "limit")
    columns = [values.scalars() for values in arrays]
    out = Values.blank(size)
    one = list(given)
    for i in range(size):
        for at, column in zip(lifted, columns, strict=True):
            one[at] = column[i]
        try:
            result = frame.first(_once(function, one, frame))
        except ExcelError as problem:
            result = problem.value
        out.put(i, result)
    return out.reshape(shape)
