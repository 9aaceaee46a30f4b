"""Addresses, ranges and the references inside a formula, in A1 and R1C1 notation.

A formula is cut into tokens without being understood: strings, calls, names, structured references and areas. That is
enough to translate it between A1 and R1C1, to find what it refers to, and to tell whether two formulas are one.
Rows and columns count from 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from xlmodel.errors import XlmodelError

__all__ = [
    "MAX_COL",
    "MAX_ROW",
    "Area",
    "Prefix",
    "Rect",
    "ReferenceSyntaxError",
    "Token",
    "TokenKind",
    "areas_replaced",
    "bare_function",
    "cell_name",
    "column_letters",
    "column_number",
    "is_cell_name",
    "parse_cell",
    "parse_prefix",
    "parse_rect",
    "quote_sheet",
    "to_a1",
    "to_r1c1",
    "tokens",
]

MAX_ROW = 1_048_576
MAX_COL = 16_384


class ReferenceSyntaxError(XlmodelError, ValueError):
    """A text is not an address or a range."""


class Rect(NamedTuple):
    """A rectangle of cells, both corners included.

    >>> Rect(1, 1, 3, 2).name, Rect(5, 2, 5, 2).name
    ('A1:B3', 'B5')
    """

    top: int
    left: int
    bottom: int
    right: int

    @property
    def name(self) -> str:
        """The A1 name of the rectangle."""
        first = cell_name(self.top, self.left)
        return (
            first
            if self.top == self.bottom and self.left == self.right
            else f"{first}:{cell_name(self.bottom, self.right)}"
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.bottom - self.top + 1, self.right - self.left + 1

    def __contains__(self, cell: object) -> bool:
        """Tell whether a (row, column) pair lies in the rectangle."""
        return isinstance(cell, tuple) and self.top <= cell[0] <= self.bottom and self.left <= cell[1] <= self.right

    def encloses(self, other: Rect) -> bool:
        """Tell whether all of another rectangle lies in this one."""
        rows = self.top <= other.top and other.bottom <= self.bottom
        return rows and self.left <= other.left and other.right <= self.right

    def meets(self, other: Rect) -> bool:
        """Tell whether a cell lies in both rectangles."""
        rows = self.top <= other.bottom and other.top <= self.bottom
        return rows and self.left <= other.right and other.left <= self.right


@lru_cache(maxsize=MAX_COL)
def column_letters(col: int) -> str:
    """Return the letters of a column.

    >>> column_letters(1), column_letters(28), column_letters(16384)
    ('A', 'AB', 'XFD')
    """
    letters = ""
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number of a column.

    >>> column_number("A"), column_number("xfd")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def cell_name(row: int, col: int) -> str:
    """Return the A1 name of a cell.

    >>> cell_name(7, 3)
    'C7'
    """
    return f"{column_letters(col)}{row}"


_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})\Z")


def parse_cell(name: str) -> tuple[int, int]:
    """Return the row and column of an A1 name.

    >>> parse_cell("$C$7")
    (7, 3)
    """
    match = _CELL.match(name)
    if match:
        row, col = int(match[2]), column_number(match[1])
        if row <= MAX_ROW and col <= MAX_COL:
            return row, col
    raise ReferenceSyntaxError(f"{name!r} is not a cell address")


def is_cell_name(name: str) -> bool:
    """Tell whether Excel would read a word as a cell address, in A1 or R1C1 notation.

    >>> is_cell_name("CIN1"), is_cell_name("CSC_CIN1"), is_cell_name("R2C3"), is_cell_name("RC")
    (True, False, True, True)
    """
    if re.fullmatch(r"[Rr]\d*[Cc]\d*|[RrCc]\d*", name):
        return True
    try:
        parse_cell(name)
    except ReferenceSyntaxError:
        return False
    return "$" not in name


def parse_rect(name: str) -> Rect:
    """Return the rectangle of an A1 range; whole rows and columns too.

    >>> parse_rect("B2:A1"), parse_rect("C:C").bottom
    (Rect(top=1, left=1, bottom=2, right=2), 1048576)
    """
    found = list(tokens(name.strip()))
    if len(found) == 1 and found[0].area is not None and not found[0].area.prefix:
        return found[0].area.at(1, 1)
    raise ReferenceSyntaxError(f"{name!r} is not a range")


_PLAIN_SHEET = re.compile(r"[^\W\d][\w.]*\Z")


def quote_sheet(name: str) -> str:
    """Return a sheet name as a formula writes it.

    >>> quote_sheet("Inputs"), quote_sheet("Cohort flows"), quote_sheet("Bob's")
    ('Inputs', "'Cohort flows'", "'Bob''s'")
    """
    return name if _PLAIN_SHEET.match(name) and not is_cell_name(name) else "'" + name.replace("'", "''") + "'"


class Prefix(NamedTuple):
    """What stands before the ``!`` of a reference."""

    book: str  #: "" for this workbook, else the external link's number or the file's name
    first: str  #: sheet name; "" for the workbook itself, as in [1]!Name
    last: str  #: the other end of a 3-D reference, else equal to `first`


def parse_prefix(prefix: str) -> Prefix:
    """Split a reference's prefix, given with its ``!``.

    >>> parse_prefix("'Cohort flows'!"), parse_prefix("[1]Data!").book, parse_prefix("Jan:Mar!").last
    (Prefix(book='', first='Cohort flows', last='Cohort flows'), '1', 'Mar')
    """
    body = prefix.removesuffix("!")
    if body.startswith("'"):
        body = body[1:-1].replace("''", "'")
    book = ""
    if "[" in body and "]" in body:
        path, _, rest = body.partition("[")
        name, _, body = rest.partition("]")
        book = path + name
    first, colon, last = body.partition(":")
    return Prefix(book, first, last if colon else first)


class TokenKind(Enum):
    """What a piece of a formula is."""

    TEXT = "text"
    AREA = "area"
    CALL = "call"  #: a function's name up to and without its bracket
    NAME = "name"
    STRUCTURED = "structured"
    ERROR = "error"
    NUMBER = "number"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Area:
    """A reference to cells; a relative coordinate is kept as its distance from the formula's own cell.

    Each coordinate is (absolute?, number). Whole columns have no rows, whole rows no columns.
    """

    prefix: str
    top: tuple[bool, int] | None
    left: tuple[bool, int] | None
    bottom: tuple[bool, int] | None
    right: tuple[bool, int] | None
    single: bool

    def at(self, row: int, col: int) -> Rect:
        """Return the rectangle meant by a formula that stands at a cell; offsets wrap round the sheet as in Excel."""
        top, bottom = (
            (1, MAX_ROW)
            if self.top is None or self.bottom is None
            else (
                _place(self.top, row, MAX_ROW),
                _place(self.bottom, row, MAX_ROW),
            )
        )
        left, right = (
            (1, MAX_COL)
            if self.left is None or self.right is None
            else (
                _place(self.left, col, MAX_COL),
                _place(self.right, col, MAX_COL),
            )
        )
        return Rect(min(top, bottom), min(left, right), max(top, bottom), max(left, right))

    def a1(self, row: int, col: int) -> str:
        """Write the reference in A1 notation for a formula at a cell."""

        def corner(r: tuple[bool, int] | None, c: tuple[bool, int] | None) -> str:
            letters = "" if c is None else "$" * c[0] + column_letters(_place(c, col, MAX_COL))
            return letters + ("" if r is None else "$" * r[0] + str(_place(r, row, MAX_ROW)))

        first = corner(self.top, self.left)
        return self.prefix + (first if self.single else f"{first}:{corner(self.bottom, self.right)}")

    def r1c1(self) -> str:
        """Write the reference in R1C1 notation."""

        def axis(letter: str, x: tuple[bool, int] | None) -> str:
            if x is None:
                return ""
            return letter + (str(x[1]) if x[0] else f"[{x[1]}]" if x[1] else "")

        first = axis("R", self.top) + axis("C", self.left)
        return self.prefix + (first if self.single else f"{first}:{axis('R', self.bottom)}{axis('C', self.right)}")


def _place(x: tuple[bool, int], here: int, size: int) -> int:
    absolute, number = x
    return number if absolute else (here + number - 1) % size + 1


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a formula; the texts of all tokens together are the formula."""

    kind: TokenKind
    text: str
    area: Area | None = None


