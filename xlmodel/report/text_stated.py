"""Stated figures against recomputed ones, for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from xlmodel.report.escape import safe
from xlmodel.report.lines import WIDTH, paragraph
from xlmodel.report.matters import figure
from xlmodel.verify.reconciliation import VERDICTS, Reconciliation, ReconciliationRow

__all__ = ["stated_counts", "stated_lines"]

#: The verdicts whose rows are always told one by one; of others, in short, the number alone.
_ACCUSING = ("DOES NOT TIE",)

#: What is counted of each verdict.
_COUNTED = {
    "DOES NOT TIE": "cannot be right",
    "UNEXPLAINED": "unexplained",
    "READING": "depend on a reading",
    "ROUNDING": "within rounding",
    "TIES": "equal as printed",
    "IMPLIED": "with nothing printed to compare",
    "NOT COMPARABLE": "of different dates",
    "NOT TESTABLE": "without an input",
}


def stated_lines(found: Reconciliation, full: bool) -> Iterator[str]:
    """Yield what becomes of stated figures: those that cannot be right, in full every one."""
    groups = found.by_verdict()
    if full:
        yield f"  Stated figures against recomputed ones ({len(found.rows)})"
    for verdict, rows in groups.items():
        if not full and verdict not in _ACCUSING:
            continue
        if full:
            yield ""
        yield f"  {safe(verdict)} ({len(rows)}): {VERDICTS.get(verdict, 'unknown verdict')}"
        if verdict in ("TIES", "IMPLIED"):
            yield from paragraph(", ".join(safe(r.id) for r in rows), 4)
            continue
        for row in rows:
            yield from _row(row)
            if full:
                yield from paragraph(safe(row.explanation), 9)


def stated_counts(found: Sequence[Reconciliation]) -> str:
    """Return how many stated figures there are, by verdict."""
    rows = tuple(row for each in found for row in each.rows)
    groups = Reconciliation(rows).by_verdict()
    counted = (f"{len(listed)} {_COUNTED.get(verdict, safe(verdict))}" for verdict, listed in groups.items())
    return f"{len(rows):,} stated figure{'s' * (len(rows) != 1)}: {', '.join(counted)}"


def _row(row: ReconciliationRow) -> list[str]:
    stated = "" if row.stated in (None, "") else f"stated {safe(figure(row.stated), 60)}, "
    unit = f" ({safe(row.unit)})" if row.unit else ""
    told = (
        f"{safe(row.id)}  {safe(row.item)} [{safe(row.source)}]: {stated}recomputed {safe(figure(row.recomputed), 60)}"
    )
    return wrap(told + unit, WIDTH, initial_indent="    ", subsequent_indent="         ")
