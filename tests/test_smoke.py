"""The wheel, installed alone into an empty environment, does what the README promises."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command, cwd):
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(c) for c in command], cwd=cwd, env=clean, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("smoke")
    source = folder / "source"
    ignored = shutil.ignore_patterns(".*", "build", "dist", "__pycache__", "*.xlsx")
    shutil.copytree(ROOT, source, ignore=ignored)
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, source, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=folder)
    return python, folder


def test_the_command_verifies_the_published_workbook(installed):
    python, folder = installed
    book = shutil.copy(next((ROOT / "workbooks" / "southampton").glob("*.xlsx")), folder)
    said = run(python.with_name("xlmodel"), "verify", book, "--tolerance", "0", cwd=folder)
    assert "formula cells, all verified: each gives its saved value." in said
    assert "DOES NOT TIE (7)" in said


def test_the_functions_come_with_it_and_nothing_else_does(installed):
    python, folder = installed
    assert "CSC_RATE_PER_10K" in run(python.with_name("xlmodel"), "functions", cwd=folder)
    installed_here = run(python, "-c", "import xlmodel, udfs; print(xlmodel.__file__, udfs.__file__)", cwd=folder)
    assert str(ROOT) not in installed_here
    packages = run(python, "-m", "pip", "list", "--format", "freeze", "--disable-pip-version-check", cwd=folder)
    assert "pytest" not in packages
    assert "openpyxl" not in packages.lower().replace("openpyxl==", "openpyxl==") or "formulas" in packages
