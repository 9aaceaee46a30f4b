"""The episodes of made-up periods of care: where a child lives, under which legal status, and what changes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xlmodel.inputs.ssda903.fields import DayNumbers
from xlmodel.model.codes import SAME_DAY_EPISODE
from xlmodel.model.domain import BoolArray

__all__ = ["OPEN", "cut_into_episodes", "episode_fields"]

#: Later than any day.
OPEN = 2_000_000

_YEAR = 365.25

#: Changes a year in the first half year of care, and after it.
_EARLY, _EARLY_YEARS, _LATER = 5.2, 0.5, 2.2

#: What changes: carers, the legal status, the placement under the same carer, and both together.
_CHANGES, _CHANGE_SHARES = ("P", "L", "T", "B", "U"), (0.56, 0.26, 0.05, 0.10, 0.03)
_MOVES, _LEGAL = ("P", "T", "B", "U"), ("L", "B", "U")

#: Kinds of home: the code, the provider and how often. K3 took over from H5 on the day below.
_HOMES: tuple[tuple[str, str, tuple[float, ...]], ...] = (
    # code, provider, weight at entry by age band from 0, 5, 12, 16
    ("U6", "PR1", (0.38, 0.34, 0.16, 0.06)),
    ("U5", "PR1", (0.06, 0.01, 0.0, 0.0)),
    ("U4", "PR1", (0.04, 0.10, 0.06, 0.02)),
    ("U6", "PR4", (0.14, 0.22, 0.20, 0.08)),
    ("U4", "PR5", (0.01, 0.04, 0.05, 0.02)),
    ("U3", "PR1", (0.20, 0.16, 0.09, 0.04)),
    ("U1", "PR1", (0.04, 0.04, 0.02, 0.01)),
    ("U2", "PR1", (0.01, 0.0, 0.0, 0.0)),
    ("K2", "PR4", (0.0, 0.03, 0.26, 0.13)),
    ("K2", "PR1", (0.0, 0.01, 0.06, 0.04)),
    ("R3", "PR4", (0.03, 0.0, 0.0, 0.0)),
    ("S1", "PR4", (0.0, 0.005, 0.01, 0.005)),
    ("R1", "PR4", (0.0, 0.005, 0.01, 0.005)),
    ("K3", "PR4", (0.0, 0.0, 0.01, 0.44)),
    ("P2", "PR1", (0.0, 0.0, 0.0, 0.06)),
    ("K1", "PR1", (0.0, 0.0, 0.01, 0.005)),
    ("R5", "PR1", (0.0, 0.0, 0.01, 0.02)),
    ("P1", "PR0", (0.07, 0.04, 0.03, 0.02)),
    ("R2", "PR3", (0.01, 0.0, 0.005, 0.005)),
    ("T4", "PR1", (0.01, 0.01, 0.01, 0.005)),
    ("Z1", "PR4", (0.0, 0.0, 0.005, 0.02)),
)
_HOME_EDGES = np.array([5, 12, 16])
_SUPPORTED_ACCOMMODATION = int(np.datetime64("2023-10-28").astype(np.int64))
_SAME_HOME = 0.35  #: how often a change of carers leads to the same kind of home

_ADOPTERS = ("A5", "A6", "A3", "A4")
_FIRST_STATUS, _FIRST_SHARES = ("V2", "C1", "L1", "L2", "J1"), (0.55, 0.32, 0.07, 0.04, 0.02)
_LATER_STATUS, _LATER_SHARES = ("C2", "C1", "V2", "E1"), (0.68, 0.17, 0.07, 0.08)
_NEEDS, _NEED_SHARES = (
    ("N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8"),
    (0.62, 0.03, 0.03, 0.08, 0.14, 0.02, 0.01, 0.07),
)
_WHY_MOVED = ("CARPL", "CREQB", "CREQO", "CHILD", "LAREQ", "PLACE", "STAND", "OTHER")


def cut_into_episodes(
    dice: np.random.Generator, begin: DayNumbers, end: DayNumbers
) -> tuple[NDArray[np.intp], DayNumbers, DayNumbers]:
    """Return the episodes of each period: its index, the first day and the day it ceases, which begins the next."""
    years = (end - begin) / _YEAR
    early = np.minimum(years, _EARLY_YEARS) * _EARLY
    total = early + np.maximum(years - _EARLY_YEARS, 0) * _LATER
    changes = dice.poisson(total)
    at = np.repeat(np.arange(len(begin)), changes)
    spent = dice.random(len(at)) * total[at]
    soon = spent < _EARLY * _EARLY_YEARS
    when = np.where(soon, spent / _EARLY, _EARLY_YEARS + (spent - _EARLY * _EARLY_YEARS) / _LATER)
    day = begin[at] + 1 + (when * _YEAR).astype(np.int64)
    inside = day < end[at]
    at = np.concatenate([np.arange(len(begin)), at[inside]])
    day = np.concatenate([begin, day[inside]])
    at, day = np.unique(np.stack([at, day]), axis=1)  # a day has one change at most
    last = np.append(at[1:] != at[:-1], True)
    return at, day, np.where(last, end[at], np.append(day[1:], 0))


def episode_fields(
    dice: np.random.Generator,
    at: NDArray[np.intp],
    begin: DayNumbers,
    end: DayNumbers,
    birth: DayNumbers,
    reasons: NDArray[np.str_],
    uasc: BoolArray,
) -> pd.DataFrame:
    """Return all fields but the child and the dates; `birth`, `reasons` and `uasc` are by period."""
    n = len(at)
    first = np.concatenate([[True], at[1:] != at[:-1]])
    last = np.append(first[1:], True)
    adopted = np.char.startswith(reasons[at], "E1") & np.isin(reasons[at], ("E11", "E12"))
    change = np.where(first, "S", dice.choice(_CHANGES, size=n, p=_CHANGE_SHARES))
    change = np.where(last & adopted & ~first, "P", change)
    home = _homes(dice, np.isin(change, _MOVES) | first, change == "T", (begin - birth[at]) / _YEAR, uasc[at])
    place, provider = (np.array([h[k] for h in _HOMES])[home] for k in (0, 1))
    place = np.where((place == "K3") & (begin < _SUPPORTED_ACCOMMODATION), "H5", place)
    place = np.where(last & adopted & ~first, dice.choice(_ADOPTERS, size=n, p=(0.55, 0.25, 0.15, 0.05)), place)
    moved_next = np.append(np.isin(change[1:], _MOVES), False) & ~last
    return pd.DataFrame(
        {
            "RNE": change,
            "LS": _statuses(dice, first, np.isin(change, _LEGAL), uasc[at]),
            "CIN": dice.choice(_NEEDS, size=len(birth), p=_NEED_SHARES)[at],
            "PLACE": place,
            "PLACE_PROVIDER": provider,
            "REC": np.where(last, reasons[at], SAME_DAY_EPISODE),
            "REASON_PLACE_CHANGE": np.where(moved_next, dice.choice(_WHY_MOVED, size=n), ""),
            "HOME_POST": "ZZ99 9ZZ",
            "PL_POST": "ZZ99 9ZZ",
            "URN": np.where(np.isin(place, ("K1", "K2", "R3", "S1")), "SC000000", "XXXXXX"),
        },
        dtype=object,
    )


def _homes(
    dice: np.random.Generator, moves: BoolArray, same_carer: BoolArray, age: NDArray[np.float64], uasc: BoolArray
) -> NDArray[np.intp]:
    """Return the kind of home in each episode: drawn by age where the child moves, else that of the episode before."""
    weights = np.array([h[2] for h in _HOMES]).T
    shares = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    band = np.searchsorted(_HOME_EDGES, np.where(uasc, np.maximum(age, 15), age), side="right")
    band = np.where(uasc & (dice.random(len(age)) < 0.5), 3, band)
    drawn = (dice.random(len(age))[:, None] > shares[band]).sum(axis=1).clip(0, len(_HOMES) - 1)
    settled = np.concatenate([[False], band[1:] == band[:-1]])
    stays = ~moves | same_carer | (settled & (dice.random(len(age)) < _SAME_HOME))
    first = np.flatnonzero(~stays)
    return np.asarray(drawn[first[np.cumsum(~stays) - 1]])


def _statuses(dice: np.random.Generator, first: BoolArray, changes: BoolArray, uasc: BoolArray) -> NDArray[np.str_]:
    n = len(first)
    opening = np.where(uasc, "V2", dice.choice(_FIRST_STATUS, size=n, p=_FIRST_SHARES))
    drawn = np.where(first, opening, dice.choice(_LATER_STATUS, size=n, p=_LATER_SHARES))
    set_at = np.flatnonzero(first | changes)
    return np.asarray(drawn[set_at[np.cumsum(first | changes) - 1]])
