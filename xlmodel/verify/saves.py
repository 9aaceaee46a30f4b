"""Saves: files whose content has changed, each told once it is whole.

Files are looked at again and again, and no library is asked to tell of changes: shared and synchronised folders, where
such workbooks live, tell of none. It also does not matter how a program saves: in place, or beside and renamed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from xlmodel.caching.keys import file_key

__all__ = ["saves"]

#: How coarse the time of a file may be: two seconds on a USB stick.
_GRAIN = 3.0

_Stamp = tuple[int, int, int]


def saves(present: Callable[[], Iterable[Path]], pause: float = 0.5) -> Iterator[Path]:
    """Yield every file there is, and then each again whenever its content has changed; never ends.

    Parameters
    ----------
    present : callable
        Gives the files to look at; asked anew each time, as files come and go.
    pause : float, seconds
        Between two looks. A file that changes between them is still being written, and waited for.
    """
    known: dict[Path, tuple[_Stamp, str]] = {}
    writing: dict[Path, _Stamp] = {}
    first = True
    while True:
        for path in present():
            stamp = _stamp(path)
            if stamp is None:
                continue
            last = known.get(path)
            if last is not None and last[0] == stamp and time.time() - stamp[0] / 1e9 > _GRAIN:
                continue
            if not first and (last is None or last[0] != stamp) and writing.get(path) != stamp:
                writing[path] = stamp
                continue
            content = file_key(path)
            if content is None or _stamp(path) != stamp:
                continue
            writing.pop(path, None)
            known[path] = stamp, content
            if last is None or last[1] != content:
                yield path
        first = False
        time.sleep(pause)


def _stamp(path: Path) -> _Stamp | None:
    try:
        stat = os.stat(path)
    except OSError:  # gone, or about to be put in the place of the old one
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
