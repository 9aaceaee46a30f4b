"""A plan in words: everything in it is told, and nothing else; no line breaks at the width of a terminal."""

import re
import string

import pytest
from hostile_text import PAYLOADS
from hypothesis import given
from hypothesis import strategies as st
from sync_plans import ALL, CONFLICTS, DECIDED, FIRST, MANY, MONTH, NOTHING, PROBLEMS, TWICE, hostile

from xlmodel.report.sync_text import Following, plan_headline, plan_lines
from xlmodel.report.sync_values import difference, pair, told
from xlmodel.report.sync_view import View

FOLLOWING = Following("xlmodel sync plan ledger", "xlmodel sync apply plan.json", "xlmodel sync undo budget.xlsx")
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")

MONTH_TEXT = """\
books/budget.xlsx: 3 cells would change, 1 row would be added and 1 row would be removed. Nothing
has been written.

ledger: into table Budget_lines on sheet In-year
  Read 36 rows from 10 files, extracts/ledger_2024-04.csv to extracts/ledger_2025-01.csv. Rows are
  told apart by Line and Year.

  3 cells would change.
    Actual to date (£m)
      E6  Homes, 2024/25            blank  →      £48.21m            from ledger_2025-01.csv, row 2
      E7  Fostering, 2024/25   71,300,000  →   71,300,400      +400  from ledger_2025-01.csv, row 3
    Counted to
      C6  Homes, 2024/25      31 Dec 2024  →  31 Jan 2025  +31 days  from ledger_2025-01.csv, row 2

  1 row would be added at the end
    Legal, 2024/25 (from a.csv, row 9)
        Actual to date (£m): £1.50m; Counted to: 31 Jan 2025

  1 row would be removed: no longer in the source
    Vans, 2024/25 (row 9)
        Actual to date (£m): £2.00m

  1 row of the source has no row in the workbook, so it goes nowhere. This feed only updates rows
  that are there; rows = "add" in xlmodel.toml lets new ones come in.
    Agency, 2024/25
  1 cell was typed over since the last sync, and the source has not changed: it stays as typed.
    F7  Fostering, 2024/25  Commitments (£m)  £0.50m; the source has £0.40m
  1 row of the workbook never came from this source: it is left alone.

  Totals of the columns
    Actual to date (£m)  £71.30m  →  £119.00m   +£47.70m
    Commitments (£m)      £1.20m  →    £1.20m  no change

  Because of this, rows 9 to 21 of In-year move down by 1.

What follows in the workbook
  412 calculated cells change their values: 396 on Cost, 12 on In-year and 4 on Cover.

    Homes, Forecast outturn (£m)  £71.30m  →  £72.40m  +£1.10m
    Checks: still "TIES: all 143 checks pass"

  3 cells can be calculated by Excel alone; Excel does so when the workbook is opened. Until then
  they keep what they show now.

  All 143 cells that say whether something holds still pass.

Made for books/budget.xlsx as it is now: fingerprint 1a2b3c4d.
Next: to do this, and to take it back afterwards:
  xlmodel sync apply plan.json
  xlmodel sync undo budget.xlsx"""


def text(plan, view=View()):  # noqa: B008
    return "\n".join(plan_lines(plan, view, FOLLOWING))


def test_an_ordinary_month_is_told_from_end_to_end():
    assert text(MONTH) == MONTH_TEXT


@pytest.mark.parametrize(
    ("plan", "headline"),
    [
        (MONTH, "3 cells would change, 1 row would be added and 1 row would be removed"),
        (CONFLICTS, "not ready: 3 conflicts need your choice"),
        (PROBLEMS, "not ready: 2 problems must be put right"),
        (NOTHING, "up to date, nothing to do"),
        (FIRST, "1 cell would change"),
    ],
)
def test_the_first_sentence_says_what_would_be_done(plan, headline):
    assert plan_headline(plan) == headline


def test_a_conflict_shows_three_values_and_what_decides_it():
    shown = text(CONFLICTS)
    assert (
        """\
    C3F9A  Homes, 2024/25 · Actual to date (£m), E6
        synced last      £48.20m
        in the workbook  £49.00m  --choose C3F9A=workbook keeps it
        in the source    £51.10m  --choose C3F9A=source takes it
        The source's stands in ledger_2025-01.csv, row 2.
"""
        in shown
    )
    assert "This row is gone from the source, and was changed in the workbook." in shown
    assert "--choose C77AA=source    brings the source's row" in shown
    assert "  xlmodel sync plan ledger --choose C3F9A=SIDE --choose C81D0=SIDE --choose C77AA=SIDE\n" in shown
    assert "sync apply" not in shown


