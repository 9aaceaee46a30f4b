"""The native engine behind the protocol of all engines."""

from __future__ import annotations

import contextlib
import datetime
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from xlmodel.book.workbook import Book, Sheet
from xlmodel.engine.native.blocks import Blocks
from xlmodel.engine.native.calculation import Calculation
from xlmodel.engine.native.coercion import Reading
from xlmodel.engine.native.context import Locale
from xlmodel.engine.native.evaluator import Evaluator
from xlmodel.engine.native.layout import Layout
from xlmodel.engine.native.run import run
from xlmodel.engine.native.schedule import Schedule
from xlmodel.engine.native.store import REFUSED, SETTLED
from xlmodel.engine.protocol import CellKey, Precedent, Reason, Result, Why
from xlmodel.engine.references import Scope
from xlmodel.errors import EngineError
from xlmodel.refs import Rect, quote_sheet
from xlmodel.registry import Registry
from xlmodel.values import Kind, Scalar, Values

__all__ = ["NativeEngine"]

#: How often a calculation is made again because a dynamic array turned out to fill other cells than the file said.
MAX_ROUNDS = 20


class NativeEngine:
    """Recalculation as Excel does it.

    Attributes
    ----------
    locale : Locale
        How text reads as numbers and dates.
    now : datetime, optional
        What NOW and TODAY give; the clock of the machine when None.
    seed : int
        Of the random numbers.
    progress : callable, optional
        Called now and then with how many cells are done, and of how many.
    """

    progress: Callable[[int, int], None] | None = None

    def __init__(self, locale: Locale | None = None, now: datetime.datetime | None = None, seed: int = 0) -> None:
        self.locale = locale or Locale()
        self.now = now
        self.seed = seed
        self._book: Book | None = None
        self._last: tuple[Calculation, Result] | None = None

    def load(self, book: Book, registry: Registry) -> None:
        """Take in a workbook; saved results in it are dropped unread."""
        self._book = book.stripped()
        self._registry = registry
        self._scope = Scope(self._book)
        locale = replace(self.locale, code_page="mac_roman") if "Macintosh" in book.application else self.locale
        self._reading = Reading(locale, book.date1904)
        self._grown: dict[CellKey, Rect] = {}
        self._last = None

    def close(self) -> None:
        """Let go of the workbook."""
        self._book = self._last = None

    @property
    def book(self) -> Book:
        """The workbook that is loaded."""
        if self._book is None:
            raise EngineError("no workbook is loaded")
        return self._book

    def _clock(self) -> float:
        return _serial(self.now or datetime.datetime.now(), self.book.date1904)

    def _calculation(self, book: Book) -> Calculation:
        layout = Layout(book, self._grown)
        evaluator = Evaluator(
            book, self._scope, layout.cells, self._registry, self._reading, self._clock, np.random.default_rng(self.seed)
        )
        calculation = Calculation(layout, layout.cells, evaluator)
        for place in layout.oversized:
            calculation.refuse(place, Reason("limit", "an array formula over more than a million cells"))
        return calculation

    def calculate(
        self, inputs: Mapping[CellKey, Scalar] | None = None, scenarios: Sequence[Mapping[CellKey, Scalar]] = ()
    ) -> Result:
        """Calculate every formula; a cell that fails stops none but those that need it.

        Raises
        ------
        EngineError
            An input names a formula cell or no sheet.
        """
        book = _with_inputs(self.book, self._scope, inputs or {})
        with _calculating():
            for _ in range(MAX_ROUNDS):
                calculation = self._calculation(book)
                blocks = Blocks(calculation.layout, calculation.evaluator)
                run(calculation, Schedule(calculation.layout, calculation.evaluator, blocks), self.progress)
                if not calculation.grown:
                    break
                for place, rect in calculation.grown.items():
                    self._grown[calculation.layout.key(place)] = rect
        result = _result(calculation)
        self._last = calculation, result
        return result

    def local(self, saved: Book) -> Result:
        """Calculate each formula from its precedents' saved values."""
        calculation = self._calculation(saved)
        layout = calculation.layout
        calculation.cells.state[:] = SETTLED
        bare = layout.places[calculation.cells.kind[layout.places] == Kind.BLANK]
        calculation.cells.state[bare] = REFUSED  # the file holds no result for it
        calculation.evaluator.spills = {p: a.region for p, a in layout.arrays.items()}
        alone = _Alone(calculation)
        with _calculating():
            for place in layout.places.tolist():
                alone.compute(place)
        return alone.result()

    def why(self, cell: CellKey) -> Why:
        """Explain a cell after `calculate`, with what its precedents hold now."""
        from xlmodel.engine.dependencies import Dependencies

        if self._last is None:
            raise EngineError("nothing has been calculated yet")
        calculation, result = self._last
        number = self._scope.sheet(cell.sheet)
        if number is None:
            raise EngineError(f"the workbook has no sheet {cell.sheet!r}")
        sheet = self.book.sheets[number]
        cell = CellKey(sheet.name, cell.row, cell.col)
        index = sheet.find(cell.row, cell.col)
        if index < 0 or sheet.formula[index] < 0:
            raise EngineError(f"{cell} holds no formula")
        precedents = []
        for name, rect in Dependencies(self.book, self._scope).precedents(cell):
            home = self._scope.sheet(name)
            assert home is not None
            reference = rect.name if name == sheet.name else f"{quote_sheet(name)}!{rect.name}"
            rect = calculation.cells.cut(rect)
            from xlmodel.engine.references import Region

            values = calculation.cells.block(Region(home, rect))
            precedents.append(Precedent(reference, values.reshape(()) if values.shape == (1, 1) else values))
        place = calculation.cells.place(number, cell.row, cell.col)
        return Why(
            cell,
            self.book.formula_a1(sheet, index),
            calculation.cells.scalar(place),
            tuple(precedents),
            result.reasons.get(cell),
            result.messages.get(cell),
        )


