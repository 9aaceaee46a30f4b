"""Rows that come to a table and go from it: what a new cell looks like and holds, and what is refused."""

from __future__ import annotations

import datetime
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table, TableFormula

from xlmodel.book import read_book
from xlmodel.book.moving import RowMove
from xlmodel.book.package import Package
from xlmodel.book.reader import read_package
from xlmodel.book.table_rows import AppendRows, RemoveRows, append_rows, calculated_columns, remove_rows
from xlmodel.errors import BookError, StaleBookError, UnsupportedEditError
from xlmodel.refs import MAX_ROW, Rect
from xlmodel.registry import Registry
from xlmodel.sync.recalc import recalculate
from xlmodel.values import ErrorValue, Values
from xlmodel.verify.check import Means

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET, TABLE = "xl/worksheets/sheet1.xml", "xl/tables/table1.xml"
SOUTHAMPTON = Path(__file__).parents[2] / "workbooks" / "southampton" / "southampton.xlsx"
SOFFICE = shutil.which("soffice")


@pytest.fixture
def ledger(tmp_path):
    """A table of costs at B3:F7, its formulas filled down, with formats of all kinds; a note far below."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Ledger"
    headings = ("Code", "Paid on", "Net", "Gross", "Note")
    for col, heading in enumerate(headings, 2):
        sheet.cell(3, col, heading)
    for i in range(4):
        contents = (f"00{i}", datetime.date(2024, 4, 1 + i), 10.5 * i, f"=D{i + 4}*1.2", None)
        for col, content in enumerate(contents, 2):
            sheet.cell(i + 4, col, content)
        sheet.cell(i + 4, 3).number_format = "dd/mm/yyyy"
        sheet.cell(i + 4, 4).number_format = "#,##0.00"
        sheet.cell(i + 4, 6).font = Font(italic=True)
    sheet.row_dimensions[7].height = 31
    table = Table(displayName="Costs", ref="B3:F7")
    table._initialise_columns()
    for column, heading in zip(table.tableColumns, headings, strict=True):
        column.name = heading
    sheet.add_table(table)
    sheet["H1"] = "=SUM(D4:D7)"
    sheet["H5"] = "beside"
    sheet["B20"] = "a note"
    other = book.create_sheet("Other")
    other["A1"] = "=SUM(Ledger!$D$4:$D$7)+Ledger!B20"
    path = tmp_path / "ledger.xlsx"
    book.save(path)
    return path


def appended(path, columns, table="Costs", formats=None):
    """Append rows; return what came of it and the workbook as it reads then."""
    values = {heading: Values.of(list(contents)) for heading, contents in columns.items()}
    result = append_rows(path.read_bytes(), read_book(path), AppendRows(table, values, formats or {}))
    return result, read_package(Package(result.content, path))


def part(content: bytes, name: str = SHEET) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()


def rewritten(path, name, *changes):
    """Change a part of a file by hand."""
    content = {x: zipfile.ZipFile(path).read(x) for x in zipfile.ZipFile(path).namelist()}
    text = content[name].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    content[name] = text.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for x, data in content.items():
            package.writestr(x, data)
    return path


def shown(book, sheet="Ledger"):
    """All cells that hold something: content and formula by place."""
    cells = book.sheet(sheet)
    every = {
        (int(cells.row[i]), int(cells.col[i])): (cells.values.item(i), book.formula_a1(cells, i))
        for i in range(len(cells))
    }
    return {place: held for place, held in every.items() if held != (None, "")}


# --- what a new row holds --------------------------------------------------------------------------------------------

ROWS = {
    "Code": ["007", "=1+1", " <&> _x0041_\nline "],
    "Paid on": [45_400.0, None, 45_402.5],
    "Net": [0.1 + 0.2, 1e22, -3.0],
    "Note": [True, ErrorValue("#N/A"), "é"],
}


def test_new_rows_hold_what_came_in_the_formats_of_the_last_row(ledger):
    result, book = appended(ledger, ROWS)
    cells = openpyxl.load_workbook(io.BytesIO(result.content))["Ledger"]
    assert (result.table, result.filled, result.moves) == (Rect(3, 2, 10, 6), Rect(8, 2, 10, 6), ())
    assert [[cells.cell(r, c).value for c in range(2, 7)] for r in (8, 9, 10)] == [
        ["007", datetime.datetime(2024, 4, 18), 0.1 + 0.2, "=D8*1.2", True],
        ["=1+1", None, 1e22, "=D9*1.2", "#N/A"],
        [" <&> _x005F_x0041_\nline ", datetime.datetime(2024, 4, 20, 12), -3, "=D10*1.2", "é"],
    ]
    assert cells["B9"].data_type == "s"
    for col in range(2, 7):
        assert {cells.cell(r, col)._style for r in (8, 9, 10)} == {cells.cell(7, col)._style}
    assert cells.row_dimensions[9].height == 31
    assert [book.sheet("Ledger").value(r, 2) for r in (8, 9, 10)] == ROWS["Code"]
    assert result.formulas == ((8, 5), (9, 5), (10, 5))


def test_what_is_not_the_table_stays_byte_for_byte(ledger):
    result, _ = appended(ledger, ROWS)
    old, new = zipfile.ZipFile(ledger), zipfile.ZipFile(io.BytesIO(result.content))
    assert result.members == tuple(new.namelist()) == tuple(old.namelist())
    changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert changed == {SHEET, TABLE, "xl/worksheets/sheet2.xml"} == set(result.changed)


def test_the_table_and_what_refers_to_its_columns_reach_further(ledger):
    result, book = appended(ledger, ROWS)
    assert 'ref="B3:F10"' in part(result.content, TABLE)
    assert part(result.content, TABLE).count('ref="B3:F7"') == 0
    assert book.formula_a1(book.sheet("Ledger"), book.sheet("Ledger").find(1, 8)) == "SUM(D4:D10)"
    assert book.formula_a1(book.sheet("Other"), 0) == "SUM(Ledger!$D$4:$D$10)+Ledger!B20"
    assert "dimension" not in part(result.content) or 'ref="B1:H20"' in part(result.content)


def test_without_room_rows_of_the_sheet_are_inserted(ledger):
    result, book = appended(ledger, {"Code": [f"n{i}" for i in range(20)]})
    assert result.moves == (RowMove("Ledger", 8, 20),)
    sheet = book.sheet("Ledger")
    assert [sheet.value(r, 2) for r in (27, 28, 40)] == ["n19", None, "a note"]
    assert book.formula_a1(book.sheet("Other"), 0) == "SUM(Ledger!$D$4:$D$27)+Ledger!B40"


def test_rows_that_stand_below_take_the_new_cells_in_and_keep_the_others(ledger):
    book = openpyxl.load_workbook(ledger)
    sheet = book["Ledger"]
    sheet["A9"], sheet["H8"], sheet["H9"] = "left", "right", "=H8"
    sheet["C9"].font = Font(bold=True)
    sheet.row_dimensions[10].height = 50
    book.save(ledger)
    result, book = appended(ledger, {"Code": ["a", "b", "c", "d"], "Net": [1.0, 2.0, 3.0, 4.0]})
    assert result.moves == ()
    held = shown(book)
    assert {place: held[place][0] for place in ((8, 2), (9, 2), (10, 2), (11, 4), (9, 1), (8, 8))} == {
        (8, 2): "a", (9, 2): "b", (10, 2): "c", (11, 4): 4.0, (9, 1): "left", (8, 8): "right",
    }  # fmt: skip
    cells = openpyxl.load_workbook(io.BytesIO(result.content))["Ledger"]
    assert (cells["C9"].font.bold, cells["C9"].number_format) == (False, "dd/mm/yyyy")
    assert cells.row_dimensions[10].height == 50
    rows = [int(x.split('"')[0]) for x in part(result.content).split('<row r="')[1:]]
    assert rows == sorted(set(rows))


def test_a_number_format_of_its_own(ledger):
    result, _ = appended(ledger, {"Net": [1.0], "Note": [45_400.0]}, formats={"note": "yyyy-mm-dd"})
    cells = openpyxl.load_workbook(io.BytesIO(result.content))["Ledger"]
    assert (cells["F8"].number_format, cells["F8"].font.italic, cells["F7"].number_format) == (
        "yyyy-mm-dd", True, "General",
    )  # fmt: skip
    assert "xl/styles.xml" in result.changed


def test_names_in_any_case_and_no_rows_at_all(ledger):
    result, _ = appended(ledger, {"CODE": []}, table="cOSTS")
    assert result.content == ledger.read_bytes()
    assert (result.changed, result.filled, result.table) == ((), None, Rect(3, 2, 7, 6))


def test_many_rows_are_those_that_came(ledger):
    numbers = np.arange(5000) / 7
    columns = {"Code": Values.of([f"{i:05d}" for i in range(5000)]), "Net": Values.numbers(numbers)}
    result = append_rows(ledger.read_bytes(), read_book(ledger), AppendRows("Costs", columns))
    book = read_package(Package(result.content, ledger))
    block = book.sheet("Ledger").block(result.filled)
    assert block.text[:, 0].tolist() == columns["Code"].text.tolist()
    assert (block.num[:, 2] == numbers).all()
    formulas = {book.formulas[n] for n in book.sheet("Ledger").formula if n >= 0}
    assert formulas == {"RC[-1]*1.2", "SUM(R[3]C[-4]:R[5006]C[-4])"}


# --- columns that a formula fills ------------------------------------------------------------------------------------

FILLED = {
    "one formula in all rows": (["=C2*2", "=C3*2", "=C4*2"], None, "C5*2"),
    "a running balance": (["=C2", "=D2+C3", "=D3+C4"], None, "D4+C5"),
    "absolute rows": (["=C2/C$1", "=C3/C$1", "=C4/C$1"], None, "C5/C$1"),
    "some typed over": (["=C2*2", 7, "=C4*2"], None, None),
    "the table says so, one typed over": (["=C2*2", "=C3*2", 7], "C2*2", "C5*2"),
    "the table says so, all typed over": ([5, 6, 7], "C2*2", "C5*2"),
    "a structured reference": (["=T[[#This Row],[c]]*2", 6, 7], "T[[#This Row],[c]]*2", "T[[#This Row],[c]]*2"),
    "formulas that differ": (["=C2*2", "=C3*3", "=C4*4"], None, None),
    "typed in": ([5, 6, 7], None, None),
}


@pytest.mark.parametrize(("column", "kept", "formula"), FILLED.values(), ids=FILLED)
def test_which_columns_a_formula_fills(tmp_path, column, kept, formula):
    path = sheet_of(tmp_path, column, kept)
    assert calculated_columns(path.read_bytes(), read_book(path), "T") == (() if formula is None else ("d",))
    result, book = appended(path, {"b": ["x", "y"], "c": [1.0, 2.0]}, "T")
    sheet = book.sheet("S")
    assert (book.formula_a1(sheet, sheet.find(5, 4)) if sheet.find(5, 4) >= 0 else "") == (formula or "")
    assert len(result.formulas) == (0 if formula is None else 2)


def sheet_of(tmp_path, column, kept=None, *, name="table.xlsx"):
    """A table at B1:D4 whose last column holds what is given."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "S"
    for col, heading in enumerate("bcd", 2):
        sheet.cell(1, col, heading)
    for row, content in enumerate(column, 2):
        sheet.cell(row, 2, f"line {row}")
        sheet.cell(row, 3, row * 1.5)
        sheet.cell(row, 4, content)
    table = Table(displayName="T", ref=f"B1:D{len(column) + 1}")
    table._initialise_columns()
    for tabled, heading in zip(table.tableColumns, "bcd", strict=True):
        tabled.name = heading
    if kept:
        table.tableColumns[2].calculatedColumnFormula = TableFormula(attr_text=kept)
    sheet.add_table(table)
    path = tmp_path / name
    book.save(path)
    return path