_PREFIX = r"'(?:[^']|'')+'!|(?:\[[^\[\]'\"]+\])?[\w.\\?]+(?::[\w.\\?]+)?!|\[\d+\]!"
_STRING = r'"(?:[^"]|"")*"'
_BRACKETS = r"\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]"
_NAME = r"[^\W\d][\w.?\\]*|\\[\w.?\\]*"
_ERROR = (
    r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!"
    r"|BUSY!|PYTHON!|EXTERNAL!)"
)
_NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?"
_END = r"(?![\w.(!\\?])"
_A1 = r"\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}"
_A1_AREA = (
    rf"(?P<cells>{_A1}(?::{_A1})?{_END})|(?P<cols>\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}{_END})"
    rf"|(?P<rows>\$?[1-9]\d{{0,6}}:\$?[1-9]\d{{0,6}}{_END})"
)
_R = r"R(?:\[-?\d+\]|\d+)?"
_C = r"C(?:\[-?\d+\]|\d+)?"
_R1C1_AREA = rf"(?P<cells>{_R}{_C}(?::{_R}{_C})?{_END})|(?P<cols>{_C}:{_C}{_END})|(?P<rows>{_R}:{_R}{_END})"


def _grammar(area: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<text>{_STRING})|(?P<prefix>{_PREFIX})?(?:{area}|(?P<error>{_ERROR})|(?P<call>(?:{_NAME})(?=\())"
        rf"|(?P<structured>(?:{_NAME})?{_BRACKETS})|(?P<name>{_NAME}))|(?P<number>{_NUMBER})|(?P<other>.)",
        re.DOTALL,
    )


_IN_A1 = _grammar(_A1_AREA)
_IN_R1C1 = _grammar(_R1C1_AREA)
_A1_PARTS = re.compile(r"(\$?)([A-Za-z]{1,3})?(\$?)(\d+)?\Z")
_R1C1_PARTS = re.compile(r"(?:R(\[-?\d+\]|\d+)?)?(?:C(\[-?\d+\]|\d+)?)?\Z")


def tokens(formula: str, row: int = 1, col: int = 1, *, r1c1: bool = False) -> Iterator[Token]:
    """Cut a formula into tokens; `row` and `col` are the cell it stands in.

    >>> [t.text for t in tokens("SUM(Data!$A$1:A3,\\"A1\\")*Rate[[#This Row],[Cost]]")]
    ['SUM', '(', 'Data!$A$1:A3', ',', '"A1"', ')', '*', 'Rate[[#This Row],[Cost]]']
    """
    for match in (_IN_R1C1 if r1c1 else _IN_A1).finditer(formula):
        kind = match.lastgroup
        text = match[0]
        if kind in ("cells", "cols", "rows"):
            area = _r1c1_area(match) if r1c1 else _a1_area(match, row, col)
            yield Token(TokenKind.AREA, text, area) if area else Token(TokenKind.NAME, text)
        else:
            yield Token(TokenKind(kind), text)


def _a1_area(match: re.Match[str], row: int, col: int) -> Area | None:
    prefix = match["prefix"] or ""
    corners = match[0][len(prefix) :].split(":")
    found: list[tuple[tuple[bool, int] | None, tuple[bool, int] | None]] = []
    for corner in corners:
        dollar, letters, row_dollar, digits = _A1_PARTS.match(corner).groups()  # type: ignore[union-attr]
        if letters is None:
            row_dollar = dollar or row_dollar
        c = r = None
        if letters is not None:
            number = column_number(letters)
            if number > MAX_COL:
                return None
            c = (True, number) if dollar else (False, number - col)
        if digits is not None:
            number = int(digits)
            if number > MAX_ROW:
                return None
            r = (True, number) if row_dollar else (False, number - row)
        found.append((r, c))
    (top, left), (bottom, right) = found[0], found[-1]
    return Area(prefix, top, left, bottom, right, len(corners) == 1)


def _r1c1_area(match: re.Match[str]) -> Area:
    prefix = match["prefix"] or ""
    corners = match[0][len(prefix) :].split(":")

    def axis(present: bool, text: str | None) -> tuple[bool, int] | None:
        if not present:
            return None
        if text is None:
            return (False, 0)
        return (False, int(text[1:-1])) if text.startswith("[") else (True, int(text))

    found = []
    for corner in corners:
        parts = _R1C1_PARTS.match(corner)
        assert parts is not None
        found.append((axis("R" in corner, parts[1]), axis("C" in corner, parts[2])))
    (top, left), (bottom, right) = found[0], found[-1]
    return Area(prefix, top, left, bottom, right, len(corners) == 1)


#: what may hold the text of an area without being one, and areas
_AREAS = re.compile(
    rf"(?<![\w.?\\])(?P<prefix>{_PREFIX})?(?P<area>{_A1_AREA})|{_STRING}|'(?:[^']|'')*'|{_BRACKETS}|{_ERROR}", re.DOTALL
)


def areas_replaced(formula: str, new: Callable[[str, str], str]) -> str:
    """Return an A1 formula with its areas replaced; `new` gets an area's prefix, and its text behind that.

    Only areas are looked for, which is much quicker than to cut the formula into all its tokens.

    >>> areas_replaced("SUM(Data!$A$1:A3,\\"A1\\")", lambda prefix, text: text.lower())
    'SUM(Data!$a$1:a3,"A1")'
    """

    def replaced(match: re.Match[str]) -> str:
        prefix, area = match["prefix"] or "", match["area"]
        return match[0] if area is None else prefix + new(prefix, area)

    return _AREAS.sub(replaced, formula)


def to_r1c1(formula: str, row: int, col: int) -> str:
    """Write an A1 formula that stands at a cell in R1C1 notation: equal texts are one formula filled.

    >>> to_r1c1("B5/B$2*10000+LOG10(A1)", 5, 3)
    'RC[-1]/R2C[-1]*10000+LOG10(R[-4]C[-2])'
    """
    return "".join(t.area.r1c1() if t.area else t.text for t in tokens(formula, row, col))


def to_a1(formula: str, row: int, col: int) -> str:
    """Write an R1C1 formula in A1 notation for a cell.

    >>> to_a1("RC[-1]/R2C[-1]", 5, 3)
    'B5/B$2'
    """
    return "".join(t.area.a1(row, col) if t.area else t.text for t in tokens(formula, r1c1=True))


_HOSTS = (
    (re.compile(r"_xldudf_(?=.)", re.I), "officejs"),
    (re.compile(r"_xll\.(?=.)", re.I), "xll"),
    (re.compile(r"_xludf\.(?=.)", re.I), "udf"),
    (re.compile(r"\[\d+\]!(?=.)"), "addin"),
    (re.compile(r"'[^'\[\]]+\.xla[m]?'!(?=.)", re.I), "addin"),
    (re.compile(r"[\w.]+\.xla[m]?!(?=.)", re.I), "addin"),
)


def bare_function(stored: str) -> tuple[str, str]:
    """Split a function's stored name into its own name and the kind of host that wrote it ("" when plain).

    >>> bare_function("_xldudf_CSC_X"), bare_function("[1]!csc_x"), bare_function("SUM")
    (('CSC_X', 'officejs'), ('CSC_X', 'addin'), ('SUM', ''))
    """
    for pattern, host in _HOSTS:
        match = pattern.match(stored)
        if match:
            return stored[match.end() :].upper(), host
    return stored.upper(), ""
