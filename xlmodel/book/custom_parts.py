"""A part of one's own inside a workbook: XML that Excel keeps and never shows."""

from __future__ import annotations

import uuid
from pathlib import Path
from xml.etree.ElementTree import Element
from xml.sax.saxutils import quoteattr

from xlmodel.book.package import Limits, Package
from xlmodel.book.parts import Parts
from xlmodel.book.patch import Patched
from xlmodel.errors import BookError

__all__ = ["custom_part", "with_custom_part"]

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_LINK, _PROPERTIES_LINK = f"{_OFFICE}/relationships/customXml", f"{_OFFICE}/relationships/customXmlProps"
_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"


def with_custom_part(source: bytes, namespace: str, xml: bytes, *, path: Path, limits: Limits | None = None) -> Patched:
    """Put XML into a workbook as its custom XML part, or in the place of the one that is there.

    Parameters
    ----------
    source : bytes
        The workbook's file.
    namespace : str
        The namespace of the XML's root, which tells this part from those of other programs.
    xml : bytes
        The whole part.
    path : Path
        The workbook's name, for messages.
    limits : Limits, optional
        As for reading.

    Returns
    -------
    Patched
        The file; all other parts are as they were, but for what leads to a new one.

    Raises
    ------
    UnsupportedEditError
        The workbook is signed.
    BookError
        The workbook cannot be read.
    """
    package = Package(source, path, limits)
    parts = Parts(package)
    known = _found(package, namespace)
    if known is not None:
        parts.write(known, xml)
        return parts.patched()
    item = parts.free("customXml/item{}.xml")
    properties = parts.free("customXml/itemProps{}.xml")
    # Excel writes an id of its own choice; the same namespace gives the same, and so the same file
    store = str(uuid.uuid5(uuid.NAMESPACE_URL, namespace)).upper()
    parts.add(item, xml, "application/xml")
    parts.add(properties, _properties(store, namespace), _PROPERTIES_TYPE)
    parts.relate(parts.workbook, _LINK, item)
    parts.relate(item, _PROPERTIES_LINK, properties)
    return parts.patched()


def custom_part(source: bytes, namespace: str, *, path: Path, limits: Limits | None = None) -> bytes | None:
    """Return the custom XML part whose root has a namespace; None where there is none."""
    package = Package(source, path, limits)
    known = _found(package, namespace)
    return None if known is None else package.read(known)


def _found(package: Package, namespace: str) -> str | None:
    for link in package.relationships(package.workbook_part).values():
        if link.kind == "customXml" and not link.external and link.target in package:
            root = _root(package, link.target)
            if root is not None and root.tag.startswith(f"{{{namespace}}}"):
                return package.member(link.target).filename
    return None


def _root(package: Package, part: str) -> Element | None:
    try:
        return package.xml(part)
    except BookError:
        return None  # another program's: what is wrong with it is not ours to say


def _properties(store: str, namespace: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        f'<ds:datastoreItem ds:itemID="{{{store}}}" xmlns:ds="{_OFFICE}/customXml">'
        f"<ds:schemaRefs><ds:schemaRef ds:uri={quoteattr(namespace)}/></ds:schemaRefs></ds:datastoreItem>"
    ).encode()
