"""The sheet Avoidance: what the scenario shown avoids in children and pounds, beside what is claimed for it."""

from __future__ import annotations

from xlmodel.building.avoidance_cohorts import by_cohorts
from xlmodel.building.avoidance_tables import AvoidanceTables, avoidance_tables
from xlmodel.building.blocks import MILLIONS, page_break, scenario_shown, text
from xlmodel.building.charts import add_chart, column_chart
from xlmodel.building.project import Text
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, CHECK, LABEL, N1, N2, OUT, POUND, number_format
from xlmodel.model.demand.discounting import is_discounted

__all__ = ["avoidance"]

TOTAL, TOTAL_LABEL = "Model total", "Model total label"
FIRST = 7  #: the first row of children
CHART_ROWS = 20


def avoidance(build: Build) -> None:
    """Write children, pounds, claims and present value of the scenario shown, then every scenario and the proof."""
    sheet = Sheet(
        build,
        "Avoidance",
        "What is avoided",
        "What the scenario shown avoids against the fixed baseline: children and pounds from the same flows. A cost "
        "that is avoided is money only where a budget or its growth is taken down. Amounts are held in pounds and "
        "shown in millions.",
        (34, 17, 13, 13.5, 13.5, 13.5, 13.5, 13.5, 13.5, 13.5, 13.5, 13.5, 13.5),
        span=10,
    )
    labels = build.project.demand.months.labels
    years = len(labels)
    money = FIRST + years + 3
    claims = money + years + 4
    worth = claims + years + 4
    chart = worth + (years + 5 if is_discounted(build.project.demand) else 3)
    tables = avoidance_tables(build, sheet, chart + CHART_ROWS)
    scenario_shown(sheet, 4)
    _children(build, sheet, tables)
    _money(build, sheet, tables, money)
    _claims(build, sheet, tables, claims, money)
    _present_value(build, sheet, worth, money)
    _chart(build, sheet, chart, (money, claims))
    page_break(sheet, worth - 2 if is_discounted(build.project.demand) else chart)
    page_break(sheet, tables.given - 2)
    last = by_cohorts(build, sheet, tables, tables.last + 2)
    sheet.finish("B5", last_row=last, titles="1:2", area=f"A1:M{last}")


def _year_column(build: Build, sheet: Sheet, first: int) -> list[tuple[int, str]]:
    """Write the years of a block; return each row with its year."""
    rows = list(enumerate(build.project.demand.months.labels, first))
    for r, year in rows:
        sheet.put(f"A{r}", year, LABEL)
    return rows


def _children(build: Build, sheet: Sheet, tables: AvoidanceTables) -> None:
    """Write entrants, children and care-years avoided."""
    sheet.section(FIRST - 2, "Children")
    sheet.header(
        FIRST - 1,
        (
            *("Year", "Starts, baseline", "Starts, scenario", "Attribution", "Fewer starts"),
            *("Fewer children on 31 March", "Care-years avoided", "Cost of a care-year avoided (£)"),
        ),
        44,
    )
    rows = _year_column(build, sheet, FIRST)
    last = rows[-1][0]
    for r, year in rows:
        read = {c: tables.read(tables.flows, c, f"$A{r}") for c in "DEFGHI"}
        cost = tables.read(tables.flows, "J", f"$A{r}")
        sheet.line(
            r,
            [
                (f"={read['D']}", CALC, N1),
                (f"={read['E']}", CALC, N1),
                (f"={read['F']}", CALC, "0%_ "),
                (f"={read['G']}", OUT, N1),
                (f"={read['H']}", OUT, N1),
                (f"={read['I']}", OUT, N2),
                (f'=IF(G{r}=0,"",{cost}/G{r})', CALC, POUND),
            ],
            2,
        )
        build.check(
            "Avoidance",
            f"{year}: fewer starts of the scenario shown, after attribution",
            f"({sheet.at(f'B{r}')}-{sheet.at(f'C{r}')})*Attribution",
            sheet.at(f"E{r}"),
            breaks=(sheet.at(f"E{r}"), 123456789),
        )
    build.name("Avoided_years", sheet.at(f"A{FIRST}:A{last}"))
    build.name("Avoided_entrants", sheet.at(f"E{FIRST}:E{last}"))
    build.name("Avoided_children", sheet.at(f"G{FIRST}:G{last}"))


