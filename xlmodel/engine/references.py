"""What a formula refers to: its tokens with names, tables and sheets looked up in the book.

The one reading of references, for the dependency graph and for engines that rewrite a formula. A reference becomes
spans: rectangles whose edges are fixed or relative to the formula's own cell, so that one reading serves every cell
the formula was filled into.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, Context
from enum import Enum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.workbook import Book, DefinedName, Table
from xlmodel.errors import EngineError
from xlmodel.refs import (
    MAX_COL,
    MAX_ROW,
    Area,
    Prefix,
    Rect,
    Token,
    TokenKind,
    bare_function,
    parse_prefix,
    quote_sheet,
    to_r1c1,
    tokens,
)
from xlmodel.values import ErrorValue, Scalar

__all__ = ["MAX_PIECES", "Piece", "PieceKind", "Region", "Scope", "Span"]

#: A formula that grows beyond this when its names are written out is refused: names can double and double again.
MAX_PIECES = 20_000


class Region(NamedTuple):
    """A rectangle on a sheet, the sheet given by its position in the book."""

    sheet: int
    rect: Rect


@dataclass(frozen=True, slots=True)
class Span:
    """A rectangle on one sheet, relative to the cell of the formula where the area is."""

    sheet: int
    area: Area
    within: tuple[int, int] | None = None  #: first and last row of a table, for a reference to its own row

    def at(self, row: int, col: int) -> Rect | None:
        """Return the rectangle meant at a cell; None where a table has no such row."""
        if self.within is not None and not self.within[0] <= row <= self.within[1]:
            return None
        return self.area.at(row, col)

    def place(self, row: NDArray[np.int64], col: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rectangles meant at many cells: top, left, bottom, right; top is 0 where there is none."""
        a = self.area
        out = np.empty((len(row), 4), np.int64)
        edges = ((a.top, a.bottom, row, MAX_ROW, 0), (a.left, a.right, col, MAX_COL, 1))
        for first, last, origin, limit, at in edges:
            if first is None or last is None:
                out[:, at], out[:, at + 2] = 1, limit
                continue
            one, two = (
                (origin * 0 + number) if absolute else (origin + number - 1) % limit + 1
                for absolute, number in (first, last)
            )
            out[:, at], out[:, at + 2] = np.minimum(one, two), np.maximum(one, two)
        if self.within is not None:
            out[(row < self.within[0]) | (row > self.within[1])] = 0
        return out


