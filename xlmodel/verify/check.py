"""Verifying workbooks: each is read and recalculated in a worker, then judged here."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from xlmodel.engine.client import Worker, dependents, downstream
from xlmodel.engine.evaluation import Evaluation
from xlmodel.errors import XlmodelError
from xlmodel.layout.label_client import labels_of
from xlmodel.verify import second_opinion
from xlmodel.verify.also import Also
from xlmodel.verify.causes import explained
from xlmodel.verify.drift import AGREEMENT, Drift, compared, drifted, with_other_results
from xlmodel.verify.labelling import labelled
from xlmodel.verify.many import each
from xlmodel.verify.means import Advance, Means
from xlmodel.verify.outcome import Outcome, exit_code
from xlmodel.verify.recalculation import Verdict, Verification, judged
from xlmodel.verify.reconciliation import reconciliation
from xlmodel.verify.record import Record
from xlmodel.verify.sign_off import signed_off

__all__ = ["Advance", "Means", "Outcome", "check", "check_all", "exit_code"]

#: The share of a workbook's progress that is kept for the witness.
_WITNESS_SHARE = 1 / 3


def check(
    path: Path,
    worker: Worker,
    means: Means,
    tolerance: float,
    advance: Advance | None = None,
    also: Also | None = None,
) -> Outcome:
    """Verify one workbook; whatever goes wrong with it is in the outcome.

    Parameters
    ----------
    path : Path
        The workbook.
    worker : Worker
        Where it is read and calculated.
    means : Means
        The functions, the engines and the limits.
    tolerance : float
        Relative difference of two numbers that passes.
    advance : callable, optional
        Hears how the work goes on.
    also : Also, optional
        What is looked at beside the calculation; nothing by default.
    """
    start, heard = time.monotonic(), advance or (lambda share: None)
    first, second = (1.0, 0.0) if means.witness is None else (1 - _WITNESS_SHARE, _WITNESS_SHARE)
    try:
        evaluation = means.evaluate(path, worker, ("calculate", "local"), lambda share: heard(share * first))
        found = judged(evaluation, tolerance, partial(downstream, worker=worker, timeout=means.time_limit))
        witnesses = second_opinion.chosen(means.witness or "none")
    except XlmodelError as error:
        return Outcome(path, error=str(error))
    if witnesses and found.counts[Verdict.DIFFERS]:
        left = means.time_limit - (time.monotonic() - start)
        found = second_opinion.heard(
            found, path, worker, means.registry, witnesses, tolerance, left, lambda share: heard(share * second)
        )
    try:
        record = Record.of(evaluation.properties)
        drift = sign_off = None
        if record is not None:
            drift = _drift(path, worker, means, tolerance, evaluation, record, found)
            below = partial(dependents, worker=worker, timeout=means.time_limit)
            sign_off = signed_off(evaluation, record, below)
        found = explained(found, () if drift is None else [f.function for f in drift.functions])
        found = labelled(found, partial(labels_of, worker=worker, timeout=means.time_limit))
        linted = None if also is None else also.linted(path, worker, means.time_limit)
        baseline = None if also is None else also.held(path, worker, means.time_limit)
        return Outcome(path, found, reconciliation(evaluation), None, record, drift, sign_off, linted, baseline)
    except XlmodelError as error:
        return Outcome(path, found, error=str(error))


def _drift(
    path: Path,
    worker: Worker,
    means: Means,
    tolerance: float,
    evaluation: Evaluation,
    record: Record,
    found: Verification,
) -> Drift | None:
    """Return the functions that changed, and what the functions here give where the workbook carries its own."""
    functions = drifted(evaluation, record, means.registry)
    names = {n.name for n in evaluation.names}
    carried = [name for name in record.functions if name in names and name in means.registry.functions]
    if not carried:
        return compared(functions, found) if functions else None
    try:
        second = means.evaluate(path, worker, ("calculate", "local"), without_names=carried)
        there = judged(second, max(tolerance, AGREEMENT), partial(downstream, worker=worker, timeout=means.time_limit))
    except XlmodelError as error:
        return Drift(functions, problem=str(error))
    drift = compared(functions, there, found)
    functions = with_other_results(functions, drift.results, there, record)
    return replace(drift, functions=functions) if functions else None


def check_all(
    paths: Sequence[Path],
    means: Means,
    tolerance: float,
    *,
    jobs: int = 1,
    advance: Advance = lambda share: None,
    also: Also | None = None,
) -> list[Outcome]:
    """Verify workbooks, several at a time; one that fails does not stop the rest."""
    return list(each(paths, means, jobs, advance, lambda *one: check(one[0], one[1], means, tolerance, one[2], also)))
