"""Samples of numbers, and the sums that statistics are made of, in the order in which Excel adds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.native.coercion import Reading, to_number
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.operands import DIV0, VALUE, ExcelError, Lambda, Operand, Reference
from xlmodel.values import ErrorValue, Kind, Values

__all__ = ["Floats", "cells", "deviations", "mean", "numbers", "pooled", "raise_errors", "sample", "total"]

Floats = NDArray[np.float64]


def pooled(parts: Sequence[Floats]) -> Floats:
    """Return several arguments' numbers as one sample."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts) if parts else np.empty(0)


def total(x: Floats) -> float:
    """Return a sum added from left to right; numpy's own adds in pairs and differs in the last digit."""
    return float(np.add.accumulate(x)[-1]) if x.size else 0.0


def mean(x: Floats) -> float:
    """Return the arithmetic mean; #DIV/0! of nothing."""
    if not x.size:
        raise ExcelError(DIV0)
    return total(x) / x.size


def deviations(x: Floats) -> Floats:
    """Return each number less the mean."""
    return x - mean(x)


def raise_errors(values: Values) -> None:
    """Raise the first error that cells hold, row by row."""
    errors = np.flatnonzero(values.kind.ravel() == Kind.ERROR)
    if errors.size:
        raise ExcelError(ErrorValue(str(values.text.ravel()[errors[0]])))


def numbers(values: Values) -> Floats:
    """Return the numbers among cells, row by row; an error among them travels."""
    wanted = values.kind == Kind.NUMBER
    if wanted.all():
        return values.num.reshape(-1)
    raise_errors(values)
    found: Floats = values.num[wanted]
    return found


def cells(context: Context, reference: Reference) -> list[Values]:
    """Return the cells of each area of a reference."""
    return [context.read(area) for area in reference.areas]


def sample(context: Context, operand: Operand) -> Floats:
    """Return one argument's numbers: of cells and arrays the numbers alone, of a single value what it reads as.

    For functions whose other arguments are looked at first, so that their errors win over those among the numbers.
    """
    if isinstance(operand, Reference):
        return pooled([numbers(area) for area in cells(context, operand)])
    if isinstance(operand, Values):
        return numbers(operand)
    if isinstance(operand, Lambda):
        raise ExcelError(VALUE)
    return np.array([to_number(operand, Reading(context.locale, context.date1904))])
