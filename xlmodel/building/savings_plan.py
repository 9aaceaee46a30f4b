"""The sheet Savings plan: its lines as printed, by year, by certainty, by what was delivered."""

from __future__ import annotations

from collections.abc import Sequence

from xlmodel.building.blocks import MILLIONS, PERCENT, day, figure, millions, page_break, real_table, text, words
from xlmodel.building.charts import add_chart, stacked_chart
from xlmodel.building.plan_lines import YEARS, PlanLines
from xlmodel.building.project import Text
from xlmodel.building.savings_delivery import delivery
from xlmodel.building.sheet import Build, Content, Sheet
from xlmodel.building.style import CALC, CHECK, LABEL, N0, OUT, SOURCE, TOTAL, number_format

__all__ = ["savings_plan"]

PALETTE = ("blue", "orange", "pass", "grey", "fail", "navy")
EXACT = millions(3)
BASES = ("level", "new_in_year", "running_total")


def savings_plan(build: Build) -> None:
    """Write the plan, its totals, its certainty and what of it was delivered."""
    years = build.project.demand.months.labels
    sheet = Sheet(
        build,
        "Savings plan",
        "Savings plan",
        "The plan's lines added up against its printed totals, put on one basis, weighed by how certain they are and "
        "held against what was delivered. Amounts are held in pounds, shown in millions.",
        (42, *[14] * len(years), 17, 17, 17, 17, *[14] * max(0, 10 - len(years))),
    )
    rows = build.project.model.get("savings", [])
    if not rows:
        sheet.note(4, "No savings plan is given: put its lines into model/savings.csv.")
        sheet.finish("A4", last_row=4, pages=1)
        return
    plan = PlanLines.of(rows, years)
    end = _printed(build, sheet, plan)
    level, end = _level(build, sheet, plan, end + 2)
    end = _by_confidence(build, sheet, plan, level, end + 2)
    end = _weighted(build, sheet, plan, level, end + 2)
    end = _children(build, sheet, plan, end + 2)
    page_break(sheet, end + 2)
    end = delivery(build, sheet, plan, level, end + 2)
    sheet.finish("B6", last_row=end, titles="1:2")


def _heading(
    sheet: Sheet,
    plan: PlanLines,
    r: int,
    title: str,
    beside: tuple[str, ...] = (),
    *,
    what: str = "Line",
    unit: str = "£m",
) -> int:
    """Write a block's section and header, words after the years; return its first row."""
    sheet.section(r, title)
    sheet.header(r + 1, (what, *(f"{year} ({unit})" for year in plan.years), *beside), 32)
    return r + 2


def _years(sheet: Sheet, plan: PlanLines, r: int, contents: Sequence[Content], style: str, fmt: str | None) -> None:
    sheet.line(r, [(c, style, fmt) for c in contents], YEARS)


def _labelled(sheet: Sheet, r: int, label: str, style: str = LABEL) -> None:
    """Write a row's label."""
    sheet.put(f"A{r}", Text(label), style)


def _printed(build: Build, sheet: Sheet, plan: PlanLines) -> int:
    """Write the lines as printed, the decimals they are printed to and the totals; return the last row."""
    first = _heading(sheet, plan, 4, "The plan as printed", ("Confidence", "Risk", "Basis", "Source"))
    last = first + len(plan.lines) - 1
    for r, line in enumerate(plan.lines, first):
        row = plan.row(line)
        sheet.put(f"A{r}", Text(line), "Model input text")
        _years(sheet, plan, r, list(plan.figures(line, "amount")), "Model input", MILLIONS)
        for place, column in enumerate(("confidence", "risk", "basis")):
            sheet.put(f"{plan.beside(place)}{r}", words(row, column), "Model input text")
        sheet.put(f"{plan.beside(3)}{r}", words(row, "source"), SOURCE)
        sheet.fit(r)
    area = f"{plan.columns[0]}{first}:{plan.columns[-1]}{last}"
    sheet.allow(area, "decimal", "Give the amount in pounds, such as 400000 for £0.4m.", "-1E+10", "1E+10")
    basis = plan.beside(2)
    sheet.allow(
        f"{basis}{first}:{basis}{last}", "list", "Say level, new_in_year or running_total.", f'"{",".join(BASES)}"'
    )
    real_table(sheet, "Savings_lines", f"A{first - 1}:{plan.beside(3)}{last}")
    places = last + 8
    end = _places(sheet, plan, places)
    totals: dict[str, dict[str, str]] = {text(r, "year"): r for r in build.project.model.get("savings_totals", [])}
    labels = (
        ("Sum of the lines", TOTAL + " label"),
        ("Total as printed", LABEL),
        ("Sum less printed total", LABEL),
        ("The most that rounding can hide", LABEL),
        ("Verdict", TOTAL + " label"),
    )
    for r, (label, style) in enumerate(labels, last + 1):
        _labelled(sheet, r, label, style)
    for c, year in zip(plan.columns, plan.years, strict=True):
        _total(build, sheet, (c, year), (first, last), places + 2, totals.get(year))
    sheet.note(
        last + 6,
        "The basis says what an amount is: level, what is saved in the year; new_in_year, what is new in it; "
        "running_total, all so far. Rounding can hide half of the last printed place of every line and of the total.",
    )
    return end


