"""The order of a calculation: steps of blocks that can be calculated together, deepest needs first.

Blocks on one depth that hold the same formula are one step, on whichever sheets they stand. Blocks that need each other
are cut into levels of cells: a stock flow of 120 months is 120 levels, however many flows stand side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

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
from xlmodel.engine.native.syntax import Node, Ref, children
from xlmodel.engine.references import Span
from xlmodel.refs import Rect

__all__ = ["FEW", "Schedule", "Stage", "Step"]

#: Fewer cells than this are calculated one by one: that is quicker than arrays of so few.
FEW = 6
#: Edges between cells that need each other, in one component.
MAX_EDGES = 30_000_000


class Step:
    """Cells that hold one formula.

    Attributes
    ----------
    blocks : tuple of int
        The blocks they make up.
    cuts : int array or None
        Where each level begins, for cells that need each other.
    in_lanes : bool
        Whether the formula can be calculated for many cells at once, as far as is known.
    """

    def __init__(self, schedule: Schedule, blocks: Sequence[int]) -> None:
        self._schedule = schedule
        self.blocks = tuple(blocks)
        first, needs = schedule.blocks.blocks[blocks[0]], schedule.blocks.needs[blocks[0]]
        self.in_lanes = not (first.whole or needs.dynamic or needs.volatile)
        self.needs = needs
        self.order: Ints | None = None  #: of the cells, by level
        self.cuts: Ints | None = None
        self.inside: NDArray[np.bool_] | None = None  #: the cells of the component

    @cached_property
    def places(self) -> Ints:
        """The cells, by block, or by level where they need each other."""
        parts = [self._schedule.blocks.blocks[n].places for n in self.blocks]
        places = parts[0] if len(parts) == 1 else np.concatenate(parts)
        return places if self.order is None else places[self.order]

    @cached_property
    def batch(self) -> Batch:
        """The cells as lanes; UnsupportedError where the formula cannot be read."""
        schedule = self._schedule
        parts = [schedule.blocks.blocks[n] for n in self.blocks]
        tree = schedule.evaluator.tree(schedule.layout.book.formulas[parts[0].formula], parts[0].sheet)
        lanes = _lanes(schedule.layout, parts)
        if self.order is not None:
            lanes = tuple(a[self.order] for a in lanes)
        batch = Batch(schedule.layout.cells, tree, parts[0].sheet, *lanes)
        if self.inside is not None:
            batch.outer = _outer(batch, self.inside)
        return batch

    @cached_property
    def _starts(self) -> Ints:
        sizes = [len(self._schedule.blocks.blocks[n].places) for n in self.blocks]
        return np.concatenate([[0], np.cumsum(sizes)])

    def cells_of(self, blocks: set[int]) -> slice | NDArray[np.intp]:
        """Return those of its cells that belong to some blocks."""
        wanted = [i for i, n in enumerate(self.blocks) if n in blocks]
        if len(wanted) == len(self.blocks):
            return slice(0, len(self.places))
        if self.order is not None:
            number = self._schedule.blocks.number
            marks = np.zeros(len(self._schedule.blocks), np.bool_)
            marks[[self.blocks[i] for i in wanted]] = True
            return np.flatnonzero(marks[number[self.places]])
        starts = self._starts
        if len(wanted) == 1:
            return slice(int(starts[wanted[0]]), int(starts[wanted[0] + 1]))
        parts = [np.arange(starts[i], starts[i + 1]) for i in wanted]
        return np.concatenate(parts) if parts else np.zeros(0, np.intp)

    @property
    def sizes(self) -> Ints:
        """How many cells each level has."""
        assert self.cuts is not None
        return np.diff(self.cuts)

    def level(self, number: int) -> slice:
        """Return the cells of one level."""
        assert self.cuts is not None
        return slice(int(self.cuts[number]), int(self.cuts[number + 1]))


@dataclass(eq=False)
class Stage:
    """What can be calculated once all stages before are."""

    steps: list[Step] = field(default_factory=list)
    levels: int = 0  #: 0 where no cell needs another of the stage
    narrow: bool = False  #: so few cells a level that one by one is quicker
    loose: Ints | None = None  #: cells to calculate one by one, on demand, instead of the steps

    @cached_property
    def in_order(self) -> Ints:
        """All cells, each after those it needs."""
        if self.loose is not None:
            return self.loose
        places = np.concatenate([s.places for s in self.steps])
        if not self.levels:
            return places
        level = np.concatenate([np.repeat(np.arange(self.levels), s.sizes) for s in self.steps])
        return places[np.argsort(level, kind="stable")]


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
                yield Stage(self._steps(alone))
            if bound:
                yield self._bound(bound)

    def _steps(self, numbers: Sequence[int]) -> list[Step]:
        """Return blocks that hold one formula, as one step each."""
        alike: dict[tuple[int, int], list[int]] = {}
        for number in numbers:
            block, needs = self.blocks.blocks[number], self.blocks.needs[number]
            key = (block.formula, -1 if needs.portable else block.sheet) if not block.whole else (-1, number)
            alike.setdefault(key, []).append(number)
        return [Step(self, members) for members in alike.values()]

    def _bound(self, numbers: Sequence[int]) -> Stage:
        """Cut blocks that need each other into levels; what cannot be cut is calculated on demand."""
        steps = self._steps(numbers)
        everything = np.concatenate([s.places for s in steps])
        level = None
        if all(s.in_lanes for s in steps):
            try:
                level = self._levels(steps, everything)
            except (NotInLanesError, UnsupportedError):
                level = None
        if level is None:
            return Stage(steps, loose=everything)
        inside = np.zeros(len(self.layout.cells.formula), np.bool_)
        inside[everything] = True
        levels = int(level.max()) + 1
        start = 0
        ordered = []
        for step in steps:
            own = level[start : start + len(step.places)]
            start += len(step.places)
            cut = Step(self, step.blocks)
            cut.order = np.argsort(own, kind="stable")
            cut.cuts = np.searchsorted(own[cut.order], np.arange(levels + 1))
            cut.inside = inside
            ordered.append(cut)
        return Stage(ordered, levels, narrow=len(everything) < FEW * levels)

    def _levels(self, steps: Sequence[Step], everything: Ints) -> NDArray[np.int32] | None:
        """Return the level of each cell; None where cells need themselves."""
        index = np.full(len(self.layout.cells.formula), -1, np.int32)
        index[everything] = np.arange(len(everything), dtype=np.int32)
        needing, needed = [], []
        start = edges = 0
        for step in steps:
            batch = step.batch
            own = np.arange(start, start + len(batch))
            start += len(batch)
            for span in step.needs.spans:
                if is_cell(span):
                    target = index[batch.spots(span)]
                    hit = target >= 0
                    needing.append(own[hit])
                    needed.append(target[hit].astype(np.int64))
                else:
                    for one, many in _range_edges(batch, span, index, MAX_EDGES - edges):
                        needing.append(own[one])
                        needed.append(many)
                        edges += len(many)
        if not needing:
            return np.zeros(len(everything), np.int32)
        return levels_of(len(everything), np.concatenate(needing), np.concatenate(needed))


def _outer(batch: Batch, inside: NDArray[np.bool_]) -> frozenset[int]:
    """Return the parts of a formula, as large as they can be, that read no cell of the component."""
    found: set[int] = set()

    def free(node: Node) -> bool:
        parts = [(part, free(part)) for part in children(node)]
        own = not (isinstance(node, Ref) and any(_hits(batch, span, inside) for span in node.spans))
        if own and all(ok for _, ok in parts):
            return True
        found.update(id(part) for part, ok in parts if ok)
        return False

    if free(batch.tree):
        found.add(id(batch.tree))
    return frozenset(found)


def _hits(batch: Batch, span: Span, inside: NDArray[np.bool_]) -> bool:
    if is_cell(span):
        return bool(inside[batch.spots(span)].any())
    rects = batch.rects(span)
    for sheet in np.unique(rects.sheet).tolist():
        here = rects.sheet == sheet
        whole = Rect(
            int(rects.top[here].min()), int(rects.left[here].min()),
            int(rects.bottom[here].max()), int(rects.right[here].max()),
        )  # fmt: skip
        if inside[batch.cells.grids[sheet].window(whole)].any():
            return True
    return False


def _lanes(layout: Layout, parts: Sequence[Block]) -> tuple[Ints, ...]:
    """Return the sheet, row, column and place of each cell of some blocks."""
    places = parts[0].places if len(parts) == 1 else np.concatenate([b.places for b in parts])
    sheet = np.repeat([b.sheet for b in parts], [len(b.places) for b in parts])
    row, col = np.empty_like(places), np.empty_like(places)
    start = 0
    for b in parts:
        stop = start + len(b.places)
        row[start:stop], col[start:stop] = layout.cells.grids[b.sheet].cells(b.places)
        start = stop
    return sheet, row, col, places


def _range_edges(
    batch: Batch, span: Span, index: NDArray[np.int32], room: int
) -> Iterator[tuple[NDArray[np.intp], Ints]]:
    """Yield which cells of a batch need which members of the component, through a range."""
    rects = batch.rects(span)
    same = rects.one
    for lane in range(1 if same else len(batch)):
        rect = Rect(int(rects.top[lane]), int(rects.left[lane]), int(rects.bottom[lane]), int(rects.right[lane]))
        found = index[batch.cells.grids[int(rects.sheet[lane])].window(rect).ravel()]
        found = found[found >= 0].astype(np.int64)
        if not len(found):
            continue
        lanes = np.arange(len(batch)) if same else np.array([lane])
        if len(found) * len(lanes) > room:
            raise NotInLanesError
        room -= len(found) * len(lanes)
        yield np.repeat(lanes, len(found)), np.tile(found, len(lanes))
