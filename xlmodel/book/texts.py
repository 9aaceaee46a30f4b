"""Texts as they are written in XML, read many at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.xstring import NAMED, unmarked

__all__ = ["cut_out", "read_texts"]

Places = NDArray[np.intp]


def cut_out(content: bytes, start: Places, stop: Places) -> NDArray[np.uint8]:
    """Return some stretches of the content in one, each with the byte behind it."""
    if not len(start):
        return np.empty(0, np.uint8)
    first = int(start[0])
    # how many bytes to leave out and how many to take, by turns
    lengths = np.empty(2 * len(start), np.intp)
    lengths[::2] = start - np.append(first, stop[:-1] + 1)
    lengths[1::2] = stop + 1 - start
    taken = np.repeat(np.tile([False, True], len(start)), lengths)
    cut: NDArray[np.uint8] = np.frombuffer(content, np.uint8)[first : int(stop[-1]) + 1][taken]
    return cut


def read_texts(content: bytes, start: Places, stop: Places) -> bytes:
    """Return the texts that are written in some stretches of the content, in its order and with a NUL behind each.

    Raises
    ------
    ValueError
        What stands there is not well-formed.
    BookError
        An entity stands for no character.
    """
    marks = cut_out(content, start, stop)
    if (marks == ord("]")).any() and b"]]>" in marks.tobytes():
        raise ValueError("the end of a CDATA section in a text")
    # no XML can hold a NUL
    marks[np.cumsum(stop + 1 - start) - 1] = 0
    at = np.flatnonzero(marks == ord("&"))
    return _characters(marks, at) if len(at) else marks.tobytes()


def _characters(marks: NDArray[np.uint8], at: Places) -> bytes:
    """Return the texts with the entities at some places replaced."""
    found = {}
    for name, character in NAMED.items():
        hits = at
        # the last mark is a NUL, so none of these looks beyond it
        for i, letter in enumerate(f"{name};".encode(), 1):
            hits = hits[marks[hits + i] == letter]
        found[name, character] = hits
    if sum(map(len, found.values())) != len(at):
        return unmarked(marks.tobytes().decode()).encode()
    kept = np.ones(len(marks), np.bool_)
    for (name, character), hits in found.items():
        marks[hits] = ord(character)
        for i in range(1, len(name) + 2):
            kept[hits + i] = False
    return marks[kept].tobytes()
