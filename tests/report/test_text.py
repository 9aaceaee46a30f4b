"""The reports, from findings made by hand."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from xlmodel.book import CalcSettings
from xlmodel.engine.evaluation import Calculation, Evaluation, Facts
from xlmodel.engine.protocol import Reason
from xlmodel.report.json_report import report_json
from xlmodel.report.text import outcome_text, summary_line
from xlmodel.values import ErrorValue, Values
from xlmodel.verify.outcome import Outcome
from xlmodel.verify.recalculation import Verdict, Witness, judged
from xlmodel.verify.reconciliation import Reconciliation, ReconciliationRow

UNKNOWN = Reason("unknown-function", "unknown function: CSC_X")


def evaluation(saved, calculated, local, formulas, reasons, messages=None):
    n = len(formulas)
    return Evaluation(
        engine="hand",
        facts=Facts("abc", "", frozenset({"xll"}), False, 0, CalcSettings(mode="manual")),
        sheets=("Cohort flows",),
        sheet=np.zeros(n, np.int32),
        row=np.arange(1, n + 1, dtype=np.int32),
        col=np.full(n, 2, np.int32),
        formulas=tuple(formulas),
        formula=np.arange(n, dtype=np.int32),
        number_formats=("General",),
        number_format=np.zeros(n, np.int32),
        saved=saved,
        calculated=Calculation(calculated, reasons, messages or {}),
        local=Calculation(local),
    )


EVALUATION = evaluation(
    Values.of([413.0, 824.0, 1.0, 1.0, 1.0]),
    Values.of([412.0, ErrorValue("#DIV/0!"), None, None, 1.0]),
    Values.of([412.0, 824.0, None, None, 1.0]),
    ("RC[-1]+1", "R1C2*2", "CSC_X(RC[-1])", "R[-1]C", "1"),
    {2: UNKNOWN, 3: Reason("depends", "depends on Cohort flows!B3")},
    {1: "population must not be 0; it is 0 (Inputs!C7)"},
)
OUTCOME = Outcome(Path("book.xlsx"), judged(EVALUATION, 1e-9, lambda cells: [1 for _ in cells]))


def test_a_report_names_the_root_the_reason_and_what_the_file_says_of_itself():
    assert (
        outcome_text(OUTCOME)
        == """\
book.xlsx: FAIL
  5 formula cells: 1 verified (20.0 %), 2 differ, 2 not verified.
  Set to manual calculation: saved values may be stale; function names as stored
  by xll.

  1. 'Cohort flows'!B1 (warning: value-differs)
     Saved 413, its formula gives 412.
     =A1+1
     To do: Calculate the workbook anew in Excel with Ctrl+Alt+F9, save it and
     verify it again.
     1 formula cell depends on it.

  1 more cell differs only because of these.
  Unconfirmed: one engine's calculation, no second engine was asked.

  Not verified
    unknown function: CSC_X: 1 cell, 'Cohort flows'!B3
    depends on a cell that was not calculated: 1 cell, 'Cohort flows'!B4"""
    )


def test_the_summary_counts_what_could_not_be_opened():
    failed = Outcome(Path("x.xlsx"), error="x.xlsx is not a workbook")
    assert summary_line([OUTCOME, failed]) == (
        "2 workbooks: 1 of 5 formula cells verified; 2 cells differ; 2 cells not\n"
        "verified; 1 workbook could not be verified at all."
    )
    assert outcome_text(failed) == "x.xlsx: UNUSABLE\n  Could not be verified: the file is not a workbook."


def heard(*findings, problem=""):
    """Return the outcome as a witness left it: what becomes of its two differences."""
    found = OUTCOME.verification
    changed = [replace(f, **change) for f, change in zip(found.findings, findings, strict=False)]
    changed += found.findings[len(findings) :]
    return replace(OUTCOME, verification=replace(found, findings=tuple(changed), witness=Witness("formulas", problem)))


def test_what_the_witness_confirms_is_said():
    outcome = heard({"confirmed": True}, {"confirmed": True})
    text = outcome_text(outcome)
    assert "1 verified (20.0 %), 2 differ (2 confirmed), 2 not verified" in text
    assert "  1. 'Cohort flows'!B1 (error: value-differs)\n     Saved 413, its formula gives 412.\n" in text
    assert "  Confirmed: a second engine, formulas, gives the same result.\n" in text
    assert "Unconfirmed" not in text


def test_why_the_witness_confirms_nothing_is_said():
    assert "  Unconfirmed: the second engine, formulas, cannot judge these cells.\n" in outcome_text(heard())
    failed = outcome_text(heard(problem="evaluate did not finish within 90 s"))
    assert "Unconfirmed: the second engine, formulas, could not be asked: evaluate did not\n  finish" in failed


DISPUTED = {"verdict": Verdict.DISPUTED, "witness": 413.0}


def test_disputed_cells_stand_apart_by_function_and_accuse_nothing():
    outcome = heard(DISPUTED, {"verdict": Verdict.DISPUTED})
    assert (
        outcome_text(outcome)
        == """\
