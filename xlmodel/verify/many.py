"""Many workbooks on all cores: threads that each own a worker; results in the order asked, as they come."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from xlmodel.engine.client import Worker
from xlmodel.verify.means import Advance, Means

__all__ = ["each"]

T = TypeVar("T")


def each(
    paths: Sequence[Path], means: Means, jobs: int, advance: Advance, work: Callable[[Path, Worker, Advance], T]
) -> Iterator[T]:
    """Do the work on each path, and yield the results in the order of the paths while the rest goes on.

    Parameters
    ----------
    paths : sequence of Path
        What to work on.
    means : Means
        Makes a worker for each thread.
    jobs : int
        How many threads.
    advance : callable
        Hears by what share of a path the work went on; all shares together are the number of paths.
    work : callable
        What to do with a path, in a worker.
    """
    results: deque[Future[T]] = deque(Future() for _ in paths)
    queue = deque(zip(paths, tuple(results), strict=True))

    def thread() -> None:
        with means.worker() as worker:
            while True:
                try:
                    path, result = queue.popleft()
                except IndexError:
                    return
                told = [0.0]

                def within(share: float, told: list[float] = told) -> None:
                    told[0] += share
                    advance(share)

                try:
                    result.set_result(work(path, worker, within))
                except BaseException as error:  # it is raised where the result is waited for
                    result.set_exception(error)
                advance(1.0 - told[0])

    threads = max(1, min(jobs, len(paths)))
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(threads):
            pool.submit(thread)
        try:
            while results:
                yield results.popleft().result()  # let go of at once: a thousand outcomes need not be held here
        finally:
            queue.clear()
