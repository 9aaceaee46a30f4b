"""Pivot tables: what each of their cells is for, and the records behind them."""

from __future__ import annotations

import pytest

from xlmodel.book import Limits, SetFormula, SetValue, patch, read_book
from xlmodel.book.pivots import VALUES
from xlmodel.errors import BookError, BookLimitError, UnsupportedEditError
from xlmodel.refs import Rect
from xlmodel.values import ErrorValue

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

CACHE = f"""<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" r:id="rId1">
<cacheSource type="worksheet"><worksheetSource ref="A1:E4" sheet="Case records"/></cacheSource>
<cacheFields count="5">
<cacheField name="Area"><sharedItems><s v="North"/><s v="South"/><m/></sharedItems></cacheField>
<cacheField name="Kind_x000a_of care"><sharedItems><s v="Foster"/><b v="1"/><n v="7"/><e v="#N/A"/>
<d v="2020-01-01T00:00:00"/></sharedItems></cacheField>
<cacheField name="Weeks"><sharedItems containsNumber="1"/></cacheField>
<cacheField name="Year" databaseField="0"><fieldGroup base="1"><rangePr/><groupItems><s v="2019"/><s v="2020"/>
</groupItems></fieldGroup></cacheField>
<cacheField name="Cost" formula="Weeks*2" databaseField="0"/>
</cacheFields></pivotCacheDefinition>"""

RECORDS = f"""<pivotCacheRecords xmlns="{MAIN}" count="3"><r><x v="0"/><x v="1"/><n v="1.5"/></r>
<r><x v="1"/><x v="3"/><m/></r><r><x v="2"/><x v="4"/><s v="none"/></r></pivotCacheRecords>"""

TABLE = f"""<pivotTableDefinition xmlns="{MAIN}" name="Flows" cacheId="3">
<location ref="B4:F10" firstHeaderRow="1" firstDataRow="2" firstDataCol="1"/>
<pivotFields count="5">
<pivotField axis="axisRow"><items><item x="1"/><item x="0"/><item x="2"/><item t="default"/></items></pivotField>
<pivotField axis="axisPage"><items><item x="0"/><item x="4"/></items></pivotField>
<pivotField dataField="1"/>
<pivotField axis="axisRow"><items><item x="0"/><item x="1"/></items></pivotField>
<pivotField dataField="1"/>
</pivotFields>
<rowFields><field x="0"/><field x="3"/></rowFields>
<rowItems><i><x/><x v="1"/></i><i r="1"><x/></i><i t="default"><x/></i><i t="blank"><x v="1"/></i><i><x v="2"/></i>
<i t="grand"><x/></i></rowItems>
<colFields><field x="4294967294"/></colFields>
<colItems><i><x/></i><i i="1"><x v="1"/></i></colItems>
<pageFields><pageField fld="1" item="1"/><pageField fld="1"/></pageFields>
<dataFields><dataField name="Sum of Weeks" fld="2"/>
<dataField fld="4" subtotal="average" showDataAs="percent"/></dataFields>
</pivotTableDefinition>"""


def rels(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/>'
        "</Relationships>"
    )


@pytest.fixture
def make_pivot(make_book):
    """Write a workbook with two pivot tables of one cache; the parts may be changed."""

    def make(table=TABLE, cache=CACHE, records=RECORDS):
        sheet_rels = rels("pivotTable", "../pivotTables/pivotTable1.xml").replace(
            "</Relationships>",
            f'<Relationship Id="rId2" Type="{OFFICE}/pivotTable" Target="/xl/pivotTables/pivotTable2.xml"/>'
            "</Relationships>",
        )
        to_cache = rels("pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")
        parts = {
            "xl/worksheets/_rels/sheet1.xml.rels": sheet_rels,
            "xl/pivotTables/pivotTable1.xml": table,
            "xl/pivotTables/pivotTable2.xml": TABLE,
            "xl/pivotTables/_rels/pivotTable1.xml.rels": to_cache,
            "xl/pivotTables/_rels/pivotTable2.xml.rels": to_cache,
            "xl/pivotCache/pivotCacheDefinition1.xml": cache,
        }
        if records is not None:
            parts["xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels"] = rels(
                "pivotCacheRecords", "pivotCacheRecords1.xml"
            )
            parts["xl/pivotCache/pivotCacheRecords1.xml"] = records
        return make_book("<sheetData/>", parts)

    return make


def test_a_pivot_table(make_pivot):
    book = read_book(make_pivot())
    pivot, other = book.pivots
    assert (pivot.name, pivot.sheet, pivot.rect) == ("Flows", "Data", Rect(4, 2, 10, 6))
    assert (pivot.header_row, pivot.data_row, pivot.data_col) == (5, 6, 3)
    assert (pivot.row_fields, pivot.column_fields) == (("Area", "Year"), (VALUES,))
    assert pivot.page_fields == (("Kind\nof care", 43831.0), ("Kind\nof care", None))
    data = [(d.name, d.field, d.function, d.shown_as) for d in pivot.data_fields]
    assert data == [("Sum of Weeks", "Weeks", "sum", "normal"), ("Cost", "Cost", "average", "percent")]
    assert [(line.kind, line.items) for line in pivot.rows] == [
        ("data", ("South", "2020")),
        ("data", ("South", "2019")),
        ("default", ("South",)),
        ("blank", ()),
        ("data", (None,)),
        ("grand", ()),
    ]
    assert [(line.kind, line.items, line.data) for line in pivot.columns] == [("data", (), 0), ("data", (), 1)]
    assert other.cache is pivot.cache


