"""What every scenario avoids against the baseline, year by year: the tables that the sheet Avoidance reads from."""

from __future__ import annotations

from dataclasses import dataclass

from xlmodel.building.blocks import MILLIONS, figure, real_table, text
from xlmodel.building.project import Text
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, LABEL, N1, N2, OUT, POUND, SOURCE

__all__ = ["AvoidanceTables", "avoidance_tables", "proceedings"]

INPUT = "Model input"


@dataclass(frozen=True)
class AvoidanceTables:
    """Where the tables stand; each has a row for every scenario and year, in one order."""

    title: str  #: of the sheet
    given: int  #: first row of what a scenario costs and what is claimed
    flows: int  #: first row of children and care-years
    money: int  #: first row of pounds
    support: int  #: first row of what support in place of care costs, a row a year
    count: int  #: rows of each of the first three
    years: int
    last: int  #: the last row used

    def read(self, table: int, column: str, year: str) -> str:
        """Return the formula, without its equals sign, of a column for the scenario shown; `year` is a cell."""
        end = table + self.count - 1
        key = f"$A${table}:$A${end}"
        return f'INDEX(${column}${table}:${column}${end},MATCH(Scenario&"|"&{year},{key},0))'


def avoidance_tables(build: Build, sheet: Sheet, top: int) -> AvoidanceTables:
    """Write the tables from a row on; return where they stand."""
    demand = build.project.demand
    years = demand.months.years
    count = years * len(demand.scenarios)
    support = top + 2
    given = support + years + 3
    flows = given + count + 3
    money = flows + count + 3
    steady = money + count + 3
    last = steady + count * len(demand.placements) - 1
    made = AvoidanceTables(sheet.title, given, flows, money, support, count, years, last)
    _support(build, sheet, support)
    _given(build, sheet, given, years)
    _flows(build, sheet, made, steady)
    _money(build, sheet, made)
    _steady(build, sheet, steady)
    for r in range(flows - 2, last + 1):
        sheet.ws.row_dimensions[r].outlineLevel = 1
    return made


def _support(build: Build, sheet: Sheet, first: int) -> None:
    """Write what a week of support in place of care costs."""
    labels = build.project.demand.months.labels
    rows: dict[str, dict[str, str]] = {text(row, "year"): row for row in build.project.model.get("support", [])}
    sheet.section(first - 2, "Support for children who are not in care because of a scenario")
    sheet.header(first - 1, ("Year", "£ a child-week", "£ a child-year", "Source"), 26)
    for r, year in enumerate(labels, first):
        row = rows.get(year, {})
        sheet.line(
            r,
            [
                (year, LABEL, None),
                (figure(row, "alternative_week") or 0, INPUT, POUND),
                (f"=CSC_WEEK_TO_YEAR(B{r},A{r})", CALC, POUND),
                (text(row, "source") or "none is given", SOURCE, None),
            ],
        )
        sheet.fit(r, [4])
    area = f"B{first}:B{first + len(labels) - 1}"
    sheet.allow(area, "decimal", "Give pounds a child-week, of at least 0.", "0", "1E+6")
    build.name("Support_child_year", sheet.at(f"C{first}:C{first + len(labels) - 1}"))


def _given(build: Build, sheet: Sheet, first: int, years: int) -> None:
    """Write what each scenario costs, what it takes out of budgets and what is claimed for it."""
    demand = build.project.demand
    money = build.project.model.get("money", [])
    rows: dict[tuple[str, str], dict[str, str]] = {(text(r, "scenario"), text(r, "year")): r for r in money}
    sheet.section(first - 2, "What each scenario costs, and what is claimed for it")
    sheet.header(
        first - 1,
        (
            *("Scenario and year", "Scenario", "Year", "Investment, net of grant (£m)", "Taken out of budgets (£m)"),
            *("Budgeted growth given up (£m)", "Claimed (£m); empty: nothing is claimed"),
        ),
        44,
    )
    r = first
    for code in demand.scenarios:
        for year in demand.months.labels:
            row = rows.get((code, year), {})
            sheet.line(
                r,
                [
                    (f'=B{r}&"|"&C{r}', LABEL, None),
                    (Text(code), LABEL, None),
                    (year, LABEL, None),
                    *(
                        (figure(row, c) or 0, INPUT, MILLIONS)
                        for c in ("investment", "budget_reduction", "growth_avoided")
                    ),
                    (figure(row, "claimed"), INPUT, MILLIONS),
                ],
            )
            r += 1
    sheet.allow(f"D{first}:G{r - 1}", "decimal", "Give pounds of at least 0, such as 400000 for £0.4m.", "0", "1E+10")
    real_table(sheet, "Scenario_money", f"A{first - 1}:G{r - 1}")
    build.name("Money_key", sheet.at(f"A{first}:A{r - 1}"))
    build.name("Money_investment", sheet.at(f"D{first}:D{r - 1}"))
    build.name("Money_claimed", sheet.at(f"G{first}:G{r - 1}"))


