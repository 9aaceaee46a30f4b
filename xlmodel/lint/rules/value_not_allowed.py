"""A typed value that the sheet's own data validation does not allow.

Why: Excel asks only when someone types. What is pasted, filled down or written by a program gets past the limits that
whoever made the sheet set for its figures.

Fix: Type a value that is allowed, or change the limits under Data, Data Validation where they are wrong.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from xlmodel.book.validations import Validation
from xlmodel.book.workbook import Sheet
from xlmodel.engine.references import PieceKind
from xlmodel.lint.accused import accuse
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.proposal import result
from xlmodel.lint.subject import Subject
from xlmodel.refs import Rect, to_r1c1
from xlmodel.values import Kind, Scalar, display

SEVERITY = Severity.ERROR
DEFAULT = True
MEASURED = "10 of 10 findings in 15 workbooks with validation right, every one read; the other 611 have none."
BAD = {
    "validation B2:B4": "decimal between 0 1",
    "A2": "Rent",
    "B2": 0.3,
    "A3": "Heat",
    "B3": 40,
    "A4": "Staff",
    "B4": 0.5,
}
GOOD = {**BAD, "B3": 0.4}

_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "equal": operator.eq,
    "notEqual": operator.ne,
    "greaterThan": operator.gt,
    "lessThan": operator.lt,
    "greaterThanOrEqual": operator.ge,
    "lessThanOrEqual": operator.le,
}
_IN_WORDS = {
    "equal": "exactly",
    "notEqual": "anything but",
    "greaterThan": "above",
    "lessThan": "below",
    "greaterThanOrEqual": "of at least",
    "lessThanOrEqual": "of at most",
}
_NUMBERS = {"whole": "whole numbers", "decimal": "numbers", "date": "dates", "time": "times"}
_NUMBER = re.compile(r"[£$€]?\s*([+-]?(?:\d[\d,]*(?:\.\d*)?|\.\d+))\s*(%)?")
_MOST_CELLS = 10_000  #: a list of more choices is not read


def check(subject: Subject) -> Iterator[Finding]:
    """Find typed values outside the validation of their cells, one finding a validation."""
    for home, sheet in enumerate(subject.book.sheets):
        for rule in sheet.validations:
            if not rule.areas or not (rule.stops and rule.first):
                continue
            broken = [i for area in rule.areas for i in _typed(sheet, area) if _breaks(subject, home, i, rule)]
            if broken:
                first = min(broken)
                held = display(sheet.values.item(first))
                yield accuse(
                    subject,
                    home,
                    [(int(sheet.row[i]), int(sheet.col[i])) for i in broken],
                    SEVERITY,
                    f"holds {held}, where the sheet allows {_allowed(subject, home, first, rule)}",
                    "Type a value that is allowed; where the value is right, change the limits of the cell.",
                )


def _typed(sheet: Sheet, area: Rect) -> list[int]:
    low, high = np.searchsorted(sheet.row, (area.top, area.bottom + 1))
    col = sheet.col[low:high]
    inside = (col >= area.left) & (col <= area.right) & (sheet.formula[low:high] < 0)
    filled = inside & (sheet.values.kind[low:high] != Kind.BLANK)
    found: list[int] = (np.flatnonzero(filled) + low).tolist()
    return found


def _breaks(subject: Subject, home: int, i: int, rule: Validation) -> bool:
    """Tell whether a cell's value is certainly not allowed."""
    sheet = subject.book.sheets[home]
    value = sheet.values.item(i)
    if rule.kind == "custom":
        return _bound(subject, home, i, rule, rule.first) is False
    if rule.kind == "list":
        allowed = _choices(subject, home, rule)
        return allowed is not None and _choice(value) not in allowed
    if rule.kind == "textLength":
        value = float(len(f"{value:.15g}" if isinstance(value, float) else str(value)))
    elif rule.kind not in _NUMBERS:
        return False
    bounds = [_bound(subject, home, i, rule, text) for text in (rule.first, rule.second) if text]
    if not all(isinstance(b, float) for b in bounds) or len(bounds) != 1 + ("etween" in rule.operator):
        return False
    if not isinstance(value, float):
        return isinstance(value, str)
    if rule.kind == "whole" and value != round(value):
        return True
    if "etween" in rule.operator:
        low, high = sorted(b for b in bounds if isinstance(b, float))
        return (low <= value <= high) is (rule.operator == "notBetween")
    compared = _COMPARED.get(rule.operator)
    bound = bounds[0]
    return compared is not None and isinstance(bound, float) and not compared(value, bound)


def _bound(subject: Subject, home: int, i: int, rule: Validation, text: str) -> Scalar:
    """Return what a validation's formula gives for a cell; it is written as seen from the first cell."""
    sheet, first = subject.book.sheets[home], rule.areas[0]
    seen_from = to_r1c1(text.removeprefix("="), first.top, first.left)
    return result(subject, sheet.name, int(sheet.row[i]), int(sheet.col[i]), seen_from)


def _choices(subject: Subject, home: int, rule: Validation) -> set[str] | None:
    """Return what a list offers, as it compares; None where it cannot be told, or where anything may be typed."""
    if rule.first.startswith('"'):
        return {_choice(as_typed(choice)) for choice in rule.first.strip('"').split(",")}
    first = rule.areas[0]
    pieces = subject.scope.read(to_r1c1(rule.first.removeprefix("="), first.top, first.left), home)
    spans = [span for piece in pieces if piece.kind is PieceKind.REFERENCE for span in piece.spans]
    if len(spans) != 1 or any(piece.kind not in (PieceKind.REFERENCE, PieceKind.PUNCTUATION) for piece in pieces):
        return None
    rect = spans[0].at(first.top, first.left)
    if rect is None or rect.shape[0] * rect.shape[1] > _MOST_CELLS:
        return None
    found = subject.book.sheets[spans[0].sheet].block(rect).scalars()
    if any(content is None for content in found):
        return None  # a blank among the choices lets anything in
    return {_choice(content) for content in found}


def as_typed(text: str) -> Scalar:
    """Return what Excel makes of a choice when it is picked: a number where it reads as one.

    >>> as_typed("$200"), as_typed(" 5%"), as_typed("1-2 years")
    (200.0, 0.05, '1-2 years')
    """
    number = _NUMBER.fullmatch(text.strip())
    if number is None:
        return text
    return float(number[1].replace(",", "")) / (100 if number[2] else 1)


def _choice(content: Scalar) -> str:
    """Return what is compared of a value and a choice."""
    return (f"{content:.15g}" if isinstance(content, float) else str(content)).strip().casefold()


def _allowed(subject: Subject, home: int, i: int, rule: Validation) -> str:
    if rule.kind == "list":
        return "only what its list offers"
    if rule.kind == "custom":
        return f"only what fulfils ={rule.first}"
    low, high = (_bound(subject, home, i, rule, text) if text else None for text in (rule.first, rule.second))
    what = "texts of a length" if rule.kind == "textLength" else f"only {_NUMBERS[rule.kind]}"
    if "etween" in rule.operator:
        return f"{what} {'outside' if rule.operator == 'notBetween' else 'from'} {_shown(low)} to {_shown(high)}"
    return f"{what} {_IN_WORDS.get(rule.operator, '')} {_shown(low)}"


def _shown(content: Scalar) -> str:
    return f"{content:,.15g}" if isinstance(content, float) and abs(content) < 1e15 else display(content)
