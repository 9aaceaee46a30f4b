"""`xlmodel new` and `xlmodel build`: a project that works at once, all or nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from xlmodel.building.starting import start_project
from xlmodel.cli_book import build, new
from xlmodel.config import load_settings
from xlmodel.errors import ConfigurationError
from xlmodel.registry import Registry
from xlmodel.verify.check import Means, check_all

ROOT = Path(__file__).parents[2]


def told(result: Result) -> str:
    return re.sub(r"\s+", " ", result.output)


def test_a_new_project_has_everything(tmp_path: Path) -> None:
    made = start_project(tmp_path / "our-place")
    names = {path.relative_to(tmp_path / "our-place").as_posix() for path in made}
    assert names >= {
        *("README.md", "xlmodel.toml", "claims.csv", ".gitignore", ".gitlab-ci.yml"),
        *(".github/workflows/workbook.yml", "model/settings.csv", "book/cover.csv", "book/sign_off.csv"),
    }
    texts = {path.name: path.read_text("utf-8") for path in made}
    assert "xlmodel build ." in texts["README.md"]
    assert "xlmodel verify our-place.xlsx" in texts["README.md"]
    assert "cmp " in texts["workbook.yml"]
    assert "our-place.xlsx" in texts["workbook.yml"]
    assert not [name for name, text in texts.items() if "my-council" in text]
    assert load_settings(tmp_path / "our-place").functions == {"CSC": "udfs"}


def test_a_folder_with_files_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(ConfigurationError, match="has files in it"):
        start_project(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_an_empty_folder_is_filled_and_a_file_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert start_project(tmp_path / "empty")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ConfigurationError, match="is a file"):
        start_project(tmp_path / "file")


def test_nothing_is_left_where_it_cannot_be_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, *args: object, **options: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        start_project(tmp_path / "place")
    assert not list(tmp_path.iterdir())


def test_the_command_says_what_comes_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(new, ["place"])
    assert result.exit_code == 0, result.output
    assert "cd place xlmodel build . xlmodel verify place.xlsx" in told(result)


def test_a_fault_in_a_table_is_named_and_nothing_written(tmp_path: Path) -> None:
    folder = tmp_path / "place"
    start_project(folder)
    starts = folder / "model" / "starts.csv"
    starts.write_text(starts.read_text().replace("plan,2025/26,140", "plan,2025/26,-140"))
    cover = folder / "book" / "cover.csv"
    cover.write_text(cover.read_text().replace("2025-04-14", "14/04/2025"))
    result = CliRunner().invoke(build, [str(folder)])
    assert result.exit_code == 2
    assert "starts.csv row 5, starts: must be >= 0" in told(result)
    assert "cover.csv" in result.output
    assert not (folder / "place.xlsx").exists()


@pytest.mark.full
def test_the_two_commands_of_a_new_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "place"
    start_project(folder)
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(build, ["."])
    assert result.exit_code == 0, result.output
    assert re.search(r"place\.xlsx: 24 sheets, [\d,]+ formulas; (\d+) of \1 checks pass", result.output)
    (outcome,) = check_all([folder / "place.xlsx"], Means(Registry(), witness=None), 1e-9)
    assert outcome.error is None
    assert outcome.exit_code == 0, "the edition lambda carries what it calculates with"
    assert outcome.sign_off is not None
    assert outcome.sign_off.holds


def test_another_edition_goes_beside(tmp_path: Path) -> None:
    from xlmodel.building.delivering import _target

    assert _target(tmp_path, "lambda").name == f"{tmp_path.name}.xlsx"
    assert _target(tmp_path, "com") == tmp_path / f"{tmp_path.name}-com.xlsx"


@pytest.mark.full
def test_the_wheel_alone_is_enough(tmp_path: Path) -> None:
    """A fresh environment with the wheel and what it asks for: new, build and verify."""
    wheels = tmp_path / "wheels"
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", wheels, ROOT], check=True, capture_output=True
    )
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        assert "xlmodel/building/sample/gitignore" in file.namelist()
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", wheel], check=True, capture_output=True)
    command = shutil.which("xlmodel", path=str(python.parent))
    assert command
    for folder, arguments in (
        (tmp_path, ["new", "place"]),
        (tmp_path / "place", ["build", "."]),
        (tmp_path / "place", ["verify", "place.xlsx"]),
    ):
        done = subprocess.run([command, *arguments], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
