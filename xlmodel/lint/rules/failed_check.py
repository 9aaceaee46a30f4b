"""A check in the workbook that fails.

Why: Whoever built the workbook put the check there to be told; it says that two figures that must agree do not.

Fix: Find which of the two sides is wrong. Where the difference is known and accepted, let the check say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from xlmodel.book.workbook import Sheet
from xlmodel.engine.native.syntax import Binary, Call, Literal, Node
from xlmodel.engine.protocol import CellKey
from xlmodel.lint.accused import accuse, named, rectangles
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.subject import Subject
from xlmodel.lint.suspects import Suspects
from xlmodel.lint.trees import bare, region
from xlmodel.values import Scalar, display

SEVERITY = Severity.ERROR
DEFAULT = True
MEASURED = "No finding in 626 workbooks, so no false one; planted differences are found."
BAD = {"A1": "Assets", "B1": 100, "A2": "Liabilities", "B2": 90, "A3": "Check", "B3": "=B1-B2"}
GOOD = {**BAD, "B2": 100}

_CHECK = re.compile(
    r"\b(check|cross-?check|control (?:total|sum)|(?:should|must) be (?:zero|nil|0)|out of balance|proof)s?\b", re.I
)
_NO_CHECK = re.compile(r"\bcheck(?:s|ed|ing)? (?:no|number|account|box|date|list|in|out)\b|\bchecking\b", re.I)
_FAILED = re.compile(
    r"\W*(?:check )?(?:fail(?:s|ed|ure)?|error|wrong|does not (?:balance|agree|match)|doesn't (?:balance|agree"
    r"|match)|(?:not in|out of) balance|unbalanced|mismatch|incorrect)\b.{0,40}",
    re.I,
)
_PASSED = re.compile(
    r"\W*(?:ok(?:ay)?|pass(?:es|ed)?|true|correct|balance[sd]?|in balance|ties|agrees|match(?:es)?|good|right)?\W*",
    re.I,
)
_DOUBT = re.compile(r"\W*(?:check|no|false|investigate|review)\W*", re.I)  #: wrong where the other word is right
_TOLERANCE = 0.005
_FEWEST_CHECKS = 5  #: with fewer, which of them pass says little of where to look


class Failure(NamedTuple):
    """A check that fails."""

    home: int
    which: int  #: of its formula
    said: str


def check(subject: Subject) -> Iterator[Finding]:
    """Find checks that say of themselves that they fail, where no other check that they depend on does."""
    failed, passed = checks(subject)
    if failed:
        below = subject.dependencies.dependents(failed)
        yield from _found(subject, {key: failure for key, failure in failed.items() if key not in below}, passed)


def checks(subject: Subject) -> tuple[dict[CellKey, Failure], list[CellKey]]:
    """Return the checks of a workbook that say that they fail, and those that could say so and do not."""
    failed: dict[CellKey, Failure] = {}
    passed: list[CellKey] = []
    for filled in subject.trees.filled():
        node = bare(filled.tree)
        words = _words(node)
        difference = None if words else _difference(node)
        if not words and difference is None:
            continue
        sheet = subject.book.sheets[filled.home]
        for row, col in filled.places():
            content = sheet.value(row, col)
            key = CellKey(sheet.name, row, col)
            if words and content in words[1]:
                said = f"is a check that says {display(content)}"
                sides = _sides(subject, filled.home, row, col, words[0])
            elif difference is not None and isinstance(content, float) and abs(content) >= _TOLERANCE:
                if not _is_check(subject, sheet, row, col, content, difference, filled.home):
                    continue
                said = f"is a check that is out by {content:,.15g}"
                sides = _sides(subject, filled.home, row, col, difference)
            else:
                if words:
                    passed.append(key)
                continue
            failed[key] = Failure(filled.home, filled.which, said + (sides and f": {sides}"))
    return failed, passed


def _found(subject: Subject, failed: Mapping[CellKey, Failure], passed: Sequence[CellKey]) -> Iterator[Finding]:
    """Yield a finding for the likeliest culprits of the failing checks, or for the checks where there are none."""
    enough = len(failed) + len(passed) >= _FEWEST_CHECKS
    culprits = Suspects(subject, (*failed, *passed)).behind(failed) if enough else {}
    told: set[CellKey] = set()
    for checks in dict.fromkeys(culprits.values()):
        cells = [cell for cell, its in culprits.items() if its == checks]
        told |= checks
        yield from _culprits(subject, cells, sorted(checks), failed)
    found: dict[tuple[int, int], list[CellKey]] = {}
    for key, failure in failed.items():
        if key not in told:
            found.setdefault((failure.home, failure.which), []).append(key)
    for (home, _), keys in found.items():
        finding = accuse(
            subject,
            home,
            [(key.row, key.col) for key in keys],
            SEVERITY,
            failed[keys[0]].said,
            "Find which side is wrong; if the difference is accepted, let the check allow for it.",
        )
        sides = [side for key in keys for side in _beside(subject, key)]
        yield replace(finding, cells=(*finding.cells, *rectangles(sides))) if sides else finding


def _beside(subject: Subject, check: CellKey) -> Iterator[tuple[int, int]]:
    """Yield the cells of a check's own row that it compares, also through a difference beside it."""
    seen, queue = {check}, [check]
    while queue:
        for sheet, rect in subject.dependencies.precedents(queue.pop()):
            key = CellKey(sheet, rect.top, rect.left)
            if sheet == check.sheet and rect.shape == (1, 1) and rect.top == check.row and key not in seen:
                seen.add(key)
                queue.append(key)
                yield rect.top, rect.left


