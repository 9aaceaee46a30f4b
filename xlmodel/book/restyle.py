"""Cell formats added to a workbook's styles: each is a copy of one that is there, with something changed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from xlmodel.book.package import Package
from xlmodel.book.splice import Span, Splice, elements, is_empty_tag, splice, start_tag_end, with_attributes
from xlmodel.book.styles import BUILTIN
from xlmodel.book.xstring import markup, plain
from xlmodel.errors import UnsupportedEditError

__all__ = ["CellFormats", "StylesPart"]

#: the numbers below are those of Excel's own formats
_FIRST_CUSTOM = 164
#: Excel opens no file with more
MOST_CELL_FORMATS = 65_490
#: what these show depends on the country of the Excel that opens the file: no code names them
_BY_COUNTRY = frozenset((*range(27, 37), *range(50, 59)))
_BUILTIN_NUMBERS = {code: number for number, code in BUILTIN.items() if number not in _BY_COUNTRY}


class StylesPart:
    """The groups of a styles part, such as fonts and cellXfs, to which elements can be added.

    Parameters
    ----------
    content : bytes
        The part's XML.
    where : str
        The file and the part, for messages.
    needed : str
        Groups that must be there with at least one element.

    Raises
    ------
    UnsupportedEditError
        A needed group is not there.
    """

    def __init__(self, content: bytes, where: str, *needed: str) -> None:
        self.content = content
        self._root = (0, "")  # where its tag ends, and the prefix of its name
        self._groups: dict[str, Span] = {}
        self._added: dict[str, list[bytes]] = {}
        elements(content, where, self._enter, self._take)
        if not all(self.own(name) for name in needed):
            raise UnsupportedEditError(f"{where} lacks {' or '.join(needed)}; open the workbook in Excel and save it")

    def _enter(self, name: str, attributes: Mapping[str, str], depth: int, at: int) -> bool:
        if depth == 0:
            self._root = start_tag_end(self.content, at), self._prefix(at, name)
        return depth == 1

    def _take(self, span: Span) -> None:
        self._groups.setdefault(span.name, span)

    def _prefix(self, at: int, name: str) -> str:
        return self.content[at + 1 : self.content.index(name.encode(), at)].decode()

    def own(self, group: str) -> list[Span]:
        """Return the elements that a group has in the file."""
        return self._groups[group].children if group in self._groups else []

    def prefix(self, group: str) -> str:
        """Return the namespace prefix of a group's elements, with its colon."""
        return self._prefix(self._groups[group].start, group) if group in self._groups else self._root[1]

    def raw(self, span: Span) -> tuple[bytes, bytes]:
        """Return an element's start tag, and what comes after it."""
        return self.content[span.start : span.inner], self.content[span.inner : span.end]

    def add(self, group: str, element: bytes) -> int:
        """Add an element to a group; return its place there."""
        added = self._added.setdefault(group, [])
        added.append(element)
        return len(self.own(group)) + len(added) - 1

    def written(self) -> bytes:
        """Return the part with what was added."""
        splices = []
        for name, added in self._added.items():
            prefix, new = self.prefix(name), b"".join(added)
            count, end = str(len(self.own(name)) + len(added)), f"</{prefix}{name}>".encode()
            span = self._groups.get(name)
            if span is None:
                # number formats come first, and only they can be missing
                at, _ = self._root
                splices.append(Splice(at, at, f'<{prefix}{name} count="{count}">'.encode() + new + end))
                continue
            tag = with_attributes(self.content[span.start : span.inner], {"count": count})
            if span.children:
                at = span.children[-1].end
                splices += [Splice(span.start, span.inner, tag), Splice(at, at, new)]
            else:
                opened = tag[:-2].rstrip() + b">" if is_empty_tag(tag, len(tag)) else tag
                splices.append(Splice(span.start, span.end, opened + new + end))
        return splice(self.content, splices)


class _Format(NamedTuple):
    """A cell format: its start tag, what lies in it, and the attributes of the tag."""

    tag: bytes
    inner: bytes
    attributes: Mapping[str, str]

    @property
    def number_format(self) -> int:
        number = self.attributes.get("numFmtId", "")
        return int(number) if number.isdecimal() else 0

    @property
    def look(self) -> tuple[frozenset[tuple[str, str]], bytes]:
        """What two formats that are the same have in common."""
        return frozenset(self.attributes.items()), self.inner


