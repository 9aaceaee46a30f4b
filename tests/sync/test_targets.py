"""Where a feed's rows go: tables, names and regions, and those that cannot take any."""

from dataclasses import replace

import pytest
from engine.books import book as in_memory
from sync.feeds import table_book

from xlmodel.book.workbook import Book, DefinedName
from xlmodel.errors import SyncError
from xlmodel.refs import Rect, parse_rect
from xlmodel.sync.declared import Target
from xlmodel.sync.targets import locate

CELLS = {
    "B2": "A report",
    "B4": "Line", "C4": "Price\n(£)", "D4": 2024.0, "F4": "apart",
    "B5": "a", "C5": 1.0, "D5": "=C5*2",
    "B6": "b", "C6": 2.0, "D6": "=C6*2",
    "B8": "Total", "C8": "=SUM(C5:C6)",
}  # fmt: skip


def named(formula: str, *, sheet: str | None = None) -> Book:
    return in_memory({"S": CELLS}, names=(DefinedName("Prices", formula, sheet),))


def test_a_region_ends_at_a_blank_heading_and_at_a_blank_row():
    found = locate(in_memory({"S": CELLS}), Target(region="s!B4"), ["Line", "Price (£)", "2024"])
    assert (found.body, found.headings) == (parse_rect("B5:D6"), ("Line", "Price\n(£)", "2024"))
    assert (found.contents("Price (£)"), found.heading("Price (£)")) == ([1.0, 2.0], "Price\n(£)")
    assert (found.calculated("2024"), found.calculated("Line"), found.formula(1, "2024")) == (True, False, "=C6*2")
    assert found.typed(0) == {"Line": "a", "Price\n(£)": 1.0}
    assert found.title == "S!B5:D6"


@pytest.mark.parametrize("formula", ["S!$B$5:$C$6", "S!$B$4:$C$6", "=S!$B$5:$C$6"])
def test_the_headings_of_a_name_stand_in_it_or_above_it(formula):
    found = locate(named(formula), Target(name="prices"), ["Line"])
    assert (found.body, found.contents("Line")) == (parse_rect("B5:C6"), ["a", "b"])


def test_a_table_is_found_in_any_case_of_letters():
    found = locate(table_book(["Line"], [["a"]]), Target(table="t"), ["Line"])
    assert (found.title, found.data_rows.tolist()) == ("table T on sheet S", [0])


def test_the_one_blank_row_of_an_empty_table_holds_no_data():
    found = locate(table_book(["Line", "Price"], []), Target(table="T"), ["Line"])
    assert (found.body.shape[0], found.data_rows.size) == (1, 0)


def test_what_an_array_formula_fills_is_calculated():
    made = in_memory({"A1": "Line", "B1": "Price", "A2": "a", "B2": "=A5:A6", "A3": "b"},
                     saved={"B2": 1.0, "B3": 2.0}, arrays={"B2": "B2:B3"})  # fmt: skip
    found = locate(made, Target(region="S!A1"), ["Line", "Price"])
    assert (found.formula(1, "Price"), found.calculated("Price")) == ("a formula of another cell fills it", True)


@pytest.mark.parametrize(
    ("book", "target", "columns", "needle"),
    [
        (named("S!$B$5:$C$6"), Target(table="X"), ["Line"], "has no table 'X'; its tables are: none"),
        (named("S!$B$5:$C$6"), Target(name="X"), ["Line"], "has no table or name 'X'"),
        (named("SUM(S!$B$5:$C$6)"), Target(name="Prices"), ["Line"], "must be one range of this workbook"),
        (named("[1]S!$B$5:$C$6"), Target(name="Prices"), ["Line"], "must be one range of this workbook"),
        (named("S!$B:$C"), Target(name="Prices"), ["Line"], "must not be of whole rows or columns"),
        (named("S!$B$5:$C$6"), Target(name="Prices"), ["Cost"], "has no column 'Cost'; it has Line, Price"),
        (in_memory({"S": CELLS}), Target(region="S!A4"), ["Line"], "must hold the first heading of the region"),
        (in_memory({"S": CELLS}), Target(region="Q!B4"), ["Line"], "has no sheet 'Q'"),
        (in_memory({"S": CELLS}), Target(region="S!B"), ["Line"], "must be a sheet and the cell of a heading"),
        (in_memory({"A1": "x", "B1": "x"}), Target(region="S!A1"), ["x"], "has 2 columns 'x'"),
    ],
)
def test_a_target_that_cannot_take_rows_says_why(book, target, columns, needle):
    with pytest.raises(SyncError) as refused:
        locate(book, target, columns)
    assert needle in str(refused.value)


def test_merged_cells_are_refused():
    made = table_book(["Line", "Price"], [["a", 1.0], ["b", 2.0]])
    merged = replace(made, sheets=(replace(made.sheets[0], merged=(Rect(4, 2, 5, 2),)),))
    with pytest.raises(SyncError, match="the cells B4:B5 of column 'Line' are merged"):
        locate(merged, Target(table="T"), ["Line"])
    assert locate(merged, Target(table="T"), ["Price"]).data_rows.size == 2
