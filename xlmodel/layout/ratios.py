"""Percentages, percentage changes and rates: which lines are one line over another, or over one figure of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from xlmodel.layout.lines import Flags, Floats, Lines
from xlmodel.layout.measure import NOISE, measured
from xlmodel.layout.relation import Op, Relation, State
from xlmodel.layout.sums import weight
from xlmodel.layout.words import is_change, is_total, per, period

__all__ = ["ratios"]

_NEAR = 12  #: lines on either side that a ratio may be of
_ENOUGH = 6.0  #: digits that ties must agree in, taken together: many pairs of lines are tried
_ENOUGH_NAMED = 4.0  #: where names say of what a line is: a total, a later and an earlier year, so many per 10,000
_TIED = 3
_ABOUT = 0.2  #: of a stated figure: how near a pair of lines must come to be looked at closely
_SHARE_WORDS = re.compile(r"%|\bper\s?cent|\bpercent|\bshare\b|\bproportion\b", re.IGNORECASE)
_RATE_WORDS = re.compile(r"\brates?\b|\bper \d|\bper (?:thousand|million)\b", re.IGNORECASE)
_RATES = (100.0, 1_000.0, 10_000.0, 100_000.0, 1_000_000.0)


class _Fit(NamedTuple):
    """One way in which a line may follow from others, and how far it does."""

    op: Op
    top: int
    base: int
    scale: float
    fixed: int | None
    recomputed: Floats
    slack: Floats
    judged: Flags
    ties: Flags
    digits: Floats
    newer: Flags  #: ties on the newer figure
    named: bool  #: names say that it is of these lines

    @property
    def score(self) -> float:
        return float(self.digits.sum()) - 2.0 * float((self.judged & ~self.ties).sum())


def ratios(lines: Lines) -> Iterator[Relation]:
    """Yield the lines of a table that are percentages, changes or rates of other lines of it."""
    for line, name in enumerate(lines.names):
        held = ~np.isnan(lines.value[line])
        if held.sum() < _TIED:
            continue
        percent = lines.percent[line].sum() * 2 > held.sum()
        if not (percent or _SHARE_WORDS.search(name) or is_change(name) or _RATE_WORDS.search(name)):
            continue
        fits = [fit for fit in _fits(lines, line, name, percent) if _believed(fit)]
        if fits:
            yield _relation(lines, line, max(fits, key=lambda fit: fit.score))


def _believed(fit: _Fit) -> bool:
    tied = int((fit.digits >= 0.5).sum())
    wrong = int((fit.judged & ~fit.ties).sum())
    enough = _ENOUGH_NAMED if fit.named else _ENOUGH
    return tied >= _TIED and float(fit.digits.sum()) >= enough and wrong <= max(1, tied // 4)


def _fits(lines: Lines, line: int, name: str, percent: bool) -> Iterator[_Fit]:
    low, high = max(0, line - _NEAR), min(len(lines), line + _NEAR + 1)
    near = [
        other for other in range(low, high)
        if other != line and lines.percent[other].sum() * 2 <= (~np.isnan(lines.value[other])).sum()
    ]  # fmt: skip
    stated = lines.value[line]
    rate = bool(_RATE_WORDS.search(name)) and not percent
    share = 1.0 if percent or np.nanmax(np.abs(stated)) <= 1.5 else 100.0
    named = per(name)
    scales = ((float(named),) if named else _RATES) if rate else (share,)
    for top in () if rate else near:
        for fixed in _bases(lines, top, stated, share):
            base = np.full(len(stated), lines.value[top, fixed])
            half = np.full(len(stated), lines.half[top, fixed])
            yield _fit(lines, line, Op.SHARE, top, top, share, fixed, base, half, named=True)
    pairs = _over_one_another(lines, near)
    for scale in scales:
        for top, base_line in _alike(stated, scale * pairs, near):
            base, half = lines.value[base_line], lines.half[base_line]
            yield _fit(
                lines, line, Op.RATE if rate else Op.SHARE, top, base_line, scale, None, base, half, named=bool(named)
            )
    for scale in () if rate or not (percent or is_change(name)) else (share, -share):
        with np.errstate(all="ignore"):
            candidates = {*_alike(stated, scale * (pairs - 1), near), *_alike(stated, scale * (1 - 1 / pairs), near)}
        for top, base_line in sorted(candidates):
            base, half = lines.value[base_line], lines.half[base_line]
            later = _later(lines, top, base_line)
            if later is not False:
                yield _fit(lines, line, Op.CHANGE, top, base_line, scale, None, base, half, named=bool(later))


def _over_one_another(lines: Lines, near: list[int]) -> Floats:
    """Return each of some lines over each other: top, base, crossing."""
    values = lines.value[near]
    with np.errstate(all="ignore"):
        found = values[:, None, :] / values[None, :, :]
    found[np.arange(len(near)), np.arange(len(near))] = np.nan
    found[~np.isfinite(found) | (found == 0)] = np.nan
    return found


def _alike(stated: Floats, recomputed: Floats, near: list[int]) -> list[tuple[int, int]]:
    """Return the pairs of lines whose ratio is about what is stated, in most crossings."""
    with np.errstate(invalid="ignore"):
        close = np.abs(recomputed - stated) <= _ABOUT * np.abs(stated)
        judged = ~np.isnan(recomputed + stated)
    found = (close.sum(axis=2) >= _TIED - 1) & (close.sum(axis=2) * 2 >= judged.sum(axis=2))
    return [(near[top], near[base]) for top, base in np.argwhere(found)]


def _later(lines: Lines, one: int, other: int) -> bool | None:
    """Tell whether a line is of a later period than another; None where their names do not say."""
    first, second = period(lines.names[one]), period(lines.names[other])
    return None if first is None or second is None or first == second else first > second


def _bases(lines: Lines, top: int, stated: Floats, scale: float) -> list[int]:
    """Return the crossings whose figure may be what all figures of a line are a percentage of."""
    named = [i for i, name in enumerate(lines.crossing_names) if is_total(name)]
    whole = np.flatnonzero(np.abs(stated - scale) < 1e-9 * scale).tolist()
    return [i for i in dict.fromkeys([*named[:6], *whole[:6]]) if lines.value[top, i] > 0]


def _fit(
    lines: Lines, line: int, op: Op, top: int, base_line: int, scale: float, fixed: int | None, base: Floats,
    half: Floats, *, named: bool = False,
) -> _Fit:  # fmt: skip
    stated, x, hx = lines.value[line], lines.value[top], lines.half[top]
    with np.errstate(all="ignore"):
        recomputed = scale * (x - base) / base if op is Op.CHANGE else scale * x / base
        slack = _slack(scale, x, hx, base, half) + lines.half[line]
        judged = ~np.isnan(stated + x + base) & (np.abs(base) > half) & (base != 0) & (x != 0)
        if fixed is not None:
            judged[fixed] = False
        noise = NOISE * np.maximum(np.abs(stated), np.abs(recomputed))
        ties = judged & (np.abs(stated - recomputed) <= slack + noise)
        digits = np.where(ties & (stated != 0), weight(stated, slack), 0.0)
        newer = np.zeros(len(stated), bool)
        if op is Op.CHANGE:
            on_newer = scale * (x - base) / x
            near = np.abs(stated - on_newer) <= _slack(scale, base, half, x, hx) + lines.half[line] + noise
            newer = judged & ~ties & near & (weight(stated, slack) >= 0.5)
            if named and not ties.any() and int(newer.sum()) >= _TIED - 1:  # a whole line on the newer figure
                ties = newer
                digits = np.where(newer, weight(stated, slack), 0.0)
    return _Fit(op, top, base_line, scale, fixed, recomputed, slack, judged, ties, digits, newer, named)


def _slack(scale: float, x: Floats, hx: Floats, base: Floats, half: Floats) -> Floats:
    """Return how far a ratio can be out because its terms were rounded."""
    size, under = np.abs(x), np.abs(base)
    return abs(scale) * ((size + hx) / (under - half) - size / under)


def _relation(lines: Lines, line: int, fit: _Fit) -> Relation:
    whole_line = bool((fit.ties & fit.newer).any())
    tied = int((fit.digits >= 0.5).sum())
    checks = []
    for i in np.flatnonzero(fit.judged).tolist():
        check = measured(lines, fit.op, line, (fit.top, fit.base), i, scale=fit.scale, elsewhere=fit.fixed)
        if check is not None:
            wrong = check.state is State.DOES_NOT_TIE
            accused = wrong and (bool(fit.newer[i]) if whole_line else _is_meant(lines, line, i))
            checks.append(replace(check, accused=accused, on_newer=bool(fit.newer[i])))
    across = "columns" if lines.down else "rows"
    terms = (int(lines.at[fit.top]),) if fit.fixed is not None else (int(lines.at[fit.top]), int(lines.at[fit.base]))
    fixed = None if fit.fixed is None else int(lines.across[fit.fixed])
    evidence = f"named {lines.names[line]!r}; ties in {tied} {across}"
    return Relation(
        fit.op, lines.sheet, lines.down, int(lines.at[line]), terms, fit.scale, tuple(checks), evidence, fixed
    )


def _is_meant(lines: Lines, line: int, crossing: int) -> bool:
    """Tell whether a figure that does not tie is meant to: a typed one, or a formula that divides."""
    return int(lines.formula[line, crossing]) < 0 or lines.only_divides(line, crossing)
