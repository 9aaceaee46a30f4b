"""The command, as a person runs it."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from reconcile.claims_files import figure, formula, write

from xlmodel.cli_reconcile import reconcile
from xlmodel.reconcile import judge, read_claims
from xlmodel.report.claims_text import claims_text

ROWS = (figure("a", "1.0"), figure("b", "2.0"), figure("t", "3.4", printed="£3.4m"))


def run(*arguments):
    return CliRunner().invoke(reconcile, [str(argument) for argument in arguments])


@pytest.fixture
def wrong(tmp_path):
    return write(tmp_path / "claims.csv", *ROWS, formula("r", "=a+b", "t", item="Total of the plan", source="p. 7"))


def test_what_does_not_tie_comes_first_with_its_source_and_bound(wrong):
    done = run(wrong)
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert lines[2] == "CANNOT BE RIGHT (1)"
    assert lines[4] == "r  Total of the plan  [p. 7]"
    assert "Rounding can hide £0.15m at most." in " ".join(done.output.split())
    assert all(len(line) <= 100 for line in lines)


def test_nothing_wrong_is_said_in_words_and_exits_with_0(tmp_path):
    done = run(write(tmp_path / "claims.csv", *ROWS, formula("r", "=t-b-a", kind="implied")))
    assert done.exit_code == 0
    assert "Nothing in it that is wrong or unexplained." in done.output


def test_a_set_of_which_nothing_could_be_compared_is_said(tmp_path):
    rows = (figure("p", "1.0", roles="plan: part", period="2023/24"), figure("t", "9.0", roles="plan: total"))
    path = write(tmp_path / "claims.csv", *rows)
    assert "No figures of the set 'plan' could be compared" in run(path).output
    assert json.loads(run(path, "--format", "json").output)["sets_without_comparison"] == ["plan"]


def test_all_prints_every_row(tmp_path):
    path = write(tmp_path / "claims.csv", *ROWS, formula("r", "=t-b-a", kind="implied", item="What is left"))
    assert "What is left" not in run(path).output
    assert "What is left" in run(path, "--all").output


def test_json_and_csv_hold_the_same_verdicts(wrong):
    as_json = json.loads(run(wrong, "--format", "json").output)
    as_csv = list(csv.DictReader(io.StringIO(run(wrong, "--format", "csv").output)))
    assert as_json["verdicts"] == {"DOES NOT TIE": 1}
    assert as_json["rows"][0]["difference"] == pytest.approx(-0.4)
    assert [row["verdict"] for row in as_csv] == ["DOES NOT TIE"]


def test_csv_has_no_cell_that_a_spreadsheet_would_calculate(tmp_path):
    path = write(tmp_path / "claims.csv", *ROWS, formula("r", "=a+b", "t", explanation="=1+1"))
    cells = [cell for row in csv.reader(io.StringIO(run(path, "--format", "csv").output)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]


def test_faults_exit_with_2_and_are_all_named(tmp_path):
    done = run(write(tmp_path / "claims.csv", figure("a", "x"), figure("b", "1", "")))
    assert done.exit_code == 2
    assert "row 2, value" in done.output
    assert "row 3, nearest" in done.output


def test_text_of_a_file_cannot_act_on_a_terminal(tmp_path):
    path = write(tmp_path / "claims.csv", *ROWS, formula("r", "=a+b", "t", item="a\x1b[31mred"))
    assert "\x1b" not in claims_text(judge(read_claims(path)))


def test_the_example_of_the_page_is_what_the_command_prints(tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "claims.md").read_text("utf-8")
    blocks = page.split("```")
    example = next(block.removeprefix("csv\n") for block in blocks if block.startswith("csv\n"))
    printed = next(block.removeprefix("text\n") for block in blocks if block.startswith("text\n"))
    path = tmp_path / "claims.csv"
    path.write_text(example, "utf-8")
    assert run(path).output.strip() == printed.strip()
