"""Information: of what kind a value is."""

from __future__ import annotations

import math

from xlmodel.engine.native.coercion import Reading, to_number
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Any_, Value, excel
from xlmodel.engine.native.operands import NA, VALUE, ExcelError, Lambda, Operand, Reference
from xlmodel.engine.native.vectors import elementwise
from xlmodel.engine.references import Region
from xlmodel.refs import Rect
from xlmodel.values import ErrorValue, Scalar, Values

__all__: list[str] = []


@excel("ISBLANK")
def isblank(value: Any_) -> bool:
    """Tell whether a cell is empty."""
    return value is None


@excel("ISERROR")
def iserror(value: Any_) -> bool:
    """Tell whether a value is an error."""
    return isinstance(value, ErrorValue)


@excel("ISERR")
def iserr(value: Any_) -> bool:
    """Tell whether a value is an error other than #N/A."""
    return isinstance(value, ErrorValue) and value != NA


@excel("ISNA")
def isna(value: Any_) -> bool:
    """Tell whether a value is #N/A."""
    return value == NA


@excel("ISLOGICAL")
def islogical(value: Any_) -> bool:
    """Tell whether a value is TRUE or FALSE."""
    return isinstance(value, bool)


@excel("ISNUMBER")
def isnumber(value: Any_) -> bool:
    """Tell whether a value is a number."""
    return isinstance(value, (float, int)) and not isinstance(value, bool)


@excel("ISTEXT")
def istext(value: Any_) -> bool:
    """Tell whether a value is text."""
    return isinstance(value, str)


@excel("ISNONTEXT")
def isnontext(value: Any_) -> bool:
    """Tell whether a value is anything but text; an empty cell is."""
    return not isinstance(value, str)


@excel("ISREF")
def isref(value: Value) -> bool:
    """Tell whether a value is a reference."""
    return isinstance(value, Reference)


@excel("ISFORMULA")
def isformula(context: Context, reference: Value) -> bool | Values:
    """Tell which cells hold a formula."""
    if not isinstance(reference, Reference):
        raise ExcelError(reference if isinstance(reference, ErrorValue) else VALUE)
    sheet, rect = reference.areas[0]
    if reference.is_cell:
        return context.formula(sheet, rect.top, rect.left) is not None
    rows, cols = context.read(Region(sheet, rect)).shape
    return Values.of(
        [[context.formula(sheet, rect.top + i, rect.left + j) is not None for j in range(cols)] for i in range(rows)]
    )


def _parity(context: Context, number: Operand, odd: bool) -> bool | Values:
    if isinstance(number, Reference):
        if not number.is_cell:
            raise ExcelError(VALUE)
        number = context.values(number).item((0, 0))
    reading = Reading(context.locale, context.date1904)

    def one(x: Scalar) -> bool:
        if isinstance(x, bool):
            raise ExcelError(VALUE)
        return bool(math.trunc(to_number(x, reading)) % 2) == odd

    if isinstance(number, Values):
        return elementwise(one, number)
    if isinstance(number, Lambda):
        raise ExcelError(VALUE)
    return one(number)


@excel("ISEVEN")
def iseven(context: Context, number: Value) -> bool | Values:
    """Tell whether a number's whole part is even; a range of several cells and a boolean are #VALUE!."""
    return _parity(context, number, odd=False)


@excel("ISODD")
def isodd(context: Context, number: Value) -> bool | Values:
    """Tell whether a number's whole part is odd; a range of several cells and a boolean are #VALUE!."""
    return _parity(context, number, odd=True)


@excel("N")
def n(context: Context, value: Value) -> float | Values:
    """Return a number as it is, a boolean as 0 or 1, anything else as 0; of a range its first cell."""
    if isinstance(value, Reference):
        sheet, rect = value.areas[0]
        value = context.read(Region(sheet, Rect(rect.top, rect.left, rect.top, rect.left))).item((0, 0))
    if isinstance(value, Values):
        return elementwise(_n, value)
    return 0.0 if isinstance(value, Lambda) else _n(value)


def _n(x: Scalar) -> float:
    if isinstance(x, ErrorValue):
        raise ExcelError(x)
    return float(x) if isinstance(x, (bool, float, int)) else 0.0


@excel("NA")
def na() -> Scalar:
    """Return #N/A."""
    raise ExcelError(NA)


@excel("TYPE")
def type_(context: Context, value: Value) -> float:
    """Return 1 for a number, 2 text, 4 boolean, 16 error, 64 array, 128 function."""
    if isinstance(value, Reference) and not value.is_cell and context.array:
        return 64.0
    if isinstance(value, Reference):
        value = context.scalar(value)
    if isinstance(value, Values):
        return 64.0
    kinds = ((Lambda, 128.0), (ErrorValue, 16.0), (bool, 4.0), (str, 2.0))
    return next((code for kind, code in kinds if isinstance(value, kind)), 1.0)


_ERRORS = {
    "#NULL!": 1.0,
    "#DIV/0!": 2.0,
    "#VALUE!": 3.0,
    "#REF!": 4.0,
    "#NAME?": 5.0,
    "#NUM!": 6.0,
    "#N/A": 7.0,
    "#GETTING_DATA": 8.0,
    "#SPILL!": 9.0,
    "#CONNECT!": 10.0,
    "#BLOCKED!": 11.0,
    "#UNKNOWN!": 12.0,
    "#FIELD!": 13.0,
    "#CALC!": 14.0,
}


@excel("ERROR.TYPE")
def error_type(error_val: Any_) -> float:
    """Return the number of an error; #N/A for what is none."""
    if isinstance(error_val, ErrorValue) and error_val.code in _ERRORS:
        return _ERRORS[error_val.code]
    raise ExcelError(NA)
