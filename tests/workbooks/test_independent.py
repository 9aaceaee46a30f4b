"""Every calculated cell of the Southampton workbook, computed a second time from the CSV files.

Nothing of the project is imported: the arithmetic here is Python's own, in exact fractions but for logarithms and
exponentials. A formula cell that this module has no value for fails the test, so nothing in the workbook is left
without a second opinion.
"""

from __future__ import annotations

import csv
import math
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

FOLDER = Path(__file__).parents[2] / "workbooks" / "southampton"
BOOK = FOLDER / "southampton.xlsx"
EXPECTED = Path(__file__).parent / "reconciliation_expected.csv"

Expected = tuple[str, Any]
HALF = Fraction(1, 2)
MONTHS = 12
DNT = "DOES NOT TIE"

YEARS = ("22_23", "23_24", "24_25", "25_26", "26_27")
PLAN_YEARS = YEARS[2:]
COUNCILS = ("portsmouth", "southampton", "hull", "salford", "bristol", "stoke", "sheffield")
FILES = "cohort rates avoided_cost savings_plan demand_money weekly_spend neighbours run_rates budget news".split()
SHEETS = (
    *("Cover", "Assumptions", "Inputs", "Cohort flows", "Rates", "Avoided cost", "Children and money"),
    *("Savings plan", "Neighbours", "Run rates", "Deck reconciliation", "Checks"),
)


class Range(NamedTuple):
    """A figure, and the lowest and highest it can be given how its inputs were printed."""

    value: Fraction
    low: Fraction
    high: Fraction


class Printed(NamedTuple):
    """A printed figure."""

    value: Fraction
    half: Fraction
    dp: int

    @property
    def range(self) -> Range:
        return Range(self.value, self.value - self.half, self.value + self.half)


class Row(NamedTuple):
    """A figure of the reconciliation: what is stated, and what is recomputed."""

    recomputed: Range
    stated: Fraction | None = None
    dp: int | None = None
    half: Fraction | None = None
    other: str | None = None


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / "inputs" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def figures() -> dict[str, Printed]:
    found = {}
    for row in (r for name in FILES for r in read(name)):
        half = Fraction(0) if row["precision"] == "exact" else HALF / Fraction(10) ** int(row["dp"])
        found[row["id"]] = Printed(Fraction(row["value"]), half, int(row["dp"]))
    return found


def f(name: str) -> Printed:
    return figures()[name]


def exact(value: Fraction) -> Range:
    return Range(value, value, value)


def total(parts: list[Range]) -> Range:
    return Range(*(sum(side, Fraction(0)) for side in zip(*parts, strict=True)))


def scaled(r: Range, by: Fraction | int) -> Range:
    return Range(r.value * by, r.low * by, r.high * by)


def less(a: Range, b: Range) -> Range:
    return Range(a.value - b.value, a.low - b.high, a.high - b.low)


def over(a: Range, b: Range) -> Range:
    return Range(a.value / b.value, a.low / b.high, a.high / b.low)


def ties(stated: Fraction, recomputed: Range, dp: int) -> str:
    if stated == recomputed.value:
        return "TIES"
    hidden = HALF / Fraction(10) ** dp + spread(recomputed)
    return "ROUNDING" if abs(recomputed.value - stated) <= hidden else DNT


def spread(r: Range) -> Fraction:
    return max(r.high - r.value, r.value - r.low)


# --- the figures of the reconciliation ------------------------------------------------------------------------------


def implied_population(count: str, rate: str) -> Range:
    return scaled(over(exact(f(count).value), f(rate).range), 10_000)


def rate(count: str) -> Range:
    return scaled(over(exact(f(count).value), implied_population("starts_25_26", "entry_rate_25_26")), 10_000)


def recurring(first: str) -> list[Range]:
    parts = [f(i).range for i in (first, "one_off_25_26", "one_off_26_27")]
    return [scaled(total(parts[: n + 1]), cohort_size()) for n in range(3)]


def cohort_size() -> Fraction:
    return f("entrants_recurring").value / f("entrants_one_off").value


def child_months(children: Fraction, phase: int) -> Fraction:
    """Child-months in a year of so many fewer children every month; phase 0 start, 1 middle, 2 end of the month."""
    whole = sum(MONTHS - month for month in range(MONTHS))
    return children * (whole - phase * HALF * MONTHS)


def months(part: str) -> Range:
    return scaled(over(exact(f(f"{part}_to_date").value), f(f"{part}_full_year").range), MONTHS)


def full_year(part: str, period: str) -> Range:
    return over(exact(f(f"{part}_to_date").value * MONTHS), months(period))


def plan_rows(year: str) -> list[Printed]:
    return [f(f"plan_{k}_{year}") for k in ("demand", "agency", "transport", "staffing", "education")]


def extra_children() -> Fraction:
    return f("net_month_target").value - f("net_month_first").value


