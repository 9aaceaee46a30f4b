"""With what workbooks are recalculated."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlmodel.engine.client import Worker, evaluate
from xlmodel.engine.evaluation import Evaluation
from xlmodel.registry import Registry
from xlmodel.verify.reconciliation import TABLE

__all__ = ["Advance", "Means"]

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
    witness: str | None = "auto"  #: who judges again what differs, as `second_opinion.chosen` reads it; None for none

    @property
    def memory_bytes(self) -> int:
        """How much memory a worker may take."""
        return self.memory_limit * 2**20

    def worker(self) -> Worker:
        """Return a worker within these limits."""
        return Worker(memory_bytes=self.memory_bytes)

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
