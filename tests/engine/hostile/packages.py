"""Files that are hostile as zips, as XML or as packages of parts: most must be refused with a reason."""

from __future__ import annotations

import zlib
from dataclasses import replace

from hostile.case import Cases
from hostile.packing import MAIN, Member, book, cell, linked, pack, parts_of, relationships, sheet_of, spread, zipped

__all__ = ["CASES"]

CASES = case = Cases()
SHEET = "xl/worksheets/sheet1.xml"
ONE = {"A1": "=1+2"}
OPEN, CLOSE = f'<worksheet xmlns="{MAIN}"><sheetData/>', "</worksheet>"


def members(*sheets: dict[str, str | float], **more: object) -> dict[str, Member]:
    return {n: zipped(n, c) for n, c in parts_of(*(sheets or (ONE,)), **more).items()}  # type: ignore[arg-type]


def with_member(changed: Member) -> bytes:
    return pack((members() | {changed.name: changed}).values())


def with_lie(**lies: object) -> bytes:
    return with_member(replace(members()[SHEET], **lies))  # type: ignore[arg-type]


def with_part(name: str, content: str | bytes) -> bytes:
    return book(ONE, parts={name: content})


def with_sheet(content: str | bytes) -> bytes:
    return with_part(SHEET, content)


def with_strings(strings: str | bytes, cells: dict[str, str | float]) -> bytes:
    return book(cells, links=linked("sharedStrings", "sharedStrings.xml"), parts={"xl/sharedStrings.xml": strings})


def workbook_links(target: str, mode: str = "") -> bytes:
    """A workbook whose sheet lies at a target of one's choosing."""
    first = linked("worksheet", target, "rId1").replace("/>", f"{mode}/>")
    return with_part(
        "xl/_rels/workbook.xml.rels", relationships(first, linked("worksheet", "worksheets/sheet2.xml", "rId2"))
    )


def text_cell(content: str | bytes) -> bytes:
    """A workbook with a cell of text, as it stands in the XML."""
    content = content.encode() if isinstance(content, str) else content
    before = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="str"><v>'.encode()
    return with_sheet(before + content + b"</v></c></row></sheetData></worksheet>")


# --- zips ------------------------------------------------------------------------------------------------------------


@case("empty file")
def empty() -> bytes:
    return b""


@case("open it in Excel")
def noise() -> bytes:
    return bytes(i * 97 % 251 for i in range(100_000))


