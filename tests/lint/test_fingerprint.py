"""Fingerprints stay with their finding while the workbook around it changes, and with no other."""

from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from xlmodel.lint.examples import example_book
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.fingerprint import fingerprinted
from xlmodel.lint.repeated import once
from xlmodel.lint.subject import Subject
from xlmodel.refs import Rect, cell_name, parse_rect

ROWS = ("Residential", "Fostering", "Kinship")


def book(above=0, beside=0, figures=(1.0, 2.0, 3.0), sheet="S", between=0):
    """A table with a total, its first cell moved down and to the right, rows put in before the last."""
    cells = {}

    def at(row, col):
        return f"'{sheet}'!{cell_name(row + above, col + beside)}"

    cells[at(1, 2)] = "2025/26"
    last = len(ROWS) + between
    for row, (label, figure) in enumerate(zip(ROWS, figures, strict=True), 2):
        shifted = row + (between if row == len(ROWS) + 1 else 0)
        cells[at(shifted, 1)], cells[at(shifted, 2)] = label, figure
    cells[at(last + 2, 1)] = "Total"
    total = cell_name(2 + above, 2 + beside), cell_name(last + 1 + above, 2 + beside)
    cells[at(last + 2, 2)] = f"=SUM({total[0]}:{total[1]})"
    return example_book(cells), sheet, (last + 2 + above, 2 + beside)


def fingerprint(made):
    workbook, sheet, (row, col) = made
    finding = Finding("sum-omits-adjacent", Severity.ERROR, sheet, (Rect(row, col, row, col),), "leaves out 3 cells")
    return fingerprinted([finding], Subject(workbook))[0].fingerprint


@settings(max_examples=25, deadline=None)
@given(
    above=st.integers(0, 6),
    beside=st.integers(0, 4),
    between=st.integers(0, 3),
    figures=st.tuples(*[st.floats(-1e6, 1e6)] * 3),
)
def test_rows_columns_and_figures_do_not_change_it(above, beside, between, figures):
    assert fingerprint(book(above, beside, figures, between=between)) == fingerprint(book())


def test_another_sheet_or_rule_or_formula_changes_it():
    workbook, sheet, (row, col) = book()
    one = Finding("a", Severity.ERROR, sheet, (Rect(row, col, row, col),), "m")
    others = [
        replace(one, rule="b"),
        replace(one, cells=(Rect(2, 2, 2, 2),)),
        replace(one, sheet=""),
    ]
    prints = [f.fingerprint for f in fingerprinted([one, *others], Subject(workbook))]
    assert len(set(prints)) == 4
    assert fingerprint(book(sheet="T")) != fingerprint(book())


def test_equals_are_numbered_and_figures_in_a_message_do_not_count():
    workbook, _, _ = book()
    same = Finding("dead-name", Severity.NOTE, "", (), "3 names lead nowhere")
    first, second = fingerprinted([same, same], Subject(workbook))
    assert first.fingerprint != second.fingerprint
    changed = replace(same, message="4 names lead nowhere")
    assert fingerprinted([changed], Subject(workbook))[0].fingerprint == first.fingerprint


ERROR = Finding("a", Severity.ERROR, "S", (Rect(5, 1, 5, 4),), "m", proposed="SUM(A1:A4)")


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (replace(ERROR, rule="b", severity=Severity.WARNING), 1),
        (replace(ERROR, rule="b", severity=Severity.WARNING, cells=(Rect(5, 1, 5, 2),)), 1),
        (replace(ERROR, rule="b", severity=Severity.WARNING, cells=(Rect(5, 1, 5, 6),)), 2),
        (replace(ERROR, rule="b", proposed="SUM(A1:A3)"), 2),
        (replace(ERROR, rule="b", sheet="T"), 2),
    ],
)
def test_one_thing_is_told_once_by_the_weightier_rule(other, told):
    kept = once([other, ERROR])
    assert len(kept) == told
    assert ERROR in kept


def test_findings_without_a_proposal_are_all_told():
    bare = replace(ERROR, proposed="")
    assert len(once([bare, replace(bare, rule="b")])) == 2


def test_what_is_measured_by_accused_cells_is_a_note():
    short = replace(ERROR, cells=(parse_rect("B14:E14"),), formula="SUM(B7:B13)", proposed="SUM(B6:B13)", against="B6")
    right = replace(
        ERROR, rule="b", severity=Severity.WARNING, cells=(parse_rect("F14"),), formula="SUM(F6:F13)",
        proposed="SUM(F7:F13)", against="B14:E14",
    )  # fmt: skip
    kept = {f.rule: f for f in once([right, short])}
    assert kept[short.rule] == short
    assert (kept["b"].severity, kept["b"].proposed) == (Severity.NOTE, "")
    assert right in once([right, replace(short, sheet="T")])
    assert right in once([right, replace(short, cells=(parse_rect("B14:D14"),))])
