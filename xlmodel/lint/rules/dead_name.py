"""A name that refers to cells that were deleted.

Why: Every formula that uses the name gives an error; one that nobody uses waits for the next who picks it from the
list.

Fix: Point the name at the cells that are meant, or delete it in the Name Manager.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.book.workbook import DefinedName
from xlmodel.lint.accused import accuse
from xlmodel.lint.errors_shown import gone as is_gone
from xlmodel.lint.errors_shown import names_used
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject

SEVERITY = Severity.ERROR
DEFAULT = True
MEASURED = "3 findings in 40 labelled workbooks and 18 in 586 saved by Excel, all read, all right."
BAD = {"name Rate": "=#REF!", "A1": 100, "A2": "=A1*Rate"}
GOOD = {"name Rate": "=S!$A$3", "A1": 100, "A2": "=A1*Rate", "A3": 0.2}

_SHOWN = 5


def check(subject: Subject) -> Iterator[Finding]:
    """Find dead names that formulas use, one finding a name; those that nothing uses are one note together."""
    gone = [name for name in subject.book.names if is_gone(name)]
    if not gone:
        return
    users: dict[DefinedName, list[tuple[int, tuple[int, int]]]] = {}
    for filled in subject.trees.filled():
        for name in names_used(subject, filled):
            if name in gone:
                users.setdefault(name, []).extend((filled.home, place) for place in filled.places())
    for name, places in users.items():
        home = places[0][0]
        yield accuse(
            subject,
            home,
            [place for where, place in places if where == home],
            SEVERITY,
            f"uses the name {name.name}, whose cells were deleted",
            f"Point {name.name} at the cells that are meant now, in the Name Manager.",
        )
    idle = [name.name for name in gone if name not in users and not _builtin(name)]
    if idle:
        more = f" and {len(idle) - _SHOWN} more" if len(idle) > _SHOWN else ""
        yield Finding(
            rule="",
            severity=Severity.NOTE,
            sheet="",
            cells=(),
            message=f"{len(idle)} name{'s refer' if len(idle) > 1 else ' refers'} to cells that were deleted, and no "
            f"formula uses {'them' if len(idle) > 1 else 'it'}: {', '.join(idle[:_SHOWN])}{more}",
            fix="Delete them in the Name Manager." if len(idle) > 1 else "Delete it in the Name Manager.",
        )


def _builtin(name: DefinedName) -> bool:
    """Tell whether Excel keeps the name for itself: print areas, filters."""
    return name.hidden or name.name.startswith("_xlnm.")
