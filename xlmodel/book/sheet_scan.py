"""Reading a sheet by its tags, many cells at a time, where every byte of its rows can be accounted for.

Excel and the usual writers store cells in one narrow way. What deviates from it by a single byte is left to
`sheet_events`; where both can read a sheet they give the same columns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.columns import Columns
from xlmodel.book.data_tables import formula_text
from xlmodel.book.numerals import read_numbers
from xlmodel.book.sheet_frame import has_controls, rows_between
from xlmodel.book.sheet_tags import ATTRIBUTE, ATTRIBUTES, STRING, Cells, Spans, UnusualError, digits, read_cells
from xlmodel.book.texts import read_texts
from xlmodel.book.xstring import plain, unmarked
from xlmodel.errors import BookError
from xlmodel.refs import MAX_COL, column_number
from xlmodel.values import Kind

__all__ = ["scan"]

_V = rb'<v(?: xml:space="preserve")?+>'
_ODD = re.compile(
    rb'<c r="([A-Z]{1,3}+)([1-9][0-9]{0,6}+)"(?: s="([0-9]++)")?+(?: t="([a-zA-Z]++)")?+'
    rb'(?: cm="([0-9]++)")?+(?: vm="[0-9]++")?+(?:/>|>(?:<f(' + ATTRIBUTES + rb")(?:/>|>([^<]*+)</f>))?+"
    rb"(?:" + _V + rb'([^<]*+)</v>|(<v/>)|<is><t(?: xml:space="preserve")?+>([^<]*+)</t></is>)?+</c>)'
)
_INLINE = re.compile(
    rb'<c r="([A-Z]{1,3}+)([1-9][0-9]{0,6}+)"(?: s="([0-9]++)")?+ t="inlineStr">'
    rb'<is><t(?: xml:space="preserve")?+>([^<]*+)</t></is></c>'
)
#: large enough for a formula that is filled down a wide sheet to be seen as such
_CHUNK = 1 << 22


def scan(content: bytes, columns: Columns) -> bool:
    """Add every cell of a sheet's XML to its columns; False, and unusable columns, where it is written unusually."""
    span = rows_between(content, columns.frame)
    if span is None:
        return False
    at, closing = span
    try:
        reader = _Reader(content, columns)
        while at < closing:
            cut = content.find(b"</row>", at + _CHUNK, closing)
            end = closing if cut < 0 else cut + len(b"</row>")
            reader.read(at, end)
            at = end
    except (UnusualError, ValueError, IndexError):
        # BookError is none of these: what expat would refuse as well is refused at once
        return False
    return True


class _OddCell:
    """A cell that is written in a rarer way."""

    def __init__(self, index: int, written: bytes) -> None:
        match = _ODD.fullmatch(written)
        if match is None or b"]]>" in written:
            raise UnusualError
        groups = [None if group is None else group.decode() for group in match.groups()]
        letters, row, style, kind, self.cm, about, formula, value, empty, inline = groups
        if inline is not None and kind != "inlineStr":
            raise UnusualError
        self.index = index
        self.row, self.col, self.style = int(row or 0), column_number(letters or ""), int(style or 0)
        self.kind = kind or "n"
        value = value if inline is None else inline
        self.value = "" if empty is not None else None if value is None else _unmarked(value)
        #: the attributes of its formula; None where it has none
        self.about = None if about is None else {name: _unmarked(x) for name, x in ATTRIBUTE.findall(about)}
        self.formula = "" if self.about is None else formula_text(_unmarked(formula or ""), self.about)


@dataclass(slots=True)
class _Inline:
    """The texts that stand in their cells, and not among the shared strings."""

    index: list[int] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    col: list[int] = field(default_factory=list)
    style: list[int] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def take(self, index: int, written: bytes) -> bool:
        """Take a cell, if it is nothing but such a text."""
        match = _INLINE.fullmatch(written)
        if match is None or b"]]>" in written:
            return False
        letters, row, style, text = match.groups()
        self.index.append(index)
        self.row.append(int(row))
        self.col.append(_column(letters))
        self.style.append(int(style or 0))
        self.text.append(plain(_unmarked(text.decode())))
        return True


@cache
def _column(letters: bytes) -> int:
    return column_number(letters.decode())


