"""A workbook that stays loaded: calculated once, then again and again with other inputs, or with many at once."""

from __future__ import annotations

import contextlib
import datetime
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlmodel.book import Limits, read_book
from xlmodel.book.workbook import Book
from xlmodel.engine.native.blocks import Blocks
from xlmodel.engine.native.calculation import Calculation, alike
from xlmodel.engine.native.changes import Changes, Reach, affected, cells_of
from xlmodel.engine.native.coercion import Reading
from xlmodel.engine.native.context import Locale
from xlmodel.engine.native.evaluator import Evaluator
from xlmodel.engine.native.inputs import with_inputs
from xlmodel.engine.native.layout import Layout
from xlmodel.engine.native.run import Run
from xlmodel.engine.native.schedule import Schedule
from xlmodel.engine.native.store import PENDING, Cells, Ints
from xlmodel.engine.protocol import CellKey, Reason
from xlmodel.engine.references import Scope
from xlmodel.errors import EngineError
from xlmodel.refs import Rect, parse_cell, parse_prefix
from xlmodel.registry import Registry
from xlmodel.values import Scalar, Values

__all__ = ["Model", "calculating"]

#: How often a calculation is made again because a dynamic array turned out to fill other cells than the file said.
MAX_ROUNDS = 20
#: Values held at once for scenarios: more scenarios than fit are calculated in turns.
MAX_HELD = 8_000_000
#: Values kept of the results of scenarios.
MAX_KEPT = 200_000_000


