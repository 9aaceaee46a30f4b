"""The same number three ways: from the model, from a cell of the workbook recalculated, and written out here.

The model reads ``model/*.csv``, the workbook is built from ``inputs/*.csv``; the last test holds the two folders to the
same figures. Figures are compared to the last bit where the arithmetic is the same on all three ways.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from math import exp, log
from typing import Any, NamedTuple

import numpy as np
import pytest

from workbooks.southampton.build import OUT
from xlmodel.engine.native import Model
from xlmodel.inputs.project import read_project
from xlmodel.model.demand.results import Avoided, Run
from xlmodel.model.demand.run import run
from xlmodel.model.rates import common_population
from xlmodel.model.savings import full_year_roll, part_year
from xlmodel.model.stays import ExponentialStay
from xlmodel.registry import Registry

FOLDER = OUT.parent
YEARS = ("24_25", "25_26", "26_27")
EXACT, CLOSE = 0.0, 1e-12

# --- written out ------------------------------------------------------------------------------------------------------

HAZARD = log(2.75 / 1.9)
WEEK = 413_388 / 484
YEAR = WEEK * 365 / 7
PEOPLE = 102 / 20.5 * 10_000
STOCK = [560 + 198 - 219]
for _starts, _ceases in ((180, 232), (140, 215), (102, 175), (70, 125)):
    STOCK.append(STOCK[-1] + _starts - _ceases)


def cohort(entrants: float, year: int) -> float:
    """Return the child-years of children who enter evenly over year 0 and leave at the constant rate HAZARD."""
    if year == 0:
        return entrants / HAZARD * (1 - (1 - exp(-HAZARD)) / HAZARD)
    return entrants * ((1 - exp(-HAZARD)) / HAZARD) ** 2 * exp(-HAZARD * (year - 1))


def cohorts(*entrants: float) -> list[float]:
    """Return the child-years of each year of cohorts of which one begins every year."""
    return [sum(cohort(n, year - k) for k, n in enumerate(entrants[: year + 1])) for year in range(3)]


def millions(child_years: list[float]) -> list[float]:
    return [spent * YEAR / 1e6 for spent in child_years]


# --- the model --------------------------------------------------------------------------------------------------------


@cache
def model() -> Run:
    """Return the run of the project, with one scenario more: the plan's starts with stays as they are."""
    demand = read_project(FOLDER).demand
    plan = demand.scenarios["plan"]
    entrants_only = replace(plan, name="entrants_only", ceases=np.full(3, np.nan))
    return run(replace(demand, scenarios={**demand.scenarios, "entrants_only": entrants_only}))


def avoided(scenario: str) -> Avoided:
    found = model().results[scenario].avoided
    assert found is not None
    return found


def stock_path() -> list[float]:
    history = model().demand.history
    assert history is not None
    return [*history.closing, *model().results["plan"].years.closing]


def claimed(scenario: str) -> np.ndarray:
    return model().demand.scenarios[scenario].claimed / 1e6


def plan_total() -> np.ndarray:
    plan = model().plan
    assert plan is not None
    return plan.total / 1e6


def hazard() -> float:
    (stay,) = model().demand.stays[0]
    assert isinstance(stay, ExponentialStay)
    return stay.hazard


# --- the workbook -----------------------------------------------------------------------------------------------------


@cache
def workbook() -> Model:
    """Return the workbook with every formula calculated by the engine; its saved values are not looked at."""
    book = Model.open(OUT, Registry.collect({"CSC": "udfs"}))
    book.calculate()
    return book


def cells(sheet: str, names: str) -> list[float]:
    """Return the numbers of some cells of a sheet, named like ``E17 E18``."""
    found = [workbook().value(f"'{sheet}'!{name}") for name in names.split()]
    assert all(isinstance(number, float) for number in found), (sheet, names, found)
    return [float(number) for number in found]  # type: ignore[arg-type]


# --- the figures ------------------------------------------------------------------------------------------------------