def against(
    printed: str, recomputed: Range, times: Fraction | int = 1, digits: int = 0, other: str | None = None
) -> Row:
    p = f(printed)
    return Row(recomputed, p.value * times, p.dp - digits, p.half * abs(times), other)


@cache
def reconciliation() -> dict[str, Row]:
    rows: dict[str, Row] = {}
    stock = f("stock_22_23").value
    opening = stock - f("starts_22_23").value + f("ceases_22_23").value
    rows["A06"] = against("stock_mar_22", exact(opening))
    for i, y in enumerate(YEARS):
        net = f(f"starts_{y}").value - f(f"ceases_{y}").value
        rows[f"A0{i + 1}"] = against(f"net_{y}", exact(net))
        if i:
            stock += net
            rows[f"A{6 + i:02d}"] = against(f"stock_{y}", exact(stock))
        rows[f"A{12 + i}"] = Row(implied_population(f"stock_{y}", f"rate_{y}"))
        rows[f"A{22 + i}"] = against(f"rate_{y}", rate(f"stock_{y}"))
    rows["A17"] = Row(implied_population("starts_24_25", "entry_rate_24_25"))
    rows["A18"] = Row(implied_population("starts_25_26", "entry_rate_25_26"))
    rows["A19"] = Row(population("southampton"))
    shared = [rows[k].recomputed for k in ("A12", "A13", "A17", "A18")]
    rows["A20"] = Row(exact(max(r.low for r in shared)))
    rows["A21"] = Row(exact(min(r.high for r in shared)))
    rows["A31"] = against("entry_rate_24_25", rate("starts_24_25"))
    rows["A34"] = against("fewer_starts_24_25", exact(f("starts_23_24").value - f("starts_24_25").value))
    rows["A51"] = against("net_24_25", scaled(f("net_month_rounded").range, MONTHS), -1)
    for key, care, entry in (("A52", "A14", "A17"), ("A53", "A15", "A18")):
        ceiling, floor = rows[care].recomputed, rows[entry].recomputed
        room = ceiling.high - floor.low
        rows[key] = Row(Range(room, ceiling.low - floor.high, room))
    slide = [f(f"slide_{y}").range for y in PLAN_YEARS]
    for i, y in enumerate(PLAN_YEARS):
        rows[f"B0{i + 1}"] = against(f"plan_total_{y}", total([p.range for p in plan_rows(y)]))
        rows[f"B{9 + i:02d}"] = against(f"plan_demand_{y}", slide[i])
        if i:
            rows[f"B{11 + i}"] = against(f"plan_demand_{y}", total(slide[: i + 1]))
    money = [f(i).range for i in ("saving_first", "saving_extra", "saving_legal")]
    rows["C01"] = against("saving_total", total(money), 1000, 3)
    rows["C02"] = against("saving_additional", total(money[1:]), 1000, 3)
    for phase in range(3):
        for key, saving, children in (
            (4, "saving_first", f("net_month_first").value),
            (7, "saving_extra", extra_children()),
        ):
            rows[f"C0{key + phase}"] = Row(scaled(f(saving).range, 1000 * MONTHS / child_months(children, phase)))
    plain, plan = recurring("one_off_24_25"), recurring("plan_demand_24_25")
    for i, y in enumerate(PLAN_YEARS):
        printed = f(f"recurring_{y}")
        rows[f"C{14 + i}"] = against(f"recurring_{y}", plain[i], other=ties(printed.value, plan[i], printed.dp))
        if i:
            needed = less(printed.range, f(f"recurring_{PLAN_YEARS[i - 1]}").range)
            needed = scaled(needed, 1 / cohort_size())
            rows[f"C{16 + i}"] = against(f"one_off_{y}", needed)
    rows["C19"] = Row(total([f(f"one_off_{y}").range for y in PLAN_YEARS]))
    rows["D20"] = against("budget_southampton", f("mtfs_budget_23_24").range)
    for i, c in enumerate(COUNCILS, 1):
        rows[f"E{i:02d}"] = against(f"overspend_pct_{c}", share(c))
        rows[f"E{i + 7:02d}"] = Row(population(c))
    rows["E15"] = against("increase_pct_portsmouth", increase())
    rows["F01"], rows["F02"] = Row(months("sgo")), Row(months("home"))
    rows["F03"] = Row(less(months("sgo"), months("home")))
    rows["F04"] = against("sgo_full_year", full_year("sgo", "home"))
    rows["F05"] = against("home_full_year", full_year("home", "sgo"))
    rows["F06"] = against("home_full_year", full_year("home", "home"))
    rows["F10"] = against("cp_after", exact(f("cp_average").value - f("cp_fall").value))
    after = scaled(f("news_after").range, Fraction(1, 10**6))
    rows["G01"] = against(
        "news_after", scaled(f("news_overspend").range, 1 - f("news_share_removed").value), Fraction(1, 10**6), -6
    )
    rows["G02"] = Row(less(f("news_overspend").range, after))
    return rows


