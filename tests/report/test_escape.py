"""Text from a workbook is hostile on its way out too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.report.escape import safe


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain £ text – é", "plain £ text – é"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("a\r\nb", "a\\r\\nb"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        ("::error file=x::y", ": :error file=x::y"),
        ("##[error]x", "# #[error]x"),
        ("\ud800", "\\ud800"),
    ],
)
def test_nothing_acts(text, shown):
    assert safe(text) == shown


@given(st.text())
def test_the_result_is_one_printable_line(text):
    shown = safe(text)
    assert len(shown.splitlines()) <= 1
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in shown)
    shown.encode("utf-8")
