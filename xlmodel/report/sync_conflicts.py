"""Conflicts of a feed, as the person reads them who has to decide."""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.report.aligned import aligned
from xlmodel.report.escape import safe
from xlmodel.report.figures import count
from xlmodel.report.sync_values import together
from xlmodel.report.sync_view import View, address, key_name
from xlmodel.sync.planned import Conflict, FeedPlan

__all__ = ["conflict_lines"]


def conflict_lines(feed: FeedPlan, view: View) -> Iterator[str]:
    """Yield the conflicts to decide, each with its three values and what decides it; then those decided."""
    open_ = [c for c in feed.conflicts if c.choice is None]
    decided = [c for c in feed.conflicts if c.choice is not None]
    if open_:
        one = len(open_) == 1
        yield from view.sentence(
            f"{count(len(open_), 'conflict')}: both the workbook and the source have changed since the last sync. "
            f"{'It needs' if one else 'Each needs'} your choice; nothing is overwritten without one."
        )
    for conflict in open_[: view.most]:
        yield ""
        yield from _conflict(conflict, feed, view)
    yield from view.rest(len(open_))
    if decided:
        if open_:
            yield ""
        yield f"  {count(len(decided), 'conflict')} decided by you"
        for c in decided[: view.most]:
            yield from view.sentence(f"{safe(c.id)}  {_subject(c, feed, view)}: {_decision(c, feed, view)}", 4)
        yield from view.rest(len(decided))


def _conflict(c: Conflict, feed: FeedPlan, view: View) -> Iterator[str]:
    yield from view.sentence(f"{safe(c.id)}  {_subject(c, feed, view)}", 4)
    if c.column is None:
        gone = "the source" if c.removed_by == "source" else "the workbook"
        stays = "in the workbook" if c.removed_by == "source" else "in the source"
        yield from view.sentence(f"This row is gone from {gone}, and was changed {stays}.", 8)
        removes, keeps = ("source", "workbook") if c.removed_by == "source" else ("workbook", "source")
        acts = {"source": "brings the source's row", "workbook": "keeps the workbook's row"}
        lost = {"source": "removes the row, as in the source", "workbook": "leaves the row out, as in the workbook"}
        choices = [(f"--choose {safe(c.id)}={side}", does[side]) for side, does in ((keeps, acts), (removes, lost))]
        yield from aligned(choices, "<<", by=8, width=view.width)
        return
    base, source, workbook = _sides(c, c.column, feed, view)
    rows = [
        ("synced last", base, ""),
        ("in the workbook", workbook, f"--choose {safe(c.id)}=workbook keeps it"),
        ("in the source", source, f"--choose {safe(c.id)}=source takes it"),
    ]
    yield from aligned(rows, "<><", by=8, width=view.width)
    if c.source:
        yield from view.sentence(f"The source's stands in {safe(c.source)}.", 8)


def _decision(c: Conflict, feed: FeedPlan, view: View) -> str:
    if c.column is None:
        return f"{'the row is out' if c.choice == c.removed_by else 'the row stands'}, as in the {c.choice}"
    _, source, workbook = _sides(c, c.column, feed, view)
    return f"the source's {source} is taken" if c.choice == "source" else f"the workbook's {workbook} is kept"


def _sides(c: Conflict, column: str, feed: FeedPlan, view: View) -> list[str]:
    code = feed.formats.get(column, "")
    return together([c.base, c.source_value, c.workbook_value], code, view.date1904)


def _subject(c: Conflict, feed: FeedPlan, view: View) -> str:
    place = f", {address(c.cell)}" if c.cell else ""
    column = f" · {safe(c.column, 60)}" if c.column else ""
    return f"{key_name(c.key, feed, view)}{column}{place}"
