"""The sheet Uncertainty: the one sheet of saved values, drawn by simulation, and whether they still belong here."""

from __future__ import annotations

from xlmodel.building.blocks import MILLIONS, PERCENT, page_break, real_table, rows_written, run_on, scenario_shown
from xlmodel.building.charts import add_chart, fan_chart
from xlmodel.building.project import Text
from xlmodel.building.saved_fans import LEVELS, SavedFans, saved_fans
from xlmodel.building.sheet import Build, Content, Sheet
from xlmodel.building.style import CALC, CHECK, LABEL, N0, N1, OUT, painted

__all__ = ["uncertainty"]

FIRST = 11  #: the first row of the scenario shown
CHART_ROWS = 18
SAVED = "Model saved"
EDGES = ("low95", "low80", "median", "high80", "high95")
HEADS = ("2.5 % lie below", "10 % lie below", "Median", "10 % lie above", "2.5 % lie above")


def uncertainty(build: Build) -> None:
    """Draw the fans, save them, and write them beside what the workbook calculates now."""
    fans = saved_fans(build)
    sheet = Sheet(
        build,
        "Uncertainty",
        "Uncertainty",
        "How far children and cost might turn out otherwise by chance and within the registered ranges. The figures by "
        "scenario are saved values of a simulation; they change when the workbook is built again, not when an input "
        "changes. What stands beside them is live.",
        (34, 17, 13, *[13.5] * 11),
        span=10,
    )
    years = build.project.demand.months.years
    count = len(fans.rows)
    chart = FIRST + years + 3
    children = chart + CHART_ROWS + years + 4
    cost = children + count + 3
    full = cost + count + 3
    ranges = full + count + 3
    scenario_shown(sheet, 4)
    _told(sheet, fans)
    for row in (cost, full):
        page_break(sheet, row - 2)
    _shown(build, sheet, fans, (children, cost), full)
    _chart(build, sheet, chart, years)
    _saved(sheet, fans, children, "Children on 31 March", N0, 0)
    _saved(sheet, fans, cost, "Cost of placements (£m)", MILLIONS, 1)
    _compared(build, sheet, fans, full)
    end = _ranges(build, sheet, fans, ranges)
    _belongs(build, sheet, full, count, (ranges, len(fans.ranges)))
    for note in _notes(fans):
        end += 1
        sheet.note(end, note, columns=10)
    sheet.finish("B5", last_row=end, titles="1:2", area=f"A1:N{end}")


def _told(sheet: Sheet, fans: SavedFans) -> None:
    """Write how the values came about."""
    rows: tuple[tuple[str, Content, str, str | None], ...] = (
        ("Simulated runs of each scenario", fans.runs, SAVED, "#,##0"),
        ("Random numbers begin at", fans.seed, SAVED, "0"),
        ("Do these ranges belong to the inputs?", None, CHECK, None),
    )
    for r, (label, content, style, fmt) in enumerate(rows, 5):
        sheet.put(f"A{r}", label, LABEL)
        sheet.put(f"B{r}", content, style, fmt)


def _belongs(build: Build, sheet: Sheet, full: int, count: int, ranges: tuple[int, int]) -> None:
    """Write whether the saved values belong to the inputs, in words, and ask for the check."""
    flags = [sheet.at(f"J{full}:J{full + count - 1}")]
    first, lines = ranges
    if lines:
        flags.append(sheet.at(f"H{first}:H{first + lines - 1}"))
    fresh = "+".join(f"SUM({area})" for area in flags)
    whole = "+".join(f"ROWS({area})" for area in flags)
    run_on(
        sheet,
        "B7",
        f'=IF({fresh}={whole},"Yes: they were drawn from the inputs as they are.",'
        '"STALE: inputs have changed since; build the workbook again.")',
        CHECK,
    )
    sheet.ws.conditional_formatting.add("B7", painted('LEFT($B$7,5)="STALE"', "F8D5C2", "8A2F00"))
    build.name("Fans_belong", sheet.at("B7"))
    build.check(
        "Uncertainty",
        "The saved ranges belong to the inputs as they are",
        fresh,
        whole,
        breaks=(sheet.at(f"D{full}"), 123456789),
    )


