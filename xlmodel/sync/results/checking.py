"""Whether the saved values of a place are those that its formulas give."""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.evaluation import Evaluation
from xlmodel.engine.protocol import CellKey, Reason
from xlmodel.inputs.problems import listed
from xlmodel.refs import Rect
from xlmodel.sync.places import Place
from xlmodel.values import display
from xlmodel.verify.comparison import first_difference, same_saved

__all__ = ["differing", "unverified"]

_NAMED = 5


def differing(place: Place, evaluation: Evaluation, tolerance: float) -> str:
    """Return the cells of a place whose saved value is not the calculated one, in words; "" where there are none."""
    calculation = evaluation.calculated
    assert calculation is not None
    found = []
    for i in _formulas(place, evaluation):
        if i in calculation.reasons:
            continue
        key, block = evaluation.key(i), i in calculation.spills and i in evaluation.saved_arrays
        if block and (at := first_difference(evaluation, calculation, i, tolerance)) is not None:
            found.append(str(CellKey(key.sheet, key.row + at[0], key.col + at[1])))
        elif not block:
            saved, now = evaluation.saved.item(i), calculation.values.item(i)
            if not same_saved(saved, now, tolerance):
                found.append(f"{key} (saved {display(saved)}, calculated {display(now)})")
    return listed(found, _NAMED)


def unverified(place: Place, evaluation: Evaluation) -> dict[CellKey, Reason]:
    """Return the formula cells of a place that could not be calculated, and why."""
    calculation = evaluation.calculated
    assert calculation is not None
    return {evaluation.key(i): calculation.reasons[i] for i in _formulas(place, evaluation) if i in calculation.reasons}


def _formulas(place: Place, evaluation: Evaluation) -> Iterator[int]:
    """Yield the formula cells of a place, and those elsewhere whose arrays fill cells of it."""
    sheet, body = evaluation.sheets.index(place.sheet), place.body
    for i in (evaluation.sheet == sheet).nonzero()[0].tolist():
        row, col = int(evaluation.row[i]), int(evaluation.col[i])
        rows, cols = evaluation.saved_arrays[i].shape if i in evaluation.saved_arrays else (1, 1)
        filled = Rect(row, col, row + max(rows, 1) - 1, col + max(cols, 1) - 1)
        if filled.meets(body):
            yield i
