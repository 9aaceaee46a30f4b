"""One pass over the formula cells: a value or a reason for each, and none stops another."""

from __future__ import annotations

import warnings

import numpy as np

from xlmodel.engine.formulas.cells import Cells, RefusedError, Uncalculated, unsupported
from xlmodel.engine.formulas.evaluator import Evaluator, NeedsError, Place
from xlmodel.engine.formulas.loaded import MAX_FILL, Loaded
from xlmodel.engine.formulas.objects import Grid, Object, UnknownObjectError, from_object, to_values
from xlmodel.engine.protocol import CellKey, Reason, Result
from xlmodel.refs import Rect
from xlmodel.values import ErrorValue, Scalar, Values

__all__ = ["Sweep"]


class Sweep:
    """Calculates cells and gathers what comes of them.

    Parameters
    ----------
    loaded : Loaded
        The workbook.
    cells : Cells
        What the formulas read.
    keep : bool
        Whether a result is written back, for later cells to read.
    """

    def __init__(self, loaded: Loaded, cells: Cells, *, keep: bool) -> None:
        self._loaded = loaded
        self._cells = cells
        self._keep = keep
        self._evaluator = Evaluator(loaded.book, cells, loaded.registry)
        self._scalars: dict[CellKey, Scalar] = {}
        self._reasons: dict[CellKey, Reason] = {}
        self._spills: dict[CellKey, Values] = {}
        self._messages: dict[CellKey, str] = {}

    def mark(self, key: CellKey, what: Uncalculated) -> None:
        """Let a cell, with all that its formula fills, be known as uncalculated to those that need it."""
        sheet, rect = self._loaded.sheet(key), self._loaded.filled(key)
        for row in range(rect.top, rect.bottom + 1):
            for col in range(rect.left, rect.right + 1):
                self._cells.put(sheet, row, col, what)

    def refuse(self, key: CellKey, reason: Reason, root: Uncalculated | None = None) -> None:
        """Leave a cell without a value, for a reason."""
        self._reasons[key] = reason
        self._scalars.pop(key, None)
        if self._keep:
            self.mark(key, root or Uncalculated(key, reason))

    def cell(self, key: CellKey) -> None:
        """Calculate one cell, or note why not."""
        try:
            self._calculate(key)
        except RefusedError as refused:
            self.refuse(key, refused.reason)
        except NeedsError as needs:
            root = needs.cell
            text = f"depends on {root.root}, which was not calculated: {root.reason.text}"
            self.refuse(key, Reason("depends", text), root)
        except UnknownObjectError as unknown:
            self.refuse(key, Reason("engine-error", f"the library returned {unknown}"))
        except RecursionError:
            self.refuse(key, Reason("unsupported-syntax", "the formula is nested too deeply"))
        except MemoryError:
            raise
        except Exception as failed:  # whatever the library raises concerns this cell alone
            text = next(iter(str(failed).splitlines()), "")[:120]
            self.refuse(key, Reason("engine-error", f"{type(failed).__name__}: {text}".removesuffix(": ")))

    def _calculate(self, key: CellKey) -> None:
        home = self._loaded.sheet(key)
        sheet = self._loaded.book.sheets[home]
        at = sheet.find(key.row, key.col)
        if at in sheet.data_tables:
            raise unsupported("a data table")
        rect = self._loaded.arrays.get(key)
        dynamic = at in sheet.dynamic
        node = self._loaded.node(int(sheet.formula[at]), home)
        with warnings.catch_warnings(), np.errstate(all="ignore"):  # the library warns where Excel has an error
            warnings.simplefilter("ignore")
            result = self._evaluator.evaluate(node, Place(home, key.row, key.col, rect is not None or dynamic))
        if rect is None and not isinstance(result, np.ndarray):
            content = from_object(result)
            self._scalars[key] = content
            if self._keep:
                self._cells.put_scalar(home, key.row, key.col, content)
        else:
            self._fill(key, home, rect or Rect(key.row, key.col, key.row, key.col), dynamic, result)
        if self._evaluator.message is not None:
            self._messages[key] = self._evaluator.message

    def _fill(self, key: CellKey, home: int, rect: Rect, dynamic: bool, result: Object | Grid) -> None:
        height, width = rect.shape
        if height * width > MAX_FILL:
            raise unsupported(f"an array formula over more than {MAX_FILL:,} cells")
        values = to_values(result)
        if values.shape == ():
            values = values.reshape((1, 1))
        if dynamic and values.shape != (height, width):
            rows, cols = values.shape
            text = f"the array now fills {rows} x {cols} cells, in the file {height} x {width}"
            raise unsupported(text)
        values = _fitted(values, height, width)
        self._scalars[key] = values.item((0, 0))
        self._spills[key] = values
        if self._keep:
            for row in range(height):
                for col in range(width):
                    self._cells.put_scalar(home, rect.top + row, rect.left + col, values.item((row, col)))

    def result(self) -> Result:
        """Return what was found, a value or a reason for every formula cell."""
        keys = self._loaded.graph.cells
        values = Values.blank(len(keys))
        for i, key in enumerate(keys):
            if key in self._scalars:
                values.put(i, self._scalars[key])
        return Result(keys, values, self._reasons, self._spills, self._messages)


def _fitted(values: Values, height: int, width: int) -> Values:
    """Fit an array to the range it was entered in: single rows and columns repeat, the rest is #N/A."""
    rows, cols = values.shape
    if rows == 1 < height:
        values, rows = values.broadcast_to((height, cols)), height
    if cols == 1 < width:
        values, cols = values.broadcast_to((rows, width)), width
    out = Values.of(ErrorValue("#N/A")).broadcast_to((height, width)).copy()
    corner = slice(0, min(rows, height)), slice(0, min(cols, width))
    out.set(corner, values[corner])
    return out
