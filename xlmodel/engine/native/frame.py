"""One formula being evaluated at one cell: what it may ask of the workbook. Functions know it as their `Context`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from xlmodel.book.pivots import Pivot
from xlmodel.engine.native.coercion import Reading
from xlmodel.engine.native.context import Locale
from xlmodel.engine.native.operands import VALUE, Bound, ExcelError, Lambda, Operand, Reference, UnsupportedError
from xlmodel.engine.references import Region
from xlmodel.refs import Rect
from xlmodel.values import ErrorValue, Scalar, Values

if TYPE_CHECKING:
    from xlmodel.engine.native.evaluator import Evaluator

__all__ = ["Frame"]


class Budget:
    """How often one formula may call LAMBDAs, and for how long: names that call each other can do so without end."""

    __slots__ = ("calls", "until")

    CALLS = 1_000_000
    SECONDS = 10.0

    def __init__(self) -> None:
        self.calls = 0
        self.until = 0.0

    def spend(self) -> None:
        """Count one call; UnsupportedError where there were too many."""
        self.calls += 1
        if self.calls & 1023:
            return
        now = time.monotonic()
        self.until = self.until or now + self.SECONDS
        if self.calls > self.CALLS or now > self.until:
            raise UnsupportedError("LAMBDAs are called without measure", "limit")


class Frame:
    """The place of a formula, the mode it is evaluated in, and the variables it sees.

    Attributes
    ----------
    array : bool
        Ranges are taken whole; else a plain formula meets them cell by cell.
    formula_array : bool
        The same for the formula as a whole: what IF and CHOOSE go back to inside SUMPRODUCT.
    variables : mapping
        What LET and LAMBDA named.
    """

    __slots__ = (
        "array", "budget", "col", "date1904", "depth", "evaluator", "formula_array", "locale", "message", "named",
        "reading", "row", "sheet", "variables",
    )  # fmt: skip

    def __init__(
        self, evaluator: Evaluator, sheet: int, row: int, col: int, array: bool, *, within: Frame | None = None
    ) -> None:
        self.evaluator = evaluator
        self.sheet = sheet
        self.row = row
        self.col = col
        self.array = array
        self.formula_array: bool = array if within is None else within.formula_array
        self.reading: Reading = evaluator.reading
        self.locale: Locale = evaluator.reading.locale
        self.date1904: bool = evaluator.reading.date1904
        self.variables: Mapping[str, Bound] = {} if within is None else within.variables
        self.depth: int = 0 if within is None else within.depth
        #: what names gave at this cell: a name that stands twice is calculated once
        self.named: dict[int, Operand] = {} if within is None else within.named
        self.message: list[str] = [] if within is None else within.message
        self.budget: Budget = Budget() if within is None else within.budget

    def in_mode(self, array: bool) -> Frame:
        """Return the same place, evaluated in another mode."""
        return (
            self if array == self.array else Frame(self.evaluator, self.sheet, self.row, self.col, array, within=self)
        )

    def knowing(self, variables: Mapping[str, Bound]) -> Frame:
        """Return the same place with more variables."""
        frame = Frame(self.evaluator, self.sheet, self.row, self.col, self.array, within=self)
        frame.variables = variables
        return frame

    # --- cells -------------------------------------------------------------------------------------------------------

    def read(self, region: Region) -> Values:
        """Return the cells of one area, cut to what the workbook uses."""
        return self.evaluator.block(region)

    def values(self, reference: Reference) -> Values:
        """Return the cells of a reference of one area."""
        if len(reference.areas) != 1:
            raise ExcelError(VALUE)
        return self.evaluator.block(reference.areas[0])

    def parts(self, reference: Reference) -> list[Values]:
        """Return the cells of each area, unused rows and columns left out."""
        return [self.evaluator.used(region) for region in reference.areas]

    def met(self, reference: Reference) -> Operand:
        """Return what a reference gives where one value is wanted: its cell, or by the mode an array or one cell."""
        if reference.is_cell:
            region = reference.areas[0]
            return self.evaluator.scalar(region.sheet, region.rect.top, region.rect.left)
        return self.values(reference) if self.array else self.intersection(reference)

    def intersection(self, reference: Reference) -> Scalar:
        """Return the cell of a range in the formula's own row or column."""
        if len(reference.areas) != 1:
            return VALUE
        sheet, rect = reference.areas[0]
        if rect.left == rect.right and rect.top <= self.row <= rect.bottom:
            return self.evaluator.scalar(sheet, self.row, rect.left)
        if rect.top == rect.bottom and rect.left <= self.col <= rect.right:
            return self.evaluator.scalar(sheet, rect.top, self.col)
        if rect.shape == (1, 1):
            return self.evaluator.scalar(sheet, rect.top, rect.left)
        return VALUE

    def scalar(self, operand: Operand) -> Scalar:
        """Return the one scalar an operand stands for in a plain formula."""
        if isinstance(operand, Reference):
            return self.intersection(operand)
        return self.first(operand)

    def first(self, operand: Operand) -> Scalar:
        """Return a scalar, or the first of an array."""
        if isinstance(operand, Reference):
            region = operand.areas[0]
            return self.evaluator.scalar(region.sheet, region.rect.top, region.rect.left)
        if isinstance(operand, Values):
            return operand.item((0,) * len(operand.shape)) if operand.size else ErrorValue("#CALC!")
        return ErrorValue("#CALC!") if isinstance(operand, Lambda) else operand

    def value(self, operand: Operand) -> Scalar | Values:
        """Return an operand as an operator takes it: a scalar, or an array of more than one cell."""
        if isinstance(operand, Reference):
            operand = self.met(operand)
        if isinstance(operand, Values):
            return operand.reshape((1,)).item(0) if operand.size == 1 else operand
        return VALUE if isinstance(operand, (Lambda, Reference)) else operand

    # --- the workbook ------------------------------------------------------------------------------------------------

    def call(self, function: Lambda, arguments: Sequence[Operand]) -> Operand:
        """Call a LAMBDA."""
        return self.evaluator.invoke(function, arguments, self)

    def reference(self, text: str, r1c1: bool = False) -> Reference:
        """Return what a text refers to, as INDIRECT reads it."""
        return self.evaluator.reference_in(text, r1c1, self)

    def sheet_name(self, sheet: int) -> str:
        """Return the name of a sheet."""
        return self.evaluator.book.sheets[sheet].name

    def sheet_number(self, name: str) -> int | None:
        """Return the position of a sheet by its name."""
        return self.evaluator.scope.sheet(name)

    def hidden_rows(self, region: Region, filtered_only: bool = False) -> np.ndarray:
        """Tell for each row of an area, cut as `read` cuts it, whether it is hidden."""
        rect = self.evaluator.cells.cut(region.rect)
        sheet = self.evaluator.book.sheets[region.sheet]
        hidden = sheet.filtered_rows if filtered_only else sheet.hidden_rows
        return np.isin(np.arange(rect.top, rect.bottom + 1), hidden)

    def formula(self, sheet: int, row: int, col: int) -> str | None:
        """Return a cell's formula in A1 notation without the equals sign."""
        return self.evaluator.formula_text(sheet, row, col)

    def number_format(self, sheet: int, row: int, col: int) -> str:
        """Return a cell's number format."""
        at = self.evaluator.book.sheets[sheet]
        index = at.find(row, col)
        return "General" if index < 0 else self.evaluator.book.number_formats[at.style[index]]

    def pivots(self) -> Sequence[Pivot]:
        """Return the pivot tables of the workbook."""
        return self.evaluator.book.pivots

    def now(self) -> float:
        """Return the clock as a date serial."""
        return self.evaluator.clock()

    def random(self, count: int) -> np.ndarray:
        """Return random numbers from 0 to below 1."""
        return self.evaluator.random.random(count)

    def cell_region(self) -> Region:
        """Return the formula's own cell."""
        return Region(self.sheet, Rect(self.row, self.col, self.row, self.col))
