"""The documents say what the program does."""

import importlib.util
import re
from pathlib import Path

import openpyxl
import pytest

from xlmodel.cli import main
from xlmodel.inputs.project import read_project
from xlmodel.lint.rule import all_rules
from xlmodel.model.demand.study import study
from xlmodel.registry import Registry
from xlmodel.report.model_page import model_page

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
FUNCTIONS = (ROOT / "docs" / "functions.md").read_text("utf-8")


@pytest.fixture(scope="module")
def generate():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_generated_is_fresh(generate):
    for path, text in generate.generated().items():
        assert path.read_text("utf-8") == text, f"{path.name}: run `make docs`"


def test_every_family_has_its_place_on_the_page(generate):
    assert sorted(generate.FAMILIES) == sorted({f.family for f in Registry.collect({"CSC": "udfs"})})


def test_every_command_is_documented_and_has_help(generate):
    commands = dict(generate.single(main))
    assert {"verify", "model run", "model check"} <= set(commands)
    for name, command in commands.items():
        assert f"`xlmodel {name} " in README
        assert command.help, name


def test_every_function_is_in_the_readme_and_explained_on_the_page():
    for function in Registry.collect({"CSC": "udfs"}):
        assert f"`{function.name}`" in README
        assert f"[`{function.name}`](#{function.name.lower()})" in FUNCTIONS
        entry = FUNCTIONS.partition(f"\n### {function.name}\n")[2].partition("\n### ")[0]
        told = (f"`{function.signature}`", function.summary, function.examples[0][0], "**Gives** ", "**By hand** `=")
        assert all(part in entry for part in told), function.name
        assert all(a.help.split(" ``")[0] in entry for a in function.arguments)


def test_every_rule_is_explained_on_the_page_of_rules():
    page = (ROOT / "docs" / "rules.md").read_text("utf-8")
    for rule in all_rules().values():
        entry = page.partition(f"\n## {rule.id}\n")[2].partition("\n## ")[0]
        assert f"[{rule.id}](#{rule.id})" in page
        assert all(part in entry for part in (rule.summary, rule.why, rule.fix, rule.measured)), rule.id


def test_links_within_the_page_of_functions_lead_to_a_heading():
    headings = {h.lower().replace(" ", "-") for h in re.findall(r"^##+ (.+)$", FUNCTIONS, re.M)}
    links = set(re.findall(r"\]\(#([^)]+)\)", FUNCTIONS)) | set(re.findall(r"functions\.md#([^)]+)\)", README))
    assert links
    assert links <= headings


def test_the_python_of_the_readme_runs(tmp_path, monkeypatch, capsys):
    workbook = openpyxl.Workbook()
    workbook.active.title = "Inputs"
    workbook.active["C7"], workbook.active["C8"] = 198, "=CSC_NET_CHANGE(C7,C7)"
    workbook.save(tmp_path / "model.xlsx")
    monkeypatch.chdir(tmp_path)
    (block,) = [b for b in re.findall(r"```python\n(.*?)```", README, re.S) if b.startswith("from pathlib")]
    exec(compile(block, "README.md", "exec"), {})
    assert "180.0" in capsys.readouterr().out


def test_the_page_of_the_readme_is_what_the_model_prints():
    lines = re.findall(r"^(?:- |  and could ).*$", README, re.M)
    demand = read_project(ROOT / "workbooks" / "southampton").demand
    page = model_page(study(demand, runs=0)).splitlines()
    assert len([line for line in lines if line in page]) >= 6


def test_links_lead_somewhere():
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
