"""Watching: every save is verified once it is whole, however a program saves."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest
from verify.saved_books import copied, saved_book

from xlmodel.verify.saves import saves


class _StoppedError(Exception):
    """The test is over."""


class Watched:
    """What `saves` tells of a folder, gathered in the background."""

    def __init__(self, folder):
        self.told = []
        self._on = True
        self._thread = threading.Thread(target=self._watch, args=(folder,), daemon=True)
        self._thread.start()

    def _watch(self, folder):
        def present():
            if not self._on:
                raise _StoppedError
            return sorted(folder.glob("*.xlsx"))

        try:
            for path in saves(present, pause=0.02):
                self.told.append((path.name, path.read_text()))
        except _StoppedError:
            return

    def after(self, count):
        until = time.monotonic() + 20
        while len(self.told) < count and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(0.2)
        return self.told

    def stop(self):
        self._on = False
        self._thread.join(20)


@pytest.fixture
def watched(tmp_path):
    (tmp_path / "a.xlsx").write_text("1")
    watched = Watched(tmp_path)
    assert watched.after(1) == [("a.xlsx", "1")]
    yield watched
    watched.stop()


def in_place(path, text):
    path.write_text(text)


def renamed(path, text):
    """Save as Excel does: beside, then in the old file's place; the owner file comes and goes."""
    owner, aside = path.with_name("~$a.xlsm"), path.with_name("F00.tmp")
    owner.write_text("me")
    aside.write_text(text)
    path.unlink()
    time.sleep(0.05)
    aside.rename(path)
    owner.unlink()


def in_the_same_tick(path, text):
    """Save the same number of bytes without a new time: some file systems count in steps of two seconds."""
    stat = path.stat()
    path.write_text(text)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


@pytest.mark.parametrize("save", [in_place, renamed, in_the_same_tick])
def test_a_save_is_told_once(tmp_path, watched, save):
    save(tmp_path / "a.xlsx", "2")
    assert watched.after(2) == [("a.xlsx", "1"), ("a.xlsx", "2")]


def test_a_save_without_a_change_is_not_told_and_a_new_file_is(tmp_path, watched):
    (tmp_path / "a.xlsx").write_text("1")
    (tmp_path / "b.xlsx").write_text("new")
    assert watched.after(2) == [("a.xlsx", "1"), ("b.xlsx", "new")]


def test_what_is_still_being_written_is_waited_for(tmp_path, watched):
    with (tmp_path / "a.xlsx").open("w") as file:
        for part in "written slowly":
            file.write(part)
            file.flush()
            time.sleep(0.005)
    assert watched.after(2)[-1] == ("a.xlsx", "written slowly")


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_the_command_says_what_a_save_broke_and_mended(tmp_path):
    good = saved_book(tmp_path / "good.bin.xlsx")
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "xlmodel.toml").write_text("[functions]\n")
    book = folder / "book.xlsx"
    shutil.copy(good, book)
    copied(good, tmp_path / "wrong", b"<v>-21</v>", b"<v>-20</v>")
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    command = [sys.executable, "-c", "from xlmodel.cli import main; main()", "watch", "."]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}

    def heeds_interrupts():
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell has what it starts in the background ignore them

    with subprocess.Popen(command, cwd=folder, env=environment, preexec_fn=heeds_interrupts, **pipes) as process:
        deadline = threading.Timer(240, process.kill)
        deadline.start()
        said = []
        for wanted, then in (("PASS", tmp_path / "wrong"), ("FAIL", good), ("PASS", None)):
            while not said or not said[-1].startswith(wanted):
                said.append(process.stdout.readline())
                assert said[-1], process.stderr.read()  # nothing comes from a process that ended, or was ended
            if then is not None:
                shutil.copy(then, folder / "aside.tmp")
                (folder / "aside.tmp").replace(book)
        process.send_signal(signal.SIGINT)
        rest, errors = process.stdout.read(), process.stderr.read()
        process.wait(60)
        deadline.cancel()
    text = "".join(said) + rest
    assert "C1" in text.partition("FAIL")[2]
    assert "Mended: Sheet!C1" in text
    assert "Traceback" not in errors
    assert errors.rstrip().endswith("No longer watching.")
    assert process.returncode == 0
