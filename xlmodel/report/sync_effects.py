"""What follows in a workbook from what a plan changes: figures, checks, and what Excel still has to calculate."""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.refs import cell_name, quote_sheet
from xlmodel.report.aligned import aligned
from xlmodel.report.escape import safe
from xlmodel.report.figures import count, listed
from xlmodel.report.sync_values import difference, pair
from xlmodel.report.sync_view import View
from xlmodel.sync.planned import Effects

__all__ = ["effects_lines"]

_SHEETS = 8
_REFUSED = 'Nothing of this plan can be done, unless failing_checks = "allow" stands in xlmodel.toml for the feed.'
_ALLOWED = 'It can be done all the same: xlmodel.toml says failing_checks = "allow".'
_CHECK = "cell that says whether something holds", "cells that say whether something holds"


def effects_lines(effects: Effects, view: View, *, refused: bool = False) -> Iterator[str]:
    """Yield what depends on the changes: how much is calculated anew, which figures move, which checks fail.

    `refused` where a feed forbids that checks begin to fail, and some do.
    """
    yield "What follows in the workbook"
    yield from view.sentence(_recalculated(effects))
    if effects.figures:
        yield ""
        yield from _figures(effects, view)
    if effects.errors:
        yield ""
        yield from _errors(effects, view)
    if effects.left_to_excel:
        yield ""
        yield from view.sentence(
            f"{count(effects.left_to_excel, 'cell')} can be calculated by Excel alone; "
            "Excel does so when the workbook is opened. Until then they keep what they show now."
        )
    if effects.checks_total or effects.failing_after or effects.failing_before:
        yield ""
        yield from _checks(effects, view, refused)


def _recalculated(effects: Effects) -> str:
    if not effects.recalculated:
        return "No calculated cell changes its value."
    sheets = [f"{n:,} on {safe(sheet, 60)}" for sheet, n in effects.by_sheet.items()]
    if len(sheets) > _SHEETS:
        rest = sum(list(effects.by_sheet.values())[_SHEETS - 1 :])
        sheets = [*sheets[: _SHEETS - 1], f"{rest:,} on {len(sheets) - _SHEETS + 1} other sheets"]
    verb = "changes its value" if effects.recalculated == 1 else "change their values"
    return f"{count(effects.recalculated, 'calculated cell')} {verb}: {listed(sheets)}."


def _figures(effects: Effects, view: View) -> Iterator[str]:
    """Yield the key figures: numbers under one another, texts in sentences."""
    numbers, texts = [], []
    for f in effects.figures[: view.most]:
        values = f.before, f.after, f.number_format, view.date1904
        old, new = pair(*values)
        label = safe(f.label, 60) or f"{quote_sheet(f.cell.sheet)}!{cell_name(f.cell.row, f.cell.col)}"
        if isinstance(f.before, str) or isinstance(f.after, str):
            texts += view.sentence(f"{label}: {f'still {new}' if f.before == f.after else f'{old} → {new}'}", 4)
        else:
            numbers.append((label, old, "→", new, difference(*values) or ("no change" if old == new else "")))
    yield from aligned(numbers, "<><>>", by=4, width=view.width)
    yield from texts
    yield from view.rest(len(effects.figures))


def _errors(effects: Effects, view: View) -> Iterator[str]:
    """Yield the cells that would begin to show an error."""
    yield f"  {count(len(effects.errors), 'cell')} would begin to show an error."
    for f in effects.errors[: view.most]:
        cell = f"{quote_sheet(f.cell.sheet)}!{cell_name(f.cell.row, f.cell.col)}"
        yield from view.sentence(": ".join(filter(None, (safe(cell), safe(f.label, 60), safe(str(f.after))))), 4)
    yield from view.rest(len(effects.errors))


def _checks(effects: Effects, view: View, refused: bool) -> Iterator[str]:
    after, new = set(effects.failing_after), effects.failing_anew
    mended = [name for name in effects.failing_before if name not in after]
    still = len(after) - len(new)
    if not after:
        now = "still" if not effects.failing_before else "would"
        if effects.checks_total == 1:
            yield f"  The only {_CHECK[0]} {now} {'passes' if now == 'still' else 'pass'}."
        else:
            yield f"  All {count(effects.checks_total, *_CHECK)} {now} pass."
    if new:
        then = _REFUSED if refused else _ALLOWED
        yield from view.sentence(f"{len(new):,} of {count(effects.checks_total, *_CHECK)} would begin to fail. {then}")
        for name in new[: view.most]:
            yield from view.sentence(f"FAILS  {safe(name)}", 4)
        yield from view.rest(len(new))
    if mended and after:
        yield f"  {len(mended):,} that failed would pass."
    if still:
        yield from view.sentence(
            f"{still:,} of {count(effects.checks_total, *_CHECK)} failed before and would still fail."
        )