def _places(sheet: Sheet, plan: PlanLines, top: int) -> int:
    """Write to how many decimal places of a pound each amount is printed; return the last row."""
    first = _heading(sheet, plan, top, "Printed to (decimal places of a pound)", unit="places")
    for r, line in enumerate(plan.lines, first):
        _labelled(sheet, r, line)
        _years(sheet, plan, r, list(plan.figures(line, "dp")), "Model input", N0)
    last = first + len(plan.lines) - 1
    area = f"{plan.columns[0]}{first}:{plan.columns[-1]}{last + 1}"
    sheet.allow(area, "whole", "Give whole decimal places: -5 for £0.1m, 0 for £1.", "-15", "15")
    _labelled(sheet, last + 1, "Total as printed")
    sheet.note(last + 2, "-5 is £0.1m, -6 is £1m, 0 is £1.")
    for r in range(top, last + 3):
        sheet.ws.row_dimensions[r].outlineLevel = 1
    return last + 2


def _total(
    build: Build,
    sheet: Sheet,
    at: tuple[str, str],
    rows: tuple[int, int],
    places: int,
    printed: dict[str, str] | None,
) -> None:
    """Write one year's sum, printed total, difference and verdict."""
    (c, year), (first, last) = at, rows
    lines, sums = f"{c}{first}:{c}{last}", last + 1
    dp, dp_total = f"{c}{places}:{c}{places + last - first}", f"{c}{places + last - first + 1}"
    if printed is None:
        sheet.put(f"{c}{sums}", f"=SUM({lines})", OUT, MILLIONS)
        for r in range(sums + 1, sums + 5):
            sheet.put(f"{c}{r}", "not printed" if r == sums + 1 else None, CALC)
        sheet.put(dp_total, None, CALC)
        return
    sheet.put(dp_total, figure(printed, "dp"), "Model input", N0)
    sheet.put(f"{c}{sums + 1}", figure(printed, "stated"), "Model input", MILLIONS)
    both = f"CSC_PLAN_TOTAL({lines},{c}{sums + 1},{dp},{dp_total})"
    for k, r, style, fmt in (
        (1, sums, OUT, MILLIONS),
        (2, sums + 2, CALC, MILLIONS),
        (3, sums + 3, CALC, EXACT),
        (4, sums + 4, CHECK, None),
    ):
        sheet.put(f"{c}{r}", f"=INDEX({both},{k})", style, fmt)
    build.check(
        "Savings plan",
        f"{year}: the lines add up to the sum that is used",
        f"SUM({sheet.at(lines)})",
        sheet.at(f"{c}{sums}"),
        breaks=(sheet.at(f"{c}{sums}"), 1),
    )
    half = f"Half_unit*SUMPRODUCT(Decimal_base^-{sheet.at(dp)})+Half_unit*Decimal_base^-{sheet.at(dp_total)}"
    build.check(
        "Savings plan",
        f"{year}: the most that rounding can hide = half of the last place of every line and of the total",
        sheet.at(f"{c}{sums + 3}"),
        half,
        breaks=(sheet.at(f"{c}{sums + 3}"), 1),
    )


def _level(build: Build, sheet: Sheet, plan: PlanLines, top: int) -> tuple[int, int]:
    """Write what each line saves in each year, whatever basis it is printed on; return first and last row."""
    source, basis = 6, plan.beside(2)
    first = _heading(sheet, plan, top, "What is saved in each year, all lines on one basis", ("Confidence", "Risk"))
    last = first + len(plan.lines) - 1
    for i, line in enumerate(plan.lines):
        r, s = first + i, source + i
        _labelled(sheet, r, line)
        for place in (0, 1):
            sheet.put(f"{plan.beside(place)}{r}", f"={plan.beside(place)}{s}", LABEL)
        level = f'CSC_PLAN_BASIS({plan.across(s)},${basis}{s},"level")'
        _years(sheet, plan, r, [f"=INDEX({level},{k})" for k in range(1, len(plan.years) + 1)], CALC, MILLIONS)
        back = f'CSC_PLAN_BASIS({_at(sheet, plan, r)},"level",{sheet.at(f"{basis}{s}")})'
        k = len(plan.years)
        build.check(
            "Savings plan",
            f"{line}: put on one basis, and back, the last year is as printed",
            f"INDEX({back},{k})",
            sheet.at(f"{plan.columns[-1]}{s}"),
            breaks=(sheet.at(f"{plan.columns[-1]}{r}"), 123456789),
        )
    _labelled(sheet, last + 1, "Saved in the year, all lines", TOTAL + " label")
    _years(sheet, plan, last + 1, [f"=SUM({c}{first}:{c}{last})" for c in plan.columns], TOTAL, MILLIONS)
    build.name("Plan_saved", sheet.at(f"{plan.columns[0]}{last + 1}:{plan.columns[-1]}{last + 1}"))
    return first, last + 1


