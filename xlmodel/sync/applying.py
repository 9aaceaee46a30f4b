"""Applying a plan: the one way by which a sync changes a workbook."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xlmodel.book import refuse_early, save
from xlmodel.engine.client import Worker
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import PlanStaleError, SyncError
from xlmodel.sync.backups import Backups
from xlmodel.sync.changing import disagreeing
from xlmodel.sync.declared import SyncSettings
from xlmodel.sync.journal import Entry, Journal
from xlmodel.sync.plan_file import plan_sha256, plan_text
from xlmodel.sync.planned import FeedPlan, Plan
from xlmodel.sync.planning import Planned, make_plan
from xlmodel.sync.recording import recorded
from xlmodel.sync.synced import synced_text
from xlmodel.verify.means import Means

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Applied",
    "apply_plan",
    "counts",
    "refuse_blocked",
    "refuse_failing",
    "refuse_other",
    "refusing_feeds",
    "some_of",
]

_MOST_NAMED = 5
#: what a feed's plan holds several of -> in words
_COUNTED: Mapping[str, str] = {
    "changes": "cells to change",
    "added": "rows to add",
    "removed": "rows to remove",
    "conflicts": "conflicts",
    "kept": "what is left alone",
    "problems": "problems",
}


@dataclass(frozen=True, eq=False)
class Applied:
    """What applying a plan did."""

    entry: Entry | None  #: of the journal; None where the plan had nothing to do, and nothing to remember
    plan: Plan


def apply_plan(
    plan: Plan,
    settings: SyncSettings,
    means: Means,
    *,
    frames: Mapping[str, pd.DataFrame] | None = None,
    worker: Worker | None = None,
) -> Applied:
    """Apply a plan, if it still holds: it is made again, and must come out the same.

    The new workbook is recalculated and verified before it takes the old one's place; the old one is kept for `undo`.
    A plan that changes nothing in a workbook is remembered all the same where the feed has news: what was synced last
    is what later changes are held against.

    Parameters
    ----------
    plan : Plan
        What `make_plan` or `read_plan` returned.
    settings : SyncSettings
        What the project declares.
    means : Means
        With what the workbook is recalculated.
    frames : mapping of str to DataFrame, optional
        The rows of feeds that declare no source.
    worker : Worker, optional
        One that runs already.

    Raises
    ------
    PlanStaleError
        The workbook, a source, the declarations or the functions changed since; the message says what.
    SyncError
        The plan has problems or open conflicts, a check of the workbook would begin to fail, or the new workbook does
        not recalculate to what it says. Nothing was written.
    BookError
        The workbook is open in a program, is read-only, or cannot be saved.
    """
    path = settings.folder / plan.workbook
    refuse_early(path)
    refuse_blocked(plan)
    refuse_failing(plan, settings)
    with nullcontext(worker) if worker is not None else means.worker() as at_work:
        planned = _again(plan, path, settings, means, frames or {}, at_work)
        if planned.synced is None and planned.content is None:
            return Applied(None, plan)
        if planned.content is not None:
            _refuse_unverified(path, planned.content, planned.unsure, means, at_work)
    return Applied(_written(path, planned, settings), plan)


def _again(
    plan: Plan,
    path: Path,
    settings: SyncSettings,
    means: Means,
    frames: Mapping[str, pd.DataFrame],
    worker: Worker,
) -> Planned:
    """Return the plan as it comes out now; refuse one that comes out otherwise."""
    try:
        feeds = [feed.feed for feed in plan.feeds]
        planned = make_plan(settings, path, means, feeds=feeds, choices=plan.choices, frames=frames, worker=worker)
    except SyncError as error:
        raise PlanStaleError(f"the plan does not hold any more: {error}") from error
    try:
        refuse_other(plan, planned.plan, "it comes out otherwise now")
    except PlanStaleError as error:
        done = [e.number for e in Journal(settings.folder).standing(path) if e.plan == plan_sha256(plan)]
        if done:
            raise PlanStaleError(
                f"this plan was applied already: number {done[-1]} in the journal. Nothing was written"
            ) from error
        raise
    return planned


def refuse_other(plan: Plan, now: Plan, otherwise: str) -> None:
    """Refuse a plan that comes out otherwise now; `otherwise` is said where nothing else tells what differs."""
    if plan_text(now) != plan_text(plan):
        what = "; ".join(_differences(plan, now)) or otherwise
        raise PlanStaleError(f"the plan does not hold any more: {what}. Nothing was written; make it again and look")


def _differences(old: Plan, new: Plan) -> Iterator[str]:
    """Yield what differs between a plan and the same plan made now."""
    if old.sha256 != new.sha256:
        yield f"{old.workbook} was changed since"
    if old.functions != new.functions:
        yield "the functions that cells call are other ones now"
    for before, after in zip(old.feeds, new.feeds, strict=True):
        yield from (f"feed {before.feed}: {what}" for what in _feed_differences(before, after))


def _feed_differences(old: FeedPlan, new: FeedPlan) -> Iterator[str]:
    if old.declaration != new.declaration:
        yield "its settings were changed"
    for name in dict.fromkeys((*old.sources, *new.sources)):
        if name not in new.sources:
            yield f"{name} is not read any more"
        elif name not in old.sources:
            yield f"{name} is new"
        elif old.sources[name] != new.sources[name]:
            yield f"{name} was changed"
    for what, words in _COUNTED.items():
        before, after = len(getattr(old, what)), len(getattr(new, what))
        if before != after:
            yield f"{words}: {before} in the plan, {after} now"


def refuse_blocked(plan: Plan) -> None:
    """Refuse a plan with problems or open conflicts."""
    problems = [problem for feed in plan.feeds for problem in feed.problems]
    if problems:
        raise SyncError(f"the plan has problems, and nothing of it is applied: {some_of([p.what for p in problems])}")
    open_ = [conflict.id for feed in plan.feeds for conflict in feed.conflicts if conflict.choice is None]
    if open_:
        raise SyncError(
            f"both the source and the workbook changed the same: choose for {some_of(open_)} "
            f"(--choose {open_[0]}=source or --choose {open_[0]}=workbook)"
        )


def refusing_feeds(plan: Plan, settings: SyncSettings) -> list[str]:
    """Return the feeds that forbid what a plan does: to make a check of the workbook begin to fail."""
    if plan.effects is None or not plan.effects.failing_anew:
        return []
    return [
        feed.feed
        for feed in plan.feeds
        if (feed.changes or feed.added or feed.removed) and settings.feeds[feed.feed].failing_checks == "refuse"
    ]


def refuse_failing(plan: Plan, settings: SyncSettings) -> None:
    """Refuse a plan by which a check of the workbook would begin to fail, unless all of its feeds allow that."""
    strict = refusing_feeds(plan, settings)
    if strict and plan.effects is not None:
        failing = plan.effects.failing_anew
        raise SyncError(
            f"{len(failing)} of the workbook's own checks would begin to fail: {some_of(failing)}. Nothing was "
            f'written; where that is right, set failing_checks = "allow" for {", ".join(strict)}'
        )


def _refuse_unverified(path: Path, content: bytes, unsure: Set[CellKey], means: Means, worker: Worker) -> None:
    """Read the new workbook back and recalculate it: every value that was written must be what comes out."""
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder) / path.name
        there.write_bytes(content)
        wrong = sorted(disagreeing(means.evaluate(there, worker)) - unsure)
    if wrong:
        raise SyncError(
            f"{len(wrong)} formula cells of the new workbook do not recalculate to what it says "
            f"({some_of(list(map(str, wrong)))}); nothing was written. "
            "This is a fault of this program: please report it"
        )


def _written(path: Path, planned: Planned, settings: SyncSettings) -> Entry:
    """Put the new workbook in the place of the old one, with everything that is needed to undo it."""
    plan, backups = planned.plan, Backups(settings.folder)
    content, members = planned.content, planned.members
    if content is not None:
        backups.keep(planned.original)
        if settings.record_in_workbook:
            with_journal = recorded(content, plan, counts(plan), path)
            content, members = with_journal.content, with_journal.members
    synced = "" if planned.synced is None else backups.keep_synced(synced_text(planned.synced))
    step = Journal(settings.folder).step(
        path,
        before=plan.sha256,
        after=plan.sha256 if content is None else hashlib.sha256(content).hexdigest(),
        feeds=[feed.feed for feed in plan.feeds],
        sources={name: sha256 for feed in plan.feeds for name, sha256 in feed.sources.items()},
        plan=plan_sha256(plan),
        synced=synced,
        counts=counts(plan),
        functions=plan.functions,
    )
    with step as begun:
        if content is not None:
            save(content, path, expect_sha256=plan.sha256, expect_members=members)
    return begun


def counts(plan: Plan) -> dict[str, int]:
    """Return how much a plan does, as the journal holds it."""
    return {
        "cells": sum(len(feed.changes) for feed in plan.feeds),
        "added": sum(len(feed.added) for feed in plan.feeds),
        "removed": sum(len(feed.removed) for feed in plan.feeds),
        "recalculated": 0 if plan.effects is None else plan.effects.recalculated,
    }


def some_of(texts: Sequence[str]) -> str:
    """Return the first of several texts in a line, and how many more there are."""
    more = len(texts) - _MOST_NAMED
    return "; ".join(texts[:_MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
