"""The part of an Excel table: what it says of its columns, and how far it reaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from xlmodel.book.package import Package
from xlmodel.book.sheet_frame import range_named
from xlmodel.book.splice import Span, Splice, elements, splice, start_tag_end, with_attributes
from xlmodel.book.workbook import Book, Table
from xlmodel.book.xstring import plain
from xlmodel.errors import BookError
from xlmodel.refs import Rect

__all__ = ["FilledBy", "TablePart", "table_member"]


class FilledBy(NamedTuple):
    """The formula that a table keeps for a column, as it reads in the first row of data."""

    formula: str
    array: bool


def table_member(package: Package, book: Book, table: Table) -> str:
    """Return the zip member that holds the part of a table."""
    for link in package.relationships(book.sheet(table.sheet).part).values():
        if link.kind == "table" and not link.external:
            root = package.xml(link.target)
            if plain(root.get("displayName") or root.get("name") or "") == table.name:
                return package.member(link.target).filename
    raise BookError(f"{book.path.name} has no part for table {table.name}")


@dataclass(frozen=True, eq=False)
class TablePart:
    """The XML of a table."""

    content: bytes
    table: Table
    root: Span
    inner: Sequence[Span]  #: its filter, its order and its columns

    @classmethod
    def read(cls, content: bytes, where: str, table: Table) -> TablePart:
        """Read the part of a table; `where` is the file and the part, for messages."""
        roots: list[Span] = []
        inner: list[Span] = []

        def enter(name: str, attributes: Mapping[str, str], depth: int, at: int) -> bool:
            if depth == 0:
                roots.append(Span(name, attributes, at, start_tag_end(content, at)))
            return depth == 1

        elements(content, where, enter, inner.append)
        return cls(content, table, roots[0], inner)

    @property
    def is_query(self) -> bool:
        """Whether a query or a map of XML fills the table."""
        kind = self.root.attributes.get("tableType", "worksheet")
        return kind != "worksheet" or "connectionId" in self.root.attributes

    @property
    def formulas(self) -> dict[int, FilledBy]:
        """The formulas of columns that one fills, by the column of the sheet."""
        columns = (span for group in self.inner if group.name == "tableColumns" for span in group.children)
        found = {}
        for col, column in enumerate(columns, self.table.rect.left):
            for formula in column.children:
                if formula.name == "calculatedColumnFormula" and formula.text:
                    array = formula.attributes.get("array") in ("1", "true")
                    found[col] = FilledBy(formula.text.removeprefix("="), array)
        return found

    def reaching(self, whole: Rect) -> bytes:
        """Return the part with the table over other rows; headings and totals are included."""
        # the mark of a table without data goes, whose one blank row waits for it
        root = {"ref": whole.name, "insertRow": None, "insertRowShift": None}
        changes = [self._changed(self.root, root)]
        last = whole.bottom - self.table.totals_rows
        for span in _every(x for x in self.inner if x.name in ("autoFilter", "sortState")):
            rect = range_named(span.attributes.get("ref", ""))
            if rect is not None and rect.bottom == self.table.body.bottom:
                changes.append(self._changed(span, {"ref": rect._replace(bottom=last).name}))
        return splice(self.content, changes)

    def _changed(self, span: Span, attributes: Mapping[str, str | None]) -> Splice:
        return Splice(span.start, span.inner, with_attributes(self.content[span.start : span.inner], attributes))


def _every(spans: Iterator[Span]) -> Iterator[Span]:
    for span in spans:
        yield span
        yield from _every(iter(span.children))
