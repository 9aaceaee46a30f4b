"""What the workbook says of money: avoided, planned, spent, beside neighbours, sensitive, uncertain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from building.projects import THREE, TOTALS, write_project
from openpyxl import Workbook

from udfs import neighbours as neighbour_functions
from xlmodel.building.assumptions import assumptions
from xlmodel.building.avoidance import avoidance
from xlmodel.building.calculation import calculation
from xlmodel.building.cost import cost
from xlmodel.building.in_year import in_year
from xlmodel.building.inputs_flows import inputs_flows
from xlmodel.building.inputs_population import inputs_population
from xlmodel.building.inputs_survival import inputs_survival
from xlmodel.building.inputs_unit_costs import inputs_unit_costs
from xlmodel.building.neighbours import neighbours
from xlmodel.building.project import read_book_project
from xlmodel.building.savings_plan import savings_plan
from xlmodel.building.scenarios import scenarios
from xlmodel.building.sensitivity import sensitivity
from xlmodel.building.sheet import Build
from xlmodel.building.style import add_styles
from xlmodel.building.uncertainty import uncertainty
from xlmodel.engine.native import Model
from xlmodel.errors import InputError
from xlmodel.model.demand.run import run
from xlmodel.model.demand.sensitivity import avoiding, break_even, varied
from xlmodel.model.demand.simulation import simulate
from xlmodel.model.demand.years import prices
from xlmodel.model.plan import plan_basis, risk_adjusted
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue

SOUTHAMPTON = Path(__file__).parents[2] / "workbooks" / "southampton"
CSC = Registry.collect({"CSC": "udfs"})
FIRST = (
    *(inputs_flows, inputs_population, inputs_unit_costs, inputs_survival, assumptions, scenarios, calculation, cost),
)
MONEY = (avoidance, savings_plan, in_year, neighbours, sensitivity)

#: Money of every kind: proceedings that come later, support, investment, budgets, a plan on three bases, a deflator.
RICH = THREE | {
    "ceases": "scenario,year,ceases\nplan,2023/24,150\nplan,2025/26,70.5\n",
    "assumptions": THREE["assumptions"]
    + "proceedings_share,0.6,0.5,0.7,share,Legal team,Team,2024-03-01\n"
    + "proceedings_cost,13000,,,£ an entrant,Legal team,Team,2024-03-01\n"
    + "proceedings_lag_months,3,,,months,Legal team,Team,2024-03-01\n"
    + "price_factor,1,0.95,1.1,times,Judgement,Team,2024-03-01\n",
    "support": "year,alternative_week,source\n2023/24,150,=Team\n2024/25,155,Team\n2025/26,160,Team\n",
    "money": "scenario,year,investment,budget_reduction,growth_avoided,claimed\n"
    "plan,2023/24,900000,100000,,1000000\nplan,2024/25,300000,400000,250000,4200000\nhalf,2024/25,250000,,100000,\n",
    "parameters": "name,from,to,value,unit,source\ndiscount_rate,2023-04-01,,0.035,a year,Green Book\n"
    "gdp_deflator,2023-04-01,,100,2023/24 = 100,Treasury\ngdp_deflator,2024-04-01,,101.6,2023/24 = 100,Treasury\n"
    "gdp_deflator,2025-04-01,,103.1,2023/24 = 100,Treasury\n",
    "savings": "line,year,amount,dp,basis,confidence,risk,children,source\n"
    "=Fewer starts,2023/24,1000000,-5,level,high,low,20,=Paper\n"
    "=Fewer starts,2024/25,4200000,-5,level,high,low,30,=Paper\n"
    "=Fewer starts,2025/26,6000000,-6,level,high,low,,=Paper\n"
    "Staffing,2023/24,300000,-5,new_in_year,medium,high,,Paper\n"
    "Staffing,2024/25,200000,-5,new_in_year,medium,high,,Paper\n"
    "Staffing,2025/26,0,-5,new_in_year,medium,high,,Paper\n"
    "Contracts,2023/24,50000,-4,running_total,medium,high,2,Paper\n"
    "Contracts,2024/25,120000,-4,running_total,medium,high,1,Paper\n"
    "Contracts,2025/26,190000,-4,running_total,medium,high,,Paper\n",
    "savings_totals": "year,stated,dp\n2023/24,1400000,-5\n2024/25,4520000,-4\n",
    "weights": "confidence,risk,low,expected,high,approved_by,approved_on\n"
    "medium,high,0.2,0.4,0.7,Officer,2024-02-20\nhigh,low,0.8,0.9,1,Officer,2024-02-20\n",
    "budget": "line,year,budget,forecast,overspend,mitigations,delivery,source\n"
    "Placements,2024/25,19000000,,,700000;200000,1;0.5,Book\nLegal,2024/25,2600000,2840000,,,,Book\n"
    "Old,2019/20,,,1400000,700000,,Paper\n",
}
IN_BOOK = {
    "neighbours": "council,own,year,budget,overspend,children_looked_after,population,budget_per_child,source\n"
    "=Own,yes,2024/25,61200000,1900000,612,78400,,A\nEast,,2024/25,49800000,2600000,505,70100,,A\n"
    "West,,2024/25,70500000,-400000,718,,,A\n"
    "High,,2024/25,,,390,61900,,A\nSalt,,2024/25,63900000,4100000,664,72300,,A\n",
    "in_year": "line,year,as_at,budget,actual_to_date,commitments,forecast_last_month,mitigation,delivery,source\n"
    "Agency care,2024/25,2024-09-30,9000000,4600000,4900000,9400000,300000,0.5,=Ledger\n",
    "in_year_placements": "line,placement,children,days_left,price_week,new,source\n"
    "Agency care,Agency,40,150,1050,,List\n"
    "Agency care,=Homes,6,120,5800,,List\nAgency care,Agency,4,90,1100,yes,List\n",
    "part_year": "item,year,full_year,starts_on,stated,dp,source\n"
    "Staffing,2024/25,1600000,2024-07-01,1200000,-5,=Paper\n",
    "run_rates": "item,to_date,as_at,full_year_stated,dp,year,source\n"
    "A,28,2023-12-12,40,0,2023/24,D\nB,42,2023-11-30,63,0,2023/24,D\n",
    "savings_detail": "line,year,delivered,investment,budget_reduction,growth_avoided,owner,secured_on,source\n"
    "=Fewer starts,2023/24,950000,250000,300000,100000,=Head,2023-09-01,Tracker\n"
    "=Fewer starts,2024/25,,,,,Head,,Tracker\nStaffing,2023/24,200000,,250000,,Head,,Tracker\n",
}


class Calculated:
    """The sheets of money of a project, calculated, and its checks beside them."""

    def __init__(self, folder: Path, path: Path, parts: tuple[Callable[[Build], None], ...] = MONEY) -> None:
        self.project = read_book_project(folder)
        self.build = Build(Workbook(), self.project, CSC)
        add_styles(self.build.wb)
        for part in (*FIRST, *parts):
            part(self.build)
        own = {"Avoidance", "Savings plan", "In-year", "Neighbours", "Sensitivity", "Uncertainty"}
        self.checks = [check for check in self.build.checks if check.sheet in own]
        tests = self.build.wb.create_sheet("Tests")
        for row, check in enumerate(self.checks, 1):
            tests[f"A{row}"], tests[f"B{row}"] = f"={check.left}", f"={check.right}"
        self.path = path
        self.build.wb.save(path)
        self.model = Model.open(path, CSC)
        self.model.calculate()
        self.run = run(self.project.demand, paths=self.project.courses)

    def value(self, sheet: str, cell: str) -> Any:
        return self.model.value(f"{sheet}!{cell}")

    def named(self, name: str) -> list[Any]:
        title, area = next(iter(self.build.wb.defined_names[name].destinations))
        cells = self.build.wb[title][area.replace("$", "")]
        rows = cells if isinstance(cells, tuple) else ((cells,),)
        return [self.value(title, cell.coordinate) for row in rows for cell in row]

    def table(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of a real table by their headers."""
        for ws in self.build.wb:
            if name in ws.tables:
                top, *rows = ws[ws.tables[name].ref]
                return [
                    {str(h.value): self.value(ws.title, cell.coordinate) for h, cell in zip(top, row, strict=True)}
                    for row in rows
                ]
        raise KeyError(name)

    def find(self, sheet: str, label: str, column: str = "A") -> int:
        """Return the row of a label."""
        ws = self.build.wb[sheet]
        return next(cell.row for cell in ws[column] if self.value(sheet, cell.coordinate) == label)

    def failing(self) -> list[str]:
        """Return what does not hold."""
        out = []
        for row, check in enumerate(self.checks, 1):
            left, right = self.value("Tests", f"A{row}"), self.value("Tests", f"B{row}")
            numbers = all(isinstance(x, float | int) for x in (left, right))
            if not numbers or not abs(left - right) <= 1e-6 * max(1, abs(right)):
                out.append(f"{check.what}: {left!r}, {right!r}")
        return out

    def errors(self) -> list[tuple[str, str, Any]]:
        return [
            (ws.title, cell.coordinate, value)
            for ws in self.build.wb
            for row in ws.iter_rows()
            for cell in row
            if cell.data_type == "f" and isinstance(value := self.value(ws.title, cell.coordinate), ErrorValue)
        ]


