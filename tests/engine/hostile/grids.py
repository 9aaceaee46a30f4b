"""Workbooks that are hostile by where their cells lie, how many there are and what is declared about them."""

from __future__ import annotations

from hostile.case import Cases
from hostile.packing import MAIN, book, cell, linked, parts_of, raw

from xlmodel.refs import column_letters

__all__ = ["CASES"]

CASES = case = Cases()
CORNERS = ("A1", "XFD1", "A1048576", "XFD1048576")


# --- places ----------------------------------------------------------------------------------------------------------


@case(expected={"B2": 10.0, "C3": 10.0, "D4": 4.0})
def corners_of_the_grid() -> bytes:
    numbers = {name: float(i) for i, name in enumerate(CORNERS, 1)}
    return book(
        {**numbers, "B2": f"=SUM({'+'.join(CORNERS)})", "C3": f"=SUM({','.join(CORNERS)})", "D4": "=XFD1048576"}
    )


@case(expected={"B2": 10.0})
def formulas_at_the_corners() -> bytes:
    return book(
        {
            "A1": "=XFD1048576-3",
            "XFD1": "=A1+1",
            "A1048576": "=XFD1+1",
            "XFD1048576": 4.0,
            "B2": "=A1+XFD1+A1048576+XFD1048576",
        }
    )


@case("row|column|address|reference|cell")
def cells_beyond_the_grid() -> bytes:
    return book(raw(*(cell(n, 1.0) for n in ("XFE1", "ZZZZ1", "A1048577", "A0", "A99999999999999999999"))))


@case("row|column|address|reference|cell")
def cells_with_no_place() -> bytes:
    return book(raw(*(cell(n, 1.0) for n in ("", "1A", "A-1", "A1:B2", "$A$1", "\u0661"))))


@case("row|column|address|reference|cell", may_fail=True)
def rows_with_evil_numbers() -> bytes:
    rows = "".join(f'<row r="{r}"><c><v>1</v></c></row>' for r in ("-1", "0", "1e9", "9" * 400, "x", ""))
    return book(f"<sheetData>{rows}</sheetData>")


@case(may_fail=True)
def the_same_cell_often() -> bytes:
    return book(raw(*(cell("A1", float(i)) for i in range(1_000)), cell("B1", "=A1"), cell("B1", "=A1+1")))


@case(may_fail=True)
def a_diagonal() -> bytes:
    cells: dict[str, str | float] = {f"{column_letters(i)}{i}": float(i) for i in range(1, 16_384)}
    return book({**cells, "XFD1": "=SUM(A1:XFC16383)"})


@case(expected={"A1": 5.0, "A20": 5.0})
def whole_sheets_summed() -> bytes:
    return book({f"A{i}": "=SUM(S2!A:XFD)" for i in range(1, 21)}, {"A1": 2.0, "XFD1048576": 3.0})


@case(expected={"B1": 6.0, "B500": 6.0})
def full_columns_by_the_hundred() -> bytes:
    return book({"A1": 1.0, "A2": 2.0, "A1048576": 3.0, **{f"B{i}": "=SUM(A:A)" for i in range(1, 501)}})


@case(expected={"C1": 3.0, "C200": 3.0})
def full_columns_looked_up() -> bytes:
    cells = {
        f"C{i}": "=SUMIFS(B:B,A:A,1)+VLOOKUP(1,A:B,2,FALSE)*0+XLOOKUP(1,A:A,B:B)*0+COUNTIF(A:A,9)"
        for i in range(1, 201)
    }
    return book({"A1": 1.0, "A1048576": 1.0, "B1": 1.0, "B1048576": 2.0, **cells})


@case(expected={"B20000": 20_000.0}, may_fail=True, slow=True)
def a_count_in_every_row() -> bytes:
    """Four hundred million comparisons where each row is counted on its own."""
    cells: dict[str, str | float] = {f"A{i}": float(i % 7) for i in range(1, 20_001)}
    cells |= {f"B{i}": f'=COUNTIF(A$1:A{i},"<="&A{i})*0+ROW()' for i in range(1, 20_001)}
    return book(cells)


# --- dependencies ----------------------------------------------------------------------------------------------------


@case(expected={"A100000": 100_000.0}, slow=True)
def a_chain_a_hundred_thousand_deep() -> bytes:
    return book({"A1": 1.0, **{f"A{i}": f"=A{i - 1}+1" for i in range(2, 100_001)}})


@case(expected={"A1": 20_001.0})
def a_chain_that_runs_upwards() -> bytes:
    return book({"A20001": 1.0, **{f"A{i}": f"=A{i + 1}+1" for i in range(20_000, 0, -1)}})


@case(expected={"A5000": 5_000.0})
def a_chain_that_no_two_cells_share() -> bytes:
    """Every formula is another one."""
    return book({"A1": 1.0, **{f"A{i}": f"=A{i - 1}+{i}/{i}" for i in range(2, 5_001)}})


