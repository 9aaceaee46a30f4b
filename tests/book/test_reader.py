"""What a file says, and what is read from it: by both ways of reading a sheet."""

from __future__ import annotations

import numpy as np
import pytest
from book.both_ways import columns_of, read_both
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xlmodel.book import read_book
from xlmodel.book.formulas import FormulaTable
from xlmodel.book.package import Package
from xlmodel.book.reader import read_package
from xlmodel.errors import BookError
from xlmodel.refs import Rect, to_a1, to_r1c1
from xlmodel.values import ErrorValue

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.mark.parametrize(
    ("cell", "content"),
    [
        ('<c r="A1"/>', None),
        ('<c r="A1"><v></v></c>', None),
        ('<c r="A1"><v>1.5</v></c>', 1.5),
        ('<c r="A1" t="n"><v>1E3</v></c>', 1000.0),
        ('<c r="A1"><v> 7 </v></c>', 7.0),
        ('<c r="A1"><v>1_000</v></c>', "1_000"),
        ('<c r="A1"><v>nan</v></c>', "nan"),
        ('<c r="A1"><v>1e999</v></c>', "1e999"),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="b"><v>0</v></c>', False),
        ('<c r="A1" t="e"><v>#DIV/0!</v></c>', ErrorValue("#DIV/0!")),
        ('<c r="A1" t="str"><v>a &amp; b&#x21;</v></c>', "a & b!"),
        ('<c r="A1" t="str"><f>B1</f></c>', ""),
        ('<c r="A1" t="str"><f>B1</f><v xml:space="preserve"> a</v></c>', " a"),
        ('<c r="A1" t="str"><v>a_x000D_b_x005F_x0041_</v></c>', "a\rb_x0041_"),
        ('<c r="A1" t="inlineStr"><is><t>text</t></is></c>', "text"),
        (
            '<c r="A1" t="inlineStr"><is><r><t>ri</t></r><r><t>ch</t></r><rPh sb="0" eb="1"><t>no</t></rPh></is></c>',
            "rich",
        ),
        ('<c r="A1" t="s"><v>0</v></c>', "plain"),
        ('<c r="A1" t="s"><v>1</v></c>', "rich text"),
        ('<c r="A1" t="s"><v>2</v></c>', ""),
        ('<c r="A1" t="d"><v>2015-03-01T12:00:00</v></c>', 42064.5),
        ('<c r="A1" t="d"><v>soon</v></c>', "soon"),
        ('<c r="A1"><!-- a note --><v>3</v></c>', 3.0),
        ('<c r="A1"><v><![CDATA[4]]></v></c>', 4.0),
        ("<c r='A1'><v>5</v></c>", 5.0),
        ('<c t="b" r="A1"><v>1</v></c>', True),
    ],
)
def test_content(make_book, cell, content):
    strings = (
        f'<sst xmlns="{MAIN}"><si><t>plain</t></si><si><r><t>rich</t></r><r><rPr><b/></rPr><t '
        f'xml:space="preserve"> text</t></r>'
        '<rPh sb="0" eb="2"><t>phonetic</t></rPh></si><si/></sst>'
    )
    links = f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    path = make_book(f'<sheetData><row r="1">{cell}</row></sheetData>', {"xl/sharedStrings.xml": strings}, links=links)
    sheet = read_both(path).sheets[0]
    assert sheet.value(1, 1) == content
    assert type(sheet.value(1, 1)) is type(content)


def test_cells_and_rows_without_names(cells):
    sheet = read_both(
        cells('<row><c><v>1</v></c><c r="D1"><v>2</v></c><c><v>3</v></c></row><row/><row><c><v>4</v></c></row>')
    ).sheets[0]
    assert list(zip(sheet.row.tolist(), sheet.col.tolist(), strict=True)) == [(1, 1), (1, 4), (1, 5), (3, 1)]


def test_prefixed_namespace(make_book):
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="2"><x:c r="B2"><x:f>A1</x:f><x:v>'
        f"7</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    book = read_both(make_book("", {"xl/worksheets/sheet1.xml": sheet}))
    assert book.sheets[0].value(2, 2) == 7.0
    assert book.formulas == ("R[-1]C[-1]",)


def test_strict_namespace_and_utf16(make_book):
    sheet = (
        '<worksheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"><sheetData><row r="1">'
        '<c r="A1"><v>7</v></c></row></sheetData></worksheet>'
    )
    assert read_both(make_book("", {"xl/worksheets/sheet1.xml": sheet})).sheets[0].value(1, 1) == 7.0
    wide = ('<?xml version="1.0" encoding="UTF-16"?>' + sheet).encode("utf-16")
    assert read_both(make_book("", {"xl/worksheets/sheet1.xml": wide})).sheets[0].value(1, 1) == 7.0


