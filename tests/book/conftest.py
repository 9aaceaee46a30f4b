"""Small workbooks, written as the XML they are."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml."

MakeBook = Callable[..., Path]


def _parts(
    sheet: str, more: Mapping[str, str], workbook: str, links: str, sheet_attributes: str
) -> dict[str, str | bytes]:
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}worksheet+xml"/>'
        f'<Override PartName="/xl/calcChain.xml" ContentType="{TYPES}calcChain+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        f'<sheet name="Data" sheetId="1" r:id="rId1"/></sheets>{workbook}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId9" Type="{OFFICE}/calcChain" Target="calcChain.xml"/>{links}</Relationships>',
        "xl/calcChain.xml": f'<calcChain xmlns="{MAIN}"><c r="A1" i="1"/></calcChain>',
        "xl/worksheets/sheet1.xml": '<?xml version="1.0" encoding="UTF-8"?>\r\n'
        f'<worksheet xmlns="{MAIN}"{sheet_attributes}>{sheet}</worksheet>',
    }
    return {**parts, **more}


@pytest.fixture
def make_book(tmp_path: Path) -> MakeBook:
    """Write a workbook of one sheet, Data, from the XML inside its worksheet element; other parts replace or add."""

    def make(
        sheet: str,
        parts: Mapping[str, str | bytes] | None = None,
        *,
        workbook: str = "",
        links: str = "",
        sheet_attributes: str = "",
        name: str = "book.xlsx",
    ) -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            for part, content in _parts(sheet, parts or {}, workbook, links, sheet_attributes).items():
                package.writestr(part, content)
        return path

    return make


@pytest.fixture
def cells(make_book: MakeBook) -> Callable[[str], Path]:
    """Write a workbook from the rows of its sheet alone."""
    return lambda rows: make_book(f"<sheetData>{rows}</sheetData>")
