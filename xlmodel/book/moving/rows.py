"""The rows of a sheet's XML: their numbers, their cells' names and their formulas after rows have moved."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, pairwise

from xlmodel.book.filling import Filled
from xlmodel.book.formulas import FormulaTable
from xlmodel.book.moving.formulas import Formulas
from xlmodel.book.moving.moves import SheetMoves
from xlmodel.book.sheet_frame import range_named
from xlmodel.book.sheet_tags import ATTRIBUTE
from xlmodel.book.splice import with_attributes
from xlmodel.book.xstring import formula_markup, unmarked
from xlmodel.errors import UnsupportedEditError
from xlmodel.refs import cell_name, column_number, to_a1, to_r1c1

__all__ = ["moved_rows"]

_ATTRIBUTES = rb'(?:\s+[\w:.]+="[^"<]*+")*+\s*'
_FORMULA_CELL = re.compile(
    rb"(<c" + _ATTRIBUTES + rb">\s*)(<f" + _ATTRIBUTES + rb"(?:(?P<empty>/>)|>))(?(empty)|([^<]*+)</f>)"
)
_FORMULA_TAG, _ROW_TAG, _CELL_TAG = (re.compile(rb"<" + name + rb"[\s/>]") for name in (b"f", b"row", b"c"))
_ROW = re.compile(rb'<row(?:\s+[\w:.]+="[^"<]*+")*?\s+r="([1-9][0-9]{0,6})"')
_NAMED = re.compile(rb'(<(?:row|c)(?:\s+[\w:.]+="[^"<]*+")*?\s+r="[A-Z]{0,3})([1-9][0-9]{0,6})"')
_CELL_NAME = re.compile(rb'\sr="([A-Z]{1,3})([1-9][0-9]{0,6})"')
_DIGITS = re.compile(rb"[0-9]+")

#: what an XML parser reads as a line feed
_LINE_END = re.compile(r"\r\n?")
_OPEN = re.compile(rb"\s*/?>\Z")

Cell = tuple[int, int]


@dataclass(slots=True, eq=False)
class _Shared:
    """A formula that is written once for several cells."""

    r1c1: str
    cells: list[Cell] = field(default_factory=list)


def moved_rows(content: bytes, sheet: str, formulas: Formulas) -> bytes:
    """Return the rows of a sheet, from the first row's tag to the end of the last, after moves.

    Raises
    ------
    UnsupportedEditError
        A formula cannot follow, or the rows are written in a way that only a full parser reads.
    """
    content = _Formulas(content, sheet, formulas).followed()
    moves = formulas.on(sheet)
    return content if moves is None or not moves.moves else _renumbered(content, sheet, moves)


class _Formulas:
    """Rewrites the formulas of a sheet's rows; the cells stay where they are."""

    def __init__(self, content: bytes, sheet: str, formulas: Formulas) -> None:
        self._content = content
        self._sheet = sheet
        self._formulas = formulas
        self._moves = formulas.on(sheet)
        #: the own formulas of cells that can no longer share one
        self._unshared: dict[Cell, str] = {}
        self._before, self._moved = FormulaTable(), FormulaTable()
        #: by formula: the rows from which on it may change otherwise
        self._edges: dict[Filled, list[int]] = {}
        #: by formula, which of these rows a cell follows, and its column where that counts: what the formula becomes
        self._after: dict[tuple[Filled, int, int], Filled] = {}

    def followed(self) -> bytes:
        content = self._content
        if self._moves is None and b"!" not in content:
            # formulas of other sheets must name the sheet that moves
            return content
        if b't="shared"' in content:
            self._unshared = self._unshare()
        new, found = _FORMULA_CELL.subn(self._replaced, content)
        if found != len(_FORMULA_TAG.findall(content)):
            raise _unusual(self._sheet)
        return new

    def _replaced(self, match: re.Match[bytes]) -> bytes:
        opened, tag, _, written = match.groups()
        written = written or b""
        if b"=" not in tag and not self._concerned(written):
            return match[0]
        cell = _cell(opened, self._sheet)
        if self._place(cell) is None:
            return match[0]
        try:
            old = _LINE_END.sub("\n", unmarked(written.decode()))
            if b"=" not in tag:
                return self._filled(match, old, cell)
            new_tag, text = self._followed(tag, old, cell)
        except UnsupportedEditError as error:
            raise UnsupportedEditError(f"{self._sheet}!{cell_name(*cell)}: {error}") from error
        if text == old:
            return opened + new_tag + match[0][len(opened) + len(tag) :]
        return opened + _OPEN.sub(b">", new_tag) + formula_markup(text).encode() + b"</f>"

    def _filled(self, match: re.Match[bytes], old: str, cell: Cell) -> bytes:
        """Return a plain formula after the moves.

        To follow in a formula costs much more than to fill one, and most formulas are filled from the cell beside.
        """
        place = self._place(cell)
        assert place is not None
        stored = old.encode()
        before = self._before.find(stored, *cell)
        if before not in self._edges:
            self._edges[before] = self._formulas.edges(to_r1c1(old, *cell), self._sheet)
        alike = before, bisect_right(self._edges[before], cell[0]), cell[1] if self._formulas.growing else 0
        new = self._after[alike].at(*place) if alike in self._after else b""
        if not new:
            new = self._formulas.moved(old, self._sheet, cell=cell).encode()
            self._after[alike] = self._moved.find(new, *place)
        if new == stored:
            return match[0]
        return match[1] + match[2] + formula_markup(new.decode()).encode() + b"</f>"

    def _concerned(self, written: bytes) -> bool:
        """Tell whether a formula may refer to rows that move."""
        return any(int(number) >= self._formulas.first for number in _DIGITS.findall(written))

    def _followed(self, tag: bytes, text: str, cell: Cell) -> tuple[bytes, str]:
        """Return the tag and the text of a formula after the moves."""
        about = dict(ATTRIBUTE.findall(tag.decode()))
        kind = about.get("t", "normal")
        if cell in self._unshared:
            return with_attributes(tag, {"t": None, "si": None, "ref": None}), self._unshared[cell]
        areas = {"shared": ("ref",), "array": ("ref",), "dataTable": ("ref", "r1", "r2")}.get(kind, ())
        changes = self._areas(about, *areas)
        text = self._formulas.moved(text, self._sheet, cell=cell)
        return (with_attributes(tag, changes) if changes else tag), text

    def _areas(self, about: Mapping[str, str], *names: str) -> dict[str, str | None]:
        """Return the attributes that name cells of the sheet, where they change."""
        changes: dict[str, str | None] = {}
        for name in names:
            rect = range_named(about.get(name, ""))
            if self._moves is None or rect is None:
                continue
            moved = self._moves.rect(rect)
            if moved is None:
                if name != "ref":
                    raise UnsupportedEditError(f"the data table's input cell {about[name]} would go")
                continue
            if moved != rect:
                changes[name] = moved.name
        return changes

    def _unshare(self) -> dict[Cell, str]:
        """Return the own formulas of the cells that can no longer share one."""
        groups: list[_Shared] = []
        latest: dict[str, _Shared] = {}
        early: dict[str, list[Cell]] = defaultdict(list)
        for match in _FORMULA_CELL.finditer(self._content):
            about = dict(ATTRIBUTE.findall(match[2].decode()))
            if about.get("t") != "shared":
                continue
            si, cell = about.get("si", ""), _cell(match[1], self._sheet)
            if match[4]:
                # a cell before its first master belongs to it
                latest[si] = _Shared(
                    to_r1c1(_LINE_END.sub("\n", unmarked(match[4].decode())), *cell), early.pop(si, [])
                )
                groups.append(latest[si])
            (latest[si].cells if si in latest else early[si]).append(cell)
        return {cell: text for group in groups for cell, text in self._split(group).items()}

    def _split(self, group: _Shared) -> dict[Cell, str]:
        """Return the own formulas of cells that shared one; none where they can go on to share it."""
        try:
            new = self._formulas.filled(group.r1c1, self._sheet, group.cells)
        except UnsupportedEditError as error:
            raise UnsupportedEditError(f"{self._sheet}!{cell_name(*group.cells[0])} and on: {error}") from error
        if len(new) == len(group.cells) and len(set(new.values())) == 1:
            return {}
        return {cell: to_a1(r1c1, *place) for cell, r1c1 in new.items() if (place := self._place(cell))}

    def _place(self, cell: Cell) -> Cell | None:
        """Return where a cell stands after the moves; None for one that is gone."""
        row = cell[0] if self._moves is None else self._moves.row(cell[0])
        return None if row is None else (row, cell[1])


