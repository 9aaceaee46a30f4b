"""Other workbooks that formulas refer to, with the values they had when this one was saved."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from xlmodel.book.package import Package, attribute, children
from xlmodel.book.workbook import ExternalBook
from xlmodel.book.xstring import plain
from xlmodel.errors import BookError
from xlmodel.refs import ReferenceSyntaxError, parse_cell
from xlmodel.values import ErrorValue, Scalar

__all__ = ["read_externals"]


def read_externals(package: Package, workbook: Element) -> Iterator[ExternalBook]:
    """Yield the external books in the order of their numbers, which is that of the workbook part."""
    links = package.relationships(package.workbook_part)
    for index, reference in enumerate(children(workbook, "externalReferences", "externalReference"), 1):
        link = links.get(attribute(reference, "id"))
        if link is None or link.external or link.target not in package:
            yield ExternalBook(index, "", {})
            continue
        root = package.xml(link.target)
        # DDE and OLE links have no externalBook, and no sheets
        found = children(root, "externalBook")
        target = package.relationships(link.target).get(attribute(found[0], "id")) if found else None
        yield ExternalBook(index, target.target if target else "", _sheets(found[0], link.target) if found else {})


def _sheets(book: Element, part: str) -> dict[str, dict[tuple[int, int], Scalar]]:
    names = [name.get("val", "") for name in children(book, "sheetNames", "sheetName")]
    sheets: dict[str, dict[tuple[int, int], Scalar]] = {name: {} for name in names}
    for data in children(book, "sheetDataSet", "sheetData"):
        number = data.get("sheetId", "")
        if not number.isdecimal() or int(number) >= len(names):
            raise BookError(f"part {part!r} keeps values of a sheet number {number!r}; it names {len(names)} sheets")
        cells = sheets[names[int(number)]]
        for cell in children(data, "row", "cell"):
            try:
                place = parse_cell(cell.get("r", ""))
            except ReferenceSyntaxError as error:
                raise BookError(f"part {part!r}: {error}") from error
            cells[place] = _content(cell)
    return sheets


def _content(cell: Element) -> Scalar:
    value = next((v.text or "" for v in children(cell, "v")), None)
    kind = cell.get("t", "n")
    if value is None:
        return "" if kind == "str" else None
    if kind == "b":
        return value.strip() in ("1", "true")
    if kind == "e":
        return ErrorValue(value)
    if kind == "n":
        try:
            return float(value)
        except ValueError:
            return plain(value)
    return plain(value)
