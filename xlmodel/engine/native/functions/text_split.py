"""Texts taken apart at delimiters."""

from __future__ import annotations

import math
from collections.abc import Sequence

from xlmodel.engine.native.coercion import to_text
from xlmodel.engine.native.declaration import Any_, Logical, Number, Range, Text, excel
from xlmodel.engine.native.operands import CALC, NA, VALUE, ExcelError, Operand, UnsupportedError, array
from xlmodel.engine.native.utf16 import length, lower
from xlmodel.values import Scalar, Values

_Spans = list[tuple[int, int]]


def _otherwise(if_not_found: Scalar) -> Scalar:
    return "" if if_not_found is None else if_not_found


@excel("TEXTBEFORE", empty_is_default=True)
def textbefore(
    text: Text,
    delimiter: Range,
    instance_num: Number | None = None,
    match_mode: Number = 0.0,
    match_end: Number = 0.0,
    if_not_found: Any_ = NA,
) -> Scalar:
    """Return what stands before a delimiter."""
    span = _delimiter(text, delimiter, instance_num, match_mode, match_end)
    return _otherwise(if_not_found) if span is None else text[: span[0]]


@excel("TEXTAFTER", empty_is_default=True)
def textafter(
    text: Text,
    delimiter: Range,
    instance_num: Number | None = None,
    match_mode: Number = 0.0,
    match_end: Number = 0.0,
    if_not_found: Any_ = NA,
) -> Scalar:
    """Return what stands after a delimiter."""
    span = _delimiter(text, delimiter, instance_num, match_mode, match_end)
    return _otherwise(if_not_found) if span is None else text[span[1] :]


@excel("TEXTSPLIT", empty_is_default=True)
def textsplit(
    text: Text,
    col_delimiter: Range | None = None,
    row_delimiter: Range | None = None,
    ignore_empty: Logical = False,
    match_mode: Number = 0.0,
    pad_with: Any_ = NA,
) -> Operand:
    """Return a text's parts: columns between some delimiters, rows between others."""
    any_case = _switch(match_mode)
    if col_delimiter is None and row_delimiter is None:
        raise ExcelError(VALUE)
    across, down = _texts(col_delimiter), _texts(row_delimiter)
    if "" in (across or ()) or "" in (down or ()):
        raise ExcelError(VALUE)
    if not text:
        raise UnsupportedError("TEXTSPLIT of an empty text")
    rows: list[list[Scalar]] = []
    for line in _parts(text, down, any_case, ignore_empty):
        parts = _parts(line, across, any_case, ignore_empty)
        if parts:
            rows.append(list(parts))
    if not rows:
        raise ExcelError(CALC)
    width = max(map(len, rows))
    return array([row + [pad_with] * (width - len(row)) for row in rows])


def _switch(number: float) -> bool:
    """Return an argument that must be 0 or 1."""
    if math.floor(number) not in (0, 1):
        raise ExcelError(VALUE)
    return math.floor(number) == 1


def _texts(delimiters: Values | None) -> list[str] | None:
    return None if delimiters is None else [to_text(x) for x in delimiters.scalars()]


def _parts(text: str, delimiters: Sequence[str] | None, any_case: bool, ignore_empty: bool) -> list[str]:
    if delimiters is None:
        parts = [text]
    else:
        spans = _spans(text, delimiters, any_case)
        starts = [0, *(end for _, end in spans)]
        ends = [*(start for start, _ in spans), len(text)]
        parts = [text[a:b] for a, b in zip(starts, ends, strict=True)]
    return [part for part in parts if part or not ignore_empty]


def _delimiter(
    text: str, delimiter: Values, instance_num: float | None, match_mode: float, match_end: float
) -> tuple[int, int] | None:
    """Return where one occurrence of a delimiter begins and ends; counted from the end where it is negative."""
    any_case, to_end = _switch(match_mode), _switch(match_end)
    instance = 1 if instance_num is None else math.floor(instance_num)
    delimiters = _texts(delimiter) or []
    if instance == 0:
        raise ExcelError(VALUE)
    if instance_num is not None and not (abs(instance) <= length(text) >= min(map(length, delimiters))):
        raise ExcelError(VALUE)
    if "" in delimiters:
        if abs(instance) > 1 or len(delimiters) > 1:
            raise UnsupportedError("an empty delimiter among several, or more than once")
        return (0, 0) if instance > 0 else (len(text), len(text))
    spans = _spans(text, delimiters, any_case)
    if to_end:
        spans = [*spans, (len(text), len(text))] if instance > 0 else [(0, 0), *spans]
    at = instance - 1 if instance > 0 else len(spans) + instance
    return spans[at] if 0 <= at < len(spans) else None


def _spans(text: str, delimiters: Sequence[str], any_case: bool) -> _Spans:
    """Return where delimiters stand, from left to right, none overlapping another."""
    if any_case:
        text, delimiters = lower(text), [lower(d) for d in delimiters]
    following = {d: text.find(d) for d in delimiters}
    spans: _Spans = []
    while True:
        first = min((at for at in following.values() if at >= 0), default=-1)
        if first < 0:
            return spans
        here = [d for d, at in following.items() if at == first]
        if len(here) > 1:
            raise UnsupportedError("delimiters of which one begins another")
        end = first + len(here[0])
        spans.append((first, end))
        for d, at in following.items():
            if 0 <= at < end:
                following[d] = text.find(d, end)
