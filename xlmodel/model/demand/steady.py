"""Where flows lead if they go on for ever: the stock of a steady state, which is the ceiling of a recurring claim."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from xlmodel.model.demand.ages import ADULT, Ages
from xlmodel.model.demand.assumptions import Demand
from xlmodel.model.demand.groups import grown, kept, moved, older, scaled, stretches
from xlmodel.model.demand.leaving import staying
from xlmodel.model.demand.months import MONTHS_A_YEAR
from xlmodel.model.demand.ratio import ratio
from xlmodel.model.domain import FloatArray
from xlmodel.model.stays import Stay

__all__ = ["years_in_care"]

_HORIZON = int(ADULT) * MONTHS_A_YEAR


def years_in_care(demand: Demand, factor: float) -> FloatArray:
    """Return the years that one entrant spends in each placement in all: the mean stay, by where it is spent.

    Times the starts a year it is the stock that they lead to.

    Parameters
    ----------
    demand : Demand
        Stays, moves and ages.
    factor : float
        Multiplies the chance of leaving.

    Returns
    -------
    ndarray, shape (P, A, P), years; read-only
        By placement and age at entry, and placement; infinite where some never leave.

    References
    ----------
    docs/model.md, "The demand model".
    """
    return _years(_Given(demand.stays, demand.ages, demand.moves, demand.leaving), factor)


@dataclass(frozen=True, eq=False)
class _Given:
    """What years in care follow from; equal where these are the very same objects, as in a run that varies others."""

    stays: tuple[tuple[Stay, ...], ...]
    ages: Ages
    moves: FloatArray
    leaving: FloatArray | None

    def _parts(self) -> tuple[object, ...]:
        return self.stays, self.ages, self.moves, self.leaving

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Given) and all(a is b for a, b in zip(self._parts(), other._parts(), strict=True))

    def __hash__(self) -> int:
        return hash(tuple(id(part) for part in self._parts()))


@lru_cache(maxsize=64)
def _years(given: _Given, factor: float) -> FloatArray:
    placements, bands = len(given.stays), given.ages.count
    edges = np.arange(_HORIZON + 1) / MONTHS_A_YEAR
    share, exposure, grow = _tables(given, edges, factor)
    state = np.zeros((placements * bands, placements, bands))
    for g, (p, a) in enumerate(np.ndindex(placements, bands)):
        state[g, p, a] = 1.0
    years = np.zeros((placements * bands, placements))
    for m in range(_HORIZON):
        start = state
        state = staying(start, share[:, m], given.leaving if m else None)
        state, _ = older(moved(state, given.moves) if m else state, grow[:, m])
        # those who start come evenly over the first month; none are there when it begins
        there, whole = (start + state, 1 + share[:, m]) if m else (state, share[:, m])
        years += there.sum(axis=2) * ratio(exposure[:, m], whole)[:, None] / MONTHS_A_YEAR
    years += _beyond(given, state, edges[-1], factor)
    years.flags.writeable = False  # it is given out again
    return years.reshape(placements, bands, placements)


def _tables(given: _Given, edges: FloatArray, factor: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return share kept, exposure and growing up of one group for each placement and band, over all months."""
    entering = np.arange(_HORIZON) == 0
    known: dict[int, tuple[FloatArray, FloatArray]] = {}
    rows = []
    for row in given.stays:
        for stay in row:
            if id(stay) not in known:
                share, exposure = (table[0] for table in kept(stay, edges))
                force = stretches(share, entering)
                parts = [
                    scaled(share[at], exposure[at], force[at], factor, entering=first)
                    for at, first in ((slice(0, 1), True), (slice(1, None), False))
                ]
                known[id(stay)] = (np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts]))
            rows.append(known[id(stay)])
    later = np.maximum(edges - edges[1] / 2, 0.0)
    grow = [grown(given.ages, a, later) for _ in given.stays for a in range(given.ages.count)]
    return np.array([s for s, _ in rows]), np.array([e for _, e in rows]), np.array(grow)


def _beyond(given: _Given, state: FloatArray, t: float, factor: float) -> FloatArray:
    """Return the years after the horizon, where no birthday ends a stay."""
    left: FloatArray = state.sum(axis=2)
    out = np.zeros_like(left)
    stays = [stay for row in given.stays for stay in row]
    for g in np.flatnonzero(left.any(axis=1)):
        out[g] = left[g] * (stays[g].after(t).mean / factor if factor else np.inf)
    return out
