"""The tags of a sheet's rows, many at a time: told apart, checked for their order, and read into arrays.

Every ``<`` begins a stretch that ends before the next one. Each stretch is either known to its last byte, or belongs to
a cell that is to be looked at alone; so no byte is passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.texts import cut_out
from xlmodel.refs import MAX_ROW

__all__ = ["ATTRIBUTE", "ATTRIBUTES", "STRING", "Cells", "Spans", "UnusualError", "digits", "read_cells"]

Places = NDArray[np.intp]
Flags = NDArray[np.bool_]

ATTRIBUTES = rb'(?: (?:[A-Za-z_]\w*+:)?+[A-Za-z_]\w*+="[^"<&]*+")*+'
ATTRIBUTE = re.compile(r'([\w.:]+)="([^"]*)"')
_ROW_ENDS = re.compile(rb'(?:"' + ATTRIBUTES + rb"/?><)*+")
#: what stands for the type `str`, whose first letter is that of `s`
STRING = ord("t")
#: the types of cells that are known, by their first letters
_TYPES = np.zeros(256, np.bool_)
_TYPES[[0, *b"nsbe", STRING]] = True


class UnusualError(Exception):
    """The sheet is written in a way that only expat reads."""


class _Tag(IntEnum):
    UNKNOWN = 0
    ROW = 1
    EMPTY_ROW = 2
    ROW_END = 3
    CELL = 4
    EMPTY_CELL = 5
    CELL_END = 6
    FORMULA = 7
    FORMULA_END = 8
    CHILD = 9  #: a formula that is written in another cell
    VALUE = 10
    VALUE_END = 11
    ODD = 12  #: any part of a cell that is to be looked at alone


def _followers() -> Flags:
    t = _Tag
    cells, rows, ends = (t.CELL, t.EMPTY_CELL, t.ODD, t.ROW_END), (t.ROW, t.EMPTY_ROW), (t.VALUE, t.CELL_END)
    after = {
        t.ROW: cells, t.EMPTY_ROW: rows, t.ROW_END: rows,
        t.CELL: (t.FORMULA, t.CHILD, *ends), t.EMPTY_CELL: cells, t.CELL_END: cells, t.ODD: cells,
        t.FORMULA: (t.FORMULA_END,), t.FORMULA_END: ends, t.CHILD: ends,
        t.VALUE: (t.VALUE_END,), t.VALUE_END: (t.CELL_END,),
    }  # fmt: skip
    table = np.zeros((len(t), len(t)), np.bool_)
    for tag, following in after.items():
        table[tag, list(following)] = True
    return table.ravel()


#: which tag may follow which: the first counts by rows
_FOLLOWERS = _followers()
_CHILD = b'<f t="shared" si="'
#: how each tag begins; the bracket shows that it ends there
_BEGINNINGS = {
    _Tag.ROW: b'<row r="',
    _Tag.ROW_END: b"</row><",
    _Tag.CELL: b"<c r",
    _Tag.CELL_END: b"</c><",
    _Tag.FORMULA: b"<f>",
    _Tag.FORMULA_END: b"</f><",
    _Tag.CHILD: _CHILD[:8],
    _Tag.VALUE: b"<v>",
    _Tag.VALUE_END: b"</v><",
}
#: the tag by the two bytes behind the bracket, and the word by the tag
_GUESSES = np.zeros(1 << 16, np.uint8)
_WORDS, _MASKS = np.zeros((2, len(_Tag)), np.uint64)
for _tag, _text in _BEGINNINGS.items():
    _GUESSES[int.from_bytes(_text[1:3], "little")] = _tag
    _WORDS[_tag], _MASKS[_tag] = int.from_bytes(_text, "little"), (1 << 8 * len(_text)) - 1


@dataclass(frozen=True, slots=True)
class Spans:
    """Stretches of the content, each of a cell."""

    cell: Places
    start: Places
    stop: Places

    def of(self, chosen: Flags) -> Spans:
        """Return some of them."""
        return Spans(self.cell[chosen], self.start[chosen], self.stop[chosen])


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of some whole rows in the order of the file. Of odd ones only the row is known."""

    row: NDArray[np.int32]
    col: NDArray[np.int32]
    style: NDArray[np.int64]
    kind: NDArray[np.uint8]  #: the first letter of the type, or `STRING`; 0 where there is none
    formulas: Spans
    children: Spans
    shared: NDArray[np.int64]  #: the index of the formula that each child shares
    values: Spans
    odd: Spans
    rows: list[tuple[int, str]]  #: the rows' numbers and attributes, if one may be hidden


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet's bytes."""

    marks: NDArray[np.uint8]
    words: NDArray[np.uint64]  #: the eight bytes from each byte on

    @classmethod
    def of(cls, content: bytes) -> _Sheet:
        return cls(np.frombuffer(content, np.uint8), np.ndarray((len(content) - 7,), "<u8", content, strides=(1,)))


