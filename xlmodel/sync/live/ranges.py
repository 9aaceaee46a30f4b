"""Cells gathered into ranges, so that a program is asked once for many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xlmodel.book import SetValue
from xlmodel.engine.protocol import CellKey
from xlmodel.lint.accused import rectangles
from xlmodel.refs import Rect
from xlmodel.values import Scalar

__all__ = ["as_rows", "ranges_of"]


def ranges_of(cells: Iterable[CellKey]) -> list[tuple[str, Rect]]:
    """Return the ranges that cells make up.

    >>> ranges_of([CellKey("S", 1, 1), CellKey("S", 2, 1)])
    [('S', Rect(top=1, left=1, bottom=2, right=1))]
    """
    sheets: dict[str, list[tuple[int, int]]] = {}
    for cell in cells:
        sheets.setdefault(cell.sheet, []).append((cell.row, cell.col))
    return [(sheet, rect) for sheet, places in sheets.items() for rect in rectangles(places)]


def as_rows(values: Sequence[SetValue]) -> list[tuple[str, Rect, list[list[Scalar]]]]:
    """Return ranges with the contents that go into them, row by row."""
    by_cell = {CellKey(v.sheet, v.row, v.col): v.value for v in values}
    return [
        (
            sheet,
            rect,
            [
                [by_cell[CellKey(sheet, row, col)] for col in range(rect.left, rect.right + 1)]
                for row in range(rect.top, rect.bottom + 1)
            ],
        )
        for sheet, rect in ranges_of(by_cell)
    ]
