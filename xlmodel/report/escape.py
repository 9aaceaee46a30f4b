"""Making text from a workbook safe to show."""

from __future__ import annotations

import codecs
import json
import re

__all__ = ["SUBSTITUTES", "as_json", "safe"]

#: the error handler of an output whose encoding lacks some of our own characters
SUBSTITUTES = "xlmodel.substitutes"
_PLAIN = {"→": "->", "…": "...", "–": "-", "£": "GBP ", "·": "-"}

# C0 and C1 controls, line separators, and marks that turn the direction of writing: a terminal obeys them
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
# commands of CI services that act wherever in a line they stand: ::error of GitHub, ##[error], ##vso[, ##teamcity[
_COMMAND = re.compile(r":{2,}|#{2,}(?=\w*\[)")
# an escaped character of JSON, halves of characters apart from whole ones
_ESCAPED = re.compile(r"\\(?:ud[89ab]..\\ud[c-f]..|(ud[89a-f]..)|.)")


def safe(text: object, limit: int | None = None) -> str:
    """Return text on one line in which nothing acts on a terminal or a log, cut at `limit` characters.

    A command of a CI service (``::error``, ``##[error]``) is broken by a space wherever it stands, as a line may be
    wrapped there.

    >>> safe("a" + chr(27) + "[31mred" + chr(10) + "next"), safe("abcdef", 4), safe("::error::x")
    ('a\\\\x1b[31mred\\\\nnext', 'abc…', ': :error: :x')
    """
    shown = _UNSAFE.sub(lambda m: m[0].encode("unicode_escape", "surrogatepass").decode(), str(text))
    shown = _COMMAND.sub(lambda m: " ".join(m[0]), shown)
    return shown if limit is None or len(shown) <= limit else shown[: limit - 1] + "…"


def as_json(content: object) -> str:
    """Return JSON in plain characters alone: no terminal and no log obeys them, and every console can show them.

    Half of a character that stands alone, which strict readers refuse, is written as text.

    >>> json.loads(as_json("##[error]")), "##" in as_json("##[error]")
    ('##[error]', False)
    """
    text = json.dumps(content, indent=1, allow_nan=False)
    return _ESCAPED.sub(lambda m: rf"\\{m[1]}" if m[1] else m[0], text).replace("##", r"#\u0023")


def _substitutes(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write what an encoding lacks in plain characters: an old Windows console has no arrow."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    plain = "".join(_PLAIN.get(c, c.encode("ascii", "backslashreplace").decode()) for c in lacking)
    return plain, error.end


codecs.register_error(SUBSTITUTES, _substitutes)
