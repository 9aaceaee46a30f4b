"""Parts of texts, and texts put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xlmodel.engine.native.coercion import to_text
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Logical, Number, Range, Text, Value, Whole, excel
from xlmodel.engine.native.operands import VALUE, ExcelError, Operand, Reference, array
from xlmodel.engine.native.utf16 import LONGEST, cut, length, lower, upper
from xlmodel.values import ErrorValue, Scalar, Values


@excel("LEN", "LENB")
def len_(text: Text) -> int:
    """Return how long a text is."""
    return length(text)


@excel("LEFT", "LEFTB")
def left(text: Text, num_chars: Whole = 1) -> str:
    """Return the beginning of a text."""
    return cut(text, 0, _count(num_chars))


@excel("RIGHT", "RIGHTB")
def right(text: Text, num_chars: Whole = 1) -> str:
    """Return the end of a text."""
    whole = length(text)
    return cut(text, max(whole - _count(num_chars), 0), whole)


@excel("MID", "MIDB")
def mid(text: Text, start_num: Whole, num_chars: Whole) -> str:
    """Return a part of a text."""
    start = _count(start_num, 1) - 1
    return cut(text, start, start + _count(num_chars))


@excel("REPLACE", "REPLACEB")
def replace(old_text: Text, start_num: Whole, num_chars: Whole, new_text: Text) -> str:
    """Return a text with another in the place of a part of it."""
    start = _count(start_num, 1) - 1
    end = start + _count(num_chars)
    return held(cut(old_text, 0, start) + new_text + cut(old_text, end, length(old_text)))


@excel("REPT")
def rept(text: Text, number_times: Whole) -> str:
    """Return a text several times over."""
    if length(text) * _count(number_times) > LONGEST:
        raise ExcelError(VALUE)
    return text * number_times if text else ""


@excel("SUBSTITUTE")
def substitute(text: Text, old_text: Text, new_text: Text, instance_num: Number | None = None) -> str:
    """Return a text with another in the place of each occurrence of a part, or of one of them."""
    if instance_num is not None and instance_num < 1:
        raise ExcelError(VALUE)
    if not old_text:
        return text
    if instance_num is None:
        if len(text) + text.count(old_text) * (len(new_text) - len(old_text)) > LONGEST:
            raise ExcelError(VALUE)
        return text.replace(old_text, new_text)
    instance = int(min(instance_num, LONGEST))
    parts = text.split(old_text, instance)
    return held(old_text.join(parts[:-1]) + new_text + parts[-1]) if len(parts) > instance else text


@excel("TRIM")
def trim(text: Text) -> str:
    """Return a text without spaces at its ends, and with single ones between its words."""
    return " ".join(part for part in text.split(" ") if part)


@excel("LOWER")
def lower_(text: Text) -> str:
    """Return a text in small letters."""
    return lower(text)


@excel("UPPER")
def upper_(text: Text) -> str:
    """Return a text in capitals."""
    return upper(text)


@excel("PROPER")
def proper(text: Text) -> str:
    """Return a text with a capital wherever a letter follows something else."""
    letters: list[str] = []
    inside = False
    for c in text:
        letters.append(lower(c) if inside else upper(c))
        inside = c.isalpha()
    return "".join(letters)


@excel("EXACT")
def exact(text1: Text, text2: Text) -> bool:
    """Tell whether two texts are the same, in case too."""
    return text1 == text2


@excel("T")
def t(context: Context, value: Value) -> Operand:
    """Return a text as it is and anything else as no text; of a reference its first cell."""
    if isinstance(value, Reference):
        return _text_only(context.values(value).item((0, 0)))
    if isinstance(value, Values):
        return array([[_text_only(value.item((r, c))) for c in range(value.shape[1])] for r in range(value.shape[0])])
    return value if isinstance(value, (str, ErrorValue)) else ""


@excel("CONCATENATE")
def concatenate(*text: Text) -> str:
    """Return texts put together."""
    return held("".join(text))


@excel("CONCAT")
def concat(*text: Range) -> str:
    """Return all the texts of arrays put together."""
    return held("".join(_limited(_texts(text))))


@excel("TEXTJOIN", empty_is_default=True)
def textjoin(delimiter: Range, ignore_empty: Logical = True, *text: Range) -> str:
    """Return texts put together with delimiters between them, taken in turn."""
    between = list(_texts([delimiter]))
    parts = [part for part in _limited(_texts(text)) if part or not ignore_empty]
    pieces: list[str] = []
    for i, part in enumerate(parts):
        if i:
            pieces.append(between[(i - 1) % len(between)])
        pieces.append(part)
    return held("".join(pieces))


def held(text: str) -> str:
    """Return a text that a cell can hold; else #VALUE!."""
    if len(text) > LONGEST // 2 and length(text) > LONGEST:
        raise ExcelError(VALUE)
    return text


def _count(number: int, least: int = 0) -> int:
    if number < least:
        raise ExcelError(VALUE)
    return min(number, LONGEST + 1)


def _text_only(x: Scalar) -> Scalar:
    if isinstance(x, ErrorValue):
        return x
    return x if isinstance(x, str) else ""


def _texts(arrays: Iterable[Values]) -> Iterator[str]:
    for values in arrays:
        for x in values.scalars():
            yield to_text(x)


def _limited(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts until they are longer than a cell can hold."""
    total = 0
    for text in texts:
        total += len(text)
        if total > LONGEST:
            raise ExcelError(VALUE)
        yield text
