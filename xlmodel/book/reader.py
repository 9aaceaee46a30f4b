"""Reading a workbook from disk, within limits and without ever writing."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from xlmodel.book.columns import Columns, Context
from xlmodel.book.externals import read_externals
from xlmodel.book.formulas import FormulaTable, without_hosts
from xlmodel.book.package import Limits, Package, attribute, children, flag, local_name
from xlmodel.book.pivot_parts import pivot_reader
from xlmodel.book.sheet_events import read_events
from xlmodel.book.sheet_scan import scan
from xlmodel.book.strings import read_strings
from xlmodel.book.styles import NumberFormats
from xlmodel.book.tables import filtered_ranges, read_table
from xlmodel.book.workbook import Book, CalcSettings, DefinedName, Sheet, Table
from xlmodel.book.xstring import plain
from xlmodel.errors import BookError

__all__ = ["read_book", "read_package"]

_DYNAMIC_ARRAY = "XLDAPR"


def read_book(path: Path | str, limits: Limits | None = None) -> Book:
    """Read a workbook.

    Parameters
    ----------
    path : Path or str
        An .xlsx or .xlsm file. It is opened for reading only.
    limits : Limits, optional
        How large it may be.

    Returns
    -------
    Book

    Raises
    ------
    BookError
        The file is no workbook, is protected with a password or is damaged; the message names the part or the cell.
    BookLimitError
        The file is larger than the limits.
    """
    return read_package(Package.open(Path(path), limits))


def read_package(package: Package, *, scanning: bool = True) -> Book:
    """Read an opened workbook; without `scanning`, every sheet goes through expat."""
    part = package.workbook_part
    workbook = package.xml(part)
    links = package.relationships(part)

    def linked(kind: str) -> str | None:
        return next(
            (x.target for x in links.values() if x.kind == kind and not x.external and x.target in package), None
        )

    properties = children(workbook, "workbookPr")
    date1904 = bool(properties) and flag(properties[0], "date1904")
    styles, strings, metadata = linked("styles"), linked("sharedStrings"), linked("sheetMetadata")
    formats = NumberFormats(package.xml(styles) if styles else None)
    where = f"{package.path.name}, shared strings"
    context = Context(
        book=package.path.name,
        strings=read_strings(package.read_large(strings), where) if strings else [],
        formats=formats,
        formulas=FormulaTable(),
        dynamic=_dynamic(package.xml(metadata)) if metadata else None,
        date1904=date1904,
        cells_left=package.limits.cells,
    )
    listed = children(workbook, "sheets", "sheet")
    names, hosts = _names(workbook, [element.get("name", "") for element in listed])
    sheets: list[Sheet] = []
    tables: list[Table] = []
    pivots: list[tuple[str, str]] = []
    for element, target in _worksheets(package, listed):
        name = element.get("name", "")
        parts = [x for x in package.relationships(target).values() if not x.external]
        own = [read_table(package, name, x.target) for x in parts if x.kind == "table"]
        columns = _columns(package, context, name, target, scanning)
        filters = filtered_ranges(columns.frame, own, [x for x in names if x.sheet == name])
        sheets.append(columns.finish(package.member(target).filename, element.get("state", "visible"), filters))
        tables += own
        pivots += [(name, x.target) for x in parts if x.kind == "pivotTable"]
    return Book(
        path=package.path,
        sha256=package.sha256,
        sheets=tuple(sheets),
        formulas=context.formulas.texts,
        names=names,
        tables=tuple(tables),
        date1904=date1904,
        calc=_calc(workbook),
        externals=tuple(read_externals(package, workbook)),
        hosts=frozenset(context.formulas.hosts) | hosts,
        number_formats=tuple(formats.texts),
        application=_application(package),
        saved_at=_saved_at(package),
        properties=_properties(package),
        read_pivots=pivot_reader(package, pivots, date1904),
    )


def _worksheets(package: Package, listed: list[Element]) -> Iterator[tuple[Element, str]]:
    """Yield each sheet that has cells, as the workbook lists it and with the name of its part."""
    links = package.relationships(package.workbook_part)
    for element in listed:
        identity = attribute(element, "id")
        if not identity:
            continue  # a module sheet of an old macro: Excel keeps its name and no part
        link = links.get(identity)
        if link is None:
            raise BookError(f"{package.path.name}: no part belongs to sheet {element.get('name')!r}")
        if link.kind == "worksheet":
            yield element, link.target


def _columns(package: Package, context: Context, name: str, part: str, scanning: bool) -> Columns:
    content = package.read_large(part)
    columns = Columns(context, name)
    if not (scanning and scan(content, columns)):
        columns = Columns(context, name)
        read_events(content, columns)
    return columns


def _dynamic(metadata: Element) -> frozenset[str]:
    """Return the values of a cell's `cm` that mark a dynamic array: they count the blocks of cellMetadata from 1."""
    types = [t.get("name") for t in children(metadata, "metadataTypes", "metadataType")]
    wanted = {str(i) for i, name in enumerate(types, 1) if name == _DYNAMIC_ARRAY}
    blocks = enumerate(children(metadata, "cellMetadata", "bk"), 1)
    return frozenset(str(i) for i, block in blocks if any(rc.get("t") in wanted for rc in children(block, "rc")))