def _shown(build: Build, sheet: Sheet, fans: SavedFans, tables: tuple[int, int], full: int) -> None:
    """Write the fan of the scenario shown, and what the workbook expects now."""
    labels = build.project.demand.months.labels
    last = FIRST + len(labels) - 1
    sheet.section(FIRST - 2, "The scenario shown")
    sheet.header(
        FIRST - 1,
        (
            *("Year", "Children, expected now"),
            *(f"Children: {head}" for head in HEADS),
            "Cost, expected now (£m)",
            *(f"Cost: {head} (£m)" for head in HEADS),
        ),
        46,
    )
    end = len(fans.rows) - 1
    for r, year in enumerate(labels, FIRST):
        row = f'MATCH(Scenario&"|"&$A{r},$A${full}:$A${full + end},0)'
        live = [f'=INDEX({name},MATCH(Scenario&"|"&$A{r},Case_key,0))' for name in ("Case_closing", "Case_cost")]
        edges = [[_blank_kept(f"INDEX(${c}${first}:${c}${first + end},{row})") for c in "DEFGH"] for first in tables]
        sheet.line(
            r,
            [
                (year, LABEL, None),
                (live[0], OUT, N1),
                *((f, CALC, N0) for f in edges[0]),
                (live[1], OUT, MILLIONS),
                *((f, CALC, MILLIONS) for f in edges[1]),
            ],
        )
    for c, edge in zip("CDEFG", EDGES, strict=True):
        build.name(f"Fan_{edge}", sheet.at(f"{c}{FIRST}:{c}{last}"))
    for c, edge in zip("IJKLM", EDGES, strict=True):
        build.name(f"Fan_cost_{edge}", sheet.at(f"{c}{FIRST}:{c}{last}"))
    inside = "(Fan_low95<=Fan_low80)*(Fan_low80<=Fan_median)*(Fan_median<=Fan_high80)*(Fan_high80<=Fan_high95)"
    build.check(
        "Uncertainty",
        "The fan of the scenario shown opens outwards from its median in every year",
        f"SUMPRODUCT({inside})",
        "ROWS(Fan_median)",
        breaks=(sheet.at(f"C{FIRST}"), 123456789),
    )


def _blank_kept(read: str) -> str:
    """Return the formula that reads a saved value; one that could not be drawn stays empty, not 0."""
    return f'=IF({read}="","",{read})'


def _chart(build: Build, sheet: Sheet, top: int, years: int) -> None:
    """Write the fan of cost: its edges as widths on each other, and the chart."""
    last = FIRST + years - 1
    widths = top + CHART_ROWS + 1
    page_break(sheet, widths - 1)
    sheet.header(
        widths - 1,
        ("For the chart (£m)", "Lower edge, 95 %", "To 80 %", "80 %: below", "80 %: above", "To 95 %"),
        26,
    )
    for i in range(years):
        r, s = widths + i, FIRST + i
        steps = [f"=I{s}", *(f'=IF({a}{s}="","",{b}{s}-{a}{s})' for a, b in zip("IJKL", "JKLM", strict=True))]
        sheet.line(r, [(f"=A{s}", LABEL, None), *((f, CALC, MILLIONS) for f in steps)])
        sheet.ws.row_dimensions[r].outlineLevel = 1
    end = widths + years - 1
    area = [f"{c}{widths}:{c}{end}" for c in "BCDEF"]
    chart = fan_chart(
        sheet.ws,
        f"A{top}",
        "Cost of placements: what is expected, and how far it might turn out otherwise",
        "£m",
        f"A{FIRST}:A{last}",
        [
            ("", area[0], "grey"),
            ("95 of 100 runs", area[1], "C9DDF0"),
            ("80 of 100 runs", area[2], "8FB8DE"),
            ("80 of 100 runs", area[3], "8FB8DE"),
            ("95 of 100 runs", area[4], "C9DDF0"),
        ],
        [("Expected now", f"H{FIRST}:H{last}", "navy")],
        '£#,##0.0,,"m"',
        least=None,
    )
    add_chart(
        build,
        sheet.ws,
        chart,
        alt="Fan: cost of placements of the scenario shown in each financial year, in millions of pounds, with the "
        "bands that 80 and 95 of 100 simulated runs lie in. The figures are in the table above.",
    )


def _saved(sheet: Sheet, fans: SavedFans, first: int, what: str, fmt: str, which: int) -> None:
    """Write the saved quantiles of children or cost of every scenario and year."""
    sheet.section(first - 2, f"Saved values, every scenario: {what}")
    sheet.header(first - 1, ("Scenario and year", "Scenario", "Year", *HEADS), 26)
    for r, row in enumerate(fans.rows, first):
        drawn = (row.children, row.cost)[which]
        quantiles: list[Content] = [None] * len(LEVELS) if drawn is None else list(drawn)
        sheet.line(
            r,
            [
                (f'=B{r}&"|"&C{r}', LABEL, None),
                (Text(row.scenario), LABEL, None),
                (row.year, LABEL, None),
                *((value, SAVED, fmt) for value in quantiles),
            ],
        )
    table = ("Saved_children", "Saved_cost")[which]
    real_table(sheet, table, f"A{first - 1}:H{first + len(fans.rows) - 1}")
    sheet.build.name(f"{table}_key", sheet.at(f"A{first}:A{first + len(fans.rows) - 1}"))
    sheet.build.check(
        "Uncertainty",
        f"Every year of every scenario whose range of {('children', 'cost')[which]} was saved is there",
        f'SUMPRODUCT(--({table}_key<>""))',
        rows_written(sheet, table, ("H5", "H6")[which], len(fans.rows)),
        breaks=(sheet.at(f"A{first}"), ""),
    )