def test_rows_out_of_order_are_sorted(cells):
    rows = (
        '<row r="3"><c r="B3"><v>4</v></c><c r="A3" cm="1"><f t="array" ref="A3:A4">B3</f><v>3</v></c></row>'
        '<row r="1"><c r="A1"><f t="dataTable" ref="A1:A2" dt2D="1" dtr="1" r1="D1" r2="E1"/><v>1</v></c></row>'
    )
    sheet = read_both(cells(rows)).sheets[0]
    assert sheet.row.tolist() == [1, 3, 3]
    assert sheet.arrays == {1: Rect(3, 1, 4, 1)}
    assert sheet.dynamic == {1}
    assert sheet.data_tables == {0: Rect(1, 1, 2, 1)}


def test_shared_formulas(cells):
    rows = (
        '<row r="1"><c r="B1"><f t="shared" si="1"/><v>0</v></c><c r="C1"><f t="shared" ref="B1:C1" '
        'si="1">D1*2</f><v>0</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" ref="A2:A4" si="0">A1+$B$1</f><v>1</v></c></row>'
        '<row r="3"><c r="A3"><f t="shared" si="0"/><v>2</v></c></row>'
        '<row r="4"><c r="A4"><f si="0" t="shared"></f><v>3</v></c></row>'
        '<row r="5"><c r="A5"><f t="shared" ref="A5:A6" si="0">B5</f><v>3</v></c></row>'
        '<row r="6"><c r="A6"><f t="shared" si="0"/><v>3</v></c></row>'
    )
    book = read_both(cells(rows))
    sheet = book.sheets[0]
    texts = [book.formula_a1(sheet, i) for i in range(len(sheet))]
    # the child before its master belongs to it; an index that is used again starts anew
    assert texts == ["C1*2", "D1*2", "A1+$B$1", "A2+$B$1", "A3+$B$1", "B5", "B6"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ('<row r="1"><c r="A1"><f t="shared" si="3"/><v>1</v></c></row>', "Data!A1.*no master"),
        ('<row r="1"><c r="A1" t="s"><v>5</v></c></row>', "Data!A1.*shared string '5'"),
        ('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>', "Data!A1.*shared string '-1'"),
        ('<row r="1"><c r="A1" t="q"><v>5</v></c></row>', "Data!A1.*cell type 'q'"),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "Data!A1 stands twice"),
        ('<row r="1"><c r="A2"><v>1</v></c></row>', "A2 stands in row 1"),
        ('<row r="1048577"><c><v>1</v></c></row>', "outside a sheet"),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "XFE1"),
        ('<row r="1"><c r="A1"><f t="array" ref="A1:oops">1</f></c></row>', "A1:oops"),
        ('<row r="1"><c r="A1"><v>1</v></row>', "not well-formed"),
        ('<row r="1"><c r="A1" t="str"><v>&nbsp;</v></c></row>', "not well-formed"),
        ('<row r="1"><c r="A1" t="str"><v>\x01</v></c></row>', "not well-formed"),
        ('<row r="1"><c r="A1" t="str"><v>]]></v></c></row>', "not well-formed"),
        ('<row r="1"><c r="A1" cm="1"/></row><row r="2"><c A2" t="n"><v>1</v></c></row>', "not well-formed"),
        ('<row r="1"><c r="A1" cm="1"/></row><row r="2"><v>1</v></c></row>', "not well-formed"),
        ('<row r="1"><v>1</v></c></row><row r="2"><c r="A2" cm="1"/></row>', "not well-formed"),
    ],
)
def test_faults_are_named(cells, rows, message):
    with pytest.raises(BookError, match=message):
        read_book(cells(rows))


def test_function_names_lose_their_hosts(make_book):
    formulas = ("_xldudf_CSC_X(A1)", "_xll.CSC_X(A1)", "[1]!csc_x(A1)", "CSC_X(A1)", "_xlfn.CONCAT(A1)")
    rows = "".join(
        f'<row r="{r}"><c r="B{r}"><f>{f.replace("A1", f"A{r}")}</f></c></row>' for r, f in enumerate(formulas, 1)
    )
    names = (
        '<definedNames><definedName name="N" localSheetId="0" hidden="1">_xll.CSC_X(Data!$A$1)</definedName>'
        "</definedNames>"
    )
    book = read_both(make_book(f"<sheetData>{rows}</sheetData>", workbook=names))
    assert book.formulas == ("CSC_X(RC[-1])", "_xlfn.CONCAT(RC[-1])")
    assert book.hosts == {"officejs", "xll", "addin"}
    name = book.names[0]
    assert (name.name, name.formula, name.sheet, name.hidden) == ("N", "CSC_X(Data!$A$1)", "Data", True)


def test_workbook_settings(make_book):
    more = (
        '<calcPr calcId="191029" calcMode="manual" iterate="1" iterateCount="7" iterateDelta="0.5" '
        'fullPrecision="0" refMode="R1C1" fullCalcOnLoad="1"/>'
    )
    calc = read_book(make_book("<sheetData/>", workbook=more)).calc
    assert (calc.calc_id, calc.mode, calc.iterate, calc.iterate_count) == (191029, "manual", True, 7)
    assert (calc.iterate_delta, calc.full_precision, calc.r1c1, calc.full_calc_on_load) == (0.5, False, True, True)