def _money(build: Build, sheet: Sheet, tables: AvoidanceTables, first: int) -> None:
    """Write what is saved, net of what it costs, and of which kind it is."""
    sheet.section(first - 2, "Pounds (£m)")
    sheet.header(
        first - 1,
        (
            *("Year", "Care avoided (£m)", "Proceedings avoided (£m)", "Support in place of care (£m)"),
            *("Investment (£m)", "Net (£m)", "of it: cashable (£m)", "of it: cost avoided (£m)"),
            "of it: neither (£m)",
        ),
        44,
    )
    rows = _year_column(build, sheet, first)
    last = rows[-1][0]
    for r, year in rows:
        sheet.line(
            r,
            [(f"={tables.read(tables.money, c, f'$A{r}')}", OUT if c in "DH" else CALC, MILLIONS) for c in "DEFGHIJK"],
            2,
        )
        own, base = (f'INDEX(Case_cost,MATCH({c}&"|{year}",Case_key,0))' for c in ("Scenario", "Baseline"))
        build.check(
            "Avoidance",
            f"{year}: net = care + proceedings - support - investment, from the flows' cost",
            f"({base}-{own})*Attribution+{sheet.at(f'C{r}')}-{sheet.at(f'D{r}')}-{sheet.at(f'E{r}')}",
            sheet.at(f"F{r}"),
            breaks=(sheet.at(f"F{r}"), 123456789),
        )
    sheet.put(f"A{last + 1}", "All years", TOTAL_LABEL)
    sheet.line(last + 1, [(f"=SUM({c}{first}:{c}{last})", TOTAL, MILLIONS) for c in "BCDEFGHI"], 2)
    build.check(
        "Avoidance",
        "All years: net of the scenario shown = cashable, cost avoided and neither",
        sheet.at(f"F{last + 1}"),
        f"SUM({sheet.at(f'G{first}:I{last}')})",
        breaks=(sheet.at(f"G{first}"), 123456789),
    )
    build.name("Avoided_cost", sheet.at(f"B{first}:B{last}"))
    build.name("Avoided_net", sheet.at(f"F{first}:F{last}"))
    build.name("Avoided_investment", sheet.at(f"E{first}:E{last}"))


def _claims(build: Build, sheet: Sheet, tables: AvoidanceTables, first: int, money: int) -> None:
    """Write what is claimed beside what the flows support, and what a care-year would have to cost."""
    sheet.section(first - 2, "Claimed beside supported (£m)")
    sheet.header(
        first - 1,
        (
            *("Year", "Claimed (£m)", "Supported by the flows, net (£m)", "Claimed less supported (£m)"),
            *("Care avoided: ceiling if the year went on for ever (£m)", "Claimed less the net ceiling (£m)"),
            *("A care-year must cost, for the claim (£)", "A care-year costs (£)", "Do the flows support the claim?"),
        ),
        58,
    )
    rows = _year_column(build, sheet, first)
    for i, (r, _) in enumerate(rows):
        m, f = money + i, FIRST + i
        other = f"(C{m}-D{m}-E{m})"
        sheet.line(
            r,
            [
                (f"={tables.read(tables.money, 'L', f'$A{r}')}", CALC, MILLIONS),
                (f"=F{m}", OUT, MILLIONS),
                (f'=IF(B{r}="","",B{r}-C{r})', OUT, MILLIONS),
                (f"={tables.read(tables.flows, 'K', f'$A{r}')}", CALC, MILLIONS),
                (f'=IF(OR(B{r}="",ISTEXT(E{r})),"",B{r}-E{r}-{other})', CALC, MILLIONS),
                (
                    f'=IF(B{r}="","",IF(G{f}<=0,"",CSC_IMPLIED_UNIT_COST(B{r}-{other},G{f}*Months_in_year)))',
                    CALC,
                    POUND,
                ),
                (f"=H{f}", CALC, POUND),
                (f'=IF(B{r}="","no claim",IF(B{r}<=C{r},"yes",IF(C{r}>0,"in part","no")))', CHECK, None),
            ],
            2,
        )
    last = rows[-1][0]
    sheet.note(
        last + 1,
        "A claim that the flows do not support is no proof of an error: longer stays or dearer placements than those "
        "given here could explain it. The cost that a care-year must have takes proceedings, support and investment "
        "into account.",
        columns=10,
    )
    build.name("Avoided_claimed", sheet.at(f"B{first}:B{last}"))


