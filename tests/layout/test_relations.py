"""Relations found in typed tables and among formulas; what is accused, and what is not."""

from dataclasses import replace

import numpy as np
import pytest
from books import book
from hypothesis import given, settings
from hypothesis import strategies as st
from layout.tables import cells, table

from xlmodel.layout.relation import Op, State
from xlmodel.layout.relations import relations
from xlmodel.refs import cell_name, parse_cell

COSTS = """
Placement   | 2022/23 | 2023/24 | 2024/25 | 2025/26
Residential | 125     | 131     | 142     | 155
Fostering   | 310     | 322     | 318     | 301
Supported   | 52      | 47      | 61      | 66
Total       | 487     | 500     | 521     | 522
"""
FLOWS = """
Year     | 2022/23 | 2023/24 | 2024/25 | 2025/26
Opening  | 560     | 539     | 487     | 449
Starts   | 198     | 180     | 140     | 131
Ceases   | 219     | 232     | 178     | 150
Closing  | 539     | 487     | 449     | 430
"""
SHARES = """
Placement   | Children | Share, %
Residential | 1,310    | 26.2
Fostering   | 2,620    | 52.4
Supported   | 470      | 9.4
At home     | 350      | 7.0
Other       | 250      | 5.0
Total       | 5,000    | 100.0
"""
CHANGES = """
Council | 2023/24 | 2024/25 | Change, %
North   | 10,200  | 15,300  | 50.0
South   | 8,040   | 10,090  | 25.5
East    | 5,310   | 6,270   | 18.1
West    | 4,480   | 5,120   | 14.3
"""
RATES = """
Council | Children in care | Children 0-17 | Rate per 10,000
North   | 487              | 49,756        | 97.9
South   | 312              | 41,200        | 75.7
East    | 655              | 88,310        | 74.2
West    | 128              | 20,940        | 61.1
Mid     | 274              | 35,018        | 78.2
"""


def found(of, op=None):
    return [r for r in relations(of) if op in (None, r.op)]


def accused(of):
    return {(r.op, cell_name(c.row, c.col)) for r in relations(of) for c in r.checks if c.accused}


def changed(text, cell, to):
    return book({"S": {**cells(text), cell: to}})


@pytest.mark.parametrize(
    ("text", "op", "line", "terms"),
    [
        (COSTS, Op.SUM, 5, (2, 3, 4)),
        (FLOWS, Op.BALANCE, 5, (2, 3, 4)),
        (FLOWS, Op.CONTINUITY, 2, (5,)),
        (SHARES, Op.SHARE, 3, (2,)),
        (CHANGES, Op.CHANGE, 4, (3, 2)),
        (RATES, Op.RATE, 4, (2, 3)),
    ],
)
def test_a_relation_of_a_typed_table_is_found(text, op, line, terms):
    (relation,) = found(table(text), op)
    assert (relation.line, relation.terms) == (line, terms)
    assert relation.state is not State.DOES_NOT_TIE
    assert not accused(table(text))


@pytest.mark.parametrize(
    ("text", "cell", "to", "op"),
    [
        (COSTS, "D5", 531.0, Op.SUM),
        (COSTS, "C5", 50.0, Op.SUM),  # a unit that slipped
        (COSTS, "E5", -522.0, Op.SUM),
        (FLOWS, "C5", 477.0, Op.BALANCE),
        (FLOWS, "D2", 497.0, Op.CONTINUITY),
        (SHARES, "C4", 19.4, Op.SHARE),
        (CHANGES, "D3", 35.5, Op.CHANGE),
        (RATES, "D4", 64.2, Op.RATE),
    ],
)
def test_a_wrong_figure_is_accused(text, cell, to, op):
    assert (op, cell) in accused(changed(text, cell, to))


@pytest.mark.parametrize(
    ("text", "cell", "to"),
    [
        (COSTS, "D5", 522.0),  # four figures, each rounded to a whole number, hide 2
        (RATES, "D4", 74.1),
    ],
)
def test_what_rounding_can_hide_is_not_accused(text, cell, to):
    assert not accused(changed(text, cell, to))


def test_figures_with_decimals_are_held_to_them():
    finer = (
        COSTS.replace("131 ", "131.5 ").replace("500 ", "500.5 ").replace("142 ", "142.5 ").replace("521 ", "521.5 ")
    )
    assert not accused(table(finer))
    (relation,) = found(table(finer), Op.SUM)
    slack = {cell_name(c.row, c.col): c.slack for c in relation.checks}
    assert slack["B5"] == pytest.approx(2)  # nothing in that column has a decimal
    assert slack["C5"] < 2


@pytest.mark.parametrize(
    "text",
    [
        # a total whose other columns are no sums: means, prices, percentages
        "Home | Children | Cost | Price | Share, %\nA | 100 | 5,000 | 50 | 40\nB | 150 | 9,000 | 60 | 60"
        "\nC | 210 | 11,000 | 52 | 9\nTotal | 460 | 25,000 | 54.3 | 100",
        # a total of something else, with the same word
        "Home | 2023 | 2024\nA | 100 | 120\nB | 150 | 170\nTotal population | 78,400 | 78,900",
        # no two figures that have to do with one another
        "Home | 2023 | 2024\nA | 3 | 4\nB | 7 | 1\nTotal | 11 | 9",
        # opening and closing of one period, that do not even tie once
        "Line | 2023\nOpening | 5\nIn | 3\nClosing | 11",
    ],
)
def test_names_alone_accuse_nothing(text):
    assert not accused(table(text))