class Figure(NamedTuple):
    """One figure, or a row of them, on three ways; `shown` is what a reader sees of it, to so many places."""

    name: str
    model: Callable[[], Any]
    cells: tuple[str, str]
    written_out: Sequence[float]
    shown: list[float]
    places: int
    within: float = CLOSE


MONEY = "Children and money"

FIGURES = [
    Figure(
        "stock path",
        stock_path,
        ("Cohort flows", "H6 H7 H8 H9 H10"),
        STOCK,
        [539, 487, 412, 339, 284],
        places=0,
        within=EXACT,
    ),
    Figure(
        "rates per 10,000",
        lambda: model().results["plan"].years.rate,
        ("Rates", "G26 G27 G28"),
        [n / PEOPLE * 10_000 for n in (412, 339, 284)],
        [82.8, 68.1, 57.1],
        places=1,
    ),
    Figure(
        "population that four rates share",
        lambda: common_population([539, 487, 140, 102], [108, 98, 28, 20.5], [0, 0, 0, 1]),
        ("Rates", "C18 D18"),
        [539 / 108.5 * 10_000, 102 / 20.45 * 10_000],
        [49_677, 49_878],
        places=0,
    ),
    Figure("rate of leaving", lambda: [hazard()], (MONEY, "E12"), [HAZARD], [0.3697], places=4),
    Figure("price of a child-week", lambda: model().demand.price_week[0], (MONEY, "E7"), [WEEK], [854.11], places=2),
    Figure(
        "child-years of one year's 40",
        lambda: avoided("forty_once").child_years,
        (MONEY, "E17 E18 E19"),
        cohorts(40),
        [17.747, 27.953, 19.313],
        places=3,
    ),
    Figure(
        "cost avoided by one year's 40",
        lambda: avoided("forty_once").gross / 1e6,
        (MONEY, "G17 G18 G19"),
        millions(cohorts(40)),
        [0.79, 1.24, 0.86],
        places=2,
    ),
    Figure(
        "cost avoided by 40 every year",
        lambda: avoided("forty").gross / 1e6,
        (MONEY, "E25 E26 E27"),
        millions(cohorts(40, 40, 40)),
        [0.79, 2.04, 2.90],
        places=2,
    ),
    Figure(
        "what is claimed for it",
        lambda: claimed("forty"),
        (MONEY, "F25 F26 F27"),
        [1, 4.2, 6],
        [1, 4.2, 6],
        places=1,
        within=EXACT,
    ),
    Figure(
        "its ceiling",
        lambda: avoided("forty").ceiling / 1e6,
        (MONEY, "H25 H26 H27"),
        [40 / HAZARD * YEAR / 1e6] * 3,
        [4.82, 4.82, 4.82],
        places=2,
    ),
    Figure(
        "fewer entrants in the cohort table",
        lambda: avoided("plan").entrants,
        (MONEY, "E48 E49 E50"),
        [180 - 140, 180 - 102, 180 - 70],
        [40, 78, 110],
        places=0,
        within=EXACT,
    ),
    Figure(
        "cost avoided by them",
        lambda: avoided("entrants_only").gross / 1e6,
        (MONEY, "G48 G49 G50"),
        millions(cohorts(40, 78, 110)),
        [0.79, 2.79, 5.46],
        places=2,
    ),
    Figure(
        "their ceiling",
        lambda: avoided("entrants_only").ceiling / 1e6,
        (MONEY, "J48 J49 J50"),
        [n / HAZARD * YEAR / 1e6 for n in (40, 78, 110)],
        [4.82, 9.40, 13.25],
        places=2,
    ),
    Figure(
        "proceedings avoided (£k)",
        lambda: avoided("forty").legal / 1e3,
        (MONEY, "G55 G56 G57"),
        [40 * 12_500 / 1e3] * 3,
        [500, 500, 500],
        places=0,
        within=EXACT,
    ),
    Figure(
        "cost avoided, with proceedings",
        lambda: avoided("forty").net / 1e6,
        (MONEY, "I55 I56 I57"),
        [cost + 0.5 for cost in millions(cohorts(40, 40, 40))],
        [1.29, 2.54, 3.40],
        places=2,
    ),
    Figure(
        "staffing saving in 2024/25, and on top later",
        lambda: [effect(1.6, "2024-07-01", 2024) for effect in (part_year, full_year_roll)],
        (MONEY, "E62 F62"),
        [1.6 * 274 / 365, 1.6 * 91 / 365],
        [1.2011, 0.3989],
        places=4,
    ),
    Figure(
        "sum of the plan's lines",
        plan_total,
        ("Savings plan", "C11 D11 E11"),
        [
            float(sum(Decimal(line) for line in year.split()))
            for year in ("1.0 0.4 0.0 1.2 0.38", "5 0.4 0.8 1.6 0.42", "10.9 0.4 1.6 1.6 0.47")
        ],
        [2.98, 8.22, 14.97],
        places=2,
        within=EXACT,
    ),
    Figure(
        "overspend after measures",
        lambda: [model().budget[1].after_mitigation / 1e6],
        ("Run rates", "F26"),
        [1.4 * 0.5],
        [0.7],
        places=1,
        within=EXACT,
    ),
    Figure(
        "overspend as a percentage of the budget",
        lambda: [model().budget[0].fraction * 100],
        ("Neighbours", "F7"),
        [7.7 / 63.6 * 100],
        [12.1],
        places=1,
        within=EXACT,
    ),
]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_the_same_number_three_ways(figure: Figure) -> None:
    ways = [np.asarray(way, float) for way in (figure.model(), cells(*figure.cells), figure.written_out)]
    assert [way.round(figure.places).tolist() for way in ways] == [figure.shown] * 3
    first, *others = (way.tolist() for way in ways)
    for other in others:
        assert other == (first if figure.within == EXACT else pytest.approx(first, rel=figure.within, abs=0))