def test_shared_formulas_keep_their_words(tmp_path):
    path = sheet_of(tmp_path, ["=C2*2", "=C3*2", "=C4*2"])
    rewritten(
        path, SHEET,
        ("<f>C2*2</f>", '<f t="shared" ref="D2:D4" si="0">_xldudf_CSC_X(C2)&amp;"&lt;a&gt;"</f>'),
        ("<f>C3*2</f>", '<f t="shared" si="0"/>'),
        ("<f>C4*2</f>", '<f t="shared" si="0"/>'),
    )  # fmt: skip
    result, _ = appended(path, {"c": [1.0, 2.0]}, "T")
    assert part(result.content).count('<f>_xldudf_CSC_X(C6)&amp;"&lt;a&gt;"</f>') == 1


def test_array_formulas_are_filled_as_array_formulas(tmp_path):
    path = sheet_of(tmp_path, ["=C2*2", "=C3*2", "=C4*2"])
    rewritten(
        path, SHEET,
        *((f"<f>C{r}*2</f>", f'<f t="array" ref="D{r}">SUM(C{r}:C${r}*{{1,2}})</f>'.replace(f"C${r}", f"C{r}"))
          for r in (2, 3, 4)),
        ('<c r="D4"', '<c r="D4" cm="1"'),
    )  # fmt: skip
    result, book = appended(path, {"c": [1.0, 2.0]}, "T")
    assert '<c r="D6" cm="1"><f t="array" ref="D6">SUM(C6:C6*{1,2})</f></c>' in part(result.content)
    assert list(book.sheet("S").arrays.values())[-1] == Rect(6, 4, 6, 4)


