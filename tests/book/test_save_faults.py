"""Saving under faults: system calls that fail, kills at any moment, two writers at once, a disk that is full.

After each, the workbook is the old file or the new one, whole; nothing else is left; and the journal tells which.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from xlmodel.book import SetValue, patch, read_book, save
from xlmodel.sync.backups import Backups
from xlmodel.sync.journal import Journal

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SOUTHAMPTON = ROOT / "workbooks" / "southampton" / "southampton.xlsx"
#: the same run, call by call, every time
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT),
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "USER": "ada",
}


def strace_works() -> bool:
    """Whether there is a strace, and it may trace here."""
    tool = shutil.which("strace")
    return tool is not None and subprocess.run([tool, "-o", os.devnull, "true"], capture_output=True).returncode == 0


traced_here = pytest.mark.skipif(not strace_works(), reason="needs strace, and the right to trace")


@pytest.fixture
def versions(cells, tmp_path: Path) -> list[Path]:
    """Write three workbooks that differ in a cell."""
    source = cells("".join(f'<row r="{r}"><c r="A{r}"><v>{r}</v></c></row>' for r in range(1, 3_000)))
    return three_of(source, "Data", tmp_path)


def three_of(source: Path, sheet: str, folder: Path) -> list[Path]:
    book, paths = read_book(source), [folder / f"version{i}.xlsx" for i in range(3)]
    for i, path in enumerate(paths):
        path.write_bytes(patch(source, book, [SetValue(sheet, 1, 1, 100.0 + i)]).content)
    return paths


# --- system calls ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Call:
    """A system call of a save."""

    name: str
    nth: int  #: of this name in the process
    line: str


@dataclass(frozen=True)
class Fault:
    """What a call is made to answer."""

    name: str
    injected: str

    @classmethod
    def error(cls, code: str) -> Fault:
        return cls(code, f"error={code}")


ERRORS = [Fault.error(code) for code in ("ENOSPC", "EACCES", "EIO", "EDQUOT")]
SHORT_WRITE = Fault("10 bytes written", "retval=10")
_LINE = re.compile(r"^(\w+)\((.*)")


class Project:
    """A folder with a workbook, and a process that saves it as often as it is asked to."""

    def __init__(self, folder: Path, versions: list[Path], mode: str) -> None:
        self.mode, self.book, self.log = mode, folder / "here" / "book.xlsx", folder / "trace.txt"
        self.old, self.new = versions[0].read_bytes(), versions[1].read_bytes()
        self._saver = subprocess.Popen(
            [sys.executable, str(HERE / "one_save.py"), mode, str(self.book), str(versions[1])],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Project:
        return self

    def __exit__(self, *_: object) -> None:
        self._saver.communicate()

    def _answer(self) -> str:
        assert self._saver.stdout is not None
        return self._saver.stdout.readline()

    def run(self, *options: str) -> tuple[int, str]:
        """Save once under strace; return the exit code and the message."""
        assert self._saver.stdin is not None
        shutil.rmtree(self.book.parent, ignore_errors=True)
        self.book.parent.mkdir()
        self.book.write_bytes(self.old)
        self._saver.stdin.write("once\n")
        self._saver.stdin.flush()
        child = int(self._answer())
        tracing = ["strace", "-y", "-o", str(self.log), *options, "-p", str(child)]
        with subprocess.Popen(tracing, stderr=subprocess.PIPE, text=True) as tracer:
            assert tracer.stderr is not None
            assert "attached" in tracer.stderr.readline()
            os.kill(child, signal.SIGCONT)
            tracer.communicate()
        code, said = json.loads(self._answer())
        return code, said

    def calls(self) -> list[Call]:
        """Return the calls that touch the folder."""
        assert self.run() == (0, "")
        counted: Counter[str] = Counter()
        found = []
        for line in self.log.read_text("utf-8", "replace").splitlines():
            match = _LINE.match(line)
            if match is not None:
                counted[match[1]] += 1
                if str(self.book.parent) in match[2]:
                    found.append(Call(match[1], counted[match[1]], match[2]))
        return found

    def hit(self, call: Call, fault: Fault) -> tuple[int, str]:
        """Save with one call failing; return the exit code and the message."""
        done = self.run("-e", f"trace={call.name}", "-e", f"inject={call.name}:{fault.injected}:when={call.nth}")
        assert "(INJECTED)" in self.log.read_text("utf-8", "replace"), "the trace missed its call"
        return done


def assert_whole(project: Project, call: Call, fault: Fault) -> str:
    """Make a call fail and hold what is there then to the promise; return what came of it."""
    code, message = project.hit(call, fault)
    told = f"{call.name} #{call.nth} {call.line[:120]} -> {fault.name}: exit {code}, {message}"
    content = project.book.read_bytes()
    assert content in (project.old, project.new), told
    assert code in (0, 3), told
    if code == 0:
        assert content == project.new, told
    elif fault is not SHORT_WRITE:
        assert os.strerror(getattr(errno, fault.name)) in message, told
    if "untouched" in message or "nothing was changed" in message:
        assert content == project.old, told
    left = [p.name for p in project.book.parent.rglob(".xlmodel-*")]
    # an empty file that nobody holds, and the next save removes
    left = [name for name in left if not (name.endswith(".lock") and ".lock" in call.line)]
    assert not left or call.name == "unlink", f"{told}; left: {left}"
    if any(name.endswith(".tmp") for name in left) and content == project.old and project.mode == "save":
        assert "could not be removed" in message, told
    if project.mode == "apply":
        assert_journal(project, content, told)
    save(project.new if content == project.old else project.old, project.book, expect_sha256=sha(content))
    assert sorted(os.listdir(project.book.parent)) == [".xlmodel", "book.xlsx"][project.mode == "save" :], told
    return "saved" if code == 0 else "refused" if content == project.old else "saved, and the fault told"


def assert_journal(project: Project, content: bytes, told: str) -> None:
    journal = Journal(project.book.parent)
    assert journal.faults() == (), told
    standing = journal.standing(project.book)
    assert len(standing) == (content == project.new), told
    with journal.alone():
        pass
    assert journal.standing(project.book) == standing, told
    assert journal.faults() == (), told
    if standing:
        assert Backups(project.book.parent).content(standing[0].before) == project.old, told


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def faults_of(call: Call) -> list[Fault]:
    return [*ERRORS, SHORT_WRITE] if call.name == "write" else ERRORS


@traced_here
@pytest.mark.parametrize("mode", ["save", "apply"])
def test_any_system_call_may_fail(versions, tmp_path, mode):
    chance = random.Random(7)
    with Project(tmp_path, versions, mode) as project:
        pairs = [(call, fault) for call in project.calls() for fault in faults_of(call)]
        telling = [p for p in pairs if p[0].name in ("write", "fsync", "rename", "flock", "mkdir", "link")]
        for call, fault in [*chance.sample(telling, 12), *chance.sample(pairs, 8)]:
            assert_whole(project, call, fault)


@traced_here
@pytest.mark.full
@pytest.mark.parametrize("mode", ["save", "apply"])
def test_every_system_call_may_fail(versions, tmp_path, mode):
    outcomes: Counter[tuple[str, str, str]] = Counter()
    wrong = []
    with Project(tmp_path, versions, mode) as project:
        for call in project.calls():
            for fault in faults_of(call):
                try:
                    outcomes[call.name, fault.name, assert_whole(project, call, fault)] += 1
                except AssertionError as error:
                    wrong.append(str(error).splitlines()[0])
    print(f"\n{mode}: {outcomes.total()} faults")
    for (name, told, came), count in sorted(outcomes.items()):
        print(f"  {name:12} {told:18} {came:28} {count}")
    assert wrong == []


@traced_here
def test_the_order_of_a_save(versions, tmp_path):
    """Content first, then its name, then the folder that holds the name: a power cut finds one file or the other."""
    with Project(tmp_path, versions, "save") as project:
        calls = project.calls()
    folder = re.escape(str(project.book.parent))
    kinds = {
        "write": rf"^write\(\d+<{folder}/\.xlmodel-\w+\.tmp>",
        "fsync": rf"^fsync\(\d+<{folder}/\.xlmodel-\w+\.tmp>",
        "rename": rf'^rename\("{folder}/\.xlmodel-\w+\.tmp", "{folder}/book\.xlsx"\)',
        "fsync of the folder": rf"^fsync\(\d+<{folder}>\)",
    }
    seen = [kind for call in calls for kind, p in kinds.items() if re.match(p, f"{call.name}({call.line}")]
    assert list(dict.fromkeys(seen)) == list(kinds)
    assert seen == sorted(seen, key=list(kinds).index), "none comes again later"


# --- kills and races -------------------------------------------------------------------------------------------------


def many_saves(what: str, count: int, seed: str, folder: Path, versions: list[Path]) -> dict[str, int]:
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, str(HERE / "many_saves.py"), what, str(count), seed, str(folder), *map(str, versions)],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    counted = json.loads(done.stdout)
    print(counted)
    return counted


forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")


@forks
def test_killed_at_any_moment(versions, tmp_path):
    counted = many_saves("kills", 12, "kills", tmp_path / "books", versions)
    assert counted["killed inside an apply"] > 0


@forks
@pytest.mark.full
def test_a_thousand_kills(tmp_path):
    versions = three_of(SOUTHAMPTON, read_book(SOUTHAMPTON).sheets[0].name, tmp_path)
    counted = many_saves("kills", 1_000, "a thousand kills", tmp_path / "books", versions)
    assert counted["of these, found to be saved"] > 20
    assert counted["of these, found not to be saved"] > 20
    assert counted["killed with a temporary file"] > 20


@forks
def test_of_two_writers_one_wins_and_the_other_is_told(versions, tmp_path):
    many_saves("races", 10, "races", tmp_path / "books", versions)


@forks
@pytest.mark.full
def test_two_hundred_races(tmp_path):
    versions = three_of(SOUTHAMPTON, read_book(SOUTHAMPTON).sheets[0].name, tmp_path)
    counted = many_saves("races", 200, "two hundred races", tmp_path / "books", versions)
    assert min(counted["won by writer 1"], counted["won by writer 2"]) > 20


# --- a full disk -----------------------------------------------------------------------------------------------------


ONCE = """
import sys
from pathlib import Path
from one_save import one_save
from xlmodel.errors import XlmodelError
try:
    one_save(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]).read_bytes())
