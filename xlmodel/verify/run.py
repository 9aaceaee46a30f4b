"""A run over many workbooks: what was found before comes from the cache; the rest is done on all cores or elsewhere."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

from xlmodel.engine.client import Worker
from xlmodel.verify.also import Also
from xlmodel.verify.check import check
from xlmodel.verify.kept import Kept, lasting
from xlmodel.verify.many import each
from xlmodel.verify.means import Advance, Means
from xlmodel.verify.outcome import Outcome
from xlmodel.verify.plain import outcome_from_text, outcome_text

__all__ = ["outcomes", "remembered"]


def outcomes(
    paths: Sequence[Path],
    means: Means,
    tolerance: float,
    also: Also,
    *,
    jobs: int = 1,
    advance: Advance = lambda share: None,
    kept: Kept | None = None,
    scheduler: str | None = None,
) -> Generator[Outcome, None, None]:
    """Yield what became of each workbook, in the order of the paths, each as soon as it is known.

    Parameters
    ----------
    paths : sequence of Path
        The workbooks.
    means : Means
        The functions, the engines and the limits.
    tolerance : float
        Relative difference of two numbers that passes.
    also : Also
        What is looked at beside the calculation.
    jobs : int
        Workbooks at a time, on this machine.
    advance : callable
        Hears how the work goes on, in workbooks.
    kept : Kept, optional
        The outcomes of earlier runs; those of this one are added.
    scheduler : str, optional
        The address of a Dask scheduler whose workers do the work instead of this machine.
    """
    known = {path: found for path in paths if kept is not None and (found := kept.get(path)) is not None}
    rest = [path for path in paths if path not in known]
    advance(len(known))
    if scheduler is None:

        def work(path: Path, worker: Worker, told: Advance) -> Outcome:
            return remembered(check(path, worker, means, tolerance, told, also), kept)

        fresh = each(rest, means, jobs, advance, work)
    else:
        from xlmodel.verify.on_dask import outcomes_on_dask

        fresh = outcomes_on_dask(rest, means, tolerance, also, scheduler, advance, kept)
    for path in paths:
        yield known.pop(path) if path in known else next(fresh)


def remembered(outcome: Outcome, kept: Kept | None) -> Outcome:
    """Return an outcome without what reports do not print, as a later run takes it from the cache; and keep it there.

    A thousand of them are held at once.
    """
    text = outcome_text(outcome)
    if kept is not None and lasting(outcome):
        kept.put(outcome.path, text)
    return outcome_from_text(text, outcome.path)
