"""Values after rows have moved: every cell has the value that it had, where it now stands."""

from __future__ import annotations

from book.moving.written_parts import data, moved, package
from hypothesis import given, settings
from hypothesis import strategies as st

from xlmodel.book.moving import Growth, RowMove
from xlmodel.book.reader import read_package
from xlmodel.book.workbook import Book
from xlmodel.engine import CellKey, engines
from xlmodel.refs import Rect
from xlmodel.registry import Registry
from xlmodel.values import same_scalar

ROWS, COLUMNS = 9, "ABC"


def calculated(book: Book) -> dict[CellKey, object]:
    engine = engines()["native"]()
    engine.load(book.stripped(), Registry())
    result = engine.calculate()
    engine.close()
    return dict(zip(result.cells, result.values.scalars(), strict=True))


#: only cells above are referred to, so nothing is circular; blank rows change neither sums nor counts of numbers
@st.composite
def formulas(draw, row: int) -> str:
    def cell() -> str:
        dollars = draw(st.sampled_from([("", ""), ("$", ""), ("", "$"), ("$", "$")]))
        return f"{dollars[0]}{draw(st.sampled_from(COLUMNS))}{dollars[1]}{draw(st.integers(1, row - 1))}"

    sheet = draw(st.sampled_from(["", "", "Data!", "'Other sheet'!"]))
    kind = draw(
        st.sampled_from(["{0}{1}+1", "SUM({0}{1}:{2})", "MAX({0}{1}:{2},3)*2", "COUNT({0}{1}:{2})", "{0}{1}&{0}{2}"])
    )
    return kind.format(sheet, cell(), cell())


@st.composite
def sheets(draw) -> dict[str, str]:
    made = {}
    for name in ("Data", "Other sheet"):
        rows: dict[int, dict[str, str]] = {}
        for row in range(1, ROWS + 1):
            cells = {}
            for column in COLUMNS:
                kind = draw(st.integers(0, 3))
                if kind == 1 or (kind > 1 and row == 1):
                    cells[column] = f"<v>{draw(st.integers(-9, 9))}</v>"
                elif kind > 1:
                    cells[column] = f"<f>{draw(formulas(row)).replace('&', '&amp;')}</f>"
            if draw(st.booleans()) and row > 2:
                first = draw(formulas(row)).replace("&", "&amp;")
                cells["D"] = f'<f t="shared" si="{row}" ref="D{row}:D{row + 2}">{first}</f>'
                cells["E"] = f'<f t="shared" si="{row}"/>'
            rows[row] = cells
        made[name] = data(rows)
    return made


@settings(max_examples=10, deadline=None)
@given(sheets(), st.sampled_from(["Data", "Other sheet"]), st.integers(1, ROWS + 1), st.integers(1, 4))
def test_blank_rows_that_come_change_no_value(made, sheet, at, count):
    opened = package(made)
    book = read_package(opened)
    move = RowMove(sheet, at, count)
    after, new_book = moved(opened, book, [move])
    values, new = calculated(book), calculated(new_book)
    assert len(new) == len(values)
    for cell, value in values.items():
        row = move.row(cell.row) if cell.sheet == sheet else cell.row
        assert same_scalar(new[CellKey(cell.sheet, row, cell.col)], value, 1e-12), (cell, value)
    restored, _ = moved(after, new_book, [RowMove(sheet, at, -count)])
    for number in (1, 2):
        part = f"xl/worksheets/sheet{number}.xml"
        assert read_package(restored).formulas == book.formulas
        assert b't="shared"' in opened.read(part) or restored.read(part) == opened.read(part)


def test_what_stands_below_a_table_that_grows_over_new_rows():
    rows = {1: {"A": "<v>1</v>"}} | {row: {"A": f"<v>{row}</v>"} for row in (2, 3, 4)}
    rows[5] = {"A": "<f>SUM(A2:A4)</f>", "B": "<f>A5/SUM($A$1:$A$4)</f>"}
    opened = package({"Data": data(rows), "Other": data({1: {"A": "<f>SUM(Data!A2:A4)+Data!A5</f>"}})})
    growth = Growth("Data", Rect(2, 1, 4, 2), Rect(2, 1, 6, 2))
    _, book = moved(opened, read_package(opened), [RowMove("Data", 5, 2)], [growth])
    found = {(s.name, int(s.row[i]), int(s.col[i])): book.formula_a1(s, i) for s, i in book.formula_cells()}
    assert found == {
        ("Data", 7, 1): "SUM(A2:A6)",
        ("Data", 7, 2): "A7/SUM($A$1:$A$6)",
        ("Other", 1, 1): "SUM(Data!A2:A6)+Data!A7",
    }
