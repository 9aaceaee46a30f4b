"""What a chart draws: the cells that its series name, as recalculated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlmodel.engine.references import PieceKind, Scope
from xlmodel.errors import EngineError
from xlmodel.refs import Rect, to_r1c1
from xlmodel.report.book_page_cells import shown
from xlmodel.report.book_page_chart_parts import ChartPart, Data, SeriesPart
from xlmodel.report.book_page_subject import Subject
from xlmodel.values import Scalar

__all__ = ["ChartData", "Plotted", "Point", "chart_data"]

MOST_POINTS = 400  #: of a series


@dataclass(frozen=True, slots=True)
class Point:
    """One cell that a chart draws."""

    value: float | None  #: None where there is no number: nothing is drawn
    text: str  #: as its cell shows it
    hidden: bool = False  #: in a row or column that the workbook hides


@dataclass(frozen=True, slots=True)
class Plotted:
    """One series with its points."""

    part: SeriesPart
    name: str
    points: tuple[Point, ...]
    along: tuple[Point, ...]  #: of a scatter, where the points lie along the chart


@dataclass(frozen=True, slots=True)
class ChartData:
    """A chart with all that it draws."""

    part: ChartPart
    sheet: int  #: its sheet's number
    title: str
    series: tuple[Plotted, ...]
    categories: tuple[str, ...]
    format: str  #: number format of its first values
    saved: bool  #: some of its cells are not known here: what the chart kept of them is drawn
    left_out: int  #: points of each series that are not shown


def chart_data(subject: Subject, scope: Scope, sheet: int, part: ChartPart) -> ChartData:
    """Return a chart with the values of its cells.

    Parameters
    ----------
    subject : Subject
        The workbook.
    scope : Scope
        Its sheets as recalculated, with its names and tables.
    sheet : int
        The number of the sheet that it stands on.
    part : ChartPart
        What it draws.
    """
    cells = _Cells(subject, scope, sheet - 1)
    series: list[Plotted] = []
    categories: list[str] = []
    longest = 0
    for own in part.series:
        points, along = cells.points(own.values), cells.points(own.along)
        if part.visible_only:
            kept = [not p.hidden for p in points]
            along = _where(along, kept) if len(along) == len(kept) else along
            points = _where(points, kept)
        longest = max(longest, len(points))
        name = " ".join(p.text for p in cells.points(own.name) if p.text) or f"Series {len(series) + 1}"
        categories = categories or [p.text for p in along]
        series.append(Plotted(own, name, tuple(points[:MOST_POINTS]), tuple(along[:MOST_POINTS])))
    count = min(longest, MOST_POINTS)
    categories = [*categories[:count], *(str(i + 1) for i in range(len(categories), count))]
    title = " ".join(p.text for p in cells.points(part.title) if p.text)
    return ChartData(
        part, sheet, title, tuple(series), tuple(categories), cells.format, cells.saved, max(longest - MOST_POINTS, 0)
    )


def _where(points: Sequence[Point], kept: Sequence[bool]) -> list[Point]:
    return [p for p, keep in zip(points, kept, strict=True) if keep]


class _Cells:
    """Finds the cells that a chart names."""

    def __init__(self, subject: Subject, scope: Scope, home: int) -> None:
        self.subject, self.scope, self.home = subject, scope, home
        self.saved, self.format = False, ""

    def points(self, data: Data) -> list[Point]:
        """Return the cells of a reference; what the chart kept of them where the reference leads elsewhere."""
        found = self._areas(data.reference) if data.reference else None
        if found is None:
            self.saved |= bool(data.reference)
            return [Point(_number(text), text) for text in data.kept]
        return [point for area in found for point in self._cells(*area)]

    def _areas(self, reference: str) -> list[tuple[int, Rect]] | None:
        try:
            pieces = self.scope.read(to_r1c1(reference, 1, 1), self.home)
        except EngineError:
            return None
        if any(p.kind not in (PieceKind.REFERENCE, PieceKind.PUNCTUATION) for p in pieces):
            return None
        spans = [span for piece in pieces for span in piece.spans]
        areas = [(span.sheet, span.at(1, 1)) for span in spans]
        return [(sheet, rect) for sheet, rect in areas if rect is not None] or None

    def _cells(self, number: int, rect: Rect) -> Iterator[Point]:
        sheet = self.subject.sheets[number]
        rect = Rect(
            rect.top, rect.left, min(rect.bottom, rect.top + 10 * MOST_POINTS), min(rect.right, rect.left + MOST_POINTS)
        )
        rows, columns = set(sheet.hidden_rows.tolist()), set(sheet.hidden_columns.tolist())
        for row in range(rect.top, rect.bottom + 1):
            for col in range(rect.left, rect.right + 1):
                at = sheet.find(row, col)
                content: Scalar = None if at < 0 else sheet.values.item(at)
                code = "General" if at < 0 else self.subject.book.number_formats[int(sheet.style[at])]
                number_ = content if isinstance(content, float) else None
                if number_ is not None and not self.format:
                    self.format = code
                text = shown(content, code, self.subject.book.date1904)
                yield Point(number_, text.strip(), row in rows or col in columns)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
