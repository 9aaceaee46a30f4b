"""An edit changes the bytes of its cell, and nothing else."""

from __future__ import annotations

import datetime
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xlmodel.book import SetFormula, SetSaved, SetValue, patch, read_book
from xlmodel.book.package import Package
from xlmodel.book.reader import read_package
from xlmodel.errors import BookError, StaleBookError, UnsupportedEditError
from xlmodel.refs import cell_name
from xlmodel.values import ErrorValue

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"
CHAIN = "xl/calcChain.xml"


def patched(path, *edits, **options):
    return patch(path, read_book(path), edits, **options)


def reread(path, result):
    return read_package(Package(result.content, path))


def part(content, name=SHEET):
    data = content if isinstance(content, bytes) else content.read_bytes()
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode()


def body(content, name=SHEET):
    """The sheet between the tags of its worksheet element."""
    return part(content, name).split(">", 2)[2].rsplit("</", 1)[0]


def assert_rest_is_raw(before: bytes, after: bytes, changed, removed=()):
    """Every other member has the same bytes in the file, compressed data and headers included, in the same order."""
    old, new = (zipfile.ZipFile(io.BytesIO(x)) for x in (before, after))
    assert [n for n in old.namelist() if n not in removed] == new.namelist()
    assert new.testzip() is None
    for x in new.infolist():
        was = old.getinfo(x.filename)
        assert (x.date_time, x.extra, x.external_attr, x.compress_type, x.comment) == (
            was.date_time,
            was.extra,
            was.external_attr,
            was.compress_type,
            was.comment,
        )
        if x.filename not in changed:
            size = 30 + len(x.filename) + x.compress_size
            assert (
                before[was.header_offset : was.header_offset + size] == after[x.header_offset : x.header_offset + size]
            )


@pytest.mark.parametrize(
    ("cell", "value", "becomes"),
    [
        ('<c r="A1"><v>1</v></c>', 2.5, '<c r="A1"><v>2.5</v></c>'),
        ('<c r="A1" s="3" t="s"><v>0</v></c>', 2.0, '<c r="A1" s="3"><v>2</v></c>'),
        ("<c s='3'   r='A1'\n t='b' ><v>0</v></c>", 0.1, "<c s='3'   r='A1' ><v>0.1</v></c>"),
        ('<c r="A1" s="3"/>', True, '<c r="A1" s="3" t="b"><v>1</v></c>'),
        ('<c r="A1" s="3" />', 1.0, '<c r="A1" s="3"><v>1</v></c>'),
        ('<c r="A1"><v>1</v></c>', ErrorValue("#N/A"), '<c r="A1" t="e"><v>#N/A</v></c>'),
        ('<c r="A1" s="3"><v>1</v></c>', None, '<c r="A1" s="3"/>'),
        ('<c r="A1"><v>1</v></c>', "a<b>&", '<c r="A1" t="inlineStr"><is><t>a&lt;b&gt;&amp;</t></is></c>'),
        ('<c r="A1"><v>1</v></c>', " a", '<c r="A1" t="inlineStr"><is><t xml:space="preserve"> a</t></is></c>'),
        ('<c r="A1" t="e" vm="1"><v>#VALUE!</v></c>', 1.0, '<c r="A1"><v>1</v></c>'),
        (
            '<c r="A1"><v>1</v><extLst><ext uri="x"/></extLst></c>',
            2.0,
            '<c r="A1"><v>2</v><extLst><ext uri="x"/></extLst></c>',
        ),
        ('<c r="A1"><v>1</v></c>', 1.0, '<c r="A1"><v>1</v></c>'),
    ],
)
def test_value_into_a_cell(make_book, cell, value, becomes):
    strings = f'<sst xmlns="{MAIN}"><si><t>x</t></si></sst>'
    links = f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    around = (
        '<sheetPr/><sheetData>\r\n <row  r="1">{}<!-- > --><c r="B1"><v>9</v></c></row></sheetData>'
        '<pageMargins left="1"/>'
    )
    path = make_book(around.format(cell), {"xl/sharedStrings.xml": strings}, links=links)
    result = patched(path, SetValue("data", 1, 1, value))
    assert body(result.content) == around.format(becomes)
    assert_rest_is_raw(path.read_bytes(), result.content, result.changed)


