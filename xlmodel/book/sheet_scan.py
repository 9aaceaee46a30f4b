"""Reading a sheet by one regular expression that must account for every byte of its cells.

Excel and the usual writers store cells in one narrow way. What deviates from it by a single byte is left to
`sheet_events`; where both can read a sheet they give the same columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.columns import Columns
from xlmodel.book.sheet_events import parse_events
from xlmodel.book.styles import NumberFormats
from xlmodel.book.xstring import unmarked
from xlmodel.errors import BookError
from xlmodel.refs import MAX_COL, column_letters
from xlmodel.values import Kind

__all__ = ["plain_data", "scan"]

_ATTRIBUTES = rb'(?: [A-Za-z_][\w.:]*+="[^"<&]*+")*+'
_PLACE = rb'<c r="([A-Z]{1,3}+)([1-9][0-9]{0,6}+)"(?: s="([0-9]++)")?+(?: t="([a-zA-Z]++)")?+'
_V = rb'<v(?: xml:space="preserve")?+>'
# a cell of the commonest kinds: its formula is a text or a child of a shared one
_COMMON = (
    _PLACE
    + rb'(?:/>|>(?:<f(?: t="shared" si="([0-9]++)"(?:/|></f)|>([^<]++)</f)>)?+(?:'
    + _V
    + rb"([^<]++)</v>)?+</c>)"
)
_OTHER = (
    _PLACE + rb'(?: cm="([0-9]++)")?+(?: vm="[0-9]++")?+(?:/>|>(?:<f(' + _ATTRIBUTES + rb")(?:/>|>([^<]*+)</f>))?+"
    rb"(?:" + _V + rb'([^<]*+)</v>|(<v/>)|<is><t(?: xml:space="preserve")?+>([^<]*+)</t></is>)?+</c>)'
)
_EMPTY_ROWS = rb'(?:<row r="[1-9][0-9]{0,6}+"' + _ATTRIBUTES + rb"(?:/>|></row>))*+"
_ROW = rb'<row r="([1-9][0-9]{0,6}+)"' + _ATTRIBUTES + rb">"
_CELL = re.compile(
    rb"((?:"
    + _EMPTY_ROWS
    + _ROW
    + rb")?(?:"
    + _COMMON
    + rb"|("
    + re.sub(rb"\((?!\?)", b"(?:", _OTHER)
    + rb"))(</row>)?+)"
)
_CELL_GROUPS = 11
_ONE = re.compile(_OTHER)
_NO_CELLS = re.compile(_EMPTY_ROWS)
_ABOUT = re.compile(r'([\w.:]+)="([^"]*)"')
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^>]*\?>)?", re.DOTALL)
# a carriage return would be read as a line feed by an XML parser
_CONTROL = bytes(n for n in range(32) if n not in (9, 10))
_CHUNK = 1 << 17
#: cell types whose values are read a column at a time; None stands for all others
_CODES: dict[bytes | None, int] = {b"": Kind.NUMBER, b"n": Kind.NUMBER, b"s": Kind.TEXT, None: 255}


class _UnusualError(Exception):
    """The sheet is written in a way that only expat reads."""


class _Formats(dict[bytes, int]):
    """Style numbers as they stand in the sheet -> number formats."""

    def __init__(self, formats: NumberFormats) -> None:
        super().__init__({b"": formats.of_style("0")})
        self._formats = formats

    def __missing__(self, style: bytes) -> int:
        self[style] = self._formats.of_style(style.decode())
        return self[style]


@cache
def _columns() -> dict[bytes, int]:
    return {column_letters(n).encode(): n for n in range(1, MAX_COL + 1)}


def scan(content: bytes, columns: Columns) -> bool:
    """Add every cell of a sheet's XML to its columns; False, and unusable columns, where it is written unusually."""
    span = plain_data(content)
    if span is None:
        return False
    formats = _Formats(columns.context.formats)
    at, closing = span
    try:
        while at < closing:
            cut = content.find(b"</row>", at + _CHUNK, closing)
            end = closing if cut < 0 else cut + len(b"</row>")
            _scan_rows(content[at:end], columns, formats)
            at = end
    except (_UnusualError, ValueError, KeyError, IndexError):
        # BookError is none of these: what expat would refuse as well is refused at once
        return False
    return True


def plain_data(content: bytes) -> tuple[int, int] | None:
    """Return where the rows begin and end, if every ``<`` between starts a tag; None where only expat can tell."""
    opening, closing = content.find(b"<sheetData>"), content.rfind(b"</sheetData>")
    if opening < 0 or closing < opening or not _usual(content, opening, closing):
        return None
    return opening + len(b"<sheetData>"), closing


def _usual(content: bytes, opening: int, closing: int) -> bool:
    declaration = _DECLARATION.match(content)
    if declaration is None or (
        b"encoding" in declaration[0] and not re.search(rb"[\"']utf-8[\"']", declaration[0], re.I)
    ):
        return False
    if content.find(b"<sheetData", opening + 1) >= 0 or content.find(b"</sheetData>", 0, closing) >= 0:
        return False
    cells = memoryview(content)[opening:closing].tobytes()
    if b"]]>" in content or b"<!--" in content or b"<?" in cells or len(cells.translate(None, _CONTROL)) != len(cells):
        return False
    # all that is not cells goes through expat: namespaces, nesting, DOCTYPE
    path: list[str] = []
    found: list[list[str]] = []

    def start(name: str, _: dict[str, str]) -> None:
        path.append(name)
        if name == "sheetData":
            found.append(list(path))

    def end(_: str) -> None:
        path.pop()

    try:
        parse_events(content[: opening + len(b"<sheetData>")] + content[closing:], "", start, end, lambda _: None)
    except BookError:
        return False
    return found == [["worksheet", "sheetData"]]


