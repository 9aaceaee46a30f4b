"""What an edit did to the rest of a workbook: its members, the order of their elements, the saved values."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from xlmodel.book import Book, Sheet
from xlmodel.values import Kind

__all__ = ["Kept", "Place", "contents", "kept", "packed", "wrong_in"]

_NAME_LENGTHS = struct.Struct("<2H")
_WIDTH = 16_385
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]
Place = tuple[str, int, int]  #: sheet, row and column
Move = Callable[[str, int], int]  #: where a row of a sheet is now


def contents(file: bytes) -> dict[str, bytes]:
    """Return the members of a zip."""
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(file: bytes) -> dict[str, bytes]:
    """Return the members of a zip as they lie in it: what was not touched has the same compressed bytes."""
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        found = {}
        for member in package.infolist():
            name, extra = _NAME_LENGTHS.unpack_from(file, member.header_offset + 26)
            at = member.header_offset + 30 + name + extra
            found[member.filename] = file[at : at + member.compress_size]
        return found


def wrong_in(before: bytes, after: bytes) -> str:
    """Return what is wrong with a part that was changed; "" where nothing is.

    Its elements must stand in the order they had, a new one first (number formats) or where nothing of its name was.
    """
    try:
        old, new = _children(before), _children(after)
    except expat.ExpatError as error:
        return f"not well-formed: {error}"
    known = [name for name in new if name in old]
    if known != old:
        return f"elements {old} became {new}"
    return _disorder(after)


def _children(content: bytes) -> list[str]:
    """Return the names under the root, each run of one name once."""
    found: list[str] = []
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth == 2 and (not found or found[-1] != name):
            found.append(name)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(content, True)
    return found


def _disorder(sheet: bytes) -> str:
    """Return the first row or cell that does not stand after the one before it."""
    row = col = 0
    fault = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, col, fault
        name = name.rpartition(":")[2]
        if name == "row" and "r" in attributes:
            if int(attributes["r"]) <= row:
                fault = fault or f"row {attributes['r']} after row {row}"
            row, col = int(attributes["r"]), 0
        elif name == "c" and "r" in attributes and row:
            here = 0
            for letter in attributes["r"].rstrip("0123456789"):
                here = here * 26 + ord(letter) - 64
            if here <= col:
                fault = fault or f"cell {attributes['r']} is out of order"
            col = here

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(sheet, True)
    return fault


@dataclass(frozen=True, slots=True)
class Kept:
    """Saved values, and what became of them."""

    values: int = 0
    results: int = 0  #: those of them that formulas gave
    results_lost: int = 0  #: the formula's cell is blank now, or gone
    changed: int = 0  #: other values now, or constants that are gone


def kept(before: Book, after: Book, but: Collection[Place], moved: Move) -> Kept:
    """Compare the saved values of all cells but some, which are named by their places before."""
    counts = np.zeros(4, np.int64)
    there = {sheet.name: sheet for sheet in after.sheets}
    for sheet in before.sheets:
        wanted = sheet.values.kind != Kind.BLANK
        wanted[[at for name, row, col in but if name == sheet.name and (at := sheet.find(row, col)) >= 0]] = False
        cells = np.flatnonzero(wanted)
        formula = sheet.formula[cells] >= 0
        blank, same = _compared(sheet, cells, there.get(sheet.name), moved)
        gone = ~same & blank & formula
        counts += len(cells), formula.sum(), gone.sum(), (~same & ~gone).sum()
    return Kept(*counts.tolist())


def _compared(sheet: Sheet, cells: Ints, new: Sheet | None, moved: Move) -> tuple[Flags, Flags]:
    """Tell of each cell whether it is blank now, and whether its value is the same."""
    if new is None or not len(new):
        return np.ones(len(cells), bool), np.zeros(len(cells), bool)
    rows, which = np.unique(sheet.row[cells], return_inverse=True)
    row = np.array([moved(sheet.name, row) for row in rows.tolist()], np.int64)[which]
    keys, wanted = new.row.astype(np.int64) * _WIDTH + new.col, row * _WIDTH + sheet.col[cells]
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    old, now = sheet.values[cells], new.values[at]
    found = keys[at] == wanted
    same = found & (old.kind == now.kind) & (old.num == now.num) & (old.text == now.text)
    return ~found | (now.kind == Kind.BLANK), same
