"""What a file says beside its cells: hidden and filtered rows, merged cells, tables, external books."""

from __future__ import annotations

import pytest
from book.both_ways import read_both

from xlmodel.book import Limits, read_book
from xlmodel.errors import BookError, BookLimitError
from xlmodel.refs import Rect
from xlmodel.values import ErrorValue

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STRICT = {
    MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    OFFICE: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}


def strict(text: str) -> str:
    for transitional, other in STRICT.items():
        text = text.replace(transitional, other)
    return text


def rels(*links: tuple[str, str], external: bool = False) -> str:
    mode = ' TargetMode="External"' if external else ""
    entries = (
        f'<Relationship Id="rId{i}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
        for i, (kind, target) in enumerate(links, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{"".join(entries)}</Relationships>'


def rows(*hidden: int, count: int = 9) -> str:
    return "".join(
        f'<row r="{r}"{" hidden=" + chr(34) + "1" + chr(34) if r in hidden else ""}><c r="A{r}"><v>{r}</v></c></row>'
        for r in range(1, count + 1)
    )


@pytest.mark.parametrize(
    ("row", "hidden"),
    [
        ('<row r="2" hidden="1"/>', [2]),
        ('<row r="2" spans="1:1" hidden="true"></row>', [2]),
        ('<row r="2" hidden="1"><c r="A2"><v>1</v></c></row>', [2]),
        ('<row r="2" ht="0" customHeight="1"/>', [2]),
        ('<row r="2" ht="0.0"/>', [2]),
        ('<row r="2" ht="0.5"/>', []),
        ('<row r="2" ht="none"/>', []),
        ('<row r="2" hidden="0" customHeight="0"/>', []),
        ('<row hidden="1"/><row/><row hidden="1"/>', [1, 3]),
        ('<row r="3" hidden="1"/><row r="2" hidden="1"/><row r="3" hidden="1"/>', [2, 3]),
    ],
)
def test_hidden_rows(cells, row, hidden):
    sheet = read_both(cells(row)).sheets[0]
    assert sheet.hidden_rows.tolist() == hidden
    assert sheet.filtered_rows.tolist() == []


CRITERION = '<filterColumn colId="0"><filters><filter val="1"/></filters></filterColumn>'


@pytest.mark.parametrize(
    ("around", "filtered"),
    [
        (f'<autoFilter ref="A2:B6">{CRITERION}</autoFilter>', [4, 5]),
        ('<autoFilter ref="A2:B6"/>', []),
        ('<autoFilter ref="A2:B6"><filterColumn colId="0" hiddenButton="1"/></autoFilter>', []),
        ('<autoFilter ref="A2:B6"><filterColumn colId="0"><extLst/></filterColumn></autoFilter>', []),
        (f'<autoFilter ref="#REF!">{CRITERION}</autoFilter>', []),
        (
            f'<customSheetViews><customSheetView><autoFilter ref="A1:B9">{CRITERION}</autoFilter></customSheetView>'
            "</customSheetViews>",
            [],
        ),
    ],
)
def test_rows_filtered_by_the_sheet(make_book, around, filtered):
    # the headings of a filter stay, though row 2 is hidden; row 8 lies below it
    sheet = read_both(make_book(f"<sheetData>{rows(2, 4, 5, 8)}</sheetData>{around}")).sheets[0]
    assert sheet.hidden_rows.tolist() == [2, 4, 5, 8]
    assert sheet.filtered_rows.tolist() == filtered


@pytest.mark.parametrize(
    ("mode", "name", "filtered"),
    [
        ("1", "_xlnm._FilterDatabase", [4, 5]),
        ("0", "_xlnm._FilterDatabase", []),
        ("1", "Other", []),
    ],
)
def test_rows_filtered_by_an_advanced_filter(make_book, mode, name, filtered):
    path = make_book(
        f'<sheetPr filterMode="{mode}"/><sheetData>{rows(4, 5, 8)}</sheetData>',
        workbook=f'<definedNames><definedName name="{name}" localSheetId="0" hidden="1">Data!$A$2:$B$6</definedName>'
        "</definedNames>",
    )
    assert read_both(path).sheets[0].filtered_rows.tolist() == filtered


def test_merged_cells_and_hidden_columns(make_book):
    path = make_book(
        '<cols><col min="2" max="3" hidden="1"/><col min="4" max="4" hidden="0"/><col min="16384" max="99999" '
        'hidden="true"/><col min="x" max="3" hidden="1"/></cols><sheetData/>'
        '<mergeCells count="4"><mergeCell ref="B2:C3"/><mergeCell ref="D4"/><mergeCell ref="#REF!"/><mergeCell/>'
        "</mergeCells>"
    )
    sheet = read_both(path).sheets[0]
    assert sheet.merged == (Rect(2, 2, 3, 3), Rect(4, 4, 4, 4))
    assert sheet.hidden_columns.tolist() == [2, 3, 16384]


MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:x="u"'


@pytest.mark.parametrize(
    "alternate",
    [
        '<mc:AlternateContent><mc:Choice Requires="x"><c r="A1"><f>7</f><v>7</v></c></mc:Choice><mc:Fallback>'
        '<c r="A1"><f>B1</f><v>1</v></c></mc:Fallback></mc:AlternateContent>',
        '<c r="A1"><mc:AlternateContent><mc:Choice Requires="x"><f>7</f><v>7</v></mc:Choice><mc:Fallback><f>B1</f>'
        "<v>1</v></mc:Fallback></mc:AlternateContent></c>",
        '<c r="A1"><f>B1</f><v>1</v></c><mc:AlternateContent><mc:Choice Requires="x"><c r="B1"><v>7</v></c></mc:Choice>'
        "</mc:AlternateContent>",
    ],
)
def test_alternate_content_is_its_fallback(make_book, alternate):
    path = make_book(f'<sheetData><row r="1">{alternate}</row></sheetData>', sheet_attributes=f" {MC}")
    book = read_both(path)
    assert book.formulas == ("RC[1]",)
    assert (len(book.sheets[0]), book.sheets[0].value(1, 1)) == (1, 1.0)


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        ('r1="D1"', "TABLE(,R1C4)"),
        ('dtr="1" r1="D1"', "TABLE(R1C4,)"),
        ('dt2D="1" dtr="1" r1="D1" r2="E1"', "TABLE(R1C4,R1C5)"),
        ('dt2D="1" dtr="1" r1="D1" r2="E1" del1="1"', "TABLE(#REF!,R1C5)"),
        ('dt2D="1" dtr="1" r1="D1" r2="E1" del2="1"', "TABLE(R1C4,#REF!)"),
        ('dtr="1" del1="1" r1="D1"', "TABLE(#REF!,)"),
        ('dtr="1" r1="SUM(R"', "TABLE(#REF!,)"),
    ],
)
def test_data_tables_read_as_excel_shows_them(cells, attributes, shown):
    book = read_both(cells(f'<row r="1"><c r="A1"><f t="dataTable" ref="A1:A2" {attributes}/><v>1</v></c></row>'))
    assert book.formulas == (shown,)
    assert book.sheets[0].data_tables == {0: Rect(1, 1, 2, 1)}


