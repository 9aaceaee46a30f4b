"""A sheet that is damaged anywhere is scanned as expat reads it, or not at all."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from xlmodel.book.columns import Columns, Context
from xlmodel.book.formulas import FormulaTable
from xlmodel.book.sheet_events import read_events
from xlmodel.book.sheet_scan import scan
from xlmodel.book.styles import NumberFormats
from xlmodel.errors import BookError

ROWS = (
    b'<row r="1" hidden="1" spans="1:4" x:d="0.25"><c r="A1" s="1"><v>1</v></c><c r="B1" t="s"><v>1</v></c>'
    b'<c r="AD1" cm="1"><f t="array" ref="AD1:AE1">A1</f><v>1E-3</v></c></row>',
    b'<row r="2"><c r="A2" t="str"><f>IF(A1&gt;0,&quot;a&amp;b&quot;,1)</f><v>a &lt; b</v></c>'
    b'<c r="B2" s="2" t="e"><f t="shared" ref="B2:B3" si="0">A1+1</f><v>#N/A</v></c><c r="C2"/></row>',
    b'<row r="3" a="/"><c r="A3" t="b"><f>$A$1</f><v>0</v></c><c r="B3"><f t="shared" si="0"/><v>-0.1</v></c></row>',
    b'<row r="5" ht="0"/>',
    b'<row r="6"><c r="D6" t="inlineStr"><is><t>x</t></is></c><c r="E6"><f>1</f></c><c r="F6" t="str"><f>A1</f></c>'
    b"</row>",
)
PIECES = [
    b"", b'"', b"<", b">", b"/", b" ", b"A", b"0", b"&", b"&amp;", b"\n", b"\r", b"]]>", b"<v>", b"</v>", b"</c>",
    b'<c r="A1"/>', b'<row r="2">', b"</row>", b"<f>", b"</f>", b"_", b"e", b"<!-- -->", b"\xff", b"\xc3\xa9",
    b' t="s"', b' s="3"', b"&#65;", b"<v/>", b".", b'<f t="shared" si="0"/>',
]  # fmt: skip
DAMAGE = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 4), st.sampled_from(PIECES)), max_size=2)


def outcome(read: Callable[[bytes, Columns], object], content: bytes) -> object:
    formats = NumberFormats(None)
    formats.by_style = [0, 0, 0]
    context = Context("book", ["x", "y"], formats, FormulaTable(), frozenset("1"), False, 1_000)
    columns = Columns(context, "Data")
    try:
        if read(content, columns) is False:
            return None
        sheet = columns.finish("part", "visible")
    except BookError as error:
        return str(error)
    arrays = sheet.row, sheet.col, sheet.formula, sheet.style, sheet.values.kind, sheet.values.num, sheet.values.text
    found = [a.tolist() for a in (*arrays, sheet.hidden_rows)]
    return context.formulas.texts, found, sheet.arrays, sheet.dynamic, sheet.merged


@given(st.lists(st.sampled_from(ROWS), unique=True), DAMAGE)
def test_damage(rows, damage):
    inside = bytearray(b"".join(rows))
    for at, cut, piece in damage:
        inside[at : at + cut] = piece
    content = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:x="u"><sheetData>'
        + bytes(inside)
        + b'</sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>'
    )
    scanned = outcome(scan, content)
    if scanned is not None:
        read = outcome(read_events, content)
        # the names of a row's attributes are not looked up
        assert scanned == read or "unbound prefix" in str(read) or "duplicate attribute" in str(read)
