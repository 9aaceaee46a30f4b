"""`xlmodel model` as a user types it: what it prints, what it writes, how it ends."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from demand_project import write_project, write_small

from xlmodel.cli import main
from xlmodel.inputs.problems import Problem
from xlmodel.report.input_problems import problems_text


def run(*arguments):
    return CliRunner().invoke(main, ["model", *map(str, arguments)])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder of results, and what the command said."""
    folder = tmp_path_factory.mktemp("model")
    out = folder / "out"
    return out, run("run", write_small(folder / "small"), "--runs", 50, "--seed", 7, "--out", out)


def test_it_prints_the_page_and_where_the_files_are(made):
    out, said = made
    assert said.exit_code == 0, said.output
    assert said.output.startswith("Small council\nChildren on 31 March 2024: 40.")
    assert "identities hold." in said.output
    count = len(list(out.iterdir()))
    assert f"{count} files in {out}: page.txt, tables, charts and manifest.json" in said.output
    assert said.output.startswith((out / "page.txt").read_text("utf-8").rstrip())


def test_the_manifest_says_what_was_made_from_what(made):
    out, _ = made
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert set(manifest["files"]) == {path.name for path in out.iterdir()} - {"manifest.json"}
    for name, file in manifest["files"].items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == file["sha256"]
        assert Path(name).suffix not in (".png", ".svg") or file["alt"]
    assert manifest["runs"] == 50
    assert manifest["seed"] == 7
    assert manifest["scenario"] == "plan"
    inputs = out.parent / "small"
    assert manifest["inputs"] == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(inputs.iterdir())
    }
    assert set(manifest["versions"]) >= {"xlmodel", "python", "numpy", "pandas"}


def test_the_tables_are_csv_and_parquet(made):
    out, _ = made
    years = pd.read_csv(out / "years.csv")
    assert years["closing_children"].tolist() == pd.read_parquet(out / "years.parquet")["closing_children"].tolist()
    assert list(years["scenario"]) == ["now", "plan"]
    assert "'=Fewer starts" in (out / "plan_lines.csv").read_text("utf-8-sig")


def test_a_rerun_gives_the_same_bytes_and_replaces_only_what_it_made(made):
    out, _ = made
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    (out / "notes.txt").write_text("mine")
    try:
        again = run("run", out.parent / "small", "--runs", 50, "--seed", 7, "--out", out)
        assert again.exit_code == 0, again.output
        after = {path.name: path.read_bytes() for path in out.iterdir()}
        assert after.pop("notes.txt") == b"mine"
        assert after == before
    finally:
        (out / "notes.txt").unlink()


def test_a_run_without_simulation_removes_the_tables_of_an_earlier_one(made, tmp_path):
    out = shutil.copytree(made[0], tmp_path / "out")
    said = run("run", made[0].parent / "small", "--runs", 0, "--out", out)
    assert said.exit_code == 0
    assert "5. How sure it is" not in said.output
    assert not (out / "fan.csv").exists()
    assert (out / "years.csv").exists()


