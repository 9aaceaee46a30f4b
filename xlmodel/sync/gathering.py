"""What a plan is made from: a workbook, the rows of its feeds, and what was synced last."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from xlmodel.book import Book
from xlmodel.book.package import Package
from xlmodel.book.reader import read_package
from xlmodel.engine.native.moments import SHIFT_1904
from xlmodel.errors import SyncError
from xlmodel.sync.backups import Backups
from xlmodel.sync.choices import Choices
from xlmodel.sync.comparing import Comparison, Incoming
from xlmodel.sync.declared import Feed, SyncSettings
from xlmodel.sync.journal import Entry, Journal
from xlmodel.sync.planned import Problem
from xlmodel.sync.sources.rows import SourceRows, read_rows
from xlmodel.sync.synced import Synced, read_synced
from xlmodel.sync.targets import Located, locate
from xlmodel.values import Scalar
from xlmodel.verify.means import Means

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Gathered", "GatheredFeed", "declaration", "gather"]


@dataclass(frozen=True, eq=False)
class GatheredFeed:
    """A feed beside its target."""

    feed: Feed
    rows: SourceRows
    last: Entry | None  #: of the journal, when it was synced last
    synced: Synced | None  #: and what was
    target: Located | None = None  #: None where it cannot be found
    comparison: Comparison | None = None  #: None where problems stand
    problems: tuple[Problem, ...] = ()  #: of the source and the target


@dataclass(frozen=True, eq=False)
class Gathered:
    """A workbook with the feeds that are wanted."""

    path: Path
    content: bytes
    book: Book
    feeds: tuple[GatheredFeed, ...]


def gather(
    settings: SyncSettings,
    workbook: Path,
    means: Means,
    feeds: Collection[str],
    choices: Choices,
    frames: Mapping[str, pd.DataFrame],
    copy: Path | None = None,
) -> Gathered:
    """Read a workbook, or the copy that is given in its place, and its feeds, and hold them against each other.

    Raises
    ------
    SyncError
        A feed that is asked for is not declared for this workbook.
    BookError
        The workbook cannot be read.
    JournalError
        What was synced last cannot be read.
    """
    wanted = _wanted(settings, workbook, feeds, frames)
    package = Package.open(copy or workbook)
    book = read_package(package)
    last = _last(settings, workbook, book.sha256 if copy is None else "")
    gathered = (_gathered(feed, book, means, last.get(feed.name), choices, frames) for feed in wanted)
    return Gathered(workbook, package.content, book, tuple(gathered))


def _wanted(
    settings: SyncSettings, workbook: Path, feeds: Collection[str], frames: Mapping[str, pd.DataFrame]
) -> list[Feed]:
    here = {n: f for n, f in settings.feeds.items() if os.path.realpath(f.workbook) == os.path.realpath(workbook)}
    for name in (*feeds, *frames):
        if name not in here:
            known = ", ".join(here) or "none"
            raise SyncError(f"{workbook.name} has no feed {name!r}; its feeds are: {known}")
    if not here:
        raise SyncError(f"no feed is declared for {workbook.name}; feeds are tables [sync.feed.NAME] of xlmodel.toml")
    # a feed whose rows come from Python cannot run without them
    return [f for n, f in here.items() if n in feeds or (not feeds and (f.source is not None or n in frames))]


def _last(settings: SyncSettings, workbook: Path, closed: str) -> dict[str, tuple[Entry, Synced]]:
    """Return when each feed was synced last, and what was; `closed` is the hash of a workbook that is not open."""
    standing = Journal(settings.folder).standing(workbook)
    # what went into an open workbook is not in the file where that was closed without saving
    there = [entry for entry in standing if entry.after or entry.before != closed]
    newest = {name: entry for entry in there for name in entry.feeds}
    backups = Backups(settings.folder)
    read = {sha256: read_synced(backups.synced(sha256)) for sha256 in {entry.synced for entry in newest.values()}}
    return {name: (e, read[e.synced][name]) for name, e in newest.items() if name in read[e.synced]}


def _gathered(
    feed: Feed,
    book: Book,
    means: Means,
    last: tuple[Entry, Synced] | None,
    choices: Choices,
    frames: Mapping[str, pd.DataFrame],
) -> GatheredFeed:
    rows = read_rows(feed, means, frames.get(feed.name))
    entry, synced = last or (None, None)
    problems = list(rows.problems)
    target = None
    try:
        target = locate(book, feed.target, [rule.heading for rule in feed.columns])
    except SyncError as error:
        problems.append(Problem(str(error)))
    if problems or target is None:
        return GatheredFeed(feed, rows, entry, synced, target, None, tuple(problems))
    incoming = Incoming(dict(_columns(feed, rows, book.date1904)), rows.places)
    problems += _before_1904(feed, incoming) if book.date1904 else ()
    comparison = None if problems else Comparison(feed, target, incoming, synced, choices)
    return GatheredFeed(feed, rows, entry, synced, target, comparison, tuple(problems))


def _columns(feed: Feed, rows: SourceRows, date1904: bool) -> Iterator[tuple[str, list[Scalar]]]:
    for rule in feed.columns:
        contents: list[Scalar] = [None if c == "" else c for c in rows.columns[rule.heading].scalars()]
        if date1904 and rule.type in ("date", "datetime"):
            contents = [c - SHIFT_1904 if isinstance(c, float) else c for c in contents]
        yield rule.heading, contents


def _before_1904(feed: Feed, incoming: Incoming) -> Iterator[Problem]:
    for rule in feed.columns:
        for place, content in zip(incoming.places, incoming.columns[rule.heading], strict=True):
            if rule.type in ("date", "datetime") and isinstance(content, float) and content < 0:
                yield Problem(
                    "the date must be of 1904 or later: the workbook counts its days from 1904",
                    source=f"{place}, column {rule.source}",
                )


def declaration(feed: Feed, settings: SyncSettings) -> str:
    """Return a hash of what is declared of a feed, the same in whichever folder the project lies."""
    folder = settings.folder

    def told(path: Path) -> str:
        return Path(os.path.relpath(path, folder)).as_posix()

    body = json.dumps(msgspec.to_builtins(feed, enc_hook=told), ensure_ascii=False)
    return hashlib.sha256(body.replace(json.dumps(folder.as_posix())[1:-1], ".").encode()).hexdigest()
