"""A cell gets another number format; all else of its format stays, and so do the styles that were there."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

from xlmodel.book import SetValue, patch, read_book, restyle
from xlmodel.book.dates import date_serial
from xlmodel.book.package import Package
from xlmodel.book.reader import read_package
from xlmodel.book.restyle import CellFormats, StylesPart
from xlmodel.book.styles import BUILTIN
from xlmodel.book.xstring import markup
from xlmodel.errors import UnsupportedEditError

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"
LINK = f'<Relationship Id="rId3" Type="{OFFICE}/styles" Target="styles.xml"/>'
HEAD = '<fonts count="1"><font><sz val="11"/></font></fonts>'
BOLD = '<xf numFmtId="4" fontId="1" fillId="2" xfId="0" applyFont="1"><alignment wrapText="1"/></xf>'
XFS = f'<cellXfs count="3"><xf numFmtId="0" fontId="0"/>{BOLD}<xf numFmtId="0" fontId="0" quotePrefix="1"/></cellXfs>'
DATE = "dd/mm/yyyy"


@pytest.fixture
def styled(make_book):
    """Write a workbook with styles: what is between their root's tags."""

    def make(styles=HEAD + XFS, rows='<row r="1"><c r="A1" s="1"><v>5</v></c></row>', around="{}"):
        root = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
        return make_book(around.format(f"<sheetData>{rows}</sheetData>"), {STYLES: root}, links=LINK)

    return make


def part(content, name):
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()


def edited(path, *edits):
    result = patch(path, read_book(path), edits)
    root = part(result.content, STYLES)
    return result, root.split(">", 1)[1].rsplit("</", 1)[0], part(result.content, SHEET).split("sheetData>")[1]


def numbered(code, number=164, count=1):
    return f'<numFmts count="{count}"><numFmt numFmtId="{number}" formatCode="{code}"/></numFmts>'


def xfs(*formats):
    return f'<cellXfs count="{len(formats)}">{"".join(formats)}</cellXfs>'


def xf(number, more=""):
    return f'<xf numFmtId="{number}"{more}/>'


APPLIED = ' applyNumberFormat="1"'
OTHER = numbered("0.000", 10)


@pytest.mark.parametrize(
    ("styles", "style", "code", "becomes", "new"),
    [
        pytest.param(
            HEAD + xfs(xf(0), BOLD),
            1,
            DATE,
            numbered(DATE)
            + HEAD
            + xfs(xf(0), BOLD, BOLD.replace('"4"', '"164"').replace('Font="1"', 'Font="1"' + APPLIED)),
            2,
            id="all else stays",
        ),
        pytest.param(numbered(DATE, 170) + xfs(xf(0), xf(170, APPLIED)), 0, DATE, None, 1, id="one that is there"),
        pytest.param(xfs(xf(0)), 0, "0.00%", xfs(xf(0), xf(10, APPLIED)), 1, id="one of Excel's own"),
        pytest.param(
            xfs(xf(0)),
            0,
            "yyyy/m/d",
            numbered("yyyy/m/d") + xfs(xf(0), xf(164, APPLIED)),
            1,
            id="not one of a country's",
        ),
        pytest.param(
            OTHER + xfs(xf(10)),
            0,
            "0.00%",
            numbered('0.000"/><numFmt numFmtId="164" formatCode="0.00%', 10, 2) + xfs(xf(10), xf(164, APPLIED)),
            1,
            id="the file means another by Excel's number",
        ),
        pytest.param(HEAD + XFS, 1, "#,##0.00", None, 1, id="has it already"),
        pytest.param(
            xfs(xf(0, ' quotePrefix="1"')),
            0,
            "0",
            xfs(xf(0, ' quotePrefix="1"'), xf(1, APPLIED)),
            1,
            id="mark of a text",
        ),
        pytest.param(
            xfs(xf(0, ' quotePrefix="1"')),
            0,
            "@",
            xfs(xf(0, ' quotePrefix="1"'), xf(49, ' quotePrefix="1"' + APPLIED)),
            1,
            id="mark of a text that stays one",
        ),
        pytest.param(HEAD + XFS, 77, "General", None, 0, id="no such style"),
        pytest.param(
            '<numFmts count="0"/>' + xfs("<xf/>"),
            0,
            '"a" &<0',
            numbered("&quot;a&quot; &amp;&lt;0") + xfs("<xf/>", xf(164, APPLIED)),
            1,
            id="escaped",
        ),
    ],
)
def test_the_format_like_another(styled, styles, style, code, becomes, new):
    path = styled(styles)
    formats = CellFormats(Package.open(path))
    assert formats.with_number_format(style, code) == new
    assert formats.with_number_format(new, code) == new
    changed = formats.changed_parts()
    assert changed.keys() == (set() if becomes is None else {STYLES})
    if becomes is not None:
        assert changed[STYLES].decode() == f'<styleSheet xmlns="{MAIN}">{becomes}</styleSheet>'