@pytest.fixture(scope="module")
def calculated(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Calculated]:
    @cache
    def of(name: str) -> Calculated:
        folder = tmp_path_factory.mktemp(name)
        if name == "southampton":
            return Calculated(SOUTHAMPTON, folder / "book.xlsx")
        write_project(folder, RICH, **IN_BOOK)
        return Calculated(folder, folder / "book.xlsx")

    return of


@pytest.fixture(params=["southampton", "rich"])
def book(request: pytest.FixtureRequest, calculated: Callable[[str], Calculated]) -> Calculated:
    return calculated(request.param)


# --- avoidance -------------------------------------------------------------------------------------------------------


def test_every_check_holds_and_no_cell_is_an_error(book: Calculated) -> None:
    assert book.failing() == []
    assert book.errors() == []
    assert len(book.checks) > 30


def test_what_is_avoided_is_what_the_demand_model_says(book: Calculated) -> None:
    flows = {(r["Scenario"], r["Year"]): r for r in book.table("Avoided_children_and_years")}
    pounds = {(r["Scenario"], r["Year"]): r for r in book.table("Avoided_pounds")}
    compared = 0
    for name, result in book.run.results.items():
        if result.avoided is None:
            continue
        for y, year in enumerate(book.project.demand.months.labels):
            flow, money, avoided = flows[name, year], pounds[name, year], result.avoided
            for found, expected in (
                (flow["Fewer starts"], avoided.entrants),
                (flow["Fewer children on 31 March"], avoided.children),
                (flow["Care-years avoided"], avoided.child_years),
                (flow["Cost of them (£m)"], avoided.gross),
                (flow["Ceiling: if the year went on for ever (£m)"], avoided.ceiling),
                (money["Proceedings avoided (£m)"], avoided.legal),
                (money["Support in place of care (£m)"], avoided.alternative),
                (money["Net (£m)"], avoided.net),
                (money["Cashable (£m)"], avoided.cashable),
                (money["Cost avoided (£m)"], avoided.growth_avoided),
                (money["Neither (£m)"], avoided.neither),
            ):
                assert found == pytest.approx(expected[y], rel=1e-9, abs=1e-6), (name, year)
                compared += 1
    assert compared >= 4 * 3 * 11