def population(council: str) -> Range:
    return scaled(over(f(f"budget_{council}").range, f(f"per_child_{council}").range), 10**6)


def share(council: str) -> Range:
    return scaled(over(f(f"overspend_{council}").range, f(f"budget_{council}").range), 100)


def increase() -> Range:
    ratio = over(f("budget_portsmouth").range, f("budget_portsmouth_22_23").range)
    return Range(*(100 * (side - 1) for side in ratio))


@cache
def arithmetic() -> dict[str, str]:
    return {
        key: "NOTHING PRINTED" if row.stated is None else ties(row.stated, row.recomputed, row.dp or 0)
        for key, row in reconciliation().items()
    }


@cache
def verdicts() -> dict[str, str]:
    found: dict[str, str] = {}
    words = sorted(read("reconciliation"), key=lambda w: w["kind"] == "assumes")  # what corroborates comes first
    for word in words:
        key, kind, says = word["id"], word["kind"], arithmetic()[word["id"]]
        row = reconciliation()[key]
        if kind in ("implied", "hypothesis"):
            found[key] = "IMPLIED" if kind == "implied" else "READING"
        elif kind == "must-not-be-negative":
            found[key] = DNT if row.recomputed.high < 0 else "TIES"
        elif kind == "two-readings":
            found[key] = says if says == row.other else "READING"
        elif says != DNT or kind == "figure":
            found[key] = says
        elif kind == "two-figures":
            found[key] = "UNEXPLAINED"
        else:
            found[key] = DNT if found.get(word["corroborated_by"]) == DNT else "READING"
    return found


# --- sheet by sheet -------------------------------------------------------------------------------------------------


def across(row: int, first: str, values: Any) -> Iterator[Expected]:
    for i, value in enumerate(values):
        yield f"{chr(ord(first) + i)}{row}", value


def inputs() -> Iterator[Expected]:
    for row, printed in enumerate(figures().values(), 5):
        yield from across(row, "J", (printed.half, printed.range.low, printed.range.high))


def cohort_flows() -> Iterator[Expected]:
    rows = reconciliation()
    people = rows["A18"].recomputed.value
    opening = rows["A06"].recomputed.value
    for i, y in enumerate(YEARS):
        starts, ceases = f(f"starts_{y}").value, f(f"ceases_{y}").value
        closing = opening + starts - ceases
        values = (
            opening,
            starts,
            ceases,
            starts - ceases,
            f(f"net_{y}").value,
            closing,
            f(f"stock_{y}").value,
            closing,
        )
        yield from across(6 + i, "C", (*values, (opening + closing) / 2, people, closing / people * 10_000))
        yield f"N{6 + i}", f(f"rate_{y}").value
        yield f"O{6 + i}", verdicts()[f"A{22 + i}"]
        opening = closing
    for column, name in (("D", "starts"), ("E", "ceases"), ("G", "net")):
        yield f"{column}11", sum(f(f"{name}_{y}").value for y in YEARS)
    yield "F11", sum(rows[f"A0{i}"].recomputed.value for i in range(1, 6))
    for r, key in enumerate(("A06", "A34", "A51"), 16):
        stated, found = rows[key].stated, rows[key].recomputed
        assert stated is not None
        yield from across(r, "C", (stated, *found, found.value - stated))


def rates() -> Iterator[Expected]:
    rows = reconciliation()
    lines = [("A12", "stock_22_23", "rate_22_23"), ("A13", "stock_23_24", "rate_23_24")]
    lines += [("A17", "starts_24_25", "entry_rate_24_25"), ("A18", "starts_25_26", "entry_rate_25_26")]
    lines += [(f"A{14 + i}", f"stock_{y}", f"rate_{y}") for i, y in enumerate(PLAN_YEARS)]
    for r, (key, count, printed) in enumerate(lines, 6):
        yield from across(r, "D", (f(count).value, f(printed).value, f(printed).dp, *rows[key].recomputed))
    yield from across(13, "G", rows["A19"].recomputed)
    yield from across(18, "C", (rows["A20"].recomputed.value, rows["A21"].recomputed.value))
    yield from across(19, "B", rows["A18"].recomputed)
    people = rows["A18"].recomputed.value
    again = [(f"stock_{y}", f"rate_{y}") for y in YEARS] + [("starts_24_25", "entry_rate_24_25")]
    for r, (count, printed) in enumerate(again, 24):
        n, p = f(count).value, f(printed)
        yield from across(r, "D", (n, p.value, p.dp, *rate(count), p.value * people / 10_000, n))
    for r, (key, care, entry) in enumerate((("A52", "A14", "A17"), ("A53", "A15", "A18")), 34):
        yield from across(r, "B", (rows[care].recomputed.high, rows[entry].recomputed.low, *rows[key].recomputed))


