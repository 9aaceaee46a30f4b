"""Saves that are killed, and saves that meet: many processes forked from one that has everything loaded.

    many_saves.py kills COUNT SEED FOLDER VERSION...
    many_saves.py races COUNT SEED FOLDER VERSION...

FOLDER is used for the workbooks; each VERSION is a whole workbook. Prints what was counted, as JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import filelock  # noqa: F401  loaded when it is first needed; here before the forks

from xlmodel.book import save
from xlmodel.errors import BookInUseError, StaleBookError
from xlmodel.sync.backups import Backups
from xlmodel.sync.journal import Journal

#: a new project after so many, as journals grow
ROUND = 25


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def apply(book: Path, old: bytes, new: bytes) -> None:
    """Save with all that a sync does around it."""
    Backups(book.parent).keep(old)
    with Journal(book.parent).step(book, before=sha(old), after=sha(new)):
        save(new, book, expect_sha256=sha(old))


def forked(work: object) -> int:
    child = os.fork()
    if child == 0:
        code = 99
        try:
            code = work()  # type: ignore[operator]
        finally:
            os._exit(code or 0)
    return child


# --- kills -----------------------------------------------------------------------------------------------------------


def kills(count: int, chance: random.Random, folder: Path, versions: list[bytes]) -> Counter[str]:
    counted: Counter[str] = Counter()
    book = folder
    for i in range(count):
        if i % ROUND == 0:
            book = folder / f"project{i}" / "book.xlsx"
            book.parent.mkdir()
            book.write_bytes(versions[0])
        counted += one_kill(book, chance, versions)
    return counted


def one_kill(book: Path, chance: random.Random, versions: list[bytes]) -> Counter[str]:
    seed = chance.random()
    reader, writer = os.pipe()

    def work() -> int:
        order = random.Random(seed)
        while True:
            old = book.read_bytes()
            apply(book, old, order.choice([v for v in versions if v != old]))
            os.write(writer, b".")

    begun = time.monotonic()
    child = forked(work)
    os.close(writer)
    assert os.read(reader, 1), "the first save failed"
    time.sleep(chance.uniform(0, 1.5 * (time.monotonic() - begun)))
    os.kill(child, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    os.close(reader)
    return judged(book, versions)


def judged(book: Path, versions: list[bytes]) -> Counter[str]:
    """Hold the workbook, the journal and the backups to what must be true after a kill."""
    counted = Counter(kills=1)
    content = book.read_bytes()
    assert content in versions, "neither the old file nor a new one"
    left = [name for folder in (book.parent, book.parent / ".xlmodel") for name in os.listdir(folder)]
    counted["killed while locked"] += any(name.endswith(".lock") for name in left)
    counted["killed with a temporary file"] += any(name.endswith(".tmp") for name in left)
    journal = Journal(book.parent)
    assert journal.faults() == ()
    counted["lines of the journal cut off"] += len(journal.torn())
    ended = {e.of for e in journal.entries()}
    counted["killed inside an apply"] += any(e.what == "begun" and e.number not in ended for e in journal.entries())
    with journal.alone():
        pass
    last = journal.entries()[-1]
    assert sha(content) == (last.after if last.what == "applied" else last.before), "the journal tells something else"
    assert sha(Backups(book.parent).content(last.before)) == last.before
    counted["of these, found to be saved"] += last.note.startswith("stopped after")
    counted["of these, found not to be saved"] += last.note.startswith("stopped before")
    assert not last.note.endswith("not known")
    return counted


# --- races -----------------------------------------------------------------------------------------------------------


def races(count: int, chance: random.Random, folder: Path, versions: list[bytes]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for i in range(count):
        book = folder / f"race{i // ROUND}" / "book.xlsx"
        book.parent.mkdir(exist_ok=True)
        book.write_bytes(versions[0])
        counted += one_race(book, chance, versions, journalled=i % 2 == 1)
    return counted


def one_race(book: Path, chance: random.Random, versions: list[bytes], *, journalled: bool) -> Counter[str]:
    ready, start = os.pipe()
    # so that neither always comes first
    delays = chance.uniform(0, 0.002), chance.uniform(0, 0.002)

    def writer(new: bytes, delay: float) -> int:
        os.close(start)
        old = versions[0]
        os.read(ready, 1)
        time.sleep(delay)
        try:
            if journalled:
                apply(book, old, new)
            else:
                save(new, book, expect_sha256=sha(old))
        except StaleBookError:
            return 4
        except BookInUseError:
            return 5
        return 0

    children = [
        forked(lambda new=new, delay=delay: writer(new, delay))
        for new, delay in zip(versions[1:], delays, strict=False)
    ]
    os.close(ready)
    os.close(start)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert sorted(codes) in ([0, 4], [0, 5]), f"one must win and the other be told: {codes}"
    winner = codes.index(0)
    assert book.read_bytes() == versions[1 + winner], "the winner's update was lost"
    assert [n for n in os.listdir(book.parent) if n.startswith(".xlmodel-")] == []
    if journalled:
        ends = [e.what for e in Journal(book.parent).entries()[-4:]]
        assert sorted(ends) == ["applied", "begun", "begun", "failed"]
    return Counter({"races": 1, f"won by writer {winner + 1}": 1, "told that the file changed": codes.count(4)})


def main() -> None:
    what, count, seed, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
    versions = [Path(p).read_bytes() for p in sys.argv[5:]]
    work = {"kills": kills, "races": races}[what]
    print(json.dumps(work(count, random.Random(seed), folder, versions)))


if __name__ == "__main__":
    main()
