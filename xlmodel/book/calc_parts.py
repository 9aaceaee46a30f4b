"""The parts that tell Excel what to calculate: the calculation chain and the workbook's settings."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from xml.sax.saxutils import quoteattr

from xlmodel.book.package import Package
from xlmodel.book.splice import Span, Splice, elements, splice, with_attributes

__all__ = ["with_calculation", "without_calc_chain"]

#: the children of a workbook part that stand before calcPr
_BEFORE = frozenset(
    (
        "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
        "externalReferences", "definedNames",
    )
)  # fmt: skip


def without_calc_chain(package: Package) -> tuple[dict[str, bytes], set[str]]:
    """Return the new contents of parts and the parts to remove, so that no calculation chain is left.

    Excel builds the chain anew; a chain that names a cell without a formula makes it repair the file.
    """
    part = package.workbook_part
    link = next((x for x in package.relationships(part).values() if x.kind == "calcChain"), None)
    if link is None:
        return {}, set()
    folder, name = posixpath.split(part)
    chain = "/" + link.target.casefold()
    replaced = {}
    for at, wanted in (
        (posixpath.join(folder, "_rels", name + ".rels"), lambda _, a: a.get("Type", "").endswith("/calcChain")),
        ("[Content_Types].xml", lambda tag, a: tag == "Override" and a.get("PartName", "").casefold() == chain),
    ):
        member = package.member(at).filename
        content = package.read(member)
        found = _find(content, f"{package.path.name}, part {member!r}", wanted)
        if found:
            replaced[member] = splice(content, [Splice(x.start, x.end, b"") for x in found])
    return replaced, {package.member(link.target).filename} if link.target in package else set()


def _find(content: bytes, where: str, wanted: Callable[[str, Mapping[str, str]], bool]) -> list[Span]:
    found: list[Span] = []
    elements(content, where, lambda name, a, depth, at: depth == 1 and wanted(name.rpartition("}")[2], a), found.append)
    return found


def with_calculation(content: bytes, where: str, settings: Mapping[str, str | None]) -> bytes:
    """Return the workbook part with settings of its calculation set, or taken out where None."""
    found = _find(content, where, lambda name, a: True)
    known = next((x for x in found if x.name == "calcPr"), None)
    if known is not None:
        tag = with_attributes(content[known.start : known.inner], settings)
        return splice(content, [Splice(known.start, known.inner, tag)])
    written = "".join(f" {name}={quoteattr(value)}" for name, value in settings.items() if value is not None)
    if not written:
        return content
    last = [x for x in found if x.name in _BEFORE][-1]
    prefix = content[last.start + 1 : last.inner].split(last.name.encode(), 1)[0].decode()
    return splice(content, [Splice(last.end, last.end, f"<{prefix}calcPr{written}/>".encode())])
