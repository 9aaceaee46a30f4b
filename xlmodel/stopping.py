"""Stopping at Ctrl-C: several threads wait for their workers then, and the command waits for the threads."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from xlmodel.engine.client import Answer, Worker
from xlmodel.errors import EngineError
from xlmodel.verify.means import Means

__all__ = ["StoppableMeans"]


class _StoppableWorker(Worker):
    """A worker that is not started again once the command is stopped."""

    def __init__(self, stopped: threading.Event, **limits: Any) -> None:
        super().__init__(**limits)
        self._stopped = stopped

    def call(self, op: str, **fields: Any) -> Answer:
        """Call as `Worker` does; a thread that is stopped ends with KeyboardInterrupt, like the main one."""
        if self._stopped.is_set():
            raise KeyboardInterrupt
        try:
            return super().call(op, **fields)
        except EngineError:
            if self._stopped.is_set():
                raise KeyboardInterrupt from None
            raise


@dataclass(frozen=True)
class StoppableMeans(Means):
    """Means whose workers end at once when the user stops the command, and are not started again."""

    _workers: list[Worker] = field(default_factory=list)
    _stopped: threading.Event = field(default_factory=threading.Event)

    def worker(self) -> Worker:
        """Return a worker within the limits."""
        made = _StoppableWorker(self._stopped, memory_bytes=self.memory_bytes)
        self._workers.append(made)
        return made

    @contextmanager
    def stoppable(self) -> Iterator[None]:
        """End every worker at Ctrl-C, before KeyboardInterrupt is raised as usual."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(*_: object) -> None:
            self._stopped.set()
            for worker in self._workers:
                worker.close()
            raise KeyboardInterrupt

        before = signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
