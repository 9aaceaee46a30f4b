"""A sheet's XML after rows have moved: its rows, and all that is said around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from xlmodel.book.moving.anchors import move_anchor
from xlmodel.book.moving.formulas import Formulas
from xlmodel.book.moving.markup import Element, Markup
from xlmodel.book.moving.moves import Purpose, SheetMoves
from xlmodel.book.moving.rows import moved_rows
from xlmodel.book.sheet_frame import range_named, tagged_data
from xlmodel.errors import UnsupportedEditError
from xlmodel.refs import MAX_COL, MAX_ROW, Rect, ReferenceSyntaxError, column_letters, parse_rect, to_a1, to_r1c1

__all__ = ["moved_sheet"]

_NO_ROWS = re.compile(rb"<(?:\w+:)?sheetData\s*(?:/>|>\s*</)")
#: what stands directly in a sheet and either names no cells or is followed
_KNOWN = frozenset(
    (
        "AlternateContent", "autoFilter", "cellWatches", "colBreaks", "cols", "conditionalFormatting", "controls",
        "customProperties", "customSheetViews", "dataConsolidate", "dataValidations", "dimension", "drawing",
        "drawingHF", "extLst", "headerFooter", "hyperlinks", "ignoredErrors", "legacyDrawing", "legacyDrawingHF",
        "mergeCells", "oleObjects", "pageMargins", "pageSetup", "phoneticPr", "picture", "printOptions",
        "protectedRanges", "rowBreaks", "scenarios", "sheetCalcPr", "sheetData", "sheetFormatPr", "sheetPr",
        "sheetProtection", "sheetViews", "smartTags", "sortState", "tableParts",
    )
)  # fmt: skip
_KNOWN_EXTENSIONS = frozenset(
    (
        "PLV", "conditionalFormattings", "dataValidations", "ignoredErrors", "protectedRanges", "slicerList",
        "sparklineGroups", "timelineRefs",
    )
)  # fmt: skip
#: elements whose attribute names one range or cell of the sheet
_PLACED = {
    "autoFilter": "ref", "cellSmartTags": "r", "cellWatch": "r", "dimension": "ref", "hyperlink": "ref",
    "inputCells": "r", "mergeCell": "ref", "sortCondition": "ref", "sortState": "ref",
}  # fmt: skip
_RULE_TEXTS = frozenset(("formula", "formula1", "formula2", "f"))
#: elements whose attributes are formulas
_WRITTEN = {"controlPr": ("linkedCell", "listFillRange"), "hyperlink": ("location",)}


def moved_sheet(content: bytes, where: str, sheet: str, formulas: Formulas) -> bytes:
    """Return a worksheet's part after moves.

    Raises
    ------
    UnsupportedEditError
        Something in it cannot follow.
    """
    if formulas.on(sheet) is None and b"!" not in content:
        # what stands on other sheets must name the sheet that moves
        return content
    head, rows, tail = _parts(content, sheet)
    around = head + tail if formulas.on(sheet) is not None or b"!" in head + tail else b""
    new_head, new_tail = _Around(around, where, sheet, formulas).followed(len(head)) if around else (head, tail)
    return new_head + moved_rows(rows, sheet, formulas) + new_tail


def _parts(content: bytes, sheet: str) -> tuple[bytes, bytes, bytes]:
    """Cut a sheet into what stands before its rows, its rows, and what stands behind them."""
    span = tagged_data(content)
    if span is not None:
        return content[: span[0]], content[span[0] : span[1]], content[span[1] :]
    if not _NO_ROWS.search(content):
        raise UnsupportedEditError(
            f"{sheet}: its rows are written in an unusual way; open the workbook in Excel and save it"
        )
    return content, b"", b""


class _Around:
    """What a sheet says around its rows."""

    def __init__(self, content: bytes, where: str, sheet: str, formulas: Formulas) -> None:
        self._sheet = sheet
        self._formulas = formulas
        self._moves = formulas.on(sheet)
        self._markup = Markup(content, where)

    def followed(self, cut: int) -> tuple[bytes, bytes]:
        """Return what stands before and behind a byte, after the moves."""
        for element in self._markup.root.children:
            if element.name not in _KNOWN:
                raise self._refused(f"it holds <{element.name}>, which may refer to rows and is not known")
            self._element(element)
        return self._markup.cut(cut)

    def _refused(self, reason: object) -> UnsupportedEditError:
        return UnsupportedEditError(f"{self._sheet}: {reason}")

    def _element(self, element: Element) -> None:
        for own in element.children if element.name == "ext" else ():
            if own.name not in _KNOWN_EXTENSIONS:
                raise self._refused(f"it holds the extension <{own.name}>, which may refer to rows and is not known")
        match element.name:
            case "conditionalFormatting" | "dataValidation":
                self._rule(element)
            case "sparkline":
                self._sparkline(element)
            case "selection":
                self._selection(element)
            case "anchor":
                if self._moves:
                    move_anchor(self._markup, element, self._moves, self._sheet)
            case "rowBreaks":
                self._breaks(element)
            case "dataRef":
                self._data_reference(element)
            case "protectedRange" | "ignoredError" | "scenarios" if element.get("sqref"):
                self._areas(element)
                self._inside(element)
            case name:
                if name in _PLACED and self._moves:
                    self._place(element, _PLACED[name], self._moves)
                self._written(element, _WRITTEN.get(name, ()))
                self._inside(element)

    def _inside(self, element: Element) -> None:
        for child in element.children:
            self._element(child)

    def _written(self, element: Element, names: Iterable[str]) -> None:
        """Follow in attributes, or a text, that are formulas."""
        for name in names:
            if element.get(name):
                self._markup.set(element, {name: self._moved(element.get(name), element.name)})
        if element.name == "f" and element.text:
            self._markup.set_text(element, self._moved(element.text, "extension", Purpose.SERIES))

    def _moved(self, formula: str, what: str, purpose: Purpose = Purpose.FORMULA) -> str:
        try:
            return self._formulas.moved(formula, self._sheet, purpose=purpose)
        except UnsupportedEditError as error:
            raise self._refused(f"{what}: {error}") from error

    def _place(self, element: Element, name: str, moves: SheetMoves) -> None:
        rect = range_named(element.get(name))
        if rect is None:
            return
        moved = moves.rect(rect)
        if moved is not None:
            self._markup.set(element, {name: element.get(name) if moved == rect else moved.name})
        elif element.name != "dimension":
            self._markup.drop(element)

    def _selection(self, element: Element) -> None:
        """Keep what is selected; where that goes, the row that comes into its place."""
        moves = self._moves
        if moves is None or not moves.moves:
            return
        changes: dict[str, str | None] = {}
        for name in ("activeCell", "sqref"):
            if element.get(name):
                changes[name] = _named(self._listed(element.get(name)), element.get(name), moves.rect)
        if not all(changes.values()):
            stand = Rect(moves.moves[0].at, 1, moves.moves[0].at, 1).name
            changes = {"activeCell": stand, "activeCellId": None, "sqref": stand}
        self._markup.set(element, changes)

    def _breaks(self, element: Element) -> None:
        """Move page breaks with the row below each; one whose row goes, goes too."""
        if self._moves is None:
            return
        kept = 0
        for child in element.children:
            if child.name == "brk" and child.get("id").isdecimal():
                row = self._moves.row(int(child.get("id")) + 1)
                if row is None:
                    self._markup.drop(child)
                else:
                    self._markup.set(child, {"id": str(row - 1)})
                    kept += child.get("man") in ("1", "true")
        if element.get("manualBreakCount"):
            self._markup.set(element, {"manualBreakCount": str(kept)})

    def _data_reference(self, element: Element) -> None:
        """Follow in a range that is consolidated, which may be one of another sheet."""
        moves = self._formulas.on(element.get("sheet") or self._sheet)
        rect = range_named(element.get("ref"))
        if moves is None or rect is None or any(name.endswith("}id") for name in element.span.attributes):
            return
        moved = moves.followed(rect)
        if moved is None:
            raise self._refused(f"the consolidated range {rect.name} would go")
        self._markup.set(element, {"ref": element.get("ref") if moved == rect else moved.name})

    def _areas(self, element: Element) -> bool:
        """Follow in a list of ranges; False where all of them are gone."""
        moves, holder = self._moves, element.child("sqref")
        written = _ranges_of(element)
        if moves is None or not written:
            return True
        new = _named(self._listed(written), written, lambda area: moves.followed(area, Purpose.SERIES))
        if not new:
            self._markup.drop(element)
            return False
        if holder is None:
            self._markup.set(element, {"sqref": new})
        else:
            self._markup.set_text(holder, new)
        return True

    def _listed(self, written: str) -> list[Rect]:
        """Read a list of ranges."""
        found = [range_named(name) or _whole(name) for name in written.split()]
        areas = [area for area in found if area is not None]
        if len(areas) < len(found):
            raise self._refused(f"{written!r} is no list of ranges")
        return areas

    def _sparkline(self, element: Element) -> None:
        if self._areas(element):
            self._inside(element)

    def _rule(self, element: Element) -> None:
        """Follow in a rule for some cells, whose formulas are seen from the first of these."""
        if not self._areas(element):
            return
        areas = self._listed(_ranges_of(element))
        purpose = Purpose.SERIES if element.get("type") == "list" else Purpose.FORMULA
        for part in element.all():
            if part.name in _RULE_TEXTS and part.text.strip() and not part.span.children:
                self._markup.set_text(part, self._rule_formula(part.text, areas, purpose))
            elif part.name == "cfvo" and part.get("val"):
                self._markup.set(part, {"val": self._rule_formula(part.get("val"), areas, purpose)})

    def _rule_formula(self, formula: str, areas: list[Rect], purpose: Purpose) -> str:
        what = f"the rule for {' '.join(area.name for area in areas[:3])}"
        row, col = _first(areas)
        if not self._formulas.distances(formula, self._sheet, row, col):
            return self._moved(formula, what, purpose)
        r1c1 = to_r1c1(formula, row, col)
        edges = self._formulas.edges(r1c1, self._sheet)
        cells = {
            (at, side)
            for area in areas
            for at in (area.top, *(edge for edge in edges if area.top < edge <= area.bottom))
            for side in (area.left, area.right)
        }
        try:
            texts = set(self._formulas.filled(r1c1, self._sheet, cells).values())
        except UnsupportedEditError as error:
            raise self._refused(f"{what}: {error}") from error
        if len(texts) != 1:
            raise self._refused(f"{what} looks at other rows; it would no longer say the same for each of its cells")
        new = texts.pop()
        moved = areas if self._moves is None else [m for area in areas if (m := self._moves.followed(area, purpose))]
        return formula if new == r1c1 and _first(moved) == (row, col) else to_a1(new, *_first(moved))


def _ranges_of(element: Element) -> str:
    """Return the list of ranges that an element holds, as an attribute or in an element of its own."""
    holder = element.child("sqref")
    return element.get("sqref") if holder is None else holder.text


def _whole(name: str) -> Rect | None:
    try:
        return parse_rect(name)
    except ReferenceSyntaxError:
        return None


def _named(areas: list[Rect], written: str, follow: Callable[[Rect], Rect | None]) -> str:
    """Return a list of ranges after the moves; those that stay are written as they were."""
    pairs = zip(written.split(), areas, (follow(area) for area in areas), strict=True)
    return " ".join(name if new == old else _name(new) for name, old, new in pairs if new is not None)


def _name(rect: Rect) -> str:
    if rect.bottom == MAX_ROW and rect.top == 1:
        return f"{column_letters(rect.left)}:{column_letters(rect.right)}"
    return f"{rect.top}:{rect.bottom}" if (rect.left, rect.right) == (1, MAX_COL) else rect.name


def _first(areas: list[Rect]) -> tuple[int, int]:
    """Return the cell from which the formulas of a rule are seen."""
    return min(area.top for area in areas), min(area.left for area in areas)
