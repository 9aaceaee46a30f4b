"""Which formulas break their row or column, and which only look as if they did."""

import pytest
from books import book
from hypothesis import given, settings
from hypothesis import strategies as st

from xlmodel.lint.breaks import How, breaks
from xlmodel.lint.subject import Subject
from xlmodel.refs import Area, cell_name, parse_cell, tokens

COLUMNS = range(2, 10)  # B to I


def table(rows, formulas):
    """Return typed rows of figures, and under them a formula for each column: a text, or one by its column."""
    cells = {cell_name(r, c): 10 * r + c for r in range(1, rows + 1) for c in COLUMNS}
    for row, formula in formulas.items():
        for c in COLUMNS:
            text = formula.get(c, formula.get(None)) if isinstance(formula, dict) else formula
            if text is not None:
                letter = cell_name(1, c)[:-1]
                cells[cell_name(row, c)] = "=" + text.replace("@", letter)
    return cells


def transposed(cells):
    """Return the same sheet with rows and columns exchanged."""

    def turned(area):
        return Area(area.prefix, area.left, area.top, area.right, area.bottom, area.single)

    out = {}
    for name, content in cells.items():
        row, col = parse_cell(name)
        if isinstance(content, str) and content.startswith("="):
            pieces = tokens(content[1:], row, col)
            content = "=" + "".join(turned(t.area).a1(col, row) if t.area else t.text for t in pieces)
        out[cell_name(col, row)] = content
    return out


def found(cells, **more):
    return {(" ".join(rect.name for rect in one.rects), one.how) for one in breaks(Subject(book(cells, **more)), 0)}


