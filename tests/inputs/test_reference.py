"""The reference of the inputs says what the program reads, and its examples are a project."""

from pathlib import Path

import pytest
from inputs.given import FULL, frames

from xlmodel.inputs.project import project_from
from xlmodel.inputs.reference import with_reference
from xlmodel.inputs.tables import ASSUMPTIONS, FACTORS, TABLES
from xlmodel.model.demand.run import run

PAGE = Path(__file__).parents[2] / "docs" / "inputs.md"


def test_the_reference_is_fresh():
    page = PAGE.read_text("utf-8")
    assert with_reference(page) == page, "run `python -m xlmodel.inputs.reference docs/inputs.md`"


def test_the_examples_are_a_project_that_runs_with_every_check_holding():
    found = run(project_from(frames(FULL)).demand)
    assert list(found.results) == ["no_change", "plan", "half"]
    assert [c for c in found.checks if not c.holds] == []


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_a_table_is_whole(table):
    names = [c.name for c in table.columns]
    assert len(set(names)) == len(names)
    assert set(table.key) <= set(names)
    assert table.examples
    assert all(c.about for c in table.columns)


def test_factors_are_assumptions():
    assert set(FACTORS) <= {c.name for c in ASSUMPTIONS}
