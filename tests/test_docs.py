"""The documents say what the program does."""

import importlib.util
import re
from pathlib import Path

import openpyxl
import pytest

from xlmodel.cli import main
from xlmodel.registry import Registry

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_generated_parts_of_the_readme_are_fresh():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    assert generate.generated(README) == README, "run `make docs`"


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_is_documented_and_has_help(name):
    assert f"`xlmodel {name} " in README
    assert main.commands[name].help


def test_every_function_is_in_the_readme():
    for function in Registry.collect({"CSC": "udfs"}):
        assert f"`{function.signature}`" in README


def test_the_python_of_the_readme_runs(tmp_path, monkeypatch, capsys):
    workbook = openpyxl.Workbook()
    workbook.active.title = "Inputs"
    workbook.active["C7"], workbook.active["C8"] = 198, "=CSC_NET_CHANGE(C7,C7)"
    workbook.save(tmp_path / "model.xlsx")
    monkeypatch.chdir(tmp_path)
    (block,) = [b for b in re.findall(r"```python\n(.*?)```", README, re.S) if b.startswith("from pathlib")]
    exec(compile(block, "README.md", "exec"), {})
    assert "180.0" in capsys.readouterr().out


def test_links_lead_somewhere():
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
