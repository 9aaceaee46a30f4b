"""Workbooks of a few sheets, written part by part, and read back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from xlmodel.book.archive import rewrite
from xlmodel.book.calc_parts import without_calc_chain
from xlmodel.book.moving import Growth, RowMove, follow
from xlmodel.book.package import Package
from xlmodel.book.reader import read_package
from xlmodel.book.workbook import Book

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"


def links(*pairs: tuple[str, str]) -> str:
    """Relationships, each of a kind to a target."""
    lines = (
        f'<Relationship Id="rId{i}" Type="{OFFICE}/{kind}" Target="{to}"/>' for i, (kind, to) in enumerate(pairs, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def package(
    sheets: Mapping[str, str],
    parts: Mapping[str, str] | None = None,
    *,
    names: Mapping[str, str] | None = None,
    more: Sequence[tuple[str, str]] = (),
) -> Package:
    """A workbook of sheets, each given as what stands in its worksheet element; other parts by their names."""
    order = list(sheets)
    defined = "".join(f'<definedName name="{name}">{text}</definedName>' for name, text in (names or {}).items())
    listed = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(order, 1))
    of_sheets = [("worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(order) + 1)]
    written = {
        "_rels/.rels": links(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets>'
        f"<definedNames>{defined}</definedNames></workbook>",
        "xl/_rels/workbook.xml.rels": links(*of_sheets, *more),
        **{
            f"xl/worksheets/sheet{i}.xml": f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{sheets[name]}</worksheet>'
            for i, name in enumerate(order, 1)
        },
        **(parts or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in written.items():
            file.writestr(name, text)
    return Package(out.getvalue(), Path("book.xlsx"))


def changed(opened: Package, moves: Sequence[RowMove], growths: Sequence[Growth] = ()) -> dict[str, str]:
    """The parts that follow the moves, as texts."""
    return {name: new.decode() for name, new in follow(opened, read_package(opened), moves, growths).items()}


def moved(
    opened: Package, book: Book, moves: Sequence[RowMove], growths: Sequence[Growth] = ()
) -> tuple[Package, Book]:
    """The workbook after the moves, and what is read from it."""
    parts, gone = without_calc_chain(opened)
    after = Package(rewrite(opened, parts | follow(opened, book, moves, growths), gone), opened.path)
    return after, read_package(after)


def data(rows: Mapping[int, Mapping[str, str]]) -> str:
    """Rows of a sheet: by number, the inner XML of cells by column."""
    return (
        "<sheetData>"
        + "".join(
            f'<row r="{row}">' + "".join(f'<c r="{col}{row}">{xml}</c>' for col, xml in cells.items()) + "</row>"
            for row, cells in rows.items()
        )
        + "</sheetData>"
    )
