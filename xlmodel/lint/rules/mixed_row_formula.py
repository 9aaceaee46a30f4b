"""A row of formulas that is not one formula filled across; a total at its end does not count.

Why: A row that changes its formula on the way cannot be checked at its first cell alone, and does not survive filling.

Fix: Write one formula that holds for every period of the row, or give the other case a row of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.refs import cell_name

SEVERITY = Severity.NOTE
DEFAULT = False
MEASURED = "A matter of style: it finds what it says, whether or not that is thought wrong."
BAD = {
    "A1": 1, "B1": 2, "C1": 3, "D1": 4, "E1": 5, "F1": 6,
    "A2": "=A1*2", "B2": "=B1*2", "C2": "=C1*2+A1", "D2": "=D1*2", "E2": "=E1*2", "F2": "=F1*2",
}  # fmt: skip
GOOD = {**BAD, "C2": "=C1*2"}

_FEWEST = 4  #: formulas side by side that make a row


def check(subject: Subject) -> Iterator[Finding]:
    """Find the cells of a row whose formula is not the one of most of its cells, one finding a row."""
    for home, sheet in enumerate(subject.book.sheets):
        at = np.flatnonzero(sheet.formula >= 0)
        if not len(at):
            continue
        apart = (np.diff(sheet.row[at]) != 0) | (np.diff(sheet.col[at]) != 1)
        for whole in np.split(at, np.flatnonzero(apart) + 1):
            run = whole if sheet.formula[whole[-1]] in sheet.formula[whole[:-1]] else whole[:-1]
            which, counts = np.unique(sheet.formula[run], return_counts=True)
            if len(run) < _FEWEST or len(which) == 1 or counts.max() * 2 <= len(run):
                continue
            common = which[counts.argmax()]
            like = run[sheet.formula[run] == common]
            odd = run[sheet.formula[run] != common]
            yield accuse(
                subject,
                home,
                [(int(sheet.row[i]), int(sheet.col[i])) for i in odd],
                SEVERITY,
                f"has a formula other than {len(like)} of the {len(run)} formulas of its row",
                "Write one formula that holds for the whole row, or give this case a row of its own.",
                against=cell_name(int(sheet.row[like[0]]), int(sheet.col[like[0]])),
            )
