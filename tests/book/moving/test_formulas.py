"""Formulas after rows have moved, as Excel writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.book.moving import Growth, RowMove, moved_formula
from xlmodel.book.moving.moves import SheetMoves
from xlmodel.errors import UnsupportedEditError
from xlmodel.refs import Rect, areas_replaced, tokens

SHEETS = ("Data", "Mid", "Report", "My data")
COME = (RowMove("Data", 6, 3),)
GO = (RowMove("Data", 6, -2),)
#: data rows 4 to 10 of a table in A:E under headings in row 3, which become 4 to 12
GREW = (Growth("Data", Rect(4, 1, 10, 5), Rect(4, 1, 12, 5)),)
SHRANK = (Growth("Data", Rect(4, 1, 10, 5), Rect(4, 1, 8, 5)),)
ONE_ROW = (Growth("Data", Rect(4, 1, 4, 5), Rect(4, 1, 9, 5)),)


@pytest.mark.parametrize(
    ("formula", "after"),
    [
        ("A5", "A5"),
        ("A6", "A9"),
        ("$A$6+a$6+$b7", "$A$9+a$9+$b10"),
        ("SUM(A1:A5)", "SUM(A1:A5)"),
        ("SUM(A1:A6)", "SUM(A1:A9)"),
        ("SUM( A5 : A6 )", "SUM( A5 : A9 )"),
        ("SUM(A6:A8)", "SUM(A9:A11)"),
        ("SUM(A8:A4)", "SUM(A11:A4)"),
        ("SUM(A:A,$B:$C)", "SUM(A:A,$B:$C)"),
        ("SUM(5:6,$7:$7)", "SUM(5:9,$10:$10)"),
        ("SUM(A1:A1048576)", "SUM(A1:A1048576)"),
        ("SUM(A3:A1048576)", "SUM(A3:A1048576)"),
        ('A6%&"A6"&"it\'s A6"', 'A9%&"A6"&"it\'s A6"'),
        ("Data!A6+'Data'!A6+data!A6", "Data!A9+'Data'!A9+data!A9"),
        ("Report!A6+'My data'!A6", "Report!A6+'My data'!A6"),
        ("[1]Data!A6+'[2]Data'!A6+[3]!A6x", "[1]Data!A6+'[2]Data'!A6+[3]!A6x"),
        ("Sales[A6]+Sales[[#This Row],[A6:A7]]", "Sales[A6]+Sales[[#This Row],[A6:A7]]"),
        ("LOG10(A6)+ABC6789+A6B+Rate_A6+A6.b", "LOG10(A9)+ABC6792+A6B+Rate_A6+A6.b"),
        ("ZZZ7+1E6+6.5", "ZZZ7+1E6+6.5"),
        ("#REF!+Data!#REF!+A6", "#REF!+Data!#REF!+A9"),
        ("{1,6;7,8}+A6", "{1,6;7,8}+A9"),
        ("_xlfn.ANCHORARRAY(A6)+(A6,B7) A6:B7", "_xlfn.ANCHORARRAY(A9)+(A9,B10) A9:B10"),
        ("OFFSET(A6,1,0):INDEX(B:B,7)", "OFFSET(A9,1,0):INDEX(B:B,7)"),
        ("SUM(Mid:Report!A6)", "SUM(Mid:Report!A6)"),
        ("SUM(Data:Report!A5)+SUM('Data:My data'!A:A)", "SUM(Data:Report!A5)+SUM('Data:My data'!A:A)"),
    ],
)
def test_rows_that_come(formula, after):
    assert moved_formula(formula, "Data", COME, sheets=SHEETS) == after


@pytest.mark.parametrize(
    ("formula", "after"),
    [
        ("A5+A8", "A5+A6"),
        ("SUM(A1:A6)", "SUM(A1:A5)"),
        ("SUM(A1:A7)", "SUM(A1:A5)"),
        ("SUM(A1:A8)", "SUM(A1:A6)"),
        ("SUM(A6:A9)", "SUM(A6:A7)"),
        ("SUM(A7:A9)", "SUM(A6:A7)"),
        ("SUM(A1:A1048576)", "SUM(A1:A1048576)"),
        ("SUM($8:9)", "SUM($6:7)"),
        ("Report!A6", "Report!A6"),
    ],
)
def test_rows_that_go(formula, after):
    assert moved_formula(formula, "Data", GO, sheets=SHEETS) == after


@pytest.mark.parametrize("formula", ["A6", "SUM(A6:A7)", "1+Data!$B$7", "SUM(6:7)", "SUM(A:A)+$A$6"])
def test_a_reference_that_would_be_lost_is_refused(formula):
    with pytest.raises(UnsupportedEditError, match="would lose the rows it refers to"):
        moved_formula(formula, "Data", GO, sheets=SHEETS)


def test_a_reference_through_sheets_of_which_one_moves_is_refused():
    with pytest.raises(UnsupportedEditError, match=r"Data:Report!A6 leads through several sheets"):
        moved_formula("SUM(Data:Report!A6)", "Report", COME, sheets=SHEETS)


@pytest.mark.parametrize("growths", [GREW, SHRANK])
@pytest.mark.parametrize(
    ("formula", "follows"),
    [
        ("SUM(B4:B10)", True),
        ("SUM($B$4:$B$10)+Data!B$4:B10", True),
        ("SUM(B3:B10)", True),
        ("SUM(A4:E10)", True),
        ("SUM(B10:B4)", True),
        ("SUM(B2:B10)", False),
        ("SUM(B5:B10)", False),
        ("SUM(B4:B11)", False),
        ("SUM(B4:F10)", False),
        ("SUM(4:10)", False),
        ("SUM(B:B)+B10", False),
        ("Report!B4:B10", False),
    ],
)
def test_a_table_that_grows_or_shrinks(formula, growths, follows):
    after = formula.replace("10", str(growths[0].after.bottom)) if follows else formula
    assert moved_formula(formula, "Data", (), growths) == after


@pytest.mark.parametrize(
    ("formula", "after"),
    [
        ("B4*2+$B$4", "B4*2+$B$4"),
        ("SUM(B4:D4)", "SUM(B4:D4)"),
        ("SUM(B4:B4)", "SUM(B4:B9)"),
        ("SUM(B3:B4)", "SUM(B3:B9)"),
        ("SUM(A4:E4)", "SUM(A4:E9)"),
    ],
)
def test_a_table_of_one_row_that_grows(formula, after):
    assert moved_formula(formula, "Data", (), ONE_ROW) == after


def test_rows_that_come_before_a_total_and_the_table_that_grows_over_them():
    moves, growths = [RowMove("Data", 11, 2)], GREW
    formula = "SUM(B4:B10)+SUM(B4:B11)+B11"
    assert moved_formula(formula, "Report", moves, growths) == formula
    assert moved_formula(formula, "Data", moves, growths) == "SUM(B4:B12)+SUM(B4:B13)+B13"


def test_moves_follow_each_other():
    moves = [RowMove("Data", 9, -1), RowMove("Data", 3, -1), RowMove("Data", 1, 5)]
    assert moved_formula("A10+A2+SUM(A3:A9)", "Data", moves) == "A13+A7+SUM(A8:A12)"


columns = st.sampled_from(["A", "$B", "XFD", "aa"])
corners = st.builds("{}{}{}".format, columns, st.sampled_from(["", "$"]), st.integers(1, 40))
areas = st.one_of(corners, st.builds("{}:{}".format, corners, corners), st.just("4:9"), st.just("C:$D"))
prefixes = st.sampled_from(["", "", "Data!", "'My data'!", "'It''s A7'!", "[1]Data!", "Jan:Mar!"])
pieces = st.one_of(
    st.builds("{}{}".format, prefixes, areas),
    st.sampled_from(
        ['"A9"', "SUM(", ")", "+", ",", " ", "Tab[A9]", "#REF!", "Tab[[#All],[A7]]", "1.5", "Rate", "{1,2}"]
    ),
)
written = st.lists(pieces, max_size=9).map("+".join)


@given(written)
def test_areas_are_those_that_the_tokens_tell(formula):
    found = []
    areas_replaced(formula, lambda prefix, text: found.append(prefix + text) or text)
    assert found == [token.text for token in tokens(formula) if token.area]


@given(written.map(lambda text: text.replace("Jan:Mar!", "")), st.integers(1, 45), st.integers(1, 9))
def test_rows_that_come_and_go_again_leave_the_formula_as_it_was(formula, at, count):
    come, go = RowMove("Data", at, count), RowMove("Data", at, -count)
    assert moved_formula(moved_formula(formula, "Data", [come]), "Data", [go]) == formula


changes = st.lists(st.builds(RowMove, st.just("Data"), st.integers(1, 20), st.integers(-5, 5)), min_size=1, max_size=4)


@given(changes, st.integers(1, 25), st.integers(0, 9))
def test_all_moves_at_once_are_each_after_the_other(moves, top, height):
    rows: tuple[int, int] | None = (top, top + height)
    row: int | None = top
    for move in moves:
        rows = move.rows(*rows) if rows and move.count else rows
        row = move.row(row) if row is not None else None
    at_once = SheetMoves(moves)
    rect = at_once.rect(Rect(top, 2, top + height, 3))
    assert (rect and (rect.top, rect.bottom)) == rows
    assert at_once.row(top) == row
