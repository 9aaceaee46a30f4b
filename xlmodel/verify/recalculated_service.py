"""A workbook that stays calculated in a worker, and what its cells hold when some inputs are other ones."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np

from xlmodel.book import read_book
from xlmodel.book.workbook import Book
from xlmodel.engine.frames import pack_values
from xlmodel.engine.native.model import Model
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import EngineError
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue, Scalar, Values

__all__ = ["answer"]


def answer(service: Any, request: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return every cell of the workbook at a path, calculated with the inputs of a request."""
    path, registry = request["path"], service.registry(request["registry"])
    over = tuple(CellKey(*cell) for cell in request["over"])
    kept = _kept(path, _stamp(path), registry, over)
    if request["sha256"] not in (None, kept.book.sha256):
        raise EngineError("the file changed after it was opened: open it again")
    try:
        kept.give({
            CellKey(sheet, row, col): ErrorValue(content[1]) if isinstance(content, list) else content
            for sheet, row, col, content in request["inputs"]
        })  # fmt: skip
    except BaseException:
        _kept.cache_clear()  # what it holds now is neither one thing nor the other
        raise
    return kept.packed()


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:  # the reader says it better
        return None
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=1)
def _kept(path: str, stamp: object, registry: Registry, over: tuple[CellKey, ...]) -> _Kept:
    return _Kept(_without_formulas(read_book(path), over), registry)


def _without_formulas(book: Book, cells: tuple[CellKey, ...]) -> Book:
    """Return a book in which some formula cells are inputs."""
    sheets = {sheet.name: sheet for sheet in book.sheets}
    for cell in cells:
        sheet = sheets[cell.sheet]
        at = sheet.find(cell.row, cell.col)
        fills = sheet.arrays.get(at) or sheet.data_tables.get(at)
        if fills is not None and fills.shape != (1, 1):
            raise EngineError(f"the formula of {cell} fills {fills.name}: no input can take its place")
        formula = sheet.formula.copy()
        formula[at] = -1
        arrays = {index: rect for index, rect in sheet.arrays.items() if index != at}
        sheets[cell.sheet] = replace(sheet, formula=formula, arrays=arrays, dynamic=sheet.dynamic - {at})
    return replace(book, sheets=tuple(sheets.values()))


class _Kept:
    """A workbook that is calculated, with the inputs it was given last."""

    def __init__(self, book: Book, registry: Registry) -> None:
        self.book = book
        self.model = Model(book, registry)
        self.model.calculate()
        self.given: Mapping[CellKey, Scalar] = {}

    def give(self, inputs: Mapping[CellKey, Scalar]) -> None:
        """Calculate with some inputs; those given before, and not now, are again as the file has them."""
        now: dict[Any, Scalar] = {c: self.book.sheet(c.sheet).value(c.row, c.col) for c in self.given}
        now.update(inputs)
        self.model.run(now)
        self.given = dict(inputs)

    def packed(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the cells of all sheets with what they hold now, and why where they hold nothing."""
        calculation = self.model.calculation
        cells, layout, reasons = calculation.cells, calculation.layout, calculation.reasons
        header: dict[str, Any] = {
            "sha256": self.book.sha256,
            "sheets": [[sheet.name, sheet.state] for sheet in self.book.sheets],
            "names": msgspec.to_builtins(self.book.names),
            "tables": msgspec.to_builtins(self.book.tables),
            "reasons": [
                [*layout.key(place), reason.code, reason.text]
                for place in sorted(layout.filled.tolist())
                if (reason := reasons.get(layout.owner(place))) is not None
            ],
        }
        arrays: dict[str, Any] = {}
        parts = []
        for number, sheet in enumerate(self.model.book.sheets):
            grid = cells.grids[number]
            end = grid.base + grid.rows.count * grid.cols.count
            filled = layout.filled[(layout.filled >= grid.base) & (layout.filled < end)]
            places = np.union1d(grid.places(sheet.row, sheet.col), filled)
            row, col = grid.cells(places)
            arrays[f"row{number}"], arrays[f"col{number}"] = row.astype(np.int32), col.astype(np.int32)
            arrays[f"formula{number}"] = cells.formula[places]
            parts.append(cells.gather(places))
        pack_values("values", Values.concat(parts) if parts else Values.blank(0), header, arrays)
        return header, arrays