def test_the_deck_figures(calculated: Callable[[str], Calculated]) -> None:
    book = calculated("southampton")
    flows = {(r["Scenario"], r["Year"]): r for r in book.table("Avoided_children_and_years")}
    pounds = {(r["Scenario"], r["Year"]): r for r in book.table("Avoided_pounds")}
    years = ("2024/25", "2025/26", "2026/27")
    assert [round(flows["forty_once", y]["Care-years avoided"], 3) for y in years] == [17.747, 27.953, 19.313]
    assert [round(flows["forty", y]["Cost of them (£m)"] / 1e6, 2) for y in years] == [0.79, 2.04, 2.90]
    assert [round(flows["forty", y]["Ceiling: if the year went on for ever (£m)"] / 1e6, 2) for y in years] == [
        4.82
    ] * 3
    assert [pounds["forty", y]["Claimed (£m)"] / 1e6 for y in years] == [1, 4.2, 6]
    assert [pounds["plan", y]["Claimed (£m)"] / 1e6 for y in years] == [1, 5, 10.9]


@pytest.mark.parametrize(("name", "codes"), [("southampton", ("baseline", "forty")), ("rich", ("half_again",))])
def test_the_scenario_shown_is_the_one_selected(
    calculated: Callable[[str], Calculated], name: str, codes: tuple[str, ...]
) -> None:
    book = calculated(name)
    selector = book.build.wb.defined_names["Scenario"].attr_text.replace("$", "")
    shown = book.model.value(selector)
    pounds = {(r["Scenario"], r["Year"]): r["Net (£m)"] for r in book.table("Avoided_pounds")}
    claims = {(r["Scenario"], r["Year"]): r["Claimed (£m)"] for r in book.table("Avoided_pounds")}
    try:
        for code in codes:
            book.model.run({selector: code})
            years = book.project.demand.months.labels
            assert book.named("Avoided_net") == pytest.approx([pounds[code, y] for y in years], rel=1e-12), code
            assert book.named("Avoided_claimed") == [claims[code, y] for y in years]
            assert book.failing() == []
    finally:
        book.model.run({selector: shown})


