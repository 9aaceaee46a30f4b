"""The commands freeze and diff, and git with them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import books
import click
import pytest
from books import write_workbook
from click.testing import CliRunner, Result

from xlmodel.book import read_book
from xlmodel.cli_baseline import diff, freeze
from xlmodel.projection.baseline import baseline_path, held
from xlmodel.projection.baseline import freeze as write_baseline
from xlmodel.projection.reading import project

CELLS: dict[str, str | float] = {"A1": 2.0, "A2": 3.0, "A3": "=SUM(A1:A2)"}


def book(path: Path, total: float = 5.0, **cells: str | float) -> Path:
    return write_workbook(path, {**CELLS, **cells}, {"A3": total})


def run(command: click.Command, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(a) for a in arguments])


def test_freezing_refusing_and_updating(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    beside = tmp_path / "a.xlsx.cells.txt"
    missing = run(freeze, path, "--check")
    assert (missing.exit_code, beside.exists()) == (1, False)
    assert run(freeze, path).exit_code == 0
    frozen = beside.read_text("utf-8")
    assert "A =SUM(R[-2]C:R[-1]C) | 5\n" in frozen

    book(path, 9.0, A1=6.0)
    refused = run(freeze, path)
    assert refused.exit_code == 1
    assert "S!A1\n      input changed: 2 → 6; 1 value follows" in refused.output
    assert beside.read_text("utf-8") == frozen
    updated = run(freeze, path, "--update")
    assert (updated.exit_code, "input changed: 2 → 6" in updated.output) == (0, True)
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
    assert "up to date" in run(freeze, path, "--check").output


def test_a_baseline_of_a_merge_is_stale(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    now = project(read_book(path))
    assert held(path, now) is None
    write_baseline(now, baseline_path(path))
    kept = held(path, now)
    assert kept is not None
    assert (kept.broken, kept.stale) == (False, False)
    merged = now.text.replace("A 2\n", "<<<<<<< ours\nA 2\n=======\nA 4\n>>>>>>> theirs\n")
    for text in (merged.encode(), b"\xff\xfe", b""):
        baseline_path(path).write_bytes(text)
        stale = held(path, now)
        assert stale is not None
        assert (stale.broken, stale.stale, bool(stale.problem)) == (True, True, True)


def test_a_file_that_is_no_workbook_is_one_line_and_the_others_are_frozen(tmp_path: Path) -> None:
    bad, empty, good = tmp_path / "bad.xlsx", tmp_path / "empty.xlsx", book(tmp_path / "good.xlsx")
    bad.write_bytes(b"PK\x03\x04 cut short")
    empty.write_bytes(b"")
    ran = run(freeze, bad, empty, tmp_path / "none.xlsx", tmp_path, good)
    assert ran.exit_code == 2
    assert len(ran.output.strip().splitlines()) == 5
    assert (tmp_path / "good.xlsx.cells.txt").exists()


def test_the_text_goes_to_the_terminal(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    shown = run(freeze, path, "--out", "-")
    assert shown.output.startswith("xlmodel cells 1\n")
    assert run(freeze, path, path, "--out", "x").exit_code == 2


def test_differences_are_told_of_workbooks_and_texts(tmp_path: Path) -> None:
    one, two = book(tmp_path / "a.xlsx"), book(tmp_path / "b.xlsx", A3="=SUM(A1:A1)", total=2.0)
    frozen = tmp_path / "a.xlsx.cells.txt"
    write_baseline(project(read_book(one)), frozen)
    told = run(diff, one, two)
    assert told.exit_code == 1
    assert "S!A3\n      formula changed: =SUM(A1:A2) → =SUM(A1:A1)" in told.output
    told = run(diff, frozen, two, "--format", "json")
    assert [(c["kind"], c["cells"]) for c in json.loads(told.output)["changes"]] == [("formula", "A3")]
    assert run(diff, frozen, frozen).exit_code == 0
    for bad in (tmp_path / "none.xlsx", tmp_path):
        unusable = run(diff, frozen, bad)
        assert (unusable.exit_code, len(unusable.output.strip().splitlines())) == (2, 1)


def test_hostile_text_arrives_harmless(tmp_path: Path) -> None:
    evil = "::error::x \u202e[31m ##[error]"
    write_baseline(project(books.book({"A1": "a", "A2": "=A1"})), tmp_path / "a.txt")
    write_baseline(project(books.book({evil: {"A1": evil, "A2": f'="{evil}"'}})), tmp_path / "b.txt")
    for form in ("text", "json"):
        output = run(diff, tmp_path / "a.txt", tmp_path / "b.txt", "--format", form).output
        assert "31m" in output
        assert not re.search("^\\s*::|##\\[|\u202e", output, re.MULTILINE)


# --- git -----------


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository set up as the documentation says."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet")
    (folder / ".gitattributes").write_text("*.xlsx diff=xlmodel\n")
    program = tmp_path / "main.py"
    program.write_text("from xlmodel.cli_baseline import diff\ndiff()\n")
    git(folder, "config", "diff.xlmodel.textconv", f'"{sys.executable}" "{program}" --textconv')
    git(folder, "config", "diff.xlmodel.xfuncname", "^sheet .*$")
    return folder


def git(folder: Path, *arguments: str) -> str:
    paths = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    environment = {
        **os.environ, "PYTHONPATH": paths, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
    }  # fmt: skip
    ran = subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=True
    )
    return ran.stdout


def test_git_shows_what_changed_in_a_workbook(repository: Path) -> None:
    book(repository / "a.xlsx")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message", "one")
    book(repository / "a.xlsx", 9.0, A1=6.0)
    shown = git(repository, "diff")
    changed = [line for line in shown.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert changed == [
        "-A 2", "+A 6", "-A =SUM(R[-2]C:R[-1]C) | 5", "+A =SUM(R[-2]C:R[-1]C) | 9",
    ]  # fmt: skip
    (repository / "a.xlsx").write_bytes(b"no workbook")
    assert "+xlmodel cannot read this workbook: " in git(repository, "diff")
