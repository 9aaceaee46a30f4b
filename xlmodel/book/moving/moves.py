"""What moves: whole rows of a sheet, and the data of a table that grows or shrinks at its end."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from xlmodel.refs import MAX_ROW, Rect

__all__ = ["Growth", "Purpose", "RowMove", "SheetMoves"]


class Purpose(Enum):
    """What a range is for, which decides whether it means all data of a table."""

    FORMULA = "formula"  #: covers all rows of some columns, with or without the headings
    SERIES = "series"  #: as in a chart: so does one row of a table that has but one
    REST = "rest"  #: in the table itself: from some row to the end
    PAGE = "page"  #: as what is printed: ends with the table


@dataclass(frozen=True, slots=True)
class RowMove:
    """Whole rows of a sheet that come or go.

    >>> RowMove("Data", 5, 2).row(5), RowMove("Data", 5, -2).row(6), RowMove("Data", 5, -2).row(7)
    (7, None, 5)
    """

    sheet: str
    at: int  #: the first row that moves down, or the first that goes
    count: int  #: how many blank rows come before it; below 0, how many go

    def row(self, row: int) -> int | None:
        """Return where a row stands afterwards; None for one that is gone."""
        if row < self.at:
            return row
        if self.count < 0 and row < self.at - self.count:
            return None
        return row + self.count

    def origin(self, row: int) -> int:
        """Return where a row stood before; for one that came, the row it came before."""
        if row < self.at:
            return row
        return max(self.at, row - self.count)

    def rows(self, top: int, bottom: int) -> tuple[int, int] | None:
        """Return where a stretch of rows stands afterwards; None where all of it is gone or pushed off the sheet.

        >>> RowMove("Data", 5, 2).rows(3, 5), RowMove("Data", 5, -2).rows(4, 6), RowMove("Data", 5, -2).rows(5, 6)
        ((3, 7), (4, 4), None)
        """
        if top == 1 and bottom == MAX_ROW:
            return top, bottom
        if self.count > 0:
            top, bottom = (row + self.count if row >= self.at else row for row in (top, bottom))
            bottom = min(bottom, MAX_ROW)
        else:
            end = self.at - self.count
            top = top + self.count if top >= end else min(top, self.at)
            bottom = bottom + self.count if bottom >= end else min(bottom, self.at - 1)
        return (top, bottom) if top <= bottom else None

    def cuts(self, top: int, bottom: int) -> bool:
        """Tell whether rows come strictly inside a stretch of rows, or some of it goes but not all."""
        if self.count > 0:
            return top < self.at <= bottom
        last = self.at - self.count - 1
        overlap = max(top, self.at) <= min(bottom, last)
        return overlap and not (self.at <= top and bottom <= last)


@dataclass(frozen=True, slots=True)
class Growth:
    """The data of a table, headings and totals left out, that grew or shrank at its end."""

    sheet: str
    before: Rect
    after: Rect

    def bottom(self, rect: Rect, purpose: Purpose) -> int | None:
        """Return the new last row of a range that means all data of some columns; None for any other range."""
        before = self.before
        if rect.bottom != before.bottom:
            return None
        if purpose is Purpose.PAGE:
            apart = rect.right < before.left or rect.left > before.right or rect.top > before.top
            return None if apart else self.after.bottom
        if rect.left < before.left or rect.right > before.right or rect.top < before.top - 1:
            return None
        if purpose is not Purpose.REST and rect.top > before.top:
            return None
        one_row = rect.top == rect.bottom and purpose is Purpose.FORMULA
        if one_row and rect.left != rect.right and (rect.left, rect.right) != (before.left, before.right):
            return None
        return self.after.bottom


class SheetMoves:
    """All that moves on one sheet, in order."""

    def __init__(self, moves: Sequence[RowMove], growths: Sequence[Growth] = ()) -> None:
        self.moves = tuple(moves)
        self.growths = tuple(growths)
        #: the data of the tables that grow, as they stood before all moves
        self.bodies = tuple(
            growth.before._replace(top=self._origin(growth.before.top), bottom=self._origin(growth.before.bottom))
            for growth in growths
        )
        ends = {self._origin(row, n) for n, m in enumerate(self.moves) for row in (m.at, m.at - min(m.count, 0))}
        # rows between two of these move alike
        self._starts = [1, *sorted(ends - {1})]
        self._new = [self._moved(row) for row in self._starts]

    def _origin(self, row: int, after: int | None = None) -> int:
        """Return where a row stood before the first of some moves, or before all."""
        for move in reversed(self.moves[:after]):
            row = move.origin(row)
        return row

    def _moved(self, row: int) -> int | None:
        at: int | None = row
        for move in self.moves:
            if at is not None:
                at = move.row(at)
        return at

    @property
    def first(self) -> int:
        """The first row that a reference must reach to be changed."""
        return min((*(move.at for move in self.moves), *(body.bottom for body in self.bodies)))

    @property
    def breaks(self) -> frozenset[int]:
        """The rows, as they were, from which on rows fare differently from the row before."""
        beside = (
            row for body in self.bodies for row in (body.top - 1, body.top, body.top + 1, body.bottom, body.bottom + 1)
        )
        return frozenset((*self._starts, *beside))

    def grows_around(self, row: int, col: int) -> bool:
        """Tell whether a cell, as it stood before all moves, is among the data of a table that grows."""
        return any(body.encloses(Rect(row, col, row, col)) for body in self.bodies)

    def row(self, row: int) -> int | None:
        """Return where a row stands afterwards; None for one that is gone."""
        at = bisect_right(self._starts, row) - 1
        new = self._new[at]
        return None if new is None else new + row - self._starts[at]

    def rect(self, rect: Rect) -> Rect | None:
        """Return where a rectangle stands after the moves; None where all of it is gone or pushed off the sheet."""
        if rect.top == 1 and rect.bottom == MAX_ROW:
            return rect
        top, bottom = self.row(rect.top), self.row(rect.bottom)
        if top is None:
            later = bisect_right(self._starts, rect.top)
            top = next((new for new in self._new[later:] if new is not None), MAX_ROW + 1)
        if bottom is None:
            earlier = bisect_right(self._starts, rect.bottom) - 1
            kept = next((i for i in range(earlier - 1, -1, -1) if self._new[i] is not None), -1)
            bottom = 0 if kept < 0 else self.row(self._starts[kept + 1] - 1) or 0
        bottom = min(bottom, MAX_ROW)
        return rect._replace(top=top, bottom=bottom) if top <= bottom else None

    def followed(self, rect: Rect, purpose: Purpose = Purpose.FORMULA) -> Rect | None:
        """Return where a range that is referred to stands after moves and growths; None where all of it is gone."""
        moved = self.rect(rect)
        for growth in self.growths:
            if moved is not None:
                bottom = growth.bottom(moved, purpose)
                moved = moved if bottom is None else moved._replace(bottom=bottom)
        return moved

    def cuts(self, rect: Rect) -> bool:
        """Tell whether a rectangle is cut by any move."""
        rows: tuple[int, int] | None = (rect.top, rect.bottom)
        for move in self.moves:
            if rows is None:
                return False
            if move.cuts(*rows):
                return True
            rows = move.rows(*rows)
        return False
