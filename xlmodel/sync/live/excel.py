"""A workbook that Excel has open, on Windows or macOS, over xlwings."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from xlmodel.book import SetValue
from xlmodel.book.table_rows import AppendRows, RemoveRows
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import BookInUseError, SyncError, UnsupportedEditError
from xlmodel.refs import Rect
from xlmodel.sync.live.excel_values import as_rows_of, from_excel, to_excel
from xlmodel.sync.live.patience import Patience, without_endless_retries
from xlmodel.sync.live.protocol import CellNow
from xlmodel.sync.live.ranges import as_rows, ranges_of
from xlmodel.values import ErrorValue, Scalar

__all__ = ["ExcelWorkbook"]

#: what is held during a change, and as what
_HELD = {
    "screen_updating": False,
    "enable_events": False,
    "calculation": "manual",
    "status_bar": "xlmodel is bringing data in ...",
}


class ExcelWorkbook:
    """A workbook that a running Excel has open.

    Parameters
    ----------
    path : Path
        The workbook's file.
    patience : float
        Seconds to wait, for each call, while Excel is busy.
    book : xlwings.Book, optional
        The workbook, where it is at hand; looked for in every running Excel by default.

    Raises
    ------
    SyncError
        xlwings is missing, or no Excel has the workbook open.
    """

    program = "Excel"

    def __init__(self, path: Path, *, patience: float = 60.0, book: Any = None) -> None:
        self.path = path
        self._patiently = Patience(patience)
        with without_endless_retries():
            self._book = book if book is not None else self._patiently(lambda: _open_book(path))
        self._formula_name = "formula2"
        self._steps: list[Callable[[], object]] | None = None  #: that take back what was written

    def copy(self, to: Path) -> bool:
        """Write the workbook as it is now; on a Mac, where Excel writes no copies, it must be saved first."""
        with without_endless_retries():
            if sys.platform != "darwin":
                self._patiently(lambda: self._book.api.SaveCopyAs(str(to.resolve())))
                return True
            if not self._patiently(lambda: self._book.api.saved.get()):
                raise SyncError(f"{self.path.name} has changes that are not saved; save it in Excel and try again")
        to.write_bytes(self.path.read_bytes())
        return True

    def read(self, cells: Sequence[CellKey]) -> list[CellNow]:
        """Return what each cell holds."""
        found: dict[CellKey, CellNow] = {}
        with without_endless_retries():
            for sheet, rect in ranges_of(cells):
                for r, row in enumerate(self._contents(sheet, rect)):
                    for c, now in enumerate(row):
                        found[CellKey(sheet, rect.top + r, rect.left + c)] = now
        return [found[cell] for cell in cells]

    def write(self, values: Sequence[SetValue]) -> None:
        """Put constants into cells, range by range."""
        for v in values:
            if isinstance(v.value, ErrorValue):
                where = CellKey(v.sheet, v.row, v.col)
                raise UnsupportedEditError(f"{where}: the error {v.value} cannot be written as a constant")
        self._show([v for v in values if v.number_format])
        for sheet, rect, rows in as_rows(values):
            held = self._contents(sheet, rect)
            self._taken_back_by(partial(self._put_back, sheet, rect, held))
            self._assign(sheet, rect, [[to_excel(v, quoted=False) for v in row] for row in rows])
            self._quote(sheet, rect, rows)

    def append(self, rows: AppendRows) -> int:
        """Let a table grow at its end; Excel fills its formulas and formats, and moves what is below."""
        table, at = self._table(rows.table)
        for heading in rows.columns:
            if heading.casefold() not in at:
                raise UnsupportedEditError(f"table {rows.table} has no column {heading!r} any more")
        (count,) = {len(v) for v in rows.columns.values()}
        held = self._patiently(lambda: len(table.rows))
        for _ in range(count):
            self._patiently(table.rows.add)
            self._taken_back_by(partial(_delete_row, table, -1))
        first: int = self._patiently(lambda: table.data_body_range.row) + held
        sheet = self._get(table.parent, "name")
        columns = [(at[heading.casefold()], heading, column) for heading, column in rows.columns.items()]
        self.write(
            [
                SetValue(sheet, first + i, col, value, rows.formats.get(heading))
                for col, heading, column in columns
                for i, value in enumerate(column.scalars())
            ]
        )
        return first

    def remove(self, rows: RemoveRows) -> None:
        """Take rows out of a table; cells below it come up."""
        table, at = self._table(rows.table)
        sheet, top = self._get(table.parent, "name"), self._patiently(lambda: table.data_body_range.row)
        for row in sorted(rows.rows, reverse=True):
            rect = Rect(row, min(at.values()), row, max(at.values()))
            held = self._contents(sheet, rect)
            self._patiently(partial(_delete_row, table, row - top))
            self._taken_back_by(partial(self._put_back, sheet, rect, held))
            self._taken_back_by(partial(table.rows.add, index=row - top + 1))

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Make one change. Excel forgets its own undo when a program writes, so this puts back what was there."""
        app = self._book.app
        with without_endless_retries(), contextlib.ExitStack() as restored:
            for name, value in _HELD.items():
                before = self._get(app, name)
                # where Excel fills the status bar itself, what it says is no text of anybody's
                restored.callback(self._set, app, name, False if name == "status_bar" else before)
                self._set(app, name, value)
            self._steps = []
            try:
                yield
                self._patiently(app.calculate)
            except BaseException as error:
                self._take_back(error)
                raise
            finally:
                self._steps = None

    def _taken_back_by(self, step: Callable[[], object]) -> None:
        if self._steps is None:
            raise SyncError(f"{self.path.name} is written only inside `changing`")
        self._steps.append(step)

    def _take_back(self, error: BaseException) -> None:
        """Undo what was written, last first; what cannot be undone is said with the error."""
        for step in reversed(self._steps or []):
            try:
                self._patiently(step)
            except Exception as problem:
                error.add_note(f"Not all was taken back ({problem}): close {self.path.name} without saving.")

    def _get(self, thing: Any, name: str) -> Any:
        return self._patiently(lambda: getattr(thing, name))

    def _set(self, thing: Any, name: str, value: Any) -> None:
        self._patiently(lambda: setattr(thing, name, value))

    def _range(self, sheet: str, rect: Rect) -> Any:
        for one in self._patiently(lambda: list(self._book.sheets)):
            if self._get(one, "name").casefold() == sheet.casefold():
                return one.range((rect.top, rect.left), (rect.bottom, rect.right))
        raise SyncError(f"{self.path.name}: the workbook has no sheet {sheet!r} any more")

    def _contents(self, sheet: str, rect: Rect) -> list[list[CellNow]]:
        cells = self._range(sheet, rect)
        raw = as_rows_of(self._patiently(lambda: _raw(cells)), *rect.shape)
        formulas = as_rows_of(self._formulas(cells), *rect.shape)
        return [[_held(f, from_excel(v)) for f, v in zip(*row, strict=True)] for row in zip(formulas, raw, strict=True)]

    def _formulas(self, cells: Any) -> Any:
        try:
            return self._get(cells, self._formula_name)
        except BookInUseError:
            raise
        except Exception:
            if self._formula_name == "formula":
                raise
            self._formula_name = "formula"  # Excel 2019 and before
            return self._get(cells, self._formula_name)

    def _assign(self, sheet: str, rect: Rect, rows: list[list[Any]]) -> None:
        cells = self._range(sheet, rect)
        if sys.platform == "darwin":
            self._set(cells, "raw_value", rows)
        else:
            self._set(cells.api, "Value2", tuple(map(tuple, rows)))

    def _quote(self, sheet: str, rect: Rect, rows: list[list[Scalar]]) -> None:
        """Write once more, with an apostrophe, the words that this Excel took for something else."""
        for r, row in enumerate(self._contents(sheet, rect)):
            for c, now in enumerate(row):
                wanted = rows[r][c]
                if isinstance(wanted, str) and now.value != wanted:
                    self._assign(sheet, _one(rect.top + r, rect.left + c), [[to_excel(wanted, quoted=True)]])

    def _show(self, values: Sequence[SetValue]) -> None:
        """Give cells their number formats."""
        for v in values:
            cell = self._range(v.sheet, _one(v.row, v.col))
            before = self._get(cell, "number_format")
            if before != v.number_format:
                self._taken_back_by(partial(self._set, cell, "number_format", before))
                self._set(cell, "number_format", v.number_format)

    def _put_back(self, sheet: str, rect: Rect, held: list[list[CellNow]]) -> None:
        constants = [[None if now.formula else _constant(now.value) for now in row] for row in held]
        self._assign(sheet, rect, constants)
        for r, row in enumerate(held):
            for c, now in enumerate(row):
                if now.formula:
                    cell = self._range(sheet, _one(rect.top + r, rect.left + c))
                    self._set(cell, self._formula_name, "=" + now.formula)

    def _table(self, name: str) -> tuple[Any, dict[str, int]]:
        """Return a table, and the column of the sheet under each heading."""
        for sheet in self._patiently(lambda: list(self._book.sheets)):
            for table in self._patiently(partial(_tables, sheet)):
                if self._get(table, "name").casefold() == name.casefold():
                    heads = self._get(table, "header_row_range")
                    texts = as_rows_of(self._patiently(partial(_raw, heads)), *heads.shape)[0]
                    return table, {str(text).casefold(): heads.column + i for i, text in enumerate(texts)}
        raise SyncError(f"{self.path.name}: the workbook has no table {name} any more")


