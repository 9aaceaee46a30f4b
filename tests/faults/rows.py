"""Deleting a row of a workbook as Excel does it: what stood below moves up, and every reference follows."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.formula import ArrayFormula

from xlmodel.refs import Token, column_letters, parse_prefix, tokens

__all__ = ["delete_row"]


def delete_row(source: Path, sheet: str, row: int, out: Path) -> Path:
    """Write a copy of a workbook without one row; its formulas have no saved values."""
    book = openpyxl.load_workbook(source)
    for ws in book.worksheets:
        for cells in ws.iter_rows():
            for cell in cells:
                if isinstance(cell.value, ArrayFormula):
                    cell.value.text = _without(cell.value.text, ws.title, sheet, row)
                    if ws.title == sheet:
                        cell.value.ref = _range(cell.value.ref, row)
                elif cell.data_type == "f":
                    cell.value = _without(cell.value, ws.title, sheet, row)
    for name in book.defined_names.values():
        name.attr_text = _without(name.attr_text, "", sheet, row)
    ws = book[sheet]
    heights = {r: d.height for r, d in ws.row_dimensions.items()}
    ws.delete_rows(row)
    for r, height in heights.items():
        if r > row:
            ws.row_dimensions[r - 1].height = height
    for table in ws.tables.values():
        table.ref = _range(table.ref, row)
        if table.autoFilter is not None:
            table.autoFilter.ref = _range(table.autoFilter.ref, row)
    for merged in list(ws.merged_cells.ranges):
        if merged.min_row > row:
            merged.shift(row_shift=-1)
    for validation in ws.data_validations.dataValidation:
        kept = [_range(r.coord, row) for r in validation.sqref.ranges if not r.min_row == r.max_row == row]
        validation.sqref = openpyxl.worksheet.cell_range.MultiCellRange(kept)
    book.save(out)
    return out


def _range(name: str, row: int) -> str:
    found = CellRange(name)
    top, bottom = found.min_row - (found.min_row > row), found.max_row - (found.max_row >= row)
    return CellRange(min_col=found.min_col, max_col=found.max_col, min_row=top, max_row=max(top, bottom)).coord


def _without(formula: str, home: str, sheet: str, row: int) -> str:
    return "".join(_token(token, home, sheet, row) for token in tokens(formula))


def _token(token: Token, home: str, sheet: str, row: int) -> str:
    if token.area is None:
        return token.text
    there = parse_prefix(token.area.prefix).first if token.area.prefix else home
    rect = token.area.at(1, 1)
    if there != sheet or token.area.top is None or rect.bottom < row:
        return token.text
    prefix = token.text[: token.text.rindex("!") + 1] if "!" in token.text else ""
    if rect.top == rect.bottom == row:
        return prefix + "#REF!"
    top, bottom = rect.top - (rect.top > row), rect.bottom - (rect.bottom >= row)
    area = token.area

    def corner(r: int, c: int, absolute_row: bool, absolute_col: bool) -> str:
        return f"{'$' * absolute_col}{column_letters(c)}{'$' * absolute_row}{r}"

    if area.left is None or area.right is None:
        return f"{prefix}{'$' * area.top[0]}{top}:{'$' * area.bottom[0]}{bottom}"
    first = corner(top, rect.left, area.top[0], area.left[0])
    return prefix + (first if area.single else f"{first}:{corner(bottom, rect.right, area.bottom[0], area.right[0])}")
