"""Making a plan: what the feeds of a workbook would do to it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from xlmodel.book import SetValue
from xlmodel.book.moving import RowMove
from xlmodel.book.table_room import is_free
from xlmodel.book.table_rows import AppendRows
from xlmodel.engine.client import Worker
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import SyncError, UnsupportedEditError
from xlmodel.refs import Rect
from xlmodel.sync.changing import changed
from xlmodel.sync.choices import Choices
from xlmodel.sync.comparing import Comparison
from xlmodel.sync.declared import SyncSettings
from xlmodel.sync.drafting import Draft
from xlmodel.sync.effects import effects
from xlmodel.sync.gathering import Gathered, GatheredFeed, declaration, gather
from xlmodel.sync.journal import Journal
from xlmodel.sync.left_out import left_out
from xlmodel.sync.planned import FeedPlan, Plan, Problem, RowAdded, Side, Total
from xlmodel.sync.synced import Synced
from xlmodel.sync.targets import Located
from xlmodel.values import Values
from xlmodel.verify.means import Means

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Planned", "append_to", "make_plan"]


@dataclass(frozen=True, eq=False)
class Planned:
    """A plan, with what applying it would save."""

    plan: Plan
    original: bytes  #: the file that the plan was made for
    content: bytes | None = None  #: of the new workbook; None while the plan is blocked, or changes nothing in the file
    members: tuple[str, ...] = ()  #: zip members of the new workbook, in order
    unsure: frozenset[CellKey] = frozenset()  #: its formula cells whose saved values the engine does not vouch for
    synced: Mapping[str, Synced] | None = None  #: what will have been synced last; None where that does not change


def make_plan(
    settings: SyncSettings,
    workbook: Path,
    means: Means,
    *,
    feeds: Collection[str] = (),
    choices: Mapping[str, Side] | None = None,
    frames: Mapping[str, pd.DataFrame] | None = None,
    copy: Path | None = None,
    worker: Worker | None = None,
) -> Planned:
    """Return what feeds would do to a workbook; nothing is written.

    Parameters
    ----------
    settings : SyncSettings
        What the project declares.
    workbook : Path
        The workbook.
    means : Means
        With what it is recalculated.
    feeds : collection of str
        Which feeds; all of the workbook's by default.
    choices : mapping of str to Side, optional
        For conflicts by their names, or for all conflicts of a feed by its name: whose value is taken.
    frames : mapping of str to DataFrame, optional
        The rows of feeds that declare no source.
    copy : Path, optional
        The file that is read in the workbook's place: as a program holds it, with what is not saved yet.
    worker : Worker, optional
        One that runs already.

    Raises
    ------
    SyncError
        A feed is not declared, a choice is for no conflict, or the plan cannot be made at all. What is wrong with a
        source, a row or a cell is a problem of the plan.
    BookError
        The workbook cannot be read.
    EngineError
        It cannot be calculated within the limits.
    """
    chosen = Choices(choices or {})
    gathered = gather(settings, workbook, means, feeds, chosen, frames or {}, copy)
    if chosen.unmet:
        raise SyncError(
            f"there is no conflict {chosen.unmet[0]!r}: what was in conflict is so no more, or has other values now; "
            "look at the plan again and choose by what it says"
        )
    plans = [_feed_plan(feed, settings) for feed in gathered.feeds]
    plans = _with_clashes(plans, gathered.feeds)
    plan = Plan(
        workbook=Journal(settings.folder).name_of(workbook),
        sha256=gathered.book.sha256,
        functions=means.registry.source_hash,
        feeds=tuple(plans),
        effects=None,
        choices=chosen.used,
        date1904=gathered.book.date1904,
    )
    if plan.blocked:
        return Planned(plan, gathered.content)
    synced = _synced(gathered)
    if plan.empty:
        return Planned(plan, gathered.content, synced=synced)
    draft, plans = _drafted(gathered, plans)
    plan = replace(plan, feeds=tuple(plans))
    if plan.blocked:
        return Planned(plan, gathered.content)
    with nullcontext(worker) if worker is not None else means.worker() as at_work:
        done = changed(copy or workbook, draft, means, at_work)
        figures = settings.key_figures.get(workbook.name, ())
        plan = replace(
            plan,
            effects=effects(copy or workbook, draft, done, figures, means, at_work),
            after_sha256=hashlib.sha256(draft.content).hexdigest(),
        )
    return Planned(plan, gathered.content, draft.content, draft.members, done.unsure, synced)


def _feed_plan(gathered: GatheredFeed, settings: SyncSettings) -> FeedPlan:
    feed, comparison = gathered.feed, gathered.comparison
    target = gathered.target
    plan = FeedPlan(
        feed=feed.name,
        target=_declared_target(gathered) if target is None else target.title,
        sources=dict(gathered.rows.hashes),
        declaration=declaration(feed, settings),
        rows_read=gathered.rows.rows_read,
        keys=feed.keys,
        problems=gathered.problems,
    )
    if comparison is None:
        return plan
    return replace(
        plan,
        changes=tuple(comparison.changes),
        added=tuple(comparison.added),
        removed=tuple(comparison.removed),
        conflicts=tuple(comparison.conflicts),
        kept=tuple(comparison.kept),
        problems=tuple(comparison.problems),
        totals=tuple(_totals(comparison)),
        formats=comparison.formats,
    )


def _declared_target(gathered: GatheredFeed) -> str:
    target = gathered.feed.target
    return f"table {target.table}" if target.table else f"name {target.name}" if target.name else target.region


def _totals(comparison: Comparison) -> Iterator[Total]:
    for rule in comparison.feed.columns:
        if rule.type in ("number", "whole") and rule.heading not in comparison.feed.keys:
            before, after = comparison.before(rule.heading), comparison.after(rule.heading)
            yield Total(rule.heading, rule.unit, _sum(before), _sum(after))


def _sum(contents: Sequence[object]) -> float:
    """Add numbers as a person would on paper: without the noise of binary fractions."""
    return float(sum((Decimal(repr(c)) for c in contents if isinstance(c, float)), Decimal()))


def _with_clashes(plans: Sequence[FeedPlan], feeds: Sequence[GatheredFeed]) -> list[FeedPlan]:
    """Refuse what two feeds would do to one cell, one row or the end of one table."""
    owner: dict[object, str] = {}
    going = {
        (feed.target.sheet.name, row.row): plan.feed
        for plan, feed in zip(plans, feeds, strict=True)
        if feed.target is not None
        for row in plan.removed
    }
    out = []
    for plan in plans:
        done: list[tuple[object, str, CellKey | None]] = [(c.cell, "the cell", c.cell) for c in plan.changes]
        done += [((plan.target, r.row), f"row {r.row} of {plan.target}", None) for r in plan.removed]
        done += [((plan.target, "end"), f"the rows at the end of {plan.target}", None)] if plan.added else []
        clashes = [
            Problem(f"{what} is changed by the feed {owner[key]} as well: only one of the two can have its way", cell)
            for key, what, cell in done
            if key in owner
        ]
        clashes += [
            Problem(f"the feed {other} removes the row of this cell: only one of the two can have its way", change.cell)
            for change in plan.changes
            if (other := going.get((change.cell.sheet, change.cell.row), plan.feed)) != plan.feed
        ]
        owner |= {key: plan.feed for key, _, _ in done if key not in owner}
        out.append(replace(plan, problems=(*plan.problems, *clashes)))
    return out


def _synced(gathered: Gathered) -> dict[str, Synced] | None:
    found = {g.feed.name: (g.synced, g.comparison.synced) for g in gathered.feeds if g.comparison is not None}
    same = all(
        last is not None and (last.keys, last.columns, last.by_key) == (new.keys, new.columns, new.by_key)
        for last, new in found.values()
    )
    return None if same else {name: new for name, (_, new) in found.items()}


def _drafted(gathered: Gathered, plans: Sequence[FeedPlan]) -> tuple[Draft, list[FeedPlan]]:
    """Return the workbook with the plans in it, and the plans with what was refused on the way."""
    draft = Draft(gathered.content, gathered.book)
    out = {plan.feed: plan for plan in plans}
    steps = (_edited, _lengthened, _shortened)
    for step in steps:
        for feed in gathered.feeds:
            if feed.comparison is None:
                continue
            plan = out[feed.feed.name]
            before, came = len(draft.moves), len(draft.came)
            try:
                step(draft, feed.comparison)
            except UnsupportedEditError as error:
                plan = replace(plan, problems=(*plan.problems, Problem(str(error))))
            if step is _lengthened and len(draft.came) > came:
                plan = replace(plan, left_out=tuple(left_out(draft.book, *draft.came[-1])))
            moved = [plan.rows_moved, *map(_moved, _joined(draft.moves[before:]))]
            out[plan.feed] = replace(plan, rows_moved="; ".join(filter(None, moved)))
    return draft, list(out.values())


def _edited(draft: Draft, comparison: Comparison) -> None:
    if comparison.edits:
        draft.edit(comparison.edits)


def _lengthened(draft: Draft, comparison: Comparison) -> None:
    target, rows = comparison.target, comparison.added
    if not rows:
        return
    headings = [rule.heading for rule in comparison.feed.columns]
    if target.kind == "table":
        draft.append(append_to(target, rows, headings, comparison.formats))
        return
    _refuse_growth(draft, comparison)
    top = draft.row(target.sheet.name, target.body.bottom)
    assert top is not None
    edits = [
        SetValue(
            target.sheet.name,
            top + 1 + i,
            target.columns[column],
            content,
            comparison.formats.get(column, target.number_format(-1, column)),
        )
        for column in headings
        for i, content in enumerate(row.values[column] for row in rows)
    ]
    moved = target.body.bottom - top
    draft.grow(target.sheet.name, target.body._replace(top=target.body.top - moved, bottom=top), edits)


def append_to(
    target: Located, rows: Sequence[RowAdded], headings: Sequence[str], formats: Mapping[str, str]
) -> AppendRows:
    """Return rows as a table takes them, with the number formats of columns that show other ones so far."""
    last = int(target.data_rows[-1]) if target.data_rows.size else None
    others = {
        target.heading(column): code
        for column, code in formats.items()
        if code != (target.number_format(last, column) if last is not None else "General")
    }
    columns = {target.heading(h): Values.of([row.values[h] for row in rows]) for h in headings}
    return AppendRows(target.own_name, columns, others)


def _refuse_growth(draft: Draft, comparison: Comparison) -> None:
    """Refuse rows under a range that has no room for them, or whose formulas would not follow."""
    book, target, count = draft.book, comparison.target, len(comparison.added)
    advice = "make it an Excel table (Insert > Table), and name that as the target"
    if target.body.bottom < target.body.top:
        raise UnsupportedEditError(f"{target.title} has no row yet that new rows could follow; {advice}")
    table = next((t for t in book.tables if t.sheet == target.sheet.name and t.rect.meets(target.body)), None)
    if table is not None:
        raise UnsupportedEditError(
            f"rows cannot be added to {target.title}: they would come below the table {table.name}, which would not "
            f'grow; name it as the target: {{ table = "{table.name}" }}'
        )
    if target.has_formulas:
        raise UnsupportedEditError(f"{target.title} has calculated cells, which new rows would lack; {advice}")
    bottom = draft.row(target.sheet.name, target.body.bottom)
    assert bottom is not None
    below = Rect(bottom + 1, target.body.left, bottom + count, target.body.right)
    if not is_free(book, book.sheet(target.sheet.name), below):
        raise UnsupportedEditError(
            f"{count} rows cannot be added to {target.title}: {target.sheet.name}!{below.name} is not free; {advice}"
        )


def _shortened(draft: Draft, comparison: Comparison) -> None:
    target, rows = comparison.target, [row.row for row in comparison.removed]
    if not rows:
        return
    if target.kind != "table":
        raise UnsupportedEditError(
            f"{len(rows)} rows cannot be removed from {target.title}: rows go only from an Excel table; "
            "make it one (Insert > Table), and name that as the target"
        )
    draft.remove(target.own_name, rows)


def _joined(moves: Sequence[RowMove]) -> Iterator[RowMove]:
    """Yield moves, those of adjoining rows that go as one."""
    last: RowMove | None = None
    for move in moves:
        if last is not None and last.count < 0 and move.count < 0 and move.at - move.count == last.at:
            last = replace(move, count=move.count + last.count)
            continue
        if last is not None:
            yield last
        last = move
    if last is not None:
        yield last


def _moved(move: RowMove) -> str:
    if move.count > 0:
        return f"rows {move.at} and below of {move.sheet} move down by {move.count}"
    first = move.at - move.count
    return f"rows {first} and below of {move.sheet} move up by {-move.count}"