def test_a_decided_conflict_is_told_as_decided_and_checks_that_would_fail_are_named():
    shown = text(DECIDED)
    assert "C3F9A  Homes, 2024/25 · Actual to date (£m), E6: the source's £51.10m is taken" in shown
    assert "1 of 143 cells that say whether something holds would begin to fail" in shown
    assert "FAILS  Cost by year = cost by placement" in shown
    assert "1 of 143 cells that say whether something holds failed before and would still fail." in shown
    assert "FAILS  Stock closes" not in shown


def test_a_plan_by_which_checks_would_fail_is_offered_only_where_that_is_allowed():
    refused = "\n".join(plan_lines(DECIDED, View(), FOLLOWING, refused=True))
    assert refused.startswith("books/budget.xlsx: not ready: 1 check of the workbook would begin to fail.")
    assert "Nothing of this plan can be done" in " ".join(refused.split())
    assert "sync apply" not in refused
    assert 'It can be done all the same: xlmodel.toml says failing_checks = "allow".' in " ".join(text(DECIDED).split())
    assert "sync apply" in text(DECIDED)


def test_a_problem_is_told_with_its_place_and_nothing_is_offered():
    shown = text(PROBLEMS)
    assert '    ledger_2024-09.csv, row 7, column amount: must be a number; it is "12.3.4"\n' in shown
    assert "    'In-year'!E6: holds the formula =SUM(E1:E5)\n" in shown
    assert "sync apply" not in shown


def test_nothing_to_do_is_said_and_nothing_is_offered():
    assert text(NOTHING).startswith("books/budget.xlsx: up to date, nothing to do.\n")
    assert "Next" not in text(NOTHING)
    assert "follows" not in text(NOTHING)


def test_the_first_sync_says_that_it_is_the_first():
    assert "1 cell would change. This feed was never synced" in text(FIRST)


def test_what_a_person_should_look_at_twice_is_told_where_it_stands():
    said = text(TWICE)
    assert "Look twice: what comes into Actual to date (£m) is about 1,000,000 times smaller than what it" in said
    assert "Look twice: 2 formulas end at the row above the new ones, and would not take them in:" in said
    assert "      Cover!B9: =SUM('In-year'!E1:E9)\n      the name All: ='In-year'!$A$1:$F$9\n" in said
    assert "Look twice" not in text(MONTH)


def test_of_many_changes_the_first_are_shown_and_the_rest_is_counted():
    shown = text(MANY)
    assert shown.count("… and 240 more (--all shows them)") == 2
    assert len(re.findall(r"^      [EF]\d+ ", shown, re.M)) == 20
    everything = text(MANY, View(most=10**9))
    assert "more (--all" not in everything
    assert len(re.findall(r"^      [EF]\d+ ", everything, re.M)) == 500


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("name", ALL)
def test_no_line_is_wider_than_the_terminal(name, width):
    for line in text(ALL[name], View(width)).splitlines():
        assert len(line) <= width or line.startswith("  xlmodel sync"), line


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("payload", [str, lambda text: text * 40], ids=["once", "long"])
def test_texts_of_workbooks_and_sources_do_not_act(name, payload):
    for line in plan_lines(hostile(payload(PAYLOADS[name])), View(), FOLLOWING):
        assert not UNSEEN.search(line), line
        assert "::" not in line
        assert not re.search(r"##\w*\[", line), line


SCALARS = st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False), st.text())
CODES = st.one_of(
    st.sampled_from(["", "General", "0", "#,##0;(#,##0)", "0.0%", "d mmm yyyy", ";;;", "0.00,,", "@", "# ?/?", "0E+0"]),
    st.text(string.printable, max_size=8),
)


@given(SCALARS, SCALARS, CODES)
def test_different_values_look_different(old, new, code):
    shown = pair(old, new, code)
    if type(old) is not type(new) or isinstance(old, bool):
        assert shown[0] != shown[1] or old == new or told(old) == told(new)
    elif isinstance(old, float) and f"{old:.14e}" != f"{new:.14e}":
        assert shown[0] != shown[1], (old, new, code)


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12), CODES)
def test_a_difference_has_the_sign_of_the_change(old, new, code):
    shown = difference(old, new, code)
    assert shown[:1] in ({"", "+"} if new > old else {"", "-"})
