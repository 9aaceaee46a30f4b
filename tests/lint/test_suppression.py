"""What is suppressed and what is not, in the settings and in a workbook."""

from dataclasses import replace
from pathlib import Path

import pytest

from xlmodel.book.workbook import Table
from xlmodel.errors import ConfigurationError
from xlmodel.lint.examples import example_book
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.suppression import Suppression, divided, in_workbook, meant
from xlmodel.refs import Rect

C5, RUN, AWAY = Rect(5, 3, 5, 3), Rect(5, 3, 9, 3), Rect(20, 3, 20, 3)


def finding(*cells, rule="error-value", sheet="Prices"):
    return Finding(rule, Severity.ERROR, sheet, cells, "is wrong")


def suppression(rect=None, rule="error-value", sheet="Prices"):
    return Suppression(rule, "agreed", "here", sheet, rect)


@pytest.mark.parametrize(
    ("found", "suppressions", "suppressed"),
    [
        (finding(C5), [suppression(C5)], True),
        (finding(C5), [suppression(RUN)], True),
        (finding(C5), [suppression()], True),
        (finding(C5), [suppression(sheet="")], True),
        (finding(C5), [suppression(sheet="prices")], True),
        (finding(C5), [suppression(rule="all")], True),
        (finding(C5), [suppression(AWAY)], False),
        (finding(C5), [suppression(rule="long-formula")], False),
        (finding(C5), [suppression(sheet="Other")], False),
        (finding(RUN), [suppression(C5)], False),  # a run that grew is found again
        (finding(C5, AWAY), [suppression(RUN)], False),
        (finding(C5, AWAY), [suppression(RUN), suppression(AWAY)], True),
        (finding(sheet=""), [suppression(sheet="")], True),
        (finding(sheet=""), [suppression()], False),
        (finding(), [suppression()], True),  # a finding about the sheet as a whole
        (finding(), [suppression(C5)], False),
    ],
)
def test_what_is_suppressed(found, suppressions, suppressed):
    standing, taken, used = divided([found], suppressions)
    assert bool(taken) is suppressed
    assert bool(standing) is not suppressed
    assert used == (frozenset(suppressions) if suppressed else frozenset())
    assert [t.reason for t in taken] == ["agreed"] * suppressed


@pytest.mark.parametrize(
    ("pattern", "path", "holds"),
    [
        ("*", "/a/b.xlsx", True),
        ("b.xlsx", "/a/b.xlsx", True),
        ("a/*.xlsx", "/home/a/b.xlsx", True),
        ("./a/*.xlsx", "/home/a/b.xlsx", True),
        ("c/*.xlsx", "/home/a/b.xlsx", False),
        ("B?.xlsx", "/a/b.xlsx", False),
    ],
)
def test_the_workbooks_a_pattern_means(pattern, path, holds):
    assert replace(suppression(), book=pattern).holds_for(Path(path)) is holds


@pytest.mark.parametrize("cells", ["C5", "C5:C9", "Prices!", "Prices!C5,Prices!C6", "Prices!here"])
def test_cells_that_mean_nothing_are_refused(cells):
    with pytest.raises(ConfigurationError, match="cells must be written with their sheet"):
        meant(cells)


def with_table(rows, columns=("Rule", "Cells", "Reason")):
    cells = {"Lists!A1": columns[0], "Lists!B1": columns[1], "Lists!C1": columns[2], "C5": 1, "C6": 2}
    for number, row in enumerate(rows, 2):
        cells |= {f"Lists!{letter}{number}": content for letter, content in zip("ABC", row, strict=True)}
    table = Table("lint_Suppressions", "Lists", Rect(1, 1, 1 + len(rows), 3), columns)
    return replace(example_book(cells), tables=(table,))


def test_the_table_of_a_workbook_is_read():
    found, problems = in_workbook(
        with_table(
            [
                ("error-value", "=S!C5", "agreed"),
                ("all", "=SUM(S!C5:C6)", "agreed"),
                ("error-value", "S!C5:C6", "agreed"),
                ("error-value", "S", "agreed"),
                ("error-value", None, "agreed"),
                (None, None, None),
            ]
        )
    )
    assert problems == ()
    assert [(s.sheet, s.rect and s.rect.name) for s in found] == [
        ("S", "C5"), ("S", "C5:C6"), ("S", "C5:C6"), ("S", None), ("", None),
    ]  # fmt: skip
    assert found[0].where == "the table Lint_suppressions, row 2"


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (("error-value", "S!C5", None), "a suppression needs a reason"),
        (("error-valu", "S!C5", "x"), "there is no rule 'error-valu'; did you mean error-value?"),
        ((None, "S!C5", "x"), "there is no rule ''"),
        (("error-value", "C5", "x"), "cells must be written with their sheet"),
        (("error-value", "=1+1", "x"), "refers to no cells"),
    ],
)
def test_a_row_that_cannot_hold_is_said(row, complaint):
    found, (problem,) = in_workbook(with_table([row]))
    assert found == ()
    assert problem.startswith("the table Lint_suppressions, row 2, does not hold: ")
    assert complaint in problem


def test_a_table_without_its_columns_is_said():
    found, (problem,) = in_workbook(with_table([("error-value", "S!C5", "x")], ("Rule", "Cells", "Why")))
    assert found == ()
    assert "has no column Reason" in problem