@case("not a readable .xlsx")
def half_a_file() -> bytes:
    content = book(ONE)
    return content[: len(content) // 2]


@case("damaged")
def data_cut_short() -> bytes:
    whole = members()[SHEET]
    return with_lie(packed=whole.packed[:20])


@case("beyond the limit")
def bomb_of_one_part() -> bytes:
    return with_member(spread(SHEET, OPEN, b" " * 1_000_000, 100, CLOSE))


@case("beyond the limit")
def bomb_that_lies_about_its_size() -> bytes:
    return with_member(replace(spread(SHEET, OPEN, b" " * 1_000_000, 100, CLOSE), size=len(OPEN) + 11))


@case("beyond the limit")
def bomb_of_rows() -> bytes:
    return with_member(
        spread(SHEET, f'<worksheet xmlns="{MAIN}"><sheetData>', b"<row/>" * 10_000, 1_500, "</sheetData>" + CLOSE)
    )


@case("beyond the limit")
def bomb_of_shared_strings() -> bytes:
    link = linked("sharedStrings", "sharedStrings.xml")
    strings = spread("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}"><si><t>', b"A" * 1_000_000, 100, "</t></si></sst>")
    return pack([*members(links=link).values(), strings])


@case("two zip members|beyond the limit|damaged", slow=True)
def bomb_of_overlapping_parts() -> bytes:
    """Ninety sheets that are the same bytes of the file."""
    count = 90
    parts = parts_of(*[ONE] * (count - 1))
    shared = spread(SHEET, OPEN, b" " * 100_000, 190, CLOSE)
    sheets = [replace(shared, name=f"xl/worksheets/sheet{i}.xml", at=0) for i in range(2, count + 1)]
    others = [zipped(n, c) for n, c in parts.items() if "/sheet" not in n]
    return pack([shared, *sheets, *others])


@case("parts must be <=")
def a_hundred_thousand_parts() -> bytes:
    return pack([*members().values(), *(Member(f"x/{i}", b"", 0, 0, method=0) for i in range(100_000))])


@case("checksum")
def wrong_checksum() -> bytes:
    return with_lie(crc=12345)


@case("encrypted")
def encrypted_part() -> bytes:
    return with_lie(flags=0x801)


@case("compression method")
def unknown_compression() -> bytes:
    return with_lie(method=99)


@case("no local header|damaged|not a readable")
def header_beyond_the_end() -> bytes:
    return with_lie(at=0x7FFFFFF0)


@case("two zip members")
def the_same_part_twice() -> bytes:
    return pack([*members().values(), zipped(SHEET, OPEN + CLOSE)])


@case("old .xls")
def an_old_workbook() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_096)


@case()
def a_zip_in_a_zip() -> bytes:
    inner = book(ONE)
    for _ in range(20):
        inner = pack([zipped("xl/embeddings/book.xlsx", inner), *members().values()])
    return inner


@case("damaged")
def deflate_without_end() -> bytes:
    return with_lie(packed=zlib.compress(b"x" * 100)[2:-4][:-3] + b"\x00" * 3)


# --- XML -------------------------------------------------------------------------------------------------------------

LAUGHS = (
    "<!DOCTYPE x ["
    + '<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    + "]>"
)


@case("DOCTYPE")
def billion_laughs_in_a_sheet() -> bytes:
    return with_sheet(
        LAUGHS + f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{cell("A1", "=1")}</row></sheetData>'
        "<oddHeader>&l11;</oddHeader></worksheet>"
    )


@case("DOCTYPE")
def billion_laughs_in_the_strings() -> bytes:
    return with_strings(
        LAUGHS + f'<sst xmlns="{MAIN}"><si><t>&l11;</t></si></sst>', {"A1": '<c r="A1" t="s"><v>0</v></c>'}
    )


@case("DOCTYPE")
def an_entity_that_is_a_file() -> bytes:
    return with_sheet(
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet xmlns="{MAIN}"><sheetData>'
        '<row r="1"><c r="A1" t="str"><v>&e;</v></c></row></sheetData></worksheet>'
    )


@case("DOCTYPE")
def a_doctype_from_the_network() -> bytes:
    whole = parts_of(ONE)["xl/workbook.xml"]
    assert isinstance(whole, str)
    return with_part("xl/workbook.xml", '<!DOCTYPE workbook SYSTEM "http://127.0.0.1:9/x.dtd">' + whole)


@case(may_fail=True, slow=True)
def nesting_in_a_sheet() -> bytes:
    deep = 200_000
    return with_sheet(f'<worksheet xmlns="{MAIN}">{sheet_of(ONE)}{"<x>" * deep}{"</x>" * deep}</worksheet>')


@case(may_fail=True)
def nesting_in_the_workbook() -> bytes:
    deep = 200_000
    return book(ONE, workbook="<x>" * deep + "</x>" * deep)


@case(may_fail=True)
def nesting_in_the_strings() -> bytes:
    deep = 200_000
    return with_strings(f'<sst xmlns="{MAIN}"><si>{"<r>" * deep}<t>x</t>{"</r>" * deep}</si></sst>', ONE)


@case(may_fail=True)
def an_attribute_of_forty_megabytes() -> bytes:
    return with_sheet(f'<worksheet xmlns="{MAIN}" x="{"y" * 15_000_000}">{sheet_of(ONE)}</worksheet>')


@case(may_fail=True)
def a_hundred_thousand_attributes() -> bytes:
    many = " ".join(f'a{i}="1"' for i in range(100_000))
    return with_sheet(f'<worksheet xmlns="{MAIN}" {many}>{sheet_of(ONE)}</worksheet>')


@case(may_fail=True)
def a_hundred_thousand_namespaces() -> bytes:
    many = " ".join(f'xmlns:a{i}="urn:{i}"' for i in range(100_000))
    return with_sheet(f'<worksheet xmlns="{MAIN}" {many}>{sheet_of(ONE)}</worksheet>')


@case()
def comments_and_instructions() -> bytes:
    noise = "<!-- " + "x" * 1_000_000 + " --><?xml-stylesheet href='file:///etc/passwd'?>" * 1_000
    return with_sheet(f'<worksheet xmlns="{MAIN}">{noise}{sheet_of(ONE)}</worksheet>')


@case()
def an_xinclude() -> bytes:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    return with_sheet(f'<worksheet xmlns="{MAIN}">{sheet_of(ONE)}{include}</worksheet>')


@case("well-formed")
def xml_that_never_ends() -> bytes:
    return with_sheet(f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c>')


@case("well-formed")
def bytes_that_are_no_text() -> bytes:
    return text_cell(b"\xff\xfe\x80")


@case("well-formed")
def nul_characters() -> bytes:
    return text_cell("a\0b")


@case("well-formed")
def a_character_reference_to_nul() -> bytes:
    return text_cell("&#0;")


@case()
def a_sheet_in_utf_16() -> bytes:
    return with_sheet(
        f'<?xml version="1.0" encoding="UTF-16"?><worksheet xmlns="{MAIN}">{sheet_of(ONE)}</worksheet>'.encode("utf-16")
    )


@case("well-formed|encoding")
def an_encoding_nobody_knows() -> bytes:
    return with_sheet(f'<?xml version="1.0" encoding="x-evil"?><worksheet xmlns="{MAIN}">{sheet_of(ONE)}</worksheet>')


# --- parts -----------------------------------------------------------------------------------------------------------


@case("no relationship leads to a workbook")
def no_relationships() -> bytes:
    return pack(m for n, m in members().items() if n != "_rels/.rels")


@case("has no part")
def no_workbook_part() -> bytes:
    return pack(m for n, m in members().items() if n != "xl/workbook.xml")


@case("has no part")
def no_sheet_part() -> bytes:
    return pack(m for n, m in members().items() if n != SHEET)


@case()
def no_content_types() -> bytes:
    return pack(m for n, m in members().items() if n != "[Content_Types].xml")


@case("well-formed")
def a_sheet_that_is_a_picture() -> bytes:
    return with_sheet(b"\x89PNG\r\n\x1a\n" + bytes(1_000))


@case(may_fail=True)
def a_workbook_part_that_is_a_sheet() -> bytes:
    return with_part("xl/workbook.xml", f'<worksheet xmlns="{MAIN}">{sheet_of(ONE)}</worksheet>')


@case("has no part")
def a_sheet_up_and_out() -> bytes:
    return workbook_links("../../../../../../etc/passwd")


@case("has no part")
def a_sheet_at_an_absolute_path() -> bytes:
    return workbook_links("/etc/passwd")


@case("has no part|outside")
def a_sheet_on_the_network() -> bytes:
    return workbook_links("http://127.0.0.1:9/sheet.xml", ' TargetMode="External"')


@case("has no part|outside")
def a_sheet_in_a_file() -> bytes:
    return workbook_links("file:///etc/passwd", ' TargetMode="External"')


@case(may_fail=True)
def a_sheet_that_is_the_workbook() -> bytes:
    return workbook_links("workbook.xml")


@case(may_fail=True)
def a_package_that_is_its_own_workbook() -> bytes:
    return with_part("_rels/.rels", relationships(linked("officeDocument", "_rels/.rels")))


@case(may_fail=True)
def a_table_that_is_its_sheet() -> bytes:
    return with_part("xl/worksheets/_rels/sheet1.xml.rels", relationships(linked("table", "sheet1.xml")))


@case(may_fail=True)
def strings_that_are_not_there() -> bytes:
    cells = ('<c r="A1" t="s"><v>0</v></c>', '<c r="B1" t="s"><v>-1</v></c>', '<c r="C1" t="s"><v>1e9</v></c>')
    return with_strings(
        f'<sst xmlns="{MAIN}" count="4000000000" uniqueCount="4000000000"/>',
        dict(zip(("A1", "B1", "C1"), cells, strict=True)),
    )


@case(may_fail=True)
def cells_that_claim_what_they_are_not() -> bytes:
    made = {
        "A1": '<c r="A1" t="n"><v>abc</v></c>',
        "B1": '<c r="B1" t="b"><v>7</v></c>',
        "C1": '<c r="C1" t="e"><v>#EVIL!</v></c>',
        "D1": '<c r="D1" t="d"><v>9999-99-99</v></c>',
        "E1": '<c r="E1" t="zzz"><v>1</v></c>',
        "F1": '<c r="F1"><v>1e999</v></c>',
        "G1": '<c r="G1"><v>nan</v></c>',
        "H1": '<c r="H1"><v>0x10</v></c>',
        "I1": "=SUM(A1:H1)",
    }
    return book(made)
