"""The sheet Scenarios: the one selector, what each scenario assumes, and the results side by side."""

from __future__ import annotations

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from xlmodel.building.blocks import page_break
from xlmodel.building.project import VARIATIONS, Text
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import CALC, LABEL, N0, N1, OUT, POUND
from xlmodel.model.demand.assumptions import Demand

__all__ = ["BASELINE_SUFFIX", "scenarios", "variations"]

TITLE = "Scenarios"
WORD, INPUT = "Model input text", "Model input"
BASELINE_SUFFIX = "_baseline"  #: of the code of a variation of the baseline
FACTOR = "0.0##_ "
LEAST_HOPS = 2  #: a scenario may take its starts from one that takes them from a third

_VARIED = {"starts": "Starts", "stay": "Length of stay", "price": "Prices", "mix": "Starts into the dearest placement"}


def variations() -> tuple[tuple[str, str, str, str], ...]:
    """Return code, words, what is varied and at which end, of every variation.

    >>> variations()[0]
    ('vary_starts_low', 'Starts: low, of the scenario shown', 'starts', 'low')
    """
    out = []
    for suffix, of in (("", "the scenario shown"), (BASELINE_SUFFIX, "the baseline")):
        for code in VARIATIONS:
            _, what, end = code.split("_")
            out.append((code + suffix, f"{_VARIED[what]}: {end}, of {of}", what, end))
    return tuple(out)


def scenarios(build: Build) -> None:
    """Write the sheet."""
    demand = build.project.demand
    hops = max(LEAST_HOPS, _longest_chain(build))
    sheet = Sheet(
        build,
        TITLE,
        "Scenarios",
        "One cell chooses the scenario that every sheet shows. Below it stand the results of all scenarios side by "
        "side, and what each of them assumes.",
        (34, 58, 16, 14, 14, 14, 14, *[16] * hops, 14, 14),
        tab="E69F00",
    )
    count = len(demand.scenarios)
    results, given = 13, 18 + count
    years = given + count + 4
    varied = years + demand.months.years + 4
    _selector(build, sheet)
    _results(build, sheet, results, demand)
    _given(build, sheet, given, hops)
    _years(build, sheet, years, demand)
    page_break(sheet, varied)
    last = _variations(build, sheet, varied)
    sheet.finish("C4", last_row=last)


def _selector(build: Build, sheet: Sheet) -> None:
    demand = build.project.demand
    shown = demand.plan_scenario or next((s for s in demand.scenarios if s != demand.baseline), demand.baseline)
    find = "MATCH({},Scenario_codes,0)"
    sheet.section(4, "What every sheet shows")
    rows = (
        ("Scenario shown", shown, "Scenario"),
        ("in words", f"=INDEX(Scenario_labels,{find.format('Scenario')})", "Scenario_label"),
        ("Baseline", demand.baseline, "Baseline"),
        ("in words", f"=INDEX(Scenario_labels,{find.format('Baseline')})", "Baseline_label"),
        ("Scenario of the savings plan", demand.budget_scenario, "Plan_scenario"),
        ("Attribution of the scenario shown", f"=INDEX(Scenario_attribution,{find.format('Scenario')})", "Attribution"),
    )
    for row, (label, content, name) in enumerate(rows, 5):
        formula = content.startswith("=")
        sheet.put(f"A{row}", label, LABEL)
        if formula:
            sheet.put(f"B{row}", content, OUT, "0%_ " if name == "Attribution" else None)
            sheet.ws[f"B{row}"].alignment = Alignment(horizontal="left", vertical="center", indent=1)
        else:
            sheet.put(f"B{row}", Text(content), WORD)
            sheet.allow(f"B{row}", "list", "Choose one of the codes of the scenarios on this sheet.", "Scenario_codes")
        build.name(name, sheet.at(f"B{row}"))
    build.check(
        TITLE,
        "The scenario shown is one of the scenarios",
        "COUNTIF(Scenario_codes,Scenario)",
        "COUNTIF(Scenario_codes,INDEX(Scenario_codes,1))",
        breaks=(sheet.at("B5"), "no such scenario"),
    )
    sheet.note(11, "Variations of one thing at a time, further down, are of the scenario shown and of the baseline.")


