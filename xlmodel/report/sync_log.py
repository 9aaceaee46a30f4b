"""What was done to workbooks: how feeds stand, the journal, and what a command has just done, a line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from xlmodel.report.aligned import aligned
from xlmodel.report.escape import as_json, safe
from xlmodel.report.figures import count, listed
from xlmodel.report.sync_view import View
from xlmodel.sync.journal import Entry
from xlmodel.sync.status import FeedStatus, State

if TYPE_CHECKING:
    from xlmodel.sync.applying import Applied
    from xlmodel.sync.results import Exported
    from xlmodel.sync.undoing import Undone

__all__ = ["applied_lines", "exported_lines", "log_json", "log_lines", "status_lines", "undone_lines", "waits"]

_SHORT = 8  #: characters of a fingerprint
_NAMED = 2  #: sources that are named
_TIME = "%d %b %Y %H:%M"
#: what the journal counts -> one of it and several, in words
_WORDS = {
    "cells": ("cell changed", "cells changed"),
    "added": ("row added", "rows added"),
    "removed": ("row removed", "rows removed"),
    "recalculated": ("cell recalculated", "cells recalculated"),
}


def status_lines(feeds: Sequence[FeedStatus], width: int) -> Iterator[str]:
    """Yield how feeds stand, those of a workbook under its name."""
    view = View(width)
    for workbook in dict.fromkeys(feed.workbook for feed in feeds):
        yield safe(workbook)
        own = [feed for feed in feeds if feed.workbook == workbook]
        rows = [
            (safe(f.feed, 40), safe(f.target, 60), f.state.value, f"synced {_local(f.last)}" if f.last else "")
            for f in own
        ]
        for line, feed in zip(aligned(rows, "<<<<", by=2, width=width, gives=1), own, strict=True):
            yield line
            if any(feed.counts):
                yield from view.sentence(f"{_waiting(*feed.counts)}.", 4)
            if feed.problem:
                yield from view.sentence(safe(feed.problem), 4)
    if any(waits(feed) for feed in feeds):
        yield "Next: xlmodel sync plan"


def waits(feed: FeedStatus) -> bool:
    """Tell whether something of a feed waits to be done or decided; what was typed in the workbook alone may stay."""
    return feed.state not in (State.CURRENT, State.WORKBOOK, State.FRAME)


def _waiting(changes: int, added: int, removed: int, conflicts: int) -> str:
    parts = {
        count(changes, "cell to change", "cells to change"): changes,
        count(added, "row to add", "rows to add"): added,
        count(removed, "row to remove", "rows to remove"): removed,
        count(conflicts, "conflict to decide", "conflicts to decide"): conflicts,
    }
    return listed([words for words, n in parts.items() if n])


def log_lines(entries: Sequence[Entry], width: int) -> Iterator[str]:
    """Yield a line for each thing that was done, newest last, with who did it and from what below it."""
    if not entries:
        yield "Nothing has been synced yet."
        return
    view = View(width)
    ends = {e.of: e for e in entries if e.what in ("applied", "failed")}
    shown = [e for e in entries if e.what not in ("applied", "failed")]
    between = _saved_between(shown, ends)
    rows = [(f"{e.number}", _local(e.at), _what(e, ends), safe(e.workbook, 60), _fingerprints(e)) for e in shown]
    for line, entry in zip(aligned(rows, "><<<<", by=0, width=width, gives=3), shown, strict=True):
        yield line
        end = ends.get(entry.number)
        notes = [safe(e.note) for e in (entry, end) if e is not None and e.note]
        yield from view.sentence("; ".join([f"by {safe(entry.who, 60)}", *_details(entry), *notes]), 4)
        if entry.number in between:
            yield from view.sentence(
                f"before this, the workbook was saved outside sync, after {between[entry.number]}", 4
            )
    zone = datetime.now().astimezone().tzname()
    yield f"Times are of this computer's clock ({zone}). Last: the workbook's fingerprint before → after."
    if ends:
        yield "An apply takes two numbers of the journal: the second says how it ended."


def _what(entry: Entry, ends: Mapping[int, Entry]) -> str:
    if entry.what == "begun":
        return ends[entry.number].what if entry.number in ends else "interrupted"
    return f"{entry.of} undone" if entry.what == "undone" else entry.what


def _saved_between(entries: Iterable[Entry], ends: Mapping[int, Entry]) -> dict[int, int]:
    """Return before which entries a workbook was saved by other means, each with the entry that left it otherwise."""
    between: dict[int, int] = {}
    left: dict[str, tuple[int, str]] = {}  # workbook -> the entry that left it, and its fingerprint then
    for entry in entries:
        number, fingerprint = left.get(entry.workbook, (0, entry.before))
        if fingerprint != entry.before:
            between[entry.number] = number
        told = _what(entry, ends)
        if told == "interrupted" or not entry.after:
            left.pop(entry.workbook, None)
        else:
            left[entry.workbook] = entry.number, entry.before if told == "failed" else entry.after
    return between


def _fingerprints(entry: Entry) -> str:
    before, after = safe(entry.before[:_SHORT]), safe(entry.after[:_SHORT])
    return before if before == after else f"{before} → {after or 'open in a program'}"


def _details(entry: Entry) -> Iterator[str]:
    if entry.feeds:
        yield listed([safe(feed, 40) for feed in entry.feeds])
    if done := _counted(entry.counts or {}):
        yield done
    names = [safe(name, 60) for name in entry.sources or {}]
    if names:
        yield "from " + (listed(names) if len(names) <= _NAMED else f"{names[0]} to {names[-1]} ({len(names):,})")


def log_json(entries: Iterable[Entry]) -> str:
    """Return entries of the journal as JSON."""
    return as_json([asdict(entry) for entry in entries])


def applied_lines(done: Applied) -> Iterator[str]:
    """Yield what applying a plan did."""
    entry = done.entry
    if entry is None:
        yield f"{safe(done.plan.workbook)}: nothing to do."
        return
    if done.plan.empty:
        yield f"{safe(done.plan.workbook)}: nothing to change; what the sources say is noted in the journal."
        return
    yield f"Done: {safe(entry.workbook)}: {_counted(entry.counts or {})}."
    yield f"  Number {entry.number} in the journal; the workbook's fingerprint: {_fingerprints(entry)}."
    yield f"  To take it back: xlmodel sync undo {safe(PurePath(entry.workbook).name)}"


def undone_lines(done: Undone) -> Iterator[str]:
    """Yield what an undo did."""
    yield (
        f"{safe(done.entry.workbook)} is again as it was before number {done.apply.number}, "
        f"{_local(done.apply.at)}: byte for byte, fingerprint {safe(done.sha256[:_SHORT])}."
    )


def exported_lines(done: Exported) -> Iterator[str]:
    """Yield what an export wrote."""
    yield f"{safe(done.to)}: {count(done.rows, 'row')} of {count(done.columns, 'column')}"
    for note in done.notes:
        yield from View().sentence(safe(note))


def _counted(counts: Mapping[str, int]) -> str:
    return listed([f"{n:,} {safe(_WORDS.get(what, (what, what))[n != 1])}" for what, n in counts.items() if n])


def _local(at: str) -> str:
    """Return a time of the journal as this computer's clock would have shown it."""
    try:
        return datetime.fromisoformat(at).astimezone().strftime(_TIME)
    except ValueError:
        return safe(at, 25)
