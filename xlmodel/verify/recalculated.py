"""A workbook as it calculates: cells asked one by one, and inputs given other values, the file left as it is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from xlmodel.book.workbook import Book, DefinedName, Sheet, Table
from xlmodel.engine.client import Worker
from xlmodel.engine.frames import Arrays, unpack_values
from xlmodel.engine.protocol import CellKey, Reason
from xlmodel.engine.references import PieceKind, Region, Scope
from xlmodel.errors import BookError, EngineError
from xlmodel.refs import MAX_COL, MAX_ROW, Rect, quote_sheet, to_r1c1
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue, Scalar
from xlmodel.verify.explain_target import target

__all__ = ["Input", "Recalculated", "Source", "recalculated"]

#: What an input can be: what `Scalar` allows, and whole numbers.
Input = Scalar | int


@dataclass(frozen=True)
class Source:
    """Where a workbook is calculated, and with what."""

    path: Path
    worker: Worker
    registry: Registry
    timeout: float | None = None  #: seconds a calculation may take


def recalculated(source: Source) -> Recalculated:
    """Return a workbook as it calculates with the inputs that it holds.

    Raises
    ------
    BookError
        The file is not a readable workbook.
    EngineError
        It did not finish, or the worker died.
    """
    return _asked(source, {}, (), None)


@dataclass(frozen=True, eq=False)
class Recalculated:
    """What every cell of a workbook holds once it is calculated; nothing in it is taken from saved results.

    A cell is named like ``Stock!E9`` or by a defined name, a range like ``Stock!E9:G12`` or ``Table1[Cost]``. Dates are
    Excel's day numbers, NOW and TODAY the moment the file was saved.
    """

    source: Source
    inputs: Mapping[CellKey, Scalar]
    over: tuple[CellKey, ...]  #: those of them that stand in place of formulas
    book: Book = field(repr=False)  #: its values are the calculated ones
    reasons: Mapping[CellKey, Reason] = field(repr=False)  #: why cells were not calculated
    _scope: Scope = field(repr=False)

    def __repr__(self) -> str:
        given = ", ".join(f"{cell} = {content!r}" for cell, content in list(self.inputs.items())[:3])
        more = ", …" * (len(self.inputs) > 3)
        return f"<{self.source.path.name} recalculated{' with ' * bool(given)}{given}{more}>"

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets, in their order."""
        return self._scope.sheet_names

    def __getitem__(self, cell: str) -> Scalar:
        """Return what a cell holds."""
        return self.value(cell)

    def value(self, cell: str) -> Scalar:
        """Return what a cell holds: a number, a text, a truth value, an error, or None for a blank.

        Raises
        ------
        BookError
            There is no such sheet or name; the message says what there is.
        EngineError
            The cell was not calculated; the message says why.
        """
        found = target(self.book, self._scope, cell)
        self._calculated(found.sheet, Rect(found.row, found.col, found.row, found.col))
        return self.book.sheet(found.sheet).value(found.row, found.col)

    def range(self, cells: str) -> list[list[Scalar]]:
        """Return what a range of cells holds, row by row; whole rows and columns end where the sheet does.

        Raises
        ------
        BookError
            There is no such sheet or name, or it stands for no range; the message says what there is.
        EngineError
            One of the cells was not calculated; the message says why.
        """
        region = self._region(cells)
        sheet, rect = self.book.sheets[region.sheet], region.rect
        if rect.bottom == MAX_ROW:
            rect = rect._replace(bottom=max(sheet.used.bottom, rect.top))
        if rect.right == MAX_COL:
            rect = rect._replace(right=max(sheet.used.right, rect.left))
        self._calculated(sheet.name, rect)
        block = sheet.block(rect)
        return [[block.item((row, col)) for col in range(rect.shape[1])] for row in range(rect.shape[0])]

    def with_inputs(self, inputs: Mapping[str, Input], *, over_formulas: bool = False) -> Recalculated:
        """Return the workbook as it calculates with other inputs, beside those that this one was given.

        Parameters
        ----------
        inputs : mapping of cell to content
            Such as ``{"Scenarios!B3": "plan", "Growth": 0.1}``.
        over_formulas : bool
            Whether a cell that holds a formula may be given a value instead of it.

        Raises
        ------
        BookError
            There is no such sheet, cell or name; the message says what there is.
        EngineError
            A cell holds a formula.
        TypeError
            A content is nothing that a cell can hold.
        """
        given = {target(self.book, self._scope, name): _content(name, content) for name, content in inputs.items()}
        formulas = [cell for cell in given if self._is_formula(cell)]
        if formulas and not over_formulas:
            raise EngineError(
                f"{formulas[0]} holds a formula: give the inputs it depends on other values, or pass over_formulas=True"
            )
        return _asked(self.source, {**self.inputs, **given}, (*self.over, *formulas), self)

    def _is_formula(self, cell: CellKey) -> bool:
        sheet = self.book.sheet(cell.sheet)
        at = sheet.find(cell.row, cell.col)
        return at >= 0 and bool(sheet.formula[at] >= 0)

    def _region(self, text: str) -> Region:
        pieces = self._scope.read(to_r1c1(text.strip().removeprefix("="), 1, 1), 0)
        found = [p for p in pieces if p.text not in ("(", ")", " ")]  # a name is written out in brackets
        spans = found[0].spans if len(found) == 1 and found[0].kind is PieceKind.REFERENCE else ()
        if len(spans) != 1 or (rect := spans[0].at(1, 1)) is None:
            target(self.book, self._scope, text)  # says what is wrong with most texts
            raise BookError(f"{text!r} is no range of cells: a range is given as {quote_sheet(self.sheets[0])}!B3:D9")
        if not spans[0].area.prefix and len(self.sheets) > 1:
            raise BookError(f"{text} stands on every sheet: say which, as in {quote_sheet(self.sheets[0])}!{text}")
        return Region(spans[0].sheet, rect)

    def _calculated(self, sheet: str, rect: Rect) -> None:
        for cell, reason in self.reasons.items():
            if cell.sheet == sheet and rect.encloses(Rect(cell.row, cell.col, cell.row, cell.col)):
                raise EngineError(f"{cell} was not calculated: {reason.text}")


