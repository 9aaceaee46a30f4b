"""Names of a workbook that stand for one range of it."""

from __future__ import annotations

from xlmodel.book import Book, Sheet
from xlmodel.errors import SyncError
from xlmodel.inputs.problems import listed, near_miss
from xlmodel.refs import Rect, parse_prefix, tokens

__all__ = ["named_range"]


def named_range(book: Book, name: str) -> tuple[Sheet, Rect]:
    """Return the range that a name stands for.

    Raises
    ------
    SyncError
        There is no such name, or it is no single range of this workbook.
    """
    meant = [n for n in book.names if n.name.casefold() == name.casefold()]
    meant = [n for n in meant if n.sheet is None] or meant
    if not meant:
        known = [t.name for t in book.tables] + [n.name for n in book.names if not n.hidden and n.name[:1] != "_"]
        raise SyncError(
            f"{book.path.name} has no table or name {name!r}{near_miss(name, known)}; "
            f"it has {listed(known) or 'none'}. A range is given as Data!A5:G12"
        )
    if len(meant) > 1:
        sheets = ", ".join(str(n.sheet) for n in meant)
        raise SyncError(f"the name {name} is defined on several sheets ({sheets}): give it to the whole workbook")
    formula = meant[0].formula.removeprefix("=").strip()
    found = list(tokens(formula))
    area = found[0].area if len(found) == 1 else None
    prefix = None if area is None else parse_prefix(area.prefix)
    if area is None or prefix is None or prefix.book or prefix.first != prefix.last or not prefix.first:
        raise SyncError(f"the name {name} must be one range of this workbook; it is ={formula}")
    if area.top is None or area.left is None:
        raise SyncError(f"the name {name} must not be of whole rows or columns; it is ={formula}")
    return book.sheet(prefix.first), area.at(1, 1)
