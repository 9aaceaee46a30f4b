"""What a calculation gave, as the protocol of all engines wants it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xlmodel.engine.native.calculation import Calculation
from xlmodel.engine.native.layout import Layout
from xlmodel.engine.protocol import CellKey, Result
from xlmodel.values import Values

__all__ = ["keys_of", "result_of"]


def result_of(calculation: Calculation, volatile: frozenset[int], values: Values | None = None) -> Result:
    """Return the values of all formula cells, or the `values` given for them, with the reasons where there are none."""
    layout = calculation.layout
    keys = keys_of(layout)
    return Result(
        tuple(keys.values()),
        calculation.cells.gather(layout.places) if values is None else values,
        {keys[p]: reason for p, reason in calculation.reasons.items()},
        {keys[p]: array for p, array in calculation.arrays.items()},
        {keys[p]: text for p, text in calculation.messages.items()},
        frozenset(keys[p] for p in volatile if p in keys),
    )


def keys_of(layout: Layout) -> Mapping[int, CellKey]:
    """Return the formula cells by their places."""
    found: dict[int, CellKey] = {}
    for grid, sheet in zip(layout.cells.grids, layout.book.sheets, strict=True):
        low, high = np.searchsorted(layout.places, (grid.base, grid.base + grid.rows.count * grid.cols.count))
        places = layout.places[low:high]
        rows, cols = grid.cells(places)
        for place, row, col in zip(places.tolist(), rows.tolist(), cols.tolist(), strict=True):
            found[place] = CellKey(sheet.name, row, col)
    return found
