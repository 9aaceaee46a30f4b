"""Workbooks built by hand for the engine's tests."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

from xlmodel.book.workbook import Book, Sheet
from xlmodel.refs import Rect, parse_cell, parse_rect, to_r1c1
from xlmodel.values import Scalar, Values


def book(
    sheets: Mapping[str, Mapping[str, Scalar]] | Mapping[str, Scalar],
    *,
    saved: Mapping[str, Scalar] | None = None,
    arrays: Mapping[str, str] | None = None,
    dynamic: Mapping[str, str] | None = None,
    data_tables: Mapping[str, str] | None = None,
    **more: object,
) -> Book:
    """Return a workbook; a text that begins with = is a formula. One sheet may be given without its name, S.

    `saved` holds saved results, `arrays` and `dynamic` the ranges of array formulas, all by address on the first sheet.
    """
    if not any(isinstance(v, Mapping) for v in sheets.values()):
        sheets = {"S": sheets}  # type: ignore[dict-item]
    formulas: dict[str, int] = {}
    made = []
    for number, (name, cells) in enumerate(sheets.items()):
        first = number == 0
        all_cells: dict[tuple[int, int], Scalar] = {parse_cell(a): v for a, v in cells.items()}  # type: ignore[union-attr]
        results = {parse_cell(a): v for a, v in (saved or {}).items()} if first else {}
        for place in results:
            all_cells.setdefault(place, None)
        places = sorted(all_cells)
        which, contents = [], []
        for row, col in places:
            content = all_cells[row, col]
            if isinstance(content, str) and content.startswith("="):
                which.append(formulas.setdefault(to_r1c1(content[1:], row, col), len(formulas)))
                contents.append(results.get((row, col)))
            else:
                which.append(-1)
                contents.append(results.get((row, col), content))
        index = {place: i for i, place in enumerate(places)}

        def ranges(of: Mapping[str, str] | None, index=index, first=first) -> dict[int, Rect]:
            return {index[parse_cell(a)]: parse_rect(r) for a, r in (of or {}).items()} if first else {}

        made.append(
            Sheet(
                name, f"xl/worksheets/sheet{number + 1}.xml", "visible",
                np.array([r for r, _ in places], np.int32), np.array([c for _, c in places], np.int32),
                Values.of(contents) if contents else Values.blank(0),
                np.array(which, np.int32), np.zeros(len(places), np.int32),
                arrays=ranges(arrays) | ranges(dynamic),
                dynamic=frozenset(ranges(dynamic)),
                data_tables=ranges(data_tables),
            )
        )  # fmt: skip
    return Book(Path("book.xlsx"), "0" * 64, tuple(made), tuple(formulas), **more)  # type: ignore[arg-type]


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml."


def write_workbook(path: Path, cells: Mapping[str, str | float], saved: Mapping[str, float] | None = None) -> Path:
    """Write a workbook of one sheet, S; a text that begins with = is a formula, `saved` holds results."""
    rows: dict[int, list[tuple[int, str]]] = {}
    for name, content in cells.items():
        row, col = parse_cell(name)
        if isinstance(content, str):
            result = (saved or {}).get(name)
            body = f"<f>{escape(content[1:])}</f>" + ("" if result is None else f"<v>{result!r}</v>")
        else:
            body = f"<v>{content!r}</v>"
        rows.setdefault(row, []).append((col, f'<c r="{name}">{body}</c>'))
    data = "".join(f'<row r="{r}">{"".join(x for _, x in sorted(rows[r]))}</row>' for r in sorted(rows))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{data}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return path
