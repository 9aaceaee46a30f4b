"""A workbook file as an Open Packaging zip: its parts are decompressed one at a time, never beyond the limits."""

from __future__ import annotations

import hashlib
import io
import os
import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from xlmodel.errors import BookError, BookLimitError

__all__ = ["MAIN_NAMESPACES", "Limits", "Package", "Relationship", "attribute", "children", "flag", "local_name"]

#: the spreadsheet namespaces, transitional and strict
MAIN_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_RELATIONSHIP_NAMESPACES = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CENTRAL = b"PK\x01\x02"
_LOCAL = struct.Struct("<4s5H3I2H")


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a workbook may be. What the zip's headers claim is never trusted: the bytes are counted as they come.

    Parameters
    ----------
    parts : int
        Members of the zip.
    total_bytes : int
        Uncompressed bytes of all parts that are read, together; also the size of the file itself.
    part_bytes : int
        Uncompressed bytes of one part.
    tree_bytes : int
        Uncompressed bytes of one part that is held as a tree: all but sheets and shared strings.
    ratio : int
        Uncompressed bytes for one compressed byte, for parts above `ratio_from` bytes.
    ratio_from : int
        Uncompressed bytes below which the ratio does not matter.
    cells : int
        Cells of all sheets together.
    """

    parts: int = 10_000
    total_bytes: int = 1_500_000_000
    part_bytes: int = 1_000_000_000
    tree_bytes: int = 50_000_000
    ratio: int = 300
    ratio_from: int = 20_000_000
    cells: int = 10_000_000


@dataclass(frozen=True, slots=True)
class Relationship:
    """One relationship of a part."""

    id: str
    kind: str  #: the last word of its type: worksheet, sharedStrings, table
    target: str  #: a part's name, or as it stands for an external target
    external: bool


class Package:
    """The parts of one workbook file, held in memory as they lie on disk."""

    def __init__(self, content: bytes, path: Path, limits: Limits | None = None) -> None:
        self.content = content
        self.path = path
        self.limits = limits or Limits()
        self._spent: dict[str, int] = {}
        refuse_other_formats(content, path)
        # counted before zipfile builds an object for each
        if content.count(_CENTRAL) > self.limits.parts:
            raise BookLimitError(f"{path.name}: parts must be <= {self.limits.parts}; the zip lists more")
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as opened:
                self.members = tuple(opened.infolist())
                self.central_at = opened.start_dir
                self.comment = opened.comment
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, EOFError, OverflowError) as error:
            raise BookError(
                f"{path.name} is not a readable .xlsx workbook: it is cut short or damaged ({error}); get it again"
            ) from error
        self._by_name: dict[str, zipfile.ZipInfo] = {}
        for member in self.members:
            key = _key(member.filename)
            if key in self._by_name:
                raise BookError(
                    f"{path.name} has two zip members named {member.filename!r}: which one counts is unclear"
                )
            self._by_name[key] = member

    @classmethod
    def open(cls, path: Path, limits: Limits | None = None) -> Package:
        """Read a file; nothing is ever written to it."""
        limits = limits or Limits()
        if path.is_dir():
            raise BookError(f"{path.name} is a folder; name the workbooks in it")
        try:
            with path.open("rb") as file:
                # read() sets aside what it is asked for, so ask for what is there
                size = min(os.fstat(file.fileno()).st_size, limits.total_bytes)
                content = file.read(size + 1)
        except OSError as error:
            raise BookError(f"{path.name} cannot be read: {error.strerror or error}") from error
        if len(content) > limits.total_bytes:
            raise BookLimitError(f"{path.name}: size must be <= {limits.total_bytes} bytes")
        return cls(content, path, limits)

    @cached_property
    def sha256(self) -> str:
        """The hash of the whole file."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def is_signed(self) -> bool:
        """Whether the file is digitally signed: any change breaks the signature."""
        return any(m.filename.casefold().startswith("_xmlsignatures/") for m in self.members)

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._by_name

    def member(self, name: str) -> zipfile.ZipInfo:
        """Return a part's zip entry; part names do not depend on case."""
        found = self._by_name.get(_key(name)) or self._by_name.get(_key(unquote(name)))
        if found is None:
            raise BookError(f"{self.path.name} has no part {name!r}, though another part refers to it")
        return found

    def read(self, name: str, *, as_tree: bool = True) -> bytes:
        """Return a part's bytes, stopping at the first byte over a limit; sheets and strings are not held as trees."""
        member = self.member(name)
        where = f"{self.path.name}, part {member.filename!r}"
        if member.flag_bits & 0x1:
            raise BookError(f"{where} is encrypted")
        packed = self._packed(member, where)
        limits = self.limits
        caps = (
            (limits.part_bytes, "part_bytes"),
            (
                limits.total_bytes - sum(n for other, n in self._spent.items() if other != member.filename),
                "total_bytes",
            ),
            (max(limits.ratio_from, limits.ratio * len(packed)), "ratio"),
            (limits.tree_bytes if as_tree else limits.part_bytes, "tree_bytes" if as_tree else "part_bytes"),
        )
        cap, which = min(caps)
        if member.compress_type == zipfile.ZIP_STORED:
            content = bytes(packed[: cap + 1])
        elif member.compress_type == zipfile.ZIP_DEFLATED:
            inflate = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                content = inflate.decompress(packed, cap + 1)
            except zlib.error as error:
                raise BookError(f"{where} is damaged: {error}") from error
            if len(content) <= cap and not inflate.eof:
                raise BookError(f"{where} is damaged: the compressed data end too early")
        else:
            raise BookError(f"{where} uses zip compression method {member.compress_type}; 0 and 8 are read")
        if len(content) > cap:
            raise BookLimitError(
                f"{where} expands beyond the limit of {cap} bytes ({which}); it holds {len(packed)} compressed"
            )
        if zlib.crc32(content) != member.CRC:
            raise BookError(f"{where} is damaged: its checksum does not agree")
        self._spent[member.filename] = len(content)
        return content

    def read_large(self, name: str) -> bytes:
        """Return the bytes of a part that will not be held as a tree: a sheet, the shared strings."""
        return self.read(name, as_tree=False)

    def _packed(self, member: zipfile.ZipInfo, where: str) -> memoryview:
        at = member.header_offset
        header = self.content[at : at + _LOCAL.size]
        if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
            raise BookError(f"{where} is damaged: no local header where the directory says")
        *_, name_length, extra_length = _LOCAL.unpack(header)
        start = at + _LOCAL.size + name_length + extra_length
        packed = memoryview(self.content)[start : start + member.compress_size]
        if len(packed) < member.compress_size:
            raise BookError(f"{where} is damaged: the file ends within it")
        return packed

    def xml(self, name: str) -> Element:
        """Parse a small part; a DOCTYPE is refused."""
        content = self.read(name)
        try:
            root: Element = defusedxml.ElementTree.fromstring(content, forbid_dtd=True)
        except DefusedXmlException as error:
            raise BookError(f"{self.path.name}, part {name!r} has a DOCTYPE, which no workbook needs") from error
        except (ParseError, ValueError, LookupError) as error:
            raise BookError(f"{self.path.name}, part {name!r} is not well-formed XML: {error}") from error
        return root

    def relationships(self, part: str) -> dict[str, Relationship]:
        """Return a part's relationships by their id; "" asks for those of the whole package."""
        folder, name = posixpath.split(part)
        at = posixpath.join(folder, "_rels", name + ".rels")
        if at not in self:
            return {}
        found = {}
        for element in self.xml(at):
            target, external = element.get("Target", ""), element.get("TargetMode") == "External"
            if not external:
                target = target.replace("\\", "/")
                target = (
                    target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                )
            kind = element.get("Type", "").rsplit("/", 1)[-1]
            found[element.get("Id", "")] = Relationship(element.get("Id", ""), kind, target, external)
        return found

    @cached_property
    def workbook_part(self) -> str:
        """The name of the workbook part."""
        for relationship in self.relationships("").values():
            if relationship.kind == "officeDocument":
                if relationship.target.casefold().endswith(".bin"):
                    raise BookError(f"{self.path.name} is a binary workbook (.xlsb); save it as .xlsx or .xlsm")
                return relationship.target
        raise BookError(f"{self.path.name} is a zip, but not a workbook: no relationship leads to a workbook part")


