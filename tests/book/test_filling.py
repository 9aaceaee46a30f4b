"""Formulas of many cells at once get the numbers that they get one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.book.formulas import FormulaTable
from xlmodel.refs import MAX_COL, MAX_ROW, to_a1, to_r1c1

FORMULAS = ["R[-1]C+1", "RC[-1]*R1C", "SUM(R5C:RC)", "R[1]C[1]", "1%", 'IF(RC1>0,"é",R[-2]C[2])', "C[1]", "SUM(R[-1])"]


def numbered(cells: list[tuple[int, int, str]]) -> tuple[list[int], tuple[str, ...]]:
    table = FormulaTable()
    table.start_sheet()
    texts = b"".join(text.encode() + b"\0" for *_, text in cells)
    rows, cols = (np.array([cell[i] for cell in cells], np.int32) for i in (0, 1))
    return table.numbers(texts, rows, cols).tolist(), table.texts


def one_by_one(cells: list[tuple[int, int, str]]) -> tuple[list[int], tuple[str, ...]]:
    keys = [to_r1c1(text, row, col) for row, col, text in cells]
    distinct = list(dict.fromkeys(keys))
    return [distinct.index(key) for key in keys], tuple(distinct)


@st.composite
def grids(draw):
    top = draw(st.sampled_from([6, 99, 9_995, MAX_ROW - 12]))
    left = draw(st.sampled_from([3, 20, 695, MAX_COL - 12]))
    height, width = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    by_row = draw(st.booleans())
    lines = draw(st.lists(st.sampled_from(FORMULAS), min_size=12, max_size=12))
    odd = draw(st.dictionaries(st.tuples(st.integers(0, 11), st.integers(0, 11)), st.sampled_from(["", *FORMULAS])))
    cells = []
    for i in range(height):
        for j in range(width):
            formula = odd.get((i, j), lines[i if by_row else j])
            if formula:
                cells.append((top + i, left + j, to_a1(formula, top + i, left + j)))
    return cells


@given(grids().filter(bool))
def test_grids(cells):
    assert numbered(cells) == one_by_one(cells)


@pytest.mark.parametrize("down", [True, False])
def test_long_runs_that_break_and_go_on(down):
    places = [(5 + i, 3) if down else (5, 3 + i) for i in range(9_000)]
    formulas = ["R[-1]C[-1]*2" if 0 < i % 4_500 < 4_321 else "RC[-2]" for i in range(9_000)]
    cells = [(*place, to_a1(formula, *place)) for place, formula in zip(places, formulas, strict=True)]
    assert numbered(cells) == one_by_one(cells)


def test_references_that_would_leave_the_sheet():
    # filled right, C1 would be followed by no column; written so, it is another formula
    cells = [(1, MAX_COL - 1, "XFD1"), (1, MAX_COL, "XFE1"), (MAX_ROW - 1, 1, "A1048576"), (MAX_ROW, 1, "A1048577")]
    assert numbered(cells) == one_by_one(cells)


def test_many_distinct_formulas_are_not_all_remembered():
    cells = [(row, 1, f"{row}*{row}+LN(B{row})") for row in range(1, 6_001)]
    numbers, texts = numbered(cells)
    assert numbers == list(range(6_000))
    assert texts[-1] == "6000*6000+LN(RC[1])"
