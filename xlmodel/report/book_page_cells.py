"""The cells that a page shows: as recalculated, as their number format shows them, each with its label and source."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.workbook import Book, Sheet
from xlmodel.engine.evaluation import Evaluation
from xlmodel.engine.native.formats import format_text
from xlmodel.engine.native.operands import ExcelError, UnsupportedError
from xlmodel.refs import cell_name
from xlmodel.report.book_page_looks import PLAIN, Look
from xlmodel.report.book_page_markup import cut
from xlmodel.values import ErrorValue, Scalar, Values

__all__ = ["Area", "LeftOut", "recalculated", "shown"]

MOST_ROWS, MOST_COLUMNS = 1_000, 80  #: of a sheet
MOST_CELLS, FEWEST = 40_000, 400  #: of all sheets together; of each sheet, however many came before it
LABEL = 90  #: characters
_LABEL_PARTS = 2
_YEARS = (1900, 2200)


def shown(content: Scalar, code: str, date1904: bool) -> str:
    """Return a cell's content as its number format shows it; as plain as can be where the format is not known.

    >>> shown(0.125, "0.0%", False), shown(None, "0", False), shown(ErrorValue("#N/A"), "0", False)
    ('12.5%', '', '#N/A')
    """
    if content is None:
        return ""
    if isinstance(content, ErrorValue):
        return content.code
    try:
        return format_text(content, code, date1904=date1904)
    except (ExcelError, UnsupportedError):
        return content if isinstance(content, str) else format_text(content, "General")


def recalculated(book: Book, evaluation: Evaluation) -> tuple[Sheet, ...]:
    """Return the sheets with what was calculated in place of what was saved, arrays spread out.

    A formula cell that was not calculated keeps its saved value.
    """
    calculation = evaluation.calculated
    if calculation is None:
        return book.sheets
    sheets, start = [], 0
    for sheet in book.sheets:
        at = np.flatnonzero(sheet.formula >= 0)
        places = np.arange(start, start + len(at))
        start += len(at)
        known = np.array([int(p) not in calculation.reasons for p in places], bool)
        values = sheet.values.copy()
        values.set(at[known], calculation.values[places[known]])
        spilt = {int(p): calculation.spills[int(p)] for p in places if int(p) in calculation.spills}
        sheets.append(_spread(replace(sheet, values=values), evaluation, spilt))
    return tuple(sheets)


def _spread(sheet: Sheet, evaluation: Evaluation, spilt: Mapping[int, Values]) -> Sheet:
    """Put what arrays fill into a sheet, also where the file has no cell for it."""
    new: dict[tuple[int, int], Scalar] = {}
    for place, block in spilt.items():
        anchor = evaluation.key(place)
        for row, col in np.ndindex(*block.shape):
            target = anchor.row + row, anchor.col + col
            index = sheet.find(*target)
            if index < 0:
                new[target] = block.item((row, col))
            elif sheet.formula[index] < 0 or (row, col) == (0, 0):
                sheet.values.put(index, block.item((row, col)))
    if not new:
        return sheet
    rows = np.concatenate([sheet.row, np.array([r for r, _ in new], np.int32)])
    cols = np.concatenate([sheet.col, np.array([c for _, c in new], np.int32)])
    order = np.lexsort((cols, rows))
    values = Values.concat([sheet.values, Values.of(list(new.values()))])
    formula = np.concatenate([sheet.formula, np.full(len(new), -1, np.int32)])
    style = np.concatenate([sheet.style, np.zeros(len(new), np.int32)])
    return replace(
        sheet,
        row=rows[order],
        col=cols[order],
        values=values[order],
        formula=formula[order],
        style=style[order],
        arrays={},
        data_tables={},
        dynamic=frozenset(),
    )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What of a sheet the page does not show."""

    cells: int = 0
    formulas: int = 0


