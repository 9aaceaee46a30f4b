"""Every hostile workbook ends in values or in a reason, in good time, and nothing but the workbook is opened."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import formulas, functions, grids, names, packages, ranges
from hostile.case import Case
from hostile.packing import CANARY, in_column

from xlmodel.engine import CellKey, engines
from xlmodel.engine.client import Worker, evaluate
from xlmodel.engine.evaluation import Evaluation
from xlmodel.errors import BookError, EngineError
from xlmodel.refs import parse_cell
from xlmodel.registry import Registry
from xlmodel.values import Kind, same_scalar

ENGINE = "native" if "native" in engines() else "formulas"
MEMORY, SECONDS = 1 << 30, 30.0
CASES = [case for module in (packages, grids, ranges, formulas, functions, names) for case in module.CASES]
LIMITS = r"did not finish within|needs more memory than|worker was ended|worker ended"
#: an exception of Python's where a reason should be
DEFECT = re.compile(r"^(?:[a-z_]+\.)*[A-Z]\w*(?:Error|Exception|Interrupt|Warning|Iteration)\b(?!:? [A-Z]\d)")
#: where program code is imported from
CODE = tuple(os.path.join(folder, "") for folder in (sys.prefix, sys.base_prefix, *filter(os.path.isabs, sys.path)))

#: stands between the worker and its interpreter: writes down what is opened, connected to or started
WATCHED = """
import os, runpy, sys
log = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND)
sys.argv[:2] = ["worker"]
WATCH = ("open", "socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.listdir",
         "os.scandir", "os.remove", "os.rename", "os.mkdir", "ctypes.dlopen", "urllib.", "http.", "ftplib.", "smtplib.",
         "shutil.", "tempfile.", "webbrowser.", "glob.", "pickle.")
def hook(event, args):
    if event.startswith(WATCH):
        os.write(log, (event + " " + str(args[0] if args else "")[:500] + "\\n").encode("utf-8", "replace"))
sys.addaudithook(hook)
runpy.run_module("xlmodel.engine.worker", run_name="__main__", alter_sys=True)
"""
#: the worker's command is: -P -m xlmodel.engine.worker --memory N
AUDITED = """#!/bin/sh
shift 3
exec "{python}" -P "{folder}/watched.py" "{folder}/log" "$@"
"""
TRACED = """#!/bin/sh
exec strace -f -qq -o "{folder}/log" -e trace=openat,open,creat,connect,sendto,execve,unlink,rename "{python}" "$@"
"""


class Watch:
    """What a watched worker did since it was asked last."""

    def __init__(self, folder: Path, command: str) -> None:
        self.log, self.python, self.read = folder / "log", folder / "python", 0
        self.log.touch()
        (folder / "watched.py").write_text(WATCHED, "utf-8")
        self.python.write_text(command.format(python=sys.executable, folder=folder))
        self.python.chmod(0o755)

    def lines(self) -> list[str]:
        """Return the new lines of the log."""
        found = self.log.read_bytes()[self.read :]
        self.read += len(found)
        return found.decode("utf-8", "replace").splitlines()

    def strangers(self, workbook: Path) -> list[str]:
        """Return everything but reading the workbook and importing code."""
        return [line for line in self.lines() if not self._expected(line, str(workbook))]

    @staticmethod
    def _expected(line: str, workbook: str) -> bool:
        event, _, path = line.partition(" ")
        return event in ("open", "os.listdir", "os.scandir", "ctypes.dlopen") and (
            path == workbook or (path + os.sep).startswith(CODE)
        )


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Worker, Watch]]:
    watch = Watch(tmp_path_factory.mktemp("watch"), AUDITED)
    with Worker(memory_bytes=MEMORY, python=str(watch.python)) as worker:
        yield worker, watch


def outcome(case: Case, worker: Worker, path: Path) -> Evaluation | str:
    try:
        return evaluate(path, worker=worker, registry=Registry(), engine=ENGINE, timeout=SECONDS)
    except (BookError, EngineError) as error:
        return str(error)


def check(case: Case, found: Evaluation | str) -> None:
    if isinstance(found, str):
        assert not DEFECT.match(found), found
        assert 10 < len(found) < 2_000
        if case.refused is None:
            assert case.may_fail, found
        else:
            assert re.search(case.refused, found), found
        return
    assert case.refused is None, "it was calculated, and should have been refused"
    for result in (found.calculated, found.local):
        assert result is not None
        for place, kind in enumerate(result.values.kind.tolist()):
            assert (kind == Kind.BLANK) == (place in result.reasons), found.key(place)
        for place, reason in result.reasons.items():
            assert reason.code, found.key(place)
            assert 1 < len(reason.text) < 2_000, found.key(place)
            assert not DEFECT.match(reason.text), (found.key(place), reason.text)
    for name, expected in (case.expected if ENGINE == "native" else {}).items():
        place = found.places[CellKey("S", *parse_cell(name))]
        if place not in found.calculated.reasons:
            assert same_scalar(found.calculated.values.item(place), expected), name
    canary = found.places.get(CellKey(CANARY[0], 1, 1))
    if canary is not None:
        assert found.calculated.values.item(canary) == CANARY[2]


@pytest.mark.parametrize("case", [pytest.param(c, id=c.name, marks=[pytest.mark.full] * c.slow) for c in CASES])
def test_it_ends_in_values_or_a_reason(case: Case, watched: tuple[Worker, Watch], tmp_path: Path) -> None:
    worker, watch = watched
    path = tmp_path / "hostile.xlsx"
    path.write_bytes(case.make())
    worker.call("ping", timeout=60)
    watch.strangers(path)
    start = time.monotonic()
    found = outcome(case, worker, path)
    assert time.monotonic() - start < SECONDS + 5
    assert not watch.strangers(path)
    assert worker.call("ping", timeout=60)
    check(case, found)


def test_the_names_of_the_cases_differ() -> None:
    every = [case.name for case in CASES]
    assert len(set(every)) == len(every) >= 75


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_the_kernel_saw_nothing_else(tmp_path: Path) -> None:
    """The audit hook hears Python only; this hears libraries too."""
    watch = Watch(tmp_path, TRACED)
    calm, reaching = tmp_path / "calm.xlsx", tmp_path / "reaching.xlsx"
    calm.write_bytes(in_column([("=SUM(B1:B9)", 0.0), ('=NORM.S.DIST(1,TRUE)&TEXT(1,"0.0")', None)]))
    reaching.write_bytes(in_column([("=" + f, None) for f in formulas.REACHING]))
    with Worker(python=str(watch.python)) as worker:
        evaluate(calm, worker=worker, registry=Registry(), engine=ENGINE, timeout=4 * SECONDS)
        watch.lines()
        evaluate(reaching, worker=worker, registry=Registry(), engine=ENGINE, timeout=4 * SECONDS)
        seen = watch.lines()
    assert any(str(reaching) in line for line in seen)
    opened = [re.search(r'"([^"]*)"', line) for line in seen]
    strangers = {m[1] if m else line for line, m in zip(seen, opened, strict=True)} - {str(reaching)}
    assert not {x for x in strangers if not x.startswith(CODE)}
