"""The ranges of the register of assumptions: what their ends do to the cost of the scenario shown, exactly."""

from __future__ import annotations

from xlmodel.building.blocks import millions
from xlmodel.building.project import Text
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, LABEL, N2, OUT, POUND
from xlmodel.model.demand.assumptions import Assumption

__all__ = ["registered_ranges"]

WORDS = {
    "starts_factor": "Starts",
    "exit_hazard": "Chance of leaving",
    "exit_factor": "Chance of leaving",
    "price_factor": "Prices",
}
STAYS = ("exit_hazard", "exit_factor")
EXACT = millions(3)


def registered_ranges(build: Build, sheet: Sheet, top: int, steps: int) -> int:
    """Write the ranges and their effect; return the last row.

    Parameters
    ----------
    build, sheet : Build, Sheet
        The workbook and the sheet Sensitivity.
    top : int
        The row to begin at.
    steps : int
        The row of the starts a step lower and higher: cost is a straight line in starts.
    """
    ranged = [a for a in build.project.demand.assumptions if a.ranged and a.name in WORDS]
    sheet.section(top, "Registered ranges: low and high of the sheet Assumptions (£m)")
    if not ranged:
        sheet.note(top + 1, "No assumption that moves the cost of placements has a range on the sheet Assumptions.")
        return top + 1
    sheet.header(
        top + 1,
        (
            *("Assumption", "Low", "Value", "High", "Cost, low (£m)", "Cost, as shown (£m)", "Cost, high (£m)"),
            *("Change, low (£m)", "Change, high (£m)"),
        ),
        32,
    )
    first = top + 2
    last = first + len(ranged) - 1
    stays = [a for a in ranged if a.name in STAYS]
    blocks = last + 4
    size = build.project.demand.months.years * len(build.project.demand.placements)
    for r, assumption in enumerate(ranged, first):
        block = blocks + 2 * size * stays.index(assumption) if assumption in stays else 0
        costs = _costs(r, assumption, steps, block, size)
        row = f'MATCH("{assumption.name}",Assumption_names,0)'
        sheet.line(
            r,
            [
                (Text(f"{WORDS[assumption.name]} ({assumption.name})"), LABEL, None),
                (f"=INDEX(Assumption_low,{row})", CALC, "0.000_ "),
                (f"={assumption.name}", CALC, "0.000_ "),
                (f"=INDEX(Assumption_high,{row})", CALC, "0.000_ "),
                (costs[0], CALC, EXACT),
                (f"=D{steps}", CALC, EXACT),
                (costs[1], CALC, EXACT),
                (f"=E{r}-F{r}", OUT, EXACT),
                (f"=G{r}-F{r}", OUT, EXACT),
            ],
        )
    others = [a.name for a in build.project.demand.assumptions if a.ranged and a.name not in WORDS]
    if others:
        sheet.note(last + 1, f"Ranges that do not change the cost of placements: {', '.join(others)}.")
    if not stays:
        return last + 1
    sheet.section(blocks - 2, "Length of stay at the ends of its range")
    sheet.header(
        blocks - 1,
        (
            *("Placement", "Year", "End", "Opening (children)", "Starts (children)", "Leaving (rate a year)"),
            *("Care-years", "Ceases (children)", "Closing (children)", "Cost (£)"),
        ),
        32,
    )
    r = blocks
    for assumption in stays:
        at = first + ranged.index(assumption)
        for end, column in (("low", "B"), ("high", "D")):
            _path(build, sheet, r, end, f"${column}${at}/$C${at}")
            r += size
    return r - 1


def _costs(r: int, assumption: Assumption, steps: int, block: int, size: int) -> tuple[str, str]:
    """Return the formulas of the cost at the low and at the high end."""
    if assumption.name == "price_factor":
        return f"=F{r}*B{r}/C{r}", f"=F{r}*D{r}/C{r}"
    if assumption.name == "starts_factor":
        slope = f"(E${steps}-D${steps})/Sensitivity_step"
        return f"=F{r}+(B{r}/C{r}-1)*{slope}", f"=F{r}+(D{r}/C{r}-1)*{slope}"
    return f"=SUM(J{block}:J{block + size - 1})", f"=SUM(J{block + size}:J{block + 2 * size - 1})"


def _path(build: Build, sheet: Sheet, top: int, end: str, times: str) -> None:
    """Write the children of the scenario shown, year by year, with another chance of leaving."""
    demand = build.project.demand
    places = len(demand.placements)
    for i, year in enumerate(demand.months.labels):
        for p, placement in enumerate(demand.placements):
            r = top + i * places + p
            key = f'MATCH(Scenario&"|"&$B{r}&"|"&$A{r},Flow_key,0)'
            opening = f"=I{r - places}" if i else f"=INDEX(Flow_opening,{key})"
            sheet.line(
                r,
                [
                    (Text(placement), LABEL, None),
                    (year, LABEL, None),
                    (end, LABEL, None),
                    (opening, CALC, N2),
                    (f"=INDEX(Flow_starts,{key})", CALC, N2),
                    (f"=INDEX(Flow_hazard,{key})*{times}", CALC, "0.0000_ "),
                    (f"=CSC_CARE_YEARS(D{r},E{r},F{r})", CALC, N2),
                    (f"=F{r}*G{r}", CALC, N2),
                    (f"=CSC_CLOSING_STOCK(D{r},E{r},H{r})", CALC, N2),
                    (f"=G{r}*CSC_WEEK_TO_YEAR(INDEX(Flow_price_week,{key}),$B{r})", CALC, POUND),
                ],
            )
            sheet.ws.row_dimensions[r].outlineLevel = 1
    last = top + demand.months.years * places - 1
    opened, closed = f"D{top}:D{top + places - 1}", f"I{last - places + 1}:I{last}"
    build.check(
        "Sensitivity",
        f"Length of stay at its {end} end: opening + starts - ceases over all years = closing",
        f"SUM({sheet.at(opened)})+SUM({sheet.at(f'E{top}:E{last}')})-SUM({sheet.at(f'H{top}:H{last}')})",
        f"SUM({sheet.at(closed)})",
        breaks=(sheet.at(f"I{last}"), 123456789),
    )
