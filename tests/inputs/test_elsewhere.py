"""Forecasts made elsewhere: what is taken, what is worked out, what stays unknown and what is refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from inputs.given import FULL, TOTALS, edited, frames, more, new, row

from xlmodel.errors import InputError
from xlmodel.inputs.elsewhere import paths_from
from xlmodel.inputs.project import project_from
from xlmodel.model.demand.run import run

FLOWS = ("opening", "starts", "moves_in", "moves_out", "aged_in", "aged_out", "ceases", "closing", "care_days")
MONTHS = [str(m) for m in np.arange("2024-04", "2026-04", dtype="datetime64[M]")]

#: 487 children, and every month 10 who start and 12 who cease.
STEADY = [f"other,{m},10,12,{487 - 2 * (i + 1)}" for i, m in enumerate(MONTHS)]
OTHER = more("scenarios.csv", "other,Their model")


def steady(*rows, columns="scenario,month,starts,ceases,closing"):
    return edited(TOTALS, OTHER, new("forecast.csv", columns, *(rows or STEADY)))


def faults(files):
    with pytest.raises(InputError) as refused:
        project_from(frames(files))
    return [str(p) for p in refused.value.problems]


def as_frame(path, columns=FLOWS):
    """Return a path as somebody else's forecast."""
    cells = np.ndindex(path.closing.shape)
    return pd.DataFrame(
        [
            {
                "scenario": path.scenario,
                "month": str(path.months.starts[m])[:7],
                "placement": path.placements[p],
                "age": path.ages.labels[a],
                **{c: getattr(path, c)[m, p, a] for c in columns},
            }
            for m, p, a in cells
        ]
    )


@pytest.fixture(scope="module")
def ours():
    return run(project_from(frames(FULL)).demand)


def test_a_scenario_from_elsewhere_runs_beside_ours():
    project = project_from(frames(steady()))
    path = project.paths["other"]
    assert list(project.paths) == ["other"]
    assert path.opening[:3, 0, 0].tolist() == [487, 485, 483]
    assert path.care_days[0, 0, 0] == 486 * 30
    assert path.exit_chance[0, 0] == 12 / 487
    assert path.ceases_by_reason[:, 0, 0].tolist() == [12] * 24
    assert project.demand.scenarios["other"].starts[0, 0, 0] == 10
    found = run(project.demand, paths=project.paths)
    assert found.results["other"].years.closing.tolist() == [463, 439]
    assert [c for c in found.checks if not c.holds] == []


def test_the_one_flow_that_is_left_out_is_worked_out():
    rows = [f"other,{m},10,{487 - 2 * (i + 1)}" for i, m in enumerate(MONTHS)]
    project = project_from(frames(steady(*rows, columns="scenario,month,starts,closing")))
    assert project.paths["other"].ceases[:, 0, 0].tolist() == [12] * 24


def test_starts_are_taken_from_the_scenario_s_own():
    rows = [f"plan,{m},{487 - 2 * (i + 1)}" for i, m in enumerate(MONTHS)]
    files = edited(
        TOTALS, new("forecast.csv", "scenario,month,closing", *rows), row("ceases.csv", 2, "no_change,2024/25,200")
    )
    path = project_from(frames(edited(files, new("ceases.csv", *files["ceases.csv"][:2])))).paths["plan"]
    assert path.starts.sum() == pytest.approx(242)
    assert path.ceases.sum() == pytest.approx(242 + 48)


def test_the_stock_alone_leaves_the_flows_unknown():
    rows = [f"other,{m},{487 - 2 * (i + 1)}" for i, m in enumerate(MONTHS)]
    project = project_from(frames(steady(*rows, columns="scenario,month,closing")))
    path = project.paths["other"]
    assert np.isnan(path.starts).all()
    assert np.isnan(path.exit_chance).all()
    assert path.care_days[0, 0, 0] == 486 * 30


def test_our_own_path_comes_back_as_it_went_out(ours):
    path = ours.results["plan"].path
    back = paths_from(as_frame(path), ours.demand)["plan"]
    for name in FLOWS:
        assert getattr(back, name) == pytest.approx(getattr(path, name), rel=1e-12, abs=1e-9), name


def test_what_is_left_out_of_our_own_path_is_worked_out(ours):
    path = ours.results["plan"].path
    kept = as_frame(path, ("starts", "moves_in", "moves_out", "aged_out", "closing"))
    back = paths_from(kept, ours.demand)["plan"]
    for name in ("opening", "aged_in", "ceases"):
        assert getattr(back, name) == pytest.approx(getattr(path, name), rel=1e-9, abs=1e-9), name


def test_starts_of_the_demand_model_are_taken_where_the_forecast_has_none(ours):
    path = ours.results["plan"].path
    back = paths_from(as_frame(path, ("closing",)), ours.demand)["plan"]
    assert (back.starts == ours.demand.scenarios["plan"].starts).all()
    assert np.isnan(back.ceases).all()


