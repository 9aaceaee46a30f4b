"""The order of calculation, against a small implementation that spells out every cell."""

import time
from pathlib import Path

import numpy as np
import pytest
from books import book
from hypothesis import given, settings
from hypothesis import strategies as st

from xlmodel.book.workbook import Book, DefinedName, Sheet, Table
from xlmodel.engine.dependencies import Dependencies
from xlmodel.engine.protocol import CellKey
from xlmodel.refs import Rect, cell_name, parse_cell
from xlmodel.values import Values


def key(name, sheet="S"):
    return CellKey(sheet, *parse_cell(name))


def needs(cells, at="A1", **more):
    return [f"{sheet}!{rect.name}" for sheet, rect in Dependencies(book(cells, **more)).precedents(key(at))]


TABLE = Table("Tbl", "S", Rect(2, 2, 6, 4), ("Code", "Val", "A ]b"), 1, 1)
NAMES = (
    DefinedName("Rate", "S!$C$1", None),
    DefinedName("Rate", "S!$C$2", "T"),
    DefinedName("K", "1.5", None),
    DefinedName("Both", "Rate*S!$D$1", None),
    DefinedName("Left", "S!XFD1", None),
    DefinedName("Round", "Round+1", None),
    DefinedName("Far", "OFFSET(S!$C$1,1,1)", None),
    DefinedName("Lam", "_xlfn.LAMBDA(_xlpm.x,_xlpm.x*S!$E$1)", None),
)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("B1+B1*C$1", ["S!B1", "S!C1"]),
        ("SUM(B:B)", ["S!B1:B1048576"]),
        ("T!B2", ["T!B2"]),
        ("SUM(S:T!B2)", ["S!B2", "T!B2"]),
        ("Rate", ["S!C1"]),
        ("T!Rate", ["S!C2"]),
        ("K*2", []),
        ("Both", ["S!C1", "S!D1"]),
        ("Lam(1)", ["S!E1"]),
        ("Round", []),
        ("SUM(Tbl[Val])", ["S!C3:C5"]),
        ("SUM(Tbl)", ["S!B3:D5"]),
        ("SUM(Tbl[#All])", ["S!B2:D6"]),
        ("SUM(Tbl[[#Headers],[Val]])", ["S!C2"]),
        ("SUM(Tbl[[#Totals],[Code]:[Val]])", ["S!B6:C6"]),
        ("SUM(Tbl[A ']b])", ["S!D3:D5"]),
        ("SUM(Tbl[[#Data],[#Totals],[Val]])", ["S!C3:C6"]),
        ("ROW(B2)+ROWS(A$1:A1)", []),
        ("SUM(B1:INDEX(B1:B9,3))", ["S!B1", "S!B1:B9"]),
        ('"B1"&"Rate"', []),
        ("'[1]T'!B2+B3", ["S!B3"]),
        ("B3:B1", ["S!B1:B3"]),
    ],
)
def test_references(formula, expected):
    cells = {"S": {"A1": "=" + formula}, "T": {"A1": 1.0}}
    assert needs(cells, names=NAMES, tables=(TABLE,)) == expected


def test_own_row_of_a_table():
    made = book({"E4": "=Tbl[[#This Row],[Val]]", "E9": "=Tbl[@Val]"}, tables=(TABLE,))
    graph = Dependencies(made)
    assert graph.precedents(key("E4")) == (("S", Rect(4, 3, 4, 3)),)
    assert graph.precedents(key("E9")) == ()


def test_relative_name_is_relative_to_its_cell():
    assert needs({"S": {"C7": "=Left"}}, "C7", names=NAMES) == ["S!B7"]


def test_flags():
    graph = Dependencies(book({"A1": "=OFFSET(B1,1,0)", "A2": "=Far", "A3": "=[1]X!A1", "A4": "=1"}, names=NAMES))
    assert graph.dynamic == {key("A1"), key("A2")}
    assert graph.external == {key("A3")}


def test_names_that_double_are_not_written_out():
    names = tuple(DefinedName(f"N{i}x", f"N{i + 1}x+N{i + 1}x", None) for i in range(60))
    graph = Dependencies(book({"A1": "=N0x", "A2": "=A1"}, names=names))
    assert graph.dynamic == {key("A1")}