def _results(build: Build, sheet: Sheet, top: int, demand: Demand) -> None:
    """Write the last year and all years of every scenario, and what differs from the baseline."""
    last = demand.months.labels[-1]
    count = len(demand.scenarios)
    sheet.section(top, "Results side by side")
    sheet.header(
        top + 1,
        (
            "Scenario",
            "Name",
            f"Children on 31 March {int(last[:4]) + 1}",
            "Difference from the baseline",
            f"Cost {last} (£)",
            "Difference from the baseline (£)",
            "Cost, all years (£)",
            "Difference from the baseline (£)",
        ),
        44,
    )
    first = top + 2
    base = f"MATCH(Baseline,$A${first}:$A${first + count - 1},0)"
    for i in range(count):
        r = first + i
        here = f'MATCH($A{r}&"|"&Last_year,Case_key,0)'
        spread = f'INDEX(Case_cost,MATCH($A{r}&"|"&First_year,Case_key,0)):INDEX(Case_cost,{here})'
        columns = {"D": ("C", N1), "F": ("E", POUND), "H": ("G", POUND)}
        differences = {
            to: (f"={of}{r}-INDEX({of}${first}:{of}${first + count - 1},{base})", fmt)
            for to, (of, fmt) in columns.items()
        }
        sheet.line(
            r,
            [
                (f"=INDEX(Scenario_codes,ROWS(A${first}:A{r}))", LABEL, None),
                (f"=INDEX(Scenario_labels,ROWS(A${first}:A{r}))", LABEL, None),
                (f"=INDEX(Case_closing,{here})", OUT, N1),
                (differences["D"][0], CALC, N1),
                (f"=INDEX(Case_cost,{here})", OUT, POUND),
                (differences["F"][0], CALC, POUND),
                (f"=SUM({spread})", OUT, POUND),
                (differences["H"][0], CALC, POUND),
            ],
        )
    build.name("Result_codes", sheet.at(f"A{first}:A{first + count - 1}"))
    build.name("Result_closing", sheet.at(f"C{first}:C{first + count - 1}"))
    build.name("Result_cost", sheet.at(f"E{first}:E{first + count - 1}"))
    build.name("Result_cost_all_years", sheet.at(f"G{first}:G{first + count - 1}"))
    build.check(
        TITLE,
        "Cost of the scenario shown over all years = the years of the sheet Cost",
        "INDEX(Result_cost_all_years,MATCH(Scenario,Result_codes,0))",
        "SUM(Cost_selected)",
        breaks=(sheet.at(f"G{first + list(demand.scenarios).index(_shown(demand))}"), 0),
    )


def _shown(demand: Demand) -> str:
    return demand.plan_scenario or next((s for s in demand.scenarios if s != demand.baseline), demand.baseline)


def _given(build: Build, sheet: Sheet, top: int, hops: int) -> None:
    """Write what each scenario assumes, and whose starts it takes in the end."""
    rows = build.project.model["scenarios"]
    order = list(build.project.demand.scenarios)
    by_code = {row["scenario"]: row for row in rows}
    first, last = top + 2, top + 1 + len(order)
    sheet.section(top, "What each scenario assumes")
    hop_names = ["Starts come from", *["which takes them from"] * (hops - 1)]
    sheet.header(
        top + 1,
        (
            "Code",
            "Name",
            "Starts taken from (blank: its own)",
            "Starts: times",
            "Chance of leaving: times",
            "Prices: times",
            "Attribution, share (blank: as in Assumptions)",
            *hop_names,
            "Starts: times in all",
            "Attribution used, share",
        ),
        58,
    )
    column = {
        name: get_column_letter(i) for i, name in enumerate("code label from starts exits prices share".split(), 1)
    }
    hop = [get_column_letter(8 + i) for i in range(hops)]
    total, used = get_column_letter(8 + hops), get_column_letter(9 + hops)

    def at(letter: str) -> str:
        return f"${letter}${first}:${letter}${last}"

    default = "Attribution_default" if _assumed(build, "attribution") else "1"
    for r, code in enumerate(order, first):
        row = by_code[code]
        sheet.line(
            r,
            [
                (Text(code), LABEL, None),
                (row["label"], LABEL, None),
                (row.get("starts_from") or None, WORD, None),
                *(
                    (_number(row, name, 1.0), INPUT, FACTOR)
                    for name in ("starts_factor", "exit_factor", "price_factor")
                ),
                (_number(row, "attribution", None), INPUT, "0%_ "),
            ],
        )
        steps = []
        before = f"$A{r}"
        for letter in hop:
            source = f"INDEX({at(column['from'])},MATCH({before},{at('A')},0))"
            sheet.put(f"{letter}{r}", f'=IF({source}="",{before},{source})', CALC)
            steps.append(f"IF({letter}{r}={before},1,INDEX({at(column['starts'])},MATCH({letter}{r},{at('A')},0)))")
            before = f"{letter}{r}"
        sheet.put(f"{total}{r}", "=" + "*".join([f"{column['starts']}{r}", *steps]), CALC, FACTOR)
        sheet.put(f"{used}{r}", f'=IF({column["share"]}{r}="",{default},{column["share"]}{r})', CALC, "0%_ ")
        sheet.fit(r)
    for name, letter in (
        ("Scenario_codes", "A"),
        ("Scenario_labels", "B"),
        ("Scenario_exits", column["exits"]),
        ("Scenario_prices", column["prices"]),
        ("Scenario_starts_from", hop[-1]),
        ("Scenario_starts", total),
        ("Scenario_attribution", used),
    ):
        build.name(name, sheet.at(f"{letter}{first}:{letter}{last}"))
    sheet.allow(
        f"{column['from']}{first}:{column['from']}{last}",
        "list",
        "Choose one of the codes of the scenarios, or leave the cell empty.",
        f"$A${first}:$A${last}",
    )
    numbers = f"{column['starts']}{first}:{column['prices']}{last}"
    sheet.allow(numbers, "decimal", "A factor from 0 to 100 is needed; 1 changes nothing.", "0", "100")
    sheet.allow(
        f"{column['share']}{first}:{column['share']}{last}", "decimal", "A share from 0 to 1 is needed.", "0", "1"
    )
    sheet.note(
        last + 1,
        "Where Inputs flows states how many children cease in a year, that decides how readily they leave, and the "
        "factor here does not count for that year.",
    )
    for what, letter in (
        ("starts", column["starts"]),
        ("chance of leaving", column["exits"]),
        ("prices", column["prices"]),
    ):
        area = sheet.at(f"{letter}{first}:{letter}{last}")
        build.check(
            TITLE,
            f"Every scenario has a factor on its {what}",
            f"COUNT({area})",
            "COUNTA(Scenario_codes)",
            breaks=(sheet.at(f"{letter}{last}"), "not a number"),
        )


