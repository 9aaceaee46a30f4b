"""The sheet Placements: where the children of the scenario shown are, year by year."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from xlmodel.building.blocks import page_break
from xlmodel.building.charts import add_chart, stacked_chart
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, LABEL, N1, TOTAL

__all__ = ["COLOURS_BY_PLACEMENT", "placement_matrix", "placements"]

TITLE = "Placements"
TOTAL_LABEL = "Model total label"
YEAR_COLUMN = 3
CHART_ROWS = 19
SHARE = "0.0%_ "

#: Told apart by every common colour blindness; charts add patterns.
COLOURS_BY_PLACEMENT = ("blue", "orange", "pass", "fail", "grey", "navy", "56B4E9", "CC79A7", "8A6D00")


def placements(build: Build) -> None:
    """Write the sheet."""
    demand = build.project.demand
    years = demand.months.labels
    sheet = Sheet(
        build,
        TITLE,
        "Placements",
        "Where the children of the scenario shown are looked after: how many on 31 March, what share of all, and how "
        "much time they spend in care.",
        (24, 34, *[14] * max(len(years) + 2, 6)),
        tab="0072B2",
    )
    sheet.put("A4", '="Scenario shown: "&Scenario_label', "Model section")
    block = len(demand.placements) + 4
    closing, share, time = 5, 5 + block, 5 + 2 * block
    first, last = placement_matrix(build, sheet, closing, "Children on 31 March, at the end of the year", "closing", N1)
    _before(build, sheet, closing, first, last)
    _shares(build, sheet, share, first, last)
    time_first, time_last = placement_matrix(build, sheet, time, "Time in care (child-years)", "care_years", N1)
    _checks(build, sheet, (first, last), (time_first, time_last), share)
    chart = 5 + 3 * block
    _chart(build, sheet, chart, closing + 1, first, last)
    page_break(sheet, chart)
    sheet.finish("C5", last_row=chart + CHART_ROWS - 1)


def placement_matrix(build: Build, sheet: Sheet, top: int, title: str, what: str, fmt: str) -> tuple[int, int]:
    """Write a section with a row for each placement, a column for each year and a total.

    Parameters
    ----------
    build, sheet : Build, Sheet
        Where.
    top : int
        The row of the section's heading; the header row follows.
    title : str
        The heading, with the unit.
    what : str
        Which of the columns of the sheet Calculation is shown.
    fmt : str
        The number format.

    Returns
    -------
    first, last : int
        The rows of the first and the last placement; the total stands in the next.
    """
    demand = build.project.demand
    years = demand.months.labels
    header = top + 1
    sheet.section(top, title)
    sheet.header(header, ("Placement", "Name", *years), 20)
    first = header + 1
    last = first + len(demand.placements) - 1
    letters = [get_column_letter(YEAR_COLUMN + y) for y in range(len(years))]
    for r in range(first, last + 1):
        nth = f"ROWS(A${first}:A{r})"
        sheet.line(
            r,
            [
                (f"=INDEX(Placement_codes,{nth})", LABEL, None),
                (f"=INDEX(Placement_labels,{nth})", LABEL, None),
                *(
                    (f'=INDEX(Flow_{what},MATCH(Scenario&"|"&{x}${header}&"|"&$A{r},Flow_key,0))', CALC, fmt)
                    for x in letters
                ),
            ],
        )
    totals = ((f"=SUM({x}{first}:{x}{last})", TOTAL, fmt) for x in letters)
    sheet.line(last + 1, [("All placements", TOTAL_LABEL, None), (None, TOTAL, None), *totals])
    return first, last


def _before(build: Build, sheet: Sheet, top: int, first: int, last: int) -> None:
    """Write the children when the forecast begins, and the change since, beside their years."""
    demand = build.project.demand
    opening = get_column_letter(YEAR_COLUMN + demand.months.years)
    change = get_column_letter(YEAR_COLUMN + demand.months.years + 1)
    final = get_column_letter(YEAR_COLUMN + demand.months.years - 1)
    sheet.put(f"{opening}{top + 1}", f"Before: 31 March {demand.months.first}", "Model header")
    sheet.put(f"{change}{top + 1}", "Change since then", "Model header")
    sheet.ws.row_dimensions[top + 1].height = 32
    for r in range(first, last + 1):
        sheet.put(f"{opening}{r}", f"=INDEX(Opening_by_placement,MATCH($A{r},Placement_codes,0))", CALC, N1)
        sheet.put(f"{change}{r}", f"={final}{r}-{opening}{r}", CALC, N1)
    for letter in (opening, change):
        sheet.put(f"{letter}{last + 1}", f"=SUM({letter}{first}:{letter}{last})", TOTAL, N1)


def _shares(build: Build, sheet: Sheet, top: int, first: int, last: int) -> None:
    """Write what share of all children each placement has."""
    demand = build.project.demand
    years = demand.months.labels
    sheet.section(top, "Share of all children on 31 March")
    sheet.header(top + 1, ("Placement", "Name", *years), 20)
    letters = [get_column_letter(YEAR_COLUMN + y) for y in range(len(years))]
    for r, source in enumerate(range(first, last + 1), top + 2):
        sheet.line(
            r,
            [
                (f"=A{source}", LABEL, None),
                (f"=B{source}", LABEL, None),
                *((f"=IF({x}${last + 1}=0,0,{x}{source}/{x}${last + 1})", CALC, SHARE) for x in letters),
            ],
        )
    end = top + 1 + last - first + 1
    totals = ((f"=SUM({x}{top + 2}:{x}{end})", TOTAL, SHARE) for x in letters)
    sheet.line(end + 1, [("All placements", TOTAL_LABEL, None), (None, TOTAL, None), *totals])


def _checks(build: Build, sheet: Sheet, closing: tuple[int, int], time: tuple[int, int], share: int) -> None:
    years = build.project.demand.months.labels
    first, final = (get_column_letter(YEAR_COLUMN + y) for y in (0, len(years) - 1))
    for i, year in enumerate(years):
        x = get_column_letter(YEAR_COLUMN + i)
        build.check(
            TITLE,
            f"{year}: children of all placements = the stock",
            sheet.at(f"{x}{closing[1] + 1}"),
            f'INDEX(Stock_closing,MATCH("{year}",Stock_years,0))',
            breaks=(sheet.at(f"{x}{closing[0]}"), 1_000_000),
        )
    build.check(
        TITLE,
        "Time in care of all placements = that of the totals, all years",
        f"SUM({sheet.at(f'{first}{time[1] + 1}:{final}{time[1] + 1}')})",
        "SUM(Stock_average)",
        breaks=(sheet.at(f"{first}{time[0]}"), 1_000_000),
    )
    top, end = share + 2, share + 2 + closing[1] - closing[0]
    build.check(
        TITLE,
        "The shares of the placements add up to 1 in every year",
        f"SUM({sheet.at(f'{first}{top}:{final}{end}')})",
        f'COUNTIF({sheet.at(f"{first}{closing[1] + 1}:{final}{closing[1] + 1}")},">0")',
        breaks=(sheet.at(f"{first}{top}"), 0.123),
    )


def _chart(build: Build, sheet: Sheet, top: int, header: int, first: int, last: int) -> None:
    years = build.project.demand.months.years
    begins, ends = get_column_letter(YEAR_COLUMN), get_column_letter(YEAR_COLUMN + years - 1)
    chart = stacked_chart(
        sheet.ws,
        f"A{top}",
        "Children on 31 March by placement",
        "Children",
        f"{begins}{header}:{ends}{header}",
        [
            (f"=B{r}", f"{begins}{r}:{ends}{r}", COLOURS_BY_PLACEMENT[i % len(COLOURS_BY_PLACEMENT)])
            for i, r in enumerate(range(first, last + 1))
        ],
        labels=last - first < 4,
    )
    alt = "Columns of the children looked after at the end of each year, stacked by placement."
    add_chart(build, sheet.ws, chart, alt)
