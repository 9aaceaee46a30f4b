"""The order of a calculation: steps of blocks that can be calculated together, deepest needs first.

Blocks on one depth that hold the same formula are one batch, on whichever sheets they stand. Blocks that need each other
are cut into levels of cells: a stock flow of 120 months is 120 levels, however many flows stand side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.native.blocks import Block, Blocks
from xlmodel.engine.native.evaluator import Evaluator
from xlmodel.engine.native.lanes import Batch, NotInLanesError, is_cell
from xlmodel.engine.native.layout import Layout
from xlmodel.engine.native.levels import levels_of
from xlmodel.engine.native.operands import UnsupportedError
from xlmodel.engine.native.order import components, depths
from xlmodel.engine.native.store import Ints

__all__ = ["Schedule", "Stage", "Step"]

#: Fewer cells than this are calculated one by one: that is quicker than arrays of so few.
FEW = 6
#: Edges between cells that need each other, in one component.
MAX_EDGES = 30_000_000


@dataclass(eq=False)
class Step:
    """Cells that hold one formula; `batch` is None where they can only be calculated one by one."""

    batch: Batch | None
    places: Ints
    blocks: tuple[int, ...]
    cuts: Ints | None = None  #: where each level begins, for cells that need each other

    def lane_slice(self, level: int) -> slice:
        """Return the cells of one level."""
        assert self.cuts is not None
        return slice(int(self.cuts[level]), int(self.cuts[level + 1]))


@dataclass(eq=False)
class Stage:
    """What can be calculated once all stages before are."""

    steps: list[Step] = field(default_factory=list)
    levels: int = 0  #: 0 where no cell needs another of the stage
    loose: Ints = field(default_factory=lambda: np.zeros(0, np.int64))  #: calculated one by one, on demand


class Schedule:
    """The stages of a workbook's calculation."""

    def __init__(self, layout: Layout, evaluator: Evaluator, blocks: Blocks) -> None:
        self.layout = layout
        self.evaluator = evaluator
        self.blocks = blocks
        self.stages = list(self._stages())

    def _stages(self) -> Iterator[Stage]:
        groups = components(self.blocks.precedents)
        depth = depths(groups, self.blocks.precedents)
        by_depth: dict[int, list[list[int]]] = {}
        for group, d in zip(groups, depth, strict=True):
            by_depth.setdefault(d, []).append(group)
        for d in sorted(by_depth):
            alone = [g[0] for g in by_depth[d] if len(g) == 1 and g[0] not in self.blocks.precedents[g[0]]]
            bound = [n for g in by_depth[d] if len(g) > 1 or g[0] in self.blocks.precedents[g[0]] for n in g]
            if alone:
                yield self._free(alone)
            if bound:
                yield self._bound(bound)

    def _batches(self, numbers: Sequence[int]) -> Iterator[tuple[Batch | None, list[int]]]:
        """Yield blocks that hold one formula, as one batch."""
        alike: dict[tuple[int, int], list[int]] = {}
        for number in numbers:
            block, needs = self.blocks.blocks[number], self.blocks.needs[number]
            alike.setdefault((block.formula, -1 if needs.portable else block.sheet), []).append(number)
        for members in alike.values():
            first, needs = self.blocks.blocks[members[0]], self.blocks.needs[members[0]]
            tree = None
            if not (first.whole or needs.dynamic or needs.volatile):
                try:
                    tree = self.evaluator.tree(self.layout.book.formulas[first.formula], first.sheet)
                except UnsupportedError:
                    tree = None
            parts = [self.blocks.blocks[n] for n in members]
            if tree is None or sum(len(b.places) for b in parts) < FEW:
                yield None, members
                continue
            sheet, row, col, places = _lanes(self.layout, parts)
            yield Batch(self.layout.cells, tree, first.sheet, sheet, row, col, places), members

    def _free(self, numbers: Sequence[int]) -> Stage:
        stage, loose = Stage(), []
        for batch, members in self._batches(numbers):
            if batch is None:
                loose.extend(self.blocks.blocks[n].places for n in members)
            else:
                stage.steps.append(Step(batch, batch.places, tuple(members)))
        if loose:
            stage.loose = np.concatenate(loose)
        return stage

    def _bound(self, numbers: Sequence[int]) -> Stage:
        """Cut blocks that need each other into levels; what cannot be cut is calculated on demand."""
        found = list(self._batches(numbers))
        everything = np.concatenate([self.blocks.blocks[n].places for _, members in found for n in members])
        if any(b is None and self.blocks.blocks[m].whole for b, members in found for m in members):
            return Stage(loose=everything)
        try:
            level = self._levels(found, everything)
        except NotInLanesError:
            level = None
        if level is None:
            return Stage(loose=everything)
        if len(everything) < FEW * (int(level.max()) + 1):  # narrow: one by one, but each after those it needs
            return Stage(loose=everything[np.argsort(level, kind="stable")])
        stage = Stage(levels=int(level.max()) + 1)
        start = 0
        for batch, members in found:
            places = np.concatenate([self.blocks.blocks[n].places for n in members])
            own = level[start : start + len(places)]
            start += len(places)
            order = np.argsort(own, kind="stable")
            cuts = np.searchsorted(own[order], np.arange(stage.levels + 1))
            if batch is not None:
                batch = Batch(
                    batch.cells, batch.tree, batch.home, batch.sheet[order], batch.row[order], batch.col[order], places[order]
                )  # fmt: skip
            stage.steps.append(Step(batch, places[order], tuple(members), cuts))
        return stage

    def _levels(self, found: Sequence[tuple[Batch | None, list[int]]], everything: Ints) -> NDArray[np.int32] | None:
        """Return the level of each cell; None where cells need themselves."""
        cells = self.layout.cells
        index = np.full(len(cells.formula), -1, np.int32)
        index[everything] = np.arange(len(everything), dtype=np.int32)
        needing, needed = [], []
        start = edges = 0
        for batch, members in found:
            parts = [self.blocks.blocks[n] for n in members]
            if batch is None:
                first = parts[0]
                sheet, row, col, places = _lanes(self.layout, parts)
                tree = self.evaluator.tree(self.layout.book.formulas[first.formula], first.sheet)
                batch = Batch(cells, tree, first.sheet, sheet, row, col, places)
            own = np.arange(start, start + len(batch))
            start += len(batch)
            for span in self.blocks.needs[members[0]].spans:
                if is_cell(span):
                    target = index[batch.spots(span)]
                    hit = target >= 0
                    needing.append(own[hit])
                    needed.append(target[hit].astype(np.int64))
                else:
                    for one, many in _range_edges(batch, span, index, MAX_EDGES - edges):
                        needing.append(own[one])
                        needed.append(many)
                edges += sum(len(x) for x in needed[-1:])
                if edges > MAX_EDGES:
                    raise NotInLanesError
        if not needing:
            return np.zeros(len(everything), np.int32)
        return levels_of(len(everything), np.concatenate(needing), np.concatenate(needed))


