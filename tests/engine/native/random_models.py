"""Models at random: sheets whose formulas were filled down, or across, over inputs of every kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol, TypeVar

from books import book
from hypothesis import strategies as st

from xlmodel.book.workbook import Book, DefinedName
from xlmodel.refs import cell_name, to_a1
from xlmodel.values import ErrorValue, Scalar

__all__ = ["NAMES", "Filled", "filled_model", "models", "number", "scalar"]

T = TypeVar("T")


class Source(Protocol):
    """Where choices come from: hypothesis, which can shrink them, or a plain generator of random numbers."""

    def choice(self, seq: Sequence[T]) -> T:
        """Return one of several."""

    def randint(self, low: int, high: int) -> int:
        """Return a whole number, both bounds included."""


class _Drawn:
    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def choice(self, seq: Sequence[T]) -> T:
        return self._draw(st.sampled_from(seq))

    def randint(self, low: int, high: int) -> int:
        return self._draw(st.integers(low, high))


NUMBERS = (
    0.0, 1.0, 2.0, 3.0, -1.0, 0.1, 0.2, 0.3, 0.1 + 0.2, 0.5, -0.5, 1.5, 2.5, 1.005, 2.675, 1.115, 0.285, 4.35, 1 /
    3, 99.995, 1e-9, 2.3e-308, 2.2250738585072014e-308, -2.3e-308, 1e-160, 1e160, 1e300, -1e300, 1.7e308, 1e15 +
    0.5, 123456789012345.6, 9007199254740993.0, 45000.0, 45000.75, 60.0, -7.0, 12.0, 100.0, 3 - 2**-51, 1 + 2**-52,
    5e9 + 0.5,
)  # fmt: skip
TEXTS = (
    "",
    "a",
    "A",
    "b",
    "ab",
    "5",
    " 7 ",
    "1e3",
    "10%",
    "12:30",
    "TRUE",
    "x*",
    ">1",
    "<>a",
    "£5",
    "a-b",
    "é",
    "2.50",
)
ERRORS = tuple(ErrorValue(code) for code in ("#N/A", "#DIV/0!", "#VALUE!", "#REF!"))
NAMES = (
    DefinedName("Factor", "1.5", None),
    DefinedName("Fixed", "S!$A$4:$A$9", None),
    DefinedName("Beside", "S!A1", None),
    DefinedName("Own", "3", None),
    DefinedName("Own", "T!$B$5", "T"),
    DefinedName("Added", "SUM(Fixed)+Factor", None),
    DefinedName("Double", "_xlfn.LAMBDA(_xlpm.x,_xlpm.x*2)", None),
)
FIRST, COLUMNS = 4, 4  #: the first row of the inputs, and how many columns they have


def number(source: Source) -> float:
    """Return a number that is often met, or hard to get right."""
    match source.randint(0, 3):
        case 0 | 1:
            return source.choice(NUMBERS)
        case 2:
            return float(source.randint(-20, 20))
        case _:
            return source.randint(-99_999, 99_999) / 1000


def scalar(source: Source) -> Scalar:
    """Return anything a cell can hold."""
    match source.randint(0, 7):
        case 0 | 1 | 2:
            return number(source)
        case 3 | 4:
            return source.choice(TEXTS)
        case 5:
            return source.choice((True, False))
        case 6:
            return None
        case _:
            return source.choice(ERRORS)


class _Place(NamedTuple):
    """Where references of a formula may go: along the way it is filled, and beside it."""

    across: bool  #: filled to the right, so that rows and columns change their parts
    lines: int  #: how many lines (columns, when filled down) stand before the formula's own
    length: int

    def axis(self, along: str, beside: str) -> str:
        return f"R{beside}C{along}" if self.across else f"R{along}C{beside}"

    def whole(self, first: int, last: int) -> str:
        letter = "R" if self.across else "C"
        return f"{letter}{first}:{letter}{last}"


def _line(source: Source, at: _Place) -> int:
    return source.randint(1, at.lines)


def _cell(source: Source, at: _Place) -> str:
    along = source.choice(("", "", "", "[-1]", "[1]", "5", "[-2]"))
    return source.choice(("", "", "", "T!")) + at.axis(along, str(_line(source, at)))


def _range(source: Source, at: _Place) -> str:
    first = _line(source, at)
    last = first if source.choice((False, True)) else _line(source, at)
    prefix = source.choice(("", "", "", "T!"))
    start, end = str(FIRST), str(FIRST + at.length - 1)
    along = source.choice((("[-2]", ""), (start, ""), ("", end), (start, end), ("[-1]", "[1]"), ("[-3]", "[-1]"), None))
    if along is None:
        first, last = min(first, COLUMNS), min(last, COLUMNS)
        return prefix + at.whole(min(first, last), max(first, last))
    return f"{prefix}{at.axis(along[0], str(first))}:{at.axis(along[1], str(last))}"


def _line_range(source: Source, at: _Place, whole: bool = True) -> str:
    """Return one line of inputs, fixed, sliding or whole."""
    line = min(_line(source, at), COLUMNS)
    start, end = str(FIRST), str(FIRST + at.length - 1)
    along = source.choice(((start, end), (start, end), ("[-2]", "[1]"), (start, "")))
    if whole and source.randint(0, 4) == 0:
        return at.whole(line, line)
    return f"{at.axis(along[0], str(line))}:{at.axis(along[1], str(line))}"


def _listed(text: str) -> tuple[str, ...]:
    """Return what stands in a text, two spaces or a line's end between."""
    return tuple(re.split(r"\s{2,}", text.strip()))


