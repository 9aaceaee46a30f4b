"""The sheet In-year: budget lines and where they will end, placements still running, run rates, part-year effects."""

from __future__ import annotations

from xlmodel.building.blocks import MILLIONS, day, figure, source_at_end, text, words
from xlmodel.building.budget_lines import budget_lines, given_lines
from xlmodel.building.project import Rows, Text
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, CHECK, LABEL, N0, N1, N2, OUT, POUND, SOURCE, number_format

__all__ = ["in_year"]

DAY = number_format("date")
INPUT, WORDS = "Model input", "Model input text"


def in_year(build: Build) -> None:
    """Write the lines of the year, the placements still running, run rates and part-year effects."""
    sheet = Sheet(
        build,
        "In-year",
        "The year in progress",
        "Where this year's lines will end, what moved since last month, and what mitigation leaves. Overspends are "
        "positive. Amounts are held in pounds and shown in millions.",
        (38, 13.5, 12.5, 12, 12, 12.5, 12.5, 12.5, 13, 12.5, 12.5, 12.5, 11, 13, 30),
    )
    lines = given_lines(build)
    end = budget_lines(build, sheet, lines, 4)
    end = _placements(build, sheet, lines, end + 2)
    end = _run_rates(build, sheet, end + 2)
    end = _part_years(build, sheet, end + 2)
    sheet.finish("B4", last_row=end, titles="1:2")


def _placements(build: Build, sheet: Sheet, lines: Rows, top: int) -> int:
    """Write the placements still running and the outturn that they give; return the last row."""
    rows = build.project.book.get("in_year_placements", [])
    sheet.section(top, "Outturn of placements: spent so far, still running, still to come")
    if not rows:
        sheet.note(
            top + 1,
            "No placements still running are given for a line of the year, so no outturn is built up from them: put "
            "them into book/in_year_placements.csv.",
        )
        return top + 1
    sheet.header(
        top + 1,
        (
            *("Placement", "Line", "Still to come", "Children", "Days left this year, on average", "Price (£ a week)"),
            *("Price a day, all children (£)", "Still to pay this year (£m)", "Source"),
        ),
        44,
    )
    r = top + 2
    for line in dict.fromkeys(text(row, "line") for row in rows):
        of = [row for row in rows if text(row, "line") == line]
        ordered = [*(x for x in of if not text(x, "new")), *(x for x in of if text(x, "new"))]
        budget = next((i for i, x in enumerate(lines) if text(x, "line") == line), None)
        r = _outturn(build, sheet, (line, ordered), r, None if budget is None else 6 + budget)
    return r - 1


def _outturn(build: Build, sheet: Sheet, line: tuple[str, Rows], top: int, budget: int | None) -> int:
    """Write the placements of one line and their outturn; return the row after them."""
    name, rows = line
    for r, row in enumerate(rows, top):
        label = Text(text(row, "placement") + (": still to come" if text(row, "new") else ""))
        sheet.line(
            r,
            [
                (label, WORDS, None),
                (Text(name), LABEL, None),
                (words(row, "new"), LABEL, None),
                (figure(row, "children"), INPUT, N1),
                (figure(row, "days_left"), INPUT, N0),
                (figure(row, "price_week"), INPUT, POUND),
                (f"=D{r}*F{r}/Days_in_week", CALC, POUND),
                (f"=G{r}*E{r}", CALC, MILLIONS),
            ],
        )
        source_at_end(sheet, f"I{r}", words(row, "source"))
        sheet.fit(r, [1, 2])
    last, end = top + len(rows) - 1, top + len(rows)
    new = bool(text(rows[-1], "new"))
    present = last - new
    sheet.allow(f"E{top}:E{last}", "decimal", "Give days left in this financial year, from 0 to 366.", "0", "366")
    if budget is None or sheet.ws[f"E{budget}"].value is None:
        sheet.note(end, f"What {name} has spent so far is not given in book/in_year.csv, so it has no outturn here.")
        return end + 2
    days, daily = (f"{c}{top}:{c}{present}" if present >= top else "0" for c in "EG")
    call = f"CSC_OUTTURN(E{budget},{days},{daily}"
    call += f",D{last},E{last},F{last}/Days_in_week)" if new else ")"
    sheet.line(
        end,
        [
            (Text(f"{name}: outturn of placements"), "Model total label", None),
            *[(None, "Model total", None)] * 6,
            (f"={call}", OUT, MILLIONS),
        ],
    )
    build.check(
        "In-year",
        f"{name}: outturn = spent so far + all that is still to pay",
        sheet.at(f"H{end}"),
        f"{sheet.at(f'E{budget}')}+SUM({sheet.at(f'H{top}:H{last}')})",
        breaks=(sheet.at(f"H{end}"), 1),
    )
    sheet.line(
        end + 1,
        [
            ("The line's forecast less this outturn", LABEL, None),
            *[(None, CALC, None)] * 6,
            (f"=G{budget}-H{end}", CALC, MILLIONS),
        ],
    )
    return end + 3


