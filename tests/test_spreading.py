"""Results of several rows and columns in the cells of a workbook, by every engine."""

import pytest
from books import book

from xlmodel.engine import CellKey, engines
from xlmodel.refs import parse_cell
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue

T = Registry.collect({"T": "sample_functions"})
NA, NUM, REF = (ErrorValue(c) for c in ("#N/A", "#NUM!", "#REF!"))
INPUTS = {"B1": 10.0, "C1": 0.0, "B2": 0.5, "C2": 0.5, "B3": 0.0, "C3": 1.0}
ROWS = range(1, 41)  # enough for the engine to calculate them together


@pytest.fixture(params=sorted(engines()))
def calculated(request):
    engine = engines()[request.param]()

    def run(cells, **more):
        engine.load(book({**INPUTS, **cells}, **more).stripped(), T)
        return engine.calculate()

    yield run
    engine.close()


def key(name):
    return CellKey("S", *parse_cell(name))


def at(result, name):
    return result.values.item(result.cells.index(key(name)))


def test_a_result_with_rows_and_columns_spills_as_it_is(calculated):
    result = calculated({"E1": "=T_MOVED(B1:C1,B2:C3)"}, dynamic={"E1": "E1:F2"})
    assert result.spills[key("E1")].scalars() == [5.0, 5.0, 2.5, 7.5]
    assert result.spills[key("E1")].shape == (2, 2)
    assert not result.reasons


def test_its_parts_and_sums_can_be_taken(calculated):
    cells = {"E1": "=INDEX(T_MOVED(B1:C1,B2:C3),2,1)", "E2": "=SUM(T_MOVED(B1:C1,B2:C3))",
             "E3": "=ROWS(T_MOVED(B1:C1,B2:C3,5))", "E4": "=INDEX(T_MOVED(B1:C1,B2:C3),3,1)"}  # fmt: skip
    result = calculated(cells)
    assert [at(result, name) for name in cells] == [2.5, 20.0, 5.0, REF]


def test_a_column_of_cells_takes_the_same_parts_together(calculated):
    cells = {f"A{r}": float(r) if r != 7 else -1.0 for r in ROWS}
    cells |= {f"E{r}": f"=INDEX(T_MOVED(A{r},0.5),2,1)" for r in ROWS}
    cells |= {f"F{r}": f"=T_MOVED(A{r},0.5)" for r in ROWS}  # no array formula: its cell shows the first
    result = calculated(cells)
    assert [at(result, f"E{r}") for r in ROWS] == [r / 4 if r != 7 else NUM for r in ROWS]
    assert [at(result, f"F{r}") for r in ROWS] == [r / 2 if r != 7 else NUM for r in ROWS]


def test_past_the_end_of_a_shorter_result_there_is_no_cell(calculated):
    cells = {f"A{r}": float(r % 2) for r in ROWS} | {f"D{r}": 1.0 for r in ROWS}
    cells |= {f"E{r}": f"=INDEX(T_SEEN(A{r}:D{r}),2,2)" for r in ROWS if r > 3}
    cells |= {f"{c}{r}": 1.0 for r in ROWS if r > 3 for c in "BC"}
    result = calculated(cells)
    assert [at(result, f"E{r}") for r in ROWS if r > 3] == [REF if r % 2 else 3.0 for r in ROWS if r > 3]
