"""GROUPBY and PIVOTBY group, order, total and name as Excel does."""

import pytest
from sheets import NotCalculatedError, calculate, calculate_array

from xlmodel.values import ErrorValue

ROWS = [
    ("Region", "Kind", "Sales"),
    ("north", "tea", 5.0),
    ("south", "tea", 1.0),
    ("north", "rum", 2.0),
    ("South", "rum", 7.0),
    ("north", "tea", 4.0),
]
CELLS = {f"{'ABC'[c]}{r + 1}": x for r, row in enumerate(ROWS) for c, x in enumerate(row)}
CELLS |= {"D1": "keep", "D2": True, "D3": 1.0, "D4": True, "D5": False, "D6": 0.0, "E1": ErrorValue("#N/A")}

CASES = [
    ("=GROUPBY(A1:A6,C1:C6,_xleta.SUM)", [["north", 11.0], ["south", 8.0], ["Total", 19.0]]),
    ("=GROUPBY(A2:A6,C2:C6,_xleta.SUM,0,0,-1)", [["south", 8.0], ["north", 11.0]]),
    (
        "=GROUPBY(A1:A6,C1:C6,_xleta.SUM,3,-1,2)",
        [["Region", "Sales"], ["Total", 19.0], ["south", 8.0], ["north", 11.0]],
    ),
    ("=GROUPBY(A1:A6,C1:C6,_xleta.AVERAGE,,0,,D1:D6)", [["north", 3.5], ["south", 1.0]]),
    ("=GROUPBY(A1:A6,C1:C6,_xleta.PERCENTOF,,0)", [["north", 11 / 19], ["south", 8 / 19]]),
    ("=GROUPBY(A1:A6,C1:C6,_xlfn.LAMBDA(_xlpm.x,MAX(_xlpm.x)-MIN(_xlpm.x)),,0)", [["north", 3.0], ["south", 6.0]]),
    (
        "=GROUPBY(A1:B6,C1:C6,_xleta.SUM,,2,{1,-2})",
        [
            ["north", "tea", 9.0],
            ["north", "rum", 2.0],
            ["north", "", 11.0],
            ["south", "tea", 1.0],
            ["south", "rum", 7.0],
            ["south", "", 8.0],
            ["Grand Total", "", 19.0],
        ],
    ),
    (
        "=GROUPBY(A1:B6,C1:C6,_xleta.SUM,,0,-3,,1)",
        [["north", "tea", 9.0], ["south", "rum", 7.0], ["north", "rum", 2.0], ["south", "tea", 1.0]],
    ),
    (
        "=PIVOTBY(A1:A6,B1:B6,C1:C6,_xleta.SUM)",
        [["", "rum", "tea", "Total"], ["north", 2.0, 9.0, 11.0], ["south", 7.0, 1.0, 8.0], ["Total", 9.0, 10.0, 19.0]],
    ),
    (
        "=PIVOTBY(A1:A6,B1:B6,C1:C6,_xleta.SUM,3,0,-1,0,2,D1:D6)",
        [["", "Kind", ""], ["", "rum", "tea"], ["Region", "Sales", "Sales"], ["south", "", 1.0], ["north", 2.0, 5.0]],
    ),
    (
        "=PIVOTBY(A1:A6,B1:B6,C1:C6,_xleta.PERCENTOF,,0,,0,,,1)",
        [["", "rum", "tea"], ["north", 2 / 11, 9 / 11], ["south", 7 / 8, 1 / 8]],
    ),
]


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_summary(formula, expected):
    assert calculate_array(formula, CELLS) == expected


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("=GROUPBY(A1:A6,C1:C5,_xleta.SUM)", "#VALUE!"),
        ("=GROUPBY(A1:A6,C1:C6,_xleta.SUM,,2)", "#VALUE!"),  # no inner fields to total
        ("=GROUPBY(A1:A6,C1:C6,_xleta.SUM,,,3)", "#VALUE!"),
        ("=GROUPBY(A1:A6,C1:C6,E1)", "#N/A"),
        ("=GROUPBY(A1:A6,C1:C6,_xleta.SUM,,,,A1:A6)", "#VALUE!"),
    ],
)
def test_error(formula, code):
    assert calculate(formula, CELLS) == ErrorValue(code)


@pytest.mark.parametrize("formula", ["=GROUPBY(A1:A6,C1:C6,_xleta.SUM,2)", "=GROUPBY(A1:A7,C1:C7,_xleta.SUM)"])
def test_refusal(formula):
    with pytest.raises(NotCalculatedError):
        calculate(formula, CELLS)
