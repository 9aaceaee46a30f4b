"""Lossless patching: the bytes of the cells that are edited change, and nothing else in the file."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from xlmodel.book.archive import rewrite
from xlmodel.book.calc_parts import with_calculation, without_calc_chain
from xlmodel.book.edits import Areas, Edit, SetFormula, SetSaved, SetValue, check, refuse
from xlmodel.book.layout import Cell, Layout, locate, shared_cells
from xlmodel.book.markup import KEEP, Change, new_cell, new_content, row_span
from xlmodel.book.package import Limits, Package
from xlmodel.book.restyle import CellFormats
from xlmodel.book.splice import Span, Splice, is_empty_tag, splice
from xlmodel.book.workbook import Book, Sheet
from xlmodel.errors import StaleBookError, UnsupportedEditError
from xlmodel.refs import Rect, cell_name, to_a1, to_r1c1
from xlmodel.values import Scalar

__all__ = ["Patched", "patch"]


@dataclass(frozen=True, eq=False)
class Patched:
    """A workbook file with edits in it, not yet saved."""

    content: bytes
    changed: tuple[str, ...]  #: zip members whose content differs
    removed: tuple[str, ...]  #: zip members that are gone
    members: tuple[str, ...]  #: all that are there, in order

    @cached_property
    def sha256(self) -> str:
        """The hash of the new file."""
        return hashlib.sha256(self.content).hexdigest()


def patch(
    source: Path | str | bytes,
    book: Book,
    edits: Iterable[Edit],
    *,
    full_calc_on_load: bool = False,
    limits: Limits | None = None,
) -> Patched:
    """Put edits into a workbook's file.

    Parameters
    ----------
    source : Path, str or bytes
        The file that `book` was read from, or its bytes.
    book : Book
        What was read.
    edits : iterable of SetValue, SetFormula and SetSaved
        At most one for a cell. An edit that changes nothing leaves the cell's bytes alone.
    full_calc_on_load : bool
        Have Excel recalculate everything when it opens the file.
    limits : Limits, optional
        As for reading.

    Returns
    -------
    Patched

    Raises
    ------
    StaleBookError
        The source is not the file that was read.
    UnsupportedEditError
        An edit would touch more than its cell; the message names sheet, cell and reason. No edit is made then.
    """
    package = Package(source, book.path, limits) if isinstance(source, bytes) else Package.open(Path(source), limits)
    if package.sha256 != book.sha256:
        raise StaleBookError(f"{book.path.name} is not the file that was read: its content changed")
    by_sheet: dict[str, dict[Cell, Edit]] = defaultdict(dict)
    for edit in edits:
        sheet = book.sheet(edit.sheet)
        if (edit.row, edit.col) in by_sheet[sheet.name]:
            raise refuse(book, edit, "the cell is edited twice")
        by_sheet[sheet.name][edit.row, edit.col] = edit
    if package.is_signed:
        raise UnsupportedEditError(f"{book.path.name} is digitally signed; an edit would break the signature")
    replaced: dict[str, bytes] = {}
    removed: set[str] = set()
    formats = CellFormats(package)
    formulas_moved = False
    for name, wanted in by_sheet.items():
        sheet = book.sheet(name)
        content = package.read_large(sheet.part)
        new, moved = _patched_sheet(content, book, sheet, wanted, formats)
        formulas_moved |= moved
        if new != content:
            replaced[sheet.part] = new
    replaced |= formats.changed_parts()
    if formulas_moved:
        parts, gone = without_calc_chain(package)
        replaced |= parts
        removed |= gone
    if full_calc_on_load:
        part = package.member(package.workbook_part).filename
        content = package.read(part)
        new = with_calculation(content, f"{book.path.name}, part {part!r}", {"fullCalcOnLoad": "1"})
        if new != content:
            replaced[part] = new
    content = rewrite(package, replaced, removed) if replaced or removed else package.content
    members = tuple(m.filename for m in package.members if m.filename not in removed)
    return Patched(content, tuple(sorted(replaced)), tuple(sorted(removed)), members)


def _patched_sheet(
    content: bytes, book: Book, sheet: Sheet, edits: dict[Cell, Edit], formats: CellFormats
) -> tuple[bytes, bool]:
    """Return a sheet's new XML, and whether the set of formula cells changed."""
    where = f"{book.path.name}, sheet {sheet.name!r}"
    layout = locate(content, where, edits)
    areas = Areas.of(sheet, layout.merged)
    for edit in edits.values():
        check(book, sheet, edit, areas)
    changes = {}
    for cell, edit in edits.items():
        change = _change(sheet, edit, _new_style(layout, edit, formats))
        if change is not None:
            changes[cell] = change
    orphans = _orphaned(content, where, layout, changes)
    if orphans:
        for cell, formula in orphans.items():
            value, style = (changes[cell].value, changes[cell].style) if cell in changes else (KEEP, None)
            changes[cell] = Change(formula, value, shared_child=True, style=style)
        layout = locate(content, where, changes)
    splices: list[Splice] = []
    rows: dict[int, list[tuple[int, Change]]] = defaultdict(list)
    for cell, change in changes.items():
        if cell in layout.cells:
            splices.append(new_content(content, layout.cells[cell], change))
        elif change.value is not None or change.formula not in (None, KEEP) or change.style is not None:
            rows[cell[0]].append((cell[1], change))
    prefix = layout.prefix(content, where)
    new_rows: list[tuple[int, bytes]] = []
    for row, new_cells in sorted(rows.items()):
        _place_row(content, layout, prefix, row, sorted(new_cells, key=lambda c: c[0]), splices, new_rows)
    if new_rows:
        splices += _new_data(content, layout, prefix, new_rows)
    if rows:
        cols = [col for new_cells in rows.values() for col, _ in new_cells]
        splices += layout.grown_dimension(content, Rect(min(rows), min(cols), max(rows), max(cols)))
    had = {
        cell
        for cell in changes
        if cell in layout.cells and any(child.name == "f" for child in layout.cells[cell].children)
    }
    moved = any(
        change.formula is not KEEP and not change.shared_child and (change.formula or cell in had)
        for cell, change in changes.items()
    )
    return splice(content, splices), moved


