"""The adapter to the `formulas` library: what it corrects, what it refuses, and that nothing is swallowed."""

import numpy as np
import pytest
from books import book
from formulas.tokens.operand import XlError

from xlmodel.engine import CellKey
from xlmodel.engine.formulas import FormulasEngine
from xlmodel.engine.formulas.functions import _SWALLOWING, argument_class, library, operator
from xlmodel.engine.formulas.objects import EMPTY, error, filled, from_object, from_values, to_values
from xlmodel.refs import parse_cell
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue, Values

DATA = {"B1": 1.0, "B2": 2.0, "B3": 2.0, "B4": 5.0, "C1": "Argentina", "C2": "Peru", "C3": "5", "D1": True, "D2": 1.0}


def calculate(formula, **more):
    engine = FormulasEngine()
    engine.load(book({**DATA, "A1": formula}, **more), Registry())
    result = engine.calculate()
    key = CellKey("S", *parse_cell("A1"))
    reason = result.reasons.get(key)
    return result.values.item(result.cells.index(key)) if reason is None else f"{reason.code}: {reason.text}"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=COUNTIF(C1:C2,"P*")', 1.0),
        ('=COUNTIF(C1:C2,"*a")', 1.0),
        ('=COUNTIF(C1:C2,"P?ru")', 1.0),
        ('=COUNTIF(C1:C2,"<>")', 2.0),
        ('=COUNTIF(D1:D2,">0")', 1.0),
        ('=COUNTIF(C1:C3,">0")', "unsupported-syntax: numbers as text in a conditional sum"),
        ('=SUMIF(B1:B4,">1",B1)', "unsupported-syntax: ranges of different shapes in a conditional sum"),
        ("=MATCH(4,B1:B4)", 3.0),
        ("=MATCH(2,B1:B4)", "unsupported-syntax: a nearest match in cells that are not sorted"),
        ('=VLOOKUP("Z",C1:C3,1)', "unsupported-syntax: a nearest match in cells that are not sorted"),
        ("=LOOKUP(1,B1:C4)", "unsupported-syntax: a lookup in a block of several rows and columns"),
        ('=TEXT(1.005,"0.00")', "1.01"),
        ('=TEXT(0.5,"0%")', "50%"),
        ('=TEXT(44000,"yyyy-mm-dd")', "2020-06-18"),
        ('=TEXT(1,"# ?/?")', "unsupported-function: TEXT with this format"),
        ('=YEAR("1/2/2020")', "unsupported-syntax: a date or a number as text"),
        ('="1,234"+0', "unsupported-syntax: arithmetic with text that may be a number"),
        ("=CEILING.MATH(-1.5)", "unsupported-function: rounding of a negative number to a multiple"),
        ("=YEARFRAC(1,2)", "unsupported-function: YEARFRAC, which the library does not calculate as Excel does"),
        ('=AND("TRUE")', "unsupported-syntax: a text as a truth value"),
        ("=CHAR(200)", "unsupported-function: CHAR beyond 127"),
        ("=1E+25&\"\"", "unsupported-syntax: text of a very large or very small number"),
        ('=TRIM("  a   b ")', "a b"),
        ("=N(D1)", 1.0),
        ("=PRODUCT(C1:C2)", 0.0),
        ("=MROUND(1.3,0.2)", 1.4000000000000001),
        ('=TEXTJOIN(",",FALSE,Z8,"x")', ",x"),
        ("=COMPLEX(1,2)", "1+2i"),
    ],
)  # fmt: skip
def test_where_the_library_differs_from_excel(formula, expected):
    assert calculate(formula) == expected


def test_the_library_swallows_nothing():
    for function in [*library().values(), *map(operator, "+-*/&=<>")]:
        assert getattr(getattr(function, "__code__", None), "co_qualname", "") not in _SWALLOWING


def test_running_out_of_memory_is_not_a_value(monkeypatch):
    def hungry(*args):
        raise MemoryError

    monkeypatch.setitem(library(), "PROPER", hungry)
    with pytest.raises(MemoryError):
        calculate('=PROPER("a")')


def test_a_failure_of_the_library_is_a_reason(monkeypatch):
    def broken(*args):
        raise KeyError("x")

    monkeypatch.setitem(library(), "ABS", broken)
    assert calculate("=ABS(1)") == "engine-error: ABS failed in the library: KeyError"


def test_every_function_is_called_with_known_classes():
    assert {argument_class(name, i) for name in library() for i in range(5)} == {"V", "R", "A"}


@pytest.mark.parametrize(
    "content", [None, 1.5, True, False, "", "a", "#N/A", ErrorValue("#N/A"), ErrorValue("#SPILL!")]
)
def test_objects_come_back(content):
    block = Values.of([[content, 1.0], ["x", None]])
    assert to_values(from_values(block)).scalars() == block.scalars()


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (np.float64(2), 2.0),
        (np.int64(2), 2.0),
        (np.bool_(True), True),
        (np.str_("a"), "a"),
        (10**400, ErrorValue("#NUM!")),
        (float("inf"), ErrorValue("#NUM!")),
        (EMPTY, None),
        (XlError("#DIV/0!"), ErrorValue("#DIV/0!")),
        (np.array([[3.0]]), 3.0),
    ],
)
def test_what_the_library_returns(x, expected):
    found = from_object(x)
    assert type(found) is type(expected)
    assert found == expected


def test_empty_stays_itself_in_an_array():
    assert filled((1, 2), EMPTY)[0, 1] is EMPTY
    assert error("#N/A") is error("#N/A")