def test_entrants_cease_where_more_cease_than_were_there():
    rows = [f"other,{m},10,10,0" for m in MONTHS]
    files = edited(
        steady(*rows), row("opening.csv", 2, "0"), new("ceases.csv", "scenario,year,ceases", "plan,2024/25,9")
    )
    path = project_from(frames(files)).paths["other"]
    assert path.exit_chance[0, 0] == 0
    assert path.entrant_exit_chance[0, 0] == 1


WHOLE = "must be opening + starts + moves in - moves out + aged in - aged out - ceases"
CELL = "scenario,month,opening,starts,ceases,closing,care_days"

BAD = [
    (
        "a month missing",
        steady(*STEADY[:3], *STEADY[4:]),
        ["forecast.csv, month: must have rows of other for 2024-07 care all"],
    ),
    (
        "a stock that does not follow",
        steady(STEADY[0].replace("485", "486"), *STEADY[1:]),
        [
            f"forecast.csv, row 2, closing: {WHOLE}, 485; it is 486",
            f"forecast.csv, row 3, closing: {WHOLE}, 484; it is 483",
        ],
    ),
    (
        "another opening",
        steady(
            *(f"other,{m},{488 if i == 0 else ''},10,12,{487 - 2 * (i + 1)}," for i, m in enumerate(MONTHS)),
            columns=CELL,
        ),
        ["forecast.csv, row 2, opening: must be the children of opening.csv, 487; it is 488"],
    ),
    (
        "an opening that is not the closing before",
        steady(
            *(f"other,{m},{488 if i == 1 else ''},10,12,{487 - 2 * (i + 1)}," for i, m in enumerate(MONTHS)),
            columns=CELL,
        ),
        ["forecast.csv, row 3, opening: must be the closing of the month before, 485; it is 488"],
    ),
    (
        "more care days than there are",
        steady(
            *(f"other,{m},,10,12,{487 - 2 * (i + 1)},{20_000 if i == 0 else ''}" for i, m in enumerate(MONTHS)),
            columns=CELL,
        ),
        [
            "forecast.csv, row 2, care_days: must be no more than all children of the month can have, 14910; "
            "it is 20000",
        ],
    ),
    (
        "ceases below 0",
        steady(
            *(f"other,{m},1,{487 + (i + 1)}" for i, m in enumerate(MONTHS[:-1])),
            "other,2026-03,1,512",
            columns="scenario,month,starts,closing",
        ),
        ["forecast.csv, row 25, ceases: must be >= 0, and the other columns leave, -1"],
    ),
    (
        "moves with one placement",
        steady(
            "other,2024-04,10,1,13,485",
            *(f"other,{m},10,,12,{487 - 2 * (i + 2)}" for i, m in enumerate(MONTHS[1:])),
            columns="scenario,month,starts,moves_in,ceases,closing",
        ),
        [
            f"forecast.csv, row 2, closing: {WHOLE}, 484; it is 485",
            "forecast.csv, row 2, moves_in: must be 0 or blank: there is one placement; it is 1",
        ],
    ),
    (
        "starts given twice",
        edited(steady(), more("starts.csv", "other,2024/25,120", "other,2025/26,120")),
        ["forecast.csv, starts: must be blank where starts.csv has other"],
    ),
    (
        "ceases given twice",
        edited(steady(), more("ceases.csv", "other,2024/25,144")),
        ["ceases.csv, scenario: must not have other, which forecast.csv has"],
    ),
    (
        "a factor on another's forecast",
        edited(steady(), new("scenarios.csv", "scenario,label,exit_factor", "no_change,No,", "plan,P,", "other,O,1.1")),
        ["scenarios.csv, row 4, exit_factor: must be blank where forecast.csv has other; it is 1.1"],
    ),
    (
        "a month twice",
        steady(*STEADY, STEADY[0]),
        ["forecast.csv, row 26: must not repeat row 2 (the same scenario and month)"],
    ),
]


@pytest.mark.parametrize(("files", "expected"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_what_is_said_of(files, expected):
    assert faults(files) == expected


@pytest.mark.parametrize(
    ("name", "at", "message"),
    [
        ("aged_in", (1, 0, 1), "aged_in: must be aged_out of the band below"),
        ("aged_out", (1, 0, 1), "aged_out: must be 0 or blank: who turns 18 ceases; it is 1"),
        ("moves_in", (1, 0, 0), "moves_in: must add up to moves_out over the placements of a month and age"),
    ],
)
def test_flows_between_cells_must_meet(ours, name, at, message):
    path = ours.results["plan"].path
    flow = getattr(path, name).copy()
    flow[at] += 1
    with pytest.raises(InputError, match=message):
        paths_from(as_frame(replace(path, **{name: flow})), ours.demand)
