"""Workbooks put together byte by byte: zips whose headers lie, parts that do not fit, sheets as raw XML."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from xlmodel.refs import parse_cell
from xlmodel.values import Scalar

__all__ = [
    "CANARY",
    "MAIN",
    "OFFICE",
    "Member",
    "book",
    "cell",
    "in_column",
    "linked",
    "pack",
    "parts_of",
    "raw",
    "relationships",
    "sheet_of",
    "spread",
    "zipped",
]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
#: a sheet that every workbook worth calculating has; its cell must come out right, whatever goes wrong elsewhere
CANARY = ("Canary", "=1+1", 2.0)
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml."

Content = str | float
Parts = dict[str, str | bytes]


@dataclass(frozen=True)
class Member:
    """One member of a zip; what its headers say may be untrue."""

    name: str
    packed: bytes
    size: int
    crc: int
    method: int = 8
    flags: int = 0x800
    at: int | None = None  #: where its local header is said to be; None where it is


def zipped(name: str, content: bytes | str, level: int = 1) -> Member:
    """Return an honest member."""
    content = content.encode() if isinstance(content, str) else content
    squeeze = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Member(name, squeeze.compress(content) + squeeze.flush(), len(content), zlib.crc32(content))


def spread(name: str, before: str, unit: bytes, times: int, after: str) -> Member:
    """Return a member that holds a unit very often; the unit is compressed once, and its block repeated."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    start = squeeze.compress(before.encode()) + squeeze.flush(zlib.Z_FULL_FLUSH)
    block = squeeze.compress(unit) + squeeze.flush(zlib.Z_FULL_FLUSH)
    end = squeeze.compress(after.encode()) + squeeze.flush()
    crc = zlib.crc32(before.encode())
    for _ in range(times):
        crc = zlib.crc32(unit, crc)
    size = len(before.encode()) + len(unit) * times + len(after.encode())
    return Member(name, start + block * times + end, size, zlib.crc32(after.encode(), crc))


def pack(members: Iterable[Member], comment: bytes = b"") -> bytes:
    """Return the zip of some members."""
    out, directory, count = bytearray(), bytearray(), 0
    for m in members:
        name = m.name.encode()
        facts = (m.flags, m.method, 0, 0x21, m.crc, len(m.packed), m.size, len(name))
        at = len(out) if m.at is None else m.at
        if m.at is None:
            out += struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, *facts, 0) + name + m.packed
        directory += struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, *facts, 0, 0, 0, 0, 0, at) + name
        count += 1
    total = count & 0xFFFF
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, total, total, len(directory), len(out), len(comment))
    return bytes(out + directory + end + comment)


def cell(name: str, content: Content) -> str:
    """Return a cell's XML: a formula where the content begins with =, as it stands where it begins with <."""
    if not isinstance(content, str):
        return f'<c r="{name}"><v>{content!r}</v></c>'
    if content.startswith("<"):
        return content
    if content.startswith("="):
        return f'<c r="{name}"><f>{escape(content[1:])}</f></c>'
    return f'<c r="{name}" t="inlineStr"><is><t>{escape(content)}</t></is></c>'


def sheet_of(cells: Mapping[str, Content]) -> str:
    """Return a worksheet's content with some cells."""
    rows: dict[int, list[tuple[int, str]]] = {}
    for name, content in cells.items():
        row, col = parse_cell(name)
        rows.setdefault(row, []).append((col, cell(name, content)))
    filled = (f'<row r="{r}">{"".join(x for _, x in sorted(rows[r]))}</row>' for r in sorted(rows))
    return f"<sheetData>{''.join(filled)}</sheetData>"


def raw(*cells: str, after: str = "") -> str:
    """Return a worksheet's content with one row of cells as they stand."""
    return f'<sheetData><row r="1">{"".join(cells)}</row></sheetData>{after}'


def parts_of(
    *sheets: str | Mapping[str, Content], names: Mapping[str, str] | None = None, workbook: str = "", links: str = ""
) -> Parts:
    """Return the parts of a workbook of sheets S, S2, S3 ... and the canary.

    A sheet is its cells, or what stands inside its worksheet element. `names` are defined names, `workbook` and
    `links` more XML for the workbook part and its relationships.
    """
    filled = [*(s if isinstance(s, str) else sheet_of(s) for s in sheets), sheet_of({"A1": CANARY[1]})]
    titles = [*("S" if i == 1 else f"S{i}" for i in range(1, len(filled))), CANARY[0]]
    defined = "".join(f'<definedName name="{n}">{escape(f)}</definedName>' for n, f in (names or {}).items())
    numbers = range(1, len(filled) + 1)
    parts: Parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}sheet.main+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{TYPES}worksheet+xml"/>' for i in numbers
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        + "".join(f'<sheet name="{t}" sheetId="{i}" r:id="rId{i}"/>' for i, t in enumerate(titles, 1))
        + f"</sheets>{f'<definedNames>{defined}</definedNames>' if defined else ''}{workbook}</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in numbers
        )
        + f"{links}</Relationships>",
    }
    for i, content in enumerate(filled, 1):
        parts[f"xl/worksheets/sheet{i}.xml"] = f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{content}</worksheet>'
    return parts


def linked(kind: str, target: str, identity: str = "rIdX") -> str:
    """Return a relationship's XML."""
    return f'<Relationship Id="{identity}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def relationships(*links: str) -> str:
    """Return a part of relationships."""
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(links)}</Relationships>'


def book(*sheets: str | Mapping[str, Content], parts: Mapping[str, str | bytes] | None = None, **more: object) -> bytes:
    """Return a workbook's bytes; `parts` replace its own, or come in addition."""
    return pack(zipped(n, c) for n, c in (parts_of(*sheets, **more) | dict(parts or {})).items())  # type: ignore[arg-type]


def in_column(formulas: list[tuple[str, Scalar]]) -> bytes:
    """Return a workbook of formulas in column A, with long texts beside some and a second sheet with two corners."""
    cells: dict[str, Content] = {f"A{i}": _stored(f) for i, (f, _) in enumerate(formulas, 1)}
    cells |= {f"B{i}": "a" * 30_000 + "c" for i in range(11, 31)}
    return book(cells, {"A1": 1.0, "B7": "x", "XFD1048576": 2.0})


def _stored(formula: str) -> str:
    """Return a formula with its variables as files hold them."""
    return formula.replace("~", "_xlpm.") if "LAMBDA(" in formula or "LET(" in formula else formula
