"""The sheet Neighbours: other councils' budgets, children and rates, their averages, and what chance alone explains."""

from __future__ import annotations

from xlmodel.building.blocks import MILLIONS, PERCENT, figure, has, page_break, real_table, text, words
from xlmodel.building.charts import add_chart, funnel_chart
from xlmodel.building.project import Rows
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, LABEL, N0, N1, OUT, POUND, SOURCE

__all__ = ["neighbours"]

HEADERS = (
    "Council",
    "Year",
    "Budget (£m)",
    "Forecast overspend (£m)",
    "Overspend, share of budget",
    "Budget per child (£)",
    "Children 0-17",
    "Children looked after",
    "Looked after per 10,000",
    "Source",
)
#: What is averaged: words, column, column of weights, number format, how it is pooled.
FIGURES = (
    ("Overspend, share of budget", "E", "C", PERCENT, "weighed by budget"),
    ("Budget per child (£)", "F", "G", POUND, "weighed by children 0-17"),
    ("Looked after per 10,000", "I", "G", N1, "weighed by children 0-17"),
)
FIRST = 6  #: the first row of the table
METHODS = ("pooled", "mean", "median")
FUNNEL_STEPS = 21  #: points at which the limits of chance are worked out


def neighbours(build: Build) -> None:
    """Write the neighbours' figures, their averages, the gap to them, the rank, and the limits of chance."""
    sheet = Sheet(
        build,
        "Neighbours",
        "Statistical neighbours",
        "How this council stands beside its statistical neighbours, which average it is held against, and whether "
        "chance alone could explain the difference. The council itself is in no average.",
        (34, 11, 12.5, 12.5, 12.5, 12.5, 13, 13, 13, 26),
    )
    rows = build.project.book.get("neighbours", [])
    if not rows:
        sheet.note(4, "No figures of other councils are given: put them into book/neighbours.csv.")
        sheet.finish("A4", last_row=4, pages=1)
        return
    others, own = [r for r in rows if not text(r, "own")], next(r for r in rows if text(r, "own"))
    ordered = [*others, own]
    for r, row in enumerate(ordered, FIRST):
        _council(sheet, r, row)
    last = FIRST + len(others) - 1
    _table(sheet, last + 1)
    averages, notes = _averages(build, sheet, ordered, last)
    counts = has(rows, "children_looked_after") and has(rows, "population")
    for i, note in enumerate(_notes(rows, counts)):
        sheet.note(notes + i, note)
    bottom = (_funnel if counts else _budgets)(build, sheet, last, notes + 3, averages)
    sheet.finish(f"B{FIRST}", last_row=bottom, titles="1:2")


def _council(sheet: Sheet, r: int, row: dict[str, str]) -> None:
    """Write one council: what is given, and what follows from it."""
    budget, over, per = (figure(row, c) for c in ("budget", "overspend", "budget_per_child"))
    population, children = figure(row, "population"), figure(row, "children_looked_after")
    given = "Model input"
    sheet.line(
        r,
        [
            (words(row, "council"), "Model input text", None),
            (words(row, "year"), SOURCE, None),
            (budget, given, MILLIONS),
            (over, given, MILLIONS),
            (None, CALC, PERCENT),
            (per, given, POUND),
            (population, given, N0),
            (children, given, N0),
            (None, CALC, N1),
            (words(row, "source"), SOURCE, None),
        ],
    )
    if budget is not None and over is not None:
        sheet.put(f"E{r}", f"=INDEX(CSC_VARIANCE(C{r},C{r}+D{r}),2)", OUT, PERCENT)
    if per is None and budget is not None and population is not None:
        sheet.put(f"F{r}", f"=C{r}/G{r}", CALC, POUND)
    if population is None and budget is not None and per is not None:
        sheet.put(f"G{r}", f"=C{r}/F{r}", CALC, N0)
    if children is not None and population is not None:
        sheet.put(f"I{r}", f"=CSC_RATE_PER_10K(H{r},G{r})", OUT, N1)
    sheet.fit(r, [10])


def _table(sheet: Sheet, own: int) -> None:
    """Write the heading of the table, make it one, and hold its inputs to amounts and counts."""
    sheet.section(FIRST - 2, "The councils: neighbours first, this council last")
    sheet.header(FIRST - 1, HEADERS)
    real_table(sheet, "Neighbour_councils", f"A{FIRST - 1}:J{own}")
    for column, what in (("C", "a budget in pounds"), ("F", "pounds a child"), ("G", "children"), ("H", "children")):
        area = f"{column}{FIRST}:{column}{own}"
        sheet.allow(area, "decimal", f"Give {what}: a number of at least 0.", "0", "1E+10")
    sheet.build.name("Neighbour_names", sheet.at(f"A{FIRST}:A{own - 1}"))
    sheet.build.name("Own_council", sheet.at(f"A{own}"))


