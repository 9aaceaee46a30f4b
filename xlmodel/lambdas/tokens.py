"""The readable text of a native form, in tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from xlmodel.errors import RegistryError

__all__ = ["arguments", "joined", "renamed", "tokens"]

_TOKEN = re.compile(
    r'"(?:[^"]|"")*"'
    r"|#(?:N/A|VALUE!|NUM!|DIV/0!|REF!|NAME\?|NULL!|CALC!)"
    r"|\d+(?:\.\d+)?(?:E[+-]?\d+)?"
    r"|[A-Za-z_][A-Za-z0-9_.]*"
    r"|<=|>=|<>|[-+*/^&=<>(),;{}\[\]]"
)
_SPACE = re.compile(r"\s*")
_OPENING, _CLOSING = "({[", ")}]"


def tokens(text: str) -> list[str]:
    """Return the tokens of a formula, blanks left out.

    Raises
    ------
    RegistryError
        A character that no native form uses, such as a colon or a reference to a sheet.

    Examples
    --------
    >>> tokens("IF(dp = 0, #NUM!, 1.5)")
    ['IF', '(', 'dp', '=', '0', ',', '#NUM!', ',', '1.5', ')']
    """
    out = []
    at = _blank(text, 0)
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise RegistryError(f"a native form cannot hold {text[at]!r}: {text[max(0, at - 30) : at + 10]!r}")
        out.append(match[0])
        at = _blank(text, match.end())
    return out


def _blank(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def joined(parts: Sequence[str]) -> str:
    """Return tokens as one text without blanks."""
    return "".join(parts)


def arguments(parts: Sequence[str], opening: int) -> list[tuple[int, int]]:
    """Return where each argument of a call begins and ends, from the place of its opening bracket.

    >>> arguments(tokens("F(a, G(b, c))"), 1)
    [(2, 3), (4, 10)]
    """
    out: list[tuple[int, int]] = []
    depth, start = 0, opening + 1
    for at in range(opening, len(parts)):
        if parts[at] in _OPENING:
            depth += 1
        elif parts[at] in _CLOSING:
            depth -= 1
        if depth == 0 or (depth == 1 and parts[at] == ","):
            out.append((start, at))
            start = at + 1
        if depth == 0:
            return out
    raise RegistryError(f"a bracket is not closed in {joined(parts)[:60]!r}")


def calls(parts: Sequence[str], name: str) -> Iterator[list[tuple[int, int]]]:
    """Yield the arguments of each call of a function."""
    for at in range(len(parts) - 1):
        if parts[at] == name and parts[at + 1] == "(":
            yield arguments(parts, at + 1)


def renamed(parts: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """Return tokens with some names replaced."""
    return [names.get(part, part) for part in parts]
