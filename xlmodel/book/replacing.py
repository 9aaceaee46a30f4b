"""Putting a whole file in the place of another, so that the disk holds one or the other at every moment."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

from xlmodel.book.locking import exclusive, hidden_name
from xlmodel.errors import BookError

__all__ = ["file_hash", "put", "sync_folder"]

#: seconds to try again on Windows, where a scanner or an indexer may have the file open for a moment
REPLACE_WAIT = 2.0


def put(content: bytes, target: Path, *, new: bool, check: Callable[[], None] = lambda: None) -> None:
    """Write a file beside the target and give it the target's name.

    In this order, under the lock of `xlmodel.book.locking`: write, fsync, read back, `check`, rename, fsync of the
    folder. Killed at any point, the target is the old file or the new one; what is left beside it is removed by
    the next call.

    Parameters
    ----------
    content : bytes
        The whole new file.
    target : Path
        Its name, with links followed.
    new : bool
        The target must not be there; else it must.
    check : callable, optional
        Raises where the target must not be replaced after all; called last, right before the rename.

    Raises
    ------
    FileExistsError
        A new file's name is taken.
    OSError
        The system refuses; the target is as it was.
    BookError
        What was read back is not what was written; and what `check` raises.
    """
    with exclusive(target) as held:
        # alone, whatever has this name was left by a writer that was killed
        temporary = target.with_name(hidden_name(target, "tmp" if held else f"{secrets.token_hex(8)}.tmp"))
        temporary.unlink(missing_ok=True)
        try:
            _write(temporary, content, None if new else target)
            if file_hash(temporary) != hashlib.sha256(content).hexdigest():
                raise BookError(f"{temporary.name}: what the disk holds is not what was written")
            check()
            if new:
                _place(temporary, target)
            else:
                _replace(temporary, target, content)
        except (BookError, OSError) as error:
            _discard(temporary, error)
            raise
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        sync_folder(target.parent)


def file_hash(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(temporary: Path, content: bytes, like: Path | None) -> None:
    """Write a file with the owner, the permissions and the attributes of the one it will replace."""
    before = None if like is None else like.stat()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(temporary, flags, 0o666 if before is None else 0o600), "wb") as file:
        file.write(content)
        file.flush()
        if like is not None and before is not None:
            _give(temporary, like, before)
        os.fsync(file.fileno())


def _give(temporary: Path, like: Path, before: os.stat_result) -> None:
    if sys.platform != "win32":
        for owner, group in ((before.st_uid, -1), (-1, before.st_gid)):
            # only an administrator may give a file away
            with contextlib.suppress(OSError):
                os.chown(temporary, owner, group)
    temporary.chmod(stat.S_IMODE(before.st_mode))
    if sys.platform == "linux":
        # access lists of a shared folder, labels; some belong to the system alone
        with contextlib.suppress(OSError):
            for name in os.listxattr(like):
                with contextlib.suppress(OSError):
                    os.setxattr(temporary, name, os.getxattr(like, name))


def _replace(temporary: Path, target: Path, content: bytes) -> None:
    deadline = time.monotonic() + REPLACE_WAIT
    while True:
        try:
            temporary.replace(target)
            return
        except PermissionError as error:
            if getattr(error, "winerror", None) is None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        except OSError:
            # a network drive may have done it, lost the answer, and failed when asked again
            if temporary.exists() or file_hash(target) != hashlib.sha256(content).hexdigest():
                raise
            return


def _place(temporary: Path, target: Path) -> None:
    """Give a new file its name, if no other file has taken it meanwhile."""
    try:
        if sys.platform == "win32":
            temporary.rename(target)
            return
        target.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:
        # a file system without hard links
        if target.exists():
            raise FileExistsError(f"{target.name} already exists") from None
        temporary.replace(target)
        return
    # the next save removes what cannot be removed now
    with contextlib.suppress(OSError):
        temporary.unlink()


def _discard(temporary: Path, error: BookError | OSError) -> None:
    try:
        temporary.unlink(missing_ok=True)
    except OSError as left:
        error.add_note(f"{temporary.name} could not be removed ({left.strerror}): delete it, or the next save will")


def sync_folder(folder: Path) -> None:
    """Have the disk keep the names in a folder, where the system can be asked to."""
    if os.name != "posix":
        return
    # the file is saved already: a folder that cannot be opened, or a file system that refuses, changes nothing
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
