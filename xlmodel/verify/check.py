"""Verifying workbooks: each is read and recalculated in a worker, then judged here."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from xlmodel.book import as_stored
from xlmodel.engine.client import Worker, dependents, downstream, evaluate
from xlmodel.engine.evaluation import Evaluation
from xlmodel.errors import EngineError, XlmodelError
from xlmodel.refs import cell_name
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue, Scalar
from xlmodel.verify.drift import AGREEMENT, Drift, compared, drifted, with_other_results
from xlmodel.verify.recalculation import Verdict, Verification, Witness, judged
from xlmodel.verify.reconciliation import TABLE, Reconciliation, reconciliation
from xlmodel.verify.record import Record
from xlmodel.verify.sign_off import SignOff, signed_off
from xlmodel.verify.witness import witnessed

__all__ = ["Advance", "Means", "Outcome", "check", "check_all", "exit_code", "values_all"]

T = TypeVar("T")

#: Hears by what share of a workbook the work went on.
Advance = Callable[[float], None]


class _Phases:
    """Turns the engine's progress, which starts anew in each phase, into shares of a workbook."""

    def __init__(self, phases: int, advance: Advance) -> None:
        self.phases, self.advance = phases, advance
        self.finished, self.last, self.told = 0, 0, 0.0

    def __call__(self, done: int, total: int) -> None:
        self.finished += done < self.last
        self.last = done
        share = min((self.finished + done / max(total, 1)) / self.phases, 1.0)
        self.advance(max(share - self.told, 0.0))
        self.told = max(share, self.told)


