"""HTML that is safe by its type: whatever is not `Html` is text, and is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["Html", "counted", "cut", "element", "joined", "scrolled", "text"]

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
#: what HTML gives a meaning; controls, marks that turn the direction of writing, and halves of characters
_SPECIAL = re.compile(
    "[&<>\"'\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
_VOID = frozenset({"col", "input", "meta", "br"})


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Content = str | int | None


def text(content: object) -> Html:
    """Return text as HTML shows it; a character that would not be seen as it is stands there by its code.

    >>> text('<b title="x">' + chr(0x202E))
    '&lt;b title=&quot;x&quot;&gt;\\\\u202e'
    """
    return content if isinstance(content, Html) else Html(_SPECIAL.sub(_escape, str(content)))


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character == "\r":
        return ""  # Excel's line breaks are line feeds; a return before one adds nothing
    return _ESCAPES.get(character) or character.encode("unicode_escape", "surrogatepass").decode()


def cut(content: str, limit: int) -> str:
    """Return a text, shortened where it is longer than a number of characters.

    >>> cut("abcdef", 4)
    'abc…'
    """
    return content if len(content) <= limit else content[: limit - 1] + "…"


def element(name: str, /, *content: Content | Iterable[Content], **attributes: Content | bool) -> Html:
    """Return an element; content that is not `Html` is escaped, and None is left out.

    An attribute's name loses the underscore at its end, and other underscores become hyphens; True stands without a
    value; None and False are left out.

    >>> element("a", "<x>", href="#t", class_="f", aria_label=None, hidden=True)
    '<a href="#t" class="f" hidden>&lt;x&gt;</a>'
    """
    said = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{text(value)}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    opened = f"<{name}{said}>"
    return Html(opened) if name in _VOID else Html(f"{opened}{joined(content)}</{name}>")


def joined(content: Iterable[Content | Iterable[Content]]) -> Html:
    """Return contents one behind the other as HTML.

    >>> joined(["a<", None, [Html("<br>"), 3]])
    'a&lt;<br>3'
    """
    parts: list[str] = []
    for item in content:
        if item is None:
            continue
        if isinstance(item, (str, int)):
            parts.append(text(item))
        else:
            parts.append(joined(item))
    return Html("".join(parts))


def scrolled(content: Html, label: str) -> Html:
    """Return what may be wider than the page in a frame of its own, which the keyboard can scroll."""
    return element("div", content, class_="wide", tabindex="0", role="group", aria_label=label)


def counted(n: int, noun: str) -> str:
    """Return a number with what it counts.

    >>> counted(1, "cell"), counted(1200, "cell")
    ('1 cell', '1,200 cells')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
