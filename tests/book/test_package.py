"""Opening a file: what is refused, and that no limit is passed."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from xlmodel.book import Limits, read_book
from xlmodel.errors import BookError, BookLimitError


def with_bytes(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "file.xlsx"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is an empty file"),
        (b"Code,Rate\nA,1\n", "open it in Excel and save it as .xlsx"),
        (b"PK\x03\x04 and then nothing", "not a readable .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "old .xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_says_what_is_not_a_workbook(tmp_path, content, message):
    with pytest.raises(BookError, match=message):
        read_book(with_bytes(tmp_path, content))


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(BookError, match="cannot be read"):
        read_book(tmp_path / "none.xlsx")
    with pytest.raises(BookError, match="is a folder"):
        read_book(tmp_path)


def test_zip_without_workbook(tmp_path):
    path = tmp_path / "letter.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    with pytest.raises(BookError, match="no relationship leads to a workbook"):
        read_book(path)


def test_binary_workbook(tmp_path):
    path = tmp_path / "book.xlsb"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{kind}" Target="xl/workbook.bin"/></Relationships>',
        )
    with pytest.raises(BookError, match=r"\.xlsb"):
        read_book(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("again", ["xl/workbook.xml", "XL/Workbook.xml", "xl\\workbook.xml"])
def test_two_members_of_one_name(cells, again):
    path = cells("")
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(again, "<workbook/>")
    with pytest.raises(BookError, match="two zip members"):
        read_book(path)


DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "part",
    [
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/_rels/workbook.xml.rels",
        "_rels/.rels",
        "xl/sharedStrings.xml",
    ],
)
def test_doctype_is_refused_in_any_part(make_book, part):
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = f'<Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
    path = make_book("<sheetData/>", {"xl/sharedStrings.xml": "<sst/>"}, links=links)
    with zipfile.ZipFile(path) as package:
        content = {name: package.read(name).decode() for name in package.namelist()}
    body = content[part].split("?>\r\n")[-1]
    path = make_book("", {**content, part: DOCTYPE + body}, name="again.xlsx")
    with pytest.raises(BookError, match="DOCTYPE"):
        read_book(path)


ROWS = "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c></row>' for r in range(1, 2001))


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(parts=3), "parts must be <= 3"),
        (Limits(part_bytes=10_000), "sheet1.xml.*10000 bytes .part_bytes"),
        (Limits(total_bytes=20_000), "total_bytes"),
        (Limits(ratio=3, ratio_from=1_000), "sheet1.xml.*ratio"),
        (Limits(tree_bytes=100), "tree_bytes"),
        (Limits(cells=1_999), "cells must not exceed"),
        (Limits(total_bytes=1_000), "size must be <= 1000"),
    ],
)
def test_limits(cells, limits, message):
    with pytest.raises(BookLimitError, match=message):
        read_book(cells(ROWS), limits)


def test_just_within_the_limits(cells):
    assert len(read_book(cells(ROWS), Limits(cells=2_000)).sheets[0]) == 2_000


def test_limits_count_bytes_and_not_what_the_headers_claim(cells):
    path = cells(ROWS)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as package:
        member, directory = package.getinfo("xl/worksheets/sheet1.xml"), package.start_dir
    size = struct.pack("<I", member.file_size)
    # both headers say that the sheet has ten bytes
    for start in (member.header_offset + 22, content.index(size, directory)):
        content[start : start + 4] = struct.pack("<I", 10)
    path.write_bytes(content)
    with pytest.raises(BookLimitError, match="expands beyond"):
        read_book(path, Limits(part_bytes=5_000))


def test_damaged_part_is_named(cells):
    path = cells(ROWS)
    with zipfile.ZipFile(path) as package:
        member = package.getinfo("xl/worksheets/sheet1.xml")
    content = bytearray(path.read_bytes())
    content[member.header_offset + 200] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(BookError, match=r"sheet1\.xml.*damaged"):
        read_book(path)


def test_encrypted_member_is_refused(cells):
    path = cells(ROWS)
    content = bytearray(path.read_bytes())
    name_in_directory = content.rindex(b"xl/worksheets/sheet1.xml")
    content[name_in_directory - 46 + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(BookError, match=r"sheet1\.xml.* encrypted"):
        read_book(path)