def test_what_is_claimed_is_more_than_the_flows_support() -> None:
    claim, found = claimed("forty"), avoided("forty")
    assert (claim > found.gross / 1e6).all()
    assert claim[2] > found.ceiling[2] / 1e6
    gaps = [*(claim - found.gross / 1e6), claim[2] - found.ceiling[2] / 1e6]
    assert cells(MONEY, "G25 G26 G27 I27") == pytest.approx(gaps, rel=1e-12)


# --- the inputs of both -----------------------------------------------------------------------------------------------


def rows(folder: str, name: str) -> list[dict[str, str]]:
    with (FOLDER / folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def printed() -> dict[str, dict[str, str]]:
    """Return every printed figure of the workbook by its id."""
    names = sorted(path.stem for path in (FOLDER / "inputs").glob("*.csv"))
    return {row["id"]: row for name in names for row in rows("inputs", name) if "printed" in row}


def value(figure: str) -> Decimal:
    return Decimal(printed()[figure]["value"])


def given(file: str, column: str, **keys: str) -> Decimal:
    """Return the one number of a file of the model whose row has these keys."""
    (found,) = (row for row in rows("model", file) if all(row[k] == v for k, v in keys.items()))
    return Decimal(found[column])


LINES = {
    "Demand reduction": "demand",
    "Fewer agency staff": "agency",
    "Home to school transport": "transport",
    "Reduced staffing": "staffing",
    "Education service into budget": "education",
}


def pairs() -> Iterator[tuple[str, Decimal, Decimal]]:
    """Yield what a figure is called, what the model is given, and what the workbook is given."""
    million = Decimal(10**6)
    yield "opening", given("opening", "children"), value("stock_23_24")
    for year, key in (("2022/23", "22_23"), ("2023/24", "23_24")):
        for column, name in (("starts", "starts"), ("ceases", "ceases"), ("closing", "stock")):
            yield f"{name} {year}", given("history", column, year=year), value(f"{name}_{key}")
        yield f"opening {year}", given("history", "opening", year=year), value(f"stock_{key}") - value(f"net_{key}")
    for key in YEARS:
        year = f"20{key.replace('_', '/')}"
        for scenario, starts in (
            ("plan", value(f"starts_{key}")),
            ("baseline", value("starts_23_24")),
            ("do_nothing", value("starts_22_23")),
            ("forty", value("starts_23_24") - value("entrants_recurring")),
            ("forty_once", value("starts_23_24") - (value("entrants_one_off") if key == YEARS[0] else 0)),
        ):
            yield f"{scenario} starts {year}", given("starts", "starts", scenario=scenario, year=year), starts
        yield f"ceases {year}", given("ceases", "ceases", scenario="plan", year=year), value(f"ceases_{key}")
        for scenario, claim in (("plan", "plan_demand"), ("forty", "recurring"), ("forty_once", "one_off")):
            stated = given("money", "claimed", scenario=scenario, year=year)
            yield f"{scenario} claim {year}", stated, value(f"{claim}_{key}") * million
        for line, short in LINES.items():
            figure = f"plan_{short}_{key}"
            yield f"{line} {year}", given("savings", "amount", line=line, year=year), value(figure) * million
            places = Decimal(printed()[figure]["dp"]) - 6
            yield f"{line} places {year}", given("savings", "dp", line=line, year=year), places
        total = f"plan_total_{key}"
        yield f"plan total {year}", given("savings_totals", "stated", year=year), value(total) * million
        yield f"total places {year}", given("savings_totals", "dp", year=year), Decimal(printed()[total]["dp"]) - 6
    yield (
        "fewer children",
        given("savings", "children", line="Demand reduction", year="2024/25"),
        value("fewer_starts_24_25"),
    )
    council = {"line": "Children and Learning"}
    yield "budget", given("budget", "budget", **council), value("budget_southampton") * million
    whole = value("budget_southampton") + value("overspend_southampton")
    yield "forecast", given("budget", "forecast", **council), whole * million
    news = {"line": "Social services, news article"}
    yield "news overspend", given("budget", "overspend", **news), value("news_overspend") * million
    removed = value("news_overspend") * value("news_share_removed")
    yield "news measures", given("budget", "mitigations", **news), removed * million
    assumed = {row["name"]: Decimal(row["value"]) for row in rows("inputs", "assumptions") if row["unit"] == "share"}
    share = given("assumptions", "value", name="proceedings_share")
    yield "proceedings share", share, assumed["Proceedings_share"]
    cost = value("saving_legal") * 1000 / value("entrants_one_off")
    yield "proceedings cost", given("assumptions", "value", name="proceedings_cost"), cost


def test_model_and_workbook_are_given_the_same_figures() -> None:
    assert [(name, model, book) for name, model, book in pairs() if model != book] == []


def test_what_both_derive_is_given_to_its_last_place() -> None:
    """The model is given these quotients to 15 digits; in the workbook they are formulas over printed figures."""
    spend, children = float(value("weekly_spend_24_03")), float(value("children_24_03"))
    assert float(given("prices", "price_week")) == pytest.approx(spend / children, rel=1e-14)
    rate = log(value("one_off_25_26") / value("one_off_26_27"))
    assert float(given("assumptions", "value", name="exit_hazard")) == pytest.approx(rate, rel=1e-14)
    people = float(value("starts_25_26") / value("entry_rate_25_26") * 10_000)
    population = {float(row["population"]) for row in rows("model", "population")}
    assert sorted(population) == [pytest.approx(people, rel=1e-14)]


def test_every_row_of_the_model_is_held_to_the_workbook() -> None:
    """A row added to one of these files has to be looked at here too."""
    held = {name for name, _, _ in pairs()}
    looked_at = {"savings": "{line} {year}", "money": "{scenario} claim {year}", "savings_totals": "plan total {year}"}
    for file, name in looked_at.items():
        assert [row for row in rows("model", file) if name.format(**row) not in held] == [], file
    ours = {"pessimistic"}  # a choice of the analyst's, not a figure of the deck
    starts = [row for row in rows("model", "starts") if row["scenario"] not in ours]
    assert [row for row in starts if "{scenario} starts {year}".format(**row) not in held] == []
