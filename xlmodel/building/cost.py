"""The sheet Cost: what care costs, year by year and placement by placement, and why it changes."""

from __future__ import annotations

from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from xlmodel.building.blocks import page_break
from xlmodel.building.bridge import bridge_table
from xlmodel.building.charts import add_chart, bridge_chart
from xlmodel.building.placements import placement_matrix
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, LABEL, N1, OUT, POUND, TOTAL, number_format

__all__ = ["cost"]

TITLE = "Cost"
WORD, TOTAL_LABEL = "Model input text", "Model total label"
WEEKLY = number_format("£", 2)
FIRST = 6
YEAR_COLUMN = 3
CHART_ROWS = 19
STEPS = ("Number of children", "Mix of placements", "Price")
CHART_POUND = '[$£-809]#,##0.0,,"m"'
_MOST_BESIDE_CHART = 5  #: placements on a printed page that a bridge stands on, too


@dataclass(frozen=True)
class _Change:
    """Two bills that are held against each other."""

    title: str
    before: tuple[str, str]  #: formulas of the scenario and the year
    after: tuple[str, str]
    prefix: str  #: of the names of the result


def cost(build: Build) -> None:
    """Write the sheet."""
    demand = build.project.demand
    years = demand.months.years
    sheet = Sheet(
        build,
        TITLE,
        "What care costs",
        "Time in care times the price of the year, for the scenario shown and the baseline; and how much of a change "
        "comes from the number of children, from where they are placed, and from prices.",
        (26, 34, *[17] * max(years, 7)),
        tab="0072B2",
    )
    sheet.put("A4", '="Scenario shown: "&Scenario_label', "Model section")
    last = _by_year(build, sheet)
    top = last + 2
    first, last = placement_matrix(build, sheet, top, "Cost by placement (£)", "cost", POUND)
    _add_up(build, sheet, first, last)
    top = last + 3
    price_first, _ = placement_matrix(build, sheet, top, "Price (£ a child-week)", "price_week", WEEKLY)
    _no_total(sheet, price_first + len(demand.placements), years)
    top = price_first + len(demand.placements) + 1
    for change in (
        _Change("Against the baseline", ("=Baseline", "=Last_year"), ("=Scenario", "=Last_year"), "Change_baseline"),
        _Change(
            "From the first year to the last", ("=Scenario", "=First_year"), ("=Scenario", "=Last_year"), "Change_years"
        ),
    ):
        page_break(sheet, top)
        top = _change(build, sheet, top, change)
    sheet.finish("B6", last_row=top - 1)


def _by_year(build: Build, sheet: Sheet) -> int:
    """Write a row for each year; return the last row."""
    labels = (
        "Financial year",
        "",
        "Cost of the scenario shown (£)",
        "Cost of the baseline (£)",
        "Difference (£)",
        "Time in care, scenario shown (child-years)",
        "Time in care, baseline (child-years)",
        "Scenario shown (£ a child-week)",
        "Baseline (£ a child-week)",
    )
    sheet.header(5, labels, 44)
    sheet.put("B5", "Days of the year", "Model header")
    years = build.project.demand.months.labels
    for r, year in enumerate(years, FIRST):
        shown, base = (f'MATCH({case}&"|"&$A{r},Case_key,0)' for case in ("Scenario", "Baseline"))
        sheet.line(
            r,
            [
                (year, LABEL, None),
                (f"=INDEX(Year_days,MATCH(A{r},Years,0))", CALC, "0_ "),
                (f"=INDEX(Case_cost,{shown})", OUT, POUND),
                (f"=INDEX(Case_cost,{base})", CALC, POUND),
                (f"=C{r}-D{r}", OUT, POUND),
                (f"=INDEX(Case_care_years,{shown})", CALC, N1),
                (f"=INDEX(Case_care_years,{base})", CALC, N1),
                (f"=CSC_UNIT_COST_WEEK(C{r},F{r}*$B{r})", CALC, WEEKLY),
                (f"=CSC_UNIT_COST_WEEK(D{r},G{r}*$B{r})", CALC, WEEKLY),
            ],
        )
    last = FIRST + len(years) - 1
    sums = [
        (f"=SUM({x}{FIRST}:{x}{last})", TOTAL, fmt) for x, fmt in zip("CDEFG", (POUND,) * 3 + (N1,) * 2, strict=True)
    ]
    sheet.line(last + 1, [("All years", TOTAL_LABEL, None), (None, TOTAL, None), *sums])
    for name, letter in (
        ("years", "A"),
        ("selected", "C"),
        ("baseline", "D"),
        ("difference", "E"),
        ("care_years", "F"),
        ("week_selected", "H"),
        ("week_baseline", "I"),
    ):
        build.name(f"Cost_{name}", sheet.at(f"{letter}{FIRST}:{letter}{last}"))
    build.check(
        TITLE,
        "Average price of a week x weeks in care = cost, all years",
        f"SUMPRODUCT(Cost_week_selected,Cost_care_years,{sheet.at(f'B{FIRST}:B{last}')})/Days_in_week",
        "SUM(Cost_selected)",
        breaks=(sheet.at(f"H{FIRST}"), 0),
    )
    build.check(
        TITLE,
        "Cost of the scenario shown less that of the baseline = the difference, all years",
        "SUM(Cost_selected)-SUM(Cost_baseline)",
        "SUM(Cost_difference)",
        breaks=(sheet.at(f"E{FIRST}"), 1),
    )
    return last + 1


