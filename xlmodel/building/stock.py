"""The sheet Stock: children looked after, year by year, with past years, the baseline and what chance can do."""

from __future__ import annotations

from dataclasses import dataclass

from xlmodel.building.blocks import page_break
from xlmodel.building.charts import add_chart, column_chart, fan_chart
from xlmodel.building.forecast_bridge import bridge_rows, forecast_bridge
from xlmodel.building.inputs_population import population_used
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, LABEL, N1, OUT, SOURCE
from xlmodel.model.years import year_label

__all__ = ["stock"]

TITLE = "Stock"
FIRST = 6
ACTUAL, FORECAST = "actual", "forecast"
CHART_ROWS = 19  #: that a chart takes
RATE = "0.000_ "

_HEADERS = (
    "Financial year",
    "Actual or forecast",
    "Opening, 1 April (children)",
    "Starts (children)",
    "Ceases (children)",
    "Net change (children)",
    "Closing, 31 March (children)",
    "Average in care (children)",
    "Leaving, rate a year",
    "Rate per 10,000 aged 0-17, 31 March",
    "Baseline, 31 March (children)",
    "Difference from the baseline (children)",
    "Baseline, rate per 10,000",
)
_FAN = ("Fan_low95", "Fan_low80", "Fan_median", "Fan_high80", "Fan_high95")
_MOST_BESIDE_CHART = 12  #: years on a printed page that a chart stands on, too


@dataclass(frozen=True)
class _Rows:
    """Where the years stand."""

    past: tuple[str, ...]
    years: tuple[str, ...]

    @property
    def first(self) -> int:
        """The first row of the forecast."""
        return FIRST + len(self.past)

    @property
    def last(self) -> int:
        """The last row of the forecast."""
        return self.first + len(self.years) - 1


def stock(build: Build) -> None:
    """Write the sheet."""
    demand = build.project.demand
    sheet = Sheet(
        build,
        TITLE,
        "Children looked after",
        "Opening + starts - ceases = closing, in every year: past years as they were counted, the years to come in the "
        "scenario that the sheet Scenarios shows, beside the baseline.",
        (22, 13, *[13] * 11),
        tab="0072B2",
    )
    rows = _Rows(demand.history.years if demand.history else (), demand.months.labels)
    sheet.put("A4", '="Scenario shown: "&Scenario_label', "Model section")
    sheet.header(5, _HEADERS, 58)
    rated = {year_label(year) for year, _ in population_used(build.project)}
    for i, year in enumerate(rows.past):
        _past(sheet, FIRST + i, year, year in rated)
    for i, year in enumerate(rows.years):
        _forecast(sheet, rows.first + i, year)
    _names_and_checks(build, sheet, rows)
    charts = rows.last + 2
    _fan(build, sheet, rows, charts)
    bridge = _chart_table(build, sheet, rows, _chart_top(rows)) + 2
    forecast_bridge(build, sheet, bridge)
    for page in (charts + CHART_ROWS, bridge):
        page_break(sheet, page)
    sheet.finish("B6", last_row=bridge + bridge_rows(build.project) - 1)


def _rate(r: int, stock_cell: str) -> str:
    return f"=CSC_RATE_PER_10K({stock_cell},INDEX(Population_values,MATCH($A{r},Population_years,0)))"


def _past(sheet: Sheet, r: int, year: str, rated: bool) -> None:
    find = f"MATCH($A{r},History_years,0)"
    sheet.line(
        r,
        [
            (year, LABEL, None),
            (ACTUAL, SOURCE, None),
            *((f"=INDEX(History_{what},{find})", CALC, N1) for what in ("opening", "starts", "ceases")),
            (f"=CSC_NET_CHANGE(D{r},E{r})", CALC, N1),
            (f"=CSC_CLOSING_STOCK(C{r},D{r},E{r})", OUT, N1),
            (f"=CSC_AVG_STOCK(C{r},G{r})", CALC, N1),
            (f"=CSC_EXIT_RATE(E{r},H{r})", CALC, RATE),
            (_rate(r, f"G{r}"), CALC, N1) if rated else (None, CALC, None),
            *[(None, CALC, None)] * 3,
        ],
    )


def _forecast(sheet: Sheet, r: int, year: str) -> None:
    shown, base = (f'MATCH({case}&"|"&$A{r},Case_key,0)' for case in ("Scenario", "Baseline"))
    sheet.line(
        r,
        [
            (year, LABEL, None),
            (FORECAST, SOURCE, None),
            *((f"=INDEX(Case_{what},{shown})", CALC, N1) for what in ("opening", "starts", "ceases")),
            (f"=CSC_NET_CHANGE(D{r},E{r})", CALC, N1),
            (f"=CSC_CLOSING_STOCK(C{r},D{r},E{r})", OUT, N1),
            (f"=INDEX(Case_care_years,{shown})", CALC, N1),
            (f"=CSC_EXIT_RATE(E{r},H{r})", CALC, RATE),
            (_rate(r, f"G{r}"), OUT, N1),
            (f"=INDEX(Case_closing,{base})", CALC, N1),
            (f"=G{r}-K{r}", OUT, N1),
            (_rate(r, f"K{r}"), CALC, N1),
        ],
    )


