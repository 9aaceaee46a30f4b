"""Excel's tables, and the ranges in which filters hide rows."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from xlmodel.book.package import Package, children, local_name
from xlmodel.book.sheet_frame import Frame, range_named
from xlmodel.book.workbook import DefinedName, Table
from xlmodel.book.xstring import plain
from xlmodel.errors import BookError
from xlmodel.refs import Rect, ReferenceSyntaxError, parse_rect

__all__ = ["filtered_ranges", "read_table"]

_ADVANCED = "_xlnm._FilterDatabase"


def read_table(package: Package, sheet: str, part: str) -> Table:
    """Read the part of a table."""
    root = package.xml(part)
    name = root.get("displayName") or root.get("name") or ""
    try:
        rect = parse_rect(root.get("ref", ""))
    except ReferenceSyntaxError as error:
        raise BookError(f"{package.path.name}, table {name!r}: {error}") from error
    columns = tuple(plain(column.get("name", "")) for column in children(root, "tableColumns", "tableColumn"))
    header, totals = root.get("headerRowCount", "1"), root.get("totalsRowCount", "0")
    return Table(plain(name), sheet, rect, columns, int(header), int(totals), _filter(root))


def _filter(table: Element) -> Rect | None:
    """Return the range of a table's filter, if it has a criterion."""
    columns = children(table, "autoFilter", "filterColumn")
    if all(local_name(criterion) == "extLst" for column in columns for criterion in column):
        return None
    return range_named(children(table, "autoFilter")[0].get("ref", ""))


def filtered_ranges(frame: Frame, tables: Iterable[Table], names: Iterable[DefinedName]) -> list[Rect]:
    """Return the ranges, headings included, in which a sheet's rows are filtered.

    Parameters
    ----------
    frame : Frame
        What the sheet says.
    tables : iterable of Table
        Its tables.
    names : iterable of DefinedName
        The names that belong to it.
    """
    ranges = [table.filter for table in tables]
    if frame.filtering:
        ranges.append(frame.filter)
    if frame.filter_mode and not any(ranges):
        # an advanced filter is known by its name alone
        ranges += [range_named(name.formula.rpartition("!")[2]) for name in names if name.name == _ADVANCED]
    return [rect for rect in ranges if rect is not None]