def _lanes(layout: Layout, parts: Sequence[Block]) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the sheet, row, column and place of each cell of some blocks."""
    places = np.concatenate([b.places for b in parts])
    sheet = np.repeat([b.sheet for b in parts], [len(b.places) for b in parts])
    row, col = np.empty_like(places), np.empty_like(places)
    start = 0
    for b in parts:
        stop = start + len(b.places)
        row[start:stop], col[start:stop] = layout.cells.grids[b.sheet].cells(b.places)
        start = stop
    return sheet, row, col, places


def _range_edges(
    batch: Batch, span: object, index: NDArray[np.int32], room: int
) -> Iterator[tuple[NDArray[np.intp], Ints]]:
    """Yield which cells of a batch need which members of the component, through a range."""
    rects = batch.rects(span)  # type: ignore[arg-type]
    cells = batch.cells
    same = rects.one
    for lane in range(1 if same else len(batch)):
        from xlmodel.refs import Rect

        rect = Rect(int(rects.top[lane]), int(rects.left[lane]), int(rects.bottom[lane]), int(rects.right[lane]))
        found = index[cells.grids[int(rects.sheet[lane])].window(rect).ravel()]
        found = found[found >= 0].astype(np.int64)
        if not len(found):
            continue
        lanes = np.arange(len(batch)) if same else np.array([lane])
        if len(found) * len(lanes) > room:
            raise NotInLanesError
        room -= len(found) * len(lanes)
        yield np.repeat(lanes, len(found)), np.tile(found, len(lanes))
