"""`xlmodel sync` as it is typed: what it prints, what it writes, and how it ends."""

import json
import os
import pty
import subprocess
import sys

import pytest
from click.testing import CliRunner
from sync_example import example_project

from xlmodel.cli import main
from xlmodel.sync.plan_file import read_plan

OTHER = """
[sync.feed.other]
workbook = "other.xlsx"
source = { file = "a.csv" }
target = { table = "T" }
keys = ["K"]
[sync.feed.other.columns]
"K" = "k"
"V" = { from = "v", type = "number" }
"""


def run(command):
    done = CliRunner().invoke(main, ["sync", *command.split()])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The project of the documentation, and a plan of it as a file."""
    folder = tmp_path_factory.mktemp("example")
    example_project(folder)
    before = os.getcwd()
    os.chdir(folder)
    try:
        assert run("plan --out april.json").exit_code == 0
    finally:
        os.chdir(before)
    return folder


@pytest.fixture
def project(example, tmp_path, monkeypatch):
    """A copy of it to work in."""
    for path in example.rglob("*"):
        if path.is_file():
            (tmp_path / path.relative_to(example)).parent.mkdir(exist_ok=True)
            (tmp_path / path.relative_to(example)).write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("plan ledgr", "there is no feed 'ledgr'; declared: ledger, other"),
        ("plan --choose C1", "C1 must be a conflict and a side"),
        ("plan --choose C1=both", "C1=both must be a conflict and a side"),
        ("plan ledger --choose C1=source --choose C1=workbook", "C1 is given both sides"),
        ("plan ledger --out budget.xlsx", "--out budget.xlsx: the name of a plan must end in .json"),
        ("apply ledger", "use --yes"),
        ("plan --out plan.json", "--out is for one workbook"),
        ("plan --json", "--json is for one workbook"),
        ("apply --choose C1=source", "--choose is for one workbook"),
        ("plan ledger --workbook other.xlsx", "no feed is left"),
        ("plan --workbook nowhere.xlsx", "nowhere.xlsx is no workbook of"),
        ("apply april.json ledger", "april.json is a plan"),
        ("apply april.json --choose C1=source", "april.json is a plan"),
        ("apply missing.json", "missing.json: No such file"),
        ("apply extracts.json", "extracts.json: this is no plan"),
        ("undo", "name a workbook: budget.xlsx, other.xlsx"),
        ("undo budget.xlsx", "has no sync to undo"),
        ("export", "declares no export"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(project, command, said):
    with (project / "xlmodel.toml").open("a", encoding="utf-8") as settings:
        settings.write(OTHER)
    (project / "extracts.json").write_text("Line,amount\n")
    before = (project / "budget.xlsx").read_bytes()
    done = run(command)
    assert done.exit_code == 2
    assert said in done.output
    assert (project / "budget.xlsx").read_bytes() == before


@pytest.mark.parametrize("command", ["status", "plan", "apply", "undo", "log", "export"])
def test_without_a_project_each_command_says_what_is_missing(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    done = run(command)
    assert done.exit_code == 2
    assert "xlmodel.toml" in done.output


def test_a_plan_as_json_is_the_plan_that_is_written(project):
    done = run("plan --json")
    assert done.exit_code == 0
    assert done.output.isascii()
    assert read_plan(done.output) == read_plan((project / "april.json").read_text("utf-8"))


def test_a_plan_that_cannot_be_applied_is_shown_and_not_written(project):
    extract = project / "extracts" / "ledger_2026-05.csv"
    extract.write_text("line,month,amount\nFostering,2026-05,a lot\n")
    done = run("plan --out may.json")
    assert done.exit_code == 1
    assert "ledger_2026-05.csv, row 2, column amount" in done.output
    assert done.output.endswith("  xlmodel sync plan --out may.json\n")
    assert not (project / "may.json").exists()


def test_a_workbook_that_is_there_is_never_taken_for_its_namesake(project, monkeypatch):
    assert run("apply april.json").exit_code == 0
    (project / "copies").mkdir()
    monkeypatch.chdir(project / "copies")
    copy = project / "copies" / "budget.xlsx"
    copy.write_bytes((project / "budget.xlsx").read_bytes())
    done = run("undo budget.xlsx")
    assert (done.exit_code, "budget.xlsx is no workbook of" in done.output) == (2, True)
    copy.unlink()
    assert run("undo budget.xlsx").exit_code == 0


def test_frames_from_python_are_undone_in_a_folder_without_settings(project):
    assert run("apply april.json").exit_code == 0
    (project / "xlmodel.toml").unlink()
    assert "applied" in run("log").output
    assert run("undo budget.xlsx").exit_code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal is made with pty")
@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [(b"n\n", 1, "Not applied"), pytest.param(b"y\n", 0, "Done: budget.xlsx", marks=pytest.mark.full)],
)
def test_at_a_terminal_a_person_is_asked(project, answer, code, said):
    ours, theirs = pty.openpty()
    os.write(ours, answer)
    command = [sys.executable, "-c", "from xlmodel.cli import main; main()", "sync", "apply"]
    done = subprocess.run(command, stdin=theirs, capture_output=True, text=True, timeout=120, check=False)
    os.close(ours)
    os.close(theirs)
    assert (done.returncode, said in done.stdout) == (code, True), done
    assert "Do this? [y/N]" in done.stdout


def test_the_journal_is_listed_and_one_that_was_edited_is_not_trusted(project):
    assert run("log").output == "Nothing has been synced yet.\n"
    assert run("apply april.json").exit_code == 0
    done = run("log budget.xlsx")
    assert done.exit_code == 0
    assert "applied" in done.output
    assert "ledger_2026-04.csv" in done.output
    assert json.loads(run("log --json").output)[0]["feeds"] == ["ledger"]
    journal = project / ".xlmodel" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b"ledger_2026-04", b"ledger_2026-03"))
    done = run("log")
    assert done.exit_code == 1
    assert "The journal cannot be trusted" in done.output
