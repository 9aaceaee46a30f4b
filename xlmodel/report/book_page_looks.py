"""What a workbook's styles say of its cells, reduced to what a reader needs: input, calculation, output or check."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from xlmodel.book.events import parse_events
from xlmodel.book.package import Package, children, flag
from xlmodel.refs import ReferenceSyntaxError, parse_cell

__all__ = ["PLAIN", "Look", "Looks"]

#: A word of a style's name, in the order in which they are looked for, and the role it gives.
_ROLES = {
    "header": "header",
    "heading": "header",
    "check": "check",
    "input": "input",
    "output": "output",
    "title": "title",
    "section": "section",
    "note": "note",
    "purpose": "note",
    "explanatory": "note",
    "source": "note",
    "calculation": "calculation",
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks, as far as it matters."""

    role: str = ""  #: one of the values of `_ROLES`; "" where the style's name tells nothing
    bold: bool = False
    filled: bool = False
    align: str = ""  #: left, center or right, where the style says so


PLAIN = Look()


class Looks:
    """The looks of a workbook's cells."""

    def __init__(self, package: Package) -> None:
        self._package = package
        links = package.relationships(package.workbook_part).values()
        part = next((x.target for x in links if x.kind == "styles" and not x.external and x.target in package), None)
        self._looks = _looks(package.xml(part)) if part else []

    def of_sheet(self, part: str, last_row: int) -> dict[tuple[int, int], Look]:
        """Return the look of each cell down to a row; cells that look plain are left out.

        Raises
        ------
        BookError
            The part is damaged.
        """
        found: dict[tuple[int, int], Look] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            if name != "c":
                return
            try:
                row, col = parse_cell(attributes.get("r", ""))
            except ReferenceSyntaxError:
                return  # a cell without an address: it is read by its place, and keeps a plain look
            if row > last_row:
                raise _EnoughError
            style = attributes.get("s", "0")
            look = self._looks[int(style)] if style.isdecimal() and int(style) < len(self._looks) else PLAIN
            if look is not PLAIN:
                found[row, col] = look

        where = f"{self._package.path.name}, {part}"
        with contextlib.suppress(_EnoughError):
            parse_events(self._package.read_large(part), where, start, _nothing, _nothing)
        return found


class _EnoughError(Exception):
    """All rows that are wanted have been seen."""


def _nothing(_: str) -> None:
    pass


def _looks(styles: Element) -> list[Look]:
    named = {s.get("xfId", ""): s.get("name", "") for s in children(styles, "cellStyles", "cellStyle")}
    bold = [any(flag(b, "val", True) for b in children(f, "b")) for f in children(styles, "fonts", "font")]
    filled = [
        any(p.get("patternType", "none") not in ("none", "gray125") for p in children(f, "patternFill"))
        for f in children(styles, "fills", "fill")
    ]
    return [_look(xf, named, bold, filled) for xf in children(styles, "cellXfs", "xf")]


def _look(xf: Element, named: dict[str, str], bold: list[bool], filled: list[bool]) -> Look:
    name = named.get(xf.get("xfId", "0"), "").casefold()
    role = next((role for word, role in _ROLES.items() if word in name), "")
    aligned = children(xf, "alignment")
    align = aligned[0].get("horizontal", "") if aligned else ""
    look = Look(role, _at(bold, xf.get("fontId")), _at(filled, xf.get("fillId")), align if align in _ALIGNED else "")
    return PLAIN if look == PLAIN else look


_ALIGNED = ("left", "center", "right")


def _at(flags: list[bool], place: str | None) -> bool:
    return bool(place and place.isdecimal() and int(place) < len(flags) and flags[int(place)])
