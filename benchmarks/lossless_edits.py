"""Edits for a workbook that nobody has seen: one of each kind, at cells that its own hash chooses."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xlmodel.book import Book, SetFormula, SetValue, Sheet
from xlmodel.book.dates import serial
from xlmodel.book.table_rows import AppendRows
from xlmodel.layout.shown import shown
from xlmodel.refs import TokenKind, tokens
from xlmodel.values import Kind, Scalar, Values

__all__ = ["KINDS", "Trial", "appended", "trials"]

KINDS = ("number", "text", "formula", "date", "blank", "table row")
#: how many cells are tried before an edit counts as refused
TRIES = 25
NUMBERS = (12345.678, -0.1, 1e-7, 0.1 + 0.2, 123456789012345.0, 2**53 + 2.0)
TEXTS = (
    "  two before and after  ", "first line\nsecond line", "=1+1", "00123", "x" * 32_767, "\N{GRINNING FACE} 5",
    "_x0001_ as typed", "a bell\a and a return\r", "]]> & <b>", '"quoted"', "+44 20", "@home", "'01", "TRUE", "1E5",
)  # fmt: skip
#: as a file stores them, with the result; none depends on a cell
FORMULAS: tuple[tuple[str, Scalar], ...] = (
    ("1+1", 2.0), ('_xlfn.CONCAT("a","<b>")', "a<b>"), ('_xlfn.TEXTJOIN(", ",TRUE,"x","y")', "x, y"),
    ('_xlfn.XLOOKUP(2,{1,2,3},{10,20,30})', 20.0), ("_xlfn.IFS(1>2,1,2>1,2)", 2.0),
    ("_xlfn.LET(_xlpm.a,2,_xlpm.a*3)", 6.0), ('"& "&"<\'"', "& <'"), ("DATE(2026,3,31)-DATE(2026,3,1)", 30.0),
)  # fmt: skip
DAY, DATE_FORMAT = "2026-03-31", "dd/mm/yyyy"


@dataclass(frozen=True, slots=True)
class Trial:
    """An edit to try, and what a reader should find in its cell afterwards."""

    kind: str
    edit: SetValue | SetFormula

    @property
    def cell(self) -> tuple[str, int, int]:
        """The sheet, row and column."""
        return self.edit.sheet, self.edit.row, self.edit.col

    @property
    def value(self) -> Scalar:
        """The value to be found."""
        return self.edit.saved if isinstance(self.edit, SetFormula) else self.edit.value


def trials(book: Book, kind: str) -> Iterator[Trial]:
    """Yield edits of one kind, the likeliest cells first; one of them is to be made."""
    chance = random.Random(f"{book.sha256} {kind}")
    number, text, (formula, saved) = chance.choice(NUMBERS), chance.choice(TEXTS), chance.choice(FORMULAS)
    for sheet, row, col in _cells(book, kind, chance):
        place = sheet.name, row, col
        match kind:
            case "number":
                # what no date can be is shown as an error in a cell that shows dates
                yield Trial(kind, SetValue(*place, NUMBERS[0] if _shows_date(book, sheet, row, col) else number))
            case "text":
                yield Trial(kind, SetValue(*place, text))
            case "formula":
                yield Trial(kind, SetFormula(*place, formula, saved))
            case "date":
                yield Trial(kind, SetValue(*place, serial(DAY, book.date1904), DATE_FORMAT))
            case "blank":
                yield Trial(kind, SetValue(*place, None))


def _shows_date(book: Book, sheet: Sheet, row: int, col: int) -> bool:
    at = sheet.find(row, col)
    return at >= 0 and shown(book.number_formats[sheet.style[at]]).date


def _cells(book: Book, kind: str, chance: random.Random) -> Iterator[tuple[Sheet, int, int]]:
    """Yield cells to try: constants that formulas read where the edit is a blank, then others, then a new cell."""
    if kind == "blank":
        yield from _read_by_formulas(book, chance)
    like = {"number": (Kind.NUMBER,), "text": (Kind.TEXT,), "date": (Kind.NUMBER,)}.get(kind, tuple(Kind)[1:])
    for wanted in (like, tuple(Kind)[1:]):
        found = []
        for sheet in book.sheets:
            constant = (sheet.formula < 0) & np.isin(sheet.values.kind, wanted)
            found += [(sheet, int(i)) for i in np.flatnonzero(constant)]
        for sheet, i in chance.sample(found, min(TRIES, len(found))):
            yield sheet, int(sheet.row[i]), int(sheet.col[i])
    if kind != "blank":
        for sheet in book.sheets:
            yield sheet, sheet.used.bottom + 2, 1


def _read_by_formulas(book: Book, chance: random.Random) -> Iterator[tuple[Sheet, int, int]]:
    cells = list(book.formula_cells())
    names = {sheet.name.casefold(): sheet for sheet in book.sheets}
    for sheet, i in chance.sample(cells, min(TRIES, len(cells))):
        row, col = int(sheet.row[i]), int(sheet.col[i])
        for token in tokens(book.formula_a1(sheet, i), row, col):
            if token.kind is not TokenKind.AREA or token.area is None:
                continue
            prefix = token.area.prefix.rstrip("!").strip("'").casefold()
            read, rect = names.get(prefix, sheet) if prefix else sheet, token.area.at(row, col)
            at = read.find(rect.top, rect.left)
            if at >= 0 and read.formula[at] < 0 and read.values.kind[at]:
                yield read, rect.top, rect.left


def appended(book: Book) -> Iterator[AppendRows]:
    """Yield one row for each table: what its last row holds, in the columns that no formula fills."""
    for table in book.tables:
        sheet, body = book.sheet(table.sheet), table.body
        row: dict[str, Values] = {}
        for col, heading in enumerate(table.columns, body.left):
            cells = [sheet.find(r, col) for r in range(body.top, body.bottom + 1)]
            if all(at < 0 or sheet.formula[at] < 0 for at in cells):
                content = sheet.value(body.bottom, col)
                row[heading] = Values.of(["new" if content is None else content])
        yield AppendRows(table.name, row)
