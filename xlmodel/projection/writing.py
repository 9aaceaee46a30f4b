"""From a workbook to its text.

A line is a row of a block: cells side by side that hold constants, or one formula. Rows are not numbered, and what a
file may say in several ways is said in one, so that an inserted row is one more line and a workbook saved by another
program has the same text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.workbook import Book, CalcSettings, Sheet
from xlmodel.layout.labels import Labels
from xlmodel.projection.notation import contents, escaped, label, quoted
from xlmodel.projection.precision import decimals
from xlmodel.refs import Rect, column_letters, to_r1c1
from xlmodel.values import Kind

Ints = NDArray[np.int64]

__all__ = ["FIRST_LINE", "WIDTH", "project_text", "seal"]

FIRST_LINE = "xlmodel cells 1"
WIDTH = 12  #: cells a line holds at most: a year of months
_ALONE = {"^": r"\u005e", "<": r"\u003c"}  #: a formula that is what stands for "as above" and "as to the left"
_IN_FULL = 99  #: stands for a format that shows a number in full


def project_text(book: Book) -> str:
    """Return a workbook as text, without the line that seals it."""
    lines = [FIRST_LINE, *_settings(book), *_named(book)]
    labels = Labels(book.stripped())  # what a formula makes of a heading is a value, and changes like one
    for sheet in book.sheets:
        lines += ["", *_sheet(book, sheet, labels)]
    return "\n".join(lines) + "\n"


def seal(text: str) -> str:
    """Return the last line of a text: it fits nothing but the lines before it."""
    return f"end {hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}\n"


def _settings(book: Book) -> Iterator[str]:
    calc, usual = book.calc, CalcSettings()
    yield f"calculation {escaped(calc.mode)}"
    if calc.iterate:
        yield f"iteration {calc.iterate_count} {calc.iterate_delta!r}"
    if calc.full_precision != usual.full_precision:
        yield "precision as displayed"
    if book.date1904:
        yield "dates from 1904"
    for external in sorted(book.externals, key=lambda e: e.index):
        yield f"workbook {external.index} {quoted(external.target)}"


def _named(book: Book) -> Iterator[str]:
    for name in sorted(book.names, key=lambda n: (n.name.casefold(), n.sheet or "")):
        # Excel's own names, such as print areas, come and go with the program that saves
        if not name.name.casefold().startswith("_xlnm."):
            where = "" if name.sheet is None else f" on {quoted(name.sheet)}"
            yield f"name {quoted(name.name)}{where} ={escaped(to_r1c1(name.formula.removeprefix('='), 1, 1))}"
    for table in sorted(book.tables, key=lambda t: t.name.casefold()):
        columns = " ".join(map(quoted, table.columns))
        rows = f"{table.header_rows} {table.totals_rows}"
        yield f"table {quoted(table.name)} on {quoted(table.sheet)} {table.rect.name} {rows} {columns}".rstrip()


def _sheet(book: Book, sheet: Sheet, labels: Labels) -> Iterator[str]:
    state = sheet.state if sheet.state in ("hidden", "veryHidden") else ""
    yield f"sheet {quoted(sheet.name)} {state}".rstrip()
    if len(sheet.hidden_rows):
        yield f"hidden rows {' '.join(_spans(sheet.hidden_rows))}"
    ranges = _ranges(sheet)
    filled = _filled(sheet, ranges)
    at = np.flatnonzero((sheet.formula >= 0) | (sheet.values.kind != Kind.BLANK))
    if not len(at):
        return
    row, col, formula = (a[at].astype(np.int64) for a in (sheet.row, sheet.col, sheet.formula))
    key = row * 16_385 + col
    decimals_of = np.array([_IN_FULL if (n := decimals(f)) is None else n for f in book.number_formats], np.int64)
    shown = np.where(formula >= 0, decimals_of[sheet.style[at]], _IN_FULL)
    # a formula that fills several cells stands alone
    array = np.zeros(len(sheet), np.int64)
    for index, rect in ranges.items():
        array[index] = 1 if rect.shape == (1, 1) and index in sheet.arrays else index + 2
    array = array[at]
    first = _line_starts(key, (formula, shown, array, filled[at].astype(np.int64)))
    own = np.where(array < 2, formula, -2)
    as_above = np.logical_and.reduceat(_at(key, key - 16_385, formula, array) == own, first).tolist()
    as_before = (_at(key, key - 1, formula, array) == own)[first].tolist()
    tokens = contents(sheet.values[at])
    last = np.append(first[1:], len(at)) - 1
    places = zip(row[first].tolist(), col[first].tolist(), col[last].tolist(), strict=True)
    wordy = (sheet.values.kind[at] == Kind.TEXT)[first].tolist()
    last_row = 0
    for n, (here, left, right) in enumerate(places):
        a = int(first[n])
        if here > last_row + 1:
            blank = here - last_row - 1
            yield f"({blank} blank row{'s' * (blank > 1)})"
        head = f"{'' if here > last_row else '  '}{column_letters(left)}"
        last_row = here
        if right > left:
            head += f":{column_letters(right)}"
        values = " ".join(tokens[a : a + right - left + 1])
        if filled[at[a]]:
            yield f"{head} filled {values}"
            continue
        if formula[a] >= 0 or not wordy[n]:
            called = _common_label(labels, sheet.name, here, left, right)
            head += f" [{label(called)}]" if called else ""
        if formula[a] < 0:
            yield f"{head} {values}"
            continue
        if shown[a] != _IN_FULL:
            head += f" ~{Decimal(1).scaleb(-int(shown[a])):f}"
        if array[a]:
            head += f" {_reach(sheet, int(at[a]), ranges)}"
        text = "^" if as_above[n] else "<" if as_before[n] else _formula(book, int(formula[a]))
        yield f"{head} ={text} | {values}"


def _line_starts(key: Ints, alike: Sequence[Ints]) -> Ints:
    """Return where a line begins among cells sorted by row and column."""
    same = key[1:] == key[:-1] + 1
    for what in alike:
        same &= what[1:] == what[:-1]
    begun = np.append(0, np.flatnonzero(~same) + 1)
    place = np.arange(len(key)) - np.repeat(begun, np.diff(np.append(begun, len(key))))
    return np.flatnonzero(place % WIDTH == 0)


def _at(key: Ints, wanted: Ints, formula: Ints, array: Ints) -> Ints:
    """Return the formulas of other cells; -1 where there is none, or it fills cells in another way."""
    found = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    return np.where((key[found] == wanted) & (array[found] == array), formula[found], -1)


def _formula(book: Book, which: int) -> str:
    text = escaped(book.formulas[which])
    return _ALONE.get(text, text)


def _ranges(sheet: Sheet) -> dict[int, Rect]:
    """Return what array formulas and data tables fill, by the index of their cell."""
    return {i: rect for i, rect in {**sheet.arrays, **sheet.data_tables}.items() if sheet.formula[i] >= 0}


def _filled(sheet: Sheet, ranges: dict[int, Rect]) -> NDArray[np.bool_]:
    """Tell which cells hold a value only because an array formula or a data table fills them."""
    out = np.zeros(len(sheet), bool)
    for rect in ranges.values():
        low, high = np.searchsorted(sheet.row, (rect.top, rect.bottom + 1))
        out[low:high] |= (sheet.col[low:high] >= rect.left) & (sheet.col[low:high] <= rect.right)
    out[sheet.formula >= 0] = False
    return out


def _reach(sheet: Sheet, index: int, ranges: dict[int, Rect]) -> str:
    rect = ranges[index]
    rows, columns = rect.shape
    if index in sheet.arrays and rect.shape == (1, 1):
        return "array"
    word = "array" if index in sheet.arrays else "datatable"
    return f"{word} {rows}x{columns}" + _offset(rect, int(sheet.row[index]), int(sheet.col[index]))


def _offset(rect: Rect, row: int, col: int) -> str:
    """Return where a range begins, seen from its cell; "" where it begins there, as it does in all but odd files."""
    return "" if (rect.top, rect.left) == (row, col) else f"{rect.top - row:+d}{rect.left - col:+d}"


def _common_label(labels: Labels, sheet: str, row: int, left: int, right: int) -> str:
    first = labels.path(sheet, row, left)
    if right > left:
        last = labels.path(sheet, row, right)
        first = tuple(part for part in first if part in last)
    return ", ".join(first)


def _spans(rows: NDArray[np.int32]) -> Iterator[str]:
    cuts = np.flatnonzero(np.diff(rows) != 1) + 1
    for part in np.split(rows, cuts):
        yield str(part[0]) if len(part) == 1 else f"{part[0]}:{part[-1]}"
