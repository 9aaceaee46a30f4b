"""A plan as a person reads it: what would be done to a workbook, what follows from it, and what to type next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlmodel.report.escape import safe
from xlmodel.report.figures import count, listed
from xlmodel.report.sync_effects import effects_lines
from xlmodel.report.sync_feed import feed_lines
from xlmodel.report.sync_view import View
from xlmodel.sync.planned import Plan

__all__ = ["Following", "plan_headline", "plan_lines"]

_SHORT = 8  #: characters of a fingerprint
_CHOICES = 4  #: conflicts that the command to type next names


def plan_headline(plan: Plan, *, refused: bool = False) -> str:
    """Return in a sentence what a plan would do, or what stands in its way; `refused` as for `plan_lines`."""
    problems = sum(len(f.problems) for f in plan.feeds)
    conflicts = sum(c.choice is None for f in plan.feeds for c in f.conflicts)
    if problems or conflicts:
        ways = []
        if problems:
            ways.append(f"{count(problems, 'problem')} must be put right")
        if conflicts:
            ways.append(f"{count(conflicts, 'conflict')} {'needs' if conflicts == 1 else 'need'} your choice")
        return f"not ready: {listed(ways)}"
    if refused and plan.effects is not None:
        return f"not ready: {count(len(plan.effects.failing_anew), 'check')} of the workbook would begin to fail"
    changes = sum(len(f.changes) for f in plan.feeds)
    added, removed = (
        sum(len(rows) for rows in (getattr(f, side) for f in plan.feeds)) for side in ("added", "removed")
    )
    parts = []
    if changes:
        parts.append(f"{count(changes, 'cell')} would change")
    if added:
        parts.append(f"{count(added, 'row')} would be added")
    if removed:
        parts.append(f"{count(removed, 'row')} would be removed")
    return listed(parts) or "up to date, nothing to do"


@dataclass(frozen=True)
class Following:
    """What a reader may type next."""

    plan: str  #: plans again: xlmodel sync plan ledger
    apply: str = ""  #: does what was planned, xlmodel sync apply plan.json; "" where that is done anyway
    undo: str = ""  #: takes it back: xlmodel sync undo southampton.xlsx


def plan_lines(plan: Plan, view: View, following: Following, *, refused: bool = False) -> Iterator[str]:
    """Yield a plan in full.

    Parameters
    ----------
    plan : Plan
        What would be done.
    view : View
        How wide, and how much of it.
    following : Following
        The commands that go on from here.
    refused : bool
        Whether checks of the workbook would begin to fail, and a feed forbids that.
    """
    written = "" if plan.empty and not plan.blocked else " Nothing has been written."
    yield from view.sentence(f"{safe(plan.workbook)}: {plan_headline(plan, refused=refused)}.{written}", 0)
    for feed in plan.feeds:
        yield ""
        yield from feed_lines(feed, view)
    if plan.effects is not None and not plan.empty:
        yield ""
        yield from effects_lines(plan.effects, view, refused=refused)
    yield ""
    yield from _next(plan, following, refused)


def _next(plan: Plan, following: Following, refused: bool) -> Iterator[str]:
    yield f"Made for {safe(plan.workbook)} as it is now: fingerprint {safe(plan.sha256[:_SHORT])}."
    conflicts = [c for f in plan.feeds for c in f.conflicts if c.choice is None]
    if any(f.problems for f in plan.feeds):
        yield "Next: put right what is named above, then plan again:"
        yield f"  {following.plan}"
    elif conflicts:
        chosen = [f"--choose {safe(conflict)}={side}" for conflict, side in plan.choices.items()]
        chosen += [f"--choose {safe(c.id)}=SIDE" for c in conflicts[:_CHOICES]]
        yield "Next: plan again with a side for each conflict, source or workbook:"
        yield f"  {' '.join([following.plan, *chosen])}{' …' if len(conflicts) > _CHOICES else ''}"
        if len(conflicts) > 1:
            feed = next(f for f in plan.feeds if any(c.choice is None for c in f.conflicts))
            yield f"  or for all conflicts of a feed at once: --choose {safe(feed.feed)}=source"
    elif refused:
        yield "Next: look into what would fail, then plan again:"
        yield f"  {following.plan}"
    elif following.apply and not plan.empty:
        yield "Next: to do this, and to take it back afterwards:"
        yield f"  {following.apply}"
        yield f"  {following.undo}"