@pytest.mark.parametrize(
    ("rows", "edit", "becomes"),
    [
        # the value and the format
        (
            '<row r="1"><c r="A1" s="1" t="b"><v>1</v></c></row>',
            SetValue("Data", 1, 1, 46112.0, DATE),
            '<row r="1"><c r="A1" s="3"><v>46112</v></c></row>',
        ),
        # the format alone: what is written in the cell stays as it is written
        (
            '<row r="1"><c r="A1" t="str"><v>a </v></c></row>',
            SetValue("Data", 1, 1, "a ", DATE),
            '<row r="1"><c r="A1" s="3" t="str"><v>a </v></c></row>',
        ),
        # nothing
        ('<row r="1"><c r="A1" s="1"><v>5.0</v></c></row>', SetValue("Data", 1, 1, 5.0, "#,##0.00"), None),
        # new cells: their row's format, restyled; a blank one too
        (
            '<row r="1" s="1" customFormat="1"/>',
            SetValue("Data", 1, 2, None, DATE),
            '<row r="1" s="1" customFormat="1"><c r="B1" s="3"></c></row>',
        ),
        ("", SetValue("Data", 2, 1, 1.0, DATE), '<row r="2"><c r="A2" s="3"><v>1</v></c></row>'),
        ("", SetValue("Data", 2, 1, None, "General"), None),
        # a formula goes, the format comes
        (
            '<row r="1"><c r="A1" s="1"><f>1+1</f><v>2</v></c></row>',
            SetValue("Data", 1, 1, 2.0, DATE),
            '<row r="1"><c r="A1" s="3"><v>2</v></c></row>',
        ),
    ],
)
def test_a_cell_gets_a_format(styled, rows, edit, becomes):
    path = styled(rows=rows)
    result, _, sheet = edited(path, edit)
    assert sheet.removesuffix("</") == (rows if becomes is None else becomes)
    assert (STYLES in result.changed) == (becomes is not None)
    after = read_package(Package(result.content, path)).sheet("Data")
    assert after.value(edit.row, edit.col) == edit.value


def test_a_master_of_a_shared_formula_gets_a_format(styled):
    rows = (
        '<row r="1"><c r="A1" s="1"><f t="shared" ref="A1:A2" si="0">B1</f><v>0</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>0</v></c></row>'
    )
    path = styled(rows=rows)
    result, _, _ = edited(path, SetValue("Data", 1, 1, 3.0, DATE), SetValue("Data", 3, 1, 4.0, DATE))
    book = read_package(Package(result.content, path))
    sheet = book.sheet("Data")
    assert [book.formula_a1(sheet, i) for i in range(3)] == ["", "B2", ""]
    assert [book.number_formats[i] for i in sheet.style] == [DATE, "General", DATE]


def test_one_format_serves_many_cells(styled):
    _, styles, _ = edited(styled(), *(SetValue("Data", row, 2, 1.0 * row, DATE) for row in range(1, 50)))
    assert styles.count("<xf ") == 4
    assert styles.count("<numFmt ") == 1


@pytest.mark.parametrize("code", ["", "x" * 256, "0\n0", "0\x00", "\ud800"])
def test_a_code_that_no_file_can_hold_is_refused(styled, code):
    path = styled()
    with pytest.raises(UnsupportedEditError, match=r"Data!A1: SetValue refused, a number format must"):
        patch(path, read_book(path), [SetValue("Data", 1, 1, 5.0, code)])


def test_without_styles_it_is_refused(make_book):
    path = make_book("<sheetData/>")
    book = read_book(path)
    with pytest.raises(UnsupportedEditError, match="has no styles, so no cell can get a number format"):
        patch(path, book, [SetValue("Data", 1, 1, 5.0, DATE)])
    assert patch(path, book, [SetValue("Data", 1, 1, 5.0)]).changed == (SHEET,)


def test_styles_without_cell_formats_are_refused(styled):
    path = styled(HEAD)
    with pytest.raises(UnsupportedEditError, match="lacks cellXfs"):
        patch(path, read_book(path), [SetValue("Data", 1, 1, 5.0, DATE)])


def test_no_more_formats_than_excel_opens(styled, monkeypatch):
    monkeypatch.setattr(restyle, "MOST_CELL_FORMATS", 3)
    path = styled()
    with pytest.raises(UnsupportedEditError, match="has 3 cell formats, and Excel opens no more"):
        patch(path, read_book(path), [SetValue("Data", 1, 1, 5.0, DATE)])


