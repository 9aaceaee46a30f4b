"""A reference on its way through an evaluation, and the operators between references."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlmodel.engine.formulas.cells import unsupported
from xlmodel.engine.formulas.objects import EMPTY, error, filled, is_error, plain, to_object
from xlmodel.engine.references import Region
from xlmodel.refs import Rect

__all__ = ["Areas", "combined", "saved_block"]


class Areas(tuple[Region, ...]):
    """A reference on its way through an evaluation: one rectangle or several."""

    __slots__ = ()


def combined(symbol: str, sides: list[Any]) -> Any:
    """Return what a reference operator makes of two references: an Areas, or an error."""
    for side in sides:
        if is_error(side):
            return side
        if not isinstance(side, Areas):
            raise unsupported("a reference operator between values")
    if symbol == ",":
        return Areas(region for side in sides for region in side)
    (one,), (two,) = (side if len(side) == 1 else (None,) for side in sides)
    if one is None or two is None:
        raise unsupported("a reference operator between several areas")
    a, b = one.rect, two.rect
    if one.sheet != two.sheet:
        return error("#VALUE!")
    if symbol == ":":
        hull = Rect(min(a.top, b.top), min(a.left, b.left), max(a.bottom, b.bottom), max(a.right, b.right))
        return Areas((Region(one.sheet, hull),))
    shared = Rect(max(a.top, b.top), max(a.left, b.left), min(a.bottom, b.bottom), min(a.right, b.right))
    if shared.top > shared.bottom or shared.left > shared.right:
        return error("#NULL!")
    return Areas((Region(one.sheet, shared),))


def saved_block(cells: Mapping[tuple[int, int], Any], rect: Rect) -> Any:
    """Return what another workbook held when this one was saved."""
    if rect.shape == (1, 1):
        return to_object(cells.get((rect.top, rect.left)))
    bottom = min(rect.bottom, max((r for r, _ in cells), default=rect.top))
    right = min(rect.right, max((c for _, c in cells), default=rect.left))
    out = filled((max(bottom - rect.top + 1, 1), max(right - rect.left + 1, 1)), EMPTY)
    for (row, col), content in cells.items():
        if rect.top <= row <= rect.bottom and rect.left <= col <= rect.right:
            out[row - rect.top, col - rect.left] = to_object(content)
    return plain(out)
