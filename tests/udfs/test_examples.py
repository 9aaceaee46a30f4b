"""The worked examples of the docstrings, calculated as cells of a workbook."""

import openpyxl
import pytest

from xlmodel.registry import Registry
from xlmodel.values import ErrorValue, same_scalar
from xlmodel.verify.check import Means

MEANS = Means(Registry.collect({"CSC": "udfs"}))
EXAMPLES = [(f.name, call, result) for f in MEANS.registry for call, result in f.examples]


@pytest.fixture(scope="module")
def calculated(tmp_path_factory):
    """All examples in one workbook, one below the other."""
    workbook = openpyxl.Workbook()
    for row, (_, call, _) in enumerate(EXAMPLES, 1):
        workbook.active.cell(row, 1, call)
    path = tmp_path_factory.mktemp("examples") / "examples.xlsx"
    workbook.save(path)
    with MEANS.worker() as worker:
        evaluation = MEANS.evaluate(path, worker)
    assert not evaluation.calculated.reasons
    return evaluation.calculated.values


@pytest.mark.parametrize("row", range(len(EXAMPLES)), ids=lambda row: f"{EXAMPLES[row][0]}-{row}")
def test_an_example_gives_what_it_says(calculated, row):
    said = EXAMPLES[row][2]
    try:
        expected = float(said.replace(",", ""))
    except ValueError:
        expected = ErrorValue(said) if said.startswith("#") else said
    value = calculated.item(row)
    places = len(said.partition(".")[2]) if isinstance(expected, float) else 0
    if isinstance(value, float) and isinstance(expected, float):
        assert round(value, places) == expected, f"{EXAMPLES[row][1]} gives {value}, not {said}"
    else:
        assert same_scalar(value, expected), f"{EXAMPLES[row][1]} gives {value}, not {said}"
