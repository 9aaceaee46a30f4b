"""Extracts from other workbooks: the saved values of a table, a name or a range."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from xlmodel.engine.native.moments import SHIFT_1904
from xlmodel.errors import XlmodelError
from xlmodel.layout.shown import shown
from xlmodel.sync.declared import FieldRule, WorkbookSource
from xlmodel.sync.places import Place, read_place
from xlmodel.sync.sources.extract import Extract, Faults, UnusableSourceError, column_places
from xlmodel.sync.sources.typing import SerialDate
from xlmodel.sync.units import unit_size
from xlmodel.values import Kind, Scalar
from xlmodel.verify.means import Means

__all__ = ["workbook_extract"]

_LEADING_ZEROS = re.compile("0{2,}")


def workbook_extract(
    source: WorkbookSource, rules: Sequence[FieldRule], means: Means, faults: Faults
) -> Extract | None:
    """Return the columns of a place in a workbook that rules take; of a formula its saved value."""
    name = source.path.name
    try:
        if not source.path.is_file():
            raise UnusableSourceError("must be a workbook that is there")
        with means.worker() as worker:
            place = read_place(source.path, source.place, worker, timeout=means.time_limit)
        if place.merged:
            raise UnusableSourceError(f"must have no merged cells among its rows, as {place.sheet}!{place.merged[0]}")
        at = column_places(place.headings, [rule.source for rule in rules])
        for rule in rules:
            _refuse_shown_unit(rule, place, at[rule.source])
    except (XlmodelError, UnusableSourceError) as reason:
        faults.whole(0, name, str(reason))
        return None
    held = np.flatnonzero(place.cells.kind.any(axis=1)).tolist()
    columns = {heading: [_raw(place, row, column) for row in held] for heading, column in at.items()}
    rows = [f"{place.sheet} row {place.body.top + row}" for row in held]
    return Extract(name, place.sha256, columns, rows)


def _refuse_shown_unit(rule: FieldRule, place: Place, column: int) -> None:
    """Refuse a unit that cells are shown in and do not hold: pounds under a format that shows millions."""
    size = unit_size(rule.from_unit)
    for row, forms in enumerate(place.number_formats):
        shift = shown(forms[column]).shift
        if shift and size == Decimal(10) ** -shift and place.cells.kind[row, column] == Kind.NUMBER:
            raise UnusableSourceError(
                f"shows {rule.source!r} in {rule.from_unit} by its number format, and holds other numbers: "
                f"{place.cell(row, column)} holds {place.cells.num[row, column]:.15g}; from_unit must be what it holds"
            )


def _raw(place: Place, row: int, column: int) -> Scalar | SerialDate:
    """Return a cell's content, with what its number format makes of a number."""
    content = place.cells.item((row, column))
    if not isinstance(content, float):
        return content
    form = place.number_formats[row][column]
    if shown(form).date:
        return SerialDate(content + SHIFT_1904 * place.date1904)
    if _LEADING_ZEROS.fullmatch(form) and content >= 0 and content.is_integer():
        return f"{content:0{len(form)}.0f}"
    return content