def _starting(words: NDArray[np.uint64], text: bytes) -> Flags:
    """Tell which words begin with a text of at most eight bytes."""
    mask, wanted = (1 << 8 * len(text)) - 1, int.from_bytes(text, "little")
    found: Flags = (words & np.uint64(mask)) == np.uint64(wanted)
    return found


def digits(marks: NDArray[np.uint8], at: Places) -> tuple[NDArray[np.int64], Places]:
    """Return the whole numbers that begin at some bytes, and where they end; ten digits are read."""
    number = np.zeros(len(at), np.int64)
    for _ in range(10):
        digit = marks[at] - np.uint8(ord("0"))
        more = digit < 10
        if not more.any():
            break
        number = np.where(more, number * 10 + digit, number)
        at = at + more
    return number, at


def read_cells(content: bytes, at: int, end: int) -> Cells:
    """Read the rows from one byte up to another, before which and at which there is a bracket.

    Raises
    ------
    UnusualError
        Something stands there that is not known.
    """
    sheet = _Sheet.of(content)
    start = np.flatnonzero(sheet.marks[at:end] == ord("<")) + at
    if not len(start) or start[0] != at:
        raise UnusualError
    stop = np.append(start[1:], end)
    tag = _tags(sheet, start)
    opened, row_tags = np.flatnonzero(tag == _Tag.CELL), np.flatnonzero(tag == _Tag.ROW)
    if tag[0] != _Tag.ROW:
        raise UnusualError
    rows = _open_rows(content, sheet, row_tags, start, stop, opened)
    tag[row_tags[rows.empty]] = _Tag.EMPTY_ROW
    cells = _open_cells(sheet, start[opened], stop[opened], rows)
    tag[opened[cells.empty]] = _Tag.EMPTY_CELL
    tag[opened[~cells.known]] = _Tag.UNKNOWN
    _check_children(sheet, start, stop, tag)
    cell = np.cumsum(_at(opened, len(tag))) - 1
    odd, behind = _set_apart(tag, cell, opened)
    if tag[-1] not in (_Tag.EMPTY_ROW, _Tag.ROW_END) or not _FOLLOWERS[tag[:-1] * np.uint8(len(_Tag)) + tag[1:]].all():
        raise UnusualError
    formulas, children, values = (np.flatnonzero(tag == t) for t in (_Tag.FORMULA, _Tag.CHILD, _Tag.VALUE))
    return Cells(
        rows.of_cells(rows.number),
        cells.col,
        cells.style,
        cells.kind,
        Spans(cell[formulas], start[formulas] + len("<f>"), stop[formulas]),
        Spans(cell[children], start[children], stop[children]),
        digits(sheet.marks, start[children] + len(_CHILD))[0],
        Spans(cell[values], start[values] + len("<v>"), stop[values]),
        Spans(odd, start[opened[odd]], start[behind]),
        rows.said,
    )


def _tags(sheet: _Sheet, start: Places) -> NDArray[np.uint8]:
    """Tell the tags apart; those of rows, cells and children only by how they begin."""
    word = sheet.words[start]
    tag: NDArray[np.uint8] = _GUESSES[(word >> np.uint64(8)).astype(np.uint16)]
    known = (word & _MASKS[tag]) == _WORDS[tag]
    # formulas and values are not empty
    known &= (word >> np.uint64(24)).astype(np.uint8) != ord("<")
    tag *= known
    return tag


@dataclass(frozen=True, slots=True)
class _Opened:
    """The tags that open cells."""

    known: Flags
    empty: Flags
    col: NDArray[np.int32]
    style: NDArray[np.int64]
    kind: NDArray[np.uint8]


