"""The sheet Calculation: every scenario and variation, year by year and placement by placement, in one table.

A variation starts from a scenario's own rows, so the rows of scenarios have names of their own: a look-up never runs
over the cell it stands in.
"""

from __future__ import annotations

from dataclasses import dataclass

from xlmodel.building.project import Text
from xlmodel.building.scenarios import variations
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.simplified import exact
from xlmodel.building.style import CALC, LABEL, OUT, POUND, SOURCE, number_format

__all__ = ["calculation"]

TITLE = "Calculation"
HEADER_ROW = 4
FIRST = 5
CHILDREN, RATE, FACTOR, WEEKLY = "#,##0.00_ ", "0.0000_ ", "0.0000_ ", number_format("£", 2)
TOTAL = "All placements"

HEADERS = (
    "Look-up key",
    "Scenario or variation",
    "Financial year",
    "Placement",
    "Based on",
    "Starts before factors (children)",
    "Starts: times",
    "Opening (children)",
    "Starts (children)",
    "Leaving, as given (rate a year)",
    "Leaving: times",
    "Leaving (rate a year)",
    "Time in care (child-years)",
    "Ceases (children)",
    "Closing (children)",
    "Price (£ a child-week)",
    "Cost (£)",
    "Starts into the dearest placement: times",
    "Starts into the others: times",
)
#: The columns that others read, by what their names say.
COLUMNS = {
    "opening": "H",
    "starts": "I",
    "hazard": "L",
    "care_years": "M",
    "ceases": "N",
    "closing": "O",
    "price_week": "P",
    "cost": "Q",
}


@dataclass(frozen=True)
class _Place:
    """Where one case and year stands: its row of totals, and its first row of detail."""

    code: str
    varied: bool
    year: int
    total: int
    detail: int


def calculation(build: Build) -> None:
    """Write the sheet."""
    demand = build.project.demand
    sheet = Sheet(
        build,
        TITLE,
        "Calculation",
        "Every scenario, and every variation of one thing at a time. The first rows are totals by year; the rows "
        "below them are the same by placement. Nothing here is typed.",
        (50, 27, 11, 20, 27, *[13] * 11, 15, 14, 14),
    )
    sheet.header(HEADER_ROW, HEADERS, 58)
    cases = [(code, False) for code in demand.scenarios] + [(code, True) for code, *_ in variations()]
    years, places = demand.months.years, len(demand.placements)
    detail = FIRST + len(cases) * years
    rows = [
        _Place(code, varied, y, FIRST + i * years + y, detail + (i * years + y) * places)
        for i, (code, varied) in enumerate(cases)
        for y in range(years)
    ]
    for place in rows:
        _total(sheet, place, places)
        for p in range(places):
            _detail(sheet, place, p, places)
    last = detail + len(cases) * years * places - 1
    _names(build, sheet, len(demand.scenarios) * years, detail, last, places)
    _cases(build, sheet, last + 2, [code for code, _ in cases], len(demand.scenarios))
    _checks(build, sheet, rows, detail, last)
    for r in range(detail, last + 1):
        sheet.ws.row_dimensions[r].outlineLevel = 1
    sheet.ws.sheet_properties.outlinePr.summaryBelow = False
    # the detail is for the screen: on paper stand the totals
    sheet.finish("E5", titles=f"{HEADER_ROW}:{HEADER_ROW}", area=f"A1:{sheet.last}{detail - 1}")


