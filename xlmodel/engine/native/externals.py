"""References to other workbooks, answered from the values that this file keeps of them. No other file is opened."""

from __future__ import annotations

from xlmodel.book.workbook import Book, ExternalBook
from xlmodel.engine.native.operands import REF, ExcelError, Operand, UnsupportedError
from xlmodel.engine.native.syntax import External
from xlmodel.refs import MAX_COL, MAX_ROW, Area, Rect, tokens
from xlmodel.values import ErrorValue, Values

__all__ = ["external_cells"]


def external_cells(book: Book, node: External, row: int, col: int) -> Operand:
    """Return the saved values of cells, or of a name, of another workbook."""
    external = _external(book, node.prefix.book)
    if node.area is None:
        return _named(external, node, row, col)
    return _cells(external, node.prefix.first, node.prefix.last, node.area.at(row, col))


def _external(book: Book, number: str) -> ExternalBook:
    for external in book.externals:
        if str(external.index) == number:
            return external
    raise UnsupportedError(f"the file keeps nothing of the linked workbook [{number}]", "external")


def _cells(external: ExternalBook, first: str, last: str, rect: Rect) -> Operand:
    if first.casefold() != last.casefold():
        raise UnsupportedError("a reference through several sheets of another workbook", "external")
    found = next((cells for name, cells in external.sheets.items() if name.casefold() == first.casefold()), None)
    if found is None:
        raise ExcelError(REF)
    if not found:
        raise UnsupportedError(f"the file keeps no values of sheet {first!r} of the linked workbook", "external")
    if rect.shape == (1, 1):
        content = found.get((rect.top, rect.left))
        if isinstance(content, ErrorValue):
            raise ExcelError(content)
        return content
    bottom, right = (max(place[i] for place in found) for i in (0, 1))
    cut = Rect(
        rect.top,
        rect.left,
        min(rect.bottom, max(bottom, rect.top)) if rect.bottom == MAX_ROW else rect.bottom,
        min(rect.right, max(right, rect.left)) if rect.right == MAX_COL else rect.right,
    )
    height, width = cut.shape
    if height * width > 1_000_000:
        raise UnsupportedError("a very large range of another workbook", "limit")
    values = Values.blank((height, width))
    for (r, c), content in found.items():
        if (r, c) in cut:
            values.put((r - cut.top, c - cut.left), content)
    return values


def _named(external: ExternalBook, node: External, row: int, col: int) -> Operand:
    names = {name.casefold(): text for name, text in getattr(external, "names", {}).items()}
    text = names.get(node.name.casefold())
    if text is None:
        raise UnsupportedError(f"the name {node.name!r} of another workbook", "external")
    area = _only_area(text)
    if area is None:
        raise UnsupportedError(f"the name {node.name!r} of another workbook is a formula", "external")
    sheet = area.prefix.removesuffix("!").strip("'").replace("''", "'")
    return _cells(external, sheet, sheet, area.at(row, col))


def _only_area(text: str) -> Area | None:
    found = list(tokens(text.removeprefix("="), 1, 1))
    return found[0].area if len(found) == 1 else None
