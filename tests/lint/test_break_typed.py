"""Which typed numbers stand in for a formula, and which are inputs."""

import pytest
from books import book

from xlmodel.lint.subject import Subject
from xlmodel.lint.typed import typed

COLUMNS = "BCDEFGHI"


def row(number, content):
    return {f"{c}{number}": content(c, 1 + n) for n, c in enumerate(COLUMNS)}


DATA = row(1, lambda c, n: 100.5 * n) | row(2, lambda c, n: 7.0 * n * n)


def formulas(number, text):
    return row(number, lambda c, n: "=" + text.replace("@", c))


def sums(**typed_in):
    return DATA | formulas(3, "SUM(@1:@2)") | typed_in


CORKSCREW = {
    **row(1, lambda c, n: "=" + chr(ord(c) - 1) + "3"), "B1": 40.0,
    **row(2, lambda c, n: 10.5 * n),
    **formulas(3, "@1+@2"),
}  # fmt: skip
CLOSINGS = {f"{c}3": 40.0 + sum(10.5 * (1 + k) for k in range(n + 1)) for n, c in enumerate(COLUMNS)}
OPENINGS = {f"{c}1": CLOSINGS[f"{chr(ord(c) - 1)}3"] for c in COLUMNS[1:]}

CASES = {
    "formulas alone": (sums(), {}, set()),
    "between formulas": (sums(E3=999.0), {}, {("E3", False)}),
    "between formulas, what they give": (sums(E3=514.0), {}, {("E3", True)}),
    "at the end, what the formula gives": (sums(I3=804.0 + 448.0), {}, {("I3", True)}),
    "rounded": (sums(H3=1047.0), {}, {("H3", True)}),
    "at the start, nearly what the formula gives": (sums(B3=107.0), {}, {("B3", False)}),
    "at the start, something else": (sums(B3=5000.0), {}, set()),
    "history, then forecast": (sums(**{f"{c}3": 1.0 for c in "BCDE"}), {}, set()),
    "a column of inputs in a table": (
        DATA | formulas(3, "@1*2") | formulas(4, "@1*2") | {"E3": 5.0, "E4": 6.0},
        {},
        set(),
    ),
    "a link typed over": (CORKSCREW | {"E1": CLOSINGS["D3"]}, OPENINGS | CLOSINGS, {("E1", True)}),
    "an opening balance is an input": (CORKSCREW, OPENINGS | CLOSINGS, set()),
    "a series that begins with a number": (
        {"B1": 300.0} | {f"{c}1": f"={chr(ord(c) - 1)}1+1" for c in COLUMNS[1:]},
        {},
        set(),
    ),
    "growth that begins with a zero in each table": (
        {f"A{n}": float(100 + n) for n in range(1, 13)}
        | {f"B{n}": 0.0 if n % 4 == 1 else f"=A{n}/A{n - 1}-1" for n in range(1, 13)},
        {},
        set(),
    ),
    "a number the other column is calculated from": (
        {f"A{n}": float(n) + 0.5 for n in range(1, 10)} | {f"B{n}": f"=A{n}*37" for n in range(1, 10)}
        | {"A5": "=B5/37", "B5": 203.5},
        {"A5": 5.5},
        set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_stands_in_for_a_formula(name):
    cells, saved, expected = CASES[name]
    found = typed(Subject(book(cells, saved=saved)))
    assert {(one.rect.name, one.copied) for one in found} == expected


@pytest.mark.parametrize(("text", "linked"), [("@1", True), ("SUM(@1:@2)", False)])
def test_a_link_is_told_from_a_calculation(text, linked):
    cells = DATA | formulas(3, text) | {"E3": 402.0}
    (one,) = typed(Subject(book(cells)))
    assert (one.rect.name, one.linked) == ("E3", linked)
    assert one.proposed(book(cells).formulas) == text.replace("@", "E")
