"""The order in which blocks are calculated: components of blocks that need each other, deepest needs first."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["components", "depths"]


def components(precedents: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the groups of nodes that need each other, each after all groups it needs (Tarjan, without recursion).

    >>> components([[1], [2], [1], []])
    [[2, 1], [0], [3]]
    """
    count = len(precedents)
    index, low = [-1] * count, [0] * count
    on_stack = [False] * count
    stack: list[int] = []
    out: list[list[int]] = []
    next_index = 0
    for root in range(count):
        if index[root] >= 0:
            continue
        work: list[tuple[int, int]] = [(root, 0)]
        while work:
            node, at = work.pop()
            if at == 0:
                index[node] = low[node] = next_index
                next_index += 1
                stack.append(node)
                on_stack[node] = True
            needed = precedents[node]
            while at < len(needed):
                other = needed[at]
                at += 1
                if index[other] < 0:
                    work.append((node, at))
                    work.append((other, 0))
                    break
                if on_stack[other]:
                    low[node] = min(low[node], index[other])
            else:
                if low[node] == index[node]:
                    group = []
                    while True:
                        member = stack.pop()
                        on_stack[member] = False
                        group.append(member)
                        if member == node:
                            break
                    out.append(group)
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
    return out


def depths(groups: Sequence[Sequence[int]], precedents: Sequence[Sequence[int]]) -> list[int]:
    """Return for each group how many groups stand one above the other below it.

    >>> depths([[2, 1], [0], [3]], [[1], [2], [1], []])
    [0, 1, 0]
    """
    group_of: dict[int, int] = {}
    out: list[int] = []
    for number, group in enumerate(groups):
        for node in group:
            group_of[node] = number
        below = {group_of[p] for node in group for p in precedents[node]} - {number}
        out.append(max((out[g] + 1 for g in below), default=0))
    return out