except XlmodelError as error:
    sys.exit(print(error) or 3)
"""


@pytest.mark.full
@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounts a small disk")
@pytest.mark.parametrize("mode", ["save", "apply"])
def test_a_disk_that_is_full(versions, tmp_path, mode):
    disk = tmp_path / "here"
    disk.mkdir()
    old, new = versions[0].read_bytes(), versions[1].read_bytes()
    refused = 0
    for room in range(8, 8 + 4 * len(new) // 1024, 12):
        size = len(old) + room * 1024
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)], capture_output=True)
        if made.returncode:
            pytest.skip(f"no mounting here: {made.stderr.decode()}")
        try:
            (disk / "book.xlsx").write_bytes(old)
            done = subprocess.run(
                [sys.executable, "-c", ONCE, mode, str(disk / "book.xlsx"), str(versions[1])],
                env={**ENVIRONMENT, "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}"},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.stderr == ""
            assert (disk / "book.xlsx").read_bytes() == (old if done.returncode else new)
            assert not list(disk.rglob(".xlmodel-*"))
            if done.returncode:
                assert "No space left on device" in done.stdout
                refused += 1
            if mode == "apply" and (disk / ".xlmodel").exists():
                assert Journal(disk).faults() == ()
                assert len(Journal(disk).standing(disk / "book.xlsx")) == (done.returncode == 0)
        finally:
            subprocess.run(["umount", str(disk)], check=True)
    assert refused > 0
    assert done.returncode == 0, "with room enough it is saved"