@pytest.mark.parametrize(
    ("sheet", "row", "col", "becomes"),
    [
        ("<sheetData/>", 2, 3, '<sheetData><row r="2">NEW</row></sheetData>'),
        ("<sheetData></sheetData>", 2, 3, '<sheetData><row r="2">NEW</row></sheetData>'),
        ('<sheetData><row r="2" ht="9"/></sheetData>', 2, 3, '<sheetData><row r="2" ht="9">NEW</row></sheetData>'),
        ('<sheetData><row r="3"/></sheetData>', 2, 3, '<sheetData><row r="2">NEW</row><row r="3"/></sheetData>'),
        ('<sheetData><row r="1"/></sheetData>', 2, 3, '<sheetData><row r="1"/><row r="2">NEW</row></sheetData>'),
        (
            '<sheetData><row r="2" spans="2:2"><c r="B2"/></row></sheetData>',
            2,
            3,
            '<sheetData><row r="2" spans="2:3"><c r="B2"/>NEW</row></sheetData>',
        ),
        (
            '<dimension ref="D2"/><sheetData><row r="2" spans="1:9"><c r="D2"/></row></sheetData>',
            2,
            3,
            '<dimension ref="C2:D2"/><sheetData><row r="2" spans="1:9">NEW<c r="D2"/></row></sheetData>',
        ),
        (
            "<sheetData><row><c/></row><row></row></sheetData>",
            2,
            3,
            "<sheetData><row><c/></row><row>NEW</row></sheetData>",
        ),
    ],
)
def test_a_new_cell_goes_to_its_sorted_place(make_book, sheet, row, col, becomes):
    path = make_book(sheet)
    result = patched(path, SetValue("Data", row, col, 7.0))
    assert body(result.content) == becomes.replace("NEW", f'<c r="{cell_name(row, col)}"><v>7</v></c>')


def test_a_new_cell_takes_the_style_of_its_row_or_column(make_book):
    path = make_book(
        '<cols><col min="2" max="3" style="4"/></cols><sheetData><row r="1" s="5" customFormat="1"/>'
        '<row r="2" s="6"/></sheetData>'
    )
    result = patched(path, SetValue("Data", 1, 2, 1.0), SetValue("Data", 2, 2, 1.0), SetValue("Data", 2, 4, 1.0))
    rows = '<row r="1" s="5" customFormat="1"><c r="B1" s="5"><v>1</v></c></row>'
    assert body(result.content).endswith(
        f'{rows}<row r="2" s="6"><c r="B2" s="4"><v>1</v></c><c r="D2"><v>1</v></c></row></sheetData>'
    )


@pytest.mark.parametrize("dimension", ["<dimension/>", '<dimension ref="A1:"/>'])
def test_a_dimension_that_nobody_can_use_stays(make_book, dimension):
    result = patched(make_book(f"{dimension}<sheetData/>"), SetValue("Data", 2, 2, 1.0))
    assert body(result.content).startswith(dimension + "<sheetData><row")


@pytest.mark.parametrize("around", ["<mergeCells><mergeCell/></mergeCells>", '<cols><col style="1"/></cols>'])
def test_a_sheet_that_is_damaged_around_its_cells_is_named(make_book, around):
    with pytest.raises(BookError, match=r"'Data': its (mergeCells|cols) cannot be understood"):
        patched(make_book("<sheetData/>" + around), SetValue("Data", 1, 1, 1.0))


@pytest.mark.parametrize(
    "formula",
    [
        "SUM(A1:B2)%",
        '"("',
        "'it''s (odd'!A1",
        "Costs[[#This Row],['[x']]]",
        "{1,2;3,4}",
        "A1#",
        "_xlfn.SEQUENCE(3)",
        "{}",
    ],
)
def test_formulas_that_only_look_unfinished(make_book, formula):
    assert patched(make_book("<sheetData/>"), SetFormula("Data", 1, 1, formula, None)).changed


