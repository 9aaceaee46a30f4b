"""Text from a workbook is hostile on its way out too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.report.escape import SUBSTITUTES, safe


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain £ text – é", "plain £ text – é"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("a\r\nb", "a\\r\\nb"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        ("::error file=x::y", ": :error file=x: :y"),
        ("wrapped ::error::y", "wrapped : :error: :y"),
        (":::error", ": : :error"),
        ("a ##[error]x", "a # #[error]x"),
        ("\u061cx", "\\u061cx"),
        ("\ud800", "\\ud800"),
    ],
)
def test_nothing_acts(text, shown):
    assert safe(text) == shown


@given(st.text())
def test_the_result_is_one_printable_line(text):
    shown = safe(text)
    assert len(shown.splitlines()) <= 1
    assert "::" not in shown
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in shown)
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("encoding", "shown"), [("cp1252", "£1 -> 2… é"), ("cp437", "£1 -> 2... é"), ("ascii", "GBP 1 -> 2... \\xe9")]
)
def test_what_an_output_cannot_show_is_written_plainly(encoding, shown):
    assert "£1 → 2… é".encode(encoding, SUBSTITUTES).decode(encoding) == shown
