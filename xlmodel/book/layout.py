"""Where the cells to be touched stand in a sheet's XML, and where new ones go."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from xlmodel.book.sheet_frame import plain_data
from xlmodel.book.splice import Span, Splice, elements, is_empty_tag, start_tag_end, with_attributes
from xlmodel.errors import BookError
from xlmodel.refs import Rect, ReferenceSyntaxError, parse_cell, parse_rect

__all__ = ["Layout", "RowSite", "locate", "shared_cells", "standing_rows"]

Cell = tuple[int, int]
_ROW = re.compile(rb'<row r="([1-9][0-9]{0,6})"(?=[ />])')


@dataclass(slots=True, eq=False)
class RowSite:
    """A row that is touched."""

    start: int
    inner: int
    attributes: Mapping[str, str]
    end: int = -1  #: where its end tag begins; -1 where the tag is empty
    cells: list[tuple[int, int]] = field(default_factory=list)  #: column, first byte


@dataclass(slots=True, eq=False)
class Layout:
    """What `locate` found."""

    cells: dict[Cell, Span] = field(default_factory=dict)
    rows: dict[int, RowSite] = field(default_factory=dict)
    new_rows: dict[int, int] = field(default_factory=dict)  #: row -> the byte before which it goes
    data_start: int = -1
    data_inner: int = -1
    data_end: int = -1  #: where the end tag of sheetData begins
    dimension: Span | None = None
    merged: list[Rect] = field(default_factory=list)
    column_styles: list[tuple[int, int, str]] = field(default_factory=list)  #: first, last, style

    def style(self, cell: Cell) -> str:
        """Return the format of a cell: its own, or what a new cell takes from its row or column; "" for the first."""
        if cell in self.cells:
            return self.cells[cell].attributes.get("s", "")
        row = self.rows.get(cell[0])
        if row is not None and row.attributes.get("customFormat") in ("1", "true"):
            return row.attributes.get("s", "")
        return next((s for first, last, s in self.column_styles if first <= cell[1] <= last), "")

    def prefix(self, content: bytes, where: str) -> str:
        """Return the namespace prefix of the sheet's elements, with its colon."""
        if self.data_start < 0:
            raise BookError(f"{where} has no sheetData")
        return content[self.data_start + 1 : self.data_inner].split(b"sheetData", 1)[0].decode()

    def grown_dimension(self, content: bytes, area: Rect) -> list[Splice]:
        """Return what has to change for the sheet to say that it reaches over an area as well."""
        span = self.dimension
        if span is None:
            return []
        try:
            rect = parse_rect(span.attributes.get("ref", ""))
        except ReferenceSyntaxError:
            # a hint for speed that nobody can use
            return []
        grown = Rect(*map(min, rect[:2], area[:2]), *map(max, rect[2:], area[2:]))
        if grown == rect:
            return []
        return [Splice(span.start, span.inner, with_attributes(content[span.start : span.inner], {"ref": grown.name}))]


class _Places:
    """Counts rows and cells as the file does: those without a name follow the one before."""

    def __init__(self) -> None:
        self.row = self.col = 0

    def enter_row(self, attributes: Mapping[str, str]) -> int:
        self.row, self.col = int(attributes.get("r", self.row + 1)), 0
        return self.row

    def enter_cell(self, attributes: Mapping[str, str]) -> Cell:
        self.col = parse_cell(attributes["r"])[1] if "r" in attributes else self.col + 1
        return self.row, self.col


def locate(content: bytes, where: str, wanted: Iterable[Cell]) -> Layout:
    """Find the wanted cells of a sheet, or where they would go."""
    cells = set(wanted)
    excerpt = Excerpt.of(content, {row for row, _ in cells})
    if excerpt is None:
        return _locate(content, where, cells)
    layout = _locate(excerpt.content, where, cells)
    for span in layout.cells.values():
        excerpt.restore(span)
    for site in layout.rows.values():
        site.start, site.inner = excerpt.place(site.start), excerpt.place(site.inner - 1) + 1
        site.end = excerpt.place(site.end) if site.end >= 0 else -1
        site.cells = [(col, excerpt.place(at)) for col, at in site.cells]
    layout.data_end = excerpt.data_end
    layout.new_rows = {row: excerpt.row_after(row) for row, _ in cells if row not in layout.rows}
    return layout


