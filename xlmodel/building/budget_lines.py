"""The lines of a budget: where each will end, what moved since last month, and what mitigation leaves."""

from __future__ import annotations

from datetime import date

import numpy as np

from xlmodel.building.blocks import MILLIONS, PERCENT, day, figure, real_table, text, words
from xlmodel.building.project import Rows, Text
from xlmodel.building.sheet import Build, Content, Sheet
from xlmodel.building.style import CALC, LABEL, N1, N3, OUT, SOURCE, number_format

__all__ = ["budget_lines", "given_lines"]

DAY = number_format("date")
INPUT, WORDS = "Model input", "Model input text"
LINES = (
    *("Line", "Year", "Counted to", "Budget (£m)", "Actual to date (£m)", "Commitments (£m)", "Forecast outturn (£m)"),
    *("Forecast last month (£m)", "Movement since last month (£m)", "Overspend (£m)", "Overspend, share of budget"),
    *("Mitigation (£m)", "Share delivered", "Overspend after mitigation (£m)", "Source"),
)


def given_lines(build: Build) -> Rows:
    """Return the lines of in_year.csv, then those of budget.csv that are not among them."""
    lines = build.project.book.get("in_year", [])
    known = {(text(r, "line"), text(r, "year")) for r in lines}
    budget = build.project.model.get("budget", [])
    return [*lines, *(row for row in budget if (text(row, "line"), text(row, "year")) not in known)]


def budget_lines(build: Build, sheet: Sheet, lines: Rows, top: int) -> int:
    """Write a row for each line and year; return the last row."""
    sheet.section(top, "Budget, forecast and mitigation")
    if not lines:
        sheet.note(top + 1, "No budget lines are given: put them into book/in_year.csv or model/budget.csv.")
        return top + 1
    first = top + 2
    sheet.header(top + 1, LINES, 50)
    running = {r: case for r, row in enumerate(lines, first) if (case := _line(build, sheet, r, row))}
    end = first + len(lines) - 1
    real_table(sheet, "Budget_lines", f"A{top + 1}:O{end}")
    for column in "DEFHL":
        message = "Give an amount in pounds, such as 1500000 for £1.5m."
        sheet.allow(f"{column}{first}:{column}{end}", "decimal", message, "-1E+10", "1E+10")
    sheet.allow(f"M{first}:M{end}", "decimal", "Give the share that is delivered, from 0 to 1.", "0", "1")
    sheet.note(
        end + 1,
        "A forecast that is not given is what is spent and committed; else the model's cost of placements in the year, "
        "of which only the days that are left count where spending so far is known.",
    )
    left = [sheet.at(f"{c}{first}:{c}{end}") for c in "JLMN"]
    build.check(
        "In-year",
        "Overspends less what mitigation delivers = what is left, over all lines",
        f"SUM({left[0]})-SUMPRODUCT({left[1]},{left[2]})",
        f"SUM({left[3]})",
        breaks=(sheet.at(f"N{first}"), 1),
    )
    return _elapsed(build, sheet, end + 5, running) if running else end + 1


def _line(build: Build, sheet: Sheet, r: int, row: dict[str, str]) -> str | None:
    """Write one line: what is given, where it will end, and what is left of the overspend.

    Returns the scenario whose cost its forecast takes for the rest of the year, where its spending so far is known.
    """
    budget, over = figure(row, "budget"), figure(row, "overspend")
    actual, committed, before = (figure(row, c) for c in ("actual_to_date", "commitments", "forecast_last_month"))
    forecast, year = figure(row, "forecast"), text(row, "year")
    taken, as_at = _mitigation(row), day(row, "as_at")
    running = None
    if forecast is not None:
        outturn: tuple[Content, str] = (forecast, INPUT)
    elif over is not None:
        outturn = (f"=D{r}+J{r}" if budget is not None else None, CALC)
    elif actual is not None and committed is not None:
        outturn = (f"=E{r}+F{r}", CALC)
    elif year not in build.project.demand.months.labels:
        outturn = (None, CALC)
    else:
        case = "Plan_scenario" if build.project.demand.plan_scenario else "Baseline"
        modelled = f'INDEX(Case_cost,MATCH({case}&"|"&B{r},Case_key,0))'
        outturn = (f"={modelled}", CALC)
        spent = _spent(build, year)
        if actual is None and spent is not None:
            actual, as_at = spent
            running = case
    sheet.line(
        r,
        [
            (words(row, "line"), WORDS, None),
            (year, LABEL, None),
            (as_at, INPUT, DAY),
            (budget, INPUT, MILLIONS),
            (actual, INPUT, MILLIONS),
            (committed, INPUT, MILLIONS),
            (*outturn, MILLIONS),
            (before, INPUT, MILLIONS),
            (None if before is None else f"=G{r}-H{r}", CALC, MILLIONS),
            (over, INPUT, MILLIONS),
            (None, CALC, PERCENT),
            (taken[0], INPUT, MILLIONS),
            (taken[1], INPUT, PERCENT),
            (None, OUT, MILLIONS),
            (words(row, "source"), SOURCE, None),
        ],
    )
    known = outturn[0] is not None and budget is not None
    if known or over is not None:
        left = f"=CSC_AFTER_MITIGATION(J{r},L{r},M{r})" if taken[0] is not None else f"=J{r}"
        sheet.put(f"N{r}", left, OUT, MILLIONS)
    if known:
        if over is None:
            sheet.put(f"J{r}", f"=INDEX(CSC_VARIANCE(D{r},G{r}),1)", OUT, MILLIONS)
            _variance_check(build, sheet, r, row)
        sheet.put(f"K{r}", f"=INDEX(CSC_VARIANCE(D{r},G{r}),2)", CALC, PERCENT)
    sheet.fit(r, [1, 15])
    return running


