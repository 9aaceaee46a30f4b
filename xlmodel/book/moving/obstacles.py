"""What rows must not cut through when they come or go."""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.book.moving.formulas import Formulas
from xlmodel.book.moving.moves import RowMove, SheetMoves
from xlmodel.book.package import Package
from xlmodel.book.workbook import Book, Sheet, Table
from xlmodel.errors import UnsupportedEditError
from xlmodel.refs import MAX_ROW

__all__ = ["refuse_obstacles"]


def refuse_obstacles(package: Package, book: Book, formulas: Formulas) -> None:
    """Raise UnsupportedEditError where a move would damage something that holds together."""
    if package.is_signed:
        raise UnsupportedEditError(f"{book.path.name} is digitally signed; an edit would break the signature")
    for sheet in book.sheets:
        moves = formulas.on(sheet.name)
        if moves is None or not moves.moves:
            continue
        reason = next(_obstacles(book, sheet, moves), None)
        if reason:
            raise UnsupportedEditError(f"{book.path.name}, {sheet.name}: rows cannot {_what(moves.moves[0])}: {reason}")


def _what(move: RowMove) -> str:
    first, last = move.at, move.at - move.count - 1
    if move.count > 0:
        return f"be inserted before row {first}"
    return f"be deleted, {first} to {last}"


def _obstacles(book: Book, sheet: Sheet, moves: SheetMoves) -> Iterator[str]:
    bottom = moves.row(sheet.used.bottom)
    if bottom is not None and bottom > MAX_ROW:
        yield f"the last row would be {bottom}; a sheet has {MAX_ROW}"
    for what, rects in (("an array formula fills", sheet.arrays.values()), ("the merged cells", sheet.merged)):
        for rect in rects:
            if moves.cuts(rect):
                yield f"{what} {rect.name}"
    for rect in sheet.data_tables.values():
        # its inputs stand in the row above
        if moves.cuts(rect._replace(top=rect.top - 1)):
            yield f"a data table fills {rect.name}"
    for table in book.tables:
        if table.sheet == sheet.name and _cuts_table(table, moves):
            yield f"table {table.name} stands at {table.rect.name}"
    for pivot in book.pivots:
        # its filters stand above it, with a blank row between
        filters = len(pivot.page_fields) + 1 if pivot.page_fields else 0
        rect = pivot.rect._replace(top=max(1, pivot.rect.top - filters))
        if pivot.sheet == sheet.name and (moves.cuts(rect) or moves.rect(pivot.rect) is None):
            yield f"pivot table {pivot.name} stands at {rect.name}"


def _cuts_table(table: Table, moves: SheetMoves) -> bool:
    """Tell whether a table would lose more than some rows of its data, or get rows without growing."""
    rect = table.rect
    top, bottom = rect.top + table.header_rows, rect.bottom - table.totals_rows
    grows = any((g.before.left, g.before.right) == (rect.left, rect.right) for g in moves.growths)
    for move in moves.moves:
        end = move.at - move.count - 1
        if move.count > 0:
            if rect.top < move.at <= rect.bottom and not grows:
                return True
        elif max(move.at, rect.top) <= min(end, rect.bottom) and not (
            top <= move.at and end <= bottom and end - move.at < bottom - top
        ):
            return True
        rows = move.rows(rect.top, rect.bottom)
        if rows is None:
            return True
        rect = rect._replace(top=rows[0], bottom=rows[1])
        top, bottom = rect.top + table.header_rows, rect.bottom - table.totals_rows
    return False
