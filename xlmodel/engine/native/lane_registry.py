"""Functions of the registry called for a whole block: one call, however many cells."""

from __future__ import annotations

import numpy as np

from xlmodel.calling import Called
from xlmodel.engine.native.lanes import Lanes, NotInLanesError, is_cell
from xlmodel.engine.native.operands import Reference
from xlmodel.engine.native.registered import whereabouts
from xlmodel.engine.native.syntax import Call, Missing, Node, Ref
from xlmodel.engine.references import Region
from xlmodel.refs import MAX_COL, MAX_ROW, Rect
from xlmodel.values import Values

__all__ = ["registered", "registered_arrays"]

MAX_CELLS = 8_000_000  #: handed to one call


def registered(lanes: Lanes, node: Call) -> Values:
    """Return a registry function that gives one result at each cell; the first of several where it is all there is."""
    values = _called(lanes, node)[0]
    if len(values.shape) < 3:
        return values
    if node is not lanes.batch.tree:
        raise NotInLanesError  # what stands around it may take all of them
    while len(values.shape) > 2:
        values = values.map(lambda a: a[..., 0])
    return values


def registered_arrays(lanes: Lanes, node: Call) -> Values:
    """Return a registry function's several results: scenarios by cells by results, or by their rows and columns."""
    if lanes.evaluator.registry.resolve(node.stored) is None or node.name in lanes.evaluator.functions:
        raise NotInLanesError
    values, ragged = _called(lanes, node)
    if ragged:
        raise NotInLanesError  # what lies past the end of a shorter result is #REF!, not the #N/A it was filled up with
    return values if len(values.shape) > 2 else values.map(lambda a: a[..., None])


def _called(lanes: Lanes, node: Call) -> tuple[Values, bool]:
    function = lanes.evaluator.registry.resolve(node.stored)
    if function is None or len(node.arguments) > len(function.arguments):
        raise NotInLanesError
    arguments: list[Values | None] = []
    for argument, part in zip(function.arguments, node.arguments, strict=False):
        arguments.append(None if isinstance(part, Missing) else _argument(lanes, part, bool(argument.kind.shape)))
    lead = np.broadcast_shapes((1, 1), *(a.shape[:2] for a in arguments if a is not None))
    rows = lead[0] * lead[1]
    columns = [None if a is None else _flat(a, (lead[0], lead[1])) for a in arguments]
    called = lanes.evaluator.registry.call_column(node.stored, columns, rows, date1904=lanes.reading.date1904)
    _note(lanes, node, called, lead[1])
    core = called.values.shape[1:]
    return called.values.reshape((lead[0], lead[1], *core)), called.ragged


def _argument(lanes: Lanes, node: Node, vector: bool) -> Values:
    """Return an argument, scenarios by cells; a vector's cells follow as rows and columns."""
    if isinstance(node, Ref) and len(node.spans) == 1 and not is_cell(node.spans[0]):
        if not vector:
            raise NotInLanesError  # a range for one value: the call spreads
        return _range(lanes, node)
    values = lanes.evaluate(node)
    return values.map(lambda a: a[..., None, None]) if vector else values


def _range(lanes: Lanes, node: Ref) -> Values:
    rects = lanes.batch.rects(node.spans[0])
    top, left, bottom, right, sheet = (
        a[lanes.slice] for a in (rects.top, rects.left, rects.bottom, rects.right, rects.sheet)
    )
    height, width = int(bottom[0] - top[0] + 1), int(right[0] - left[0] + 1)
    if not ((bottom - top + 1 == height) & (right - left + 1 == width)).all() or height == MAX_ROW or width == MAX_COL:
        raise NotInLanesError
    if all((a == a[0]).all() for a in (top, left, sheet)):
        top, left, sheet = top[:1], left[:1], sheet[:1]
    if height * width * len(top) * lanes.cells.scenarios > MAX_CELLS:
        raise NotInLanesError
    shape = (len(top), height, width)
    rows = np.broadcast_to(top[:, None, None] + np.arange(height)[None, :, None], shape)
    cols = np.broadcast_to(left[:, None, None] + np.arange(width)[None, None, :], shape)
    sheets = np.broadcast_to(sheet[:, None, None], shape)
    places = lanes.batch.places_at(sheets.ravel(), rows.ravel(), cols.ravel())
    return lanes.gather(places.reshape(shape))


def _flat(values: Values, lead: tuple[int, int]) -> Values:
    """Return an argument with one leading axis: of all calls, or of 1 where all share it."""
    core = values.shape[2:]
    if values.shape[:2] == (1, 1):
        return values.reshape((1, *core))
    return values.broadcast_to((*lead, *core)).reshape((lead[0] * lead[1], *core))


def _note(lanes: Lanes, node: Call, called: Called, cells: int) -> None:
    """Keep what the function said of its errors, for the first scenario."""
    for (row, *_), problem in called.problems.items():
        if row >= cells:
            continue
        targets = [row] if cells == lanes.count else range(lanes.count)
        for lane in targets:
            operand = None
            if problem.position is not None and problem.position < len(node.arguments):
                operand = _reference(lanes, node.arguments[problem.position], lane)
            lanes.messages.setdefault(lane, problem.message(whereabouts(lanes.evaluator, operand, problem.index)))


def _reference(lanes: Lanes, node: Node, lane: int) -> Reference | None:
    if not isinstance(node, Ref) or len(node.spans) != 1:
        return None
    at = lanes.lane(lane)
    span = node.spans[0]
    rect = span.at(int(lanes.batch.row[at]), int(lanes.batch.col[at]))
    sheet = int(lanes.batch.sheets(span)[at])
    return None if rect is None else Reference((Region(sheet, Rect(*rect)),))
