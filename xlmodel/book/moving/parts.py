"""The parts of a workbook that refer to rows of its sheets, each by the kind of relationship that leads to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from xlmodel.book.moving.anchors import move_anchor, moved_notes
from xlmodel.book.moving.formulas import Formulas
from xlmodel.book.moving.markup import Element, Markup
from xlmodel.book.moving.moves import Purpose
from xlmodel.book.moving.sheets import moved_sheet
from xlmodel.book.package import Package
from xlmodel.book.sheet_frame import range_named
from xlmodel.errors import UnsupportedEditError

__all__ = ["FOLLOWED", "Part", "parts"]

#: kinds of parts that say nothing about rows
_SILENT = frozenset(
    (
        "activeXControlBinary", "attachedToolbars", "audio", "calcChain", "chartColorStyle", "chartsheet",
        "chartStyle", "classificationlabels", "control", "core-properties", "coreProperties", "custom-properties",
        "customData", "customProperties", "customProperty", "customXml", "customXmlProps", "diagramColors",
        "diagramData", "diagramDrawing", "diagramLayout", "diagramQuickStyle", "extended-properties",
        "extendedProperties", "extensibility", "externalLink", "externalLinkLongPath", "externalLinkPath",
        "FeaturePropertyBag", "hdphoto", "hyperlink", "image", "metadata", "model", "oleObject", "package", "person",
        "pivotCacheRecords", "powerPivotData", "printerSettings", "queryTable", "rdArray", "rdRichValue",
        "rdRichValueStructure", "rdRichValueTypes", "rdRichValueWebImage", "rdSupportingPropertyBag",
        "rdSupportingPropertyBagStructure", "richStyles", "richValueRel", "sharedStrings", "sheetMetadata", "slicer",
        "slicerCache", "styles", "theme", "themeOverride", "thumbnail", "timeline", "timelineCache", "usernames",
        "vbaProject", "vbaProjectSignature", "vbaProjectSignatureAgile", "vbaProjectSignatureV3", "video",
        "webextension", "webextensiontaskpanes", "wordVbaData", "xmlMaps",
    )
)  # fmt: skip
#: kinds that refer to rows and cannot follow, with what to do
_REFUSED = {
    "revisionHeaders": "the workbook is shared and records its changes; stop sharing it",
    "volatileDependencies": "the workbook takes in live data, and keeps which cells show them; replace these formulas",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part that may refer to rows."""

    name: str  #: the zip member
    kind: str
    sheet: str | None  #: the sheet that it belongs to


def parts(package: Package, sheets: Mapping[str, str]) -> Iterator[Part]:
    """Yield the parts that may refer to rows.

    Parameters
    ----------
    package : Package
        The workbook's file.
    sheets : mapping of str to str
        The sheets' names by their parts.

    Raises
    ------
    UnsupportedEditError
        There is a part of a kind that is not known.
    """
    waiting: list[tuple[str, str | None]] = [("", None)]
    seen = {""}
    while waiting:
        owner, sheet = waiting.pop()
        for link in package.relationships(owner).values():
            if link.external or link.target not in package or link.target in seen:
                continue
            if link.kind in _REFUSED:
                raise UnsupportedEditError(f"{package.path.name}: {_REFUSED[link.kind]}")
            if link.kind not in FOLLOWED and link.kind not in _SILENT:
                raise UnsupportedEditError(
                    f"{package.path.name}: the part {link.target!r} is of a kind, {link.kind}, that is not known;"
                    " it may refer to rows"
                )
            seen.add(link.target)
            member = package.member(link.target).filename
            own = sheets.get(member, sheet)
            waiting.append((link.target, own))
            # a sheet that the workbook does not list is no sheet of it
            if link.kind in FOLLOWED and (link.kind != "worksheet" or own is not None):
                yield Part(member, link.kind, own)


def _workbook(content: bytes, where: str, sheet: str | None, formulas: Formulas) -> bytes:
    """Follow in the names."""
    markup = Markup(content, where)
    for names in (element for element in markup.root.children if element.name == "definedNames"):
        for name in names.children:
            _name(markup, name, formulas)
    return markup.content


def _name(markup: Markup, name: Element, formulas: Formulas) -> None:
    called = name.get("name")
    purpose = Purpose.PAGE if called == "_xlnm.Print_Area" else Purpose.FORMULA
    moved = _moved(name.text, None, formulas, f"the name {called}", purpose)
    # what Excel itself names is used by no cell
    apart = set() if called.startswith("_xlnm.") else formulas.distances(name.text, None)
    if apart and formulas.moving and (apart != {0} or formulas.first == 1):
        raise UnsupportedEditError(
            f"the name {called} means another row for each cell that uses it: {name.text}; write it with $"
        )
    markup.set_text(name, moved)


def _moved(formula: str, sheet: str | None, formulas: Formulas, what: str, purpose: Purpose = Purpose.FORMULA) -> str:
    try:
        return formulas.moved(formula, sheet, purpose=purpose)
    except UnsupportedEditError as error:
        raise UnsupportedEditError(f"{what}: {error}") from error


