"""Arrays taken apart, put together and sorted; LAMBDA over arrays."""

import pytest
from sheets import NotCalculatedError, calculate_array

from xlmodel.values import ErrorValue

CALC, DIV, NA, NUM, REF, VALUE = (ErrorValue(c) for c in ("#CALC!", "#DIV/0!", "#N/A", "#NUM!", "#REF!", "#VALUE!"))
SHEET = {
    "A1": 3.0, "A2": "b", "A3": True, "A4": 1.0, "A6": "=1/0", "A7": "A", "A8": "=NA()", "A9": False,
    "C1": 1.0, "D1": 2.0, "C2": "=1/0", "D3": 4.0,
}  # fmt: skip

PARTS = [
    ("=SEQUENCE(2,3,5,2)", [[5.0, 7.0, 9.0], [11.0, 13.0, 15.0]]),
    ("=SEQUENCE(,2)", [[1.0, 2.0]]),
    ("=SEQUENCE(-1)", [[VALUE]]),
    ("=SEQUENCE(0)", [[CALC]]),
    ("=TAKE({1,2;3,4;5,6},-2,1)", [[3.0], [5.0]]),
    ("=TAKE({1,2;3,4},,9)", [[1.0, 2.0], [3.0, 4.0]]),
    ("=TAKE({1,2},0)", [[CALC]]),
    ("=DROP({1,2;3,4;5,6},1,-1)", [[3.0], [5.0]]),
    ("=DROP({1;2},2)", [[CALC]]),
    ('=EXPAND({1},2,2,"x")', [[1.0, "x"], ["x", "x"]]),
    ("=EXPAND({1,2},1,1)", [[VALUE]]),
    ("=CHOOSECOLS({1,2,3;4,5,6},-1,1)", [[3.0, 1.0], [6.0, 4.0]]),
    ("=CHOOSEROWS({1;2;3},{3,1})", [[3.0], [1.0]]),
    ("=CHOOSECOLS({1,2},3)", [[VALUE]]),
    ("=HSTACK({1;2},3,NA())", [[1.0, 3.0, NA], [2.0, NA, NA]]),
    ("=VSTACK({1,2},3)", [[1.0, 2.0], [3.0, NA]]),
    ("=TOCOL({1,2;3,4},,TRUE)", [[1.0], [3.0], [2.0], [4.0]]),
    ("=TOROW(C1:D3,3)", [[1.0, 2.0, 4.0]]),
    ("=TOROW({1,2},4)", [[VALUE]]),
    ("=WRAPROWS({1,2,3},2)", [[1.0, 2.0], [3.0, NA]]),
    ("=WRAPCOLS({1,2,3},2,0)", [[1.0, 3.0], [2.0, 0.0]]),
    ("=WRAPROWS({1,2,3},9)", [[1.0, 2.0, 3.0]]),
    ("=WRAPROWS({1,2},0)", [[NUM]]),
    ("=TRIMRANGE(B1:E9)", [[1.0, 2.0], [DIV, 0.0], [0.0, 4.0]]),
    ("=TRIMRANGE(B1:D5,0,1)", [[1.0, 2.0], [DIV, 0.0], [0.0, 4.0], [0.0, 0.0], [0.0, 0.0]]),
    ("=TRIMRANGE(F1:G3)", [[REF]]),
]
ORDER = [
    ("=FILTER({1,2,3;4,5,6},{1,0,1})", [[1.0, 3.0], [4.0, 6.0]]),
    ("=FILTER({1;2;3},{1;2;3}>1)", [[2.0], [3.0]]),
    ("=FILTER({1;2},{0;0})", [[CALC]]),
    ('=FILTER({1;2},{0;0},"none")', [["none"]]),
    ("=FILTER({1;2},{1;0;1})", [[VALUE]]),
    ("=FILTER({1;2},A5:A6)", [[DIV]]),
    ("=SORT(A1:A9)", [[1.0], [3.0], ["A"], ["b"], [False], [True], [DIV], [NA], [0.0]]),
    ("=SORT(A1:A9,1,-1)", [[NA], [DIV], [True], [False], ["b"], ["A"], [3.0], [1.0], [0.0]]),
    ("=SORT({2,1;1,2;1,1},{1,2},{1,-1})", [[1.0, 2.0], [1.0, 1.0], [2.0, 1.0]]),
    ("=SORT({3,1,2},,,TRUE)", [[1.0, 2.0, 3.0]]),
    ('=SORT({"b";"A";"a";"B"})', [["A"], ["a"], ["b"], ["B"]]),
    ("=SORT({1;2},2)", [[VALUE]]),
    ("=SORT({1;2},1,2)", [[VALUE]]),
    ('=SORTBY({"x";"y";"z"},{2;1;2},-1,{1;1;0})', [["z"], ["x"], ["y"]]),
    ("=SORTBY({1,2,3},{3,1,2})", [[2.0, 3.0, 1.0]]),
    ("=SORTBY({1;2},{1,2,3})", [[VALUE]]),
    ('=UNIQUE({"a";"A";"b";1;"1"})', [["a"], ["b"], [1.0], ["1"]]),
    ("=UNIQUE({1,2;1,2;3,4})", [[1.0, 2.0], [3.0, 4.0]]),
    ("=UNIQUE({1,1,2},TRUE,TRUE)", [[2.0]]),
    ("=UNIQUE({1;1},,TRUE)", [[CALC]]),
]
LAMBDAS = [
    ("=MAP({1,2},{3,4},_xlfn.LAMBDA(_xlpm.a,_xlpm.b,_xlpm.a*_xlpm.b))", [[3.0, 8.0]]),
    ("=MAP({1,2},{3},_xlfn.LAMBDA(_xlpm.a,_xlpm.b,_xlpm.a*_xlpm.b))", [[3.0, NA]]),
    ("=MAP({1,2},_xlfn.LAMBDA(_xlpm.a,1/(_xlpm.a-1)))", [[DIV, 1.0]]),
    ("=MAP(C1:D1,_xlfn.LAMBDA(_xlpm.a,COLUMN(_xlpm.a)))", [[3.0, 4.0]]),
    ("=BYROW({1,2;3,4},_xlfn.LAMBDA(_xlpm.r,SUM(_xlpm.r)))", [[3.0], [7.0]]),
    ("=BYCOL({1,2;3,4},_xlfn.LAMBDA(_xlpm.c,_xlpm.c))", [[CALC, CALC]]),
    ("=MAKEARRAY(2,2,_xlfn.LAMBDA(_xlpm.r,_xlpm.c,_xlpm.r*10+_xlpm.c))", [[11.0, 12.0], [21.0, 22.0]]),
    ("=MAKEARRAY(0,2,_xlfn.LAMBDA(_xlpm.r,_xlpm.c,1))", [[VALUE]]),
    ("=REDUCE(10,{1,2,3},_xlfn.LAMBDA(_xlpm.a,_xlpm.b,_xlpm.a-_xlpm.b))", [[4.0]]),
    ("=REDUCE(,{1,2,3},_xlfn.LAMBDA(_xlpm.a,_xlpm.b,_xlpm.a-_xlpm.b))", [[-4.0]]),
    ("=SCAN(1,{2,3;4,5},_xlfn.LAMBDA(_xlpm.a,_xlpm.b,_xlpm.a*_xlpm.b))", [[2.0, 6.0], [24.0, 120.0]]),
]


@pytest.mark.parametrize(("formula", "expected"), [*PARTS, *ORDER, *LAMBDAS])
def test_arrays(formula, expected):
    assert calculate_array(formula, SHEET) == expected


@pytest.mark.parametrize("formula", ["=SEQUENCE(99999,99999)", "=EXPAND(1,99999,9999)", "=UNIQUE({1,2},{1,1})"])
def test_what_is_refused(formula):
    with pytest.raises(NotCalculatedError):
        calculate_array(formula, SHEET)
