"""What a sync keeps so that it can be undone and compared: workbooks as they were, and what was synced into them."""

from __future__ import annotations

import contextlib
import hashlib
import re
from pathlib import Path

from xlmodel.book.replacing import file_hash, put, sync_folder
from xlmodel.errors import JournalError
from xlmodel.sync.journal import state_folder

__all__ = ["Backups"]

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Backups:
    """Files of a project named by their own hash: what is read back is what was kept, or an error.

    A backup may be deleted at any time; the change it belongs to can then not be undone. The folder backups/ keeps
    itself out of version control: workbooks may hold what must not be published.

    Parameters
    ----------
    folder : Path
        The project's folder, where xlmodel.toml stands.
    """

    def __init__(self, folder: Path) -> None:
        self._workbooks = state_folder(folder) / "backups"
        self._synced = state_folder(folder) / "synced"

    def keep(self, content: bytes) -> str:
        """Keep a workbook, on the disk when this returns; return its sha256."""
        sha256 = _kept(self._workbooks, content, ".xlsx")
        ignore = self._workbooks / ".gitignore"
        if not ignore.exists():
            # the backup stands without it
            with contextlib.suppress(OSError):
                ignore.write_text("*\n")
        return sha256

    def path(self, sha256: str) -> Path:
        """Return where the workbook with this hash is kept, if it is."""
        return _named(self._workbooks, sha256, ".xlsx")

    def content(self, sha256: str) -> bytes:
        """Return the workbook with this hash.

        Raises
        ------
        JournalError
            It is not there, or is damaged.
        """
        return _content(self.path(sha256), sha256)

    def keep_synced(self, text: str) -> str:
        """Keep the values that a sync brings; return the sha256 of the text."""
        return _kept(self._synced, text.encode(), ".json")

    def synced(self, sha256: str) -> str:
        """Return what was synced.

        Raises
        ------
        JournalError
            It is not there, or is damaged.
        """
        try:
            return _content(_named(self._synced, sha256, ".json"), sha256).decode()
        except JournalError as error:
            raise JournalError(
                f"{error}. It holds what was synced last, without which nobody can tell what was typed since. Restore "
                "it from version control or a backup; if it is lost, move the folder .xlmodel away: the feeds then "
                "begin anew, and what was applied before cannot be undone with xlmodel"
            ) from error


def _named(folder: Path, sha256: str, suffix: str) -> Path:
    if not _SHA256.fullmatch(sha256):
        raise JournalError(f"a sha256 has 64 digits 0-9 a-f; the journal has {sha256!r}")
    return folder / f"{sha256}{suffix}"


def _kept(folder: Path, content: bytes, suffix: str) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    path = folder / f"{sha256}{suffix}"
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            sync_folder(folder.parent)
            sync_folder(folder.parent.parent)
        there = path.exists()
        if not there or file_hash(path) != sha256:
            put(content, path, new=not there)
    except FileExistsError:
        pass  # another process kept the same
    except OSError as error:
        raise JournalError(
            f"{folder.parent.name}/{folder.name}/{path.name[:12]}… could not be written: {error.strerror or error}; "
            "nothing was changed"
        ) from error
    return sha256


def _content(path: Path, sha256: str) -> bytes:
    where = f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise JournalError(f"{where} cannot be read: {error.strerror or error}") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise JournalError(f"{where} is damaged: its content is not what its name says; nothing was changed")
    return content
