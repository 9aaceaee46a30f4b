"""Rows that come to a table's end or go from it, with everything that follows them in Excel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TypeVar

from xlmodel.book.archive import Content, rewrite
from xlmodel.book.calc_parts import without_calc_chain
from xlmodel.book.edits import SetValue
from xlmodel.book.moving import Growth, RowMove, follow
from xlmodel.book.package import Limits, Package
from xlmodel.book.patch import patch
from xlmodel.book.reader import read_package
from xlmodel.book.restyle import CellFormats
from xlmodel.book.table_cells import NewColumn, NewRows, first_unwritable
from xlmodel.book.table_file import TableFile
from xlmodel.book.table_formulas import PART, ColumnFormula, written_formula
from xlmodel.book.table_parts import TablePart
from xlmodel.book.table_room import has_room, parted_beside, used_cells
from xlmodel.book.table_sheet import Sites
from xlmodel.book.workbook import Book
from xlmodel.errors import UnsupportedEditError
from xlmodel.refs import MAX_COL, MAX_ROW, Rect, cell_name
from xlmodel.values import Values

__all__ = ["AppendRows", "RemoveRows", "Restructured", "append_rows", "calculated_columns", "remove_rows"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class AppendRows:
    """Rows to come to the end of a table. Columns that a formula fills get that formula."""

    table: str
    columns: Mapping[str, Values]  #: by heading, each of shape (rows,); columns left out stay blank
    formats: Mapping[str, str] = field(default_factory=dict)  #: number formats of columns whose cells have another


@dataclass(frozen=True, slots=True)
class RemoveRows:
    """Rows to go from a table, by their numbers in the sheet."""

    table: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Restructured:
    """A workbook file whose table has other rows, not yet saved."""

    content: bytes
    changed: tuple[str, ...]  #: zip members whose content differs
    removed: tuple[str, ...]  #: zip members that are gone
    members: tuple[str, ...]  #: all that are there, in order
    moves: tuple[RowMove, ...]  #: where the other cells of the sheet went
    table: Rect  #: the table now, headings and totals included
    filled: Rect | None  #: the new rows
    formulas: tuple[tuple[int, int], ...] = ()  #: new cells with a formula: row and column


def calculated_columns(content: bytes, book: Book, table: str, *, limits: Limits | None = None) -> tuple[str, ...]:
    """Return the headings of a table's columns that a formula fills."""
    file = TableFile.of(content, book, table, limits)
    return tuple(file.heading(col) for col in file.formula_rows)


def append_rows(content: bytes, book: Book, rows: AppendRows, *, limits: Limits | None = None) -> Restructured:
    """Put rows at the end of a table, as Excel does when somebody types below it.

    New cells look like those of the last row, and columns that a formula fills get it, without a result. Where there is
    no room below the table, rows of the whole sheet are inserted before its totals.

    Parameters
    ----------
    content : bytes
        The file.
    book : Book
        What was read from it.
    rows : AppendRows
        What comes. Dates are given as serial numbers; a text stays a text, whatever it looks like.
    limits : Limits, optional
        As for reading.

    Raises
    ------
    StaleBookError
        The content is not what was read.
    UnsupportedEditError
        The table cannot take the rows; the message says why, and what to do.
    """
    file = TableFile.of(content, book, rows.table, limits)
    given = _given(file, rows)
    table, body = file.table, file.table.body
    count = next(iter(given.values())).size if given else 0
    if count == 0:
        return _rewritten(file, {}, (), table.rect, None)
    first = body.top if file.is_blank else body.bottom + 1
    area = body._replace(top=first, bottom=first + count - 1)
    extra = area.bottom - body.bottom
    moves = _moves(file, extra)
    growth = Growth(table.sheet, body, body._replace(bottom=area.bottom))
    followed = _followed(file, moves, growth) if extra else {}
    part, sites = file.part(followed), Sites.find(file.sheet(followed), file.where, area, body.bottom)
    formats, wanted = CellFormats(file.package), _by_column(file, rows.formats)
    columns = []
    for col in range(body.left, body.right + 1):
        style = sites.style(col)
        if col in wanted:
            style = str(formats.with_number_format(int(style or 0), wanted[col]))
        row = file.formula_rows.get(col)
        columns.append(NewColumn(col, style, given.get(col) if row is None else _filling(part, sites, row, col)))
    whole = table.rect._replace(bottom=table.rect.bottom + extra)
    replaced: dict[str, Content] = {
        **followed,
        **formats.changed_parts(),
        file.member: part.reaching(whole),
        file.sheet_part: sites.filled(NewRows(first, count, columns, sites.prefix, sites.attributes)),
    }
    formulas = tuple((row, col) for row in range(first, first + count) for col in file.formula_rows)
    return _rewritten(file, replaced, moves, whole, area, formulas)


