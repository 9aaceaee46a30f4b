"""Where drawings, notes and controls stand."""

from __future__ import annotations

import re

from xlmodel.book.moving.formulas import Formulas
from xlmodel.book.moving.markup import Element, Markup
from xlmodel.book.moving.moves import SheetMoves
from xlmodel.book.xstring import formula_markup, unmarked
from xlmodel.errors import UnsupportedEditError
from xlmodel.refs import Rect

__all__ = ["move_anchor", "moved_notes"]


def move_anchor(markup: Markup, anchor: Element, moves: SheetMoves, sheet: str) -> None:
    """Move an anchor from one cell to another with its rows; one that is fixed to the page stays."""
    moving, sizing = _behaviour(anchor)
    first, last = _row(anchor.child("from")), _row(anchor.child("to"))
    if first is None or not moving:
        return
    top = int(first.text) + 1
    bottom = top if last is None else max(top, int(last.text) + 1)
    moved = moves.rect(Rect(top, 1, bottom, 1))
    if moved is None:
        raise UnsupportedEditError(f"{sheet}: a drawing stands at row {top}, which would go; move it first")
    markup.set_text(first, str(moved.top - 1))
    if last is not None:
        markup.set_text(last, str((moved.bottom if sizing else moved.top + bottom - top) - 1))


def _behaviour(anchor: Element) -> tuple[bool, bool]:
    """Tell whether what is anchored moves with its cells, and whether it grows with them."""
    if anchor.name == "anchor":
        moving, sizing = (anchor.get(name) in ("1", "true") for name in ("moveWithCells", "sizeWithCells"))
        return moving or sizing, sizing
    kind = anchor.get("editAs") or "twoCell"
    return kind != "absolute", kind == "twoCell"


def _row(corner: Element | None) -> Element | None:
    row = None if corner is None else corner.child("row")
    return row if row is not None and row.text.strip().isdecimal() else None


_CLIENT = re.compile(rb"<x:ClientData\b.*?</x:ClientData>", re.DOTALL)
_NOTE_ROW = re.compile(rb"(<x:Row>\s*)([0-9]+)(\s*</x:Row>)")
_CORNERS = re.compile(rb"(<x:Anchor>)(\s*[0-9]+(?:\s*,\s*[0-9]+){7}\s*)(</x:Anchor>)")
_FORMULA = re.compile(rb"(<x:Fmla(?:Link|Range|Group|Pict|Txbx)>)([^<]*)(</x:Fmla)")


def moved_notes(content: bytes, sheet: str, formulas: Formulas) -> bytes:
    """Return the part that draws notes and old controls, after moves.

    It is written in a dialect that no XML parser need accept.
    """
    moves = formulas.on(sheet)

    def formula(match: re.Match[bytes]) -> bytes:
        text = formulas.moved(unmarked(match[2].decode()), sheet)
        return match[1] + formula_markup(text).encode() + match[3]

    def client(match: re.Match[bytes]) -> bytes:
        data = _FORMULA.sub(formula, match[0])
        return data if moves is None else _moved_client(data, moves, sheet)

    return _CLIENT.sub(client, content)


def _moved_client(data: bytes, moves: SheetMoves, sheet: str) -> bytes:
    corners = _CORNERS.search(data)
    numbers = [] if corners is None else [int(number) for number in corners[2].split(b",")]
    note = _NOTE_ROW.search(data)
    if note is not None:
        row = int(note[2]) + 1
        new = moves.row(row)
        if new is None:
            raise UnsupportedEditError(f"{sheet}: a note stands in row {row}, which would go; delete it first")
        data = _NOTE_ROW.sub(b"\\g<1>%d\\g<3>" % (new - 1), data)
        numbers[2::4] = [max(0, number + new - row) for number in numbers[2::4]]
    elif numbers and b"<x:MoveWithCells" not in data:
        # the element says that the control does not move
        moved = moves.rect(Rect(numbers[2] + 1, 1, max(numbers[2], numbers[6]) + 1, 1))
        if moved is None:
            raise UnsupportedEditError(f"{sheet}: a control stands at row {numbers[2] + 1}, which would go")
        numbers[2], numbers[6] = moved.top - 1, moved.bottom - 1
    if corners is None or numbers == [int(number) for number in corners[2].split(b",")]:
        return data
    written = b", ".join(b"%d" % number for number in numbers)
    return _CORNERS.sub(lambda match: match[1] + written + match[3], data)