def _serial(moment: datetime.datetime, date1904: bool) -> float:
    """Return a moment after February 1900 as a date serial."""
    since = moment - (datetime.datetime(1904, 1, 1) if date1904 else datetime.datetime(1899, 12, 30))
    return since.days + since.seconds / 86_400


def _with_inputs(book: Book, scope: Scope, inputs: Mapping[CellKey, Scalar]) -> Book:
    """Return the book with some of its constants replaced."""
    if not inputs:
        return book
    sheets = list(book.sheets)
    for key, content in inputs.items():
        number = scope.sheet(key.sheet)
        if number is None:
            raise EngineError(f"the workbook has no sheet {key.sheet!r}")
        sheet = sheets[number]
        at = sheet.find(key.row, key.col)
        if at >= 0 and sheet.formula[at] >= 0:
            raise EngineError(f"{key} holds a formula and cannot be an input")
        sheets[number] = _with_value(sheet, at, key, content)
    return replace(book, sheets=tuple(sheets))


def _with_value(sheet: Sheet, at: int, key: CellKey, content: Scalar) -> Sheet:
    if at >= 0:
        values = sheet.values.copy()
        values.put(at, content)
        return replace(sheet, values=values)
    before = int(np.searchsorted(sheet.row.astype(np.int64) * 16_385 + sheet.col, key.row * 16_385 + key.col))

    def moved(index: int) -> int:
        return index + (index >= before)

    return replace(
        sheet,
        row=np.insert(sheet.row, before, key.row),
        col=np.insert(sheet.col, before, key.col),
        values=Values.concat([sheet.values[:before], Values.of([content]), sheet.values[before:]]),
        formula=np.insert(sheet.formula, before, -1),
        style=np.insert(sheet.style, before, 0),
        arrays={moved(i): r for i, r in sheet.arrays.items()},
        dynamic=frozenset(moved(i) for i in sheet.dynamic),
        data_tables={moved(i): r for i, r in sheet.data_tables.items()},
    )


def _result(calculation: Calculation) -> Result:
    layout, cells = calculation.layout, calculation.cells
    keys = _keys(layout)
    return Result(
        tuple(keys.values()),
        cells.gather(layout.places),
        {keys[p]: reason for p, reason in calculation.reasons.items()},
        {keys[p]: values for p, values in calculation.arrays.items()},
        {keys[p]: text for p, text in calculation.messages.items()},
    )


def _keys(layout: Layout) -> dict[int, CellKey]:
    found: dict[int, CellKey] = {}
    for grid, sheet in zip(layout.cells.grids, layout.book.sheets, strict=True):
        low, high = np.searchsorted(layout.places, (grid.base, grid.base + grid.rows.count * grid.cols.count))
        places = layout.places[low:high]
        rows, cols = grid.cells(places)
        for place, row, col in zip(places.tolist(), rows.tolist(), cols.tolist(), strict=True):
            found[place] = CellKey(sheet.name, row, col)
    return found


class _Alone:
    """Calculates cells one apart from the other: what one gives, no other sees."""

    def __init__(self, calculation: Calculation) -> None:
        self.calculation = calculation
        self.values = Values.blank(len(calculation.layout.places))
        self.index = {p: i for i, p in enumerate(calculation.layout.places.tolist())}

    def compute(self, place: int) -> None:
        inner = self.calculation
        cells, layout = inner.cells, inner.layout
        mode = layout.arrays.get(place)
        region = mode.region if mode else layout.tables.get(place)
        places = cells.window(region) if region is not None else np.array([place])
        before, state = cells.gather(places), cells.state[places]
        spill = inner.evaluator.spills.get(place)
        inner.compute(place)
        if place not in inner.reasons:
            self.values.put(self.index[place], cells.scalar(place))
        cells.kind[places], cells.num[places], cells.text[places] = before.kind, before.num, before.text
        cells.state[places] = state
        if spill is not None:
            inner.evaluator.spills[place] = spill

    def result(self) -> Result:
        inner = self.calculation
        keys = _keys(inner.layout)
        reasons = {keys[p]: r for p, r in inner.reasons.items()}
        return Result(
            tuple(keys.values()),
            self.values,
            reasons,
            {keys[p]: v for p, v in inner.arrays.items()},
            {keys[p]: t for p, t in inner.messages.items()},
        )


@contextlib.contextmanager
def _calculating() -> Iterator[None]:
    """Let formulas nest as deep as the parser allows, and overflow without a warning."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 20_000))
    try:
        with np.errstate(all="ignore"):  # what numpy warns of is an error value of Excel's
            yield
    finally:
        sys.setrecursionlimit(before)


