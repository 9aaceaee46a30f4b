"""Shared strings: rich text joined, phonetic runs left out."""

from __future__ import annotations

import re

from xlmodel.book.events import parse_events
from xlmodel.book.xstring import plain, unmarked
from xlmodel.errors import BookError

__all__ = ["read_strings"]

_HEAD = re.compile(rb"<sst(?: [\w:]+=\"[^\"<&]*\")*>")
_ITEM = re.compile(rb"<si>(?:<t(?: xml:space=\"preserve\")?>([^<]*)</t>|<t/>)</si>")
_ODD = (b"<!--", b"<![CDATA[", b"]]>", b"\r")


def read_strings(content: bytes, where: str) -> list[str]:
    """Return the strings in the order of their numbers."""
    found = _scan(content, where)
    return _read(content, where) if found is None else found


def _scan(content: bytes, where: str) -> list[str] | None:
    """Read the plain strings that begin the part; None where they do not fill it or expat might see another thing."""
    head = _HEAD.search(content)
    if head is None or (
        b"encoding=" in content[: head.start()] and not re.search(rb"encoding=.utf-8.", content[: head.start()], re.I)
    ):
        return None
    body = content[head.end() :]
    if any(odd in body for odd in _ODD) or len(body.translate(None, bytes(range(9)) + bytes(range(11, 32)))) != len(
        body
    ):
        return None
    strings, at = [], 0
    try:
        for m in iter(_ITEM.scanner(body).match, None):  # type: ignore[attr-defined]
            raw = m[1]
            strings.append("" if raw is None else plain(unmarked(raw.decode())))
            at = m.end()
        if body[at:].strip() != b"</sst>":
            return None
        # the root's namespace and whatever stands before it
        seen: list[str] = []
        parse_events(
            content[: head.end()] + b"</sst>", where, lambda name, _: seen.append(name), lambda _: None, lambda _: None
        )
    except (UnicodeDecodeError, BookError):
        return None
    return strings if seen == ["sst"] else None


def _read(content: bytes, where: str) -> list[str]:
    path: list[str] = []
    strings: list[str] = []
    pieces: list[str] = []
    wanted = (["sst", "si", "t"], ["sst", "si", "r", "t"])
    inside = False

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal inside
        path.append(name)
        if len(path) == 2 and name == "si":
            pieces.clear()
        inside = name == "t" and path in wanted

    def end(name: str) -> None:
        nonlocal inside
        path.pop()
        inside = False
        if len(path) == 1 and name == "si":
            strings.append(plain("".join(pieces)))

    def text(piece: str) -> None:
        if inside:
            pieces.append(piece)

    parse_events(content, where, start, end, text)
    return strings
