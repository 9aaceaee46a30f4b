"""The bridge from the last forecast to this one: why the children at the end of it are others."""

from __future__ import annotations

from xlmodel.building.bridge import bridge_table
from xlmodel.building.charts import add_chart, bridge_chart
from xlmodel.building.project import BookProject
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, LABEL, N1

__all__ = ["bridge_rows", "forecast_bridge"]

CHART_ROWS = 19
STEPS = 5


def _common_years(project: BookProject) -> tuple[str, ...]:
    """Return the years of this forecast that the last one has too; none where no last one is given."""
    given = {row["year"] for row in project.book.get("last_forecast", [])}
    return tuple(year for year in project.demand.months.labels if year in given)


def bridge_rows(project: BookProject) -> int:
    """Return how many rows the bridge takes on its sheet."""
    years = len(_common_years(project)) or project.demand.months.years
    return years + STEPS + 6 + CHART_ROWS


def forecast_bridge(build: Build, sheet: Sheet, top: int) -> None:
    """Write the two forecasts side by side, the steps between them and their chart.

    Where no last forecast is given, or none of its years is one of this forecast's, the baseline stands for it.
    """
    project = build.project
    common = _common_years(project)
    years = common or project.demand.months.labels
    last = "the last forecast" if common else "the baseline"
    end = int(years[-1][:4]) + 1
    sheet.section(top, f"From {last} to the scenario shown: children on 31 March {end}")
    if not common:
        sheet.note(
            top + 1,
            "No earlier forecast for these years is given (book/last_forecast.csv): the baseline stands for it.",
        )
    header = top + 2
    name = "Last forecast" if common else "Baseline"
    whats = ("opening", "starts", "ceases", "closing")
    sheet.header(header, ("Financial year", *[f"{name}: {w}" for w in whats], *[f"Shown: {w}" for w in whats]), 32)
    first = header + 1
    for r, year in enumerate(years, first):
        if common:
            before = [f"=INDEX(Last_forecast_{w},MATCH($A{r},Last_forecast_years,0))" for w in whats]
        else:
            before = [f'=INDEX(Case_{w},MATCH(Baseline&"|"&$A{r},Case_key,0))' for w in whats]
        now = [f'=INDEX(Case_{w},MATCH(Scenario&"|"&$A{r},Case_key,0))' for w in whats]
        sheet.line(r, [(year, LABEL, None), *((f, CALC, N1) for f in (*before, *now))])
    final = first + len(years) - 1
    steps = (
        (name, f"=E{final}"),
        ("Children at the start", f"=F{first}-B{first}"),
        ("Starts", f"=SUM(G{first}:G{final})-SUM(C{first}:C{final})"),
        ("Ceases", f"=SUM(D{first}:D{final})-SUM(H{first}:H{final})"),
        ("Scenario shown", f"=I{final}"),
    )
    table = final + 2
    bridge_table(sheet, table, steps, "Children", N1)
    build.check(
        sheet.title,
        f"{name} + changes of opening, starts and ceases = the scenario shown",
        f"SUM({sheet.at(f'B{table + 1}:B{table + STEPS - 1}')})",
        sheet.at(f"B{table + STEPS}"),
        breaks=(sheet.at(f"B{table + 2}"), 1_000),
    )
    rows = f"{table + 1}:{{0}}{table + STEPS}"
    chart = bridge_chart(
        sheet.ws,
        f"A{table + STEPS + 2}",
        f"From {last} to the scenario shown: children on 31 March {end}",
        "Children",
        f"A{rows.format('A')}",
        [
            ("Stands on", f"C{rows.format('C')}", "grey"),
            ("Total", f"D{rows.format('D')}", "navy"),
            ("More", f"E{rows.format('E')}", "orange"),
            ("Fewer", f"F{rows.format('F')}", "blue"),
        ],
    )
    alt = (
        f"A bridge of columns from the children of {last} on 31 March {end} over changes of the opening number, of "
        "starts and of ceases to those of the scenario shown."
    )
    add_chart(build, sheet.ws, chart, alt)
