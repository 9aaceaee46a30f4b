"""The look: one typeface, one palette, named styles and number formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

__all__ = [
    "CALC",
    "CHECK",
    "COLOURS",
    "DECIMALS_2",
    "DECIMALS_3",
    "FONT",
    "K1",
    "KEY",
    "LABEL",
    "M2",
    "M3",
    "N0",
    "N1",
    "N2",
    "N3",
    "OUT",
    "PCT",
    "POUND",
    "SOURCE",
    "TOTAL",
    "VERDICT_LOOK",
    "add_styles",
    "number_format",
    "paint_words",
    "painted",
    "without_idle_points",
]

FONT = "Arial"
SIZE = 9

#: Dark blue, orange, bluish green and vermilion stay apart for every common colour blindness (Okabe and Ito).
COLOURS = {
    "ink": "222B36",
    "quiet": "5B6775",
    "navy": "1F3A5F",
    "line": "C5CDD8",
    "input": "FFF7E0",
    "input_ink": "0B4F8A",
    "output": "E6EEF7",
    "check": "F1F3F5",
    "pass": "00795A",
    "fail": "C24A00",
    "blue": "0072B2",
    "orange": "E69F00",
    "grey": "7A8794",
}

#: What each kind of cell means, for the key on the Cover.
KEY = {
    "Model input": "A figure from a source, or a choice: type over it to try another, change its CSV file to keep it",
    "Model calculation": "Calculated from inputs; never typed over",
    "Model output": "A result that the report uses",
    "Model check": "A test or a verdict, calculated from the figures beside it",
    "Model saved": "A saved value of a simulation: it changes when the workbook is built again",
}

#: Fill and ink of each verdict; only the first accuses.
VERDICT_LOOK = {
    "DOES NOT TIE": ("F8D5C2", "8A2F00"),
    "UNEXPLAINED": ("FDE9B0", "6B4A00"),
    "READING": ("DDE7F3", "1F3A5F"),
    "NOT COMPARABLE": ("ECEEF1", "4A5563"),
    "NOT TESTABLE": ("ECEEF1", "4A5563"),
    "IMPLIED": ("ECEEF1", "4A5563"),
    "ROUNDING": ("DDF0EA", "00513C"),
    "TIES": ("C4E6DA", "00513C"),
}

_HAIR = Side(style="hair", color=COLOURS["line"])
_THIN = Side(style="thin", color=COLOURS["line"])
_BOX = Border(left=_HAIR, right=_HAIR, top=_HAIR, bottom=_HAIR)
_SUM = Border(left=_HAIR, right=_HAIR, top=_THIN, bottom=_THIN)


def _style(
    name: str,
    *,
    size: float = SIZE,
    bold: bool = False,
    italic: bool = False,
    ink: str = "ink",
    fill: str | None = None,
    border: Border | None = None,
    align: str | None = None,
    vertical: str = "center",
    wrap: bool = False,
    locked: bool = True,
    indent: int = 0,
) -> NamedStyle:
    return NamedStyle(
        name=name,
        font=Font(name=FONT, size=size, bold=bold, italic=italic, color=COLOURS.get(ink, ink)),
        fill=PatternFill("solid", fgColor=COLOURS.get(fill, fill)) if fill else PatternFill(),
        border=border or Border(),
        alignment=Alignment(horizontal=align, vertical=vertical, wrap_text=wrap, indent=indent),
        protection=Protection(locked=locked),
    )


def add_styles(wb: Workbook) -> None:
    """Add the named styles to a workbook and set its default typeface."""
    normal = wb._named_styles["Normal"]
    normal.font = Font(name=FONT, size=SIZE, color=COLOURS["ink"])
    for style in (
        _style("Model title", size=16, bold=True, ink="navy"),
        _style("Model purpose", ink="quiet", size=10, vertical="top", wrap=True),
        _style("Model section", size=11, bold=True, ink="navy", vertical="bottom"),
        _style("Model note", ink="quiet", size=8.5, vertical="top", wrap=True),
        _style("Model prose", size=10, vertical="top", wrap=True),
        _style("Model header", bold=True, ink="FFFFFF", fill="navy", border=_BOX, align="center", wrap=True),
        _style("Model label", border=_BOX, align="left", wrap=True, indent=1),
        _style("Model total", bold=True, border=_SUM, align="right"),
        _style("Model total label", bold=True, border=_SUM, align="left", wrap=True, indent=1),
        _style("Model source", border=_BOX, ink="quiet", size=8.5, align="center", wrap=True),
        _style("Model input", border=_BOX, ink="input_ink", fill="input", align="right", locked=False),
        _style(
            "Model input text",
            border=_BOX,
            ink="input_ink",
            fill="input",
            align="left",
            wrap=True,
            locked=False,
            indent=1,
        ),
        _style("Model calculation", border=_BOX, align="right"),
        _style("Model output", border=_BOX, fill="output", bold=True, align="right"),
        _style("Model saved", border=_BOX, italic=True, ink="quiet", align="right"),
        _style("Model check", border=_BOX, fill="check", bold=True, align="center", wrap=True),
        _style("Model link", ink="blue", border=_BOX, align="left", indent=1),
        _style("Model cover check", size=14, bold=True, fill="check", border=_BOX, align="center"),
    ):
        wb.add_named_style(style)


_POUND = "[$£-809]"
_GAP = "_ "  #: a space's width between a number and its border


def number_format(unit: str, dp: int = 0) -> str:
    """Return Excel's number format for a unit and a number of decimals."""
    if unit == "date":
        return "d mmm yyyy" + _GAP
    before = _POUND if unit.startswith("£") else ""
    after = {"£m": '"m"', "£k": '"k"', "%": '"%"'}.get(unit, "") + _GAP
    shown = before + "#,##0" + ("." + "0" * dp if dp > 0 else "") + after
    return f"{shown};-{shown};{shown};@{_GAP}"


