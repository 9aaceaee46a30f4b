"""The sheet Sensitivity: which assumption moves the cost most, and how many fewer entrants pay for a programme."""

from __future__ import annotations

from xlmodel.building.blocks import millions, page_break, real_table, scenario_shown
from xlmodel.building.break_even import break_even
from xlmodel.building.charts import add_chart, tornado_chart
from xlmodel.building.registered_ranges import registered_ranges
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, LABEL, N0, OUT

__all__ = ["sensitivity"]

FIRST = 7  #: the first row of what is varied
EXACT = millions(3)
CHART_ROWS = 20


def sensitivity(build: Build) -> None:
    """Write what is varied, the widest first with its chart, the registered ranges and the break-even."""
    sheet = Sheet(
        build,
        "Sensitivity",
        "Sensitivity",
        "One thing at a time is a step higher or lower than in the scenario shown, and all else stays: what that "
        "does to the cost of placements over all years. Live: it follows the selector and every input.",
        (44, 15, 15, 15, 15, 15, 15, 15, 15, 12, 12, 12),
        span=9,
    )
    scenario_shown(sheet, 4)
    drivers = _drivers(build)
    last = FIRST + len(drivers) - 1
    _varied(build, sheet, drivers, last)
    ordered = last + 4
    _ordered(build, sheet, ordered, last)
    _chart(build, sheet, ordered, len(drivers))
    page_break(sheet, ordered + len(drivers) + CHART_ROWS + 1)
    end = registered_ranges(build, sheet, ordered + len(drivers) + CHART_ROWS + 1, FIRST)
    end = break_even(build, sheet, end + 2)
    sheet.finish("B5", last_row=end, titles="1:2", area=f"A1:L{end}")


def _drivers(build: Build) -> list[tuple[str, str]]:
    """Return the code and the words of each thing that is varied; one placement has no mix."""
    drivers = [("starts", "Starts"), ("stay", "Length of stay"), ("price", "Prices")]
    if len(build.project.demand.placements) > 1:
        drivers.append(("mix", "Starts into the dearest placement"))
    return drivers


def cost_of(case: str) -> str:
    """Return the formula, without its equals sign, of a case's cost over all years; `case` is a formula too."""
    ends = [f'INDEX(Case_cost,MATCH({case}&"|"&{year},Case_key,0))' for year in ("First_year", "Last_year")]
    return f"SUM({ends[0]}:{ends[1]})"


def _varied(build: Build, sheet: Sheet, drivers: list[tuple[str, str]], last: int) -> None:
    """Write the cost with each thing a step lower and higher."""
    sheet.section(FIRST - 2, "A step lower, a step higher: cost of placements over all years (£m)")
    sheet.header(
        FIRST - 1,
        (
            *("What is varied", "Step either way", "Cost, low (£m)", "Cost, as shown (£m)", "Cost, high (£m)"),
            *("Change, low (£m)", "Change, high (£m)", "Width (£m)", "Order, widest first"),
        ),
        32,
    )
    widths = f"$H${FIRST}:$H${last}"
    for r, (code, label) in enumerate(drivers, FIRST):
        low, high = (f'"vary_{code}_{end}"' for end in ("low", "high"))
        sheet.line(
            r,
            [
                (label, LABEL, None),
                ("=Sensitivity_step", CALC, "0%_ "),
                ("=" + cost_of(low), CALC, EXACT),
                ("=" + cost_of("Scenario"), CALC, EXACT),
                ("=" + cost_of(high), CALC, EXACT),
                (f"=C{r}-D{r}", OUT, EXACT),
                (f"=E{r}-D{r}", OUT, EXACT),
                (f"=MAX(C{r}:E{r})-MIN(C{r}:E{r})", CALC, EXACT),
                (f"=SUMPRODUCT(--({widths}>H{r}))+SUMPRODUCT(--($H${FIRST}:H{r}=H{r}))", CALC, N0),
            ],
        )
    real_table(sheet, "Sensitivity_steps", f"A{FIRST - 1}:I{last}")
    build.name("Sensitivity_widths", sheet.at(f"H{FIRST}:H{last}"))
    starts, price = FIRST, FIRST + 2
    build.check(
        "Sensitivity",
        "A step in prices is the same step in cost",
        sheet.at(f"C{price}"),
        f"{sheet.at(f'D{price}')}*(1-Sensitivity_step)",
        breaks=(sheet.at(f"C{price}"), 123456789),
    )
    build.check(
        "Sensitivity",
        "A step fewer and a step more starts change the cost by as much",
        f"{sheet.at(f'C{starts}')}+{sheet.at(f'E{starts}')}",
        f"{sheet.at(f'D{starts}')}+{sheet.at(f'D{starts}')}",
        breaks=(sheet.at(f"E{starts}"), 123456789),
    )
    build.check(
        "Sensitivity",
        "The cost as shown is that of the sheet Cost",
        sheet.at(f"D{starts}"),
        "SUM(Cost_selected)",
        breaks=(sheet.at(f"D{starts}"), 123456789),
    )


def _ordered(build: Build, sheet: Sheet, first: int, last: int) -> None:
    """Write the same, the widest first; what is as wide stays in order."""
    sheet.section(first - 2, "The widest first")
    sheet.header(first - 1, ("What is varied", "Place", "Change, low (£m)", "Change, high (£m)", "Width (£m)"), 26)
    end = first + last - FIRST
    for r in range(first, end + 1):
        row = f"MATCH(B{r},$I${FIRST}:$I${last},0)"
        sheet.line(
            r,
            [
                (f"=INDEX($A${FIRST}:$A${last},{row})", LABEL, None),
                (f"=ROWS(B${first}:B{r})", CALC, N0),
                *((f"=INDEX(${c}${FIRST}:${c}${last},{row})", OUT, EXACT) for c in "FG"),
                (f"=INDEX($H${FIRST}:$H${last},{row})", CALC, EXACT),
            ],
        )
    build.check(
        "Sensitivity",
        "The widest first holds everything that is varied",
        f"SUM({sheet.at(f'E{first}:E{end}')})",
        "SUM(Sensitivity_widths)",
        breaks=(sheet.at(f"E{end}"), 123456789),
    )


def _chart(build: Build, sheet: Sheet, first: int, count: int) -> None:
    end = first + count - 1
    chart = tornado_chart(
        sheet.ws,
        f"A{end + 2}",
        "What moves the cost most: one step lower and one step higher",
        "Change in the cost of placements over all years, £m",
        f"A{first}:A{end}",
        [("A step lower", f"C{first}:C{end}", "orange"), ("A step higher", f"D{first}:D{end}", "blue")],
        '£#,##0.0,,"m";-£#,##0.0,,"m"',
    )
    add_chart(
        build,
        sheet.ws,
        chart,
        alt="Bars to the left and right of no change, the widest first: by how many millions of pounds the cost of "
        "placements over all years changes when starts, length of stay, prices or the mix of placements are a step "
        "lower or higher. The figures are in the table above.",
    )