def test_half_a_surrogate_pair_stays_as_it_is_stored(cells):
    path = cells('<row r="1"><c r="A1" t="inlineStr"><is><t>a_xD83D_</t></is></c></row>')
    assert read_book(path).sheets[0].value(1, 1) == "a_xD83D_"


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_prefixes_and_byte_order_marks_stay(make_book, bom):
    text = (
        f'<?xml version="1.0"?>\r\n<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c '
        f'r="A1" t="str"><x:v>£</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    path = make_book("", {SHEET: bom + text.encode()})
    result = patched(path, SetValue("Data", 1, 1, "€"), SetValue("Data", 1, 2, 3.0), SetValue("Data", 2, 1, 4.0))
    inside = (
        '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>€</x:t></x:is></x:c><x:c r="B1"><x:v>3</x:v></x:c></x:row>'
        '<x:row r="2"><x:c r="A2"><x:v>4</x:v></x:c></x:row>'
    )
    expected = bom + text.encode().replace(
        text[text.index("<x:row") : text.index("</x:sheetData>")].encode(), inside.encode()
    )
    assert zipfile.ZipFile(io.BytesIO(result.content)).read(SHEET) == expected


@pytest.mark.parametrize("encoding", ["utf-16", "us-ascii"])
def test_a_sheet_that_is_not_utf8_is_refused(make_book, encoding):
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><worksheet xmlns="{MAIN}"><sheetData><row r="1"><c '
        f'r="A1"/></row></sheetData></worksheet>'
    )
    path = make_book("", {SHEET: text.encode(encoding)})
    with pytest.raises(UnsupportedEditError, match=encoding):
        patched(path, SetValue("Data", 1, 1, 1.0))


# --- formulas and their saved results ------------------------------------------------------------


def test_saved_result_changes_value_and_type_alone(cells):
    path = cells('<row r="1"><c r="A1" s="2" t="str" cm="1"><f t="array" ref="A1">B1&amp;""</f><v>x</v></c></row>')
    result = patched(path, SetSaved("Data", 1, 1, 5.0))
    assert (
        body(result.content)
        == '<sheetData><row r="1"><c r="A1" s="2" cm="1"><f t="array" ref="A1">B1&amp;""</f><v>5</v>'
        "</c></row></sheetData>"
    )
    assert (result.changed, result.removed) == ((SHEET,), ())
    result = patched(path, SetSaved("Data", 1, 1, "a\n"))
    assert '<v xml:space="preserve">a\n</v>' in body(result.content)
    assert patched(path, SetSaved("Data", 1, 1, "x")).content == path.read_bytes()


def test_saved_results_of_an_array_are_those_of_its_range(cells):
    path = cells('<row r="1"><c r="A1"><f t="array" ref="A1:B2">C1:D2</f><v>1</v></c><c r="B1"><v>2</v></c></row>')
    result = patched(path, SetSaved("Data", 1, 1, 5.0), SetSaved("Data", 1, 2, "x"), SetSaved("Data", 2, 2, "y"))
    assert body(result.content) == (
        '<sheetData><row r="1"><c r="A1"><f t="array" ref="A1:B2">C1:D2</f><v>5</v></c><c r="B1" '
        't="str"><v>x</v></c></row>'
        '<row r="2"><c r="B2" t="str"><v>y</v></c></row></sheetData>'
    )


def test_formula_drops_the_calculation_chain_with_all_that_names_it(cells):
    path = cells('<row r="1"><c r="A1"><f>1</f><v>1</v></c></row>')
    before = path.read_bytes()
    result = patched(path, SetFormula("Data", 1, 2, 'A1&"<"', "1<"))
    assert '<c r="B1" t="str"><f>A1&amp;"&lt;"</f><v>1&lt;</v></c>' in body(result.content)
    assert result.removed == (CHAIN,)
    assert set(result.changed) == {SHEET, "[Content_Types].xml", "xl/_rels/workbook.xml.rels"}
    assert_rest_is_raw(before, result.content, result.changed, result.removed)
    for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        old, new = part(before, name), part(result.content, name)
        start = next(i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b)
        gone = old[start - 20 : start + len(old) - len(new) + 20]
        assert "alcChain" in gone
        assert "alcChain" not in new
    again = reread(path, result)
    assert again.formula_a1(again.sheets[0], 1) == 'A1&"<"'


def test_value_in_place_of_a_formula_drops_the_chain_too(cells):
    path = cells('<row r="1"><c r="A1" cm="1" vm="2"><f>1</f><v>1</v></c><c r="B1"><v>1</v></c></row>')
    result = patched(path, SetValue("Data", 1, 1, 1.0))
    assert '<c r="A1"><v>1</v></c>' in body(result.content)
    assert result.removed == (CHAIN,)
    assert patched(path, SetValue("Data", 1, 2, 3.0)).removed == ()