#: Numbers with up to two or three decimals. Excel shows a point after a whole number too, so `without_idle_points`
#: gives each of these cells the two rules that take it away.
DECIMALS_2, DECIMALS_3 = "#,##0.0#" + _GAP, "#,##0.0##" + _GAP
_WHOLE = "#,##0" + _GAP
_RULE_FORMATS = {_WHOLE: 501, DECIMALS_2: 502, DECIMALS_3: 503}  #: numbers of formats that only rules use

N0, N1, N2, N3 = (number_format("number", dp) for dp in range(4))
M2, M3, K1, POUND, PCT = (number_format(u, dp) for u, dp in (("£m", 2), ("£m", 3), ("£k", 1), ("£", 0), ("%", 2)))
CALC, OUT, LABEL, SOURCE, CHECK, TOTAL = (
    f"Model {s}" for s in ("calculation", "output", "label", "source", "check", "total")
)


def painted(test: str, fill: str, ink: str) -> Rule:
    """Return the rule that colours a cell where a test, without its equals sign, holds."""
    look = DifferentialStyle(font=Font(color=ink, bold=True), fill=PatternFill(bgColor=fill, fill_type="solid"))
    return Rule(type="expression", formula=[test], dxf=look)


def paint_words(ws: Worksheet, area: str, looks: dict[str, tuple[str, str]]) -> None:
    """Colour the cells of an area by the word they hold; the word itself always stays readable."""
    first = area.split(":")[0]
    for word, (fill, ink) in looks.items():
        ws.conditional_formatting.add(area, painted(f'{first}="{word}"', fill, ink))


def without_idle_points(ws: Worksheet) -> None:
    """Show the numbers of `DECIMALS_2` and `DECIMALS_3` that are whole without a decimal point, whatever is typed."""
    for shown in (DECIMALS_2, DECIMALS_3):
        cells = [cell for row in ws.iter_rows() for cell in row if cell.number_format == shown]
        for cell in cells:
            if isinstance(cell.value, (int, float)) and cell.value == int(cell.value):
                cell.number_format = _WHOLE  # what reads no rules shows the number as it is now
        for area in _areas((cell.row, cell.column) for cell in cells):
            first = area.split(":")[0]
            for sign, number in (("=", _WHOLE), ("<>", shown)):
                look = DifferentialStyle(numFmt=NumberFormat(_RULE_FORMATS[number], number))
                rule = Rule(type="expression", formula=[f"{first}{sign}INT({first})"], dxf=look)
                ws.conditional_formatting.add(area, rule)


def _areas(places: Iterable[tuple[int, int]]) -> Iterator[str]:
    """Yield the rectangles that cells, by row and column, make up: runs of a row, joined downwards where alike."""
    runs: dict[tuple[int, int], list[int]] = {}  # first and last column: rows
    left: int | None = None
    known = sorted(places)
    for at, (row, col) in enumerate(known):
        left = col if left is None else left
        if at + 1 < len(known) and known[at + 1] == (row, col + 1):
            continue
        runs.setdefault((left, col), []).append(row)
        left = None
    for (first, last), rows in runs.items():
        top = rows[0]
        for at, row in enumerate(rows):
            if at + 1 == len(rows) or rows[at + 1] != row + 1:
                yield f"{get_column_letter(first)}{top}:{get_column_letter(last)}{row}"
                top = rows[min(at + 1, len(rows) - 1)]
