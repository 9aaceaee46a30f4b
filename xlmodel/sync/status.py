"""How the feeds of a project stand to their workbooks."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from xlmodel.errors import XlmodelError
from xlmodel.sync.choices import Choices
from xlmodel.sync.declared import Feed, SyncSettings
from xlmodel.sync.gathering import GatheredFeed, gather
from xlmodel.sync.journal import Journal
from xlmodel.verify.means import Means

__all__ = ["FeedStatus", "State", "status"]


class State(Enum):
    """How a feed stands."""

    NEVER = "never synced"
    CURRENT = "up to date"
    SOURCE = "source changed"
    WORKBOOK = "workbook changed"
    BOTH = "both changed"
    PROBLEM = "problem"
    FRAME = "rows come from Python"


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """How one feed stands to its workbook."""

    feed: str
    workbook: str  #: relative to the project's folder
    target: str  #: "table Budget_lines on sheet In-year"
    state: State
    last: str = ""  #: when it was synced last, in universal time; "" for never
    problem: str = ""  #: the first of them, and how many more there are
    counts: tuple[int, int, int, int] = (0, 0, 0, 0)  #: cells to change, rows to add, rows to remove, conflicts


def status(settings: SyncSettings, means: Means, workbook: Path | None = None) -> tuple[FeedStatus, ...]:
    """Return how each feed stands; nothing is recalculated, and nothing written.

    Parameters
    ----------
    settings : SyncSettings
        What the project declares.
    means : Means
        With what workbooks are read that are sources.
    workbook : Path, optional
        The only workbook that is looked at; all by default.
    """
    wanted = [
        feed
        for feed in settings.feeds.values()
        if workbook is None or os.path.realpath(feed.workbook) == os.path.realpath(workbook)
    ]
    return tuple(_status(feed, settings, means) for feed in wanted)


def _status(feed: Feed, settings: SyncSettings, means: Means) -> FeedStatus:
    target = feed.target
    said = f"table {target.table}" if target.table else f"name {target.name}" if target.name else target.region
    stands = FeedStatus(feed.name, Journal(settings.folder).name_of(feed.workbook), said, State.FRAME)
    if feed.source is None:
        return stands
    try:
        found = gather(settings, feed.workbook, means, [feed.name], Choices({}), {}).feeds[0]
    except XlmodelError as error:
        return replace(stands, state=State.PROBLEM, problem=str(error))
    if found.target is not None:
        stands = replace(stands, target=found.target.title)
    stands = replace(stands, last="" if found.last is None else found.last.at)
    return _standing(stands, found)


def _standing(stands: FeedStatus, found: GatheredFeed) -> FeedStatus:
    comparison = found.comparison
    problems = found.problems if comparison is None else comparison.problems
    if comparison is None or problems:
        first, more = problems[0], len(problems) - 1
        told = ": ".join(filter(None, [first.source, first.what]))
        return replace(stands, state=State.PROBLEM, problem=f"{told}; and {more} more" if more else told)
    counts = len(comparison.changes), len(comparison.added), len(comparison.removed), len(comparison.conflicts)
    theirs = any(kept.why in ("typed", "deleted") for kept in comparison.kept)
    if found.last is None:
        state = State.NEVER
    elif comparison.conflicts or (theirs and any(counts)):
        state = State.BOTH
    elif any(counts):
        state = State.SOURCE
    else:
        state = State.WORKBOOK if theirs else State.CURRENT
    return replace(stands, state=state, counts=counts)