def _at(sheet: Sheet, plan: PlanLines, row: int) -> str:
    return sheet.at(f"{plan.columns[0]}{row}:{plan.columns[-1]}{row}")


def _by_confidence(build: Build, sheet: Sheet, plan: PlanLines, level: int, top: int) -> int:
    """Write the savings of each word of confidence and their chart; return the last row."""
    last = level + len(plan.lines) - 1
    first = _heading(sheet, plan, top, "By confidence", what="Confidence")
    sure = plan.beside(0)
    page_break(sheet, top)
    levels = list(dict.fromkeys(text(plan.row(line), "confidence") for line in plan.lines))
    for r, word in enumerate(levels, first):
        _labelled(sheet, r, word)
        _years(
            sheet,
            plan,
            r,
            [f"=SUMPRODUCT(--(${sure}${level}:${sure}${last}=$A{r}),{c}${level}:{c}${last})" for c in plan.columns],
            OUT,
            MILLIONS,
        )
    end = first + len(levels) - 1
    for c, year in zip(plan.columns, plan.years, strict=True):
        build.check(
            "Savings plan",
            f"{year}: the words of confidence hold all lines",
            f"SUM({sheet.at(f'{c}{first}:{c}{end}')})",
            sheet.at(f"{c}{last + 1}"),
            breaks=(sheet.at(f"{c}{first}"), 1),
        )
    across = f"{plan.columns[0]}{{0}}:{plan.columns[-1]}{{0}}"
    _years(sheet, plan, end + 1, list(plan.years), SOURCE, None)  # the labels of the chart, without their unit
    _labelled(sheet, end + 1, "Years of the chart")
    chart = stacked_chart(
        sheet.ws,
        f"A{end + 3}",
        "Planned savings by confidence",
        "£m saved in the year",
        across.format(end + 1),
        [(f"=A{r}", across.format(r), PALETTE[i % len(PALETTE)]) for i, r in enumerate(range(first, end + 1))],
        '£#,##0.0,,"m"',
    )
    add_chart(
        build,
        sheet.ws,
        chart,
        alt="Stacked columns: planned savings of each financial year in millions of pounds, by how confident the plan "
        "is of them. The figures are in the table above.",
    )
    return end + 21


