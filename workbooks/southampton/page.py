"""One sheet being written: cells with their styles, headings, widths, print setup."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_from_string
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from workbooks.southampton.figures import Figure
from workbooks.southampton.style import number_format

__all__ = ["Deck", "Page", "Result"]

Content = str | float | int | date | None


@dataclass(frozen=True, slots=True)
class Result:
    """Where a figure of the reconciliation stands: addresses with their sheets."""

    recomputed: str
    low: str
    high: str
    stated: str | None = None
    dp: str | None = None
    half: str | None = None
    other: str | None = None  #: the arithmetic on a second reading


@dataclass
class Deck:
    """The workbook under construction, and where things stand in it."""

    wb: Workbook
    figures: dict[str, Figure]
    rows: dict[str, int] = field(default_factory=dict)  #: row of each figure on the Inputs sheet
    results: dict[str, Result] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)  #: cell of each verdict
    checks: list[tuple[str, str, str, str]] = field(default_factory=list)  #: area, what must hold, left, right

    def cell(self, figure: str, part: str = "value") -> str:
        """Return the address of a printed figure's value, dp, half unit, lowest or highest."""
        column = {"value": "F", "dp": "H", "half": "J", "low": "K", "high": "L"}[part]
        return f"Inputs!${column}${self.rows[figure]}"

    def link(self, figure: str, part: str = "value") -> str:
        """Return the formula that takes over a printed figure."""
        return "=" + self.cell(figure, part)

    def sources(self, *figures: str) -> str:
        """Return the lines on which several figures stand, each once."""
        return ", ".join(dict.fromkeys(self.figures[f].source for f in figures))

    def printed_format(self, figure: str) -> str:
        """Return the number format that shows a figure as it was printed."""
        f = self.figures[figure]
        return number_format(f.unit, f.dp)

    def stated_format(self, result: Result, unit: str, dp: int) -> str:
        """Return the format of a stated figure: its own decimals, or `dp` where it is stated in another unit."""
        own = next((f.dp for f in self.figures.values() if self.cell(f.id, "dp") == result.dp), dp)
        return number_format(unit, own)

    def name(self, name: str, address: str) -> None:
        """Give a cell or range a name."""
        self.wb.defined_names[name] = DefinedName(name, attr_text=address)

    def result(self, key: str, printed: str | None = None, **where: str) -> None:
        """Note where a figure of the reconciliation stands; `printed` is the id of the figure it is held against."""
        if printed:
            where = {
                "stated": self.cell(printed),
                "dp": self.cell(printed, "dp"),
                "half": self.cell(printed, "half"),
            } | where
        self.results[key] = Result(**where)

    def check(self, area: str, what: str, left: str, right: str) -> None:
        """Ask for a row on the Checks sheet: two formulas, without the equals sign, that must agree."""
        self.checks.append((area, what, left, right))


