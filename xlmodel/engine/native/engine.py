"""The native engine behind the protocol of all engines."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence

from xlmodel.book.workbook import Book
from xlmodel.engine.dependencies import Dependencies
from xlmodel.engine.native.calculation import Calculation
from xlmodel.engine.native.context import Locale
from xlmodel.engine.native.inputs import with_inputs
from xlmodel.engine.native.local import local_result
from xlmodel.engine.native.model import Model, calculating
from xlmodel.engine.native.results import result_of
from xlmodel.engine.protocol import CellKey, Precedent, Result, Why
from xlmodel.engine.references import Region
from xlmodel.errors import EngineError
from xlmodel.refs import quote_sheet
from xlmodel.registry import Registry
from xlmodel.values import Scalar

__all__ = ["NativeEngine"]


class NativeEngine:
    """Recalculation as Excel does it.

    Parameters
    ----------
    locale : Locale, optional
        How text reads as numbers and dates.
    now : datetime, optional
        What NOW and TODAY give; see `Model`.
    seed : int
        Of the random numbers.

    Attributes
    ----------
    progress : callable, optional
        Called now and then with how many cells are done, and of how many.
    """

    progress: Callable[[int, int], None] | None = None

    def __init__(self, locale: Locale | None = None, now: datetime.datetime | None = None, seed: int = 0) -> None:
        self._settings = locale, now, seed
        self._model: Model | None = None
        self._last: tuple[Calculation, Result] | None = None

    def load(self, book: Book, registry: Registry) -> None:
        """Take in a workbook; saved results in it are dropped unread."""
        self._model, self._last = Model(book, registry, *self._settings), None

    def close(self) -> None:
        """Let go of the workbook."""
        self._model = self._last = None

    @property
    def model(self) -> Model:
        """The workbook that is loaded."""
        if self._model is None:
            raise EngineError("no workbook is loaded")
        return self._model

    def calculate(
        self, inputs: Mapping[CellKey, Scalar] | None = None, scenarios: Sequence[Mapping[CellKey, Scalar]] = ()
    ) -> Result:
        """Calculate every formula; a cell that fails stops none but those that need it.

        Raises
        ------
        EngineError
            An input names a formula cell or no sheet; or scenarios were given: they are what `Model.run` is for.
        """
        if scenarios:
            raise EngineError("scenarios are calculated by Model.run")
        model, loaded = self.model, self.model.book
        model.book = with_inputs(loaded, model.scope, inputs or {})
        try:
            model.calculate(self.progress)
        finally:
            model.book = loaded
        result = result_of(model.calculation, model.volatile())
        self._last = model.calculation, result
        return result

    def local(self, saved: Book, cells: Collection[CellKey] | None = None) -> Result:
        """Calculate each formula from its precedents' saved values; all of them, whichever are wanted."""
        with calculating():
            return local_result(self.model.fresh(saved, saved=True))

    def why(self, cell: CellKey) -> Why:
        """Explain the value of a cell after `calculate`, with what its precedents hold now."""
        if self._last is None:
            raise EngineError("nothing has been calculated yet")
        calculation, result = self._last
        book, scope = self.model.book, self.model.scope
        number = scope.sheet(cell.sheet)
        if number is None:
            raise EngineError(f"the workbook has no sheet {cell.sheet!r}")
        sheet = book.sheets[number]
        cell = CellKey(sheet.name, cell.row, cell.col)
        index = sheet.find(cell.row, cell.col)
        if index < 0 or sheet.formula[index] < 0:
            raise EngineError(f"{cell} holds no formula")
        precedents = []
        for name, rect in Dependencies(book, scope).precedents(cell):
            home = scope.sheet(name)
            assert home is not None
            reference = rect.name if name == sheet.name else f"{quote_sheet(name)}!{rect.name}"
            values = calculation.cells.block(Region(home, calculation.cells.cut(rect)))
            precedents.append(Precedent(reference, values.reshape(()) if values.shape == (1, 1) else values))
        return Why(
            cell,
            book.formula_a1(sheet, index),
            calculation.cells.scalar(calculation.cells.place(number, cell.row, cell.col)),
            tuple(precedents),
            result.reasons.get(cell),
            result.messages.get(cell),
        )
