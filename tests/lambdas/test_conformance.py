"""Every native form gives what its Python function gives: values, errors, blanks, ranges and arguments left out."""

import pytest
from lambdas.calls import CSC, compared

from xlmodel.kinds import Date, Year

NATIVE = [f for f in CSC if f.native]
DATED = [f for f in NATIVE if any(isinstance(a.kind, (Date, Year)) for a in f.arguments)]


@pytest.mark.parametrize("function", NATIVE, ids=lambda f: f.name)
def test_both_editions_agree(function):
    assert not compared(function, 25, seed=0)


@pytest.mark.parametrize("function", DATED, ids=lambda f: f.name)
def test_both_editions_agree_where_dates_count_from_1904(function):
    assert not compared(function, 5, seed=0, date1904=True)


@pytest.mark.full
@pytest.mark.parametrize("function", NATIVE, ids=lambda f: f.name)
def test_both_editions_agree_thousands_of_times(function):
    faults = [fault for seed in (1, 2) for fault in compared(function, 1_000, seed)]
    assert not faults