def test_present_value_is_that_of_the_demand_model(calculated: Callable[[str], Calculated]) -> None:
    book = calculated("rich")
    rows = [c.row for c in book.build.wb["Avoidance"]["A"] if c.value == "Present value"]
    avoided = book.run.results["plan"].avoided
    assert avoided is not None
    assert book.value("Avoidance", f"H{rows[1]}") == pytest.approx(avoided.present_value, rel=1e-9)


def test_a_claim_the_flows_support_in_part(calculated: Callable[[str], Calculated]) -> None:
    book = calculated("southampton")
    top = next(c.row for c in book.build.wb["Avoidance"]["I"] if c.value == "Do the flows support the claim?")
    assert [book.value("Avoidance", f"I{top + k}") for k in (1, 2, 3)] == ["yes", "yes", "in part"]
    needed, given = (book.value("Avoidance", f"{c}{top + 3}") for c in "GH")
    claimed, net = (book.value("Avoidance", f"{c}{top + 3}") for c in "BC")
    years = book.named("Avoided_children")[2]
    assert (needed - given) * years == pytest.approx(claimed - net, rel=1e-12)


# --- savings plan, in-year, neighbours -------------------------------------------------------------------------------


def test_the_plan_is_that_of_the_demand_model(book: Calculated) -> None:
    plan, sheet = book.run.plan, "Savings plan"
    assert plan is not None
    assert book.project.demand.plan is not None
    first = book.find(sheet, "Sum of the lines")
    columns = "BCD"
    weighted = [_row(book, f"The plan, {part}") for part in ("low", "expected", "high")]
    weights = [[w.confidence, w.risk, w.low, w.expected, w.high] for w in book.project.demand.plan.weights]
    over = _row(book, "Claimed beyond the fewer starts")
    for y, c in enumerate(columns):
        assert book.value(sheet, f"{c}{first}") == pytest.approx(plan.total[y], rel=1e-12)
        assert book.named("Plan_saved")[y] == pytest.approx(plan.level[y], rel=1e-12)
        if not np.isnan(plan.stated[y]):
            assert book.value(sheet, f"{c}{first + 2}") == pytest.approx(plan.gap[y], abs=1e-6)
            assert book.value(sheet, f"{c}{first + 3}") == pytest.approx(plan.bound[y], rel=1e-12)
            assert book.value(sheet, f"{c}{first + 4}") == plan.verdict[y]
        for k, row in enumerate(weighted):
            if row:
                lines = book.project.demand.plan.lines
                level = [(float(plan_basis(x.amounts, x.basis, "level")[y]), x.confidence, x.risk) for x in lines]
                expected = sum(float(risk_adjusted(*line, weights)[k]) for line in level)
                assert book.value(sheet, f"{c}{row}") == pytest.approx(expected, rel=1e-12)
        if over and not np.isnan(plan.overlap[y]):
            assert book.value(sheet, f"{c}{over}") == pytest.approx(plan.overlap[y], abs=1e-9)


def _row(book: Calculated, label: str) -> int | None:
    try:
        return book.find("Savings plan", label)
    except StopIteration:
        return None


