"""Where a feed's rows go: a table, a named range or a region of a workbook, with its headings and what fills it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from xlmodel.book import Book, Sheet
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import BookError, SyncError
from xlmodel.refs import Rect, ReferenceSyntaxError, parse_cell
from xlmodel.sync.declared import Target
from xlmodel.sync.names import named_range
from xlmodel.values import ErrorValue, Kind, Scalar

__all__ = ["Located", "locate"]

_ARRAY = -2  #: in place of a formula's number: the cell is filled by an array formula or a data table elsewhere


@dataclass(frozen=True, eq=False)
class Located:
    """A target as a workbook has it."""

    kind: Literal["table", "name", "region"]
    own_name: str  #: of the table or the name
    book: Book
    sheet: Sheet
    body: Rect  #: the rows under the headings, without totals; its bottom lies above its top where there is none
    headings: tuple[str, ...]  #: of all columns, as the workbook writes them
    columns: dict[str, int]  #: those that were asked for, by the headings that were asked for -> column of the sheet

    @property
    def title(self) -> str:
        """What people call the target: "table Budget_lines on sheet In-year"."""
        if self.kind == "region":
            return f"{self.sheet.name}!{self.body.name}"
        return f"{self.kind} {self.own_name} on sheet {self.sheet.name}"

    def heading(self, column: str) -> str:
        """Return a column's heading as the workbook writes it."""
        return self.headings[self.columns[column] - self.body.left]

    def cell(self, at: int, column: str) -> CellKey:
        """Return the cell of a column in a row, counted from 0 within the body."""
        return CellKey(self.sheet.name, self.body.top + at, self.columns[column])

    def contents(self, column: str) -> list[Scalar]:
        """Return what a column's cells hold, from the first row on; an empty text is as good as blank."""
        col = self.columns[column]
        if self.body.bottom < self.body.top:
            return []
        cells = self.sheet.block(Rect(self.body.top, col, self.body.bottom, col)).scalars()
        return [None if content == "" else content for content in cells]

    @cached_property
    def _places(self) -> NDArray[np.int64]:
        """The places of the body's cells in the sheet, rows by columns; -1 where the sheet has no cell."""
        top, left, bottom, right = self.body
        places = np.full((max(bottom - top + 1, 0), right - left + 1), -1, np.int64)
        low, high = np.searchsorted(self.sheet.row, (top, bottom + 1))
        at = np.arange(low, max(low, high))
        at = at[(self.sheet.col[at] >= left) & (self.sheet.col[at] <= right)]
        places[self.sheet.row[at] - top, self.sheet.col[at] - left] = at
        return places

    @cached_property
    def _formulas(self) -> NDArray[np.int64]:
        """Each cell's formula by its number in the book; -1 for none."""
        top, left, bottom, right = self.body
        places = self._places
        found = np.full(places.shape, -1, np.int64)
        found[places >= 0] = self.sheet.formula[places[places >= 0]]
        for rect in (*self.sheet.arrays.values(), *self.sheet.data_tables.values()):
            if rect.top <= bottom and rect.bottom >= top and rect.left <= right and rect.right >= left:
                part = found[
                    max(rect.top - top, 0) : rect.bottom - top + 1, max(rect.left - left, 0) : rect.right - left + 1
                ]
                part[part < 0] = _ARRAY
        return found

    def formula(self, at: int, column: str) -> str:
        """Return what calculates a cell, with its equals sign; "" for a cell that holds no result."""
        number = int(self._formulas[at, self.columns[column] - self.body.left])
        if number == _ARRAY:
            return "a formula of another cell fills it"
        return "" if number < 0 else "=" + self.book.formula_a1(self.sheet, int(self._place(at, column)))

    def calculated(self, column: str) -> bool:
        """Whether a formula fills a column in every row that holds data."""
        found = self._formulas[self.data_rows, self.columns[column] - self.body.left]
        return bool(found.size) and bool((found != -1).all())

    def number_format(self, at: int, column: str) -> str:
        """Return how a cell shows numbers."""
        place = self._place(at, column)
        return "General" if place < 0 else self.book.number_formats[int(self.sheet.style[place])]

    def _place(self, at: int, column: str) -> int:
        return int(self._places[at, self.columns[column] - self.body.left])

    @cached_property
    def data_rows(self) -> NDArray[np.int64]:
        """The rows, counted from 0 within the body, in which something is typed."""
        places = self._places
        kind = self.sheet.values.kind
        filled = np.zeros(places.shape, bool)
        there = places >= 0
        filled[there] = kind[places[there]] != Kind.BLANK
        return np.flatnonzero((filled & (self._formulas == -1)).any(axis=1))

    def typed(self, at: int) -> dict[str, Scalar]:
        """Return what is typed in a row, by the headings of the workbook."""
        found: dict[str, Scalar] = {}
        for col, heading in enumerate(self.headings):
            place = int(self._places[at, col])
            if place >= 0 and self._formulas[at, col] == -1 and (content := self.sheet.values.item(place)) is not None:
                found[heading] = content
        return found

    @property
    def has_formulas(self) -> bool:
        """Whether any cell of the body is calculated."""
        return bool((self._formulas != -1).any())


