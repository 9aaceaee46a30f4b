"""How many fewer entrants a year pay for a programme: exact, since what is avoided is in proportion to them."""

from __future__ import annotations

from xlmodel.building.avoidance_tables import proceedings
from xlmodel.building.blocks import MILLIONS, run_on
from xlmodel.building.project import Text
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, CHECK, LABEL, N1, N3, OUT, POUND

__all__ = ["break_even"]

TOTAL, TOTAL_LABEL = "Model total", "Model total label"


def break_even(build: Build, sheet: Sheet, top: int) -> int:
    """Write the answer, what one entrant fewer every year avoids, and where that comes from; return the last row."""
    demand = build.project.demand
    years = demand.months.years
    answer = top + 2
    yearly = answer + 8
    detail = yearly + years + 4
    sheet.section(top, "Break-even: fewer entrants a year that pay for the scenario's investment")
    _yearly(build, sheet, yearly, detail)
    last = _detail(build, sheet, detail)
    _answer(build, sheet, answer, yearly)
    return last


def _answer(build: Build, sheet: Sheet, first: int, yearly: int) -> None:
    """Write the number of entrants, and in words whether it can be reached."""
    labels = build.project.demand.months.labels
    starts = ",".join(f'INDEX(Case_starts,MATCH(Baseline&"|{year}",Case_key,0))' for year in labels)
    net = f"F{yearly + len(labels)}"
    rows = (
        ("Investment of the scenario shown, all years (£m)", "=SUM(Avoided_investment)", CALC, MILLIONS),
        ("One entrant fewer every year: net avoided, all years (£)", f"={net}", CALC, POUND),
        ("Break-even: fewer entrants a year", f'=IF(B{first + 1}<=0,"none",B{first}/B{first + 1})', OUT, N1),
        ("Entrants there are to avoid: the baseline's smallest year", f"=MIN({starts})", CALC, N1),
        ("Fewer starts a year of the scenario shown", f"=({_fewer(labels)})/COUNTA(Years)", CALC, N1),
        (
            "In words",
            f'=IF(B{first}=0,"The scenario shown invests nothing: there is nothing to earn back.",'
            f'IF(B{first + 1}<=0,"Never: an entrant who is avoided saves nothing.",'
            f'IF(B{first + 2}>B{first + 3},"Never: it takes more entrants than there are.",'
            '"It pays from this many fewer entrants a year on.")))',
            CHECK,
            None,
        ),
    )
    for r, (label, formula, style, fmt) in enumerate(rows, first):
        sheet.put(f"A{r}", label, LABEL)
        if style == CHECK:
            run_on(sheet, f"B{r}", formula, style)
        else:
            sheet.put(f"B{r}", formula, style, fmt)
        sheet.fit(r, [1])
    build.name("Break_even_entrants", sheet.at(f"B{first + 2}"))
    build.check(
        "Sensitivity",
        "At break-even what is avoided is the investment",
        f"IF(ISNUMBER(Break_even_entrants),Break_even_entrants*{sheet.at(net)},SUM(Avoided_investment))",
        "SUM(Avoided_investment)",
        breaks=(sheet.at(f"B{first + 2}"), 123456789),
    )


def _fewer(labels: tuple[str, ...]) -> str:
    return "+".join(
        f'INDEX(Case_starts,MATCH(Baseline&"|{year}",Case_key,0))'
        f'-INDEX(Case_starts,MATCH(Scenario&"|{year}",Case_key,0))'
        for year in labels
    )


