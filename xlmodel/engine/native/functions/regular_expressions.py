"""REGEXTEST, REGEXEXTRACT and REGEXREPLACE: patterns as PCRE2 has them, matched within a time limit.

The `regex` package reads nearly the language of PCRE2. Where the two differ a pattern is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from xlmodel.engine.native.declaration import Number, Text, Whole, excel
from xlmodel.engine.native.functions.text import held
from xlmodel.engine.native.operands import NA, VALUE, ExcelError, Operand, UnsupportedError, array

_SECONDS = 2.0  #: for one call
_LONGEST_PATTERN = 1_000
_REFUSED = re.compile(
    r"""
    \\(?:[^dDwWsSbBAtnrfxpPk0-9\W_])             # escapes that are other things in PCRE2, or none there
  | \(\*                                         # verbs
  | \(\?[-^a-zA-Z]*[^-^imsx:|=!<>P'(#)&+0-9R]    # flags that PCRE2 does not have
  | (?<!\\[pPk])\{(?![0-9]+(?:,[0-9]*)?\})        # a bare brace, or what `regex` takes for fuzzy matching
  | \\x\{                                         # a character by its number
  | \[:                                          # classes with names
    """,
    re.VERBOSE,
)
_BY_LANGUAGE = re.compile(r"\\[dDwWsSbB]")
_REFERENCE = re.compile(r"\$(?:\$|(?P<plain>[0-9]{1,2}|[A-Za-z_]\w*)|\{(?P<braced>[0-9]{1,2}|[A-Za-z_]\w*)\})|[$\\]")


@excel("REGEXTEST", empty_is_default=True)
def regextest(text: Text, pattern: Text, case_sensitivity: Whole = 0) -> bool:
    """Tell whether a pattern stands anywhere in a text."""
    return next(_matches(text, pattern, case_sensitivity), None) is not None


@excel("REGEXEXTRACT", empty_is_default=True)
def regexextract(text: Text, pattern: Text, return_mode: Whole = 0, case_sensitivity: Whole = 0) -> Operand:
    """Return the first part of a text that a pattern matches, all such parts, or the first one's groups."""
    if return_mode not in (0, 1, 2):
        raise ExcelError(VALUE)
    matches = _matches(text, pattern, case_sensitivity)
    first = next(matches, None)
    if first is None:
        raise ExcelError(NA)
    if return_mode == 0:
        return str(first[0])
    if return_mode == 1:
        if next(matches, None) is not None:
            raise UnsupportedError("REGEXEXTRACT of several matches: whether they spill down or across is not sure")
        return str(first[0])
    groups = first.groups()
    if not groups:
        raise UnsupportedError("REGEXEXTRACT of the groups of a pattern without groups")
    return array([[group or "" for group in groups]])


@excel("REGEXREPLACE", empty_is_default=True)
def regexreplace(
    text: Text, pattern: Text, replacement: Text, occurrence: Number = 0.0, case_sensitivity: Whole = 0
) -> str:
    """Return a text with another for what a pattern matches: everywhere, or the first, second or last time."""
    write = _writer(replacement)
    matches = list(_matches(text, pattern, case_sensitivity))
    chosen = int(occurrence)
    if chosen:
        at = chosen - 1 if chosen > 0 else len(matches) + chosen
        matches = matches[at : at + 1] if at >= 0 else []
    out, done = [], 0
    for match in matches:
        out += [text[done : match.start()], write(match)]
        done = match.end()
    return held("".join(out) + text[done:])


@lru_cache(maxsize=256)
def _compiled(pattern: str, any_case: bool) -> Any:
    """Return a compiled pattern; #VALUE! where it is none."""
    try:
        import regex
    except ImportError:
        raise UnsupportedError("regular expressions need the package `regex`") from None
    if len(pattern) > _LONGEST_PATTERN or _REFUSED.search(pattern.replace(r"\\", "__")):
        raise UnsupportedError(f"the regular expression {pattern[:40]!r}")
    try:
        return regex.compile(pattern, regex.VERSION0 | (regex.IGNORECASE if any_case else 0))
    except regex.error:
        raise ExcelError(VALUE) from None


def fits(text: str, pattern: str) -> bool:
    """Tell whether a pattern matches somewhere in a text."""
    return next(_matches(text, pattern, 0), None) is not None


def _matches(text: str, pattern: str, case: int) -> Iterator[Any]:
    """Yield the matches of a pattern in a text, from left to right."""
    if case not in (0, 1):
        raise ExcelError(VALUE)
    if not text.isascii() and (case or _BY_LANGUAGE.search(pattern)):
        raise UnsupportedError("classes of characters, or case, in a regular expression on text beyond ASCII")
    try:
        yield from _compiled(pattern, bool(case)).finditer(text, timeout=_SECONDS)
    except TimeoutError:
        raise UnsupportedError(f"the regular expression {pattern[:40]!r} takes too long", "limit") from None


def _writer(replacement: str) -> Callable[[Any], str]:
    """Return what writes a match's replacement: $1, ${1}, $name and ${name} are its groups, $0 the whole."""
    pieces: list[str | int] = []
    done = 0
    for found in _REFERENCE.finditer(replacement):
        pieces.append(replacement[done : found.start()])
        done = found.end()
        group = found["plain"] or found["braced"]
        if group is None:
            if found[0] != "$$":
                raise UnsupportedError(f"the replacement {replacement[:40]!r} in REGEXREPLACE")
            pieces.append("$")
        elif group.isdecimal():
            pieces.append(int(group))
        else:
            raise UnsupportedError("groups by name in REGEXREPLACE")
    pieces.append(replacement[done:])

    def write(match: Any) -> str:
        try:
            return "".join(piece if isinstance(piece, str) else match[piece] or "" for piece in pieces)
        except IndexError:
            raise ExcelError(VALUE) from None

    return write
