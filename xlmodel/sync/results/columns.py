"""The columns of a result: each of one kind, told from its cells and how they show numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from xlmodel.book.dates import moment
from xlmodel.engine.native.moments import SHIFT_1904
from xlmodel.errors import SourceError
from xlmodel.layout.shown import shown
from xlmodel.layout.units import unit_in
from xlmodel.refs import column_letters
from xlmodel.sync.places import Place
from xlmodel.sync.units import unit_size
from xlmodel.values import ErrorValue, Scalar, decimal15

__all__ = ["Column", "ColumnKind", "Content", "columns_of"]

ColumnKind = Literal["text", "number", "date", "datetime", "boolean", "blank", "mixed"]
#: what a cell becomes on its way out
Content = None | str | float | bool | date | datetime


@dataclass(frozen=True, slots=True)
class Column:
    """A column on its way out."""

    heading: str
    kind: ColumnKind
    contents: list[Content]
    mixed: str = ""  #: for a mixed one: a cell that is not what those above it are
    shown_in: str = ""  #: the unit of the heading, where cells hold another and are shown in it: £m of pounds


def columns_of(place: Place, *, headed: bool, errors: Literal["refuse", "null"]) -> tuple[list[Column], int]:
    """Return the columns of a place, and how many errors went out empty.

    Raises
    ------
    SourceError
        A column has no heading, or the same as another; a cell holds an error, and errors are refused.
    """
    headings = _headings(place, headed)
    empty = 0
    columns = []
    for at, heading in enumerate(headings):
        cells = place.cells[:, at].scalars()
        for row, cell in enumerate(cells):
            if isinstance(cell, ErrorValue):
                if errors == "refuse":
                    raise SourceError(
                        f'{place.cell(row, at)} holds the error {cell.code}: mend it, or declare errors = "null", and '
                        "cells with errors go out empty"
                    )
                cells[row] = None
                empty += 1
        columns.append(_column(heading, cells, place, at))
    return columns, empty


def _headings(place: Place, headed: bool) -> list[str]:
    letters = [column_letters(place.body.left + at) for at in range(len(place.headings))]
    if not headed:
        return letters
    headings = [" ".join(heading.split()) for heading in place.headings]
    for at, heading in enumerate(headings):
        where = f"column {letters[at]} of {place.sheet}"
        if not heading:
            raise SourceError(f"{where} must have a heading, or the export headings = false")
        if headings.index(heading) < at:
            raise SourceError(f"{where} must have a heading of its own; it is {heading!r}")
    return headings


def _column(heading: str, cells: Sequence[Scalar], place: Place, at: int) -> Column:
    contents = [_content(cell, place.number_formats[row][at], place.date1904) for row, cell in enumerate(cells)]
    kind: ColumnKind = "blank"
    for row, content in enumerate(contents):
        one = _kind(content)
        if one in ("blank", kind) or (one == "date" and kind == "datetime"):
            continue
        if kind == "blank" or (one == "datetime" and kind == "date"):
            kind = one
        else:
            odd = f"{place.cell(row, at)} holds a {one}, and the cells above it a {kind}"
            return Column(heading, "mixed", contents, odd)
    if kind == "datetime":
        contents = [_moment(content) for content in contents]
    if kind == "number":
        return _in_unit(Column(heading, kind, contents), place, at)
    return Column(heading, kind, contents)


def _in_unit(column: Column, place: Place, at: int) -> Column:
    """Return a column of numbers in the unit that its heading states, where the cells are shown in it.

    Cells under "Cost (£m)" may hold pounds, and show millions by their number format: who reads the heading alone
    would be wrong by a million.
    """
    unit = unit_in(column.heading)
    size = unit_size(unit)
    shifts = [shown(forms[at]).shift for forms in place.number_formats]
    meant = {shift for shift, content in zip(shifts, column.contents, strict=True) if content is not None}
    fitting = {shift for shift in meant if shift and size == Decimal(10) ** -shift}
    if not fitting:
        return column
    if len(meant) > 1:
        raise SourceError(f"column {column.heading!r} must show all its numbers in {unit}: its number formats differ")
    [shift] = fitting
    moved = [float(decimal15(n).scaleb(shift)) if isinstance(n, float) else None for n in column.contents]
    return replace(column, contents=list[Content](moved), shown_in=unit)


def _content(cell: Scalar, form: str, date1904: bool) -> Content:
    if isinstance(cell, ErrorValue):
        return None
    if not isinstance(cell, float):
        return None if cell == "" else cell
    if shown(form).date:
        serial = cell + SHIFT_1904 * date1904
        found = moment(serial)
        if found is not None:
            return found.date() if serial.is_integer() else found
    return float(decimal15(cell))  # as Excel shows it, without what binary adds


def _moment(content: Content) -> Content:
    """Return a date as a date and time."""
    if isinstance(content, date) and not isinstance(content, datetime):
        return datetime(content.year, content.month, content.day)
    return content


def _kind(content: Content) -> ColumnKind:
    match content:
        case None:
            return "blank"
        case bool():
            return "boolean"
        case str():
            return "text"
        case datetime():
            return "datetime"
        case date():
            return "date"
        case _:
            return "number"
