"""Children in groups that start together: how much of a group is left, month by month.

A group is the children of the opening stock who are alike, or those who start in one month in one placement and age
band, evenly over the month. What remains of it follows from integrals of its survival, exactly, whatever the length
of the months.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlmodel.errors import DomainError
from xlmodel.model.demand.ages import Ages
from xlmodel.model.demand.assumptions import Demand
from xlmodel.model.demand.ratio import ratio
from xlmodel.model.domain import BoolArray, FloatArray
from xlmodel.model.stays import ExponentialStay, Stay

__all__ = ["Groups", "grown", "kept", "moved", "older", "scaled", "stretches"]

#: A share of a band smaller than this is rounding.
_NOTHING = 1e-12

_Places = NDArray[np.intp]

#: With a hazard of 1 the hazard over a stretch is its length.
_UNIT = ExponentialStay(1.0)


@dataclass(frozen=True)
class Groups:
    """Groups G over months T, with age bands A."""

    month: NDArray[np.intp]  #: (G,), the month a group starts in; -1 for the opening stock
    placement: NDArray[np.intp]  #: (G,)
    band: NDArray[np.intp]  #: (G,), at the start
    stay: FloatArray  #: (G, T), share of those there at a month's start, or who start in it, who stay to its end
    exposure: FloatArray  #: (G, T), average share of the month that they are there
    force: FloatArray  #: (G, T), what a constant hazard would add up to over the month to keep as many
    grow: FloatArray  #: (G, T, A), share of each band that leaves it upwards in the month

    @classmethod
    def of(cls, demand: Demand) -> Groups:
        """Return the groups of the opening stock, then those of every month, placement and band."""
        months, placements, bands = demand.months.count, len(demand.placements), demand.ages.count
        first = _opening(demand)
        every = np.indices((months, placements, bands)).reshape(3, -1)
        then = _starting(demand, *every)
        month = np.concatenate([np.full(len(demand.opening.children), -1), every[0]])
        stay, exposure, grow = (np.concatenate(pair) for pair in zip(first, then, strict=True))
        return cls(
            month,
            np.concatenate([demand.opening.placement, every[1]]),
            np.concatenate([demand.opening.band, every[2]]),
            stay,
            exposure,
            stretches(stay, month[:, None] == np.arange(months)),
            grow,
        )


_Tables = tuple[FloatArray, FloatArray, FloatArray]


def _opening(demand: Demand) -> _Tables:
    """Return share kept, exposure and growing up of the groups of the opening stock."""
    edges, opening = demand.months.edges, demand.opening
    grow = np.array([grown(demand.ages, band, edges) for band in range(demand.ages.count)])
    known: dict[tuple[int, float], tuple[FloatArray, FloatArray]] = {}
    rows = []
    entry = np.full(len(opening.children), -1) if opening.entry_band is None else opening.entry_band
    for p, band, years, came in zip(
        opening.placement, opening.band, opening.years_in_care.tolist(), entry.tolist(), strict=True
    ):
        stay = _stay_of_opening(demand, int(p), int(band), years, came)
        key = id(stay), -1.0 if np.isnan(years) else years
        if key not in known:
            known[key] = _kept_of_opening(stay, years, edges)
        rows.append(known[key])
    shape = (len(rows), demand.months.count)
    return (
        np.array([share for share, _ in rows]).reshape(shape),
        np.array([exposure for _, exposure in rows]).reshape(shape),
        grow[opening.band],
    )


def _starting(demand: Demand, month: _Places, placement: _Places, band: _Places) -> _Tables:
    """Return the same of the groups that start in each month, placement and band."""
    edges = demand.months.edges
    known: dict[int, int] = {}
    tables: list[tuple[FloatArray, FloatArray]] = []
    which = np.empty((len(demand.stays), demand.ages.count), np.intp)
    for at in np.ndindex(which.shape):
        stay = demand.stays[at[0]][at[1]]
        if id(stay) not in known:
            known[id(stay)] = len(tables)
            tables.append(kept(stay, edges))
        which[at] = known[id(stay)]
    middle = (edges[:-1] + edges[1:]) / 2
    since = np.maximum(edges - middle[:, None], 0.0)
    grow = np.array([grown(demand.ages, a, since) for a in range(demand.ages.count)])
    share, exposure = (np.array(parts) for parts in zip(*tables, strict=True))
    stay_of = which[placement, band]
    return share[stay_of, month], exposure[stay_of, month], grow[band, month]


def _stay_of_opening(demand: Demand, placement: int, band: int, years: float, entry: int) -> Stay:
    """Return the stay by the age at which a child of the opening stock came into care."""
    if entry < 0:
        entry = band if np.isnan(years) else demand.ages.band_at_entry(band, years)
    return demand.stays[placement][entry]


def _kept_of_opening(stay: Stay, years: float, edges: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return share kept and exposure in each month; where `years` is not known, as in a steady state."""
    lengths = np.diff(edges)
    if isinstance(stay, ExponentialStay):
        return _memoryless(lengths * stay.hazard)
    if np.isnan(years):
        if not np.isfinite(stay.mean):
            raise DomainError("years_in_care must be given where some children never leave", argument="opening")
        left = stay.mean - stay.area(edges)
        time = stay.mean * lengths - np.diff(stay.double_area(edges))
    else:
        further = stay.after(years)
        left, time = further.share(edges), np.diff(further.area(edges))
    return _ratios(left[:-1], left[1:], time / lengths)


