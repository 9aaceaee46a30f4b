"""How cells are written in the text of a workbook: always on one line, in one way, and so that it can be read back.

Nothing that acts on a terminal or a log stands in it as it is: such characters are written ``\\u001b``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from xlmodel.values import ErrorValue, Scalar, Values

__all__ = ["BLANK", "content", "contents", "escaped", "label", "quoted", "tokens_of", "unescaped"]

_LARGEST = 1e308
BLANK = "_"  #: a formula without a saved value

# controls, line separators, marks that turn the direction of writing, halves of characters
_ACTING = "\x00-\x1f\x7f-\x9f\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff"
# what continuous integration services take as commands: ::error, ##[error] and ##vso[
_COMMAND = r"(?<=:):|(?<=#)#(?=\w*\[)"
_IN_FORMULA = re.compile(rf"[\\{_ACTING}]|{_COMMAND}")
_IN_TEXT = re.compile(rf'[\\"|{_ACTING}]|{_COMMAND}')
_IN_LABEL = re.compile(rf"[\\\]{_ACTING}]|{_COMMAND}")
_MARKS = ("\\", '"', "|", "::", "##")  #: a text without any of them is most often written as it is
_ESCAPE = re.compile(r'\\(?:u([0-9a-f]{4})|([\\"n]))')
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n"}
_ERROR = re.compile(r"#[A-Z0-9/_]+[!?]?\Z")
_TOKEN = re.compile(r'#?"[^"\\]*(?:\\.[^"\\]*)*"|[^ "]+')


def _escape(match: re.Match[str]) -> str:
    return _SHORT.get(match[0]) or f"\\u{ord(match[0]):04x}"


def escaped(formula: str) -> str:
    """Return a formula, or any text that ends a line, on one line.

    >>> escaped("SUM(R[-2]C," + chr(10) + "1)")
    'SUM(R[-2]C,\\\\n1)'
    """
    return _IN_FORMULA.sub(_escape, formula)


def unescaped(text: str) -> str:
    """Return what was escaped or put into a label."""
    return text if "\\" not in text else _ESCAPE.sub(_plain, text)


def _plain(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    return "\n" if match[2] == "n" else match[2]


def quoted(text: str) -> str:
    """Return a text in quotes, such that no ``|`` stands in it.

    >>> quoted('5 "beds"'), quoted("a|b")
    ('"5 \\\\"beds\\\\""', '"a\\\\u007cb"')
    """
    plain = text.isprintable() and not any(mark in text for mark in _MARKS)
    return f'"{text if plain else _IN_TEXT.sub(_escape, text)}"'


def label(text: str) -> str:
    """Return what a cell is called, such that no closing bracket stands in it."""
    return _IN_LABEL.sub(_escape, text)


def number(value: float) -> str:
    """Return the shortest decimal that is the same to 15 digits.

    >>> number(0.1 + 0.2), number(-0.0), number(1e21)
    ('0.3', '0', '1e+21')
    """
    if abs(value) > _LARGEST:  # 15 digits of it might round to more than there is
        return repr(value)
    return f"{value:.15g}" if value else "0"


def _written(kind: int, value: float, text: str) -> str:
    if kind == 1:
        return number(value)
    if kind == 2:
        return quoted(text)
    if kind == 0:
        return BLANK
    if kind == 3:
        return "TRUE" if value else "FALSE"
    return text if _ERROR.match(text) else f"#{quoted(text)}"


def contents(values: Values) -> list[str]:
    """Return each cell as it is written."""
    parts = values.kind.tolist(), values.num.tolist(), values.text.tolist()
    return list(map(_written, *parts))


def tokens_of(text: str) -> list[str]:
    """Cut values written one after another.

    >>> tokens_of('1.5 "a b" #N/A')
    ['1.5', '"a b"', '#N/A']
    """
    return _TOKEN.findall(text)


@lru_cache(maxsize=4096)
def content(token: str) -> Scalar:
    """Return the content that a token stands for.

    Raises
    ------
    ValueError
        It stands for none.

    Examples
    --------
    >>> content("1.5"), content('"a b"'), content("TRUE"), content("_"), content("#N/A")
    (1.5, 'a b', True, None, ErrorValue(code='#N/A'))
    """
    if token == BLANK:
        return None
    if token[0] == '"':
        return unescaped(token[1:-1])
    if token[0] == "#":
        return ErrorValue(unescaped(token[2:-1]) if token[1:2] == '"' else token)
    if token in ("TRUE", "FALSE"):
        return token == "TRUE"  # noqa: S105
    return float(token)
