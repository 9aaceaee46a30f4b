"""Levels of cells that need each other: a cell's level is one more than the highest level it needs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["levels_of"]

#: Where levels are narrower than this on average, a loop over cells is quicker than one over arrays.
_NARROW = 24


def levels_of(count: int, needing: NDArray[np.int64], needed: NDArray[np.int64]) -> NDArray[np.int32] | None:
    """Return each node's level, from edges; None where a node needs itself through others.

    >>> levels_of(3, np.array([1, 2]), np.array([0, 1])).tolist()
    [0, 1, 2]
    """
    waits = np.bincount(needing, minlength=count)
    order = np.argsort(needed, kind="stable")
    after, starts = needing[order], np.searchsorted(needed[order], np.arange(count + 1))
    level = np.zeros(count, np.int32)
    front = np.flatnonzero(waits == 0)
    done, at = len(front), 0
    while len(front):
        if at >= 64 and done < at * _NARROW:
            return _one_by_one(count, waits, level, front, after, starts, done)
        at += 1
        sizes = starts[front + 1] - starts[front]
        total = int(sizes.sum())
        if not total:
            break
        offsets = np.repeat(starts[front] - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)
        followers = after[offsets + np.arange(total)]
        np.subtract.at(waits, followers, 1)
        front = np.unique(followers[waits[followers] == 0])
        level[front] = at
        done += len(front)
    return level if done == count else None


def _one_by_one(
    count: int,
    waits: NDArray[np.int64],
    level: NDArray[np.int32],
    front: NDArray[np.int64],
    after: NDArray[np.int64],
    starts: NDArray[np.int64],
    done: int,
) -> NDArray[np.int32] | None:
    waiting, levels, followers, begin = waits.tolist(), level.tolist(), after.tolist(), starts.tolist()
    queue = front.tolist()
    for node in queue:  # it grows while it is gone through
        for at in range(begin[node], begin[node + 1]):
            other = followers[at]
            waiting[other] -= 1
            levels[other] = max(levels[other], levels[node] + 1)
            if waiting[other] == 0:
                queue.append(other)
                done += 1
    return np.array(levels, np.int32) if done == count else None
