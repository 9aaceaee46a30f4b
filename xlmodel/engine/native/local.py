"""Each formula calculated from what is saved in the cells it reads: what one gives, no other sees."""

from __future__ import annotations

import numpy as np

from xlmodel.engine.native.blocks import Blocks
from xlmodel.engine.native.calculation import Calculation
from xlmodel.engine.native.evaluator import PendingError, RefusedError
from xlmodel.engine.native.lane_forms import LANE_FORMS
from xlmodel.engine.native.lanes import Batch, Lanes, NotInLanesError
from xlmodel.engine.native.operands import UnsupportedError
from xlmodel.engine.native.results import result_of
from xlmodel.engine.native.schedule import FEW, Schedule
from xlmodel.engine.native.store import REFUSED, SETTLED
from xlmodel.engine.protocol import Result
from xlmodel.values import Kind, Values

__all__ = ["local_result"]


def local_result(calculation: Calculation) -> Result:
    """Calculate every formula of a book that holds its saved values, apart from all others."""
    layout, cells = calculation.layout, calculation.cells
    cells.state[:] = SETTLED
    bare = layout.places[cells.kind[layout.places] == Kind.BLANK]
    cells.state[bare] = REFUSED  # the file holds no result for it
    calculation.evaluator.spills = {p: a.region for p, a in layout.arrays.items()}
    alone = _Alone(calculation)
    blocks = Blocks(layout, calculation.evaluator)
    schedule = Schedule(layout, calculation.evaluator, blocks)
    for stage in schedule.stages:
        for step in stage.steps:
            if not (step.in_lanes and len(step.places) >= FEW and alone.in_lanes(step.batch)):
                for place in step.places.tolist():
                    alone.compute(place)
    chance = [b.places for b, needs in zip(blocks.blocks, blocks.needs, strict=True) if needs.volatile]
    return result_of(calculation, frozenset(p for places in chance for p in places.tolist()), alone.values)


class _Alone:
    """Calculates cells, and puts back what they held."""

    def __init__(self, calculation: Calculation) -> None:
        self.calculation = calculation
        self.places = calculation.layout.places
        self.values = Values.blank(len(self.places))

    def in_lanes(self, batch: Batch) -> bool:
        """Calculate many cells at once; False where that cannot be done."""
        try:
            lanes = Lanes(self.calculation.evaluator, batch.without_levels(), slice(0, len(batch)), LANE_FORMS)
            values = lanes.formula().broadcast_to((1, len(batch)))
        except (NotInLanesError, PendingError, RefusedError, UnsupportedError):
            return False
        self.values.set(np.searchsorted(self.places, batch.places), values[0])
        for lane, message in lanes.messages.items():
            self.calculation.messages[int(batch.places[lane])] = message
        return True

    def compute(self, place: int) -> None:
        """Calculate one cell."""
        inner = self.calculation
        cells, layout = inner.cells, inner.layout
        mode = layout.arrays.get(place)
        region = mode.region if mode else layout.tables.get(place)
        places = cells.window(region) if region is not None else np.array([place])
        before, state = cells.gather(places), cells.state[places]
        spill = inner.evaluator.spills.get(place)
        inner.compute(place)
        if place not in inner.reasons:
            self.values.put(int(np.searchsorted(self.places, place)), cells.scalar(place))
        cells.kind[places], cells.num[places], cells.text[places] = before.kind, before.num, before.text
        cells.state[places] = state
        if spill is not None:
            inner.evaluator.spills[place] = spill
