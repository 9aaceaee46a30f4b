"""Totals of a list leave out what they are asked to."""

import numpy as np
import pytest
from sheets import calculate, calculate_array

from xlmodel.engine.native.functions.subtotals import aggregate, subtotal
from xlmodel.engine.native.operands import Reference
from xlmodel.engine.references import Region
from xlmodel.refs import Rect
from xlmodel.values import ErrorValue, Values

VALUE, DIV0, NUM = (ErrorValue(code) for code in ("#VALUE!", "#DIV/0!", "#NUM!"))
CELLS = {
    "A1": 120.0, "A2": 10.0, "A3": 150.0, "A4": 23.0, "A5": "x",
    "A6": "=SUBTOTAL(9,A1:A4)", "A7": "=1+AGGREGATE(9,4,A1)",
    "B1": 82.0, "B2": 72.0, "B3": DIV0, "B4": 65.0, "B5": 30.0, "B6": 72.0,
}  # fmt: skip

CASES = [
    ("=SUBTOTAL(9,A1:A4)", 303.0),
    ("=SUBTOTAL(109,A1:A7)", 303.0),  # subtotals among the cells are left out
    ("=SUBTOTAL(1,A1:A4)", 75.75),
    ("=SUBTOTAL(2,A1:B7)", 9.0),
    ("=SUBTOTAL(3,A1:B7)", 11.0),
    ("=SUBTOTAL(4,A1:A4)", 150.0),
    ("=SUBTOTAL(5,A1:A4)", 10.0),
    ("=SUBTOTAL(6,A1:A2)", 1200.0),
    ("=SUBTOTAL(7,A1:A4)", 4858.916666666667**0.5),
    ("=SUBTOTAL(8,A1:A4)", 3644.1875**0.5),
    ("=SUBTOTAL(10,A1:A4)", 4858.916666666667),
    ("=SUBTOTAL(11,A1:A4)", 3644.1875),
    ("=SUBTOTAL(9,A1:A2,A4)", 153.0),
    ("=SUBTOTAL(9,B1:B3)", DIV0),
    ("=SUBTOTAL(101.2,A1:A4)", 75.75),
    ("=SUBTOTAL(12,A1:A4)", VALUE),
    ("=SUBTOTAL(1,A5)", DIV0),
    ("=AGGREGATE(9,4,A1:A6)", 606.0),
    ("=AGGREGATE(9,0,A1:A7)", 303.0),
    ("=AGGREGATE(4,6,B1:B6)", 82.0),
    ("=AGGREGATE(9,4,B1:B6)", DIV0),
    ("=AGGREGATE(12,6,B1:B6)", 72.0),
    ("=AGGREGATE(13,6,B1:B6)", 72.0),
    ("=AGGREGATE(14,6,B1:B6,3)", 72.0),
    ("=AGGREGATE(15,6,B1:B6,1)", 30.0),
    ("=AGGREGATE(14,6,B1:B6,9)", NUM),
    ("=AGGREGATE(14,4,B1:B6,1)", DIV0),
    ("=AGGREGATE(14,6,B1:B6)", VALUE),
    ("=AGGREGATE(16,6,B1:B6,0.5)", 72.0),
    ("=AGGREGATE(17,6,B1:B6,1)", 65.0),
    ("=AGGREGATE(18,6,B1:B6,0.25)", 47.5),
    ("=AGGREGATE(19,6,B1:B6,2)", 72.0),
    ("=AGGREGATE(15,6,B1:B6/(B1:B6>70),1)", 72.0),
    ("=AGGREGATE(9,6,{1,2})", VALUE),
    ("=AGGREGATE(9,8,A1:A4)", VALUE),
    ("=AGGREGATE(20,6,A1:A4)", VALUE),
]


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_subtotals(formula, expected):
    found = calculate(formula, CELLS)
    assert found == expected if isinstance(expected, ErrorValue) else found == pytest.approx(expected, rel=1e-14)


def test_several_ranks_at_once():
    assert calculate_array("=AGGREGATE(14,6,B1:B6,{1;2;9})", CELLS) == [[82.0], [72.0], [NUM]]


class FilteredList:
    """A list of 1, 2, 4 and 8, the second row hidden by hand and the third by a filter."""

    def read(self, region):
        return Values.of([[1.0], [2.0], [4.0], [8.0]])

    def hidden_rows(self, region, filtered_only=False):
        return np.array([False, not filtered_only, True, False])

    def formula(self, sheet, row, col):
        return None


@pytest.mark.parametrize(
    ("function", "numbers", "total"),
    [
        (subtotal, (9,), 11.0),  # a filter counts always
        (subtotal, (109,), 9.0),
        (aggregate, (9, 4), 15.0),
        (aggregate, (9, 5), 9.0),
        (aggregate, (9, 3), 9.0),
    ],
)
def test_hidden_rows(function, numbers, total):
    cells = Reference((Region(0, Rect(1, 1, 4, 1)),))
    assert function(FilteredList(), *numbers, cells) == total