def _fixed(at: _Place, line: int) -> str:
    return f"{at.axis(str(FIRST), str(line))}:{at.axis(str(FIRST + at.length - 1), str(line))}"


_LITERALS = _listed(
    r"""
    0  1  2  -1  0.1  100  1E+300  ""  "a"  "5"  TRUE  FALSE  #N/A  1/3
    """
)
_SCALAR_CALLS = _listed(
    r"""
    ROUND({0},{d})  ROUND({0},{0})  INT({0})  ABS({0})  ROUNDUP({0},{d})  TRUNC({0})  MOD({0},{1})  SQRT({0})
    LEN({0})  LEFT({0},2)  UPPER({0})  TRIM({0})  EXACT({0},{1})  TEXT({0},"0.00")  VALUE({0})
    SUBSTITUTE({0},"a","b")  ISNUMBER({0})  ISBLANK({0})  ISTEXT({0})  ISERROR({0})  N({0})  T({0})  ISNA({0})
    TYPE({0})  YEAR({0})  MONTH({0})  EDATE({0},1)  EOMONTH({0},{1})  WEEKDAY({0})  DATE(2024,{0},{1})  DAY({0})
    SIGN({0})  POWER({0},{1})  EXP({0})  LN({0})  PMT({0},12,{1})  MAX({0},{1})  MIN({0},0)  SUM({0},{1})
    COUNT({0},{1})  COUNTA({0},{1})  AVERAGE({0},{1})  AND({0},{1})  OR({0},{1})  NOT({0})  XOR({0},{1})
    IF({0},{1},{2})  IF({0},{1})  IF({0},,{1})  IFERROR({0},{1})  IFNA({0},{1})  IF({0}>{1},{2},{0})
    IF(ISBLANK({0}),{1},{2})  CHOOSE({0},{1},{2})  IFS({0},{1},TRUE,{2})  SWITCH({0},{1},{2},0)
    _xlfn.LET(_xlpm.x,{0},_xlpm.x+_xlpm.x*{1})  ROW()  COLUMN()  ROW({c})  CONCATENATE({0},{1})  _xlfn.CONCAT({0},{1})
    SUM(IF({0},{1},{2}))  COUNT(IF({0},{1},{2}))  ISBLANK(IF({0},{1},{2}))  SUMPRODUCT({0},{1})
    """
)
_RANGE_CALLS = _listed(
    r"""
    SUM({r})  SUM({r})  AVERAGE({r})  MIN({r})  MAX({r})  COUNT({r})  COUNTA({r})  SUM({r},{0})  SUM({r},{s})
    AVERAGE({r},{0})  COUNT({r},{0})  MAX({0},{r})  AND({r})  OR({r})  SUMPRODUCT({n},{n})  MEDIAN({r})
    LARGE({r},{0})  SMALL({r},1)  STDEV({r})  COUNTBLANK({r})  PRODUCT({r})  SUMPRODUCT(({n}={0})*1)  NPV(0.1,{r})
    SUBTOTAL(9,{r})  MATCH({0},{l},0)  MATCH({0},{l},1)  MATCH({0},{l},-1)  MATCH({0},{l})  INDEX({l},{0})
    INDEX({l},MATCH({0},{l},0))  INDEX({r},{0},{1})  INDEX({r},1,{0})  LOOKUP({0},{l})  VLOOKUP({0},{t},2,FALSE)
    VLOOKUP({0},{t},{1})  _xlfn.XLOOKUP({0},{f1},{f2})  _xlfn.XLOOKUP({0},{f1},{f2},{1},-1)  _xlfn.XMATCH({0},{l},1)
    RANK({0},{l})  COUNTIF({l},{0})  COUNTIF({l},">"&{0})  COUNTIF({l},"<>")  SUMIF({f1},{0},{f2})  SUMIF({l},{0})
    SUMIF({f1},">0",{f2})  AVERAGEIF({f1},{0},{f2})  SUMIFS({f1},{f2},{0})  SUMIFS({f1},{f2},{0},{f3},">="&{1})
    COUNTIFS({f1},{0},{f2},{1})  COUNTIFS({f1},{0})  AVERAGEIFS({f1},{f2},{0})  _xlfn.MAXIFS({f1},{f2},{0})
    SUMIFS({l},{l},{0})  SUM(OFFSET({c},0,0,2,1))  SUM(S:T!{c})  SUM({c}:INDEX({f1},2))  SUM(Fixed)  Beside
    Factor*{0}  Own+{0}  Added  Double({0})  SUM({r} {r})  INDIRECT("A"&4)  T_TOTAL({r})  T_TOTAL({r})*{0}  SUM({r}*2)
    SUM({l})-SUM({l})
    """
)
_REGISTRY_CALLS = _listed(
    r"""
    T_RATE({0},{1})  T_RATE({0},1000)  INDEX(T_PAIR({0}),2)  T_PAIR({0})  SUM(T_PAIR({0}))  INDEX(T_PAIR({0}),{1})
    IFERROR(T_RATE({0},{1}),{2})  IF({0}>0,T_RATE({1},{0}),0)  T_RATE({0})  ROUND(T_PAIR({0}),1)  MAX(T_PAIR({0}),{1})
    _xldudf_T_RATE({0},{1})  T_RATE({r},{0})  AND(T_PAIR({0}))  T_PAIR({0})*2
    """
)


