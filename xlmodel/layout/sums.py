"""Totals, subtotals and averages: which lines are the sum of lines before or after them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from xlmodel.layout.lines import Floats, Lines
from xlmodel.layout.measure import NOISE, measured
from xlmodel.layout.relation import Op, Relation, State
from xlmodel.layout.words import is_average, is_of_each, is_total

__all__ = ["sums", "weight"]

_MOST_DIGITS = 4.0  #: of a tie that count as evidence
_ENOUGH = 4.0  #: digits that ties must agree in, taken together
_LONG = 200  #: lines of a table beyond which only those named a total are looked at
_REACH = 400  #: lines a total may be of
_POWERS = (10.0, 100.0, 1_000.0, 10_000.0, 1_000_000.0)  #: units that slip
_SLIP = 0.01


def weight(stated: Floats, slack: Floats) -> Floats:
    """Return how many digits ties agree in: how little likely they are by chance."""
    size = np.abs(stated)
    with np.errstate(divide="ignore", invalid="ignore"):
        digits = np.log10(size / np.maximum(slack, size * 1e-12))
    return np.where(digits > 0, np.minimum(digits, _MOST_DIGITS), 0.0)


def sums(lines: Lines) -> Iterator[Relation]:
    """Yield the totals and averages of a table, each found by the crossings in which it ties.

    Lines are read onwards. What has been added up into a total gives way to the total, so that a grand total is found
    as the sum of its subtotals.
    """
    taken: set[int] = set()
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):  # totals stand behind their parts, or before them
        waiting: list[int] = []
        for line in order:
            found = None if line in taken else _total(lines, line, waiting)
            if found is not None:
                relation, count = found
                yield relation
                taken.add(line)
                if relation.op is Op.SUM:
                    del waiting[-count:]
            if found is None or found[0].op is Op.SUM:
                waiting.append(line)


def _total(lines: Lines, line: int, waiting: Sequence[int]) -> tuple[Relation, int] | None:
    name = lines.names[line]
    average = is_average(name)
    named = is_total(name) or average
    if len(waiting) < 2 or (not named and len(lines) > _LONG):
        return None
    parts = np.array(waiting[: -_REACH - 1 : -1])
    stated = lines.value[line]
    value, half = lines.value[parts], lines.half[parts]
    there = ~np.isnan(value)
    count = np.cumsum(there & (value != 0), axis=0)
    total, slack = np.cumsum(np.where(there, value, 0), axis=0), np.cumsum(np.where(there, half, 0), axis=0)
    size = np.cumsum(np.abs(np.where(there, value, 0)), axis=0)
    if average:
        n = np.maximum(np.cumsum(there, axis=0), 1)
        total, slack, size = total / n, slack / n, size / n
    slack = slack + lines.half[line]
    judged = ~np.isnan(stated) & (count >= 2) & ~np.logical_or.accumulate(lines.unknown[parts], axis=0)
    with np.errstate(invalid="ignore"):
        off = np.abs(total - stated)
        ties = judged & (off <= slack + NOISE * np.maximum(size, np.abs(stated)))
        digits = np.where(ties & (stated != 0), weight(stated, slack), 0.0)
    if float(digits[1:].sum(axis=1).max(initial=0.0)) < (_ENOUGH - 1 if named else 2 * _ENOUGH):
        return None
    adds = ~_of_each(lines)
    with np.errstate(invalid="ignore"):
        broken = judged & ~ties & adds & ((total != 0) | (stated != 0))
    score = digits.sum(axis=1) - 2.0 * broken.sum(axis=1)
    score[0] = -np.inf
    best = int(np.argmax(score))
    tied, wrong = int((digits[best] >= 1).sum()), int(broken[best].sum())
    known = float(digits[best].sum())
    believed = known >= _ENOUGH - 1 and tied >= 1 if named else known >= 2 * _ENOUGH and tied >= 2 + bool(wrong)
    if not believed or wrong > tied:
        return None
    used = parts[: best + 1]
    meant = named or all(lines.only_adds(line, i) for i in np.flatnonzero(digits[best] >= 1).tolist())
    accuse = meant and wrong <= max(1, tied // 3)
    # where the figures of some crossings have no parts, their total cannot be the total of the parts
    with np.errstate(invalid="ignore"):
        apart = off[best] > slack[best] + NOISE * np.abs(stated)
    part_missing = bool((~judged[best] & ~np.isnan(stated) & apart).any())
    op, checks = Op.AVERAGE if average else Op.SUM, []
    for i in np.flatnonzero(judged[best]).tolist():
        check = measured(lines, op, line, sorted(used), i)
        own_sum = part_missing and (lines.formula[line, i] >= 0 or is_total(lines.crossing_names[i]))
        sure = accuse and not own_sum and bool(broken[best, i]) and _like_a_sum(lines, line, i, used, average)
        if check is not None:
            checks.append(replace(check, accused=sure and check.state is State.DOES_NOT_TIE))
    what = "column" if lines.down else "row"
    word = f"named {name!r}" if named else "not named a total"
    evidence = f"{word}; ties in {tied} {what}{'s' * (tied != 1)}"
    terms = tuple(int(lines.at[p]) for p in sorted(used))
    return Relation(op, lines.sheet, lines.down, int(lines.at[line]), terms, 1.0, tuple(checks), evidence), best + 1


def _of_each(lines: Lines) -> NDArray[np.bool_]:
    """Return which crossings hold what does not add up: percentages, prices, rates."""
    percent = lines.percent.sum(axis=0) * 2 > (~np.isnan(lines.value)).sum(axis=0)
    named = np.array([is_of_each(name) for name in lines.crossing_names], bool)
    found: NDArray[np.bool_] = percent | named
    return found


def _like_a_sum(lines: Lines, line: int, crossing: int, parts: NDArray[np.int64], average: bool) -> bool:
    """Tell whether a figure that is not the sum looks as if it should be: no mean, no other formula."""
    formula = int(lines.formula[line, crossing])
    if formula >= 0:  # one like those of figures that tie adds up what it is meant to
        others = np.delete(lines.formula[line], crossing)
        return not average and lines.only_adds(line, crossing) and formula not in others
    stated, values = float(lines.value[line, crossing]), lines.value[parts, crossing]
    values = values[~np.isnan(values)]
    if average or stated == 0 or (values < 0).any() or stated >= values.max():
        return True
    slips = (-1.0, *_POWERS)  # a sign, a unit
    return any(abs(float(values.sum()) / stated / slip - 1) < _SLIP for slip in slips)
