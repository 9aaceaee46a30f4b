"""The parts of a workbook file that is changed: what is replaced, added and taken out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from xml.sax.saxutils import quoteattr

from xlmodel.book import Patched
from xlmodel.book.archive import rewrite
from xlmodel.book.package import Package
from xlmodel.book.splice import Span, Splice, elements, is_empty_tag, splice, start_tag_end
from xlmodel.errors import UnsupportedEditError

__all__ = ["Parts", "found", "with_child"]

_TYPES = "[Content_Types].xml"


class Parts:
    """A package and the changes to it; nothing is written before `patched`."""

    def __init__(self, package: Package) -> None:
        if package.is_signed:
            raise UnsupportedEditError(f"{package.path.name} is digitally signed; a change would break the signature")
        self.package = package
        self._replaced: dict[str, bytes] = {}
        self._added: dict[str, bytes] = {}
        self._removed: set[str] = set()

    @property
    def workbook(self) -> str:
        """The name of the workbook part."""
        return self._member(self.package.workbook_part)

    def where(self, part: str) -> str:
        """Return a part's name for messages."""
        return f"{self.package.path.name}, part {part!r}"

    def _member(self, part: str) -> str:
        return part if part in self._added else self.package.member(part).filename

    def __contains__(self, part: str) -> bool:
        if part in self._added:
            return True
        return part in self.package and self.package.member(part).filename not in self._removed

    def names(self) -> list[str]:
        """Return the names of all parts, in the order of the file."""
        kept = [m.filename for m in self.package.members if m.filename not in self._removed]
        return [*kept, *self._added]

    def read(self, part: str) -> bytes:
        """Return a part as it is by now."""
        member = self._member(part)
        changed = self._added.get(member, self._replaced.get(member))
        return self.package.read_large(member) if changed is None else changed

    def write(self, part: str, content: bytes) -> None:
        """Replace a part; one that is the same as before keeps its bytes in the file."""
        member = self._member(part)
        if member in self._added:
            self._added[member] = content
        elif content == self.package.read_large(member):
            self._replaced.pop(member, None)
        else:
            self._replaced[member] = content

    def add(self, part: str, content: bytes, content_type: str) -> None:
        """Add a part of a type of its own."""
        self._added[part] = content
        self._typed(part, content_type)

    def _typed(self, part: str, content_type: str) -> None:
        new = f"PartName={quoteattr('/' + part)} ContentType={quoteattr(content_type)}"
        self.write(
            _TYPES, with_child(self.read(_TYPES), self.where(_TYPES), lambda prefix: f"<{prefix}Override {new}/>")
        )

    def free(self, pattern: str) -> str:
        """Return the first name of a part that is not taken; `pattern` has {} in the place of a number."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)

    def remove(self, part: str, source: str) -> None:
        """Take out a part, with its type and the relationship that leads to it from a source."""
        member = self._member(part)
        target = self._removed_relationship(source, member)
        content = self.read(_TYPES)
        name = "/" + target.casefold()
        found_types = found(
            content, self.where(_TYPES), lambda tag, a: tag == "Override" and a.get("PartName", "").casefold() == name
        )
        self.write(_TYPES, splice(content, [Splice(x.start, x.end, b"") for x in found_types]))
        self._replaced.pop(member, None)
        if self._added.pop(member, None) is None:
            self._removed.add(member)

    def _removed_relationship(self, source: str, member: str) -> str:
        folder, name = posixpath.split(source)
        at = posixpath.join(folder, "_rels", name + ".rels")
        content = self.read(at)

        def leads(_: str, attributes: Mapping[str, str]) -> bool:
            return _resolved(folder, attributes.get("Target", "")).casefold() == member.casefold()

        spans = found(content, self.where(at), leads)
        self.write(at, splice(content, [Splice(x.start, x.end, b"") for x in spans]))
        return member

    def related(self, source: str, kind: str) -> str | None:
        """Return the part to which the first relationship of a kind leads; "" asks for the whole package's."""
        for relationship in self._relationships(source):
            if relationship.get("Type", "").rsplit("/", 1)[-1] == kind and relationship.get("TargetMode") != "External":
                target = _resolved(posixpath.dirname(source), relationship.get("Target", ""))
                if target in self:
                    return self._member(target)
        return None

    def _relationships(self, source: str) -> list[Mapping[str, str]]:
        at = _rels(source)
        if at not in self:
            return []
        return [span.attributes for span in found(self.read(at), self.where(at), lambda *_: True)]

    def relate(self, source: str, kind: str, part: str) -> str:
        """Add a relationship, from a source to a part, and return its id; `kind` is its whole type."""
        at = _rels(source)
        if at not in self:
            self._added[at] = (
                b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
                b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
            )
        taken = {relationship.get("Id", "") for relationship in self._relationships(source)}
        number = len(taken) + 1
        while f"rId{number}" in taken:
            number += 1
        folder = posixpath.dirname(source)
        target = posixpath.relpath(part, folder) if folder else part
        new = f"Id={quoteattr(f'rId{number}')} Type={quoteattr(kind)} Target={quoteattr(target)}"
        self.write(at, with_child(self.read(at), self.where(at), lambda prefix: f"<{prefix}Relationship {new}/>"))
        return f"rId{number}"

    def without_calc_chain(self) -> None:
        """Take out the calculation chain, which lists the formula cells: Excel builds it anew."""
        chain = self.related(self.workbook, "calcChain")
        if chain is not None:
            self.remove(chain, self.workbook)

    def patched(self) -> Patched:
        """Return the file with the changes in it."""
        changed = self._replaced or self._added or self._removed
        content = rewrite(self.package, self._replaced, self._removed, self._added) if changed else self.package.content
        return Patched(
            content, tuple(sorted([*self._replaced, *self._added])), tuple(sorted(self._removed)), tuple(self.names())
        )


def _rels(source: str) -> str:
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", name + ".rels")


def _resolved(folder: str, target: str) -> str:
    target = target.replace("\\", "/")
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def found(content: bytes, where: str, wanted: Callable[[str, Mapping[str, str]], bool], depth: int = 1) -> list[Span]:
    """Return the elements of a part at a depth, the root's children by default, that are wanted by name and attributes.

    Names come without their namespace.
    """
    spans: list[Span] = []
    elements(content, where, lambda name, a, at, _: at == depth and wanted(name.rpartition("}")[2], a), spans.append)
    return spans


def with_child(content: bytes, where: str, child: Callable[[str], str]) -> bytes:
    """Return a part with an element added as the last child of its root; `child` gets the root's prefix."""
    root = end = -1

    def enter(name: str, attributes: Mapping[str, str], depth: int, at: int) -> bool:
        nonlocal root
        root = at if depth == 0 else root
        return False

    def close(depth: int, at: int) -> None:
        nonlocal end
        end = at if depth == 0 else end

    elements(content, where, enter, lambda span: None, close)
    inner = start_tag_end(content, root)
    match = re.match(rb"<((?:[^\s/>:]+:)?)([^\s/>]+)", content[root:inner])
    assert match is not None
    prefix, name = match[1].decode(), match[2].decode()
    new = child(prefix).encode()
    if is_empty_tag(content, inner):
        opened = content[root : inner - 2].rstrip() + b">"
        return splice(content, [Splice(root, inner, opened + new + f"</{prefix}{name}>".encode())])
    return splice(content, [Splice(end, end, new)])
