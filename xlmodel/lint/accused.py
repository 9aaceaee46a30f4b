"""From the cells a rule accuses to its finding: rectangles, label, formula and saved value."""

from __future__ import annotations

from collections.abc import Iterable

from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.proposal import changes, result
from xlmodel.lint.subject import Subject
from xlmodel.refs import Rect, quote_sheet, to_r1c1

__all__ = ["accuse", "named", "rectangles"]


def accuse(
    subject: Subject,
    home: int,
    places: Iterable[tuple[int, int]],
    severity: Severity,
    message: str,
    fix: str,
    *,
    proposed: str = "",
    against: str = "",
) -> Finding:
    """Return the finding about some cells of a sheet; the first of them, by row, stands for it."""
    sheet = subject.book.sheets[home]
    cells = rectangles(places)
    row, col = cells[0].top, cells[0].left
    at = sheet.find(row, col)
    saved = None if at < 0 else sheet.values.item(at)
    would_be = result(subject, sheet.name, row, col, to_r1c1(proposed, row, col)) if proposed else None
    return Finding(
        rule="",
        severity=severity,
        sheet=sheet.name,
        cells=cells,
        message=message,
        fix=fix,
        label=subject.labels.text(sheet.name, row, col),
        formula="" if at < 0 else subject.book.formula_a1(sheet, at),
        proposed=proposed,
        saved=saved,
        would_be=would_be,
        changes_value=changes(saved, would_be),
        against=against,
    )


def rectangles(places: Iterable[tuple[int, int]]) -> tuple[Rect, ...]:
    """Return cells as rectangles: runs along rows, joined downwards where they line up.

    >>> [r.name for r in rectangles([(1, 2), (1, 1), (2, 1), (2, 2), (5, 4)])]
    ['A1:B2', 'D5']
    """
    runs: list[list[int]] = []
    for row, col in sorted(set(places)):
        if runs and runs[-1][0] == row and runs[-1][2] == col - 1:
            runs[-1][2] = col
        else:
            runs.append([row, col, col])
    open_rects: dict[tuple[int, int], list[int]] = {}
    found: list[list[int]] = []
    for row, left, right in runs:
        above = open_rects.get((left, right))
        if above is not None and above[2] == row - 1:
            above[2] = row
        else:
            open_rects[left, right] = rect = [row, left, row, right]
            found.append(rect)
    return tuple(Rect(*rect) for rect in sorted(found))


def named(subject: Subject, seen_from: int, rect: Rect, sheet: int) -> str:
    """Return the name of cells as a formula on a sheet writes it: with their own sheet where that is another one."""
    return rect.name if seen_from == sheet else f"{quote_sheet(subject.book.sheets[sheet].name)}!{rect.name}"
