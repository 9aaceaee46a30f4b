"""The sheet Inputs survival: how readily children leave care, by placement, and what that says of their stays."""

from __future__ import annotations

import numpy as np
from openpyxl.utils import get_column_letter

from xlmodel.building.calibration_tables import calibration_tables
from xlmodel.building.inputs_flows import CHILDREN, stated_ceases
from xlmodel.building.project import Text
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.simplified import exact
from xlmodel.building.style import CALC, LABEL, N2, OUT, SOURCE
from xlmodel.building.survival_curves import survival_curves

__all__ = ["inputs_survival"]

TITLE = "Inputs survival"
HEADER = "Model header"
SHARE, HAZARD = "0.0%_ ", "0.0000_ "
FIRST = 6
TIMES = (1, 2, 3, 5)  #: years after entry for which the share still in care is shown
TIME_COLUMN = 5


def inputs_survival(build: Build) -> None:
    """Write the sheet."""
    demand = build.project.demand
    sheet = Sheet(
        build,
        TITLE,
        "Inputs: how long children stay",
        "How readily children leave care, placement by placement: a rate a year, the same at every moment, so that "
        "what is left of a stay is always the same stay again. It decides the mean stay and the shares still in care.",
        (26, 34, 17, 15, 13, 13, 13, 13, 60),
        tab="E69F00",
    )
    count = len(demand.placements)
    row = FIRST + count + 1
    if not exact(build.project):
        row = calibration_tables(build, sheet, row)
    given, source, last = _given(build, sheet, row)
    _placements(build, sheet, given, source)
    sheet.finish("A4", last_row=last)


def _placements(build: Build, sheet: Sheet, given: list[str], source: str) -> None:
    """Write a row for each placement."""
    demand = build.project.demand
    sheet.section(4, "Leaving care (rate a year), mean stay (years) and share of children still in care")
    sheet.header(5, ("Placement", "Name", "Leaving care, rate a year", "Mean stay, years"), 32)
    letters = [get_column_letter(TIME_COLUMN + i) for i in range(len(TIMES))]
    for letter, years in zip(letters, TIMES, strict=True):
        sheet.put(f"{letter}5", years, HEADER, '[=1]"after "0" year";"after "0" years"')
    sheet.put(f"{get_column_letter(TIME_COLUMN + len(TIMES))}5", "Source", HEADER)
    last = FIRST + len(given) - 1
    for r, (code, label, content) in enumerate(
        zip(demand.placements, demand.placement_labels, given, strict=True), FIRST
    ):
        sheet.line(
            r,
            [
                (Text(code), LABEL, None),
                (Text(label), LABEL, None),
                (content, OUT, HAZARD),
                (f"=1/C{r}", CALC, N2),
                *((f"=CSC_SURVIVAL_EXP($C{r},{letter}$5)", CALC, SHARE) for letter in letters),
                (Text(source), SOURCE, None),
            ],
        )
        sheet.fit(r)
    build.name("Hazard_given", sheet.at(f"C{FIRST}:C{last}"))
    build.name("Mean_stays", sheet.at(f"D{FIRST}:D{last}"))
    build.check(
        TITLE,
        "Every placement has a rate of leaving",
        "COUNT(Hazard_given)",
        "ROWS(Placement_codes)",
        breaks=(sheet.at(f"C{FIRST}"), "not a number"),
    )
    build.check(
        TITLE,
        "The share still in care after two years is the square of that after one",
        f"SUMPRODUCT({sheet.at(f'F{FIRST}:F{last}')}-{sheet.at(f'E{FIRST}:E{last}')}*{sheet.at(f'E{FIRST}:E{last}')})",
        "0",
        breaks=(sheet.at(f"F{FIRST}"), 0.999),
    )


def _given(build: Build, sheet: Sheet, top: int) -> tuple[list[str], str, int]:
    """Return the formula of each placement's rate, where it comes from, and the last row written."""
    project = build.project
    demand = project.demand
    assumed = {a.name for a in demand.assumptions}
    if "survival" in project.model:
        means, last = survival_curves(build, sheet, top)
        return [f"=1/{mean}" for mean in means], "One over the mean stay of the survival curves below", last
    if "exit_hazard" in assumed:
        return ["=exit_hazard"] * len(demand.placements), "exit_hazard on the sheet Assumptions, for all alike", top
    cell, last = _implied(build, sheet, top)
    return [f"={cell}"] * len(demand.placements), "Worked back from the first year, below; all alike", last


def _implied(build: Build, sheet: Sheet, top: int) -> tuple[str, int]:
    """Write how the first year's ceases say how readily children leave; return the cell and the last row."""
    demand = build.project.demand
    order = dict.fromkeys([demand.baseline, demand.plan_scenario or demand.baseline, *demand.scenarios])
    code = next(name for name in order if not np.isnan(stated_ceases(build.project, name)[0]))
    sheet.section(top, f"Worked back from {demand.months.labels[0]}")
    sheet.header(top + 1, ("Item", "Value"), 20)
    scenario, source, starts, ceases = (f"$B${top + n}" for n in (2, 3, 5, 6))
    own = f'LEFT(Starts_keys,LEN({source})+1)={source}&"|"'
    times = f"INDEX(Scenario_starts,MATCH({scenario},Scenario_codes,0))"
    lines = (
        ("Scenario that states its ceases", Text(code), "Model input text", None),
        ("Its starts come from", f"=INDEX(Scenario_starts_from,MATCH({scenario},Scenario_codes,0))", CALC, None),
        ("Children when the year begins", "=Opening_children", CALC, CHILDREN),
        ("Starts in the year", f"=SUMPRODUCT(INDEX(Starts_given,0,1)*({own}))*{times}", CALC, CHILDREN),
        ("Ceases it states", f"=INDEX(Ceases_stated,MATCH({scenario},Ceases_codes,0),1)", CALC, CHILDREN),
        ("Leaving care, rate a year", f"=CSC_EXIT_HAZARD($B${top + 4},{starts},{ceases})", OUT, HAZARD),
    )
    r = top + 1
    for r, (label, content, style, fmt) in enumerate(lines, top + 2):
        sheet.line(r, [(label, LABEL, None), (content, style, fmt)])
    sheet.allow(f"B{top + 2}", "list", "Choose a scenario that states the ceases of its first year.", "Scenario_codes")
    return f"$B${r}", r
