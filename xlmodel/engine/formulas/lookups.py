"""XLOOKUP and XMATCH: an exact, next or patterned match, from either end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from xlmodel.engine.formulas.cells import unsupported
from xlmodel.engine.formulas.coercion import number_or_error
from xlmodel.engine.formulas.comparison import almost_equal, kind_rank, ordered, same_text
from xlmodel.engine.formulas.criteria import matches_pattern
from xlmodel.engine.formulas.objects import EMPTY, Object, as_grid, each, error, is_error, is_number, is_text, plain

__all__ = ["LOOKUPS"]


def _order(x: Object, wanted: Object) -> int:
    if kind_rank(x) != kind_rank(wanted):
        return 1 if kind_rank(x) > kind_rank(wanted) else -1
    if is_text(wanted):
        return 0 if same_text(x, wanted) else ordered(x, wanted)
    if is_number(wanted) and almost_equal(x, wanted):
        raise unsupported("a lookup of a number met only to 15 digits")
    return int(x > wanted) - int(x < wanted)


def _found(wanted: Object, line: list[Object], mode: int, direction: int) -> int | None:
    """Return the place of a match, from 0."""
    places = range(len(line))[:: 1 if direction > 0 else -1]
    if wanted is EMPTY:
        if mode:
            raise unsupported("a lookup of a blank")
        return next((i for i in places if line[i] is EMPTY), None)
    if mode == 2 and is_text(wanted):
        return next((i for i in places if is_text(line[i]) and matches_pattern(wanted, line[i])), None)
    best: int | None = None
    for i in places:
        if not kind_rank(line[i]) or (mode not in (-1, 1) and kind_rank(line[i]) != kind_rank(wanted)):
            continue
        order = _order(line[i], wanted)
        if order == 0:
            return i
        if order == mode and (best is None or _order(line[i], line[best]) == -mode):
            best = i
    if best is not None and mode == 1 and kind_rank(line[best]) != kind_rank(wanted):
        raise unsupported("a next larger value of another kind")
    return best


def _modes(mode: Object, search: Object) -> tuple[int, int] | Object:
    made = [number_or_error(0.0 if mode is None else mode), number_or_error(1.0 if search is None else search)]
    failed = next((x for x in made if is_error(x)), None)
    if failed is not None:
        return failed
    one, two = int(made[0]), int(made[1]) or 1
    if one == 3:
        raise unsupported("a lookup by a regular expression")
    if one not in (-1, 0, 1, 2) or two not in (1, -1, 2, -2):
        return error("#VALUE!")
    if abs(two) == 2:
        raise unsupported("a binary search")
    return one, two


def _line(cells: Any) -> list[Object]:
    grid = as_grid(cells)
    if min(grid.shape) > 1:
        raise unsupported("a lookup in a block of several rows and columns")
    line: list[Object] = grid.ravel().tolist()
    return line


def _xmatch(wanted: Any, cells: Any, mode: Object = 0.0, search: Object = 1.0) -> Any:
    modes, line = _modes(mode, search), _line(cells)
    if is_error(modes):
        return modes

    def one(x: Object) -> Object:
        at = None if is_error(x) else _found(x, line, *modes)
        return x if is_error(x) else error("#N/A") if at is None else float(at + 1)

    return each(one, wanted)


def _xlookup(wanted: Any, cells: Any, given: Any, missing: Any = None, mode: Object = 0.0, search: Object = 1.0) -> Any:
    modes, line, block = _modes(mode, search), _line(cells), as_grid(given)
    if is_error(modes):
        return modes
    axis = 0 if as_grid(cells).shape[1] == 1 and (len(line) > 1 or block.shape[0] == 1) else 1
    if block.shape[axis] != len(line):
        return error("#VALUE!")
    if isinstance(wanted, np.ndarray) and wanted.size > 1 and block.shape[1 - axis] > 1:
        raise unsupported("a lookup of several values in a block of several rows and columns")

    def one(x: Object) -> Any:
        if is_error(x):
            return x
        at = _found(x, line, *modes)
        if at is None:
            return error("#N/A") if missing is None else missing
        return plain(block[at : at + 1] if axis == 0 else block[:, at : at + 1])

    return each(one, wanted) if isinstance(wanted, np.ndarray) else one(wanted)


LOOKUPS: dict[str, Callable[..., Any]] = {"XLOOKUP": _xlookup, "XMATCH": _xmatch}