def _averages(build: Build, sheet: Sheet, ordered: Rows, last: int) -> tuple[int, int]:
    """Write averages, gap and rank of each figure; return the first row, and the row after the last."""
    own, first = last + 1, last + 5
    sheet.section(first - 2, "This council against the average of its neighbours")
    sheet.header(
        first - 1,
        (
            "Figure",
            "Neighbours with it",
            "Pooled average",
            "Mean",
            "Median",
            "This council",
            "Above the pooled average",
            "The same, in % of it",
            "Rank, highest first",
            "Pooled as though all were one council",
        ),
    )
    r = first
    for label, value, weight, shown, how in FIGURES:
        filled = [sheet.ws[f"{value}{i}"].value is not None for i in range(FIRST, own + 1)]
        if not (filled[-1] and any(filled[:-1])):
            continue
        values, weights = (f"{c}${FIRST}:{c}${last}" for c in (value, weight))
        averages = (f'=CSC_SN_AVERAGE({values},{weights},"{m}",Neighbour_names,Own_council)' for m in METHODS)
        sheet.line(
            r,
            [
                (label, LABEL, None),
                (f"=COUNT({values})", CALC, N0),
                *((a, OUT if m == "pooled" else CALC, shown) for a, m in zip(averages, METHODS, strict=True)),
                (f"={value}{own}", CALC, shown),
                (f"=INDEX(CSC_SN_GAP(F{r},C{r}),1)", OUT, shown),
                (f"=CSC_PCT_CHANGE(C{r},F{r})", CALC, PERCENT),
                (f"=CSC_SN_RANK({value}{own},{values})", OUT, N0),
                (how, SOURCE, None),
            ],
        )
        _checks(build, sheet, label, r, (value, weight), (FIRST, own))
        r += 1
    return first, r + 1


def _checks(build: Build, sheet: Sheet, label: str, r: int, columns: tuple[str, str], rows: tuple[int, int]) -> None:
    """Ask for the checks of one figure: its pooled average written out, and its rank counted."""
    (value, weight), (first, own) = columns, rows
    values, weights = (sheet.at(f"{c}{first}:{c}{own - 1}") for c in (value, weight))
    both = f"ISNUMBER({values})*ISNUMBER({weights})"
    build.check(
        "Neighbours",
        f"{label}: pooled average = sum of figure x weight over sum of weights, without this council",
        sheet.at(f"C{r}"),
        f"SUMPRODUCT({values},{weights})/SUMPRODUCT({both},{weights})",
        breaks=(sheet.at(f"C{r}"), 0),
    )
    build.check(
        "Neighbours",
        f"{label}: rank = 1 + the neighbours above this council",
        sheet.at(f"I{r}"),
        f"1+SUMPRODUCT(--ISNUMBER({values}),--({values}>{sheet.at(f'{value}{own}')}))",
        breaks=(sheet.at(f"I{r}"), 0),
    )


def _notes(rows: Rows, counts: bool) -> list[str]:
    """Return what a reader must know about these figures."""
    notes = []
    implied = [r for r in rows if not text(r, "population") and text(r, "budget") and text(r, "budget_per_child")]
    if implied:
        notes.append(
            f"Children 0-17 are not given for {len(implied)} of {len(rows)} councils: theirs are what budget and "
            "budget per child imply."
        )
    if not counts:
        notes.append(
            "No numbers of children looked after and populations are given for these councils, so there are no rates "
            "to compare and no funnel; the chart shows budgets per child instead."
        )
    return notes


