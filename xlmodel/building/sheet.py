"""One sheet being written: cells with their styles, headings, widths, print setup."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_from_string
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xlmodel.building.project import BookProject, Text
from xlmodel.building.style import FONT, without_idle_points
from xlmodel.reconcile import Claims, Reconciliation, judge, read_claims
from xlmodel.registry import Registry

__all__ = ["Build", "Check", "Content", "Sheet", "quoted"]

Content = str | float | int | date | None

_MOST_PRINTED = 120  #: characters of a title in a header, beside the codes of its look
_MOST_SAID = 225  #: characters of what Excel says where an input is refused


@dataclass(frozen=True)
class Check:
    """A row of the sheet Checks: two formulas, without the equals sign, that must agree."""

    sheet: str
    what: str
    left: str
    right: str
    breaks: tuple[str, float | str]  #: a cell, with its sheet, and the content that makes the check fail


@dataclass
class Build:
    """The workbook under construction, and what its sheets have asked for."""

    wb: Workbook
    project: BookProject
    registry: Registry  #: the functions that the cells call
    checks: list[Check] = field(default_factory=list)
    alt_texts: dict[str, list[str]] = field(default_factory=dict)  #: what each chart of a sheet shows, in order

    @cached_property
    def claims(self) -> Claims | None:
        """The printed figures that the project holds to one another; None where it has no file claims.csv."""
        return read_claims(self.project.claims, self.registry) if self.project.claims else None

    @cached_property
    def reconciliation(self) -> Reconciliation | None:
        """The printed figures judged; None where there are none."""
        return judge(self.claims) if self.claims else None

    def name(self, name: str, address: str) -> None:
        """Give a cell or range a name; ValueError where it has been given already, for Excel in any capitals."""
        given = {known.lower(): known for known in self.wb.defined_names}
        if name.lower() in given:
            before = self.wb.defined_names[given[name.lower()]].attr_text
            raise ValueError(f"the name {name} is given twice: {before} and {address}")
        self.wb.defined_names[name] = DefinedName(name, attr_text=address)

    def check(self, sheet: str, what: str, left: str, right: str, *, breaks: tuple[str, float | str]) -> None:
        """Ask for a row on the sheet Checks.

        Parameters
        ----------
        sheet, what : str
            Where it belongs, and what must hold, as a statement.
        left, right : str
            Two formulas without their equals sign.
        breaks : tuple of str and content
            A cell, such as ``Stock!$H$9``, and a content that makes this check fail; the tests put it there.
        """
        self.checks.append(Check(sheet, what, left, right, breaks))


class Sheet:
    """One sheet of the workbook."""

    def __init__(
        self,
        build: Build,
        title: str,
        heading: str,
        purpose: str,
        widths: Sequence[float],
        *,
        tab: str = "1F3A5F",
        span: int | None = None,
    ) -> None:
        self.build = build
        self.ws: Worksheet = build.wb[title] if title in build.wb.sheetnames else build.wb.create_sheet(title)
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
        if isinstance(content, Text):
            target.data_type = "s"
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
            error=what if len(what) <= _MOST_SAID else what[: _MOST_SAID - 1] + "…",
        )
        test.add(area)
        self.ws.add_data_validation(test)

    def at(self, cell: str) -> str:
        """Return a cell's or range's absolute address with the sheet."""
        corners = []
        for corner in cell.split(":"):
            letters, row = coordinate_from_string(corner)
            corners.append(f"${letters}${row}")
        return f"{quoted(self.title)}!{':'.join(corners)}"

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
        without_idle_points(ws)
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
        ws.oddHeader.left.text = _printed(self.build.project.title)
        ws.oddHeader.right.text = "&A"
        ws.oddFooter.left.text = _printed(self.build.project.version_line)
        ws.oddFooter.right.text = "Page &P of &N"
        for part in (ws.oddHeader.left, ws.oddHeader.right, ws.oddFooter.left, ws.oddFooter.right):
            part.font, part.size, part.color = f"{FONT},Regular", 8, "5B6775"


def _printed(text: str) -> str:
    """Return a text as a header or footer prints it: & begins a code there, and Excel takes 255 characters in all.

    >>> _printed("Children & families")
    'Children && families'
    """
    return (text if len(text) <= _MOST_PRINTED else text[: _MOST_PRINTED - 1] + "…").replace("&", "&&")


def quoted(title: str) -> str:
    """Return a sheet's title as a formula writes it."""
    return title if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", title) else f"'{title}'"


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
