"""The journal of a project: every change that a sync made to its workbooks, who made it, when, and from what.

Append-only, a line of JSON an entry. Each line ends with its own hash and has the hash of the one before: a line that
was edited, or is missing, shows. That guards against accidents and quiet corrections, not against somebody who writes
all later lines anew or takes the last ones away.

A change is written in two lines, "begun" before the workbook is replaced and "applied" after. A process that is killed
in between leaves the first alone; the workbook's hash then tells what became of it.
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import getpass
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from xlmodel.book.locking import exclusive
from xlmodel.book.replacing import file_hash, sync_folder
from xlmodel.errors import BookInUseError, JournalError, StaleBookError
from xlmodel.sync.journal_lines import Entry, Lines, What, next_line, parsed

__all__ = ["Entry", "Journal", "stamp", "state_folder"]


class Journal:
    """The journal in the folder .xlmodel of a project.

    Parameters
    ----------
    folder : Path
        The project's folder, where xlmodel.toml stands.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = state_folder(folder) / "journal.jsonl"
        self._shown = f"the journal {self.path.parent.name}/{self.path.name}"
        self._held = False

    def entries(self) -> tuple[Entry, ...]:
        """Return what the journal says; lines that hold no entry are left to `faults` and `torn`."""
        return self._read().entries

    def faults(self) -> tuple[str, ...]:
        """Return what other hands changed in the journal, a sentence each; nothing is applied while one stands."""
        return self._read().faults

    def torn(self) -> tuple[int, ...]:
        """Return the lines that a kill or a full disk cut off while they were written; they hold no entry."""
        return self._read().torn

    def name_of(self, workbook: Path) -> str:
        """Return what the journal calls a workbook."""
        path, folder = os.path.realpath(workbook), os.path.realpath(self.folder)
        try:
            return Path(os.path.relpath(path, folder)).as_posix()
        except ValueError:  # on another drive
            return Path(path).as_posix()

    def standing(self, workbook: Path) -> tuple[Entry, ...]:
        """Return the "begun" entries of the changes to a workbook that were applied and not undone, newest last.

        What a kill left open is judged by the workbook's hash, and nothing is written.
        """
        self._refuse_faults()
        name = self.name_of(workbook)
        entries = [e for e in self._read().entries if e.workbook == name]
        ends = {(e.of, e.what) for e in (*entries, *_settlements(entries, self._hashes(entries)))}
        return tuple(
            e
            for e in entries
            if e.what == "begun" and (e.number, "applied") in ends and (e.number, "undone") not in ends
        )

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the journal against other processes; what a kill left open is settled first.

        Raises
        ------
        BookInUseError
            Another process is applying a plan, and did not finish in time.
        JournalError
            The journal was changed by other hands, or cannot be written.
        """
        if self._held:
            yield
            return
        with contextlib.ExitStack() as stack:
            try:
                _make(self.path.parent)
                stack.enter_context(exclusive(self.path))
            except BookInUseError as error:
                raise BookInUseError("another sync of this project is at work; try again when it is done") from error
            except OSError as error:
                raise JournalError(f"{self._shown} cannot be written: {error.strerror or error}") from error
            self._held = True
            stack.callback(setattr, self, "_held", False)
            self._refuse_faults()
            entries = self._read().entries
            for ending in _settlements(entries, self._hashes(entries)):
                self._append(ending)
            yield

    @contextmanager
    def step(
        self,
        workbook: Path,
        *,
        before: str,
        after: str,
        feeds: Sequence[str] = (),
        sources: Mapping[str, str] | None = None,
        plan: str = "",
        synced: str = "",
        counts: Mapping[str, int] | None = None,
        functions: str = "",
        note: str = "",
    ) -> Iterator[Entry]:
        """Record a change to a workbook that is made inside the `with` block.

        "begun" is on the disk before the block runs. Afterwards stands "applied"; or, where the block raised, what the
        workbook's hash says. The journal is held meanwhile: an entry that is open belongs to a process that died.

        Parameters
        ----------
        workbook : Path
            The file that changes.
        before, after : str
            Its sha256 now and then; `after` is "" where a program holds the workbook.
        feeds, sources, plan, synced, counts, functions, note
            As in `Entry`.

        Yields
        ------
        Entry
            The "begun" one.

        Raises
        ------
        BookInUseError, JournalError
            As for `alone`; the block did not run, or the journal could not be ended, which the next use makes up for.
        """
        with self.alone():
            begun = self._append(
                _entry(
                    "begun",
                    self.name_of(workbook),
                    before,
                    after,
                    feeds=tuple(feeds),
                    sources=sources,
                    plan=plan,
                    synced=synced,
                    counts=counts,
                    functions=functions,
                    note=note,
                )
            )
            try:
                yield begun
            except BaseException as error:
                now = _hash_of(workbook)
                # where two apply the same, the one who is told finds what the other wrote
                ours = bool(after) and now == after and not isinstance(error, StaleBookError)
                # the error is what counts; where this cannot end the entry, the next use does
                with contextlib.suppress(JournalError):
                    if now or not after:
                        note = f"{type(error).__name__}: {error}"
                        self._append(_ending(begun, "applied" if ours else "failed", note))
                raise
            try:
                self._append(_ending(begun, "applied"))
            except JournalError as error:
                raise JournalError(f"{workbook.name} is saved, but {error}; the next sync makes up for it") from error

    def undone(self, begun: Entry) -> Entry:
        """Record that a change was taken back."""
        with self.alone():
            return self._append(_ending(begun, "undone"))

    def exported(self, workbook: Path, sha256: str, *, to: str, functions: str = "") -> Entry:
        """Record that results of a workbook, which has this hash, went out."""
        with self.alone():
            return self._append(
                _entry("exported", self.name_of(workbook), sha256, sha256, functions=functions, note=to)
            )

    def _read(self) -> Lines:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            content = b""
        except OSError as error:
            raise JournalError(f"{self._shown} cannot be read: {error.strerror or error}") from error
        return parsed(content)

    def _refuse_faults(self) -> None:
        faults = self._read().faults
        if faults:
            raise JournalError(
                f"{self._shown} is not as it was written: {'; '.join(faults)}. Nothing is "
                "applied or undone on top of it. Get it back from a backup or from version control; or give it another "
                "name: syncs then start afresh, and know nothing of what was synced before"
            )

    def _hashes(self, entries: Sequence[Entry]) -> dict[str, str]:
        return {name: _hash_of(self.folder / name) for name in {e.workbook for e in entries}}

    def _append(self, entry: Entry) -> Entry:
        entry, line = next_line(entry, self._read())
        try:
            new = not self.path.exists()
            with self.path.open("a+b", buffering=0) as file:
                _write_line(file, line)
        except OSError as error:
            raise JournalError(f"{self._shown} could not be written: {error.strerror or error}") from error
        if new:
            sync_folder(self.path.parent)
        return entry


def state_folder(folder: Path) -> Path:
    """Return where a project keeps what syncs must remember."""
    return folder / ".xlmodel"


def _write_line(file: FileIO, line: bytes) -> None:
    """Put a line at the end of a file and on the disk, or leave the file as it was."""
    size = file.seek(0, os.SEEK_END)
    try:
        rest = line
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(file.fileno())
        file.seek(size)
        if file.read() != line:
            raise OSError(errno.EIO, "what the disk holds is not what was written")
    except OSError:
        with contextlib.suppress(OSError):
            file.truncate(size)
        raise


def _make(folder: Path) -> None:
    """Make a folder, and have the disk keep its name."""
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    sync_folder(folder.parent)


def stamp() -> tuple[str, str]:
    """Return the time, in universal time to the second, and who works here: the user's name, and the computer's."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = "an unnamed user"
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), f"{user} on {platform.node()}"


