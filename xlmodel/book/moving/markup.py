"""Changing attributes and texts of a part's elements, and taking elements out; no other byte changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from xlmodel.book.splice import Span, Splice, elements, splice, with_attributes
from xlmodel.book.xstring import formula_markup

__all__ = ["Element", "Markup"]


class Element:
    """An element of a part, with those around it."""

    __slots__ = ("name", "parent", "span")

    def __init__(self, span: Span, parent: Element | None) -> None:
        self.span = span
        self.parent = parent
        self.name = span.name.rpartition("}")[2]  #: without its namespace

    def get(self, name: str) -> str:
        """Return an attribute; "" where there is none."""
        return self.span.attributes.get(name, "")

    @property
    def text(self) -> str:
        """What stands directly in the element."""
        return self.span.text

    @property
    def children(self) -> list[Element]:
        """The elements directly in this one."""
        return [Element(child, self) for child in self.span.children]

    def child(self, name: str) -> Element | None:
        """Return the first child of a name."""
        return next((child for child in self.children if child.name == name), None)

    def all(self) -> Iterator[Element]:
        """Yield this element and all in it."""
        yield self
        for child in self.children:
            yield from child.all()


class Markup:
    """A part, and what is to change in it."""

    def __init__(self, content: bytes, where: str) -> None:
        self._content = content
        self._splices: list[Splice] = []
        self._attributes: dict[int, tuple[Span, dict[str, str | None]]] = {}
        self._dropped: dict[int, Element] = {}
        found: list[Span] = []
        elements(content, where, lambda *_: True, found.append)
        self.root = Element(found[0], None)

    def set(self, element: Element, changes: Mapping[str, str | None]) -> None:
        """Set attributes of an element."""
        span = element.span
        new = {name: value for name, value in changes.items() if span.attributes.get(name) != value}
        if new:
            self._attributes.setdefault(span.start, (span, {}))[1].update(new)

    def set_text(self, element: Element, text: str) -> None:
        """Set the text of an element that holds nothing else."""
        span = element.span
        if text != span.text:
            end = self._content.rindex(b"</", span.inner, span.end)
            self._splices.append(Splice(span.inner, end, formula_markup(text).encode()))

    def drop(self, element: Element) -> None:
        """Take an element out."""
        self._dropped[element.span.start] = element

    @property
    def content(self) -> bytes:
        """The part with all changes."""
        return splice(self._content, self._changes())

    def cut(self, at: int) -> tuple[bytes, bytes]:
        """Return what stands before and behind a byte at which no change is, with all changes."""
        changes = self._changes()
        behind = [Splice(c.start - at, c.end - at, c.new) for c in changes if c.start >= at]
        return splice(self._content[:at], [c for c in changes if c.start < at]), splice(self._content[at:], behind)

    def _changes(self) -> list[Splice]:
        gone = [(element.span.start, element.span.end) for element in self._all_dropped().values()]

        def stays(at: int) -> bool:
            return not any(start <= at < end for start, end in gone)

        changes = [change for change in self._splices if stays(change.start)]
        for start, (span, new) in self._attributes.items():
            if stays(start):
                changes.append(Splice(start, span.inner, with_attributes(self._content[start : span.inner], new)))
        return changes + [Splice(start, end, b"") for start, end in gone]

    def _all_dropped(self) -> dict[int, Element]:
        """Return what goes: an element with nothing left in it goes as well, and one that counts is set right."""
        dropped = dict(self._dropped)
        by_parent: dict[int, list[Element]] = defaultdict(list)
        waiting = list(dropped.values())
        while waiting:
            element = waiting.pop()
            parent = element.parent
            if parent is None or parent.parent is None:
                continue
            siblings = by_parent[parent.span.start]
            siblings.append(element)
            left = len(parent.span.children) - len(siblings)
            if not left:
                dropped[parent.span.start] = parent
                waiting.append(parent)
            elif parent.get("count"):
                self._attributes.setdefault(parent.span.start, (parent.span, {}))[1]["count"] = str(left)
        inside = {start for start, e in dropped.items() for up in _above(e) if up.span.start in dropped}
        return {start: element for start, element in dropped.items() if start not in inside}


def _above(element: Element) -> Iterator[Element]:
    while element.parent is not None:
        element = element.parent
        yield element