def test_what_was_delivered(calculated: Callable[[str], Calculated]) -> None:
    rows = calculated("rich").table("Savings_delivery")
    assert [r["RAG"] for r in rows] == ["AMBER", None, "RED"]  # 5 % and 33 % short; nothing said of the second
    assert [r["Planned (£m)"] for r in rows] == [1e6, 4.2e6, 3e5]
    first = rows[0]
    assert [first[c] for c in ("Cashable (£m)", "Cost avoided (£m)", "Neither (£m)")] == [300_000, 100_000, 600_000]


def test_lines_of_the_year(book: Calculated) -> None:
    rows = {(r["Line"], r["Year"]): r for r in book.table("Budget_lines")}
    for line in book.run.budget:
        row = rows[line.line, line.year]
        assert row["Overspend (£m)"] == pytest.approx(line.variance, rel=1e-9)
        assert row["Overspend after mitigation (£m)"] == pytest.approx(line.after_mitigation, rel=1e-9)


def test_spending_so_far_leaves_the_days_that_are_left_to_the_model(bare: Calculated) -> None:
    row = bare.table("Budget_lines")[0]
    assert row["Actual to date (£m)"] == 3_500_000
    assert row["Forecast outturn (£m)"] == pytest.approx(bare.run.budget[0].forecast, rel=1e-9)


def test_outturn_and_part_year(calculated: Callable[[str], Calculated]) -> None:
    book = calculated("rich")
    line = next(r for r in book.table("Budget_lines") if r["Line"] == "Agency care")
    assert line["Forecast outturn (£m)"] == 9_500_000
    assert line["Movement since last month (£m)"] == 100_000
    assert line["Overspend after mitigation (£m)"] == 350_000
    row = book.find("In-year", "Agency care: outturn of placements")
    by_hand = 4_600_000 + (40 * 150 * 1050 + 6 * 120 * 5800 + 4 * 90 * 1100) / 7
    assert book.value("In-year", f"H{row}") == pytest.approx(by_hand, rel=1e-12)
    row = book.find("In-year", "Staffing")
    assert book.value("In-year", f"E{row}") == pytest.approx(1_600_000 * 274 / 365, rel=1e-12)
    assert book.value("In-year", f"J{row}") == "ROUNDING"
    row = book.find("In-year", "Could all have been counted to one day?")
    assert book.value("In-year", f"I{row}") == "no: no one period fits all"


def test_neighbours_by_hand(calculated: Callable[[str], Calculated]) -> None:
    book = calculated("rich")
    rows = {r["Council"]: r for r in book.table("Neighbour_councils")}
    assert list(rows)[-1] == "=Own"
    assert rows["High"]["Looked after per 10,000"] == pytest.approx(390 / 61900 * 1e4, rel=1e-12)
    assert rows["West"]["Looked after per 10,000"] is None
    row = book.find("Neighbours", "Looked after per 10,000")
    known = ("East", "High", "Salt")
    pooled = sum(rows[c]["Children looked after"] for c in known) / sum(rows[c]["Children 0-17"] for c in known) * 1e4
    assert book.value("Neighbours", f"C{row}") == pytest.approx(pooled, rel=1e-12)
    assert book.value("Neighbours", f"I{row}") == 2
    limits = next(c.row for c in book.build.wb["Neighbours"]["A"] if c.value == "=Own_council")
    low, high = neighbour_functions.funnel_limits(pooled, 78400, 1.96)
    assert book.value("Neighbours", f"E{limits}") == pytest.approx(float(low), rel=1e-9)
    assert book.value("Neighbours", f"F{limits}") == pytest.approx(float(high), rel=1e-9)
    assert book.value("Neighbours", f"J{limits}") == "no evidence of a difference"


def test_southampton_against_its_neighbours(calculated: Callable[[str], Calculated]) -> None:
    book = calculated("southampton")
    row = book.find("Neighbours", "Budget per child (£)")
    assert round(book.value("Neighbours", f"C{row}")) == 1300
    assert round(book.value("Neighbours", f"D{row}")) == 1365
    assert book.value("Neighbours", f"I{row}") == 5


# --- sensitivity and uncertainty -------------------------------------------------------------------------------------