def _total(sheet: Sheet, place: _Place, places: int) -> None:
    r, first, last = place.total, place.detail, place.detail + places - 1

    def of(letter: str) -> str:
        return f"{letter}{first}:{letter}{last}"

    find = f"MATCH($B{r},{'Variation' if place.varied else 'Scenario'}_codes,0)"
    stated = f"INDEX(Ceases_stated,MATCH($B{r},Ceases_codes,0),MATCH($C{r},Ceases_years,0))"
    if place.varied:
        leaving = f"=1/INDEX(Variation_stay,{find})"
        based = f"=INDEX(Variation_of,{find})"
    else:
        solved = f"CSC_EXIT_HAZARD({of('H')},{of('I')},{stated},{of('J')})"
        leaving = f"=IF(ISNUMBER({stated}),{solved},INDEX(Scenario_exits,{find}){_registered(sheet, 'exit_factor')})"
        based = f"=INDEX(Scenario_starts_from,{find})"
    sheet.line(
        r,
        [
            (f'=B{r}&"|"&C{r}', SOURCE, None),
            (Text(place.code), LABEL, None),
            (sheet.build.project.demand.months.labels[place.year], LABEL, None),
            (TOTAL, LABEL, None),
            (based, CALC, None),
            (f"=SUM({of('F')})", CALC, CHILDREN),
            (f"=IF(F{r}=0,1,I{r}/F{r})", CALC, FACTOR),
            (f"=SUM({of('H')})", OUT, CHILDREN),
            (f"=SUM({of('I')})", OUT, CHILDREN),
            (f"=IF(M{r}=0,0,SUMPRODUCT({of('J')},{of('M')})/M{r})", CALC, RATE),
            (leaving, CALC, FACTOR),
            (f"=IF(M{r}=0,0,CSC_EXIT_RATE(N{r},M{r}))", CALC, RATE),
            (f"=SUM({of('M')})", OUT, CHILDREN),
            (f"=SUM({of('N')})", OUT, CHILDREN),
            (f"=CSC_CLOSING_STOCK(H{r},I{r},N{r})", OUT, CHILDREN),
            (f"=IF(M{r}=0,0,Q{r}/CSC_WEEK_TO_YEAR(M{r},$C{r}))", CALC, WEEKLY),
            (f"=SUM({of('Q')})", OUT, POUND),
        ],
    )
    if place.varied:
        _mix(sheet, r, find)


def _registered(sheet: Sheet, name: str) -> str:
    """Return a factor of the register of assumptions as a multiplication, where it is there."""
    known = {assumption.name for assumption in sheet.build.project.demand.assumptions}
    return f"*{name}" if name in known else ""


def _mix(sheet: Sheet, r: int, find: str) -> None:
    """Write by what the starts into the dearest placement are multiplied, and those into the others.

    The total stays: the others give or get in proportion, and the dearest cannot have more than there are.
    """
    key = f'$E{r}&"|"&$C{r}'
    into = f'INDEX(Scenario_flow_starts,MATCH({key}&"|"&Dearest_placement,Scenario_flow_key,0))'
    total = f"INDEX(Scenario_case_starts,MATCH({key},Scenario_case_key,0))"
    others = f"({total}-{into})"
    some = f"OR({into}=0,{others}<=0)"
    sheet.put(f"R{r}", f"=IF({some},1,MIN(INDEX(Variation_mix,{find}),{total}/{into}))", CALC, FACTOR)
    sheet.put(f"S{r}", f"=IF({some},1,({total}-R{r}*{into})/{others})", CALC, FACTOR)


def _detail(sheet: Sheet, place: _Place, p: int, places: int) -> None:
    r, total = place.detail + p, place.total
    find = f"MATCH($B{r},{'Variation' if place.varied else 'Scenario'}_codes,0)"
    row = f'MATCH($E{r}&"|"&$C{r}&"|"&$D{r},Scenario_flow_key,0)'
    placement = f"MATCH($D{r},Placement_codes,0)"
    if place.varied:
        starts = f"=INDEX(Scenario_flow_starts,{row})"
        mix = f"IF($D{r}=Dearest_placement,$R${total},$S${total})"
        times = f"=INDEX(Variation_starts,{find})*{mix}"
        given = f"=INDEX(Scenario_flow_hazard,{row})"
        price = f"=INDEX(Scenario_flow_price_week,{row})*INDEX(Variation_price,{find})"
    else:
        key = f'MATCH($E{r}&"|"&$D{r},Starts_keys,0)'
        starts = f"=INDEX(Starts_given,{key},MATCH($C{r},Starts_years,0))"
        times = f"=INDEX(Scenario_starts,{find}){_registered(sheet, 'starts_factor')}"
        given = f"=INDEX(Hazard_given,{placement})"
        if not exact(sheet.build.project):
            given += f"*INDEX(Hazard_times,{placement},MATCH($C{r},Years,0))"
        dated = f"INDEX(Price_week,{placement},MATCH($C{r},Price_years,0))"
        price = f"={dated}*INDEX(Scenario_prices,{find}){_registered(sheet, 'price_factor')}"
    opening = f"=O{r - places}" if place.year else f"=INDEX(Opening_by_placement,{placement})"
    sheet.line(
        r,
        [
            (f'=B{r}&"|"&C{r}&"|"&D{r}', SOURCE, None),
            (f"=B${total}", LABEL, None),
            (f"=C${total}", LABEL, None),
            (Text(sheet.build.project.demand.placements[p]), LABEL, None),
            (f"=E${total}", CALC, None),
            (starts, CALC, CHILDREN),
            (times, CALC, FACTOR),
            (opening, CALC, CHILDREN),
            (f"=F{r}*G{r}", CALC, CHILDREN),
            (given, CALC, RATE),
            (f"=K${total}", CALC, FACTOR),
            (f"=J{r}*K{r}", CALC, RATE),
            (f"=CSC_CARE_YEARS(H{r},I{r},L{r})", CALC, CHILDREN),
            (f"=L{r}*M{r}", CALC, CHILDREN),
            (f"=CSC_CLOSING_STOCK(H{r},I{r},N{r})", CALC, CHILDREN),
            (price, CALC, WEEKLY),
            (f"=M{r}*CSC_WEEK_TO_YEAR(P{r},$C{r})", CALC, POUND),
        ],
    )


