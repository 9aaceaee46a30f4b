"""What a worksheet function may ask of the workbook around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from xlmodel.book.pivots import Pivot
from xlmodel.engine.references import Region
from xlmodel.values import Scalar, Values

if TYPE_CHECKING:
    from xlmodel.engine.native.operands import Lambda, Operand, Reference

__all__ = ["Context", "Locale"]


@dataclass(frozen=True, slots=True)
class Locale:
    """How text reads as numbers and dates."""

    name: str = "en-GB"
    day_first: bool = True  #: 3/4/2024 is 3 April
    decimal: str = "."
    group: str = ","
    currency: tuple[str, ...] = ("£", "$", "€")
    code_page: str = "cp1252"  #: what CHAR and CODE count in; mac_roman where Excel for the Mac saved the file


class Context(Protocol):
    """The workbook's side of one formula."""

    #: where the formula stands: sheet position, row, column
    sheet: int
    row: int
    col: int
    date1904: bool
    locale: Locale
    #: whether the formula is an array formula (a plain one meets ranges by implicit intersection)
    array: bool

    def read(self, region: Region) -> Values:
        """Return the cells of one area, rows by columns, cut to what the sheet uses (never less than one cell)."""

    def values(self, reference: Reference) -> Values:
        """Return the cells of a reference of one area; #VALUE! for several areas."""

    def scalar(self, operand: Operand) -> Scalar:
        """Return the one scalar an operand stands for in a plain formula: implicit intersection, first of an array."""

    def call(self, function: Lambda, arguments: Sequence[Operand]) -> Operand:
        """Call a LAMBDA."""

    def reference(self, text: str, r1c1: bool = False) -> Reference:
        """Return what a text refers to, as INDIRECT reads it; raises #REF!."""

    def sheet_name(self, sheet: int) -> str:
        """Return the name of a sheet."""

    def sheet_number(self, name: str) -> int | None:
        """Return the position of a sheet by its name."""

    def hidden_rows(self, region: Region, filtered_only: bool = False) -> np.ndarray:
        """Tell for each row of an area whether it is hidden (by hand or a filter, or by a filter only)."""

    def formula(self, sheet: int, row: int, col: int) -> str | None:
        """Return a cell's formula in A1 notation without the equals sign; None where it has none."""

    def number_format(self, sheet: int, row: int, col: int) -> str:
        """Return a cell's number format."""

    def pivots(self) -> Sequence[Pivot]:
        """Return the pivot tables of the workbook."""

    def now(self) -> float:
        """Return the clock as a date serial."""

    def random(self, count: int) -> np.ndarray:
        """Return random numbers from 0 to below 1."""
