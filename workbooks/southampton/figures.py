"""The inputs: printed figures, assumptions and words, read from the CSV files beside this module."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

__all__ = ["INPUTS", "Figure", "Rows", "read_figures", "read_rows"]

INPUTS = Path(__file__).parent / "inputs"

#: The files that hold printed figures, in the order of the Inputs sheet.
FIGURE_FILES = {
    "cohort": "Cohort table",
    "rates": "Rates per 10,000",
    "avoided_cost": "Avoided cost",
    "savings_plan": "Savings plan",
    "demand_money": "Demand money",
    "weekly_spend": "Weekly spend",
    "neighbours": "Neighbours",
    "run_rates": "Run rates, plans",
    "budget": "Budget",
    "news": "News article",
}

Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed figure: what it is, how it is printed and where."""

    id: str
    group: str
    item: str
    period: str
    printed: str
    value: float
    dp: int
    precision: str  #: "exact" for a count or target, "rounded" for a figure known to half a unit
    unit: str
    source: str
    quote: str


def read_rows(name: str, folder: Path = INPUTS) -> Rows:
    """Return one CSV file as rows of text; nothing is guessed from what the text looks like."""
    frame = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False, encoding="utf-8")
    return [{str(k): str(v) for k, v in row.items()} for row in frame.to_dict("records")]


def read_figures(folder: Path = INPUTS) -> list[Figure]:
    """Return every printed figure, checked for what a figure needs."""
    figures: list[Figure] = []
    for name, group in FIGURE_FILES.items():
        for row in read_rows(name, folder):
            missing = [k for k, v in row.items() if not v]
            if missing:
                raise ValueError(f"{name}.csv: {row['id']} lacks {', '.join(missing)}")
            if row["precision"] not in ("exact", "rounded"):
                raise ValueError(
                    f"{name}.csv: {row['id']}: precision is 'exact' or 'rounded', not {row['precision']!r}"
                )
            try:
                numbers = {"value": number(row["value"]), "dp": int(row["dp"])}
            except ValueError:
                raise ValueError(
                    f"{name}.csv: {row['id']}: value and dp are numbers, not {row['value']!r} and {row['dp']!r}"
                ) from None
            figures.append(Figure(group=group, **{k: v for k, v in row.items() if k not in numbers}, **numbers))
    ids = [f.id for f in figures]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise ValueError(f"figures with one id: {', '.join(twice)}")
    return figures


def number(text: str) -> float | int:
    """Return a number as Excel would keep it: whole numbers stay whole."""
    value = float(text)
    return int(value) if value.is_integer() else value


def cell_value(text: str, unit: str) -> float | int | str | date | None:
    """Return the content of an assumption's cell: a date, a word or a number by its unit."""
    if not text:
        return None
    if unit == "date":
        return date.fromisoformat(text)
    if unit in ("word", "year"):
        return text
    return number(text)