SHARED = (
    '<row r="1"><c r="A1"><f t="shared" ref="A1:A4" si="0">B1*C$1</f><v>1</v></c></row>'
    '<row r="2"><c r="A2"><f t="shared" ca="1" si="0"/><v>2</v></c></row>'
    '<row r="3"><c r="A3"><f t="shared" si="0"/><v>3</v></c><c r="D3"><f t="shared" si="1" ref="D3:E3">'
    "A1</f><v>1</v></c></row>"
    '<row r="4"><c r="A4"><f t="shared" si="0"/><v>4</v></c></row>'
    '<row r="5"><c r="A5"><f t="shared" ref="A5:A6" si="0">Z9</f><v>3</v></c></row>'
    '<row r="6"><c r="A6"><f t="shared" si="0"/><v>3</v></c></row>'
)


@pytest.mark.parametrize(
    "edits",
    [
        (SetValue("Data", 1, 1, 9.0),),
        (SetFormula("Data", 1, 1, "1+1", 2.0),),
        (SetValue("Data", 1, 1, 9.0), SetSaved("Data", 2, 1, "text"), SetValue("Data", 3, 1, 8.0)),
        (SetValue("Data", 1, 1, 9.0), SetValue("Data", 5, 1, 9.0)),
        (SetValue("Data", 5, 1, 9.0),),
        (SetFormula("Data", 2, 1, "1+1", 2.0),),
    ],
)
def test_an_edit_of_a_shared_formula_leaves_the_others_theirs(cells, edits):
    path = cells(SHARED)
    book = read_book(path)
    result = patch(path, book, edits)
    new = reread(path, result)
    edited = {(e.row, e.col): e for e in edits}
    old_sheet, sheet = book.sheets[0], new.sheets[0]
    assert len(sheet) == len(old_sheet)
    for i in range(len(sheet)):
        edit = edited.get((int(sheet.row[i]), int(sheet.col[i])))
        formula = book.formula_a1(old_sheet, i)
        match edit:
            case SetValue():
                formula = ""
            case SetFormula():
                formula = edit.formula
        assert new.formula_a1(sheet, i) == formula
        value = old_sheet.values.item(i) if edit is None else edit.saved if isinstance(edit, SetFormula) else edit.value
        assert sheet.values.item(i) == value


def test_own_formula_of_a_shared_child_keeps_its_other_attributes(cells):
    result = patched(cells(SHARED), SetValue("Data", 1, 1, 9.0))
    assert '<c r="A2"><f ca="1">B2*C$1</f><v>2</v></c>' in body(result.content)


@pytest.mark.parametrize(
    ("workbook", "becomes"),
    [
        ("", '<calcPr fullCalcOnLoad="1"/>'),
        ("<definedNames/><oleSize ref='A1'/>", "<definedNames/><calcPr fullCalcOnLoad=\"1\"/><oleSize ref='A1'/>"),
        ('<calcPr calcId="1" iterate="1"/>', '<calcPr calcId="1" iterate="1" fullCalcOnLoad="1"/>'),
        ('<calcPr fullCalcOnLoad="0" calcId="1"/>', '<calcPr fullCalcOnLoad="1" calcId="1"/>'),
    ],
)
def test_full_calculation_on_load(make_book, workbook, becomes):
    path = make_book("<sheetData/>", workbook=workbook)
    result = patched(path, full_calc_on_load=True)
    assert result.changed == ("xl/workbook.xml",)
    assert part(result.content, "xl/workbook.xml").endswith(f"</sheets>{becomes}</workbook>")
    assert reread(path, result).calc.full_calc_on_load


# --- what is refused ------------------------------------------------------------