def _open_cells(sheet: _Sheet, start: Places, stop: Places, rows: _Rows) -> _Opened:
    marks, words = sheet.marks, sheet.words
    known = _starting(words[start], b'<c r="')
    at = start + len('<c r="')
    col = np.zeros(len(start), np.int32)
    for _ in range(3):
        letter = marks[at] - np.uint8(ord("A"))
        more = letter < 26
        if not more.any():
            break
        col = np.where(more, col * 26 + letter + 1, col)
        at = at + more
    known &= (col > 0) & ((words[at] & rows.of_cells(rows.mask)) == rows.of_cells(rows.word))
    at = at + rows.of_cells(rows.length)
    has = _starting(words[at], b' s="')
    first = at + len(' s="') * has
    style, at = digits(marks, first)
    known &= np.where(has, (at > first) & (marks[at] == ord('"')), at == first)
    at = at + has
    has, string = _starting(words[at], b' t="'), _starting(words[at], b' t="str"')
    kind = np.where(has, np.where(string, STRING, marks[at + len(' t="')]), 0).astype(np.uint8)
    known &= ~has | string | (marks[at + len(' t="n')] == ord('"'))
    known &= _TYPES[kind]
    at = at + len(' t="n"') * has + len("tr") * string
    empty = (marks[at] == ord("/")) & (marks[at + 1] == ord(">")) & (at + 2 == stop)
    known &= empty | ((marks[at] == ord(">")) & (at + 1 == stop))
    return _Opened(known, known & empty, col, style, kind)


def _check_children(sheet: _Sheet, start: Places, stop: Places, tag: NDArray[np.uint8]) -> None:
    """Take the tag from children that are written in any other way than ``<f t="shared" si="0"/>``."""
    found = np.flatnonzero(tag == _Tag.CHILD)
    first = start[found] + len(_CHILD)
    _, at = digits(sheet.marks, first)
    known = _starting(sheet.words[first - 10], _CHILD[8:16]) & _starting(sheet.words[first - 2], _CHILD[16:])
    known &= (at > first) & ((sheet.marks[first] != ord("0")) | (at == first + 1))
    known &= _starting(sheet.words[at], b'"/>') & (at + 3 == stop[found])
    tag[found[~known]] = _Tag.UNKNOWN


def _set_apart(tag: NDArray[np.uint8], cell: Places, opened: Places) -> tuple[Places, Places]:
    """Mark all parts of cells that have an unknown one; return these cells, and for each the tag behind it."""
    unknown = np.flatnonzero(tag == _Tag.UNKNOWN)
    if not len(unknown):
        return unknown, unknown
    is_row = (tag >= _Tag.ROW) & (tag <= _Tag.ROW_END)
    bounds = np.flatnonzero(is_row | _at(opened, len(tag)))
    if is_row[bounds[np.searchsorted(bounds, unknown, "right") - 1]].any():
        raise UnusualError  # it stands in no cell
    odd = np.unique(cell[unknown])
    behind = bounds[np.searchsorted(bounds, opened[odd], "right")]
    step = np.zeros(len(tag), np.int8)
    step[opened[odd]] += 1
    step[behind] -= 1
    tag[np.cumsum(step, dtype=np.int8) > 0] = _Tag.ODD
    return odd, behind


def _at(places: Places, size: int) -> Flags:
    flags = np.zeros(size, np.bool_)
    flags[places] = True
    return flags


@dataclass(frozen=True, slots=True)
class _Rows:
    """The tags that open rows."""

    number: NDArray[np.int32]
    word: NDArray[np.uint64]  #: the number as it is written, with the quote behind it
    mask: NDArray[np.uint64]
    length: Places
    empty: Flags
    cells: Places  #: how many cells each row has
    written: str  #: the rest of each tag and the bracket behind it

    def of_cells(self, what: NDArray[Any]) -> NDArray[Any]:
        """Return for each cell what there is for its row."""
        return np.repeat(what, self.cells)

    @property
    def said(self) -> list[tuple[int, str]]:
        """The rows' numbers and attributes, if one may be hidden."""
        if "hidden" not in self.written and ' ht="0' not in self.written:
            return []
        return list(zip(self.number.tolist(), self.written.split("<"), strict=False))


def _open_rows(content: bytes, sheet: _Sheet, tags: Places, start: Places, stop: Places, opened: Places) -> _Rows:
    first, stop = start[tags] + len('<row r="'), stop[tags]
    number, at = digits(sheet.marks, first)
    written = cut_out(content, at, stop).tobytes()
    if (number == 0).any() or (number > MAX_ROW).any() or (sheet.marks[first] == ord("0")).any():
        raise UnusualError
    if not _ROW_ENDS.fullmatch(written):
        raise UnusualError
    length = at + 1 - first
    mask = ~np.uint64(0) >> (64 - 8 * length).astype(np.uint64)
    cells = np.diff(np.append(np.searchsorted(opened, tags), len(opened)))
    # a tag that ends itself has no cells, or what follows is out of order
    empty = sheet.marks[stop - 2] == ord("/")
    return _Rows(number.astype(np.int32), sheet.words[first] & mask, mask, length, empty, cells, written.decode())
