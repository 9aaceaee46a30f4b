"""The formula cells of a sheet's XML, rewritten for an edition: bytes of other cells stay as they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from xlmodel.book.layout import Cell
from xlmodel.book.markup import Change, new_content
from xlmodel.book.splice import Span, Splice, elements, is_empty_tag, splice, with_attributes
from xlmodel.book.xstring import formula_markup
from xlmodel.errors import BookError
from xlmodel.refs import ReferenceSyntaxError, TokenKind, cell_name, parse_cell, to_a1, to_r1c1, tokens
from xlmodel.values import Scalar

__all__ = ["FormulaCell", "Rename", "Rewriting", "formula_cells", "renamed", "with_contents", "with_formulas"]

Rename = Callable[[str], str | None]
"""Gives for the stored name of a function the name that is to be stored; None for a function that stays."""


@dataclass(frozen=True, slots=True, eq=False)
class FormulaCell:
    """A cell with a formula, and where it stands in the XML."""

    cell: Cell
    text: str  #: its own formula, as the file stores it; "" for what a data table fills
    span: Span

    @property
    def formula(self) -> Span:
        """The element of the formula."""
        return next(child for child in self.span.children if child.name == "f")


@dataclass(frozen=True, slots=True)
class Rewriting:
    """How the formulas that call our functions are written in an edition."""

    rename: Rename
    flag: str | None  #: the `cm` of dynamic arrays; None where calls are plain formulas
    #: cells that stay dynamic arrays where others become plain formulas
    as_arrays: Collection[tuple[str, Cell]] = ()


def renamed(formula: str, rename: Rename) -> tuple[str, bool]:
    """Return a formula with functions renamed, and whether it calls any of them.

    >>> renamed('_xll.CSC_X(A1)&"CSC_X("', {"_xll.CSC_X": "CSC_X"}.get)
    ('CSC_X(A1)&"CSC_X("', True)
    """
    pieces, calls = [], False
    for token in tokens(formula):
        new = rename(token.text) if token.kind is TokenKind.CALL else None
        calls |= new is not None
        pieces.append(token.text if new is None else new)
    return "".join(pieces), calls


def formula_cells(content: bytes, where: str) -> list[FormulaCell]:
    """Return every formula cell of a sheet, with its own formula even where the file writes it in another cell."""
    found: list[tuple[Cell, Span]] = []
    place = _Places()

    def enter(name: str, attributes: Mapping[str, str], depth: int, at: int) -> bool:
        return place.enter(name, attributes, depth)

    def leave(span: Span) -> None:
        if any(child.name == "f" for child in span.children):
            found.append((place.cell, span))

    try:
        elements(content, where, enter, leave)
    except (ValueError, ReferenceSyntaxError) as error:
        raise BookError(f"{where}: a row or a cell has no place: {error}") from error
    return _with_own_formulas(found)


def _with_own_formulas(found: list[tuple[Cell, Span]]) -> list[FormulaCell]:
    masters: dict[str, str] = {}
    for cell, span in reversed(found):  # a cell before the first master belongs to it
        about = _formula(span)
        if about.attributes.get("t") == "shared" and about.text:
            masters[about.attributes.get("si", "")] = to_r1c1(about.text, *cell)
    out = []
    for cell, span in found:
        about = _formula(span)
        text = about.text
        if about.attributes.get("t") == "shared":
            si = about.attributes.get("si", "")
            if text:
                masters[si] = to_r1c1(text, *cell)
            text = text or to_a1(masters.get(si, ""), *cell)
        out.append(FormulaCell(cell, text, span))
    return out


def _formula(span: Span) -> Span:
    return next(child for child in span.children if child.name == "f")


def with_formulas(content: bytes, sheet: str, where: str, rewriting: Rewriting) -> bytes:
    """Return a sheet with the calls of our functions written as an edition stores them."""
    splices = []
    for found in formula_cells(content, where):
        text, calls = renamed(found.text, rewriting.rename)
        if calls:
            keep = (sheet, found.cell) in rewriting.as_arrays
            splices += _rewritten(content, found, text, rewriting.flag, keep)
    return splice(content, splices)


def _rewritten(content: bytes, found: FormulaCell, text: str, flag: str | None, keep: bool) -> list[Splice]:
    cell, about, name = found.span, found.formula, cell_name(*found.cell)
    kind = about.attributes.get("t", "normal")
    of_cell: dict[str, str | None] = {}
    of_formula: dict[str, str | None] = {}
    if kind == "array":
        alone = about.attributes.get("ref", name).replace("$", "") in (name, f"{name}:{name}")
        if flag is None and "cm" in cell.attributes and alone and not keep:
            of_cell, of_formula = {"cm": None}, {"t": None, "ref": None}
    elif kind in ("normal", "shared") and flag is not None:
        of_cell, of_formula = {"cm": flag}, {"t": "array", "si": None, "ref": name}
    elif kind == "shared" and text != found.text:
        of_formula = {"t": None, "si": None, "ref": None}
    if not of_formula and text == found.text:
        return []
    out = []
    if of_cell:
        out.append(Splice(cell.start, cell.inner, with_attributes(content[cell.start : cell.inner], of_cell)))
    tag = with_attributes(content[about.start : about.inner], of_formula)
    element = re.match(rb"<([^\s/>]+)", tag)
    assert element is not None
    if is_empty_tag(tag, len(tag)):
        tag = tag[: tag.rindex(b"/")].rstrip() + b">"
    body = content[about.inner : about.end] if text == found.text and about.text else None
    if body is None:
        body = formula_markup(text).encode() + b"</" + element[1] + b">"
    return [*out, Splice(about.start, about.end, tag + body)]


def with_contents(content: bytes, where: str, contents: Mapping[Cell, Scalar], styles: Mapping[Cell, str]) -> bytes:
    """Return a sheet with constants in the place of some cells' formulas and contents, and styles set."""
    splices = []
    wanted = contents.keys() | styles.keys()
    place = _Places()

    def enter(name: str, attributes: Mapping[str, str], depth: int, at: int) -> bool:
        return place.enter(name, attributes, depth) and place.cell in wanted

    def leave(span: Span) -> None:
        tag_end = span.inner
        if place.cell in contents:
            change = new_content(content, span, Change(None, contents[place.cell]))
            new = change.new
            if place.cell in styles:
                tag_end = new.index(b">") + 1
                new = with_attributes(new[:tag_end], {"s": styles[place.cell]}) + new[tag_end:]
            splices.append(Splice(change.start, change.end, new))
        else:
            tag = with_attributes(content[span.start : tag_end], {"s": styles[place.cell]})
            splices.append(Splice(span.start, tag_end, tag))

    elements(content, where, enter, leave)
    return splice(content, splices)


class _Places:
    """Counts rows and cells as the file does: those without a name follow the one before."""

    def __init__(self) -> None:
        self.cell: Cell = (0, 0)
        self._in_data = False

    def enter(self, name: str, attributes: Mapping[str, str], depth: int) -> bool:
        """Take note of an element; tell whether it is a cell."""
        row, col = self.cell
        if depth == 1:
            self._in_data = name == "sheetData"
        elif self._in_data and depth == 2 and name == "row":
            self.cell = int(attributes.get("r", row + 1)), 0
        elif self._in_data and depth == 3 and name == "c":
            self.cell = row, parse_cell(attributes["r"])[1] if "r" in attributes else col + 1
            return True
        return False
