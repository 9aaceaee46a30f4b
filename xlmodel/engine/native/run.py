"""Going through a schedule: blocks by arrays where that is possible, else cell by cell.

With `changed`, what is pending but reads nothing that changed keeps its value.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from xlmodel.engine.native.calculation import Calculation
from xlmodel.engine.native.changes import Changes
from xlmodel.engine.native.evaluator import PendingError, RefusedError
from xlmodel.engine.native.lane_forms import LANE_FORMS
from xlmodel.engine.native.lanes import Batch, Lanes, NotInLanesError
from xlmodel.engine.native.operands import UnsupportedError
from xlmodel.engine.native.precision import as_displayed
from xlmodel.engine.native.schedule import FEW, Schedule, Stage, Step
from xlmodel.engine.native.store import PENDING, REFUSED, SETTLED, Ints
from xlmodel.engine.protocol import Reason
from xlmodel.values import Kind, Values

__all__ = ["Run"]

Cut = slice | NDArray[np.intp]


class Run:
    """One passage through a schedule.

    Parameters
    ----------
    calculation : Calculation
        What it calculates, and where.
    schedule : Schedule
    changes : Changes, optional
        What changed since the cells were calculated last; everything that is pending is calculated when None.
    """

    def __init__(self, calculation: Calculation, schedule: Schedule, changes: Changes | None = None) -> None:
        self.calculation = calculation
        self.schedule = schedule
        self.changes = changes
        self.cells = calculation.cells

    def whole(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Calculate everything that is pending."""
        total, done = len(self.calculation.layout.places), 0
        for stage in self.schedule.stages:
            if progress is not None:
                progress(done, total)
            if self.changes is None or self.changes.touch(stage):
                self.stage(stage)
            done += sum(len(s.places) for s in stage.steps) if progress is not None else 0
        self._nothing_left()

    def _nothing_left(self) -> None:
        """Give a reason to formula cells that hold nothing: two array formulas claim them."""
        places = self.calculation.layout.places
        bare = (self.cells.state[places] == PENDING) | (
            (self.cells.state[places] == SETTLED) & (self.cells.kind[places] == Kind.BLANK)
        )
        for place in places[bare].tolist():
            self.calculation.refuse(place, Reason("engine-error", "more than one array formula fills the cell"))
        for place, reason in list(self.calculation.reasons.items()):
            if self.cells.state[place] != REFUSED:
                self.calculation.refuse(place, reason)

    def stage(self, stage: Stage) -> None:
        """Calculate one stage."""
        one_by_one = stage.narrow and self.cells.scenarios == 1
        if stage.loose is not None or one_by_one:
            self._one_by_one(stage)
            return
        if not stage.levels:
            for step in stage.steps:
                self.step(step, self._all_of(step))
            return
        first, cuts = 0, [self._all_of(step) for step in stage.steps]
        if self.changes is not None:
            first = self.changes.first_level(stage, cuts)
        if first:  # what lies before reads nothing that changed
            for step in stage.steps:
                before = step.places[: step.level(first).start if first < stage.levels else None]
                self.cells.state[before[self.cells.state[before] == PENDING]] = SETTLED
        for level in range(first, stage.levels):
            for step, own in zip(stage.steps, cuts, strict=True):
                cut = _within(own, step.level(level))
                if cut.stop > cut.start if isinstance(cut, slice) else len(cut):
                    self.step(step, cut)
        for step in stage.steps:
            if step.in_lanes:
                step.batch.hoisted.clear()

    def _all_of(self, step: Step) -> Cut:
        return slice(0, len(step.places)) if self.changes is None else step.cells_of(self.changes.blocks)

    def _one_by_one(self, stage: Stage) -> None:
        places = stage.in_order
        if self.changes is not None:
            places = places[self.cells.state[places] == PENDING]
        self.calculation.settle(places.tolist())

    def step(self, step: Step, cut: Cut) -> None:
        """Calculate some cells of one formula."""
        places = step.places[cut]
        if self.changes is not None:
            waiting = self.cells.state[places] == PENDING
            if not waiting.any():
                return
            if step.in_lanes and self.cells.scenarios == 1:
                dirty = waiting & self.changes.lanes(step, cut)
                self.cells.state[places[waiting & ~dirty]] = SETTLED  # nothing that they read has changed
                waiting = dirty
            if not waiting.all():
                first = cut.start if isinstance(cut, slice) else 0
                at = np.flatnonzero(waiting)
                cut = at + first if isinstance(cut, slice) else cut[at]
                places = places[waiting]
                if not len(places):
                    return
        if step.in_lanes and len(places) * self.cells.scenarios >= FEW and self._in_lanes(step, cut, places):
            return
        self.calculation.settle(places.tolist())

    def _in_lanes(self, step: Step, cut: Cut, places: Ints) -> bool:
        try:
            batch = step.batch
            if not isinstance(cut, slice):  # too few to calculate their common parts for all
                batch = batch.without_levels()
            lanes = Lanes(self.calculation.evaluator, batch, cut, LANE_FORMS)
            values = lanes.formula()
        except (PendingError, RefusedError):
            return False  # it meets cells that the order did not foresee
        except (NotInLanesError, UnsupportedError):
            if step.cuts is None and not self.cells.refused and self.cells.scenarios == 1:
                step.in_lanes = False  # nor will it be in the next calculation
            return False
        self._store(batch, places, values)
        for lane, message in lanes.messages.items():
            self.calculation.messages[int(places[lane])] = message
        return True

    def _store(self, batch: Batch, places: Ints, values: Values) -> None:
        """Put the values of some cells where they belong."""
        cells = self.cells
        values = values.broadcast_to((cells.scenarios, len(places)))
        if not self.calculation.layout.book.calc.full_precision:
            values = self._displayed(places, values)
        if self.changes is not None:
            old = cells.values
            same = (old.kind[:, places] == values.kind) & (old.num[:, places] == values.num)
            if cells.texts_in(places) or any(values.text.strides) or values.text.flat[0]:
                same &= old.text[:, places] == values.text
            self.changes.note(places[~same.all(axis=0)])
        cells.values.kind[:, places] = values.kind
        cells.values.num[:, places] = values.num
        if cells.texts_in(places) or any(values.text.strides) or values.text.flat[0]:
            cells.values.text[:, places] = values.text
        cells.state[places] = SETTLED
        if cells.varying is not None:
            cells.varying[places] = True

    def _displayed(self, places: Ints, values: Values) -> Values:
        out = values.copy()
        formats = [self.calculation.layout.number_format(int(p)) for p in places]
        for scenario in range(len(out.kind)):
            for i, number_format in enumerate(formats):
                if out.kind[scenario, i] == Kind.NUMBER:
                    out.num[scenario, i] = as_displayed(float(out.num[scenario, i]), number_format)
        return out


def _within(own: Cut, level: slice) -> Cut:
    """Return those of some cells, in order, that lie in a level."""
    if isinstance(own, slice):
        return level
    low, high = np.searchsorted(own, (level.start, level.stop))
    return own[low:high]
