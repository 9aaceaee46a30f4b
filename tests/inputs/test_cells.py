"""What one cell may hold."""

import contextlib
import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.inputs.cells import BLANK, Kind, UnreadableError, cell_value
from xlmodel.model.years import year_label

APRIL = np.datetime64("2024-04-01", "s")

VALUES = [
    (Kind.NUMBER, "12.5", 12.5),
    (Kind.NUMBER, " 12.50 ", 12.5),
    (Kind.NUMBER, "-.5", -0.5),
    (Kind.NUMBER, "1E+05", 100_000.0),
    (Kind.NUMBER, 12, 12.0),
    (Kind.NUMBER, np.int64(12), 12.0),
    (Kind.NUMBER, 0.1, 0.1),
    (Kind.WHOLE, "2024", 2024.0),
    (Kind.WHOLE, 2024.0, 2024.0),
    (Kind.YEAR, "2024/25", 2024.0),
    (Kind.YEAR, "1999/00", 1999.0),
    (Kind.MONTH, "2024-04", APRIL),
    (Kind.MONTH, dt.date(2024, 4, 1), APRIL),
    (Kind.MONTH, pd.Period("2024-04", "M"), APRIL),
    (Kind.DATE, "2024-04-01", APRIL),
    (Kind.DATE, pd.Timestamp("2024-04-01"), APRIL),
    (Kind.NUMBERS, "0.7; 0.2", (0.7, 0.2)),
    (Kind.TEXT, " =1+1 ", "=1+1"),
    (Kind.TEXT, 2024, "2024"),
    (Kind.TEXT, 2024.0, "2024"),
]

REFUSALS = [
    (Kind.NUMBER, "1,234", "write 1234"),
    (Kind.NUMBER, "£1,234.50", "write 1234.50"),
    (Kind.NUMBER, "-£5", "write -5"),
    (Kind.NUMBER, "1 234", "write 1234"),
    (Kind.NUMBER, "12.5%", "write 0.125"),
    (Kind.NUMBER, "(500)", "write -500"),
    (Kind.NUMBER, "1_000", "must be a number"),
    (Kind.NUMBER, "١٢", "must be a number"),
    (Kind.NUMBER, "inf", "must be a number"),
    (Kind.NUMBER, math.inf, "must be a number"),
    (Kind.NUMBER, True, "must be a number"),
    (Kind.WHOLE, "2.5", "must be a whole number"),
    (Kind.YEAR, "2024", "must be a financial year such as 2024/25"),
    (Kind.YEAR, "1700/01", "must be a financial year such as 2024/25"),
    (Kind.YEAR, "2024/26", "as 2024/25 does"),
    (Kind.MONTH, "2024-13", "must be a day of the calendar"),
    (Kind.MONTH, dt.date(2024, 4, 15), "must be a month such as 2024-04"),
    (Kind.DATE, "1/4/2024", "year, month, day .Excel rewrites it: give the column the format yyyy-mm-dd"),
    (Kind.DATE, "2024-02-30", "must be a day of the calendar"),
    (Kind.NUMBERS, "0.7,0.2", "must be a number"),
    (Kind.NUMBERS, "0.7;", "must be a number"),
]


@pytest.mark.parametrize(("kind", "cell", "expected"), VALUES)
def test_value(kind, cell, expected):
    assert cell_value(kind, cell) == expected


@pytest.mark.parametrize(("kind", "cell", "message"), REFUSALS)
def test_refusal(kind, cell, message):
    with pytest.raises(UnreadableError, match=message):
        cell_value(kind, cell)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("cell", ["", "  ", "\xa0", None, math.nan, pd.NA, pd.NaT])
def test_blank(kind, cell):
    value, blank = cell_value(kind, cell), BLANK[kind]
    assert value == blank or (value != value and blank != blank)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_to_the_last_bit(x):
    assert cell_value(Kind.NUMBER, repr(x)) == x == cell_value(Kind.NUMBER, x)


@given(st.text(max_size=12), st.sampled_from([Kind.NUMBER, Kind.WHOLE, Kind.NUMBERS]))
def test_any_text_is_a_finite_number_or_a_refusal(text, kind):
    with contextlib.suppress(UnreadableError):
        value = cell_value(kind, text)
        assert value == () or np.isfinite(value).all() or not text.strip()


@given(st.integers(1900, 2199))
def test_a_year_is_read_as_it_is_written(start):
    assert cell_value(Kind.YEAR, year_label(start)) == start