AREAS = (
    '<sheetData><row r="1"><c r="A1"><f t="array" ref="A1:B2">C1:D2</f><v>1</v></c><c r="B1"><v>2</v></c></row>'
    '<row r="5"><c r="A5"><f t="dataTable" ref="A5:A6" dt2D="0" dtr="0" r1="D1"/><v>1</v></c></row></sheetData>'
    '<mergeCells count="1"><mergeCell ref="F1:G2"/></mergeCells>'
)


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (SetValue("Data", 1, 2, 1.0), r"Data!B1.*array formula over A1:B2"),
        (SetValue("Data", 1, 1, 1.0), r"Data!A1.*array formula over A1:B2"),
        (SetFormula("Data", 2, 2, "1", 1.0), r"Data!B2.*array formula over A1:B2"),
        (SetValue("Data", 6, 1, 1.0), r"Data!A6.*data table over A5:A6"),
        (SetValue("Data", 2, 7, 1.0), r"Data!G2.*merged cells F1:G2"),
        (SetSaved("Data", 9, 9, 1.0), r"Data!I9.*holds no formula"),
        (SetValue("Data", 9, 9, float("nan")), r"Data!I9.*finite; it is nan"),
        (SetValue("Data", 9, 9, float("inf")), r"Data!I9.*finite; it is inf"),
        (SetValue("Data", 9, 9, "x" * 32_768), r"Data!I9.*32767 characters; it has 32768"),
        (SetValue("Data", 9, 9, "\U0001f600" * 16_384), r"Data!I9.*it has 32768"),
        (SetValue("Data", 9, 9, "\ud800"), r"Data!I9.*surrogate"),
        (SetValue("Data", 9, 9, ErrorValue("#SPILL!")), r"Data!I9.*#SPILL! cannot be stored"),
        (SetValue("Data", 9, 9, object()), r"Data!I9.*object is no cell content"),
        (SetValue("Data", 0, 9, 1.0), r"row 0, column 9 lies outside"),
        (SetValue("Data", 1, 16_385, 1.0), r"column 16385 lies outside"),
        (SetFormula("Data", 9, 9, "=1", 1.0), r"Data!I9.*without the equals sign"),
        (SetFormula("Data", 9, 9, "", 1.0), r"Data!I9.*without the equals sign"),
        (SetFormula("Data", 9, 9, "1\x01", 1.0), r"Data!I9.*U\+0001"),
        (SetFormula("Data", 9, 9, "1+" * 5000 + "1", 1.0), r"Data!I9.*8192 characters"),
        (SetFormula("Data", 9, 9, "SUM(A1", 1.0), r"Data!I9.*lacks a \)"),
        (SetFormula("Data", 9, 9, "SUM(A1))", 1.0), r"Data!I9.*closes a \) that is not open"),
        (SetFormula("Data", 9, 9, '"text', 1.0), r'Data!I9.*has a " without its other half'),
        (SetFormula("Data", 9, 9, "{1,2", 1.0), r"Data!I9.*lacks a }"),
        (SetFormula("Data", 9, 9, "A1+ ", 1.0), r"Data!I9.*ends with \+"),
        (SetValue("Data", 9, 9, 10**400), r"Data!I9.*it is larger"),
        (SetValue("Data", 9, 9, datetime.date(2026, 4, 1)), r"Data!I9.*serial number"),
        (SetValue("Data", 9.0, 9, 1.0), r"Data.*must be whole numbers; they are 9.0 and 9"),
    ],
)
def test_refused(make_book, edit, reason):
    with pytest.raises(UnsupportedEditError, match=reason):
        patched(make_book(AREAS), edit)


@pytest.mark.parametrize(("row", "message"), [(2, "header of table Rates"), (5, "totals row of table Rates")])
def test_the_parts_of_a_table_that_its_own_part_repeats(make_book, row, message):
    table = (
        f'<table xmlns="{MAIN}" id="1" name="T" displayName="Rates" ref="B2:C5" totalsRowCount="1">'
        f'<tableColumns count="2">'
        '<tableColumn id="1" name="Code"/><tableColumn id="2" name="Rate"/></tableColumns></table>'
    )
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/table" Target="../tables/table1.xml"/></Relationships>'
    )
    path = make_book("<sheetData/>", {"xl/tables/table1.xml": table, "xl/worksheets/_rels/sheet1.xml.rels": rels})
    with pytest.raises(UnsupportedEditError, match=message):
        patched(path, SetValue("Data", row, 2, "x"))
    assert patched(path, SetValue("Data", row - 1 if row == 5 else row + 1, 2, "x")).changed == (SHEET,)


