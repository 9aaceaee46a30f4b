"""A workbook with some of its constants replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from xlmodel.book.workbook import Book, Sheet
from xlmodel.engine.protocol import CellKey
from xlmodel.engine.references import Scope
from xlmodel.errors import EngineError
from xlmodel.values import Scalar, Values

__all__ = ["with_inputs"]


def with_inputs(book: Book, scope: Scope, inputs: Mapping[CellKey, Scalar]) -> Book:
    """Return a book with some of its constants replaced; EngineError for a formula cell."""
    sheets = list(book.sheets)
    for key, content in inputs.items():
        number = scope.sheet(key.sheet)
        if number is None:
            raise EngineError(f"the workbook has no sheet {key.sheet!r}")
        sheet = sheets[number]
        at = sheet.find(key.row, key.col)
        if at >= 0 and sheet.formula[at] >= 0:
            raise EngineError(f"{key} holds a formula and cannot be an input")
        sheets[number] = _with_value(sheet, at, key, content)
    return replace(book, sheets=tuple(sheets)) if inputs else book


def _with_value(sheet: Sheet, at: int, key: CellKey, content: Scalar) -> Sheet:
    if at >= 0:
        values = sheet.values.copy()
        values.put(at, content)
        return replace(sheet, values=values)
    before = int(np.searchsorted(sheet.row.astype(np.int64) * 16_385 + sheet.col, key.row * 16_385 + key.col))

    def moved(index: int) -> int:
        return index + (index >= before)

    return replace(
        sheet,
        row=np.insert(sheet.row, before, key.row),
        col=np.insert(sheet.col, before, key.col),
        values=Values.concat([sheet.values[:before], Values.of([content]), sheet.values[before:]]),
        formula=np.insert(sheet.formula, before, -1),
        style=np.insert(sheet.style, before, 0),
        arrays={moved(i): r for i, r in sheet.arrays.items()},
        dynamic=frozenset(moved(i) for i in sheet.dynamic),
        data_tables={moved(i): r for i, r in sheet.data_tables.items()},
    )