def _worksheet(content: bytes, where: str, sheet: str | None, formulas: Formulas) -> bytes:
    assert sheet is not None
    return moved_sheet(content, where, sheet, formulas)


def _table(content: bytes, where: str, sheet: str | None, formulas: Formulas) -> bytes:
    """Follow in a table's own place, where rows move, and in its formulas. It does not grow by itself."""
    markup = Markup(content, where)
    for element in markup.root.all():
        if element.name in ("table", "autoFilter", "sortState", "sortCondition"):
            _place(markup, element, "ref", formulas, sheet, where)
        elif element.name in ("calculatedColumnFormula", "totalsRowFormula") and element.text:
            markup.set_text(element, _moved(element.text, sheet, formulas, where))
    return markup.content


def _place(markup: Markup, element: Element, name: str, formulas: Formulas, sheet: str | None, where: str) -> None:
    """Follow in an attribute that names one range of a sheet."""
    moves, rect = formulas.on(sheet), range_named(element.get(name))
    if moves is None or rect is None:
        return
    moved = moves.rect(rect)
    if moved is None:
        raise UnsupportedEditError(f"{where}: {rect.name} would go")
    markup.set(element, {name: element.get(name) if moved == rect else moved.name})


def _drawing(content: bytes, where: str, sheet: str | None, formulas: Formulas) -> bytes:
    markup, moves = Markup(content, where), formulas.on(sheet)
    for element in markup.root.all():
        if element.name in ("twoCellAnchor", "oneCellAnchor") and moves is not None and sheet is not None:
            move_anchor(markup, element, moves, sheet)
        for name in ("textlink", "cellRange"):
            if element.get(name):
                new = _moved(element.get(name), sheet, formulas, f"{where}, a drawing", Purpose.FORMULA)
                markup.set(element, {name: new})
    return markup.content


def _chart(content: bytes, where: str, sheet: str | None, formulas: Formulas) -> bytes:
    """Follow in what a chart draws; the values that it keeps are drawn anew when the workbook is opened."""
    markup = Markup(content, where)
    for element in markup.root.all():
        if element.name in ("f", "nf", "sqref") and element.text.strip():
            markup.set_text(element, _moved(element.text, sheet, formulas, f"{where}, a chart", Purpose.SERIES))
    return markup.content


def _notes(content: bytes, where: str, sheet: str | None, formulas: Formulas) -> bytes:
    return content if sheet is None else moved_notes(content, sheet, formulas)


def _placed(names: Mapping[str, str]) -> Callable[[bytes, str, str | None, Formulas], bytes]:
    """Follow in the attributes of some elements that name a range of the part's own sheet."""

    def follow(content: bytes, where: str, sheet: str | None, formulas: Formulas) -> bytes:
        if formulas.on(sheet) is None:
            return content
        markup = Markup(content, where)
        for element in markup.root.all():
            if element.name in names:
                _place(markup, element, names[element.name], formulas, sheet, where)
        return markup.content

    return follow


def _pivot_cache(content: bytes, where: str, sheet: str | None, formulas: Formulas) -> bytes:
    """Follow in the ranges that a pivot table summarises."""
    markup = Markup(content, where)
    for element in markup.root.all():
        if element.name not in ("worksheetSource", "rangeSet"):
            continue
        moves, rect = formulas.on(element.get("sheet")), range_named(element.get("ref"))
        external = any(name.endswith("}id") for name in element.span.attributes)
        if moves is None or rect is None or external:
            continue
        moved = moves.followed(rect)
        if moved is None:
            raise UnsupportedEditError(f"{where}: the pivot table's source {rect.name} would go")
        markup.set(element, {"ref": element.get("ref") if moved == rect else moved.name})
    return markup.content


def _written(names: Mapping[str, tuple[str, ...]]) -> Callable[[bytes, str, str | None, Formulas], bytes]:
    """Follow in the attributes of some elements that are formulas."""

    def follow(content: bytes, where: str, sheet: str | None, formulas: Formulas) -> bytes:
        markup = Markup(content, where)
        for element in markup.root.all():
            for name in names.get(element.name, ()):
                if element.get(name):
                    markup.set(element, {name: _moved(element.get(name), sheet, formulas, where, Purpose.SERIES)})
        return markup.content

    return follow


#: how to follow in each kind of part
FOLLOWED: Mapping[str, Callable[[bytes, str, str | None, Formulas], bytes]] = MappingProxyType(
    {
        "officeDocument": _workbook,
        "worksheet": _worksheet,
        "table": _table,
        "tableSingleCells": _placed({"singleXmlCell": "r"}),
        "drawing": _drawing,
        "chartUserShapes": _drawing,
        "chart": _chart,
        "chartEx": _chart,
        "vmlDrawing": _notes,
        "comments": _placed({"comment": "ref"}),
        "threadedComment": _placed({"threadedComment": "ref"}),
        "pivotTable": _placed({"location": "ref"}),
        "pivotCacheDefinition": _pivot_cache,
        "connections": _written({"parameter": ("cell",)}),
        "ctrlProp": _written({"formControlPr": ("fmlaLink", "fmlaRange", "fmlaGroup", "fmlaTxbx")}),
    }
)