_OPERATORS = ("+", "-", "*", "/", "+", "-", "*", "^", "&", "=", "<", ">", "<=", ">=", "<>")


def _expression(source: Source, at: _Place, depth: int) -> str:
    choice = source.randint(0, 15 if depth else 3)
    if choice <= 2:
        return _cell(source, at)
    if choice == 3:
        return source.choice(_LITERALS)
    if choice <= 7:
        one, two = _expression(source, at, depth - 1), _expression(source, at, depth - 1)
        text = f"{one}{source.choice(_OPERATORS)}{two}"
        return f"({text})" if source.choice((False, True)) else text
    if choice == 8:
        return source.choice(("-({})", "+({})", "({})", "({})%", "--({})", "@({})")).format(
            _expression(source, at, depth - 1)
        )
    template = source.choice(_SCALAR_CALLS if choice <= 11 else _RANGE_CALLS if choice <= 14 else _REGISTRY_CALLS)
    filled = {
        "d": source.choice(("0", "1", "2", "-2", "3", "20", "-1")),
        "c": at.axis("", "1"),
        "r": _range(source, at) if "{r}" in template else "",
        "s": _range(source, at) if "{s}" in template else "",
        "l": _line_range(source, at) if "{l}" in template else "",
        "n": _line_range(source, at, whole=False) if "{n}" in template else "",
        "t": f"{at.axis(str(FIRST), '1')}:{at.axis(str(FIRST + at.length - 1), str(COLUMNS))}",
        **{f"f{n}": _fixed(at, n) for n in (1, 2, 3)},
    }
    parts = [_expression(source, at, depth - 1) if f"{{{n}}}" in template else "" for n in range(3)]
    return template.format(*parts, **filled)


