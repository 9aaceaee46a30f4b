"""How a formula reads after rows have moved: the rows in it change, and no other byte."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache

from xlmodel.book.moving.moves import Growth, Purpose, RowMove, SheetMoves
from xlmodel.errors import UnsupportedEditError
from xlmodel.refs import (
    MAX_COL,
    MAX_ROW,
    Rect,
    Token,
    areas_replaced,
    column_number,
    parse_prefix,
    to_a1,
    to_r1c1,
    tokens,
)

__all__ = ["Formulas", "moved_formula"]

Cell = tuple[int, int]
_DIGITS = re.compile(r"[0-9]+")
_LETTERS = re.compile(r"[A-Za-z]+")
_ABSOLUTE_ROW = re.compile(r"\$[0-9]")


def moved_formula(
    formula: str,
    home: str | None,
    moves: Sequence[RowMove],
    growths: Sequence[Growth] = (),
    *,
    sheets: Iterable[str] = (),
) -> str:
    """Return how a formula reads after rows have moved.

    Parameters
    ----------
    formula : str
        In A1 notation.
    home : str or None
        The sheet it stands on; None for none, as in a chart.
    moves : sequence of RowMove
        Each in the rows that the one before left.
    growths : sequence of Growth
        Tables that grew or shrank, in the rows that the moves left.
    sheets : iterable of str
        All sheets in their order; needed for references through several of them.

    Raises
    ------
    UnsupportedEditError
        A reference would be lost, or leads through several sheets of which one moves.

    Examples
    --------
    >>> moved_formula("sum( $B$4:b10 )+'My data'!C9", "Data", [RowMove("Data", 6, 3)])
    "sum( $B$4:b13 )+'My data'!C9"
    >>> moved_formula("SUM(Data!B3:B10)", "Report", [], [Growth("Data", Rect(4, 1, 10, 5), Rect(4, 1, 12, 5))])
    'SUM(Data!B3:B12)'
    """
    return Formulas(moves, growths, sheets).moved(formula, home)


class Formulas:
    """Follows moves in the formulas of a workbook."""

    def __init__(self, moves: Sequence[RowMove], growths: Sequence[Growth] = (), sheets: Iterable[str] = ()) -> None:
        names = {move.sheet.casefold() for move in moves} | {growth.sheet.casefold() for growth in growths}
        self._moves = {
            name: SheetMoves(
                tuple(m for m in moves if m.sheet.casefold() == name and m.count),
                tuple(g for g in growths if g.sheet.casefold() == name and g.before != g.after),
            )
            for name in names
        }
        self._moves = {name: moved for name, moved in self._moves.items() if moved.moves or moved.growths}
        self._sheets = [name.casefold() for name in sheets]
        #: the first row that a reference must reach to be changed
        self.first = min((moved.first for moved in self._moves.values()), default=MAX_ROW + 1)
        self.moving = any(moved.moves for moved in self._moves.values())  #: whether any rows move
        self.growing = any(moved.growths for moved in self._moves.values())  #: whether any table grows
        self._meant = lru_cache(maxsize=4096)(self._read_prefix)
        # cells beside each other refer to the same ones
        self._area = lru_cache(maxsize=4096)(_moved_area)

    def __bool__(self) -> bool:
        return bool(self._moves)

    def on(self, sheet: str | None) -> SheetMoves | None:
        """Return what moves on a sheet."""
        return None if sheet is None else self._moves.get(sheet.casefold())

    def moved(
        self, formula: str, home: str | None, *, cell: Cell | None = None, purpose: Purpose = Purpose.FORMULA
    ) -> str:
        """Return how a formula reads after the moves.

        Parameters
        ----------
        formula : str
            In A1 notation.
        home : str or None
            The sheet it stands on.
        cell : tuple of int, optional
            Its row and column. In the data of a table that grows, a range with a relative end means the formula's own
            rows, as in a running total, and not all data.
        purpose : Purpose
            What its ranges are for.
        """
        if not any(int(number) >= self.first for number in _DIGITS.findall(formula)):
            return formula
        own = self.on(home)
        inside = own is not None and cell is not None and own.grows_around(*cell)

        def replaced(prefix: str, text: str) -> str:
            moves = self._meant(prefix, home)
            return self._area(prefix, text, moves, purpose, inside and moves[0] is own) if moves else text

        return areas_replaced(formula, replaced)

    def _read_prefix(self, prefix: str, home: str | None) -> tuple[SheetMoves, ...]:
        """Return what moves on the sheets that a prefix names; several only for a reference through sheets."""
        if not prefix:
            own = self.on(home)
            return () if own is None else (own,)
        meant = parse_prefix(prefix)
        if meant.book:
            return ()
        first, last = meant.first.casefold(), meant.last.casefold()
        if first == last:
            names = [first]
        elif first in self._sheets and last in self._sheets:
            low, high = sorted((self._sheets.index(first), self._sheets.index(last)))
            names = self._sheets[low : high + 1]
        else:
            names = [first, last]
        found = [self._moves[name] for name in names if name in self._moves]
        # the same moves twice tell a reference through several sheets from others
        return tuple(found) if len(names) == 1 else tuple(found * 2)

    def filled(self, r1c1: str, home: str, cells: Iterable[Cell]) -> dict[Cell, str]:
        """Return how a formula that is filled to some cells reads in each of them, in R1C1 notation.

        Cells that are gone are left out.
        """
        moves = self.on(home)
        edges = self.edges(r1c1, home)
        known: dict[tuple[int, int], str] = {}
        found = {}
        for row, col in cells:
            new_row = row if moves is None else moves.row(row)
            if new_row is None:
                continue
            alike = bisect_right(edges, row), col if self.growing else 0
            if alike not in known:
                known[alike] = to_r1c1(self.moved(to_a1(r1c1, row, col), home, cell=(row, col)), new_row, col)
            found[row, col] = known[alike]
        return found

    def edges(self, r1c1: str, home: str) -> list[int]:
        """Return the rows from which on a formula that is filled down may change otherwise than in the row before."""
        moves = self.on(home)
        found: set[int] = set() if moves is None else set(moves.breaks)
        for token in tokens(r1c1, r1c1=True):
            for meant in self._meant(token.area.prefix, home) if token.area else ():
                found |= {(row - distance - 1) % MAX_ROW + 1 for row in meant.breaks for distance in rows_apart(token)}
        return sorted(found)

    def distances(self, formula: str, home: str | None, row: int = 1, col: int = 1) -> set[int]:
        """Return how far the rows that a formula means lie from its own, in references to sheets that move.

        Only relative rows count.
        """
        return {
            distance % MAX_ROW
            for token in tokens(formula, row, col)
            if token.area and self._meant(token.area.prefix, home)
            for distance in rows_apart(token)
        }


def rows_apart(token: Token) -> list[int]:
    """Return how far the relative rows of a token lie from the formula's own."""
    area = token.area
    corners = () if area is None else (area.top, area.bottom)
    return [corner[1] for corner in corners if corner is not None and not corner[0]]


