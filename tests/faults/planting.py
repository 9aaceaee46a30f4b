"""Faults that people make by hand, planted in a copy of a workbook: twelve kinds, drawn by a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from faults.rows import delete_row

from xlmodel.book import SetFormula, SetSaved, SetValue, patch, read_book
from xlmodel.book.workbook import Book, Sheet
from xlmodel.engine.dependencies import Dependencies
from xlmodel.engine.protocol import CellKey
from xlmodel.refs import Area, TokenKind, column_letters, column_number, tokens
from xlmodel.values import Kind

__all__ = ["KINDS", "Fault", "Garden"]


@dataclass(frozen=True)
class Fault:
    """One thing done wrong to a workbook.

    `roots` are the cells of which any names the fault: what was touched, and for what is gone what refers to it.
    """

    kind: str
    cell: CellKey
    what: str
    edits: tuple[SetValue | SetFormula | SetSaved, ...]
    roots: frozenset[CellKey]
    deleted_row: int = 0


class Garden:
    """A workbook in which faults are planted."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book: Book = read_book(path)
        self.dependencies = Dependencies(self.book)

    def plant(self, fault: Fault, out: Path) -> Path:
        """Write a copy with the fault; its saved values are still those of the workbook without."""
        out.write_bytes(self.path.read_bytes())
        if fault.deleted_row:
            return delete_row(self.path, fault.cell.sheet, fault.deleted_row, out)
        package = patch(self.path, self.book, fault.edits)
        out.write_bytes(package.content)
        return out

    def draw(self, seed: int, count: int = 60, *, in_turn: bool = False) -> list[Fault]:
        """Return so many faults, as many of each kind, anywhere; `in_turn`: on one sheet after the other."""
        chance = random.Random(seed)
        found = []
        for name, kind in KINDS.items():
            drawn: list[Fault] = []
            for site in self._in_turn(chance, name) if in_turn else self._anywhere(chance, name):
                fault = kind(self, chance, *site)
                if fault is not None:
                    drawn.append(fault)
                if len(drawn) == count // len(KINDS):
                    break
            found += drawn
        return found

    def _anywhere(self, chance: random.Random, name: str) -> list[tuple[Sheet, int]]:
        sites = list(self._sites(name))
        return chance.sample(sites, len(sites))

    def _in_turn(self, chance: random.Random, name: str) -> Iterator[tuple[Sheet, int]]:
        """Yield every place where a kind may be tried: one of each sheet, in any order, then another of each."""
        by_sheet: dict[str, list[tuple[Sheet, int]]] = {}
        for site in self._sites(name):
            by_sheet.setdefault(site[0].name, []).append(site)
        heaps = list(by_sheet.values())
        for heap in heaps:
            chance.shuffle(heap)
        while heaps:
            chance.shuffle(heaps)
            for heap in heaps:
                yield heap.pop()
            heaps = [heap for heap in heaps if heap]

    def _sites(self, name: str) -> Sequence[tuple[Sheet, int]]:
        both = [*self.formulas, *self.inputs]
        return both if name == "sign flip" else self.formulas if name in ON_FORMULAS else self.inputs

    @cached_property
    def formulas(self) -> list[tuple[Sheet, int]]:
        """Formula cells with a number that is not zero."""
        return [(s, i) for s, i in self.book.formula_cells() if s.values.kind[i] == Kind.NUMBER and s.values.num[i]]

    @cached_property
    def inputs(self) -> list[tuple[Sheet, int]]:
        """Typed numbers on which formulas depend, dates and years left out."""
        used = set()
        for sheet, i in self.book.formula_cells():
            if "ISERROR(" in self.book.formulas[sheet.formula[i]]:
                continue  # it looks at whole sheets, whatever they hold
            for name, rect in self.dependencies.precedents(self.key(sheet, i)):
                if rect.shape[0] * rect.shape[1] < 10_000:
                    used |= {
                        (name, r, c) for r in range(rect.top, rect.bottom + 1) for c in range(rect.left, rect.right + 1)
                    }
        found = []
        for sheet in self.book.sheets:
            for i in np.flatnonzero((sheet.formula < 0) & (sheet.values.kind == Kind.NUMBER)).tolist():
                dated = re.search(
                    "[ymd]", self.book.number_formats[sheet.style[i]].split(";")[0].lower().replace("red", "")
                )
                if sheet.values.num[i] and not dated and self.key(sheet, i) in used:
                    found.append((sheet, i))
        return found

    def key(self, sheet: Sheet, i: int) -> CellKey:
        """Return a cell's name."""
        return CellKey(sheet.name, int(sheet.row[i]), int(sheet.col[i]))


