"""What-if data tables: one formula, calculated again for each value of its input cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlmodel.engine.native.operands import REF, ExcelError, UnsupportedError
from xlmodel.engine.native.store import PENDING, REFUSED
from xlmodel.engine.native.syntax import Call, Literal, Missing, Ref
from xlmodel.engine.protocol import Reason
from xlmodel.engine.references import Region
from xlmodel.values import Scalar, Values

if TYPE_CHECKING:
    from xlmodel.engine.native.calculation import Calculation

__all__ = ["table_values"]

MAX_TABLE = 10_000  #: cells of one data table
MAX_COPIED = 500_000_000  #: cells copied for all the answers of one table


def table_values(calculation: Calculation, place: int, region: Region) -> Values:
    """Return what the cells of a data table hold.

    The formulas stand above the table and the values left of it, or the other way round; with two inputs the formula
    stands in the corner. The file writes the inputs as ``TABLE(row input, column input)``.
    """
    sheet, rect = region
    cells, layout = calculation.cells, calculation.layout
    height, width = rect.shape
    if height * width > MAX_TABLE or height * width * len(cells.formula) > MAX_COPIED:
        raise UnsupportedError("a data table too large to calculate", "limit")
    out = Values.blank(rect.shape)
    try:
        across, down = _inputs(calculation, place)
    except ExcelError as problem:
        return Values.of([[problem.value]]).broadcast_to(rect.shape).copy()
    known: dict[tuple[Scalar, Scalar, int], Scalar] = {}
    for r in range(height):
        for c in range(width):
            row, col = rect.top + r, rect.left + c
            above, left = (rect.top - 1, col), (row, rect.left - 1)
            if across is not None and down is not None:
                source = (rect.top - 1, rect.left - 1)
            else:
                source = left if across is not None else above
            changed = {}
            if across is not None:
                changed[across] = calculation.evaluator.scalar(sheet, *above)
            if down is not None:
                changed[down] = calculation.evaluator.scalar(sheet, *left)
            formula = cells.place(sheet, *source)
            key = (changed.get(across or -1), changed.get(down or -1), formula)
            if key not in known:
                known[key] = _answer(calculation, changed, formula, layout.owner(place))
            content = known[key]
            out.put((r, c), 0.0 if content is None else content)
    return out


def _inputs(calculation: Calculation, place: int) -> tuple[int | None, int | None]:
    sheet, _, _ = calculation.cells.cell(place)
    node = calculation.evaluator.tree(calculation.layout.book.formulas[calculation.cells.formula[place]], sheet)
    if not isinstance(node, Call) or len(node.arguments) != 2:
        raise UnsupportedError("a data table without its input cells", "unsupported-syntax")
    found: list[int | None] = []
    for part in node.arguments:
        if isinstance(part, Missing):
            found.append(None)
        elif isinstance(part, Ref) and (rect := part.spans[0].at(1, 1)) is not None:
            at = calculation.cells.place(part.spans[0].sheet, rect.top, rect.left)
            if not at:
                raise UnsupportedError("a data table whose input cell is empty", "unsupported-syntax")
            found.append(at)
        elif isinstance(part, Literal) and part.value == REF:
            raise ExcelError(REF)  # the input cell was deleted
        else:
            raise UnsupportedError("a data table without its input cells", "unsupported-syntax")
    return found[0], found[1]


def _answer(calculation: Calculation, changed: dict[int, Scalar], formula: int, table: int) -> Scalar:
    """Return what a formula gives with some inputs changed, everything it needs calculated anew."""
    inner = calculation.fork(calculation.cells.copy())
    reached = calculation.hangs_on(list(changed)) if calculation.hangs_on is not None else calculation.layout.filled
    inner.cells.state[reached] = PENDING
    for own in inner.layout.tables:  # a data table never sees itself
        inner.refuse(own, Reason("circular", "a data table that needs a data table"))
    for place, content in changed.items():
        inner.cells.put(place, content)
    inner.settle([formula])
    if inner.cells.state[formula] == REFUSED:
        reason = inner.reasons.get(inner.layout.owner(formula))
        raise UnsupportedError(reason.text if reason else "a data table that needs itself", "depends")
    return inner.cells.scalar(formula)
