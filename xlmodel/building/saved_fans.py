"""What is drawn once, when a workbook is built: the fans of every scenario, and the path that it had then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from xlmodel.building.sheet import Build
from xlmodel.engine.native import Model
from xlmodel.errors import ArgumentError
from xlmodel.model.demand.run import run
from xlmodel.model.demand.simulation import VARIED, Fan, simulate
from xlmodel.model.demand.study import RUNS, SEED
from xlmodel.model.demand.years import prices
from xlmodel.values import Scalar, Values

__all__ = ["LEVELS", "SavedFans", "SavedRow", "saved_fans"]

#: What share of the runs each interval holds; with the median that is five quantiles.
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)


@dataclass(frozen=True)
class SavedRow:
    """One scenario and year."""

    scenario: str
    year: str
    then: tuple[float, float]  #: children on 31 March and cost (£) of the workbook when the fans were drawn
    expected: tuple[float, float] | None  #: the same of the full model; None where it has none
    children: list[float] | None  #: quantiles of children on 31 March; None where nothing could be drawn
    cost: list[float] | None  #: quantiles of cost, £


@dataclass(frozen=True)
class SavedFans:
    """Every scenario's fan by year, and what it was drawn from."""

    runs: int
    seed: int
    rows: tuple[SavedRow, ...]
    ranges: tuple[tuple[str, float, float, float], ...]  #: name, low, value and high of what each run varied
    left_out: tuple[str, ...]  #: why a scenario was not drawn


def saved_fans(build: Build, runs: int = RUNS, seed: int = SEED) -> SavedFans:
    """Return the fans of all scenarios, and the workbook's own path as it stands now.

    Parameters
    ----------
    build : Build
        A workbook whose sheet Calculation is written.
    runs, seed : int
        How many runs a scenario has, and where their random numbers begin.
    """
    demand = build.project.demand
    found = run(demand, paths=build.project.courses)
    then = _path_now(build)
    rows: list[SavedRow] = []
    left_out: list[str] = []
    for name in demand.scenarios:
        result = found.results[name]
        fan: Fan | None = None
        try:
            fan = simulate(
                result.path, prices(demand, result.scenario), assumptions=demand.assumptions, runs=runs, seed=seed
            )
        except ArgumentError as error:
            left_out.append(f"{name}: {error}")
        for y, year in enumerate(demand.months.labels):
            rows.append(
                SavedRow(
                    scenario=name,
                    year=year,
                    then=then[f"{name}|{year}"],
                    expected=(float(result.years.closing[y]), float(result.years.cost[y])),
                    children=None if fan is None else demand.months.at_year_end(fan.stock.quantiles)[y].tolist(),
                    cost=None if fan is None else fan.cost.quantiles[y].tolist(),
                )
            )
    ranges = tuple((a.name, a.low, a.value, a.high) for a in demand.assumptions if a.ranged and a.name in VARIED)
    return SavedFans(runs, seed, tuple(rows), ranges, tuple(left_out))


def _path_now(build: Build) -> Mapping[str, tuple[float, float]]:
    """Return children and cost of the sheet Calculation by key, calculated as the finished workbook will be."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "unfinished.xlsx"
        build.wb.save(path)
        for ws in build.wb:
            ws.legacy_drawing = (
                None  # openpyxl takes the notes of a sheet that it has saved for those of a file it read
            )
        model = Model.open(path, build.registry)
        model.calculate()
    keys, closing, cost = (_column(build, model, name) for name in ("Case_key", "Case_closing", "Case_cost"))
    return {
        str(key): (_number(key, children), _number(key, pounds))
        for key, children, pounds in zip(keys, closing, cost, strict=True)
    }


def _column(build: Build, model: Model, name: str) -> list[Scalar | Values]:
    """Return the values of a named column."""
    title, area = next(iter(build.wb.defined_names[name].destinations))
    return [model.value(f"{title}!{cell.coordinate}") for (cell,) in build.wb[title][area]]


def _number(key: object, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"the sheet Calculation must have a number for {key}; it has {value!r}")
    return float(value)
