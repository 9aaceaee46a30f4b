"""Cell formats added to a workbook's styles part: each is a copy of one that is there, with something changed."""

from __future__ import annotations

from xlmodel.book.parts import Parts
from xlmodel.book.restyle import StylesPart
from xlmodel.book.splice import is_empty_tag, with_attributes
from xlmodel.errors import UnsupportedEditError

__all__ = ["Looks"]


class Looks:
    """Adds fonts, fills and cell formats; `write` puts them into the file."""

    def __init__(self, parts: Parts) -> None:
        part = parts.related(parts.workbook, "styles")
        if part is None:
            raise UnsupportedEditError(f"{parts.package.path.name} has no styles part; save it in Excel once")
        self._parts, self._part = parts, part
        self._styles = StylesPart(parts.read(part), parts.where(part), "fonts", "fills", "cellXfs")

    def named(self, style: str) -> int | None:
        """Return a cell format of a named cell style; None where the workbook has none."""
        numbers = {x.attributes.get("name", ""): x.attributes.get("xfId", "") for x in self._styles.own("cellStyles")}
        wanted = numbers.get(style)
        formats = enumerate(self._styles.own("cellXfs"))
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
        formats = self._styles.own("cellXfs")
        xf = formats[base] if base < len(formats) else formats[0]
        tag, body = self._styles.raw(xf)
        changes: dict[str, str | None] = {}
        if bold or italic:
            changes |= {
                "fontId": str(self._font(int(xf.attributes.get("fontId", "0")), bold, italic)),
                "applyFont": "1",
            }
        if fill:
            prefix = self._styles.prefix("fills")
            solid = (
                f'<{prefix}fill><{prefix}patternFill patternType="solid"><{prefix}fgColor rgb="FF{fill}"/>'
                f'<{prefix}bgColor indexed="64"/></{prefix}patternFill></{prefix}fill>'
            )
            changes |= {"fillId": str(self._styles.add("fills", solid.encode())), "applyFill": "1"}
        if as_text:
            prefix = self._styles.prefix("cellXfs")
            changes |= {"quotePrefix": "1", "applyAlignment": "1"}
            aligned = f'<{prefix}alignment vertical="center" wrapText="1"/>'.encode()
            opened = tag[:-2].rstrip() + b">" if is_empty_tag(tag, len(tag)) else tag
            return self._styles.add("cellXfs", with_attributes(opened, changes) + aligned + f"</{prefix}xf>".encode())
        return self._styles.add("cellXfs", with_attributes(tag, changes) + body)

    def _font(self, base: int, bold: bool, italic: bool) -> int:
        prefix = self._styles.prefix("fonts")
        font = self._styles.own("fonts")[base]
        wanted = [mark for mark, is_wanted in (("b", bold), ("i", italic)) if is_wanted]
        marks = "".join(f"<{prefix}{mark}/>" for mark in wanted)
        inner = b"".join(self._styles.content[x.start : x.end] for x in font.children if x.name not in wanted)
        return self._styles.add("fonts", f"<{prefix}font>{marks}".encode() + inner + f"</{prefix}font>".encode())

    def write(self) -> None:
        """Put what was added into the styles part."""
        self._parts.write(self._part, self._styles.written())