def _yearly(build: Build, sheet: Sheet, first: int, detail: int) -> None:
    """Write what one entrant fewer every year avoids, after attribution."""
    demand = build.project.demand
    places, labels = len(demand.placements), demand.months.labels
    sheet.header(
        first - 1,
        (
            *("One entrant fewer every year", "Care-years avoided", "Care (£)", "Proceedings (£)"),
            *("Support in place of care (£)", "Net (£)", "Entrants fewer"),
        ),
        32,
    )
    for i, year in enumerate(labels):
        r, d = first + i, detail + i * places
        of = f"{{0}}{d}:{{0}}{d + places - 1}"
        sheet.line(
            r,
            [
                (year, LABEL, None),
                (f"=SUM({of.format('G')})*Attribution", CALC, N3),
                (f"=SUM({of.format('J')})*Attribution", CALC, POUND),
                (proceedings(build, f"G{r}", f"G{r - 1}" if i else None), CALC, POUND),
                (f"=B{r}*INDEX(Support_child_year,ROWS(B${first}:B{r}))", CALC, POUND),
                (f"=C{r}+D{r}-E{r}", OUT, POUND),
                (f"=SUM({of.format('E')})*Attribution", CALC, N3),
            ],
        )
    end = first + len(labels)
    sheet.put(f"A{end}", "All years", TOTAL_LABEL)
    sheet.line(end, [(f"=SUM({c}{first}:{c}{end - 1})", TOTAL, N3 if c in "BG" else POUND) for c in "BCDEFG"], 2)


def _detail(build: Build, sheet: Sheet, first: int) -> int:
    """Write the children that one entrant fewer every year leaves out of care, and the same by cohorts."""
    demand = build.project.demand
    places, years = len(demand.placements), demand.months.labels
    sheet.header(
        first - 1,
        (
            *("Placement", "Year", "Share of the baseline's starts", "Fewer at the start", "Fewer entrants"),
            *("Leaving (rate a year)", "Care-years", "Fewer ceases", "Fewer at the end", "Care (£)"),
            *("By cohorts: care-years of one entrant", "By cohorts: care-years of all"),
        ),
        44,
    )
    last = first + len(years) * places - 1
    for i, year in enumerate(years):
        for p, placement in enumerate(demand.placements):
            r = first + i * places + p
            key = f'MATCH(Baseline&"|"&$B{r}&"|"&$A{r},Flow_key,0)'
            total = f'INDEX(Case_starts,MATCH(Baseline&"|"&$B{r},Case_key,0))'
            started = first + p
            sheet.line(
                r,
                [
                    (Text(placement), LABEL, None),
                    (year, LABEL, None),
                    (f"=IF({total}=0,0,INDEX(Flow_starts,{key})/{total})", CALC, N3),
                    (f"=I{r - places}" if i else 0, CALC, N3),
                    (f"=C{r}", CALC, N3),
                    (f"=INDEX(Flow_hazard,{key})", CALC, "0.0000_ "),
                    (f"=CSC_CARE_YEARS(D{r},E{r},F{r})", CALC, N3),
                    (f"=F{r}*G{r}", CALC, N3),
                    (f"=CSC_CLOSING_STOCK(D{r},E{r},H{r})", CALC, N3),
                    (f"=G{r}*CSC_WEEK_TO_YEAR(INDEX(Flow_price_week,{key}),$B{r})", CALC, POUND),
                    (f"=CSC_COHORT_CHILD_YEARS(1,F${started},MATCH($B{r},Years,0)-1)", CALC, N3),
                    (_convolved(first, p, i, places), CALC, N3),
                ],
            )
            sheet.ws.row_dimensions[r].outlineLevel = 1
    _check(build, sheet, (first, last), places)
    return last


def _convolved(first: int, p: int, i: int, places: int) -> str:
    """Return the formula of what the cohorts so far spend in care: each year's entrants in their year of stay."""
    rows = [first + p + k * places for k in range(i + 1)]
    return "=" + "+".join(f"C{rows[k]}*K{rows[i - k]}" for k in range(i + 1))


def _check(build: Build, sheet: Sheet, rows: tuple[int, int], places: int) -> None:
    """Ask that flows and cohorts agree, where the baseline's chance of leaving is the same in every year."""
    first, last = rows
    same = []
    for p in range(places):
        cells = ",".join(sheet.at(f"F{r}") for r in range(first + p, last + 1, places))
        same.append(f"MAX({cells})=MIN({cells})")
    flows = f"SUM({sheet.at(f'G{first}:G{last}')})"
    build.check(
        "Sensitivity",
        "One entrant fewer every year: care-years by flows = by cohorts",
        flows,
        f"IF(AND({','.join(same)}),SUM({sheet.at(f'L{first}:L{last}')}),{flows})",
        breaks=(sheet.at(f"L{first}"), 123456789),
    )
