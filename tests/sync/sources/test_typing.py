"""What each value of a source becomes, and what is refused."""

from contextlib import suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlmodel.inputs.cells import UnreadableError
from xlmodel.sync.declared import FieldRule
from xlmodel.sync.sources.typing import SerialDate, as_cell, in_workbook, typed
from xlmodel.values import ErrorValue


def rule(kind, **more):
    return FieldRule("Heading", "column", kind, **more)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("1,234.50", "1234.50"),
        ("£1,234", "1234"),
        ("-£1,234", "-1234"),
        ("(123)", "-123"),
        ("(£12.50)", "-12.50"),
        (" 12 ", "12"),
        ("\xa012\xa0", "12"),
        ("+5", "5"),
        (".5", "0.5"),
        ("-0", "0"),
        ("12,345,678.9", "12345678.9"),
        (3, "3"),
        (np.int64(3), "3"),
        (0.1 + 0.2, "0.3"),
        (Decimal("1.10"), "1.1"),
    ],
)
def test_numbers(raw, number):
    assert typed(raw, rule("number")) == Decimal(number)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("-", "a dash may mean nil"),
        ("1e3", "in full"),
        ("12%", "per cent"),
        ("1.234,56", "1,234.50"),
        ("1,23", "1,234.50"),
        ("1234,567", "1,234.50"),
        ("1 234", "1,234.50"),
        ("123-", "the sign in front"),
        ("(-5)", "the sign in front"),
        ("(5", "must be a number"),
        ("nan", "must be a number"),
        ("\N{MINUS SIGN}5", "must be a number"),
        ("१२", "must be a number"),
        ("1234567890123456", "at most 15 digits, which is what Excel keeps (declare type = text"),
        ("0.1234567890123456", "declare decimals"),
        (1234567890123456789, "at most 15 digits"),
        (float(2**53 + 2), "at most 15 digits"),
        (float("nan"), "finite"),
        (Decimal("Infinity"), "finite"),
        (True, "is a truth value"),
        (date(2024, 4, 1), "is shown as a date"),
        (SerialDate(45383.0), "is shown as a date"),
        (b"1", "is binary data"),
        (memoryview(b"1"), "is binary data"),
        ([1], "is a list of values"),
        (ErrorValue("#N/A"), "is an error"),
    ],
)
def test_what_is_no_number(raw, told):
    with pytest.raises(UnreadableError) as refusal:
        typed(raw, rule("number"))
    assert told in str(refusal.value)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("text", "00123", "00123"),
        ("text", "=1+1", "=1+1"),
        ("text", "+44 23 8083", "+44 23 8083"),
        ("text", " as it is ", " as it is "),
        ("text", "one\r\ntwo", "one\ntwo"),
        ("text", 123.0, "123"),
        ("text", UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ("whole", "12", Decimal(12)),
        ("date", "2024-02-29", 45351.0),
        ("date", "1900-03-01", 61.0),
        ("date", "2024-04-01 00:00:00", 45383.0),
        ("date", date(2024, 4, 1), 45383.0),
        ("date", SerialDate(45383.0), 45383.0),
        ("datetime", "2024-04-01T12:00", 45383.5),
        ("datetime", datetime(2024, 4, 1, 18), 45383.75),
        ("boolean", "YES", True),
        ("boolean", "false", False),
        ("boolean", 0, False),
        ("boolean", Decimal(1), True),
        ("boolean", "", None),
        ("number", "  ", None),
    ],
)
def test_other_types(kind, raw, value):
    found = typed(raw, rule(kind))
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "raw", "told"),
    [
        ("date", "2023-02-29", "a day of the calendar"),
        ("date", "01/04/2024", "such as 2024-04-01 (declare formats"),
        ("date", "1900-02-28", "before 1900-03-01"),
        ("date", date(1850, 1, 1), "before 1900-03-01"),
        ("date", "2024-04-01 09:30", "declare type = datetime"),
        ("datetime", "2024-04-01T09:30Z", "no time zone"),
        ("datetime", "2024-04-01T09:30+01:00", "no time zone"),
        ("datetime", datetime(2024, 4, 1, tzinfo=UTC), "no time zone"),
        ("date", 45383.0, "must be a date, and is a number"),
        ("date", time(9), "is a time of day"),
        ("whole", "12.5", "whole number"),
        ("boolean", "maybe", "TRUE or FALSE"),
        ("boolean", 2, "TRUE or FALSE"),
        ("text", 1.5, "declare type = number"),
        ("text", True, "declare type = boolean"),
        ("text", date(2024, 4, 1), "declare type = date"),
        ("text", "bell\x07", "control characters"),
        ("text", "\ud800", "control characters"),
        ("text", "x" * 32_768, "32,767 characters"),
    ],
)
def test_what_is_refused(kind, raw, told):
    with pytest.raises(UnreadableError) as refusal:
        typed(raw, rule(kind))
    assert told in str(refusal.value)


def test_dates_in_a_declared_form():
    british = rule("date", formats=("%d/%m/%Y", "%d %b %Y"))
    assert typed("1/4/2024", british) == typed("01 Apr 2024", british) == 45383.0
    assert typed("01/04/24", rule("date", formats=("%d/%m/%y",))) == 45383.0
    for wrong in ("29/02/2023", "01/04/24", "2024-04-01"):
        with pytest.raises(UnreadableError, match=r"written as %d/%m/%Y or %d %b %Y"):
            typed(wrong, british)


def test_what_a_column_may_hold():
    with pytest.raises(UnreadableError, match="must not be blank"):
        typed(" ", rule("text", required=True))
    with pytest.raises(UnreadableError, match="one of red, green"):
        typed("blue", rule("text", choices=("red", "green")))
    with pytest.raises(UnreadableError, match="must match"):
        typed("C12", rule("text", pattern=r"C\d{3}"))
    bounded = rule("number", minimum=0.1, maximum=1.0, unit="£m")
    assert as_cell(Decimal("0.1"), bounded) == 0.1
    for wrong in ("0.09", "1.01"):
        with pytest.raises(UnreadableError, match="£m"):
            as_cell(Decimal(wrong), bounded)


def test_numbers_are_scaled_exactly_and_rounded_away_from_zero():
    millions = rule("number", scale=Decimal("0.000001"), decimals=3)
    assert in_workbook(Decimal("1234500"), millions) == Decimal("1.235")
    assert in_workbook(Decimal("-1234500"), millions) == Decimal("-1.235")
    assert typed("0.1234567890123456", rule("number", decimals=2)) == Decimal("0.1234567890123456")


@settings(max_examples=60, deadline=None)
@given(st.decimals(-(10**9), 10**9, places=2))
def test_a_figure_reads_as_it_was_written(amount):
    for text in (f"{amount:f}", f"{amount:,f}", f"({-amount:,f})" if amount < 0 else f"£{amount:,f}"):
        assert typed(text, rule("number")) == amount


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    for kind in ("text", "number", "whole", "date", "datetime", "boolean"):
        with suppress(UnreadableError):
            assert (typed(text, rule(kind)) is None) == (not text.strip())