def test_the_calculation_chain_goes_where_formulas_come(make_book):
    path = make_book(
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="2"><c r="A2"><f>1+1</f></c>'
        '</row></sheetData><tableParts count="1"><tablePart xmlns:r="http://schemas.openxmlformats.org/officeDocument/'
        '2006/relationships" r:id="rId1"/></tableParts>',
        {
            "xl/worksheets/_rels/sheet1.xml.rels": "<Relationships xmlns="
            '"http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
            f'Type="{OFFICE}/table" Target="../tables/table1.xml"/></Relationships>',
            TABLE: f'<table xmlns="{MAIN}" id="1" name="T" displayName="T" ref="A1:B2"><tableColumns count="2">'
            '<tableColumn id="1" name="a"/><tableColumn id="2" name="b"/></tableColumns></table>',
        },
    )
    result, _ = appended(path, {"b": [1.0]}, "T")
    assert result.removed == ("xl/calcChain.xml",)
    assert "xl/calcChain.xml" not in result.members


# --- tables of other shapes ------------------------------------------------------------------------------------------


def test_the_blank_row_of_an_empty_table_is_filled_first(tmp_path):
    path = sheet_of(tmp_path, ["=C2*2"])
    book = openpyxl.load_workbook(path)
    book["S"]["B2"] = book["S"]["C2"] = None
    book.save(path)
    rewritten(path, TABLE, ('displayName="T"', 'displayName="T" insertRow="1"'))
    result, book = appended(path, {"b": ["x", "y"]}, "T")
    assert (result.filled, result.table) == (Rect(2, 2, 3, 4), Rect(1, 2, 3, 4))
    assert (shown(book, "S")[2, 2], shown(book, "S")[3, 4]) == (("x", ""), (None, "C3*2"))
    assert "insertRow" not in part(result.content, TABLE)