TABLE = (
    f'<table xmlns="{MAIN}" id="1" name="T" displayName="Rates" ref="A2:B6" totalsRowCount="1"><autoFilter ref="A2:B5">'
    f'{CRITERION}</autoFilter><tableColumns count="2"><tableColumn id="1" name="Code"/><tableColumn id="2" '
    'name="Per_x000a_week"/></tableColumns></table>'
)
EXTERNAL = (
    f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{OFFICE}" r:id="rId1"><sheetNames><sheetName val="Rates"/>'
    '<sheetName val="Not saved"/><sheetName val="Lost"/></sheetNames>'
    '<definedNames><definedName name="Rate" refersTo="=Rates!$B$2"/><definedName name="Local" '
    'refersTo="=\'Not saved\'!$A$1" sheetId="1"/><definedName name="CSC_X"/></definedNames>'
    '<sheetDataSet><sheetData sheetId="0"><row r="2"><cell r="B2"><v>1.5</v></cell><cell r="C2" t="str"><v>x</v></cell>'
    '<cell r="D2" t="b"><v>1</v></cell><cell r="E2" t="e"><v>#N/A</v></cell></row></sheetData>'
    '<sheetData sheetId="2" refreshError="1"/></sheetDataSet></externalBook></externalLink>'
)


@pytest.fixture
def rich(make_book):
    """Write a workbook that has a table, names and an external book, in either dialect."""

    def make(write=str):
        parts = {
            "xl/tables/table1.xml": TABLE,
            "xl/worksheets/_rels/sheet1.xml.rels": rels(("table", "../tables/table1.xml")),
            "xl/externalLinks/externalLink1.xml": EXTERNAL,
            "xl/externalLinks/_rels/externalLink1.xml.rels": rels(("externalLinkPath", "rates.xlsx"), external=True),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows(4, 8)}'
            '<row r="10"><c r="A10"><f t="array" ref="A10:A11">A1:A2*[1]Rates!B2</f><v>1</v></c></row></sheetData>'
            '<mergeCells><mergeCell ref="C1:D1"/></mergeCells></worksheet>',
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="1"/><sheets>'
            '<sheet name="Data" sheetId="1" r:id="rId1"/></sheets><externalReferences><externalReference r:id="rId5"/>'
            "</externalReferences><definedNames><definedName "
            'name="First">Data!$A$1</definedName></definedNames></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
            f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId5" Type="{OFFICE}/externalLink" Target="externalLinks/externalLink1.xml"/>'
            "</Relationships>",
            "_rels/.rels": rels(("officeDocument", "xl/workbook.xml")),
        }
        return make_book("", {name: write(text) for name, text in parts.items()})

    return make