_RECURRENCES = _listed(
    r"""
    {before}+{other}  IF({other},{before},0)  ROUND({before}*1.1,2)-({other})  SUM({so_far})+{other}  {before}&{other}
    MAX({before},{other})  IFERROR({before}+{other},0)  {before}*{other}+SUM({range})  T_RATE({before},{other})
    INDEX({so_far},1)+{other}  SUMIFS({so_far},{so_far},{other})  {before}+T_RATE({other},{other})  {other}-{before}
    """
)


def _recurrence(source: Source, at: _Place) -> str:
    """Return a formula that reads its own line one step before."""
    before = at.axis("[-1]", "")
    return source.choice(_RECURRENCES).format(
        before=before,
        other=_expression(source, at, 1),
        range=_range(source, at),
        so_far=f"{at.axis(str(FIRST - 1), '')}:{before}",
    )


class Filled(NamedTuple):
    """A workbook, and the formulas it was filled with."""

    book: Book
    formulas: tuple[str, ...]


def _input(source: Source, kind: str) -> Scalar:
    match kind:
        case "numbers":
            return number(source)
        case "whole":
            return float(source.randint(0, 5))
        case "texts":
            return source.choice((*TEXTS, None))
        case _:
            return scalar(source)


def filled_model(source: Source, most: int = 3) -> Filled:
    """Return a workbook of two sheets, with a few formulas filled over both or one of them."""
    across = source.choice((False, True))
    length = source.randint(7, 9)
    sheets: dict[str, dict[str, Scalar]] = {"S": {}, "T": {}}

    def put(sheet: str, along: int, beside: int, content: Scalar) -> None:
        sheets[sheet][cell_name(beside, along) if across else cell_name(along, beside)] = content

    for sheet in sheets:
        for line in range(1, COLUMNS + 1):
            kind = source.choice(("numbers", "numbers", "whole", "mixed", "mixed", "texts"))
            for step in range(FIRST, FIRST + length):
                put(sheet, step, line, _input(source, kind))
    formulas = []
    for line in range(COLUMNS + 1, COLUMNS + 1 + source.randint(1, most)):
        at = _Place(across, line - 1, length)
        recurs = source.randint(0, 3) == 0
        formula = _recurrence(source, at) if recurs else _expression(source, at, source.randint(1, 3))
        formulas.append(formula)
        for sheet in source.choice((("S",), ("S", "T"), ("S", "T"))):
            if recurs:
                put(sheet, FIRST - 1, line, scalar(source))
            for step in range(FIRST, FIRST + length):
                row, col = (line, step) if across else (step, line)
                put(sheet, step, line, "=" + to_a1(formula, row, col))
    return Filled(book(sheets, names=NAMES), tuple(formulas))


@st.composite
def models(draw: st.DrawFn, most: int = 3) -> Filled:
    """Workbooks of two sheets, with a few formulas filled over both or one of them."""
    return filled_model(_Drawn(draw), most)