class Page:
    """One sheet of the workbook."""

    def __init__(
        self,
        deck: Deck,
        title: str,
        heading: str,
        purpose: str,
        widths: Sequence[float],
        *,
        tab: str = "1F3A5F",
        span: int | None = None,
    ) -> None:
        self.deck = deck
        self.ws: Worksheet = deck.wb[title] if title in deck.wb.sheetnames else deck.wb.create_sheet(title)
        self.title = title
        self.widths = list(widths)
        self.ws.sheet_view.showGridLines = False
        self.ws.sheet_view.zoomScale = 100
        self.ws.sheet_properties.tabColor = tab
        for i, width in enumerate(widths, 1):
            self.ws.column_dimensions[get_column_letter(i)].width = width
        self.put("A1", heading, "Model title")
        self.put("A2", purpose, "Model purpose")
        self.last = get_column_letter(span or len(widths))
        self.ws.merge_cells(f"A2:{self.last}2")
        self.ws.row_dimensions[1].height = 26
        self.ws.row_dimensions[2].height = 6 + 13 * math.ceil(len(purpose) * 0.86 / sum(self.widths[:span]))

    def put(self, cell: str, content: Content, style: str = "Model calculation", fmt: str | None = None) -> None:
        """Write one cell."""
        target = self.ws[cell]
        target.value = content
        target.style = style
        if fmt:
            target.number_format = fmt

    def line(self, row: int, contents: Iterable[tuple[Content, str, str | None] | None], first: int = 1) -> None:
        """Write cells side by side: content, style, number format each; None leaves a cell out."""
        for i, item in enumerate(contents, first):
            if item:
                self.put(f"{get_column_letter(i)}{row}", *item)

    def header(self, row: int, labels: Sequence[str], height: float = 38) -> None:
        """Write a header row."""
        self.line(row, [(label, "Model header", None) for label in labels])
        self.ws.row_dimensions[row].height = height

    def section(self, row: int, text: str, col: int = 1) -> None:
        """Write a section heading."""
        self.put(f"{get_column_letter(col)}{row}", text, "Model section")
        self.ws.row_dimensions[row].height = 20

    def note(self, row: int, text: str, columns: int | None = None) -> None:
        """Write a note across the sheet."""
        last = columns or len(self.widths)
        self.put(f"A{row}", text, "Model note")
        self.ws.merge_cells(f"A{row}:{get_column_letter(last)}{row}")
        self.ws.row_dimensions[row].height = 4 + 11.5 * math.ceil(len(text) * 1.0 / sum(self.widths[:last]))

    def fit(self, row: int, columns: Iterable[int] | None = None, least: float = 15) -> None:
        """Set a row's height to its longest wrapped text."""
        lines = 1
        for i in columns or range(1, len(self.widths) + 1):
            text = self.ws.cell(row, i).value
            if isinstance(text, str) and not text.startswith("="):
                lines = max(lines, _wrapped(text, self.widths[i - 1]))
        self.ws.row_dimensions[row].height = max(least, 4 + 11.8 * lines)

    def allow(self, area: str, kind: str, what: str, *bounds: str) -> None:
        """Let an input cell hold only a number or date between two bounds, or a word of a list; else say what."""
        test = DataValidation(
            type=kind,
            operator=None if kind == "list" else "between",
            formula1=bounds[0],
            formula2=None if kind == "list" else bounds[1],
            allow_blank=False,
            showErrorMessage=True,
            errorTitle="Not a value for this cell",
            error=f"{what} Change it in its CSV file, where its source stands, and build the workbook again.",
        )
        test.add(area)
        self.ws.add_data_validation(test)

    def at(self, cell: str) -> str:
        """Return a cell's or range's absolute address with the sheet."""
        corners = []
        for corner in cell.split(":"):
            letters, row = coordinate_from_string(corner)
            corners.append(f"${letters}${row}")
        quoted = f"'{self.title}'" if " " in self.title else self.title
        return f"{quoted}!{':'.join(corners)}"

    def finish(
        self,
        freeze: str,
        *,
        last_row: int | None = None,
        titles: str | None = None,
        area: str | None = None,
        pages: int = 0,
    ) -> None:
        """Set what is frozen, how the sheet prints (on how many pages at most, 0: any) and what stands at its foot."""
        ws = self.ws
        ws.freeze_panes = freeze
        ws.page_setup.orientation = "landscape"
        ws.page_setup.paperSize = ws.PAPERSIZE_A4
        ws.page_setup.fitToWidth = 1
        ws.page_setup.fitToHeight = pages
        ws.sheet_properties.pageSetUpPr.fitToPage = True
        ws.print_options.horizontalCentered = True
        ws.page_margins.left = ws.page_margins.right = 0.45
        ws.page_margins.top = ws.page_margins.bottom = 0.52
        ws.page_margins.header = ws.page_margins.footer = 0.25
        ws.print_area = area or f"A1:{self.last}{last_row or ws.max_row}"
        if titles:
            ws.print_title_rows = titles
        ws.oddHeader.left.text = "Children's services budget deck"
        ws.oddHeader.right.text = "&A"
        ws.oddFooter.left.text = "Calculated from the inputs listed on the sheet Inputs"
        ws.oddFooter.right.text = "Page &P of &N"
        for part in (ws.oddHeader.left, ws.oddHeader.right, ws.oddFooter.left, ws.oddFooter.right):
            part.font, part.size, part.color = "Arial,Regular", 8, "5B6775"


def _wrapped(text: str, width: float) -> int:
    """Return about how many lines a text takes in a column of a width, breaking at words."""
    room = max(width * 1.15 - 3, 3)
    lines, used = 1, 0.0
    for word in text.split():
        if used and used + 1 + len(word) > room:
            lines, used = lines + 1, float(len(word))
        else:
            used += len(word) + (1 if used else 0)
        while used > room:  # a word too long for the column goes on in the next line
            lines, used = lines + 1, used - room
    return lines