def _content(name: str, content: Input) -> Scalar:
    if content is None or isinstance(content, (str, bool, ErrorValue)):
        return content
    if isinstance(content, (int, float, np.integer, np.floating)) and np.isfinite(content):
        return float(content)
    raise TypeError(
        f"{name} must be a number, a text, True, False, an error value or None; it is {content!r}"
        + (" (a date is Excel's day number)" if hasattr(content, "isoformat") else "")
    )


def _asked(
    source: Source, inputs: Mapping[CellKey, Scalar], over: tuple[CellKey, ...], before: Recalculated | None
) -> Recalculated:
    """Have a workbook calculated with some inputs, those of `over` in place of formulas."""
    header, arrays = source.worker.call(
        "recalculated",
        timeout=source.timeout,
        path=os.path.abspath(source.path),
        registry=source.registry.spec(),
        sha256=None if before is None else before.book.sha256,
        over=[list(cell) for cell in over],
        inputs=[[*cell, ["error", x.code] if isinstance(x, ErrorValue) else x] for cell, x in inputs.items()],
    )
    book = _book(source.path, header, arrays)
    reasons = {CellKey(*cell): Reason(code, text) for *cell, code, text in header["reasons"]}
    return Recalculated(source, inputs, over, book, reasons, Scope(book))


def _book(path: Path, header: Mapping[str, Any], arrays: Arrays) -> Book:
    """Return the workbook that an answer carries, its values the calculated ones."""
    values, start, sheets = unpack_values("values", header, arrays), 0, []
    for number, (name, state) in enumerate(header["sheets"]):
        row, col, formula = (arrays[f"{part}{number}"] for part in ("row", "col", "formula"))
        mine = values[start : start + len(row)]
        sheets.append(Sheet(name, "", state, row, col, mine, formula, np.zeros(len(row), np.int32)))
        start += len(row)
    return Book(
        path,
        header["sha256"],
        tuple(sheets),
        (),
        names=msgspec.convert(header["names"], tuple[DefinedName, ...]),
        tables=msgspec.convert(header["tables"], tuple[Table, ...]),
    )