class CellFormats:
    """The cell formats of a workbook, to which those with another number format can be added.

    The styles part is read when it is first needed, so it costs nothing to have one of these at hand.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self._made: dict[tuple[int, str], int] = {}

    @cached_property
    def part(self) -> str:
        """The zip member that holds the styles."""
        links = self._package.relationships(self._package.workbook_part).values()
        part = next((x.target for x in links if x.kind == "styles" and x.target in self._package), None)
        if part is None:
            raise UnsupportedEditError(
                f"{self._package.path.name} has no styles, so no cell can get a number format; "
                "open the workbook in Excel and save it"
            )
        return self._package.member(part).filename

    @cached_property
    def _styles(self) -> StylesPart:
        where = f"{self._package.path.name}, part {self.part!r}"
        return StylesPart(self._package.read(self.part), where, "cellXfs")

    @cached_property
    def _formats(self) -> list[_Format]:
        """The file's own, then those added."""
        content = self._styles.content
        return [
            _Format(
                content[xf.start : xf.inner],
                b"".join(content[x.start : x.end] for x in xf.children),
                xf.attributes,
            )
            for xf in self._styles.own("cellXfs")
        ]

    @cached_property
    def _places(self) -> dict[object, int]:
        return {one.look: place for place, one in reversed([*enumerate(self._formats)])}

    @cached_property
    def _codes(self) -> dict[int, str]:
        """The number formats: Excel's own, those the file defines or redefines, then those added."""
        own = (x.attributes for x in self._styles.own("numFmts"))
        named = {int(a["numFmtId"]): plain(a.get("formatCode", "")) for a in own if a.get("numFmtId", "").isdecimal()}
        return {**BUILTIN, **named}

    def with_number_format(self, style: int, code: str) -> int:
        """Return the cell format that is like another one but for its number format.

        Parameters
        ----------
        style : int
            The number of a cell format: a cell's `s`, or what this method returned.
        code : str
            The number format, such as ``dd/mm/yyyy``. One of Excel's own, such as ``m/d/yyyy``, is stored by its
            number: Excel shows it in the order of the country.

        Returns
        -------
        int
            The same number where its number format is this one already. The mark of a text (a leading apostrophe) goes
            unless the format is that of a text: a number behind it would turn into a text when somebody types it again.

        Raises
        ------
        UnsupportedEditError
            The workbook has no styles, or has as many cell formats as Excel can open.
        """
        if (style, code) not in self._made:
            self._made[style, code] = self._like(style, code)
        return self._made[style, code]

    def _like(self, style: int, code: str) -> int:
        # a style that is not there shows as the first
        style = style if style < len(self._formats) else 0
        base = self._formats[style]
        if self._codes.get(base.number_format, "General") == code:
            return style
        changes = {"numFmtId": str(self._number(code)), "applyNumberFormat": "1"}
        left_out = () if code == "@" else ("quotePrefix",)
        attributes = {name: value for name, value in base.attributes.items() if name not in left_out} | changes
        tag = with_attributes(base.tag, {**changes, **dict.fromkeys(left_out)})
        new = _Format(tag, base.inner, attributes)
        if new.look in self._places:
            return self._places[new.look]
        if len(self._formats) >= MOST_CELL_FORMATS:
            raise UnsupportedEditError(
                f"{self._package.path.name} has {len(self._formats)} cell formats, and Excel opens no more"
            )
        end = b"" if is_empty_tag(tag, len(tag)) else f"</{self._styles.prefix('cellXfs')}xf>".encode()
        self._formats.append(new)
        self._places[new.look] = self._styles.add("cellXfs", tag + base.inner + end)
        return self._places[new.look]

    def _number(self, code: str) -> int:
        """Return the number of a number format, which is added where the file has none."""
        builtin = _BUILTIN_NUMBERS.get(code, -1)
        if self._codes.get(builtin) == code:
            return builtin
        known = next((number for number, text in self._codes.items() if text == code and number not in BUILTIN), None)
        if known is not None:
            return known
        number = max(_FIRST_CUSTOM, *(n + 1 for n in self._codes))
        stored = markup(code).replace('"', "&quot;")
        prefix = self._styles.prefix("numFmts")
        self._styles.add("numFmts", f'<{prefix}numFmt numFmtId="{number}" formatCode="{stored}"/>'.encode())
        self._codes[number] = code
        return number

    def changed_parts(self) -> dict[str, bytes]:
        """Return the styles part with what was added, by its zip member; nothing where nothing was."""
        if not self._made:
            return {}
        content = self._styles.written()
        return {} if content == self._styles.content else {self.part: content}
