"""The children of a scenario, month by month, by placement and age band.

In a month, in this order: children leave as their stays say, those who stay may move, everybody grows older. Children
who start in the month come evenly over it; they may leave in it and grow, and move from the next month on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from xlmodel.errors import DomainError
from xlmodel.model.demand.assumptions import Demand, Scenario
from xlmodel.model.demand.groups import Groups, moved, older, scaled
from xlmodel.model.demand.leaving import staying
from xlmodel.model.demand.months import MONTHS_A_YEAR
from xlmodel.model.demand.path import Path
from xlmodel.model.demand.ratio import ratio
from xlmodel.model.domain import FloatArray

__all__ = ["TURNED_18", "path_of"]

#: The reason of a child who ceases on the 18th birthday, where ages are known.
TURNED_18 = "turned_18"

_LARGEST_FACTOR = 1e4


@dataclass
class _Month:
    """What happened in one month, by placement and band (P, A) unless another shape is given."""

    opening: FloatArray
    starts: FloatArray
    left: FloatArray  #: before 18
    adult: FloatArray  #: on the 18th birthday
    moves_in: FloatArray
    moves_out: FloatArray
    aged_in: FloatArray
    aged_out: FloatArray
    closing: FloatArray
    average: FloatArray  #: children there, averaged over the month
    moves: FloatArray  #: (P, P)
    stayed: FloatArray  #: (P,), of the opening stock, before moves
    left_of_entrants: FloatArray  #: (P,), in the month of starting
    time: FloatArray  #: (G,), average number of each group


def path_of(demand: Demand, scenario: Scenario, groups: Groups | None = None) -> Path:
    """Return the stocks and flows of a scenario.

    Parameters
    ----------
    demand : Demand
        Opening stock, stays, moves and reasons.
    scenario : Scenario
        Starts, and what it states or changes of ceasing.
    groups : Groups, optional
        Those of `demand`, where several scenarios are run.

    Returns
    -------
    Path

    Raises
    ------
    DomainError
        A scenario states more ceases than there are children, or fewer than turn 18.

    References
    ----------
    docs/model.md, "The demand model".
    """
    groups = groups or Groups.of(demand)
    state = _opening_state(demand, groups)
    months: list[_Month] = []
    factors = np.empty(demand.months.years)
    for year in range(demand.months.years):
        stated = float(scenario.ceases[year])
        factors[year] = (
            float(scenario.exit_factor[year])
            if np.isnan(stated)
            else _factor_for(demand, scenario, groups, state, year, stated)
        )
        for month, after in _year(demand, scenario, groups, state, year, float(factors[year])):
            months.append(month)
            state = after
    return _path(demand, scenario, groups, months, factors)


def _opening_state(demand: Demand, groups: Groups) -> FloatArray:
    """Return children by group, placement and band when the forecast begins."""
    state = np.zeros((len(groups.month), len(demand.placements), demand.ages.count))
    n = len(demand.opening.children)
    state[np.arange(n), groups.placement[:n], groups.band[:n]] = demand.opening.children
    return state


def _year(
    demand: Demand, scenario: Scenario, groups: Groups, state: FloatArray, year: int, factor: float
) -> Iterator[tuple[_Month, FloatArray]]:
    """Yield each month of a year with the state at its end."""
    for m in range(year * MONTHS_A_YEAR, (year + 1) * MONTHS_A_YEAR):
        month, state = _step(demand, scenario, groups, state, m, factor)
        yield month, state


def _step(
    demand: Demand, scenario: Scenario, groups: Groups, state: FloatArray, m: int, factor: float
) -> tuple[_Month, FloatArray]:
    there, new = np.flatnonzero(groups.month < m), np.flatnonzero(groups.month == m)
    grow = groups.grow[:, m]
    stay, exposure = _kept(groups, there, m, factor, entering=False)
    old = state[there]
    kept = staying(old, stay, demand.leaving)
    left = old - kept
    end, up = older(moved(kept, demand.moves), grow[there])
    average = (old + end) * (exposure / (1 + stay))[:, None, None]

    begun = np.zeros((len(new), *state.shape[1:]))
    at = np.arange(len(new)), groups.placement[new], groups.band[new]
    begun[at] = scenario.starts[m][groups.placement[new], groups.band[new]]
    stay_new, exposure_new = _kept(groups, new, m, factor, entering=True)
    left_new = begun * (1 - stay_new)[:, None, None]
    end_new, up_new = older(begun - left_new, grow[new])
    weight = ratio(exposure_new, stay_new)
    average_new = np.where(
        (stay_new > 0)[:, None, None], end_new * weight[:, None, None], begun * exposure_new[:, None, None]
    )

    after = state.copy()
    after[there], after[new] = end, end_new
    time = np.zeros(len(state))
    time[there], time[new] = average.sum(axis=(1, 2)), average_new.sum(axis=(1, 2))
    aged = up.sum(axis=0) + up_new.sum(axis=0)
    by_cell = kept.sum(axis=0)
    flows = np.einsum("pa,apq->pqa", by_cell, demand.moves)
    own = np.arange(flows.shape[0])
    flows[own, own] = 0.0
    adult = np.zeros_like(by_cell)
    aged_in = np.zeros_like(by_cell)
    aged_out = aged.copy()
    if demand.ages.known:
        adult[:, -1], aged_out[:, -1] = aged[:, -1], 0.0
        aged_in[:, 1:] = aged[:, :-1]
    return (
        _Month(
            opening=old.sum(axis=0),
            starts=begun.sum(axis=0),
            left=left.sum(axis=0) + left_new.sum(axis=0),
            adult=adult,
            moves_in=flows.sum(axis=0),
            moves_out=flows.sum(axis=1),
            aged_in=aged_in,
            aged_out=aged_out,
            closing=after.sum(axis=0),
            average=average.sum(axis=0) + average_new.sum(axis=0),
            moves=flows.sum(axis=2),
            stayed=kept.sum(axis=(0, 2)),
            left_of_entrants=left_new.sum(axis=(0, 2)) + (up_new[:, :, -1].sum(axis=0) if demand.ages.known else 0.0),
            time=time,
        ),
        after,
    )


def _kept(
    groups: Groups, which: NDArray[np.intp], m: int, factor: float, *, entering: bool
) -> tuple[FloatArray, FloatArray]:
    return scaled(groups.stay[which, m], groups.exposure[which, m], groups.force[which, m], factor, entering=entering)


def _factor_for(
    demand: Demand, scenario: Scenario, groups: Groups, state: FloatArray, year: int, stated: float
) -> float:
    """Return the factor on the chance of leaving at which a year comes out with the ceases that are stated."""
    still = replace(demand, moves=np.broadcast_to(np.eye(state.shape[1]), demand.moves.shape))
    months = slice(year * MONTHS_A_YEAR, (year + 1) * MONTHS_A_YEAR)
    most = state.sum() + scenario.starts[months].sum()

    def miss(log_factor: float) -> float:
        steps = _year(still, scenario, groups, state, year, float(np.exp(log_factor)))
        return float(sum(step.left.sum() + step.adult.sum() for step, _ in steps)) - stated

    low, high = np.log(1 / _LARGEST_FACTOR), np.log(_LARGEST_FACTOR)
    where = f"ceases of {scenario.name} in {demand.months.labels[year]}"
    if stated >= most:
        raise DomainError(
            f"{where} must be below the {most:,.1f} children of the opening stock and the starts",
            argument="ceases",
            offender=stated,
        )
    if stated == 0 and not demand.ages.known:
        return 0.0
    if miss(low) > 0:
        least = miss(low) + stated
        raise DomainError(
            f"{where} must be above the {least:,.1f} children who leave whatever is done, most of them at 18",
            argument="ceases",
            offender=stated,
        )
    if miss(high) < 0:
        raise DomainError(
            f"{where} must be reachable: the survival table keeps too many children", argument="ceases", offender=stated
        )
    return float(np.exp(brentq(miss, low, high, xtol=1e-14, rtol=1e-14)))


def _path(demand: Demand, scenario: Scenario, groups: Groups, months: list[_Month], factors: FloatArray) -> Path:
    def stacked(name: str) -> FloatArray:
        return np.array([getattr(m, name) for m in months])

    left, adult, starts = stacked("left"), stacked("adult"), stacked("starts")
    ceases = left + adult
    reasons = np.einsum("tpa,ar->tpr", left, demand.reason_shares)
    names = demand.reasons
    if demand.ages.known:
        reasons = np.concatenate([reasons, adult.sum(axis=2)[..., None]], axis=-1)
        names = (*names, TURNED_18)
    opening, left_new, stayed = stacked("opening"), stacked("left_of_entrants"), stacked("stayed")
    by_place = opening.sum(axis=2)
    leaving = ceases.sum(axis=2) - left_new
    moves = stacked("moves")
    stay_put = np.maximum(stayed - moves.sum(axis=2), 0.0)
    target = moves + stay_put[:, :, None] * np.eye(len(demand.placements))
    share = ratio(target, stayed[:, :, None])
    nobody = (stayed <= 0)[:, :, None]
    return Path(
        scenario=scenario.name,
        months=demand.months,
        placements=demand.placements,
        ages=demand.ages,
        reasons=names,
        opening=opening,
        starts=starts,
        moves_in=stacked("moves_in"),
        moves_out=stacked("moves_out"),
        aged_in=stacked("aged_in"),
        aged_out=stacked("aged_out"),
        ceases=ceases,
        closing=stacked("closing"),
        care_days=stacked("average") * demand.months.days[:, None, None],
        ceases_by_reason=reasons,
        moves=moves,
        exit_chance=np.clip(ratio(leaving, by_place), 0.0, 1.0),
        entrant_exit_chance=np.clip(ratio(left_new, starts.sum(axis=2)), 0.0, 1.0),
        move_chance=np.where(nobody, np.eye(len(demand.placements)), share),
        exit_factor=factors,
        cohort_child_years=_cohorts(demand, groups, stacked("time")),
    )


def _cohorts(demand: Demand, groups: Groups, average: FloatArray) -> FloatArray:
    """Return child-years by year of entry, with the opening stock first, and year of care: shape (Y + 1, Y)."""
    years = demand.months.by_year(average * demand.months.lengths[:, None])
    entry = np.where(groups.month < 0, 0, groups.month // MONTHS_A_YEAR + 1)
    out = np.zeros((demand.months.years + 1, demand.months.years))
    np.add.at(out, entry, years.T)
    return out
