"""The cells of a sheet as a reader takes them: names, figures, years, marks for nothing; and its heading rows."""

from __future__ import annotations

import re
from bisect import bisect_left
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.workbook import Book, Sheet
from xlmodel.layout.shown import shown
from xlmodel.values import Kind

__all__ = ["Cells", "HeadingRows", "Sort", "clean"]

_NOTHING = re.compile(r"[-–—.…*:_=\s]*|n/?a\.?|nil|none|x|c|tbc|tba|\?+", re.IGNORECASE)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_DEEPEST_HEADING = 4  #: a longer run of rows without a figure is a table of words
_STEPS_OF_HEADING = 3  #: 1, 2, 3 over columns of figures are headings


class Sort(IntEnum):
    """What a cell is to a reader."""

    EMPTY = 0
    NAME = 1  #: a text
    FIGURE = 2  #: a number, and what stands in for one: an error, TRUE
    MARK = 3  #: a text in place of a figure: a dash, n/a
    PERIOD = 4  #: a date, or a number that is a year


_SORTS = tuple(Sort)  # members of an enumeration are slow to look up by value


class HeadingRows:
    """Rows next to one another that name the columns under them."""

    def __init__(self, rows: list[int], left: int, right: int) -> None:
        self.rows = rows
        self.left, self.right = left, right


def clean(text: str) -> str:
    """Return a name as one line, without a colon at its end.

    >>> clean(" Total\\n costs: ")
    'Total costs'
    """
    return " ".join(text.split()).rstrip(" :")


class Cells:
    """One sheet, its rows ready to be looked up.

    Attributes
    ----------
    sort : array of Sort
        One for each cell of the sheet, in its order.
    """

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self.sheet = sheet
        self.sort = _sorts(book, sheet)
        kept = np.flatnonzero(self.sort)
        self._at = kept.tolist()
        rows = sheet.row[kept]
        self.rows: list[int] = np.unique(rows).tolist()  #: those with anything in them
        edges = np.searchsorted(rows, [*self.rows, 1 << 30])
        self._span = {r: (int(a), int(b)) for r, a, b in zip(self.rows, edges[:-1], edges[1:], strict=True)}
        self._cols: list[int] = sheet.col[kept].tolist()
        self._sorts = [_SORTS[n] for n in self.sort[kept].tolist()]
        self._rows: dict[int, list[tuple[int, Sort, int]]] = {}
        self.merged = {(m.top, m.left): m for m in sheet.merged}
        self._covered: dict[int, list[tuple[int, int, int]]] = {}
        for m in sheet.merged:
            if m.bottom - m.top <= 1_000:
                for row in range(m.top, m.bottom + 1):
                    self._covered.setdefault(row, []).append((m.left, m.right, m.top))

    def row(self, row: int) -> list[tuple[int, Sort, int]]:
        """Return the cells of a row that hold something: column, sort, index into the sheet."""
        if row not in self._rows:
            a, b = self._span.get(row, (0, 0))
            self._rows[row] = list(zip(self._cols[a:b], self._sorts[a:b], self._at[a:b], strict=True))
        return self._rows[row]

    def find(self, row: int, col: int) -> tuple[Sort, int]:
        """Return what a cell is and its index; EMPTY and -1 where nothing is there."""
        a, b = self._span.get(row, (0, 0))
        i = bisect_left(self._cols, col, a, b)
        return (self._sorts[i], self._at[i]) if i < b and self._cols[i] == col else (Sort.EMPTY, -1)

    def owner(self, row: int, col: int) -> tuple[int, int]:
        """Return the first cell of the merged range that a cell lies in, or the cell itself."""
        for left, right, top in self._covered.get(row, ()):
            if left <= col <= right:
                return top, left
        return row, col

    def text(self, index: int) -> str:
        """Return the name a cell gives, as one line; numbers as they are written."""
        values = self.sheet.values
        if int(values.kind[index]) == Kind.TEXT:
            return clean(str(values.text[index]))
        return f"{float(values.num[index]):.15g}"

    @cached_property
    def headings(self) -> list[HeadingRows]:
        """The heading rows of the sheet, from its top."""
        plain = {row: self._heading(row) for row in self.rows}
        found, at = [], 0
        while at < len(self.rows):
            if not plain[self.rows[at]]:
                at += 1
                continue
            end = at + 1
            while end < len(self.rows) and plain[self.rows[end]] and self.rows[end] == self.rows[end - 1] + 1:
                end += 1
            run = self.rows[at:end]
            at = end
            if len(run) > _DEEPEST_HEADING:
                run = run[:1]
            while len(run) > 1 and plain[run[0]] == 1 and self.row(run[0])[0][0] == self._first_col(run[1:]):
                run = run[1:]  # a title or the name of a section, over the first column
            while len(run) > 1 and plain[run[-1]] == 1 and self.row(run[-1])[0][0] <= self._first_col(run[:-1]):
                run = run[:-1]
            if max(plain[row] for row in run) > 1:
                cols = [cell[0] for row in run for cell in self.row(row)]
                rights = [
                    self.merged[row, c].right for row in run for c, *_ in self.row(row) if (row, c) in self.merged
                ]
                found.append(HeadingRows(run, min(cols), max(cols + rights)))
        return found

    def _first_col(self, rows: list[int]) -> int:
        return min(self.row(row)[0][0] for row in rows)

    def _heading(self, row: int) -> int:
        """Return how many headings a row has: 0 where it is no row of headings."""
        cells = self.row(row)
        figures = [i for _, sort, i in cells if sort is Sort.FIGURE]
        if any(sort is Sort.MARK for _, sort, _ in cells):
            cells = [cell for cell in cells if cell[1] is not Sort.MARK]
            if sum(sort is Sort.NAME for _, sort, _ in cells) < 3:
                return 0
        if not figures:
            return len(cells)
        numbers = self.sheet.values.num[figures]
        counted = len(figures) >= _STEPS_OF_HEADING and numbers[0] in (0, 1) and (np.diff(numbers) == 1).all()
        if not counted or (self.sheet.formula[figures] >= 0).any():
            return 0
        over = {col for col, sort, _ in cells if sort is Sort.FIGURE}
        under = {col for col, sort, _ in self.row(row + 1) if sort is Sort.FIGURE}
        return len(cells) if over <= under and not self._heading(row - 1) else 0


