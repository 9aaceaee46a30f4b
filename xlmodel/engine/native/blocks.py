"""Blocks: rectangles of cells that hold one formula filled, and which block needs which.

A formula filled down a thousand rows is one block: one tree, one node in the graph of what needs what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.native.evaluator import Evaluator
from xlmodel.engine.native.layout import Layout
from xlmodel.engine.native.needs import Needs, needs_of, reach
from xlmodel.engine.native.operands import UnsupportedError
from xlmodel.engine.native.store import Ints
from xlmodel.engine.references import Region
from xlmodel.refs import Rect

__all__ = ["Block", "Blocks"]

#: A region of more places than this is compared with the rectangles of all blocks instead of being looked through.
_LOOK_THROUGH = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Cells of one sheet that hold the same formula, in a rectangle of used rows and columns."""

    sheet: int
    rect: Rect
    formula: int
    places: Ints
    whole: bool  #: an array formula or a data table: one cell that fills others


class Blocks:
    """The blocks of a workbook and what each of them needs.

    Attributes
    ----------
    blocks : list of Block
    needs : list of Needs
        By the number of the block; one object for all blocks of a formula on a sheet.
    precedents : list of list of int
        By the number of the block: the blocks it reads, itself included where it does.
    """

    def __init__(self, layout: Layout, evaluator: Evaluator) -> None:
        self.layout = layout
        self.evaluator = evaluator
        cells = layout.cells
        self.blocks: list[Block] = []
        self.number = np.full(len(cells.formula), -1, np.int32)
        self._first: list[int] = []
        for sheet in range(len(cells.grids)):
            self._first.append(len(self.blocks))
            self._find(sheet)
        self._first.append(len(self.blocks))
        for number, block in enumerate(self.blocks):
            self.number[block.places] = number
            if block.whole:
                place = int(block.places[0])
                mode = layout.arrays.get(place)
                region = mode.region if mode is not None else layout.tables[place]
                filled = cells.window(region).ravel()
                self.number[filled[cells.formula[filled] < 0]] = number
        self._rects = np.array([b.rect for b in self.blocks], np.int64).reshape(-1, 4)
        self._needs: dict[tuple[int, int], Needs] = {}
        self._hits: dict[Region, list[int]] = {}
        self.needs = [self._needs_of(b) for b in self.blocks]
        self.regions = [
            list(dict.fromkeys(Region(span.sheet, reach(span, b.rect)) for span in n.spans))
            for b, n in zip(self.blocks, self.needs, strict=True)
        ]
        self.precedents = [
            list(dict.fromkeys(hit for region in regions for hit in self.within(region))) for regions in self.regions
        ]

    def __len__(self) -> int:
        return len(self.blocks)

    def _needs_of(self, block: Block) -> Needs:
        key = block.formula, block.sheet
        if key not in self._needs:
            try:
                tree = self.evaluator.tree(self.layout.book.formulas[block.formula], block.sheet)
                self._needs[key] = needs_of(tree, self.evaluator)
            except UnsupportedError:
                self._needs[key] = Needs((), True, False, False)
        return self._needs[key]

    def _find(self, sheet: int) -> None:
        """Find the blocks of a sheet: runs down the columns, then equal runs side by side."""
        cells = self.layout.cells
        grid = cells.grids[sheet]
        height, width = grid.rows.count, grid.cols.count
        if not height * width:
            return
        formulas = cells.formula[grid.base : grid.base + height * width].reshape(height, width)
        if not (formulas >= 0).any():
            return
        whole = [p for p in (*self.layout.arrays, *self.layout.tables) if grid.base <= p < grid.base + height * width]
        if whole:  # each stands alone
            formulas = formulas.copy()
            flat = formulas.reshape(-1)
            for place in whole:
                flat[place - grid.base] = -1
                rows, cols = grid.cells(np.array([place]))
                rect = Rect(int(rows[0]), int(cols[0]), int(rows[0]), int(cols[0]))
                block = Block(sheet, rect, int(cells.formula[place]), np.array([place]), True)
                self.blocks.append(block)
        for top, bottom, left, right, formula in _rectangles(formulas):
            rows = grid.base + np.arange(top, bottom + 1, dtype=np.int64) * width
            places = (rows[:, None] + np.arange(left, right + 1)[None, :]).ravel()
            rect = Rect(
                int(grid.rows.used[top]), int(grid.cols.used[left]),
                int(grid.rows.used[bottom]), int(grid.cols.used[right]),
            )  # fmt: skip
            self.blocks.append(Block(sheet, rect, formula, places, False))

    def within(self, region: Region) -> list[int]:
        """Return the blocks that have cells in a region."""
        if region not in self._hits:
            self._hits[region] = self._within(region)
        return self._hits[region]

    def _within(self, region: Region) -> list[int]:
        rect = region.rect
        places = self.layout.cells.window(region)
        if places.size <= _LOOK_THROUGH:
            return [n for n in np.unique(self.number[places]).tolist() if n >= 0]
        low, high = self._first[region.sheet], self._first[region.sheet + 1]
        r = self._rects[low:high]
        hit = (r[:, 0] <= rect.bottom) & (r[:, 2] >= rect.top) & (r[:, 1] <= rect.right) & (r[:, 3] >= rect.left)
        found = set((np.flatnonzero(hit) + low).tolist())
        for n in range(low, high):
            if self.blocks[n].whole:  # what an array fills may be hit where its own cell is not
                mode = self.layout.arrays.get(int(self.blocks[n].places[0]))
                filled = mode.region.rect if mode else self.layout.tables[int(self.blocks[n].places[0])].rect
                if filled.top <= rect.bottom and filled.bottom >= rect.top:
                    found.add(n)
        return sorted(found)


def _rectangles(formulas: NDArray[np.int32]) -> Sequence[tuple[int, int, int, int, int]]:
    """Return rectangles of equal numbers, top, bottom, left, right and the number; what is negative is left out."""
    height, width = formulas.shape
    down = np.ascontiguousarray(formulas.T).ravel()
    change = np.flatnonzero(np.diff(down)) + 1
    starts = np.unique(np.concatenate([np.arange(0, height * width, height), change]))
    ends = np.append(starts[1:], height * width) - 1
    value = down[starts]
    keep = value >= 0
    if not keep.any():
        return []
    col, top = np.divmod(starts[keep], height)
    bottom, value = ends[keep] % height, value[keep]
    order = np.lexsort((col, value, bottom, top))
    col, top, bottom, value = col[order], top[order], bottom[order], value[order]
    joined = (np.diff(top) == 0) & (np.diff(bottom) == 0) & (np.diff(value) == 0) & (np.diff(col) == 1)
    first = np.flatnonzero(np.concatenate([[True], ~joined]))
    last = np.append(first[1:], len(col)) - 1
    return list(
        zip(top[first].tolist(), bottom[first].tolist(), col[first].tolist(), col[last].tolist(), value[first].tolist(),
            strict=True)
    )  # fmt: skip
