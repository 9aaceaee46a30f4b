"""The sheet Inputs unit costs: dated prices, their uplift on each 1 April, and the price of each year."""

from __future__ import annotations

from datetime import date

from openpyxl.utils import get_column_letter

from xlmodel.building.project import Rows, Text
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, LABEL, OUT, SOURCE, number_format
from xlmodel.model.demand.assumptions import Demand
from xlmodel.model.years import year_label

__all__ = ["inputs_unit_costs"]

TITLE = "Inputs unit costs"
INPUT, WORD, HEADER = "Model input", "Model input text", "Model header"
WEEKLY, DAY = number_format("£", 2), "d mmm yyyy_ "
RATE = "0.0##%_ "
PRICES = 6  #: the row of the first price
YEAR_COLUMN = 3  #: of the first year in the tables by year


def inputs_unit_costs(build: Build) -> None:
    """Write the sheet."""
    demand = build.project.demand
    columns = max(6, YEAR_COLUMN + len(_uplift_years(build, demand)), YEAR_COLUMN + 2 * demand.months.years)
    sheet = Sheet(
        build,
        TITLE,
        "Inputs: what a week in care costs",
        "Prices of a child-week with the day from which they hold, what they rise by on each 1 April, and the price of "
        "each year that follows from both.",
        (26, 34, *[14] * (columns - 3), 46),
        tab="E69F00",
        span=8,
    )
    last = _prices(build, sheet)
    uplift, last = _uplift(build, sheet, last + 2)
    last = _years(build, sheet, last + 2, uplift)
    sheet.finish("A4", last_row=last)


def _prices(build: Build, sheet: Sheet) -> int:
    """Write the prices as they are dated; return the last row."""
    rows = _ordered(build)
    sheet.section(4, "Prices as they are dated (£ a child-week)")
    labels = ("Placement", "Name", "Price a child-week (£)", "Holds from", "Holds to (empty: the next price)")
    sheet.header(5, (*labels, "Financial year of the price"), 44)
    sheet.put("G5", "Source", HEADER)
    r = PRICES
    for r, row in enumerate(rows, PRICES):
        code = row.get("placement") or ""
        sheet.line(
            r,
            [
                (Text(code or "all placements"), LABEL, None),
                (Text(_label(build.project.demand, code)), LABEL, None),
                (float(row["price_week"]), INPUT, WEEKLY),
                (date.fromisoformat(row["from"]), INPUT, DAY),
                (date.fromisoformat(row["to"]) if row.get("to") else None, INPUT, DAY),
                (_financial_year(f"D{r}"), CALC, None),
                (row["source"], SOURCE, None),
            ],
        )
        sheet.fit(r)
    sheet.allow(f"C{PRICES}:C{r}", "decimal", "A price in £ a child-week, 0 or more, is needed.", "0", "100000")
    sheet.allow(f"D{PRICES}:E{r}", "date", "A date is needed.", "36526", "109574")
    build.name("Dated_prices", sheet.at(f"C{PRICES}:C{r}"))
    build.check(
        TITLE,
        "Every dated price is a number",
        "COUNT(Dated_prices)",
        "ROWS(Dated_prices)",
        breaks=(sheet.at(f"C{r}"), "not a number"),
    )
    return r


def _financial_year(cell: str) -> str:
    """Return the formula of a date's financial year, as text: the year that began on the 1 April before."""
    began = f"(YEAR({cell})-({cell}<DATE(YEAR({cell}),MONTH(INDEX(Year_first_day,1)),DAY(INDEX(Year_first_day,1)))))"
    return f'={began}&"/"&RIGHT({began}+1,2)'


def _label(demand: Demand, code: str) -> str:
    return demand.placement_labels[demand.placements.index(code)] if code else "one price for all"


def _ordered(build: Build) -> Rows:
    """Return the prices by placement, as placements are listed, and date."""
    order = {code: i for i, code in enumerate(build.project.demand.placements)}
    rows = build.project.model["prices"]
    return sorted(rows, key=lambda row: (order.get(row.get("placement") or "", -1), row["from"]))


