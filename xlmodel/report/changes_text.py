"""What differs between two workbooks, or from a baseline, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xlmodel import __version__
from xlmodel.projection.changes import Change, ChangeKind, Changes
from xlmodel.refs import quote_sheet
from xlmodel.report.escape import as_json, safe
from xlmodel.report.figures import count
from xlmodel.report.lines import SHOWN

__all__ = ["changes_data", "changes_json", "changes_summary", "changes_text"]

_LONG = 160  #: characters of a formula or a text that are shown
_GONE = (ChangeKind.ROWS_DELETED, ChangeKind.COLUMNS_DELETED)


def changes_summary(changes: Changes) -> str:
    """Return in a few words how much changed.

    >>> changes_summary(Changes())
    'nothing changed'
    """
    if not changes:
        return "nothing changed"
    return f"{count(len(changes.roots), 'change')}{_followed(changes.propagated, ',')}"


def _followed(values: int, mark: str) -> str:
    return f"{mark} {count(values, 'value')} {'follows' if values == 1 else 'follow'}" if values else ""


def changes_text(changes: Changes, *, shown: int = SHOWN) -> str:
    """Return what somebody changed, each with what it was and is, then what followed, by sheet."""
    lines = [line for change in changes.roots[:shown] for line in _change(change)]
    if len(changes.roots) > shown:
        lines += ["", f"  … and {count(len(changes.roots) - shown, 'more change')}; --format json has them all"]
    if changes.followed:
        lines += ["", "Values that follow, by sheet:"]
    for f in changes.followed[:shown]:
        where = safe(_place(f.sheet, f.rect.name))
        label = f" ({safe(f.label, _LONG)})" if f.label else ""
        lines.append(f"  {safe(f.sheet)}: {count(f.cells, 'value')}, first {where}{label}: {_both(f.before, f.after)}")
    if len(changes.followed) > shown:
        lines.append(f"  … on {count(len(changes.followed) - shown, 'more sheet')}")
    if changes.volatile:
        differ = "differs" if changes.volatile == 1 else "differ"
        lines += ["", f"{count(changes.volatile, 'value')} of the date or of chance {differ}, as at every calculation."]
    return "\n".join(lines).lstrip("\n")


def _change(change: Change) -> Iterator[str]:
    where = _place(change.sheet, change.rect.name if change.rect else "")
    gone = " (as it was)" if change.kind in _GONE else ""
    what = change.subject or change.label
    yield ""
    yield f"  {safe(where or 'Workbook')}{gone}" + (f"  {safe(what, _LONG)}" if what else "")
    told = f": {_both(change.before, change.after)}" if change.before or change.after else ""
    yield f"      {change.kind.value}{told}{_followed(change.reaches, ';')}"


def _both(before: str, after: str) -> str:
    if not before:
        return f"{safe(after, _LONG)} is new"
    if not after:
        return f"{safe(before, _LONG)} is gone"
    return f"{safe(before, _LONG)} → {safe(after, _LONG)}"


def _place(sheet: str, cells: str) -> str:
    return f"{quote_sheet(sheet)}!{cells}" if sheet and cells else sheet


def changes_json(old: object, new: object, changes: Changes) -> str:
    """Return all changes as JSON; `old` and `new` name what was compared."""
    return as_json({"schema": 1, "xlmodel": __version__, "old": str(old), "new": str(new), **changes_data(changes)})


def changes_data(changes: Changes) -> dict[str, Any]:
    """Return changes as plain data."""
    return {
        "changes": [
            {
                "kind": c.kind.name.casefold().replace("_", "-"),
                "sheet": c.sheet,
                "cells": c.rect.name if c.rect else None,
                "label": c.label,
                "subject": c.subject,
                "before": c.before,
                "after": c.after,
                "reaches": c.reaches,
            }
            for c in changes.roots
        ],
        "followed": [
            {
                "sheet": f.sheet,
                "cells": f.cells,
                "first": f.rect.name,
                "label": f.label,
                "before": f.before,
                "after": f.after,
            }
            for f in changes.followed
        ],
        "propagated": changes.propagated,
        "volatile": changes.volatile,
    }
