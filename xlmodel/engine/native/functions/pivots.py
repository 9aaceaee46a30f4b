"""GETPIVOTDATA: a figure of a pivot table, found by what its row and column are for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlmodel.book.pivots import VALUES, Pivot, PivotLine
from xlmodel.engine.native.comparison import equal
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Any_, Reference, Text, excel
from xlmodel.engine.native.operands import REF, ExcelError, UnsupportedError
from xlmodel.engine.references import Region
from xlmodel.refs import Rect
from xlmodel.values import Scalar

__all__: list[str] = []


@excel("GETPIVOTDATA")
def getpivotdata(context: Context, data_field: Text, pivot_table: Reference, *field_and_item: Any_) -> Scalar:
    """Return the figure that the pivot table at a cell shows for some items; #REF! for one it does not show."""
    if len(field_and_item) % 2:
        raise ExcelError(REF)
    pivot = _at(context, pivot_table)
    wanted = {
        str(field).casefold(): item for field, item in zip(field_and_item[::2], field_and_item[1::2], strict=True)
    }
    known = {f.casefold() for f in (*pivot.row_fields, *pivot.column_fields) if f != VALUES}
    if not set(wanted) <= known:
        if set(wanted) & {f.casefold() for f, _ in pivot.page_fields}:
            raise UnsupportedError("GETPIVOTDATA by a field of the page")
        raise ExcelError(REF)
    data = _data(pivot, data_field)
    row = _line(pivot.rows, pivot.row_fields, wanted, data, len(pivot.data_fields))
    col = _line(pivot.columns, pivot.column_fields, wanted, data, len(pivot.data_fields))
    sheet = context.sheet_number(pivot.sheet)
    if sheet is None or row >= pivot.rect.bottom - pivot.data_row + 1:
        raise ExcelError(REF)
    top, left = pivot.data_row + row, pivot.data_col + col
    content = context.read(Region(sheet, Rect(top, left, top, left))).item((0, 0))
    return 0.0 if content is None else content


def _at(context: Context, reference: Reference) -> Pivot:
    sheet, rect = reference.areas[0]
    name = context.sheet_name(sheet)
    for pivot in context.pivots():
        if pivot.sheet == name and _inside(rect, pivot.rect):
            return pivot
    raise ExcelError(REF)


def _inside(rect: Rect, whole: Rect) -> bool:
    return whole.top <= rect.top <= whole.bottom and whole.left <= rect.left <= whole.right


def _data(pivot: Pivot, name: str) -> int:
    """Return the number of a data field, by the name it is shown under or the field it sums up."""
    wanted = name.strip().casefold()
    for names in ([d.name for d in pivot.data_fields], [d.field for d in pivot.data_fields]):
        found = [i for i, n in enumerate(names) if n.strip().casefold() == wanted]
        if found:
            return found[0]
    raise ExcelError(REF)


def _line(
    lines: Sequence[PivotLine], fields: Sequence[str], wanted: Mapping[str, Scalar], data: int, count: int
) -> int:
    """Return the place of the row or column that is for exactly the items asked for."""
    own = [f.casefold() for f in fields if f != VALUES]
    asked = {f: wanted[f] for f in own if f in wanted}
    if not lines:
        if asked:
            raise ExcelError(REF)
        return 0
    for at, line in enumerate(lines):
        if line.kind == "blank" or (VALUES in fields and count > 1 and line.data != data):
            continue
        items = dict(zip(own, line.items, strict=False))
        if set(items) == set(asked) and all(equal(items[f], asked[f]) for f in asked):
            return at
    raise ExcelError(REF)