class Excerpt:
    """A sheet with the rows left out that are not wanted: most edits touch a few rows of many."""

    def __init__(self, content: bytes, data_end: int, rows: list[tuple[int, int]], kept: list[tuple[int, int]]) -> None:
        self.data_end = data_end
        self.rows = rows  #: number, first byte
        pieces, self._starts, self._shifts, at = [], [], [], 0
        for start, end in kept:
            self._starts.append(at)
            self._shifts.append(start - at)
            pieces.append(content[start:end])
            at += end - start
        self.content = b"".join(pieces)

    @classmethod
    def of(cls, content: bytes, wanted: set[int]) -> Excerpt | None:
        """Cut a sheet down to some rows; None where its rows cannot be told apart without parsing."""
        span = plain_data(content)
        if span is None:
            return None
        start, end = span
        rows = [(int(m[1]), m.start()) for m in _ROW.finditer(content, start, end)]
        numbers = [number for number, _ in rows]
        if not rows or len(rows) != content.count(b"<row", start, end) or any(a >= b for a, b in pairwise(numbers)):
            return None
        kept = [(0, start)]
        for (number, at), after in zip(rows, [*(at for _, at in rows[1:]), end], strict=True):
            if number in wanted:
                kept.append((at, after))
        return cls(content, end, rows, [*kept, (end, len(content))])

    def place(self, at: int) -> int:
        """Return where a byte of the excerpt stands in the sheet."""
        return at + self._shifts[bisect.bisect_right(self._starts, at) - 1]

    def restore(self, span: Span) -> None:
        """Set the places of an element to those in the sheet."""
        shift = self.place(span.start) - span.start
        span.start, span.inner, span.end = span.start + shift, span.inner + shift, span.end + shift
        for child in span.children:
            self.restore(child)

    def row_after(self, row: int) -> int:
        """Return the byte before which a new row goes."""
        index = bisect.bisect_left(self.rows, (row + 1, 0))
        return self.rows[index][1] if index < len(self.rows) else self.data_end


def _locate(content: bytes, where: str, cells: set[Cell]) -> Layout:
    layout, places = Layout(), _Places()
    wanted_rows = {row for row, _ in cells}
    # those that have not been passed yet
    ahead = sorted(wanted_rows, reverse=True)
    path: list[str] = []
    here: RowSite | None = None

    def enter(name: str, attributes: Mapping[str, str], depth: int, at: int) -> bool:
        nonlocal here
        del path[depth:]
        path.append(name)
        if depth == 1:
            if name == "sheetData":
                layout.data_start, layout.data_inner = at, start_tag_end(content, at)
            return name in ("dimension", "mergeCells", "cols")
        if depth == 2 and name == "row" and path[1] == "sheetData":
            row = places.enter_row(attributes)
            here = None
            if row in wanted_rows:
                here = layout.rows[row] = RowSite(at, start_tag_end(content, at), attributes)
            while ahead and ahead[-1] < row:
                layout.new_rows[ahead.pop()] = at
        elif depth == 3 and name == "c" and path[1:3] == ["sheetData", "row"]:
            cell = places.enter_cell(attributes)
            if here is not None:
                here.cells.append((cell[1], at))
                return cell in cells
        return False

    def leave(span: Span) -> None:
        if span.name == "c":
            layout.cells[places.row, places.col] = span
            return
        try:
            _keep(span, layout)
        except (KeyError, ValueError) as error:
            raise BookError(f"{where}: its {span.name} cannot be understood: {error}") from error

    def close(depth: int, at: int) -> None:
        if depth == 2 and here is not None and path[2:3] == ["row"] and here.end < 0:
            here.end = -1 if is_empty_tag(content, here.inner) else at
        elif depth == 1 and path[1:2] == ["sheetData"]:
            layout.data_end = at

    elements(content, where, enter, leave, close)
    return layout


def _keep(span: Span, layout: Layout) -> None:
    """Take over what a sheet says of all its cells."""
    if span.name == "dimension":
        layout.dimension = span
    elif span.name == "mergeCells":
        layout.merged = [parse_rect(child.attributes["ref"]) for child in span.children if child.name == "mergeCell"]
    elif span.name == "cols":
        for child in span.children:
            if "style" in child.attributes:
                first, last = int(child.attributes["min"]), int(child.attributes["max"])
                layout.column_styles.append((first, last, child.attributes["style"]))


def standing_rows(content: bytes, where: str, rows: range) -> list[int]:
    """Return those of some rows that a sheet has an element for, even one without cells."""
    excerpt = Excerpt.of(content, set())
    if excerpt is not None:
        return [number for number, _ in excerpt.rows if number in rows]
    places, found = _Places(), []

    def enter(name: str, attributes: Mapping[str, str], depth: int, at: int) -> bool:
        if depth == 2 and name == "row":
            found.append(places.enter_row(attributes))
        return False

    elements(content, where, enter, lambda span: None)
    return [number for number in found if number in rows]


def shared_cells(content: bytes, where: str, indices: set[str]) -> list[Cell]:
    """Return the cells that share formulas of these indices, in the order of the file."""
    places, found = _Places(), []

    def enter(name: str, attributes: Mapping[str, str], depth: int, at: int) -> bool:
        if depth == 2 and name == "row":
            places.enter_row(attributes)
        elif depth == 3 and name == "c":
            places.enter_cell(attributes)
        elif depth == 4 and name == "f" and attributes.get("t") == "shared" and attributes.get("si") in indices:
            found.append((places.row, places.col))
        return False

    elements(content, where, enter, lambda span: None)
    return found
