"""The sheet Inputs flows: the children of past years, those at the start, and who starts and ceases by scenario."""

from __future__ import annotations

import numpy as np
from openpyxl.utils import get_column_letter

from xlmodel.building.project import BookProject, Text
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, CHECK, DECIMALS_3, LABEL, SOURCE
from xlmodel.model.demand.assumptions import Demand
from xlmodel.model.domain import FloatArray

__all__ = ["CHILDREN", "inputs_flows", "stated_ceases"]

TITLE = "Inputs flows"
INPUT, HEADER = "Model input", "Model header"
TOTAL_LABEL, TOTAL = "Model total label", "Model total"
CHILDREN = DECIMALS_3
_MOST = "10000"
FIRST_YEAR = 4  #: the column of the first year in the tables by scenario


def inputs_flows(build: Build) -> None:
    """Write the sheet."""
    demand = build.project.demand
    years = demand.months.years
    widths = (26, 30, 14, *[13] * max(years, 4), 40)
    sheet = Sheet(
        build,
        TITLE,
        "Inputs: children who start and cease",
        "The children of past years, those looked after when the forecast begins, and who starts in each scenario. "
        "Change a figure on a yellow cell and every sheet follows.",
        widths,
        tab="E69F00",
    )
    row = _history(build, sheet, 4)
    row = _opening(build, sheet, row + 2)
    mix = _entry_mix(build, sheet, row + 2) if _uses_mix(build.project) else None
    row = mix[1] if mix else row
    row = _starts(build, sheet, row + 2, mix[0] if mix else None)
    row = _ceases(build, sheet, row + 2)
    if "last_forecast" in build.project.book:
        row = _last_forecast(build, sheet, row + 2)
    sheet.finish("A4", last_row=row)


def _history(build: Build, sheet: Sheet, top: int) -> int:
    """Write the years before the forecast; return the last row."""
    history = build.project.demand.history
    sheet.section(top, "The years before the forecast (children)")
    if history is None:
        sheet.note(top + 1, "The project gives no years before the forecast, so no sheet shows any.")
        return top + 1
    labels = (
        "Financial year",
        "Opening, 1 April",
        "Starts",
        "Ceases",
        "Closing, 31 March",
        "Opening + starts - ceases",
    )
    sheet.header(top + 1, (*labels, "Ties"), 44)
    sheet.put(f"H{top + 1}", "Source", HEADER)
    given = {row["year"]: row for row in build.project.model["history"]}
    first = top + 2
    for r, year in enumerate(history.years, first):
        row = given[year]
        i = r - first
        counted = bool(row.get("opening"))
        opening = float(history.opening[i]) if counted else f"=CSC_OPENING_STOCK(E{r},C{r},D{r})"
        sheet.line(
            r,
            [
                (year, LABEL, None),
                (opening, INPUT if counted else CALC, CHILDREN),
                (float(history.starts[i]), INPUT, CHILDREN),
                (float(history.ceases[i]), INPUT, CHILDREN),
                (float(history.closing[i]), INPUT, CHILDREN),
                (f"=CSC_CLOSING_STOCK(B{r},C{r},D{r})", CALC, CHILDREN),
                (f'=IF(ABS(E{r}-F{r})<=Check_tolerance,"OK","CHECK")', CHECK, None),
                (Text(row["source"]), SOURCE, None),
            ],
        )
        sheet.fit(r)
        before = sheet.at(f"E{r - 1}") if i else None
        if before:
            build.check(
                TITLE,
                f"{year} opens with the children that {history.years[i - 1]} closed with",
                sheet.at(f"B{r}"),
                before,
                breaks=(sheet.at(f"B{r}"), 1),
            )
        build.check(
            TITLE,
            f"{year}: opening + starts - ceases = closing",
            sheet.at(f"F{r}"),
            sheet.at(f"E{r}"),
            breaks=(sheet.at(f"B{r}"), 1_000),
        )
    last = first + len(history.years) - 1
    _children(sheet, f"B{first}:E{last}")
    for name, letter in (("years", "A"), ("opening", "B"), ("starts", "C"), ("ceases", "D"), ("closing", "E")):
        build.name(f"History_{name}", sheet.at(f"{letter}{first}:{letter}{last}"))
    build.check(
        TITLE,
        "The last year closes with the children that the forecast opens with",
        sheet.at(f"E{last}"),
        "Opening_children",
        breaks=(sheet.at(f"E{last}"), 1),
    )
    return last