def _entry(what: What, workbook: str, before: str, after: str, **rest: object) -> Entry:
    """Return an entry that has its place in the journal still to come."""
    at, who = stamp()
    return Entry(0, what, at, who, workbook, before, after, **rest)  # type: ignore[arg-type]


def _ending(begun: Entry, what: What, note: str = "") -> Entry:
    before, after = (begun.after, begun.before) if what == "undone" else (begun.before, begun.after)
    return _entry(what, begun.workbook, before, after, feeds=begun.feeds, of=begun.number, note=note)


def _settlements(entries: Sequence[Entry], hashes: Mapping[str, str]) -> list[Entry]:
    """Return the endings that are missing, as the workbooks' hashes tell."""
    ended = {e.of for e in entries if e.what in ("applied", "failed")}
    undone = {e.of for e in entries if e.what == "undone"}
    endings = [_judged(e, hashes[e.workbook]) for e in entries if e.what == "begun" and e.number not in ended]
    failed = {e.of for e in (*entries, *endings) if e.what == "failed"}
    for name, now in hashes.items():
        standing = [
            e
            for e in entries
            if (e.what, e.workbook) == ("begun", name) and e.number not in failed | undone and e.after
        ]
        if not standing or now == standing[-1].after:
            continue
        # an undo that was killed before its entry, or somebody who put the old file back: the same to the workbook
        # with edits in between, an older file is not what the next change found, but what the one before left
        known = [(e.before, last) for e, last in zip(standing, ["", *(e.after for e in standing)], strict=False)]
        back = next((i for i in reversed(range(len(known))) if now in known[i]), len(known))
        endings += [
            _ending(e, "undone", "the workbook was found as it was before this change")
            for e in reversed(standing[back:])
        ]
    return endings


def _judged(begun: Entry, now: str) -> Entry:
    if begun.after and now == begun.after:
        return _ending(begun, "applied", "stopped after the workbook was saved")
    if now == begun.before:
        return _ending(begun, "failed", "stopped before the workbook was saved; it is as it was")
    return _ending(begun, "failed", "stopped, and the workbook changed since: whether it was saved is not known")


def _hash_of(workbook: Path) -> str:
    try:
        return file_hash(workbook)
    except OSError:
        return ""
