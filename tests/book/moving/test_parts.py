"""The other parts of a workbook, after rows have moved."""

from __future__ import annotations

import pytest
from book.moving.written_parts import DRAWING, MAIN, changed, data, links, package

from xlmodel.book.moving import Growth, RowMove
from xlmodel.errors import UnsupportedEditError
from xlmodel.refs import Rect

COME = [RowMove("Data", 6, 3)]
GO = [RowMove("Data", 6, -2)]
ROWS = data({1: {"A": "<v>1</v>"}})
RELS = "xl/worksheets/_rels/sheet1.xml.rels"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
THREADED = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"


def anchor(first: int, last: int, edit_as: str = "") -> str:
    kind = f' editAs="{edit_as}"' if edit_as else ""
    corners = (
        f"<{name}><col>0</col><colOff>0</colOff><row>{row}</row><rowOff>9</rowOff></{name}>"
        for name, row in (("from", first), ("to", last))
    )
    return f"<twoCellAnchor{kind}>{''.join(corners)}</twoCellAnchor>"


def drawing(*anchors: str) -> str:
    return f'<wsDr xmlns="{DRAWING}">{"".join(anchors)}</wsDr>'


def note(row: int, top: int, bottom: int) -> str:
    return (
        '<xml xmlns:x="urn:x"><v:shape><br><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>1, 15, {top}, 2, 3, 15, {bottom}, 16</x:Anchor><x:Row>{row}</x:Row><x:Column>0</x:Column>"
        "</x:ClientData></v:shape></xml>"
    )


def button(first: int, last: int, link: str) -> str:
    return (
        '<xml xmlns:x="urn:x"><x:ClientData ObjectType="Drop"><x:Anchor>1, 15, '
        f"{first}, 2, 3, 15, {last}, 16</x:Anchor><x:FmlaLink>{link}</x:FmlaLink></x:ClientData></xml>"
    )


#: kind, part, before, after
FOLLOWED = {
    "drawing": ("drawing", drawing(anchor(2, 4), anchor(4, 7), anchor(5, 7)),
                drawing(anchor(2, 4), anchor(4, 10), anchor(8, 10))),
    "drawing that keeps its size": ("drawing", drawing(anchor(2, 7, "oneCell"), anchor(5, 7, "oneCell")),
                                    drawing(anchor(2, 7, "oneCell"), anchor(8, 10, "oneCell"))),
    "drawing fixed to the page": ("drawing", drawing(anchor(5, 7, "absolute"), '<sp textlink="Data!$A$7"/>'),
                                  drawing(anchor(5, 7, "absolute"), '<sp textlink="Data!$A$10"/>')),
    "note": ("vmlDrawing", note(6, 5, 9), note(9, 8, 12)),
    "old control": ("vmlDrawing", button(4, 7, "$A$7"), button(4, 10, "$A$10")),
    "comments": ("comments", '<comments><commentList><comment ref="A6" authorId="0"/></commentList></comments>',
                 '<comments><commentList><comment ref="A9" authorId="0"/></commentList></comments>'),
    "threaded comments": ("threadedComment", f'<x:All xmlns:x="{THREADED}"><x:threadedComment ref="B7"/></x:All>',
                          f'<x:All xmlns:x="{THREADED}"><x:threadedComment ref="B10"/></x:All>'),
    "control": ("ctrlProp", '<formControlPr fmlaLink="$A$7" fmlaRange="Data!$B$5:$B$8" val="3"/>',
                '<formControlPr fmlaLink="$A$10" fmlaRange="Data!$B$5:$B$11" val="3"/>'),
    "cells of an XML map": ("tableSingleCells", '<singleXmlCells><singleXmlCell id="1" r="C7"/></singleXmlCells>',
                            '<singleXmlCells><singleXmlCell id="1" r="C10"/></singleXmlCells>'),
}  # fmt: skip


@pytest.mark.parametrize("what", FOLLOWED)
def test_a_part_of_the_sheet(what):
    kind, before, after = FOLLOWED[what]
    parts = {RELS: links((kind, "../x/part.xml")), "xl/x/part.xml": before}
    assert changed(package({"Data": ROWS}, parts), COME) == {"xl/x/part.xml": after}
    # on another sheet only what names this one follows
    made = package({"Other": ROWS, "Data": ROWS}, parts)
    assert set(changed(made, COME)) == ({"xl/x/part.xml"} if "Data!" in before else set())


