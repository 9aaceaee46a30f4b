"""The walk from a number to its inputs."""

import json

import pytest
from altered_books import written
from books import book
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from xlmodel.book import DefinedName
from xlmodel.cli_explain import explain as command
from xlmodel.engine.client import Worker
from xlmodel.engine.native.model import Model
from xlmodel.engine.protocol import CellKey
from xlmodel.engine.references import Scope
from xlmodel.errors import BookError
from xlmodel.refs import parse_cell
from xlmodel.registry import Registry
from xlmodel.report.explain_text import explain_json, explain_text
from xlmodel.verify.explain import Kind, Left, Step, differs_somewhere, explain
from xlmodel.verify.explain_target import target
from xlmodel.verify.explain_walk import Walk

CSC = Registry.collect({"CSC": "udfs"})
EVERYTHING = {"depth": 1_000, "most": 20_000}


def walked(made, where, depth=3, most=60):
    model = Model(made, CSC)
    model.calculate()
    return Walk(made, model, depth, most).from_cell(target(made, model.scope, where))


def parts(step):
    """Return the cells of a step's parts and how the formula came to them."""
    return [(part.cell if part.sheet == step.sheet else f"{part.sheet}!{part.cell}", part.via) for part in step.parts]


TABLE = {
    "A1": "Placement", "B1": "Weekly cost", "C1": "Weeks",
    "A2": "Residential", "B2": 5000.0, "C2": 52.0,
    "A3": "Fostering", "B3": 900.0, "C3": 50.0,
    "E1": "Fostering",
}  # fmt: skip
ASKED = "what it is looked up by"


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("=B2*C2", [("B2", ""), ("C2", "")]),
        ("=B2+B2", [("B2", "")]),
        ("=SUM(B2:B3)", [("B2:B3", "")]),
        ("=INDEX(B2:B3,MATCH(E1,A2:A3,0))", [("B3", "found by INDEX"), ("E1", ASKED)]),
        ("=INDEX(B2:C3,MATCH(E1,A2:A3,0),2)*2", [("C3", "found by INDEX"), ("E1", ASKED)]),
        ("=VLOOKUP(E1,A2:C3,3,FALSE)", [("C3", "found by VLOOKUP"), ("E1", ASKED)]),
        ("=HLOOKUP(B1,A1:C3,2,FALSE)", [("B2", "found by HLOOKUP"), ("B1", ASKED)]),
        ("=_xlfn.XLOOKUP(E1,A2:A3,B2:B3)", [("B3", "found by XLOOKUP"), ("E1", ASKED)]),
        ("=OFFSET(B1,2,1)", [("C3", "found by OFFSET"), ("B1", ASKED)]),
        ("=SUM(B2:INDEX(B2:B3,2))", [("B2:B3", "found by INDEX")]),
        ('=INDIRECT("B"&C9)', [("B2", "found by INDIRECT"), ("C9", ASKED)]),
        ("=IF(B2>1000,C2,C3)", [("B2", ""), ("C2", "")]),
        ("=IF(B2>9000,C2,C3)", [("B2", ""), ("C3", "")]),
        ("=IF(A2>Missing,C2,C3)", [("A2", ""), ("C2", ""), ("C3", "")]),
        ("=CHOOSE(C9,B2,B3)", [("C9", ""), ("B3", "")]),
        ("=Price*2", [("B2", "named Price")]),
        ("=VLOOKUP(\"none\",A2:C3,3,FALSE)", [("A2:C3", "")]),
        ("=1+1", []),
        ("='Other sheet'!A1", [("Other sheet!A1", "")]),
        ("=[1]Sheet1!A1", [("Sheet1 of another workbook", "")]),
    ],
)  # fmt: skip
def test_what_a_formula_used(formula, found):
    cells = {**TABLE, "C9": 2.0, "H9": formula}
    made = book({"S": cells, "Other sheet": {"A1": 1.0}}, names=(DefinedName("Price", "S!$B$2", None),))
    assert parts(walked(made, "S!H9")) == found


