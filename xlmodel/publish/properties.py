"""The record of a published workbook in docProps/custom.xml, beside whatever else stands there."""

from __future__ import annotations

import re
from xml.sax.saxutils import quoteattr

from xlmodel.book.parts import Parts, found, with_child
from xlmodel.book.splice import Splice, splice
from xlmodel.book.xstring import markup
from xlmodel.verify.record import Record

__all__ = ["write_record"]

_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
    b' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"/>'
)
#: what Excel writes for every custom property
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FIRST_ID = 2


def write_record(parts: Parts, record: Record) -> None:
    """Put a record among the file's custom properties; an older one goes, properties of others stay."""
    part = parts.related("", "custom-properties")
    if part is None:
        part = parts.free("docProps/custom{}.xml") if "docProps/custom.xml" in parts else "docProps/custom.xml"
        parts.add(part, _EMPTY, _TYPE)
        parts.relate("", _KIND, part)
    where = parts.where(part)
    content = parts.read(part)
    every = found(content, where, lambda name, _: name == "property")
    old = [x for x in every if Record.is_own(x.attributes.get("name", ""), "".join(child.text for child in x.children))]
    taken = [int(x.attributes.get("pid", "0")) for x in every if x not in old]
    content = splice(content, [Splice(x.start, x.end, b"") for x in old])
    first = max([*taken, _FIRST_ID - 1]) + 1
    listed = list(enumerate(record.properties().items(), first))
    root = re.search(rb"<[^?!][^>]*>", content)
    known = root is not None and f'xmlns:vt="{_TYPES}"'.encode() in root[0]
    declared = "" if known else f' xmlns:vt="{_TYPES}"'

    def elements(prefix: str) -> str:
        return "".join(
            f'<{prefix}property fmtid="{_FORMAT}" pid="{pid}" name={quoteattr(name)}>'
            f"<vt:lpwstr{declared}>{markup(value)}</vt:lpwstr></{prefix}property>"
            for pid, (name, value) in listed
        )

    parts.write(part, with_child(content, where, elements))