class Model:
    """A workbook and what its cells hold now.

    Parameters
    ----------
    book : Book
        Saved results in it are dropped unread.
    registry : Registry, optional
        The functions its cells may call beside Excel's.
    locale : Locale, optional
        How text reads as numbers and dates.
    now : datetime, optional
        What NOW and TODAY give; when None the moment the file was saved, so that a calculation can be repeated, and
        the clock of the machine where the file does not tell.
    seed : int
        Of the random numbers.

    Examples
    --------
    >>> model = Model.open("workbooks/southampton/southampton.xlsx")
    >>> model.calculate()
    >>> round(model.value("Stock!G10"))
    284
    >>> model.run(inputs={"Scenarios!B5": "baseline"})
    >>> round(model.value("Stock!G10"))
    487
    """

    def __init__(
        self,
        book: Book,
        registry: Registry | None = None,
        locale: Locale | None = None,
        now: datetime.datetime | None = None,
        seed: int = 0,
    ) -> None:
        self.book = book.stripped()
        self.registry = (registry or Registry()).without(n.name for n in book.names)
        self.scope = Scope(self.book)
        self.now = now
        self.seed = seed
        given = locale or Locale()
        self.reading = Reading(
            replace(given, code_page="mac_roman") if "Macintosh" in book.application else given, book.date1904
        )
        self._grown: dict[CellKey, Rect] = {}
        self._calculation: Calculation | None = None
        self._schedule: Schedule | None = None
        self._reach: Reach | None = None
        self._refused: dict[int, Reason] = {}  #: of the scenarios
        self._scenarios: dict[int, Values] | None = None  #: the values of each place that differs between scenarios

    @classmethod
    def open(cls, path: Path | str, registry: Registry | None = None, limits: Limits | None = None) -> Model:
        """Read a workbook from disk; for one that is not trusted, use the worker process."""
        return cls(read_book(path, limits), registry)

    # --- calculating -------------------------------------------------------------------------------------------------

    def fresh(self, book: Book, saved: bool = False) -> Calculation:
        """Return a calculation of a book in which nothing has been calculated; `saved` where it holds saved results."""
        layout = Layout(book, self._grown, saved)
        random = np.random.default_rng(self.seed)
        evaluator = Evaluator(book, self.scope, layout.cells, self.registry, self.reading, self._clock, random)
        calculation = Calculation(layout, layout.cells, evaluator)
        for place in layout.oversized:
            calculation.refuse(place, Reason("limit", "an array formula over more than a million cells"))
        return calculation

    def _clock(self) -> float:
        since = (self.now or self.book.saved_at or datetime.datetime.now()) - (
            datetime.datetime(1904, 1, 1) if self.book.date1904 else datetime.datetime(1899, 12, 30)
        )
        return since.days + since.seconds / 86_400

    def calculate(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Calculate every formula."""
        self._scenarios = None
        with calculating():
            for _ in range(MAX_ROUNDS):
                calculation = self.fresh(self.book)
                blocks = Blocks(calculation.layout, calculation.evaluator)
                schedule = Schedule(calculation.layout, calculation.evaluator, blocks)
                self._schedule, self._reach = schedule, None
                calculation.hangs_on = partial(self._hanging_on, schedule)
                Run(calculation, schedule).whole(progress)
                if not calculation.grown:
                    break
                self._grown |= {calculation.layout.key(p): rect for p, rect in calculation.grown.items()}
        self._calculation = calculation
        calculation.cells.filled = True

    def run(self, inputs: Mapping[CellKey | str, Any]) -> None:
        """Give inputs other values, and calculate again what depends on them.

        Parameters
        ----------
        inputs : mapping of cell to content
            A cell is named like ``Assumptions!C5``. A content is a number, a text, a boolean, an error, None for a
            blank; or an array of N numbers: N scenarios are then calculated at once, and `value` and `values` have a
            leading axis of scenarios until the next call.

        Raises
        ------
        EngineError
            A cell holds a formula, there is no such sheet, or arrays differ in length.
        """
        calculation = self.calculation
        self._scenarios = None
        single = {self._key(k): v for k, v in inputs.items() if not isinstance(v, (list, tuple, np.ndarray))}
        several = {
            self._key(k): np.asarray(v, float) for k, v in inputs.items() if isinstance(v, (list, tuple, np.ndarray))
        }
        places = {key: self._input(key) for key in (*single, *several)}
        if not all(places.values()):  # a blank cell that nothing refers to yet has no place
            self._keep_inputs(calculation)
            self.book = with_inputs(
                self.book, self.scope, {k: single.get(k) for k, p in places.items() if not p or k in single}
            )
            self.scope = Scope(self.book)
            self.calculate()
            calculation = self.calculation
            places = {key: self._input(key) for key in several}
            single = {}
        changed = [places[k] for k, v in single.items() if not alike(calculation.cells.scalar(places[k]), v)]
        for key, content in single.items():
            calculation.cells.put(places[key], content)
        if changed:
            self._again(changed)
        if several:
            self._many({places[k]: v for k, v in several.items()})

    def _again(self, changed: Sequence[int]) -> None:
        calculation, schedule = self.calculation, self._schedule
        assert schedule is not None
        blocks = self._affected(changed)
        changes = Changes(schedule, blocks, changed)
        self._await(calculation.cells, blocks)
        calculation.evaluator.forget()
        calculation.changed = changes.note
        try:
            with calculating():
                Run(calculation, schedule, changes).whole()
        finally:
            calculation.changed = None
        if calculation.grown:
            self._keep_inputs(calculation)
            self.calculate()

    def _affected(self, changed: Sequence[int]) -> set[int]:
        """Return the blocks that a change of some cells may reach."""
        schedule = self._schedule
        assert schedule is not None
        return affected(schedule, self._reaching(), changed)

    def _hanging_on(self, schedule: Schedule, changed: Sequence[int]) -> Ints:
        """Return the cells that a change of some cells may reach."""
        return cells_of(schedule, affected(schedule, self._reaching(), changed))

    def _reaching(self) -> Reach:
        assert self._schedule is not None
        if self._reach is None:
            self._reach = Reach(self._schedule.blocks)
        return self._reach

    def _await(self, cells: Cells, blocks: set[int]) -> Ints:
        """Mark the cells of blocks, and those that they fill, as not calculated; return them."""
        assert self._schedule is not None
        places = cells_of(self._schedule, blocks)
        cells.state[places] = PENDING
        return places

    def _keep_inputs(self, calculation: Calculation) -> None:
        """Carry the constants as they are now over into the book."""
        sheets = []
        for number, sheet in enumerate(self.book.sheets):
            places = calculation.cells.grids[number].places(sheet.row, sheet.col)
            constant = (sheet.formula < 0) & np.isin(places, calculation.layout.filled, invert=True)
            values = sheet.values.copy()
            values.set(constant, calculation.cells.gather(places[constant]))
            sheets.append(replace(sheet, values=values))
        self.book = replace(self.book, sheets=tuple(sheets))

    # --- many scenarios ----------------------------------------------------------------------------------------------

    def _many(self, inputs: dict[int, NDArray[np.float64]]) -> None:
        sizes = {len(v) for v in inputs.values()}
        if len(sizes) != 1 or any(v.ndim != 1 for v in inputs.values()):
            raise EngineError(f"the arrays of inputs must have one length; they have {sorted(sizes)}")
        count = sizes.pop()
        base = self.calculation
        schedule = self._schedule
        assert schedule is not None
        blocks = self._affected(list(inputs))
        cells = base.cells.copy()
        places = self._await(cells, blocks)
        if count * len(places) > MAX_KEPT:
            raise EngineError(
                f"{count:,} scenarios of {len(places):,} cells are more than the limit of {MAX_KEPT:,} values"
            )
        self._refused = {}
        parts: list[Values] = []
        step = max(1, min(count, MAX_HELD // max(len(cells.formula), 1)))
        with calculating():
            for start in range(0, count, step):
                chunk = {p: v[start : start + step] for p, v in inputs.items()}
                parts.append(self._chunk(base, schedule, blocks, places, chunk))
        joined = Values.concat(parts)
        kept = {int(p): joined[:, i] for i, p in enumerate(places.tolist())}
        kept |= {p: Values.numbers(v) for p, v in inputs.items()}
        self._scenarios = kept

    def _chunk(
        self,
        base: Calculation,
        schedule: Schedule,
        blocks: set[int],
        places: Ints,
        inputs: dict[int, NDArray[np.float64]],
    ) -> Values:
        """Calculate some scenarios, and return what the affected cells hold: scenarios by cells."""
        count = len(next(iter(inputs.values())))
        calculation = base.fork(base.cells.repeated(count))
        cells = calculation.cells
        cells.varying = np.zeros(len(cells.formula), np.bool_)
        for place, numbers in inputs.items():
            given = Values.numbers(numbers)
            cells.values.kind[:, place], cells.values.num[:, place] = given.kind, given.num
            cells.values.text[:, place] = given.text
            cells.varying[place] = True
        self._await(cells, blocks)
        cells.varying[places] = True
        changes = Changes(schedule, blocks, list(inputs))
        Run(calculation, schedule, changes).whole()
        if calculation.grown:
            raise EngineError("an array changes its size between scenarios")
        self._refused |= calculation.reasons
        return Values(cells.values.kind[:, places], cells.values.num[:, places], cells.values.text[:, places])

    # --- reading -----------------------------------------------------------------------------------------------------

    @property
    def calculation(self) -> Calculation:
        """The last calculation."""
        if self._calculation is None:
            self.calculate()
        assert self._calculation is not None
        return self._calculation

    def value(self, cell: CellKey | str) -> Scalar | Values:
        """Return what a cell holds; for scenarios, one value for each."""
        key = self._key(cell)
        place = self._place(key)
        if self._scenarios is not None and place in self._scenarios:
            return self._scenarios[place]
        return self.calculation.cells.scalar(place) if place else None

    def values(self, sheet: str) -> tuple[Ints, Ints, Values]:
        """Return the rows, the columns and the values of all formula cells of a sheet.

        The values have the shape (cells,), or (scenarios, cells) after a run of scenarios.
        """
        number = self._sheet(sheet)
        calculation = self.calculation
        grid = calculation.cells.grids[number]
        every = calculation.layout.places
        low, high = np.searchsorted(every, (grid.base, grid.base + grid.rows.count * grid.cols.count))
        places = every[low:high]
        rows, cols = grid.cells(places)
        if self._scenarios is None:
            return rows, cols, calculation.cells.gather(places)
        count = next(len(v) for v in self._scenarios.values())
        out = calculation.cells.gather(places).broadcast_to((count, len(places))).copy()
        for i, place in enumerate(places.tolist()):
            if place in self._scenarios:
                out.set((slice(None), i), self._scenarios[place])
        return rows, cols, out

    def reason(self, cell: CellKey | str) -> Reason | None:
        """Return why a cell was not calculated, in one scenario at least; None where it was."""
        place = self.calculation.layout.owner(self._place(self._key(cell)))
        if self._scenarios is not None and place in self._refused:
            return self._refused[place]
        return self.calculation.reasons.get(place)

    def volatile(self) -> frozenset[int]:
        """Return the places whose values hang on the clock or on chance."""
        schedule = self._schedule
        if schedule is None or not any(n.volatile for n in schedule.blocks.needs):
            return frozenset()
        start = {n for n, needs in enumerate(schedule.blocks.needs) if needs.volatile}
        changes = Changes(schedule, self._reaching().from_blocks(start), ())
        for number in start:
            changes.note(schedule.blocks.blocks[number].places)
        changes.spread()
        return frozenset(np.flatnonzero(changes.mask).tolist())

    # --- cells -------------------------------------------------------------------------------------------------------

    def _sheet(self, name: str) -> int:
        number = self.scope.sheet(name)
        if number is None:
            raise EngineError(f"the workbook has no sheet {name!r}")
        return number

    def _key(self, cell: CellKey | str) -> CellKey:
        if isinstance(cell, CellKey):
            return CellKey(self.book.sheets[self._sheet(cell.sheet)].name, cell.row, cell.col)
        prefix, mark, name = cell.rpartition("!")
        if not mark:
            raise EngineError(f"{cell!r} names no sheet: write it like Assumptions!C5")
        sheet = self._sheet(parse_prefix(prefix + mark).first)
        return CellKey(self.book.sheets[sheet].name, *parse_cell(name))

    def _place(self, key: CellKey) -> int:
        return self.calculation.cells.place(self._sheet(key.sheet), key.row, key.col)

    def _input(self, key: CellKey) -> int:
        place = self._place(key)
        if place and (self.calculation.cells.formula[place] >= 0 or self.calculation.layout.owner(place) != place):
            raise EngineError(f"{key} holds a formula and cannot be an input")
        return place


@contextlib.contextmanager
def calculating() -> Iterator[None]:
    """Let formulas nest as deep as the parser allows, and overflow without a warning."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 20_000))
    try:
        with np.errstate(all="ignore"):  # what numpy warns of is an error value of Excel's
            yield
    finally:
        sys.setrecursionlimit(before)
