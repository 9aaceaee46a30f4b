"""Formulas that end at the row above new ones are told; running totals and what covers the new rows are not."""

import pytest
from engine.books import book as in_memory

from xlmodel.book.workbook import DefinedName
from xlmodel.refs import Rect
from xlmodel.sync.left_out import left_out

CAME = Rect(11, 2, 12, 4)  # B11:D12, below B4:D10


@pytest.mark.parametrize(
    ("sheet", "cell", "formula", "told"),
    [
        ("S", "G1", "SUM(B1:B10)", True),  # begins above the headings
        ("S", "G1", "VLOOKUP(1,A5:F10,2)", True),  # wider than the table
        ("T", "G1", "SUM(S!$B$1:$B$10)", True),
        ("T", "G1", "SUM(B1:B10)", False),  # of another sheet
        ("S", "G1", "SUM(B5:B12)", False),
        ("S", "G1", "SUM(B1:B9)", False),
        ("S", "G1", "SUM(F1:F10)", False),  # beside the table
        ("S", "G1", "B10", False),  # the last row may be meant
        ("S", "G1", "SUM(B:B)", False),
        ("S", "D10", "SUM(C$5:C10)", False),  # a running total
        ("S", "G10", "SUM(C$5:C10)", True),
        ("S", "G9", "SUM(C$5:C10)", True),
    ],
)
def test_formulas(sheet, cell, formula, told):
    cells = {"S": {"B4": "x"}, "T": {"A1": 1.0}}
    cells[sheet][cell] = f"={formula}"
    found = list(left_out(in_memory(cells), "S", CAME))
    assert found == [f"{sheet}!{cell}: ={formula}"] * told


def test_names():
    names = (DefinedName("Short", "S!$B$1:$B$10", None), DefinedName("Whole", "S!$B$5:$B$12", None))
    assert list(left_out(in_memory({"S": {"B4": "x"}}, names=names), "S", CAME)) == ["the name Short: =S!$B$1:$B$10"]
