"""Formulas that are harmless one by one: names and cells that go round, explode or never end together."""

from __future__ import annotations

from hostile.case import Cases
from hostile.packing import book

__all__ = ["CASES"]

CASES = case = Cases()


@case(may_fail=True)
def texts_that_double_from_cell_to_cell() -> bytes:
    return book({"A1": "x" * 1_000, **{f"A{i}": f"=A{i - 1}&A{i - 1}" for i in range(2, 60)}})


@case(may_fail=True)
def texts_that_double_from_sum_to_sum() -> bytes:
    return book({"A1": 1.0, **{f"A{i}": f"=SUM(A$1:A{i - 1})" for i in range(2, 1_200)}})


@case()
def names_that_name_themselves() -> bytes:
    return book(
        {"A1": "=Self", "A2": "=Ping+1", "A3": "=SUM(Pong)", "A4": "=S!Self", "A5": '=INDIRECT("Self")'},
        names={"Self": "Self+1", "Ping": "Pong", "Pong": "Ping"},
    )


@case(expected={"A1": 1e10})
def names_that_explode() -> bytes:
    """Ten uses of a name of ten uses of a name: ten thousand million ones."""
    return book(
        {"A1": "=Ha_10", "A2": "=SUM(Ha_10,Ha_10)"},
        names={"Ha_0": "1", **{f"Ha_{i}": "+".join([f"Ha_{i - 1}"] * 10) for i in range(1, 11)}},
    )


@case(may_fail=True)
def names_that_explode_as_text() -> bytes:
    return book(
        {"A1": "=Ha_30", "A2": "=LEN(Ha_30)"},
        names={"Ha_0": '"laugh"', **{f"Ha_{i}": f"Ha_{i - 1}&Ha_{i - 1}" for i in range(1, 31)}},
    )


@case(slow=True)
def names_that_call_themselves() -> bytes:
    calls = {
        "Forever": "_xlfn.LAMBDA(_xlpm.x,Forever(_xlpm.x+1))",
        "Ping": "_xlfn.LAMBDA(_xlpm.x,Pong(_xlpm.x))",
        "Pong": "_xlfn.LAMBDA(_xlpm.x,Ping(_xlpm.x))",
        "Tree": "_xlfn.LAMBDA(_xlpm.x,Tree(_xlpm.x)+Tree(_xlpm.x))",
        "Fib": "_xlfn.LAMBDA(_xlpm.n,IF(_xlpm.n<2,_xlpm.n,Fib(_xlpm.n-1)+Fib(_xlpm.n-2)))",
    }
    return book({"A1": "=Forever(1)", "A2": "=Ping(1)", "A3": "=Tree(1)", "A4": "=Fib(60)"}, names=calls)


@case()
def names_that_are_not_names() -> bytes:
    evil = {
        "A1": "1",
        "R1C1": "2",
        "": "3",
        "1x": "4",
        "SUM": "5",
        "x" * 300: "6",
        "TRUE": "7",
        "_xlnm.Print_Area": "garbage((",
        "n.n": "(" * 4_000,
        "m": "S!A1:",
        "k": "#REF!A1",
        "j": '"',
    }
    return book({f"C{i}": f"={n or 'Q'}" for i, n in enumerate(evil, 1)}, names=evil)


@case()
def names_relative_to_cells_at_the_edge() -> bytes:
    return book(
        {"A1": "=Up", "XFD1": "=Right", "A1048576": "=Down", "C3": "=SUM(Row)"},
        names={"Up": "S!A1048576", "Right": "S!B1", "Down": "S!A2", "Row": "S!1:1048576"},
    )


@case()
def indirections_in_a_ring() -> bytes:
    return book({f"A{i}": f'=INDIRECT("A"&{i % 500 + 1})+1' for i in range(1, 501)})


@case(expected={"A2000": 2_000.0})
def indirections_in_a_chain() -> bytes:
    return book({"A1": 1.0, **{f"A{i}": '=INDIRECT("A"&(ROW()-1))+1' for i in range(2, 2_001)}})


@case(expected={"B1000": 1.0}, may_fail=True)
def offsets_by_the_thousand() -> bytes:
    cells: dict[str, str | float] = {f"A{i}": 1.0 for i in range(1, 1_001)}
    return book({**cells, **{f"B{i}": f"=SUM(OFFSET($A$1,0,0,{i},1))/ROW()" for i in range(1, 1_001)}})


@case(expected={"C2000": 2_000.0}, may_fail=True)
def lookups_by_the_thousand() -> bytes:
    cells: dict[str, str | float] = {}
    for i in range(1, 2_001):
        cells |= {f"A{i}": f"key {i}", f"B{i}": float(i), f"C{i}": f'=INDEX(B:B,MATCH("key "&{i},A:A,0))'}
    return book(cells)