def _moved_area(prefix: str, text: str, moves: tuple[SheetMoves, ...], purpose: Purpose, inside: bool) -> str:
    """Return the text of an area with its rows moved."""
    corners = text.split(":")
    rows = [int(number) for number in _DIGITS.findall(text)]
    if not rows or max(rows) > MAX_ROW:
        return text
    cols = [column_number(letters) for letters in _LETTERS.findall(text)] or [1, MAX_COL]
    if max(cols) > MAX_COL:
        return text
    top, bottom = min(rows), max(rows)
    grows = purpose is not Purpose.FORMULA or len(corners) == 2
    if inside and grows:
        first, last = sorted(corners, key=_row_of)
        grows = bool(_ABSOLUTE_ROW.search(last))
        purpose = purpose if _ABSOLUTE_ROW.search(first) else Purpose.REST
    before = Rect(top, min(cols), bottom, max(cols))
    after = moves[0].followed(before, purpose) if grows else moves[0].rect(before)
    if after == before:
        return text
    if len(moves) > 1:
        raise UnsupportedEditError(f"{prefix}{text} leads through several sheets, of which only one moves")
    if after is None:
        raise UnsupportedEditError(f"{prefix}{text} would lose the rows it refers to")
    if len(corners) == 1 and after.top != after.bottom:
        corners *= 2
    new = (after.bottom, after.top) if rows[0] > rows[-1] else (after.top, after.bottom)
    return ":".join([_DIGITS.sub(str(row), corner) for row, corner in zip(new, corners, strict=False)])


def _row_of(corner: str) -> int:
    found = _DIGITS.search(corner)
    return int(found[0]) if found else 0
