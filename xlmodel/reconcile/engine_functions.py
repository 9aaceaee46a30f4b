"""Functions of Excel and of the registry, called with numbers by the engine that calculates workbooks."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from xlmodel.book.workbook import Book, Sheet
from xlmodel.engine.native.model import Model
from xlmodel.reconcile.intervals import NoResultError
from xlmodel.refs import column_letters, to_r1c1
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue, Values, decimal15

__all__ = ["calculated"]

_SHEET = "S"


def calculated(formula: str, points: Sequence[Sequence[Fraction]], registry: Registry) -> list[Fraction]:
    """Return what a formula gives at each point, as the decimals of 15 digits that Excel shows.

    Parameters
    ----------
    formula : str
        In A1 notation for row 1, without the equals sign; the numbers of a point stand in A1, B1 and so on.
    points : sequence of sequences of Fraction
        All of one length.
    registry : Registry
        The functions there are beside Excel's.

    Raises
    ------
    NoResultError
        At some point the result is an error or no number.

    Examples
    --------
    >>> calculated("ROUND(A1,B1)", [[Fraction(5, 2), Fraction(0)]], Registry())
    [Fraction(3, 1)]
    """
    width = len(points[0])
    rows, columns = np.divmod(np.arange(len(points) * (width + 1)), width + 1)
    contents = [content for point in points for content in (*map(float, point), None)]
    holds_formula = np.where(columns == width, 0, -1)
    sheet = Sheet(
        _SHEET,
        "xl/worksheets/sheet1.xml",
        "visible",
        (rows + 1).astype(np.int32),
        (columns + 1).astype(np.int32),
        Values.of(contents),
        holds_formula.astype(np.int32),
        np.zeros(len(rows), np.int32),
    )
    model = Model(Book(Path("claims"), "", (sheet,), (to_r1c1(formula, 1, width + 1),)), registry)
    model.calculate()
    return [_number(model, f"{_SHEET}!{column_letters(width + 1)}{row}") for row in range(1, len(points) + 1)]


def _number(model: Model, cell: str) -> Fraction:
    found = model.value(cell)
    if isinstance(found, float):
        return Fraction(decimal15(found))
    if isinstance(found, ErrorValue):
        raise NoResultError(f"gives the error {found.code}")
    raise NoResultError("gives no number")
