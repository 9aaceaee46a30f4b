"""The workbook's children and money are those of the demand model, for every scenario and every variation."""

import importlib

import numpy as np
import pytest
from building.projects import CURVES, THREE, TOTALS, write_project
from openpyxl import Workbook

from xlmodel.building.project import VARIATIONS, read_book_project
from xlmodel.building.scenarios import BASELINE_SUFFIX
from xlmodel.building.sheet import Build
from xlmodel.building.simplified import exact, simplifications
from xlmodel.building.style import add_styles
from xlmodel.engine.native import Model
from xlmodel.model.demand.run import run
from xlmodel.model.demand.sensitivity import varied
from xlmodel.registry import Registry

CSC = Registry.collect({"CSC": "udfs"})
SHEETS = (
    *("inputs_flows", "inputs_population", "inputs_unit_costs", "inputs_survival", "assumptions"),
    *("scenarios", "calculation", "stock", "placements", "cost"),
)
#: What a varied thing is called in the demand model, and what its low and high ends are there.
VARIED = {
    "starts": ("starts_factor", 0.9, 1.1),
    "stay": ("exit_factor", 1 / 0.9, 1 / 1.1),
    "price": ("price_factor", 0.9, 1.1),
    "mix": ("mix_factor", 0.9, 1.1),
}


class Calculated:
    """A project's workbook, built and calculated, with the results of the demand model beside it."""

    def __init__(self, folder):
        self.project = read_book_project(folder)
        self.build = Build(Workbook(), self.project, CSC)
        add_styles(self.build.wb)
        for name in SHEETS:
            getattr(importlib.import_module(f"xlmodel.building.{name}"), name)(self.build)
        path = folder / "book.xlsx"
        self.build.wb.save(path)
        self.model = Model.open(path, CSC)
        self.model.calculate()
        self.run = run(self.project.demand, paths=self.project.courses)

    def named(self, name):
        sheet, area = self.build.wb.defined_names[name].attr_text.rsplit("!", 1)
        cells = self.build.wb[sheet.strip("'")][area.replace("$", "")]
        rows = cells if isinstance(cells, tuple) else ((cells,),)
        return [self.model.value(f"{sheet}!{cell.coordinate}") for row in rows for cell in row]

    def cases(self, what):
        return dict(zip(self.named("Case_key"), self.named(f"Case_{what}"), strict=True))

    def flows(self, what):
        return dict(zip(self.named("Flow_key"), self.named(f"Flow_{what}"), strict=True))