@dataclass(frozen=True, eq=False)
class Area:
    """The part of a sheet that the page shows: rows and columns with something in them."""

    number: int  #: of the sheet in the book, from 1
    sheet: Sheet  #: recalculated
    rows: tuple[int, ...]
    cols: tuple[int, ...]
    left_out: LeftOut
    formats: Sequence[str]
    date1904: bool
    looks: Mapping[tuple[int, int], Look]
    headed: frozenset[tuple[int, int]] = frozenset()  #: the headings of its Excel tables

    @classmethod
    def chosen(cls, number: int, sheet: Sheet, room: int) -> tuple[tuple[int, ...], tuple[int, ...], LeftOut]:
        """Return the rows and columns of a sheet to show when so many cells may be shown, and what is left out."""
        filled = (sheet.values.kind != 0) | (sheet.formula >= 0)
        rows, counts = np.unique(sheet.row[filled], return_counts=True)
        fits = int(np.searchsorted(np.cumsum(counts), max(room, FEWEST), "right"))
        rows = rows[: min(max(fits, 1), MOST_ROWS)]
        cols = np.unique(sheet.col[filled])[:MOST_COLUMNS]
        unseen = filled & ~(_in(sheet.row, rows) & _in(sheet.col, cols))
        formulas = int((sheet.formula[unseen] >= 0).sum())
        return tuple(rows.tolist()), tuple(cols.tolist()), LeftOut(int(unseen.sum()), formulas)

    @cached_property
    def filled(self) -> Mapping[tuple[int, int], int]:
        """The cells that are shown and not empty, and their places in the sheet."""
        sheet = self.sheet
        inside = (
            _in(sheet.row, np.array(self.rows, np.int32))
            & _in(sheet.col, np.array(self.cols, np.int32))
            & ((sheet.values.kind != 0) | (sheet.formula >= 0))
        )
        at = np.flatnonzero(inside)
        return dict(zip(zip(sheet.row[at].tolist(), sheet.col[at].tolist(), strict=True), at.tolist(), strict=True))

    @cached_property
    def by_row(self) -> Mapping[int, list[int]]:
        """The columns of the filled cells of each row."""
        found: dict[int, list[int]] = {}
        for row, col in self.filled:
            found.setdefault(row, []).append(col)
        return found

    @cached_property
    def by_col(self) -> Mapping[int, list[int]]:
        """The rows of the filled cells of each column."""
        found: dict[int, list[int]] = {}
        for row, col in self.filled:
            found.setdefault(col, []).append(row)
        return found

    def content(self, cell: tuple[int, int]) -> Scalar:
        """Return what a cell that is filled holds."""
        return self.sheet.values.item(self.filled[cell])

    def look(self, cell: tuple[int, int]) -> Look:
        """Return a cell's look."""
        return self.looks.get(cell, PLAIN)

    def text(self, cell: tuple[int, int]) -> str:
        """Return what a cell shows; "" where nothing is in it."""
        index = self.filled.get(cell)
        if index is None:
            return ""
        return shown(self.sheet.values.item(index), self.formats[int(self.sheet.style[index])], self.date1904)

    def heads(self, cell: tuple[int, int]) -> bool:
        """Tell whether a cell is a heading: of an Excel table, by its style's name, or bold on a filled ground."""
        if cell in self.headed:
            return True
        look = self.look(cell)
        return look.role == "header" or (not look.role and look.bold and look.filled and self._is_text(cell))

    def is_figure(self, cell: tuple[int, int]) -> bool:
        """Tell whether a cell is more than a heading or a remark."""
        return not self.heads(cell) and self.look(cell).role not in ("title", "section", "note")

    def label(self, cell: tuple[int, int]) -> str:
        """Return what a figure is: the words at the left of its row, then the heading of its column."""
        parts = [p for p in (self.row_label(cell), self.column_label(cell)) if p]
        return cut(": ".join(parts), LABEL) or cell_name(*cell)

    def row_label(self, cell: tuple[int, int]) -> str:
        """Return the words at the left of a cell, shortened where they are many."""
        return cut(self.row_words(cell), LABEL * 2 // 3)

    def row_words(self, cell: tuple[int, int]) -> str:
        """Return the words at the left of a cell: the first, and the longest of the others."""
        row, col = cell
        before = [c for c in self.by_row.get(row, ()) if c < col]
        words = [self.text((row, c)).strip() for c in before if self._is_text((row, c)) and c not in self._sources]
        words = [_one_line(w) for w in words if w]
        if not words:
            return self.text((row, before[0])).strip() if before else ""
        first, rest = words[0], sorted(words[1:], key=len)[-(_LABEL_PARTS - 1) :]
        longer = [w for w in rest if len(w) > len(first) and w != first]
        return ", ".join([first, *longer])

    def column_label(self, cell: tuple[int, int]) -> str:
        """Return the heading above a cell: the nearest that is one; else the nearest text or year."""
        row, col = cell
        for rows in (self._headings.get(col, []), self._words.get(col, [])):
            at = bisect_left(rows, row)
            if at:
                return cut(_one_line(self.text((rows[at - 1], col))), LABEL // 2)
        return ""

    @cached_property
    def _headings(self) -> Mapping[int, list[int]]:
        """The rows of the headings of each column."""
        return {col: [r for r in rows if self.heads((r, col))] for col, rows in self.by_col.items()}

    @cached_property
    def _words(self) -> Mapping[int, list[int]]:
        """The rows in which a column has a text or a year that is not the first of its row."""
        return {
            col: [r for r in rows if self.by_row[r][0] != col and (self._is_text((r, col)) or self._is_year((r, col)))]
            for col, rows in self.by_col.items()
        }

    def source(self, cell: tuple[int, int]) -> str:
        """Return what a column headed "Source" says in a cell's row; "" where there is none."""
        row, _ = cell
        for col in self.by_row.get(row, ()):
            if self._is_text((row, col)) and col in self._sources and row > self._sources[col]:
                return _one_line(self.text((row, col)))
        return ""

    @cached_property
    def _sources(self) -> Mapping[int, int]:
        """The columns headed "Source", with the row of the first such heading."""
        found: dict[int, int] = {}
        for row, col in self.filled:
            content = self.content((row, col))
            if isinstance(content, str) and content.strip().casefold() in ("source", "sources"):
                found.setdefault(col, row)
        return found

    def _is_text(self, cell: tuple[int, int]) -> bool:
        return isinstance(self.content(cell), str)

    def _is_year(self, cell: tuple[int, int]) -> bool:
        content = self.content(cell)
        return isinstance(content, float) and content.is_integer() and _YEARS[0] <= content <= _YEARS[1]


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _in(numbers: NDArray[np.int32], chosen: NDArray[np.int32]) -> NDArray[np.bool_]:
    return np.isin(numbers, chosen)