def _compared(build: Build, sheet: Sheet, fans: SavedFans, first: int) -> None:
    """Write the full model's expectation beside the workbook's, when the fans were drawn and now."""
    sheet.section(first - 2, "What is expected: the full model, and this workbook when the ranges were drawn and now")
    sheet.header(
        first - 1,
        (
            *("Scenario and year", "Scenario", "Year", "Children: workbook then", "Cost: workbook then (£m)"),
            *("Children: full model", "Cost: full model (£m)", "Children: workbook now"),
            *("Cost: workbook now (£m)", "Unchanged (1: yes)", "Children: full model less workbook"),
            *("Cost: full model less workbook (£m)", "The same, in % of the cost", "Near the full model"),
        ),
        46,
    )
    for r, row in enumerate(fans.rows, first):
        live = [f"=INDEX({name},MATCH($A{r},Case_key,0))" for name in ("Case_closing", "Case_cost")]
        near = [f"ABS({now}{r}-{then}{r})<=Check_tolerance*MAX(1,ABS({then}{r}))" for now, then in ("HD", "IE")]
        expected = row.expected or (None, None)
        known = row.expected is not None
        sheet.line(
            r,
            [
                (f'=B{r}&"|"&C{r}', LABEL, None),
                (Text(row.scenario), LABEL, None),
                (row.year, LABEL, None),
                (row.then[0], SAVED, N1),
                (row.then[1], SAVED, MILLIONS),
                (expected[0], SAVED, N1),
                (expected[1], SAVED, MILLIONS),
                (live[0], CALC, N1),
                (live[1], CALC, MILLIONS),
                (f"=IF(AND({near[0]},{near[1]}),1,0)", CALC, N0),
                (_gap(f"F{r}", f"H{r}") if known else None, CALC, N1),
                (_gap(f"G{r}", f"I{r}") if known else None, CALC, MILLIONS),
                (f"=IF(I{r}=0,0,L{r}/I{r})" if known else None, CALC, PERCENT),
                (_NEAR.format(r) if known else "–", CHECK, None),
            ],
        )
    real_table(sheet, "Expected_paths", f"A{first - 1}:N{first + len(fans.rows) - 1}")
    build.name("Full_model_key", sheet.at(f"A{first}:A{first + len(fans.rows) - 1}"))
    build.check(
        "Uncertainty",
        "Every year of every scenario that was saved is there",
        'SUMPRODUCT(--(Full_model_key<>""))',
        rows_written(sheet, "Expected_paths", "H7", len(fans.rows)),
        breaks=(sheet.at(f"A{first}"), ""),
    )
    build.name("Full_model_children", sheet.at(f"F{first}:F{first + len(fans.rows) - 1}"))
    build.name("Full_model_cost", sheet.at(f"G{first}:G{first + len(fans.rows) - 1}"))


#: The full model against the workbook when both were run: what parts them is how they treat curves, ages and moves.
_NEAR = '=IF(AND(ABS(F{0}-D{0})<=Model_gap_allowed*D{0},ABS(G{0}-E{0})<=Model_gap_allowed*E{0}),"OK","CHECK")'


def _gap(full: str, own: str) -> str:
    """Return the formula of a difference that is 0 where it is no more than rounding in the computer."""
    return f"=IF(ABS({full}-{own})<=Check_tolerance*MAX(1,ABS({own})),0,{full}-{own})"


def _ranges(build: Build, sheet: Sheet, fans: SavedFans, first: int) -> int:
    """Write the ranges that the runs were drawn from, beside those of Assumptions now; return the last row."""
    sheet.section(first - 2, "Ranges that the runs were drawn from")
    if not fans.ranges:
        sheet.note(first - 1, "No assumption that a run varies has a range: the fans are chance alone.", columns=10)
        return first - 1
    heads = ("Assumption", "Low, then", "Value, then", "High, then", "Low, now", "Value, now", "High, now")
    sheet.header(first - 1, (*heads, "Unchanged (1: yes)"), 26)
    for r, (name, low, value, high) in enumerate(fans.ranges, first):
        row = f'MATCH("{name}",Assumption_names,0)'
        columns = ("Assumption_low", "Assumption_values", "Assumption_high")
        same = ",".join(f"{now}{r}={then}{r}" for now, then in ("EB", "FC", "GD"))
        sheet.line(
            r,
            [
                (name, LABEL, None),
                *((x, SAVED, "0.0000") for x in (low, value, high)),
                *((f"=INDEX({column},{row})", CALC, "0.0000_ ") for column in columns),
                (f"=IF(AND({same}),1,0)", CALC, N0),
            ],
        )
    return first + len(fans.ranges) - 1


def _notes(fans: SavedFans) -> list[str]:
    """Return what a reader must know about the values."""
    notes = [
        "Children and cost are drawn run by run in whole children from the full model's monthly chances; ranges of the "
        "register are drawn once a run. Children are taken to come and go one by one, so where brothers and sisters "
        "come together the true range is wider. A quantile is the outcome of a run."
    ]
    lopsided = [name for name, low, value, high in fans.ranges if abs((low + high) / 2 - value) > 1e-9 * abs(value)]
    if lopsided:
        notes.append(
            f"The range of {', '.join(lopsided)} reaches further one way than the other, so the fan does not lie "
            "evenly about what is expected."
        )
    notes.extend(f"Not drawn: {reason}" for reason in fans.left_out)
    return notes