def test_a_step_has_its_labels_value_and_words():
    made = book({**TABLE, "A4": "Total", "C4": "=SUM(C2:C3)", "D1": "Cost a year", "D2": "=B2*C2"}, saved={"D2": 1.0})
    step = walked(made, "D2")
    assert (step.label, step.formula, step.in_words) == (
        "Residential, Cost a year",
        "B2*C2",
        "[Weekly cost] * [Weeks]",
    )
    assert (step.saved, step.calculated, step.differs) == (1.0, 260_000.0, True)
    assert [p.kind for p in step.parts] == [Kind.INPUT, Kind.INPUT]


def test_cells_of_one_name_are_told_apart():
    cells = {"A1": "Item", "B1": "Cost", "A2": "Subtotal", "B2": 1.0, "A3": "Subtotal", "B3": 2.0, "A4": "All"}
    assert walked(book({**cells, "B4": "=B2+B3"}), "B4").in_words == "[Subtotal B2] + [Subtotal B3]"


def test_a_range_is_one_line_and_one_cell_for_each_of_its_formulas():
    cells = {"A1": 1.0, "A2": 2.0, "B1": "=A1*2", "B2": "=A2*2", "B3": 5.0, "C1": "=SUM(B1:B3)"}
    (part,) = walked(book(cells), "C1").parts
    assert (part.kind, part.cell, part.cells, part.numbers, part.formulas, part.total) == (
        Kind.RANGE, "B1:B3", 3, 3, 2, 11.0,
    )  # fmt: skip
    assert [(p.cell, p.via) for p in part.parts] == [("B1", "one of 2 with the same formula")]


def test_what_was_told_is_not_told_again():
    cells = {"A1": 1.0, "B1": "=A1+1", "C1": "=B1*2", "D1": "=B1*3", "E1": "=C1+D1"}
    first, second = walked(book(cells), "E1").parts
    assert (first.parts[0].left, second.parts[0].left) == (Left.NOTHING, Left.ABOVE)
    assert second.parts[0].parts == ()


def test_depth_and_number_are_bounded():
    chain = {"A1": 1.0} | {f"A{row}": f"=A{row - 1}+1" for row in range(2, 40)}
    step = walked(book(chain), "A39", depth=3)
    for _ in range(3):
        (step,) = step.parts
    assert (step.left, step.parts) == (Left.DEEPER, ())
    wide = {f"A{row}": float(row) for row in range(1, 30)} | {"B1": "=" + "+".join(f"A{r}" for r in range(1, 30))}
    step = walked(book(wide), "B1")
    assert (len(step.parts), step.more) == (12, 17)
    assert len(walked(book(wide), "B1", **EVERYTHING).parts) == 29


def test_a_cell_that_is_not_calculated_says_why():
    step = walked(book({"A1": "=NO_SUCH(1)"}, saved={"A1": 4.0}), "A1")
    assert "NO_SUCH" in step.not_calculated
    assert not step.differs
    assert step.shown == "4"


def test_a_circle_ends():
    step = walked(book({"A1": "=B1+1", "B1": "=A1+1"}), "A1", **EVERYTHING)
    assert step.parts[0].parts[0].left is Left.ABOVE


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_with_everything_told_each_input_is_reached_and_no_other(data):
    cells, reach = {}, {}
    for row in range(1, data.draw(st.integers(2, 14))):
        used = data.draw(st.sets(st.integers(1, row - 1), max_size=3)) if row > 1 else set()
        cells[f"A{row}"] = "=" + "+".join(f"A{r}" for r in sorted(used)) if used else float(row)
        reach[row] = set().union({row}, *(reach[r] for r in used))
    last = len(cells)
    step = walked(book(cells), f"A{last}", **EVERYTHING)

    def inputs(step):
        own = {step.cell} if step.kind is Kind.INPUT else set()
        return own.union(*map(inputs, step.parts))

    assert inputs(step) == {f"A{r}" for r in reach[last] if not isinstance(cells[f"A{r}"], str)}


# --- which cell is meant ---------------------------------------------------------------------------------------------