def _flows(build: Build, sheet: Sheet, at: AvoidanceTables, steady: int) -> None:
    """Write children, care-years and their cost, less than in the baseline, and where that would settle."""
    demand = build.project.demand
    placements = len(demand.placements)
    sheet.section(at.flows - 2, "Every scenario: children and care-years avoided")
    sheet.header(
        at.flows - 1,
        (
            *("Scenario and year", "Scenario", "Year", "Starts, baseline", "Starts, scenario", "Attribution"),
            *("Fewer starts", "Fewer children on 31 March", "Care-years avoided", "Cost of them (£m)"),
            "Ceiling: if the year went on for ever (£m)",
        ),
        44,
    )
    for i in range(at.count):
        r, g = at.flows + i, at.given + i
        start = at.flows + i - i % at.years
        block = f"{{0}}${start}:{{0}}${start + at.years - 1}"
        fewer = f"CSC_AVOIDED_ENTRANTS({block.format('$D')},{block.format('$E')},F{r})"
        base = f'INDEX({{}},MATCH(Baseline&"|"&$C{r},Case_key,0))'
        own = f"INDEX({{}},MATCH($A{r},Case_key,0))"
        first = steady + i * placements
        parts = [f"{c}{first}:{c}{first + placements - 1}" for c in "GH"]
        sheet.line(
            r,
            [
                (f"=A{g}", LABEL, None),
                (f"=B{g}", LABEL, None),
                (f"=C{g}", LABEL, None),
                ("=" + base.format("Case_starts"), CALC, N1),
                ("=" + own.format("Case_starts"), CALC, N1),
                (f"=INDEX(Scenario_attribution,MATCH(B{r},Scenario_codes,0))", CALC, "0%_ "),
                (f"=INDEX({fewer},{i % at.years + 1})", OUT, N1),
                *(
                    (f"=({base.format(n)}-{own.format(n)})*$F{r}", OUT, fmt)
                    for n, fmt in (("Case_closing", N1), ("Case_care_years", N2), ("Case_cost", MILLIONS))
                ),
                (
                    f"=IF(COUNT({parts[0]},{parts[1]})=ROWS({parts[0]})+ROWS({parts[1]}),"
                    f'(SUM({parts[0]})-SUM({parts[1]}))*F{r},"no limit")',
                    CALC,
                    MILLIONS,
                ),
            ],
        )
    real_table(sheet, "Avoided_children_and_years", f"A{at.flows - 1}:K{at.flows + at.count - 1}")


