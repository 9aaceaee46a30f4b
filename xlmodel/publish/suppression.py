"""Hiding small numbers in a values edition, as official statistics do, and what would give them away again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from xlmodel.book import Book, Sheet, Table
from xlmodel.engine.called import functions_called
from xlmodel.engine.dependencies import Dependencies
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import ConfigurationError
from xlmodel.refs import Rect, TokenKind, parse_prefix, tokens
from xlmodel.values import ErrorValue, Kind, same_number

__all__ = ["SYMBOL", "Suppression", "given_away", "hidden_cells"]

#: What stands for a confidential figure in official statistics.
SYMBOL = "[c]"
#: functions that pick a few of the cells they are given
_LOOKUPS = frozenset(
    "AVERAGEIF AVERAGEIFS CHOOSE COUNTIF COUNTIFS HLOOKUP INDEX INDIRECT LOOKUP MATCH MAXIFS MINIFS OFFSET SUMIF"
    " SUMIFS VLOOKUP XLOOKUP XMATCH".split()
)


@dataclass(frozen=True)
class Suppression:
    """Which numbers a values edition hides.

    Parameters
    ----------
    below : float
        In `small`, numbers between 0 and this are hidden; 0 itself is shown, as in official statistics.
    small : tuple of str
        Ranges: ``Stock!B5:F9``, a defined name, a table or ``Table[Column]``.
    hide : tuple of str
        Ranges in which every number is hidden, so that no hidden one can be worked out from them.
    """

    below: float = 0.0
    small: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()


def hidden_cells(book: Book, suppression: Suppression) -> frozenset[CellKey]:
    """Return the cells to be hidden.

    Raises
    ------
    ConfigurationError
        A range is none of the workbook's, or small numbers are to be hidden and no range is named.
    """
    if suppression.below and not suppression.small:
        raise ConfigurationError("to hide small numbers, name the ranges with counts: --suppress Stock!B5:F9")
    if suppression.small and not suppression.below > 0:
        raise ConfigurationError("to hide small numbers, say what is small: --suppress-below 5")
    found: set[CellKey] = set()
    for text in suppression.small:
        for cell, number in _numbers(book, text):
            if 0 < abs(number) < suppression.below:
                found.add(cell)
    for text in suppression.hide:
        found.update(cell for cell, _ in _numbers(book, text))
        found.update(_texts(book, text))
    return frozenset(found)


def _numbers(book: Book, text: str) -> Iterator[tuple[CellKey, float]]:
    for sheet, i in _cells(book, text):
        if sheet.values.kind[i] == Kind.NUMBER:
            yield CellKey(sheet.name, int(sheet.row[i]), int(sheet.col[i])), float(sheet.values.num[i])


def _texts(book: Book, text: str) -> Iterator[CellKey]:
    """Yield the cells whose formula gives a text: it may say the number."""
    for sheet, i in _cells(book, text):
        if sheet.formula[i] >= 0 and sheet.values.kind[i] == Kind.TEXT and sheet.values.text[i]:
            yield CellKey(sheet.name, int(sheet.row[i]), int(sheet.col[i]))


def _cells(book: Book, text: str) -> Iterator[tuple[Sheet, int]]:
    for name, rect in _ranges(book, text):
        sheet = book.sheet(name)
        rows = (sheet.row >= rect.top) & (sheet.row <= rect.bottom)
        for i in np.flatnonzero(rows & (sheet.col >= rect.left) & (sheet.col <= rect.right)).tolist():
            yield sheet, i


def _ranges(book: Book, text: str) -> list[tuple[str, Rect]]:
    """Return the ranges that a text means: areas with their sheet, a defined name, a table or a column of one."""
    table_name, _, column = text.partition("[")
    for table in book.tables:
        if table.name.casefold() == table_name.casefold():
            return [(table.sheet, _body(table, column.removesuffix("]"), text))]
    named = [n for n in book.names if n.name.casefold() == text.casefold()]
    formula = named[0].formula if named else text
    found = []
    for token in tokens(formula.removeprefix("=")):
        if token.kind is TokenKind.AREA and token.area is not None and token.area.prefix:
            prefix = parse_prefix(token.area.prefix)
            if not prefix.book and prefix.first == prefix.last:
                found.append((book.sheet(prefix.first).name, token.area.at(1, 1)))
                continue
        if token.text not in (",", " "):
            found = []
            break
    if not found:
        raise ConfigurationError(
            f"{text!r} is no range of {book.path.name}: write it with its sheet, as Stock!B5:F9, or give a name, a "
            "table or a column of one, as Stock[Children]"
        )
    return found


def _body(table: Table, column: str, text: str) -> Rect:
    rect = table.rect
    left, right = rect.left, rect.right
    if column:
        columns = [c.casefold() for c in table.columns]
        if column.casefold() not in columns:
            raise ConfigurationError(f"{text!r}: table {table.name} has no column {column!r}; it has {table.columns}")
        left = right = rect.left + columns.index(column.casefold())
    return Rect(rect.top + table.header_rows, left, rect.bottom - table.totals_rows, right)


def given_away(book: Book, hidden: frozenset[CellKey]) -> tuple[list[str], list[str]]:
    """Return what gives hidden numbers away for certain, and what may: each as a sentence.

    A cell gives one away that shows the same number, or is calculated from one hidden number and otherwise from shown
    ones. A hidden number is given away where it is calculated from shown ones alone. Where a formula looks its cells
    up, which ones it used is not known, so only an equal number counts for certain.
    """
    graph = Dependencies(book)
    certain: list[str] = []
    possible: list[str] = []
    by_sheet: dict[str, list[CellKey]] = {}
    for cell in sorted(hidden):
        by_sheet.setdefault(cell.sheet, []).append(cell)
    for sheet, i in book.formula_cells():
        cell = CellKey(sheet.name, int(sheet.row[i]), int(sheet.col[i]))
        areas = graph.precedents(cell)
        lookup = bool(_LOOKUPS & set(functions_called(book.formulas[int(sheet.formula[i])])))
        if cell in hidden:
            _from_shown(book, cell, areas, lookup, hidden, certain)
        else:
            used = [h for name, rect in areas for h in by_sheet.get(name, ()) if rect.__contains__((h.row, h.col))]
            _from_hidden(book, cell, used, lookup, certain, possible)
    return certain, possible


def _from_hidden(
    book: Book, cell: CellKey, used: list[CellKey], lookup: bool, certain: list[str], possible: list[str]
) -> None:
    """Judge a shown cell by the hidden ones it is calculated from."""
    if not used:
        return
    shown = book.sheet(cell.sheet).value(cell.row, cell.col)
    if shown is None or isinstance(shown, ErrorValue):
        return
    equal = [h for h in used if _same(shown, book.sheet(h.sheet).value(h.row, h.col))]
    if equal:
        certain.append(f"{cell} shows the number hidden in {equal[0]}")
    elif lookup:
        possible.append(f"{cell} looks up cells of which {_listed(used)} is hidden")
    elif len(set(used)) == 1:
        certain.append(f"{cell} is calculated from {used[0]}, the only number in it that is hidden")
    else:
        possible.append(f"{cell} is calculated from hidden numbers: {_listed(used)}")


def _from_shown(
    book: Book,
    cell: CellKey,
    areas: Iterable[tuple[str, Rect]],
    lookup: bool,
    hidden: frozenset[CellKey],
    certain: list[str],
) -> None:
    """Judge a hidden cell by the shown ones it is calculated from."""
    value = book.sheet(cell.sheet).value(cell.row, cell.col)
    shown: list[CellKey] = []
    for name, rect in areas:
        sheet = book.sheet(name)
        rows = (sheet.row >= rect.top) & (sheet.row <= rect.bottom)
        numbers = rows & (sheet.col >= rect.left) & (sheet.col <= rect.right) & (sheet.values.kind == Kind.NUMBER)
        for i in np.flatnonzero(numbers).tolist():
            other = CellKey(sheet.name, int(sheet.row[i]), int(sheet.col[i]))
            if other in hidden:
                if not lookup:
                    return  # it hangs on another hidden number
                continue
            if _same(value, float(sheet.values.num[i])):
                certain.append(f"{other} shows the number hidden in {cell}, which is calculated from it")
                return
            shown.append(other)
    if shown and not lookup:
        certain.append(f"{cell} is hidden, and calculated from numbers that are all shown: {_listed(shown)}")


def _same(a: object, b: object) -> bool:
    return isinstance(a, float) and isinstance(b, float) and same_number(abs(a), abs(b), 1e-12)


def _listed(cells: list[CellKey]) -> str:
    names = list(dict.fromkeys(map(str, cells)))
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