def _names_and_checks(build: Build, sheet: Sheet, rows: _Rows) -> None:
    first, last = rows.first, rows.last
    for name, letter in (
        ("years", "A"),
        ("starts", "D"),
        ("ceases", "E"),
        ("closing", "G"),
        ("average", "H"),
        ("rate", "J"),
        ("baseline", "K"),
        ("baseline_rate", "M"),
    ):
        build.name(f"Stock_{name}", sheet.at(f"{letter}{first}:{letter}{last}"))
    build.name("Stock_all_years", sheet.at(f"A{FIRST}:A{last}"))
    build.name("Stock_all_closing", sheet.at(f"G{FIRST}:G{last}"))
    years = (*rows.past, *rows.years)
    for i in range(1, len(years)):
        r = FIRST + i
        build.check(
            TITLE,
            f"{years[i]} opens with the children that {years[i - 1]} closed with",
            sheet.at(f"C{r}"),
            sheet.at(f"G{r - 1}"),
            breaks=(sheet.at(f"C{r}"), 1_000_000),
        )
    build.check(
        TITLE,
        "Closing of the last year = opening of the first + all starts - all ceases",
        sheet.at(f"G{last}"),
        f"{sheet.at(f'C{FIRST}')}+SUM({sheet.at(f'D{FIRST}:D{last}')})-SUM({sheet.at(f'E{FIRST}:E{last}')})",
        breaks=(sheet.at(f"G{last}"), 0),
    )
    build.check(
        TITLE,
        "Average in care x rate of leaving = ceases, all years of the forecast",
        f"SUMPRODUCT(Stock_average,{sheet.at(f'I{first}:I{last}')})",
        "SUM(Stock_ceases)",
        breaks=(sheet.at(f"I{first}"), 0),
    )
    build.check(
        TITLE,
        "Rate x population = children, last year",
        f"{sheet.at(f'J{last}')}*INDEX(Population_values,MATCH(Last_year,Population_years,0))/Per_10k",
        sheet.at(f"G{last}"),
        breaks=(sheet.at(f"J{last}"), 0),
    )


def _fan(build: Build, sheet: Sheet, rows: _Rows, top: int) -> None:
    """Place the two charts of the stock and its flows."""
    table = _chart_top(rows)
    first, last = table + 2, table + 1 + _points(rows)
    if rows.last - FIRST >= _MOST_BESIDE_CHART:
        page_break(sheet, top)
    chart = fan_chart(
        sheet.ws,
        f"A{top}",
        "Children looked after: past years, the scenario shown and the baseline",
        "Children on 31 March",
        f"A{first}:A{last}",
        [
            ("Lower edge", f"E{first}:E{last}", "grey"),
            ("95 of 100 outcomes", f"F{first}:F{last}", "D6E3F0"),
            ("80 of 100 outcomes", f"G{first}:G{last}", "AFC8DF"),
            ("95 of 100 outcomes", f"H{first}:H{last}", "D6E3F0"),
        ],
        [
            ("Actual", f"B{first}:B{last}", "ink"),
            ("Scenario shown", f"C{first}:C{last}", "blue"),
            ("Baseline", f"D{first}:D{last}", "orange"),
        ],
        along="31 March",
    )
    add_chart(
        build,
        sheet.ws,
        chart,
        "Lines of the children looked after on 31 March: past years as counted, then the scenario shown and the "
        "baseline; around the scenario two bands that hold 80 and 95 of 100 outcomes.",
    )
    flows = column_chart(
        sheet.ws,
        f"A{top + CHART_ROWS}",
        "Starts against ceases",
        "Children in the year",
        f"A{FIRST}:A{rows.last}",
        [("Starts", f"D{FIRST}:D{rows.last}", "blue"), ("Ceases", f"E{FIRST}:E{rows.last}", "orange")],
        "#,##0",
    )
    add_chart(
        build,
        sheet.ws,
        flows,
        "Columns of the children who start and who cease to be looked after in each year; the stock grows where "
        "starts are higher.",
    )


def _points(rows: _Rows) -> int:
    """Return how many dates the chart of the stock has: the start of the forecast stands once."""
    return max(len(rows.past), 1) + len(rows.years)


def _chart_top(rows: _Rows) -> int:
    """Return the row in which the table behind the chart begins: below the two charts."""
    return rows.last + 2 + 2 * CHART_ROWS


def _chart_table(build: Build, sheet: Sheet, rows: _Rows, top: int) -> int:
    """Write what the chart of the stock shows; return the last row."""
    sheet.section(top, "Behind the chart of the stock (children on 31 March)")
    labels = (
        "31 March",
        "Actual",
        "Scenario shown",
        "Baseline",
        "Lower edge of 95",
        "95 to 80, below",
        "Within 80",
        "80 to 95, above",
    )
    sheet.header(top + 1, labels, 32)
    past = rows.past or ("",)
    r = top + 2
    for i, year in enumerate(past):
        closes = f"=G{FIRST + i}" if rows.past else "=Opening_children"
        end = str(int(year[:4]) + 1) if year else rows.years[0][:4]
        sheet.line(r, [(end, LABEL, None), (closes, CALC, N1)])
        if i == len(past) - 1:
            sheet.line(r, [(f"=B{r}", CALC, N1)] * 2, first=3)
        # an area chart takes an empty cell for 0: in past years the band has no width
        sheet.line(r, [(f"=B{r}", CALC, N1), *[(0, CALC, N1)] * 3], first=5)
        r += 1
    for i, year in enumerate(rows.years):
        low95, low80, _, high80, high95 = (f"INDEX({name},MATCH($I{r},Years,0))" for name in _FAN)
        sheet.line(
            r,
            [
                (str(int(year[:4]) + 1), LABEL, None),
                None,
                (f"=G{rows.first + i}", CALC, N1),
                (f"=K{rows.first + i}", CALC, N1),
                (f"={low95}", CALC, N1),
                (f"={low80}-{low95}", CALC, N1),
                (f"={high80}-{low80}", CALC, N1),
                (f"={high95}-{high80}", CALC, N1),
                (year, SOURCE, None),
            ],
        )
        r += 1
    sheet.put(f"I{top + 1}", "Financial year", "Model header")
    return r - 1