def _one(kind: str, cell: CellKey, what: str, edit: SetValue | SetFormula | SetSaved) -> Fault:
    return Fault(kind, cell, what, (edit,), frozenset([cell]))


def overwritten(garden: Garden, chance: random.Random, sheet: Sheet, i: int) -> Fault | None:
    """A number typed over a formula."""
    cell = garden.key(sheet, i)
    value = float(f"{sheet.values.num[i] * (1 + chance.choice([-1, 1]) * chance.uniform(0.02, 0.3)):.4g}")
    return _one("overwritten formula", cell, f"typed {value:g}", SetValue(*cell, value))


def hard_coded_total(garden: Garden, chance: random.Random, sheet: Sheet, i: int) -> Fault | None:
    """A total replaced by what it came to."""
    if not re.match(r"SUM\(|SUBTOTAL\(|SUMPRODUCT\(", garden.book.formulas[sheet.formula[i]]):
        return None
    cell = garden.key(sheet, i)
    return _one("hard-coded total", cell, "total typed in", SetValue(*cell, float(sheet.values.num[i])))


def stale(garden: Garden, chance: random.Random, sheet: Sheet, i: int) -> Fault | None:
    """A saved value that its formula does not give."""
    cell = garden.key(sheet, i)
    value = float(sheet.values.num[i]) * (1 + chance.choice([-1, 1]) * chance.uniform(0.001, 0.5))
    return _one("stale value", cell, f"saved {value:g}", SetSaved(*cell, value))


def _changed(garden: Garden, kind: str, sheet: Sheet, i: int, formula: str) -> Fault:
    cell = garden.key(sheet, i)
    edit = SetFormula(*cell, formula, float(sheet.values.num[i]))
    return _one(kind, cell, f"={garden.book.formula_a1(sheet, i)} made ={formula}"[:300], edit)


def _areas(garden: Garden, sheet: Sheet, i: int, wanted: Callable[[Area], bool]) -> list[tuple[int, int, Area]]:
    """Return where references stand in a cell's formula in A1 notation."""
    formula, at, found = garden.book.formula_a1(sheet, i), 0, []
    for token in tokens(formula, int(sheet.row[i]), int(sheet.col[i])):
        if token.area is not None and wanted(token.area):
            found.append((at, at + len(token.text), token.area))
        at += len(token.text)
    return found


def _moved(
    garden: Garden, sheet: Sheet, i: int, site: tuple[int, int, Area], by: tuple[int, int], ends: str
) -> str | None:
    """Return a cell's formula with one reference moved, or one end of it."""
    start, stop, _ = site
    formula = garden.book.formula_a1(sheet, i)
    corners = re.fullmatch(r"(.*!)?([^!:]+)(?::([^!:]+))?", formula[start:stop])
    if corners is None:
        return None
    prefix, first, last = corners[1] or "", corners[2], corners[3]
    moved = [_shifted(c, by) if c and e in ends else c for c, e in ((first, "a"), (last, "z"))]
    if None in (moved[0], moved[1] if last else ""):
        return None
    return formula[:start] + prefix + moved[0] + (f":{moved[1]}" if last else "") + formula[stop:]


def _shifted(corner: str, by: tuple[int, int]) -> str | None:
    match = re.fullmatch(r"(\$?)([A-Z]{1,3})(\$?)(\d+)", corner)
    if match is None:
        return None
    row, col = int(match[4]) + by[0], column_number(match[2]) + by[1]
    return None if row < 1 or col < 1 else f"{match[1]}{column_letters(col)}{match[3]}{row}"