def kept(stay: Stay, edges: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the share kept and the exposure in month k of children who start evenly over month c, shape (T, T)."""
    lengths = np.diff(edges)
    if isinstance(stay, ExponentialStay):
        x = lengths * stay.hazard
        share, exposure = (np.tile(row, (len(x), 1)) for row in _memoryless(x))
        first = np.diag_indices(len(x))
        share[first], exposure[first] = _even(x)
        return share, exposure
    since = np.subtract.outer(edges, edges).T  # [c, k]: time from edge c to edge k
    area, double = stay.area(since), stay.double_area(since)
    left = (area[:-1] - area[1:]) / lengths[:, None]
    time = np.diff(double[:-1] - double[1:], axis=1) / lengths[:, None]
    share, exposure = _ratios(left[:, :-1], left[:, 1:], time / lengths)
    first = np.diag_indices(len(lengths))
    share[first] = np.diagonal(left, 1)
    exposure[first] = np.diagonal(time) / lengths
    return share, exposure


def _ratios(before: FloatArray, after: FloatArray, time: FloatArray) -> tuple[FloatArray, FloatArray]:
    there = before > _NOTHING
    divisor = np.where(there, before, 1.0)
    return np.where(there, after / divisor, 0.0), np.where(there, time / divisor, 0.0)


def _memoryless(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return what is kept of children there at the start of a stretch over which the hazard adds up to x."""
    return np.exp(-x), _average(x)


def _even(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return what is kept of children who start evenly over such a stretch."""
    return _average(x), _average_of_even(x)


def _average(x: FloatArray) -> FloatArray:
    """Return (1 - exp(-x)) / x, 1 at 0."""
    safe = np.where(x == 0, 1.0, x)
    return np.where(x == 0, 1.0, -np.expm1(-safe) / safe)


def _average_of_even(x: FloatArray) -> FloatArray:
    """Return (1 - (1 - exp(-x)) / x) / x, 1/2 at 0."""
    small = x < 1e-8  # the next term of the series is x / 6
    return np.where(small, 0.5 - x / 6, _UNIT.double_area(x) / np.where(small, 1.0, x) ** 2)


def scaled(
    share: FloatArray, exposure: FloatArray, force: FloatArray, factor: float, *, entering: bool
) -> tuple[FloatArray, FloatArray]:
    """Return share kept and exposure when the chance of leaving is `factor` times as high at every moment.

    Where in the month children leave is known only through the exposure. It keeps its place between the least and the
    most that it can be, by odds against those of a constant hazard, so that a constant hazard comes out exactly.
    """
    if factor == 1.0:
        return share, exposure
    sure = np.isinf(force)
    x = np.where(sure, 1.0, force)
    new = np.where(sure, 0.0, _average(factor * x) if entering else np.exp(-factor * x))
    least, most = (0.0, 0.5) if entering else (share, 1.0)
    least_new = 0.0 if entering else new
    place, steady, steady_new = _place(exposure, least, most), _steady(x, entering), _steady(factor * x, entering)
    for_it = place * steady_new * (1 - steady)
    against = (1 - place) * (1 - steady_new) * steady
    place_new = ratio(for_it, for_it + against, 1.0)
    return new, np.where(sure, exposure, least_new + (most - least_new) * place_new)


def _place(exposure: FloatArray, least: float | FloatArray, most: float) -> FloatArray:
    """Return where between the least and the most the exposure lies, 0 to 1; 1/2 where it cannot lie anywhere else."""
    return np.clip(ratio(exposure - least, np.asarray(most - least), 0.5), 0.0, 1.0)


def _steady(x: FloatArray, entering: bool) -> FloatArray:
    """Return that place for a hazard that is constant over the month and adds up to x."""
    if entering:
        return _place(_average_of_even(x), 0.0, 0.5)
    return _place(_average(x), np.exp(-x), 1.0)


def stretches(share: FloatArray, entering: BoolArray) -> FloatArray:
    """Return what a constant hazard must add up to over a month to keep `share`; infinite where nobody is kept."""
    some = share > 0
    x = -np.log(np.where(some, share, 1.0))
    solve = entering & some & (share < 1)
    if solve.any():
        x[solve] = _stretch(share[solve])
    return np.where(some, np.maximum(x, 0.0), np.inf)


def _stretch(share: FloatArray) -> FloatArray:
    """Return the x at which (1 - exp(-x)) / x is `share`, by Newton's steps."""
    x = np.where(share < 0.3, 1 / share, np.maximum(2 * (1 - share), 1e-12))
    for _ in range(50):
        value = _average(x)
        step = (value - share) * x / (np.exp(-x) - value)
        x = np.maximum(x - step, x / 4)
        if np.all(np.abs(step) <= 4e-16 * x):
            break
    return x


def grown(ages: Ages, band: int, later: FloatArray) -> FloatArray:
    """Return the share of each band that leaves it upwards between one time and the next, shape (..., T, A)."""
    if not ages.known:
        return np.zeros((*later.shape[:-1], later.shape[-1] - 1, 1))
    shares = ages.shares(band, later)
    before = shares[..., :-1, :]
    upwards = np.cumsum(before - shares[..., 1:, :], axis=-1)
    there = before > _NOTHING
    return np.where(there, np.clip(upwards / np.where(there, before, 1.0), 0.0, 1.0), 0.0)


def moved(kept: FloatArray, moves: FloatArray) -> FloatArray:
    """Return children after moves; `kept` itself where nobody moves."""
    if (moves == np.eye(moves.shape[1])).all():
        return kept
    return np.asarray(np.einsum("gpa,apq->gqa", kept, moves))


def older(children: FloatArray, grow: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return children in their bands a month later, and those who left each band upwards."""
    up = children * grow[:, None, :]
    end = children - up
    end[..., 1:] += up[..., :-1]
    return end, up
