"""A part of one's own in a workbook: all other parts stay, and other programs still open it."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest

from xlmodel.book import SetValue, patch, read_book, save
from xlmodel.book.custom_parts import custom_part, with_custom_part

OURS = "urn:example:ours"
SOUTHAMPTON = Path(__file__).parents[2] / "workbooks" / "southampton" / "southampton.xlsx"


def xml(text: str, namespace: str = OURS) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<a xmlns="{namespace}">{text}</a>'.encode()


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as opened:
        return {m.filename: opened.read(m) for m in opened.infolist()}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    openpyxl.Workbook().save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def put(book: Path, text: str, namespace: str = OURS) -> None:
    new = with_custom_part(book.read_bytes(), namespace, xml(text, namespace), path=book)
    save(new.content, book, expect_sha256=read_book(book).sha256, expect_members=new.members)


def test_added_replaced_and_read_back(book):
    before = members(book)
    assert custom_part(book.read_bytes(), OURS, path=book) is None
    put(book, "one")
    assert custom_part(book.read_bytes(), OURS, path=book) == xml("one")
    once = members(book)
    led = {"[Content_Types].xml", "xl/_rels/workbook.xml.rels"}
    assert {n for n in before if once[n] != before[n]} == led
    assert set(once) - set(before) == {
        "customXml/item1.xml",
        "customXml/itemProps1.xml",
        "customXml/_rels/item1.xml.rels",
    }
    put(book, "two")
    twice = members(book)
    assert custom_part(book.read_bytes(), OURS, path=book) == xml("two")
    assert {n for n in once if twice[n] != once[n]} == {"customXml/item1.xml"}
    assert list(twice) == list(once)


def test_beside_the_parts_of_other_programs(book):
    put(book, "theirs", "urn:example:theirs")
    put(book, "ours")
    assert custom_part(book.read_bytes(), "urn:example:theirs", path=book) == xml("theirs", "urn:example:theirs")
    assert custom_part(book.read_bytes(), OURS, path=book) == xml("ours")
    assert {"customXml/item1.xml", "customXml/item2.xml", "customXml/itemProps2.xml"} <= set(members(book))


def test_the_same_content_gives_the_same_file(book):
    first, second = (with_custom_part(book.read_bytes(), OURS, xml("x"), path=book).content for _ in range(2))
    assert first == second


def test_a_library_opens_it_and_it_can_be_changed(book):
    put(book, "one")
    assert openpyxl.load_workbook(book).sheetnames == ["Sheet"]
    new = patch(book, read_book(book), [SetValue("Sheet", 1, 1, 2.0)])
    assert custom_part(new.content, OURS, path=book) == xml("one")


@pytest.mark.full
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_libreoffice_opens_it(tmp_path):
    book = Path(shutil.copy(SOUTHAMPTON, tmp_path / "book.xlsx"))
    put(book, "one")
    options = [f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "csv"]
    command = ["soffice", *options, "--outdir", str(tmp_path), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    assert (tmp_path / "book.csv").stat().st_size > 100
