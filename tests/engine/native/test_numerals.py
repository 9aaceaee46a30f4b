"""The number a text is read as, and the text a number becomes."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.engine.native.context import Locale
from xlmodel.engine.native.moments import date_of, read_date, read_time, serial_of
from xlmodel.engine.native.numerals import general_text, read_number
from xlmodel.engine.native.operands import UnsupportedError

UK, US = Locale(), Locale("en-US", day_first=False)

READ = [
    ("5", 5), (" 5 ", 5), ("-5", -5), ("+5", 5), ("- 5", -5), (".5", 0.5), ("5.", 5), ("1e3", 1000), ("1E-400", 0),
    ("(5)", -5), ("£5", 5), ("-£5", -5), ("£-5", -5), ("(£5.50)", -5.5), ("12€", 12), ("23 €", 23),
    ("1,234", 1234), ("1,234,567.8", 1234567.8), ("1,234E3", 1234000), ("50%", 0.5), ("23.123%", 0.23123),
    ("(5%)", -0.05),
    ("1 1/2", 1.5), ("-1 1/2", -1.5), ("0 3/4", 0.75),
    ("1234567890123456789", 1234567890123450000), ("0.12345678901234567", 0.123456789012345),
    ("2/3/2023", 44987), ("2-Feb-2026", 46055), ("10-12-1999", 36504), ("1987-08-26", 32015), ("2024/4/3", 45385),
    ("3 Apr 2024", 45385), ("3Apr2024", 45385), ("April 3, 2024", 45385), ("Apr 2024", 45383), ("1/2024", 45292),
    ("2011/12", 40878), ("1/1/29", 47119), ("1/1/99", 36161), ("29/02/1900", 60), ("29/2/2000", 36585),
    ("12:30", 12.5 / 24), ("12:30:15.5", 45015.5 / 86400), ("25:00", 25 / 24), ("0:90", 1.5 / 24),
    ("30:15.5", 1815.5 / 86400),
    ("1:30 PM", 13.5 / 24), ("1 pm", 13 / 24), ("12:30 a", 0.5 / 24), ("59:9999.0", 13539 / 86400),
    ("1/1/1987 02:00 AM", 31778 + 2 / 24), ("2024-04-03 12:30", 45385 + 12.5 / 24),
]  # fmt: skip

NONE = [
    "", " ", ".", "x", "A1", "1_000", "inf", "nan", "0x10", "5-", "--5", "(-5)", "1E400", "12,34", "1,23,456",
    "1.2.3",
    "1 1/0", "30/2/2010", "40-2-2023", "4/13/2024", "1/1/1899", "13/2024", "2023/24", "2023-24", "1-2-3-4",
    "3.4.2024",
    "3 Foo 2024", "Q1 2024", "ward 12", "7+25j", "1:30PM", "13:30 PM", "2024-04-03T12:30", "1:2:3:4", "60:99",
    "24:99",
    "23:60:9999", "23:10000", "23.:59", "0207 123 4567",
]  # fmt: skip

UNKNOWN = [
    "1/2",
    "1-2",
    "Apr-24",
    "3/40",
    "1/1/40",
    "1234,567",
    "1,2345",
    "5£",
    "£5%",
    "%5",
    "12\t",
    "1 Sept 2020",
    "3 4 2024",
]


@pytest.mark.parametrize(("text", "number"), READ)
def test_numbers_that_are_read(text: str, number: float) -> None:
    assert read_number(text, UK) == pytest.approx(number, rel=1e-15, abs=0)


@pytest.mark.parametrize("text", NONE)
def test_texts_that_are_no_numbers(text: str) -> None:
    assert read_number(text, UK) is None


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_depends_on_the_clock_or_the_machine_is_refused(text: str) -> None:
    with pytest.raises(UnsupportedError):
        read_number(text, UK)


def test_the_order_of_a_date_is_the_locales() -> None:
    assert read_number("4/3/2024", UK) == serial_of(2024, 3, 4)
    assert read_number("4/3/2024", US) == serial_of(2024, 4, 3)
    assert read_number("13/3/2024", US) is None


def test_the_1904_system_counts_from_its_own_day() -> None:
    assert read_number("2/1/1904", UK, True) == 1
    assert read_number("31/12/1903", UK, True) is None


def test_a_decimal_comma() -> None:
    german = Locale("de-DE", decimal=",", group=".")
    assert read_number("1.234,5", german) == 1234.5


def test_datevalue_and_timevalue_take_their_part() -> None:
    assert read_date("1/1/1987 02:00 AM", UK) == 31778
    assert read_time("1/1/1987 05:00 AM", UK) == 31778 + 5 / 24 - 31778
    assert read_time("25:00", UK) == pytest.approx(1 / 24)
    assert read_date("1.25", UK) is None
    assert read_time("1.25", UK) is None


WRITTEN = [
    (0.0, "0"), (-0.0, "0"), (5.0, "5"), (-2.5, "-2.5"), (0.1 + 0.2, "0.3"), (1 / 3, "0.333333333333333"),
    (123456789012345.6, "123456789012346"), (1e15, "1000000000000000"),
    (12345678901234567890.0, "12345678901234600000"),
    (1e20, "1E+20"), (-1.2345e20, "-1.2345E+20"), (1e-5, "0.00001"), (1.23456789e-5, "0.0000123456789"),
    (1.23456789012346e-5, "1.23456789012346E-05"), (1e-18, "0.000000000000000001"), (1e-19, "1E-19"),
    (1.23456789012355e99, "1.2345678901236E+99"), (9.999999999999999e20, "1E+21"), (1e-310, "0"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "text"), WRITTEN)
def test_the_text_of_a_number(number: float, text: str) -> None:
    assert general_text(number) == text


@given(st.floats(-1e19, 1e19, allow_nan=False))
def test_what_is_written_is_read_again_to_15_digits(number: float) -> None:
    assert read_number(general_text(number), UK) == pytest.approx(number, rel=1e-13, abs=1e-300)


@given(st.integers(0, 2_958_465))
def test_dates_and_serial_numbers_are_each_other(serial: int) -> None:
    assert serial == 0 or serial_of(*date_of(serial)) == serial


@given(st.text(alphabet="0123456789 ,./:-+()%£€eEaApPmMjn", max_size=14))
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(UnsupportedError):
        assert isinstance(read_number(text, UK), float | int | None)