@dataclass(frozen=True, slots=True)
class Means:
    """With what a workbook is recalculated."""

    registry: Registry  #: the functions that cells may call
    time_limit: float = 120.0  #: seconds a workbook
    memory_limit: int = 4096  #: megabytes
    engine: str = "native"
    witness: str | None = "formulas"  #: the engine that judges again what differs; None for none

    def worker(self) -> Worker:
        """Return a worker within these limits."""
        return Worker(memory_bytes=self.memory_limit * 2**20)

    def evaluate(
        self,
        path: Path,
        worker: Worker,
        what: Sequence[str] = ("calculate",),
        advance: Advance | None = None,
        *,
        engine: str | None = None,
        time_limit: float | None = None,
        without_names: Collection[str] = (),
    ) -> Evaluation:
        """Read and recalculate a workbook in a worker; `advance` hears of it as it goes.

        The engine and the time limit are those of the means unless given; `without_names` as for `client.evaluate`.
        """
        return evaluate(
            path,
            worker=worker,
            registry=self.registry,
            engine=engine or self.engine,
            what=what,
            tables=(TABLE,),
            without_names=without_names,
            timeout=self.time_limit if time_limit is None else time_limit,
            progress=None if advance is None else _Phases(len(what), advance),
        )


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of one workbook."""

    path: Path
    verification: Verification | None = None
    reconciliation: Reconciliation | None = None
    error: str | None = None
    record: Record | None = None  #: what a published workbook says of itself
    drift: Drift | None = None  #: functions that changed since it was published; None where none did
    sign_off: SignOff | None = None  #: None where the workbook records no hash of its values

    @property
    def exit_code(self) -> int:
        """0 clean, 1 findings, 2 unusable, 3 verification incomplete."""
        if self.error is not None or self.verification is None:
            return 2
        if self.drift is not None or (self.sign_off is not None and not self.sign_off.holds):
            return 1
        return self.verification.exit_code


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """Return the exit code over several workbooks: 2 before 1 before 3.

    >>> exit_code([Outcome(Path("a.xlsx"), error="not a workbook")]), exit_code([])
    (2, 0)
    """
    codes = {o.exit_code for o in outcomes}
    return next((code for code in (2, 1, 3) if code in codes), 0)


#: The share of a workbook's progress that is kept for the witness.
_WITNESS_SHARE = 1 / 3


def check(path: Path, worker: Worker, means: Means, tolerance: float, advance: Advance | None = None) -> Outcome:
    """Verify one workbook; whatever goes wrong with it is in the outcome."""
    start, heard = time.monotonic(), advance or (lambda share: None)
    first, second = (1.0, 0.0) if means.witness is None else (1 - _WITNESS_SHARE, _WITNESS_SHARE)
    try:
        evaluation = means.evaluate(path, worker, ("calculate", "local"), lambda share: heard(share * first))
        found = judged(evaluation, tolerance, partial(downstream, worker=worker, timeout=means.time_limit))
    except XlmodelError as error:
        return Outcome(path, error=str(error))
    if means.witness not in (None, means.engine) and found.counts[Verdict.DIFFERS]:
        left = means.time_limit - (time.monotonic() - start)
        found = _heard(found, path, worker, means, tolerance, left, lambda share: heard(share * second))
    try:
        record = Record.of(evaluation.properties)
        drift = sign_off = None
        if record is not None:
            drift = _drift(path, worker, means, tolerance, evaluation, record, found)
            below = partial(dependents, worker=worker, timeout=means.time_limit)
            sign_off = signed_off(evaluation, record, below)
        return Outcome(path, found, reconciliation(evaluation), None, record, drift, sign_off)
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


def _heard(
    found: Verification, path: Path, worker: Worker, means: Means, tolerance: float, left: float, advance: Advance
) -> Verification:
    """Have what differs judged again by the witness, in the time that is left; without it where it fails."""
    assert means.witness is not None
    try:
        if left <= 0:
            raise EngineError(f"no time was left of {means.time_limit:g} s")
        second = means.evaluate(path, worker, advance=advance, engine=means.witness, time_limit=left)
        below = partial(dependents, worker=worker, timeout=means.time_limit)
        return witnessed(found, second, tolerance, means.registry, below)
    except XlmodelError as error:
        return replace(found, witness=Witness(means.witness, str(error)))


def check_all(
    paths: Sequence[Path], means: Means, tolerance: float, *, jobs: int = 1, advance: Advance = lambda share: None
) -> list[Outcome]:
    """Verify workbooks, several at a time; one that fails does not stop the rest."""
    return _each(paths, means, jobs, advance, lambda *each: check(each[0], each[1], means, tolerance, each[2]))


def values_all(
    paths: Sequence[Path], means: Means, out: Path, *, jobs: int = 1, advance: Advance = lambda share: None
) -> list[tuple[Path, str]]:
    """Write the calculated values of each workbook as JSON; return those that could not be calculated, and why."""
    out.mkdir(parents=True, exist_ok=True)

    def one(path: Path, worker: Worker, told: Advance) -> tuple[Path, str] | None:
        try:
            said: dict[str, Any] = {"sheets": _values(means.evaluate(path, worker, advance=told))}
            failed = None
        except XlmodelError as error:
            said, failed = {"error": str(error)}, (path, str(error))
        (out / f"{path.name}.json").write_text(json.dumps(said, ensure_ascii=False, allow_nan=False), "utf-8")
        return failed

    return [failure for failure in _each(paths, means, jobs, advance, one) if failure is not None]


def _each(
    paths: Sequence[Path], means: Means, jobs: int, advance: Advance, work: Callable[[Path, Worker, Advance], T]
) -> list[T]:
    """Do the work on each path, in threads that own a worker each; results in the order of the paths."""
    queue = list(enumerate(paths))[::-1]
    results: dict[int, T] = {}

    def thread() -> None:
        with means.worker() as worker:
            while True:
                try:
                    at, path = queue.pop()
                except IndexError:
                    return
                told = [0.0]

                def within(share: float, told: list[float] = told) -> None:
                    told[0] += share
                    advance(share)

                results[at] = work(path, worker, within)
                advance(1.0 - told[0])

    threads = max(1, min(jobs, len(paths)))
    with ThreadPoolExecutor(threads) as pool:
        for future in [pool.submit(thread) for _ in range(threads)]:
            future.result()
    return [results[at] for at in range(len(paths))]


def _values(evaluation: Evaluation) -> dict[str, dict[str, list[Any]]]:
    """Return what each formula cell gives, and what array formulas and data tables fill beside their own cells."""
    sheets: dict[str, dict[str, list[Any]]] = {name: {} for name in evaluation.sheets}
    calculation = evaluation.calculated
    assert calculation is not None
    places = zip(evaluation.sheet.tolist(), evaluation.row.tolist(), evaluation.col.tolist(), strict=True)
    for i, ((sheet, row, col), value) in enumerate(zip(places, calculation.values.scalars(), strict=True)):
        reason = calculation.reasons.get(i)
        said = ["u", reason.text] if reason is not None else _coded(value)
        sheets[evaluation.sheets[sheet]][cell_name(row, col)] = said
    for i, block in calculation.spills.items():
        anchor = evaluation.key(i)
        filled = sheets[anchor.sheet]
        for (row, col), value in zip(np.ndindex(*block.shape), block.scalars(), strict=True):
            filled.setdefault(cell_name(anchor.row + row, anchor.col + col), _coded(value))
    return sheets


def _coded(content: Scalar) -> list[Any]:
    content = as_stored(content)
    if content is None:
        return [None, None]
    if isinstance(content, bool):
        return ["b", content]
    if isinstance(content, str):
        return ["s", content]
    return ["e", content.code] if isinstance(content, ErrorValue) else ["n", content]
