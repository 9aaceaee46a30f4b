"""Where to look first when checks fail: the cells that the failing checks depend on, and the passing ones do not.

A cell that every failing check needs and no passing check needs is a likelier culprit than one on which half of the
passing checks stand too. The measure is the one of Ochiai, from the search for faults in programs by their tests.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.protocol import CellKey
from xlmodel.lint.subject import Subject
from xlmodel.refs import Rect
from xlmodel.values import Kind

__all__ = ["Suspects"]

Grid = NDArray[np.uint64]

_MOST_CELLS = 4_000_000  #: of all sheets together; beyond, nothing is said
_BITS = 64
LEAST = 0.5  #: of the measure: what many passing checks need as well is no culprit


class Suspects:
    """Which cells each check of a workbook depends on, directly or through others.

    Parameters
    ----------
    subject : Subject
    checks : collection of CellKey
        Every check, whether it fails or passes.
    """

    def __init__(self, subject: Subject, checks: Collection[CellKey]) -> None:
        self._subject = subject
        self._bits = {key: n for n, key in enumerate(sorted(checks))}
        words = -(-len(self._bits) // _BITS)
        shapes = [sheet.used.shape for sheet in subject.book.sheets]
        small = sum(rows * cols for rows, cols in shapes) * words <= _MOST_CELLS
        self._grids = [np.zeros((*shape, words), np.uint64) for shape in shapes] if small and words else []
        if self._grids:
            self._spread()

    def _spread(self) -> None:
        """Hand the mark of each check on to all that it depends on, backwards through the order of calculation."""
        dependencies, scope = self._subject.dependencies, self._subject.scope
        for key, n in self._bits.items():
            home = scope.sheet(key.sheet)
            assert home is not None
            self._grids[home][key.row - 1, key.col - 1, n // _BITS] |= np.uint64(1 << n % _BITS)
        for key in reversed(dependencies.order().sorted):
            home = scope.sheet(key.sheet)
            assert home is not None
            marks = self._grids[home][key.row - 1, key.col - 1]
            if marks.any():
                for name, rect in dependencies.precedents(key):
                    there = scope.sheet(name)
                    if there is not None:
                        self._part(there, rect)[...] |= marks

    def _part(self, home: int, rect: Rect) -> Grid:
        return self._grids[home][rect.top - 1 : rect.bottom, rect.left - 1 : rect.right]

    def behind(self, failing: Collection[CellKey], most: int = 3) -> Mapping[CellKey, frozenset[CellKey]]:
        """Return the likeliest culprits, each with the failing checks that depend on it.

        Where one cell cannot explain all failing checks, the rest are looked at by themselves. Where more than `most`
        cells are equally likely nothing is known, and nothing is returned of those checks.
        """
        left, found = set(failing), {}
        while left and self._grids:
            group, explained = self._likeliest(left)
            if not explained:
                break
            if len(group) <= most:
                found.update(dict.fromkeys(group, frozenset(explained)))
            left -= explained
        return found

    def _likeliest(self, failing: Collection[CellKey]) -> tuple[list[CellKey], set[CellKey]]:
        """Return the cells with the highest measure, and the failing checks that depend on them."""
        wanted = self._mask(failing)
        passing = self._mask([key for key in self._bits if key not in failing])
        best = LEAST
        group: list[CellKey] = []
        for home, sheet in enumerate(self._subject.book.sheets):
            filled = sheet.values.kind != Kind.BLANK
            row, col = sheet.row[filled], sheet.col[filled]
            marks = self._grids[home][row - 1, col - 1]
            failed, passed = _count(marks & wanted), _count(marks & passing)
            measure = failed / np.sqrt(np.maximum(failed + passed, 1) * len(failing))
            calculated = sheet.formula[filled] >= 0
            workings = self._workings(home, row, marks)
            # a typed figure that one failing check alone needs is a side of it, no likelier wrong than the other side
            measure[np.where(calculated, workings, (failed == 1) & ~workings)] = 0.0
            measure[~calculated & (sheet.values.kind[filled] == Kind.TEXT)] = 0.0
            at_most = float(measure.max(initial=0.0))
            if at_most > best:
                best, group = at_most, []
            if at_most == best > LEAST:
                group += [CellKey(sheet.name, int(row[i]), int(col[i])) for i in np.flatnonzero(measure == best)]
        own = [key for key in group if key not in self._bits]
        explained = {key for key in failing if any(self._needs(key, cell) for cell in own)}
        return own, explained

    def _workings(self, home: int, row: NDArray[np.int32], marks: Grid) -> NDArray[np.bool_]:
        """Tell which cells stand beside a check and serve it alone: what they compare is elsewhere."""
        found = np.zeros(len(row), np.bool_)
        single = _count(marks) == 1
        for key, n in self._bits.items():
            if self._subject.scope.sheet(key.sheet) == home:
                own = marks[:, n // _BITS] == np.uint64(1 << n % _BITS)
                found |= single & own & (row == key.row)
        return found

    def _needs(self, check: CellKey, cell: CellKey) -> bool:
        home, n = self._subject.scope.sheet(cell.sheet), self._bits[check]
        assert home is not None
        return bool(self._grids[home][cell.row - 1, cell.col - 1, n // _BITS] >> np.uint64(n % _BITS) & np.uint64(1))

    def _mask(self, checks: Collection[CellKey]) -> NDArray[np.uint64]:
        mask = np.zeros(-(-len(self._bits) // _BITS), np.uint64)
        for key in checks:
            n = self._bits[key]
            mask[n // _BITS] |= np.uint64(1 << n % _BITS)
        return mask


def _count(marks: NDArray[np.uint64]) -> NDArray[np.int64]:
    counted: NDArray[np.int64] = np.bitwise_count(marks).sum(axis=-1, dtype=np.int64)
    return counted
