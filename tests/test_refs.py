"""References: translation between notations, and what counts as a reference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.refs import (
    MAX_COL,
    MAX_ROW,
    ReferenceSyntaxError,
    TokenKind,
    cell_name,
    column_letters,
    column_number,
    parse_cell,
    parse_prefix,
    parse_rect,
    to_a1,
    to_r1c1,
    tokens,
)

AT = (5, 3)
TRANSLATED = [
    ("A1", "R[-4]C[-2]"),
    ("$A$1", "R1C1"),
    ("A$1:$C3", "R1C[-2]:R[-2]C3"),
    ("C5", "RC"),
    ("A:B", "C[-2]:C[-1]"),
    ("$A:$A", "C1:C1"),
    ("1:1", "R[-4]:R[-4]"),
    ("$2:7", "R2:R[2]"),
    ("Sheet1!A1", "Sheet1!R[-4]C[-2]"),
    ("'Cohort flows'!A1", "'Cohort flows'!R[-4]C[-2]"),
    ("'It''s'!A1", "'It''s'!R[-4]C[-2]"),
    ("Jan:Dec!A1", "Jan:Dec!R[-4]C[-2]"),
    ("[1]Data!A1", "[1]Data!R[-4]C[-2]"),
    ('"A1"&A1', '"A1"&R[-4]C[-2]'),
    ('"say ""A1"""', '"say ""A1"""'),
    ("LOG10(A1)", "LOG10(R[-4]C[-2])"),
    ("XFE1+ABCD1", "XFE1+ABCD1"),  # beyond the last column: names
    ("A1048577", "A1048577"),
    ("Sales[A1]+Sales[[#This Row],[B2]]", "Sales[A1]+Sales[[#This Row],[B2]]"),
    ("1E5+2.5", "1E5+2.5"),
    ("A1#", "R[-4]C[-2]#"),
    ("#REF!+Sheet1!#REF!", "#REF!+Sheet1!#REF!"),
    ("SUM(A1:INDEX(B:B,3))", "SUM(R[-4]C[-2]:INDEX(C[-1]:C[-1],3))"),
    ("_xlfn.XLOOKUP(A1,B1,C1)", "_xlfn.XLOOKUP(R[-4]C[-2],R[-4]C[-1],R[-4]C)"),
    ("Rate_A1*A1_rate", "Rate_A1*A1_rate"),
    ("{1,2;3,4}", "{1,2;3,4}"),
    ("IF(A1,TRUE,FALSE)", "IF(R[-4]C[-2],TRUE,FALSE)"),
    ("'A1'!B2", "'A1'!R[-3]C[-1]"),
    ("Größe!A1", "Größe!R[-4]C[-2]"),
]


@pytest.mark.parametrize(("a1", "r1c1"), TRANSLATED)
def test_translation(a1, r1c1):
    assert to_r1c1(a1, *AT) == r1c1
    assert to_a1(r1c1, *AT) == a1


@pytest.mark.parametrize("text", ["", "A0", "XFE1", "A1048577", "A1:B2", "A", "1", "A1x"])
def test_no_cell(text):
    with pytest.raises(ReferenceSyntaxError, match="not a cell address"):
        parse_cell(text)


def test_offsets_wrap_round_the_sheet_as_in_excel():
    assert to_a1("R[-1]C[-1]", 1, 1) == "XFD1048576"


def test_prefixes():
    assert parse_prefix("'C:\\books\\[x.xlsx]Data'!").book == "C:\\books\\x.xlsx"
    assert parse_prefix("[1]!").first == ""
    assert parse_prefix("'Jan 23:Mar 23'!")[1:] == ("Jan 23", "Mar 23")


def test_call_and_prefixed_call():
    kinds = [(t.kind, t.text) for t in tokens("[1]!CSC_X(A1)+'x.xlam'!CSC_Y(1)")]
    assert (TokenKind.CALL, "[1]!CSC_X") in kinds
    assert (TokenKind.CALL, "'x.xlam'!CSC_Y") in kinds


@given(st.integers(1, MAX_COL))
def test_column_letters_and_numbers_agree(col):
    assert column_number(column_letters(col)) == col


cell = st.tuples(st.integers(1, MAX_ROW), st.integers(1, MAX_COL))


@given(cell, cell, st.booleans(), st.booleans(), cell)
def test_a_reference_survives_the_round_trip(target, here, row_fixed, col_fixed, elsewhere):
    text = "$" * col_fixed + column_letters(target[1]) + "$" * row_fixed + str(target[0])
    relative = to_r1c1(text, *here)
    assert to_a1(relative, *here) == text
    moved = parse_cell(to_a1(relative, *elsewhere))
    assert moved[0] == (target[0] if row_fixed else (elsewhere[0] + target[0] - here[0] - 1) % MAX_ROW + 1)
    assert moved[1] == (target[1] if col_fixed else (elsewhere[1] + target[1] - here[1] - 1) % MAX_COL + 1)


@given(st.text(alphabet="AB1$:!()\"'[]#,; .{}@RC-", max_size=30))
def test_tokens_lose_nothing(formula):
    assert "".join(t.text for t in tokens(formula)) == formula
    assert "".join(t.text for t in tokens(formula, r1c1=True)) == formula


@given(cell, cell)
def test_a_range_is_normalised(one, other):
    rect = parse_rect(f"{cell_name(*one)}:{cell_name(*other)}")
    assert (rect.top, rect.left) == (min(one[0], other[0]), min(one[1], other[1]))
    assert one in rect
    assert other in rect