def test_results_go_to_build_under_the_projects_name(made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_small(tmp_path / "council" / "model")
    said = run("run", "council", "--runs", 0, "--scenario", "now")
    assert said.exit_code == 0, said.output
    assert (tmp_path / "build" / "model" / "council" / "manifest.json").exists()
    assert 'Forecast 2024/25: "As now".' in said.output


def test_an_unknown_scenario_is_named_with_those_there_are(made, tmp_path):
    said = run("run", made[0].parent / "small", "--scenario", "paln", "--out", tmp_path)
    assert said.exit_code == 2
    assert "scenario must be one of now, plan; got paln" in said.output


def test_check_finds_nothing_in_a_good_project(tmp_path):
    said = run("check", write_project(tmp_path / "example"))
    assert said.exit_code == 0, said.output
    assert "no faults. Example council, 2024/25 to 2025/26; scenarios: no_change, plan, half" in said.output


@pytest.mark.parametrize("command", ["check", "run"])
def test_faults_are_all_told_file_by_file(tmp_path, command):
    bad = write_small(
        tmp_path / "bad",
        opening="children\n-4\n",
        starts="scenario,year,starts\nnow,2024/25,many\nplan,2024/25,15\n",
    )
    said = run(command, bad, *([] if command == "check" else ["--out", tmp_path / "out"]))
    assert said.exit_code == 2
    assert (
        "Error: 2 faults in 2 files:\nopening.csv\n  row 2, children: must be >= 0; it is -4\nstarts.csv\n"
        in said.output
    )
    assert "  row 2, starts: " in said.output
    assert not list(tmp_path.glob("out/*"))


def test_check_finds_what_only_a_run_can(tmp_path):
    folder = write_project(tmp_path / "project", ceases="scenario,year,ceases\nno_change,2024/25,2\n")
    done = CliRunner().invoke(main, ["model", "check", str(folder)])
    assert done.exit_code == 2
    assert "ceases of no_change in 2024/25 must be above the" in done.output


def test_at_most_fifty_faults_are_shown_and_how_many_more():
    problems = [Problem("starts.csv", row, "starts", "must be >= 0", -1.0) for row in range(2, 72)]
    lines = problems_text(problems).splitlines()
    assert lines[0] == "70 faults in 1 file:"
    assert len(lines) == 1 + 1 + 50 + 1
    assert lines[-1] == "… and 20 more faults"


def test_a_fault_with_control_characters_cannot_act_on_a_terminal():
    shown = problems_text([Problem("a\x1b[31m.csv", 2, "x", "must be a number", "\x1b]0;title\x07")])
    assert "\x1b" not in shown
    assert "\x07" not in shown


@pytest.mark.parametrize(("command", "package"), [("check", "pandas"), ("run", "pyarrow"), ("run", "matplotlib")])
def test_what_is_missing_is_said_with_how_to_install_it(tmp_path, command, package):
    write_small(tmp_path / "small")
    program = (
        "import sys\n"
        "class Without:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {package!r}: raise ModuleNotFoundError('No module of this name', name=name)\n"
        "sys.meta_path.insert(0, Without())\n"
        "from xlmodel.cli import main\n"
        f"main(['model', {command!r}, 'small'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert done.stderr == f"Error: the demand model needs {package}: pip install 'xlmodel[model]'\n"
    assert not (tmp_path / "build").exists()


@pytest.mark.parametrize("changed", [{"starts": "scenario,year,starts\nnow,2024/25,-1\n"}, {}])
def test_input_that_cannot_be_used_makes_no_folder(tmp_path, changed):
    folder = write_small(tmp_path / "small", **changed)
    said = run("run", folder, "--scenario", "nobody", "--out", tmp_path / "new" / "out")
    assert said.exit_code == 2
    assert not (tmp_path / "new").exists()


def test_the_other_commands_need_none_of_it():
    program = "import sys; import xlmodel.cli; print({'pandas', 'matplotlib', 'pyarrow', 'pandera'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "set()"


def test_a_broken_identity_is_exit_code_1(made, tmp_path, monkeypatch):
    from xlmodel.model.demand import run as running
    from xlmodel.model.demand.results import Check

    monkeypatch.setattr(running, "checks", lambda *_: (Check("a = b", "plan", 1.0, 1e-9),))
    said = run("run", made[0].parent / "small", "--runs", 0, "--out", tmp_path)
    assert said.exit_code == 1
    assert "1 of 1 identities do not hold; do not use these figures" in said.output


# --- from returns ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def returns(tmp_path_factory):
    folder = tmp_path_factory.mktemp("returns") / "made up"
    done = CliRunner().invoke(main, ["model", "example-returns", str(folder), "--years", "3", "--first", "2021"])
    assert done.exit_code == 0, done.output
    assert len(list(folder.glob("*/*.csv"))) == 6
    return folder


def test_returns_become_a_project_that_lacks_prices_and_populations_only(returns, tmp_path):
    project = tmp_path / "council"
    done = CliRunner().invoke(main, ["model", "from-returns", str(returns), str(project), "--years", "2"])
    assert done.exit_code == 0, done.output
    assert "SSDA903 returns 2021/22 to 2023/24" in done.output
    asked = CliRunner().invoke(main, ["model", "check", str(project)])
    assert asked.exit_code == 2
    assert set(re.findall(r"^(\S+\.csv)$", asked.output, re.M)) == {"population.csv", "prices.csv"}
    for name, filled in (
        ("prices", {"price_week": "900", "source": "Ledger"}),
        ("population", {"vintage": "2024", "population": "50000", "source": "Estimate"}),
    ):
        frame = pd.read_csv(project / f"{name}.csv", dtype=str).assign(**filled)
        frame.to_csv(project / f"{name}.csv", index=False)
    asked = CliRunner().invoke(main, ["model", "check", str(project)])
    assert asked.exit_code == 0, asked.output
    told = "".join(p.read_text("utf-8") for p in project.rglob("*.csv"))
    assert "SYN" in (returns / "2021-22" / "Episodes.csv").read_text("utf-8")
    assert "SYN" not in told  # no child's number


def test_a_folder_with_files_in_it_is_left_alone(returns, tmp_path):
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    for command in (["from-returns", str(returns), str(tmp_path)], ["example-returns", str(tmp_path)]):
        done = CliRunner().invoke(main, ["model", *command])
        assert done.exit_code == 2
        assert "name a new folder" in done.output
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_faulty_returns_make_no_project_unless_their_children_are_left_out(returns, tmp_path):
    bad = shutil.copytree(returns, tmp_path / "bad")
    episodes = bad / "2023-24" / "Episodes.csv"
    lines = episodes.read_text("utf-8").splitlines()
    fields = lines[0].split(",")
    row = next(i for i, line in enumerate(lines) if i and line.split(",")[fields.index("REC")] not in ("", "X1"))
    cells = lines[row].split(",")
    cells[fields.index("REC")] = "E43"
    lines[row] = ",".join(cells)
    episodes.write_text("\n".join(lines) + "\n", "utf-8")
    command = ["model", "from-returns", str(bad), str(tmp_path / "project")]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 2
    assert f"row {row + 1}, REC: must be a code of the current list; it is retired, and E45 or E46" in done.output
    assert not (tmp_path / "project").exists()
    done = CliRunner().invoke(main, [*command, "--leave-out-faulty"])
    assert done.exit_code == 0, done.output
    assert "Left out, with all their years: 1 child." in done.output