def locate(book: Book, target: Target, columns: Sequence[str]) -> Located:
    """Find a target in a workbook.

    Parameters
    ----------
    book : Book
        The workbook.
    target : Target
        What is declared.
    columns : sequence of str
        Headings that must be there.

    Raises
    ------
    SyncError
        It is not there, lacks a column, or has one in a form that rows cannot be told apart in.
    """
    if target.table:
        found = _table(book, target.table, columns)
    elif target.name:
        found = _named(book, target.name, columns)
    else:
        found = _region(book, target.region, columns)
    _refuse_merged(found)
    return found


def _table(book: Book, name: str, columns: Sequence[str]) -> Located:
    table = next((t for t in book.tables if t.name.casefold() == name.casefold()), None)
    if table is None:
        there = ", ".join(t.name for t in book.tables) or "none"
        raise SyncError(f"{book.path.name} has no table {name!r}; its tables are: {there}")
    rect = table.rect
    body = Rect(rect.top + table.header_rows, rect.left, rect.bottom - table.totals_rows, rect.right)
    where = f"table {table.name}"
    found = _columns(table.columns, rect.left, columns, where)
    return Located("table", table.name, book, book.sheet(table.sheet), body, table.columns, found)


def _named(book: Book, name: str, columns: Sequence[str]) -> Located:
    sheet, rect = named_range(book, name)
    first = _texts(sheet, rect.top, rect.left, rect.right)
    if all(_find(first, column) for column in columns):
        body = rect._replace(top=rect.top + 1)
    elif rect.top > 1:
        body, first = rect, _texts(sheet, rect.top - 1, rect.left, rect.right)
    else:
        body = rect
    where = f"name {name} ({sheet.name}!{rect.name}), in its first row or the row above it,"
    return Located("name", name, book, sheet, body, first, _columns(first, rect.left, columns, where))


def _region(book: Book, region: str, columns: Sequence[str]) -> Located:
    name, _, cell = region.rpartition("!")
    try:
        top, left = parse_cell(cell)
        sheet = book.sheet(name.strip("'").replace("''", "'"))
    except (ReferenceSyntaxError, BookError) as error:
        raise SyncError(
            f"the region {region!r} must be a sheet and the cell of a heading, as Data!A5: {error}"
        ) from error
    used = sheet.used
    if top > used.bottom or left > used.right or sheet.value(top, left) is None:
        raise SyncError(f"{sheet.name}!{cell} must hold the first heading of the region; it is blank")
    row = _texts(sheet, top, left, used.right)
    right = left + next((i for i, text in enumerate(row) if not text), len(row)) - 1
    headings = row[: right - left + 1]
    low, high = np.searchsorted(sheet.row, (top + 1, used.bottom + 1))
    at = np.arange(low, high)
    inside = (sheet.col[at] >= left) & (sheet.col[at] <= right)
    filled = (sheet.values.kind[at] != Kind.BLANK) | (sheet.formula[at] >= 0)
    rows = np.unique(sheet.row[at[inside & filled]])
    gap = np.flatnonzero(rows != np.arange(top + 1, top + 1 + len(rows)))
    count = int(gap[0]) if gap.size else len(rows)
    body = Rect(top + 1, left, top + count, right)
    return Located(
        "region",
        "",
        book,
        sheet,
        body,
        headings,
        _columns(headings, left, columns, f"the region at {sheet.name}!{cell}"),
    )


def _texts(sheet: Sheet, row: int, left: int, right: int) -> tuple[str, ...]:
    return tuple(_text(content) for content in sheet.block(Rect(row, left, row, right)).scalars())


def _text(content: Scalar) -> str:
    if content is None or isinstance(content, ErrorValue):
        return ""
    return f"{content:.15g}" if isinstance(content, float) else str(content)


def _find(headings: Sequence[str], column: str) -> list[int]:
    """Return where a heading stands; one that is written over several lines is found by its words."""
    return [i for i, h in enumerate(headings) if h == column] or [
        i for i, h in enumerate(headings) if h.split() == column.split()
    ]


def _columns(headings: Sequence[str], left: int, columns: Sequence[str], where: str) -> dict[str, int]:
    found = {}
    for column in columns:
        at = _find(headings, column)
        if not at:
            raise SyncError(f"{where} has no column {column!r}; it has {', '.join(h for h in headings if h)}")
        if len(at) > 1:
            raise SyncError(f"{where} has {len(at)} columns {column!r}: give each a heading of its own")
        found[column] = left + at[0]
    return found


def _refuse_merged(found: Located) -> None:
    top, _, bottom, _ = found.body
    for rect in found.sheet.merged:
        covered = [c for c, col in found.columns.items() if rect.left <= col <= rect.right]
        if covered and rect.top <= bottom and rect.bottom >= top:
            raise SyncError(
                f"{found.title}: the cells {rect.name} of column {covered[0]!r} are merged; rows cannot be told apart "
                "there: unmerge them"
            )
