"""Patterns of `?`, `*` and `~`, fitted in time linear in the text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Pattern", "has_wildcards", "unescaped", "wildcard"]

_MARKS = "*?~"


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between two stars: characters, None for any one."""

    characters: tuple[str | None, ...]
    literal: str | None  #: the characters as one text, where no `?` is among them
    places: dict[str, int]  #: for each character the bits of the places where it may stand
    anywhere: int  #: the bits of the places of `?`

    def __len__(self) -> int:
        return len(self.characters)

    def find(self, text: str, start: int) -> int:
        """Return where the piece first stands in a text from a position on, -1 where it does not."""
        if self.literal is not None:
            return text.find(self.literal, start)
        last, state = 1 << (len(self) - 1), 0
        for at in range(start, len(text)):
            state = (state << 1 | 1) & self.places.get(text[at], self.anywhere)
            if state & last:
                return at + 1 - len(self)
        return -1

    def stands(self, text: str, at: int) -> bool:
        """Tell whether the piece stands at a position."""
        if self.literal is not None:
            return text.startswith(self.literal, at)
        part = text[at : at + len(self)]
        return len(part) == len(self) and all(c is None or c == x for c, x in zip(self.characters, part, strict=True))


def _piece(characters: list[str | None]) -> _Piece:
    anywhere = sum(1 << i for i, c in enumerate(characters) if c is None)
    places: dict[str, int] = {}
    for i, c in enumerate(characters):
        if c is not None:
            places[c] = places.get(c, anywhere) | 1 << i
    literal = "".join(c for c in characters if c is not None) if not anywhere else None
    return _Piece(tuple(characters), literal, places, anywhere)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern in which `?` is any character, `*` any number of them, and `~` takes the next mark as it is written.

    Case is looked past.

    >>> wildcard("a*c?").fits("ABCCD"), wildcard("~*").fits("x"), wildcard("b?").find("abc")
    (True, False, 1)
    """

    pieces: tuple[_Piece, ...]  #: what stands between the stars; one piece where there is no star

    def fits(self, text: str) -> bool:
        """Tell whether the pattern is a text from end to end."""
        text = text.lower()
        first, *middle = self.pieces
        if not middle:
            return len(text) == len(first) and first.stands(text, 0)
        last = middle.pop()
        if not first.stands(text, 0):
            return False
        end = self._after(middle, text, len(first))
        return 0 <= end <= len(text) - len(last) and last.stands(text, len(text) - len(last))

    def find(self, text: str, start: int = 0) -> int:
        """Return where in a text the pattern first begins, from a position on; -1 where it does not."""
        text = text.lower()
        first, *rest = self.pieces
        at = first.find(text, start) if first else start
        # A later beginning leaves less room for the rest: if the first one fails, so does any.
        return at if at >= 0 and self._after(rest, text, at + len(first)) >= 0 else -1

    @staticmethod
    def _after(pieces: list[_Piece], text: str, at: int) -> int:
        """Return where the pieces end when each stands as early as it can; -1 where one is missing."""
        for piece in pieces:
            if piece:
                found = piece.find(text, at)
                if found < 0:
                    return -1
                at = found + len(piece)
        return at


@lru_cache(maxsize=4096)
def wildcard(pattern: str) -> Pattern:
    """Return what a pattern means; `fits` asks a whole text, `find` looks inside one."""
    pieces: list[list[str | None]] = [[]]
    literal = False
    for i, c in enumerate(pattern.lower()):
        if literal:
            pieces[-1].append(c)
            literal = False
        elif c == "~" and pattern[i + 1 : i + 2] in tuple(_MARKS):
            literal = True
        elif c == "*":
            pieces.append([])
        else:
            pieces[-1].append(None if c == "?" else c)
    return Pattern(tuple(_piece(p) for p in pieces))


def has_wildcards(text: str) -> bool:
    """Tell whether a text holds a mark, so that it is more than itself.

    >>> has_wildcards("a*"), has_wildcards("a~b"), has_wildcards("ab")
    (True, True, False)
    """
    return any(c in _MARKS for c in text)


def unescaped(pattern: str) -> str | None:
    """Return the one text a pattern stands for, None where it stands for many.

    >>> unescaped("what~?"), unescaped("what?")
    ('what?', None)
    """
    pieces = wildcard(pattern).pieces
    return pieces[0].literal if len(pieces) == 1 else None
