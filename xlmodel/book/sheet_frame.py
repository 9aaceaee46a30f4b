"""What a sheet says around its rows: merged cells, the filter, hidden columns, what its cells may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.events import parse_events
from xlmodel.book.validations import Validation, ValidationTexts
from xlmodel.errors import BookError
from xlmodel.refs import MAX_COL, Rect, ReferenceSyntaxError, parse_cell

__all__ = ["Frame", "has_controls", "plain_data", "range_named", "rows_between", "tagged_data"]

_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^>]*\?>)?", re.DOTALL)


@dataclass(eq=False)
class Frame:
    """What the elements around the rows say. Ranges that are none are passed over: no calculation stands on them."""

    merged: list[Rect] = field(default_factory=list)
    hidden: list[tuple[int, int]] = field(default_factory=list)  #: columns: first and last
    filter: Rect | None = None  #: the range of the sheet's own filter
    filtering: bool = False  #: whether that filter has a criterion
    filter_mode: bool = False  #: whether there are filtered rows at all
    _validations: list[ValidationTexts] = field(default_factory=list)
    _sink: list[str] | None = None

    def element(self, path: Sequence[str], attributes: Mapping[str, str]) -> None:
        """Take note of an element; the path leads to it from the root."""
        self._sink = None
        match path[1:]:
            case ["mergeCells", "mergeCell"]:
                rect = range_named(attributes.get("ref", ""))
                if rect is not None:
                    self.merged.append(rect)
            case ["cols", "col"]:
                first, last = attributes.get("min", ""), attributes.get("max", "")
                if attributes.get("hidden") in ("1", "true") and first.isdecimal() and last.isdecimal():
                    self.hidden.append((max(int(first), 1), min(int(last), MAX_COL)))
            case ["sheetPr"]:
                self.filter_mode = attributes.get("filterMode") in ("1", "true")
            case ["autoFilter"]:
                self.filter = range_named(attributes.get("ref", ""))
            case ["autoFilter", "filterColumn", criterion] if criterion != "extLst":
                self.filtering = True
            case ["dataValidations", "dataValidation"]:
                areas = (range_named(name) for name in attributes.get("sqref", "").split())
                self._validations.append(ValidationTexts(tuple(a for a in areas if a is not None), attributes))
            case ["dataValidations", "dataValidation", "formula1" | "formula2" as which] if self._validations:
                said = self._validations[-1]
                self._sink = said.first if which == "formula1" else said.second

    def text(self, text: str) -> None:
        """Take note of text within the element that came last."""
        if self._sink is not None:
            self._sink.append(text)

    @property
    def validations(self) -> tuple[Validation, ...]:
        """What cells may hold."""
        return tuple(said.made() for said in self._validations)

    @property
    def hidden_columns(self) -> NDArray[np.int32]:
        """The columns that are hidden."""
        columns = np.zeros(MAX_COL + 2, np.bool_)
        for first, last in self.hidden:
            columns[first : last + 1] = True
        return np.flatnonzero(columns).astype(np.int32)


def range_named(name: str) -> Rect | None:
    """Return the rectangle of a plain A1 range or cell; None where it is none.

    >>> range_named("B2:A1"), range_named("#REF!")
    (Rect(top=1, left=1, bottom=2, right=2), None)
    """
    first, _, last = name.partition(":")
    try:
        (top, left), (bottom, right) = parse_cell(first), parse_cell(last or first)
    except ReferenceSyntaxError:
        return None
    return Rect(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def rows_between(content: bytes, frame: Frame) -> tuple[int, int] | None:
    """Return where the rows begin and end, if all around them is one well-formed sheet; note down what that says.

    What stands between is not looked at.
    """
    opening, closing = content.find(b"<sheetData>"), content.rfind(b"</sheetData>")
    if opening < 0 or closing < opening:
        return None
    declaration = _DECLARATION.match(content)
    if declaration is None or (
        b"encoding" in declaration[0] and not re.search(rb"[\"']utf-8[\"']", declaration[0], re.I)
    ):
        return None
    inner = opening + len(b"<sheetData>")
    around = content[:inner] + content[closing:]
    if b"<!--" in around or b"]]>" in around:
        return None
    path: list[str] = []
    found: list[list[str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        path.append(name)
        frame.element(path, attributes)
        if name == "sheetData":
            found.append(list(path))

    def end(_: str) -> None:
        path.pop()

    try:
        parse_events(around, "", start, end, frame.text)
    except BookError:
        return None
    return (inner, closing) if found == [["worksheet", "sheetData"]] else None


def plain_data(content: bytes) -> tuple[int, int] | None:
    """Return where the rows begin and end, if every ``<`` between starts a tag; None where only expat can tell."""
    span = tagged_data(content)
    return None if span is None or has_controls(content, *span) else span


def tagged_data(content: bytes) -> tuple[int, int] | None:
    """Return what `plain_data` does, also where texts hold carriage returns, which a parser reads as line feeds."""
    span = rows_between(content, Frame())
    if span is None:
        return None
    others = (b"<!", b"<?", b"]]>", b"<sheetData", b"</sheetData")
    return None if any(content.find(other, *span) >= 0 for other in others) else span


def has_controls(content: bytes, start: int, end: int) -> bool:
    """Tell whether a stretch has control characters.

    A carriage return is one too: an XML parser reads a line feed.
    """
    marks = np.frombuffer(content, np.uint8)[start:end]
    low = marks[marks < ord(" ")]
    return bool(((low != ord("\n")) & (low != ord("\t"))).any())
