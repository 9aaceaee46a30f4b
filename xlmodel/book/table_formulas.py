"""The columns of a table that a formula fills, and how that formula reads in rows to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.filling import Coordinates
from xlmodel.book.formulas import filled_from, without_hosts
from xlmodel.book.layout import locate, shared_cells
from xlmodel.book.splice import Span
from xlmodel.book.table_parts import FilledBy
from xlmodel.book.workbook import Book, Table
from xlmodel.errors import UnsupportedEditError
from xlmodel.refs import cell_name, to_r1c1, tokens

__all__ = ["PART", "ColumnFormula", "formula_rows", "written_formula"]

#: in place of a row: the formula stands in the table's own part
PART = 0


@dataclass(frozen=True, slots=True)
class ColumnFormula:
    """A formula as it reads in one row of its column, in A1 notation and as the file stores it."""

    formula: str
    row: int
    col: int
    array: bool = False  #: in braces, or one that may spill
    cell_metadata: str = ""  #: the attribute `cm` of its cells, which says that it may

    def texts(self, first: int, count: int) -> list[str]:
        """Return how it reads in some rows, none of them above its own."""
        found = filled_from(self.formula, self.row, self.col).run(first, self.col, count, True, Coordinates())
        texts = found.decode().split("\0")[:-1]
        if len(texts) < count:
            raise UnsupportedEditError(
                f"the formula ={self.formula} in {cell_name(self.row, self.col)} would reach below the last row of the "
                "sheet"
            )
        return texts


def formula_rows(book: Book, table: Table, own: Mapping[int, FilledBy]) -> dict[int, int]:
    """Return the columns of the sheet that a formula fills, each with the last row that holds it, or `PART`.

    A column is filled where the table says so; else where all its cells hold one formula, or all but the first, as in
    a running balance.

    Parameters
    ----------
    book : Book
        The workbook.
    table : Table
        The table.
    own : mapping of int to FilledBy
        The formulas that the table's part gives for columns.

    Raises
    ------
    UnsupportedEditError
        The table gives a formula for a column, and the cells of the column hold only other ones.
    """
    found = {}
    body = table.body
    for col in range(body.left, body.right + 1):
        numbers = _numbers(book, table, col)
        if col in own:
            found[col] = _own_row(book, table, col, own[col].formula, numbers)
        elif (numbers >= 0).all() and ((numbers == numbers[-1]).all() or _runs(numbers)):
            found[col] = body.bottom
    return found


def _runs(numbers: NDArray[np.int32]) -> bool:
    return len(numbers) > 2 and bool((numbers[1:] == numbers[-1]).all())


def _numbers(book: Book, table: Table, col: int) -> NDArray[np.int32]:
    """Return the numbers of the formulas in a column's rows of data; -1 where there is none."""
    sheet, body = book.sheet(table.sheet), table.body
    low, high = np.searchsorted(sheet.row, (body.top, body.bottom + 1))
    at = np.flatnonzero(sheet.col[low:high] == col) + low
    numbers = np.full(body.bottom - body.top + 1, -1, np.int32)
    numbers[sheet.row[at] - body.top] = sheet.formula[at]
    return numbers


def _own_row(book: Book, table: Table, col: int, formula: str, numbers: NDArray[np.int32]) -> int:
    if all(token.area is None for token in tokens(formula)) or (numbers < 0).all():
        return PART
    wanted = to_r1c1(without_hosts(formula)[0], table.body.top, col)
    same = [i for i, n in enumerate(numbers.tolist()) if n >= 0 and book.formulas[n] == wanted]
    if same:
        return table.body.top + same[-1]
    if (numbers == numbers[-1]).all():
        return table.body.bottom
    heading = table.columns[col - table.rect.left]
    raise UnsupportedEditError(
        f"{book.path.name}, table {table.name}, column {heading!r}: the table fills it with ={formula}, and its cells "
        "hold other formulas; fill the column with one formula in Excel and save"
    )


def written_formula(content: bytes, where: str, cell: Span, row: int, col: int) -> ColumnFormula:
    """Return the formula of a cell as it is written, even where it is written in another cell that shares it."""
    span = next(child for child in cell.children if child.name == "f")
    if span.text:
        return ColumnFormula(span.text, row, col, span.attributes.get("t") == "array", cell.attributes.get("cm", ""))
    # the first cell that shares a formula is the one that holds it
    first = shared_cells(content, where, {span.attributes.get("si", "")})[0]
    master = next(child for child in locate(content, where, [first]).cells[first].children if child.name == "f")
    if not master.text:
        raise UnsupportedEditError(f"{where}: {cell_name(row, col)} shares a formula that no cell holds")
    return ColumnFormula(filled_from(master.text, *first).at(row, col).decode(), row, col)
