"""A table as lines of figures, in one direction: the rows of a table, or its columns, with their names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.workbook import Book
from xlmodel.layout.cells import Sort
from xlmodel.layout.labels import Labels
from xlmodel.layout.shown import shown
from xlmodel.refs import TokenKind, bare_function, tokens
from xlmodel.values import Kind

__all__ = ["Lines", "tables"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
Arrays = tuple[Floats, Floats, Places, Flags, Flags]

_MOST_CELLS = 3_000_000  #: of a table, blanks included; a sheet that is mostly empty can span more
_EXACT = 15  #: decimals of a number that was not rounded by hand


class Lines:
    """Lines of a table.

    Attributes
    ----------
    down : bool
        Whether the lines are rows; then what crosses them are columns.
    at, across : array of int
        The row or column of each line; the column or row of each that crosses them.
    value : array
        A line's figures; NaN where there is none.
    half : array
        How far a typed figure may be from what it was rounded from: half of its last decimal; 0 for a formula's.
    formula : array of int
        Into Book.formulas; -1 where a figure is typed.
    percent : array of bool
        Where the number format shows a percentage.
    unknown : array of bool
        Where something stands that is no figure and no blank: an error, TRUE, a text.
    """

    def __init__(
        self, book: Book, labels: Labels, sheet: str, down: bool, at: Places, across: Places, arrays: Arrays
    ) -> None:
        self._book, self._labels, self.sheet, self.down = book, labels, sheet, down
        self.at, self.across = at, across
        self.value, self.half, self.formula, self.percent, self.unknown = arrays

    def __len__(self) -> int:
        return len(self.at)

    def turned(self) -> Lines:
        """Return the same table, its rows and columns exchanged."""
        arrays = self.value.T, self.half.T, self.formula.T, self.percent.T, self.unknown.T
        return Lines(self._book, self._labels, self.sheet, not self.down, self.across, self.at, arrays)

    def only_adds(self, line: int, crossing: int) -> bool:
        """Tell whether a figure is a formula that adds up and does nothing else."""
        which = int(self.formula[line, crossing])
        return which >= 0 and _only_adds(self._book.formulas[which])

    def cell(self, line: int, crossing: int) -> tuple[int, int]:
        """Return the row and column where a line is crossed."""
        one, other = int(self.at[line]), int(self.across[crossing])
        return (one, other) if self.down else (other, one)

    def only_divides(self, line: int, crossing: int) -> bool:
        """Tell whether a figure is a formula that divides, with no function but sums and rounding."""
        which = int(self.formula[line, crossing])
        return which >= 0 and _only_divides(self._book.formulas[which])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the sheet calls each line."""
        return tuple(self._name(self.down, line, True) for line in range(len(self.at)))

    @cached_property
    def crossing_names(self) -> tuple[str, ...]:
        """What the sheet calls what crosses the lines."""
        return tuple(self._name(not self.down, i, False) for i in range(len(self.across)))

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """What the sheet calls each line, with the section it stands in."""
        if not self.down:
            return self.names
        of = self._labels.of(self.sheet)
        sections = (of.section(int(row), int(self.across[-1])) for row in self.at)
        return tuple(" > ".join((*section, name)) for section, name in zip(sections, self.names, strict=True))

    def _name(self, row: bool, which: int, is_line: bool) -> str:
        held = ~np.isnan(self.value[which] if is_line else self.value[:, which])
        other = int(np.argmax(held))
        place = self.cell(which, other) if is_line else self.cell(other, which)
        of = self._labels.of(self.sheet)
        return ", ".join(of.row_names(*place) if row else of.headings(*place))


