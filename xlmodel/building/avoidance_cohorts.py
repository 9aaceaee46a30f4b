"""The second way to what is avoided: cohort by cohort, for scenarios that differ from the baseline in starts alone."""

from __future__ import annotations

import numpy as np

from xlmodel.building.avoidance_tables import AvoidanceTables
from xlmodel.building.blocks import MILLIONS
from xlmodel.building.project import Text
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, LABEL, N0, N1, N3, OUT, POUND
from xlmodel.model.demand.assumptions import Demand

__all__ = ["by_cohorts"]


def by_cohorts(build: Build, sheet: Sheet, tables: AvoidanceTables, top: int) -> int:
    """Write each such scenario's cohorts, and the checks that hold the flows against them; return the last row."""
    demand = build.project.demand
    sheet.section(top, "The same by cohorts: scenarios that differ from the baseline in starts alone")
    codes = _starts_alone(demand)
    if not codes:
        sheet.note(
            top + 1,
            "No scenario differs from the baseline in its starts alone, so what is avoided cannot be reached a second "
            "time by adding up each year's fewer entrants.",
        )
        return top + 1
    sheet.note(
        top + 1,
        "Each year's fewer entrants are a cohort: they come evenly over their first year and leave at the baseline's "
        "chance. What one entrant would cost in the year of entry, the next and so on, times each year's cohort and "
        "added up, must be what the difference of the two flows gives. Rows in which the scenario's chance of leaving "
        "or prices differ from the baseline's after all are marked, and not compared.",
    )
    first = top + 3
    sheet.header(
        first - 1,
        (
            *("Placement", "Scenario", "Year", "Fewer starts", "Chance of leaving, a year", "A child's year (£)"),
            *("Rise since the year before", "One entrant: care-years, by year of stay", "One entrant: cost (£)"),
            *("Care-years, all cohorts", "Cost, all cohorts (£m)", "Comparable (1: yes)"),
        ),
        58,
    )
    r = first
    years = demand.months.labels
    for code in codes:
        start = r
        for placement in demand.placements:
            for k, year in enumerate(years):
                _cohort(sheet, r, k, len(years), (code, placement, year))
                r += 1
        _checks(build, sheet, tables, code, (start, r - 1))
    for row in range(top, r):
        sheet.ws.row_dimensions[row].outlineLevel = 1
    return r - 1


def _starts_alone(demand: Demand) -> list[str]:
    """Return the scenarios that have the baseline's stays and prices, where neither states how many cease."""
    base = demand.scenarios[demand.baseline]
    if not np.isnan(base.ceases).all() or len(set(base.exit_factor.tolist())) > 1:
        return []
    return [
        name
        for name, other in demand.scenarios.items()
        if name != demand.baseline
        and np.isnan(other.ceases).all()
        and (other.exit_factor == base.exit_factor).all()
        and (other.price_factor == base.price_factor).all()
    ]


def _cohort(sheet: Sheet, r: int, k: int, years: int, what: tuple[str, str, str]) -> None:
    """Write one year of a placement: its cohort, one entrant's course, and all cohorts together."""
    code, placement, year = what
    start = r - k
    block = f"${{0}}${start}:${{0}}${start + years - 1}"
    base = f'INDEX({{}},MATCH(Baseline&"|"&$C{r}&"|"&$A{r},Flow_key,0))'
    own = f'INDEX({{}},MATCH($B{r}&"|"&$C{r}&"|"&$A{r},Flow_key,0))'
    same = [f"{base.format(n)}={own.format(n)}" for n in ("Flow_hazard", "Flow_price_week")]
    one = f"CSC_AVOIDED_COST_COHORT(1,$E${start},1,$F${start},0,ROWS({block.format('E')}))"
    cohorts = block.format("D")
    sheet.line(
        r,
        [
            (Text(placement), LABEL, None),
            (Text(code), LABEL, None),
            (year, LABEL, None),
            (f"={base.format('Flow_starts')}-{own.format('Flow_starts')}", CALC, N1),
            ("=" + base.format("Flow_hazard"), CALC, N3),
            (f"=CSC_WEEK_TO_YEAR({base.format('Flow_price_week')},$C{r})", CALC, POUND),
            (f"=IF(F{r - 1}=0,0,F{r}/F{r - 1}-1)" if k else 0, CALC, "0.0%_ "),
            (f"=CSC_COHORT_CHILD_YEARS(1,$E${start},ROWS(H${start}:H{r})-1)", CALC, N3),
            (f"=INDEX({one},{k + 1})", CALC, POUND),
            (f"=INDEX(CSC_AVOIDED_COST_RECURRING({block.format('H')},{cohorts}),{k + 1})", OUT, N3),
            (
                f"=INDEX(CSC_AVOIDED_COST_RECURRING({block.format('I')},{cohorts},FALSE,{block.format('G')}),{k + 1})",
                OUT,
                MILLIONS,
            ),
            (f"=IF(AND({same[0]},{same[1]},E{r}=$E${start}),1,0)", CALC, N0),
        ],
    )


def _checks(build: Build, sheet: Sheet, tables: AvoidanceTables, code: str, rows: tuple[int, int]) -> None:
    """Ask that each year's care-years and cost come out alike both ways."""
    demand = build.project.demand
    first, last = rows
    position = list(demand.scenarios).index(code)
    comparable = f"SUM({sheet.at(f'L{first}:L{last}')})=ROWS({sheet.at(f'L{first}:L{last}')})"
    for k, year in enumerate(demand.months.labels):
        flow = tables.flows + position * tables.years + k
        for column, direct, what in (("J", "I", "care-years"), ("K", "J", "cost of care")):
            total = "+".join(sheet.at(f"{column}{r}") for r in range(first + k, last + 1, tables.years))
            known = sheet.at(f"{direct}{flow}")
            build.check(
                sheet.title,
                Text(f"{code}, {year}: {what} avoided by flows = by cohorts"),
                known,
                f"IF({comparable},({total})*{sheet.at(f'F{flow}')},{known})",
                breaks=(sheet.at(f"{column}{first + k}"), 123456789),
            )