def _weighted(build: Build, sheet: Sheet, plan: PlanLines, level: int, top: int) -> int:
    """Write the approved weights and what remains of the plan with them; return the last row."""
    weights = build.project.model.get("weights", [])
    if not weights:
        sheet.section(top, "What can be relied on")
        sheet.note(
            top + 1,
            "No table of weights has been approved, so nothing is taken off for risk: put it into model/weights.csv.",
        )
        return top + 1
    sheet.section(top, "What a line counts for (approved weights)")
    sheet.header(top + 1, ("Confidence", "Risk", "Low", "Expected", "High", "Approved by", "Approved on"), 26)
    w = top + 2
    for r, row in enumerate(weights, w):
        sheet.line(
            r,
            [
                (words(row, "confidence"), "Model input text", None),
                (words(row, "risk"), "Model input text", None),
                *((figure(row, c), "Model input", PERCENT) for c in ("low", "expected", "high")),
                (words(row, "approved_by"), SOURCE, None),
                (day(row, "approved_on"), SOURCE, number_format("date")),
            ],
        )
        sheet.fit(r, [1, 2, 6])
    end = w + len(weights) - 1
    sheet.allow(f"C{w}:E{end}", "decimal", "Give a share of the amount, from 0 to 1.", "0", "1")
    table = f"$A${w}:$E${end}"
    real_table(sheet, "Savings_weights", f"A{top + 1}:G{end}")
    first = _heading(sheet, plan, end + 2, "What can be relied on", ("End",))
    last, r, end_of = level + len(plan.lines) - 1, first, plan.beside(0)
    parts = ("low", "expected", "high")
    for i, line in enumerate(plan.lines):
        for k, part in enumerate(parts, 1):
            _labelled(sheet, r, line)
            sheet.put(f"{end_of}{r}", part, LABEL)
            s = level + i
            pair = f"${plan.beside(0)}{s},${plan.beside(1)}{s}"
            adjusted = [f"=INDEX(CSC_RISK_ADJUSTED({c}{s},{pair},{table}),{k})" for c in plan.columns]
            _years(sheet, plan, r, adjusted, CALC, MILLIONS)
            sheet.ws.row_dimensions[r].outlineLevel = 1
            r += 1
    lines = f"${end_of}${first}:${end_of}${r - 1}"
    for total, part in enumerate(parts, r):
        _labelled(sheet, total, f"The plan, {part}", TOTAL + " label")
        sheet.put(f"{end_of}{total}", part, TOTAL + " label")
        sums = [f"=SUMPRODUCT(--({lines}=${end_of}{total}),{c}${first}:{c}${r - 1})" for c in plan.columns]
        _years(sheet, plan, total, sums, OUT, MILLIONS)
    _labelled(sheet, r + 3, "Expected, as a share of the plan")
    _years(
        sheet, plan, r + 3, [f"=IF({c}{last + 1}=0,0,{c}{r + 1}/{c}{last + 1})" for c in plan.columns], CALC, PERCENT
    )
    both = f"({sheet.at(f'A{w}:A{end}')}={{b}})*({sheet.at(f'B{w}:B{end}')}={{c}})"
    for c, year in zip(plan.columns, plan.years, strict=True):
        by_hand = "+".join(
            f"{sheet.at(f'{c}{s}')}*SUMPRODUCT("
            + both.format(b=sheet.at(f"{plan.beside(0)}{s}"), c=sheet.at(f"{plan.beside(1)}{s}"))
            + f",{sheet.at(f'D{w}:D{end}')})"
            for s in range(level, last + 1)
        )
        build.check(
            "Savings plan",
            f"{year}: expected saving = every line times its approved weight",
            sheet.at(f"{c}{r + 1}"),
            by_hand,
            breaks=(sheet.at(f"{c}{r + 1}"), 1),
        )
    return r + 3


def _children(build: Build, sheet: Sheet, plan: PlanLines, top: int) -> int:
    """Write the children that the lines count on, and those that two lines both count; return the last row."""
    claiming = [line for line in plan.lines if any(x is not None for x in plan.figures(line, "children"))]
    if not claiming:
        sheet.section(top, "Children counted twice")
        sheet.note(top + 1, "No line of the plan says how many children it keeps out of care.")
        return top + 1
    if not build.project.demand.plan_scenario:
        sheet.section(top, "Children counted twice")
        sheet.note(top + 1, "No scenario is named as the plan's, so its children cannot be held against the flows.")
        return top + 1
    title = "Children counted twice: what the lines claim, against fewer starts"
    first = _heading(sheet, plan, top, title, unit="children")
    r = first
    for line in claiming:
        _labelled(sheet, r, line)
        _years(sheet, plan, r, [x or 0 for x in plan.figures(line, "children")], "Model input", N0)
        r += 1
    sheet.allow(
        f"{plan.columns[0]}{first}:{plan.columns[-1]}{r - 1}",
        "decimal",
        "Give the children that the line keeps out of care in the year; 0 where it claims none.",
        "0",
        "1E+6",
    )
    for label in ("Starts in the baseline", "Starts in the plan's scenario", "Claimed beyond the fewer starts"):
        _labelled(sheet, r, label, TOTAL + " label" if label.startswith("Claimed") else LABEL)
        r += 1
    base, own, over = r - 3, r - 2, r - 1
    for c, year in zip(plan.columns, plan.years, strict=True):
        for at, code in ((base, "Baseline"), (own, "Plan_scenario")):
            sheet.put(f"{c}{at}", f'=INDEX(Case_starts,MATCH({code}&"|{year}",Case_key,0))', CALC, N0)
        lines = f"{c}{first}:{c}{base - 1}"
        sheet.put(f"{c}{over}", f"=CSC_OVERLAP_CHECK({lines},{c}{base},MIN({c}{base},{c}{own}))", OUT, N0)
        build.check(
            "Savings plan",
            f"{year}: children claimed beyond the fewer starts = claims less the fall in starts, not below 0",
            sheet.at(f"{c}{over}"),
            f"MAX(0,SUM({sheet.at(lines)})-MAX(0,{sheet.at(f'{c}{base}')}-{sheet.at(f'{c}{own}')}))",
            breaks=(sheet.at(f"{c}{over}"), -1),
        )
    sheet.note(r, "A child can be kept out of care once. Claims beyond the fall in starts count some children twice.")
    return r