def test_styles(make_book):
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="0.0&quot; weeks&quot;"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/></cellXfs></styleSheet>'
    )
    links = f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="/xl/styles.xml"/>'
    rows = '<row r="1"><c r="A1"/><c r="B1" s="1"/><c r="C1" s="2"><v>1</v></c><c r="D1" s="99"/></row>'
    book = read_both(make_book(f"<sheetData>{rows}</sheetData>", {"xl/styles.xml": styles}, links=links))
    formats = [book.number_formats[n] for n in book.sheets[0].style]
    assert formats == ["General", '0.0" weeks"', "0.00%", "General"]


def test_reads_what_openpyxl_writes(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Bob's"
    sheet.append(["Code", 1.5, True, None, "=B1*2", " spaced \n"])
    book.create_chartsheet("Chart")
    book.create_sheet("Second")["B2"] = "#N/A"
    book.save(tmp_path / "a.xlsx")
    found = read_both(tmp_path / "a.xlsx")
    assert [s.name for s in found.sheets] == ["Bob's", "Second"]
    assert [found.sheets[0].value(1, col) for col in (1, 2, 3, 4, 6)] == ["Code", 1.5, True, None, " spaced \n"]
    assert found.formula_a1(found.sheets[0], found.sheets[0].find(1, 5)) == "B1*2"
    assert found.sheets[1].value(2, 2) == ErrorValue("#N/A")
    assert found.application.startswith("Microsoft Excel")


REFERENCES = st.builds(
    lambda column_dollar, column, row_dollar, row: f"{column_dollar}{column}{row_dollar}{row}",
    st.sampled_from(["", "$"]),
    st.sampled_from(["A", "B", "Z", "AA", "XFD"]),
    st.sampled_from(["", "$"]),
    st.sampled_from(["1", "2", "9", "10", "1048576"]),
)
PIECES = st.lists(
    st.one_of(
        REFERENCES,
        st.sampled_from(["+", "%", "%s", '"A1 %d"', "SUM(", ")", "A:A", "$1:1", "-", "Data!", "Name", "1.5", ":"]),
    ),
    max_size=6,
)


@given(
    st.lists(
        st.tuples(PIECES.map(" ".join), st.integers(1, 12), st.integers(1, 4), st.booleans(), st.booleans()),
        max_size=25,
    )
)
def test_interning_never_depends_on_what_was_read_before(steps):
    table, previous = FormulaTable(), ("", 1, 1)
    table.start_sheet()
    for text, row, col, filled, down in steps:
        if filled and previous[0]:
            # as the filled formula would read one further down or right
            old, r, c = previous
            row, col = (r + 1, c) if down else (r, c + 1)
            text = to_a1(to_r1c1(old, r, c), row, col)
        if not text:
            continue
        number = table.number(text, row, col)
        assert table.texts[number] == to_r1c1(text, row, col)
        previous = text, row, col


CELL_PIECES = st.lists(
    st.sampled_from(
        ['<row r="1" hidden="1">', '<c r="B1" t="b">', '<c r="D3" t="e">', "<f>A1&gt;&#65;</f>", "<v>1.5E-3</v>",
         "<v/>", '<f t="shared" si="00"/>', '<c A2">',
         '<row r="1">', "</row>", '<row r="2"/>', '<row r="3" ht="2">', '<c r="A1">', '<c r="B1" s="1" t="str">',
         '<c r="A3" t="s"/>',
         '<c r="B3"/>', "<v>1</v>", "<v>x</v>", "<f>A1</f>",
         '<f t="shared" si="0" ref="A1:A2">B1</f>', '<f t="shared" si="0"/>',
         "</c>",
         " ", "<!-- -->", '<c r="C1" cm="1"><f t="array" ref="C1:D2">1</f><v>1</v></c>',
         '<c r="D1" t="inlineStr"><is><t>q</t></is></c>',
         '<row r="1"><c r="A1"><v>5</v></c></row>', '<row r="4"><c r="A4"><f>A1*2</f><v>5</v></c></row>', "\r\n"]
    ),
    max_size=9,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(CELL_PIECES.map("".join))
def test_scanning_reads_as_expat_does_or_not_at_all(make_book, rows):
    path = make_book(f"<sheetData>{rows}</sheetData>")
    outcomes = []
    for scanning in (True, False):
        try:
            book = read_package(Package.open(path), scanning=scanning)
            outcomes.append((book.formulas, [columns_of(s) for s in book.sheets]))
        except BookError as error:
            outcomes.append(str(error))
    assert outcomes[0] == outcomes[1]


def test_a_large_sheet_is_scanned_across_its_chunks(cells):
    rows = "".join(
        f'<row r="{r}"><c r="A{r}"><v>{r}</v></c><c r="B{r}"><f>A{r}*2</f><v>{2 * r}</v></c></row>'
        for r in range(1, 8001)
    )
    book = read_both(cells(rows + '<row r="9000" ht="3"/>'))
    assert np.array_equal(book.sheets[0].block(Rect(1, 2, 8000, 2)).num[:, 0], 2.0 * np.arange(1, 8001))
    assert book.formulas == ("RC[-1]*2",)