def test_the_widest_comes_first_and_ties_keep_their_order(book: Calculated) -> None:
    widths = book.named("Sensitivity_widths")
    top = book.find("Sensitivity", "The widest first") + 2
    shown = [book.value("Sensitivity", f"E{top + k}") for k in range(len(widths))]
    assert shown == sorted(widths, reverse=True)
    labels = [book.value("Sensitivity", f"A{top + k}") for k in range(len(widths))]
    assert len(set(labels)) == len(labels)


def test_registered_ranges_are_those_of_the_demand_model(book: Calculated) -> None:
    shown = book.project.demand.plan_scenario
    assert shown is not None
    few = replace(book.run, results={k: book.run.results[k] for k in (book.project.demand.baseline, shown)})
    for assumption in book.project.demand.assumptions:
        if not assumption.ranged or assumption.name in ("attribution", "proceedings_share"):
            continue
        word = {"starts_factor": "Starts", "price_factor": "Prices"}.get(assumption.name, "Chance of leaving")
        row = book.find("Sensitivity", f"{word} ({assumption.name})")
        for column, end in (("E", assumption.low), ("G", assumption.high)):
            changed = run(varied(few, {assumption.name: end})).results[shown].years.cost.sum()
            assert book.value("Sensitivity", f"{column}{row}") == pytest.approx(changed, rel=1e-9), assumption.name


def test_break_even_is_that_of_the_demand_model(calculated: Callable[[str], Calculated]) -> None:
    book = calculated("rich")

    def net_of(entrants: float) -> float:
        avoided = run(avoiding(book.run, "plan", entrants)).results["plan"].avoided
        assert avoided is not None
        return float(avoided.net.sum())

    most = float(book.run.results["as_now"].years.starts.min())
    expected = break_even(net_of, most)
    assert expected.answer == "at"
    assert book.named("Break_even_entrants") == [pytest.approx(expected.entrants, rel=1e-8)]
    row = book.find("Sensitivity", "In words")
    assert book.value("Sensitivity", f"B{row}") == "It pays from this many fewer entrants a year on."


def test_nothing_invested_is_nothing_to_earn_back(calculated: Callable[[str], Calculated]) -> None:
    book = calculated("southampton")
    row = book.find("Sensitivity", "In words")
    assert "nothing to earn back" in book.value("Sensitivity", f"B{row}")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Calculated:
    """Totals alone, with ranges: nothing of what the sheets of money are about is given."""
    folder = tmp_path_factory.mktemp("bare")
    ranges = (
        "name,value,low,high,unit,source,owner,date\nexit_hazard,0.4,0.3,0.6,a year,Returns,Team,2024-03-01\n"
        "starts_factor,1,0.9,1.1,times,Returns,Team,2024-03-01\n"
    )
    spent = {
        "budget": "line,year,budget,source\nPlacements,2024/25,20000000,Book\n",
        "actuals": "month,cost,source\n2024-04,1700000,Ledger\n2024-05,1800000,Ledger\n",
    }
    write_project(folder, TOTALS | spent | {"assumptions": ranges})
    return Calculated(folder, folder / "book.xlsx", (*MONEY, uncertainty))


def test_fans_are_those_of_the_simulation_and_follow_the_selector(bare: Calculated) -> None:
    book, demand = bare, bare.project.demand
    selector = book.build.wb.defined_names["Scenario"].attr_text.replace("$", "")
    shown = book.model.value(selector)
    try:
        for code in ("now", "fewer"):
            book.model.run({selector: code})
            result = book.run.results[code]
            fan = simulate(
                result.path, prices(demand, result.scenario), assumptions=demand.assumptions, runs=10_000, seed=1
            )
            low, high = fan.interval(fan.stock, 0.95)
            assert book.named("Fan_low95") == demand.months.at_year_end(low).tolist()
            assert book.named("Fan_high95") == demand.months.at_year_end(high).tolist()
            low, high = fan.interval(fan.cost, 0.8)
            assert book.named("Fan_cost_low80") == pytest.approx(low.tolist(), rel=1e-15)
            assert book.named("Fan_cost_high80") == pytest.approx(high.tolist(), rel=1e-15)
            assert book.failing() == []
    finally:
        book.model.run({selector: shown})


