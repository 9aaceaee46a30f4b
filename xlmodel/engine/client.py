"""The parent's side of a worker process."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from xlmodel import errors
from xlmodel.book.package import Limits
from xlmodel.engine.evaluation import Evaluation, unpack
from xlmodel.engine.frames import Arrays, FrameError, read_frame, write_frame
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import EngineError, XlmodelError
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue, Scalar

__all__ = ["Worker", "dependents", "downstream", "evaluate"]

Answer = tuple[dict[str, Any], Arrays]
Progress = Callable[[int, int], None]


class _Process:
    """One running child, with threads that drain its pipes."""

    def __init__(self, command: list[str], environment: Mapping[str, str]) -> None:
        self.popen = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(environment),
            start_new_session=os.name == "posix",
        )
        self.frames: queue.Queue[Answer | FrameError | None] = queue.Queue()
        self._tail = b""
        self._threads = [
            threading.Thread(target=self._drain, args=(self.popen.stdout,), daemon=True),
            threading.Thread(target=self._listen, args=(self.popen.stderr,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def _drain(self, out: BinaryIO) -> None:
        while True:
            try:
                frame = read_frame(out)
            except FrameError as problem:
                self.frames.put(problem)
                return
            except (OSError, ValueError):
                frame = None
            self.frames.put(frame)
            if frame is None:
                return

    def _listen(self, err: BinaryIO) -> None:
        with contextlib.suppress(OSError, ValueError):
            while part := os.read(err.fileno(), 65_536):
                self._tail = (self._tail + part)[-4_096:]

    def kill(self) -> None:
        """End the child and all it started, without asking."""
        if os.name == "posix":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.kill()
        self.popen.wait()
        for thread in self._threads:
            thread.join(5)
        for pipe in (self.popen.stdin, self.popen.stdout, self.popen.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError, ValueError):
                    pipe.close()

    @property
    def last_line(self) -> str:
        """The last line of what the child wrote to standard error."""
        lines = [line for line in self._tail.decode("utf-8", "replace").splitlines() if line.strip()]
        return lines[-1].strip()[:300] if lines else ""


class Worker:
    """A child process that reads and recalculates workbooks.

    Parameters
    ----------
    memory_bytes : int, optional
        The most address space the child may take; enforced on Linux only.
    python : str
        The interpreter to run.

    Examples
    --------
    >>> with Worker() as worker:
    ...     worker.call("ping", timeout=60)[0]["pid"] != 0
    True
    """

    def __init__(self, *, memory_bytes: int | None = None, python: str = sys.executable) -> None:
        self.memory_bytes = memory_bytes
        self.python = python
        self._process: _Process | None = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The child's process number, None where none runs."""
        return None if self._process is None else self._process.popen.pid

    def close(self) -> None:
        """End the child; a later call starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()

    def _started(self) -> _Process:
        if self._process is not None and self._process.popen.poll() is not None:
            self.close()
        if self._process is None:
            command = [self.python, "-P", "-m", "xlmodel.engine.worker"]
            if self.memory_bytes:
                command += ["--memory", str(self.memory_bytes)]
            self._process = _Process(command, _environment())
        return self._process

    def call(self, op: str, *, timeout: float | None = None, progress: Progress | None = None, **fields: Any) -> Answer:
        """Send a request and wait for its answer.

        Parameters
        ----------
        op : str
            ping, evaluate or dependents.
        timeout : float, seconds, optional
            How long the answer may take; then the child is killed.
        progress : callable, optional
            Called with how much is done, and of how much.

        Raises
        ------
        XlmodelError
            As it was raised in the child.
        EngineError
            The child did not finish in time, or died; the next call starts a fresh one.
        """
        process = self._started()
        deadline = None if timeout is None else time.monotonic() + timeout
        assert process.popen.stdin is not None
        try:
            with contextlib.suppress(BrokenPipeError, OSError):  # a dead child shows at the other pipe
                write_frame(process.popen.stdin, {"op": op, **fields})
            while True:
                frame = self._next(process, op, deadline, timeout)
                if isinstance(frame, FrameError):
                    raise EngineError("the worker answered something that is not understood") from frame
                header, arrays = frame
                if "progress" in header:
                    if progress is not None:
                        progress(*header["progress"])
                elif "error" in header:
                    break
                else:
                    return header["answer"], arrays
        except BaseException:
            self.close()
            raise
        name, text = header["error"]
        kind = getattr(errors, name, EngineError)
        if not (isinstance(kind, type) and issubclass(kind, XlmodelError)):
            kind = EngineError
        raise kind(text)

    @staticmethod
    def _next(process: _Process, op: str, deadline: float | None, timeout: float | None) -> Answer | FrameError:
        left = None if deadline is None else max(deadline - time.monotonic(), 0.0)
        try:
            frame = process.frames.get(timeout=left)
        except queue.Empty:
            raise EngineError(f"{op} did not finish within {timeout:g} s") from None
        if frame is None:
            process.kill()
            code = process.popen.returncode
            how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
            last = process.last_line
            raise EngineError(f"the worker {how} during {op}" + (f": {last}" if last else ""))
        return frame


def _environment() -> dict[str, str]:
    """Return the child's environment: our import path, without relative entries and the standard library."""
    standard = {os.path.realpath(p) for k, p in sysconfig.get_paths().items() if k in ("stdlib", "platstdlib")}
    path = [
        p
        for p in sys.path
        if os.path.isabs(p)
        and os.path.realpath(p) not in standard
        and os.path.dirname(os.path.realpath(p))
        not in standard  # lib-dynload; site-packages the interpreter adds itself
    ]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path), "PYTHONSAFEPATH": "1"}


