"""Pivot tables: where they stand, what their rows and columns are for, and the records they summarise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from xlmodel.refs import Rect
from xlmodel.values import Scalar

__all__ = ["VALUES", "Pivot", "PivotCache", "PivotData", "PivotLine"]

#: stands among the fields of an axis for the data fields
VALUES = ""


@dataclass(frozen=True, eq=False)
class PivotCache:
    """What a pivot table summarises, as it was when the table was last refreshed."""

    kind: str  #: worksheet, external, consolidation or scenario
    source: str  #: a range such as Data!A1:C9, or the name of a table or range; "" where it is neither
    fields: tuple[str, ...]
    items: tuple[tuple[Scalar, ...], ...]  #: the distinct contents of each field; of a grouped one, its groups
    stored: tuple[str, ...]  #: the fields that the records have: all but groups and calculated ones
    read_records: Callable[[], tuple[tuple[Scalar, ...], ...]] = tuple

    @cached_property
    def records(self) -> tuple[tuple[Scalar, ...], ...]:
        """The records, with one content for each stored field; none where the file keeps none."""
        return self.read_records()


@dataclass(frozen=True, slots=True)
class PivotData:
    """A data field."""

    name: str  #: as the table shows it, such as "Sum of Score"
    field: str
    function: str  #: sum, count, countNums, average, max, min, product, stdDev, stdDevp, var or varp
    shown_as: str  #: normal, or how it is related to other cells: percentOfTotal, runTotal and others


@dataclass(frozen=True, slots=True)
class PivotLine:
    """What one row or one column of a pivot table's body is for."""

    kind: str  #: data, grand, blank, or the function of a subtotal, which is default for the data field's own
    items: tuple[Scalar, ...]  #: for each field of the axis, from the outermost on; a subtotal has fewer than fields
    data: int  #: which data field


@dataclass(frozen=True, slots=True)
class Pivot:
    """A pivot table."""

    name: str
    sheet: str
    rect: Rect  #: without its page fields, which stand above
    header_row: int  #: the row of the sheet with the captions of the columns
    data_row: int  #: the first row with data
    data_col: int  #: the first column with data
    row_fields: tuple[str, ...]  #: from the outermost on; `VALUES` where the data fields stand
    column_fields: tuple[str, ...]
    page_fields: tuple[tuple[str, Scalar], ...]  #: a field and its chosen item; None for all or several
    data_fields: tuple[PivotData, ...]
    rows: tuple[PivotLine, ...]  #: of the rows from `data_row` on
    columns: tuple[PivotLine, ...]  #: of the columns from `data_col` on
    cache: PivotCache
    pages: Rect | None = None  #: where its page fields stand

    def fills(self, row: int, col: int) -> bool:
        """Tell whether Excel writes a cell when it refreshes the table."""
        areas = [self.rect] if self.pages is None else [self.rect, self.pages]
        return any(x.top <= row <= x.bottom and x.left <= col <= x.right for x in areas)