def _names(workbook: Element, sheets: list[str]) -> tuple[tuple[DefinedName, ...], frozenset[str]]:
    names, every = [], frozenset[str]()
    for element in children(workbook, "definedNames", "definedName"):
        formula, hosts = without_hosts((element.text or "").removeprefix("="))
        every |= hosts
        scope = element.get("localSheetId")
        sheet = sheets[int(scope)] if scope is not None and scope.isdecimal() and int(scope) < len(sheets) else None
        names.append(DefinedName(plain(element.get("name", "")), formula, sheet, flag(element, "hidden")))
    return tuple(names), every


def _calc(workbook: Element) -> CalcSettings:
    found = children(workbook, "calcPr")
    if not found:
        return CalcSettings()
    calc, default = found[0], CalcSettings()
    identity = calc.get("calcId", "")
    return CalcSettings(
        mode=calc.get("calcMode", default.mode),
        full_calc_on_load=flag(calc, "fullCalcOnLoad"),
        iterate=flag(calc, "iterate"),
        iterate_count=int(_number(calc.get("iterateCount"), default.iterate_count)),
        iterate_delta=_number(calc.get("iterateDelta"), default.iterate_delta),
        full_precision=flag(calc, "fullPrecision", True),
        r1c1=calc.get("refMode") == "R1C1",
        calc_id=int(identity) if identity.isdecimal() else None,
    )


def _number(text: str | None, default: float) -> float:
    """Return a setting's number; the default for one that no calculation could use."""
    try:
        number = float(text or default)
    except ValueError:
        return default
    return number if 0 <= number < 1e300 else default


def _saved_at(package: Package) -> datetime.datetime | None:
    links = package.relationships("").values()
    part = next((x.target for x in links if x.kind == "core-properties" and x.target in package), None)
    if part is None:
        return None
    text = next((e.text or "" for e in children(package.xml(part), "modified")), "").strip()
    try:
        return datetime.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def _properties(package: Package) -> dict[str, str]:
    links = package.relationships("").values()
    part = next((x.target for x in links if x.kind == "custom-properties" and x.target in package), None)
    if part is None:
        return {}
    return {
        element.get("name", ""): plain(element[0].text or "")
        for element in children(package.xml(part), "property")
        if len(element) and local_name(element[0]) in ("lpwstr", "lpstr", "bstr")
    }


def _application(package: Package) -> str:
    links = package.relationships("").values()
    part = next((x.target for x in links if x.kind == "extended-properties" and x.target in package), None)
    if part is None:
        return ""
    return next((e.text or "" for e in children(package.xml(part), "Application")), "").strip()
