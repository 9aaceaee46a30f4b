"""What a sheet says, after rows have moved."""

from __future__ import annotations

import pytest
from book.moving.written_parts import X14, XM, changed, data, moved, package

from xlmodel.book.moving import Growth, RowMove
from xlmodel.book.reader import read_package
from xlmodel.errors import UnsupportedEditError
from xlmodel.refs import Rect

SHEET = "xl/worksheets/sheet1.xml"
COME = [RowMove("Data", 6, 3)]
GO = [RowMove("Data", 6, -2)]
EMPTY = "<sheetData/>"


def inner(text: str) -> str:
    """What stands in the worksheet element."""
    return text[text.index(">") + 1 : text.rindex("</worksheet>")]


def ext(xml: str) -> str:
    return f'<extLst><ext uri="{{1}}" xmlns:x14="{X14}" xmlns:xm="{XM}">{xml}</ext></extLst>'


AROUND = {
    "dimension": ('<dimension ref="A1:C9"/>', '<dimension ref="A1:C12"/>'),
    "selection": (
        '<sheetViews><sheetView topLeftCell="A7"><selection activeCell="B7" sqref="B7:C8"/></sheetView></sheetViews>',
        '<sheetViews><sheetView topLeftCell="A7"><selection activeCell="B10" sqref="B10:C11"/></sheetView>'
        "</sheetViews>",
    ),
    "merged cells": (
        '<mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="A6:B7"/></mergeCells>',
        '<mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="A9:B10"/></mergeCells>',
    ),
    "conditional format": (
        '<conditionalFormatting sqref="B4:B9 D1 D:D"><cfRule type="expression" priority="1">'
        "<formula>$A$7&gt;1</formula></cfRule></conditionalFormatting>",
        '<conditionalFormatting sqref="B4:B12 D1 D:D"><cfRule type="expression" priority="1">'
        "<formula>$A$10&gt;1</formula></cfRule></conditionalFormatting>",
    ),
    "conditional format of the same row": (
        '<conditionalFormatting sqref="B4:B9"><cfRule><formula>$C4&gt;C$1</formula></cfRule></conditionalFormatting>',
        '<conditionalFormatting sqref="B4:B12"><cfRule><formula>$C4&gt;C$1</formula></cfRule></conditionalFormatting>',
    ),
    "conditional format that moves": (
        '<conditionalFormatting sqref="B7:B9"><cfRule><formula>$C6&gt;C$1</formula></cfRule></conditionalFormatting>',
        '<conditionalFormatting sqref="B10:B12"><cfRule><formula>$C9&gt;C$1</formula></cfRule></conditionalFormatting>',
    ),
    "icons with a limit in a cell": (
        '<conditionalFormatting sqref="B7"><cfRule><iconSet><cfvo type="percent" val="0"/>'
        '<cfvo type="num" val="$A$8"/></iconSet></cfRule></conditionalFormatting>',
        '<conditionalFormatting sqref="B10"><cfRule><iconSet><cfvo type="percent" val="0"/>'
        '<cfvo type="num" val="$A$11"/></iconSet></cfRule></conditionalFormatting>',
    ),
    "validation": (
        '<dataValidations count="1"><dataValidation type="list" sqref="B7 C2"><formula1>$A$5:$A$8</formula1>'
        '</dataValidation></dataValidations>',
        '<dataValidations count="1"><dataValidation type="list" sqref="B10 C2"><formula1>$A$5:$A$11</formula1>'
        '</dataValidation></dataValidations>',
    ),
    "links": (
        '<hyperlinks><hyperlink ref="A7" location="Data!B8" display="A7"/></hyperlinks>',
        '<hyperlinks><hyperlink ref="A10" location="Data!B11" display="A7"/></hyperlinks>',
    ),
    "filter and sorting": (
        '<autoFilter ref="A5:C9"><sortState ref="A6:C9"><sortCondition ref="B6:B9"/></sortState></autoFilter>',
        '<autoFilter ref="A5:C12"><sortState ref="A9:C12"><sortCondition ref="B9:B12"/></sortState></autoFilter>',
    ),
    "page breaks": (
        '<rowBreaks count="2" manualBreakCount="1"><brk id="4" max="9" man="1"/><brk id="5" max="9"/></rowBreaks>',
        '<rowBreaks count="2" manualBreakCount="1"><brk id="4" max="9" man="1"/><brk id="8" max="9"/></rowBreaks>',
    ),
    "protection, errors, watches, scenarios": (
        '<protectedRanges><protectedRange sqref="A7:A8" name="r"/></protectedRanges>'
        '<scenarios sqref="A7"><scenario name="s"><inputCells r="A8" val="1"/></scenario></scenarios>'
        '<cellWatches><cellWatch r="A6"/></cellWatches><ignoredErrors><ignoredError sqref="B1:B6"/></ignoredErrors>',
        '<protectedRanges><protectedRange sqref="A10:A11" name="r"/></protectedRanges>'
        '<scenarios sqref="A10"><scenario name="s"><inputCells r="A11" val="1"/></scenario></scenarios>'
        '<cellWatches><cellWatch r="A9"/></cellWatches><ignoredErrors><ignoredError sqref="B1:B9"/></ignoredErrors>',
    ),
    "control": (
        '<controls><control shapeId="1"><controlPr linkedCell="$A$7" listFillRange="B5:B8"><anchor moveWithCells="1">'
        "<from><col>0</col><row>6</row></from><to><col>1</col><row>7</row></to></anchor></controlPr></control></controls>",
        '<controls><control shapeId="1"><controlPr linkedCell="$A$10" listFillRange="B5:B11"><anchor moveWithCells="1">'
        "<from><col>0</col><row>9</row></from><to><col>1</col><row>10</row></to></anchor></controlPr></control></controls>",
    ),
    "consolidated ranges": (
        '<dataConsolidate><dataRefs count="2"><dataRef ref="A6:B9" sheet="Data"/><dataRef ref="A6" sheet="Other"/>'
        "</dataRefs></dataConsolidate>",
        '<dataConsolidate><dataRefs count="2"><dataRef ref="A9:B12" sheet="Data"/><dataRef ref="A6" sheet="Other"/>'
        "</dataRefs></dataConsolidate>",
    ),
    "newer rules": (
        ext("<x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule><xm:f>Other!$A$1&lt;B7</xm:f></x14:cfRule>"
            "<xm:sqref>B7:B8</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings>"),
        ext("<x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule><xm:f>Other!$A$1&lt;B10</xm:f></x14:cfRule>"
            "<xm:sqref>B10:B11</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings>"),
    ),
    "sparklines": (
        ext("<x14:sparklineGroups><x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>Data!A7:C7</xm:f>"
            "<xm:sqref>D7</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups>"),
        ext("<x14:sparklineGroups><x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>Data!A10:C10</xm:f>"
            "<xm:sqref>D10</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups>"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", AROUND)
def test_around_the_rows(what):
    before, after = AROUND[what]
    made = package({"Data": EMPTY + before, "Other": EMPTY})
    assert inner(changed(made, COME)[SHEET]) == EMPTY + after


GONE = {
    "merged cells": ('<mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="A6:B7"/></mergeCells>',
                     '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'),
    "the last of its kind": ('<mergeCells count="1"><mergeCell ref="A6:B6"/></mergeCells><pageMargins left="1"/>',
                             '<pageMargins left="1"/>'),
    "one area of a rule": ('<conditionalFormatting sqref="A6:A7 B5:B8"><cfRule/></conditionalFormatting>',
                           '<conditionalFormatting sqref="B5:B6"><cfRule/></conditionalFormatting>'),
    "a rule": ('<conditionalFormatting sqref="A6:A7"><cfRule/></conditionalFormatting>', ""),
    "a validation": ('<dataValidations count="1"><dataValidation sqref="A7"><formula1>A7</formula1></dataValidation>'
                     "</dataValidations>", ""),
    "a sparkline": (ext("<x14:sparklineGroups><x14:sparklineGroup><x14:sparklines><x14:sparkline>"
                        "<xm:f>Data!A7:C7</xm:f><xm:sqref>D7</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup>"
                        "</x14:sparklineGroups>"), ""),
    "page break": ('<rowBreaks count="2" manualBreakCount="2"><brk id="5" man="1"/><brk id="7" man="1"/></rowBreaks>',
                   '<rowBreaks count="1" manualBreakCount="1"><brk id="5" man="1"/></rowBreaks>'),
    "selection": ('<sheetViews><sheetView><selection activeCell="B7" sqref="B7"/></sheetView></sheetViews>',
                  '<sheetViews><sheetView><selection activeCell="A6" sqref="A6"/></sheetView></sheetViews>'),
}  # fmt: skip


@pytest.mark.parametrize("what", GONE)
def test_what_stood_in_rows_that_go(what):
    before, after = GONE[what]
    assert (
        inner(changed(package({"Data": EMPTY + before}), GO).get(SHEET, f"<x>{EMPTY}{before}</worksheet>"))
        == EMPTY + after
    )


REFUSED = {
    "merged cells": ('<mergeCells><mergeCell ref="A5:A6"/></mergeCells>', COME, "the merged cells A5:A6"),
    "rule on other rows": (
        '<conditionalFormatting sqref="B4:B9"><cfRule><formula>B4&gt;B3</formula></cfRule></conditionalFormatting>',
        COME, "the rule for B4:B9 looks at other rows"),
    "unknown element": ("<webPublishItems/>", COME, "<webPublishItems>"),
    "unknown extension": (ext("<x14:novelty/>"), COME, "<novelty>"),
    "array": (data({4: {"A": '<f t="array" ref="A4:A8">B4:B8</f>'}}), COME, "an array formula fills A4:A8"),
    "data table": (data({4: {"A": '<f t="dataTable" ref="A4:B8" r1="C1"/>'}}), COME, "a data table fills A4:B8"),
    "data table whose inputs stand above": (
        data({6: {"B": '<f t="dataTable" ref="B6:C8" r1="E1"/>'}}), COME, "a data table fills B6:C8"),
    "its input goes": (data({9: {"A": '<f t="dataTable" ref="A9:B9" r1="C6"/>'}}), GO, "input cell C6 would go"),
    "lost reference": (data({2: {"A": "<f>B6*2</f>"}}), GO, "Data!A2: B6 would lose the rows"),
    "over the end": (data({1_048_575: {"A": "<v>1</v>"}}), COME, "a sheet has 1048576"),
    "rows without numbers": ("<sheetData><row><c r=\"A1\"><v>1</v></c></row></sheetData>", COME, "unusual"),
    "rows in a comment": ("<sheetData><!-- x --><row r=\"1\"/></sheetData>", COME, "unusual"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_follow_is_refused_with_its_reason(what):
    before, moves, reason = REFUSED[what]
    made = package({"Data": before if "sheetData" in before else EMPTY + before})
    with pytest.raises(UnsupportedEditError, match=reason) as refused:
        changed(made, moves)
    assert str(refused.value).startswith("book.xlsx, Data")


def test_rows_and_cells_are_renumbered_and_keep_all_else():
    rows = (
        '<sheetData><row r="5" spans="1:2" ht="20" customHeight="1"><c r="A5" s="3"><v>1</v></c></row>\n'
        '<row r="6"><c r="A6" t="inlineStr"><is><t>see r="7" in A7</t></is></c><c r="B6" s="2"/></row>'
        '<row r="9" hidden="1"><c r="AB9" t="str"><f>"A9"&amp;A5</f><v>A9"</v></c></row></sheetData>'
    )
    after = (
        '<sheetData><row r="5" spans="1:2" ht="20" customHeight="1"><c r="A5" s="3"><v>1</v></c></row>\n'
        '<row r="9"><c r="A9" t="inlineStr"><is><t>see r="7" in A7</t></is></c><c r="B9" s="2"/></row>'
        '<row r="12" hidden="1"><c r="AB12" t="str"><f>"A9"&amp;A5</f><v>A9"</v></c></row></sheetData>'
    )
    assert inner(changed(package({"Data": rows}), COME)[SHEET]) == after
    assert inner(changed(package({"Data": rows}), [RowMove("Data", 6, -1)])[SHEET]) == (
        '<sheetData><row r="5" spans="1:2" ht="20" customHeight="1"><c r="A5" s="3"><v>1</v></c></row>\n'
        '<row r="8" hidden="1"><c r="AB8" t="str"><f>"A9"&amp;A5</f><v>A9"</v></c></row></sheetData>'
    )


def test_other_sheets_follow_where_they_name_the_sheet_and_only_there():
    made = package(
        {
            "Data": data({7: {"A": "<v>1</v>"}}),
            "Report": data({1: {"A": "<f>Data!A7+A7</f>", "B": '<f>IF(A7&lt;1,"A7",data!A7)</f>'}}),
            "Alone": data({7: {"A": "<f>A7</f>"}}),
        }
    )
    found = changed(made, COME)
    assert sorted(found) == ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"]
    assert "<f>Data!A10+A7</f>" in found["xl/worksheets/sheet2.xml"]
    assert '<f>IF(A7&lt;1,"A7",data!A10)</f>' in found["xl/worksheets/sheet2.xml"]


def shared(master: str, formula: str, children: dict[int, str], column: str = "C") -> dict[int, dict[str, str]]:
    row = int(master[1:])
    ref = f"{column}{min(row, *children)}:{column}{max(row, *children)}"
    rows = {row: {column: f'<f t="shared" ref="{ref}" si="0">{formula}</f>'}}
    return rows | {child: {column: f'<f t="shared" si="0"/>{value}'} for child, value in children.items()}


@pytest.mark.parametrize(
    ("formula", "moves", "growths", "still"),
    [
        ("A4+$B4", COME, (), True),
        ("A4+B$9", COME, (), True),
        ("A3+1", COME, (), False),
        ("SUM(A$1:A4)", COME, (), True),
        ("A4*Report!B9", COME, (), False),
        ("Report!B4", [RowMove("Report", 6, 2)], (), False),
        ("Report!B$4+1", [RowMove("Report", 2, 2)], (), True),
        ("SUM(Report!B$4:B$8)", (), [Growth("Report", Rect(4, 1, 8, 3), Rect(4, 1, 11, 3))], True),
        ("SUM(Report!B$4:B4)", (), [Growth("Report", Rect(4, 1, 8, 3), Rect(4, 1, 11, 3))], False),
        ("A4+A$20", [RowMove("Data", 4, -1)], (), False),
    ],
)
def test_a_shared_formula_reads_in_each_cell_as_if_it_were_its_own(formula, moves, growths, still):
    rows = shared("C4", formula, dict.fromkeys(range(5, 9), ""))
    report = {"Report": data({9: {"B": "<v>2</v>"}})}
    sharing = package({"Data": data(rows), **report})
    book = read_package(sharing)
    sheet = book.sheet("Data")
    alone = {
        row: {"C": f"<f>{book.formula_a1(sheet, i).replace('&', '&amp;')}</f>"}
        for i, row in enumerate(sheet.row.tolist())
    }
    apart = package({"Data": data(alone), **report})
    after, read = moved(sharing, book, moves, growths)
    _, expected = moved(apart, read_package(apart), moves, growths)
    texts = [
        {(int(s.row[i]), int(s.col[i])): b.formula_a1(s, i) for i in range(len(s))}
        for b in (read, expected)
        for s in [b.sheet("Data")]
    ]
    assert texts[0] == texts[1]
    assert (b't="shared"' in after.read(SHEET)) is still


def test_cells_before_the_cell_that_holds_their_shared_formula():
    rows = (
        '<sheetData><row r="3"><c r="C3"><f t="shared" si="0"/></c></row><row r="7"><c r="C7">'
        '<f t="shared" ref="C3:C7" si="0">A8</f></c></row></sheetData>'
    )
    _, book = moved(made := package({"Data": rows}), read_package(made), COME)
    sheet = book.sheet("Data")
    assert [book.formula_a1(sheet, i) for i in range(2)] == ["A4", "A11"]


def test_a_running_total_stays_one_when_its_table_grows():
    rows = {row: {"B": "<v>1</v>", "C": f"<f>SUM(B$4:B{row})/SUM(B$4:B$6)+SUM(B{row}:B$6)</f>"} for row in (4, 5, 6)}
    rows[8] = {"C": "<f>SUM(B$4:B6)</f>"}
    growth = Growth("Data", Rect(4, 1, 6, 3), Rect(4, 1, 9, 3))
    text = changed(package({"Data": data(rows)}), [RowMove("Data", 7, 3)], [growth])[SHEET]
    for row in (4, 5, 6):
        assert f"<f>SUM(B$4:B{row})/SUM(B$4:B$9)+SUM(B{row}:B$9)</f>" in text
    assert '<c r="C11"><f>SUM(B$4:B9)</f></c>' in text


def test_rules_and_validations_of_a_whole_column_grow_with_the_table():
    around = (
        '<mergeCells count="1"><mergeCell ref="A4:A6"/></mergeCells>'
        '<conditionalFormatting sqref="B4:B6"><cfRule><formula>B4&gt;SUM($B$4:$B$6)</formula></cfRule>'
        '</conditionalFormatting><dataValidations count="2"><dataValidation sqref="C5:C6"/>'
        '<dataValidation sqref="A4:C6"/></dataValidations>'
    )
    growth = Growth("Data", Rect(4, 1, 6, 3), Rect(4, 1, 9, 3))
    assert inner(changed(package({"Data": EMPTY + around}), (), [growth])[SHEET]) == EMPTY + (
        '<mergeCells count="1"><mergeCell ref="A4:A6"/></mergeCells>'
        '<conditionalFormatting sqref="B4:B9"><cfRule><formula>B4&gt;SUM($B$4:$B$9)</formula></cfRule>'
        '</conditionalFormatting><dataValidations count="2"><dataValidation sqref="C5:C6"/>'
        '<dataValidation sqref="A4:C9"/></dataValidations>'
    )