def test_table(rich):
    book = read_both(rich())
    table = book.tables[0]
    assert (table.name, table.sheet, table.rect) == ("Rates", "Data", Rect(2, 1, 6, 2))
    assert (table.columns, table.header_rows, table.totals_rows) == (("Code", "Per\nweek"), 1, 1)
    assert table.filter == Rect(2, 1, 5, 2)
    assert book.sheets[0].filtered_rows.tolist() == [4]


def test_external_book(rich):
    book = read_book(rich()).externals[0]
    assert (book.index, book.target) == (1, "rates.xlsx")
    assert list(book.sheets) == ["Rates", "Not saved", "Lost"]
    assert book.sheets["Rates"] == {(2, 2): 1.5, (2, 3): "x", (2, 4): True, (2, 5): ErrorValue("#N/A")}
    assert book.unread == {"Not saved", "Lost"}
    assert [(name.name, name.formula, name.sheet) for name in book.names] == [
        ("Rate", "Rates!$B$2", None),
        ("Local", "'Not saved'!$A$1", "Not saved"),
        ("CSC_X", "", None),
    ]


@pytest.mark.parametrize("number", ["3", "-1", "x", ""])
def test_external_sheets_that_are_not_there(rich, number):
    with pytest.raises(BookError, match=r"externalLink1\.xml.*names 3 sheets"):
        read_book(rich(lambda text: text.replace('sheetData sheetId="2"', f'sheetData sheetId="{number}"')))


def facts(book):
    sheet = book.sheets[0]
    every = (book.formulas, book.names, book.tables, book.externals, book.date1904, book.hosts)
    return every, sheet.merged, sheet.hidden_rows.tolist(), sheet.filtered_rows.tolist(), sheet.arrays


def test_strict_files_say_the_same(rich):
    assert facts(read_both(rich(strict))) == facts(read_both(rich()))


def test_stripping_results_leaves_the_facts(rich):
    book = read_book(rich())
    assert facts(book.stripped()) == facts(book)
    assert book.stripped().sheets[0].value(10, 1) is None


def test_many_merged_cells_are_no_burden(make_book):
    many = '<mergeCell ref="A1:XFD1048576"/>' * 20_000
    path = make_book(f"<sheetData/><mergeCells>{many}</mergeCells>")
    assert len(read_book(path).sheets[0].merged) == 20_000
    with pytest.raises(BookLimitError, match="part_bytes"):
        read_book(path, Limits(part_bytes=100_000))
