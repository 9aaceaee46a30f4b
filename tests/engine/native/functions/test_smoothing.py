"""FORECAST.ETS goes on with lines and patterns, and refuses what depends on unpublished parameters."""

import pytest
from sheets import NotCalculatedError, calculate

from xlmodel.values import ErrorValue

NUM, NA = ErrorValue("#NUM!"), ErrorValue("#N/A")
PATTERN = "{1,2,3,2,1,2,3,2,1},{1,2,3,4,5,6,7,8,9}"
GAPS = "{3,3,1,3,2,2,1,2,1,3},{3,3,1,7,4,6,5,8,9,7}"  # unordered, twice at 3 and 7, none at 2

CASES = [
    ("=FORECAST.ETS(6,{2,4,6,8},{1,2,3,4})", 12.0),
    ("=FORECAST.ETS(5.5,{2,4,6,8},{1,2,3,4},0)", 11.0),
    (f"=FORECAST.ETS(10,{PATTERN},4)", 2.0),
    (f"=FORECAST.ETS(15,{PATTERN},4)", 3.0),
    (f"=FORECAST.ETS(7,{PATTERN},4)", 3.0),
    (f"=FORECAST.ETS(0,{PATTERN},4)", NUM),
    (f"=FORECAST.ETS(10,{GAPS},4,1)", 2.0),
    (f"=FORECAST.ETS(10,{PATTERN},-1)", NUM),
    ("=FORECAST.ETS(9,{1,2,3},{1,2})", NA),
    ("=FORECAST.ETS(9,{1,2,3,4},{1,2,3.5,4})", NUM),
    (f"=FORECAST.ETS.CONFINT(50,{PATTERN},0.9,4)", 0.0),
    (f"=FORECAST.ETS.CONFINT(50,{PATTERN},1,4)", NUM),
    (f"=FORECAST.ETS.STAT({PATTERN},8,4)", 1.0),
    (f"=FORECAST.ETS.STAT({PATTERN},7,4)", 0.0),
    (f"=FORECAST.ETS.STAT({PATTERN},9,4)", NUM),
    (f"=FORECAST.ETS.SEASONALITY({PATTERN},2)", NUM),
]


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_value(formula, expected):
    found = calculate(formula)
    assert found == (pytest.approx(expected, rel=1e-14) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(
    "formula",
    [
        "=FORECAST.ETS(6,{2,4,7,8},{1,2,3,4})",
        f"=FORECAST.ETS.STAT({PATTERN},1,4)",
        f"=FORECAST.ETS.SEASONALITY({PATTERN})",
    ],
)
def test_refusal(formula):
    with pytest.raises(NotCalculatedError, match="not published"):
        calculate(formula)
