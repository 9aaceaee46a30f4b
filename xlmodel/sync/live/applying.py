"""Planning for a workbook that is open in a program, and applying the plan there."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from xlmodel.book import Book, SetValue, read_book
from xlmodel.book.table_rows import AppendRows, RemoveRows
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import PlanStaleError, SyncError, XlmodelError
from xlmodel.sync.applying import Applied, counts, refuse_blocked, refuse_failing, refuse_other, some_of
from xlmodel.sync.backups import Backups
from xlmodel.sync.conflicts import same
from xlmodel.sync.declared import Feed, SyncSettings
from xlmodel.sync.journal import Journal
from xlmodel.sync.live.protocol import OpenWorkbook
from xlmodel.sync.plan_file import plan_sha256
from xlmodel.sync.planned import FeedPlan, Plan, RowAdded, Side
from xlmodel.sync.planning import Planned, append_to, make_plan
from xlmodel.sync.recalc import recalculate
from xlmodel.sync.synced import synced_text
from xlmodel.sync.targets import Located, locate
from xlmodel.values import Scalar, display
from xlmodel.verify.means import Means

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["apply_live", "make_live_plan"]


def make_live_plan(
    settings: SyncSettings,
    workbook: OpenWorkbook,
    means: Means,
    *,
    feeds: Collection[str] = (),
    choices: Mapping[str, Side] | None = None,
    frames: Mapping[str, pd.DataFrame] | None = None,
) -> Plan:
    """Return what feeds would do to an open workbook, with whatever was typed in it and not saved.

    Parameters
    ----------
    settings, means, feeds, choices, frames
        As for `make_plan`.
    workbook : OpenWorkbook
        The workbook, as a program has it open.

    Raises
    ------
    SyncError
        As for `make_plan`, or the program cannot hand over a copy.
    """
    with tempfile.TemporaryDirectory() as folder:
        return _planned(settings, workbook, means, Path(folder), feeds, choices or {}, frames or {}).plan


def apply_live(
    plan: Plan,
    workbook: OpenWorkbook,
    settings: SyncSettings,
    means: Means,
    *,
    frames: Mapping[str, pd.DataFrame] | None = None,
) -> Applied:
    """Apply a plan to an open workbook, if it still holds; the file itself is not written, saving is up to the user.

    The plan is made again from the workbook as it is now, and must come out the same; every cell is read once more
    just before it is written, and read back after that. Whatever fails, all of it is taken back.
    The copy is kept among the backups.

    Parameters
    ----------
    plan : Plan
        What `make_live_plan` returned.
    workbook : OpenWorkbook
        The workbook, as a program has it open.
    settings, means, frames
        As for `apply_plan`.

    Raises
    ------
    PlanStaleError
        The workbook, a source, the declarations or the functions changed since; the message says what.
    SyncError
        The plan has problems or open conflicts, a check of the workbook would begin to fail, or the program did not
        take what was written. Nothing of it is left in the workbook.
    """
    refuse_blocked(plan)
    refuse_failing(plan, settings)
    with tempfile.TemporaryDirectory() as folder:
        again = _planned(
            settings, workbook, means, Path(folder), [f.feed for f in plan.feeds], plan.choices, frames or {}
        )
        _refuse_stale(plan, again.plan)
        book = read_book(Path(folder) / workbook.path.name)
    if again.synced is None and plan.empty:
        return Applied(None, plan)
    backups = Backups(settings.folder)
    steps = _steps(plan, settings, book)
    step = Journal(settings.folder).step(
        workbook.path,
        before=backups.keep(again.original),
        after="",
        feeds=[feed.feed for feed in plan.feeds],
        sources={name: sha256 for feed in plan.feeds for name, sha256 in feed.sources.items()},
        plan=plan_sha256(plan),
        synced="" if again.synced is None else backups.keep_synced(synced_text(again.synced)),
        counts=counts(plan),
        functions=plan.functions,
        note=f"into the workbook open in {workbook.program}",
    )
    with step as entry:
        if not plan.empty:
            _write(steps, workbook)
    return Applied(entry, plan)


@dataclass(frozen=True, eq=False)
class _Steps:
    """A plan as what a program is asked to do."""

    old: Mapping[CellKey, Scalar]  #: what the plan found in the cells it changes
    edits: Sequence[SetValue]
    tables: Sequence[tuple[str, AppendRows | None, RemoveRows | None, Mapping[str, int]]]  #: sheet; heading -> column


def _planned(
    settings: SyncSettings,
    workbook: OpenWorkbook,
    means: Means,
    folder: Path,
    feeds: Collection[str],
    choices: Mapping[str, Side],
    frames: Mapping[str, pd.DataFrame],
) -> Planned:
    copy = folder / workbook.path.name
    if not workbook.copy(copy):
        recalculate(copy, means)
    return make_plan(settings, workbook.path, means, feeds=feeds, choices=choices, frames=frames, copy=copy)


def _refuse_stale(plan: Plan, now: Plan) -> None:
    """Refuse a plan whose changes come out otherwise now; what was typed elsewhere in the workbook is no matter."""
    alike = replace(now, sha256=plan.sha256, after_sha256=plan.after_sha256, effects=plan.effects)
    refuse_other(plan, alike, "cells that it changes hold something else now")


def _steps(plan: Plan, settings: SyncSettings, book: Book) -> _Steps:
    found = []
    for feed_plan in plan.feeds:
        feed = settings.feeds[feed_plan.feed]
        found.append((feed_plan, locate(book, feed.target, [rule.heading for rule in feed.columns])))
    # from the bottom of the sheets up: what a table does to the cells below it is then done with
    found.sort(key=lambda item: item[1].body.top, reverse=True)
    return _Steps(
        {change.cell: change.old for feed_plan, _ in found for change in feed_plan.changes},
        [edit for feed_plan, target in found for edit in _edits(feed_plan, target)],
        [
            (
                target.sheet.name,
                _appended(feed_plan, target, settings.feeds[feed_plan.feed]),
                RemoveRows(target.own_name, tuple(r.row for r in feed_plan.removed)) if feed_plan.removed else None,
                {target.heading(column): at for column, at in target.columns.items()},
            )
            for feed_plan, target in found
        ],
    )


def _edits(plan: FeedPlan, target: Located) -> Iterator[SetValue]:
    for change in plan.changes:
        own = target.number_format(change.cell.row - target.body.top, change.column)
        other = change.number_format if change.number_format not in ("", own) else None
        yield SetValue(*change.cell, change.new, other)


def _appended(plan: FeedPlan, target: Located, feed: Feed) -> AppendRows | None:
    rows: Sequence[RowAdded] = plan.added
    if not rows:
        return None
    if target.kind != "table":
        raise SyncError(
            f"{len(rows)} rows cannot be added to {target.title} while the workbook is open in a program; close it "
            "there and sync the file, or make the range an Excel table and name that as the target"
        )
    return append_to(target, rows, [rule.heading for rule in feed.columns], plan.formats)


def _write(steps: _Steps, workbook: OpenWorkbook) -> None:
    stale = _other(steps.old, workbook)
    if stale:
        raise PlanStaleError(f"the plan does not hold any more: {some_of(stale)}. Nothing was written")
    try:
        _change(steps, workbook)
    except XlmodelError as error:
        left = _other(steps.old, workbook)
        if left:
            raise SyncError(
                f"{error} Not all could be put back ({some_of(left)}): close the workbook without saving it"
            ) from error
        raise


def _change(steps: _Steps, workbook: OpenWorkbook) -> None:
    with workbook.changing():
        workbook.write(steps.edits)
        _refuse_other(steps.edits, workbook)
        for sheet, appended, removed, columns in steps.tables:
            if appended is not None:
                first = workbook.append(appended)
                _refuse_other(list(_new_cells(sheet, first, appended, columns)), workbook)
            if removed is not None:
                workbook.remove(removed)


def _new_cells(sheet: str, first: int, rows: AppendRows, columns: Mapping[str, int]) -> Iterator[SetValue]:
    for heading, column in rows.columns.items():
        for i, value in enumerate(column.scalars()):
            yield SetValue(sheet, first + i, columns[heading], value)


def _refuse_other(written: Sequence[SetValue], workbook: OpenWorkbook) -> None:
    """Refuse where the program holds something else than what was written."""
    wrong = _other({CellKey(v.sheet, v.row, v.col): v.value for v in written}, workbook)
    if wrong:
        raise SyncError(f"{workbook.program} did not keep what was written: {some_of(wrong)}. All of it is taken back.")


def _other(wanted: Mapping[CellKey, Scalar], workbook: OpenWorkbook) -> list[str]:
    """Say which cells hold something else."""
    cells = list(wanted)
    return [
        f"{cell} holds {'=' + now.formula if now.formula else display(now.value)}, not {display(wanted[cell])}"
        for cell, now in zip(cells, workbook.read(cells), strict=True)
        if now.formula or not same(now.value, wanted[cell])
    ]