def test_one_row_into_the_blank_one_moves_nothing(tmp_path):
    path = sheet_of(tmp_path, [None])
    book = openpyxl.load_workbook(path)
    book["S"]["B2"] = book["S"]["C2"] = None
    book["S"]["B3"] = "right below"
    book.save(path)
    result, book = appended(path, {"d": ["x"]}, "T")
    assert (result.moves, result.table, shown(book, "S")[2, 4]) == ((), Rect(1, 2, 2, 4), ("x", ""))


def test_totals_stay_last_and_take_the_new_rows_in(tmp_path):
    path = sheet_of(tmp_path, [1, 2, 3])
    book = openpyxl.load_workbook(path)
    sheet = book["S"]
    sheet["B5"], sheet["C5"], sheet["D5"] = "Total", "=SUBTOTAL(109,T[c])", "=SUM(D2:D4)"
    sheet.tables["T"].ref, sheet.tables["T"].totalsRowCount = "B1:D5", 1
    book.save(path)
    result, book = appended(path, {"d": [4.0, 5.0]}, "T")
    table = book.tables[0]
    assert (table.rect, table.totals_rows, result.filled) == (Rect(1, 2, 7, 4), 1, Rect(5, 2, 6, 4))
    assert (shown(book, "S")[7, 4][1], shown(book, "S")[7, 2][0]) == ("SUM(D2:D6)", "Total")
    assert 'autoFilter ref="B1:D6"' in part(result.content, TABLE)


def test_a_table_without_headings(tmp_path):
    path = sheet_of(tmp_path, [1, 2, 3])
    filtered = part(path.read_bytes(), TABLE)
    auto = filtered[filtered.index("<autoFilter") : filtered.index("<tableColumns")]
    rewritten(path, TABLE, (auto, ""), ('ref="B1:D4"', 'ref="B2:D4"'), ('headerRowCount="1"', 'headerRowCount="0"'))
    result, book = appended(path, {"d": [9.0]}, "T")
    assert (book.tables[0].body, shown(book, "S")[5, 4]) == (Rect(2, 2, 5, 4), (9.0, ""))
    assert result.table == Rect(2, 2, 5, 4)


