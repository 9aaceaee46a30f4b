"""What a formula would give in a cell, from what is saved."""

import pytest
from books import book

from xlmodel.lint.proposal import changes, loops, result
from xlmodel.lint.subject import Subject
from xlmodel.values import ErrorValue

SUBJECT = Subject(
    book(
        {"S": {"A1": 2.0, "A2": "=A1*10", "A3": "=A2", "B1": "text", "B2": "=RAND()"}, "T": {"A1": 7.0}},
        saved={"A2": 21.0, "A3": 21.0},
    )
)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("R1C1+R2C1", 23.0),  # what is saved, not what A2 would give
        ("SUM(R1C1:R3C1)*2", 88.0),
        ("T!R1C1", 7.0),
        ("R1C2", "text"),
        ("R1C2+1", ErrorValue("#VALUE!")),
        ("1/0", ErrorValue("#DIV/0!")),
        ("R9C9", 0.0),
        ("IF(R1C1>1,TRUE)", True),
        ("NOW()", None),
        ("INDIRECT(\"A1\")", None),
        ("NO_SUCH(R1C1)", None),
        ("R2C2*2", None),  # a formula without a saved result
        ("SUM(", None),
    ],
)  # fmt: skip
def test_one_formula_over_saved_values(formula, expected):
    found = result(SUBJECT, "S", 4, 1, formula)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("place", "formula", "expected"),
    [((1, 1), "R2C1", True), ((1, 1), "R3C1", True), ((1, 1), "SUM(C1:C1)", True), ((1, 1), "R1C2", False),
     ((3, 1), "R2C1", False), ((1, 1), "T!R1C1", False)],
)  # fmt: skip
def test_a_proposal_that_would_need_itself(place, formula, expected):
    assert loops(SUBJECT, 0, *place, formula) is expected


@pytest.mark.parametrize(
    ("saved", "would_be", "expected"),
    [(1.0, 1.0 + 1e-12, False), (1.0, 1.1, True), ("a", "b", True), (None, 0.0, True), (1.0, None, None)],
)
def test_whether_a_proposal_changes_the_value(saved, would_be, expected):
    assert changes(saved, would_be) is expected
