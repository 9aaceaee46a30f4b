"""The rows and columns of a sheet as sequences of runs: cells side by side with one formula, or with typed numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.workbook import Sheet
from xlmodel.refs import Rect
from xlmodel.values import Kind

__all__ = ["TYPED", "Line", "Run", "beside", "lines", "places"]

Ints = NDArray[np.int32]

#: stands for the formula of cells with typed numbers
TYPED = -1


class Run(NamedTuple):
    """Cells of a line side by side with one formula, or with typed numbers."""

    first: int
    last: int
    formula: int  #: into Book.formulas, or TYPED
    alone: bool  #: whether no cell of the neighbouring lines goes on with it

    @property
    def length(self) -> int:
        """How many cells there are."""
        return self.last - self.first + 1

    def gap(self, other: Run) -> int:
        """Return how many cells lie between two runs."""
        return other.first - self.last - 1 if other.first > self.last else self.first - other.last - 1


class Line(NamedTuple):
    """The formulas and typed numbers of one row or column."""

    number: int
    in_row: bool
    runs: tuple[Run, ...]

    def rect(self, first: int, last: int) -> Rect:
        """Return the rectangle of some cells of the line."""
        return (
            Rect(self.number, first, self.number, last) if self.in_row else Rect(first, self.number, last, self.number)
        )

    def counts(self) -> Counter[int]:
        """Return how many cells hold each formula."""
        found: Counter[int] = Counter()
        for run in self.runs:
            found[run.formula] += run.length
        return found


def places(rect: Rect) -> list[tuple[int, int]]:
    """Return the cells of a rectangle.

    >>> places(Rect(2, 3, 2, 4))
    [(2, 3), (2, 4)]
    """
    return [(row, col) for row in range(rect.top, rect.bottom + 1) for col in range(rect.left, rect.right + 1)]


def beside(sheet: Sheet, line: Line, place: int) -> tuple[int | None, int | None]:
    """Return what the lines before and after hold at a place: a formula's number, TYPED, or None for anything else."""
    found: list[int | None] = []
    for number in (line.number - 1, line.number + 1):
        at = sheet.find(*((number, place) if line.in_row else (place, number)))
        number_there = at >= 0 and sheet.values.kind[at] == Kind.NUMBER
        found.append(int(sheet.formula[at]) if at >= 0 and (sheet.formula[at] >= 0 or number_there) else None)
    return found[0], found[1]


def lines(sheet: Sheet, in_row: bool) -> Iterator[Line]:
    """Yield the rows, or the columns, of a sheet that hold a formula and something else beside it."""
    at = np.flatnonzero((sheet.formula >= 0) | (sheet.values.kind == Kind.NUMBER))
    number, place = (sheet.row, sheet.col) if in_row else (sheet.col, sheet.row)
    number, place, formula = number[at], place[at], sheet.formula[at]  # -1 is TYPED
    goes_on = _goes_on(number, place, formula)
    order = np.lexsort((place, number))
    number, place, formula, goes_on = number[order], place[order], formula[order], goes_on[order]
    new_line = np.diff(number, prepend=-1) != 0
    new_run = new_line | (np.diff(place, prepend=-1) != 1) | (np.diff(formula, prepend=-2) != 0)
    starts = np.flatnonzero(new_run)
    if not len(starts):
        return
    ends = np.append(starts[1:], len(place)) - 1
    alone = ~np.logical_or.reduceat(goes_on, starts)
    bounds = np.append(np.flatnonzero(new_line[starts]), len(starts))
    held = np.logical_or.reduceat(formula >= 0, starts)
    for low, high in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        if high - low > 1 and held[low:high].any():
            runs = zip(
                place[starts[low:high]].tolist(),
                place[ends[low:high]].tolist(),
                formula[starts[low:high]].tolist(),
                alone[low:high].tolist(),
                strict=True,
            )
            yield Line(int(number[starts[low]]), in_row, tuple(Run(*run) for run in runs))


def _goes_on(number: Ints, place: Ints, formula: Ints) -> NDArray[np.bool_]:
    """Tell for each cell whether the one beside it, on the line before or after, is of the same run."""
    order = np.lexsort((number, place))
    same = (np.diff(place[order]) == 0) & (np.diff(number[order]) == 1) & (np.diff(formula[order]) == 0)
    found = np.zeros(len(number), bool)
    found[order[1:]] |= same
    found[order[:-1]] |= same
    return found