def test_prefixed_styles():
    root = f'<x:styleSheet xmlns:x="{MAIN}"><x:cellXfs count="1"><x:xf numFmtId="0"/></x:cellXfs></x:styleSheet>'
    styles = StylesPart(root.encode(), "book.xlsx", "cellXfs")
    styles.add("numFmts", f"<{styles.prefix('numFmts')}numFmt/>".encode())
    assert f'"{MAIN}"><x:numFmts count="1"><x:numFmt/></x:numFmts><x:cellXfs' in styles.written().decode()


def test_openpyxl_sees_another_number_format_and_nothing_else(tmp_path):
    path = tmp_path / "book.xlsx"
    made = openpyxl.Workbook()
    cell = made.active["B2"]
    cell.value, cell.number_format = 5, '0.0" £m"'
    cell.font, cell.fill = Font("Arial", 16, bold=True), PatternFill("solid", "FFEEDD")
    cell.border, cell.alignment = Border(Side("thin")), Alignment("right", wrap_text=True)
    cell.protection = Protection(locked=False)
    made.save(path)
    result = patch(path, read_book(path), [SetValue("Sheet", 2, 2, 46112.0, "dd mmm yyyy")])
    before, after = (openpyxl.load_workbook(x).active["B2"] for x in (path, io.BytesIO(result.content)))
    assert (after.value, after.number_format) == (datetime.datetime(2026, 3, 31), "dd mmm yyyy")
    for look in ("font", "fill", "border", "alignment", "protection"):
        assert repr(getattr(before, look)) == repr(getattr(after, look))


@given(
    codes=st.lists(
        st.sampled_from([*dict.fromkeys(BUILTIN.values()), DATE, "0.000", '"é<&>"0', "_x0041_"]), min_size=1
    ),
    start=st.integers(0, 2),
)
def test_every_format_reads_back(styles_in_memory, codes, start):
    package = styles_in_memory
    formats = CellFormats(package)
    wanted = [(formats.with_number_format(start, code), code) for code in codes]
    content = formats.changed_parts().get(STYLES, package.read(STYLES))
    with_styles = StylesPart(content, "book.xlsx", "cellXfs")
    numbers = {x.attributes["numFmtId"]: x.attributes["formatCode"] for x in with_styles.own("numFmts")}
    assert len(set(numbers.values())) == len(numbers)
    for style, code in wanted:
        xf = with_styles.own("cellXfs")[style].attributes
        stored = numbers.get(xf["numFmtId"])
        assert (BUILTIN[int(xf["numFmtId"])] if stored is None else stored) == (
            code if stored is None else escaped(code)
        )
        assert xf["fontId"] == with_styles.own("cellXfs")[start].attributes["fontId"]


def escaped(code):
    """The characters of the attribute: a text that looks like an escape is escaped in turn."""
    return markup(code).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.fixture(scope="module")
def styles_in_memory():
    out = io.BytesIO()
    relationships = "http://schemas.openxmlformats.org/package/2006/relationships"
    links = {
        "_rels/.rels": ("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": ("styles", "styles.xml"),
    }
    with zipfile.ZipFile(out, "w") as package:
        for name, (kind, target) in links.items():
            link = f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/>'
            package.writestr(name, f'<Relationships xmlns="{relationships}">{link}</Relationships>')
        package.writestr(STYLES, f'<styleSheet xmlns="{MAIN}">{HEAD}{XFS}</styleSheet>')
    return Package(out.getvalue(), Path("book.xlsx"))


@pytest.mark.parametrize(
    ("value", "date1904", "number"),
    [
        (datetime.date(1900, 1, 1), False, 1.0),
        (datetime.date(1900, 3, 1), False, 61.0),
        (datetime.date(1904, 1, 1), True, 0.0),
        (datetime.date(9999, 12, 31), False, 2_958_465.0),
        (datetime.datetime(2026, 3, 31, 6), False, 46112.25),
    ],
)
def test_serial_numbers_of_dates(value, date1904, number):
    assert date_serial(value, date1904) == number


@pytest.mark.parametrize(
    ("value", "date1904", "reason"),
    [
        (datetime.date(1899, 12, 31), False, "a date must be >= 1900-01-01; it is 1899-12-31"),
        (datetime.date(1903, 12, 31), True, "a date must be >= 1904-01-01"),
        (datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), False, "must have no time zone"),
    ],
)
def test_dates_that_no_workbook_holds(value, date1904, reason):
    with pytest.raises(ValueError, match=reason):
        date_serial(value, date1904)
