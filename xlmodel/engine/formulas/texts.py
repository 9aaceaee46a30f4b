"""The text functions, with numbers as the text Excel makes of them and positions as Excel counts them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from xlmodel.engine.formulas.cells import RefusedError, unsupported
from xlmodel.engine.formulas.coercion import as_decimal, may_be_number, number_or_error, text_or_error
from xlmodel.engine.formulas.criteria import matches_pattern
from xlmodel.engine.formulas.objects import EMPTY, Object, as_grid, each, error, is_error, is_text

__all__ = ["TEXT_FUNCTIONS"]

_LONGEST = 32_767


def _spread(f: Callable[..., Object], kinds: str) -> Callable[..., Any]:
    """Call cell by cell with arguments made text (t), a number (n) or a whole number (i); errors travel."""

    def one(*args: Object) -> Object:
        ready = []
        for kind, x in zip(kinds, args, strict=False):
            made = text_or_error(x) if kind == "t" else number_or_error(x)
            if is_error(made):
                return made
            if kind == "t" and any(c > "\uffff" for c in made):
                raise RefusedError("unsupported-function", "a text function on characters that Excel counts as two")
            ready.append(math.trunc(made) if kind == "i" else made)
        found = f(*ready)
        return error("#VALUE!") if is_text(found) and len(found) > _LONGEST else found

    def run(*args: Any) -> Any:
        if len(args) > len(kinds):
            raise unsupported("too many arguments")
        return each(one, *args)

    return run


def _left(text: str, count: int = 1) -> Object:
    return error("#VALUE!") if count < 0 else text[:count]


def _right(text: str, count: int = 1) -> Object:
    return error("#VALUE!") if count < 0 else text[max(len(text) - count, 0) :]


def _mid(text: str, start: int, count: int) -> Object:
    return error("#VALUE!") if start < 1 or count < 0 else text[start - 1 : start - 1 + count]


def _replace(text: str, start: int, count: int, new: str) -> Object:
    return error("#VALUE!") if start < 1 or count < 0 else text[: start - 1] + new + text[start - 1 + count :]


def _find(part: str, text: str, start: int = 1) -> Object:
    if start < 1 or start > len(text) + (part == ""):
        return error("#VALUE!")
    at = text.find(part, start - 1)
    return float(at + 1) if at >= 0 else error("#VALUE!")


def _search(part: str, text: str, start: int = 1) -> Object:
    if not any(c in part for c in "*?~"):
        return _find(part.lower(), text.lower(), start)
    if start < 1 or start > len(text):
        return error("#VALUE!")
    if len(text) > 1_000:
        raise RefusedError("unsupported-function", "SEARCH for a pattern in a long text")
    for at in range(start - 1, len(text) + 1):
        if matches_pattern(part + "*", text[at:]):
            return float(at + 1)
    return error("#VALUE!")


def _substitute(text: str, old: str, new: str, which: int | None = None) -> Object:
    if which is not None and which < 1:
        return error("#VALUE!")
    if old == "":
        return text
    if which is None:
        if len(text) + text.count(old) * (len(new) - len(old)) > _LONGEST:
            return error("#VALUE!")
        return text.replace(old, new)
    at = -len(old)
    for _ in range(which):
        at = text.find(old, at + len(old))
        if at < 0:
            return text
    return text[:at] + new + text[at + len(old) :]


def _repeat(text: str, count: int) -> Object:
    return error("#VALUE!") if count < 0 or count * len(text) > _LONGEST else text * count


def _cased(change: Callable[[str], str]) -> Callable[[str], Object]:
    def run(text: str) -> Object:
        changed = change(text)
        if len(changed) != len(text):
            raise RefusedError("unsupported-function", "the case of letters that change their number")
        return changed

    return run


def _value(x: Object) -> Object:
    if isinstance(x, (bool, np.bool_)):
        return error("#VALUE!")
    if is_text(x) and as_decimal(x) is None:
        if may_be_number(x):
            raise unsupported("a date or a number as text")
        return error("#VALUE!")
    return number_or_error(x)


def _joined(parts: list[Object]) -> Object:
    made = [text_or_error(x) for x in parts]
    failed = next((x for x in made if is_error(x)), None)
    if failed is not None:
        return failed
    text = "".join(made)
    return error("#VALUE!") if len(text) > _LONGEST else text


def _concat(*args: Any) -> Object:
    return _joined([x for a in args for x in as_grid(a).ravel().tolist()])


def _textjoin(between: Any, ignore: Any, *args: Any) -> Object:
    if isinstance(between, np.ndarray) or isinstance(ignore, np.ndarray):
        raise unsupported("TEXTJOIN with several separators")
    flag = number_or_error(ignore)
    if is_error(flag):
        return flag
    made = [text_or_error(x) for a in args for x in as_grid(a).ravel().tolist()]
    failed = next((x for x in (text_or_error(between), *made) if is_error(x)), None)
    if failed is not None:
        return failed
    parts = [x for x in made if x or not flag]
    length = sum(map(len, parts)) + len(text_or_error(between)) * max(len(parts) - 1, 0)
    return error("#VALUE!") if length > _LONGEST else text_or_error(between).join(parts)


TEXT_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "LEFT": _spread(_left, "ti"),
    "RIGHT": _spread(_right, "ti"),
    "MID": _spread(_mid, "tii"),
    "LEN": _spread(lambda text: float(len(text)), "t"),
    "FIND": _spread(_find, "tti"),
    "SEARCH": _spread(_search, "tti"),
    "SUBSTITUTE": _spread(_substitute, "ttti"),
    "REPLACE": _spread(_replace, "tiit"),
    "REPT": _spread(_repeat, "ti"),
    "UPPER": _spread(_cased(str.upper), "t"),
    "LOWER": _spread(_cased(str.lower), "t"),
    "TRIM": _spread(lambda text: " ".join(part for part in text.split(" ") if part), "t"),
    "EXACT": _spread(lambda a, b: a == b, "tt"),
    "CONCATENATE": lambda *args: each(lambda *one: _joined(list(one)), *args),
    "CONCAT": _concat,
    "TEXTJOIN": _textjoin,
    "VALUE": lambda x: each(_value, x),
    "T": lambda x: (lambda i: i if is_text(i) or is_error(i) else "")(as_grid(x).ravel()[0]),
    "NOT": lambda x: each(_negated, x),
}


def _negated(x: Object) -> Object:
    if is_text(x):
        return error("#VALUE!") if x.upper() not in ("TRUE", "FALSE") else x.upper() == "FALSE"
    return x if is_error(x) else x is EMPTY or not x
