"""Cell formats added to a workbook's styles part: each is a copy of one that is there, with something changed."""

from __future__ import annotations

from dataclasses import dataclass

from xlmodel.book.splice import Span, Splice, elements, is_empty_tag, splice, with_attributes
from xlmodel.errors import UnsupportedEditError
from xlmodel.publish.parts import Parts

__all__ = ["Looks"]


@dataclass(frozen=True, slots=True)
class _Group:
    """The elements fonts, fills or cellXfs."""

    span: Span
    prefix: str

    @property
    def own(self) -> list[Span]:
        return list(self.span.children)


class Looks:
    """Adds fonts, fills and cell formats; `write` puts them into the file."""

    def __init__(self, parts: Parts) -> None:
        part = parts.related(parts.workbook, "styles")
        if part is None:
            raise UnsupportedEditError(f"{parts.package.path.name} has no styles part; save it in Excel once")
        self._parts, self._part = parts, part
        self._content = parts.read(part)
        self._groups: dict[str, _Group] = {}
        self._styles: dict[str, str] = {}  # name of a cell style -> its number
        self._added: dict[str, list[bytes]] = {"fonts": [], "fills": [], "cellXfs": []}
        elements(self._content, parts.where(part), lambda name, a, depth, at: depth == 1, self._take)
        if not self._groups.keys() >= self._added.keys():
            raise UnsupportedEditError(f"{parts.where(part)} lacks fonts, fills or cell formats; save it in Excel once")

    def _take(self, span: Span) -> None:
        if span.name in self._added:
            prefix = self._content[span.start + 1 : span.inner].split(span.name.encode(), 1)[0].decode()
            self._groups[span.name] = _Group(span, prefix)
        elif span.name == "cellStyles":
            self._styles = {x.attributes.get("name", ""): x.attributes.get("xfId", "") for x in span.children}

    def _add(self, group: str, element: bytes) -> int:
        self._added[group].append(element)
        return len(self._groups[group].own) + len(self._added[group]) - 1

    def named(self, style: str) -> int | None:
        """Return a cell format of a named cell style; None where the workbook has none."""
        wanted = self._styles.get(style)
        formats = enumerate(self._groups["cellXfs"].own)
        return next((i for i, xf in formats if wanted is not None and xf.attributes.get("xfId") == wanted), None)

    def like(
        self, base: int, *, bold: bool = False, italic: bool = False, fill: str = "", as_text: bool = False
    ) -> int:
        """Return a new cell format: one that is there, with a font, a fill or the mark of a text changed.

        Parameters
        ----------
        base : int
            The number of the format to start from.
        bold, italic : bool
            What its font gets.
        fill : str
            The colour behind the cell, such as F1F3F5; "" leaves it.
        as_text : bool
            What is typed stays a text, even if it begins with an equals sign; long texts wrap.
        """
        formats = self._groups["cellXfs"].own
        xf = formats[base] if base < len(formats) else formats[0]
        raw = self._content[xf.start : xf.end]
        tag, body = raw[: xf.inner - xf.start], raw[xf.inner - xf.start :]
        changes: dict[str, str | None] = {}
        if bold or italic:
            changes |= {
                "fontId": str(self._font(int(xf.attributes.get("fontId", "0")), bold, italic)),
                "applyFont": "1",
            }
        if fill:
            prefix = self._groups["fills"].prefix
            solid = (
                f'<{prefix}fill><{prefix}patternFill patternType="solid"><{prefix}fgColor rgb="FF{fill}"/>'
                f'<{prefix}bgColor indexed="64"/></{prefix}patternFill></{prefix}fill>'
            )
            changes |= {"fillId": str(self._add("fills", solid.encode())), "applyFill": "1"}
        if as_text:
            prefix = self._groups["cellXfs"].prefix
            changes |= {"quotePrefix": "1", "applyAlignment": "1"}
            aligned = f'<{prefix}alignment vertical="center" wrapText="1"/>'.encode()
            opened = tag[:-2].rstrip() + b">" if is_empty_tag(tag, len(tag)) else tag
            return self._add("cellXfs", with_attributes(opened, changes) + aligned + f"</{prefix}xf>".encode())
        return self._add("cellXfs", with_attributes(tag, changes) + body)

    def _font(self, base: int, bold: bool, italic: bool) -> int:
        group = self._groups["fonts"]
        font = group.own[base]
        wanted = [mark for mark, is_wanted in (("b", bold), ("i", italic)) if is_wanted]
        marks = "".join(f"<{group.prefix}{mark}/>" for mark in wanted)
        inner = b"".join(self._content[x.start : x.end] for x in font.children if x.name not in wanted)
        return self._add("fonts", f"<{group.prefix}font>{marks}".encode() + inner + f"</{group.prefix}font>".encode())

    def write(self) -> None:
        """Put what was added into the styles part."""
        splices = []
        for name, added in self._added.items():
            group = self._groups[name]
            if not added:
                continue
            tag = self._content[group.span.start : group.span.inner]
            count = str(len(group.own) + len(added))
            splices.append(Splice(group.span.start, group.span.inner, with_attributes(tag, {"count": count})))
            at = group.own[-1].end
            splices.append(Splice(at, at, b"".join(added)))
        self._parts.write(self._part, splice(self._content, splices))
