"""Which items of two sequences are the same, where some were inserted, deleted or changed.

Items that stand once in both sequences hold the rest in place (patience sorting); what lies between them is matched
in the same way, then by weaker keys, then by likeness. Long sequences take little more than linear time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence

__all__ = ["Pairs", "align", "fill"]

Pairs = list[tuple[int, int]]
Gap = tuple[int, int, int, int]

#: Gaps with more pairs than this are not compared item by item.
_MOST = 40_000


def align(a: Sequence[Sequence[int]], b: Sequence[Sequence[int]]) -> Pairs:
    """Return the pairs of places that hold the same item, in order.

    Parameters
    ----------
    a, b : sequence of sequence of int
        The keys of each item, by level: the first level tells items apart best. 0 is no key.

    Examples
    --------
    >>> align([[11, 12, 13]], [[11, 99, 12, 13]])
    [(0, 0), (1, 2), (2, 3)]
    """
    pairs: Pairs = []
    gaps: list[Gap] = [(0, len(a[0]), 0, len(b[0]))]
    for one, two in zip(a, b, strict=True):
        left: list[Gap] = []
        while gaps:
            _match(one, two, gaps.pop(), pairs, gaps, left)
        gaps = left
    return sorted(pairs)


def fill(pairs: Pairs, sizes: tuple[int, int], likeness: Callable[[int, int], float]) -> Pairs:
    """Return pairs for what lies between matched items: by likeness, and in order where as many lie on both sides.

    >>> fill([(0, 0), (3, 2)], (4, 3), lambda x, y: float(x == 2))
    [(2, 1)]
    """
    out: Pairs = []
    i = j = 0
    for x, y in (*pairs, sizes):
        if x - i == y - j:
            out.extend(zip(range(i, x), range(j, y), strict=True))
        elif 0 < (x - i) * (y - j) <= _MOST:
            out.extend(_likest((i, x, j, y), likeness))
        i, j = x + 1, y + 1
    return out


def _likest(gap: Gap, likeness: Callable[[int, int], float]) -> Pairs:
    """Return the pairs, in order, whose likeness adds up to the most."""
    i, m, j, n = gap
    best = [[0.0] * (n - j + 1) for _ in range(m - i + 1)]
    alike = [[likeness(x, y) for y in range(j, n)] for x in range(i, m)]
    for x in range(m - i - 1, -1, -1):
        for y in range(n - j - 1, -1, -1):
            best[x][y] = max(best[x + 1][y], best[x][y + 1], best[x + 1][y + 1] + alike[x][y])
    out: Pairs = []
    x = y = 0
    while x < m - i and y < n - j:
        if alike[x][y] > 0 and best[x][y] == best[x + 1][y + 1] + alike[x][y]:
            out.append((i + x, j + y))
            x, y = x + 1, y + 1
        elif best[x][y] == best[x + 1][y]:
            x += 1
        else:
            y += 1
    return out


def _match(a: Sequence[int], b: Sequence[int], gap: Gap, pairs: Pairs, again: list[Gap], left: list[Gap]) -> None:
    """Match one gap: its ends, then what stands once on both sides; the gaps between go into `again`, or are left."""
    i, m, j, n = gap
    while i < m and j < n and a[i] == b[j] != 0:
        pairs.append((i, j))
        i, j = i + 1, j + 1
    while i < m and j < n and a[m - 1] == b[n - 1] != 0:
        m, n = m - 1, n - 1
        pairs.append((m, n))
    if i == m or j == n:
        return
    anchors = _anchors(a, b, (i, m, j, n))
    if not anchors:
        left.append((i, m, j, n))
        return
    pairs.extend(anchors)
    for x, y in (*anchors, (m, n)):
        if i < x and j < y:
            again.append((i, x, j, y))
        i, j = x + 1, y + 1


def _anchors(a: Sequence[int], b: Sequence[int], gap: Gap) -> Pairs:
    """Return the longest rising row of pairs of what stands once on both sides."""
    i, m, j, n = gap
    here, there = Counter(a[i:m]), Counter(b[j:n])
    at = {key: y for y, key in enumerate(b[j:n], j) if key and there[key] == 1}
    common = [(x, at[key]) for x, key in enumerate(a[i:m], i) if here[key] == 1 and key in at]
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for number, (_, y) in enumerate(common):
        pile = bisect_left(tops, y)
        before.append(piles[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [y]
        piles[pile : pile + 1] = [number]
    out: Pairs = []
    number = piles[-1] if piles else -1
    while number >= 0:
        out.append(common[number])
        number = before[number]
    return out[::-1]
