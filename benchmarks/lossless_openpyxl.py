"""The same edits by openpyxl: load, change the cell, save. And openpyxl as a reader of what others wrote."""

from __future__ import annotations

import datetime
import io
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from benchmarks.lossless_edits import DATE_FORMAT, DAY, Trial
from xlmodel.book import Book, SetFormula
from xlmodel.book.table_rows import AppendRows
from xlmodel.book.xstring import plain
from xlmodel.engine.libreoffice import put
from xlmodel.refs import Rect
from xlmodel.values import ErrorValue, Scalar

__all__ = ["edited", "loaded", "misread", "reads_row", "with_row"]


def loaded(content: bytes | Path, *, values: bool = False) -> Any:
    """Open a workbook as carefully as openpyxl can; with `values`, what was saved in place of the formulas."""
    macros = isinstance(content, Path) and content.suffix == ".xlsm"
    source = content if isinstance(content, Path) else io.BytesIO(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(source, keep_vba=macros, rich_text=not values, data_only=values)


def _saved(workbook: Any) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook.save(out)
    return out.getvalue()


def _table(sheet: Any, name: str) -> Any:
    return next(table for table in sheet.tables.values() if table.displayName == name)


def edited(path: Path, trials: Sequence[Trial]) -> tuple[bytes, list[tuple[str, str]]]:
    """Return a workbook with cells edited by openpyxl, and the kinds of edit that it does not make, with the error."""
    workbook = loaded(path)
    failed = []
    for trial in trials:
        sheet, row, col = trial.cell
        try:
            _put_edit(workbook[sheet].cell(row, col), trial)
        except Exception as error:
            failed.append((trial.kind, type(error).__name__))
    return _saved(workbook), failed


def _put_edit(cell: Any, trial: Trial) -> None:
    if isinstance(trial.edit, SetFormula):
        cell.value = "=" + trial.edit.formula
    elif trial.kind == "date":
        cell.value, cell.number_format = datetime.date.fromisoformat(DAY), DATE_FORMAT
    else:
        put(cell, trial.edit.value)


def with_row(path: Path, book: Book, rows: AppendRows) -> tuple[bytes, list[tuple[str, str]]]:
    """Return a workbook with a row written under a table by openpyxl, and the table's range made longer.

    What stands under the table is written over: openpyxl moves no references, so nothing better is at hand.
    """
    workbook = loaded(path)
    table = next(t for t in book.tables if t.name == rows.table)
    sheet = workbook[table.sheet]
    row = table.body.bottom + 1
    for col, heading in enumerate(table.columns, table.rect.left):
        if heading in rows.columns:
            put(sheet.cell(row, col), rows.columns[heading].item(0))
    _table(sheet, table.name).ref = table.rect._replace(bottom=table.rect.bottom + 1).name
    return _saved(workbook), []


def misread(content: bytes, trials: Iterable[Trial]) -> list[str]:
    """Return the kinds of edit whose new value openpyxl does not find in its cell."""
    formulas, values = loaded(content), loaded(content, values=True)
    return [trial.kind for trial in trials if not _reads(formulas, values, trial)]


def _reads(formulas: Any, values: Any, trial: Trial) -> bool:
    sheet, row, col = trial.cell
    cell = formulas[sheet].cell(row, col)
    if isinstance(trial.edit, SetFormula):
        return bool(cell.value == "=" + trial.edit.formula) and _same(values[sheet].cell(row, col).value, trial.value)
    if trial.kind == "date":
        day = datetime.datetime.fromisoformat(DAY)
        return bool(cell.value == day and cell.number_format == DATE_FORMAT)
    return _same(cell.value, trial.value)


def reads_row(content: bytes, table: str, sheet: str, rect: Rect, cells: dict[int, Scalar], row: int) -> bool:
    """Tell whether openpyxl finds a table's new range, and the values of its new row, by column."""
    there = loaded(content)[sheet]
    return _table(there, table).ref == rect.name and all(
        _same(there.cell(row, col).value, content) for col, content in cells.items()
    )


def _same(found: Any, wanted: Scalar) -> bool:
    """Tell whether openpyxl means a value; it gives what XML cannot hold as the file spells it."""
    if isinstance(wanted, str):
        return isinstance(found, str) and wanted in (str(found), plain(str(found)))
    if isinstance(wanted, ErrorValue):
        return bool(found == wanted.code)
    if isinstance(found, datetime.datetime | datetime.date | datetime.time | datetime.timedelta):
        return True  # a number that the cell's format shows as a date
    return bool(found == wanted)
