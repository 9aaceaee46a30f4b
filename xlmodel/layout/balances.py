"""Corkscrews: what a period begins with, and what comes and goes, give what it ends with, where the next begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, product

import numpy as np

from xlmodel.layout.lines import Lines
from xlmodel.layout.measure import NOISE, measured
from xlmodel.layout.relation import Check, Op, Relation, State
from xlmodel.layout.sums import weight
from xlmodel.layout.words import is_closing, is_opening, is_total, outflow, period

__all__ = ["balances", "following"]

_MOST_FLOWS = 8
_ENOUGH = 4.0


def balances(lines: Lines) -> Iterator[Relation]:
    """Yield the corkscrews of a table: each balance, and each opening that is the closing before."""
    opening = [i for i, name in enumerate(lines.names) if is_opening(name)]
    closing = [i for i, name in enumerate(lines.names) if is_closing(name)]
    for first in opening:
        last = next((c for c in closing if c > first), None)
        if last is None or any(first < other < last for other in opening):
            continue
        found = _balance(lines, first, last)
        if found is not None:
            yield found
            chain = _continuity(lines, first, last)
            if chain is not None:
                yield chain


def _balance(lines: Lines, first: int, last: int) -> Relation | None:
    """Return how an opening and a closing line go together, by the signs that the flows between must have."""
    between = list(range(first + 1, last))
    plain = [i for i in between if not is_total(lines.names[i])]
    for flows in dict.fromkeys((tuple(between), tuple(plain), tuple(i for i in between if i not in plain))):
        if 1 <= len(flows) <= _MOST_FLOWS:
            found = _with_signs(lines, first, flows, last)
            if found is not None:
                return found
    return None


def _with_signs(lines: Lines, first: int, flows: tuple[int, ...], last: int) -> Relation | None:
    value, half = np.nan_to_num(lines.value[list(flows)]), lines.half[list(flows)]
    opening, stated = lines.value[first], lines.value[last]
    judged = ~np.isnan(opening + stated) & (value != 0).any(axis=0) & ~lines.unknown[list(flows)].any(axis=0)
    if not judged.any():
        return None
    slack = half.sum(axis=0) + lines.half[first] + lines.half[last]
    size = np.abs(value).sum(axis=0) + np.abs(np.nan_to_num(opening))
    best: tuple[float, tuple[int, ...]] | None = None
    words = [outflow(lines.names[i]) for i in flows]
    for signs in product((1, -1), repeat=len(flows)):
        total = opening + np.array(signs) @ value
        ties = judged & (np.abs(total - stated) <= slack + NOISE * size)
        moved = np.abs(stated - opening) + np.abs(value).max(axis=0)
        digits = np.where(ties, weight(moved, slack), 0.0).sum()
        as_named = sum(word is not None and (sign < 0) == word for sign, word in zip(signs, words, strict=True))
        against = sum(word is not None and (sign < 0) != word for sign, word in zip(signs, words, strict=True))
        score = digits + 0.5 * (as_named - against)
        if best is None or score > best[0]:
            best = float(score), signs
    assert best is not None
    signs = best[1]
    total = opening + np.array(signs) @ value
    ties = judged & (np.abs(total - stated) <= slack + NOISE * size)
    tied, wrong = int(ties.sum()), int((judged & ~ties).sum())
    said = all(word is not None and (sign < 0) == word for sign, word in zip(signs, words, strict=True))
    digits = float(np.where(ties, weight(np.abs(np.nan_to_num(stated)), slack), 0.0).sum())
    if (
        digits < (_ENOUGH - 2 if said else _ENOUGH + 0.3 * len(flows))
        or tied < (1 if said else 2)
        or wrong > max(1, tied // 3)
    ):
        return None
    checks = []
    for i in np.flatnonzero(judged).tolist():
        check = measured(lines, Op.BALANCE, last, (first, *flows), i, signs=(1, *signs))
        if check is not None:
            meant = int(lines.formula[last, i]) < 0 or lines.only_adds(last, i)
            checks.append(replace(check, accused=meant and check.state is State.DOES_NOT_TIE))
    across = "columns" if lines.down else "rows"
    evidence = f"named {lines.names[first]!r} and {lines.names[last]!r}; ties in {tied} {across}"
    terms_at = tuple(int(lines.at[i]) for i in (first, *flows))
    return Relation(Op.BALANCE, lines.sheet, lines.down, int(lines.at[last]), terms_at, 1.0, tuple(checks), evidence)


def following(lines: Lines, first: int, last: int) -> list[Check]:
    """Return how each opening stands to the closing of the period before; nothing where the names are no periods."""
    opening, closing = lines.value[first], lines.value[last]
    periods = [period(name) for name in lines.crossing_names]
    order = [i for i in range(len(periods)) if periods[i] is not None and not np.isnan(opening[i] + closing[i])]
    known = [periods[i] for i in order]
    if len(order) < 2 or len(set(known)) != len(known):
        return []
    order.sort(key=lambda i: periods[i] or (0, 0))
    found = [measured(lines, Op.CONTINUITY, first, (last,), now, elsewhere=before) for before, now in pairwise(order)]
    return [replace(c, accused=c.state is State.DOES_NOT_TIE) for c in found if c is not None]


def _continuity(lines: Lines, first: int, last: int) -> Relation | None:
    checks = following(lines, first, last)
    tied = sum(check.state is not State.DOES_NOT_TIE and check.stated != 0 for check in checks)
    wrong = sum(check.state is State.DOES_NOT_TIE for check in checks)
    if not tied or wrong > max(1, tied // 3):
        return None
    evidence = f"named {lines.names[first]!r} and {lines.names[last]!r}; ties in {tied} of {len(checks)}"
    terms = (int(lines.at[last]),)
    return Relation(Op.CONTINUITY, lines.sheet, lines.down, int(lines.at[first]), terms, 1.0, tuple(checks), evidence)