def avoided_cost() -> Iterator[Expected]:
    rows = reconciliation()
    for i, y in enumerate(PLAN_YEARS):
        once, again = f(f"one_off_{y}"), f(f"recurring_{y}")
        found = rows[f"C{14 + i}"].recomputed
        each = f("entrants_recurring").value
        needed = scaled(again.range, 1 / cohort_size())
        if i:
            needed = rows[f"C{16 + i}"].recomputed
        values = (*once.range, each, each / f("entrants_one_off").value, *found, again.value)
        yield from across(6 + i, "C", (*values, found.value - again.value, *needed))
        first = f(f"one_off_{y}" if i else f"plan_demand_{y}")
        plan = recurring("plan_demand_24_25")[i]
        yield from across(14 + i, "C", first.range)
        yield from across(14 + i, "F", (*plan, again.value, again.half + spread(plan), rows[f"C{14 + i}"].other))
    yield from across(9, "C", rows["C19"].recomputed)
    cases = [("saving_first", f("net_month_first").value, 4), ("saving_extra", extra_children(), 7)]
    for r, (saving, children, key, phase) in enumerate(((*c, p) for c in cases for p in range(3)), 21):
        unit = rows[f"C0{key + phase}"].recomputed
        saved_months = child_months(Fraction(1), phase) / MONTHS
        months_in_care = child_months(children, phase)
        yield from across(r, "C", (*scaled(f(saving).range, 1000), children))
        yield from across(r, "H", (saved_months, months_in_care, *unit, unit.value * 7 / 365))


# --- children and money: a cohort enters evenly over a year and leaves at a constant rate ---------------------------


def exit_rate() -> float:
    """Return the rate at which the second year's cost of one cohort falls to the third's."""
    return math.log(f("one_off_25_26").value / f("one_off_26_27").value)


def stays_a_year(rate: float) -> float:
    """Return the part of a year that a child is still in care, who may leave at any moment of it."""
    return (1 - math.exp(-rate)) / rate


def child_years(children: Fraction, rate: float, year: int) -> float:
    """Return the child-years of one year's entrants in that year (0) or in a later one."""
    if year == 0:
        return float(children) * (1 - stays_a_year(rate)) / rate
    return float(children) * stays_a_year(rate) ** 2 * math.exp(-rate * (year - 1))


def price_of_a_week() -> Fraction:
    return f("weekly_spend_24_03").value / f("children_24_03").value


def price_of_a_year() -> Fraction:
    return price_of_a_week() * Fraction(365, 7)  # no 29 February in the three years


def layered(one_cohort: list[float], sizes: list[Fraction]) -> list[float]:
    """Return each year's total of cohorts of which one more begins every year."""
    return [sum(one_cohort[n - k] * size for k, size in enumerate(sizes[: n + 1])) for n in range(len(sizes))]


def in_care(rate: float, sizes: list[Fraction]) -> list[float]:
    """Return the child-years that cohorts of such sizes avoid in each year."""
    return layered([child_years(f("entrants_one_off").value, rate, k) for k in range(3)], sizes)


def millions(years_in_care: float) -> float:
    return years_in_care * float(price_of_a_year()) / 10**6


def ceiling(size: Fraction) -> float:
    return millions(size * f("entrants_one_off").value / exit_rate())


def fewer_entrants() -> list[Fraction]:
    return [f("starts_23_24").value - f(f"starts_{y}").value for y in PLAN_YEARS]


def table_rate() -> Fraction:
    """Return the rate of leaving of 2024/25: over the average number in care as it follows from the flows."""
    closing = reconciliation()["A08"].recomputed.value
    opening = reconciliation()["A07"].recomputed.value
    return f("ceases_24_25").value / ((opening + closing) / 2)


def staffing(year: str) -> tuple[Fraction, Fraction, Fraction, str]:
    """Return what of the staffing saving falls in a year, what comes on top, what rounding can hide, the verdict."""
    annual, printed = f("plan_staffing_25_26"), f(f"plan_staffing_{year}")
    days = (date(2025, 4, 1) - date(2024, 7, 1)).days if year == "24_25" else 365
    part = annual.value * days / 365
    hidden = annual.half * days / 365
    verdict = ties(printed.value, Range(part, part - hidden, part + hidden), printed.dp)
    return part, annual.value - part, printed.half + hidden, verdict


def children_and_money() -> Iterator[Expected]:
    yield from price_and_stays()
    yield from one_cohort()
    yield from every_year()
    yield from cohort_table()
    yield from proceedings()
    for r, y in ((62, "24_25"), (63, "25_26")):
        part, later, hidden, verdict = staffing(y)
        annual, printed = f("plan_staffing_25_26").value, f(f"plan_staffing_{y}").value
        yield from across(r, "C", (annual, date(2024, 7, 1), part, later, printed, part - printed, hidden, verdict))


