"""Keeping other writers of this package from a file while it is compared and replaced."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xlmodel.errors import BookInUseError

__all__ = ["exclusive", "hidden_name"]

#: seconds to wait for another writer of ours, who holds the lock for as long as it takes to write and rename
LOCK_WAIT = 20.0
_NO_LOCKS = (errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL)


@contextmanager
def exclusive(target: Path, wait: float | None = None) -> Iterator[bool]:
    """Hold a file for one writer; yields whether the file system has locks at all.

    The lock is the operating system's, on a small hidden file beside the target: it ends with the process that holds
    it, however that ends. A file of its own, because the target is replaced by another file (whoever waited for the old
    one would hold nothing), may not exist yet, and on Windows could not be replaced while it is open; and beside the
    target, so that all who share a network folder meet at the same one. It is removed with the lock. After a kill it
    stays, empty and held by nobody, until the next save of that file.

    Parameters
    ----------
    target : Path
        The file that will be written, with links followed.
    wait : float, optional
        Seconds to wait for another writer; 20 by default.

    Raises
    ------
    BookInUseError
        Another writer did not finish in time.
    """
    import filelock  # a slow import that only writers need

    lock = filelock.FileLock(
        target.with_name(hidden_name(target, "lock")), mode=0o666, poll_interval=0.01, fallback_to_soft=False
    )
    try:
        lock.acquire(LOCK_WAIT if wait is None else wait)
    except filelock.Timeout as error:
        raise BookInUseError(f"{target.name} is being written by another program; try again later") from error
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        _remove(lock.lock_file)
        yield False
        return
    try:
        yield True
    finally:
        if sys.platform != "win32":  # there the library removes it
            # while it is held: whoever opened it meanwhile finds that it has no name any more, and makes a new one
            _remove(lock.lock_file)
        # what was done under the lock is done; the system takes the lock back with the process
        with contextlib.suppress(OSError):
            lock.release()


def _remove(lock_file: str) -> None:
    # empty and held by nobody, it does no harm
    with contextlib.suppress(OSError):
        os.unlink(lock_file)


def hidden_name(target: Path, suffix: str) -> str:
    """Return the name of a file of ours beside a target; the target's own may be as long as a name can be.

    Examples
    --------
    >>> hidden_name(Path("Budget.xlsx"), "lock") == hidden_name(Path("budget.XLSX"), "lock")
    True
    """
    # one file on disks that take capitals and small letters, or composed and decomposed accents, for the same
    name = unicodedata.normalize("NFC", target.name).casefold()
    return f".xlmodel-{hashlib.sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}.{suffix}"