class _Reader:
    """Puts the cells of a sheet into its columns, some whole rows at a time."""

    def __init__(self, content: bytes, columns: Columns) -> None:
        self.content = content
        self.columns = columns
        self.marks = np.frombuffer(content, np.uint8)
        self.strings = np.array(columns.context.strings, object)
        # styles that are not there have the General format, which is the first
        self.formats = np.array([*columns.context.formats.by_style, 0], np.int32)

    def read(self, at: int, end: int) -> None:
        """Add the rows from one byte up to another."""
        if has_controls(self.content, at, end):
            raise UnusualError
        columns = self.columns
        cells = read_cells(self.content, at, end)
        for number, attributes in cells.rows:
            columns.open_row(number, dict(ATTRIBUTE.findall(attributes)))
        if not len(cells.row):
            return
        inline = _Inline()
        odd = [_OddCell(*found) for found in self._each(cells.odd) if not inline.take(*found)]
        cells.col[inline.index], cells.style[inline.index], cells.kind[inline.index] = inline.col, inline.style, 0
        if (cells.row[inline.index] != inline.row).any():
            raise UnusualError
        for one in odd:
            cells.col[one.index], cells.style[one.index], cells.kind[one.index] = one.col, one.style, 0
            if one.row != cells.row[one.index]:
                raise UnusualError
        if (cells.col > MAX_COL).any():
            raise UnusualError
        columns.room(len(cells.row), int(cells.row[0]), int(cells.row.max()), 1)
        base = len(columns.row)
        style = self.formats[np.minimum(cells.style, len(self.formats) - 1)]
        formula = self._formulas(cells, odd)
        columns.extend(cells.row, cells.col, style, formula, *self._values(cells, formula, inline))
        shared = 0
        for one in odd:
            # the children before it share a formula before it
            until = int(np.searchsorted(cells.children.cell, one.index))
            columns.share(base + cells.children.cell[shared:until], cells.shared[shared:until])
            columns.fill(base + one.index, one.kind, one.value, int(formula[one.index]), one.about, one.cm)
            shared = until
        columns.share(base + cells.children.cell[shared:], cells.shared[shared:])

    def _each(self, spans: Spans) -> list[tuple[int, bytes]]:
        places = zip(spans.cell.tolist(), spans.start.tolist(), spans.stop.tolist(), strict=True)
        return [(cell, self.content[start:stop]) for cell, start, stop in places]

    def _texts(self, spans: Spans) -> bytes:
        """Return what stands in some stretches, a NUL behind each."""
        try:
            return read_texts(self.content, spans.start, spans.stop)
        except BookError as error:
            raise UnusualError from error

    def _formulas(self, cells: Cells, odd: list[_OddCell]) -> NDArray[np.int32]:
        """Return the number of each cell's formula, -1 for none; those that are shared are not known yet."""
        formula = np.full(len(cells.row), -1, np.int32)
        at, texts = cells.formulas.cell, self._texts(cells.formulas)
        texts.decode()
        alone = [one for one in odd if one.formula]
        if alone:
            at = np.append(at, [one.index for one in alone])
            order = np.argsort(at)
            every = [*texts.split(b"\0")[:-1], *(one.formula.encode() for one in alone)]
            at, texts = at[order], b"\0".join([*(every[i] for i in order.tolist()), b""])
        if len(at):
            formula[at] = self.columns.context.formulas.numbers(texts, cells.row[at], cells.col[at])
        return formula

    def _values(
        self, cells: Cells, formula: NDArray[np.int32], inline: _Inline
    ) -> tuple[NDArray[np.uint8], NDArray[np.float64], list[str]]:
        """Return kinds, numbers and texts; odd cells stay blank for now."""
        kind, num = np.zeros(len(formula), np.uint8), np.zeros(len(formula))
        text = np.full(len(formula), "", object)
        kind[inline.index], text[inline.index] = Kind.TEXT, inline.text
        types = cells.kind[cells.values.cell]
        numbers = cells.values.of((types == 0) | (types == ord("n")))
        num[numbers.cell] = read_numbers(self.content, numbers.start, numbers.stop)
        kind[numbers.cell] = Kind.NUMBER
        strings = cells.values.of(types == ord("s"))
        place, end = digits(self.marks, strings.start)
        if (end != strings.stop).any():
            raise UnusualError
        text[strings.cell] = self.strings[place]
        kind[strings.cell] = Kind.TEXT
        # a formula that gives a text has a value, if only an empty one
        calculated = cells.kind == STRING
        kind[calculated & (formula >= 0)] = Kind.TEXT
        kind[cells.children.cell[calculated[cells.children.cell]]] = Kind.TEXT
        for letter, which in ((STRING, Kind.TEXT), (ord("e"), Kind.ERROR), (ord("b"), Kind.BOOLEAN)):
            found = cells.values.of(types == letter)
            if not len(found.cell):
                continue
            texts = self._texts(found).decode().split("\0")[:-1]
            kind[found.cell] = which
            if which is Kind.BOOLEAN:
                num[found.cell] = [x.strip() in ("1", "true") for x in texts]
            else:
                text[found.cell] = np.array(list(map(plain, texts)) if which is Kind.TEXT else texts, object)
        return kind, num, text.tolist()


def _unmarked(text: str) -> str:
    try:
        return unmarked(text)
    except BookError as error:
        raise UnusualError from error