def _sorts(book: Book, sheet: Sheet) -> NDArray[np.int8]:
    values = sheet.values
    sort = np.zeros(len(sheet), np.int8)
    number = values.kind == Kind.NUMBER
    sort[number | (values.kind == Kind.BOOLEAN) | (values.kind == Kind.ERROR)] = Sort.FIGURE
    text = np.flatnonzero(values.kind == Kind.TEXT)
    meaning = {t: _of_text(t) for t in set(values.text[text].tolist())}
    sort[text] = [meaning[t] for t in values.text[text].tolist()]
    looks = [shown(code) for code in book.number_formats]
    date = np.array([look.date for look in looks], bool)[sheet.style]
    plain = np.array([look.plain for look in looks], bool)[sheet.style]
    year = (values.num >= _FIRST_YEAR) & (values.num <= _LAST_YEAR) & (values.num == np.floor(values.num)) & plain
    sort[number & (date | year)] = Sort.PERIOD
    return _without_chance_years(sheet, sort, number & ~date)


def _without_chance_years(sheet: Sheet, sort: NDArray[np.int8], number: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Take numbers for years only among years: in a row, or in a column, where most numbers are."""
    for places in (sheet.row, sheet.col):
        periods = np.bincount(places, weights=(sort == Sort.PERIOD) & number)
        numbers = np.bincount(places, weights=number)
        mostly = periods * 2 > numbers
        sort[(sort == Sort.PERIOD) & number & mostly[places]] += 100
        sort[sort > 100] = 100 + Sort.PERIOD
    sort[(sort == Sort.PERIOD) & number] = Sort.FIGURE
    sort[sort > 100] = Sort.PERIOD
    return sort


def _of_text(text: str) -> Sort:
    text = text.strip()
    if not text:
        return Sort.EMPTY
    return Sort.MARK if _NOTHING.fullmatch(text) else Sort.NAME
