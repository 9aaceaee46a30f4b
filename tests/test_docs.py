"""The documents say what the program does."""

import importlib.util
from pathlib import Path

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


def test_links_lead_somewhere():
    import re

    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