def _uplift_years(build: Build, demand: Demand) -> list[int]:
    """Return the financial years from that of the earliest price to the last of the forecast."""
    earliest = min(date.fromisoformat(row["from"]) for row in build.project.model["prices"])
    began = earliest.year - (earliest.month < 4)
    return list(range(min(began, demand.months.first), demand.months.first + demand.months.years))


def _uplift(build: Build, sheet: Sheet, top: int) -> tuple[dict[str, str], int]:
    """Write the rises of prices; return the range of each placement's, by code, and the last row."""
    demand = build.project.demand
    given = build.project.model.get("uplift", [])
    by_placement = any(row.get("placement") for row in given)
    years = _uplift_years(build, demand)
    sheet.section(top, "Rise of prices on 1 April (share of the price before)")
    sheet.header(top + 1, ("Placement", "Name", *[year_label(y) for y in years]), 20)
    end = get_column_letter(YEAR_COLUMN + len(years) - 1)
    sheet.put(f"{get_column_letter(YEAR_COLUMN + len(years))}{top + 1}", "Source", HEADER)
    rates = {(row.get("placement") or "", row["year"]): row for row in given}
    out: dict[str, str] = {}
    r = top + 2
    for r, code in enumerate(demand.placements if by_placement else ("",), top + 2):
        name = Text(code or "all placements")
        sheet.line(r, [(name, LABEL, None), (Text(_label(demand, code) if code else "alike"), LABEL, None)])
        sources: dict[str, None] = {}
        for i, year in enumerate(years):
            row = rates.get((code, year_label(year)))
            # without uplift.csv prices stay; a rate that no price needs is not asked for
            value = float(row["rate"]) if row else 0.0
            sheet.put(f"{get_column_letter(YEAR_COLUMN + i)}{r}", value, INPUT, RATE)
            if row:
                sources[row["source"]] = None
        text = "; ".join(sources) or "No rise is given: prices stay as they are"
        sheet.put(f"{get_column_letter(YEAR_COLUMN + len(years))}{r}", Text(text), SOURCE)
        sheet.fit(r)
        area = f"${get_column_letter(YEAR_COLUMN)}${r}:${end}${r}"
        for each in demand.placements if not by_placement else (code,):
            out[each] = area
    first = top + 2
    area = f"{get_column_letter(YEAR_COLUMN)}{first}:{end}{r}"
    sheet.allow(area, "decimal", "A share above -1 and up to 1 is needed: 0.05 is 5 %.", "-0.99", "1")
    build.name("Uplift_years", sheet.at(f"{get_column_letter(YEAR_COLUMN)}{top + 1}:{end}{top + 1}"))
    build.name("Uplift_rates", sheet.at(area))
    build.check(
        TITLE,
        "Every rise of prices is a number",
        "COUNT(Uplift_rates)",
        "ROWS(Uplift_rates)*COLUMNS(Uplift_rates)",
        breaks=(sheet.at(f"{end}{r}"), "not a number"),
    )
    return out, r