def test_its_cache(make_pivot):
    cache = read_book(make_pivot()).pivots[0].cache
    assert (cache.kind, cache.source) == ("worksheet", "'Case records'!A1:E4")
    assert cache.fields == ("Area", "Kind\nof care", "Weeks", "Year", "Cost")
    assert cache.items[1] == ("Foster", True, 7.0, ErrorValue("#N/A"), 43831.0)
    assert cache.items[3] == ("2019", "2020")
    assert cache.stored == ("Area", "Kind\nof care", "Weeks")
    assert cache.records == (
        ("North", True, 1.5),
        ("South", ErrorValue("#N/A"), None),
        (None, 43831.0, "none"),
    )


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('<worksheetSource name="Cases"/>', "Cases"),
        ('<worksheetSource ref="A1:B2"/>', "A1:B2"),
        ("<consolidation/>", ""),
    ],
)
def test_sources(make_pivot, source, shown):
    cache = CACHE.replace('<worksheetSource ref="A1:E4" sheet="Case records"/>', source)
    assert read_book(make_pivot(cache=cache)).pivots[0].cache.source == shown


def test_a_strict_file_says_the_same(make_pivot):
    def strict(text):
        return text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")

    pivots = read_book(make_pivot(strict(TABLE), strict(CACHE), strict(RECORDS))).pivots
    plain = read_book(make_pivot()).pivots
    assert (pivots[0].rows, pivots[0].cache.records) == (plain[0].rows, plain[0].cache.records)


def test_books_without(make_book, make_pivot):
    assert read_book(make_book("<sheetData/>")).pivots == ()
    assert read_book(make_pivot(records=None)).pivots[0].cache.records == ()
    stripped = read_book(make_pivot()).stripped()
    assert len(stripped.pivots) == 2


@pytest.mark.parametrize(
    ("part", "old", "new", "message"),
    [
        ("table", 'fld="2"', 'fld="9"', r"pivotTable1\.xml.*contradicts itself"),
        ("table", '<field x="3"/>', '<field x="-3"/>', "contradicts itself"),
        ("table", '<x v="1"/></i><i r="1">', '<x v="99"/></i><i r="1">', "contradicts itself"),
        ("table", 'ref="B4:F10"', 'ref="#REF!"', "contradicts itself"),
        ("table", "<location", "<place", "contradicts itself"),
        ("cache", '<n v="7"/>', '<n v="seven"/>', r"pivotCacheDefinition1\.xml"),
        ("cache", 'v="2020-01-01T00:00:00"', 'v="soon"', r"pivotCacheDefinition1\.xml"),
        ("records", '<x v="2"/>', '<x v="3"/>', r"pivotCacheRecords1\.xml"),
        ("table", '<x v="1"/></i><i r="1">', '<x v="-1"/></i><i r="1">', "contradicts itself"),
        ("records", '<x v="2"/>', '<x v="-1"/>', r"pivotCacheRecords1\.xml"),
        ("records", '<n v="1.5"/>', '<n v=""/>', r"pivotCacheRecords1\.xml"),
        ("records", "<r>", "<!DOCTYPE r><r>", r"pivotCacheRecords1\.xml"),
    ],
)
def test_damage_shows_when_they_are_asked_for(make_pivot, part, old, new, message):
    parts = {"table": TABLE, "cache": CACHE, "records": RECORDS}
    book = read_book(make_pivot(**{part: parts[part].replace(old, new, 1)}))
    with pytest.raises(BookError, match=message):
        assert [pivot.cache.records for pivot in book.pivots]


def test_records_count_as_cells(make_pivot):
    many = RECORDS.replace(
        "</pivotCacheRecords>", '<r><x v="0"/><x v="0"/><n v="1"/></r>' * 500 + "</pivotCacheRecords>"
    )
    book = read_book(make_pivot(records=many), Limits(cells=1_000))
    with pytest.raises(BookLimitError, match="limit"):
        assert book.pivots[0].cache.records


@pytest.mark.parametrize(
    "edit",
    [
        SetValue("Data", 4, 2, 1.0),
        SetFormula("Data", 10, 6, "1+1", 2.0),
        SetValue("Data", 1, 2, "a"),
        SetValue("Data", 2, 3, "a"),
    ],
)
def test_a_cell_that_excel_fills_is_not_edited(make_pivot, edit):
    path = make_pivot(TABLE.replace('firstDataCol="1"', 'firstDataCol="1" rowPageCount="2" colPageCount="1"'))
    with pytest.raises(UnsupportedEditError, match="refused, the cell belongs to pivot table Flows, which Excel fills"):
        patch(path, read_book(path), [edit])


@pytest.mark.parametrize(("row", "col"), [(3, 2), (1, 4), (11, 2), (4, 7)])
def test_a_cell_beside_is_edited(make_pivot, row, col):
    path = make_pivot(TABLE.replace('firstDataCol="1"', 'firstDataCol="1" rowPageCount="2" colPageCount="1"'))
    assert patch(path, read_book(path), [SetValue("Data", row, col, 1.0)]).changed == ("xl/worksheets/sheet1.xml",)