def price_and_stays() -> Iterator[Expected]:
    before = (f("weekly_spend_22_05").value, f("stock_mar_22").value)
    after = (f("weekly_spend_24_03").value, f("children_24_03").value)
    yield from across(6, "C", (*before, before[0] / before[1]))
    number = (after[1] - before[1]) * before[0] / before[1]
    change = after[0] - before[0]
    yield from across(7, "C", (*after, price_of_a_week(), number, change - number, change))
    first, second = f("one_off_25_26").value, f("one_off_26_27").value
    yield from across(12, "C", (first, second, exit_rate(), 1 / exit_rate()))
    ceases = f("ceases_24_25").value
    yield from across(13, "C", (ceases, ceases / table_rate(), table_rate(), 1 / table_rate()))


def one_cohort() -> Iterator[Expected]:
    entrants, rate = f("entrants_one_off").value, exit_rate()
    for i, y in enumerate(PLAN_YEARS):
        spent, claim = child_years(entrants, rate, i), f(f"one_off_{y}").value
        values = (i, math.exp(-rate * i), spent, price_of_a_year(), millions(spent), claim)
        needed = float(claim * 10**6) / spent * 7 / 365
        yield from across(17 + i, "C", (*values, float(claim) - millions(spent), needed))
    whole = float(entrants) / rate
    later = whole - sum(child_years(entrants, rate, i) for i in range(3))
    yield from across(20, "C", (3, math.exp(-rate * 3), later))
    yield from (("G20", millions(later)), ("E21", whole), ("G21", millions(whole)))


def every_year() -> Iterator[Expected]:
    sizes = [cohort_size()] * 3
    spent, shorter = in_care(exit_rate(), sizes), in_care(float(table_rate()), sizes)
    for i, y in enumerate(PLAN_YEARS):
        claim, most = float(f(f"recurring_{y}").value), ceiling(sizes[i])
        values = (sizes[i], spent[i], millions(spent[i]), claim, claim - millions(spent[i]), most, claim - most)
        yield from across(25 + i, "C", (*values, claim * 10**6 / spent[i] * 7 / 365, millions(shorter[i])))


def cohort_table() -> Iterator[Expected]:
    sizes = [fewer / f("entrants_one_off").value for fewer in fewer_entrants()]
    spent = in_care(exit_rate(), sizes)
    for i, y in enumerate(PLAN_YEARS):
        claim, most = float(f(f"plan_demand_{y}").value), ceiling(sizes[i])
        values = (f("starts_23_24").value, f(f"starts_{y}").value, fewer_entrants()[i], sizes[i], millions(spent[i]))
        yield from across(48 + i, "C", (*values, claim, claim - millions(spent[i]), most, claim - most))


def proceedings() -> Iterator[Expected]:
    each = f("entrants_recurring").value
    case = f("saving_legal").value * 1000 / f("entrants_one_off").value
    spent = in_care(exit_rate(), [cohort_size()] * 3)
    for i, y in enumerate(PLAN_YEARS):
        claim, avoided = float(f(f"recurring_{y}").value), each * case / 1000
        yield from across(55 + i, "C", (each, case, avoided, 0, avoided))
        supported = millions(spent[i]) + float(avoided) / 1000
        yield from across(55 + i, "I", (supported, claim, claim - supported))
    yield "H55", f("saving_legal").value


def savings_plan() -> Iterator[Expected]:
    rows = reconciliation()
    slide = [f(f"slide_{y}").range for y in PLAN_YEARS]
    for i, (c, d, y) in enumerate(zip("CDE", "FGH", PLAN_YEARS, strict=True)):
        for r, printed in zip((6, 7, 8, 9, 10, 12), (*plan_rows(y), f(f"plan_total_{y}")), strict=True):
            yield f"{c}{r}", printed.value
            yield f"{d}{r}", printed.dp
        row = rows[f"B0{i + 1}"]
        assert row.stated is not None
        assert row.half is not None
        sums = (row.recomputed.value, None, row.recomputed.value - row.stated, row.half + spread(row.recomputed))
        for r, value in enumerate((*sums, arithmetic()[f"B0{i + 1}"], row.recomputed.low, row.recomputed.high), 11):
            if value is not None:
                yield f"{c}{r}", value
        running, demand = total(slide[: i + 1]), f(f"plan_demand_{y}").value
        new = slide[i].value - (slide[i - 1].value if i else 0)
        bases = (*slide[i], new, *running, demand, slide[i].value - demand, slide[i].value)
        for r, value in enumerate(bases, 22):
            yield f"{c}{r}", value
    for r, saving in enumerate(("saving_first", "saving_extra", "saving_legal"), 36):
        yield from across(r, "C", f(saving).range)
    for r, key, saving in ((39, "C01", "saving_total"), (41, "C02", "saving_additional")):
        yield from across(r, "C", rows[key].recomputed)
        p = f(saving)
        yield from across(r + 1, "C", (*scaled(p.range, 1000), p.dp - 3, p.half * 1000))