def _new_style(layout: Layout, edit: Edit, formats: CellFormats) -> str | None:
    """Return the format a cell gets; None where it stays as it is."""
    if not isinstance(edit, SetValue) or edit.number_format is None:
        return None
    style = layout.style((edit.row, edit.col))
    now = int(style) if style.isdecimal() else 0
    new = formats.with_number_format(now, edit.number_format)
    return None if new == now else str(new)


def _change(sheet: Sheet, edit: Edit, style: str | None) -> Change | None:
    """Return what becomes of the cell; None where it already is so."""
    at = sheet.find(edit.row, edit.col)
    now = None if at < 0 else sheet.values.item(at)
    has_formula = at >= 0 and sheet.formula[at] >= 0
    match edit:
        case SetFormula(formula=formula, saved=saved):
            return Change(formula, saved)
        case SetSaved(value=value):
            return None if _same(now, value) else Change(KEEP, value)
        case SetValue(value=value):
            if has_formula or not _same(now, value):
                return Change(None, value, style=style)
            return None if style is None else Change(KEEP, None if at < 0 else KEEP, style=style)


def _same(a: Scalar, b: Scalar) -> bool:
    if isinstance(b, int) and not isinstance(b, bool):
        b = float(b)
    return type(a) is type(b) and a == b


def _orphaned(content: bytes, where: str, layout: Layout, changes: dict[Cell, Change]) -> dict[Cell, str]:
    """Return the own formulas of cells whose shared formula would lose its text."""
    lost = {
        cell for cell, change in changes.items() if change.formula is not KEEP and _is_master(layout.cells.get(cell))
    }
    if not lost:
        return {}
    indices = {_formula(layout.cells[cell]).attributes.get("si", "") for cell in lost}
    sharing = shared_cells(content, where, indices)
    found = locate(content, where, sharing).cells
    masters: dict[str, Cell] = {}
    for cell in reversed(sharing):
        # a child before its first master belongs to it
        if _is_master(found[cell]):
            masters[_formula(found[cell]).attributes.get("si", "")] = cell
    orphans = {}
    for cell in sharing:
        si = _formula(found[cell]).attributes.get("si", "")
        if _is_master(found[cell]):
            masters[si] = cell
            continue
        master = masters.get(si)
        if master in lost and (cell not in changes or changes[cell].formula is KEEP):
            assert master is not None
            orphans[cell] = to_a1(to_r1c1(_formula(found[master]).text, *master), *cell)
    return orphans


def _formula(cell: Span) -> Span:
    return next(child for child in cell.children if child.name == "f")


def _is_master(cell: Span | None) -> bool:
    return cell is not None and any(
        child.name == "f" and child.attributes.get("t") == "shared" and child.text for child in cell.children
    )


def _place_row(
    content: bytes,
    layout: Layout,
    prefix: str,
    row: int,
    new_cells: list[tuple[int, Change]],
    splices: list[Splice],
    new_rows: list[tuple[int, bytes]],
) -> None:
    """Place the new cells of one row: into the row that is there, or with a row of their own."""
    site = layout.rows.get(row)
    made = []
    for col, change in new_cells:
        style = layout.style((row, col)) if change.style is None else change.style
        made.append((col, new_cell(prefix, cell_name(row, col), style, change)))
    if site is None:
        new_rows.append(
            (row, f'<{prefix}row r="{row}">'.encode() + b"".join(c for _, c in made) + f"</{prefix}row>".encode())
        )
        return
    tag = content[site.start : site.inner]
    new_tag = row_span(tag, site.attributes.get("spans"), [col for col, _ in made])
    if site.end < 0:
        opened = new_tag[: new_tag.rindex(b"/")].rstrip() + b">" if is_empty_tag(tag, len(tag)) else new_tag
        splices.append(
            Splice(site.start, site.inner, opened + b"".join(c for _, c in made) + f"</{prefix}row>".encode())
        )
        return
    if new_tag != tag:
        splices.append(Splice(site.start, site.inner, new_tag))
    at_byte: dict[int, bytes] = defaultdict(bytes)
    for col, element in made:
        at_byte[next((at for other, at in site.cells if other > col), site.end)] += element
    splices += [Splice(at, at, new) for at, new in at_byte.items()]


def _new_data(content: bytes, layout: Layout, prefix: str, new_rows: list[tuple[int, bytes]]) -> list[Splice]:
    tag = content[layout.data_start : layout.data_inner]
    if is_empty_tag(tag, len(tag)):
        opened = tag[: tag.rindex(b"/")].rstrip() + b">"
        rows = b"".join(element for _, element in new_rows)
        return [Splice(layout.data_start, layout.data_inner, opened + rows + f"</{prefix}sheetData>".encode())]
    at_byte: dict[int, bytes] = defaultdict(bytes)
    for row, element in new_rows:
        at_byte[layout.new_rows.get(row, layout.data_end)] += element
    return [Splice(at, at, new) for at, new in at_byte.items()]