def test_what_a_chart_draws():
    def chart(last: int, head: int, point: str) -> str:
        return (
            f'<c:chart xmlns:c="{CHART}"><c:tx><c:f>Data!$B${head}</c:f></c:tx><c:val><c:numRef>'
            f'<c:f>Data!$B$4:$B${last}</c:f><c:numCache><c:pt idx="0"><c:v>4</c:v></c:pt></c:numCache></c:numRef>'
            f"</c:val><c:f>{point}</c:f></c:chart>"
        )

    parts = {
        RELS: links(("drawing", "../drawings/drawing1.xml")),
        "xl/drawings/drawing1.xml": drawing(),
        "xl/drawings/_rels/drawing1.xml.rels": links(("chart", "../charts/chart1.xml")),
        "xl/charts/chart1.xml": chart(8, 3, "Other!$C$4"),
    }
    made = package({"Data": ROWS, "Other": ROWS}, parts)
    assert changed(made, COME) == {"xl/charts/chart1.xml": chart(11, 3, "Other!$C$4")}
    grew = [Growth("Data", Rect(4, 1, 8, 3), Rect(4, 1, 20, 3)), Growth("Other", Rect(4, 1, 4, 3), Rect(4, 1, 6, 3))]
    assert changed(made, (), grew) == {"xl/charts/chart1.xml": chart(20, 3, "Other!$C$4:$C$6")}


def table(ref: str, formula: str) -> str:
    return (
        f'<table xmlns="{MAIN}" id="1" name="T" displayName="T" ref="{ref}"><autoFilter ref="{ref}"/>'
        '<tableColumns count="2"><tableColumn id="1" name="a"/><tableColumn id="2" name="b">'
        f"<calculatedColumnFormula>{formula}</calculatedColumnFormula></tableColumn></tableColumns></table>"
    )


def test_a_table_moves_with_its_rows_but_grows_only_by_them():
    parts = {RELS: links(("table", "../tables/t.xml")), "xl/tables/t.xml": table("A3:B9", "T[[#This Row],[a]]/$D$20")}
    made = package({"Data": ROWS + '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>'}, parts)
    assert changed(made, [RowMove("Data", 2, 3)])["xl/tables/t.xml"] == table("A6:B12", "T[[#This Row],[a]]/$D$23")
    growth = Growth("Data", Rect(4, 1, 9, 2), Rect(4, 1, 11, 2))
    assert changed(made, (), [growth]) == {}
    with pytest.raises(UnsupportedEditError, match=r"before row 6: table T stands at A3:B9"):
        changed(made, COME)
    inside = Growth("Data", Rect(4, 1, 12, 2), Rect(4, 1, 13, 2))
    assert changed(made, COME, [inside])["xl/tables/t.xml"] == table("A3:B12", "T[[#This Row],[a]]/$D$23")
    assert changed(made, GO)["xl/tables/t.xml"] == table("A3:B7", "T[[#This Row],[a]]/$D$18")
    for heading in (RowMove("Data", 3, -1), RowMove("Data", 4, -6), RowMove("Data", 1, -20)):
        with pytest.raises(UnsupportedEditError, match="table T stands at A3:B9"):
            changed(made, [heading])


def pivot(ref: str) -> str:
    return f'<pivotTableDefinition name="P"><location ref="{ref}" firstHeaderRow="1"/></pivotTableDefinition>'


def cache(ref: str) -> str:
    return (
        f'<pivotCacheDefinition><cacheSource type="worksheet"><worksheetSource ref="{ref}" sheet="Data"/>'
        "</cacheSource></pivotCacheDefinition>"
    )


