"""The command on files: what a user reads, pins, and reads again."""

import json

import pytest
from books import write_workbook
from click.testing import CliRunner
from layout.tables import cells
from layout.test_relations import COSTS
from openpyxl import Workbook

from xlmodel.cli import main


@pytest.fixture
def costs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(**changed):
        made = Workbook()
        made.active.title = "S"
        for name, content in {**cells(COSTS), **changed}.items():
            made.active[name] = content
        made.save("costs.xlsx")
        return "costs.xlsx"

    return write


def run(*arguments):
    return CliRunner().invoke(main, ["relations", *arguments])


def test_relations_that_tie_are_listed(costs):
    result = run(costs())
    assert result.exit_code == 0
    assert "Total (row 5) adds up Residential … Supported (rows 2 to 4)" in result.stdout
    assert "4 tie" in result.stdout


def test_one_that_does_not_tie_is_shown_and_fails(costs):
    result = run(costs(D5=531))
    assert result.exit_code == 1
    assert "D5 states 531, recomputed 521; rounding can hide 2" in result.stdout
    report = json.loads(run(costs(D5=531), "--format", "json").stdout)
    (relation,) = report["relations"]
    assert relation["state"] == "does not tie"
    assert [c["cell"] for c in relation["checks"] if c["accused"]] == ["D5"]


def test_what_is_pinned_is_checked_from_then_on(costs, tmp_path):
    settings = tmp_path / "xlmodel.toml"
    settings.write_text("tolerance = 1e-9", encoding="utf-8")
    assert run(costs(), "--pin").exit_code == 0
    assert settings.read_text("utf-8").startswith("tolerance = 1e-9\n\n[[relation]]\n")
    assert "pinned: Total" in run("costs.xlsx").stdout
    assert "There is nothing to pin." in run("costs.xlsx", "--pin").stdout
    result = CliRunner().invoke(main, ["lint", costs(D5=531), "--select", "pinned-relation"])
    assert result.exit_code == 1
    assert "D5" in result.stdout
    lost = run(costs(A5="All of it"))
    assert lost.exit_code == 1
    assert "NOT FOUND" in lost.stdout


def test_toml_is_what_would_be_pinned(costs, tmp_path):
    (tmp_path / "xlmodel.toml").write_text(run(costs(), "--format", "toml").stdout, encoding="utf-8")
    assert "pinned: Total" in run("costs.xlsx").stdout


def test_without_a_settings_file_nothing_is_written(costs, tmp_path):
    before = sorted(tmp_path.iterdir()), run(costs(), "--pin")
    assert before[1].exit_code == 2
    assert "xlmodel.toml" in before[1].output
    assert [p.name for p in tmp_path.iterdir()] == ["costs.xlsx"]


def test_settings_that_pins_cannot_be_added_to_stay_as_they_are(costs, tmp_path):
    settings = tmp_path / "xlmodel.toml"
    settings.write_text("relation = []\n", encoding="utf-8")
    result = run(costs(), "--pin")
    assert result.exit_code == 2
    assert settings.read_text("utf-8") == "relation = []\n"


@pytest.mark.parametrize("name", ["missing.xlsx", "folder", "empty.xlsx"])
def test_a_file_that_cannot_be_read_is_one_line_and_exit_code_2(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.xlsx").write_bytes(b"")
    result = run(name)
    assert result.exit_code == 2
    assert name in result.output


def test_names_that_try_to_escape_arrive_harmless(costs):
    book = costs(A5="Total ::error::x", A2="Residential\u202e ##[error]")
    for form in ("text", "toml"):
        shown = run(book, "--format", form).stdout
        assert "Total :" in shown
        assert not any(bad in shown for bad in ("::error", "\u202e", "##["))


def test_a_workbook_without_figures_has_no_relations(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_workbook(tmp_path / "one.xlsx", {"A1": 5.0})
    assert run("one.xlsx").stdout == "No figures that follow from others were found.\n"
