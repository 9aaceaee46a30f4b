"""Who answers for the lines of a savings plan, what was delivered of them, and of which kind the money is."""

from __future__ import annotations

from xlmodel.building.blocks import MILLIONS, day, figure, has, real_table, text, words
from xlmodel.building.charts import add_chart, column_chart
from xlmodel.building.plan_lines import PlanLines
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, CHECK, LABEL, OUT, SOURCE, number_format

__all__ = ["delivery"]


def delivery(build: Build, sheet: Sheet, plan: PlanLines, level: int, top: int) -> int:
    """Write owners, investment and what was delivered, where a table of them is given; return the last row."""
    rows = build.project.book.get("savings_detail", [])
    sheet.section(top, "Plan against delivered")
    if not rows:
        sheet.note(
            top + 1,
            "No delivery, owner, investment or date secured is given for the lines: put them into "
            "book/savings_detail.csv. Until then none of the plan is shown as delivered.",
        )
        return top + 1
    sheet.header(
        top + 1,
        (
            *("Line", "Year", "Owner", "Secured on", "Source", "Planned (£m)", "Delivered (£m)"),
            *("Short of the plan (£m)", "RAG", "Investment (£m)", "Taken out of budgets (£m)"),
            *("Growth given up (£m)", "Cashable (£m)", "Cost avoided (£m)", "Neither (£m)"),
        ),
    )
    first = top + 2
    last = level + len(plan.lines) - 1
    for r, row in enumerate(rows, first):
        _delivered(sheet, plan, r, row, (level, last))
    end = first + len(rows) - 1
    sheet.allow(f"G{first}:G{end}", "decimal", "Give the pounds delivered in the year.", "-1E+10", "1E+10")
    real_table(sheet, "Savings_delivery", f"A{top + 1}:O{end}")
    classes = [sheet.at(f"{c}{first}:{c}{end}") for c in "MNOF"]
    build.check(
        "Savings plan",
        "Cashable, growth avoided and neither make up what was planned",
        f"SUM({classes[0]})+SUM({classes[1]})+SUM({classes[2]})",
        f'SUMIF({classes[3]},">0")',
        breaks=(sheet.at(f"M{first}"), 1e9),
    )
    if not has(rows, "delivered"):
        return end
    return _delivered_chart(build, sheet, plan, (first, end), end + 2)


def _delivered(sheet: Sheet, plan: PlanLines, r: int, row: dict[str, str], lines: tuple[int, int]) -> None:
    """Write what is known of one line in one year."""
    year = text(row, "year")
    column = plan.columns[plan.years.index(year)]
    area = f"${column}${lines[0]}:${column}${lines[1]}"
    delivered = figure(row, "delivered")
    sheet.line(
        r,
        [
            (words(row, "line"), "Model input text", None),
            (year, LABEL, None),
            (words(row, "owner"), "Model input text", None),
            (day(row, "secured_on"), "Model input", number_format("date")),
            (words(row, "source"), SOURCE, None),
            (f"=INDEX({area},MATCH($A{r},$A${lines[0]}:$A${lines[1]},0))", CALC, MILLIONS),
            (delivered, "Model input", MILLIONS),
            (None, CALC, MILLIONS),
            (None, CHECK, None),
            (figure(row, "investment"), "Model input", MILLIONS),
            *((figure(row, c) or 0, "Model input", MILLIONS) for c in ("budget_reduction", "growth_avoided")),
            *((f"=INDEX(CSC_SAVING_CLASS(MAX(0,F{r}),K{r},L{r}),{k})", CALC, MILLIONS) for k in (1, 2, 3)),
        ],
    )
    sheet.fit(r, [1, 3, 5])
    if delivered is not None:
        sheet.put(f"H{r}", f"=F{r}-G{r}", CALC, MILLIONS)
        sheet.put(f"I{r}", f"=CSC_RAG(G{r},F{r},F{r}*Rag_amber_share,TRUE)", CHECK)


def _delivered_chart(build: Build, sheet: Sheet, plan: PlanLines, rows: tuple[int, int], top: int) -> int:
    """Write the plan and what was delivered by year, with their chart; return the last row."""
    sheet.header(top, ("Plan against delivered", "Year", "Planned (£m)", "Delivered (£m)"), 26)
    first = top + 1
    years = f"$B${rows[0]}:$B${rows[1]}"
    told = {sheet.ws[f"B{r}"].value for r in range(rows[0], rows[1] + 1)}
    shown = [year for year in plan.years if year in told]
    for r, year in enumerate(shown, first):
        sheet.line(r, [("Lines with a row above", LABEL, None), (year, SOURCE, None)])
        both = [f"=SUMPRODUCT(--({years}=$B{r}),{c}${rows[0]}:{c}${rows[1]})" for c in "FG"]
        sheet.line(r, [(f, OUT, MILLIONS) for f in both], 3)
    end = first + len(shown) - 1
    chart = column_chart(
        sheet.ws,
        f"A{end + 2}",
        "Plan against delivered",
        "£m in the year",
        f"B{first}:B{end}",
        [("Planned", f"C{first}:C{end}", "blue"), ("Delivered", f"D{first}:D{end}", "orange")],
        '£#,##0.0,,"m"',
    )
    add_chart(
        build,
        sheet.ws,
        chart,
        alt="Columns: savings planned and savings delivered in each financial year, in millions of pounds. The figures "
        "are in the table above.",
    )
    return end + 21