def test_a_pivot_table_and_what_it_summarises():
    parts = {
        "xl/worksheets/_rels/sheet2.xml.rels": links(("pivotTable", "../p/t.xml")),
        "xl/p/t.xml": pivot("A3:B7"),
        "xl/p/_rels/t.xml.rels": links(("pivotCacheDefinition", "c.xml")),
        "xl/p/c.xml": cache("A3:C9"),
    }
    made = package({"Data": ROWS, "Pivot": ROWS}, parts, more=[("pivotCacheDefinition", "p/c.xml")])
    assert changed(made, COME) == {"xl/p/c.xml": cache("A3:C12")}
    assert changed(made, (), [Growth("Data", Rect(4, 1, 9, 4), Rect(4, 1, 10, 4))]) == {"xl/p/c.xml": cache("A3:C10")}
    assert changed(made, [RowMove("Pivot", 3, 2)])["xl/p/t.xml"] == pivot("A5:B9")
    for move in (RowMove("Pivot", 4, 1), RowMove("Pivot", 7, -1), RowMove("Pivot", 1, -9)):
        with pytest.raises(UnsupportedEditError, match="pivot table P stands at A3:B7"):
            changed(made, [move])
    with pytest.raises(UnsupportedEditError, match="the pivot table's source A3:C9 would go"):
        changed(made, [RowMove("Data", 1, -9)])


@pytest.mark.parametrize(
    ("name", "text", "moves", "growths", "after"),
    [
        ("Rate", "Data!$B$7", COME, (), "Data!$B$10"),
        ("Rate", "1.5", COME, (), None),
        ("_xlnm.Print_Titles", "Data!$A:$B,Data!$5:$7", COME, (), "Data!$A:$B,Data!$5:$10"),
        ("_xlnm.Print_Titles", "Data!5:7", COME, (), "Data!5:10"),
        ("Same", "Data!$B1*2", COME, (), None),
        ("All", "Data!$A$3:$C$9", (), [Growth("Data", Rect(4, 1, 9, 4), Rect(4, 1, 12, 4))], "Data!$A$3:$C$12"),
        ("Wide", "Data!$A$1:$Z$9", (), [Growth("Data", Rect(4, 1, 9, 4), Rect(4, 1, 12, 4))], None),
        (
            "_xlnm.Print_Area",
            "Data!$A$1:$Z$9",
            (),
            [Growth("Data", Rect(4, 1, 9, 4), Rect(4, 1, 12, 4))],
            "Data!$A$1:$Z$12",
        ),
    ],
)
def test_names(name, text, moves, growths, after):
    found = changed(package({"Data": ROWS}, names={name: text}), moves, growths)
    assert (f">{after}</definedName>" in found["xl/workbook.xml"]) if after else found == {}


def on_sheet(kind: str, content: str) -> dict[str, str]:
    """A part that belongs to the sheet."""
    return {RELS: links((kind, "../x.xml")), "xl/x.xml": content}


SHARED = links(("worksheet", "worksheets/sheet1.xml"), ("revisionHeaders", "x.xml"))
REFUSED = {
    "unknown part": (on_sheet("novelty", "<x/>"), {}, "of a kind, novelty, that is not known"),
    "shared workbook": ({"xl/_rels/workbook.xml.rels": SHARED}, {}, "stop sharing it"),
    "signed": ({"_xmlsignatures/sig1.xml": "<x/>"}, {}, "digitally signed"),
    "wandering name": ({}, {"Above": "Data!$B1048576"}, "the name Above means another row for each cell"),
    "picture in rows that go": (on_sheet("drawing", drawing(anchor(5, 6))), {}, "a drawing stands at row 6"),
    "note in rows that go": (on_sheet("vmlDrawing", note(5, 4, 6)), {}, "a note stands in row 6"),
    "comment in rows that go": (on_sheet("comments", '<comments><comment ref="A7"/></comments>'), {}, "A7 would go"),
    "name of rows that go": ({}, {"Rate": "Data!$B$6"}, r"the name Rate: Data!\$B\$6 would lose the rows"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_follow_is_refused_with_its_reason(what):
    parts, names, reason = REFUSED[what]
    made = package({"Data": ROWS}, {"xl/x.xml": "<x/>", **parts}, names=names)
    with pytest.raises(UnsupportedEditError, match=reason):
        changed(made, GO)


def test_nothing_moves_nothing_changes():
    assert changed(package({"Data": ROWS}), [RowMove("Data", 3, 0)]) == {}