def _spent(build: Build, year: str) -> tuple[float, date] | None:
    """Return what placements have cost in a year so far, and up to which day; None where that is not known."""
    months, actual = build.project.demand.months, build.project.demand.actual_cost
    if actual is None:
        return None
    own = months.year == months.labels.index(year)
    known = own & ~np.isnan(actual)
    if not known.any():
        return None
    end = (months.starts[known][-1].astype("datetime64[M]") + 1).astype("datetime64[D]") - 1
    return float(actual[known].sum()), end.item()


def _elapsed(build: Build, sheet: Sheet, first: int, lines: dict[int, str]) -> int:
    """Write what the model has the part of a year cost that is over, for lines that know their spending so far.

    Parameters
    ----------
    build, sheet : Build, Sheet
        The workbook and the sheet In-year.
    first : int
        The first row of the block.
    lines : dict of int to str
        The rows of those lines, each with the scenario that it is held against, as a formula writes it.
    """
    sheet.section(first - 2, "The part of the year that is over, as the model has it")
    sheet.header(
        first - 1,
        (
            *("Placement", "Year", "Counted to", "Part of the year that is over", "Children on 1 April"),
            *("Starts, a year", "Leaving (rate a year)", "Care-years so far", "Cost so far (£m)"),
        ),
        44,
    )
    r = first
    for line, case in lines.items():
        start = r
        for placement in build.project.demand.placements:
            key = f'MATCH({case}&"|"&$B{r}&"|"&$A{r},Flow_key,0)'
            began, days = (f"INDEX({name},MATCH(B{r},Years,0))" for name in ("Year_first_day", "Year_days"))
            sheet.line(
                r,
                [
                    (Text(placement), LABEL, None),
                    (f"=B{line}", LABEL, None),
                    (f"=C{line}", CALC, DAY),
                    (f"=(C{r}-{began}+1)/{days}", CALC, PERCENT),
                    (f"=INDEX(Flow_opening,{key})", CALC, N1),
                    (f"=INDEX(Flow_starts,{key})", CALC, N1),
                    (f"=INDEX(Flow_hazard,{key})", CALC, N3),
                    (f"=D{r}*CSC_CARE_YEARS(E{r},F{r}*D{r},G{r}*D{r})", CALC, N1),
                    (f"=H{r}*CSC_WEEK_TO_YEAR(INDEX(Flow_price_week,{key}),B{r})", CALC, MILLIONS),
                ],
            )
            r += 1
        modelled = f'INDEX(Case_cost,MATCH({case}&"|"&B{line},Case_key,0))'
        sheet.put(f"G{line}", f"=E{line}+{modelled}-SUM(I{start}:I{r - 1})", CALC, MILLIONS)
    return r - 1


def _variance_check(build: Build, sheet: Sheet, r: int, row: dict[str, str]) -> None:
    line, year = text(row, "line"), text(row, "year")
    build.check(
        "In-year",
        f"{line}, {year}: forecast less budget = overspend",
        f"{sheet.at(f'G{r}')}-{sheet.at(f'D{r}')}",
        sheet.at(f"J{r}"),
        breaks=(sheet.at(f"J{r}"), 1),
    )


def _mitigation(row: dict[str, str]) -> tuple[float | None, float | None]:
    """Return all mitigations of a line in one amount, and the share of it that is delivered."""
    if text(row, "mitigation"):
        share = figure(row, "delivery")
        return figure(row, "mitigation"), 1 if share is None else share
    if not text(row, "mitigations"):
        return None, None
    amounts = [float(x) for x in text(row, "mitigations").split(";")]
    shares = [float(x) for x in text(row, "delivery").split(";")] if text(row, "delivery") else [1.0] * len(amounts)
    total = sum(amounts)
    return total, sum(a * s for a, s in zip(amounts, shares, strict=True)) / total if total else 1.0
