"""What happened to the children of several returns: periods of care, episode by episode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xlmodel.errors import InputError
from xlmodel.inputs.problems import Problem
from xlmodel.inputs.ssda903.faults import Faults
from xlmodel.inputs.ssda903.fields import DayNumbers, birthdays
from xlmodel.inputs.ssda903.reading import EPISODES, Returns
from xlmodel.inputs.ssda903.rows import OPEN, births, episodes
from xlmodel.inputs.ssda903.sequence import STARTED, check_sequence
from xlmodel.model.codes import (
    EXIT_GROUPS,
    PLACEMENT_TYPES,
    REASONS_CEASED,
    SHORT_BREAKS,
    placement_type,
)
from xlmodel.model.demand.ages import ADULT
from xlmodel.model.demand.months import Months
from xlmodel.model.domain import BoolArray

__all__ = ["GROUPS", "TYPES", "CareHistory", "Periods", "care_history"]

#: Placement types and groups of exits, in the order of the axes of all results.
TYPES, GROUPS = tuple(PLACEMENT_TYPES), tuple(EXIT_GROUPS)

_INDEPENDENCE, _OTHER = GROUPS.index("independence"), GROUPS.index("other")

#: Who leaves for independence in these last days before the 18th birthday leaves because of it: a tenth of a year.
_JUST_BEFORE_18 = 37


@dataclass(frozen=True, eq=False)
class Periods:
    """Periods of care, each array of shape (periods,); days are numbers from 1 January 1970."""

    begin: DayNumbers  #: of a period that began before the first return, the day of its first known episode
    end: DayNumbers  #: OPEN where it goes on
    birth: DayNumbers
    adult: DayNumbers  #: the 18th birthday
    group: NDArray[np.intp]  #: of exits, an index into GROUPS; -1 where it goes on
    begun: BoolArray  #: whether the returns say when it began

    @property
    def turned_18(self) -> BoolArray:
        """Whether a period ended because of the 18th birthday."""
        soon = (self.group == _INDEPENDENCE) & (self.end >= self.adult - _JUST_BEFORE_18)
        return np.asarray((self.end != OPEN) & (soon | (self.end >= self.adult - 1)))


@dataclass(frozen=True, eq=False)
class CareHistory:
    """The children looked after in the years of some returns. It holds a row a child: what is made from it must not.

    Episodes are by period and day, each array of shape (episodes,). Series of short breaks (legal status V3 or V4)
    are no part of it.
    """

    months: Months  #: of the returns
    period: NDArray[np.intp]
    begin: DayNumbers
    end: DayNumbers  #: OPEN where the episode goes on
    placement: NDArray[np.intp]  #: an index into TYPES
    periods: Periods
    problems: tuple[Problem, ...]  #: of the children left out
    children_left_out: int
    short_break_episodes: int  #: left out because they are series of short breaks

    @cached_property
    def first_day(self) -> int:
        """The first day of the first return, as a day number."""
        return int(self.months.starts[0].astype(np.int64))

    @cached_property
    def last_day(self) -> int:
        """The last day of the last return, as a day number."""
        return self.first_day + int(self.months.days.sum()) - 1


def care_history(returns: Returns | Mapping[tuple[int, str], pd.DataFrame], *, strict: bool = True) -> CareHistory:
    """Return what happened to the children of several returns, after checking all of it.

    Parameters
    ----------
    returns : Returns, or mapping of (year, "Header" or "Episodes") to DataFrame
        One pair of files a year, none left out. A later return corrects an earlier one: an episode, which is a child
        and a DECOM, is taken as the latest return to have it says, and so is a date of birth.
    strict : bool
        False leaves out the children whose rows have faults, instead of refusing everybody.

    Returns
    -------
    CareHistory
        Its `problems` and `children_left_out` say who is missing.

    Raises
    ------
    InputError
        All faults by file, row and column. With `strict=False` only where a file as a whole cannot be used, or no
        child is left.

    References
    ----------
    docs/ssda903.md, which lists what is checked.
    """
    given = returns if isinstance(returns, Returns) else Returns.of(returns)
    faults = Faults(given)
    header = births(given, faults)
    rows = episodes(given, header, faults)
    check_sequence(rows, given, faults)
    if strict:
        faults.problems.raise_any()
    usable = rows.loc[~faults.at(rows)]
    if not len(usable):
        name = given.files[given.years[-1], EPISODES]
        faults.problems.add(name, None, None, "must have a child without faults; it has none")
        raise InputError(faults.problems.sorted())
    years = given.years
    return _history(Months(years[0], len(years)), usable.reset_index(drop=True), faults, faults.in_care(given))


def _history(months: Months, rows: pd.DataFrame, faults: Faults, left_out: int) -> CareHistory:
    child = rows["CHILD"].to_numpy()
    breaks = rows["LS"].isin(SHORT_BREAKS).to_numpy()
    after_break = np.concatenate([[True], (child[1:] != child[:-1]) | breaks[:-1]])
    first_of_child = np.concatenate([[True], child[1:] != child[:-1]])
    starts = rows["RNE"].eq(STARTED).to_numpy() | (after_break & ~first_of_child)
    fresh = (first_of_child | starts)[~breaks]
    begun = starts[~breaks]
    rows = rows.loc[~breaks]
    period = np.cumsum(fresh) - 1
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(rows)) - 1
    begin, end, birth = (rows[c].to_numpy(np.int64) for c in ("begin", "end", "birth"))
    return CareHistory(
        months=months,
        period=period,
        begin=begin,
        end=end,
        placement=_placements(rows),
        periods=Periods(
            begin=begin[first],
            end=end[last],
            birth=birth[first],
            adult=birthdays(birth[first], int(ADULT)),
            group=np.where(end[last] == OPEN, -1, _groups(rows["REC"].iloc[last])),
            begun=begun[first],
        ),
        problems=faults.problems.sorted(),
        children_left_out=left_out,
        short_break_episodes=int(breaks.sum()),
    )


def _placements(rows: pd.DataFrame) -> NDArray[np.intp]:
    at, pairs = pd.factorize(pd.MultiIndex.from_frame(rows[["PLACE", "PLACE_PROVIDER"]]))
    types = np.array([TYPES.index(placement_type(*pair)) for pair in pairs], dtype=np.intp)
    return np.asarray(types[at])


def _groups(reasons: pd.Series) -> NDArray[np.intp]:
    """Return the group of exits of each reason; a period that leads into short breaks ends for another reason."""
    at, texts = pd.factorize(reasons.to_numpy(dtype=object))
    known = [REASONS_CEASED[r].group if r else "" for r in texts]
    return np.asarray(np.array([GROUPS.index(g) if g else _OTHER for g in known], dtype=np.intp)[at])