@pytest.mark.parametrize("name", ["Starts_given", "Assumption_high", "exit_hazard", "Opening_by_placement"])
def test_a_changed_input_makes_the_fans_stale(bare: Calculated, name: str) -> None:
    book = bare
    assert book.named("Fans_belong")[0].startswith("Yes")
    title, area = next(iter(book.build.wb.defined_names[name].destinations))
    first = book.build.wb[title][area.replace("$", "").split(":")[0]]
    before = book.model.value(f"{title}!{first.coordinate}")
    try:
        book.model.run({f"{title}!{first.coordinate}": before * 1.01})
        assert book.named("Fans_belong")[0].startswith("STALE")
        assert any("belong to the inputs" in what for what in book.failing())
    finally:
        book.model.run({f"{title}!{first.coordinate}": before})


# --- what is not given -----------------------------------------------------------------------------------------------


def test_sheets_without_data_say_so(bare: Calculated) -> None:
    book = bare
    for sheet, words in (
        ("Savings plan", "No savings plan is given"),
        ("In-year", "No placements still running"),
        ("In-year", "No counts of part of a year"),
        ("Neighbours", "No figures of other councils"),
        ("Avoidance", "No discount rate and deflator"),
    ):
        said = [cell.value for row in book.build.wb[sheet].iter_rows() for cell in row if isinstance(cell.value, str)]
        assert any(text.startswith(words) for text in said), (sheet, words)
    assert book.failing() == []
    assert book.errors() == []
    assert all(isinstance(x, float | int) for x in book.named("Fan_median"))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"neighbours": IN_BOOK["neighbours"].replace(",yes,", ",,")}, "own: must be yes in exactly one row"),
        (
            {"neighbours": IN_BOOK["neighbours"].replace("High,,2024/25", "High,,2023/24")},
            "must be one year in all rows",
        ),
        ({"savings_detail": IN_BOOK["savings_detail"].replace("Staffing", "Stafing")}, "must be one of savings.csv"),
        ({"savings_detail": IN_BOOK["savings_detail"].replace("2023/24,950000", "2033/34,950000")}, "of the forecast"),
        ({"in_year_placements": IN_BOOK["in_year_placements"].replace(",,List", ",yes,List")}, "in one row of Agency"),
        ({"in_year": IN_BOOK["in_year"].replace("Agency care", "Agencies")}, "must be one of in_year.csv"),
    ],
)
def test_tables_that_contradict_each_other_are_refused(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_book_project(write_project(tmp_path, RICH, **(IN_BOOK | changed)))


def test_words_of_files_stay_words(calculated: Callable[[str], Calculated]) -> None:
    book = calculated("rich")
    for ws in book.build.wb:
        for row in ws.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith(
                    ("=Fewer", "=Own", "=Homes", "=Head", "=Ledger")
                ):
                    expected = "f" if cell.value == "=Own_council" else "s"
                    assert cell.data_type == expected, (ws.title, cell.coordinate)


# --- checks ----------------------------------------------------------------------------------------------------------


@pytest.mark.full
def test_checks_fail_when_what_they_check_is_broken(calculated: Callable[[str], Calculated], tmp_path: Path) -> None:
    book = calculated("rich")
    constants = openpyxl.load_workbook(book.path)
    cells = {n: book.checks[n].breaks[0].replace("$", "").replace("'", "") for n in range(len(book.checks))}
    for address in cells.values():
        sheet, cell = address.rsplit("!", 1)
        if constants[sheet][cell].data_type == "f":
            constants[sheet][cell].value = book.value(sheet, cell)
    constants.save(tmp_path / "constants.xlsx")
    model = Model.open(tmp_path / "constants.xlsx", CSC)
    model.calculate()
    before: dict[str, Any] = {}
    passing = []
    for n, address in cells.items():
        then = model.value(address)
        model.run({**before, address: book.checks[n].breaks[1]})
        before = {address: then}
        left, right = model.value(f"Tests!A{n + 1}"), model.value(f"Tests!B{n + 1}")
        if isinstance(left, float) and isinstance(right, float) and abs(left - right) <= 1e-6 * max(1, abs(right)):
            passing.append(book.checks[n].what)
    assert passing == []
