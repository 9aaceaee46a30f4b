"""The episodes of a child one after another: they must not overlap, and X1 must lead into the next on the same day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xlmodel.inputs.ssda903.faults import Faults
from xlmodel.inputs.ssda903.fields import UNREADABLE, DayNumbers, day_text
from xlmodel.inputs.ssda903.reading import EPISODES, Returns
from xlmodel.inputs.ssda903.rows import OPEN
from xlmodel.model.codes import REASONS_CEASED, SAME_DAY_EPISODE
from xlmodel.model.years import first_day

__all__ = ["STARTED", "check_sequence"]

#: The reason for a new episode of a child who starts to be looked after.
STARTED = "S"


def check_sequence(rows: pd.DataFrame, returns: Returns, faults: Faults) -> None:
    """Note what is wrong between the episodes of a child; `rows` are by child and day.

    The first episode of a child may continue a period of care only where it began before the first return.
    """
    rows = rows.loc[rows["dated"]]
    if not len(rows):
        return
    child, begin, end = (rows[c].to_numpy() for c in ("CHILD", "begin", "end"))
    follows = np.concatenate([[False], child[1:] == child[:-1]])  # on the row before
    last = np.append(~follows[1:], True)
    before_end = np.concatenate([[UNREADABLE], end[:-1]])
    latest_end = pd.Series(end).groupby(child).cummax().to_numpy()
    occupied_to = np.where(follows, np.concatenate([[UNREADABLE], latest_end[:-1]]), UNREADABLE)
    next_begin = np.append(begin[1:], OPEN)
    closes = rows["REC"].to_numpy() == SAME_DAY_EPISODE
    carries_on = np.concatenate([[False], closes[:-1]]) & follows & (before_end == begin)
    started = rows["RNE"].to_numpy() == STARTED

    overlap = occupied_to > begin
    faults.add(EPISODES, rows, overlap, "DECOM", _overlaps(occupied_to[overlap]))
    overlapped = np.append(overlap[1:], False)
    broken = closes & (end != OPEN) & ~overlapped & (last | (next_begin != end))
    broken_requirements = [
        f"must be followed by an episode that begins on {day_text(day)}, "
        + ("but none follows" if final else f"but the next begins on {day_text(after)}: a gap")
        for day, final, after in zip(end[broken], last[broken], next_begin[broken], strict=True)
    ]
    faults.add(EPISODES, rows, broken, "REC", broken_requirements)
    first_return = int(first_day(returns.years[0]).astype(np.int64))
    after_gap = np.concatenate([[False], broken[:-1]]) & follows
    unclear = np.concatenate([[False], ~rows["REC"].isin(REASONS_CEASED).to_numpy()[:-1]]) & (before_end == begin)
    orphan = ~started & ~carries_on & ~overlap & ~after_gap & ~unclear & (follows | (begin >= first_return))
    faults.add(
        EPISODES,
        rows,
        orphan,
        "RNE",
        f"must be {STARTED}, or an episode of the child must cease with {SAME_DAY_EPISODE} on the day this one begins",
    )
    again = started & carries_on
    requirement = f"must not be {STARTED}, for the episode before ceased with {SAME_DAY_EPISODE} on the same day"
    faults.add(EPISODES, rows, again, "RNE", requirement)


def _overlaps(ends: DayNumbers) -> list[str]:
    return [
        "must not be before the child's episode before has ended; it is open"
        if end == OPEN
        else f"must not be before {day_text(end)}, when the child's episode before ends"
        for end in ends
    ]
