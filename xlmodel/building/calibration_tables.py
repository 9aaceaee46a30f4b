"""The part of the sheet Inputs survival that says how the workbook is set to the demand model, and how well it fits."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from openpyxl.utils import get_column_letter

from xlmodel.building.calibration import calibrated
from xlmodel.building.project import Text
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.simplified import simplifications
from xlmodel.building.style import CALC, LABEL, N1, POUND
from xlmodel.model.domain import FloatArray

__all__ = ["calibration_tables"]

INPUT = "Model input"
YEAR_COLUMN = 3
FACTOR = "0.0000_ "


def calibration_tables(build: Build, sheet: Sheet, top: int) -> int:
    """Write what is taken more simply, the factors by placement and year, and the differences that stay.

    Returns the row for what comes next.
    """
    project = build.project
    demand = project.demand
    found = calibrated(project)
    row = top
    for row, text in enumerate(simplifications(project), top):
        sheet.note(row, text)
    row += 1
    sheet.note(
        row,
        "So the rates above are multiplied by the factors below, set once when the workbook is built: with the "
        "baseline's starts they give the children of the demand model in every placement and year. Other starts and "
        "stated ceases make the difference that the last table shows.",
    )
    years = demand.months.labels
    row += 2
    sheet.section(row, "Leaving: times the rate above, by placement and year")
    sheet.header(row + 1, ("Placement", "Name", *years), 20)
    first = row + 2
    last = first + len(demand.placements) - 1
    letters = [get_column_letter(YEAR_COLUMN + y) for y in range(len(years))]
    for p, (code, label) in enumerate(zip(demand.placements, demand.placement_labels, strict=True)):
        cells = ((float(x), INPUT, FACTOR) for x in found.times[p])
        sheet.line(first + p, [(Text(code), LABEL, None), (Text(label), LABEL, None), *cells])
    area = f"{letters[0]}{first}:{letters[-1]}{last}"
    sheet.allow(area, "decimal", "A factor from 0 to 1000 is needed; 1 changes nothing.", "0", "1000")
    build.name("Hazard_times", sheet.at(area))
    build.check(
        sheet.title,
        "Every placement has a factor on its rate of leaving in every year",
        "COUNT(Hazard_times)",
        "ROWS(Placement_codes)*ROWS(Years)",
        breaks=(sheet.at(f"{letters[-1]}{last}"), "not a number"),
    )
    return _differences(build, sheet, last + 2, found.closing, found.cost)


def _differences(
    build: Build, sheet: Sheet, top: int, closing: Mapping[str, FloatArray], cost: Mapping[str, FloatArray]
) -> int:
    """Write the last year of every scenario as the demand model has it and as the workbook does."""
    last = build.project.demand.months.labels[-1]
    sheet.section(top, f"The last year, {last}: demand model, with the inputs as they were built, and this workbook")
    sheet.header(
        top + 1,
        (
            "Scenario",
            "Name",
            "Children, demand model",
            "Children, this workbook",
            "Difference, children",
            "Cost, demand model (£)",
            "Cost, this workbook (£)",
            "Difference (£)",
        ),
        44,
    )
    row = top + 1
    for row, (code, scenario) in enumerate(build.project.demand.scenarios.items(), top + 2):
        find = f'MATCH($A{row}&"|"&Last_year,Case_key,0)'
        sheet.line(
            row,
            [
                (Text(code), LABEL, None),
                (Text(scenario.label), LABEL, None),
                (_known(closing[code][-1]), CALC, N1),
                (f"=INDEX(Case_closing,{find})", CALC, N1),
                (f"=D{row}-C{row}", CALC, N1),
                (_known(cost[code][-1]), CALC, POUND),
                (f"=INDEX(Case_cost,{find})", CALC, POUND),
                (f"=G{row}-F{row}", CALC, POUND),
            ],
        )
        sheet.fit(row)
    return row + 2


def _known(figure: float) -> float | None:
    return None if np.isnan(figure) else float(figure)
