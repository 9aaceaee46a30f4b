"""How formulas read when they are filled to other cells, and how far a formula is filled on.

Texts are bytes, as they come from the file and without entities; a NUL stands behind each.
"""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from xlmodel.refs import MAX_COL, MAX_ROW, column_letters

__all__ = ["Coordinates", "Filled", "Lane"]

#: how many cells are guessed at once, at first and at most; four times as many after each right guess
_FIRST, _MOST = 8, 4096
#: rows so far below all others are not remembered: a sheet may have little else
_FAR = 10_000


class Coordinates:
    """The texts of rows and of columns, which are asked for again and again."""

    def __init__(self) -> None:
        self._rows = [b""]
        self._cols = [b""]

    def rows(self, first: int, count: int) -> list[bytes]:
        """Return the texts of rows that follow each other."""
        if first > 2 * len(self._rows) + _FAR:
            return [b"%d" % row for row in range(first, first + count)]
        self._rows += [b"%d" % row for row in range(len(self._rows), first + count)]
        return self._rows[first : first + count]

    def cols(self, first: int, count: int) -> list[bytes]:
        """Return the texts of columns that follow each other."""
        self._cols += [column_letters(col).encode() for col in range(len(self._cols), first + count)]
        return self._cols[first : first + count]


class Filled:
    """A formula that was read, ready to say how it would read when filled to other cells."""

    __slots__ = ("_literals", "_places", "_reach", "number")

    def __init__(self, number: int, literals: list[str], places: list[tuple[bool, int]]) -> None:
        self.number = number
        self._literals = [literal.encode() for literal in literals]  #: the texts around the relative coordinates
        self._places = places  #: of each relative coordinate: is it a row?, distance
        rows, cols = [n for is_row, n in places if is_row], [n for is_row, n in places if not is_row]
        self._reach = min(rows, default=0), max(rows, default=0), min(cols, default=0), max(cols, default=0)

    def at(self, row: int, col: int) -> bytes:
        """Return the text at a cell without its NUL, b"" where it reaches over the edge."""
        up, down, left, right = self._reach
        if row + up < 1 or row + down > MAX_ROW or col + left < 1 or col + right > MAX_COL:
            return b""
        pieces = [self._literals[0]]
        for (is_row, n), literal in zip(self._places, self._literals[1:], strict=True):
            pieces += (b"%d" % (row + n) if is_row else column_letters(col + n).encode(), literal)
        return b"".join(pieces)

    def run(self, row: int, col: int, count: int, downwards: bool, coordinates: Coordinates) -> bytes:
        """Return the texts at a cell and those below or beside it; fewer where the sheet ends.

        The formula is known to stand at the cell before.
        """
        _, down, _, right = self._reach
        count = max(0, min(count, MAX_ROW - row - down + 1 if downwards else MAX_COL - col - right + 1))
        fixed, moving = [self._literals[0]], []
        for (is_row, n), literal in zip(self._places, self._literals[1:], strict=True):
            if is_row != downwards:
                fixed[-1] += (b"%d" % (row + n) if is_row else column_letters(col + n).encode()) + literal
                continue
            moving.append(coordinates.rows(row + n, count) if downwards else coordinates.cols(col + n, count))
            fixed.append(literal)
        fixed[-1] += b"\0"
        width = len(fixed) + len(moving)
        pieces = [b""] * width
        pieces[::2] = fixed
        pieces *= count
        for i, texts in enumerate(moving):
            pieces[2 * i + 1 :: width] = texts
        return b"".join(pieces)


class Lane:
    """Formulas in the order of their columns or of their rows, which is how they are given."""

    def __init__(self, texts: bytes, rows: NDArray[np.int32], cols: NDArray[np.int32], downwards: bool) -> None:
        self._downwards = downwards
        self._cells = np.arange(len(rows))
        across, along = rows, cols
        if downwards:
            self._cells = np.argsort(cols, kind="stable")
            across, along = cols[self._cells], rows[self._cells]
            texts = b"\0".join([*np.array(texts.split(b"\0")[:-1], object)[self._cells].tolist(), b""])
        self._place = np.empty_like(self._cells)
        self._place[self._cells] = np.arange(len(rows))
        self._texts = texts
        self._ends = np.append(-1, np.flatnonzero(np.frombuffer(texts, np.uint8) == 0)) + 1
        #: where cells do not follow each other
        self._gaps = [*(np.flatnonzero((np.diff(across) != 0) | (np.diff(along) != 1)) + 1).tolist(), len(rows)]

    def text(self, cell: int) -> bytes:
        """Return the text of a cell without its NUL."""
        at = self._place[cell]
        return self._texts[self._ends[at] : self._ends[at + 1] - 1]

    def filled_on(self, filled: Filled, cell: int, row: int, col: int, coordinates: Coordinates) -> NDArray[np.intp]:
        """Return the cells after one, without a gap, to which its formula is filled on."""
        first = at = int(self._place[cell]) + 1
        stop, size = self._gaps[bisect_right(self._gaps, at - 1)], _FIRST
        while at < stop:
            until, step = min(at + size, stop), at - first + 1
            place = (row + step, col) if self._downwards else (row, col + step)
            guess = filled.run(*place, until - at, self._downwards, coordinates)
            texts = self._texts[self._ends[at] : self._ends[until]]
            if guess != texts:
                same = self._ends[at] + _common(guess, texts)
                at = int(np.searchsorted(self._ends[: until + 1], same, "right")) - 1
                break
            at, size = until, min(4 * size, _MOST)
        return self._cells[first:at]


def _common(a: bytes, b: bytes) -> int:
    """Return how many bytes two texts begin with alike."""
    size = min(len(a), len(b))
    differ = np.frombuffer(a, np.uint8, size) != np.frombuffer(b, np.uint8, size)
    return int(differ.argmax()) if differ.any() else size
