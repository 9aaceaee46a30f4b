"""Whether the rows below a table are free for it to grow into."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.workbook import Book, Sheet, Table
from xlmodel.refs import MAX_COL, MAX_ROW, Rect
from xlmodel.values import Kind

__all__ = ["has_room", "is_free", "parted_beside", "used_cells"]


def has_room(book: Book, table: Table, count: int) -> bool:
    """Tell whether a table can take in rows below its last one without anything having to move."""
    below = table.rect._replace(top=table.rect.bottom + 1, bottom=table.rect.bottom + count)
    return not table.totals_rows and is_free(book, book.sheet(table.sheet), below)


def is_free(book: Book, sheet: Sheet, rect: Rect) -> bool:
    """Tell whether a rectangle is there to be filled.

    Formats alone are no obstacle. Hidden rows are: what comes into them would not be seen.
    """
    hidden = sheet.hidden_rows
    if rect.bottom > MAX_ROW or ((hidden >= rect.top) & (hidden <= rect.bottom)).any() or len(used_cells(sheet, rect)):
        return False
    areas = [*sheet.merged, *sheet.arrays.values(), *sheet.data_tables.values()]
    areas += [other.rect for other in book.tables if other.sheet == sheet.name]
    areas += [pivot.rect for pivot in book.pivots if pivot.sheet == sheet.name]
    return not any(rect.meets(area) for area in areas)


def parted_beside(book: Book, table: Table) -> int | None:
    """Return a column outside a table in which rows that come below its last one would part cells that hang together.

    A blank row ends a list: what comes after it would belong to it no longer.
    """
    sheet, last = book.sheet(table.sheet), table.body.bottom
    above, below = (sheet.col[used_cells(sheet, Rect(row, 1, row, MAX_COL))] for row in (last, last + 1))
    both = np.intersect1d(above, below)
    beside = both[(both < table.rect.left) | (both > table.rect.right)]
    return int(beside[0]) if beside.size else None


def used_cells(sheet: Sheet, rect: Rect) -> NDArray[np.intp]:
    """Return the indices of the cells in a rectangle that hold something."""
    low, high = np.searchsorted(sheet.row, (rect.top, rect.bottom + 1))
    used = (sheet.values.kind[low:high] != Kind.BLANK) | (sheet.formula[low:high] >= 0)
    used &= (sheet.col[low:high] >= rect.left) & (sheet.col[low:high] <= rect.right)
    found: NDArray[np.intp] = np.flatnonzero(used) + low
    return found
