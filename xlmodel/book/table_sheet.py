"""The rows of a sheet that take in the new rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from xlmodel.book.layout import Layout, locate, standing_rows
from xlmodel.book.markup import row_span
from xlmodel.book.splice import Span, is_empty_tag
from xlmodel.book.table_cells import NewRows
from xlmodel.errors import UnsupportedEditError
from xlmodel.refs import Rect

__all__ = ["Sites"]

#: what a new row has in common with the one above
_LIKE_ABOVE = ("s", "customFormat", "ht", "customHeight")


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """Where new rows go in a sheet, and the row they are to look like."""

    content: bytes
    where: str  #: the file and the sheet, for messages
    layout: Layout
    standing: tuple[int, ...]  #: those of the new rows that the sheet has an element for
    area: Rect  #: the new rows
    pattern: int  #: the row they look like

    @classmethod
    def find(cls, content: bytes, where: str, area: Rect, pattern: int) -> Sites:
        """Find the places in the XML of a sheet."""
        standing = tuple(standing_rows(content, where, range(area.top, area.bottom + 1)))
        cols = range(area.left, area.right + 1)
        wanted = {(row, col) for row in (*standing, pattern) for col in cols}
        layout = locate(content, where, wanted | {(area.bottom, area.left)})
        tag = content[layout.data_start : layout.data_inner]
        if is_empty_tag(tag, len(tag)):
            raise UnsupportedEditError(f"{where} has no row at all, so its table is damaged; open it in Excel and save")
        return cls(content, where, layout, standing, area, pattern)

    @property
    def prefix(self) -> str:
        """The namespace prefix of the sheet's elements, with its colon."""
        return self.layout.prefix(self.content, self.where)

    @property
    def attributes(self) -> str:
        """What the elements of new rows say, a space before each."""
        site = self.layout.rows.get(self.pattern)
        said = {} if site is None else site.attributes
        return "".join(f" {name}={quoteattr(said[name])}" for name in _LIKE_ABOVE if name in said)

    def style(self, col: int) -> str:
        """Return the format of new cells in a column; "" for the first of the workbook."""
        return self.layout.style((self.pattern, col))

    def cell(self, row: int, col: int) -> Span | None:
        """Return a cell; None where there is none."""
        if row == self.pattern:
            return self.layout.cells.get((row, col))
        return locate(self.content, self.where, [(row, col)]).cells.get((row, col))

    def filled(self, new: NewRows) -> Iterator[bytes | memoryview]:
        """Yield the sheet with the new rows in it, piece by piece."""
        at, whole = 0, memoryview(self.content)
        for start, end, pieces in sorted(self._changes(new), key=lambda change: change[:2]):
            yield whole[at:start]
            yield from pieces
            at = end
        yield whole[at:]

    def _changes(self, new: NewRows) -> Iterator[tuple[int, int, Iterable[bytes]]]:
        row = new.first
        for standing in self.standing:
            if row < standing:
                at = self.layout.rows[standing].start
                yield at, at, new.elements(row, standing - row)
            yield from self._taken_in(standing, new.cells(standing, 1)[0].encode())
            row = standing + 1
        last = new.first + new.count - 1
        if row <= last:
            at = self.layout.new_rows[last]
            yield at, at, new.elements(row, last - row + 1)
        for change in self.layout.grown_dimension(self.content, self.area):
            yield change.start, change.end, [change.new]

    def _taken_in(self, row: int, cells: bytes) -> Iterator[tuple[int, int, Iterable[bytes]]]:
        """Put cells into a row that is there, in place of blank ones."""
        site, content = self.layout.rows[row], self.content
        cols = range(self.area.left, self.area.right + 1)
        tag = content[site.start : site.inner]
        new_tag = row_span(tag, site.attributes.get("spans"), [self.area.left, self.area.right])
        if site.end < 0:
            opened = new_tag[: new_tag.rindex(b"/")].rstrip() + b">"
            yield site.start, site.inner, [opened, cells, f"</{self.prefix}row>".encode()]
            return
        yield site.start, site.inner, [new_tag]
        blank = [self.layout.cells[row, col] for col in cols if (row, col) in self.layout.cells]
        for span in blank:
            yield span.start, span.end, []
        at = next((at for col, at in site.cells if col >= self.area.left), site.end)
        yield at, at, [cells]
