"""SUMPRODUCT over many cells at once: each array expression has one more axis, the places of its ranges."""

from __future__ import annotations

import numpy as np

from xlmodel.engine.native import vectors
from xlmodel.engine.native.lane_ranges import added, window
from xlmodel.engine.native.lanes import Lanes, NotInLanesError, is_cell
from xlmodel.engine.native.syntax import Binary, Call, Literal, Node, Percent, Ref, Unary
from xlmodel.values import Kind, Values

__all__ = ["sumproduct"]

#: forms that work place by place, however many axes there are
_PLACE_BY_PLACE = frozenset("ABS INT ROUND NOT ISERROR ISERR ISNA ISNUMBER ISTEXT ISNONTEXT ISLOGICAL ISBLANK".split())
_ERROR, _NUMBER = np.uint8(Kind.ERROR), np.uint8(Kind.NUMBER)


class _Deep(Lanes):
    """Evaluates the parts of an array expression: scenarios by cells by places."""

    def __init__(self, lanes: Lanes) -> None:
        super().__init__(lanes.evaluator, lanes.batch.without_levels(), lanes.slice, lanes.forms)
        self.shapes: set[tuple[int, int]] = set()

    def evaluate(self, node: Node) -> Values:
        """Return what a part gives at each place of its ranges."""
        match node:
            case Literal():
                return Values.of([[[node.value]]])
            case Ref():
                return self.cell(node)
            case Binary() | Unary() | Percent():
                return self._part(node)
            case Call() if node.name in _PLACE_BY_PLACE:
                return self.forms[node.name](self, node)
            case Call() if node.name not in self.forms:
                function = self.evaluator.functions.get(node.name)
                if function is None or function.context:
                    raise NotInLanesError
                return self.each(function, node.arguments)
            case _:
                raise NotInLanesError

    def cell(self, node: Ref) -> Values:
        """Return a single cell, or the places of a range."""
        if len(node.spans) != 1:
            raise NotInLanesError
        if is_cell(node.spans[0]):
            return super().cell(node).map(lambda a: a[..., None])
        places, shape = window(self, self.batch.rects(node.spans[0]))
        self.shapes.add(shape)
        if len(self.shapes) > 1:
            raise NotInLanesError
        return self.gather(places)


def sumproduct(lanes: Lanes, node: Call) -> Values:
    """Return the sum of the products of cells in the same place."""
    deep = _Deep(lanes)
    factors = [deep.evaluate(n) for n in node.arguments]
    if not factors or not deep.shapes or (len(factors) > 1 and len({f.shape[-1] for f in factors}) > 1):
        raise NotInLanesError
    if any((f.kind == _ERROR).any() for f in factors):
        raise NotInLanesError
    products = np.where(factors[0].kind == _NUMBER, factors[0].num, 0.0)
    for factor in factors[1:]:
        products = products * np.where(factor.kind == _NUMBER, factor.num, 0.0)
    found = added(products)
    if not np.isfinite(found).all():
        raise NotInLanesError
    return vectors.numbers(found)
