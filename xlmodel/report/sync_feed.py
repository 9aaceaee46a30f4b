"""What one feed would do to a workbook, for the people whose workbook it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xlmodel.report.aligned import aligned
from xlmodel.report.escape import safe
from xlmodel.report.figures import count, listed
from xlmodel.report.sync_conflicts import conflict_lines
from xlmodel.report.sync_values import difference, pair, together
from xlmodel.report.sync_view import View, address, key_name, more, shown
from xlmodel.sync.cautions import slipped_unit
from xlmodel.sync.planned import CellChange, FeedPlan, Kept, Key, Problem
from xlmodel.values import Scalar

__all__ = ["feed_lines"]

_FEWEST = 3  #: changes of a column that are shown, however many columns there are
_FILES = (".csv", ".parquet", ".xlsx", ".xlsm")
#: why something is left alone -> one of it, several, and what that means
_LEFT: Mapping[str, tuple[str, str, str]] = {
    "unplaced": (
        "1 row of the source has no row in the workbook, so it goes nowhere",
        "{} rows of the source have no row in the workbook, so they go nowhere",
        'This feed only updates rows that are there; rows = "add" in xlmodel.toml lets new ones come in.',
    ),
    "typed": (
        "1 cell was typed over since the last sync, and the source has not changed: it stays as typed",
        "{} cells were typed over since the last sync, and the source has not changed: they stay as typed",
        "",
    ),
    "deleted": (
        "1 row was deleted from the workbook since the last sync: it does not come back",
        "{} rows were deleted from the workbook since the last sync: they do not come back",
        "",
    ),
    "not in source": (
        "1 row that was synced before is no longer in the source: it stays as it is",
        "{} rows that were synced before are no longer in the source: they stay as they are",
        'With rows = "replace" in xlmodel.toml they would be removed.',
    ),
    "own row": (
        "1 row of the workbook never came from this source: it is left alone",
        "{} rows of the workbook never came from this source: they are left alone",
        "",
    ),
}


def feed_lines(feed: FeedPlan, view: View) -> Iterator[str]:
    """Yield what one feed would do: what stands in its way first, then what changes, then what is left alone."""
    yield f"{safe(feed.feed)}: into {safe(feed.target)}"
    yield from view.sentence(_read(feed))
    if not (feed.problems or feed.conflicts or feed.changes or feed.added or feed.removed):
        yield "  Nothing to change."
    for part in (_problems, conflict_lines, _changes, _added, _removed, _kept, _totals):
        lines = list(part(feed, view))
        if lines:
            yield ""
            yield from lines
    if feed.left_out:
        yield ""
        yield from _left_out(feed, view)
    if feed.rows_moved:
        yield ""
        yield from view.sentence(f"Because of this, {safe(feed.rows_moved)}.")


def _read(feed: FeedPlan) -> str:
    names = [safe(name, 60) for name in feed.sources]
    noun = "file" if all(name.endswith(_FILES) for name in feed.sources) else "source"
    if len(names) > 3:
        names = [f"{count(len(names), noun)}, {names[0]} to {names[-1]}"]
    of = f" from {listed(names)}" if names else ""
    keyed = f" Rows are told apart by {listed([safe(k) for k in feed.keys])}." if feed.keys else ""
    return f"Read {count(feed.rows_read, 'row')}{of}.{keyed}"


def _problems(feed: FeedPlan, view: View) -> Iterator[str]:
    if feed.problems:
        yield from view.sentence(
            f"{count(len(feed.problems), 'problem')} to be put right. Nothing of this plan can be done before that."
        )
    for problem in feed.problems[: view.most]:
        where = _where(problem)
        yield from view.sentence(f"{where}: {safe(problem.what)}" if where else safe(problem.what), 4)
    yield from view.rest(len(feed.problems))


def _where(problem: Problem) -> str:
    place = address(problem.cell, full=True) if problem.cell else ""
    return ": ".join(filter(None, (safe(problem.source), place)))


def _changes(feed: FeedPlan, view: View) -> Iterator[str]:
    """Yield changes by column, numbers under one another, with their sources where there is room, else below."""
    if not feed.changes:
        return
    first = ". This feed was never synced: what stands there now was typed, or came some other way"
    yield from view.sentence(
        f"{count(len(feed.changes), 'cell')} would change{first if all(c.first for c in feed.changes) else ''}."
    )
    by_column: dict[str, list[CellChange]] = {}
    for change in feed.changes:
        by_column.setdefault(change.column, []).append(change)
    most = max(view.most // len(by_column), _FEWEST)
    these = [c for changes in by_column.values() for c in changes[:most]]
    rows = [(*_change(c, feed, view), f"from {safe(c.source, 70)}" if c.source else "") for c in these]
    beside = 6 + sum(2 + max(map(len, texts)) for texts in zip(*rows, strict=True)) <= view.width + 2
    if not beside:
        rows = [(*row[:-1], "") for row in rows]
    lines = iter(aligned(rows, "<<><>><", by=6, width=view.width, gives=1))
    for column, changes in by_column.items():
        yield f"    {safe(column, 60)}"
        for _ in changes[:most]:
            yield next(lines)
        if len(changes) > most:
            yield f"      {more(len(changes) - most)}"
        yield from _cautions(column, changes, view)
    if not beside:
        yield "    Where this comes from"
        sources = dict.fromkeys((key_name(c.key, feed, view), safe(c.source, 70)) for c in these if c.source)
        yield from aligned(list(sources), "<<", by=6, width=view.width)


def _left_out(feed: FeedPlan, view: View) -> Iterator[str]:
    """Yield the formulas that do not take in the rows that would be added."""
    yield from view.sentence(
        f"Look twice: {count(len(feed.left_out), 'formula')} end{'s' * (len(feed.left_out) == 1)} at the row above the "
        "new ones, and would not take them in:"
    )
    for text in feed.left_out[: view.most]:
        yield from view.sentence(safe(text, 90), 6)
    yield from view.rest(len(feed.left_out))


def _cautions(column: str, changes: Sequence[CellChange], view: View) -> Iterator[str]:
    """Yield a warning where all new values are so much larger or smaller that the unit must be wrong."""
    power = slipped_unit(changes)
    if power:
        than = "larger" if power > 0 else "smaller"
        yield from view.sentence(
            f"Look twice: what comes into {safe(column, 60)} is about {10 ** abs(power):,} times {than} than what it "
            "replaces. Is it in the same unit?",
            6,
        )


def _change(change: CellChange, feed: FeedPlan, view: View) -> tuple[str, ...]:
    values = change.old, change.new, change.number_format or feed.formats.get(change.column, ""), view.date1904
    old, new = pair(*values)
    return address(change.cell), key_name(change.key, feed, view), old, "→", new, difference(*values)


def _added(feed: FeedPlan, view: View) -> Iterator[str]:
    if feed.added:
        yield f"  {count(len(feed.added), 'row')} would be added at the end"
    for row in feed.added[: view.most]:
        yield from _row(row.values, row.key, feed, view, f" (from {safe(row.source)})" if row.source else "")
    yield from view.rest(len(feed.added))


def _removed(feed: FeedPlan, view: View) -> Iterator[str]:
    if feed.removed:
        yield f"  {count(len(feed.removed), 'row')} would be removed: no longer in the source"
    for row in feed.removed[: view.most]:
        yield from _row(row.values, row.key, feed, view, f" (row {row.row})")
    yield from view.rest(len(feed.removed))


def _row(values: Mapping[str, Scalar], key: Key, feed: FeedPlan, view: View, where: str) -> Iterator[str]:
    yield from view.sentence(f"{key_name(key, feed, view)}{where}", 4)
    others = {column: value for column, value in values.items() if column not in feed.keys}
    told_ = [f"{safe(column, 60)}: {shown(feed, view, column, value)}" for column, value in others.items()]
    yield from view.sentence("; ".join(told_), 8)


def _kept(feed: FeedPlan, view: View) -> Iterator[str]:
    for why, (one, several, advice) in _LEFT.items():
        kept = [k for k in feed.kept if k.why == why]
        if not kept:
            continue
        text = one if len(kept) == 1 else several.format(f"{len(kept):,}")
        yield from view.sentence(f"{text}. {advice}".strip())
        if why == "own row":
            continue
        rows = [_left(k, feed, view) for k in kept[: view.most]]
        yield from aligned(rows, "<<<<", by=4, width=view.width, gives=1)
        yield from view.rest(len(kept))


def _left(kept: Kept, feed: FeedPlan, view: View) -> tuple[str, str, str, str]:
    place = address(kept.cell) if kept.cell else ""
    if kept.column is None:
        return place, key_name(kept.key, feed, view), "", ""
    code = feed.formats.get(kept.column, "")
    here, there = together([kept.workbook_value, kept.source_value], code, view.date1904)
    return place, key_name(kept.key, feed, view), safe(kept.column, 60), f"{here}; the source has {there}"


def _totals(feed: FeedPlan, view: View) -> Iterator[str]:
    if all(t.before == t.after for t in feed.totals):
        return
    yield "  Totals of the columns"
    rows = []
    for t in feed.totals:
        code = feed.formats.get(t.column, "")
        old, new = pair(t.before, t.after, code, view.date1904)
        by = difference(t.before, t.after, code, view.date1904) or "no change"
        rows.append((safe(t.column, 60), old, "→", new, by))
    yield from aligned(rows, "<><>>", by=4, width=view.width)
