"""The process in which untrusted workbooks are read, recalculated and asked: ``python -m xlmodel.engine.worker``.

It answers requests from standard input on standard output, see `frames`, until its parent closes the pipe or kills it.
What libraries print goes to standard error. On Linux its memory is limited; elsewhere the limit is not enforced here.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

__all__ = ["OFFERED", "Service", "main"]

Answer = tuple[dict[str, Any], dict[str, Any]]

_FORBIDDEN = (
    "socket.connect",
    "socket.getaddrinfo",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
)


#: What rooms above answer: operation -> module with ``answer(service, request)``; named, so that none is imported here.
OFFERED = {
    "lint": "xlmodel.lint.service",
    "project": "xlmodel.projection.service",
    "explain": "xlmodel.verify.explain_service",
    "relations": "xlmodel.layout.service",
    "labels": "xlmodel.layout.label_service",
    "witness": "xlmodel.verify.witness_service",
    "recalculated": "xlmodel.verify.recalculated_service",
    "place": "xlmodel.sync.place_service",
    "checks": "xlmodel.lint.check_service",
}


class Service:
    """Answers requests, keeping the workbook of the last one."""

    def __init__(self, report: Callable[[int, int], None] = lambda done, total: None) -> None:
        self._report = report
        self._registries: dict[str, Any] = {}
        self._book: Any = None
        self._graph: Any = None

    def answer(self, request: Mapping[str, Any]) -> Answer:
        """Return the answer to one request, as the header and the arrays of a message."""
        from xlmodel.errors import EngineError

        operations = {"ping": self._ping, "evaluate": self._evaluate, "dependents": self._dependents}
        asked = request.get("op", "")
        if asked in OFFERED:
            answer: Answer = importlib.import_module(OFFERED[asked]).answer(self, request)
            return answer
        operation = operations.get(asked)
        if operation is None:
            raise EngineError(f"the worker knows no operation {asked!r}")
        return operation(request)

    def book(self, request: Mapping[str, Any]) -> Any:
        """Return the workbook at the request's path; without one, that of the last request.

        Raises
        ------
        BookError
            The file is not a readable workbook.
        EngineError
            No path is given, and no workbook was read before.
        """
        from xlmodel.errors import EngineError

        if request.get("path"):
            return self._read(request)
        if self._book is None:
            raise EngineError("no workbook is loaded")
        return self._book

    def registry(self, spec: Mapping[str, Any]) -> Any:
        """Return the functions that a request names."""
        return self._registry(spec)

    def _ping(self, request: Mapping[str, Any]) -> Answer:
        return {"pid": os.getpid()}, {}

    def _read(self, request: Mapping[str, Any]) -> Any:
        from xlmodel.book import Limits, read_book

        limits = Limits(**request["limits"]) if request.get("limits") else None
        self._book, self._graph = None, None
        self._book = read_book(Path(request["path"]), limits)
        return self._book

    def _registry(self, spec: Mapping[str, Any]) -> Any:
        from xlmodel.errors import EngineError, RegistryError
        from xlmodel.registry import Registry

        key = repr(sorted(spec["collections"].items())) + str(spec["source"])
        if key not in self._registries:
            try:
                self._registries[key] = Registry.from_spec(spec)
            except RegistryError as problem:
                raise EngineError(f"the functions cannot be used: {problem}") from problem
        return self._registries[key]

    def _evaluate(self, request: Mapping[str, Any]) -> Answer:
        from xlmodel.engine import engines
        from xlmodel.engine.evaluation import pack
        from xlmodel.engine.protocol import CellKey
        from xlmodel.errors import EngineError
        from xlmodel.values import ErrorValue

        registry = self._registry(request["registry"])
        made = engines().get(request["engine"])
        if made is None:
            raise EngineError(f"there is no engine {request['engine']!r}; there are {', '.join(sorted(engines()))}")
        book = self._read(request)
        dropped = set(request.get("without_names", ()))
        if dropped:
            book = replace(book, names=tuple(n for n in book.names if n.name.casefold() not in dropped))
        engine = made()
        if hasattr(engine, "progress"):
            engine.progress = self._report
        engine.load(book.stripped(), registry)
        what = request.get("what", ["calculate", "local"])
        inputs = {
            CellKey(sheet, row, col): ErrorValue(content[1]) if isinstance(content, list) else content
            for sheet, row, col, content in request.get("inputs", [])
        }
        calculated = engine.calculate(inputs) if "calculate" in what else None
        local = engine.local(book) if "local" in what else None
        engine.close()
        return pack(book, request["engine"], calculated, local, request.get("tables", ()))

    def _dependents(self, request: Mapping[str, Any]) -> Answer:
        from xlmodel.engine.dependencies import Dependencies
        from xlmodel.engine.protocol import CellKey

        book = self.book(request)
        if self._graph is None:
            self._graph = Dependencies(book)
        asked = [CellKey(*cell) for cell in request["cells"]]
        if request.get("each"):
            return {"counts": [len(self._graph.dependents([cell]) - {cell}) for cell in asked]}, {}
        found = self._graph.dependents(asked)
        if request.get("dynamic"):
            found |= self._graph.dynamic | self._graph.dependents(self._graph.dynamic)
        return {"cells": [list(cell) for cell in sorted(found)]}, {}


def _limit_memory(size: int) -> None:
    if sys.platform.startswith("linux"):
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        size = size if hard == resource.RLIM_INFINITY else min(size, hard)
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _forbid() -> None:
    """Let nothing in this process reach the network or start a program."""

    def hook(event: str, args: object) -> None:
        if event.startswith(_FORBIDDEN):
            raise PermissionError(f"{event} is not allowed in a worker")

    sys.addaudithook(hook)


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes to the parent, and leave standard output and input to whoever prints or reads by mistake."""
    source, out = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return os.fdopen(source, "rb"), os.fdopen(out, "wb")


def main(arguments: list[str] | None = None) -> int:
    """Serve until the parent closes the pipe."""
    parser = argparse.ArgumentParser(prog="python -m xlmodel.engine.worker")
    parser.add_argument("--memory", type=int, default=0, help="bytes of address space; 0 for no limit")
    memory = parser.parse_args(arguments).memory
    source, out = _streams()
    if memory:
        _limit_memory(memory)
    from xlmodel.engine.frames import FrameError, read_frame, write_frame
    from xlmodel.errors import XlmodelError

    sys.setrecursionlimit(10_000)  # a sum of a thousand terms is a tree a thousand deep
    service = Service(lambda done, total: write_frame(out, {"progress": [done, total]}))
    _forbid()
    while True:
        try:
            frame = read_frame(source)
            if frame is None:
                return 0
            header, arrays = service.answer(frame[0])
            write_frame(out, {"answer": header}, arrays)
        except BrokenPipeError:
            return 0
        except FrameError as problem:
            write_frame(out, {"error": ["EngineError", f"the worker was sent {problem}"]})
        except XlmodelError as problem:
            write_frame(out, {"error": [type(problem).__name__, str(problem)]})
        except MemoryError:
            service = Service(service._report)
            size = f"{memory / 1e6:,.0f} MB" if memory else "there is"
            write_frame(out, {"error": ["EngineError", f"the workbook needs more memory than {size}"]})
        except Exception as problem:  # a defect of ours: the parent must hear of it, and the next request be served
            write_frame(out, {"error": ["EngineError", f"{type(problem).__name__}: {problem}"]})


if __name__ == "__main__":
    raise SystemExit(main())
