"""Writing a generated workbook fast: rows as the XML they are, straight into the zip."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

__all__ = ["formula", "letters", "number", "text", "write"]

TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml."
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def letters(col: int) -> str:
    """Return the letters of a column."""
    return (letters((col - 1) // 26) if col > 26 else "") + chr(65 + (col - 1) % 26)


def number(name: str, value: float) -> str:
    """Return a cell that holds a number."""
    return f'<c r="{name}"><v>{value!r}</v></c>'


def text(name: str, content: str) -> str:
    """Return a cell that holds a text."""
    return f'<c r="{name}" t="inlineStr"><is><t>{escape(content)}</t></is></c>'


def formula(name: str, content: str, saved: float | None = None) -> str:
    """Return a cell that holds a formula, with the result saved for it; `content` is escaped already."""
    return f'<c r="{name}"><f>{content}</f>' + ("</c>" if saved is None else f"<v>{saved!r}</v></c>")


def write(path: Path, sheets: Mapping[str, Iterable[str]]) -> None:
    """Write a workbook; each sheet is its rows, in order, each the XML of a row element."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as package:
        for part, content in _frame(list(sheets)).items():
            package.writestr(part, HEAD + content)
        for i, rows in enumerate(sheets.values(), 1):
            with package.open(f"xl/worksheets/sheet{i}.xml", "w") as sheet:
                sheet.write(f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
                for row in rows:
                    sheet.write(row.encode())
                sheet.write(b"</sheetData></worksheet>")


def _frame(names: list[str]) -> dict[str, str]:
    numbers = range(1, len(names) + 1)
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPES}styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{TYPES}worksheet+xml"/>' for i in numbers
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="{escape(name)}" sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(names, start=1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}relationships">'
        + "".join(
            f'<Relationship Id="rId{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in numbers
        )
        + f'<Relationship Id="rId{len(names) + 1}" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font>'
        '</fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" '
        'borderId="0" xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
    }