def _given(file: TableFile, rows: AppendRows) -> dict[int, Values]:
    """Return the contents that come by the columns of the sheet, checked."""
    given = _by_column(file, rows.columns)
    sizes = {file.heading(col): values.shape for col, values in given.items()}
    if len(set(sizes.values())) > 1 or any(len(shape) != 1 for shape in sizes.values()):
        raise file.refusal(f"the columns that come must be one list of one length each; they have the shapes {sizes}")
    for col, values in given.items():
        if col in file.formula_rows:
            raise file.refusal(f"column {file.heading(col)!r} is calculated by a formula and takes no values")
        problem = first_unwritable(values)
        if problem is not None:
            place, reason = problem
            raise file.refusal(f"new row {place + 1}, column {file.heading(col)!r}: {reason}")
    return given


def _by_column(file: TableFile, by_heading: Mapping[str, T]) -> dict[int, T]:
    return {file.column(heading): what for heading, what in by_heading.items()}


def _moves(file: TableFile, extra: int) -> tuple[RowMove, ...]:
    """Return what has to move for the table to grow."""
    table, below = file.table, file.table.body.bottom + 1
    if not extra or has_room(file.book, table, extra):
        return ()
    last = file.book.sheet(table.sheet).used.bottom
    if max(last, table.rect.bottom) + extra > MAX_ROW:
        raise file.refusal(f"{extra} more rows do not fit into the sheet, which is used down to row {last}")
    col = parted_beside(file.book, table)
    if col is not None:
        raise file.refusal(
            f"it has no room for {extra} more rows, and rows inserted into the whole sheet would part what stands "
            f"beside it: {cell_name(below - 1, col)} from {cell_name(below, col)}; move these cells elsewhere in "
            "Excel, save, and try again"
        )
    return (RowMove(table.sheet, below, extra),)


def _followed(file: TableFile, moves: tuple[RowMove, ...], growth: Growth) -> dict[str, bytes]:
    try:
        return follow(file.package, file.book, moves, [growth])
    except UnsupportedEditError as error:
        if not moves:
            raise
        totals = " above its totals" if file.table.totals_rows else ""
        raise UnsupportedEditError(
            f"{error}; table {file.table.name} has no room for {moves[0].count} more rows{totals}, so rows would "
            "have to be inserted into the whole sheet; make room for them in Excel, save, and try again"
        ) from error


def _filling(part: TablePart, sites: Sites, row: int, col: int) -> ColumnFormula:
    """Return the formula that fills a column, as the file has it now."""
    cell = sites.cell(part.table.body.bottom if row == PART else row, col)
    if row != PART:
        assert cell is not None
        return written_formula(sites.content, sites.where, cell, row, col)
    kept = part.formulas[col]
    metadata = cell.attributes.get("cm", "") if cell is not None and kept.array else ""
    return ColumnFormula(kept.formula, part.table.body.top, col, kept.array, metadata)


