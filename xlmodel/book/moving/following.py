"""Following moves through all parts of a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from xlmodel.book.moving.formulas import Formulas
from xlmodel.book.moving.moves import Growth, RowMove
from xlmodel.book.moving.obstacles import refuse_obstacles
from xlmodel.book.moving.parts import FOLLOWED, parts
from xlmodel.book.package import Package
from xlmodel.book.workbook import Book
from xlmodel.errors import UnsupportedEditError

__all__ = ["follow"]


def follow(package: Package, book: Book, moves: Sequence[RowMove], growths: Sequence[Growth] = ()) -> dict[str, bytes]:
    """Return the new content of every part that changes when rows move and tables grow.

    Rows and cells are renumbered, and every reference to them follows as in Excel. Saved values stay as they are, and
    the chain of calculation too, which the caller takes out. A table's part follows its rows, but does not grow.

    Parameters
    ----------
    package : Package
        The workbook's file.
    book : Book
        What was read from it.
    moves : sequence of RowMove
        Rows that come or go, each in the rows that the one before left.
    growths : sequence of Growth
        Tables that grew or shrank at their end, in the rows that the moves left. Rows may come inside a table only if
        it grows.

    Returns
    -------
    dict of str to bytes
        By the name of the zip member.

    Raises
    ------
    UnsupportedEditError
        Something cannot follow; the message says what, and where it stands.
    """
    formulas = Formulas(moves, growths, (sheet.name for sheet in book.sheets))
    if not formulas:
        return {}
    for move in moves:
        book.sheet(move.sheet)
    refuse_obstacles(package, book, formulas)
    changed = {}
    sheets = {package.member(sheet.part).filename: sheet.name for sheet in book.sheets}
    for part in parts(package, sheets):
        content = package.read_large(part.name) if part.kind == "worksheet" else package.read(part.name)
        try:
            new = FOLLOWED[part.kind](content, part.name, part.sheet, formulas)
        except UnsupportedEditError as error:
            raise UnsupportedEditError(f"{book.path.name}, {error}") from error
        if new != content:
            changed[part.name] = new
    return changed