def _run_rates(build: Build, sheet: Sheet, top: int) -> int:
    """Write the full years that counts of part of a year run to, and the periods they imply; return the last row."""
    rows = build.project.book.get("run_rates", [])
    sheet.section(top, "Run rates: part of a year carried to the whole")
    if not rows:
        sheet.note(top + 1, "No counts of part of a year are given: put them into book/run_rates.csv.")
        return top + 1
    sheet.header(
        top + 1,
        (
            *("Counted", "Year", "Counted to", "So far", "Full year, stated", "Decimal places"),
            *("Full year at this pace", "Verdict", "Months that the two imply", "Months, lowest", "Months, highest"),
            *(
                "Full year if counted to the first of these dates",
                "Full year if counted to the last",
                "Stated less this pace",
                "Source",
            ),
        ),
        62,
    )
    first, last = top + 2, top + 1 + len(rows)
    one_year = len({text(row, "year") for row in rows}) == 1
    for r, row in enumerate(rows, first):
        _run_rate(build, sheet, r, row, (first, last) if one_year else None)
    end = last + 1
    stated = [r for r in range(first, last + 1) if sheet.ws[f"I{r}"].value is not None]
    if len(stated) > 1 and one_year:
        spread = f"MAX($J${first}:$J${last})<=MIN($K${first}:$K${last})"
        sheet.put(f"A{end}", "Could all have been counted to one day?", "Model total label")
        sheet.put(f"I{end}", f'=IF({spread},"yes: one period fits all","no: no one period fits all")', CHECK)
        sheet.ws.row_dimensions[end].height = 38
    dated = f"C{first}:C{last}"
    sheet.allow(dated, "date", "Give the last day that is counted, as a date.", "36526", "73415")
    return end


def _run_rate(build: Build, sheet: Sheet, r: int, row: dict[str, str], alike: tuple[int, int] | None) -> None:
    """Write one count: the year it runs to, and the months that it and the stated year imply."""
    as_at, stated, places = day(row, "as_at"), figure(row, "full_year_stated"), figure(row, "dp") or 0
    sheet.line(
        r,
        [
            (words(row, "item"), WORDS, None),
            (words(row, "year"), LABEL, None),
            (as_at, INPUT, DAY),
            (figure(row, "to_date"), INPUT, N0),
            (stated, INPUT, number_format("number", max(int(places), 0))),
            (None if stated is None else places, INPUT, N0),
            *[(None, CALC, None)] * 8,
        ],
    )
    sheet.put(f"O{r}", words(row, "source"), SOURCE)
    if as_at is not None:
        sheet.put(f"G{r}", f"=CSC_RUN_RATE(D{r},C{r},B{r})", OUT, N1)
    if as_at is not None and alike:
        days = f"$C${alike[0]}:$C${alike[1]}"
        for column, which in (("L", "MIN"), ("M", "MAX")):
            sheet.put(f"{column}{r}", f"=CSC_RUN_RATE(D{r},{which}({days}),B{r})", CALC, N1)
    if stated is not None:
        for column, k in zip("IJK", (1, 2, 3), strict=True):
            implied = f"=INDEX(CSC_PERIOD_IMPLIED(D{r},E{r},F{r}),{k})"
            sheet.put(f"{column}{r}", implied, OUT if k == 1 else CALC, N2)
        build.check(
            "In-year",
            f"{text(row, 'item')}: the count so far over the months implied, times twelve, is the stated year",
            f"{sheet.at(f'D{r}')}/{sheet.at(f'I{r}')}*Months_in_year",
            sheet.at(f"E{r}"),
            breaks=(sheet.at(f"I{r}"), 1),
        )
    if as_at is not None and stated is not None:
        sheet.put(f"H{r}", f"=CSC_TIES(E{r},G{r},F{r})", CHECK)
        sheet.put(f"N{r}", f"=E{r}-G{r}", CALC, N2)
    sheet.fit(r, [1, 15])


def _part_years(build: Build, sheet: Sheet, top: int) -> int:
    """Write what of a yearly amount falls in its first year, and what comes on top in the next; return the last row."""
    rows = build.project.book.get("part_year", [])
    sheet.section(top, "Part-year and full-year effect")
    if not rows:
        sheet.note(top + 1, "No amounts that start within a year are given: put them into book/part_year.csv.")
        return top + 1
    sheet.header(
        top + 1,
        (
            *("Item", "Year", "Starts on", "Full year (£m)", "Falls in the year (£m)", "On top the year after (£m)"),
            *("Stated for the year (£m)", "Decimal places (of a pound)", "Stated less calculated (£)", "Verdict"),
            "Source",
        ),
        44,
    )
    first = top + 2
    for r, row in enumerate(rows, first):
        stated, places = figure(row, "stated"), figure(row, "dp") or 0
        sheet.line(
            r,
            [
                (words(row, "item"), WORDS, None),
                (words(row, "year"), LABEL, None),
                (day(row, "starts_on"), INPUT, DAY),
                (figure(row, "full_year"), INPUT, MILLIONS),
                (f"=CSC_PART_YEAR(D{r},C{r},B{r})", OUT, MILLIONS),
                (f"=CSC_FULL_YEAR_ROLL(D{r},C{r},B{r})", OUT, MILLIONS),
                (stated, INPUT, MILLIONS),
                (None if stated is None else places, INPUT, N0),
                (None if stated is None else f"=G{r}-E{r}", CALC, POUND),
                (None if stated is None else f"=CSC_TIES(G{r},E{r},H{r})", CHECK, None),
            ],
        )
        source_at_end(sheet, f"K{r}", words(row, "source"))
        sheet.fit(r, [1])
        build.check(
            "In-year",
            f"{text(row, 'item')}, {text(row, 'year')}: in the year + on top the year after = a full year",
            f"{sheet.at(f'E{r}')}+{sheet.at(f'F{r}')}",
            sheet.at(f"D{r}"),
            breaks=(sheet.at(f"E{r}"), 1),
        )
    return first + len(rows) - 1
