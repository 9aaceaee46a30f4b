"""Undoing: a workbook is put back as it was before a sync, byte for byte, if nothing else has changed it since."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xlmodel.book import refuse_early, save
from xlmodel.book.replacing import file_hash
from xlmodel.errors import SyncError
from xlmodel.sync.backups import Backups
from xlmodel.sync.declared import SyncSettings
from xlmodel.sync.journal import Entry, Journal

__all__ = ["Undone", "undo"]


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back."""

    entry: Entry  #: of the undo
    apply: Entry  #: that was undone: its "begun"
    sha256: str  #: of the workbook now


def undo(settings: SyncSettings, workbook: Path, *, number: int | None = None) -> Undone:
    """Put a workbook back as it was before its last sync.

    The file that goes is kept among the backups too. Killed between the replacement and the journal's entry, the undo
    is found by the next use of the journal: the workbook then has the hash from before the sync.

    Parameters
    ----------
    settings : SyncSettings
        The project.
    workbook : Path
        The workbook.
    number : int, optional
        The journal's number of the sync to undo, of its beginning or its end; the last one by default.

    Raises
    ------
    SyncError
        There is nothing to undo, later syncs stand, or the workbook changed since; the message says what to do.
    JournalError
        The backup is not there, or the journal was changed by other hands.
    BookError
        The workbook cannot be replaced: it is open, read-only, or changed at this moment.
    """
    journal, backups = Journal(settings.folder), Backups(settings.folder)
    refuse_early(workbook)
    with journal.alone():
        apply = _wanted(journal, workbook, number)
        if not apply.after:
            raise SyncError(
                f"sync {apply.number} went into {workbook.name} while it was open in a program; undo it there, or "
                f"close the workbook and put the backup in its place: {backups.path(apply.before)}"
            )
        if apply.before != apply.after:
            _put_back(backups, workbook, apply)
        return Undone(journal.undone(apply), apply, apply.before)


def _wanted(journal: Journal, workbook: Path, number: int | None) -> Entry:
    standing = journal.standing(workbook)
    if number is None:
        if not standing:
            raise SyncError(f"{workbook.name} has no sync to undo: the journal knows of none that still stands")
        return standing[-1]
    meant = next((e.of or e.number for e in journal.entries() if e.number == number), number)
    place = next((i for i, e in enumerate(standing) if e.number == meant), None)
    if place is None:
        known = ", ".join(str(e.number) for e in standing) or "none"
        raise SyncError(f"sync {number} of {workbook.name} cannot be undone; those that stand: {known}")
    later = [str(e.number) for e in reversed(standing[place + 1 :])]
    if later:
        raise SyncError(
            f"sync {number} of {workbook.name} has later ones on top of it; undo those first, in this order: "
            + ", ".join(later)
        )
    return standing[place]


def _put_back(backups: Backups, workbook: Path, apply: Entry) -> None:
    try:
        now = file_hash(workbook)
    except OSError as error:
        raise SyncError(
            f"{workbook.name} cannot be read: {error.strerror or error}; as it was before sync {apply.number}, it is "
            f"kept in {backups.path(apply.before)}"
        ) from error
    if now != apply.after:
        raise SyncError(
            f"{workbook.name} changed since sync {apply.number} of {apply.at}: undoing it would lose what was typed "
            "since. Nothing was changed. As it was before the sync, the workbook is kept in "
            f"{backups.path(apply.before)}: copy from it what you need"
        )
    content = backups.content(apply.before)
    backups.keep(workbook.read_bytes())
    save(content, workbook, expect_sha256=apply.after)
