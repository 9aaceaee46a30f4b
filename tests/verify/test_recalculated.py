"""Workbooks recalculated in a worker, and their inputs given other values."""

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from xlmodel.engine.client import Worker
from xlmodel.errors import BookError, EngineError
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue
from xlmodel.verify.recalculated import Source, recalculated

INPUTS = {"Inputs!B1": 10, "Inputs!B2": 0.5, "Inputs!B3": 2}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    workbook = openpyxl.Workbook()
    inputs = workbook.active
    inputs.title = "Inputs"
    for row, (label, content) in enumerate((("Children", 10), ("Growth", 0.5), ("Years", 2)), 1):
        inputs.cell(row, 1, label)
        inputs.cell(row, 2, content)
    costs = workbook.create_sheet("Costs")
    costs.append(["Placement", "Cost"])
    for row in (["Residential", "=Inputs!B1*5000"], ["Fostering", "=Inputs!B1*900"]):
        costs.append(row)
    costs["D1"] = "=SUM(Costs!B2:B3)*(1+Growth)^Inputs!B3+Inputs!H9"
    costs["D2"] = "=NOT_KNOWN(B2)"
    costs["D3"] = "=1/0"
    costs["E1"] = ArrayFormula("E1:E2", "=B2:B3*2")
    costs["E3"] = "=TODAY()"
    costs.add_table(Table(displayName="Costs_by_placement", ref="A1:B3"))
    workbook.defined_names["Growth"] = DefinedName("Growth", attr_text="Inputs!$B$2")
    workbook.defined_names["Both"] = DefinedName("Both", attr_text="Costs!$B$2:$B$3")
    file = tmp_path_factory.mktemp("books") / "model.xlsx"
    workbook.save(file)
    return file


@pytest.fixture(scope="module")
def worker():
    with Worker() as worker:
        yield worker


@pytest.fixture(scope="module")
def book(path, worker):
    return recalculated(Source(path, worker, Registry()))


@pytest.mark.parametrize(
    ("cell", "content"),
    [
        ("Costs!B2", 50_000.0),
        ("costs!$b$3", 9_000.0),
        ("Costs!D1", 59_000 * 1.5**2),
        ("Costs!E2", 18_000.0),
        ("Costs!D3", ErrorValue("#DIV/0!")),
        ("Inputs!A1", "Children"),
        ("Growth", 0.5),
        ("Inputs!H9", None),
        ("Inputs!ZZ99", None),
    ],
)
def test_a_cell_holds_what_its_formula_gives(book, cell, content):
    assert book[cell] == content


@pytest.mark.parametrize(
    ("cells", "contents"),
    [
        ("Costs!A2:B3", [["Residential", 50_000.0], ["Fostering", 9_000.0]]),
        ("Both", [[50_000.0], [9_000.0]]),
        ("Costs_by_placement[Cost]", [[50_000.0], [9_000.0]]),
        ("Inputs!B:B", [[10.0], [0.5], [2.0]]),
        ("Inputs!2:2", [["Growth", 0.5]]),
        ("Costs!E1:E2", [[100_000.0], [18_000.0]]),
        ("Growth", [[0.5]]),
    ],
)
def test_a_range_holds_rows(book, cells, contents):
    assert book.range(cells) == contents


@pytest.mark.parametrize(
    ("kind", "asked", "error", "says"),
    [
        ("value", "Cost!B2", BookError, "did you mean Costs"),
        ("value", "Grow", BookError, "did you mean Growth"),
        ("value", "B2", BookError, "every sheet"),
        ("value", "Both", BookError, "stands for the cells Costs!B2:B3"),
        ("value", "Costs!D2", EngineError, r"Costs!D2 was not calculated: .*NOT_KNOWN"),
        ("range", "Cost!B2:B3", BookError, "did you mean Costs"),
        ("range", "B2:B3", BookError, "stands on every sheet"),
        ("range", "B2", BookError, "stands on every sheet"),
        ("range", "Costs!B2:B3:", BookError, "Costs"),
        ("range", "Costs!B2+Costs!B3", BookError, "Costs"),
        ("range", "Costs!A1:D3", EngineError, r"Costs!D2 was not calculated"),
    ],
)
def test_what_cannot_be_told_says_why(book, kind, asked, error, says):
    with pytest.raises(error, match=says):
        getattr(book, kind)(asked)


def test_inputs_change_what_depends_on_them_and_no_file(book, path):
    before = path.read_bytes()
    other = book.with_inputs({"Inputs!B1": 20, "Growth": 0.0})
    assert (other["Costs!D1"], other["Costs!E1"], other["Inputs!B1"]) == (118_000.0, 200_000.0, 20.0)
    assert other.with_inputs({"Inputs!B1": 10})["Costs!D1"] == 59_000.0
    assert book["Costs!D1"] == 59_000 * 1.5**2
    assert path.read_bytes() == before
    assert repr(other) == "<model.xlsx recalculated with Inputs!B1 = 20.0, Inputs!B2 = 0.0>"


def test_a_cell_that_the_file_does_not_hold_can_be_an_input(book):
    assert book.with_inputs({"Inputs!H9": 7, "Inputs!J30": 1})["Costs!D1"] == book["Costs!D1"] + 7


def test_a_formula_is_replaced_only_where_that_is_meant(book):
    with pytest.raises(EngineError, match=r"Costs!B2 holds a formula.*over_formulas=True"):
        book.with_inputs({"Costs!B2": 1})
    over = book.with_inputs({"Costs!B2": 1_000}, over_formulas=True)
    assert over["Costs!D1"] == 10_000 * 1.5**2
    assert over.with_inputs({"Growth": 0})["Costs!D1"] == 10_000
    assert book["Costs!B2"] == 50_000
    for cell in ("Costs!E1", "Costs!E2"):
        with pytest.raises(EngineError, match="Costs!E"):
            book.with_inputs({cell: 1}, over_formulas=True)


@pytest.mark.parametrize("content", [float("nan"), float("inf"), [1, 2], b"x", object()])
def test_what_no_cell_can_hold_is_refused(book, content):
    with pytest.raises(TypeError, match="Growth must be a number"):
        book.with_inputs({"Growth": content})


def test_a_file_that_changed_is_not_mixed_with_what_it_was(path, worker, tmp_path):
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(path.read_bytes())
    book = recalculated(Source(copy, worker, Registry()))
    changed = openpyxl.load_workbook(copy)
    changed["Inputs"]["B1"] = 11
    changed.save(copy)
    with pytest.raises(EngineError, match="the file changed"):
        book.with_inputs({"Growth": 0})
    assert recalculated(book.source)["Costs!B2"] == 55_000


NUMBERS = st.integers(-5, 5)
CELLS = st.dictionaries(st.sampled_from([*INPUTS, "Inputs!H9", "Inputs!J30"]), NUMBERS, max_size=4)


@settings(max_examples=25, deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=4))
def test_what_was_asked_before_has_no_say(book, asked):
    for inputs in asked:
        found = book.with_inputs(inputs)
    given = {**INPUTS, "Inputs!H9": 0, **asked[-1]}
    children, growth, years = (given[cell] for cell in INPUTS)
    if 1 + growth != 0:
        assert found["Costs!D1"] == pytest.approx(5_900 * children * (1.0 + growth) ** years + given["Inputs!H9"])
    assert found["Costs!E2"] == 1_800 * children
