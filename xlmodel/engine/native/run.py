"""Going through a schedule: blocks by arrays where that is possible, else cell by cell."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from xlmodel.engine.native.calculation import Calculation
from xlmodel.engine.native.evaluator import PendingError, RefusedError
from xlmodel.engine.native.lane_forms import LANE_FORMS
from xlmodel.engine.native.lanes import Batch, Lanes, NotInLanesError
from xlmodel.engine.native.precision import as_displayed
from xlmodel.engine.native.schedule import FEW, Schedule, Stage, Step
from xlmodel.engine.native.store import SETTLED
from xlmodel.values import Kind, Values

__all__ = ["run"]


def run(calculation: Calculation, schedule: Schedule, progress: Callable[[int, int], None] | None = None) -> None:
    """Calculate everything that is pending."""
    total = len(calculation.layout.places)
    done = 0
    for stage in schedule.stages:
        if progress is not None:
            progress(done, total)
        done += sum(len(s.places) for s in stage.steps) + len(stage.loose)
        run_stage(calculation, stage)


def run_stage(calculation: Calculation, stage: Stage) -> None:
    """Calculate one stage."""
    if not stage.levels:
        for step in stage.steps:
            run_step(calculation, step, slice(0, len(step.places)))
    for level in range(stage.levels):
        for step in stage.steps:
            span = step.lane_slice(level)
            if span.stop > span.start:
                run_step(calculation, step, span)
    calculation.settle(stage.loose.tolist())


def run_step(calculation: Calculation, step: Step, span: slice) -> None:
    """Calculate some cells of one formula."""
    if step.batch is not None and span.stop - span.start >= FEW:
        try:
            lanes = Lanes(calculation.evaluator, step.batch, span, LANE_FORMS)
            values = lanes.formula()
        except (PendingError, RefusedError):
            pass  # it meets cells that the order did not foresee
        except NotInLanesError:
            if not lanes.messages and step.cuts is None:
                step.batch = None  # nor will it be in the next calculation
        else:
            store(calculation, step.batch, span, values)
            for lane, message in lanes.messages.items():
                place = int(step.batch.places[span.start + lane])
                calculation.messages[place] = message
            return
    calculation.settle(step.places[span].tolist())


def store(calculation: Calculation, batch: Batch, span: slice, values: Values) -> None:
    """Put the values of some cells where they belong."""
    places = batch.places[span]
    cells = calculation.cells
    shape = (cells.scenarios, len(places))
    values = values.broadcast_to(shape)
    if not calculation.layout.book.calc.full_precision:
        values = _displayed(calculation, places, values)
    cells.values.kind[:, places] = values.kind
    cells.values.num[:, places] = values.num
    if calculation.repeated or any(values.text.strides) or values.text.flat[0]:
        cells.values.text[:, places] = values.text
    cells.state[places] = SETTLED


def _displayed(calculation: Calculation, places: np.ndarray, values: Values) -> Values:
    out = values.copy()
    formats = [calculation.layout.number_format(int(p)) for p in places]
    for scenario in range(len(out.kind)):
        for i, number_format in enumerate(formats):
            if out.kind[scenario, i] == Kind.NUMBER:
                out.num[scenario, i] = as_displayed(float(out.num[scenario, i]), number_format)
    return out
