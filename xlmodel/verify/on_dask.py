"""The same work on the workers of a Dask scheduler: bytes of workbooks go there, outcomes as JSON come back.

No path of this machine is opened there, and nothing that comes out of a workbook is pickled: a job is bytes and text.
A worker that is lost has its jobs done elsewhere by Dask; a result is taken once.
"""

from __future__ import annotations

import json
import threading
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from xlmodel.engine.client import Worker
from xlmodel.errors import ConfigurationError, XlmodelError
from xlmodel.lint.baseline import read_legacy
from xlmodel.lint.settings import LintSettings
from xlmodel.projection.baseline import baseline_path
from xlmodel.registry import Registry
from xlmodel.verify.also import Also
from xlmodel.verify.check import check
from xlmodel.verify.kept import Kept, lasting
from xlmodel.verify.means import Advance, Means
from xlmodel.verify.outcome import Outcome
from xlmodel.verify.plain import outcome_from_text, outcome_text

__all__ = ["job", "outcomes_on_dask"]

#: Jobs that are under way for each thread there: enough that none waits, few enough that the scheduler holds little.
_AHEAD = 4
#: How many workers may be lost over one workbook before it is the workbook that is blamed.
_LOST = 3
_CONNECTING = 10  #: seconds

_here = threading.local()


def outcomes_on_dask(
    paths: Sequence[Path],
    means: Means,
    tolerance: float,
    also: Also,
    scheduler: str,
    advance: Advance,
    kept: Kept | None = None,
) -> Iterator[Outcome]:
    """Yield what became of each workbook, in the order of the paths, done by the workers of a scheduler.

    Raises
    ------
    ConfigurationError
        Dask is not installed, or no scheduler answers at the address.
    """
    try:
        import distributed
    except ImportError as error:
        raise ConfigurationError("a scheduler needs Dask: pip install 'xlmodel[dask]'") from error
    try:
        connect: Any = distributed.Client  # has no types
        client = connect(scheduler, timeout=_CONNECTING, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"no Dask scheduler answers at {scheduler}: {error}") from error
    with client, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sending large graph")  # a workbook is as large as it is
        task = json.dumps(_described(means, tolerance, also))
        threads = sum(client.nthreads().values()) or 1
        waiting, under_way = deque(paths), deque[tuple[Path, Any]]()
        while waiting or under_way:
            while waiting and len(under_way) < threads * _AHEAD:
                path = waiting.popleft()
                under_way.append((path, _submitted(client, path, task)))
            path, future = under_way.popleft()
            outcome = _received(path, future, also.lint, kept)
            advance(1.0)
            yield outcome


def _submitted(client: Any, path: Path, task: str) -> Any:
    """Return the future of a job; the outcome where the file cannot be read here."""
    try:
        content = path.read_bytes()
        beside = baseline_path(path)
        baseline = beside.read_bytes() if beside.is_file() else None
    except OSError as error:
        return Outcome(path, error=f"{path.name} cannot be read: {error.strerror or error}")
    # not pure: equal bytes are still two workbooks, and each gets its result
    return client.submit(job, content, baseline, str(path.absolute()), task, pure=False, retries=_LOST)


def _received(path: Path, future: Any, rules: LintSettings | None, kept: Kept | None) -> Outcome:
    if isinstance(future, Outcome):
        return future
    try:
        text, lasts = future.result()
        outcome = outcome_from_text(text, path)
    except Exception as error:  # whatever went wrong there: a worker lost too often, a program of another version
        return Outcome(path, error=f"{path.name} was not verified by the scheduler's workers: {error}")
    finally:
        future.release()
    if outcome.lint is not None and rules is not None and rules.baseline is not None:
        # a file of this machine, and it calls workbooks by their paths here
        legacy = read_legacy(rules.baseline)
        new, known, gone = legacy.divided(path, outcome.lint.findings, rules.selection.rules())
        outcome = replace(outcome, lint=replace(outcome.lint, findings=new, known=known, gone=gone))
    if outcome.baseline is not None:
        outcome = replace(outcome, baseline=replace(outcome.baseline, path=baseline_path(path)))
    if lasts and kept is not None:
        kept.put(path, outcome_text(outcome))
    return outcome


def _described(means: Means, tolerance: float, also: Also) -> dict[str, Any]:
    """Return with what, and for what, workbooks are looked at, as plain data."""
    return {
        "registry": means.registry.spec(),
        "limits": [means.time_limit, means.memory_limit],
        "engines": [means.engine, means.witness],
        "tolerance": tolerance,
        "lint": None if also.lint is None else msgspec.to_builtins(replace(also.lint, baseline=None)),
        "baseline": also.baseline,
    }


def job(content: bytes, baseline: bytes | None, known_as: str, task: str) -> tuple[str, bool]:
    """Verify a workbook, on a worker; return the outcome as text, and whether it lasts."""
    asked = json.loads(task)
    with TemporaryDirectory(prefix="xlmodel-") as folder:
        path = Path(folder, PurePath(known_as).name)
        path.write_bytes(content)
        if baseline is not None:
            baseline_path(path).write_bytes(baseline)
        try:
            means = Means(Registry.from_spec(asked["registry"]), *asked["limits"], *asked["engines"])
            rules = asked["lint"] and msgspec.convert(asked["lint"], LintSettings)
            also = Also(rules, asked["baseline"], known_as=Path(known_as))
            outcome = check(path, _worker(means), means, asked["tolerance"], None, also)
        except XlmodelError as error:
            outcome = Outcome(path, error=str(error))
    return outcome_text(outcome), lasting(outcome)


def _worker(means: Means) -> Worker:
    """Return this thread's worker: it is kept for the next job."""
    worker = getattr(_here, "worker", None)
    if worker is None or worker.memory_bytes != means.memory_bytes:
        _here.worker = worker = means.worker()
    return worker
