"""Which cell is meant by a text: ``Sheet!A1``, a defined name, or ``A1``."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from xlmodel.book.workbook import Book
from xlmodel.engine.protocol import CellKey
from xlmodel.engine.references import Scope
from xlmodel.errors import BookError
from xlmodel.refs import ReferenceSyntaxError, parse_cell, parse_prefix, quote_sheet, tokens

__all__ = ["target"]

_LISTED = 8


def target(book: Book, scope: Scope, text: str) -> CellKey:
    """Return the cell that a text means.

    Raises
    ------
    BookError
        There is no such sheet, cell or name; the message says what there is.
    """
    text = text.strip().removeprefix("=")
    head, mark, cell = text.rpartition("!")
    if not mark:
        return _bare(book, scope, text)
    name = parse_prefix(head + mark).first if head else ""
    number = scope.sheet(name)
    if number is None:
        raise BookError(f"there is no sheet {name!r}; {_near(name, scope.sheet_names, 'the workbook has')}")
    sheet = scope.sheet_names[number]
    try:
        return CellKey(sheet, *parse_cell(cell.replace("$", "").upper()))
    except ReferenceSyntaxError:
        found = scope.name(cell, number)
        if found is not None:
            return _named(scope, found.name, number)
        example = f"{quote_sheet(sheet)}!C5"
        raise BookError(f"{cell!r} is neither a cell of {sheet!r} nor a name; a cell is given as {example}") from None


def _bare(book: Book, scope: Scope, text: str) -> CellKey:
    if scope.name(text, 0) is not None:
        return _named(scope, text, 0)
    try:
        place = parse_cell(text.replace("$", "").upper())
    except ReferenceSyntaxError:
        names = [n.name for n in book.names if not n.hidden and not n.name.startswith("_")]
        known = _near(text, names, "its names are") if names else "it defines none"
        raise BookError(f"the workbook has no name {text!r}; {known}. A cell is given as Sheet!C5") from None
    if len(book.sheets) > 1:
        listed = ", ".join(quote_sheet(name) for name in scope.sheet_names[:_LISTED])
        more = ", …" * (len(book.sheets) > _LISTED)
        example = f"{quote_sheet(scope.sheet_names[0])}!{text}"
        raise BookError(f"{text} stands on every sheet: say which, as in {example}; the sheets are {listed}{more}")
    return CellKey(scope.sheet_names[0], *place)


def _named(scope: Scope, name: str, home: int) -> CellKey:
    found = scope.name(name, home)
    assert found is not None
    pieces = [t for t in tokens(found.formula.removeprefix("=")) if t.text.strip()]
    area = pieces[0].area if len(pieces) == 1 else None
    number = None if area is None else scope.sheet(parse_prefix(area.prefix).first) if area.prefix else home
    if area is None or number is None:
        raise BookError(f"the name {found.name} stands for no cell but for {found.formula}")
    rect = area.at(1, 1)
    if rect.shape != (1, 1):
        first = f"{quote_sheet(scope.sheet_names[number])}!{rect.name}"
        raise BookError(f"the name {found.name} stands for the cells {first}: give one of them")
    return CellKey(scope.sheet_names[number], rect.top, rect.left)


def _near(text: str, known: Iterable[str], otherwise: str) -> str:
    listed = list(dict.fromkeys(known))
    folded = {name.casefold(): name for name in listed}
    near = [folded[n] for n in get_close_matches(text.casefold(), folded, _LISTED, 0.6)]
    near += [name for name in listed if text.casefold() in name.casefold() and name not in near]
    if near:
        return f"did you mean {' or '.join(near[:3])}?"
    return f"{otherwise} {', '.join(listed[:_LISTED])}{', …' * (len(listed) > _LISTED)}"