class PieceKind(Enum):
    """What a piece of an expanded formula is."""

    REFERENCE = "reference"
    EXTERNAL = "external"  #: cells of another workbook
    CALL = "call"
    LITERAL = "literal"
    LOCAL = "local"  #: a variable of LET or LAMBDA
    UNKNOWN = "unknown"  #: a name or a table that the book does not explain
    PUNCTUATION = "punctuation"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a formula with what it stands for."""

    kind: PieceKind
    text: str
    spans: tuple[Span, ...] = ()
    value: Scalar = None
    external: tuple[Prefix, Area] | None = None


#: Of a number written into a formula Excel keeps 15 digits.
_FIFTEEN = Context(prec=15, rounding=ROUND_DOWN)


def _number(text: str) -> Scalar:
    number = float(_FIFTEEN.create_decimal(text))
    return number if math.isfinite(number) else ErrorValue("#NUM!")


_ALL, _DATA, _HEADERS, _TOTALS, _ROW = "#all", "#data", "#headers", "#totals", "#this row"
_PART = re.compile(r"\[((?:[^\[\]']|'.)*)\]", re.DOTALL)


class Scope:
    """The sheets, names and tables of a book, found as Excel finds them: in any case, the sheet's own first."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.sheet_names = tuple(s.name for s in book.sheets)
        self._sheets = {s.name.casefold(): i for i, s in enumerate(book.sheets)}
        self._names: dict[tuple[int | None, str], DefinedName] = {}
        for name in book.names:
            where = None if name.sheet is None else self.sheet(name.sheet)
            if name.sheet is None or where is not None:
                self._names.setdefault((where, name.name.casefold()), name)
        self._tables = {t.name.casefold(): t for t in book.tables}
        self._read: dict[tuple[str, int], tuple[Piece, ...]] = {}

    def sheet(self, name: str) -> int | None:
        """Return the position of a sheet."""
        return self._sheets.get(name.casefold())

    def name(self, name: str, home: int) -> DefinedName | None:
        """Return the defined name that a formula on a sheet means."""
        key = name.casefold()
        return self._names.get((home, key)) or self._names.get((None, key))

    def table(self, name: str, home: int) -> tuple[Span, ...]:
        """Return the body of the table that a bare name means; nothing where there is none."""
        found = self._tables.get(name.casefold())
        return self._table_spans(found, (_DATA,), None, home) if found else ()

    def function(self, name: str, home: int) -> DefinedName | None:
        """Return the defined name that is a LAMBDA and is called by a formula on a sheet."""
        found = self.name(name, home)
        body = "" if found is None else found.formula.lstrip("= ").upper().removeprefix("_XLFN.")
        return found if body.startswith("LAMBDA(") else None

    def read(self, formula: str, home: int) -> tuple[Piece, ...]:
        """Cut an R1C1 formula that stands on a sheet into pieces, names written out.

        Raises
        ------
        EngineError
            The names of the formula expand without measure.
        """
        key = formula, home
        if key not in self._read:
            out: list[Piece] = []
            self._expand(formula, home, (), out)
            self._read[key] = tuple(out)
        return self._read[key]

    def _expand(self, formula: str, home: int, inside: tuple[DefinedName, ...], out: list[Piece]) -> None:
        for token in tokens(formula, r1c1=True):
            if len(out) > MAX_PIECES:
                raise EngineError("the names in the formula expand without measure")
            if token.kind is TokenKind.NAME and token.text.casefold() not in ("true", "false"):
                self._expand_name(token.text, home, inside, out)
            else:
                out.append(self.piece(token, home))

    def _expand_name(self, text: str, home: int, inside: tuple[DefinedName, ...], out: list[Piece]) -> None:
        if text.casefold().startswith("_xlpm."):
            out.append(Piece(PieceKind.LOCAL, text.casefold()))
            return
        head, mark, bare = text.rpartition("!")
        where: int | None = home
        if mark:
            prefix = parse_prefix(head + mark)
            if prefix.book not in ("", "0"):
                out.append(Piece(PieceKind.EXTERNAL, text))
                return
            where = self.sheet(prefix.first)
        found = self.name(bare, home if where is None else where)
        if found is None or found in inside:
            table = self._tables.get(bare.casefold()) if found is None else None
            out.append(
                Piece(PieceKind.REFERENCE, text, self._table_spans(table, (_DATA,), None, home)) if table
                else Piece(PieceKind.UNKNOWN, text)
            )  # fmt: skip
            return
        home_of_name = self.sheet(found.sheet) if found.sheet is not None else home
        out.append(Piece(PieceKind.PUNCTUATION, "("))
        text_r1c1 = to_r1c1(found.formula.removeprefix("="), 1, 1)
        self._expand(text_r1c1, home if home_of_name is None else home_of_name, (*inside, found), out)
        out.append(Piece(PieceKind.PUNCTUATION, ")"))

    def piece(self, token: Token, home: int) -> Piece:
        """Return what one token of a formula that stands on a sheet refers to."""
        text = token.text
        match token.kind:
            case TokenKind.AREA:
                assert token.area is not None
                return self._area(token.area, text, home)
            case TokenKind.CALL:
                return Piece(PieceKind.CALL, text)
            case TokenKind.STRUCTURED:
                spans = self._structured(text, home)
                return Piece(PieceKind.UNKNOWN, text) if spans is None else Piece(PieceKind.REFERENCE, text, spans)
            case TokenKind.TEXT:
                return Piece(PieceKind.LITERAL, text, value=text[1:-1].replace('""', '"'))
            case TokenKind.NUMBER:
                return Piece(PieceKind.LITERAL, text, value=_number(text))
            case TokenKind.ERROR:
                return Piece(PieceKind.LITERAL, text, value=ErrorValue(text[text.rfind("!#") + 1 :].upper()))
            case TokenKind.NAME:
                return Piece(PieceKind.LITERAL, text, value=text.casefold() == "true")
            case _:
                return Piece(PieceKind.PUNCTUATION, " " if text.isspace() else text)

    def _area(self, area: Area, text: str, home: int) -> Piece:
        if not area.prefix:
            return Piece(PieceKind.REFERENCE, text, (Span(home, area),))
        prefix = parse_prefix(area.prefix)
        if prefix.book not in ("", "0"):
            return Piece(PieceKind.EXTERNAL, area.prefix.removesuffix("!"), external=(prefix, area))
        first, last = self.sheet(prefix.first), self.sheet(prefix.last)
        if first is None or last is None:
            return Piece(PieceKind.UNKNOWN, area.prefix.removesuffix("!"))
        low, high = sorted((first, last))
        return Piece(PieceKind.REFERENCE, text, tuple(Span(s, area) for s in range(low, high + 1)))

    def _structured(self, text: str, home: int) -> tuple[Span, ...] | None:
        head, _, body = text.partition("[")
        body = body[:-1]
        table = self._tables.get(head.rpartition("!")[2].casefold()) if head else None
        own_row = body.startswith("@")
        body = body.removeprefix("@")
        items = {_ROW} if own_row else set()
        columns: list[str] = []
        parts = [m[1] for m in _PART.finditer(body)] if body.lstrip().startswith("[") else [body] if body else []
        for part in parts:
            if part.strip().casefold() in (_ALL, _DATA, _HEADERS, _TOTALS, _ROW):
                items.add(part.strip().casefold())
            else:
                columns.append(re.sub(r"'(.)", r"\1", part, flags=re.DOTALL))
        if not head:
            table = self._own_table(columns, home)
        return None if table is None else self._table_spans(table, tuple(items) or (_DATA,), columns, home)

    def _own_table(self, columns: list[str], home: int) -> Table | None:
        """Return the table that a reference without a name means: the only one on the sheet that has the columns."""
        wanted = {c.casefold().strip() for c in columns}
        found = [
            t for t in self.book.tables
            if self.sheet(t.sheet) == home and wanted <= {c.casefold().strip() for c in t.columns}
        ]  # fmt: skip
        return found[0] if len(found) == 1 else None

    def _table_spans(
        self, table: Table, items: tuple[str, ...], columns: list[str] | None, home: int
    ) -> tuple[Span, ...]:
        sheet = self.sheet(table.sheet)
        known = [c.casefold().strip() for c in table.columns]
        wanted = [c.casefold().strip() for c in columns or ()]
        if sheet is None or any(c not in known for c in wanted):
            return ()
        where = quote_sheet(table.sheet) + "!"  # a bare area is one on the formula's own sheet
        at = [known.index(c) for c in wanted] or [0, len(known) - 1]
        left, right = table.rect.left + min(at), table.rect.left + max(at)
        body = table.rect.top + table.header_rows, table.rect.bottom - table.totals_rows
        if _ROW in items:
            area = Area(where, (False, 0), (True, left), (False, 0), (True, right), left == right)
            return (Span(sheet, area, body),)
        tops, bottoms = [], []
        for item, (top, bottom) in (
            (_ALL, (table.rect.top, table.rect.bottom)),
            (_HEADERS, (table.rect.top, body[0] - 1)),
            (_DATA, body),
            (_TOTALS, (body[1] + 1, table.rect.bottom)),
        ):
            if item in items and top <= bottom:
                tops.append(top)
                bottoms.append(bottom)
        if not tops:
            return ()
        corner = (True, min(tops)), (True, left), (True, max(bottoms)), (True, right)
        return (Span(sheet, Area(where, *corner, single=False)),)

    def calls(self, formula: str, home: int) -> Iterator[str]:
        """Yield the functions a formula calls, by their own names in upper case."""
        for piece in self.read(formula, home):
            if piece.kind is PieceKind.CALL:
                yield bare_function(piece.text)[0]
