"""Other workbooks that formulas refer to, with the values they had when this one was saved."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from xlmodel.book.package import Package, attribute, children, flag
from xlmodel.book.workbook import DefinedName, ExternalBook
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
        # DDE and OLE links have no externalBook, and no sheets
        found = children(package.xml(link.target), "externalBook")
        if not found:
            yield ExternalBook(index, "", {})
            continue
        target = package.relationships(link.target).get(attribute(found[0], "id"))
        yield _book(index, target.target if target else "", found[0], link.target)


def _book(index: int, target: str, book: Element, part: str) -> ExternalBook:
    names = [plain(name.get("val", "")) for name in children(book, "sheetNames", "sheetName")]
    sheets: dict[str, dict[tuple[int, int], Scalar]] = {name: {} for name in names}
    unread = set(names)
    for data in children(book, "sheetDataSet", "sheetData"):
        name = _sheet(names, data, part)
        if not flag(data, "refreshError"):
            unread.discard(name)
        for cell in children(data, "row", "cell"):
            try:
                place = parse_cell(cell.get("r", ""))
            except ReferenceSyntaxError as error:
                raise BookError(f"part {part!r}: {error}") from error
            sheets[name][place] = _content(cell)
    defined = tuple(
        DefinedName(
            plain(element.get("name", "")),
            element.get("refersTo", "").removeprefix("="),
            _sheet(names, element, part) if "sheetId" in element.attrib else None,
        )
        for element in children(book, "definedNames", "definedName")
    )
    return ExternalBook(index, target, sheets, defined, frozenset(unread))


def _sheet(names: list[str], element: Element, part: str) -> str:
    number = element.get("sheetId", "")
    if not number.isdecimal() or int(number) >= len(names):
        raise BookError(f"part {part!r} speaks of a sheet number {number!r}; it names {len(names)} sheets")
    return names[int(number)]


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
