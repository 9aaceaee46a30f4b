"""One formula taken out of its workbook, written so that it stands alone: what a second program is asked about.

References are written with their sheets, names and tables as the cells they stand for. So the formula can stand at its
own address on a sheet beside, where the cells it reads, and its own, hold nothing but what is saved in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from xlmodel.book.workbook import Book
from xlmodel.engine.protocol import CellKey
from xlmodel.engine.references import Piece, PieceKind, Region, Scope
from xlmodel.errors import EngineError
from xlmodel.refs import MAX_COL, MAX_ROW, Rect, bare_function, quote_sheet
from xlmodel.registry import Registry
from xlmodel.values import Scalar

__all__ = ["WHOLE_SHEET", "Asked", "asked", "beside", "saved_cells"]

#: Functions that look at more than the values of the cells they are given, or that leave the workbook.
LOOKS_FURTHER = frozenset(
    """AGGREGATE CALL CELL FILTERXML FORMULATEXT GETPIVOTDATA INDIRECT INFO ISFORMULA REGISTER.ID RTD SHEET SHEETS
    SUBTOTAL WEBSERVICE""".split()
)
#: What OFFSET may reach, and nobody reads.
WHOLE_SHEET = Rect(1, 1, MAX_ROW, MAX_COL)


@dataclass(frozen=True, slots=True)
class Asked:
    """A formula that stands alone, and the cells it reads."""

    cell: CellKey
    sheet: int  #: the position of the cell's sheet
    formula: str  #: in A1 notation, without the equals sign
    reads: tuple[Region, ...]


def asked(book: Book, scope: Scope, registry: Registry, cells: Iterable[CellKey]) -> list[Asked]:
    """Return the formulas of cells, each so that it stands alone; those that cannot are left out.

    Left out are array formulas and data tables, LAMBDA and LET, functions of the registry, links to other workbooks,
    and what reads more than the values of the cells it names.
    """
    found = (_asked(book, scope, registry, cell) for cell in cells)
    return [one for one in found if one is not None]


def _asked(book: Book, scope: Scope, registry: Registry, cell: CellKey) -> Asked | None:
    home = scope.sheet(cell.sheet)
    if home is None:
        return None
    sheet = book.sheets[home]
    at = sheet.find(cell.row, cell.col)
    if at < 0 or sheet.formula[at] < 0 or at in sheet.arrays or at in sheet.dynamic or at in sheet.data_tables:
        return None
    try:
        pieces = scope.read(book.formulas[int(sheet.formula[at])], home)
    except EngineError:
        return None
    reads: list[Region] = []
    words = []
    for piece in pieces:
        word = _word(piece, cell, scope, registry, reads)
        if word is None:
            return None
        words.append(word)
    return Asked(cell, home, "".join(words), tuple(dict.fromkeys(reads)))


def _word(piece: Piece, cell: CellKey, scope: Scope, registry: Registry, reads: list[Region]) -> str | None:
    """Return a piece of a formula as it stands alone, noting what it reads; None where it cannot."""
    match piece.kind:
        case PieceKind.PUNCTUATION | PieceKind.LITERAL:
            return piece.text
        case PieceKind.CALL:
            name = bare_function(piece.text)[0].removeprefix("_XLFN.").removeprefix("_XLWS.")
            if name in LOOKS_FURTHER or registry.resolve(piece.text) is not None:
                return None
            if name == "OFFSET":  # it reaches from the cells it is given to any others
                reads += [Region(sheet, WHOLE_SHEET) for sheet in range(len(scope.sheet_names))]
            return piece.text
        case PieceKind.REFERENCE if len(piece.spans) == 1:
            (span,) = piece.spans
            rect = span.at(cell.row, cell.col)
            if rect is None:
                return None
            reads.append(Region(span.sheet, rect))
            area = replace(span.area, prefix=quote_sheet(scope.sheet_names[span.sheet]) + "!")
            return area.a1(cell.row, cell.col)
        case _:
            return None


def saved_cells(book: Book, questions: Iterable[Asked]) -> Iterator[tuple[int, int, int, Scalar]]:
    """Yield what is saved in the cells that formulas read: sheet, row, column and content."""
    wanted: dict[int, list[Rect]] = {}
    for region in dict.fromkeys(region for one in questions for region in one.reads):
        wanted.setdefault(region.sheet, []).append(region.rect)
    for number, rects in wanted.items():
        sheet = book.sheets[number]
        picked = np.zeros(len(sheet), bool)
        for rect in rects:
            low, high = np.searchsorted(sheet.row, (rect.top, rect.bottom + 1))
            picked[low:high] |= (sheet.col[low:high] >= rect.left) & (sheet.col[low:high] <= rect.right)
        at = np.flatnonzero(picked)
        rows, cols, contents = sheet.row[at].tolist(), sheet.col[at].tolist(), sheet.values[at].scalars()
        for row, col, content in zip(rows, cols, contents, strict=True):
            if content is not None:
                yield number, row, col, content


def beside(book: Book) -> tuple[str, ...]:
    """Return for each sheet the name of the one beside it, where its formulas are asked about."""
    taken = {sheet.name.casefold() for sheet in book.sheets}
    stem = next(stem for stem in ("Asked", *(f"Asked{n}" for n in range(len(taken) + 1))) if not any(
        name.startswith(stem.casefold() + " ") for name in taken
    ))  # fmt: skip
    return tuple(f"{stem} {number}" for number in range(1, len(book.sheets) + 1))
