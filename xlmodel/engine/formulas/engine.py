"""The `formulas` library behind the engine protocol."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from xlmodel.book.workbook import Book
from xlmodel.engine.formulas.cells import Cells, Uncalculated
from xlmodel.engine.formulas.loaded import MAX_FILL, Loaded
from xlmodel.engine.formulas.objects import EMPTY, to_values
from xlmodel.engine.formulas.sweep import Sweep
from xlmodel.engine.protocol import CellKey, Precedent, Reason, Result, Why
from xlmodel.errors import EngineError
from xlmodel.refs import quote_sheet
from xlmodel.registry import Registry
from xlmodel.values import Kind, Scalar, Values

__all__ = ["FormulasEngine"]

_STEP = 200
_CIRCULAR = Reason("circular", "the formula needs its own result")


class FormulasEngine:
    """Recalculation cell by cell with the `formulas` library's parser and functions.

    Iterative calculation is not done: a cell in a cycle has the reason `circular`.

    Attributes
    ----------
    progress : callable, optional
        Called now and then with how many cells are done, and of how many.
    """

    progress: Callable[[int, int], None] | None = None

    def __init__(self) -> None:
        self._held: Loaded | None = None
        self._last: tuple[Cells, Result] | None = None

    def load(self, book: Book, registry: Registry) -> None:
        """Take in a workbook; saved results in it are dropped unread."""
        self._held, self._last = Loaded(book, registry), None

    def close(self) -> None:
        """Let go of the workbook."""
        self._held = self._last = None

    @property
    def _loaded(self) -> Loaded:
        if self._held is None:
            raise EngineError("no workbook is loaded")
        return self._held

    def calculate(
        self, inputs: Mapping[CellKey, Scalar] | None = None, scenarios: Sequence[Mapping[CellKey, Scalar]] = ()
    ) -> Result:
        """Calculate every formula in order; a cell that fails stops none but those that need it.

        Raises
        ------
        EngineError
            An input names a formula cell or no sheet, or scenarios were given: this engine calculates one set of
            inputs at a time.
        """
        loaded = self._loaded
        if scenarios:
            raise EngineError("the formulas engine calculates one set of inputs at a time")
        places = {self._input(key): content for key, content in (inputs or {}).items()}
        cells = Cells(loaded.book, [*places, *loaded.children()])
        for (sheet, row, col), content in places.items():
            cells.put_scalar(sheet, row, col, content)
        sweep = Sweep(loaded, cells, keep=True)
        pending = Reason("engine-error", "needed before it was calculated")
        for key in loaded.graph.cells:
            sweep.mark(key, Uncalculated(key, pending))
        self._shut_ranges(cells)
        order = loaded.graph.order()
        for key in order.cycled:
            sweep.refuse(key, _CIRCULAR)
        self._go_through(sweep, order.sorted)
        result = sweep.result()
        self._last = cells, result
        return result

    def local(self, saved: Book, cells: Collection[CellKey] | None = None) -> Result:
        """Calculate each formula, or those of some cells, from its precedents' saved values."""
        loaded = self._loaded
        sweep = Sweep(loaded, Cells(saved), keep=False)
        for sheet in saved.sheets:
            bare = np.flatnonzero((sheet.formula >= 0) & (sheet.values.kind == Kind.BLANK))
            for row, col in zip(sheet.row[bare].tolist(), sheet.col[bare].tolist(), strict=True):
                key = CellKey(sheet.name, row, col)
                sweep.mark(key, Uncalculated(key, Reason("not-loaded", "the file holds no result for it")))
        order = loaded.graph.order()
        for key in order.cycled:
            sweep.refuse(key, _CIRCULAR)
        self._go_through(sweep, order.sorted if cells is None else [key for key in order.sorted if key in cells])
        return sweep.result()

    def why(self, cell: CellKey) -> Why:
        """Explain a cell after `calculate`, with what its precedents hold now."""
        loaded = self._loaded
        if self._last is None:
            raise EngineError("nothing has been calculated yet")
        cells, result = self._last
        sheet = loaded.book.sheets[loaded.sheet(cell)]
        cell = CellKey(sheet.name, cell.row, cell.col)
        index = sheet.find(cell.row, cell.col)
        if index < 0 or sheet.formula[index] < 0:
            raise EngineError(f"{cell} holds no formula")
        precedents = []
        for name, rect in loaded.graph.precedents(cell):
            reference = rect.name if name == sheet.name else f"{quote_sheet(name)}!{rect.name}"
            grid, _ = cells.block(loaded.sheet(CellKey(name, 1, 1)), rect)
            grid[[[isinstance(x, Uncalculated) for x in row] for row in grid.tolist()]] = EMPTY
            precedents.append(Precedent(reference, _as_cells(to_values(grid))))
        return Why(
            cell,
            loaded.book.formula_a1(sheet, index),
            result.values.item(result.cells.index(cell)),
            tuple(precedents),
            result.reasons.get(cell),
            result.messages.get(cell),
        )

    def _go_through(self, sweep: Sweep, keys: Sequence[CellKey]) -> None:
        for done, key in enumerate(keys):
            if self.progress is not None and done % _STEP == 0:
                self.progress(done, len(keys))
            sweep.cell(key)

    def _input(self, key: CellKey) -> tuple[int, int, int]:
        number = self._loaded.sheet(key)
        sheet = self._loaded.book.sheets[number]
        at = sheet.find(key.row, key.col)
        if at >= 0 and sheet.formula[at] >= 0:
            raise EngineError(f"{key} holds a formula and cannot be an input")
        return number, key.row, key.col

    def _shut_ranges(self, cells: Cells) -> None:
        """Let nothing be read from what a data table fills, nor from an array formula too large to calculate."""
        for number, sheet in enumerate(self._loaded.book.sheets):
            tables = [(i, rect, "a data table") for i, rect in sheet.data_tables.items()]
            text = f"an array formula over more than {MAX_FILL:,} cells"
            large = [(i, rect, text) for i, rect in sheet.arrays.items() if rect.shape[0] * rect.shape[1] > MAX_FILL]
            for index, rect, why in [*tables, *large]:
                anchor = CellKey(sheet.name, int(sheet.row[index]), int(sheet.col[index]))
                cells.shut(number, rect, Uncalculated(anchor, Reason("unsupported-syntax", why)))


def _as_cells(values: Values) -> Values:
    return values.reshape(()) if values.shape == (1, 1) else values