def _add_up(build: Build, sheet: Sheet, first: int, last: int) -> None:
    for i, year in enumerate(build.project.demand.months.labels):
        x = get_column_letter(YEAR_COLUMN + i)
        build.check(
            TITLE,
            f"{year}: cost of all placements = cost of the year",
            sheet.at(f"{x}{last + 1}"),
            sheet.at(f"C{FIRST + i}"),
            breaks=(sheet.at(f"{x}{first}"), 0.5),
        )


def _no_total(sheet: Sheet, row: int, years: int) -> None:
    """Take off the total that a table of prices cannot have."""
    for i in range(1, YEAR_COLUMN + years):
        cell = sheet.ws.cell(row, i)
        cell.value, cell.style = None, "Normal"


def _change(build: Build, sheet: Sheet, top: int, change: _Change) -> int:
    """Write why one bill differs from another, with its bridge; return the row after it.

    Prices are those of a child-year, so that a year of 366 days has a price that much higher.
    """
    demand = build.project.demand
    sheet.section(top, f"{change.title}: why the cost differs (£)")
    sheet.header(top + 1, ("", "", "Before", "After"), 20)
    sheet.put(f"A{top + 1}", "Which bills", "Model header")
    sheet.put(f"B{top + 1}", "Change them here", "Model header")
    scenario, year = top + 2, top + 3
    sheet.line(
        scenario,
        [("Scenario", LABEL, None), (None, LABEL, None), *((f[0], WORD, None) for f in (change.before, change.after))],
    )
    sheet.line(
        year,
        [
            ("Financial year", LABEL, None),
            (None, LABEL, None),
            *((f[1], WORD, None) for f in (change.before, change.after)),
        ],
    )
    sheet.allow(f"C{scenario}:D{scenario}", "list", "Choose one of the codes of the sheet Scenarios.", "Scenario_codes")
    sheet.allow(f"C{year}:D{year}", "list", "Choose one of the years of the forecast.", "Years")
    header = top + 5
    sheet.header(
        header,
        (
            "Placement",
            "Name",
            "Before (child-years)",
            "After (child-years)",
            "Before (£ a child-year)",
            "After (£ a child-year)",
        ),
        32,
    )
    first = header + 1
    last = first + len(demand.placements) - 1
    for r in range(first, last + 1):
        nth = f"ROWS(A${first}:A{r})"
        rows = [f'MATCH({x}${scenario}&"|"&{x}${year}&"|"&$A{r},Flow_key,0)' for x in ("$C", "$D")]
        prices = [
            f"=CSC_WEEK_TO_YEAR(INDEX(Flow_price_week,{row}),{x}${year})"
            for row, x in zip(rows, ("$C", "$D"), strict=True)
        ]
        sheet.line(
            r,
            [
                (f"=INDEX(Placement_codes,{nth})", LABEL, None),
                (f"=INDEX(Placement_labels,{nth})", LABEL, None),
                *((f"=INDEX(Flow_care_years,{row})", CALC, N1) for row in rows),
                *((price, CALC, POUND) for price in prices),
            ],
        )
    n0, n1, p0, p1 = (f"{x}{first}:{x}{last}" for x in "CDEF")
    why = f"CSC_PRICE_VOLUME_MIX({n0},{n1},{p0},{p1})"
    table = last + 2
    keys = [f'MATCH({x}${scenario}&"|"&{x}${year},Case_key,0)' for x in ("$C", "$D")]
    steps = (
        ("Before", f"=INDEX(Case_cost,{keys[0]})"),
        *((name, f"=INDEX({why},{k})") for k, name in enumerate(STEPS, 1)),
        ("After", f"=INDEX(Case_cost,{keys[1]})"),
    )
    bridge_table(sheet, table, steps, "£", POUND)
    end = table + len(steps)
    build.name(f"{change.prefix}_steps", sheet.at(f"A{table + 1}:A{end}"))
    build.name(f"{change.prefix}_amounts", sheet.at(f"B{table + 1}:B{end}"))
    build.check(
        TITLE,
        f"{change.title}: number + mix + price = change of the cost",
        f"SUM({sheet.at(f'B{table + 2}:B{end - 1}')})",
        f"{sheet.at(f'B{end}')}-{sheet.at(f'B{table + 1}')}",
        breaks=(sheet.at(f"B{table + 2}"), 12_345),
    )
    build.check(
        TITLE,
        f"{change.title}: time in care x price of the placements = the bill before",
        f"SUMPRODUCT({sheet.at(n0)},{sheet.at(p0)})",
        sheet.at(f"B{table + 1}"),
        breaks=(sheet.at(f"E{first}"), 1),
    )
    sheet.note(
        end + 1,
        "Number: more or fewer children at the average price before. Mix: the same number in dearer or cheaper "
        "placements. Price: what a child-year costs, one day more of it in a year with 29 February.",
    )
    if last - first >= _MOST_BESIDE_CHART:
        page_break(sheet, end + 3)
    rows_of = f"{table + 1}:{{0}}{end}"
    chart = bridge_chart(
        sheet.ws,
        f"A{end + 3}",
        f"{change.title}: number of children, mix and price",
        "£m",
        f"A{rows_of.format('A')}",
        [
            ("Stands on", f"C{rows_of.format('C')}", "grey"),
            ("Total", f"D{rows_of.format('D')}", "navy"),
            ("More", f"E{rows_of.format('E')}", "orange"),
            ("Less", f"F{rows_of.format('F')}", "blue"),
        ],
        CHART_POUND,
    )
    alt = (
        f"{change.title}: a bridge of columns from one cost to the other over what comes from the number of children, "
        "the mix of their placements and prices."
    )
    add_chart(build, sheet.ws, chart, alt)
    return end + 3 + CHART_ROWS + 1
