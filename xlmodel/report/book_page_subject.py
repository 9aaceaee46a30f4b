"""What a page is about: a workbook read again, the values it was recalculated to, and what each cell reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from xlmodel.book.package import Package
from xlmodel.book.reader import read_package
from xlmodel.book.workbook import Book, Sheet
from xlmodel.engine.dependencies import Dependencies
from xlmodel.engine.evaluation import Evaluation
from xlmodel.engine.references import Region
from xlmodel.errors import StaleBookError
from xlmodel.refs import cell_name, quote_sheet
from xlmodel.report.book_page_cells import MOST_CELLS, Area, recalculated
from xlmodel.report.book_page_looks import Looks
from xlmodel.verify.check import Outcome
from xlmodel.verify.recalculation import CellFinding, Verification

__all__ = ["MOST_TRACED", "Place", "Subject", "cell_id", "trace_id"]

MOST_TRACED = 15_000  #: cells of the whole workbook whose way is told

#: A sheet's number in the book from 1, a row, a column.
Place = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class Subject:
    """A verified workbook, with all that its page shows of it."""

    outcome: Outcome
    verification: Verification
    package: Package
    book: Book
    sheets: tuple[Sheet, ...]  #: as recalculated
    areas: tuple[Area, ...]

    @classmethod
    def read(cls, outcome: Outcome) -> Subject:
        """Read a workbook that has been verified.

        Raises
        ------
        BookError
            It cannot be read.
        StaleBookError
            It changed since it was verified.
        """
        assert outcome.verification is not None
        package = Package.open(outcome.path)
        evaluation = outcome.verification.evaluation
        if package.sha256 != evaluation.facts.sha256:
            raise StaleBookError(f"{outcome.path.name} changed while it was being verified; start again")
        book = read_package(package)
        sheets = recalculated(book, evaluation)
        return cls(outcome, outcome.verification, package, book, sheets, _areas(book, sheets, Looks(package)))

    @property
    def path(self) -> Path:
        """The workbook's path."""
        return self.outcome.path

    @property
    def evaluation(self) -> Evaluation:
        """What the workbook was recalculated to."""
        return self.verification.evaluation

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of each sheet."""
        return {sheet.name: n for n, sheet in enumerate(self.book.sheets, 1)}

    @cached_property
    def findings(self) -> Mapping[Place, CellFinding]:
        """The formula cells that are not verified."""
        return {(self.numbers[f.cell.sheet], f.cell.row, f.cell.col): f for f in self.verification.findings}

    @cached_property
    def _dependencies(self) -> Dependencies:
        return Dependencies(self.book)

    @cached_property
    def _formula_numbers(self) -> Mapping[Place, int]:
        cells = self._dependencies.cells
        return {(self.numbers[c.sheet], c.row, c.col): i for i, c in enumerate(cells)}

    def reads(self, place: Place) -> list[Region]:
        """Return the rectangles that a formula cell reads, the sheet of each by its place in the book from 0."""
        number = self._formula_numbers.get(place)
        return [] if number is None else self._dependencies.regions(number)

    def reads_unseen(self, place: Place) -> bool:
        """Tell whether a formula reads cells that are only known while it calculates, or of another workbook."""
        number = self._formula_numbers.get(place)
        if number is None:
            return False
        cell = self._dependencies.cells[number]
        return cell in self._dependencies.dynamic or cell in self._dependencies.external

    def formula(self, place: Place) -> str:
        """Return a cell's formula with its equals sign; "" where it has none."""
        sheet = self.book.sheets[place[0] - 1]
        index = sheet.find(place[1], place[2])
        found = "" if index < 0 else self.book.formula_a1(sheet, index)
        return f"={found}" if found else ""

    @cached_property
    def traced(self) -> Mapping[Place, bool]:
        """The cells whose way is told, in the order of the workbook: formulas (True) and what they read (False)."""
        formulas = [
            (area.number, *cell)
            for area in self.areas
            for cell, at in area.filled.items()
            if area.sheet.formula[at] >= 0
        ][:MOST_TRACED]
        inputs = self._inputs(formulas)[: MOST_TRACED - len(formulas)]
        return dict(sorted([(p, True) for p in formulas] + [(p, False) for p in inputs]))

    def _inputs(self, formulas: list[Place]) -> list[Place]:
        """Return the cells without a formula that some formulas read."""
        asked: dict[int, set[tuple[int, int, int, int]]] = {}
        for place in formulas:
            for region in self.reads(place):
                asked.setdefault(region.sheet + 1, set()).add(region.rect)
        found: list[Place] = []
        for area in self.areas:
            typed = [cell for cell, at in area.filled.items() if area.sheet.formula[at] < 0 and area.is_figure(cell)]
            if not typed or area.number not in asked:
                continue
            rows, cols = np.array(typed).T
            read = np.zeros(len(typed), bool)
            for top, left, bottom, right in asked[area.number]:
                read |= (rows >= top) & (rows <= bottom) & (cols >= left) & (cols <= right)
            found += [(area.number, *typed[i]) for i in np.flatnonzero(read)]
        return found

    def link(self, place: Place) -> str | None:
        """Return where the page tells of a cell: its way, else the cell itself; None where it shows neither."""
        if place in self.traced:
            return f"#{trace_id(place)}"
        return f"#{cell_id(place)}" if place[1:] in self.areas[place[0] - 1].filled else None

    def address(self, place: Place, home: int = 0) -> str:
        """Return a cell's address, with its sheet unless that is the one with the number `home`."""
        name = cell_name(place[1], place[2])
        return name if place[0] == home else f"{quote_sheet(self.book.sheets[place[0] - 1].name)}!{name}"


def cell_id(place: Place) -> str:
    """Return the identity of a cell's place in the page's tables."""
    return f"s{place[0]}-{cell_name(place[1], place[2])}"


def trace_id(place: Place) -> str:
    """Return the identity of the row that tells how a cell comes about."""
    return f"t{place[0]}-{cell_name(place[1], place[2])}"


def _areas(book: Book, sheets: tuple[Sheet, ...], looks: Looks) -> tuple[Area, ...]:
    room = MOST_CELLS
    areas = []
    for number, sheet in enumerate(sheets, 1):
        rows, cols, left_out = Area.chosen(number, sheet, room)
        tables = [t for t in book.tables if t.sheet == sheet.name and t.header_rows]
        headed = frozenset((t.rect.top, c) for t in tables for c in range(t.rect.left, t.rect.right + 1))
        seen = looks.of_sheet(sheet.part, rows[-1] if rows else 0)
        area = Area(number, sheet, rows, cols, left_out, book.number_formats, book.date1904, seen, headed)
        room = max(room - len(area.filled), 0)
        areas.append(area)
    return tuple(areas)