NAMES = (
    DefinedName("All_ties", "Checks!$B$2", None),
    DefinedName("Costs", "Costs!$A$1:$A$9", None),
    DefinedName("Rate", "0.05", None),
    DefinedName("Here", "$C$3", "Costs"),
)
SHEETS = {"Costs": {"A1": 1.0}, "Checks": {"A1": 1.0}, "Unit costs": {"A1": 1.0}}


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Costs!A1", ("Costs", 1, 1)),
        ("costs!$b$2", ("Costs", 2, 2)),
        ("=Costs!A1", ("Costs", 1, 1)),
        ("'Unit costs'!C4", ("Unit costs", 4, 3)),
        ("Unit costs!C4", ("Unit costs", 4, 3)),
        ("all_TIES", ("Checks", 2, 2)),
        ("Costs!Here", ("Costs", 3, 3)),
    ],
)
def test_what_a_text_means(text, cell):
    made = book(SHEETS, names=NAMES)
    assert target(made, Scope(made), text) == CellKey(*cell)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Cots!A1", "there is no sheet 'Cots'; did you mean Costs"),
        ("Zebra!A1", "there is no sheet 'Zebra'; the workbook has Costs, Checks, Unit costs"),
        ("Costs!A", "'A' is neither a cell of 'Costs' nor a name; a cell is given as Costs!C5"),
        ("Unit costs!A", "a cell is given as 'Unit costs'!C5"),
        ("All_tie", "no name 'All_tie'; did you mean All_ties?"),
        ("Xyzzy_q", "its names are All_ties, Costs, Rate, Here"),
        ("A1", "A1 stands on every sheet: say which, as in Costs!A1; the sheets are Costs, Checks, 'Unit costs'"),
        ("Costs", "the name Costs stands for the cells Costs!A1:A9: give one of them"),
        ("Rate", "the name Rate stands for no cell but for 0.05"),
    ],
)
def test_a_text_that_means_no_cell(text, message):
    made = book(SHEETS, names=NAMES)
    with pytest.raises(BookError) as raised:
        target(made, Scope(made), text)
    assert message in str(raised.value)


def test_in_a_workbook_of_one_sheet_a_cell_is_enough():
    made = book({"A1": 1.0})
    assert target(made, Scope(made), "a1") == CellKey("S", *parse_cell("A1"))


# --- through a worker, and on paper ----------------------------------------------------------------------------------


def test_a_workbook_on_disk(tmp_path):
    cells = {"A1": "Item", "B1": "Cost (£)", "A2": "Fostering", "B2": 2, "A3": "Twice\x1b[31m", "B3": "=B2*2"}
    cells["A3"] = "::error::Twice"
    path = written(tmp_path / "book.xlsx", cells, {"B3": 5.0})
    with Worker() as worker:
        step = explain(path, "B3", worker=worker, registry=CSC)
        with pytest.raises(BookError, match="there is no sheet 'T'"):
            explain(path, "T!B3", worker=worker, registry=CSC)
    assert differs_somewhere(step)
    assert Step.of(step.plain()) == step
    assert explain_text(step).splitlines() == [
        "S!B3  : :error: :Twice, Cost (£): £4",
        "│  = B2*2",
        "│  that is: [Fostering] * 2",
        "│  ! the file holds 5, but the formula gives 4",
        "└─ B2  Fostering: £2, typed in",
    ]
    assert '"calculated": 4.0' in explain_json(step)


@pytest.mark.parametrize(
    ("value", "unit", "shown", "told"),
    [
        (1234.0, "£", "1,234", "£1,234"),
        (-5.0, "£", "-5", "-£5"),
        (5.0, "£m", "£5.00m", "£5.00m"),
        (12.5, "%", "12.5", "12.5 %"),
        (0.125, "%", "12.5%", "12.5%"),
        (3.0, "children", "3", "3 children"),
        (45_000.0, "date", "15 Mar 2023", "15 Mar 2023"),
        (True, "£", "TRUE", "TRUE"),
    ],
)
def test_a_value_with_its_unit(value, unit, shown, told):
    step = Step(Kind.INPUT, "S", "A1", unit=unit, saved=value, calculated=value, shown=shown)
    assert explain_text(step) == f"S!A1: {told}, typed in"


def test_the_command(tmp_path):
    path = written(tmp_path / "book.xlsx", {"A1": 2, "B1": "=A1*2"}, {"B1": 4.0})
    ran = CliRunner().invoke(command, [str(path), "S!B1"])
    assert (ran.exit_code, ran.output.splitlines()[0]) == (0, "S!B1: 4")
    told = CliRunner().invoke(command, [str(path), "S!B1", "--all", "--format", "json"])
    assert json.loads(told.output)["parts"][0]["kind"] == "input"