def _names(build: Build, sheet: Sheet, scenarios: int, detail: int, last: int, places: int) -> None:
    """Name the columns of both parts, of all cases and of the scenarios alone."""
    parts = (
        ("Case", FIRST, detail - 1),
        ("Flow", detail, last),
        ("Scenario_case", FIRST, FIRST + scenarios - 1),
        ("Scenario_flow", detail, detail + scenarios * places - 1),
    )
    for prefix, first, end in parts:
        for what, letter in {"key": "A", **COLUMNS}.items():
            build.name(f"{prefix}_{what}", sheet.at(f"{letter}{first}:{letter}{end}"))


def _cases(build: Build, sheet: Sheet, top: int, codes: list[str], scenarios: int) -> None:
    """Write the list of all cases."""
    sheet.line(top, [("All scenarios and variations", "Model header", None), ("Code", "Model header", None)])
    first = top + 1
    for r, _ in enumerate(codes, first):
        source = "Scenario" if r - first < scenarios else "Variation"
        position = f"ROWS(B${first if source == 'Scenario' else first + scenarios}:B{r})"
        sheet.line(
            r,
            [
                (f"=INDEX({source}_labels,{position})", LABEL, None),
                (f"=INDEX({source}_codes,{position})", LABEL, None),
            ],
        )
    build.name("Case_labels", sheet.at(f"A{first}:A{first + len(codes) - 1}"))
    build.name("Case_codes", sheet.at(f"B{first}:B{first + len(codes) - 1}"))


def _checks(build: Build, sheet: Sheet, rows: list[_Place], detail: int, last: int) -> None:
    def breaks(cell: str, content: float = 0) -> tuple[str, float]:
        return sheet.at(cell), content

    build.check(
        TITLE,
        "Children of all placements at the end of each year = those of the totals",
        "SUM(Flow_closing)",
        "SUM(Case_closing)",
        breaks=breaks(f"O{rows[0].total}"),
    )
    build.check(
        TITLE,
        "Opening + starts - ceases = closing, over all rows",
        "SUM(Flow_opening)+SUM(Flow_starts)-SUM(Flow_ceases)",
        "SUM(Flow_closing)",
        breaks=breaks(f"O{last}"),
    )
    for code in dict.fromkeys((build.project.demand.baseline, build.project.demand.budget_scenario)):
        later = [place for place in rows if place.year and place.code == code]
        if later:
            top, end = later[0].total, later[-1].total
            opened, closed = sheet.at(f"H{top}:H{end}"), sheet.at(f"O{top - 1}:O{end - 1}")
            build.check(
                TITLE,
                f"{code}: each year opens with the children that the one before closed with",
                f"SUMPRODUCT(ABS({opened}-{closed}))",  # sums of each side could cancel
                "0",
                breaks=breaks(f"H{later[0].total}"),
            )
    build.check(
        TITLE,
        "Cost = time in care x price of a week x weeks of the year, over all rows",
        "SUMPRODUCT(Flow_care_years,Flow_price_week,SUMIF(Years,"
        f"{sheet.at(f'C{detail}:C{last}')},Year_days))/Days_in_week",
        "SUM(Case_cost)",
        breaks=breaks(f"Q{rows[0].total}"),
    )
    build.check(
        TITLE,
        "Every row has its number of children, time in care and cost",
        "COUNT(Flow_closing)+COUNT(Flow_care_years)+COUNT(Flow_cost)",
        "ROWS(Flow_closing)+ROWS(Flow_care_years)+ROWS(Flow_cost)",
        breaks=(sheet.at(f"Q{last}"), "not a number"),
    )