def _years(build: Build, sheet: Sheet, top: int, uplift: dict[str, str]) -> int:
    """Write the price of each year and placement; return the last row.

    Where prices change inside a year, each counts for the days it holds.
    """
    demand = build.project.demand
    count = demand.months.years
    prices = _ordered(build)
    single = not any(row.get("placement") for row in prices)
    held = {
        code: [PRICES + i for i, row in enumerate(prices) if single or row["placement"] == code]
        for code in demand.placements
    }
    sheet.section(top, "Price of each year (£ a child-week)")
    sheet.header(top + 1, ("Placement", "Name", *demand.months.labels), 32)
    first = top + 2
    last = first + len(demand.placements) - 1
    letters = [get_column_letter(YEAR_COLUMN + y) for y in range(count)]
    detail = last + 3
    several = any(len(rows) > 1 for rows in held.values())
    for r, (code, label) in enumerate(zip(demand.placements, demand.placement_labels, strict=True), first):
        sheet.line(r, [(Text(code), LABEL, None), (Text(label), LABEL, None)])
        rows = held[code]
        for y, letter in enumerate(letters):
            if len(rows) == 1:
                content = "=" + _risen(rows[0], uplift[code], f"{letter}${top + 1}")
            else:
                after = detail + 1
                span = f"{after}:{{0}}{after + len(rows) - 1}"
                days = get_column_letter(YEAR_COLUMN + count + y)
                price = f"{letter}{span.format(letter)}"
                share = f"{days}{span.format(days)}"
                content = f"=SUMPRODUCT({price},{share})/SUM({share})"
            sheet.put(f"{letter}{r}", content, OUT, WEEKLY)
        if len(rows) > 1:
            detail = _held(build, sheet, detail, rows, uplift[code], code)
    area = f"{letters[0]}{first}:{letters[-1]}{last}"
    build.name("Price_years", sheet.at(f"{letters[0]}{top + 1}:{letters[-1]}{top + 1}"))
    build.name("Price_week", sheet.at(area))
    build.name(
        "Price_average",
        sheet.at(f"{get_column_letter(YEAR_COLUMN + count)}{first}:{get_column_letter(YEAR_COLUMN + count)}{last}"),
    )
    average = get_column_letter(YEAR_COLUMN + count)
    sheet.put(f"{average}{top + 1}", "Average of the years", HEADER)
    for r in range(first, last + 1):
        sheet.put(f"{average}{r}", f"=AVERAGE({letters[0]}{r}:{letters[-1]}{r})", CALC, WEEKLY)
    sheet.put(f"A{last + 1}", "Dearest placement", LABEL)
    sheet.put(f"B{last + 1}", "=INDEX(Placement_codes,MATCH(MAX(Price_average),Price_average,0))", CALC)
    build.name("Dearest_placement", sheet.at(f"B{last + 1}"))
    build.check(
        TITLE,
        "Every placement has a price in every year",
        "COUNT(Price_week)",
        "ROWS(Placement_codes)*ROWS(Years)",
        breaks=(sheet.at(f"C{PRICES}"), "not a number"),
    )
    return detail if several else last + 1


def _risen(row: int, rates: str, year: str) -> str:
    """Return the formula of a dated price in a year: the rates are those after the year of the price."""
    known = f"MATCH($F${row},Uplift_years,0)"
    after = f"INDEX({rates},MIN({known}+1,COLUMNS(Uplift_years))):INDEX({rates},COLUMNS(Uplift_years))"
    return f"CSC_UPLIFT($C${row},{after},$F${row},{year})"


def _held(build: Build, sheet: Sheet, top: int, rows: list[int], rates: str, code: str) -> int:
    """Write what each of a placement's prices is in each year, and on how many days it holds; return the next row."""
    demand = build.project.demand
    count = demand.months.years
    years = demand.months.labels
    sheet.header(
        top,
        (code, "Price, then days on which it holds", *[f"{y}, £" for y in years], *[f"{y}, days" for y in years]),
        32,
    )
    sheet.ws.cell(top, 1).data_type = "s"
    for i, row in enumerate(rows):
        r = top + 1 + i
        following = rows[i + 1] if i + 1 < len(rows) else None
        until = [f"IF($E${row}=0,MAX(Year_last_day),$E${row})"] + ([f"$D${following}-1"] if following else [])
        sheet.line(r, [(Text(code), LABEL, None), (f"=D{row}", CALC, DAY)])
        sheet.ws.row_dimensions[r].outlineLevel = 1
        for y in range(count):
            price, days = get_column_letter(YEAR_COLUMN + y), get_column_letter(YEAR_COLUMN + count + y)
            year = f"INDEX(Price_years,COLUMNS(${get_column_letter(YEAR_COLUMN)}{r}:{price}{r}))"
            begins = f"MAX($D${row},INDEX(Year_first_day,MATCH({year},Years,0)))"
            ends = f"MIN(INDEX(Year_last_day,MATCH({year},Years,0)),{','.join(until)})"
            sheet.put(f"{days}{r}", f"=MAX(0,{ends}-{begins}+1)", CALC, "0_ ")
            sheet.put(f"{price}{r}", f"=IF({days}{r}=0,0,{_risen(row, rates, year)})", CALC, WEEKLY)
    return top + len(rows) + 1
