"""The text of a workbook, and what it says: the cells, each with its line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.workbook import Book
from xlmodel.errors import XlmodelError
from xlmodel.layout.labels import Labels

__all__ = ["SUFFIX", "Projection", "ProjectionError"]

SUFFIX = ".cells.txt"  #: after the whole name of the workbook


class ProjectionError(XlmodelError):
    """A text is not the text of a workbook, or not all of it."""


@dataclass(frozen=True, eq=False)
class Projection:
    """A workbook as text.

    Attributes
    ----------
    text : str
        All of it. Equal texts are equal workbooks, as far as figures go.
    book : Book
        What the text says: contents, formulas, names, tables, settings. A number format is the plainest that shows as
        many decimals; the book has no file.
    """

    text: str
    book: Book
    lines: tuple[NDArray[np.int32], ...]  #: of each sheet: the line of each cell, from 1
    labels: dict[int, str]  #: line -> what it calls its cells

    def line_of(self, sheet: str, row: int, col: int) -> int | None:
        """Return the line, from 1, in which a cell stands; None for a cell that holds nothing."""
        for number, cells in enumerate(self.book.sheets):
            if cells.name.casefold() == sheet.casefold():
                at = cells.find(row, col)
                return None if at < 0 else int(self.lines[number][at])
        return None

    def label(self, sheet: str, row: int, col: int) -> str:
        """Return what a cell is called; "" where nothing names it."""
        line = self.line_of(sheet, row, col)
        written = self.labels.get(line) if line is not None else None
        return written or self._layout.text(sheet, row, col)

    @cached_property
    def _layout(self) -> Labels:
        return Labels(self.book)