def neighbours() -> Iterator[Expected]:
    for r, c in enumerate(COUNCILS, 6):
        printed = [f(f"{k}_{c}").value for k in ("budget", "overspend", "overspend_pct")]
        yield from across(r, "C", (*printed, *share(c), verdicts()[f"E{r - 5:02d}"]))
        yield from across(r, "J", (f(f"per_child_{c}").value, *population(c)))
    old, new, pct = (f(i).value for i in ("budget_portsmouth_22_23", "budget_portsmouth", "increase_pct_portsmouth"))
    yield from across(17, "C", (old, new, pct, *increase(), verdicts()["E15"]))
    yield from across(18, "C", (old, new, pct, (new - old) / new * 100))


def run_rates() -> Iterator[Expected]:
    rows = reconciliation()
    for r, part in ((6, "sgo"), (7, "home")):
        whole = f(f"{part}_full_year")
        yield from across(r, "C", (f(f"{part}_to_date").value, whole.value, whole.dp, *months(part)))
    yield from across(8, "F", rows["F03"].recomputed)
    until = {"home": date(2023, 11, 30), "sgo": date(2023, 12, 12)}
    for r, part, period in ((13, "sgo", "home"), (14, "home", "sgo"), (15, "home", "home")):
        done, whole = f(f"{part}_to_date").value, f(f"{part}_full_year").value
        yield from across(r, "C", (done, whole, months(period).value, *full_year(part, period)))
        yield f"I{r}", until[period]
        yield f"J{r}", by_days(part, until[period])
    before, fall, after = (f(i).value for i in ("cp_average", "cp_fall", "cp_after"))
    yield from across(20, "C", (before, fall, after, *exact(before - fall)))
    printed = f("budget_southampton")
    yield from across(25, "E", (printed.value, *rows["D20"].recomputed, printed.dp, printed.half))
    g01 = rows["G01"]
    gross, removed = f("news_overspend").value, f("news_share_removed").value
    yield from across(26, "C", (gross, removed, g01.stated, *g01.recomputed, g01.dp, g01.half))
    yield from across(27, "F", rows["G02"].recomputed)


def by_days(part: str, until: date) -> Fraction:
    start, end = date(2023, 4, 1), date(2024, 3, 31)
    return f(f"{part}_to_date").value * ((end - start).days + 1) / ((until - start).days + 1)


def deck_reconciliation() -> Iterator[Expected]:
    words = read("reconciliation")
    for r, word in enumerate(words, 7):
        key, row = word["id"], reconciliation()[word["id"]]
        found = row.recomputed
        yield f"F{r}", found.value
        yield f"H{r}", verdicts()[key]
        yield from across(r, "L", (found.low, found.high))
        yield f"O{r}", arithmetic()[key]
        if row.stated is None or row.half is None:
            yield f"G{r}", "–"
            yield f"N{r}", "–"
        else:
            yield f"E{r}", row.stated
            yield f"G{r}", found.value - row.stated
            yield from across(r, "J", (row.dp, row.half))
            yield f"N{r}", row.half + spread(found)
        if row.other:
            yield f"P{r}", row.other
        if word["corroborated_by"] in verdicts():
            yield f"S{r}", verdicts()[word["corroborated_by"]]


