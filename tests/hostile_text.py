"""Texts that try to act on what shows them, and a workbook that carries them all."""

import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl

#: name -> what a cell holds
PAYLOADS = {
    "terminal colour": "\x1b[31mred",
    "terminal title": "\x1b]0;owned\x07",
    "terminal link": "\x1b]8;;http://evil.test\x07click\x1b]8;;\x07",
    "8-bit control": "\x9b31mred",
    "clear screen": "\x1b[2J\x1b[H",
    "backspaces": "wrong\x08\x08\x08\x08\x08right",
    "null": "a\x00b",
    "GitHub error": "::error file=x.py,line=1::owned",
    "GitHub environment": "::set-env name=PATH::/evil",
    "GitHub old command": "##[error]owned",
    "Azure command": "##vso[task.setvariable variable=x]owned",
    "TeamCity command": "##teamcity[buildStatus text='owned']",
    "line break before a command": "fine\n::error::owned",
    "returns before a command": "fine\r\n\r\n::warning::owned",
    "percent escapes": "%0A::error::owned",
    "GitLab section": "section_start:0:x\r\x1b[0Kowned",
    "HTML script": "<script>alert(1)</script>",
    "HTML event": "<img src=x onerror=alert(1)>",
    "HTML attribute": '" onmouseover="alert(1)',
    "HTML single quotes": "' autofocus onfocus='alert(1)",
    "HTML comment": "--><svg onload=alert(1)>",
    "HTML style": "</style><script>alert(1)</script>",
    "XML end of CDATA": "]]><failure/>",
    "XML entity": "&lt;failure&gt;&#10;",
    "XML element": '</failure></testcase><testcase name="injected"/>',
    "spreadsheet formula": '=HYPERLINK("http://evil.test","click")',
    "spreadsheet command": "@SUM(1+1)*cmd|' /C calc'!A0",
    "tab and plus": "\t+1+1",
    "Markdown link": "[click](http://evil.test)",
    "SARIF placeholder": "{0} {1:x}",
    "JSON string": '", "severity": "note", "x": "\\',
    "turned writing": "\u202egnp.xlsx",
    "isolate": "\u2066x\u2069\u061c",
    "line separator": "a\u2028::error::owned",
    "half a character": "\ud800x",
    "byte order mark": "\ufeffx",
}
SHEET = "S <b>&'::error::x"
_EXCEL_CANNOT = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")


def hostile_workbook(path: Path) -> Path:
    """Write a workbook in which each text names a row, is a value, and stands in a formula; none has a right value."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "PLACE"
    for row, text in enumerate(PAYLOADS.values(), 2):
        sheet.cell(row, 1, _EXCEL_CANNOT.sub(lambda m: f"_x{ord(m[0]):04X}_", text)).data_type = "s"
        sheet.cell(row, 2, f'=A{row}&""')
        plain = _EXCEL_CANNOT.sub("", text).replace('"', '""')
        sheet.cell(row, 3, f'="{plain}"&A{row}')
    aside = path.parent / "plain.xlsx"
    book.save(aside)
    with zipfile.ZipFile(aside) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name).decode("utf-8", "surrogatepass")
            content = re.sub(r"</f><v ?/>|</f><v></v>", "</f><v>5</v>", content)
            content = content.replace('name="PLACE"', f'name="{escape(SHEET)}"')
            new.writestr(name, content)
    aside.unlink()
    return path
