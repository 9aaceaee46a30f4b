"""What a rule is: a module of `xlmodel.lint.rules` with what it is for, examples of it, and a check."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from xlmodel.book.workbook import Book
from xlmodel.layout.pins import Pin
from xlmodel.lint import rules as folder
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject

__all__ = ["Content", "Rule", "all_rules", "findings", "ordered"]

Content = str | float | bool | None


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes
    ----------
    id : str
        The module's name with hyphens: ``formula-breaks-block``.
    default : bool
        Whether it runs unless deselected; only rules measured to be right do.
    measured : str
        What was measured of it, on what: printed in its documentation.
    bad, good : mapping of cell to content
        ``{"A1": 5, "Sheet 2!B1": "=A1*2"}``: a workbook with exactly one finding, and one like it with none.
    pins : tuple of Pin
        The relations that the settings hold in these examples.
    """

    id: str
    summary: str
    why: str
    fix: str
    severity: Severity
    default: bool
    measured: str
    bad: Mapping[str, Content]
    good: Mapping[str, Content]
    check: Callable[[Subject], Iterator[Finding]]
    pins: tuple[Pin, ...] = ()


@cache
def all_rules() -> Mapping[str, Rule]:
    """Return every rule by its name."""
    names = sorted(m.name for m in pkgutil.iter_modules(folder.__path__) if not m.name.startswith("_"))
    return {rule.id: rule for rule in (_rule(name) for name in names)}


def _rule(name: str) -> Rule:
    module = importlib.import_module(f"{folder.__name__}.{name}")
    what, _, rest = (module.__doc__ or "").strip().partition("\n\nWhy: ")
    why, _, fix = rest.partition("\n\nFix: ")
    if not (what and why and fix):
        raise TypeError(f"{module.__name__}: the docstring of a rule has three parts: what, 'Why: ...', 'Fix: ...'")
    return Rule(
        id=name.replace("_", "-"),
        summary=" ".join(what.split()),
        why=" ".join(why.split()),
        fix=" ".join(fix.split()),
        severity=module.SEVERITY,
        default=module.DEFAULT,
        measured=module.MEASURED,
        bad=module.BAD,
        good=module.GOOD,
        check=module.check,
        pins=getattr(module, "PINS", ()),
    )


def findings(subject: Subject, chosen: Mapping[str, Rule]) -> list[Finding]:
    """Return what some rules find in a workbook, in the order of the workbook."""
    return ordered((replace(f, rule=rule.id) for rule in chosen.values() for f in rule.check(subject)), subject.book)


def ordered(found: Iterable[Finding], book: Book) -> list[Finding]:
    """Return findings by sheet, row, column and rule; first those about the workbook as a whole."""
    order = {sheet.name: number for number, sheet in enumerate(book.sheets)}
    return sorted(found, key=lambda f: (order.get(f.sheet, -1), f.cell or (0, 0), f.rule))
