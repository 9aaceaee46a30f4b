"""Running expat over a part."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from xlmodel.book.package import MAIN_NAMESPACES
from xlmodel.errors import BookError, XlmodelError

__all__ = ["parse_events"]

_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006}"
#: what an extension would say, and what encloses it and its replacement
_CHOICE, _WRAPPERS = f"{_COMPATIBILITY}Choice", (f"{_COMPATIBILITY}AlternateContent", f"{_COMPATIBILITY}Fallback")


def parse_events(
    content: bytes,
    where: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Run expat over a part. Element names come without the spreadsheet namespace, others as ``namespace}name``.

    Of alternate content (``mc:AlternateContent``) the fallback comes, as if it stood there alone: what the program sees
    that knows no extension.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    main = {f"{namespace}}}": len(namespace) + 1 for namespace in MAIN_NAMESPACES}
    known: dict[str, str] = {}
    left_out = 0  # how deep within a choice

    def name_of(full: str) -> str:
        short = known.get(full)
        if short is None:
            skip = next((n for prefix, n in main.items() if full.startswith(prefix)), 0)
            short = known[full] = full[skip:]
        return short

    def refuse(*_: object) -> None:
        raise BookError(f"{where} has a DOCTYPE, which no workbook needs")

    def opened(full: str, attributes: dict[str, str]) -> None:
        nonlocal left_out
        name = name_of(full)
        if left_out or name == _CHOICE:
            left_out += 1
            parser.CharacterDataHandler = None
        elif name not in _WRAPPERS:
            start(name, attributes)

    def closed(full: str) -> None:
        nonlocal left_out
        name = name_of(full)
        if left_out:
            left_out -= 1
            parser.CharacterDataHandler = None if left_out else text
        elif name not in _WRAPPERS:
            end(name)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = text
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise BookError(f"{where} is not well-formed XML: {error}") from error
    except (ValueError, LookupError) as error:
        # an encoding nobody knows
        if isinstance(error, XlmodelError):
            raise
        raise BookError(f"{where} cannot be decoded: {error}") from error
