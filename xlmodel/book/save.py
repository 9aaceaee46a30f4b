"""Saving atomically: the file is either the old one or the new one, whatever happens in between."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from xlmodel.errors import BookError, BookInUseError, StaleBookError

__all__ = ["refuse_early", "save"]

#: seconds to wait for another writer of ours, who holds the lock for as long as it takes to compare and rename
LOCK_WAIT = 20.0
_WINDOWS_SHARING = (32, 33)


def save(
    content: bytes, path: Path | str, *, expect_sha256: str | None, expect_members: Sequence[str] | None = None
) -> None:
    """Replace a workbook file, or make a new one.

    Parameters
    ----------
    content : bytes
        The whole new file.
    path : Path or str
        The file to replace; a link is followed.
    expect_sha256 : str or None
        The hash of the file as it was read; None for a file that must not be there yet.
    expect_members : sequence of str, optional
        The zip members the new file must have, in order.

    Raises
    ------
    StaleBookError
        The file changed on disk since it was read.
    BookInUseError
        Another program has it open.
    BookError
        The new file is damaged or could not be written. In every case the old file stays as it was.
    """
    target = Path(os.path.realpath(path))
    _refuse_in_use(target)
    _refuse_stale(target, expect_sha256)
    # a name of its own: the workbook's may be as long as a name can be
    temporary = target.with_name(f".xlmodel-{secrets.token_hex(8)}.tmp")
    try:
        before = None if expect_sha256 is None else target.stat()
        if before is not None and not os.access(target, os.W_OK):
            raise BookError(f"{target.name} is read-only")
        _write(temporary, content, before)
        _verify(temporary, content, expect_members)
        with _alone(target, before):
            # the time between these checks and the replacement is what a program that opens the file now would need
            _refuse_in_use(target)
            _refuse_stale(target, expect_sha256)
            if before is None:
                _place(temporary, target)
            else:
                _replace(temporary, target)
    except OSError as error:
        if expect_sha256 is not None and not os.path.exists(target):
            raise StaleBookError(f"{target.name} is not there any more; nothing was written") from error
        raise BookError(
            f"{target.name} could not be saved in {target.parent}: {error.strerror or error}; "
            + ("there is no new file" if expect_sha256 is None else "the old file is untouched")
        ) from error
    finally:
        # after the replacement there is nothing to remove
        with contextlib.suppress(OSError):
            temporary.unlink()
    _sync_folder(target.parent)


def refuse_early(path: Path | str, *, new: bool = False) -> None:
    """Refuse what `save` would refuse, before the long work and not after it; `new`: the file must not be there."""
    target = Path(os.path.realpath(path))
    _refuse_in_use(target)
    if new:
        _refuse_stale(target, None)


@contextmanager
def _alone(target: Path, before: os.stat_result | None) -> Iterator[None]:
    """Keep other writers of ours from the file that is replaced: of two at once, the second finds it changed.

    Windows keeps a file that is open from being replaced, so there the checks alone must do.
    """
    if before is None or sys.platform == "win32":
        yield
        return
    import fcntl

    with target.open("rb") as file:
        deadline = time.monotonic() + LOCK_WAIT
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise BookInUseError(f"{target.name} is locked by another program; try again later") from None
                time.sleep(0.01)
            except OSError:
                # a file system without locks leaves the checks
                break
        yield


def _refuse_in_use(target: Path) -> None:
    for owner, reader in ((f"~${target.name}", _excel_user), (f".~lock.{target.name}#", _libreoffice_user)):
        at = target.with_name(owner)
        # unlike Path.exists, False for a name that is too long to exist
        if os.path.exists(at):
            user = reader(at)
            by = f" by {user}" if user else ""
            raise BookInUseError(
                f"{target.name} is open{by}: {owner} lies beside it; close it there and try again, or delete {owner} "
                "if no program has the workbook open"
            )


def _excel_user(owner: Path) -> str:
    """Return the name in Excel's owner file: its length, then the name."""
    try:
        raw = owner.read_bytes()[:200]
    except OSError:
        return ""
    return raw[1 : 1 + raw[0]].decode("cp1252", "replace").strip() if raw else ""


def _libreoffice_user(owner: Path) -> str:
    try:
        return owner.read_text("utf-8", "replace")[:200].lstrip(",").split(",")[0].strip()
    except OSError:
        return ""


def _refuse_stale(target: Path, expect_sha256: str | None) -> None:
    if expect_sha256 is None:
        if target.exists():
            raise BookError(f"{target.name} already exists; nothing is overwritten")
        return
    try:
        found = hashlib.sha256(target.read_bytes()).hexdigest()
    except PermissionError as error:
        raise _in_use(target, error) from error
    except OSError as error:
        raise StaleBookError(f"{target.name} is not there any more: {error.strerror or error}") from error
    if found != expect_sha256:
        raise StaleBookError(
            f"{target.name} changed on disk since it was read: sha256 must be {expect_sha256[:12]}…, is {found[:12]}…"
        )


def _write(temporary: Path, content: bytes, like: os.stat_result | None) -> None:
    """Write a file with the owner and the permissions of the one it will replace."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(temporary, flags, 0o666 if like is None else 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if like is None:
        return
    if sys.platform != "win32":
        for owner, group in ((like.st_uid, -1), (-1, like.st_gid)):
            # only an administrator may give a file away
            with contextlib.suppress(OSError):
                os.chown(temporary, owner, group)
    temporary.chmod(stat.S_IMODE(like.st_mode))


def _verify(temporary: Path, content: bytes, expect_members: Sequence[str] | None) -> None:
    """Read back what was written."""
    written = temporary.read_bytes()
    if hashlib.sha256(written).digest() != hashlib.sha256(content).digest():
        raise BookError(f"{temporary.name}: what the disk holds is not what was written")
    try:
        with zipfile.ZipFile(temporary) as opened:
            damaged, members = opened.testzip(), opened.namelist()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as error:
        raise BookError(f"the new file is damaged: {error}") from error
    if damaged is not None:
        raise BookError(f"the new file is damaged in its part {damaged!r}")
    if expect_members is not None and members != list(expect_members):
        odd = sorted(set(members) ^ set(expect_members)) or ["their order"]
        raise BookError(f"the new file's parts are not those expected: {', '.join(odd)}")


def _replace(temporary: Path, target: Path) -> None:
    try:
        temporary.replace(target)
    except PermissionError as error:
        raise _in_use(target, error) from error


def _place(temporary: Path, target: Path) -> None:
    """Give a new file its name, if no other file has taken it meanwhile."""
    taken = f"{target.name} already exists; nothing is overwritten"
    try:
        if sys.platform == "win32":
            temporary.rename(target)
        else:
            target.hardlink_to(temporary)
    except FileExistsError as error:
        raise BookError(taken) from error
    except OSError:
        # a file system without hard links
        if target.exists():
            raise BookError(taken) from None
        temporary.replace(target)


def _in_use(target: Path, error: PermissionError) -> BookError:
    if getattr(error, "winerror", None) in (*_WINDOWS_SHARING, 5):
        return BookInUseError(f"{target.name} is open in another program; close it there and try again")
    return BookError(f"{target.name} must not be read or written by this user: {error.strerror or error}")


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    # the file is saved already: a folder that cannot be opened, or a file system that refuses, changes nothing
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
