"""The sheet Assumptions: every constant and every choice, one row each, under the name that formulas use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from xlmodel.building.project import BookProject, Text
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import LABEL, SOURCE, number_format
from xlmodel.inputs.tables import ASSUMPTIONS

__all__ = ["CONSTANTS", "Constant", "assumptions", "name_of"]

FIRST = 6  #: the row of the first assumption
INPUT = "Model input"
_DATE = number_format("date")


@dataclass(frozen=True)
class Constant:
    """A number that the workbook needs and no table of the project gives."""

    name: str
    what: str
    value: float
    unit: str
    source: str
    least: float = 0.0
    most: float = 1e9
    needed: Callable[[BookProject], bool] = lambda project: True  #: whether any formula of the workbook takes it


def _ends_at_adult_age(project: BookProject) -> bool:
    """Whether a survival curve of the project ends at the age itself, or would for want of a rate after its end."""
    tail = {row["value"] for row in project.model.get("assumptions", []) if row["name"] == "tail_hazard"}
    return "survival" in project.model and (project.demand.ages.known or any(float(value) == 0 for value in tail))


def _has_funnel(project: BookProject) -> bool:
    rows = project.book.get("neighbours", [])
    return all(any(row.get(column) for row in rows) for column in ("children_looked_after", "population"))


def _has_delivered(project: BookProject) -> bool:
    return any(row.get("delivered") for row in project.book.get("savings_detail", []))


#: In the order of the sheet. Calendar and arithmetic are as they are; the others are choices.
CONSTANTS: tuple[Constant, ...] = (
    Constant("Sensitivity_step", "By what share one thing at a time is varied", 0.1, "share", "Convention", 0.0, 0.99),
    Constant(
        "Check_tolerance", "Largest difference that a check lets pass", 1e-6, "as the check", "Rounding only", 0.0, 0.01
    ),
    Constant(
        "Calculation_noise",
        "How far apart equal figures come out of a calculation",
        1e-12,
        "share",
        "15 digits",
        0.0,
        1e-6,
    ),
    Constant(
        "Model_gap_allowed",
        "How far the workbook may be from the full model",
        0.1,
        "share",
        "Convention",
        0.0,
        0.5,
    ),
    Constant(
        "Errors_allowed",
        "Cells of a sheet that may show an error",
        0,
        "cells",
        "A published workbook shows none",
        0,
        100,
    ),
    Constant(
        "Adult_age",
        "Age at which a child is no longer looked after",
        18,
        "years",
        "Children Act 1989",
        18,
        18,
        needed=_ends_at_adult_age,
    ),
    Constant(
        "Half_unit",
        "The most that rounding hides, in units of the last printed place",
        0.5,
        "units",
        "Rounding",
        0.5,
        0.5,
    ),
    Constant(
        "Decimal_base", "By how much each decimal place is finer than the last", 10, "times", "Arithmetic", 10, 10
    ),
    Constant("Months_in_year", "Months in a year", 12, "months", "Calendar", 12, 12),
    Constant("Days_in_week", "Days in a week", 7, "days", "Calendar", 7, 7),
    Constant("Per_10k", "Children that a rate is given for", 10_000, "children", "Arithmetic", 10_000, 10_000),
    Constant(
        "Rag_amber_share",
        "How far below plan is still amber, as a share of it",
        0.1,
        "share",
        "Convention",
        0.0,
        1.0,
        _has_delivered,
    ),
    Constant(
        "Funnel_z_95",
        "Width of the limits that chance leaves 95 % within",
        1.96,
        "standard deviations",
        "Statistics",
        1,
        5,
        needed=_has_funnel,
    ),
    Constant(
        "Funnel_z_998", "The same for 99.8 %", 3.09, "standard deviations", "Statistics", 1, 5, needed=_has_funnel
    ),
)

_ABOUT = {column.name: column.about for column in ASSUMPTIONS}
_BOUNDS = {column.name: column for column in ASSUMPTIONS}


def name_of(assumption: str) -> str:
    """Return the name of an assumption's cell; Attribution is that of the scenario shown.

    >>> name_of("exit_hazard"), name_of("attribution")
    ('exit_hazard', 'Attribution_default')
    """
    return "Attribution_default" if assumption == "attribution" else assumption


def assumptions(build: Build) -> None:
    """Write the sheet."""
    sheet = Sheet(
        build,
        "Assumptions",
        "Assumptions",
        "Every choice that the model makes and every constant that it needs, one row each, under the name that "
        "formulas use. Low and high stand where another value can be defended. Change a value here and every sheet "
        "follows.",
        (24, 50, 14, 12, 12, 15, 44, 18, 13),
        tab="E69F00",
    )
    sheet.section(4, "Values")
    sheet.header(5, ("Name", "What it is", "Value", "Low", "High", "Unit", "Source", "Owner", "Date set"), 20)
    row = FIRST
    for row, assumption in enumerate(build.project.demand.assumptions, FIRST):
        values = (assumption.value, assumption.low, assumption.high)
        shown = [None if x != x else x for x in values]
        date_set = next(
            (r["date"] for r in build.project.model["assumptions"] if r["name"] == assumption.name and "date" in r), ""
        )
        sheet.line(
            row,
            [
                (Text(name_of(assumption.name)), LABEL, None),
                (_ABOUT[assumption.name], LABEL, None),
                *((x, INPUT if x is not None else LABEL, "General") for x in shown),
                (Text(assumption.unit), SOURCE, None),
                (Text(assumption.source), SOURCE, None),
                (Text(assumption.owner), SOURCE, None),
                (Text(date_set), SOURCE, None),
            ],
        )
        sheet.fit(row)
        _allow(sheet, row, assumption.name)
        build.name(name_of(assumption.name), sheet.at(f"C{row}"))
    first = row + 1 if build.project.demand.assumptions else FIRST
    constants = [constant for constant in CONSTANTS if constant.needed(build.project)]
    for row, constant in enumerate(constants, first):
        sheet.line(
            row,
            [
                (constant.name, LABEL, None),
                (constant.what, LABEL, None),
                (constant.value, INPUT, "General"),
                (None, LABEL, None),
                (None, LABEL, None),
                (constant.unit, SOURCE, None),
                (constant.source, SOURCE, None),
                (None, SOURCE, None),
                (None, SOURCE, None),
            ],
        )
        allowed = (
            f"it is {_plain(constant.least)}"
            if constant.least == constant.most
            else f"a number from {_plain(constant.least)} to {_plain(constant.most)} is needed"
        )
        what = f"{constant.what}: {allowed}."
        sheet.allow(f"C{row}", "decimal", what, _plain(constant.least), _plain(constant.most))
        sheet.fit(row)
        build.name(constant.name, sheet.at(f"C{row}"))
    build.name("Assumption_names", sheet.at(f"A{FIRST}:A{row}"))
    build.name("Assumption_values", sheet.at(f"C{FIRST}:C{row}"))
    build.name("Assumption_low", sheet.at(f"D{FIRST}:D{row}"))
    build.name("Assumption_high", sheet.at(f"E{FIRST}:E{row}"))
    build.check(
        "Assumptions",
        "Every assumption and constant is a number",
        "COUNTA(Assumption_names)",
        "COUNT(Assumption_values)",
        breaks=(sheet.at(f"C{row}"), "not a number"),
    )
    sheet.finish("C6", last_row=row, titles="5:5")


def _plain(number: float) -> str:
    """Return a number with all its places: 0.000001, not 1e-06."""
    return f"{Decimal(repr(float(number))).normalize():f}"


def _allow(sheet: Sheet, row: int, name: str) -> None:
    column = _BOUNDS[name]
    least = column.at_least if column.at_least is not None else column.above
    most = column.at_most if column.at_most is not None else 1e6
    what = f"{column.about} {'It must be ' + column.bounds + '.' if column.bounds else ''}".strip()
    sheet.allow(f"C{row}:E{row}", "decimal", what, f"{least or 0:.15g}", f"{most:.15g}")