def check_sides() -> dict[tuple[str, str], Fraction | int]:
    """Return what both sides of each check must be, by its sheet and its words."""
    rows = reconciliation()
    sides: dict[tuple[str, str], Any] = {(s, "No cell shows an error"): 0 for s in SHEETS}
    for what in ("is a number", "has its decimal places", "is exact or rounded", "has a source"):
        sides["Inputs", f"Every figure {what}"] = len(figures())
    units = [row["unit"] for row in read("assumptions")]
    sides["Assumptions", "Every assumption has a value"] = len(units)
    numbers = len(units) - units.count("word") - units.count("year")
    sides["Assumptions", "Every assumption that must be a number or a date is one"] = numbers
    accused = sum(v in (DNT, "UNEXPLAINED") for v in verdicts().values())
    sides["Cover", "It lists every figure that does not tie or is unexplained"] = accused
    for c in COUNCILS:
        sides["Neighbours", f"{c.title()}: forecast less budget = overspend"] = f(f"overspend_{c}").value
    sides["Rates", "The shared population's lowest is below its highest"] = rows["A21"].recomputed.value
    sides["Rates", "The reference population lies in the shared range"] = rows["A18"].recomputed.value
    stocks = {}
    stock = rows["A06"].recomputed.value
    for i, y in enumerate(YEARS):
        year = f"20{y[:2]}/{y[3:]}"
        stock += rows[f"A0{i + 1}"].recomputed.value
        stocks[y] = stock
        sides["Rates", f"Children in care, {year}: count to rate and back"] = f(f"stock_{y}").value
        sides["Cohort flows", f"{year}: opening + entering - leaving = closing"] = stock
        sides["Cohort flows", f"{year}: the stock path gives the same closing number"] = stock
    sides["Rates", "Children entering care, 2024/25: count to rate and back"] = f("starts_24_25").value
    sides["Cohort flows", "Net change over five years = last closing - first opening"] = (
        stock - rows["A06"].recomputed.value
    )
    sides["Cohort flows", "Average stock 2024/25 = half of opening and closing"] = (
        stocks["23_24"] + stocks["24_25"]
    ) / 2
    for i, y in enumerate(PLAN_YEARS):
        year = f"20{y[:2]}/{y[3:]}"
        plan = rows[f"B0{i + 1}"]
        assert plan.half is not None
        sides["Avoided cost", f"{year}: one cohort from the recurring path, and back"] = f(f"one_off_{y}").value
        sides["Avoided cost", f"{year}: recurring path from the implied cohort, and back"] = f(f"recurring_{y}").value
        sides["Savings plan", f"{year}: the rows add up to the sum used"] = plan.recomputed.value
        most = plan.half + spread(plan.recomputed)
        sides["Savings plan", f"{year}: the most that rounding can hide, from the ranges of the rows"] = most
        sides["Savings plan", f"{year}: change of basis and back"] = f(f"slide_{y}").value
    for phase in ("start", "mid", "end"):
        for item, saving in (("4 net children a month", "saving_first"), ("Extra 2 a month", "saving_extra")):
            sides["Avoided cost", f"{item}, {phase}: unit cost x child-months = saving"] = f(saving).value * 1000
    sides["Avoided cost", "Months saved: start and end average to the middle"] = child_months(Fraction(1), 1) / MONTHS
    sides["Avoided cost", "Months saved: start and end make a year"] = MONTHS
    sides |= {("Children and money", what): side for what, side in money_sides().items()}
    november, december = date(2023, 11, 30), date(2023, 12, 12)
    for item, part, until in (
        ("SGO and CAO, at the other's period", "sgo", november),
        ("Returns home, at the other's period", "home", december),
        ("Returns home, at their own period", "home", november),
    ):
        sides["Run rates", f"{item}: full year by counting days"] = by_days(part, until)
    sides["Run rates", "30 November is 8.0 months by days and by months"] = full_year("home", "home").value
    sides["Run rates", "Overspend less the measures needed = what is left"] = f("news_after").value / 10**6
    sides["Deck reconciliation", "Every row has one of the six verdicts"] = len(rows)
    return sides


def money_sides() -> dict[str, Any]:
    entrants, rate = f("entrants_one_off").value, exit_rate()
    sides: dict[str, Any] = {
        "Weekly spend: number + mix and prices = change": f("weekly_spend_24_03").value - f("weekly_spend_22_05").value,
        "Child-years of whole stays = entrants x mean stay": float(entrants) / rate,
        "Third over second year: child-years as claimed": f("one_off_26_27").value / f("one_off_25_26").value,
    }
    spent = in_care(rate, [cohort_size()] * 3)
    for i, y in enumerate(PLAN_YEARS):
        year = f"20{y[:2]}/{y[3:]}"
        sides[f"{year}: no more child-years than entrants"] = entrants
        sides[f"{year}: supported = child-years x a child's year"] = millions(spent[i])
        sides[f"{year}, 40 every year: supported is below the ceiling"] = ceiling(cohort_size())
        sides[f"{year}, cohort table: supported is below the ceiling"] = ceiling(fewer_entrants()[i] / entrants)
        legal = f("entrants_recurring").value * f("saving_legal").value / entrants
        sides[f"{year}: proceedings of both years = entrants x share x case"] = legal
        if i < 2:
            whole = f("plan_staffing_25_26").value
            sides[f"Staffing, {year}: in the year + on top later = full year"] = whole
    return sides


def checks() -> Iterator[Expected]:
    sheet = formulas()["Checks"]
    sides = check_sides()
    rows = range(9, sheet.max_row + 1)
    asked = {(sheet[f"B{r}"].value, sheet[f"C{r}"].value) for r in rows}
    assert set(sides) - asked == {(s, "No cell shows an error") for s in ("Cover", "Checks")}
    yield from (("D4", len(rows)), ("D5", len(rows)), ("D6", 0))
    for r in rows:
        side = sides[sheet[f"B{r}"].value, sheet[f"C{r}"].value]
        yield from across(r, "D", (side, side, 0, "PASS"))


def cover() -> Iterator[Expected]:
    sheet = formulas()["Cover"]
    yield "A13", "ALL CHECKS PASS"
    yield "C13", formulas()["Checks"].max_row - 8
    counts = Counter(verdicts().values())
    for r in range(18, 24):
        yield f"C{r}", counts[sheet[f"A{r}"].value]
    yield "C24", len(verdicts())
    for r, word in enumerate((w for w in read("reconciliation") if w["headline"] == "yes"), 28):
        row = reconciliation()[word["id"]]
        if row.stated is not None:
            yield f"C{r}", row.stated
        yield from across(r, "D", (row.recomputed.value, verdicts()[word["id"]]))


