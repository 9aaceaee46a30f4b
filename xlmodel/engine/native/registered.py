"""Calls of the registry's functions: one cell at a time; `lanes` calls them a column at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlmodel.book.workbook import address
from xlmodel.engine.native.operands import Lambda, Operand, Reference, UnsupportedError
from xlmodel.engine.native.syntax import Call, Missing
from xlmodel.refs import Rect
from xlmodel.values import Values

if TYPE_CHECKING:
    from xlmodel.engine.native.evaluator import Evaluator
    from xlmodel.engine.native.frame import Frame

__all__ = ["call_registered", "whereabouts"]


def call_registered(evaluator: Evaluator, node: Call, frame: Frame) -> Operand:
    """Call one of the registry's functions; what it says of its error is kept for the report."""
    given = [None if isinstance(n, Missing) else evaluator.operand(n, frame) for n in node.arguments]
    cells: list[Values | None] = []
    for operand in given:
        if isinstance(operand, Reference):
            cells.append(_read(node.name, operand, frame))
        elif isinstance(operand, Lambda):
            raise UnsupportedError(f"{node.name} of a LAMBDA", "unsupported-syntax")
        else:
            cells.append(operand if isinstance(operand, Values) else Values.of(operand))
    for at, n in enumerate(node.arguments):
        if isinstance(n, Missing):
            cells[at] = None
    called = evaluator.registry.call(node.stored, cells, date1904=frame.date1904)
    for problem in list(called.problems.values())[
        : 0 if frame.message else 1
    ]:  # the first error is the one that travels
        operand = given[problem.position] if problem.position is not None and problem.position < len(given) else None
        frame.message.append(problem.message(whereabouts(evaluator, operand, problem.index)))
    return called.values.item() if called.values.shape == () else called.values


def _read(name: str, reference: Reference, frame: Frame) -> Values:
    if len(reference.areas) > 1:
        raise UnsupportedError(f"{name} of several areas", "unsupported-syntax")
    values = frame.values(reference)
    if reference.is_cell:
        return values.reshape(())
    if values.shape != reference.shape:
        raise UnsupportedError(f"{name} of whole columns or rows", "unsupported-syntax")
    return values


def whereabouts(evaluator: Evaluator, operand: object, index: tuple[int, int] | None) -> str | None:
    """Return the address of an argument's offender."""
    if not isinstance(operand, Reference):
        return None
    sheet, rect = operand.areas[0]
    name = evaluator.book.sheets[sheet].name
    if index is None and rect.shape != (1, 1):
        return f"{name}!{Rect(*rect).name}"
    row, col = index or (0, 0)
    return address(name, rect.top + row, rect.left + col)
