"""Counts, sums and extremes under conditions give Excel's values."""

import pytest
from sheets import calculate, calculate_array

from xlmodel.values import ErrorValue

VALUE, DIV0, NA = (ErrorValue(code) for code in ("#VALUE!", "#DIV/0!", "#N/A"))
CELLS = {
    "A1": "apples", "A2": "bananas", "A3": "apples", "A4": "pears", "A5": "Apples",
    "B1": 10.0, "B2": 20.0, "B3": 30.0, "B4": "40", "B5": 50.0,
    "C1": "east", "C2": "east", "C3": "west", "C5": "east",
    "D1": 1.0, "D2": NA, "D3": True, "D5": 5.0,
    "F1": ">15", "F2": 20.0,
}  # fmt: skip

CASES = [
    ('=COUNTIF(A1:A5,"apples")', 3.0),
    ("=COUNTIF(A1:A5,A2)", 1.0),
    ("=COUNTIF(B1:B5,F1)", 3.0),
    ('=COUNTIF(B1:B5,">"&F2)', 2.0),
    ("=COUNTIF(B1:B5,40)", 1.0),  # the text 40
    ('=COUNTIF(B1:B5,">=40")', 1.0),  # but not in an order
    ("=COUNTIF(D1:D5,#N/A)", 1.0),
    ("=COUNTIF(D1:D5,TRUE)", 1.0),
    ('=COUNTIF(C:C,"")', 1048572.0),  # blanks as far as the sheet goes
    ('=COUNTIF(C:C,"<>")', 4.0),
    ('=COUNTIF(C1:C5,"?a*")', 3.0),
    ("=COUNTIF({1,2},1)", VALUE),
    ("=COUNTIF((A1:A2,A3),1)", VALUE),
    ('=COUNTIFS(A1:A5,"apples",C1:C5,"east")', 2.0),
    ('=COUNTIFS(A:A,"<>apples",B:B,"=")', 1048571.0),
    ('=COUNTIFS(A1:A5,"apples",C1:C4,"east")', VALUE),
    ('=SUMIF(A1:A5,"apples",B1:B5)', 90.0),
    ('=SUMIF(B1:B5,">10")', 100.0),
    ('=SUMIF(A1:A5,"apples",B1)', 90.0),  # stretched to the size of the criteria range
    ('=SUMIF(A1:A3,"apples",B1:B5)', 40.0),
    ('=SUMIF(A1:A5,"apples",D1:D5)', 6.0),
    ('=SUMIF(A1:A5,"bananas",D1:D5)', NA),
    ('=SUMIF(A1:A5,"figs",D1:D5)', 0.0),
    ('=SUMIF(A1:A5,"bananas",B1048575)', 0.0),  # what lies beyond the sheet is left out
    ("=SUM(SUMIF(A1:A5,A1:A2,B1:B5))", 110.0),
    ('=SUMIFS(B1:B5,A1:A5,"apples",C1:C5,"east")', 60.0),
    ('=SUMIFS(B1:B5,A1:A5,"a*",B1:B5,">10",C1:C5,"<>west")', 50.0),
    ('=SUMIFS(B1:B5,A1:A4,"apples")', VALUE),
    ('=AVERAGEIF(A1:A5,"apples",B1:B5)', 30.0),
    ('=AVERAGEIF(B1:B5,"<30")', 15.0),
    ('=AVERAGEIF(A1:A5,"pears",B1:B5)', DIV0),
    ('=AVERAGEIFS(B1:B5,C1:C5,"east")', 80 / 3),
    ('=AVERAGEIFS(B1:B5,C1:C5,"north")', DIV0),
    ('=MAXIFS(B1:B5,C1:C5,"east")', 50.0),
    ('=MINIFS(B1:B5,C1:C5,"east",A1:A5,"<>apples")', 20.0),
    ('=MAXIFS(B1:B5,C1:C5,"north")', 0.0),
    ("=COUNTBLANK(C1:C5)", 1.0),
    ("=COUNTBLANK(H1:I10)", 20.0),
    ("=COUNTBLANK(A:A)", 1048571.0),
]


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_conditional(formula, expected):
    found = calculate(formula, CELLS)
    assert found == expected if isinstance(expected, ErrorValue) else found == pytest.approx(expected, rel=1e-15)


def test_an_array_of_criteria_gives_an_array():
    assert calculate_array('=COUNTIF(A1:A5,{"apples","pears"})', CELLS) == [[3.0, 1.0]]
    found = calculate_array('=SUMIFS(B1:B5,A1:A5,{"apples","bananas"},C1:C5,{"east";"west"})', CELLS)
    assert found == [[60.0, 20.0], [30.0, 0.0]]