def _culprits(
    subject: Subject, cells: Sequence[CellKey], checks: Sequence[CellKey], failed: Mapping[CellKey, Failure]
) -> Iterator[Finding]:
    """Yield the finding about cells that failing checks depend on, and passing checks do not; one for each sheet."""
    first, more = checks[0], len(checks) - 1
    what = subject.labels.text(*first)
    others = f" and {more:,} more check{'s' * (more > 1)}" if more else ""
    alone = "depends on this and on next to nothing else" if len(cells) == 1 else "depends on one of these"
    for name in dict.fromkeys(cell.sheet for cell in cells):
        home = subject.scope.sheet(name)
        assert home is not None
        yield accuse(
            subject,
            home,
            [(cell.row, cell.col) for cell in cells if cell.sheet == name],
            SEVERITY,
            f"is where to look first: {first}{f' ({what})' if what else ''}, which "
            f"{failed[first].said}{others}, {alone} that passing checks do not need",
            "Put the figure or the formula right; the check then passes.",
            against=", ".join(str(key) for key in checks[:3]),
        )


def _words(node: Node) -> tuple[Node | None, frozenset[str]] | None:
    """Return what a choice between words for right and wrong compares, and the words for wrong.

    The choice may be a nested one: a check of its own kind that both sides are numbers comes before the comparison.
    """
    said = list(_said(node))
    if not said or not all(isinstance(word, str) for word in said):
        return None
    words = frozenset(word for word in said if isinstance(word, str))
    right = {word for word in words if _PASSED.fullmatch(word)}
    wrong = {word for word in words - right if _FAILED.fullmatch(word) or (_DOUBT.fullmatch(word) and any(right))}
    if not right or not wrong or right | wrong != words:
        return None
    return _condition(node), frozenset(wrong)


def _said(node: Node) -> Iterator[Scalar]:
    """Yield what a choice can come to: words, or anything else as nothing."""
    node = bare(node)
    if isinstance(node, Call) and node.name == "IF" and len(node.arguments) == 3:
        for choice in node.arguments[1:]:
            yield from _said(choice)
    elif isinstance(node, Call) and node.name == "IFERROR" and len(node.arguments) == 2:
        for choice in node.arguments:
            yield from _said(choice)
    else:
        yield node.value if isinstance(node, Literal) else None


def _condition(node: Node) -> Node | None:
    """Return the condition of a choice that is no nested one; None for others: which side is wrong is not known."""
    node = bare(node)
    if not isinstance(node, Call) or node.name != "IF":
        return None
    return node.arguments[0] if all(isinstance(bare(x), Literal) for x in node.arguments[1:]) else None


def _difference(node: Node) -> Binary | None:
    """Return the difference that a formula shows, also rounded or without its sign."""
    if isinstance(node, Call) and node.name in ("ROUND", "ABS") and node.arguments:
        node = bare(node.arguments[0])
    return node if isinstance(node, Binary) and node.operator == "-" else None


def _is_check(subject: Subject, sheet: Sheet, row: int, col: int, number: float, difference: Binary, home: int) -> bool:
    """Tell whether a difference is called a check, and is more than the last digits of its two sides."""
    called = subject.labels.path(sheet.name, row, col)[-2:]
    if not any(_CHECK.search(word) and not _NO_CHECK.search(word) for word in called):
        return False
    sides = [_figure(subject, home, row, col, side) for side in (difference.left, difference.right)]
    return abs(number) >= 1e-9 * max(abs(x) if isinstance(x, float) else 0.0 for _, x in sides)


def _sides(subject: Subject, home: int, row: int, col: int, node: Node | None) -> str:
    """Return the two sides of a comparison or a difference with their figures: ``B1 is 100, B2 is 90``."""
    node = None if node is None else bare(node)
    if not isinstance(node, Binary):
        return ""
    sides = [_figure(subject, home, row, col, side) for side in (node.left, node.right)]
    return ", ".join(f"{name} is {display(x)}" for name, x in sides) if all(name for name, _ in sides) else ""


def _figure(subject: Subject, home: int, row: int, col: int, node: Node) -> tuple[str, Scalar]:
    """Return the name and the content of the one cell that a side of a difference is; "" for anything else."""
    place = region(node, row, col)
    if place is None or place.rect.shape != (1, 1):
        return "", None
    content = subject.book.sheets[place.sheet].value(place.rect.top, place.rect.left)
    return named(subject, home, place.rect, place.sheet), content
