"""From files to what a run is given: totals alone, and everything there is."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inputs.given import FULL, SMALL, TOTALS, edited, frames, gone, more, new, row, write

from xlmodel.inputs.project import project_from, read_project
from xlmodel.model.demand.assumptions import Assumption, BudgetLine, Legal, Weight
from xlmodel.model.demand.run import run
from xlmodel.model.paths import exit_hazard
from xlmodel.model.stays import CappedStay, ExponentialStay, SurvivalTable

#: Their rows are shown in the order of the file.
LISTED = ("placements", "scenarios", "savings", "weights", "budget", "assumptions")


def project(base, *edits):
    return project_from(frames(edited(base, *edits)))


def same(a, b):
    """Whether two things are equal, arrays bit by bit."""
    if isinstance(a, np.ndarray):
        return a.shape == b.shape and a.tobytes() == b.tobytes()
    if dataclasses.is_dataclass(a):
        return type(a) is type(b) and all(
            same(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a) if not f.name.startswith("_")
        )
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b or (a != a and b != b)


@pytest.fixture(scope="module")
def full():
    return project(FULL).demand


# --- totals ----------------------------------------------------------------------------------------------------------


def test_totals_alone_are_enough(tmp_path):
    demand = read_project(write(tmp_path, TOTALS)).demand
    assert (demand.placements, demand.ages.labels, demand.reasons) == (("care",), ("all",), ("ceased",))
    assert demand.opening.children.tolist() == [487]
    assert demand.months.by_year(demand.scenarios["plan"].starts)[:, 0, 0] == pytest.approx([140, 102], rel=1e-15)
    assert demand.scenarios["plan"].ceases.tolist() == [215, 175]
    assert np.isnan(demand.scenarios["no_change"].ceases).all()
    assert demand.price_week.tolist() == [[854.0]] * 24
    assert demand.population.tolist() == [49756, 49800]
    assert demand.alternative_week.tolist() == [0, 0]
    assert (demand.legal, demand.plan, demand.budget, demand.history) == (None, None, (), None)
    found = run(demand)
    assert found.results["plan"].years.closing.tolist() == [412, 339]
    assert [c for c in found.checks if not c.holds] == []


def test_the_stay_that_totals_imply_is_that_of_the_first_year():
    demand = project(TOTALS).demand
    (stay,) = demand.stays[0]
    assert stay == ExponentialStay(float(exit_hazard(487, 140, 215)))
    assert run(demand).results["plan"].path.exit_factor[0] == pytest.approx(1, rel=1e-12)
    assert "ceases of plan in 2024/25 imply" in demand.sources["stays"]


def test_the_baseline_s_ceases_come_before_the_plan_s():
    demand = project(TOTALS, more("ceases.csv", "no_change,2024/25,200")).demand
    assert demand.stays[0][0] == ExponentialStay(float(exit_hazard(487, 180, 200)))


@given(st.floats(1, 1e4), st.floats(0, 1e4), st.floats(1e-3, 0.999))
def test_the_implied_hazard_gives_the_ceases_back(opening, starts, share):
    ceases = share * (opening + starts)
    stay = ExponentialStay(float(exit_hazard(opening, starts, ceases)))
    assert opening * (1 - stay.share(1)) + starts * (1 - stay.area(1)) == pytest.approx(ceases, rel=1e-9)


def test_what_is_assumed_is_said():
    assert (
        project(TOTALS).demand.sources
        | {
            "uplift": "no uplift.csv: prices stay as they are dated",
            "moves": "no moves.csv: nobody changes placement",
            "prices.csv": "1 row: Ledger",
            "population_used": "mid-2024: 2024, Estimate; mid-2025: 2024, Estimate",
        }
        == project(TOTALS).demand.sources
    )


# --- everything ------------------------------------------------------------------------------------------------------


def test_everything_that_can_be_given(tmp_path):
    (tmp_path / "model").mkdir()
    write(tmp_path / "model", FULL)
    demand = read_project(tmp_path).demand
    assert demand.title == "Example council"
    assert demand.placement_labels == ("Fostering", "Children's homes")
    assert demand.ages.labels == ("0-9", "10-17")
    assert demand.opening.children.tolist() == [180, 190, 10, 40, 67]
    assert demand.opening.years_in_care.tolist()[-2:] == [0.5, 2.5]
    assert demand.months.by_year(demand.scenarios["plan"].starts)[1] == pytest.approx(
        102 * np.array([[0.5, 0.3], [0.05, 0.15]])
    )
    assert (demand.scenarios["half"].starts == demand.scenarios["no_change"].starts * 0.8).all()
    assert demand.scenarios["half"].exit_factor.tolist() == [1.05, 1.05]
    assert [s.attribution for s in demand.scenarios.values()] == [1, 0.9, 0.9]
    assert demand.scenarios["plan"].growth_avoided.tolist() == [0, 250_000]
    assert demand.scenarios["plan"].claimed.tolist() == [1_000_000, 4_200_000]
    assert np.isnan(demand.scenarios["half"].claimed).all()
    young, older = demand.stays[0]
    assert demand.stays[1][0] is young
    assert young.share([0.5, 3]).tolist() == [0.75, 0.35]
    assert young.horizon == np.inf  # by tail_hazard
    assert isinstance(older, SurvivalTable)
    assert demand.moves[0].tolist() == demand.moves[1].tolist() == [[0.998, 0.002], [0.004, 0.996]]
    assert demand.reasons == ("adoption", "sgo", "home", "other")
    assert demand.reason_shares[0].tolist() == [0.15, 0.2, 0.45, 0.2]
    assert demand.price_week[[0, 23]].tolist() == [[620, 5800], [644.8, 6032]]
    assert demand.population.tolist() == [49_800, 50_000]
    assert demand.alternative_week.tolist() == [150, 155]
    assert demand.legal == Legal(0.6, 12_500.0)
    (line,) = demand.plan.lines
    assert (line.amounts.tolist(), line.half_units.tolist()) == ([1e6, 4.2e6], [50_000, 50_000])
    assert demand.plan.weights == (Weight("medium", "high", 0.2, 0.4, 0.7),)
    assert demand.plan.stated.tolist() == [1e6, 4.2e6]
    assert demand.plan_scenario == "plan"
    assert demand.history.opening.tolist() == [560, 539]
    assert demand.history.years == ("2022/23", "2023/24")
    assert same(
        demand.budget,
        (
            BudgetLine(
                "Placements", "2024/25", 42_500_000.0, np.nan, np.nan, (700_000.0, 200_000.0), (1, 0.5), "Budget book"
            ),
        ),
    )
    assert demand.assumptions[0] == Assumption(
        "tail_hazard", 0.25, 0.15, 0.35, "a year", "Returns of ten years", "Data team", "2024-02-01"
    )
    assert list(demand.parameters) == ["discount_rate", "gdp_deflator", "steady_state_change"]
    assert demand.yearly("discount_rate").tolist() == [0.035, 0.035]
    assert demand.yearly("gdp_deflator").tolist() == [100, 101.6]
    assert demand.parameters["gdp_deflator"].unit == "2024/25 = 100"


def test_tables_of_numbers_and_dates_are_those_of_text(full):
    typed = frames(FULL)
    for name, column, cast in (
        ("opening", "children", float),
        ("starts", "starts", int),
        ("population", "mid_year", int),
        ("savings", "dp", int),
    ):
        typed[name][column] = typed[name][column].map(cast)
    typed["opening"]["years_in_care"] = pd.to_numeric(typed["opening"]["years_in_care"])
    typed["prices"]["from"] = pd.to_datetime(typed["prices"]["from"])
    typed["weights"]["approved_on"] = pd.to_datetime(typed["weights"]["approved_on"]).dt.date
    assert same(project_from(typed).demand, full)


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_the_order_of_rows_and_columns_does_not_matter(full, data):
    shuffled = {}
    for name, frame in frames(FULL).items():
        rows = range(len(frame)) if name in LISTED else data.draw(st.permutations(range(len(frame))))
        shuffled[name] = frame.iloc[list(rows), list(data.draw(st.permutations(range(frame.shape[1]))))]
    assert same(project_from(shuffled).demand, full)


def test_marks_and_line_ends_of_spreadsheets_do_no_harm(tmp_path):
    written = {n: ("\ufeff" + "\r\n".join([*lines, ",,"]) + "\r\n").encode() for n, lines in SMALL.items()}
    assert same(read_project(write(tmp_path, written)).demand, project(SMALL).demand)


def test_what_is_no_input_is_passed_over(tmp_path):
    write(tmp_path, SMALL)
    for name in ("README.md", "~$starts.xlsx", ".hidden.csv", "chart.png"):
        (tmp_path / name).write_text("text")
    assert read_project(tmp_path).demand.title == "Totals"


# --- starts ----------------------------------------------------------------------------------------------------------

MONTHS = [f"{2024 + (m > 8) + y}-{(m + 3) % 12 + 1:02d}" for y in (0, 1) for m in range(12)]


def test_starts_by_month_are_taken_as_they_are():
    rows = [f"{s},{m},{p},{i + (p == 'residential')}" for s in ("no_change", "plan") for i, m in enumerate(MONTHS)
            for p in ("fostering", "residential")]  # fmt: skip
    demand = project(SMALL, new("starts.csv", "scenario,month,placement,starts", *rows), gone("entry_mix.csv")).demand
    assert demand.scenarios["plan"].starts[:, :, 0].tolist() == [[i, i + 1] for i in range(24)]


def test_starts_of_a_placement_are_shared_out_over_ages_as_the_mix_says():
    bands = (
        more("settings.csv", "ages,0;10;18"),
        new("opening.csv", "placement,age,children", "fostering,0-9,370", "residential,10-17,117"),
        new("entry_mix.csv", "placement,age,share", "fostering,0-9,0.6", "fostering,10-17,0.2", "residential,0-9,0.05",
            "residential,10-17,0.15"),
        new("starts.csv", "scenario,year,placement,starts", *(f"{s},{y},{p},{n}" for s in ("no_change", "plan")
            for y in ("2024/25", "2025/26") for p, n in (("fostering", 100), ("residential", 40)))),
    )  # fmt: skip
    demand = project(SMALL, *bands).demand
    yearly = demand.months.by_year(demand.scenarios["plan"].starts)
    assert yearly == pytest.approx(np.tile([[75.0, 25.0], [10.0, 30.0]], (2, 1, 1)))


def test_a_scenario_may_be_finer_than_another():
    finer = [f"plan,{y},,{p},,50" for y in ("2024/25", "2025/26") for p in ("fostering", "residential")]
    rows = [*SMALL["starts.csv"][:3], *finer]
    demand = project(SMALL, new("starts.csv", *rows)).demand
    assert demand.months.by_year(demand.scenarios["plan"].starts)[0, :, 0] == pytest.approx([50, 50])
    assert demand.months.by_year(demand.scenarios["no_change"].starts)[0, :, 0] == pytest.approx([144, 36])


def test_starts_of_another_scenario_are_as_they_come_out_there():
    chain = more("scenarios.csv", "half,Half,plan,0.5,,,", "quarter,Quarter,half,0.5,,,")
    demand = project(SMALL, chain).demand
    assert (demand.scenarios["quarter"].starts == demand.scenarios["plan"].starts * 0.25).all()


# --- stays -----------------------------------------------------------------------------------------------------------


def test_a_table_that_reaches_the_18th_birthday_needs_no_tail():
    demand = project(
        FULL,
        new("survival.csv", "age,years,share", "0-9,18,0.1", "10-17,8,0.2"),
        row("assumptions.csv", 2, "attribution,1,,,share,Guess,,"),
    ).demand
    young, older = demand.stays[0]
    assert isinstance(young, CappedStay)
    assert (young.at, older.at) == (18, 8)


def test_a_hazard_is_taken_as_it_is():
    register = new("assumptions.csv", "name,value,unit,source", "exit_hazard,0.4,a year,Returns")
    assert project(SMALL, register, gone("ceases.csv")).demand.stays[1][0] == ExponentialStay(0.4)


def test_children_leave_sooner_from_where_the_weights_say():
    files = SMALL | {"leaving.csv": ["placement,weight", "residential,4"]}
    assert project_from(frames(files)).demand.leaving.tolist() == [[1.0], [4.0]]
    assert project_from(frames(SMALL)).demand.leaving is None
