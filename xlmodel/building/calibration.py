"""How a workbook with one rate of leaving a placement is set to the demand model, where that knows more."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from xlmodel.building.project import BookProject
from xlmodel.errors import DomainError
from xlmodel.model.demand.ages import ADULT
from xlmodel.model.demand.assumptions import Demand
from xlmodel.model.demand.flow import path_of
from xlmodel.model.demand.path import Path
from xlmodel.model.demand.run import run
from xlmodel.model.domain import FloatArray
from xlmodel.model.paths import care_years, exit_hazard
from xlmodel.model.stays import ExponentialStay

__all__ = ["Calibration", "Step", "calibrated", "curve_steps", "entry_shares", "until_adult"]


@dataclass(frozen=True)
class Step:
    """One step of a survival curve: a share still in care from a time since entry on, in years, to another."""

    years: float
    share: float
    to: float

    @property
    def time(self) -> float:
        """What the step adds to the mean stay, in years."""
        return self.share * max(0.0, self.to - self.years)


@dataclass(frozen=True, eq=False)
class Calibration:
    """What the demand model has, and the factors on the rates of leaving at which the workbook's baseline has it "
    "too."""

    times: FloatArray  #: (P, Y), times the rate of leaving of each placement
    closing: dict[str, FloatArray]  #: (Y,), children at the end of each year in the demand model, by scenario
    cost: dict[str, FloatArray]  #: (Y,), £


def calibrated(project: BookProject) -> Calibration:
    """Return the factors by placement and year, and what the demand model gives for every scenario.

    With the baseline's starts and the stays as they are given, there are then the children of the demand model in every
    placement and year, net of moves. Where more children move into a placement than leave it, one factor for all
    placements gives their total instead.

    Parameters
    ----------
    project : BookProject
        The demand model of which knows more than one rate of leaving a placement.
    """
    demand = project.demand
    results = run(demand, paths=project.courses).results
    given = demand.scenario(demand.baseline)
    years = demand.months.years
    base = path_of(demand, replace(given, ceases=np.full(years, np.nan), exit_factor=np.ones(years)))
    hazards = _hazards(project)
    times = np.ones((len(demand.placements), years))
    stock: FloatArray = np.bincount(demand.opening.placement, demand.opening.children, len(demand.placements)).astype(
        float
    )
    for y in range(years):
        starts, leaving = _flows(base, y)
        times[:, y] = _times(stock, starts, leaving, hazards)
        rates = hazards * times[:, y]
        stock = stock + starts - rates * care_years(stock, starts, rates)
    return Calibration(
        times,
        {name: result.years.closing for name, result in results.items()},
        {name: result.years.cost for name, result in results.items()},
    )


def _hazards(project: BookProject) -> FloatArray:
    """Return the rate of leaving of each placement, shape (P,), a year."""
    if "survival" in project.model:
        return 1 / mean_stays(project)
    stays = [row[0] for row in project.demand.stays]
    return np.array([stay.hazard if isinstance(stay, ExponentialStay) else 1 / stay.mean for stay in stays])


def _flows(path: Path, year: int) -> tuple[FloatArray, FloatArray]:
    """Return who starts in a year and who leaves, net of moves, by placement: shape (P,) each."""
    at = slice(12 * year, 12 * (year + 1))
    starts = path.starts[at].sum(axis=(0, 2))
    leaving = (path.ceases[at] + path.moves_out[at] - path.moves_in[at]).sum(axis=(0, 2))
    return np.asarray(starts), np.asarray(leaving)


def _times(stock: FloatArray, starts: FloatArray, leaving: FloatArray, hazards: FloatArray) -> FloatArray:
    alike = np.ones_like(hazards)
    if np.isnan(starts + leaving).any():
        return alike
    if (leaving >= 0).all() and ((leaving < stock + starts) | (leaving == 0)).all():
        return np.asarray(exit_hazard(stock[:, None], starts[:, None], leaving) / hazards)
    try:
        return alike * exit_hazard(stock, starts, leaving.sum(), hazards)
    except DomainError:
        return alike


def mean_stays(project: BookProject) -> FloatArray:
    """Return the mean stay of each placement as the workbook takes it from the survival curves, shape (P,), years."""
    demand = project.demand
    shares = entry_shares(demand)
    tail = next((a.value for a in demand.assumptions if a.name == "tail_hazard"), 0.0)
    means = {}
    for key, steps in curve_steps(project).items():
        beyond = steps[-1].share / tail if tail and not demand.ages.known else 0.0
        means[key] = sum(step.time for step in steps) + beyond
    out = np.zeros(len(demand.placements))
    for p, code in enumerate(demand.placements):
        of_place = {band: mean for (place, band), mean in means.items() if place in ("", code)}
        out[p] = of_place[""] if "" in of_place else sum(shares[p, a] * of_place[b] for a, b in _bands(demand))
    return out


def _bands(demand: Demand) -> list[tuple[int, str]]:
    return list(enumerate(demand.ages.labels))


def curve_steps(project: BookProject) -> dict[tuple[str, str], list[Step]]:
    """Return the steps of each survival curve, by placement and age at entry; "" stands for all of them."""
    demand = project.demand
    points: dict[tuple[str, str], dict[float, float]] = {}
    tail = next((a.value for a in demand.assumptions if a.name == "tail_hazard"), None)
    places, bands = {"": 0} | _order(demand.placements), {"": 0} | _order(demand.ages.labels)
    for row in project.model["survival"]:
        key = (row.get("placement") or "", row.get("age") or "")
        points.setdefault(key, {0.0: 1.0})[float(row["years"])] = float(row["share"])
    out = {}
    for key in sorted(points, key=lambda k: (places[k[0]], bands[k[1]])):
        curve = sorted(points[key].items())
        last = curve[-1][0]
        never = tail == 0 and curve[-1][1] > 0  # some never leave: they count until they are grown up
        end = until_adult(demand, key[1]) if demand.ages.known else max(last, ADULT) if never else last
        ends = [min(years, end) if demand.ages.known else years for years, _ in curve[1:]] + [end]
        out[key] = [Step(years, share, to) for (years, share), to in zip(curve, ends, strict=True)]
    return out


def _order(names: tuple[str, ...]) -> dict[str, int]:
    return {name: i for i, name in enumerate(names, 1)}


def until_adult(demand: Demand, band: str) -> float:
    """Return for how many years a child of an age band at entry can stay: to 18 from the middle of the band."""
    edges = demand.ages.edges
    at = demand.ages.labels.index(band) if band else 0
    low, high = (float(edges[at]), float(edges[at + 1])) if band else (float(edges[0]), float(edges[-1]))
    return float(edges[-1]) - (low + high) / 2


def entry_shares(demand: Demand) -> FloatArray:
    """Return the share of each age band among those who start in a placement in the baseline, shape (P, A)."""
    starts = np.asarray(demand.scenarios[demand.baseline].starts).sum(axis=0)
    total = starts.sum(axis=1, keepdims=True)
    alike = np.full_like(starts, 1 / starts.shape[1])
    return np.asarray(np.divide(starts, total, out=alike, where=total > 0))
