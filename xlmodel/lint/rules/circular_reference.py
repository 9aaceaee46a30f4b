"""Formulas that need their own result.

Why: Excel gives 0 or the figure of an earlier calculation, and the total of a range that holds the total grows each
time.

Fix: Take the cell itself out of what its formula refers to, or break the loop at one of its cells.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.dependencies import DYNAMIC, LOOK_AT
from xlmodel.engine.native.syntax import Call, RangeOf, Ref, children
from xlmodel.engine.protocol import CellKey
from xlmodel.engine.references import Region
from xlmodel.lint.accused import accuse, named
from xlmodel.lint.figures import within
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.refs import Rect, cell_name

SEVERITY = Severity.ERROR
DEFAULT = True
MEASURED = "6 findings in 626 workbooks, all read, all loops whatever the inputs are."
BAD = {"A1": "Rent", "B1": 10, "A2": "Heat", "B2": 20, "A3": "Total", "B3": "=SUM(B1:B3)"}
GOOD = {**BAD, "B3": "=SUM(B1:B2)"}

_SHOWN = 6  #: cells of a loop
_LARGEST = 2_000
_CHOICES = frozenset({"IF", "IFS", "CHOOSE", "SWITCH", "IFERROR", "IFNA"})  #: certain is their first argument alone
_POINTING = LOOK_AT | DYNAMIC | {"INDEX", "CELL", "FORMULATEXT", "ISFORMULA", "ISREF", "LAMBDA", "LET"}


def check(subject: Subject) -> Iterator[Finding]:
    """Find loops: one finding a loop, at its first cell, and one for a formula that is filled and refers to itself."""
    alone: dict[tuple[int, int], list[tuple[int, int]]] = {}
    held: dict[tuple[int, int], str] = {}
    for loop in subject.dependencies.loops():
        path = _path(subject, loop)
        if not path:
            continue
        home = _home(subject, path[0])
        if len(path) == 1:
            which, taken = _itself(subject, path[0])
            alone.setdefault((home, which), []).append((path[0].row, path[0].col))
            held.setdefault((home, which), taken)
            continue
        shown = " → ".join(_name(subject, home, key) for key in path[:_SHOWN])
        more = " → ..." if len(path) > _SHOWN else f" → {_name(subject, home, path[0])}"
        yield accuse(
            subject,
            home,
            [(key.row, key.col) for key in loop if key.sheet == path[0].sheet],
            SEVERITY,
            f"needs its own result, through {len(loop)} cells: {shown}{more}",
            "Decide which of these cells is an input, and type it in or calculate it from something else.",
        )
    for (home, which), places in alone.items():
        taken = held[home, which]
        yield accuse(
            subject,
            home,
            places,
            SEVERITY,
            f"refers to {taken}, which {'holds' if ':' in taken else 'is'} the cell itself",
            f"Leave {cell_name(*places[0])} out of what its formula refers to.",
        )


def _path(subject: Subject, loop: tuple[CellKey, ...]) -> list[CellKey]:
    """Return a shortest way round a loop, each cell before one it needs; nothing where no way is certain to be gone."""
    places: dict[int, dict[tuple[int, int], CellKey]] = {}
    for key in loop[:_LARGEST]:
        places.setdefault(_home(subject, key), {})[key.row, key.col] = key
    start = loop[0]
    came: dict[CellKey, CellKey] = {}
    queue = [start]
    for key in queue:
        for region in _needs(subject, key):
            for place, other in places.get(region.sheet, {}).items():
                if not within(region.rect, *place):
                    continue
                if other == start:
                    path = [key]
                    while path[-1] != start:
                        path.append(came[path[-1]])
                    return path[::-1]
                if other not in came:
                    came[other] = key
                    queue.append(other)
    return []


def _needs(subject: Subject, key: CellKey) -> Iterator[Region]:
    """Yield what a cell needs whatever its inputs are: not the branches of a choice, nor what is only pointed at."""
    home = _home(subject, key)
    sheet = subject.book.sheets[home]
    tree = subject.trees.tree(home, int(sheet.formula[sheet.find(key.row, key.col)]))
    stack = [] if tree is None else [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Call) and node.name in _CHOICES:
            stack.extend(node.arguments[:1])
        elif not (isinstance(node, RangeOf) or (isinstance(node, Call) and node.name in _POINTING)):
            stack.extend(children(node))
        if isinstance(node, Ref):
            placed = ((span.sheet, span.at(key.row, key.col)) for span in node.spans)
            yield from (Region(where, rect) for where, rect in placed if rect is not None)


def _itself(subject: Subject, key: CellKey) -> tuple[int, str]:
    """Return the formula of a cell that refers to itself, and the range through which it does."""
    sheet = subject.book.sheet(key.sheet)
    which = int(sheet.formula[sheet.find(key.row, key.col)])
    home = _home(subject, key)
    held = next(r.rect for r in _needs(subject, key) if r.sheet == home and within(r.rect, key.row, key.col))
    return which, held.name


def _home(subject: Subject, key: CellKey) -> int:
    home = subject.scope.sheet(key.sheet)
    assert home is not None
    return home


def _name(subject: Subject, home: int, key: CellKey) -> str:
    return named(subject, home, Rect(key.row, key.col, key.row, key.col), _home(subject, key))
