"""A published workbook as the tests of this folder see it: read, recalculated, by sheet, name, table and input file."""

from __future__ import annotations

import csv
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.formula import ArrayFormula

from xlmodel.book import read_book
from xlmodel.building.project import read_book_project
from xlmodel.engine.native import Model
from xlmodel.engine.protocol import CellKey
from xlmodel.model.demand.run import run
from xlmodel.refs import cell_name, parse_cell
from xlmodel.registry import Registry

__all__ = ["NAMES", "PublishedBook", "place_of", "saved_in", "unlike", "values_of"]

ROOT = Path(__file__).parents[2]
NAMES = tuple(sorted(path.parent.name for path in ROOT.glob("workbooks/*/model")))


def values_of(model: Model, sheets: list[str]) -> dict[str, Any]:
    """Return what every formula cell of a calculated workbook gives, by sheet and cell."""
    found = {}
    for sheet in sheets:
        rows, cols, values = model.values(sheet)
        for row, col, value in zip(rows.tolist(), cols.tolist(), values.scalars(), strict=True):
            found[f"{sheet}!{cell_name(row, col)}"] = value
    return found


def saved_in(path: Path) -> dict[str, Any]:
    """Return the saved value of every formula cell of a file, by sheet and cell."""
    return {
        f"{sheet.name}!{cell_name(int(sheet.row[i]), int(sheet.col[i]))}": sheet.values.item(i)
        for sheet, i in read_book(path).formula_cells()
    }


def place_of(cell: str) -> CellKey:
    """Return where a cell such as ``'Inputs flows'!C12`` stands."""
    sheet, name = cell.rsplit("!", 1)
    return CellKey(sheet.strip("'"), *parse_cell(name))


def unlike(one: dict[str, Any], other: dict[str, Any], tolerance: float) -> dict[str, tuple[Any, Any]]:
    """Return the cells that differ: text at all, numbers by more than a share of their size.

    What is below a billionth in both is the noise of a subtraction.
    """
    assert one.keys() == other.keys()
    return {cell: (a, other[cell]) for cell, a in one.items() if not _alike(a, other[cell], tolerance)}


def _alike(a: Any, b: Any, tolerance: float) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= tolerance * max(abs(a), abs(b)) or max(abs(a), abs(b)) < 1e-9
    return type(a) is type(b) and a == b


@dataclass(frozen=True, eq=False)
class PublishedBook:
    """A workbook as it lies in its folder; what is calculated here is calculated with the names that it carries."""

    name: str

    @property
    def folder(self) -> Path:
        return ROOT / "workbooks" / self.name

    @property
    def path(self) -> Path:
        return self.folder / f"{self.name}.xlsx"

    @cached_property
    def parts(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.path) as file:
            return {name: file.read(name) for name in file.namelist()}

    @cached_property
    def wb(self) -> Any:
        """The workbook with its formulas."""
        return openpyxl.load_workbook(self.path)

    @cached_property
    def read(self) -> Any:
        """The workbook with its saved values."""
        return read_book(self.path)

    @cached_property
    def model(self) -> Model:
        """The workbook recalculated; a test that gives it other inputs puts them back."""
        model = Model.open(self.path, Registry())
        model.calculate()
        return model

    @cached_property
    def project(self) -> Any:
        return read_book_project(self.folder)

    @cached_property
    def run(self) -> Any:
        """The demand model's run of the project."""
        return run(self.project.demand, paths=self.project.courses)

    @cached_property
    def formulas(self) -> list[tuple[str, str, str]]:
        """Sheet, cell and formula of every cell that has one."""
        return [
            (ws.title, cell.coordinate, cell.value.text if isinstance(cell.value, ArrayFormula) else cell.value)
            for ws in self.wb
            for row in ws.iter_rows()
            for cell in row
            if cell.data_type == "f"
        ]

    def calculated(self) -> dict[str, Any]:
        """Return what every formula cell gives now, by sheet and cell."""
        return values_of(self.model, self.wb.sheetnames)

    def cells(self, name: str) -> list[str]:
        """Return the cells of a name, each with its sheet, row by row."""
        ((sheet, area),) = self.wb.defined_names[name].destinations
        found = self.wb[sheet][area.replace("$", "")]
        rows = found if isinstance(found, tuple) else ((found,),)
        return [f"'{sheet}'!{cell.coordinate}" for row in rows for cell in row]

    def cell(self, name: str) -> str:
        """Return the one cell of a name."""
        (found,) = self.cells(name)
        return found

    def named(self, name: str) -> list[Any]:
        """Return the recalculated values of a name's cells."""
        return [self.model.value(cell) for cell in self.cells(name)]

    def keyed(self, what: str, *, flow: bool = False) -> dict[str, Any]:
        """Return a column of the sheet Calculation by its keys: case and year, and placement."""
        prefix = "Flow" if flow else "Case"
        return dict(zip(self.named(f"{prefix}_key"), self.named(f"{prefix}_{what}"), strict=True))

    def table(self, name: str) -> list[dict[str, Any]]:
        """Return the recalculated rows of a real table by their headers."""
        for ws in self.wb:
            if name in ws.tables:
                top, *rows = ws[ws.tables[name].ref]
                return [
                    {
                        str(h.value): self.model.value(f"'{ws.title}'!{c.coordinate}")
                        for h, c in zip(top, row, strict=True)
                    }
                    for row in rows
                ]
        raise KeyError(name)

    def row_of(self, sheet: str, label: str) -> int:
        """Return the first row of a sheet whose column A shows a label."""
        return next(c.row for c in self.wb[sheet]["A"] if self.model.value(f"'{sheet}'!{c.coordinate}") == label)

    def csv(self, table: str) -> list[dict[str, str]]:
        """Return the rows of one of the project's files, such as ``model/starts``; none where it is not there."""
        path = self.folder / f"{table}.csv"
        if not path.exists():
            return []
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