def test_a_grand_total_is_the_sum_of_subtotals():
    text = """
Item     | 2023 | 2024 | 2025
Salaries | 1,210 | 1,320 | 1,405
Travel   | 118   | 127   | 131
Subtotal | 1,328 | 1,447 | 1,536
Rent     | 404   | 410   | 420
Heat     | 91    | 97    | 103
Subtotal | 495   | 507   | 523
Total    | 1,823 | 1,954 | 2,059
"""
    lines = {r.line: r.terms for r in found(table(text), Op.SUM) if r.down}
    assert lines == {4: (2, 3), 7: (5, 6), 8: (4, 7)}


def test_a_total_above_its_parts_is_found():
    text = (
        "Item | 2023 | 2024 | 2025\nTotal | 487 | 500 | 521\nA | 125 | 131 | 142\nB | 310 | 322 | 318\nC | 52 | 47 | 61"
    )
    assert [r.terms for r in found(table(text), Op.SUM) if r.line == 2] == [(3, 4, 5)]


def test_a_formula_that_ties_is_one_of_a_relation_and_never_accused():
    of = cells(COSTS) | {f"{c}5": f"=SUM({c}2:{c}4)" for c in "BCDE"}
    saved = dict(zip(["B5", "C5", "D5", "E5"], [487.0, 500.0, 521.0, 522.0], strict=True))
    assert not accused(book({"S": of}, saved=saved))
    wrong = {**of, "D5": "=SUM(D3:D4)"}
    assert accused(book({"S": wrong}, saved={**saved, "D5": 379.0})) == {(Op.SUM, "D5")}


def test_a_formula_of_another_kind_in_a_line_of_totals_is_meant():
    of = cells(COSTS) | {f"{c}5": f"=SUM({c}2:{c}4)" for c in "BCD"} | {"E5": "=E2*E3/E4"}
    saved = dict(zip(["B5", "C5", "D5", "E5"], [487.0, 500.0, 521.0, 706.9], strict=True))
    assert not accused(book({"S": of}, saved=saved))


def test_a_change_on_the_newer_figure_is_told_apart():
    of = changed(CHANGES, "D2", 33.3)
    (check,) = [c for r in found(of, Op.CHANGE) for c in r.checks if c.accused]
    assert check.on_newer
    assert check.recomputed == pytest.approx(50)


def test_a_whole_line_on_the_newer_figure_is_seen_where_the_years_are_named():
    line = {f"D{r}": round(100 * (1 - o / n), 1) for r, (o, n) in
            enumerate([(10_200, 15_300), (8_040, 10_090), (5_310, 6_270), (4_480, 5_120)], 2)}  # fmt: skip
    of = book({"S": {**cells(CHANGES), **line}})
    (relation,) = found(of, Op.CHANGE)
    assert all(c.accused and c.on_newer for c in relation.checks)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_table_of_sums_is_never_accused_and_a_changed_total_always(data):
    rows, columns = data.draw(st.integers(3, 8)), data.draw(st.integers(3, 6))
    seed = data.draw(st.integers(0, 10_000))
    parts = np.random.default_rng(seed).integers(1_000, 99_999, (rows, columns)) / 10
    content = {cell_name(1, c + 2): f"Service {chr(65 + c)}" for c in range(columns)}
    content |= {cell_name(r + 2, 1): f"Item {chr(65 + r)}" for r in range(rows)} | {cell_name(rows + 2, 1): "Total"}
    content |= {cell_name(r + 2, c + 2): float(parts[r, c]) for r in range(rows) for c in range(columns)}
    totals = {cell_name(rows + 2, c + 2): round(float(parts[:, c].sum()), 1) for c in range(columns)}
    assert not accused(book({"S": content | totals}))
    which = data.draw(st.sampled_from(sorted(totals)))
    wrong = totals | {which: round(totals[which] * 1.1 + 3, 1)}
    assert accused(book({"S": content | wrong})) == {(Op.SUM, which)}


@settings(max_examples=20, deadline=None)
@given(above=st.integers(0, 5), beside=st.integers(0, 3))
def test_a_relation_does_not_hang_on_where_the_table_stands(above, beside):
    moved = {
        cell_name(parse_cell(name)[0] + above, parse_cell(name)[1] + beside): content
        for name, content in cells(COSTS).items()
    }
    (relation,) = found(book({"S": moved}), Op.SUM)
    assert relation.line == 5 + above
    assert len(relation.checks) == 4


def test_errors_and_truths_among_the_parts_leave_a_total_unjudged():
    of = table(COSTS)
    sheet = of.sheets[0]
    values = sheet.values.copy()
    values.put(sheet.find(3, 3), True)
    (relation,) = found(replace(of, sheets=(replace(sheet, values=values),)), Op.SUM)
    assert cell_name(5, 3) not in {cell_name(c.row, c.col) for c in relation.checks}
