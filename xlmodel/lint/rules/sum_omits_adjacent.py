"""A total that leaves out figures next to its range, although they are of the same kind.

Why: A row put in at the edge of a range is not part of it; the total looks right and leaves a figure out.

Fix: Take the range as far as the figures go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xlmodel.lint.accused import accuse, named
from xlmodel.lint.figures import Figures
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.lint.sums import Total, totals
from xlmodel.refs import Rect, tokens

SEVERITY = Severity.ERROR
DEFAULT = True
MEASURED = (
    "13 findings in 40 labelled workbooks, 11 of them right (77 of 84 cells are labelled as errors); 4 "
    "in 586 workbooks saved by Excel, all right."
)
BAD = {"A1": "Rent", "B1": 10, "A2": "Heat", "B2": 20, "A3": "Staff", "B3": 30, "A4": "Books", "B4": 40,
       "A5": "Total", "B5": "=SUM(B1:B3)"}  # fmt: skip
GOOD = {**BAD, "B5": "=SUM(B1:B4)"}


class _Omission(NamedTuple):
    total: Total
    taken: Rect
    left_out: Rect


def check(subject: Subject) -> Iterator[Finding]:
    """Find totals at the end of a line of figures that stop short of it."""
    found: dict[tuple[int, int], list[_Omission]] = {}
    used = Figures(subject)
    for total in totals(subject):
        omission = _omission(used, total)
        if omission is not None:
            found.setdefault((total.home, total.which), []).append(omission)
    for (home, _), its in found.items():
        total, taken, left_out = its[0]
        sheet = total.regions[0].sheet
        whole = Rect(
            min(taken.top, left_out.top), min(taken.left, left_out.left),
            max(taken.bottom, left_out.bottom), max(taken.right, left_out.right),
        )  # fmt: skip
        reach = named(subject, home, whole, sheet)
        yield accuse(
            subject,
            home,
            [(o.total.row, o.total.col) for o in its],
            SEVERITY,
            f"takes in {named(subject, home, taken, sheet)} and leaves out {left_out.name}, which belongs to the same "
            "list of figures",
            f"Take {reach} into the total.",
            proposed=_widened(subject, total, taken, reach),
            against=left_out.name,
        )


def _widened(subject: Subject, total: Total, taken: Rect, reach: str) -> str:
    """Return the total's formula with the longer range in place of its own."""
    sheet = subject.book.sheets[total.home]
    cut = tokens(subject.book.formula_a1(sheet, sheet.find(total.row, total.col)), total.row, total.col)
    return "".join(
        reach if t.area is not None and t.area.at(total.row, total.col) == taken else t.text for t in cut
    )  # fmt: skip


def _omission(figures: Figures, total: Total) -> _Omission | None:
    if len(total.regions) != 1 or total.kind not in ("SUM", "AVERAGE"):
        return None
    sheet, rect = total.regions[0]
    if sheet != total.home or 1 not in rect.shape or rect.shape == (1, 1):
        return None
    for beside in _beside(total, rect):
        left_out = figures.continued(sheet, beside, rect)
        if left_out is not None and not figures.taken_apart(sheet, left_out, rect):
            return _Omission(total, rect, left_out)
    return None


def _beside(total: Total, rect: Rect) -> Iterator[Rect]:
    """Yield the cells on either side of a range, those between it and the total first."""
    if rect.shape[1] == 1 and rect.left == total.col and rect.bottom < total.row:
        if rect.bottom < total.row - 1:
            yield Rect(rect.bottom + 1, rect.left, total.row - 1, rect.left)
        if rect.top > 1:
            yield Rect(rect.top - 1, rect.left, rect.top - 1, rect.left)
    elif rect.shape[0] == 1 and rect.top == total.row and rect.right < total.col - 1:
        yield Rect(rect.top, rect.right + 1, rect.top, total.col - 1)
