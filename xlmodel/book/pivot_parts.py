"""Reading pivot tables and what they summarise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from xml.etree.ElementTree import Element

from xlmodel.book.dates import serial
from xlmodel.book.events import parse_events
from xlmodel.book.package import Package, children, flag, local_name
from xlmodel.book.pivots import VALUES, Pivot, PivotCache, PivotData, PivotLine
from xlmodel.book.sheet_frame import range_named
from xlmodel.book.xstring import plain
from xlmodel.errors import BookError, BookLimitError
from xlmodel.refs import Rect, quote_sheet
from xlmodel.values import ErrorValue, Scalar

__all__ = ["pivot_reader"]

_ITEMS = frozenset("snbedm")


def pivot_reader(package: Package, parts: Sequence[tuple[str, str]], date1904: bool) -> Callable[[], tuple[Pivot, ...]]:
    """Return a function that reads the pivot tables of some parts, each given with its sheet's name."""
    return partial(_read, package, tuple(parts), date1904) if parts else tuple


def _read(package: Package, parts: Sequence[tuple[str, str]], date1904: bool) -> tuple[Pivot, ...]:
    caches: dict[str, PivotCache] = {}
    pivots = []
    for sheet, part in parts:
        links = package.relationships(part).values()
        target = next((x.target for x in links if x.kind == "pivotCacheDefinition" and not x.external), None)
        if target is None:
            raise BookError(f"{package.path.name}, part {part!r}: the pivot table has no cache")
        try:
            if target not in caches:
                caches[target] = _cache(package, target, date1904)
            pivots.append(_pivot(package.xml(part), sheet, caches[target]))
        except (ValueError, IndexError) as error:
            at = part if target in caches else target
            raise BookError(f"{package.path.name}, part {at!r}: the pivot table contradicts itself: {error}") from error
    return tuple(pivots)


def _pivot(root: Element, sheet: str, cache: PivotCache) -> Pivot:
    location = children(root, "location")[0]
    rect = range_named(location.get("ref", ""))
    if rect is None:
        raise ValueError(f"{location.get('ref')!r} is not a range")
    # for each field the items of the cache in the order of the table
    order = [
        [_whole(item, "x", -1) for item in children(field, "items", "item")]
        for field in children(root, "pivotFields", "pivotField")
    ]

    def fields(axis: str) -> list[int]:
        return [_whole(field, "x", least=-2) for field in children(root, axis, "field")]

    def name(field: int) -> str:
        return VALUES if field < 0 else cache.fields[field]

    def item(field: int, place: int) -> Scalar:
        shared = order[field][place]
        return cache.items[field][shared] if shared >= 0 else None

    def lines(axis: Sequence[int], elements: list[Element]) -> Iterator[PivotLine]:
        before: list[int] = []
        for element in elements:
            given = [_whole(x, "v") for x in children(element, "x")]
            kind = element.get("t", "data")
            places = before = [*before[: _whole(element, "r")], *given]
            pairs = [] if kind in ("grand", "blank") else zip(axis, places, strict=False)
            items = tuple(item(field, place) for field, place in pairs if field >= 0)
            yield PivotLine(kind, items, _whole(element, "i"))

    rows, columns = fields("rowFields"), fields("colFields")
    pages = ((_whole(page, "fld"), _whole(page, "item", -1)) for page in children(root, "pageFields", "pageField"))
    return Pivot(
        name=plain(root.get("name", "")),
        sheet=sheet,
        rect=rect,
        header_row=rect.top + _whole(location, "firstHeaderRow"),
        data_row=rect.top + _whole(location, "firstDataRow"),
        data_col=rect.left + _whole(location, "firstDataCol"),
        row_fields=tuple(map(name, rows)),
        column_fields=tuple(map(name, columns)),
        page_fields=tuple((name(field), item(field, place) if place >= 0 else None) for field, place in pages),
        data_fields=tuple(_data(field, cache) for field in children(root, "dataFields", "dataField")),
        rows=tuple(lines(rows, children(root, "rowItems", "i"))),
        columns=tuple(lines(columns, children(root, "colItems", "i"))),
        cache=cache,
        pages=_pages(rect, _whole(location, "rowPageCount"), _whole(location, "colPageCount")),
    )


