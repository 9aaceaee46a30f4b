"""The lines of a savings plan by year, and the columns that the sheet gives them."""

from __future__ import annotations

from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from xlmodel.building.blocks import figure, text
from xlmodel.building.project import Rows

__all__ = ["YEARS", "PlanLines"]

YEARS = 2  #: the column of the first year


@dataclass(frozen=True)
class PlanLines:
    """The plan's rows by line and year, and the columns that its years stand in."""

    lines: tuple[str, ...]
    years: tuple[str, ...]
    rows: dict[tuple[str, str], dict[str, str]]  #: by line and year

    @classmethod
    def of(cls, rows: Rows, years: tuple[str, ...]) -> PlanLines:
        """Return the plan of a table's rows, its lines in their order."""
        lines = tuple(dict.fromkeys(text(row, "line") for row in rows))
        return cls(lines, years, {(text(row, "line"), text(row, "year")): row for row in rows})

    @property
    def columns(self) -> list[str]:
        """The letters of the years' columns."""
        return [get_column_letter(YEARS + i) for i in range(len(self.years))]

    def beside(self, place: int) -> str:
        """Return the letter of a column of words, which stand after the years."""
        return str(get_column_letter(YEARS + len(self.years) + place))

    def across(self, row: int) -> str:
        """Return the years of a row, the columns fixed."""
        return f"${self.columns[0]}{row}:${self.columns[-1]}{row}"

    def row(self, line: str) -> dict[str, str]:
        """Return the first row of a line: its words are the same in every year."""
        return next(r for (name, _), r in self.rows.items() if name == line)

    def figures(self, line: str, column: str) -> list[float | int | None]:
        """Return a column of a line by year."""
        return [figure(self.rows.get((line, year), {}), column) for year in self.years]
