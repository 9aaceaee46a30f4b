"""What a formula would give in a cell: one formula, calculated from what is saved in the cells it refers to."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cache

import numpy as np

from xlmodel.engine.native.calculation import Calculation
from xlmodel.engine.native.evaluator import PendingError, RefusedError
from xlmodel.engine.native.frame import Frame
from xlmodel.engine.native.functions import worksheet_functions
from xlmodel.engine.native.model import Model, calculating
from xlmodel.engine.native.operands import ExcelError, UnsupportedError
from xlmodel.engine.native.store import REFUSED, SETTLED
from xlmodel.errors import EngineError
from xlmodel.lint.once import once
from xlmodel.lint.subject import Subject
from xlmodel.refs import Rect, bare_function
from xlmodel.values import Kind, Scalar, Values, same_scalar

__all__ = ["changes", "loops", "result"]

#: of two results, relatively: sums of the same cells in another order are one number
_SAME = 1e-9
#: how many cells are followed to see whether a formula would need its own cell
_FAR = 200


def result(subject: Subject, sheet_name: str, row: int, col: int, formula_r1c1: str) -> Scalar | None:
    """Return what a formula would give in a cell.

    Parameters
    ----------
    formula_r1c1 : str
        In R1C1 notation, without the equals sign.

    Returns
    -------
    Scalar
        None where it cannot be told: a function that changes by itself or is not known, a formula that cannot be read,
        an input without a saved result.
    """
    home = subject.scope.sheet(sheet_name)
    if home is None:
        return None
    try:
        if any(name in _volatile() for name in subject.scope.calls(formula_r1c1, home)):
            return None
        evaluator = _calculation(subject).evaluator
        frame = Frame(evaluator, home, row, col, False)
        with calculating():
            found = evaluator.result(evaluator.formula(evaluator.tree(formula_r1c1, home), frame), frame)
    except ExcelError as problem:
        return problem.value
    except (EngineError, UnsupportedError, PendingError, RefusedError):
        return None
    if isinstance(found, Values):
        return None
    return float(found) if isinstance(found, np.floating) else found


def changes(saved: Scalar, would_be: Scalar) -> bool | None:
    """Tell whether a cell would hold something else; None where what it would hold is not known.

    >>> changes(10.0, 10.000000000000002), changes(10.0, 11.0), changes(10.0, None)
    (False, True, None)
    """
    return None if would_be is None else not same_scalar(saved, would_be, _SAME)


def loops(subject: Subject, home: int, row: int, col: int, formula_r1c1: str) -> bool:
    """Tell whether a formula would refer to its own cell, or to one that hangs on it.

    Ways about very many other cells are not followed to the end.
    """
    own = home, row, col
    seen: set[tuple[int, int, int]] = set()
    waiting = deque([(*own, formula_r1c1)])
    while waiting and len(seen) < _FAR:
        sheet, r, c, formula = waiting.popleft()
        for piece in subject.scope.read(formula, sheet):
            for span in piece.spans:
                rect = span.at(r, c)
                if rect is None:
                    continue
                if span.sheet == home and rect.top <= row <= rect.bottom and rect.left <= col <= rect.right:
                    return True
                for place, its in _formulas_in(subject, span.sheet, rect):
                    if place not in seen:
                        seen.add(place)
                        waiting.append((*place, its))
    return False


def _formulas_in(subject: Subject, home: int, rect: Rect) -> Iterator[tuple[tuple[int, int, int], str]]:
    """Yield the formula cells of a rectangle, the first of them where it is large."""
    sheet = subject.book.sheets[home]
    low, high = np.searchsorted(sheet.row, (rect.top, rect.bottom + 1))
    inside = (sheet.formula[low:high] >= 0) & (sheet.col[low:high] >= rect.left) & (sheet.col[low:high] <= rect.right)
    for at in (np.flatnonzero(inside)[:_FAR] + low).tolist():
        yield (home, int(sheet.row[at]), int(sheet.col[at])), subject.book.formulas[sheet.formula[at]]


@cache
def _volatile() -> frozenset[str]:
    return frozenset(bare_function(name)[0] for name, f in worksheet_functions().items() if f.volatile)


@once
def _calculation(subject: Subject) -> Calculation:
    """Return a calculation whose every cell holds what is saved, made once for a workbook."""
    calculation = Model(subject.book).fresh(subject.book, saved=True)
    cells, places = calculation.cells, calculation.layout.places
    cells.state[:] = SETTLED
    cells.state[places[np.asarray(cells.kind[places] == Kind.BLANK)]] = REFUSED  # the file holds no result for it
    return calculation