SUMS = "SUM(@1:@4)"
CASES = {
    "all alike": (table(4, {5: SUMS}), set()),
    "a shorter range": (table(4, {5: {None: SUMS, 4: "SUM(@2:@4)"}}), {("D5", How.LESS)}),
    "a shorter range at the end": (table(4, {5: {None: SUMS, 9: "SUM(@1:@3)"}}), {("I5", How.LESS)}),
    "a shorter range at the start": (table(4, {5: {None: SUMS, 2: "SUM(@2:@4)"}}), {("B5", How.LESS)}),
    "one odd formula in two places is one finding": (
        table(4, {5: {None: SUMS, 4: "SUM(@2:@4)", 6: "SUM(@2:@4)"}}),
        {("D5 F5", How.LESS)},
    ),
    "a shifted range": (table(5, {6: {None: "SUM(@1:@4)", 5: "SUM(@2:@5)"}}), {("E6", How.ELSEWHERE)}),
    "a subtraction left out": (table(4, {5: {None: "@1-@2-@3", 5: "@1-@2"}}), {("E5", How.LESS)}),
    "another sign": (table(4, {5: {None: "@1-@2", 5: "@1+@2"}}), {("E5", How.OTHERWISE)}),
    "a thousand too many": (table(4, {5: {None: "@1*@2", 5: "@1*@2*1000"}}), {("E5", How.OTHERWISE)}),
    "another rate": (table(4, {5: {None: "@1*1.02", 5: "@1*1.2"}}), {("E5", How.NUMBER)}),
    "a base that slipped": (table(4, {5: {None: "@1/@4", 5: "@1/@3"}}), {("E5", How.ELSEWHERE)}),
    "another fixed cell": (table(4, {5: {None: "@1*$B$4", 5: "@1*$B$3"}}), {("E5", How.ELSEWHERE)}),
    "the same in another order": (table(4, {5: {None: "@1+@2", 5: "@2+@1"}}), set()),
    "the same with a plus in front": (table(4, {5: {None: "@1+@2", 5: "+@1+@2"}}), set()),
    "rates that differ by column": (table(4, {5: {None: "@1*1.02", 4: "@1*1.03", 6: "@1*1.04"}}), set()),
    "counts and shares in turn": (
        table(4, {5: {c: "SUM(@1:@4)" if c % 2 else "SUM(@1:@3)" for c in COLUMNS}}),
        set(),
    ),
    "a total of the row at its end": (table(4, {5: {None: SUMS, 9: "SUM(B5:H5)"}}), set()),
    "a grand total at the end": (table(4, {5: {None: "COUNT(@1:@4)", 9: "COUNT(B1:I4)"}}), set()),
    "typed sums": (table(1, {5: {None: "1+2", 5: "3+3"}}), set()),
    "a section of its own": (table(4, {5: {c: "@1*@2" if c < 7 else "@1*@2*2" for c in COLUMNS}}), set()),
    "an opening that links elsewhere": (table(4, {5: {None: "@1+@2", 2: "$K$9"}}), set()),
    "two halves of a table, each with its formula": (
        table(4, {5: {c: "@1*@2" if c < 6 else "ROUND(@3,0)" for c in COLUMNS}}),
        set(),
    ),
    "a heading in the range is nothing left out": (
        table(4, {5: {None: "SUM(@2:@4)", 9: SUMS}}) | {f"{cell_name(1, c)}": 2000 + c for c in COLUMNS},
        {("I5", How.MORE)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_along_rows_and_columns_alike(name):
    cells, expected = CASES[name]
    saved = {cell: 1.5 + n for n, (cell, text) in enumerate(cells.items()) if str(text).startswith("=")}
    if "same" in name:  # what is saved agrees with what either form gives
        saved = {cell: float(cells[cell[0] + "1"] + cells[cell[0] + "2"]) for cell in saved}
    assert found(cells, saved=saved) == expected
    turned = {cell_name(*reversed(parse_cell(cell))): value for cell, value in saved.items()}
    assert found(transposed(cells), saved=turned) == {(_turned(rects), how) for rects, how in expected}


def _turned(rects):
    return " ".join(cell_name(*reversed(parse_cell(name))) for name in rects.split())


def test_the_side_that_leaves_out_figures_is_accused_also_where_it_is_the_larger():
    cells = table(4, {5: {None: "SUM(@1:@3)", 8: SUMS, 9: SUMS}})
    for column in "BCDEFG":
        cells[f"{column}4"] = 0
    assert found(cells) == {("B5:G5", How.LESS)}


def test_the_first_of_a_chain_has_its_own_start():
    # a loan: each opening is the closing before, the first is the sum that was borrowed
    loan = {"B1": 1000, "B2": 0.05, "C7": "Opening", "D7": "Interest", "E7": "Paid", "F7": "Closing"}
    for row in range(8, 15):
        opening = "=B1" if row == 8 else f"=F{row - 1}"
        loan |= {f"C{row}": opening, f"D{row}": f"=C{row}*$B$2", f"E{row}": 150, f"F{row}": f"=C{row}+D{row}-E{row}"}
    assert found(loan) == found(transposed(loan)) == set()
    assert found(loan | {"C11": "=F9"}) == {("C11", How.ELSEWHERE)}


def test_a_comparison_turned_round_is_meant():
    # ratings: of some indicators the lower is better, of one the higher
    rows = {r: "<=" if r != 6 else ">=" for r in range(2, 14)}
    cells = {f"A{r}": 10 * r for r in rows} | {f"B{r}": 77 for r in rows}
    cells |= {f"C{r}": f'=IF(B{r}{sign}A{r},"Green","Red")' for r, sign in rows.items()}
    assert found(cells) == set()
    assert found(cells | {"C6": '=IF(B6<A6,"Green","Red")'}) == {("C6", How.OTHERWISE)}


def test_a_row_of_formulas_that_differ_in_a_number_is_a_line_of_its_own():
    # a forecast: every service stays at its average, one grows by a rate typed for each month
    cells = {f"{c}{r}": r for c in "ABC" for r in range(2, 8)}
    cells |= {f"{c}{r}": f"=AVERAGE($A{r}:$C{r})" for c in "DEFG" for r in range(2, 8)}
    growing = {f"{c}4": f"=AVERAGE($A4:$C4)*(1+0.01*{n})" for n, c in enumerate("DEFG", 1)}
    assert found(cells | growing) == set()
    assert found(cells | {"E4": growing["E4"]}) == {("E4", How.OTHERWISE)}


def test_what_nearly_all_leave_out_is_meant():
    assert found(table(4, {5: {None: "SUM(@1:@3)", 9: SUMS}})) == {("I5", How.MORE)}


def test_a_sheet_of_different_formulas_has_no_odd_ones():
    cells = {}
    for block in range(12):
        row = 3 * block + 1
        cells |= {cell_name(row, c): c for c in COLUMNS}
        cells |= {cell_name(row + 1, c): f"={cell_name(row, c)}*{'2' if c != 5 else '(1+1)*1'}" for c in COLUMNS}
    results = {cell: 7.25 for cell, text in cells.items() if str(text).startswith("=")}
    assert found(cells, saved=results) == set()


@settings(max_examples=40, deadline=None)
@given(rows=st.integers(3, 8), odd=st.integers(3, 8), line=st.integers(0, 2), top=st.booleans())
def test_one_shortened_sum_among_rows_of_formulas_is_the_one_finding(rows, odd, line, top):
    formulas = {rows + 1 + n: f"SUM(@1:@{rows})+{n}" for n in range(3)}
    assert found(table(rows, formulas)) == set()
    short = f"SUM(@2:@{rows})" if top else f"SUM(@1:@{rows - 1})"
    formulas[rows + 1 + line] = {None: formulas[rows + 1 + line], odd: f"{short}+{line}"}
    assert found(table(rows, formulas)) == {(cell_name(rows + 1 + line, odd), How.LESS)}