@pytest.fixture(scope="module", params=["three", "totals"])
def exact_book(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def totals(tmp_path_factory):
    return Calculated(write_project(tmp_path_factory.mktemp("totals"), TOTALS))


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    return Calculated(write_project(tmp_path_factory.mktemp("three"), THREE))


@pytest.fixture(scope="module")
def curves(tmp_path_factory):
    return Calculated(write_project(tmp_path_factory.mktemp("curves"), CURVES))


def differences(book, results, code_of):
    """Return the largest relative difference of each column from a run of the demand model."""
    worst = {}
    names = {"opening": "opening", "starts": "starts", "ceases": "ceases", "closing": "closing", "cost": "cost"}
    for what, attribute in (names | {"care_years": "child_years"}).items():
        cells = book.cases(what)
        for code, result in results.items():
            wanted = getattr(result.years, attribute)
            found = [cells[f"{code_of(code)}|{year}"] for year in book.project.demand.months.labels]
            miss = np.abs(np.array(found) - wanted) / np.maximum(np.abs(wanted), 1e-9)
            worst[what] = max(worst.get(what, 0.0), float(miss.max()))
    return worst


def test_every_scenario_is_that_of_the_demand_model(exact_book):
    assert exact(exact_book.project)
    assert max(differences(exact_book, exact_book.run.results, lambda code: code).values()) < 1e-13


def test_every_placement_costs_what_it_costs_in_the_demand_model(three):
    cells = three.flows("cost")
    for code, result in three.run.results.items():
        for y, year in enumerate(three.project.demand.months.labels):
            found = [cells[f"{code}|{year}|{place}"] for place in three.project.demand.placements]
            assert found == pytest.approx(result.years.cost_by_placement[y], rel=1e-13)


@pytest.mark.parametrize("variation", VARIATIONS)
@pytest.mark.parametrize("suffix", ["", BASELINE_SUFFIX])
def test_a_variation_is_that_of_the_demand_model(three, variation, suffix):
    _, what, end = variation.split("_")
    name, low, high = VARIED[what]
    demand = three.project.demand
    results = run(varied(three.run, {name: low if end == "low" else high}), paths={}).results
    shown = demand.baseline if suffix else demand.plan_scenario
    assert max(differences(three, {shown: results[shown]}, lambda _: variation + suffix).values()) < 1e-12


def test_the_selector_drives_every_sheet(three):
    labels = three.project.demand.months.labels
    try:
        for code, result in three.run.results.items():
            three.model.run({"Scenarios!B5": code})
            assert three.named("Stock_closing") == pytest.approx(list(result.years.closing), rel=1e-12)
            assert three.named("Cost_selected") == pytest.approx(list(result.years.cost), rel=1e-12)
            assert three.named("Change_baseline_amounts")[-1] == pytest.approx(result.years.cost[-1], rel=1e-12)
            assert len(three.named("Stock_closing")) == len(labels)
    finally:
        three.model.run({"Scenarios!B5": three.project.demand.plan_scenario})


def test_an_unknown_scenario_is_an_error_and_not_zero(three):
    try:
        three.model.run({"Scenarios!B5": "nonsense"})
        assert {str(value) for value in three.named("Stock_closing")} == {"#N/A"}
    finally:
        three.model.run({"Scenarios!B5": three.project.demand.plan_scenario})


def test_a_changed_input_is_that_of_the_demand_model_with_it(tmp_path, three):
    """The rate of leaving, typed on Assumptions, gives what the project gives with that rate."""
    changed = THREE | {"assumptions": THREE["assumptions"].replace("exit_hazard,0.42", "exit_hazard,0.35")}
    wanted = run(read_book_project(write_project(tmp_path, changed)).demand).results
    cell = three.build.wb.defined_names["exit_hazard"].attr_text.replace("$", "")
    try:
        three.model.run({cell: 0.35})
        assert max(differences(three, wanted, lambda code: code).values()) < 1e-13
    finally:
        three.model.run({cell: 0.42})


def test_a_project_with_survival_curves_says_so_and_how_far_it_is_off(curves):
    sentences = simplifications(curves.project)
    assert [s.split(".")[0] for s in sentences] == [
        "The project has survival curves",
        "The project tells ages apart",
        "The project has moves between placements",
        "Starts are given by month",
        "A price changes within a year",
    ]
    cells = [cell.value for row in curves.build.wb["Inputs survival"].iter_rows() for cell in row]
    assert set(sentences) <= set(cells)
    for code, result in curves.run.results.items():
        assert float(result.years.closing[-1]) in cells, code


def test_with_the_stays_as_given_the_baseline_has_the_children_of_the_demand_model(tmp_path):
    """Without stated ceases nothing but time in care and what hangs on it differs."""
    tables = {name: text for name, text in CURVES.items() if name != "ceases"}
    book = Calculated(write_project(tmp_path, tables))
    demand = book.project.demand
    worst = differences(book, {demand.baseline: book.run.results[demand.baseline]}, lambda code: code)
    assert max(worst[what] for what in ("opening", "starts", "ceases", "closing")) < 1e-9
    assert worst["cost"] < 0.02
    path = book.run.results[demand.baseline].path
    closing = book.flows("closing")
    found = [closing[f"{demand.baseline}|{year}|{p}"] for year in demand.months.labels for p in demand.placements]
    assert found == pytest.approx(list(demand.months.at_year_end(path.closing.sum(axis=2)).ravel()), rel=1e-9)


def test_words_of_files_are_never_formulas(three):
    text = [c for sheet in three.build.wb for row in sheet.iter_rows() for c in row if c.value == "=Children's homes"]
    assert text
    assert {cell.data_type for cell in text} == {"s"}


def test_every_check_holds_on_paper(three, curves):
    for book in (three, curves):
        sheet = book.build.wb.create_sheet("Held")
        for row, check in enumerate(book.build.checks, 1):
            sheet[f"A{row}"], sheet[f"B{row}"] = f"={check.left}", f"={check.right}"
        path = book.project.folder / "held.xlsx"
        book.build.wb.save(path)
        model = Model.open(path, CSC)
        model.calculate()
        for row, check in enumerate(book.build.checks, 1):
            left, right = model.value(f"Held!A{row}"), model.value(f"Held!B{row}")
            assert left == pytest.approx(right, abs=1e-6), check
        book.build.wb.remove(sheet)
