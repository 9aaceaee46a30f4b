import time
from dataclasses import replace

import pytest
from books import book
from layout.tables import table

from xlmodel.layout.labels import Labels
from xlmodel.layout.units import unit_in
from xlmodel.refs import Rect, cell_name, parse_cell


def path(of, name):
    return Labels(of).path("S", *parse_cell(name))


PLAIN = """
Spending of the service
Placement   | 2023/24 | 2024/25
Residential | 10.5    | 11.2
Fostering   | 20.1    | 21.3
Total       | 30.6    | 32.5
"""


SECTIONS = "Item | Cost\nIncome\nGrants | 5\nFees | 6\nTotal | 11\nSpending\nStaff | 7"


@pytest.mark.parametrize(
    ("text", "cell", "expected"),
    [
        (PLAIN, "C3", ("Spending of the service", "Residential", "2024/25")),
        (PLAIN, "B5", ("Spending of the service", "Total", "2023/24")),
        ("Year | Cost\n2023 | 5\n2024 | 6\n2025 | 7", "B3", ("2024", "Cost")),
        ("Area | Kind | Cost | Count\nNorth | Home | 5 | 1\n | School | 6 | 2\nSouth | Home | 7 | 3\n | School | 8 | 4",
         "C3", ("North", "School", "Cost")),
        (SECTIONS, "B3", ("Income", "Grants", "Cost")),
        (SECTIONS, "B7", ("Spending", "Staff", "Cost")),
        ("A | x | | B | y\nleft | 1 | | right | 2", "E2", ("right", "y")),
        ("Item | Children | Cost\nHome | n/a | 7\nCare | 5 | –", "C2", ("Home", "Cost")),
        ("1.1 | Residential care | 5\n1.2 | Foster care | 6", "C2", ("Foster care",)),
        ("Look-up | Place | Year | Cost\nHome|2024 | Home | 2024 | 5", "E2", ("Home", "2024", "Home")),
    ],
)  # fmt: skip
def test_a_cell_is_called_as_a_reader_calls_it(text, cell, expected):
    assert path(table(text), cell)[: len(expected)] == expected


def test_a_heading_over_several_columns_goes_before_the_heading_under_it():
    text = "Placement | Children | | Cost |\n | 2023/24 | 2024/25 | 2023/24 | 2024/25\nHome | 1 | 2 | 3 | 4"
    apart = table(text)
    merged = replace(apart, sheets=(replace(apart.sheets[0], merged=(Rect(1, 2, 1, 3), Rect(1, 4, 1, 5))),))
    for of in (apart, merged):
        assert path(of, "C3") == ("Home", "Children", "2024/25")
        assert path(of, "E3") == ("Home", "Cost", "2024/25")


def test_a_date_is_named_as_it_is_shown():
    of = book({"A2": "Home", "B1": 45383.0, "C1": 45413.0, "B2": 5.0, "C2": 6.0}, number_formats=("mmm-yy",))
    cells = of.sheets[0]
    style = cells.style.copy()
    style[cells.row == 2] = 1
    dated = replace(of, sheets=(replace(cells, style=style),), number_formats=("mmm-yy", "General"))
    assert path(dated, "B2") == ("Home", "Apr-24")


def test_a_sentence_names_the_row_and_the_column_and_nothing_endless():
    of = table("Income\nItem | Cost\nGrants " + "x" * 90 + " | 5\nFees | 6")
    assert Labels(of).text("S", 4, 2) == "Fees, Cost"
    assert len(Labels(of).text("S", 3, 2)) < 80


@pytest.mark.parametrize("cell", ["A1", "Z99"])
def test_where_nothing_names_a_cell_there_is_no_name(cell):
    assert path(book({"A1": 5.0, "B2": 6.0}), cell) == ()


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Cost (£m)", "£m"), ("£000", "£000"), ("Cost £'000", "£'000"), ("Share, %", "%"), ("Per cent of all", "%"),
        ("Rate per 10,000 children", "per 10,000 children"), ("Weeks", "weeks"), ("Price (£ a week)", "£ a week"),
        ("(Dollars in Millions)", "Dollars in Millions"), ("Opening (children)", "children"),
        ("Saved £1.3m", ""), ("5% rise", ""), ("Residential (new)", ""), ("Total", ""),
    ],
)  # fmt: skip
def test_a_unit_is_what_a_heading_states(text, unit):
    assert unit_in(text) == unit


def test_the_nearest_unit_holds():
    of = table("All in £000\nItem | Cost | Share, % | Unit\nHome | 5 | 6 | weeks\nCare (children) | 7 | 8 | weeks")
    labels = Labels(of)
    assert [labels.unit("S", *parse_cell(c)) for c in ("C3", "B4", "B3")] == ["%", "children", "weeks"]
    assert Labels(table("All in £000\nItem | Cost | Other\nHome | 5 | 6")).unit("S", 3, 2) == "£000"


def test_a_large_sheet_is_named_quickly():
    cells = {cell_name(1, c): f"Column {c}" for c in range(1, 11)}
    cells |= {cell_name(r, 1): f"Row {r}" for r in range(2, 1002)}
    cells |= {cell_name(r, c): float(r * c) for r in range(2, 1002) for c in range(2, 11)}
    labels = Labels(book(cells))
    start = time.process_time()
    names = {labels.path("S", r, c) for r in range(2, 1002) for c in range(2, 11)}
    assert len(names) == 9_000
    assert time.process_time() - start < 2