def _opening(build: Build, sheet: Sheet, top: int) -> int:
    """Write the children by placement when the forecast begins; return the last row."""
    demand = build.project.demand
    sheet.section(top, f"Looked after when the forecast begins, 31 March {demand.months.first} (children)")
    sheet.header(top + 1, ("Placement", "Name", "Children", "Share of all"), 20)
    at = np.bincount(demand.opening.placement, demand.opening.children, len(demand.placements))
    first = top + 2
    last = first + len(at) - 1
    for r, (code, label, children) in enumerate(
        zip(demand.placements, demand.placement_labels, at, strict=True), first
    ):
        sheet.line(
            r,
            [
                (Text(code), LABEL, None),
                (Text(label), LABEL, None),
                (float(children), INPUT, CHILDREN),
                (f"=C{r}/C${last + 1}", CALC, "0.0%_ "),
            ],
        )
    total = last + 1
    sheet.line(
        total,
        [
            ("All placements", TOTAL_LABEL, None),
            (None, TOTAL, None),
            (f"=SUM(C{first}:C{last})", TOTAL, CHILDREN),
            (f"=SUM(D{first}:D{last})", TOTAL, "0.0%_ "),
        ],
    )
    _children(sheet, f"C{first}:C{last}")
    build.name("Placement_codes", sheet.at(f"A{first}:A{last}"))
    build.name("Placement_labels", sheet.at(f"B{first}:B{last}"))
    build.name("Opening_by_placement", sheet.at(f"C{first}:C{last}"))
    build.name("Opening_children", sheet.at(f"C{total}"))
    build.check(
        TITLE,
        "Every placement has its children when the forecast begins",
        "COUNT(Opening_by_placement)",
        "ROWS(Placement_codes)",
        breaks=(sheet.at(f"C{first}"), "not a number"),
    )
    return total


def _uses_mix(project: BookProject) -> bool:
    return len(project.demand.placements) > 1 and any(not row.get("placement") for row in project.model["starts"])


def _entry_mix(build: Build, sheet: Sheet, top: int) -> tuple[str, int]:
    """Write how starts are shared out; return the range of the shares, and the last row."""
    demand = build.project.demand
    sheet.section(top, "How starts are shared out where only their total is given (share of starts)")
    sheet.header(top + 1, ("Placement", "Name", "Share"), 20)
    first = top + 2
    shares = _mix(build.project)
    for r, (code, label) in enumerate(zip(demand.placements, demand.placement_labels, strict=True), first):
        share = shares[code]
        sheet.line(r, [(Text(code), LABEL, None), (Text(label), LABEL, None), (share, INPUT, "0.0##%_ ")])
    last = first + len(demand.placements) - 1
    sheet.line(
        last + 1,
        [
            ("All placements", TOTAL_LABEL, None),
            (None, TOTAL, None),
            (f"=SUM(C{first}:C{last})", TOTAL, "0.0##%_ "),
        ],
    )
    area = f"C{first}:C{last}"
    sheet.allow(area, "decimal", "A share from 0 to 1 is needed; all of them add up to 1.", "0", "1")
    build.check(
        TITLE,
        "The shares of starts add up to 1",
        sheet.at(f"C{last + 1}"),
        "1",
        breaks=(sheet.at(f"C{first}"), 0.99999),
    )
    return sheet.at(area), last + 1


def _mix(project: BookProject) -> dict[str, float]:
    out = dict.fromkeys(project.demand.placements, 0.0)
    for row in project.model["entry_mix"]:
        out[row["placement"]] += float(row["share"])
    return out


