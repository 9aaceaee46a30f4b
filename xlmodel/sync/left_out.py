"""Formulas that end at what was the last row of a table, and do not take in the rows that came."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xlmodel.book import Book, Sheet
from xlmodel.refs import Area, Rect, cell_name, parse_prefix, quote_sheet, tokens

__all__ = ["left_out"]


def left_out(book: Book, sheet: str, came: Rect) -> Iterator[str]:
    """Yield the formulas, and the names, that read down to the row above the new ones and no further.

    What covers whole columns of a table grows with it; a range that begins above the headings, or is wider than the
    table, does not, in Excel either. A range in a row of the table itself means a running total, and is right.

    Parameters
    ----------
    book : Book
        The workbook with its new rows.
    sheet : str
        Where they stand.
    came : Rect
        The new rows.
    """
    for index, formula in enumerate(book.formulas):
        areas = [token.area for token in tokens(formula, r1c1=True) if token.area is not None]
        for area in areas:
            for home in book.sheets:
                if (parse_prefix(area.prefix).first or home.name).casefold() == sheet.casefold():
                    yield from _cells(book, home, index, area, came, home.name == sheet)
    for name in book.names:
        for token in tokens(name.formula):
            meant = token.area
            if (
                meant
                and parse_prefix(meant.prefix).first.casefold() == sheet.casefold()
                and _ends(meant.at(1, 1), came)
            ):
                yield f"the name {name.name}: ={name.formula}"


def _cells(book: Book, home: Sheet, index: int, area: Area, came: Rect, own: bool) -> Iterator[str]:
    """Yield the cells of a sheet with one formula whose area ends above the new rows."""
    if area.single or area.bottom is None:
        return
    at = np.flatnonzero(home.formula == index)
    corners = [corner for corner in (area.top, area.bottom) if corner is not None]
    if (True, came.top - 1) not in corners:
        # a relative corner means that row from one row only
        at = at[np.isin(home.row[at], [came.top - 1 - number for fixed, number in corners if not fixed])]
    for i in at.tolist():
        row, col = int(home.row[i]), int(home.col[i])
        inside = own and row <= came.bottom and came.left <= col <= came.right
        if not inside and _ends(area.at(row, col), came):
            yield f"{quote_sheet(home.name)}!{cell_name(row, col)}: ={book.formula_a1(home, i)}"


def _ends(rect: Rect, came: Rect) -> bool:
    beside = rect.right < came.left or rect.left > came.right
    return rect.top < rect.bottom == came.top - 1 and not beside