def tables(book: Book, labels: Labels, number: int) -> Iterator[Lines]:
    """Yield the tables of a sheet, its rows as lines: what stands under one set of headings."""
    sheet = book.sheets[number]
    of = labels.of(sheet.name)
    rows = of.cells.rows
    tops = sorted({of.segment(row)[0] for row in rows if row not in of.heading_rows})
    figure = (of.cells.sort == Sort.FIGURE) & (sheet.values.kind == Kind.NUMBER)
    for i, top in enumerate(tops):
        low, high = np.searchsorted(sheet.row, (top, tops[i + 1] if i + 1 < len(tops) else 1 << 30))
        picked = np.flatnonzero(figure[low:high]) + low
        if len(picked) < 3:
            continue
        at, across = np.unique(sheet.row[picked]), np.unique(sheet.col[picked])
        if len(at) * len(across) > _MOST_CELLS or (len(at) < 2 and len(across) < 2):
            continue
        shape = len(at), len(across)
        place = np.searchsorted(at, sheet.row[picked]), np.searchsorted(across, sheet.col[picked])
        value = np.full(shape, np.nan)
        value[place] = sheet.values.num[picked]
        formula = np.full(shape, -1, np.int64)
        formula[place] = sheet.formula[picked]
        looks = np.array([shown(code).percent for code in book.number_formats], bool)
        percent = np.zeros(shape, bool)
        percent[place] = looks[sheet.style[picked]]
        unknown = np.zeros(shape, bool)
        other = np.flatnonzero((of.cells.sort[low:high] == Sort.FIGURE) & ~figure[low:high]) + low
        r, c = np.searchsorted(at, sheet.row[other]), np.searchsorted(across, sheet.col[other])
        inside = (r < shape[0]) & (c < shape[1])
        inside[inside] &= (at[r[inside]] == sheet.row[other[inside]]) & (across[c[inside]] == sheet.col[other[inside]])
        unknown[r[inside], c[inside]] = True
        half = _halves(value, formula < 0, percent)
        arrays = value, half, formula, percent, unknown
        yield Lines(book, labels, sheet.name, True, at.astype(np.int64), across.astype(np.int64), arrays)


def _halves(value: Floats, typed: Flags, percent: Flags) -> Floats:
    """Return half of the last decimal of each typed figure: as fine as its row and its column are, where both are."""
    decimals = np.zeros(value.shape)
    held = typed & ~np.isnan(value)
    decimals[held] = [_decimals(v) for v in value[held].tolist()]
    for kind in (percent, ~percent):  # a percentage beside amounts says nothing of their decimals
        here = np.where(kind & held, decimals, 0)
        shared = np.minimum(here.max(axis=0, initial=0)[None, :], here.max(axis=1, initial=0)[:, None])
        decimals = np.where(kind & held, np.maximum(decimals, shared), decimals)
    return np.where(held, 0.5 * 10.0**-decimals, 0.0)


_SUBTOTAL_SUMS = {"9", "109"}  #: by its first argument SUBTOTAL adds up, counts, takes a mean
_ADDING = frozenset(("SUM", "SUBTOTAL", "ROUND", "N", "IFERROR"))


@lru_cache(maxsize=4_096)
def _only_adds(formula: str) -> bool:
    found = [token for token in tokens(formula, r1c1=True) if not token.text.isspace()]
    calls = [bare_function(token.text)[0] if token.kind is TokenKind.CALL else "" for token in found]
    signs = {token.text for token in found if token.kind is TokenKind.OTHER}
    if set(calls) - {""} - _ADDING or signs & set("*/^&<>="):
        return False
    kinds = [found[i + 2].text for i, call in enumerate(calls[:-2]) if call == "SUBTOTAL"]
    return set(kinds) <= _SUBTOTAL_SUMS and ("SUM" in calls or bool(kinds) or bool(signs & set("+-")))


@lru_cache(maxsize=4_096)
def _only_divides(formula: str) -> bool:
    found = list(tokens(formula, r1c1=True))
    calls = {bare_function(token.text)[0] for token in found if token.kind is TokenKind.CALL}
    return calls <= _ADDING and any(token.text == "/" for token in found)


def _decimals(number: float) -> int:
    text = f"{number:.15g}"
    if "e" in text:
        return 0 if abs(number) >= 1 else _EXACT
    return len(text.partition(".")[2])
