"""Functions that choose which of their arguments are evaluated, or that give references."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from xlmodel.engine.formulas import expression as tree
from xlmodel.engine.formulas.areas import Areas
from xlmodel.engine.formulas.cells import unsupported
from xlmodel.engine.formulas.coercion import as_number
from xlmodel.engine.formulas.objects import EMPTY, as_grid, error, is_error, is_text, plain
from xlmodel.engine.references import Region
from xlmodel.refs import Rect

if TYPE_CHECKING:
    from xlmodel.engine.formulas.evaluator import Evaluator

__all__ = ["FORMS"]


def _if(at: Evaluator, nodes: tuple[tree.Node, ...]) -> Any:
    if not 2 <= len(nodes) <= 3:
        raise unsupported("IF takes two or three arguments")
    test = at.value(nodes[0])
    if isinstance(test, np.ndarray):
        _entered_as_array(at, "IF")
        return at.whole("IF", nodes)
    if is_error(test):
        return test
    if is_text(test):
        return error("#VALUE!") if test.upper() not in ("TRUE", "FALSE") else _branch(at, nodes, test.upper() == "TRUE")
    return _branch(at, nodes, test is not EMPTY and bool(test))


def _entered_as_array(at: Evaluator, name: str) -> None:
    """Refuse what only an array formula does: inside SUMPRODUCT and its like these forms take no range whole."""
    if at.array and not at.place.array:
        raise unsupported(f"{name} over a range in a formula that is not an array formula")


def _branch(at: Evaluator, nodes: tuple[tree.Node, ...], test: bool) -> Any:
    if test:
        return at.run(nodes[1])
    return at.run(nodes[2]) if len(nodes) > 2 else False


def _iferror(at: Evaluator, nodes: tuple[tree.Node, ...], name: str = "IFERROR") -> Any:
    if len(nodes) != 2:
        raise unsupported(f"{name} takes two arguments")
    x = at.value(nodes[0])
    if isinstance(x, np.ndarray):
        _entered_as_array(at, name)
        return at.whole(name, nodes)
    failed = is_error(x) if name == "IFERROR" else x is error("#N/A")
    return at.value(nodes[1]) if failed else 0.0 if x is EMPTY else x


def _ifna(at: Evaluator, nodes: tuple[tree.Node, ...]) -> Any:
    return _iferror(at, nodes, "IFNA")


def _choose(at: Evaluator, nodes: tuple[tree.Node, ...]) -> Any:
    which = _integer(at, nodes[0])
    if is_error(which):
        return which
    return at.run(nodes[which]) if 1 <= which < len(nodes) else error("#VALUE!")


def _let(at: Evaluator, nodes: tuple[tree.Node, ...]) -> Any:
    if len(nodes) % 2 == 0 or len(nodes) < 3:
        raise unsupported("LET takes pairs of a name and a value, and a calculation")
    outer = at.locals
    at.locals = dict(outer)
    try:
        for name, value in zip(nodes[:-1:2], nodes[1:-1:2], strict=True):
            if not isinstance(name, tree.Local):
                raise unsupported("LET names a variable oddly")
            at.locals[name.name] = at.run(value)
        return at.run(nodes[-1])
    finally:
        at.locals = outer


def _integer(at: Evaluator, node: tree.Node) -> Any:
    x = at.value(node)
    if isinstance(x, np.ndarray):
        raise unsupported("an array of positions")
    x = as_number(x)
    if is_error(x):
        return x
    return error("#VALUE!") if is_text(x) else 0 if x is EMPTY else math.floor(float(x))


def _index(at: Evaluator, nodes: tuple[tree.Node, ...]) -> Any:
    if not 2 <= len(nodes) <= 4:
        raise unsupported("INDEX takes two to four arguments")
    source = at.argument(nodes[0], "A")
    if is_error(source):
        return source
    where = [0 if isinstance(n, tree.Missing) else _integer(at, n) for n in nodes[1:]]
    for x in where:
        if is_error(x):
            return x
    row, col, area = where[0], where[1] if len(where) > 1 else None, where[2] if len(where) > 2 else 1
    if isinstance(source, Areas):
        if not 1 <= area <= len(source):
            return error("#REF!")
        sheet, rect = source[area - 1]
        picked = _picked(rect.shape, row, col)
        if not isinstance(picked, tuple):
            return picked
        top, left, bottom, right = picked
        found = Rect(rect.top + top, rect.left + left, rect.top + bottom, rect.left + right)
        return Areas((Region(sheet, found),))
    if at.cut and isinstance(source, np.ndarray) and (row or col):
        raise unsupported("INDEX into what is calculated from whole columns or rows")
    grid = as_grid(source)
    picked = _picked(grid.shape, row, col, reference=False)
    if not isinstance(picked, tuple):
        return picked
    top, left, bottom, right = picked
    return plain(grid[top : bottom + 1, left : right + 1])


def _reference(at: Evaluator, nodes: tuple[tree.Node, ...], name: str) -> Areas:
    x = at.run(nodes[0])
    if isinstance(x, Areas):
        return x
    raise unsupported(f"{name} of a value")


def _spread(at: Evaluator, nodes: tuple[tree.Node, ...], name: str) -> Rect:
    """Return the rectangle whose rows or columns are wanted."""
    ((_, rect),) = _reference(at, nodes, name)[:1]
    if rect.shape[name == "COLUMN"] > 1 and not at.array and at.outermost is not nodes:
        raise unsupported(f"{name} of a range in a formula that is not an array formula")
    clipped = at.cells.clip(rect)
    at.cut |= {axis for axis in (0, 1) if rect.shape[axis] != clipped.shape[axis]}
    return clipped


def _row(at: Evaluator, nodes: tuple[tree.Node, ...]) -> Any:
    if not nodes:
        return float(at.place.row)
    rect = _spread(at, nodes, "ROW")
    return plain(np.arange(rect.top, rect.bottom + 1).astype(float).astype(object)[:, None])


def _column(at: Evaluator, nodes: tuple[tree.Node, ...]) -> Any:
    if not nodes:
        return float(at.place.col)
    rect = _spread(at, nodes, "COLUMN")
    return plain(np.arange(rect.left, rect.right + 1).astype(float).astype(object)[None, :])


def _extent(at: Evaluator, nodes: tuple[tree.Node, ...], axis: int) -> Any:
    x = at.argument(nodes[0], "A")
    if isinstance(x, Areas):
        return float(x[0].rect.shape[axis]) if len(x) == 1 else error("#REF!")
    if at.cut and isinstance(x, np.ndarray):
        raise unsupported("the size of what is calculated from whole columns or rows")
    return x if is_error(x) else float(as_grid(x).shape[axis])


def _rows(at: Evaluator, nodes: tuple[tree.Node, ...]) -> Any:
    return _extent(at, nodes, 0)


def _columns(at: Evaluator, nodes: tuple[tree.Node, ...]) -> Any:
    return _extent(at, nodes, 1)


def _areas(at: Evaluator, nodes: tuple[tree.Node, ...]) -> Any:
    return float(len(_reference(at, nodes, "AREAS")))


def _isref(at: Evaluator, nodes: tuple[tree.Node, ...]) -> Any:
    return isinstance(at.run(nodes[0]), Areas)


def _single(at: Evaluator, nodes: tuple[tree.Node, ...]) -> Any:
    x = at.run(nodes[0])
    if isinstance(x, Areas):
        return at.meet(x)
    return x.ravel()[0] if isinstance(x, np.ndarray) else x


def _anchorarray(at: Evaluator, nodes: tuple[tree.Node, ...]) -> Any:
    sheet, rect = _reference(at, nodes, "A1#")[0]
    filled = at.extents.get((sheet, rect.top, rect.left))
    return error("#REF!") if filled is None else Areas((Region(sheet, filled),))


def _picked(shape: tuple[int, ...], row: int, col: int | None, *, reference: bool = True) -> Any:
    """Return the corners, from 0, of what INDEX picks from a block; an error where there is none."""
    height, width = shape
    if col is None:
        if height == 1:
            row, col = 1 if row else 0, row
        elif width > 1 and reference and row > 0:
            return error("#REF!")
        else:
            col = 0
    if row < 0 or col < 0:
        return error("#VALUE!")
    if row > height or col > width:
        return error("#REF!")
    top, bottom = (row - 1, row - 1) if row else (0, height - 1)
    left, right = (col - 1, col - 1) if col else (0, width - 1)
    return top, left, bottom, right


FORMS: dict[str, Callable[[Evaluator, tuple[tree.Node, ...]], Any]] = {
    "ANCHORARRAY": _anchorarray,
    "AREAS": _areas,
    "CHOOSE": _choose,
    "COLUMN": _column,
    "COLUMNS": _columns,
    "IF": _if,
    "IFERROR": _iferror,
    "IFNA": _ifna,
    "INDEX": _index,
    "ISREF": _isref,
    "LET": _let,
    "ROW": _row,
    "ROWS": _rows,
    "SINGLE": _single,
}
