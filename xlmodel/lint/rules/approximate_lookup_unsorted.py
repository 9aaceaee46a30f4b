"""A lookup of the nearest key through keys that are not sorted.

Why: Excel halves the list again and again to find the key; in a list that is not sorted it lands on a wrong row, and
the figure of another row looks just as right.

Fix: Ask for the exact key: FALSE as VLOOKUP's last argument, 0 as MATCH's. If bands are meant, sort them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from xlmodel.engine.references import Region
from xlmodel.lint.accused import accuse, named
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.lookups import ASCENDING, EXACT, Lookup, lookups
from xlmodel.lint.subject import Subject
from xlmodel.values import ErrorValue, Scalar, display

SEVERITY = Severity.ERROR
DEFAULT = True
MEASURED = "8 findings in 626 workbooks, all read: in each the figure of another row, or none, is given."
BAD = {"A1": "North", "B1": 10, "A2": "East", "B2": 20, "A3": "South", "B3": 30, "A4": "West", "B4": 40,
       "A6": "East", "B6": "=VLOOKUP(A6,A1:B4,2)"}  # fmt: skip
GOOD = {**BAD, "B6": "=VLOOKUP(A6,A1:B4,2,FALSE)"}

_FEWEST = 3  #: exact lookups that stand against one of the nearest key
_HUGE = 1e15  #: looked for to find the last number of a list


class _Keys(NamedTuple):
    """Keys of one kind, in the form in which Excel compares them."""

    values: tuple[float | str, ...]
    shown: tuple[Scalar, ...]

    def out_of_order(self, mode: str) -> Scalar:
        """Return the first key that stands behind one it should stand before; None where all are in order."""
        for at, (one, two) in enumerate(zip(self.values, self.values[1:], strict=False), 1):
            if (one > two) if mode == ASCENDING else (one < two):  # type: ignore[operator]
                return self.shown[at]
        return None


def check(subject: Subject) -> Iterator[Finding]:
    """Find approximate lookups in unsorted keys, and those of a text that is not among sorted keys."""
    found: dict[tuple[int, int, Region], list[tuple[Lookup, str]]] = {}
    read: dict[tuple[Region, bool], _Keys] = {}
    every = list(lookups(subject))
    odd = _odd(every)
    for lookup in every:
        if lookup.mode == EXACT or _last(lookup):
            continue
        problem = _problem(subject, lookup, read)
        if not problem and (lookup.keys, lookup.filled.home, lookup.filled.which) in odd:
            problem = "every other lookup in {keys} asks for the exact key"
        if problem:
            key = lookup.filled.home, lookup.filled.which, lookup.keys
            found.setdefault(key, []).append((lookup, problem))
    for (home, _, keys), its in found.items():
        lookup, problem = its[0]
        where = named(subject, home, keys.rect, keys.sheet)
        argument = {"VLOOKUP": "FALSE", "HLOOKUP": "FALSE"}.get(lookup.function, "0")
        asks = "asks for the nearest key" if lookup.said else "does not say that it wants the exact key"
        exact = "LOOKUP has no exact form: use XLOOKUP, or INDEX with MATCH(..., 0)"
        yield accuse(
            subject,
            home,
            [(x.row, x.col) for x, _ in its],
            SEVERITY,
            f"{asks}, and {problem.format(keys=where)}",
            f"{exact}." if lookup.function == "LOOKUP" else f"Give {lookup.function} {argument} as its last argument, "
            "or sort the keys if the nearest is meant.",
            against=where,
        )  # fmt: skip


def _odd(every: list[Lookup]) -> set[tuple[Region, int, int]]:
    """Return the only formula that looks for the nearest key where at least a few look for the exact one."""
    modes: dict[Region, tuple[set[tuple[int, int]], Counter[tuple[int, int]]]] = {}
    for lookup in every:
        exact, nearest = modes.setdefault(lookup.keys, (set(), Counter()))
        formula = lookup.filled.home, lookup.filled.which
        if lookup.mode == EXACT:
            exact.add((lookup.row, lookup.col))
        else:
            nearest[formula] += 1
    return {
        (keys, *formula) for keys, (exact, nearest) in modes.items() for formula, count in nearest.items()
        if len(nearest) == 1 and len(exact) >= max(_FEWEST, 2 * count)
    }  # fmt: skip


def _problem(subject: Subject, lookup: Lookup, read: dict[tuple[Region, bool], _Keys]) -> str:
    textual = isinstance(lookup.wanted, str)
    if not textual and not (isinstance(lookup.wanted, float) and not isinstance(lookup.wanted, bool)):
        return ""
    if (lookup.keys, textual) not in read:
        read[lookup.keys, textual] = _keys(subject, lookup.keys, textual)
    keys = read[lookup.keys, textual]
    odd = keys.out_of_order(lookup.mode)
    if odd is not None:
        return "{keys} is not sorted: " + display(odd).replace("{", "{{").replace("}", "}}") + " is out of order"
    sheet = subject.book.sheets[lookup.filled.home]
    answered = not isinstance(sheet.value(lookup.row, lookup.col), ErrorValue)
    if textual and answered and len(keys.values) > 1 and str(lookup.wanted).casefold() not in keys.values:
        wanted = display(lookup.wanted).replace("{", "{{").replace("}", "}}")
        return wanted + " is not in {keys}: the row before it is taken"
    return ""


def _keys(subject: Subject, place: Region, textual: bool) -> _Keys:
    found = subject.book.sheets[place.sheet].block(place.rect).scalars()
    shown = [x for x in found if (isinstance(x, str) and x if textual else type(x) is float)]
    values = [x.casefold() if isinstance(x, str) else x for x in shown]
    return _Keys(tuple(values), tuple(shown))  # type: ignore[arg-type]


def _last(lookup: Lookup) -> bool:
    """Tell whether a lookup is the known way to find the last entry of a list: a value beyond all others."""
    wanted = lookup.wanted
    return lookup.written and (
        (isinstance(wanted, float) and abs(wanted) >= _HUGE) or (isinstance(wanted, str) and wanted.casefold() >= "zz")
    )