def _assumed(build: Build, name: str) -> bool:
    return any(assumption.name == name for assumption in build.project.demand.assumptions)


def _number(row: dict[str, str], column: str, otherwise: float | None) -> float | None:
    return float(row[column]) if row.get(column) else otherwise


def _longest_chain(build: Build) -> int:
    """Return over how many steps starts are taken from another scenario, at most."""
    source = {row["scenario"]: row.get("starts_from") or "" for row in build.project.model["scenarios"]}
    longest = 0
    for code in source:
        steps = 0
        while source[code]:
            code, steps = source[code], steps + 1
        longest = max(longest, steps)
    return longest


def _years(build: Build, sheet: Sheet, top: int, demand: Demand) -> None:
    months = demand.months
    sheet.section(top, "The years")
    sheet.header(top + 1, ("Financial year", "First day", "Last day", "Days"), 20)
    first = top + 2
    for i, label in enumerate(months.labels):
        r = first + i
        begins = months.year_starts[0].item() if i == 0 else f"=EDATE(B{r - 1},Months_in_year)"
        sheet.line(
            r,
            [
                (label, LABEL, None),
                (begins, CALC, "d mmm yyyy_ "),
                (f"=EDATE(B{r},Months_in_year)-1", CALC, "d mmm yyyy_ "),
                (f"=C{r}-B{r}+1", CALC, N0),
            ],
        )
    last = first + months.years - 1
    for name, cell in (
        ("Years", f"A{first}:A{last}"),
        ("Year_first_day", f"B{first}:B{last}"),
        ("Year_last_day", f"C{first}:C{last}"),
        ("Year_days", f"D{first}:D{last}"),
        ("First_year", f"A{first}"),
        ("Last_year", f"A{last}"),
    ):
        build.name(name, sheet.at(cell))
    build.check(
        TITLE,
        "The days of the years run without a gap",
        "SUM(Year_days)",
        "MAX(Year_last_day)-MIN(Year_first_day)+1",
        breaks=(sheet.at(f"D{first}"), 0),
    )


def _variations(build: Build, sheet: Sheet, top: int) -> int:
    """Write the variations of one thing at a time; return the last row."""
    sheet.section(top, "One thing at a time")
    sheet.header(
        top + 1,
        (
            "Code",
            "What is varied",
            "Scenario it is a variation of",
            "Starts: times",
            "Length of stay: times",
            "Prices: times",
            "Starts into the dearest placement: times",
        ),
        58,
    )
    r = top + 1
    for r, (code, label, what, end) in enumerate(variations(), top + 2):
        step = "=1-Sensitivity_step" if end == "low" else "=1+Sensitivity_step"
        source = "=Baseline" if code.endswith(BASELINE_SUFFIX) else "=Scenario"
        factors = [step if name == what else 1 for name in _VARIED]
        sheet.line(
            r, [(code, LABEL, None), (label, LABEL, None), (source, CALC, None), *((f, CALC, FACTOR) for f in factors)]
        )
    first, last = top + 2, r
    sheet.allow(f"D{first}:G{last}", "decimal", "A factor from 0 to 100 is needed; 1 changes nothing.", "0", "100")
    for name, letter in (
        ("Variation_codes", "A"),
        ("Variation_labels", "B"),
        ("Variation_of", "C"),
        *((f"Variation_{what}", letter) for what, letter in zip(_VARIED, "DEFG", strict=True)),
    ):
        build.name(name, sheet.at(f"{letter}{first}:{letter}{last}"))
    return last
