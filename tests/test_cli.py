"""The command as a user types it: what it prints, what it writes, how it ends."""

import json
import shutil
import zipfile

import openpyxl
import pytest
from click.testing import CliRunner

from xlmodel.cli import main


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "xlmodel.toml").write_text('tolerance = 0\n[functions]\nCSC = "udfs"\n')
    monkeypatch.chdir(tmp_path)
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Flows"
    sheet["A1"], sheet["B1"], sheet["C1"] = 198, 219, "=CSC_NET_CHANGE(A1,B1)"
    sheet["C2"] = "=C1*2"
    workbook.save("flows.xlsx")
    run("recalc", "flows.xlsx")
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, arguments)


def altered(path, old, new):
    out = path.with_name("altered.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            target.writestr(item, source.read(item).replace(old, new))
    return out


def test_a_clean_workbook(folder):
    result = run("verify", "flows.xlsx")
    assert result.exit_code == 0
    assert "2 formula cells: 2 verified (100 %), 0 differ, 0 not verified" in result.output


def test_an_altered_value_is_a_finding_with_its_cell_and_formula(folder):
    altered(folder / "flows.xlsx", b"<v>-21</v>", b"<v>-20</v>")
    result = run("verify", "altered.xlsx")
    assert result.exit_code == 1
    assert "1. Flows!C1: saved -20, its formula gives -21" in result.output
    assert "=CSC_NET_CHANGE(A1,B1)" in result.output
    assert "1 formula cell depends on it" in result.output
    assert "Flows!C2" not in result.output


def test_the_tolerance_is_the_users(folder):
    altered(folder / "flows.xlsx", b"<v>-21</v>", b"<v>-21.0000001</v>")
    assert run("verify", "altered.xlsx").exit_code == 1
    assert run("verify", "altered.xlsx", "--tolerance", "1e-6").exit_code == 0


def test_a_function_that_is_gone_is_unverified_never_a_pass(folder):
    package = folder / "few"
    shutil.copytree(__import__("udfs").__path__[0], package, ignore=shutil.ignore_patterns("flows.py", "__pycache__"))
    (folder / "xlmodel.toml").write_text('path = ["."]\n[functions]\nCSC = "few"\n')
    result = run("verify", "flows.xlsx")
    assert result.exit_code == 3
    assert "unknown function: CSC_NET_CHANGE: 1 cell, Flows!C1" in result.output
    assert "depends on a cell that was not calculated: 1 cell, Flows!C2" in result.output
    assert "0 verified (0 %)" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify", "none.xlsx"], "no such file: none.xlsx"),
        (["verify", "note.xlsx"], "note.xlsx"),
        (["recalc", "note.xlsx"], "note.xlsx"),
        (["functions", "CSC_NONE"], "unknown function: CSC_NONE"),
        (["verify"], "Missing argument"),
        (["verify", "flows.xlsx", "--tolerance", "-1"], "--tolerance"),
    ],
)
def test_unusable_input_or_usage_ends_with_2(folder, arguments, said):
    (folder / "note.xlsx").write_text("not a workbook")
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_2_comes_before_1_and_the_rest_is_still_verified(folder):
    (folder / "bad.xlsx").write_text("not a workbook")
    altered(folder / "flows.xlsx", b"<v>-21</v>", b"<v>-20</v>")
    result = run("verify", "bad.xlsx", "altered.xlsx", "flows.xlsx", "--jobs", "2")
    assert result.exit_code == 2
    assert (
        "3 workbooks: 3 of 4 formula cells verified; 1 cell differs; 1 workbook could not be verified at all."
        in result.output
    )


def test_json_and_report_files(folder):
    result = run("verify", "flows.xlsx", "--format", "json", "--report", "out")
    said = json.loads(result.stdout)
    assert said["workbooks"][0]["counts"]["verified"] == 2
    assert json.loads((folder / "out" / "report.json").read_text("utf-8")) == said
    assert "2 formula cells" in (folder / "out" / "report.txt").read_text("utf-8")


def test_patterns_are_expanded_where_the_shell_does_not(folder):
    (folder / "~$flows.xlsx").write_bytes(b"owner")
    result = run("verify", "*.xlsx")
    assert "1 workbook: 2 of 2" in result.output


def test_values_are_written_a_file_a_workbook_and_a_failure_stops_nothing(folder):
    (folder / "bad.xlsx").write_text("not a workbook")
    result = run("values", "bad.xlsx", "flows.xlsx", "--out", "values")
    assert result.exit_code == 2
    assert json.loads((folder / "values" / "flows.xlsx.json").read_text()) == {
        "sheets": {"Flows": {"C1": ["n", -21.0], "C2": ["n", -42.0]}}
    }
    assert "bad.xlsx" in json.loads((folder / "values" / "bad.xlsx.json").read_text())["error"]


def test_recalc_says_what_it_wrote(folder):
    assert "all saved values are right; nothing was written" in run("recalc", "flows.xlsx").output
    altered(folder / "flows.xlsx", b"<v>-21</v>", b"<v>-20</v>")
    assert "2 formula cells, saved values written: 1" in run("recalc", "altered.xlsx").output
    assert run("verify", "altered.xlsx").exit_code == 0


def test_functions_are_listed_and_explained(folder):
    listed = run("functions").output
    assert "CSC_RATE_PER_10K" in listed
    page = run("functions", "csc.rate.per.10k").output + run("functions", "_xldudf_CSC_RATE_PER_10K").output
    assert "CSC_RATE_PER_10K(count, population, [dp])" in page
    assert "Example" in page
    assert run("functions", "--format", "markdown").output.startswith("| Function |")


def test_settings_beside_a_workbook_are_not_obeyed(folder, monkeypatch):
    inner = folder / "inner"
    inner.mkdir()
    shutil.copy("flows.xlsx", inner)
    (inner / "xlmodel.toml").write_text('[functions]\nCSC = "evil"\n')
    (inner / "evil.py").write_text("raise SystemExit('code beside a workbook ran')")
    assert run("verify", "inner/flows.xlsx").exit_code == 0
