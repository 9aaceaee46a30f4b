"""The flag by which Excel tells a formula that may fill several cells from one of before dynamic arrays.

Excel saves a cell that calls a LAMBDA name or a custom function as an array over itself, with ``cm``, a number that
leads to an entry of xl/metadata.xml. Without it Excel shows the formula with an @ before the call.
"""

from __future__ import annotations

from xlmodel.book.package import children
from xlmodel.book.parts import Parts
from xlmodel.errors import UnsupportedEditError

__all__ = ["dynamic_flag", "without_dynamic_part"]

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sheetMetadata"
_PART = "xl/metadata.xml"
_METADATA = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<metadata xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    b' xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray">'
    b'<metadataTypes count="1"><metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1"'
    b' pasteValues="1" merge="1" splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1"'
    b' coerce="1" cellMeta="1"/></metadataTypes>'
    b'<futureMetadata name="XLDAPR" count="1"><bk><extLst><ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}">'
    b'<xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/></ext></extLst></bk></futureMetadata>'
    b'<cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>'
)


def dynamic_flag(parts: Parts) -> str:
    """Return the value of ``cm`` that means a dynamic array; the part that says so is added where there is none."""
    part = parts.related(parts.workbook, "sheetMetadata")
    if part is None:
        part = parts.free("xl/metadata{}.xml") if _PART in parts else _PART
        parts.add(part, _METADATA, _TYPE)
        parts.relate(parts.workbook, _KIND, part)
        return "1"
    if part in parts.package:
        root = parts.package.xml(part)
        types = [t.get("name") for t in children(root, "metadataTypes", "metadataType")]
        for number, block in enumerate(children(root, "cellMetadata", "bk"), 1):
            for record in children(block, "rc"):
                kind = record.get("t", "")
                if kind.isdecimal() and 0 < int(kind) <= len(types) and types[int(kind) - 1] == "XLDAPR":
                    return str(number)
        raise UnsupportedEditError(
            f"{parts.where(part)} marks no cell as a dynamic array, and cannot be added to; enter a formula that fills "
            "several cells in Excel, such as =SEQUENCE(2), save, and publish again"
        )
    return "1"


def without_dynamic_part(parts: Parts) -> None:
    """Take out the part, if it is the one that is added here and no cell of the workbook needs it any more."""
    part = parts.related(parts.workbook, "sheetMetadata")
    if part is not None and parts.read(part) == _METADATA:
        parts.remove(part, parts.workbook)
