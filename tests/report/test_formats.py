"""The formats of a report: each is valid by its schema, and says what was found where."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import jsonschema
import pytest
from books import write_workbook
from click.testing import CliRunner
from evaluations import evaluation
from lxml import etree

from xlmodel.cli import main
from xlmodel.engine.protocol import Reason
from xlmodel.lint.finding import Finding, Severity
from xlmodel.lint.result import LintResult, Suppressed
from xlmodel.projection.baseline import BaselineResult
from xlmodel.projection.changes import Change, ChangeKind, Changes
from xlmodel.refs import Rect
from xlmodel.report.formats import FORMATS
from xlmodel.report.json_report import report_schema
from xlmodel.report.matter import Matter, leading
from xlmodel.report.matters import matters
from xlmodel.values import ErrorValue
from xlmodel.verify.drift import Drift, Drifted
from xlmodel.verify.outcome import Outcome
from xlmodel.verify.recalculation import Cause, Verdict, Witness, judged
from xlmodel.verify.reconciliation import Reconciliation, ReconciliationRow
from xlmodel.verify.sign_off import SignOff

SCHEMAS = Path(__file__).parent / "schemas"
FINDING = Finding(
    rule="formula-breaks-block",
    severity=Severity.ERROR,
    sheet="S",
    cells=(Rect(2, 1, 3, 1),),
    message="adds up C5:C9 where its neighbours add up rows 5 to 10",
    fix="Add up C5:C10.",
    label="Total, 2025/26",
    formula="SUM(C5:C9)",
    proposed="SUM(C5:C10)",
    saved=5.0,
    would_be=ErrorValue("#DIV/0!"),
    changes_value=True,
    fingerprint="abc",
)
NOTE = replace(FINDING, rule="merged-cells", severity=Severity.NOTE, proposed="", fingerprint="def")


@cache
def full():
    """Return an outcome with something of every sort in it."""
    found = judged(
        evaluation(
            (1.0, 2.0, 2.0), (3.0, 4.0, 4.0), (5.0, None, None), (6.0, 6.0, 6.0), formulas=("1+1", "2+2", "X()", "6"),
            reasons={2: Reason("unknown-function", "X")},
        ),
        1e-9,
        lambda cells: [7 for _ in cells],
    )  # fmt: skip
    first, second, *rest = found.findings
    confirmed = {"confirmed": True, "witnessed_by": "formulas", "witness": 2.0, "label": "Cost, 2025/26"}
    first = replace(first, **confirmed, cause=Cause("sign", "the saved value is the result with the other sign"))
    second = replace(second, verdict=Verdict.DISPUTED, witness=3.0, witnessed_by="formulas")
    verification = replace(
        found,
        findings=(first, second, *rest),
        witness=Witness("formulas"),
        causes=(Cause("manual", "calculates only when asked"),),
    )
    row = ReconciliationRow("B03", "D172", "Plan total", "£m", 13.63, 14.97, "DOES NOT TIE", "Below its rows.")
    change = Change(ChangeKind.INPUT, "S", Rect(9, 1, 9, 1), "Rate", "1", "2", reaches=3)
    return Outcome(
        Path("plans/book.xlsx"),
        verification,
        Reconciliation((row,)),
        drift=Drift((Drifted("CSC_X", "version", "1", "2"),)),
        sign_off=SignOff("0123456789abcdef", ("S",), 1),
        lint=LintResult((FINDING, NOTE), (Suppressed(FINDING, "agreed with the auditor"),), (NOTE,), 1, ("a note",)),
        baseline=BaselineResult(Path("plans/book.xlsx.cells.txt"), Changes((change,))),
    )


def clean():
    found = judged(evaluation((2.0, 2.0, 2.0)), 1e-9, lambda cells: [])
    return Outcome(Path("clean.xlsx"), found, lint=LintResult(), baseline=BaselineResult(Path("b"), Changes()))


UNREADABLE = Outcome(Path("x.xlsx"), error="x.xlsx is not a workbook")
LINTED = Outcome(Path("l.xlsx"), lint=LintResult((FINDING,)))
STALE = replace(LINTED, baseline=BaselineResult(Path("l.xlsx.cells.txt"), None, "cut short"))
CASES = {
    "everything": lambda: [full(), clean(), UNREADABLE, LINTED, STALE],
    "one": lambda: [full()],
    "clean": lambda: [clean()],
    "unreadable": lambda: [UNREADABLE],
    "lint alone": lambda: [LINTED],
    "nothing": list,
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_every_outcome(form, case):
    said = FORMATS[form](CASES[case]())
    assert said == FORMATS[form](CASES[case]())
    assert ("adds up C5:C9" in said.casefold().replace("adds up c5:c9", "adds up C5:C9")) == any(
        o.lint is not None and o.lint.findings for o in CASES[case]()
    )
    assert ("not a workbook" in said) == (UNREADABLE in CASES[case]())


@pytest.mark.parametrize("case", CASES)
def test_json_is_valid_by_the_published_schema(case):
    schema = json.loads(report_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(FORMATS["json"](CASES[case]())), schema, jsonschema.Draft202012Validator)


@pytest.mark.parametrize("case", CASES)
def test_sarif_is_valid_by_the_schema_of_the_standard(case):
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text("utf-8"))
    jsonschema.validate(json.loads(FORMATS["sarif"](CASES[case]())), schema, jsonschema.Draft7Validator)


@pytest.mark.parametrize("case", CASES)
def test_junit_is_valid_by_the_schema_of_jenkins(case):
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))
    schema.assertValid(etree.fromstring(FORMATS["junit"](CASES[case]()).encode()))


def test_what_matters_most_comes_first_and_one_of_each_rule_is_told():
    found = matters(full())
    assert [m.severity.value for m in found] == sorted(
        (m.severity.value for m in found), key=["error", "warning", "note"].index
    )
    assert found[0].rule == "value-differs"
    assert (found[0].label, found[0].downstream, found[0].cause) == (
        "Cost, 2025/26", 7, "the saved value is the result with the other sign"
    )  # fmt: skip
    many = [Matter("lint", rule, Severity.ERROR, "x") for rule in ("a", "a", "a", "b", "c", "c")]
    assert [many.index(m) for m in leading(many, 3)] == [0, 3, 4]
    assert leading(many[:2], 3) == many[:2]


def test_a_case_of_junit_fails_for_what_fails_and_is_skipped_where_nothing_is_proved():
    root = etree.fromstring(FORMATS["junit"]([full(), clean(), UNREADABLE]).encode())
    judged_as = {(s.get("name"), c.get("name")): [e.tag for e in c] for s in root for c in s}
    book = "plans/book.xlsx"
    assert judged_as[book, "S: Saved values against recalculated ones"] == ["failure", "system-out"]
    assert judged_as[book, "S: Formulas and figures"] == ["failure", "system-out"]
    assert judged_as[book, "S: The workbook against its baseline"] == ["failure"]
    assert judged_as["clean.xlsx", "S: Saved values against recalculated ones"] == []
    assert judged_as["x.xlsx", "(workbook): The file"] == ["error"]
    unproved = judged(evaluation((1.0, None, None), reasons={0: Reason("unknown-function", "X")}), 0, lambda cells: [])
    skipped = etree.fromstring(FORMATS["junit"]([Outcome(Path("u.xlsx"), unproved)]).encode())
    assert [e.tag for e in skipped.iter("testcase", "skipped")] == ["testcase", "skipped"]
    assert (root.get("tests"), root.get("errors")) == (str(len(judged_as)), "1")


def test_sarif_tells_where_with_what_help_and_by_which_fingerprint():
    run = json.loads(FORMATS["sarif"]([full()]))["runs"][0]
    result = next(r for r in run["results"] if r["ruleId"] == "formula-breaks-block")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "S!A2:A3"
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "plans/book.xlsx"
    prints = [r["partialFingerprints"]["xlmodel/v1"] for r in run["results"]]
    assert len(set(prints)) == len(prints)
    assert all("help" in rule for rule in run["tool"]["driver"]["rules"])


def test_a_clean_workbook_takes_few_lines():
    assert FORMATS["text"]([clean()]) == (
        "clean.xlsx: PASS\n"
        "  1 formula cell, all verified: each gives its saved value.\n"
        "  Formulas and figures: nothing found.\n"
        "  Baseline: nothing changed.\n\n"
        "1 workbook: 1 of 1 formula cell verified."
    )


def test_text_tells_three_things_then_counts():
    said = FORMATS["text"]([full()])
    assert said.startswith("plans/book.xlsx: FAIL\n")
    for part in (
        "1. S!A1, Cost, 2025/26 (error: value-differs)",
        "Because: The saved value is",
        "And 0 more",
        "B03  Plan",
    ):
        assert (part in said) == (part != "And 0 more"), part
    assert max(map(len, said.splitlines())) <= 100


def test_lines_are_those_of_the_text_beside_the_workbook(tmp_path):
    book = write_workbook(tmp_path / "b,1.xlsx", {"A1": 1.0, "A2": 2.0, "A3": "=A1+A2"}, {"A3": 3.0})
    assert CliRunner().invoke(main, ["freeze", str(book)]).exit_code == 0
    text = tmp_path / "b,1.xlsx.cells.txt"
    outcome = Outcome(book, lint=LintResult((replace(FINDING, cells=(Rect(3, 1, 3, 1),)),)))
    place = json.loads(FORMATS["sarif"]([outcome]))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    line = place["region"]["startLine"]
    assert "=R[-2]C+R[-1]C" in text.read_text("utf-8").splitlines()[line - 1]
    assert place["artifactLocation"]["uri"] == text.as_uri()
    assert f"b%2C1.xlsx.cells.txt,line={line},title=formula-breaks-block S!A3::" in FORMATS["github"]([outcome])
    text.write_text("cut short", "utf-8")
    assert "line=" not in FORMATS["github"]([outcome])