def _rewritten(
    file: TableFile,
    replaced: Mapping[str, Content],
    moves: tuple[RowMove, ...],
    whole: Rect,
    filled: Rect | None,
    formulas: tuple[tuple[int, int], ...] = (),
) -> Restructured:
    """Return the file with parts of it replaced."""
    package = file.package
    # a chain that misses a formula cell or names another cell makes Excel repair the file
    parts, removed = without_calc_chain(package) if moves or formulas else ({}, set())
    new = {**replaced, **parts}
    content = rewrite(package, new, removed) if new or removed else package.content
    members = tuple(m.filename for m in package.members if m.filename not in removed)
    return Restructured(content, tuple(sorted(new)), tuple(sorted(removed)), members, moves, whole, filled, formulas)


def remove_rows(content: bytes, book: Book, rows: RemoveRows, *, limits: Limits | None = None) -> Restructured:
    """Take rows out of a table, and out of the sheet: what stands below moves up.

    The last row that a table has stays, blank, as in Excel.

    Parameters
    ----------
    content : bytes
        The file.
    book : Book
        What was read from it.
    rows : RemoveRows
        Which rows go. Beside the table, they must be blank.
    limits : Limits, optional
        As for reading.

    Raises
    ------
    StaleBookError
        The content is not what was read.
    UnsupportedEditError
        The rows cannot go; the message says why, and what to do.
    """
    file = TableFile.of(content, book, rows.table, limits)
    table, body = file.table, file.table.body
    going = sorted(set(rows.rows))
    _check_going(file, going)
    blanked = len(going) == body.shape[0]
    gone = going[1:] if blanked else going
    moves = tuple(RowMove(table.sheet, first, -count) for first, count in reversed(_stretches(gone)))
    whole = table.rect._replace(bottom=table.rect.bottom - len(gone))
    replaced: dict[str, Content] = {}
    if gone:
        followed = follow(file.package, book, moves, [])
        part = file.part(followed)
        replaced = {**followed, file.member: part.reaching(whole)}
    done = _rewritten(file, replaced, moves, whole, None)
    if not blanked:
        return done
    now = read_package(Package(done.content, book.path, limits))
    edits = [SetValue(table.sheet, body.top, col, None) for col in range(body.left, body.right + 1)]
    blank = patch(done.content, now, edits, limits=limits)
    changed = tuple(sorted({*done.changed, *blank.changed}))
    return replace(
        done,
        content=blank.content,
        changed=tuple(name for name in changed if name not in blank.removed),
        removed=(*done.removed, *blank.removed),
        members=blank.members,
    )


def _check_going(file: TableFile, going: Sequence[int]) -> None:
    sheet, body = file.book.sheet(file.table.sheet), file.table.body
    for row in going:
        if not body.top <= row <= body.bottom:
            raise file.refusal(f"row {row} of the sheet is no row of its data; they are {body.top} to {body.bottom}")
        beside = used_cells(sheet, Rect(row, 1, row, MAX_COL))
        other = next((int(c) for c in sheet.col[beside] if not body.left <= c <= body.right), None)
        if other is not None:
            raise file.refusal(
                f"row {row} cannot go: {cell_name(row, other)}, beside the table, stands in the same row of the sheet; "
                "move that cell elsewhere in Excel, or delete the table's row there"
            )
    if len(going) == body.shape[0]:
        kept = file.part({}).formulas
        lost = next((file.heading(col) for col in file.formula_rows if col not in kept), None)
        if lost is not None:
            raise file.refusal(
                f"not all rows can go: only they hold the formula of column {lost!r}; leave one row, or make it a "
                "calculated column in Excel"
            )


def _stretches(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return rows as stretches: the first of each, and how many.

    >>> _stretches([3, 4, 5, 9])
    [(3, 3), (9, 1)]
    """
    starts = [i for i, row in enumerate(rows) if i == 0 or rows[i - 1] != row - 1]
    return [(rows[a], b - a) for a, b in pairwise([*starts, len(rows)])]
