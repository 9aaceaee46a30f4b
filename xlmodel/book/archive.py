"""Rewriting a zip with a few members replaced or left out: every other byte of it is copied, not recompressed."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Set

from xlmodel.book.package import Package
from xlmodel.errors import UnsupportedEditError

__all__ = ["Content", "rewrite"]

#: of a member; one that comes in pieces is compressed as it comes
Content = bytes | Iterable[bytes | memoryview]

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_ZIP64 = 0x0001
_FULL = 0xFFFFFFFF
#: a data descriptor follows; how hard the data were compressed
_STALE_FLAGS = 0x0008 | 0x0006
#: zlib's own choice between speed and size; what comes in pieces is large, and gains a hundredth for twice the time
_LEVEL, _LEVEL_OF_PIECES = 6, 5
#: of a new member: zip 2.0, its name in UTF-8, 1 January 1980, readable to its owner
_VERSION, _UTF8, _EARLIEST, _READABLE = 20, 0x0800, 0x0021, 0o600 << 16


def rewrite(
    package: Package,
    replaced: Mapping[str, Content],
    removed: Set[str] = frozenset(),
    added: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return the file with some members replaced, left out or added at the end; they go by their names in the zip."""
    content, members = package.content, sorted(package.members, key=lambda m: m.header_offset)
    if members and members[0].header_offset != 0:
        raise UnsupportedEditError(f"{package.path.name}: bytes stand before the zip; they would be lost")
    entries: dict[str, tuple[int, int, int, int]] = {}  # name -> offset, crc, packed size, size
    pieces: list[bytes | memoryview] = []
    at = 0
    for i, member in enumerate(members):
        end = members[i + 1].header_offset if i + 1 < len(members) else package.central_at
        if member.filename in removed:
            continue
        piece: bytes | memoryview
        if member.filename in replaced:
            piece, crc, packed, size = _packed(content, member, replaced[member.filename])
        else:
            piece, crc, packed, size = memoryview(content)[member.header_offset : end], 0, 0, 0
        entries[member.filename] = at, crc, packed, size
        pieces.append(piece)
        at += len(piece)
    listed = []
    for name, new in (added or {}).items():
        piece, entry = _new_member(name, new, at)
        pieces.append(piece)
        listed.append(entry)
        at += len(piece)
    central = _directory(package, entries, set(replaced)) + b"".join(listed)
    if at + len(central) >= _FULL:
        raise UnsupportedEditError(f"{package.path.name}: the zip would pass 4 GB")
    count = len(entries) + len(listed)
    tail = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(central), at, len(package.comment)) + package.comment
    return b"".join((*pieces, central, tail))


def _new_member(name: str, new: bytes, at: int) -> tuple[bytes, bytes]:
    """Return a new member, and its entry in the directory; the same content gives the same bytes at any hour."""
    data, crc, _ = _deflated(new)
    raw = name.encode()
    common = (_VERSION, _UTF8, zipfile.ZIP_DEFLATED, 0, _EARLIEST, crc, len(data), len(new), len(raw), 0)
    entry = _CENTRAL.pack(b"PK\x01\x02", _VERSION, *common, 0, 0, 0, _READABLE, at)
    return _LOCAL.pack(b"PK\x03\x04", *common) + raw + data, entry + raw


def _deflated(new: Content) -> tuple[bytes, int, int]:
    """Return what a content is compressed to, its checksum and its size."""
    deflate = zlib.compressobj(_LEVEL if isinstance(new, bytes) else _LEVEL_OF_PIECES, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed, crc, size = [], 0, 0
    for piece in (new,) if isinstance(new, bytes) else new:
        packed.append(deflate.compress(piece))
        crc, size = zlib.crc32(piece, crc), size + len(piece)
    packed.append(deflate.flush())
    return b"".join(packed), crc, size


def _packed(content: bytes, member: zipfile.ZipInfo, new: Content) -> tuple[bytes, int, int, int]:
    at = member.header_offset
    signature, version, flags, method, time, date, *_, name_length, extra_length = _LOCAL.unpack_from(content, at)
    name_at = at + _LOCAL.size
    name = content[name_at : name_at + name_length]
    extra, _ = _split_zip64(content[name_at + name_length : name_at + name_length + extra_length])
    if method == zipfile.ZIP_DEFLATED:
        data, crc, size = _deflated(new)
    else:
        data = new if isinstance(new, bytes) else b"".join(new)
        crc, size = zlib.crc32(data), len(data)
    header = _LOCAL.pack(
        signature, version, flags & ~_STALE_FLAGS, method, time, date, crc, len(data), size, len(name), len(extra)
    )
    return header + name + extra + data, crc, len(data), size


def _directory(package: Package, entries: Mapping[str, tuple[int, int, int, int]], replaced: Set[str]) -> bytes:
    content, at, records = package.content, package.central_at, []
    for member in package.members:
        fields = list(_CENTRAL.unpack_from(content, at))
        name_length, extra_length, comment_length = fields[10:13]
        start = at + _CENTRAL.size
        name, rest = content[start : start + name_length], start + name_length
        extra, comment = (
            content[rest : rest + extra_length],
            content[rest + extra_length : rest + extra_length + comment_length],
        )
        at = rest + extra_length + comment_length
        if member.filename not in entries:
            continue
        offset, crc, packed, size = entries[member.filename]
        extra, zip64 = _split_zip64(extra)
        if member.filename in replaced:
            fields[3] &= ~_STALE_FLAGS
            fields[7:10] = crc, packed, size
        elif zip64:
            fields[8:10] = member.compress_size, member.file_size
        fields[11], fields[16] = len(extra), offset
        records.append(_CENTRAL.pack(*fields) + name + extra + comment)
    return b"".join(records)


def _split_zip64(extra: bytes) -> tuple[bytes, bool]:
    """Take the field for sizes above 4 GB out of an entry's extra fields: no workbook that is patched needs it."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind != _ZIP64:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    kept += extra[at:]
    return kept, len(kept) != len(extra)
