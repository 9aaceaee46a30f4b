"""The command `lint` as a user types it, on workbooks as people save them."""

import json

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.worksheet.table import Table

from xlmodel.cli import main

STYLE = "whole-column-reference"


def run(*arguments):
    return CliRunner().invoke(main, ["lint", *map(str, arguments)])


def saved(path, label="Rent"):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Costs"
    for row in ([label, 120.0], ["Heat", 80.0], ["All", "=SUM(D:D)"], ["These", "=SUM(E:E)"], ["Share", "=#REF!/2"]):
        sheet.append(row)
    lists = workbook.create_sheet("Lists")
    for row in (["Rule", "Cells", "Reason"], [label, "C5", "x"]):
        lists.append(row)
    lists.add_table(Table(displayName="Lint_suppressions", ref="A1:C2"))
    workbook.save(path)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_text_says_where_what_and_what_to_do_and_a_suppression_nobody_needs(folder):
    saved("costs.xlsx")
    (folder / "xlmodel.toml").write_text(
        f'[lint]\nselect = ["{STYLE}"]\n'
        f'[[lint.suppress]]\nrule = "{STYLE}"\ncells = "Costs!B4"\nreason = "agreed in May"\n'
        f'[[lint.suppress]]\nrule = "{STYLE}"\ncells = "Costs!B1"\nreason = "long ago"\n'
    )
    result = run("costs.xlsx")
    assert result.exit_code == 0  # notes fail no run
    for said in (
        "costs.xlsx: 1 note; 1 suppressed",
        "Costs!B3",
        "Refers to all of D:D.",
        "To do: Refer to the table, or to the rows that are meant.",
        "1 workbook: 1 finding.",
        "Note: xlmodel.toml, suppression 2: no finding lies wholly within its cells.",
    ):
        assert said in result.stdout
    assert "suppression 1" not in result.stdout


def test_json_has_what_a_script_needs(folder):
    saved("costs.xlsx")
    result = run("costs.xlsx", "--select", f"{STYLE},dead-reference", "--severity", "error", "--format", "json")
    assert result.exit_code == 1
    (finding,) = json.loads(result.stdout)["findings"]
    assert (finding["rule"], finding["sheet"], finding["cells"]) == ("dead-reference", "Costs", ["B5"])
    assert (finding["formula"], finding["severity"], finding["workbook"]) == ("=#REF!/2", "error", "costs.xlsx")
    assert len(finding["fingerprint"]) == 16


def test_what_cannot_be_read_is_one_line_and_stops_nothing(folder):
    (folder / "in").mkdir()
    saved("in/good.xlsx")
    (folder / "empty.xlsx").touch()
    (folder / "cut.xlsx").write_bytes((folder / "in" / "good.xlsx").read_bytes()[:900])
    (folder / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    (folder / "nothing").mkdir()
    bad = ["empty.xlsx", "cut.xlsx", "old.xls", "nothing", "none.xlsx"]
    result = run(*bad, "in", "--select", STYLE, "--out", "out", "--jobs", "1")
    assert result.exit_code == 2
    assert sorted(line.partition(":")[0] for line in result.stderr.splitlines()) == sorted(bad)
    assert "6 workbooks: 2 findings in 1 of them; 5 could not be read." in result.stdout
    assert len(json.loads((folder / "out" / "good.xlsx.json").read_text())["findings"]) == 2


def test_a_baseline_is_written_and_held_to(folder):
    saved("costs.xlsx")
    written = run("costs.xlsx", "--select", STYLE, "--write-baseline", "known.json")
    assert written.exit_code == 0
    assert "2 findings written" in written.stderr
    workbook = openpyxl.load_workbook("costs.xlsx")
    workbook["Costs"]["B4"] = 200
    workbook.save("costs.xlsx")
    strict = run("costs.xlsx", "--select", STYLE, "--baseline", "known.json", "--strict-baseline")
    assert "costs.xlsx: no findings; 1 known from the baseline; 1 of the baseline no longer there" in strict.stdout
    assert strict.exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "Missing argument 'BOOK...'"),
        (("a.xlsx", "--select", "long-formla"), "there is no rule 'long-formla'; did you mean long-formula?"),
        (("a.xlsx", "--baseline", "none.json"), "none.json cannot be read"),
        (("a.xlsx", "--baseline", "cut.json"), "cut.json is no baseline of findings"),
        (("a.xlsx", "--baseline", "other.json"), "other.json is no baseline of findings"),
        (("a.xlsx", "--baseline", "later.json"), "schema must be 1; it is 9"),
    ],
)
def test_what_cannot_be_meant_is_said_before_the_work(folder, arguments, complaint):
    (folder / "cut.json").write_text("{")
    (folder / "other.json").write_text('{"workbooks": []}')
    (folder / "later.json").write_text('{"schema": 9, "workbooks": {}}')
    result = run(*arguments)
    assert result.exit_code == 2
    assert complaint in result.output


def test_text_from_a_workbook_does_nothing_to_a_terminal_or_a_log(folder):
    saved("hostile.xlsx", label="_x001B_[31m::error::owned\n##[error]")
    result = run("hostile.xlsx", "--select", STYLE)
    assert "does not hold" in result.stdout
    assert "\x1b" not in result.output
    assert "::error" not in result.output
    assert "##[" not in result.output


def test_the_rules_can_be_listed():
    said = run("--rules").output
    assert "Rules that run unless ignored" in said
    assert STYLE in said.partition("Rules that run where they are selected")[2]