SHEET_VALUES = {
    "Cover": cover,
    "Assumptions": lambda: iter(()),
    "Inputs": inputs,
    "Cohort flows": cohort_flows,
    "Rates": rates,
    "Avoided cost": avoided_cost,
    "Children and money": children_and_money,
    "Savings plan": savings_plan,
    "Neighbours": neighbours,
    "Run rates": run_rates,
    "Deck reconciliation": deck_reconciliation,
    "Checks": checks,
}


@cache
def formulas() -> Any:
    return openpyxl.load_workbook(BOOK)


@cache
def saved() -> Any:
    return openpyxl.load_workbook(BOOK, data_only=True)


def same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, date):
        return isinstance(found, datetime) and found.date() == wanted
    if isinstance(wanted, str):
        return bool(found == wanted)
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return False
    return math.isclose(found, wanted, rel_tol=1e-12, abs_tol=1e-9)


def hold(title: str) -> None:
    cells = [c.coordinate for row in formulas()[title].iter_rows() for c in row if c.data_type == "f"]
    wanted = dict(SHEET_VALUES[title]())
    assert sorted(wanted) == sorted(cells), sorted(set(wanted) ^ set(cells))
    wrong = [(c, saved()[title][c].value, wanted[c]) for c in cells if not same(saved()[title][c].value, wanted[c])]
    assert not wrong, title


@pytest.mark.parametrize("title", SHEETS)
def test_every_formula_cell_has_its_independent_value(title: str) -> None:
    hold(title)


def forget() -> None:
    for known in (figures, reconciliation, arithmetic, verdicts, formulas, saved):
        known.cache_clear()


def test_every_formula_follows_its_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every figure is altered by a share of its own: a formula that takes a figure from elsewhere shows itself."""
    folder = tmp_path / "inputs"
    shutil.copytree(FOLDER / "inputs", folder)
    for name in FILES:
        rows = read(name)
        for i, row in enumerate(rows):
            row["value"] = str(
                round(float(row["value"]) * (1 + (i % 7 + 1) / 5000) + 0.001 * (row["value"] == "0.0"), 6)
            )
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    command = [sys.executable, "-m", "workbooks.southampton.build", "--inputs", str(folder)]
    subprocess.run([*command, "--out", str(tmp_path / "book.xlsx")], cwd=FOLDER.parents[1], check=True)
    monkeypatch.setitem(globals(), "FOLDER", tmp_path)
    monkeypatch.setitem(globals(), "BOOK", tmp_path / "book.xlsx")
    forget()
    try:
        for title in SHEETS:
            if title not in ("Cover", "Checks"):  # what these show depends on how many checks pass
                hold(title)
    finally:
        forget()


def test_sheets_are_all_covered() -> None:
    assert tuple(formulas().sheetnames) == SHEETS == tuple(SHEET_VALUES)


def test_verdicts_are_the_expected_ones() -> None:
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        expected = {row["id"]: row["verdict"] for row in csv.DictReader(file)}
    sheet = saved()["Deck reconciliation"]
    found = {sheet[f"A{r}"].value: sheet[f"H{r}"].value for r in range(7, sheet.max_row + 1)}
    assert found == expected == verdicts()
    counts = Counter(found.values())
    assert (counts[DNT], counts["UNEXPLAINED"]) == (7, 4)


def test_the_readme_gives_these_counts() -> None:
    readme = (FOLDER.parents[1] / "README.md").read_text("utf-8")
    told = {word: int(count) for word, count in re.findall(r"^\| ([A-Z ]+?) \| (\d+) \|", readme, re.MULTILINE)}
    assert told == Counter(verdicts().values())
    assert f"Each of {len(verdicts())} figures" in readme


def test_cover_says_that_all_checks_pass() -> None:
    assert saved()["Cover"]["A13"].value == "ALL CHECKS PASS"


def test_values_are_what_is_printed() -> None:
    """A value and its decimal places are those of the text as printed; two figures are put otherwise."""
    otherwise = {"news_after": ("700000", "-5"), "news_share_removed": ("0.5", "1")}
    for row in (r for name in FILES for r in read(name)):
        digits = re.fullmatch(r"£?(-?[\d,]*\d(?:\.(\d+))?)[mk%]?", row["printed"])
        own = (digits[1].replace(",", ""), str(len(digits[2] or ""))) if digits else None
        assert (row["value"], row["dp"]) == otherwise.get(row["id"], own), row["id"]


def test_inputs_are_the_csv_files() -> None:
    sheet = formulas()["Inputs"]
    found = [[str(sheet.cell(r, c).value) for c in (1, 3, 4, 5, 8, 9, 7, 13, 14)] for r in range(5, sheet.max_row + 1)]
    keys = ("id", "item", "period", "printed", "dp", "precision", "unit", "source", "quote")
    assert found == [[row[k] for k in keys] for name in FILES for row in read(name)]
    values = [Fraction(str(sheet[f"F{r}"].value)) for r in range(5, sheet.max_row + 1)]
    assert values == [p.value for p in figures().values()]