def _money(build: Build, sheet: Sheet, at: AvoidanceTables) -> None:
    """Write what a scenario saves, net of what it costs, and of which kind that is."""
    first = at.money
    sheet.section(first - 2, "Every scenario: pounds")
    sheet.header(
        first - 1,
        (
            *("Scenario and year", "Scenario", "Year", "Care avoided (£m)", "Proceedings avoided (£m)"),
            *("Support in place of care (£m)", "Investment (£m)", "Net (£m)", "Cashable (£m)", "Cost avoided (£m)"),
            *("Neither (£m)", "Claimed (£m)", "Claimed less net (£m)"),
        ),
        44,
    )
    for i in range(at.count):
        r, f, g, k = first + i, at.flows + i, at.given + i, i % at.years
        sheet.line(
            r,
            [
                (f"=A{g}", LABEL, None),
                (f"=B{g}", LABEL, None),
                (f"=C{g}", LABEL, None),
                (f"=J{f}", CALC, MILLIONS),
                (proceedings(build, f"G{f}", f"G{f - 1}" if k else None), CALC, MILLIONS),
                (f"=MAX(0,I{f})*C{at.support + k}", CALC, MILLIONS),
                (f"=D{g}", CALC, MILLIONS),
                (f"=D{r}+E{r}-F{r}-G{r}", OUT, MILLIONS),
                *((f"=INDEX(CSC_SAVING_CLASS(MAX(0,H{r}),E{g},F{g}),{n})", CALC, MILLIONS) for n in (1, 2)),
                (f"=IF(H{r}<0,H{r},INDEX(CSC_SAVING_CLASS(MAX(0,H{r}),E{g},F{g}),3))", CALC, MILLIONS),
                (f'=IF(G{g}="","",G{g})', CALC, MILLIONS),
                (f'=IF(L{r}="","",L{r}-H{r})', CALC, MILLIONS),
            ],
        )
    real_table(sheet, "Avoided_pounds", f"A{first - 1}:M{first + at.count - 1}")
    rows = slice(first, first + at.count - 1)
    build.check(
        at.title,
        "Every scenario: cashable, cost avoided and neither make up the net",
        f"SUM({sheet.at(f'I{rows.start}:K{rows.stop}')})",
        f"SUM({sheet.at(f'H{rows.start}:H{rows.stop}')})",
        breaks=(sheet.at(f"I{first}"), 1e9),
    )


def proceedings(build: Build, entrants: str, before: str | None) -> str | int:
    """Return the formula of proceedings avoided in a year, with those of the year before that are issued in it.

    Parameters
    ----------
    build : Build
        Its project says whether proceedings have a cost, and whether they come later than the entry.
    entrants, before : str
        The fewer starts of the year, and of the year before; None where there is none.
    """
    if build.project.demand.legal is None:
        return 0
    lagged = any(a.name == "proceedings_lag_months" for a in build.project.demand.assumptions)
    lag = ",proceedings_lag_months" if lagged else ""
    call = "INDEX(CSC_LEGAL_AVOIDED({0},proceedings_share,proceedings_cost" + lag + "),{1})"
    return "=" + call.format(entrants, 1) + (f"+{call.format(before, 2)}" if before else "")


def _steady(build: Build, sheet: Sheet, first: int) -> None:
    """Write what a year's care would cost for ever: starts for the whole of their stays, at the year's prices."""
    demand = build.project.demand
    sheet.section(first - 2, "If a year's starts, stays and prices went on for ever")
    sheet.header(
        first - 1,
        (
            *("Scenario, year and placement", "Scenario", "Year", "Placement", "Starts, baseline", "Starts, scenario"),
            *("Cost a year, baseline (£m)", "Cost a year, scenario (£m)"),
        ),
        44,
    )
    r = first
    for code in demand.scenarios:
        for year in demand.months.labels:
            for placement in demand.placements:
                keys = (f'Baseline&"|"&$C{r}&"|"&$D{r}', f"$A{r}")
                starts, hazard, price = (
                    [f"INDEX({name},MATCH({key},Flow_key,0))" for key in keys]
                    for name in ("Flow_starts", "Flow_hazard", "Flow_price_week")
                )
                costs = [
                    f'=IF({s}=0,0,IF({h}=0,"no limit",{s}/{h}*CSC_WEEK_TO_YEAR({p},$C{r})))'
                    for s, h, p in zip(("$E" + str(r), "$F" + str(r)), hazard, price, strict=True)
                ]
                sheet.line(
                    r,
                    [
                        (f'=B{r}&"|"&C{r}&"|"&D{r}', LABEL, None),
                        (Text(code), LABEL, None),
                        (year, LABEL, None),
                        (Text(placement), LABEL, None),
                        (f"={starts[0]}", CALC, N1),
                        (f"={starts[1]}", CALC, N1),
                        *((cost, CALC, MILLIONS) for cost in costs),
                    ],
                )
                r += 1
    real_table(sheet, "Steady_states", f"A{first - 1}:H{r - 1}")
