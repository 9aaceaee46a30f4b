"""Finding the bytes of elements in a part, so that a change touches those bytes alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from xlmodel.book.package import MAIN_NAMESPACES
from xlmodel.errors import BookError, UnsupportedEditError

__all__ = ["Span", "Splice", "elements", "is_empty_tag", "splice", "start_tag_end", "with_attributes"]

_TAG = re.compile(rb"<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>")
_ATTRIBUTE = re.compile(rb"\s+([^\s=/>]+)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
#: where Excel writes the attributes of a cell
_AFTER = {"s": ("t", "cm", "vm", "ph"), "t": ("cm", "vm", "ph")}
_PREFIXES = tuple(f"{namespace}}}" for namespace in MAIN_NAMESPACES)


@dataclass(slots=True, eq=False)
class Span:
    """An element and where its bytes stand."""

    name: str  #: without the spreadsheet namespace
    attributes: Mapping[str, str]
    start: int
    inner: int  #: where the start tag ends
    end: int = -1
    depth: int = 0
    text: str = ""
    children: list[Span] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Splice:
    """New bytes for a piece of a part."""

    start: int
    end: int
    new: bytes


def splice(content: bytes, changes: Iterable[Splice]) -> bytes:
    """Return the part with pieces of it replaced; the pieces must not overlap."""
    pieces, at = [], 0
    for change in sorted(changes, key=lambda c: (c.start, c.end)):
        if change.start < at:
            raise AssertionError("two changes touch the same bytes")
        pieces += [content[at : change.start], change.new]
        at = change.end
    return b"".join((*pieces, content[at:]))


def elements(
    content: bytes,
    where: str,
    enter: Callable[[str, Mapping[str, str], int, int], bool],
    leave: Callable[[Span], None],
    close: Callable[[int, int], None] = lambda depth, at: None,
) -> None:
    """Run through a part.

    `enter` gets each element's name, attributes, depth and first byte, and says whether it is wanted; a wanted one goes
    to `leave` whole, with its text and children. `close` gets the depth and the end tag's first byte of the others.
    """
    refuse_encoding(content, where)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    skip = {prefix: len(prefix) for prefix in _PREFIXES}
    depth = 0
    wanted: list[Span] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        at = parser.CurrentByteIndex
        for prefix, length in skip.items():
            if name.startswith(prefix):
                name = name[length:]
        if wanted or enter(name, attributes, depth, at):
            span = Span(name, attributes, at, start_tag_end(content, at), depth=depth)
            if wanted:
                wanted[-1].children.append(span)
            wanted.append(span)
        depth += 1

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1
        at = parser.CurrentByteIndex
        if not wanted:
            close(depth, at)
            return
        span = wanted.pop()
        # an empty-element tag ends where it starts
        span.end = span.inner if is_empty_tag(content, span.inner) else content.index(b">", at) + 1
        if not wanted:
            leave(span)

    def text(piece: str) -> None:
        if wanted:
            wanted[-1].text += piece

    def refuse(*_: object) -> None:
        raise BookError(f"{where} has a DOCTYPE, which no workbook needs")

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise BookError(f"{where} is not well-formed XML: {error}") from error


def is_empty_tag(content: bytes, end: int) -> bool:
    """Tell whether the tag that ends at a place is an empty-element tag."""
    return content[end - 2 : end] == b"/>"


def refuse_encoding(content: bytes, where: str) -> None:
    """Refuse what is not UTF-8: the bytes of an edit could not be placed, or not be read."""
    declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf"))
    encoding = declared[1].decode().lower() if declared else "utf-8"
    if content[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
        encoding = "utf-16"
    if encoding not in ("utf-8", "utf8"):
        raise UnsupportedEditError(f"{where} is encoded in {encoding}; only UTF-8 parts can be patched")


def start_tag_end(content: bytes, at: int) -> int:
    """Return where the start tag ends that begins at a place."""
    match = _TAG.match(content, at)
    if match is None:
        raise BookError(f"no start tag at byte {at}")
    return match.end()


def with_attributes(tag: bytes, changes: Mapping[str, str | None]) -> bytes:
    """Return a start tag with attributes set, or taken out where None; the others keep their bytes.

    >>> with_attributes(b"<c r='A1' t=\\"s\\" cm=\\"1\\"/>", {"t": "b", "cm": None})
    b'<c r=\\'A1\\' t="b"/>'
    """
    head = re.match(rb"<[^\s/>]+", tag)
    assert head is not None
    attributes = [(m[1].decode(), m[0]) for m in _ATTRIBUTE.finditer(tag, head.end())]
    rest = tag[head.end() + sum(len(raw) for _, raw in attributes) :]
    for name, value in changes.items():
        new = b"" if value is None else f" {name}={quoteattr(value)}".encode()
        place = next((i for i, (other, _) in enumerate(attributes) if other == name), None)
        if place is not None:
            attributes[place] = name, new
        elif value is not None:
            before = [i for i, (other, _) in enumerate(attributes) if other in _AFTER.get(name, ())]
            attributes.insert(before[0] if before else len(attributes), (name, new))
    return head[0] + b"".join(raw for _, raw in attributes) + rest