def _present_value(build: Build, sheet: Sheet, first: int, money: int) -> None:
    """Write what the net is worth on the first day, where a discount rate and a deflator are given."""
    demand = build.project.demand
    sheet.section(first - 2, "Present value")
    if not is_discounted(demand):
        sheet.note(
            first - 1,
            "No discount rate and deflator are given, so there is no present value: they go into model/parameters.csv.",
            columns=10,
        )
        return
    sheet.header(
        first - 1,
        (
            *("Year", "Net (£m)", "Deflator, index of the year", "Net in the prices of the first year (£m)"),
            *("Discount rate, a year", "£1 on the first day of the year (£)", "£1 in the middle of the year (£)"),
            "Worth on the first day of all (£m)",
        ),
        44,
    )
    given = {name: demand.yearly(name).tolist() for name in ("gdp_deflator", "discount_rate")}
    rows = _year_column(build, sheet, first)
    last = rows[-1][0]
    for i, (r, _) in enumerate(rows):
        sheet.line(
            r,
            [
                (f"=F{money + i}", CALC, MILLIONS),
                (given["gdp_deflator"][i], "Model input", N2),
                (f"=CSC_REAL_TERMS(B{r},C{r},C${first})", CALC, MILLIONS),
                (given["discount_rate"][i], "Model input", "0.0%_ "),
                (1 if i == 0 else f"=F{r - 1}/(1+E{r - 1})", CALC, number_format("£", 4)),
                (f'=F{r}*CSC_PRESENT_VALUE(1,E{r},"mid")', CALC, number_format("£", 4)),
                (f"=D{r}*G{r}", OUT, MILLIONS),
            ],
            2,
        )
    sheet.allow(f"C{first}:C{last}", "decimal", "Give the price index of the year, above 0.", "0.000001", "1E+6")
    sheet.allow(f"E{first}:E{last}", "decimal", "Give the real rate as a share, such as 0.035.", "-0.5", "1")
    sheet.put(f"A{last + 1}", "Present value", TOTAL_LABEL)
    sheet.line(last + 1, [*[(None, TOTAL, None)] * 6, (f"=SUM(H{first}:H{last})", TOTAL, MILLIONS)], 2)
    sources = [r for r in build.project.model.get("parameters", []) if text(r, "name") in given]
    told = dict.fromkeys(f"{text(r, 'name').replace('_', ' ')}: {text(r, 'source')}" for r in sources)
    sheet.note(last + 2, Text("; ".join(told) + "."), columns=10)
    rate, real = sheet.at(f"E{first}"), sheet.at(f"D{first}:D{last}")
    one_rate = f"MAX({sheet.at(f'E{first}:E{last}')})=MIN({sheet.at(f'E{first}:E{last}')})"
    total = sheet.at(f"H{last + 1}")
    build.check(
        "Avoidance",
        "Present value by year = the function over all years, where one rate holds",
        f'IF({one_rate},CSC_PRESENT_VALUE({real},{rate},"mid"),{total})',
        total,
        breaks=(sheet.at(f"H{first}"), 123456789),
    )


def _chart(build: Build, sheet: Sheet, top: int, rows: tuple[int, int]) -> None:
    """Write the chart of what is claimed and what the flows support."""
    years = build.project.demand.months.years
    money, claims = rows
    end = claims + years - 1
    chart = column_chart(
        sheet.ws,
        f"A{top}",
        "Avoided by the scenario shown: claimed, and supported by the flows",
        "£m in the year",
        f"A{claims}:A{end}",
        [
            ("Claimed", f"B{claims}:B{end}", "orange"),
            ("Supported by the flows, net", f"C{claims}:C{end}", "blue"),
            ("of it: cashable", f"G{money}:G{money + years - 1}", "pass"),
        ],
        '£#,##0.0,,"m"',
        least=None,
    )
    add_chart(
        build,
        sheet.ws,
        chart,
        alt="Columns for each financial year, in millions of pounds: what is claimed for the scenario shown, what its "
        "flows of children support net of costs, and what of that is cashable. The figures are in the tables above.",
    )
