"""Saving atomically: the file is either the old one or the new one, whatever happens in between."""

from __future__ import annotations

import io
import os
import sys
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from xlmodel.book.placeholders import refuse_placeholder
from xlmodel.book.replacing import file_hash, put
from xlmodel.errors import BookError, BookInUseError, StaleBookError

__all__ = ["refuse_early", "save"]

#: Windows: another program has the file open; has a part of it locked
_SHARING_VIOLATIONS = (32, 33)


def save(
    content: bytes, path: Path | str, *, expect_sha256: str | None, expect_members: Sequence[str] | None = None
) -> None:
    """Replace a workbook file, or make a new one.

    Of two processes that save a file they both read before, the first wins and the second is told: the hash is compared
    under a lock that is held until the file is replaced (see `xlmodel.book.locking`). A program that does not ask for
    the lock, Excel or a cloud client, is noticed by its owner file, by its hold on the file, or by the hash; only what
    it writes between the last comparison and the rename, well under a millisecond, would be replaced unseen.

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
        The new file is damaged or could not be written, or the old one must not be replaced: it is read-only, or only a
        placeholder of one in the cloud. In every case the old file stays as it was.
    """
    target = Path(os.path.realpath(path))
    new = expect_sha256 is None
    refuse_early(target, new=new)

    def check() -> None:
        _refuse_in_use(target)
        _refuse_stale(target, expect_sha256)

    try:
        check()
        _verify(content, expect_members)
        put(content, target, new=new, check=check)
    except OSError as error:
        raise _explained(target, error, new=new) from error
    except BookError as error:
        if left := _notes(error):
            raise type(error)(f"{error}{left}") from error
        raise


def refuse_early(path: Path | str, *, new: bool = False) -> None:
    """Refuse what `save` would refuse, before the long work and not after it; `new`: the file must not be there."""
    target = Path(os.path.realpath(path))
    _refuse_in_use(target)
    refuse_placeholder(target)
    if new:
        _refuse_stale(target, None)
    elif target.exists():
        _refuse_unwritable(target)


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


def _refuse_unwritable(target: Path) -> None:
    """Refuse a file that is marked read-only, and one that another program keeps to itself."""
    if not target.stat().st_mode & 0o222:
        raise BookError(
            f"{target.name} is read-only; somebody may have wanted it so. To change it, untick “Read-only” in its "
            "properties (chmod u+w) and try again"
        )
    try:
        # opened for writing, as Excel's hold on a file refuses nothing less; nothing is written
        os.close(os.open(target, os.O_RDWR | getattr(os, "O_BINARY", 0)))
    except OSError as error:
        raise _explained(target, error) from error


def _refuse_stale(target: Path, expect_sha256: str | None) -> None:
    if expect_sha256 is None:
        if target.exists():
            raise BookError(f"{target.name} already exists; nothing is overwritten")
        return
    try:
        found = file_hash(target)
    except FileNotFoundError as error:
        raise _gone(target) from error
    if found != expect_sha256:
        raise StaleBookError(
            f"{target.name} changed on disk since it was read: sha256 must be {expect_sha256[:12]}…, is {found[:12]}…"
        )


def _verify(content: bytes, expect_members: Sequence[str] | None) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            damaged, members = opened.testzip(), opened.namelist()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as error:
        raise BookError(f"the new file is damaged: {error}") from error
    if damaged is not None:
        raise BookError(f"the new file is damaged in its part {damaged!r}")
    if expect_members is not None and members != list(expect_members):
        odd = sorted(set(members) ^ set(expect_members)) or ["their order"]
        raise BookError(f"the new file's parts are not those expected: {', '.join(odd)}")


def _gone(target: Path) -> StaleBookError:
    return StaleBookError(f"{target.name} is not there any more; nothing was written")


def _explained(target: Path, error: OSError, *, new: bool = False) -> BookError:
    """Return what to tell of a refusal by the system."""
    windows = getattr(error, "winerror", None)
    if isinstance(error, FileExistsError) and new:
        return BookError(f"{target.name} already exists; nothing is overwritten")
    if not new and not os.path.exists(target):
        return _gone(target)
    if windows in _SHARING_VIOLATIONS:
        return BookInUseError(f"{target.name} is open in another program; close it there and try again")
    # opening a file there fails without saying which of the two it is
    if sys.platform == "win32" and isinstance(error, PermissionError) and not new:
        return BookInUseError(
            f"{target.name} is open in another program, or you may not change files in {target.parent}; close it there "
            "and try again"
        )
    return BookError(
        f"{target.name} could not be saved in {target.parent}: {error.strerror or error}; "
        + ("there is no new file" if new else "the old file is untouched")
        + _notes(error)
    )


def _notes(error: Exception) -> str:
    return "".join(f"; {note}" for note in getattr(error, "__notes__", ()))
