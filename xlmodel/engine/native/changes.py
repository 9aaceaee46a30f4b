"""What a change of inputs reaches: first by block, then cell by cell as the calculation goes on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.native.blocks import Blocks
from xlmodel.engine.native.lanes import Batch, NotInLanesError, is_cell
from xlmodel.engine.native.operands import UnsupportedError
from xlmodel.engine.native.schedule import Schedule, Stage, Step
from xlmodel.engine.native.store import Ints
from xlmodel.engine.references import Span
from xlmodel.refs import Rect

__all__ = ["Changes", "Reach", "affected", "cells_of"]

#: A range that holds more changed cells than this counts as changed for every cell that may read it.
_MANY = 64


class Reach:
    """Which blocks read which: the graph turned round, with what each block reads as rectangles."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self.readers: list[list[int]] = [[] for _ in range(len(blocks))]
        for number, needed in enumerate(blocks.precedents):
            for other in needed:
                self.readers[other].append(number)
        rows = [(n, r.sheet, *r.rect) for n, regions in enumerate(blocks.regions) for r in regions]
        self._reads = np.array(rows, np.int64).reshape(-1, 6)
        #: what may read anything: references made at run time, data tables
        self.dynamic = [
            n for n, b in enumerate(blocks.blocks)
            if blocks.needs[n].dynamic or (b.whole and int(b.places[0]) in blocks.layout.tables)
        ]  # fmt: skip

    def reading(self, cells: Iterable[tuple[int, int, int]]) -> set[int]:
        """Return the blocks that read any of some cells, given by sheet, row and column."""
        found: set[int] = set()
        r = self._reads
        for sheet, row, col in cells:
            hit = (r[:, 1] == sheet) & (r[:, 2] <= row) & (r[:, 4] >= row) & (r[:, 3] <= col) & (r[:, 5] >= col)
            found.update(r[hit, 0].tolist())
        return found

    def from_blocks(self, start: Iterable[int]) -> set[int]:
        """Return blocks with all that read them, directly or not."""
        found = set(start)
        stack = list(found)
        while stack:
            for reader in self.readers[stack.pop()]:
                if reader not in found:
                    found.add(reader)
                    stack.append(reader)
        return found


def affected(schedule: Schedule, reach: Reach, changed: Sequence[int]) -> set[int]:
    """Return the blocks that a change of some cells may reach."""
    cells = [schedule.layout.cells.cell(p) for p in changed]
    return reach.from_blocks({*reach.reading(cells), *reach.dynamic})


def cells_of(schedule: Schedule, blocks: set[int]) -> Ints:
    """Return the cells of blocks, and those that they fill."""
    parts = [np.zeros(0, np.int64)]
    for number in sorted(blocks):
        block = schedule.blocks.blocks[number]
        parts.append(block.places)
        if block.whole:
            parts.append(schedule.layout.filled_by(int(block.places[0])))
    return np.concatenate(parts)


class Changes:
    """The cells that changed so far, and what may have to change with them.

    Attributes
    ----------
    blocks : set of int
        The blocks that may read something that changed.
    """

    def __init__(self, schedule: Schedule, blocks: set[int], changed: Sequence[int]) -> None:
        self.schedule = schedule
        self.blocks = blocks
        self.mask = np.zeros(len(schedule.layout.cells.formula), np.bool_)
        self.mask[list(changed)] = True
        self._cells = schedule.layout.cells

    def note(self, places: Ints) -> None:
        """Note that cells changed."""
        self.mask[places] = True

    def touch(self, stage: Stage) -> bool:
        """Tell whether anything in a stage may have to change."""
        return any(n in self.blocks for step in stage.steps for n in step.blocks)

    def spread(self) -> None:
        """Count every cell as changed that reads one that changed."""
        for stage in self.schedule.stages:
            if not self.touch(stage):
                continue
            rounds = stage.levels if stage.levels else 1 if stage.loose is None else len(stage.steps)
            for level in range(rounds):
                for step in stage.steps:
                    cut = step.level(level) if stage.levels else slice(0, len(step.places))
                    hit = self.lanes(step, cut)
                    self.mask[step.places[cut][hit]] = True

    def lanes(self, step: Step, cut: slice | NDArray[np.intp]) -> NDArray[np.bool_]:
        """Tell for some cells of a step whether they read anything that changed."""
        count = len(step.places[cut])
        if not count:
            return np.zeros(0, np.bool_)
        try:
            batch = step.batch
            dirty = np.zeros(count, np.bool_)
            for span in step.needs.spans:
                if is_cell(span):
                    dirty |= self.mask[batch.spots(span)[cut]]
                else:
                    dirty |= self._ranges(batch, cut, count, span)
                if dirty.all():
                    break
        except (NotInLanesError, UnsupportedError):
            return np.ones(count, np.bool_)
        return dirty

    def _ranges(self, batch: Batch, cut: slice | NDArray[np.intp], count: int, span: Span) -> NDArray[np.bool_]:
        """Tell which cells read, by a range, something that changed."""
        rects = batch.rects(span)
        if rects.one:
            rect = Rect(int(rects.top[0]), int(rects.left[0]), int(rects.bottom[0]), int(rects.right[0]))
            hit = self.mask[self._cells.grids[int(rects.sheet[0])].window(rect)].any()
            return np.full(count, bool(hit))
        dirty = np.zeros(count, np.bool_)
        part = rects.sheet[cut]
        for sheet in [int(part[0])] if (part == part[0]).all() else rects.sheets:
            here = part == sheet
            if not here.any():
                continue
            top, left, bottom, right = (a[cut][here] for a in (rects.top, rects.left, rects.bottom, rects.right))
            grid = self._cells.grids[sheet]
            whole = Rect(int(top.min()), int(left.min()), int(bottom.max()), int(right.max()))
            places = grid.window(whole).ravel()
            hits = places[self.mask[places]]
            if len(hits) > _MANY:
                dirty |= here
            elif len(hits):
                rows, cols = grid.cells(hits)
                found = np.zeros(len(top), np.bool_)
                for row, col in zip(rows.tolist(), cols.tolist(), strict=True):
                    found |= (top <= row) & (bottom >= row) & (left <= col) & (right >= col)
                dirty[here] |= found
        return dirty

    def first_level(self, stage: Stage, cuts: Sequence[slice | NDArray[np.intp]]) -> int:
        """Return the first level of a stage in which some cell reads what changed outside the stage."""
        first = stage.levels
        for step, cut in zip(stage.steps, cuts, strict=True):
            dirty = np.flatnonzero(self.lanes(step, cut))
            if len(dirty) and step.cuts is not None:
                lane = int(dirty[0]) if isinstance(cut, slice) else int(cut[dirty[0]])
                first = min(first, int(np.searchsorted(step.cuts, lane, "right")) - 1)
        return first