def test_a_sheet_whose_elements_have_a_prefix(tmp_path):
    path = sheet_of(tmp_path, [None])
    book = openpyxl.load_workbook(path)
    book["S"]["B2"] = book["S"]["C2"] = None
    book.save(path)
    text = part(path.read_bytes())
    root = text[text.index("<worksheet") : text.index(">", text.index("<worksheet")) + 1]
    inner = text.split(root)[1].replace("</", "\0").replace("<", "<x:").replace("\0", "</x:")
    rewritten(path, SHEET, (text, root.replace("<worksheet", "<x:worksheet").replace("xmlns=", "xmlns:x=") + inner))
    result, book = appended(path, {"b": ["x"], "c": [1.0]}, "T")
    assert [shown(book, "S")[2, c] for c in (2, 3)] == [("x", ""), (1.0, "")]
    assert openpyxl.load_workbook(io.BytesIO(result.content))["S"]["B2"].value == "x"


@pytest.mark.full
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_reads_the_new_rows(ledger, tmp_path):
    result, _ = appended(ledger, ROWS)
    path = tmp_path / "new.xlsx"
    path.write_bytes(result.content)
    profile, folder = (tmp_path / "profile").as_uri(), tmp_path / "converted"
    command = [SOFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx", "--outdir", folder]
    subprocess.run([*command, path], check=True, capture_output=True, timeout=120)
    book = read_book(folder / "new.xlsx")
    assert book.tables[0].rect == result.table
    assert [book.sheet("Ledger").value(r, c) for r in (8, 9) for c in range(2, 7)] == [
        "007", 45_400.0, 0.3, pytest.approx(0.36), True,
        "=1+1", None, 1e22, 1.2e22, ErrorValue("#N/A"),
    ]  # fmt: skip


# --- what is refused -------------------------------------------------------------------------------------------------

REFUSED = {
    "an unknown table": ({"Code": ["x"]}, "Nobody", "has no table 'Nobody'; its tables: Costs"),
    "an unknown heading": ({"Code": ["x"], "Cod": ["y"]}, "Costs", "no column 'Cod'; its columns: Code, Paid on"),
    "a calculated column": ({"Gross": [1.0]}, "Costs", "column 'Gross' is calculated by a formula"),
    "columns of two lengths": ({"Code": ["x"], "Net": [1.0, 2.0]}, "Costs", "one length"),
    "a text too long": ({"Code": ["x", "y" * 32_768]}, "Costs", "new row 2, column 'Code': a text must have <= 32767"),
    "half a character": ({"Code": ["\ud800"]}, "Costs", "new row 1, column 'Code': the text holds half"),
    "a new kind of error": ({"Net": [1.0, ErrorValue("#SPILL!")]}, "Costs", "new row 2, column 'Net': #SPILL!"),
}


@pytest.mark.parametrize(("columns", "table", "reason"), REFUSED.values(), ids=REFUSED)
def test_rows_that_are_refused(ledger, columns, table, reason):
    with pytest.raises(UnsupportedEditError, match=reason):
        appended(ledger, columns, table)


def test_rows_that_do_not_fit_into_the_sheet(ledger):
    book = openpyxl.load_workbook(ledger)
    book["Ledger"].cell(MAX_ROW, 2, "the end")
    book.save(ledger)
    with pytest.raises(UnsupportedEditError, match="13 more rows do not fit into the sheet"):
        appended(ledger, {"Code": ["x"] * 13})


def test_rows_that_cannot_be_inserted_say_where_room_is_needed(ledger):
    book = openpyxl.load_workbook(ledger)
    sheet = book["Ledger"]
    sheet["B8"], sheet["J5"], sheet["J11"] = "in the way", "heading", "x"
    sheet.add_table(Table(displayName="Beside", ref="J5:J11"))
    book.save(ledger)
    with pytest.raises(UnsupportedEditError, match=r"Beside.*Costs has no room for 2 more rows.*make room for them"):
        appended(ledger, {"Code": ["x", "y"]})


def test_rows_are_not_inserted_through_a_list_that_stands_beside(ledger):
    book = openpyxl.load_workbook(ledger)
    sheet = book["Ledger"]
    sheet["B8"], sheet["J7"], sheet["J8"] = "in the way", 1, 2
    book.save(ledger)
    with pytest.raises(UnsupportedEditError, match="would part what stands beside it: J7 from J8; move these cells"):
        appended(ledger, {"Code": ["x"]})


def test_hidden_rows_are_no_room(ledger):
    book = openpyxl.load_workbook(ledger)
    book["Ledger"].row_dimensions[9].hidden = True
    book.save(ledger)
    result, _ = appended(ledger, {"Code": ["x"]})
    assert result.moves == ()
    result, _ = appended(ledger, {"Code": ["x", "y"]})
    assert result.moves == (RowMove("Ledger", 8, 2),)


PARTS_REFUSED = {
    "filtered": (TABLE, '<autoFilter ref="B3:F7" />', '<autoFilter ref="B3:F7"><filterColumn colId="0"><filters>'
                 '<filter val="x"/></filters></filterColumn></autoFilter>', "clear its filter"),
    "a query": (TABLE, 'displayName="Costs"', 'displayName="Costs" tableType="queryTable"', "a query fills it"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "reason"), PARTS_REFUSED.values(), ids=PARTS_REFUSED)
def test_tables_that_are_refused(ledger, name, old, new, reason):
    text = part(ledger.read_bytes(), name)
    rewritten(ledger, name, (old if old in text else old.replace(" />", "/>"), new))
    for change in (lambda: appended(ledger, {"Code": ["x"]}), lambda: removed(ledger, 5)):
        with pytest.raises(UnsupportedEditError, match=reason):
            change()


def test_another_file_than_the_one_that_was_read(ledger, tmp_path):
    book = read_book(ledger)
    other = sheet_of(tmp_path, [1, 2, 3])
    with pytest.raises(StaleBookError, match="not the file that was read"):
        append_rows(other.read_bytes(), book, AppendRows("Costs", {"Code": Values.of(["x"])}))


# --- rows that go ----------------------------------------------------------------------------------------------------


def removed(path, *rows, table="T"):
    table = read_book(path).tables[0].name if table == "T" else table
    result = remove_rows(path.read_bytes(), read_book(path), RemoveRows(table, rows))
    return result, read_package(Package(result.content, path))


def test_rows_go_and_what_stands_below_moves_up(tmp_path):
    path = sheet_of(tmp_path, [10, 20, 30, 40, 50, 60])
    book = openpyxl.load_workbook(path)
    book["S"]["B10"], book["S"]["B11"] = "below", "=SUM(D2:D7)+B10"
    book.save(path)
    result, book = removed(path, 3, 6, 7)
    assert result.moves == (RowMove("S", 6, -2), RowMove("S", 3, -1))
    assert (result.table, book.tables[0].rect, result.filled) == (Rect(1, 2, 4, 4), Rect(1, 2, 4, 4), None)
    assert [shown(book, "S")[r, 4][0] for r in (2, 3, 4)] == [10, 30, 40]
    assert shown(book, "S")[7, 2] == ("below", "")
    assert shown(book, "S")[8, 2][1] == "SUM(D2:D4)+B7"
    assert 'autoFilter ref="B1:D4"' in part(result.content, TABLE)


def test_the_last_row_stays_blank(tmp_path):
    path = sheet_of(tmp_path, ["=C2*2", "=C3*2", "=C4*2"], "C2*2")
    result, book = removed(path, 2, 3, 4)
    assert (result.table, result.members) == (Rect(1, 2, 2, 4), tuple(zipfile.ZipFile(path).namelist()))
    assert set(shown(book, "S")) == {(1, 2), (1, 3), (1, 4)}
    path.write_bytes(result.content)
    result, book = appended(path, {"b": ["first"], "c": [4.0]}, "T")
    assert (result.filled, shown(book, "S")[2, 4][1]) == (Rect(2, 2, 2, 4), "C2*2")


GONE = {
    "a row that is none of the table's": ([3], "row 3 of the sheet is no row of its data; they are 4 to 7"),
    "a row with something beside the table": ([4, 5], "row 5 cannot go: H5, beside the table"),
}


@pytest.mark.parametrize(("rows", "reason"), GONE.values(), ids=GONE)
def test_rows_that_may_not_go(ledger, rows, reason):
    with pytest.raises(UnsupportedEditError, match=reason):
        removed(ledger, *rows)


def test_a_formula_that_only_the_rows_hold_is_not_lost(tmp_path):
    path = sheet_of(tmp_path, ["=C2*2", "=C3*2"])
    with pytest.raises(UnsupportedEditError, match="only they hold the formula of column 'd'"):
        removed(path, 2, 3)


# --- there and back --------------------------------------------------------------------------------------------------

CONTENT = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8"), max_size=12),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(CONTENT, CONTENT), min_size=1, max_size=30))
def test_what_is_appended_is_read_back_and_can_be_taken_out_again(ledger, rows):
    before = read_book(ledger)
    # H5 stands beside a row that was there before, so only the new ones go
    notes, codes = zip(*rows, strict=True)
    result, book = appended(ledger, {"Note": notes, "Code": codes})
    block = book.sheet("Ledger").block(result.filled)
    for col, wanted in ((0, codes), (4, notes)):
        got = [block.item((i, col)) for i in range(len(rows))]
        assert got == [x or 0.0 if isinstance(x, float) else x for x in wanted]
        assert list(map(type, got)) == list(map(type, wanted))
    back = remove_rows(result.content, book, RemoveRows("Costs", tuple(range(8, 8 + len(rows)))))
    after = read_package(Package(back.content, ledger))
    assert after.tables == before.tables
    lost = 0 if result.moves else len(rows)
    assert shown(after) == {((r - lost, c) if r > 7 else (r, c)): held for (r, c), held in shown(before).items()}
    if result.moves:
        assert shown(after, "Other") == shown(before, "Other")


# --- real workbooks --------------------------------------------------------------------------------------------------


def test_rows_into_the_southampton_workbook(tmp_path):
    path = tmp_path / "copy.xlsx"
    path.write_bytes(SOUTHAMPTON.read_bytes())
    columns = {"Council": ["C", "D"], "Budget (£m)": [5e7, 6e7], "Budget per child (£)": [1e3, 2e3]}
    result, book = appended(path, columns, "Neighbour_councils")
    assert next(t for t in book.tables if t.name == "Neighbour_councils").rect == result.table
    sheet = book.sheet("Neighbours")
    assert book.formula_a1(sheet, sheet.find(14, 7)) == "C14/F14"
    assert len(result.formulas) == 4
    path.write_bytes(result.content)


@pytest.mark.full
def test_the_southampton_workbook_is_verified_with_new_rows(tmp_path):
    test_rows_into_the_southampton_workbook(tmp_path)
    path = tmp_path / "copy.xlsx"
    columns = {"Line": ["A", "B"], "Year": ["2024/25", "2025/26"], "Budget (£m)": [6.5e7, None]}
    path.write_bytes(appended(path, columns, "Budget_lines")[0].content)
    done = recalculate(path, Means(Registry.collect({"CSC": "udfs"})))
    assert (len(done.unverified), len(done.resized)) == (0, 0)
    sheet = read_book(path).sheet("Neighbours")
    assert (sheet.value(13, 7), sheet.value(14, 7)) == (50_000.0, 30_000.0)


@pytest.mark.full
def test_a_row_into_every_table_of_the_corpus(shared):
    """Each table takes a row or says why not; every other cell holds what it held, where it has gone to."""
    appended_to = refused = 0
    for path in sorted((shared / "corpora" / "excel_saved").glob("*.xls[xm]")):
        try:
            book = read_book(path)
        except BookError:
            continue
        content = path.read_bytes() if book.tables else b""
        for table in book.tables:
            try:
                free = [h for h in table.columns if h not in calculated_columns(content, book, table.name)]
                result = append_rows(content, book, AppendRows(table.name, {h: Values.of(["x"]) for h in free}))
            except UnsupportedEditError:
                refused += 1
                continue
            appended_to += 1
            new = read_package(Package(result.content, path))
            assert next(t.rect for t in new.tables if t.name == table.name) == result.table
            for sheet in book.sheets:
                for i in np.flatnonzero(sheet.values.kind).tolist():
                    row, col = int(sheet.row[i]), int(sheet.col[i])
                    for move in result.moves if sheet.name == table.sheet else ():
                        row = move.row(row)
                    if sheet.name != table.sheet or result.filled is None or (row, col) not in result.filled:
                        assert new.sheet(sheet.name).value(row, col) == sheet.values.item(i), (path.name, sheet.name)
    assert (appended_to, refused) >= (70, 0), f"{refused} tables refused"
