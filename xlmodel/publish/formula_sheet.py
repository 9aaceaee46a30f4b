"""The sheet that keeps the formulas of a workbook whose cells hold values: sheet, cell with a link, formula, note."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from xlmodel.book.parts import Parts, found
from xlmodel.book.splice import Span, elements
from xlmodel.book.xstring import markup
from xlmodel.engine.protocol import CellKey
from xlmodel.publish.looks import Looks
from xlmodel.publish.names import with_names
from xlmodel.refs import cell_name, quote_sheet

__all__ = ["KeptFormula", "add_formula_sheet"]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_TABLE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_COLUMNS = ("Sheet", "Cell", "Formula", "Note")
_WIDTHS = (22, 10, 90, 44)
_HEADER_ROW = 4
_LINK = 2  #: the column whose cells lead to the cell they name
#: points: of the title and of the rows below it; of a line of text, and around it
_HEIGHTS, _LINE, _GAP = (26, 20), 12.0, 3.0
MAX_LINKS = 65_000  #: Excel drops what a sheet has beyond 65,530


@dataclass(frozen=True, slots=True)
class KeptFormula:
    """A formula that a cell does not hold any more."""

    cell: CellKey
    formula: str  #: without the equals sign; "" where it is withheld
    note: str = ""


def add_formula_sheet(parts: Parts, title: str, heading: str, explanation: str, kept: Sequence[KeptFormula]) -> str:
    """Add the sheet behind all others, as an Excel table; return its title, which is a free one.

    Parameters
    ----------
    parts : Parts
        The workbook.
    title : str
        What the sheet is to be called.
    heading, explanation : str
        Its first two rows.
    kept : sequence of KeptFormula
        Its table, one row each.
    """
    title = _free_title(parts, title)
    looks = Looks(parts)
    label = looks.named("Model label") or 0
    styles = _Styles(
        title=looks.named("Model title") or looks.like(0, bold=True),
        purpose=looks.named("Model purpose") or looks.like(0),
        header=looks.named("Model header") or looks.like(0, bold=True),
        text=looks.like(label, as_text=True),
        link=looks.named("Model link") or looks.like(0),
    )
    looks.write()
    sheet = parts.free("xl/worksheets/sheet{}.xml")
    table = parts.free("xl/tables/table{}.xml")
    parts.add(sheet, _sheet(heading, explanation, kept, styles), _SHEET_TYPE)
    link = parts.relate(sheet, f"{_LINKS}/table", table)
    parts.write(sheet, parts.read(sheet).replace(b'r:id=""', f'r:id="{link}"'.encode()))
    parts.add(table, _table(parts, title, len(kept)), _TABLE_TYPE)
    _list(parts, title, parts.relate(parts.workbook, f"{_LINKS}/worksheet", sheet))
    return title


@dataclass(frozen=True, slots=True)
class _Styles:
    title: int
    purpose: int
    header: int
    text: int
    link: int


def _sheet(heading: str, explanation: str, kept: Sequence[KeptFormula], styles: _Styles) -> bytes:
    rows = [
        _row(1, [(1, heading, styles.title)], _HEIGHTS[0]),
        _row(2, [(1, explanation, styles.purpose)], _HEIGHTS[1]),
        _row(_HEADER_ROW, [(col, name, styles.header) for col, name in enumerate(_COLUMNS, 1)], _HEIGHTS[1]),
    ]
    links: list[str] = []
    for number, row in enumerate(kept, _HEADER_ROW + 1):
        name = cell_name(row.cell.row, row.cell.col)
        formula = f"={row.formula}" if row.formula else ""
        contents = (row.cell.sheet, name, formula, row.note)
        cells = [(col, text, styles.link if col == _LINK else styles.text) for col, text in enumerate(contents, 1)]
        lines = max(math.ceil(len(text) / width) for text, width in zip(contents, _WIDTHS, strict=True))
        rows.append(_row(number, cells, _LINE * max(lines, 1) + _GAP))
        if len(links) < MAX_LINKS:
            place = f"{quote_sheet(row.cell.sheet)}!{name}"
            links.append(f'<hyperlink ref="B{number}" location={quoteattr(place)} display={quoteattr(name)}/>')
    last = f"D{_HEADER_ROW + max(len(kept), 1)}"
    columns = "".join(
        f'<col min="{i}" max="{i}" width="{width}" customWidth="1"/>' for i, width in enumerate(_WIDTHS, 1)
    )
    first = f"A{_HEADER_ROW + 1}"
    hyperlinks = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        f'{_DECLARATION}<worksheet xmlns="{_MAIN}" xmlns:r="{_LINKS}">'
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:{last}"/>'
        f'<sheetViews><sheetView showGridLines="0" workbookViewId="0"><pane ySplit="{_HEADER_ROW}"'
        f' topLeftCell="{first}" activePane="bottomLeft" state="frozen"/>'
        f'<selection pane="bottomLeft" activeCell="{first}" sqref="{first}"/>'
        f'</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols>'
        f"<sheetData>{''.join(rows)}</sheetData>"
        f'<mergeCells count="1"><mergeCell ref="A2:D2"/></mergeCells>{hyperlinks}'
        '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;L&amp;A&amp;RPage &amp;P of &amp;N</oddFooter></headerFooter>"
        '<tableParts count="1"><tablePart r:id=""/></tableParts></worksheet>'
    ).encode()


def _row(number: int, cells: Iterable[tuple[int, str, int]], height: float) -> str:
    written = "".join(
        f'<c r="{cell_name(number, col)}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{markup(text)}</t></is></c>'
        for col, text, style in cells
    )
    return f'<row r="{number}" ht="{height:g}" customHeight="1">{written}</row>'


def _table(parts: Parts, title: str, rows: int) -> bytes:
    name = re.sub(r"\W", "_", title) + "_listed"
    number = 1 + sum(1 for part in parts.names() if part.startswith("xl/tables/"))
    ids = {_id(parts, part) for part in parts.names() if part.startswith("xl/tables/")}
    while number in ids:
        number += 1
    ref = f"A{_HEADER_ROW}:D{_HEADER_ROW + max(rows, 1)}"
    columns = "".join(f'<tableColumn id="{i}" name="{text}"/>' for i, text in enumerate(_COLUMNS, 1))
    return (
        f'{_DECLARATION}<table xmlns="{_MAIN}" id="{number}" name="{name}" displayName="{name}" ref="{ref}"'
        f' totalsRowShown="0"><autoFilter ref="{ref}"/><tableColumns count="{len(_COLUMNS)}">{columns}</tableColumns>'
        '<tableStyleInfo name="TableStyleLight1" showFirstColumn="0" showLastColumn="0" showRowStripes="0"'
        ' showColumnStripes="0"/></table>'
    ).encode()


def _id(parts: Parts, part: str) -> int:
    root: list[str] = []

    def enter(name: str, attributes: object, depth: int, at: int) -> bool:
        if depth == 0 and isinstance(attributes, dict):
            root.append(attributes.get("id", "0"))
        return False

    elements(parts.read(part), parts.where(part), enter, lambda span: None)
    return int(root[0]) if root and root[0].isdecimal() else 0


def _sheets(parts: Parts) -> list[Span]:
    groups = found(parts.read(parts.workbook), parts.where(parts.workbook), lambda name, _: name == "sheets")
    return groups[0].children


def _free_title(parts: Parts, title: str) -> str:
    taken = {sheet.attributes.get("name", "").casefold() for sheet in _sheets(parts)}
    number, free = 1, title
    while free.casefold() in taken:
        number += 1
        free = f"{title} {number}"
    return free


def _list(parts: Parts, title: str, link: str) -> None:
    """List the sheet among the workbook's, and have its header repeated on every printed page."""
    content = parts.read(parts.workbook)
    sheets = _sheets(parts)
    number = 1 + max(int(sheet.attributes.get("sheetId", "0")) for sheet in sheets)
    last = sheets[-1]
    tag = content[last.start + 1 : last.inner].split(b"sheet", 1)[0].decode()
    new = f'<{tag}sheet name={quoteattr(title)} sheetId="{number}" r:id="{link}" xmlns:r="{_LINKS}"/>'
    content = content[: last.end] + new.encode() + content[last.end :]
    repeated = {"_xlnm.Print_Titles": f"{quote_sheet(title)}!${_HEADER_ROW}:${_HEADER_ROW}"}
    parts.write(parts.workbook, with_names(content, parts.where(parts.workbook), repeated, sheet=len(sheets)))
