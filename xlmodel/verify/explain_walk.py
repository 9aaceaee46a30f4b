"""The walk from a cell to its inputs, over a calculated workbook."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from xlmodel.book.workbook import Book
from xlmodel.engine.native.formats import format_text
from xlmodel.engine.native.model import Model
from xlmodel.engine.native.operands import ExcelError, UnsupportedError
from xlmodel.engine.protocol import CellKey
from xlmodel.engine.references import Region
from xlmodel.layout.labels import Labels
from xlmodel.refs import Area, Rect, TokenKind, parse_prefix, to_a1, tokens
from xlmodel.values import ErrorValue, Kind, Scalar, Values, display
from xlmodel.verify.comparison import same_saved
from xlmodel.verify.explain import Kind as StepKind
from xlmodel.verify.explain import Left, Step
from xlmodel.verify.explain_used import Used, used

__all__ = ["Walk"]

#: Relative difference of a saved and a calculated number that is no difference.
_PASSES = 1e-9
#: Parts of one step that are listed, and formulas of a range that are told for all like them.
_PARTS, _SAMPLES = 12, 2
_OPERATORS = frozenset("+-*/^&")
_BEFORE_SIGN = frozenset("+-*/^&(,=<>{;")


class Walk:
    """Goes from a cell to its inputs; a cell that was told once is not told again.

    Parameters
    ----------
    book : Book
        As it was read, with its saved results.
    model : Model
        The same, calculated.
    depth : int
        How many formulas to follow one after the other.
    most : int
        How many steps to tell.
    """

    def __init__(self, book: Book, model: Model, depth: int, most: int) -> None:
        self._book, self._model = book, model
        self._labels = Labels(book)
        self._depth, self._left = depth, most
        self._every_part = most > 1_000
        self._told: set[tuple[int, Rect]] = set()

    def from_cell(self, cell: CellKey) -> Step:
        """Return the step of a cell, with those it is made of."""
        number = self._model.scope.sheet(cell.sheet)
        assert number is not None
        return self._cell(number, cell.row, cell.col, "", 0)

    def _cell(self, number: int, row: int, col: int, via: str, deep: int) -> Step:
        sheet = self._book.sheets[number]
        at = sheet.find(row, col)
        key = CellKey(sheet.name, row, col)
        calculated = self._model.value(key)
        assert not isinstance(calculated, Values)
        saved = None if at < 0 else sheet.values.item(at)
        has_formula = at >= 0 and sheet.formula[at] >= 0
        reason = self._model.reason(key) if has_formula else None
        value = saved if reason is not None else calculated
        kind = _kind(value, has_formula)
        named = kind is not StepKind.TEXT
        step = Step(
            kind,
            sheet.name,
            Rect(row, col, row, col).name,
            label=self._labels.text(sheet.name, row, col) if named else "",
            unit=self._labels.unit(sheet.name, row, col) if named else "",
            via=via,
            saved=saved,
            calculated=calculated,
            shown=self._shown(value, "General" if at < 0 else self._book.number_formats[int(sheet.style[at])]),
            not_calculated="" if reason is None else reason.text,
            differs=has_formula and reason is None and saved is not None and not same_saved(saved, calculated, _PASSES),
        )
        if not has_formula:
            return step
        formula = self._book.formulas[int(sheet.formula[at])]
        parts, left, more = self._parts(number, row, col, at in sheet.arrays or at in sheet.dynamic, deep)
        return replace(
            step,
            formula=to_a1(formula, row, col),
            in_words=self._in_words(formula, number, row, col),
            parts=parts,
            left=left,
            more=more,
        )

    def _parts(self, number: int, row: int, col: int, array: bool, deep: int) -> tuple[tuple[Step, ...], Left, int]:
        """Return the steps that a formula's cell is made of; or why they are not told."""
        place = number, Rect(row, col, row, col)
        if place in self._told:
            return (), Left.ABOVE, 0
        found = used(self._model.calculation.evaluator, number, row, col, array=array)
        found = self._with_names([u for u in found if u.region != Region(*place)], number, row, col)
        if not found:
            return (), Left.NOTHING, 0
        if deep >= self._depth or self._left <= 0:
            return (), Left.DEEPER, 0
        self._told.add(place)
        listed = found if self._every_part else found[:_PARTS]
        self._left -= len(listed)
        return tuple(self._part(u, number, deep + 1) for u in listed), Left.NOTHING, len(found) - len(listed)

    def _with_names(self, found: list[Used], number: int, row: int, col: int) -> list[Used]:
        """Say of cells by which name the formula calls them: its text does not say where they are."""
        scope, sheet = self._model.scope, self._book.sheets[number]
        formula = self._book.formulas[int(sheet.formula[sheet.find(row, col)])]
        names: dict[Region, str] = {}
        for token in tokens(formula, r1c1=True):
            defined = scope.name(token.text.rpartition("!")[2], number) if token.kind is TokenKind.NAME else None
            pieces = [] if defined is None else list(tokens(defined.formula.removeprefix("=")))
            area = pieces[0].area if len(pieces) == 1 else None
            where = None if area is None else self._meant(area, number)
            if defined is not None and area is not None and where is not None:
                names[Region(where, area.at(1, 1))] = f"named {defined.name}"
        return [
            u._replace(via=", ".join(filter(None, (names[u.region], u.via)))) if u.region in names else u for u in found
        ]

    def _part(self, one: Used, number: int, deep: int) -> Step:
        if one.region is None:
            return Step(StepKind.EXTERNAL, self._book.sheets[number].name, one.text, via=one.via)
        where, rect = one.region
        if rect.shape == (1, 1):
            return self._cell(where, rect.top, rect.left, one.via, deep)
        return self._range(where, rect, one.via, deep)

    def _range(self, number: int, rect: Rect, via: str, deep: int) -> Step:
        """Return a range on one line, and one cell for each of the formulas that fill it."""
        sheet = self._book.sheets[number]
        cells = self._model.calculation.cells
        rect = cells.cut(rect)
        values = cells.block(Region(number, rect))
        numbers = values.num[values.kind == Kind.NUMBER]
        low, high = np.searchsorted(sheet.row, (rect.top, rect.bottom + 1))
        inside = np.flatnonzero((sheet.col[low:high] >= rect.left) & (sheet.col[low:high] <= rect.right)) + low
        filled = inside[sheet.formula[inside] >= 0]
        _, first, alike = np.unique(sheet.formula[filled], return_index=True, return_counts=True)
        samples = sorted(zip(filled[first].tolist(), alike.tolist(), strict=True))
        if (number, rect) in self._told:
            left, samples = Left.ABOVE if samples else Left.NOTHING, []
        else:
            left = Left.DEEPER if samples and (deep >= self._depth or self._left <= 0) else Left.NOTHING
        told = [] if left is not Left.NOTHING else samples if self._every_part else samples[:_SAMPLES]
        self._told.add((number, rect))
        self._left -= len(told)
        return Step(
            StepKind.RANGE,
            sheet.name,
            rect.name,
            label=self._label(number, rect),
            unit=self._labels.unit(sheet.name, rect.top, rect.left),
            via=via,
            cells=rect.shape[0] * rect.shape[1],
            numbers=len(numbers),
            formulas=len(filled),
            total=float(numbers.sum()),
            left=left,
            more=0 if left is not Left.NOTHING else len(samples) - len(told),
            parts=tuple(
                self._cell(number, int(sheet.row[i]), int(sheet.col[i]), _one_of(count), deep) for i, count in told
            ),
        )

    # --- words -------------------------------------------------------------------------------------------------------

    def _in_words(self, formula: str, number: int, row: int, col: int) -> str:
        """Return a formula with labels in place of references; "" where nothing has a label."""
        own = self._label(number, Rect(row, col, row, col)).split(", ")
        pieces = [t for t in tokens(formula, r1c1=True) if t.text.strip()]
        names = {t.area.a1(row, col): self._name_of(t.area, number, row, col, own) for t in pieces if t.area}
        if not any(names.values()):
            return ""
        known = list(names.values())
        words, before = [], "("
        for token in pieces:
            text = token.area.a1(row, col) if token.area else token.text
            name = names.get(text, "") if token.area else ""
            # two cells of one name are told apart by where they stand
            told = f"[{name}{f' {text}' * (known.count(name) > 1)}]" if name else _word(text, before)
            words.append(told)
            before = text
        return "".join(words)

    def _name_of(self, area: Area, number: int, row: int, col: int, own: Collection[str]) -> str:
        """Return what a reference of a formula is called, beyond what the formula's own cell is called too."""
        where, rect = self._meant(area, number), area.at(row, col)
        label = "" if where is None else self._label(where, self._model.calculation.cells.cut(rect))
        return ", ".join(part for part in label.split(", ") if part not in own) or label

    def _meant(self, area: Area, number: int) -> int | None:
        if not area.prefix:
            return number
        prefix = parse_prefix(area.prefix)
        return None if prefix.book or prefix.first != prefix.last else self._model.scope.sheet(prefix.first)

    def _label(self, number: int, rect: Rect) -> str:
        """Return what a cell or a range is called: what its first and last cell share, then from which to which."""
        sheet = self._book.sheets[number].name
        first = self._labels.text(sheet, rect.top, rect.left)
        last = self._labels.text(sheet, rect.bottom, rect.right)
        if first == last or not (first and last):
            return first if first == last else ""
        ours, theirs = first.split(", "), last.split(", ")
        shared = [part for part in ours if part in theirs]
        from_to = [", ".join(p for p in parts if p not in shared) for parts in (ours, theirs)]
        span = " to ".join(part for part in from_to if part)
        return ": ".join(part for part in (", ".join(shared), span) if part)

    def _shown(self, value: Scalar, number_format: str) -> str:
        if value is None or isinstance(value, ErrorValue):
            return display(value)
        try:
            return format_text(value, number_format, date1904=self._book.date1904).strip() or display(value)
        except (ExcelError, UnsupportedError):
            return display(value)


def _one_of(count: int) -> str:
    return f"one of {count:,} with the same formula" if count > 1 else ""


def _word(text: str, before: str) -> str:
    """Return a part of a formula that is no reference, with room around an operator, but none after a sign."""
    if text in _OPERATORS and before not in _BEFORE_SIGN:
        return f" {text} "
    return ", " if text == "," else text.removeprefix("_xlfn.").removeprefix("_xlws.")


def _kind(value: Scalar, has_formula: bool) -> StepKind:
    if has_formula:
        return StepKind.FORMULA
    if value is None:
        return StepKind.BLANK
    return StepKind.TEXT if isinstance(value, str) else StepKind.INPUT