def shifted_range(garden: Garden, chance: random.Random, sheet: Sheet, i: int) -> Fault | None:
    """A range moved by a row or column, or with one end moved."""
    sites = _areas(garden, sheet, i, lambda area: not area.single)
    if not sites:
        return None
    site = chance.choice(sites)
    rect = site[2].at(int(sheet.row[i]), int(sheet.col[i]))
    along = (1, 0) if rect.shape[0] >= rect.shape[1] else (0, 1)
    by = tuple(x * chance.choice([-1, 1]) for x in along)
    formula = _moved(garden, sheet, i, site, by, chance.choice(["az", "z", "a"]))
    return None if formula is None else _changed(garden, "shifted range", sheet, i, formula)


def wrong_base(garden: Garden, chance: random.Random, sheet: Sheet, i: int) -> Fault | None:
    """What a ratio divides by, taken from the next row or column."""
    formula = garden.book.formula_a1(sheet, i)
    sites = [
        s for s in _areas(garden, sheet, i, lambda area: area.single) if formula[: s[0]].rstrip("( ").endswith("/")
    ]
    if not sites:
        return None
    site = chance.choice(sites)
    for by in chance.sample([(0, 1), (0, -1), (1, 0), (-1, 0)], 4):
        rect = site[2].at(int(sheet.row[i]), int(sheet.col[i]))
        there = next((s for s in garden.book.sheets if site[2].prefix and s.name == site[2].prefix.strip("'!")), sheet)
        value = (
            there.value(rect.top + by[0], rect.left + by[1]) if rect.top + by[0] > 0 and rect.left + by[1] > 0 else None
        )
        if isinstance(value, float) and value:
            moved = _moved(garden, sheet, i, site, by, "a")
            return None if moved is None else _changed(garden, "wrong base", sheet, i, moved)
    return None


def unit_slip(garden: Garden, chance: random.Random, sheet: Sheet, i: int) -> Fault | None:
    """A number typed in another unit."""
    cell, factor = garden.key(sheet, i), chance.choice([1000, 0.001, 1e6, 100, 0.01])
    value = float(f"{sheet.values.num[i] * factor:.15g}")
    return _one("unit slip", cell, f"{sheet.values.num[i]:g} typed as {value:g}", SetValue(*cell, value))


def sign_flip(garden: Garden, chance: random.Random, sheet: Sheet, i: int) -> Fault | None:
    """A typed number or a term with the wrong sign."""
    cell = garden.key(sheet, i)
    if sheet.formula[i] < 0:
        value = -float(sheet.values.num[i])
        return _one("sign flip", cell, f"typed {value:g}", SetValue(*cell, value))
    formula, at, signs = garden.book.formula_a1(sheet, i), 0, []
    for token in tokens(formula):
        if token.kind is TokenKind.OTHER and token.text.strip() in "+-" and at and formula[at - 1] not in "(,=<>*/^{;&":
            signs.append(at + token.text.index(token.text.strip()))
        at += len(token.text)
    if not signs:
        return None
    at = chance.choice(signs)
    return _changed(
        garden, "sign flip", sheet, i, formula[:at] + ("+" if formula[at] == "-" else "-") + formula[at + 1 :]
    )


def half_sorted(garden: Garden, chance: random.Random, sheet: Sheet, i: int) -> Fault | None:
    """One column of a table sorted, and not the others."""
    row, col = int(sheet.row[i]), int(sheet.col[i])
    inside = {garden.key(s, j) for s, j in garden.inputs}
    top = bottom = row
    while CellKey(sheet.name, top - 1, col) in inside:
        top -= 1
    while CellKey(sheet.name, bottom + 1, col) in inside:
        bottom += 1
    cells = [CellKey(sheet.name, r, col) for r in range(top, bottom + 1)]
    values = [sheet.value(*c[1:]) for c in cells]
    ordered = sorted(values, reverse=chance.random() < 0.5)
    if len(cells) < 3 or len(set(values)) < 3 or ordered == values:
        ordered = ordered[::-1]
    if len(cells) < 3 or len(set(values)) < 3 or ordered == values:
        return None
    edits = tuple(SetValue(*c, v) for c, v, old in zip(cells, ordered, values, strict=True) if v != old)
    moved = frozenset(CellKey(e.sheet, e.row, e.col) for e in edits)
    return Fault("sorted half a table", cells[0], f"{sheet.name}, column {col}, rows {top} to {bottom}", edits, moved)