def _cell(tag: bytes, sheet: str) -> Cell:
    named = _CELL_NAME.search(tag)
    if named is None:
        raise _unusual(sheet)
    return int(named[2]), _column(named[1])


@cache
def _column(letters: bytes) -> int:
    return column_number(letters.decode())


def _unusual(sheet: str) -> UnsupportedEditError:
    return UnsupportedEditError(
        f"{sheet}: its rows are written in an unusual way; open the workbook in Excel and save it"
    )


def _renumbered(content: bytes, sheet: str, moves: SheetMoves) -> bytes:
    """Return rows with their new numbers, without those that go."""
    rows = [(int(match[1]), match.start()) for match in _ROW.finditer(content)]
    if len(rows) != len(_ROW_TAG.findall(content)) or any(a >= b for (a, _), (b, _) in pairwise(rows)):
        raise _unusual(sheet)
    pieces = []
    by_distance = groupby(rows, lambda row: None if (new := moves.row(row[0])) is None else new - row[0])
    stretches = [(distance, next(stretch)[1]) for distance, stretch in by_distance]
    if stretches:
        pieces.append(content[: stretches[0][1]])
    for (distance, start), (_, end) in pairwise([*stretches, (0, len(content))]):
        if distance is not None:
            pieces.append(_shifted(content[start:end], sheet, distance))
    return b"".join(pieces) if stretches else content


def _shifted(rows: bytes, sheet: str, distance: int) -> bytes:
    """Return rows that all move by the same distance."""
    if not distance:
        return rows
    new, found = _NAMED.subn(lambda match: b'%b%d"' % (match[1], int(match[2]) + distance), rows)
    if found != len(_ROW_TAG.findall(rows)) + len(_CELL_TAG.findall(rows)):
        raise _unusual(sheet)
    return new