def refuse_other_formats(content: bytes, path: Path) -> None:
    """Say clearly what a file is that is not a zip."""
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise BookError(f"{path.name} is protected with a password; save a copy without one")
        raise BookError(
            f"{path.name} is an old .xls workbook, or protected with a password; save it as .xlsx without one"
        )
    if b"application/vnd.oasis.opendocument" in content[:200]:
        raise BookError(f"{path.name} is an OpenDocument workbook (.ods); save it as .xlsx")
    if not content.startswith(b"PK"):
        if not content:
            raise BookError(f"{path.name} is an empty file, not a workbook")
        raise BookError(f"{path.name} is not an .xlsx workbook; open it in Excel and save it as .xlsx")


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element | None, *path: str) -> list[Element]:
    """Return the descendants along a path of local names, in any namespace."""
    found = [] if element is None else [element]
    for name in path:
        found = [child for parent in found for child in parent if local_name(child) == name]
    return found


def attribute(element: Element, name: str) -> str:
    """Return an attribute of the relationships namespace, transitional or strict."""
    for namespace in _RELATIONSHIP_NAMESPACES:
        found = element.get(f"{{{namespace}}}{name}")
        if found is not None:
            return found
    return ""


def flag(element: Element, name: str, default: bool = False) -> bool:
    """Return a boolean attribute."""
    text: Any = element.get(name)
    return default if text is None else text.strip() in ("1", "true", "on")
