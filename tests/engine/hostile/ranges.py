"""Formulas and declarations that claim more of a sheet than they should: arrays, spills, tables, other books."""

from __future__ import annotations

from hostile.case import Cases
from hostile.packing import MAIN, OFFICE, book, cell, linked, raw, relationships

__all__ = ["CASES"]

CASES = case = Cases()
WHOLE = "A1:XFD1048576"


@case(may_fail=True)
def shared_formulas_without_a_master() -> bytes:
    return book(
        raw('<c r="A1"><f t="shared" si="5"/><v>1</v></c>', '<c r="B1"><f t="shared" si="-1"/></c>', cell("C1", "=1+2"))
    )


@case(may_fail=True)
def shared_formulas_with_evil_ranges() -> bytes:
    return book(
        raw(
            f'<c r="A1"><f t="shared" ref="{WHOLE}" si="0">B1+1</f></c>',
            '<c r="C1"><f t="shared" si="0"/></c>',
            '<c r="D1"><f t="shared" ref="hello" si="1">XFD1+A1</f></c>',
            '<c r="E1"><f t="shared" si="1"/></c>',
            '<c r="F1"><f t="shared" ref="F1:F1" si="0">2</f></c>',
            '<c r="XFD1"><f t="shared" si="0"/></c>',
        )
    )


@case(may_fail=True)
def an_array_formula_over_the_whole_sheet() -> bytes:
    return book(raw(f'<c r="A1"><f t="array" ref="{WHOLE}">1+2</f></c>', cell("B1", "=A2+1")), {"A1": "=SUM(S!A:XFD)"})


@case(may_fail=True)
def array_formulas_with_evil_ranges() -> bytes:
    return book(
        raw(
            '<c r="A1"><f t="array" ref="Z9:A1">{1,2}</f></c>',
            '<c r="B1"><f t="array" ref="hello">1</f></c>',
            '<c r="C1"><f t="array" ref="C1:XFE1048577">1</f></c>',
            '<c r="D1"><f t="array">1</f></c>',
        )
    )


@case()
def array_formulas_that_overlap() -> bytes:
    return book(
        raw(
            '<c r="A1"><f t="array" ref="A1:C3">C1:E3+1</f></c>',
            '<c r="B1"><f t="array" ref="B1:D3">A1:C3+1</f></c>',
            '<c r="C1"><f t="array" ref="A1:C3">SUM(A1:D3)</f></c>',
        )
    )


@case()
def data_tables_over_data_tables() -> bytes:
    table = '<c r="{0}"><f t="dataTable" ref="{1}" dt2D="1" dtr="1" r1="{2}" r2="{3}"/><v>1</v></c>'
    return book(
        raw(
            table.format("A1", "A1:D4", "B2", "C3"),
            table.format("B1", "B1:E5", "A1", "A1"),
            table.format("C1", WHOLE, "XFE1", ""),
            cell("F1", "=SUM(A1:E5)"),
        )
    )


@case(may_fail=True)
def a_spill_into_the_whole_sheet() -> bytes:
    metadata = (
        f'<metadata xmlns="{MAIN}"><metadataTypes><metadataType name="XLDAPR"/></metadataTypes>'
        '<cellMetadata><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>'
    )
    cells = (
        f'<c r="A1" cm="1"><f t="array" ref="{WHOLE}">_xlfn.SEQUENCE(1048576,16384)</f></c>',
        '<c r="B1" cm="1"><f t="array" ref="B1:B3">A1:A1048576*A:A</f></c>',
        '<c r="C1" cm="1"><f t="array" ref="C1">_xlfn.ANCHORARRAY(A1)+_xlfn.ANCHORARRAY(C1)</f></c>',
    )
    return book(raw(*cells), links=linked("sheetMetadata", "metadata.xml"), parts={"xl/metadata.xml": metadata})


@case(expected={"A1": 2.0}, may_fail=True)
def tables_with_evil_ranges() -> bytes:
    links, parts = "", {}
    for i, (name, ref) in enumerate(
        (("T", WHOLE), ("T", "A1:B2"), ("T", "B2:A1"), ("A1", "C1:C1"), ("", "D1:XFD1048576")), 1
    ):
        links += linked("table", f"../tables/table{i}.xml", f"t{i}")
        parts[f"xl/tables/table{i}.xml"] = (
            f'<table xmlns="{MAIN}" id="{i}" name="{name}" displayName="{name}" ref="{ref}" '
            'headerRowCount="-7" totalsRowCount="9">'
            '<tableColumns><tableColumn name="x"/><tableColumn name="x"/></tableColumns></table>'
        )
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relationships(links)
    return book({"A1": "=1+1", "A2": "=SUM(T[x])", "A3": "=SUM(T[])", "A4": "=T[[#This Row],[x]]"}, parts=parts)


@case(may_fail=True)
def another_book_that_is_not_there() -> bytes:
    values = '<sheetData sheetId="4000000000"><row r="99999999"><cell r="ZZZZ1" t="n"><v>1</v></cell></row></sheetData>'
    return other_book(f"<sheetDataSet>{values}</sheetDataSet>")


@case()
def another_book_on_the_network() -> bytes:
    return other_book("")


def other_book(values: str) -> bytes:
    """A workbook that refers to another one on a server, with the values it keeps of it."""
    target = linked("externalLinkPath", "file:///\\\\127.0.0.1\\share\\book.xlsx", "rId1")
    link = (
        f'<externalLink xmlns="{MAIN}" xmlns:r="{OFFICE}"><externalBook r:id="rId1">'
        f'<sheetNames><sheetName val="S"/></sheetNames>{values}</externalBook></externalLink>'
    )
    references = '<externalReference r:id="x1"/><externalReference r:id="x2"/>'
    return book(
        {"A1": "=[1]S!A1", "A2": "=[2]S!A1", "A3": "=SUM([1]S!A:XFD)"},
        workbook=f"<externalReferences>{references}</externalReferences>",
        links=linked("externalLink", "externalLinks/externalLink1.xml", "x1"),
        parts={
            "xl/externalLinks/externalLink1.xml": link,
            "xl/externalLinks/_rels/externalLink1.xml.rels": relationships(
                target.replace("/>", ' TargetMode="External"/>')
            ),
        },
    )


@case()
def a_calculation_chain_of_nonsense() -> bytes:
    chain = f'<calcChain xmlns="{MAIN}">' + '<c r="ZZZ99999999" i="-4"/>' * 10_000 + "</calcChain>"
    return book({"A1": "=1+2"}, links=linked("calcChain", "calcChain.xml"), parts={"xl/calcChain.xml": chain})