def text_number(garden: Garden, chance: random.Random, sheet: Sheet, i: int) -> Fault | None:
    """A number stored as text."""
    cell, text = garden.key(sheet, i), f"{sheet.values.num[i]:.15g}"
    text = chance.choice([text, text + " ", "£" + text, f"{sheet.values.num[i]:,.0f}"])
    return _one("text number", cell, f"typed as the text {text!r}", SetValue(*cell, text))


def lookup_mode(garden: Garden, chance: random.Random, sheet: Sheet, i: int) -> Fault | None:
    """An exact look-up made approximate."""
    formula = garden.book.formula_a1(sheet, i)
    sites = list(re.finditer(r"(MATCH\([^()]*),0\)", formula))
    if not sites:
        return None
    site = chance.choice(sites)
    made = site[1] + chance.choice([",1)", ")", ",-1)"])
    return _changed(garden, "wrong look-up mode", sheet, i, formula[: site.start()] + made + formula[site.end() :])


def broken_corkscrew(garden: Garden, chance: random.Random, sheet: Sheet, i: int) -> Fault | None:
    """An opening that is not the last closing."""
    formula = garden.book.formulas[sheet.formula[i]]
    match = re.fullmatch(r"RC\[-1\]|R\[-1\]C(\[[1-9]\])?|R\[-?\d+\]C\[-1\]", formula)
    if match is None:
        return None
    cell = garden.key(sheet, i)
    sites = _areas(garden, sheet, i, lambda area: area.single)
    rect = sites[0][2].at(cell.row, cell.col)
    closing = sheet.find(rect.top, rect.left)
    if closing < 0 or sheet.formula[closing] < 0:
        return None
    there = garden.book.formula_a1(sheet, closing)
    if "CLOSING" not in there and not re.fullmatch(r"[$A-Z0-9]+[-+][-+$A-Z0-9]+", there):
        return None
    if chance.random() < 0.5:
        return _one("broken corkscrew", cell, "opening typed in", SetValue(*cell, float(sheet.values.num[i])))
    for by in ((-1, 0), (0, -1), (1, 0)):
        if isinstance(sheet.value(max(rect.top + by[0], 1), max(rect.left + by[1], 1)), float):
            moved = _moved(garden, sheet, i, sites[0], by, "a")
            return None if moved is None else _changed(garden, "broken corkscrew", sheet, i, moved)
    return None


def deleted_row(garden: Garden, chance: random.Random, sheet: Sheet, i: int) -> Fault | None:
    """A row of a table deleted, references following as Excel lets them."""
    row, col = int(sheet.row[i]), int(sheet.col[i])
    above = isinstance(sheet.value(row - 1, col), float) if row > 1 else False
    if not (above and isinstance(sheet.value(row + 1, col), float)):
        return None
    cell = garden.key(sheet, i)
    whole = {CellKey(sheet.name, row + d, int(c)) for d in (-1, 0) for c in sheet.col[(sheet.row == row)]}
    gone = [CellKey(sheet.name, row, int(c)) for c in sheet.col[sheet.row == row]]
    users = garden.dependencies.dependents(gone)
    direct = {
        u
        for u in users
        for name, rect in garden.dependencies.precedents(u)
        if name == sheet.name and rect.top <= row <= rect.bottom
    }
    shifted = {c._replace(row=c.row - 1) if c.sheet == sheet.name and c.row > row else c for c in direct}
    # a check that counts the rows says so in a cell beside the count
    shifted |= {CellKey("Checks", c.row, col) for c in shifted if c.sheet == "Checks" for col in range(4, 8)}
    return Fault("deleted row", cell, f"row {row} deleted", (), frozenset(whole | shifted), row)


#: What each kind does, by its name.
KINDS: dict[str, Callable[[Garden, random.Random, Sheet, int], Fault | None]] = {
    "overwritten formula": overwritten,
    "shifted range": shifted_range,
    "wrong base": wrong_base,
    "stale value": stale,
    "hard-coded total": hard_coded_total,
    "unit slip": unit_slip,
    "sign flip": sign_flip,
    "sorted half a table": half_sorted,
    "deleted row": deleted_row,
    "text number": text_number,
    "wrong look-up mode": lookup_mode,
    "broken corkscrew": broken_corkscrew,
}
#: Kinds that change formulas; the others change typed numbers.
ON_FORMULAS = frozenset(KINDS) - {"unit slip", "sorted half a table", "deleted row", "text number"}
