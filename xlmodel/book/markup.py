"""The XML of an edited cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.edits import as_stored
from xlmodel.book.splice import Span, Splice, is_empty_tag, with_attributes
from xlmodel.book.xstring import formula_markup, markup
from xlmodel.values import ErrorValue, Scalar

__all__ = [
    "KEEP",
    "Change",
    "formula_element",
    "new_cell",
    "new_content",
    "number_text",
    "number_texts",
    "row_span",
    "value_element",
]


class _Keep(Enum):
    KEEP = "keep"


KEEP: Final = _Keep.KEEP


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a cell."""

    formula: str | _Keep | None  #: in A1 notation; None for no formula
    value: Scalar | _Keep
    shared_child: bool = False  #: the formula is the one it shared so far
    style: str | None = None  #: the number of its new format; None for the one it has


def number_text(number: float) -> str:
    """Return the shortest text that reads back as the same number.

    >>> number_text(0.1), number_text(5.0), number_text(-0.0), number_text(1e22)
    ('0.1', '5', '0', '1e+22')
    """
    text = repr(float(number))
    return "0" if number == 0 else text.removesuffix(".0")


def number_texts(numbers: NDArray[np.float64]) -> list[str]:
    """Return the texts of many finite numbers.

    >>> number_texts(np.array([0.1, 5.0, -0.0, 1e22]))
    ['0.1', '5', '0', '1e+22']
    """
    # adding nothing turns the zero below zero into zero
    written = "\n".join([*map(repr, (numbers + 0.0).tolist()), ""])
    return written.replace(".0\n", "\n").split("\n")[:-1]


def value_element(prefix: str, value: Scalar, calculated: bool = False) -> tuple[str | None, str]:
    """Return a cell's type and the element that holds its value."""
    if value is None:
        return None, ""
    if isinstance(value, bool):
        return "b", f"<{prefix}v>{int(value)}</{prefix}v>"
    if isinstance(value, ErrorValue):
        return "e", f"<{prefix}v>{markup(str(as_stored(value)))}</{prefix}v>"
    if isinstance(value, str):
        space = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
        if calculated:
            return "str", f"<{prefix}v{space}>{markup(value)}</{prefix}v>"
        return "inlineStr", f"<{prefix}is><{prefix}t{space}>{markup(value)}</{prefix}t></{prefix}is>"
    return None, f"<{prefix}v>{number_text(value)}</{prefix}v>"


def formula_element(prefix: str, formula: str, attributes: str = "") -> str:
    """Return the element of a formula; a space stands before each of the attributes it is given."""
    space = ' xml:space="preserve"' if formula != formula.strip() or "\n" in formula else ""
    return f"<{prefix}f{attributes}{space}>{formula_markup(formula)}</{prefix}f>"


def new_cell(prefix: str, name: str, style: str, change: Change) -> bytes:
    """Return the element of a cell that was not there."""
    assert change.value is not KEEP
    formula = formula_element(prefix, change.formula) if isinstance(change.formula, str) else ""
    # a cell without formula whose saved value is set lies in an array's range
    kind, value = value_element(prefix, change.value, bool(formula) or change.formula is KEEP)
    attributes = (f' s="{style}"' if style else "") + (f' t="{kind}"' if kind else "")
    return f'<{prefix}c r="{name}"{attributes}>{formula}{value}</{prefix}c>'.encode()


def new_content(content: bytes, cell: Span, change: Change) -> Splice:
    """Return the change of a cell that is there."""
    tag = content[cell.start : cell.inner]
    match = re.match(rb"<((?:[^\s/>:]+:)?)c", tag)
    assert match is not None
    prefix = match[1].decode()
    raw = {
        name: b"".join(content[x.start : x.end] for x in cell.children if x.name == name) for name in ("f", "v", "is")
    }
    rest = b"".join(content[x.start : x.end] for x in cell.children if x.name not in raw)
    formula, value = raw["f"], raw["v"] + raw["is"]
    attributes: dict[str, str | None] = {}
    if change.shared_child:
        assert isinstance(change.formula, str)
        span = next(x for x in cell.children if x.name == "f")
        formula = _own_formula(content[span.start : span.inner], prefix, change.formula)
    elif change.formula is not KEEP:
        formula = b"" if change.formula is None else formula_element(prefix, change.formula).encode()
        attributes |= {"cm": None, "vm": None}
    if change.value is not KEEP:
        kind, text = value_element(prefix, change.value, change.formula is not None)
        value = text.encode()
        # a rich value would be shown in place of this one
        attributes |= {"t": kind, "vm": None}
    if change.style is not None:
        attributes["s"] = change.style
    inner = formula + value + rest
    new_tag = with_attributes(tag, attributes)
    if not inner:
        empty = new_tag if is_empty_tag(new_tag, len(new_tag)) else new_tag[:-1] + b"/>"
        return Splice(cell.start, cell.end, empty)
    if is_empty_tag(new_tag, len(new_tag)):
        new_tag = new_tag[: new_tag.rindex(b"/")].rstrip() + b">"
    return Splice(cell.start, cell.end, new_tag + inner + f"</{prefix}c>".encode())


def _own_formula(tag: bytes, prefix: str, formula: str) -> bytes:
    tag = with_attributes(tag, {"t": None, "si": None, "ref": None})
    if is_empty_tag(tag, len(tag)):
        tag = tag[: tag.rindex(b"/")].rstrip() + b">"
    return tag + f"{formula_markup(formula)}</{prefix}f>".encode()


def row_span(tag: bytes, spans: str | None, cols: list[int]) -> bytes:
    """Return a row's start tag with its spans widened to new columns."""
    if spans is None:
        return tag
    match = re.fullmatch(r"(\d+):(\d+)", spans.strip())
    if match is None:
        # several spans are a hint for speed, and may be left out
        return with_attributes(tag, {"spans": None})
    first, last = min(int(match[1]), *cols), max(int(match[2]), *cols)
    if (first, last) == (int(match[1]), int(match[2])):
        return tag
    return with_attributes(tag, {"spans": f"{first}:{last}"})
