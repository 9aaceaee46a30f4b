"""Saves that a test traces: a process that has everything loaded forks one for each line it reads.

    one_save.py save|apply BOOK NEW

`apply` is a save with all that a sync does around it: a backup, the journal's two entries. Each child stops itself
before it begins, so that a tracer can take hold of it. Its id is printed; and when it has ended, its exit code and what
it said.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import signal
import sys
from pathlib import Path

import filelock  # noqa: F401  loaded when it is first needed; here before the forks

from xlmodel.book import save
from xlmodel.errors import XlmodelError
from xlmodel.sync.backups import Backups
from xlmodel.sync.journal import Journal

_SET_PTRACER, _ANYBODY = 0x59616D61, -1


def one_save(mode: str, book: Path, new: bytes) -> None:
    old = book.read_bytes()
    before = hashlib.sha256(old).hexdigest()
    if mode == "save":
        save(new, book, expect_sha256=before)
        return
    Backups(book.parent).keep(old)
    with Journal(book.parent).step(book, before=before, after=hashlib.sha256(new).hexdigest()):
        save(new, book, expect_sha256=before)


def child(mode: str, book: Path, new: bytes, answer: int) -> None:
    ctypes.CDLL(None).prctl(_SET_PTRACER, _ANYBODY, 0, 0, 0)
    os.kill(os.getpid(), signal.SIGSTOP)
    code, said = 0, ""
    try:
        one_save(mode, book, new)
    except (XlmodelError, OSError) as error:
        code, said = 3, f"{type(error).__name__}: {error}"
    except BaseException as error:
        code, said = 99, repr(error)
    os.write(answer, json.dumps([code, said]).encode())
    os._exit(code)


def main() -> None:
    mode, book, new = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]).read_bytes()
    for _ in sys.stdin:
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            child(mode, book, new, writer)
        os.close(writer)
        os.waitpid(pid, os.WUNTRACED)
        print(pid, flush=True)
        os.waitpid(pid, 0)
        print(os.read(reader, 100_000).decode() or '[98, "killed"]', flush=True)
        os.close(reader)


if __name__ == "__main__":
    main()
