"""The lines of a journal's file: an entry each, as JSON, with its own hash and the hash of the line before.

A line that a kill or a full disk cut off holds no entry and stays where it is. The next one begins on a line of its own
and has the hash of both, the last whole line and what was cut off after it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import msgspec

__all__ = ["Entry", "Lines", "What", "next_line", "parsed"]

What = Literal["begun", "applied", "failed", "undone", "exported"]
_OWN_HASH = re.compile(rb',"sha256":"([0-9a-f]{64})"\}\Z')


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal. An apply writes "begun" before the file is replaced, and "applied" after."""

    number: int  #: from 1; a line that was cut off has one too
    what: What
    at: str  #: in universal time, to the second: 2026-11-22T10:54:27Z
    who: str  #: the user's name on this computer, and the computer's
    workbook: str  #: relative to the project's folder
    before: str  #: sha256 of the workbook before
    after: str  #: and after; "" for a workbook that is open in a program
    feeds: tuple[str, ...] = ()
    sources: Mapping[str, str] | None = None  #: what was read: name -> sha256
    plan: str = ""  #: sha256 of the plan
    synced: str = ""  #: sha256 of what was synced, in synced/
    counts: Mapping[str, int] | None = None  #: cells changed, rows added, rows removed, cells recalculated
    functions: str = ""  #: version of the functions
    of: int = 0  #: the entry that this one ends: of "applied", "failed" and "undone" the one that began it
    note: str = ""
    previous: str = ""  #: sha256 of the entry's line before, with what was cut off after it


class Lines(NamedTuple):
    """What a journal's file holds."""

    entries: tuple[Entry, ...]
    faults: tuple[str, ...]
    torn: tuple[int, ...]  #: line numbers
    next_number: int
    next_previous: str
    ended: bool  #: with a line's end


def next_line(entry: Entry, after: Lines) -> tuple[Entry, bytes]:
    """Return an entry with its place at the end of a journal, and the bytes that put it there."""
    entry = replace(entry, number=after.next_number, previous=after.next_previous)
    body = msgspec.json.encode(entry)
    line = b'%s,"sha256":"%s"}\n' % (body[:-1], hashlib.sha256(body).hexdigest().encode())
    return entry, line if after.ended else b"\n" + line


def parsed(content: bytes) -> Lines:
    """Read a journal's file."""
    lines = [line.removesuffix(b"\r") for line in content.split(b"\n")]
    ended = not lines[-1]
    if ended:
        del lines[-1]
    entries: list[Entry] = []
    faults: list[str] = []
    torn: list[int] = []
    number, chained = 0, b""  # the number of the line before; the last entry's line, with what was cut off after it
    for position, line in enumerate(lines, 1):
        entry = _parsed_line(line)
        if entry is None and (not line.endswith(b'"}') or (position == len(lines) and not ended)):
            torn.append(position)
            number += 1
            chained += b"\n" + line if chained else line
            continue
        if entry is None:
            faults.append(f"line {position} was edited")
            number += 1
            chained = line
            continue
        if entry.number <= number:
            faults.append(f"line {position} is out of its place")
        elif entry.number > number + 1:
            faults.append(f"before line {position} the entries {number + 1} to {entry.number - 1} are missing")
        elif entry.previous != _chain(chained) and not any(f.startswith(f"line {position - 1} ") for f in faults):
            faults.append(f"line {position} does not follow the line before it: one of them was replaced")
        entries.append(entry)
        number, chained = entry.number, line
    return Lines(tuple(entries), tuple(faults), tuple(torn), number + 1, _chain(chained), ended)


def _parsed_line(line: bytes) -> Entry | None:
    """Return a line's entry, if it is as it was written."""
    found = _OWN_HASH.search(line)
    if found is None:
        return None
    body = line[: found.start()] + b"}"
    if hashlib.sha256(body).hexdigest().encode() != found[1]:
        return None
    try:
        return msgspec.json.decode(body, type=Entry)
    except msgspec.MsgspecError:
        return None


def _chain(lines: bytes) -> str:
    return hashlib.sha256(lines).hexdigest() if lines else ""