book.xlsx: NOT PROVED
  5 formula cells: 1 verified (20.0 %), 2 disputed, 2 not verified.
  Set to manual calculation: saved values may be stale; function names as stored
  by xll.

  Disputed: two engines calculate differently, so nothing is proved of these cells
    operators alone: 1 cell, 'Cohort flows'!B1
       'Cohort flows'!B1: =A1+1
       saved 413, its formula gives 412, by formulas 413
    1 more cell follows from these.

  Not verified
    unknown function: CSC_X: 1 cell, 'Cohort flows'!B3
    depends on a cell that was not calculated: 1 cell, 'Cohort flows'!B4"""
    )
    assert (
        summary_line([outcome]) == "1 workbook: 1 of 5 formula cells verified; 2 cells disputed; 2 cells not\nverified."
    )
    assert outcome.exit_code == 3


def test_json_tells_a_dispute():
    said = json.loads(report_json([heard(DISPUTED, {"confirmed": True})]))["workbooks"][0]
    assert said["witness"] == {"engine": "formulas", "problem": ""}
    assert (said["counts"]["disputed"], said["counts"]["differs"], said["confirmed"]) == (1, 1, 1)
    disputed = said["findings"][0]
    assert {k: disputed[k] for k in ("verdict", "saved", "calculated", "witness", "functions")} == {
        "verdict": "disputed",
        "saved": 413.0,
        "calculated": 412.0,
        "witness": 413.0,
        "functions": [],
    }


def test_json_says_the_same():
    said = json.loads(report_json([OUTCOME]))["workbooks"][0]
    assert (said["engine"], said["witness"], said["confirmed"]) == ("hand", None, 0)
    assert said["counts"] == {"verified": 1, "differs": 2, "disputed": 0, "unverified": 2}
    assert said["findings"][0] == {
        "sheet": "Cohort flows",
        "cell": "B1",
        "verdict": "differs",
        "formula": "=A1+1",
        "saved": 413.0,
        "calculated": 412.0,
        "message": "",
        "root": True,
        "confirmed": False,
        "downstream": 1,
    }
    assert said["findings"][1]["calculated"] == {"error": "#DIV/0!"}
    assert said["findings"][2]["reason"] == "unknown-function"
    assert said["exit_code"] == 1


def test_coverage_is_never_rounded_up_to_whole():
    n = 10_000
    ones = Values.numbers([1.0] * n)
    almost = evaluation(ones, ones, ones, ["1"] * n, {7: UNKNOWN})
    assert "9,999 verified (99.9 %)" in outcome_text(Outcome(Path("b.xlsx"), judged(almost, 0, lambda c: [0])))


def test_a_reconciliation_is_told_by_verdict():
    rows = (
        ReconciliationRow("A01", "D295", "Net change", "children", -21.0, -21.0, "TIES", "Agrees."),
        ReconciliationRow(
            "B03", "D172", "Plan total 26/27", "£m", 13.63, 14.97, "DOES NOT TIE", "1.34 below its rows."
        ),
    )
    outcome = Outcome(Path("book.xlsx"), OUTCOME.verification, Reconciliation(rows))
    assert summary_line([outcome]).endswith("2 stated figures: 1 cannot be right, 1 equal as printed.")
    text = outcome_text(outcome)
    assert "DOES NOT TIE (1): Cannot be right on any reading" in text
    assert "B03  Plan total 26/27 [D172]: stated 13.63, recomputed 14.97 (£m)" in text
    assert "TIES (1): Equal as printed" not in text
    full = outcome_text(outcome, full=True)
    assert full.index("DOES NOT TIE (1)") < full.index("TIES (1): Equal as printed")
    assert "1.34 below its rows." in full
