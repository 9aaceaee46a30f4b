"""Figures that do not tie: what the layout of a workbook accuses, each at its root, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xlmodel.engine.protocol import CellKey
from xlmodel.layout.listing import declined
from xlmodel.layout.relation import Check, Op, Relation, State
from xlmodel.layout.relations import relations
from xlmodel.layout.shown import shown
from xlmodel.lint.accused import accuse, rectangles
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.once import once
from xlmodel.lint.subject import Subject
from xlmodel.refs import to_a1

__all__ = ["Fault", "faults", "figure", "finding", "names_of", "rounding"]

_SAME = 1e-6  #: two differences are one
_NAMED = 4  #: ranges of a sum that are written out


@dataclass(frozen=True)
class Fault:
    """A figure that does not tie.

    Attributes
    ----------
    check : Check
    relation : Relation
    part : tuple of int or None
        The row and column of the one part that explains why both the total of its row and that of its column are out.
    """

    check: Check
    relation: Relation
    part: tuple[int, int] | None = None

    @property
    def cell(self) -> tuple[int, int]:
        """The row and column of what is accused."""
        return self.part or (self.check.row, self.check.col)

    @property
    def off(self) -> float:
        """What the figure would have to rise by."""
        return self.check.recomputed - self.check.stated


def faults(subject: Subject, *ops: Op) -> Iterator[Fault]:
    """Yield the figures that do not tie by relations of some kinds; a figure is accused by one relation only."""
    yield from (fault for fault in _all(subject) if fault.relation.op in ops)


@once
def _all(subject: Subject) -> tuple[Fault, ...]:
    return tuple(_roots(subject))


def _roots(subject: Subject) -> Iterator[Fault]:
    accused: dict[str, dict[tuple[int, int], Fault]] = {}
    refused = declined(subject.book, subject.labels, subject.pins)
    for relation in relations(subject.book, subject.labels):
        if (relation.op, relation.sheet, relation.down, relation.line) in refused:
            continue
        for check in relation.checks:
            if check.accused:
                fault = Fault(check, relation)
                accused.setdefault(relation.sheet, {}).setdefault(fault.cell, fault)
    for sheet, here in accused.items():
        yield from _without_consequences(subject, sheet, _joined(list(here.values())))


def _joined(found: list[Fault]) -> list[Fault]:
    """Return faults with one for a part, where a total across and a total down are out by the same amount."""
    out, gone = [], set()
    for i, one in enumerate(found):
        for j, other in enumerate(found):
            both = {(t.row, t.col) for t in one.check.terms} & {(t.row, t.col) for t in other.check.terms}
            sums = one.relation.op is other.relation.op is Op.SUM and one.relation.down and not other.relation.down
            if sums and len(both) == 1 and _same(one.off, other.off):
                out.append(Fault(one.check, one.relation, both.pop()))
                gone |= {i, j}
    return out + [fault for i, fault in enumerate(found) if i not in gone]


def _without_consequences(subject: Subject, sheet: str, found: list[Fault]) -> Iterator[Fault]:
    """Yield faults without those that a figure, accused itself, brings about where it is added up again."""
    by_cell = {fault.cell: fault for fault in found}
    downstream = {
        fault.cell: subject.dependencies.dependents([CellKey(sheet, *fault.cell)]) if len(found) > 1 else frozenset()
        for fault in found
    }
    for fault in found:
        terms = {(t.row, t.col): t.sign for t in fault.check.terms}
        added = any(
            cell in by_cell and cell != fault.cell and _same(-sign * by_cell[cell].off, fault.off)
            for cell, sign in terms.items()
        )
        here = CellKey(sheet, *fault.cell)
        fed = any(
            cell != fault.cell and here in downstream[cell] and _same(abs(other.off), abs(fault.off))
            for cell, other in by_cell.items()
        )
        if not added and not fed:
            yield fault


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= _SAME * max(abs(one), abs(other))


def finding(
    subject: Subject, fault: Fault, severity: Severity, message: str, fix: str, *, proposed: bool = True
) -> Finding:
    """Return the finding about a figure that does not tie, with a formula where the figures beside it have one."""
    home = subject.scope.sheet(fault.relation.sheet)
    assert home is not None
    formula = _as_beside(subject, home, fault) if proposed and fault.part is None else ""
    against = names_of((t.row, t.col) for t in fault.check.terms)
    return accuse(subject, home, [fault.cell], severity, message, fix, proposed=formula, against=against)


def _as_beside(subject: Subject, home: int, fault: Fault) -> str:
    """Return the formula of the figures of the same line that tie, as it would stand in the accused cell."""
    sheet = subject.book.sheets[home]
    ties = [c for c in fault.relation.checks if c.state is not State.DOES_NOT_TIE]
    used = {int(sheet.formula[sheet.find(c.row, c.col)]) for c in ties}
    which = used.pop() if len(used) == 1 else -1
    row, col = fault.cell
    if which < 0 or which == int(sheet.formula[sheet.find(row, col)]):
        return ""
    return to_a1(subject.book.formulas[which], row, col)


def names_of(places: Iterable[tuple[int, int]]) -> str:
    """Return the names of some cells, those next to one another as a range."""
    rects = rectangles(places)
    if len(rects) > _NAMED:
        return f"{rects[0].name} to {rects[-1].name}"
    return ", ".join(rect.name for rect in rects)


def figure(subject: Subject, fault: Fault, number: float) -> str:
    """Return a number for a sentence about a figure: as a percentage where the figure is shown as one.

    As many decimals are written as show the difference.
    """
    sheet = subject.book.sheet(fault.relation.sheet)
    code = subject.book.number_formats[int(sheet.style[sheet.find(*fault.cell)])]
    percent = shown(code).percent
    off = abs(fault.off) * (100 if percent else 1)
    decimals = min(8, max(0, 2 - math.floor(math.log10(off)))) if off else 2
    text = f"{number * (100 if percent else 1):,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}%" if percent else text


def rounding(subject: Subject, fault: Fault) -> str:
    """Say how much of a difference rounding can hide."""
    most = figure(subject, fault, fault.check.slack)
    return "rounding hides none of that" if most in ("0", "0%") else f"rounding can hide {most} at most"