def _funnel(build: Build, sheet: Sheet, last: int, top: int, averages: int) -> int:
    """Write what chance alone allows at each size of council, whether this one is outside it, and the chart."""
    own = last + 1
    rate = next(
        r for r in range(averages, averages + len(FIGURES)) if sheet.ws[f"A{r}"].value == "Looked after per 10,000"
    )
    page_break(sheet, top)
    sheet.section(top, "What chance alone explains (looked after per 10,000)")
    sheet.header(
        top + 1,
        (
            "At the population of",
            "Step",
            "Children 0-17",
            "Average of neighbours",
            "95 %: low",
            "95 %: high",
            "99.8 %: low",
            "99.8 %: high",
            "This council's rate",
            "Verdict",
        ),
    )
    limits = ("Funnel_z_95", 1), ("Funnel_z_95", 2), ("Funnel_z_998", 1), ("Funnel_z_998", 2)
    r = top + 2
    verdict = (
        f'=IF(AND(I{r}>=E{r},I{r}<=F{r}),"no evidence of a difference",'
        f'IF(AND(I{r}>=G{r},I{r}<=H{r}),"outside 95 %: look at it","outside 99.8 %: not chance"))'
    )
    first, end = r + 1, r + FUNNEL_STEPS
    sizes = f"$G${FIRST}:$G${own}"
    for i in range(r, end + 1):
        step = f"=MIN({sizes})+(MAX({sizes})-MIN({sizes}))*B{i}/MAX($B${first}:$B${end})"
        sheet.line(
            i,
            [
                ("=Own_council" if i == r else "between the smallest and the largest", LABEL, None),
                (None if i == r else f"=ROWS(B${first}:B{i})-1", CALC, N0),
                (f"=G{own}" if i == r else step, CALC, N0),
                (f"=$C${rate}", CALC, N1),
                *((f"=INDEX(CSC_FUNNEL_LIMITS(D{i},C{i},{z}),{k})", CALC, N1) for z, k in limits),
                (f"=I{own}" if i == r else None, OUT, N1),
                (verdict if i == r else None, "Model check", None),
            ],
        )
        if i > r:
            sheet.ws.row_dimensions[i].outlineLevel = 1
    sheet.fit(r, [10], least=38)
    build.check(
        "Neighbours",
        "The limits of chance hold the average they are drawn about",
        f"MEDIAN({sheet.at(f'E{r}')},{sheet.at(f'D{r}')},{sheet.at(f'F{r}')})",
        sheet.at(f"C{rate}"),
        breaks=(sheet.at(f"E{r}"), 1e6),
    )
    page_break(sheet, end + 2)
    chart = funnel_chart(
        sheet.ws,
        f"A{end + 2}",
        "Children looked after: councils among the limits of chance",
        "Looked after per 10,000",
        [
            ("Neighbours", f"G{FIRST}:G{last}", f"I{FIRST}:I{last}", "blue"),
            ("This council", f"G{own}:G{own}", f"I{own}:I{own}", "fail"),
        ],
        [
            ("Average of neighbours", f"C{first}:C{end}", f"D{first}:D{end}", "ink"),
            ("95 %: low", f"C{first}:C{end}", f"E{first}:E{end}", "grey"),
            ("95 %: high", f"C{first}:C{end}", f"F{first}:F{end}", "grey"),
            ("99.8 %: low", f"C{first}:C{end}", f"G{first}:G{end}", "orange"),
            ("99.8 %: high", f"C{first}:C{end}", f"H{first}:H{end}", "orange"),
        ],
        "0",
        along="Children 0-17",
    )
    add_chart(
        build,
        sheet.ws,
        chart,
        alt="Scatter of councils by child population and children looked after per 10,000, with the neighbours' pooled "
        "average and the limits within which chance alone would leave 95 % and 99.8 % of councils; the limits narrow "
        "as councils get larger. The figures are in the tables above.",
    )
    return end + 21


def _budgets(build: Build, sheet: Sheet, last: int, top: int, averages: int) -> int:
    """Write the chart of budgets per child where there are no counts; without budgets per child there is none."""
    own = last + 1
    line = [r for r in range(averages, averages + len(FIGURES)) if sheet.ws[f"A{r}"].value == "Budget per child (£)"]
    if not line:
        return top
    page_break(sheet, top)
    sheet.section(top, "Budget per child and the pooled average (£)")
    sheet.header(top + 1, ("For the chart", "Councils", "Children 0-17", "Pooled average (£)"))
    for i, which in enumerate(("MIN", "MAX"), top + 2):
        sheet.line(
            i,
            [
                ("The smallest council" if which == "MIN" else "The largest council", LABEL, None),
                (f"=COUNT(G{FIRST}:G{own})", CALC, N0),
                (f"={which}(G{FIRST}:G{own})", CALC, N0),
                (f"=C{line[0]}", CALC, POUND),
            ],
        )
    a, b = top + 2, top + 3
    chart = funnel_chart(
        sheet.ws,
        f"A{top + 5}",
        "Budget per child by size of council",
        "Budget per child (£)",
        [
            ("Neighbours", f"G{FIRST}:G{last}", f"F{FIRST}:F{last}", "blue"),
            ("This council", f"G{own}:G{own}", f"F{own}:F{own}", "fail"),
        ],
        [("Pooled average of neighbours", f"C{a}:C{b}", f"D{a}:D{b}", "ink")],
        "£#,##0",
        along="Children 0-17",
    )
    add_chart(
        build,
        sheet.ws,
        chart,
        alt="Scatter of councils by child population and budget per child in pounds, with the neighbours' pooled "
        "average as a line. The figures are in the table above.",
    )
    return top + 24
