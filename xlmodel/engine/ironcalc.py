"""The `ironcalc` library as a witness, asked about formulas that stand alone.

It is handed cells, never a file, so it can echo nothing.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Mapping, Sequence
from typing import Any

from xlmodel.book.workbook import Book
from xlmodel.engine.asked import WHOLE_SHEET, Asked, beside, saved_cells
from xlmodel.engine.protocol import CellKey
from xlmodel.refs import MAX_COL, MAX_ROW, Rect
from xlmodel.values import ErrorValue, Scalar

__all__ = ["answers", "installed"]

#: What it says of what it does not know or do; no value of a formula.
_SILENCE = frozenset(("#NAME?", "#ERROR!", "#N/IMPL!", "#SPILL!", "#CIRC!"))
#: A range over more cells takes it minutes.
_MOST = 200_000


def installed() -> bool:
    """Tell whether the library is there."""
    return importlib.util.find_spec("ironcalc") is not None


def answers(book: Book, questions: Sequence[Asked]) -> Mapping[CellKey, Scalar]:
    """Return what the library gives for formulas; those it cannot judge are left out."""
    import ironcalc

    if book.date1904:  # it knows the other date system only
        return {}
    can = [one for one in questions if all(_short(region.rect) for region in one.reads)]
    model = ironcalc.create("asked", "en", "UTC")
    first, *others = (*(sheet.name for sheet in book.sheets), *beside(book))
    model.rename_sheet(0, first)
    for name in others:
        model.add_sheet(name)
    for sheet, row, col, content in saved_cells(book, can):
        _put(model, sheet, row, col, content)
    for one in can:
        model.update_cell_with_formula(_home(book, one), one.cell.row, one.cell.col, "=" + one.formula)
    model.evaluate()
    own = {(one.sheet, one.cell.row, one.cell.col) for one in can}
    found: dict[CellKey, Scalar] = {}
    for one in can:
        value = _value(model, _home(book, one), one.cell.row, one.cell.col)
        silent = value is None or (isinstance(value, ErrorValue) and value.code in _SILENCE)
        if not silent and not _filled_more(model, book, one, own):
            found[one.cell] = value
    return found


def _short(rect: Rect) -> bool:
    return rect == WHOLE_SHEET or math.prod(rect.shape) <= _MOST


def _home(book: Book, one: Asked) -> int:
    return len(book.sheets) + one.sheet


def _put(model: Any, sheet: int, row: int, col: int, content: Scalar) -> None:
    if isinstance(content, bool):
        model.update_cell_with_bool(sheet, row, col, content)
    elif isinstance(content, str):
        model.update_cell_with_text(sheet, row, col, content)
    elif isinstance(content, ErrorValue):
        model.set_user_input(sheet, row, col, content.code)
    else:
        model.update_cell_with_number(sheet, row, col, content)


def _value(model: Any, sheet: int, row: int, col: int) -> Scalar:
    said: Any = model.get_cell_value(sheet, row, col)
    if str(model.get_cell_type(sheet, row, col)).endswith("ErrorValue"):
        return ErrorValue(str(said))
    if said is None or isinstance(said, bool | str):
        return said
    return float(said)


def _filled_more(model: Any, book: Book, one: Asked, own: set[tuple[int, int, int]]) -> bool:
    """Tell whether a formula filled the cell below or beside too: it was not taken as one of a plain cell."""
    row, col = one.cell.row, one.cell.col
    near = [(row + 1, col), (row, col + 1)]
    return any(
        (one.sheet, r, c) not in own and not model.is_empty_cell(_home(book, one), r, c)
        for r, c in near
        if r <= MAX_ROW and c <= MAX_COL
    )