def _starts(build: Build, sheet: Sheet, top: int, mix: str | None) -> int:
    """Write the starts of every scenario that has its own; return the last row."""
    demand = build.project.demand
    labels = demand.months.labels
    own = [code for code in demand.scenarios if _has_starts(build.project, code)]
    sheet.section(top, "Starts in each year (children)")
    sheet.header(top + 1, ("Scenario", "Placement", "Look-up key", *labels), 20)
    sheet.put(f"{_letter(len(labels))}{top + 1}", "Source", HEADER)
    first = r = top + 2
    last_letter = _letter(len(labels) - 1)
    for code in own:
        starts = _by_year(demand, build.project, code)
        totals = _totals(build.project, code)
        head = r
        single = len(demand.placements) == 1
        places = range(len(demand.placements))
        if not single:
            sheet.line(r, [(Text(code), TOTAL_LABEL, None), ("All placements", TOTAL_LABEL, None), (None, TOTAL, None)])
            for y in range(len(labels)):
                letter = _letter(y)
                if totals[y] is not None:
                    sheet.put(f"{letter}{r}", totals[y], INPUT, CHILDREN)
                    _children(sheet, f"{letter}{r}")
                else:
                    sheet.put(f"{letter}{r}", f"=SUM({letter}{r + 1}:{letter}{r + len(places)})", TOTAL, CHILDREN)
            r += 1
        for p in places:
            sheet.line(
                r,
                [
                    (Text(code), LABEL, None),
                    (Text(demand.placements[p]), LABEL, None),
                    (f'=A{r}&"|"&B{r}', SOURCE, None),
                ],
            )
            for y in range(len(labels)):
                letter = _letter(y)
                if totals[y] is not None and not single:
                    sheet.put(f"{letter}{r}", f"={letter}${head}*INDEX({mix},{r - head})", CALC, CHILDREN)
                else:
                    sheet.put(f"{letter}{r}", float(starts[y, p]), INPUT, CHILDREN)
                    _children(sheet, f"{letter}{r}")
            if not single:
                sheet.ws.row_dimensions[r].outlineLevel = 1
            r += 1
    last = r - 1
    build.name("Starts_keys", sheet.at(f"C{first}:C{last}"))
    build.name("Starts_years", sheet.at(f"{_letter(0)}{top + 1}:{last_letter}{top + 1}"))
    build.name("Starts_given", sheet.at(f"{_letter(0)}{first}:{last_letter}{last}"))
    sheet.ws[f"{_letter(len(labels))}{first}"].value = (
        "starts.csv" if "starts" in build.project.model else "forecast.csv"
    )
    sheet.ws[f"{_letter(len(labels))}{first}"].style = SOURCE
    build.check(
        TITLE,
        "Every scenario that has starts has them for every year and placement",
        "COUNT(Starts_given)",
        "ROWS(Starts_keys)*COLUMNS(Starts_years)",
        breaks=(sheet.at(f"{last_letter}{last}"), "not a number"),
    )
    return last


def _ceases(build: Build, sheet: Sheet, top: int) -> int:
    """Write the ceases that scenarios state; return the last row."""
    demand = build.project.demand
    labels = demand.months.labels
    sheet.section(top, "Ceases that a scenario states, all placements together (children)")
    sheet.note(
        top + 1,
        "A cell that is left empty follows from how long children stay (Inputs survival). Where a figure stands, "
        "children leave that much more or less readily all through the year.",
    )
    header = top + 2
    sheet.header(header, ("Scenario", "Name", "", *labels), 20)
    sheet.put(f"C{header}", "Ceases", HEADER)
    first = header + 1
    last_letter = _letter(len(labels) - 1)
    for r, (code, scenario) in enumerate(demand.scenarios.items(), first):
        ceases = stated_ceases(build.project, code)
        sheet.line(r, [(Text(code), LABEL, None), (Text(scenario.label), LABEL, None), ("stated", SOURCE, None)])
        for y, value in enumerate(ceases):
            sheet.put(f"{_letter(y)}{r}", None if np.isnan(value) else float(value), INPUT, CHILDREN)
        sheet.fit(r)
    last = first + len(demand.scenarios) - 1
    area = f"{_letter(0)}{first}:{last_letter}{last}"
    _children(sheet, area)
    build.name("Ceases_codes", sheet.at(f"A{first}:A{last}"))
    build.name("Ceases_years", sheet.at(f"{_letter(0)}{header}:{last_letter}{header}"))
    build.name("Ceases_stated", sheet.at(area))
    build.check(
        TITLE,
        "What is stated of ceases is a number",
        "COUNTA(Ceases_stated)",
        "COUNT(Ceases_stated)",
        breaks=(sheet.at(f"{_letter(0)}{first}"), "not a number"),
    )
    return last


