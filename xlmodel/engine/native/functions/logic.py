"""Logic: what conditions come to together. IF and its like, which leave arguments unread, are not among these."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Logical, Value, excel
from xlmodel.engine.native.operands import VALUE, ExcelError, Lambda, Operand, Reference
from xlmodel.values import ErrorValue, Kind, Values

__all__: list[str] = []


@excel("AND")
def and_(context: Context, *logical: Value) -> bool:
    """Tell whether all conditions hold."""
    return _odds(context, logical)[1] == 0


@excel("OR")
def or_(context: Context, *logical: Value) -> bool:
    """Tell whether any condition holds."""
    return _odds(context, logical)[0] > 0


@excel("XOR")
def xor(context: Context, *logical: Value) -> bool:
    """Tell whether an odd number of conditions hold."""
    return _odds(context, logical)[0] % 2 == 1


@excel("NOT")
def not_(logical: Logical) -> bool:
    """Tell whether a condition does not hold."""
    return not logical


@excel("TRUE")
def true() -> bool:
    """Return TRUE."""
    return True


@excel("FALSE")
def false() -> bool:
    """Return FALSE."""
    return False


def _odds(context: Context, operands: tuple[Operand, ...]) -> tuple[int, int]:
    """Return how many conditions hold and how many do not; #VALUE! where there is no condition at all."""
    held = failed = 0
    for operand in operands:
        if isinstance(operand, bool):
            held, failed = held + operand, failed + (not operand)
        elif isinstance(operand, (Values, Reference)):
            for cells in _blocks(context, operand):
                holds, fails = _counted(cells)
                held, failed = held + holds, failed + fails
        elif isinstance(operand, ErrorValue):
            raise ExcelError(operand)
        elif isinstance(operand, Lambda):
            raise ExcelError(VALUE)
        elif isinstance(operand, str):
            word = operand.strip().lower()  # a text that is no condition counts as little as one in a cell
            held, failed = held + (word == "true"), failed + (word == "false")
        else:
            held, failed = held + bool(operand), failed + (not operand)
    if not held + failed:
        raise ExcelError(VALUE)
    return held, failed


def _blocks(context: Context, operand: Values | Reference) -> Iterator[Values]:
    if isinstance(operand, Values):
        yield operand
    else:
        for region in operand.areas:
            yield context.read(region)


def _counted(cells: Values) -> tuple[int, int]:
    """Return how many cells hold a number other than 0 or TRUE, and how many hold 0 or FALSE."""
    errors = cells.kind == Kind.ERROR
    if errors.any():
        raise ExcelError(ErrorValue(str(cells.text[errors][0])))
    conditions = (cells.kind == Kind.NUMBER) | (cells.kind == Kind.BOOLEAN)
    count = int(conditions.sum())
    holds = int(np.count_nonzero(cells.num[conditions]))
    return holds, count - holds