def evaluate(
    path: Path | str,
    *,
    worker: Worker,
    registry: Registry,
    engine: str = "native",
    what: Iterable[str] = ("calculate", "local"),
    limits: Limits | None = None,
    inputs: Mapping[CellKey, Scalar] | None = None,
    tables: Iterable[str] = (),
    without_names: Iterable[str] = (),
    timeout: float | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Read and recalculate a workbook in a worker.

    Parameters
    ----------
    path : Path or str
        The workbook.
    worker : Worker
        Where it is read.
    registry : Registry
        The functions its cells may call; it travels as module names and a hash of their source.
    engine : str
        A name from `engines()`.
    what : iterable of str
        ``calculate``, from the input cells; ``local``, each formula from its precedents' saved values.
    limits : Limits, optional
        How large the workbook may be.
    inputs : mapping of CellKey to Scalar, optional
        Input cells that `calculate` takes otherwise than saved.
    tables : iterable of str
        Excel tables whose calculated contents are wanted too.
    without_names : iterable of str
        Defined names to calculate without: the registry's functions of the same names are called in their place.
    timeout : float, seconds, optional
        How long it may take.

    Returns
    -------
    Evaluation

    Raises
    ------
    BookError
        The file is not a readable workbook, or is larger than the limits.
    EngineError
        It did not finish, the worker died, or the functions' source differs from ours.
    """
    header, arrays = worker.call(
        "evaluate",
        timeout=timeout,
        progress=progress,
        path=os.path.abspath(path),
        registry=registry.spec(),
        engine=engine,
        what=list(what),
        limits=None if limits is None else asdict(limits),
        inputs=[[*key, ["error", c.code] if isinstance(c, ErrorValue) else c] for key, c in (inputs or {}).items()],
        tables=list(tables),
        without_names=[name.casefold() for name in without_names],
    )
    return unpack(header, arrays)


def dependents(
    cells: Iterable[CellKey],
    *,
    worker: Worker,
    path: Path | str | None = None,
    dynamic: bool = False,
    timeout: float | None = None,
) -> frozenset[CellKey]:
    """Return every formula cell downstream of some cells, in the workbook the worker read last or at `path`.

    With `dynamic`, also those whose references are only known while they calculate (OFFSET, INDIRECT).
    """
    where = None if path is None else os.path.abspath(path)
    asked = [list(c) for c in cells]
    header, _ = worker.call("dependents", timeout=timeout, cells=asked, path=where, dynamic=dynamic)
    return frozenset(CellKey(*cell) for cell in header["cells"])


def downstream(cells: Iterable[CellKey], *, worker: Worker, timeout: float | None = None) -> list[int]:
    """Return for each cell how many others depend on it, in the workbook the worker read last."""
    header, _ = worker.call("dependents", timeout=timeout, cells=[list(c) for c in cells], each=True)
    return list(header["counts"])
