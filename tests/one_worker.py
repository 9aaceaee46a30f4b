"""Means of tests: one worker for all that is calculated, for a process for each file would take most of the time."""

from dataclasses import dataclass, field

from xlmodel.engine.client import Worker
from xlmodel.verify.check import Means


class _Kept(Worker):
    def __exit__(self, *_):
        pass


@dataclass(frozen=True)
class OneWorker(Means):
    """Means with a worker that goes on until `kept.close()`."""

    kept: Worker = field(default_factory=_Kept)

    def worker(self):
        return self.kept
