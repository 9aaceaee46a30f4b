"""A workbook with changes in it, not yet recalculated: edits of cells, rows that come, rows that go."""

from __future__ import annotations

from collections.abc import Sequence

from xlmodel.book import Book, Edit, SetFormula, SetValue, patch
from xlmodel.book.archive import rewrite
from xlmodel.book.moving import Growth, RowMove, follow
from xlmodel.book.package import Package
from xlmodel.book.reader import read_package
from xlmodel.book.table_rows import AppendRows, RemoveRows, Restructured, append_rows, remove_rows
from xlmodel.engine.protocol import CellKey
from xlmodel.refs import Rect

__all__ = ["Draft"]


class Draft:
    """A workbook file as it becomes, change by change.

    Parameters
    ----------
    content : bytes
        The file that `book` was read from.
    book : Book
        What was read.
    """

    def __init__(self, content: bytes, book: Book) -> None:
        self.content, self.original = content, book
        self.moves: list[RowMove] = []
        self.touched: list[
            CellKey
        ] = []  #: cells that changed, and the first and last of those that came, as places of now
        self.removed: list[CellKey] = []  #: cells that went, as places of before
        self.formulas: set[CellKey] = set()  #: cells that got a formula, as places of now
        self.came: list[tuple[str, Rect]] = []  #: new rows, as places of now
        self.changed: set[str] = set()  #: zip members whose content differs
        self.dropped: set[str] = set()  #: zip members that are gone
        self._read: Book | None = book

    @property
    def structured(self) -> bool:
        """Whether rows came or went."""
        return bool(self.came or self.removed)

    @property
    def book(self) -> Book:
        """The workbook as it is now."""
        if self._read is None:
            self._read = read_package(Package(self.content, self.original.path))
        return self._read

    def row(self, sheet: str, row: int) -> int | None:
        """Return where a row of the original stands now; None for one that went."""
        found: int | None = row
        for move in self.moves:
            if move.sheet == sheet and found is not None:
                found = move.row(found)
        return found

    def place(self, cell: CellKey) -> CellKey | None:
        """Return where a cell of the original stands now; None for one that went."""
        row = self.row(cell.sheet, cell.row)
        return None if row is None else cell._replace(row=row)

    def origin(self, cell: CellKey) -> CellKey | None:
        """Return where a cell of now stood in the original; None for one that came."""
        here = Rect(cell.row, cell.col, cell.row, cell.col)
        if any(sheet == cell.sheet and rect.encloses(here) for sheet, rect in self.came):
            return None
        row = cell.row
        for move in reversed(self.moves):
            if move.sheet == cell.sheet and row >= move.at:
                if row < move.at + move.count:
                    return None
                row -= move.count
        return cell._replace(row=row)

    def edit(self, edits: Sequence[Edit], *, full_calc_on_load: bool = False) -> None:
        """Change cells that are there."""
        patched = patch(self.content, self.book, edits, full_calc_on_load=full_calc_on_load)
        for edit in edits:
            cell = CellKey(self.book.sheet(edit.sheet).name, edit.row, edit.col)
            if isinstance(edit, SetValue | SetFormula):
                self.touched.append(cell)
            if isinstance(edit, SetFormula):
                self.formulas.add(cell)
        self._becomes(patched.content, patched.changed, patched.removed)

    def append(self, rows: AppendRows) -> Restructured:
        """Let a table grow at its end."""
        sheet = next(t.sheet for t in self.book.tables if t.name == rows.table)
        done = append_rows(self.content, self.book, rows)
        self._restructured(done)
        if done.filled is not None:
            self._came(sheet, done.filled)
        self.formulas |= {CellKey(sheet, row, col) for row, col in done.formulas}
        return done

    def remove(self, table: str, rows: Sequence[int]) -> Restructured:
        """Take rows, numbered as in the original, out of a table."""
        found = next(t for t in self.original.tables if t.name == table)
        now = [self.row(found.sheet, row) for row in rows]
        done = remove_rows(self.content, self.book, RemoveRows(table, tuple(row for row in now if row is not None)))
        self.removed += [
            CellKey(found.sheet, row, col) for row in rows for col in range(found.rect.left, found.rect.right + 1)
        ]
        self._restructured(done)
        return done

    def grow(self, sheet: str, before: Rect, edits: Sequence[SetValue]) -> None:
        """Fill blank rows under a range that is no table; what refers to its whole height follows."""
        bottom = max(edit.row for edit in edits)
        after = before._replace(bottom=bottom)
        self.edit(edits)
        parts = follow(self._package, self.book, (), (Growth(sheet, before, after),))
        if parts:
            self._becomes(rewrite(self._package, parts), tuple(parts), ())
        self._came(sheet, Rect(before.bottom + 1, before.left, bottom, before.right))

    @property
    def _package(self) -> Package:
        return Package(self.content, self.original.path)

    def _came(self, sheet: str, rect: Rect) -> None:
        self.came.append((sheet, rect))
        # what refers to new rows refers to the first or to the last of them
        ends = {rect.top, rect.bottom}
        self.touched += [CellKey(sheet, row, col) for row in sorted(ends) for col in range(rect.left, rect.right + 1)]

    def _restructured(self, done: Restructured) -> None:
        self.moves += done.moves
        for move in done.moves:
            self.touched = [c for cell in self.touched if (c := _moved(cell, move)) is not None]
            self.formulas = {c for cell in self.formulas if (c := _moved(cell, move)) is not None}
            self.came = [(s, _moved_rect(rect, move) if s == move.sheet else rect) for s, rect in self.came]
        self._becomes(done.content, done.changed, done.removed)

    def _becomes(self, content: bytes, changed: Sequence[str], removed: Sequence[str]) -> None:
        if changed or removed:
            self.content, self._read = content, None
        self.changed = (self.changed | set(changed)) - set(removed)
        self.dropped |= set(removed)

    @property
    def members(self) -> tuple[str, ...]:
        """All zip members, in order."""
        return tuple(m.filename for m in self._package.members)


def _moved(cell: CellKey, move: RowMove) -> CellKey | None:
    if cell.sheet != move.sheet:
        return cell
    row = move.row(cell.row)
    return None if row is None else cell._replace(row=row)


def _moved_rect(rect: Rect, move: RowMove) -> Rect:
    top, bottom = move.row(rect.top), move.row(rect.bottom)
    return rect if top is None or bottom is None else rect._replace(top=top, bottom=bottom)
