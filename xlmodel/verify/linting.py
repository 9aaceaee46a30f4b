"""Linting several workbooks without recalculating them: threads, each with a worker of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from xlmodel.engine.client import Worker
from xlmodel.errors import XlmodelError
from xlmodel.lint.client import lint
from xlmodel.lint.settings import LintSettings
from xlmodel.verify.outcome import Outcome

__all__ = ["lint_each"]


def lint_each(
    paths: Sequence[Path],
    settings: LintSettings,
    *,
    make_worker: Callable[[], Worker],
    time_limit: float,
    jobs: int = 1,
) -> Iterator[Outcome]:
    """Yield what the rules find in each workbook, in the order given; one that cannot be read stops no other."""
    own = threading.local()
    workers: list[Worker] = []

    def one(path: Path) -> Outcome:
        if not hasattr(own, "worker"):
            own.worker = make_worker()
            workers.append(own.worker)
        try:
            return Outcome(path, lint=lint(path, worker=own.worker, settings=settings, timeout=time_limit))
        except XlmodelError as error:
            return Outcome(path, error=str(error))

    pool = ThreadPoolExecutor(max(min(jobs, len(paths)), 1))
    try:
        yield from pool.map(one, paths)
    finally:
        for worker in workers:
            worker.close()
        pool.shutdown(wait=True, cancel_futures=True)