def _scan_rows(chunk: bytes, columns: Columns, formats: _Formats) -> None:
    """Add the cells of some whole rows."""
    last_cell = chunk.rfind(b"<c ")
    end = chunk.find(b"</row>", last_cell) + len(b"</row>") if last_cell >= 0 else 0
    if not _NO_CELLS.fullmatch(chunk, end):
        raise _UnusualError
    if not end:
        return
    found = list(zip(*_CELL.findall(chunk, 0, end), strict=True))
    # the matches do not overlap: if their lengths add up, no byte was skipped
    if len(found) != _CELL_GROUPS or sum(map(len, found[0])) != end:
        raise _UnusualError
    opened, shared, formulas, raw, other, closed = found[1], found[6], found[7], found[8], found[9], found[10]
    letters, digits, styles, types = map(list, found[2:6])
    others = {i: _one(text) for i, text in enumerate(other) if text}
    for i, groups in others.items():
        letters[i], digits[i], styles[i] = groups[0] or b"", groups[1] or b"", groups[2] or b""
    base, count = len(columns.row), len(letters)
    rows = _row_numbers(opened, closed)
    if not np.array_equal(rows, np.fromiter(map(int, digits), np.int32, count)):
        raise _UnusualError
    columns.room(count, int(rows[0]), int(rows.max()), 1)
    cols = list(map(_columns().__getitem__, letters))
    columns.row.frombytes(rows.tobytes())
    columns.col.extend(cols)
    columns.style.extend(map(formats.__getitem__, styles))
    columns.formula.frombytes(np.full(count, -1, np.int32).tobytes())
    codes = np.fromiter(map(_CODES.get, types, repeat(_CODES[None])), np.uint8, count)
    _common_values(codes, raw, columns)
    number = columns.context.formulas.number
    row_list, numbered = rows.tolist(), columns.formula
    busy = np.flatnonzero(_lengths(formulas) + _lengths(shared) + _lengths(other) + (codes == _CODES[None])).tolist()
    for i in busy:
        formula, shares = formulas[i], shared[i]
        if formula:
            text = formula.decode()
            numbered[base + i] = number(unmarked(text) if "&" in text else text, row_list[i], cols[i])
        elif shares:
            columns.child(base + i, shares.decode())
        elif i in others:
            _, _, _, t, cm, about, f, v, empty, inline = others[i]
            if inline is not None and t != b"inlineStr":
                raise _UnusualError
            value = b"" if empty is not None else v if inline is None else inline
            attributes = {k: unmarked(x) for k, x in _ABOUT.findall(about.decode())} if about else None
            columns.fill(
                base + i,
                _string(t) or "n",
                _string(value),
                _string(f or b"") if about is not None else None,
                attributes,
                _string(cm),
            )
        if codes[i] == _CODES[None]:
            columns.fill(base + i, types[i].decode(), _string(raw[i] or None), None, None, None)


def _one(cell: bytes) -> tuple[bytes | None, ...]:
    match = _ONE.fullmatch(cell)
    if match is None:
        raise _UnusualError
    return match.groups()


def _row_numbers(opened: Sequence[bytes], closed: Sequence[bytes]) -> NDArray[np.int32]:
    """Return the row of each cell from where rows open and close, which must alternate."""
    starts = [i for i, number in enumerate(opened) if number]
    ends = [i + 1 for i, tag in enumerate(closed) if tag]
    if not starts or starts[0] != 0 or ends != [*starts[1:], len(opened)]:
        raise _UnusualError
    return np.repeat(np.array([int(opened[i]) for i in starts], np.int32), np.diff([*starts, len(opened)]))


def _lengths(texts: Sequence[bytes]) -> NDArray[np.int64]:
    return np.fromiter(map(len, texts), np.int64, len(texts))


def _common_values(codes: NDArray[np.uint8], raw: Sequence[bytes], columns: Columns) -> None:
    """Append numbers and shared strings; other cells stay blank for now."""
    kind, num, text = np.zeros(len(raw), np.uint8), np.zeros(len(raw)), [""] * len(raw)
    filled = _lengths(raw) > 0
    numbers, strings = (
        np.flatnonzero(filled & (codes == Kind.NUMBER)),
        np.flatnonzero(filled & (codes == Kind.TEXT)).tolist(),
    )
    written, places = [raw[i] for i in numbers.tolist()], [raw[i] for i in strings]
    if b"_" in b"".join(written) or b"_" in b"".join(places):
        raise _UnusualError  # float() and int() would take 1_000
    if written:
        num[numbers] = list(map(float, written))
        kind[numbers] = Kind.NUMBER
        if not np.isfinite(num).all():
            raise _UnusualError
    table = columns.context.strings
    for i, place in zip(strings, map(int, places), strict=True):
        if place < 0:
            raise _UnusualError
        text[i] = table[place]
    kind[strings] = Kind.TEXT
    columns.kind.frombytes(kind.tobytes())
    columns.num.frombytes(num.tobytes())
    columns.text += text


def _string(raw: bytes | None) -> str | None:
    if raw is None:
        return None
    try:
        return unmarked(raw.decode())
    except BookError as error:
        raise _UnusualError from error