def _one(row: int, col: int) -> Rect:
    return Rect(row, col, row, col)


def _held(formula: Any, value: Scalar) -> CellNow:
    """Return what a cell holds; a text that begins with an equals sign is its own formula, as Excel says it."""
    is_formula = isinstance(formula, str) and formula.startswith("=") and formula != value
    return CellNow(formula.removeprefix("=") if is_formula else "", value)


def _tables(sheet: Any) -> list[Any]:
    return list(sheet.tables)


def _delete_row(table: Any, index: int) -> None:
    table.rows[index if index >= 0 else len(table.rows) + index].delete()


def _constant(value: Scalar) -> Any:
    return str(value) if isinstance(value, ErrorValue) else to_excel(value, quoted=False)


def _raw(cells: Any) -> Any:
    return cells.options(err_to_str=True).raw_value if sys.platform == "darwin" else cells.api.Value2


def _open_book(path: Path) -> Any:
    try:
        import xlwings
    except ImportError:
        raise SyncError(
            "a workbook open in Excel needs the package xlwings, which is not installed: pip install 'xlmodel[excel]'"
        ) from None
    others = []
    for app in xlwings.apps:
        for book in app.books:
            with contextlib.suppress(OSError):
                if Path(book.fullname).samefile(path):
                    return book
            others.append(book.name)
    has = f"it has {', '.join(others)}" if others else "it has no workbook open"
    raise SyncError(f"Excel does not have {path.name} open; {has}")