def test_signed_twice_edited_stale_and_unknown(make_book):
    path = make_book("<sheetData/>")
    book = read_book(path)
    edit = SetValue("Data", 1, 1, 1.0)
    with pytest.raises(UnsupportedEditError, match="edited twice"):
        patch(path, book, [edit, edit])
    with pytest.raises(StaleBookError):
        patch(path.read_bytes() + b" ", book, [edit])
    with pytest.raises(BookError, match="no sheet 'Other'"):
        patch(path, book, [SetValue("Other", 1, 1, 1.0)])
    signed = make_book("<sheetData/>", {"_xmlsignatures/origin.sigs": ""}, name="signed.xlsx")
    with pytest.raises(UnsupportedEditError, match="signed"):
        patched(signed, edit)


# --- invariants ------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["_x0041_", "_x005F_", "a\r\n", "_xx0041_", "\ufffe"]
)
CONTENT = (
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
    | st.sampled_from(["#N/A", "#DIV/0!"]).map(ErrorValue)
)
EDITS = st.dictionaries(
    st.tuples(st.integers(1, 7), st.integers(1, 5)), st.tuples(st.sampled_from("vfs"), CONTENT), max_size=8
)
ROWS = (
    '<row r="2" spans="2:3"><c r="B2" s="1"><v>1</v></c><c r="C2"><f>B2+1</f><v>2</v></c></row><row r="3"/>'
    '<row r="5"><c r="A5" t="str"><f t="shared" ref="A5:A6" si="0">B5</f><v>a</v></c><c r="D5" '
    't="inlineStr"><is><t>x</t></is></c></row>'
    '<row r="6"><c r="A6"><f t="shared" si="0"/><v>1</v></c></row>'
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(EDITS)
def test_what_is_put_in_is_read_back_and_all_else_stays(cells, wanted):
    path = cells(ROWS)
    book = read_book(path)
    sheet = book.sheets[0]
    edits = []
    for (row, col), (kind, value) in wanted.items():
        at = sheet.find(row, col)
        if kind == "s" and at >= 0 and sheet.formula[at] >= 0:
            edits.append(SetSaved("Data", row, col, value))
        elif kind == "f":
            edits.append(SetFormula("Data", row, col, f'{cell_name(row, col + 1)}&"é<"', value))
        else:
            edits.append(SetValue("Data", row, col, value))
    result = patch(path, book, edits)
    new = reread(path, result).sheets[0]
    after = reread(path, result)
    edited = {(e.row, e.col): e for e in edits}
    every = {*edited, *zip(sheet.row.tolist(), sheet.col.tolist(), strict=True)}
    for row, col in every:
        edit, at, now = edited.get((row, col)), sheet.find(row, col), new.find(row, col)
        value = sheet.value(row, col) if edit is None else edit.saved if isinstance(edit, SetFormula) else edit.value
        assert new.value(row, col) == value
        assert type(new.value(row, col)) is type(value)
        formula = "" if at < 0 or isinstance(edit, SetValue) else book.formula_a1(sheet, at)
        assert (after.formula_a1(new, now) if now >= 0 else "") == (
            edit.formula if isinstance(edit, SetFormula) else formula
        )
    assert set(zip(new.row.tolist(), new.col.tolist(), strict=True)) <= every
    assert_rest_is_raw(path.read_bytes(), result.content, result.changed, result.removed)


def test_zip_with_data_descriptors_comment_and_stored_members(cells, tmp_path):
    path = tmp_path / "streamed.xlsx"

    class Pipe(io.RawIOBase):
        """A file that cannot seek: the writer must put sizes behind the data."""

        def __init__(self, file):
            self.file = file

        def writable(self):
            return True

        def write(self, data):
            return self.file.write(data)

    with zipfile.ZipFile(cells(ROWS)) as old, path.open("wb") as file, zipfile.ZipFile(Pipe(file), "w") as package:
        for i, name in enumerate(old.namelist()):
            info = zipfile.ZipInfo(name, (2020, 1, 2, 3, 4, 6))
            info.compress_type = zipfile.ZIP_STORED if i % 2 else zipfile.ZIP_DEFLATED
            info.comment = b"note"
            with package.open(info, "w", force_zip64=i % 3 == 0) as member:
                member.write(old.read(name))
        package.comment = b"the end"
    result = patched(path, SetFormula("Data", 1, 1, "1+1", 2.0))
    assert reread(path, result).sheets[0].value(1, 1) == 2.0
    assert_rest_is_raw(path.read_bytes(), result.content, result.changed, result.removed)
    assert zipfile.ZipFile(io.BytesIO(result.content)).comment == b"the end"