def _pages(rect: Rect, rows: int, columns: int) -> Rect | None:
    """Return where the page fields stand: above the table and one blank row, each a caption, its choice and a gap."""
    top = rect.top - 1 - rows
    return Rect(top, rect.left, rect.top - 2, rect.left + 3 * columns - 2) if rows and columns and top > 0 else None


def _data(element: Element, cache: PivotCache) -> PivotData:
    field = cache.fields[_whole(element, "fld")]
    name = plain(element.get("name", field))
    return PivotData(name, field, element.get("subtotal", "sum"), element.get("showDataAs", "normal"))


def _whole(element: Element, name: str, default: int = 0, least: int = 0) -> int:
    written = element.get(name)
    if written is None:
        return default
    number = int(written)
    # the field that stands for the data fields is also written as if it had no sign
    number = number - (1 << 32) if number >= 1 << 31 else number
    if number < least:
        raise ValueError(f"{name}={written!r}")
    return number


def _cache(package: Package, part: str, date1904: bool) -> PivotCache:
    root = package.xml(part)
    fields = children(root, "cacheFields", "cacheField")
    names = [plain(field.get("name", "")) for field in fields]
    shared = [_items(children(field, "sharedItems"), date1904) for field in fields]
    groups = [children(field, "fieldGroup", "groupItems") for field in fields]
    kept = [i for i, field in enumerate(fields) if flag(field, "databaseField", True)]
    links = package.relationships(part).values()
    records = next((x.target for x in links if x.kind == "pivotCacheRecords" and x.target in package), None)
    source = next(iter(children(root, "cacheSource")), None)
    return PivotCache(
        kind="" if source is None else source.get("type", ""),
        source=_source(next(iter(children(source, "worksheetSource")), None)),
        fields=tuple(names),
        items=tuple(_items(group, date1904) if group else own for group, own in zip(groups, shared, strict=True)),
        stored=tuple(names[i] for i in kept),
        read_records=partial(_records, package, records, [shared[i] for i in kept], date1904) if records else tuple,
    )


def _source(element: Element | None) -> str:
    if element is None:
        return ""
    sheet, place = element.get("sheet"), element.get("name") or element.get("ref") or ""
    return place if sheet is None else f"{quote_sheet(plain(sheet))}!{place}"


def _items(lists: list[Element], date1904: bool) -> tuple[Scalar, ...]:
    return tuple(_content(local_name(x), x.attrib, date1904) for found in lists for x in found)


def _content(kind: str, attributes: Mapping[str, str], date1904: bool) -> Scalar:
    text = attributes.get("v", "")
    match kind:
        case "n":
            return float(text)
        case "s":
            return plain(text)
        case "b":
            return text in ("1", "true")
        case "e":
            return ErrorValue(text)
        case "d":
            return serial(text, date1904)
    return None


def _index(attributes: Mapping[str, str]) -> int:
    index = int(attributes.get("v", ""))
    if index < 0:
        raise IndexError(index)
    return index


def _records(
    package: Package, part: str, shared: list[tuple[Scalar, ...]], date1904: bool
) -> tuple[tuple[Scalar, ...], ...]:
    where, limit = f"{package.path.name}, part {part!r}", package.limits.cells
    records: list[tuple[Scalar, ...]] = []
    record: list[Scalar] = []
    path: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        path.append(name)
        if len(path) != 3 or path[1] != "r" or len(record) >= len(shared):
            return
        if name == "x":
            record.append(shared[len(record)][_index(attributes)])
        elif name in _ITEMS:
            record.append(_content(name, attributes, date1904))

    def end(name: str) -> None:
        path.pop()
        if len(path) == 1 and name == "r":
            if (len(records) + 1) * len(shared) > limit:
                raise BookLimitError(f"{where}: cells must not exceed the limit")
            records.append(tuple(record))
            record.clear()

    try:
        parse_events(package.read_large(part), where, start, end, lambda _: None)
    except IndexError as error:
        raise BookError(f"{where}: a record names an item that its field does not have") from error
    return tuple(records)
