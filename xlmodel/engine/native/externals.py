"""References to other workbooks, answered from the values that this file keeps of them. No other file is opened."""

from __future__ import annotations

from xlmodel.book.workbook import Book, ExternalBook
from xlmodel.engine.native.operands import NAME, REF, ExcelError, Operand, UnsupportedError
from xlmodel.engine.native.syntax import External
from xlmodel.refs import MAX_COL, MAX_ROW, Area, Rect, parse_prefix, tokens
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
    name = next((name for name in external.sheets if name.casefold() == first.casefold()), None)
    if name is None or name in external.unread:  # Excel shows what it has of a sheet, and of this one it has nothing
        raise ExcelError(REF)
    found = external.sheets[name]
    if rect.shape == (1, 1):
        content = found.get((rect.top, rect.left))
        if isinstance(content, ErrorValue):
            raise ExcelError(content)
        return content
    bottom, right = (max((place[i] for place in found), default=1) for i in (0, 1))
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
        if cut.top <= r <= cut.bottom and cut.left <= c <= cut.right:
            values.put((r - cut.top, c - cut.left), content)
    return values


def _named(external: ExternalBook, node: External, row: int, col: int) -> Operand:
    wanted, home = node.name.casefold(), node.prefix.first.casefold()
    found = [n for n in external.names if n.name.casefold() == wanted and (n.sheet or "").casefold() in ("", home)]
    if not found:
        raise ExcelError(NAME)
    area = _only_area(max(found, key=lambda n: n.sheet is not None).formula)
    if area is None:
        raise UnsupportedError(f"the name {node.name!r} of another workbook is a formula", "external")
    sheet = parse_prefix(area.prefix).first
    return _cells(external, sheet, sheet, area.at(row, col))


def _only_area(text: str) -> Area | None:
    found = list(tokens(text.removeprefix("="), 1, 1))
    return found[0].area if len(found) == 1 else None