def test_children_of_an_array_depend_on_its_anchor():
    graph = Dependencies(book({"A1": "=B1:B3*2", "C1": "=A3"}, arrays={"A1": "A1:A3"}))
    assert graph.order().sorted == (key("A1"), key("C1"))
    assert graph.dependents([key("B2")]) == {key("A1"), key("C1")}


@pytest.mark.parametrize("cells", [{"A1": "=A1"}, {"A1": "=B1", "B1": "=A1"}, {"A1": "=SUM(B1:B3)", "B2": "=A1+1"}])
def test_a_cycle_is_a_value(cells):
    graph = Dependencies(book({**cells, "D1": "=A1", "D2": "=D1"}))
    assert graph.order().cycled == tuple(sorted(map(key, cells)))
    assert graph.order().sorted == (key("D1"), key("D2"))


def test_looking_at_oneself_is_no_cycle():
    assert Dependencies(book({"A1": "=ROW(A1)+COLUMN(A1)+ROWS(A$1:A1)"})).order().cycled == ()


SIZE = 6
ADDRESS = st.tuples(st.integers(1, SIZE), st.integers(1, SIZE)).map(lambda p: cell_name(*p))
RANGE = st.tuples(ADDRESS, ADDRESS).map(":".join)
WHOLE = st.sampled_from(["A:A", "B:C", "2:3", "F:F"])
FORMULAS = st.dictionaries(
    ADDRESS,
    st.lists(st.one_of(ADDRESS, RANGE, WHOLE), max_size=3).map(lambda r: "=SUM(0," + ",".join(r) + ")"),
    max_size=14,
)


def brute(made):
    """Return, for each formula cell, every formula cell it needs directly."""
    graph = Dependencies(made)
    return {
        cell: {
            other
            for _, rect in graph.precedents(cell)
            for other in graph.cells
            if rect.top <= other.row <= rect.bottom and rect.left <= other.col <= rect.right
        }
        for cell in graph.cells
    }


def reach(direct, cell):
    seen, queue = set(), list(direct[cell])
    while queue:
        other = queue.pop()
        if other not in seen:
            seen.add(other)
            queue.extend(direct[other])
    return seen


@settings(deadline=None, max_examples=150)
@given(FORMULAS)
def test_order_and_dependents_as_by_hand(formulas):
    made = book({"A1": 1.0, **formulas} if "A1" not in formulas else formulas)
    graph, direct = Dependencies(made), brute(made)
    order = graph.order()
    above = {cell: reach(direct, cell) for cell in direct}
    assert set(order.cycled) == {cell for cell in direct if cell in above[cell]}
    assert sorted((*order.sorted, *order.cycled)) == sorted(direct)
    place = {cell: i for i, cell in enumerate(order.sorted)}
    for cell in order.sorted:
        assert all(place[other] < place[cell] for other in direct[cell] if other in place)
    for cell in list(direct)[:4]:
        assert graph.dependents([cell]) == {other for other in direct if cell in above[other]}


def columns(rows, formulas):
    width = 1 + len(formulas)
    row = np.repeat(np.arange(1, rows + 1), width).astype(np.int32)
    col = np.tile(np.arange(1, width + 1), rows).astype(np.int32)
    which = np.where(col > 1, col - 2, -1).astype(np.int32)
    values = Values.numbers(row * 1.0)
    sheet = Sheet("S", "x", "visible", row, col, values, which, np.zeros(len(row), np.int32))
    return Book(Path("b.xlsx"), "", (sheet,), tuple(formulas))


def test_a_hundred_thousand_formulas():
    made = columns(50_000, ["SUM(C1:C1)/RC[-1]+SUM(R1C1:RC1)", "SUM(R1C[-1]:RC[-1])+RC[-1]"])
    start = time.perf_counter()
    graph = Dependencies(made)
    order = graph.order()
    assert len(order.sorted) == 100_000
    assert len(graph.dependents([CellKey("S", 3, 1)])) == 100_000
    assert time.perf_counter() - start < 60
