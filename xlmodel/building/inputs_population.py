"""The sheet Inputs population: estimates by mid-year and vintage, and the one that each financial year's rate uses."""

from __future__ import annotations

from xlmodel.building.project import BookProject, Text
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, LABEL, N0, OUT, SOURCE
from xlmodel.model.years import year_label

__all__ = ["inputs_population", "population_used"]

TITLE = "Inputs population"
INPUT, WORD = "Model input", "Model input text"
FIRST = 6


def inputs_population(build: Build) -> None:
    """Write the sheet."""
    sheet = Sheet(
        build,
        TITLE,
        "Inputs: population aged 0 to 17",
        "Children aged 0 to 17 at the middle of a calendar year, as estimated or projected. The rate on 31 March is "
        "held against the middle of the year before.",
        (18, 30, 18, 34, 62),
        tab="E69F00",
    )
    rows = sorted(build.project.model["population"], key=lambda row: (row["mid_year"], row["vintage"]))
    sheet.section(4, "Estimates and projections")
    sheet.header(5, ("Middle of year", "Vintage", "Children 0-17", "Look-up key", "Source"), 20)
    r = FIRST
    for r, row in enumerate(rows, FIRST):
        sheet.line(
            r,
            [
                (int(row["mid_year"]), INPUT, "0_ "),
                (row["vintage"], WORD, None),
                (float(row["population"]), INPUT, N0),
                (f'=A{r}&"|"&B{r}', SOURCE, None),
                (row["source"], SOURCE, None),
            ],
        )
        sheet.fit(r)
    last = r
    sheet.allow(f"A{FIRST}:A{last}", "whole", "A calendar year from 1900 to 2200 is needed.", "1900", "2200")
    sheet.allow(f"C{FIRST}:C{last}", "decimal", "A number of children aged 0 to 17 is needed.", "1", "100000000")
    top = last + 2
    sheet.section(top, "What each financial year uses")
    sheet.header(top + 1, ("Financial year", "Vintage used", "Children 0-17", "Middle of year"), 20)
    first = top + 2
    used = population_used(build.project)
    for r, (year, vintage) in enumerate(used, first):
        key = f'D{r}&"|"&B{r}'
        sheet.line(
            r,
            [
                (year_label(year), LABEL, None),
                (Text(vintage), WORD, None),
                (f"=INDEX($C${FIRST}:$C${last},MATCH({key},$D${FIRST}:$D${last},0))", OUT, N0),
                (f"=VALUE(LEFT(A{r},4))", CALC, "0_ "),
            ],
        )
    end = first + len(used) - 1
    sheet.allow(
        f"B{first}:B{end}", "list", "Choose a vintage that the table above has for this year.", f"$B${FIRST}:$B${last}"
    )
    build.name("Population_years", sheet.at(f"A{first}:A{end}"))
    build.name("Population_values", sheet.at(f"C{first}:C{end}"))
    build.check(
        TITLE,
        "Every year's population is one of the estimates above",
        f"SUMPRODUCT(--(COUNTIF({sheet.at(f'C{FIRST}:C{last}')},Population_values)>0))",
        "ROWS(Population_years)",
        breaks=(sheet.at(f"C{end}"), 1),
    )
    build.check(
        TITLE,
        "No population is smaller than the children looked after",
        "MAX(MIN(Population_values),Opening_children)",
        "MIN(Population_values)",
        breaks=(sheet.at(f"C{first}"), 1),
    )
    sheet.finish("A4", last_row=end)


def population_used(project: BookProject) -> list[tuple[int, str]]:
    """Return the financial years that have a population, with its vintage."""
    demand = project.demand
    chosen = next((row["value"] for row in project.model["settings"] if row["key"] == "population_vintage"), "")
    first = demand.months.first - (len(demand.history.years) if demand.history else 0)
    out = []
    for year in range(first, demand.months.first + demand.months.years):
        vintages = [row["vintage"] for row in project.model["population"] if int(row["mid_year"]) == year]
        if len(vintages) > 1:
            vintages = [v for v in vintages if v == chosen]
        if len(vintages) == 1:
            out.append((year, vintages[0]))
    return out