@case(expected={"A5000": 9_999.0})
def a_chain_across_two_sheets() -> bytes:
    first = {f"A{i}": f"=S2!A{i}+1" for i in range(1, 5_001)}
    return book(first, {"A1": 0.0, **{f"A{i}": f"=S!A{i - 1}+1" for i in range(2, 5_001)}})


@case(slow=True)
def a_cycle_of_a_hundred_thousand() -> bytes:
    return book({"A1": "=A50000+1", **{f"A{i}": f"=A{i - 1}+1" for i in range(2, 50_001)}})


@case()
def everything_depends_on_everything() -> bytes:
    return book({f"{column_letters(c)}{r}": "=SUM($A$1:$AD$30)" for c in range(1, 31) for r in range(1, 31)})


@case(expected={"A26": float(2**25)})
def doubling_paths() -> bytes:
    """Twenty-five cells with 2^25 paths through them."""
    return book({"A1": 1.0, **{f"A{i}": f"=A{i - 1}+A{i - 1}" for i in range(2, 27)}})


@case(may_fail=True, slow=True)
def iteration_without_end() -> bytes:
    return book(
        {
            "A1": "=B1+1",
            "B1": "=A1*-1.0001",
            "C1": "=C1+1",
            **{f"D{i}": f"=D{i % 500 + 1}*1.1+1" for i in range(1, 501)},
        },
        workbook='<calcPr iterate="1" iterateCount="32767" iterateDelta="1e-300"/>',
    )


@case(may_fail=True)
def iteration_settings_from_hell() -> bytes:
    return book(
        {"A1": "=A1+1"},
        workbook='<calcPr iterate="1" iterateCount="99999999999999999999" iterateDelta="nan" calcId="-1"/>',
    )


# --- sizes -----------------------------------------------------------------------------------------------------------


@case(may_fail=True)
def a_string_of_ten_megabytes() -> bytes:
    return book({"A1": "x" * 10_000_000, "A2": "=LEN(A1)", "A3": "=A1&A1", "A4": '=SUBSTITUTE(A1,"x","yy")'})


@case(may_fail=True)
def a_sheet_name_of_a_megabyte() -> bytes:
    whole = parts_of({"A1": "=1+2"})["xl/workbook.xml"]
    assert isinstance(whole, str)
    return book({"A1": "=1+2"}, parts={"xl/workbook.xml": whole.replace('name="S"', f'name="{"S" * 1_000_000}"')})


@case(expected={"A1": 300.0})
def hundreds_of_sheets() -> bytes:
    return book({"A1": "=SUM(S2:S301!A1)"}, *[{"A1": 1.0}] * 300)


@case(may_fail=True, slow=True)
def thousands_of_sheets() -> bytes:
    return book({"A1": "=SUM(S2:S3001!A1)"}, *[{"A1": 1.0}] * 3_000)


@case(expected={"A1": 49_999.0})
def fifty_thousand_names() -> bytes:
    return book({"A1": "=Name_49999"}, names={f"Name_{i}": str(i) for i in range(50_000)})


@case(expected={"A1": 2.0}, may_fail=True)
def a_name_that_is_very_long() -> bytes:
    return book({"A1": "=1+1", "A2": f"={'n' * 100_000}"}, names={"n" * 100_000: "1"})


@case(expected={"A1": 3.0})
def merged_everything() -> bytes:
    merges = "".join(f'<mergeCell ref="A{i}:XFD{i}"/>' for i in range(1, 20_001)) + '<mergeCell ref="A1:XFD1048576"/>'
    return book(raw(cell("A1", "=1+2"), after=f'<mergeCells count="-5">{merges}</mergeCells>'))


@case(may_fail=True)
def styles_without_number() -> bytes:
    link = linked("styles", "styles.xml")
    formats = "".join(f'<numFmt numFmtId="{200 + i}" formatCode="0.{"0" * (i % 30)}"/>' for i in range(20_000))
    fonts = "<font><b/></font>" * 50_000
    xfs = "".join(f'<xf numFmtId="{200 + i % 30_000}" fontId="{i}"/>' for i in range(200_000))
    lists = f"<numFmts>{formats}</numFmts><fonts>{fonts}</fonts><cellXfs>{xfs}</cellXfs>"
    styles = f'<styleSheet xmlns="{MAIN}">{lists}</styleSheet>'
    cells = (
        '<c r="A1" s="199999"><v>1</v></c>',
        '<c r="B1" s="4294967295"><f>A1</f></c>',
        '<c r="C1" s="-1"><f>A1</f></c>',
    )
    return book(raw(*cells), links=link, parts={"xl/styles.xml": styles})


@case(may_fail=True)
def a_number_format_of_a_megabyte() -> bytes:
    link = linked("styles", "styles.xml")
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="200" formatCode="{"[h]#;" * 200_000}"/></numFmts>'
        '<cellXfs><xf numFmtId="200"/></cellXfs></styleSheet>'
    )
    return book({"A1": '<c r="A1" s="0"><v>1</v></c>', "A2": "=A1+1"}, links=link, parts={"xl/styles.xml": styles})
