"""Ties: the verdicts of the reconciliation, and decimals instead of doubles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.errors import DomainError, KindError, NoDataError
from xlmodel.model.precision import ties

NAN = float("nan")

#: Row of the reconciliation, stated, recomputed, places, what the inputs' rounding adds, verdict.
RECONCILED = [
    ("A01", -21, -21, 0, 0, "TIES"),
    ("A02", -52, -52, 0, 0, "TIES"),
    ("A03", -75, -75, 0, 0, "TIES"),
    ("A04", -73, -73, 0, 0, "TIES"),
    ("A05", -55, -55, 0, 0, "TIES"),
    ("A07", 487, 487, 0, 0, "TIES"),
    ("A08", 412, 412, 0, 0, "TIES"),
    ("A09", 339, 339, 0, 0, "TIES"),
    ("A10", 284, 284, 0, 0, "TIES"),
    ("A22", 108, 108.33, 0, 0, "ROUNDING"),
    ("A23", 98, 97.88, 0, 0, "ROUNDING"),
    ("A24", 85, 82.80, 0, 0, "DOES NOT TIE"),
    ("A25", 72, 68.13, 0, 0, "DOES NOT TIE"),
    ("A31", 28, 28.14, 0, 0, "ROUNDING"),
    ("A34", 40, 40, 0, 0, "TIES"),
    ("A51", 75, 72, 0, 6, "ROUNDING"),  # 6 a month, printed whole, times 12
    ("B09", 1.0, 1.00, 1, 0, "TIES"),
    ("C01", 1660, 1680, -1, 1.5, "DOES NOT TIE"),
    ("C02", 1000, 1016, -3, 0, "ROUNDING"),  # £1m in thousands
    ("C14", 1.0, 1.0, 1, 0, "TIES"),
    ("C16", 6, 5.65, 0, 0, "ROUNDING"),
    ("E01", 3, 3.030, 0, 0, "ROUNDING"),
    ("E02", 12.1, 12.107, 1, 0, "ROUNDING"),
    ("E03", 3.2, 3.190, 1, 0, "ROUNDING"),
    ("E04", 7, 7.070, 0, 0, "ROUNDING"),
    ("E05", 11, 10.980, 0, 0, "ROUNDING"),
    ("E06", 16.1, 16.105, 1, 0, "ROUNDING"),
    ("E07", 7.7, 7.686, 1, 0, "ROUNDING"),
    ("E15", 33, 50, 0, 0, "DOES NOT TIE"),
    ("F10", 176, 176, 0, 0, "TIES"),
    ("G01", 0.7, 1.4 * (1 - 0.5), 1, 0, "TIES"),
]

#: What doubles get wrong and decimals do not.
EDGES = [
    (0.3, 0.1 + 0.2, 1, 0, "TIES"),
    (1.8, 6 - 1 - 3.2, 1, 0, "TIES"),
    (0.1, 0.15, 1, 0, "ROUNDING"),  # 0.15 - 0.1 is 0.04999999999999999 in doubles, and here exactly half a unit
    (0.1, 0.1 + 0.05, 1, 0, "ROUNDING"),
    (0.3, 0.35, 1, 0, "ROUNDING"),
    (0.3, 0.25, 1, 0, "ROUNDING"),
    (0.3, 0.350000000001, 1, 0, "DOES NOT TIE"),
    (2.675, 2.68, 2, 0, "ROUNDING"),
    (1.1, 1.0, 2, 0.095, "ROUNDING"),
    (1.1, 1.0, 2, 0.0949, "DOES NOT TIE"),
    (1, 1.17, 1, 0.12, "ROUNDING"),  # 0.05 + 0.12 is 0.16999999999999998 in doubles
    (1000, 1500, -3, 0, "ROUNDING"),
    (1000, 1501, -3, 0, "DOES NOT TIE"),
    (0, 0, 0, 0, "TIES"),
    (1e15, 1e15 + 1, 15, 0, "TIES"),  # the 16th digit does not exist in a cell
]


@pytest.mark.parametrize(("row", "stated", "recomputed", "dp", "bound", "verdict"), RECONCILED)
def test_verdict_of_the_reconciliation(row, stated, recomputed, dp, bound, verdict):
    assert ties(stated, recomputed, dp, bound) == verdict


@pytest.mark.parametrize(("stated", "recomputed", "dp", "bound", "verdict"), EDGES)
def test_decimals_are_compared(stated, recomputed, dp, bound, verdict):
    assert ties(stated, recomputed, dp, bound) == verdict
    assert ties(-stated, -recomputed, dp, bound) == verdict


@pytest.mark.parametrize(
    ("arguments", "error", "argument"),
    [
        ((1, 1, 0, -1), DomainError, "input_bound"),
        ((1, 1, 0.5), DomainError, "dp"),
        ((1, 1, -16), DomainError, "dp"),
        ((1, NAN, 0), NoDataError, "recomputed"),
        ((NAN, 1, 0), NoDataError, "stated"),
        ((1, 1, NAN), NoDataError, "dp"),
        ((1, 1, 0, NAN), NoDataError, "input_bound"),
        (("1", 1, 0), KindError, "stated"),
    ],
)
def test_refusal(arguments, error, argument):
    with pytest.raises(error) as caught:
        ties(*arguments)
    assert type(caught.value) is error
    assert caught.value.argument == argument
    assert argument in caught.value.requirement


@given(st.integers(-(10**8), 10**8), st.integers(-2000, 2000), st.integers(0, 4), st.integers(0, 500))
def test_the_verdict_is_that_of_whole_numbers(stated, off, dp, bound):
    """In ten-thousandths everything is a whole number, and the definition can be read off."""
    half = 5 * 10 ** (4 - dp)
    verdict = "TIES" if off == 0 else "ROUNDING" if 10 * abs(off) <= half + 10 * bound else "DOES NOT TIE"
    assert ties(stated / 10**4, (stated + off) / 10**4, dp, bound / 10**4) == verdict