def _last_forecast(build: Build, sheet: Sheet, top: int) -> int:
    """Write the forecast before this one; return the last row."""
    rows = sorted(build.project.book["last_forecast"], key=lambda row: row["year"])
    sheet.section(top, "The last forecast (children)")
    whats = ("opening", "starts", "ceases", "closing")
    sheet.header(top + 1, ("Financial year", *[w.capitalize() for w in whats]), 20)
    sheet.put(f"F{top + 1}", "Source", HEADER)
    first = r = top + 2
    for r, row in enumerate(rows, first):
        figures = ((float(row[w]), INPUT, CHILDREN) for w in whats)
        sheet.line(r, [(Text(row["year"]), LABEL, None), *figures, (row["source"], SOURCE, None)])
    _children(sheet, f"B{first}:E{r}")
    for what, letter in zip(("years", *whats), "ABCDE", strict=True):
        build.name(f"Last_forecast_{what}", sheet.at(f"{letter}{first}:{letter}{r}"))
    build.check(
        TITLE,
        "The last forecast: opening + starts - ceases = closing, all years",
        "SUM(Last_forecast_opening)+SUM(Last_forecast_starts)-SUM(Last_forecast_ceases)",
        "SUM(Last_forecast_closing)",
        breaks=(sheet.at(f"E{r}"), 0),
    )
    return r


def _has_starts(project: BookProject, code: str) -> bool:
    rows = project.model.get("starts", [])
    return code in project.courses or any(row["scenario"] == code for row in rows)


def _by_year(demand: Demand, project: BookProject, code: str) -> FloatArray:
    """Return the starts a scenario has of its own, before its factor, shape (Y, P)."""
    monthly = project.courses[code].starts if code in project.courses else demand.scenarios[code].starts
    found = demand.months.by_year(np.asarray(monthly)).sum(axis=2)
    factor = _factor(project, code)
    out = found / factor if factor else _given(demand, project, code)
    nearest = np.round(out, 9)
    return np.where(np.abs(out - nearest) < 1e-9, nearest, out)


def _given(demand: Demand, project: BookProject, code: str) -> FloatArray:
    """Return the starts in the file, where a factor of 0 leaves nothing of them in the model."""
    out = np.zeros((demand.months.years, len(demand.placements)))
    for row in project.model["starts"]:
        if row["scenario"] == code:
            place = demand.placements.index(row["placement"]) if row.get("placement") else 0
            out[_year_of(demand, row), place] += float(row["starts"])
    return out


def _totals(project: BookProject, code: str) -> list[float | None]:
    """Return the total of each year where the file gives it without placements, else None."""
    demand = project.demand
    out: list[float | None] = [None] * demand.months.years
    for row in project.model.get("starts", []):
        if row["scenario"] == code and not row.get("placement"):
            y = _year_of(demand, row)
            out[y] = (out[y] or 0.0) + float(row["starts"])
    return out


def _year_of(demand: Demand, row: dict[str, str]) -> int:
    if row.get("year"):
        return demand.months.labels.index(row["year"])
    year, month = (int(part) for part in row["month"].split("-"))
    return year - (month < 4) - demand.months.first


def _factor(project: BookProject, code: str) -> float:
    row = next(row for row in project.model["scenarios"] if row["scenario"] == code)
    return float(row.get("starts_factor") or 1)


def stated_ceases(project: BookProject, code: str) -> FloatArray:
    """Return the ceases that are stated, or that a forecast made elsewhere has, shape (Y,); NaN where none are."""
    if code in project.courses:
        demand = project.demand
        ceases: FloatArray = demand.months.by_year(np.asarray(project.courses[code].ceases)).sum(axis=(1, 2))
        return ceases
    return project.demand.scenarios[code].ceases


def _children(sheet: Sheet, area: str) -> None:
    sheet.allow(area, "decimal", "A number of children, 0 or more, is needed.", "0", _MOST)


def _letter(year: int) -> str:
    return str(get_column_letter(FIRST_YEAR + year))
