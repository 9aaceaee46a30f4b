"""A table in the file of its workbook, opened to be given other rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from xlmodel.book.package import Limits, Package
from xlmodel.book.table_formulas import formula_rows
from xlmodel.book.table_parts import TablePart, table_member
from xlmodel.book.table_room import used_cells
from xlmodel.book.workbook import Book, Table
from xlmodel.errors import StaleBookError, UnsupportedEditError

__all__ = ["TableFile"]


@dataclass(frozen=True, eq=False)
class TableFile:
    """A table that may be changed here at all."""

    package: Package
    book: Book
    table: Table
    member: str  #: the zip member of its part
    sheet_part: str

    @classmethod
    def of(cls, content: bytes, book: Book, name: str, limits: Limits | None) -> TableFile:
        """Find a table in a file by its name, in any case of letters; refuse one that is not to be changed."""
        package = Package(content, book.path, limits)
        if package.sha256 != book.sha256:
            raise StaleBookError(f"{book.path.name} is not the file that was read: its content changed")
        if package.is_signed:
            raise UnsupportedEditError(f"{book.path.name} is digitally signed; an edit would break the signature")
        table = next((t for t in book.tables if t.name.casefold() == name.casefold()), None)
        if table is None:
            known = ", ".join(t.name for t in book.tables) or "none"
            raise UnsupportedEditError(f"{book.path.name} has no table {name!r}; its tables: {known}")
        file = cls(package, book, table, table_member(package, book, table), book.sheet(table.sheet).part)
        if table.filter is not None:
            raise file.refusal("rows of it are filtered; clear its filter in Excel, save, and try again")
        if file.part({}).is_query or any(x.kind == "queryTable" for x in package.relationships(file.member).values()):
            raise file.refusal("a query fills it, and would undo the change; change what the query reads")
        if table.body.top > table.body.bottom:
            raise file.refusal("it has no row of data, not even a blank one; add one in Excel, save, and try again")
        return file

    def refusal(self, reason: str) -> UnsupportedEditError:
        """Return the error that says why the table cannot take a change."""
        return UnsupportedEditError(f"{self.book.path.name}, table {self.table.name}: {reason}")

    @property
    def where(self) -> str:
        """The file and the sheet, for messages."""
        return f"{self.book.path.name}, sheet {self.table.sheet!r}"

    def part(self, replaced: Mapping[str, bytes]) -> TablePart:
        """Return the table's part as it is after what has been replaced."""
        content = replaced[self.member] if self.member in replaced else self.package.read(self.member)
        return TablePart.read(content, f"{self.book.path.name}, part {self.member!r}", self.table)

    def sheet(self, replaced: Mapping[str, bytes]) -> bytes:
        """Return the sheet's XML as it is after what has been replaced."""
        return replaced[self.sheet_part] if self.sheet_part in replaced else self.package.read_large(self.sheet_part)

    @cached_property
    def formula_rows(self) -> dict[int, int]:
        """The columns that a formula fills, each with a row that holds it."""
        return formula_rows(self.book, self.table, self.part({}).formulas)

    @cached_property
    def is_blank(self) -> bool:
        """Whether the table has no data: its only row is blank but for formulas."""
        sheet, body = self.book.sheet(self.table.sheet), self.table.body
        return body.top == body.bottom and all(sheet.formula[i] >= 0 for i in used_cells(sheet, body))

    def column(self, heading: str) -> int:
        """Return the column of the sheet under a heading, in any case of letters."""
        wanted = heading.casefold()
        for col, name in enumerate(self.table.columns, self.table.rect.left):
            if name.casefold() == wanted:
                return col
        raise self.refusal(f"it has no column {heading!r}; its columns: {', '.join(self.table.columns)}")

    def heading(self, col: int) -> str:
        """Return the heading of a column of the sheet."""
        return self.table.columns[col - self.table.rect.left]
