"""One driver an engine: read a workbook, recalculate, hand out the values, take another input.

A driver is made in a process of its own. What is not installed raises `MissingError` with the reason.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.cohort import Area
from benchmarks.libreoffice import LibreOffice
from benchmarks.processes import MissingError

__all__ = ["DRIVERS", "Driver", "Raw", "library", "timed"]

Raw = list[Any]  #: an engine's own form of the values, one of each area
Cell = tuple[str, int, int]


class Driver(Protocol):
    """One engine at work on one workbook."""

    def load(self, path: Path) -> None:
        """Read the file."""

    def recalculate(self) -> None:
        """Calculate every formula."""

    def read(self, areas: Sequence[Area]) -> Raw:
        """Hand every value to Python."""

    def change(self, cell: Cell, number: float) -> None:
        """Take another input and calculate what depends on it, or everything where the engine can only do that."""

    def numbers(self, raw: Raw, areas: Sequence[Area]) -> list[NDArray[np.float64]]:
        """Return the values as arrays, NaN where there is no number; not timed."""


def library(name: str) -> Any:
    """Import a library that may not be there."""
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingError(f"not installed ({error})") from None


class Native:
    """The engine of this project."""

    def __init__(self) -> None:
        self.library = library("xlmodel.engine.native")
        if not hasattr(self.library, "Model"):
            raise MissingError("not available: xlmodel.engine.native has no Model yet")

    def load(self, path: Path) -> None:
        self.model = self.library.Model.open(path)

    def recalculate(self) -> None:
        self.model.calculate()

    def read(self, areas: Sequence[Area]) -> Raw:
        return [self.model.values(area.sheet) for area in areas]

    def change(self, cell: Cell, number: float) -> None:
        sheet, row, col = cell
        self.model.run(inputs={f"{sheet}!{chr(64 + col)}{row}": number})

    def numbers(self, raw: Raw, areas: Sequence[Area]) -> list[NDArray[np.float64]]:
        made = []
        for (rows, cols, values), area in zip(raw, areas, strict=True):
            out = np.full((area.bottom - area.top + 1, area.right - area.left + 1), np.nan)
            good = values.kind == 1
            out[np.asarray(rows)[good] - area.top, np.asarray(cols)[good] - area.left] = values.num[good]
            made.append(out)
        return made


class _Rectangles:
    """Engines whose values come as a list of rows for each area."""

    def numbers(self, raw: Raw, areas: Sequence[Area]) -> list[NDArray[np.float64]]:
        return [
            np.array([[x if type(x) in (int, float) else np.nan for x in row] for row in rows], np.float64)
            for rows in raw
        ]


class Formualizer(_Rectangles):
    """formualizer, as it comes."""

    spans = False

    def __init__(self) -> None:
        self.library = library("formualizer")

    def load(self, path: Path) -> None:
        self.book = self.library.Workbook.from_path(str(path), span_evaluation=self.spans)

    def recalculate(self) -> None:
        self.book.evaluate_all()

    def read(self, areas: Sequence[Area]) -> Raw:
        address = self.library.RangeAddress
        return [self.book.sheet(a.sheet).get_values(address(a.sheet, a.top, a.left, a.bottom, a.right)) for a in areas]

    def change(self, cell: Cell, number: float) -> None:
        self.book.set_value(*cell, number)
        self.book.evaluate_all()


class FormualizerSpans(Formualizer):
    """formualizer with its experimental evaluation of copied formulas as spans."""

    spans = True


class IronCalc(_Rectangles):
    """IronCalc, which always calculates everything."""

    def __init__(self) -> None:
        self.library = library("ironcalc")

    def load(self, path: Path) -> None:
        self.model = self.library.load_from_xlsx(str(path))
        self.sheets = {facts["name"]: i for i, facts in enumerate(self.model.get_worksheets_properties())}

    def recalculate(self) -> None:
        self.model.evaluate()

    def read(self, areas: Sequence[Area]) -> Raw:
        value = self.model.get_cell_value
        return [
            [
                [value(sheet, row, col) for col in range(area.left, area.right + 1)]
                for row in range(area.top, area.bottom + 1)
            ]
            for area in areas
            for sheet in (self.sheets[area.sheet],)
        ]

    def change(self, cell: Cell, number: float) -> None:
        sheet, row, col = cell
        self.model.update_cell_with_number(self.sheets[sheet], row, col, number)
        self.model.evaluate()


class Formulas(_Rectangles):
    """The `formulas` library, which always calculates everything."""

    def __init__(self) -> None:
        self.library = library("formulas")

    def load(self, path: Path) -> None:
        self.path = path
        self.model = self.library.ExcelModel().loads(str(path)).finish()

    def recalculate(self) -> None:
        self.solution = self.model.calculate()

    def _name(self, cell: Cell) -> str:
        sheet, row, col = cell
        return f"'[{self.path.name}]{sheet.upper()}'!{chr(64 + col)}{row}"

    def read(self, areas: Sequence[Area]) -> Raw:
        solution = self.solution
        return [
            [
                [solution[self._name((a.sheet, row, col))].value[0, 0] for col in range(a.left, a.right + 1)]
                for row in range(a.top, a.bottom + 1)
            ]
            for a in areas
        ]

    def change(self, cell: Cell, number: float) -> None:
        self.solution = self.model.calculate(inputs={self._name(cell): number})

    def numbers(self, raw: Raw, areas: Sequence[Area]) -> list[NDArray[np.float64]]:
        return super().numbers([[[getattr(x, "item", lambda x=x: x)() for x in row] for row in a] for a in raw], areas)


#: name -> what makes the driver
DRIVERS: dict[str, Callable[[], Driver]] = {
    "native": Native,
    "formualizer": Formualizer,
    "formualizer-spans": FormualizerSpans,
    "ironcalc": IronCalc,
    "libreoffice": LibreOffice,
    "formulas": Formulas,
}


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds something takes, and what it gives."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found
