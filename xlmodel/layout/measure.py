"""One figure held to what it should follow from: recomputed, with the most that rounding can hide."""

from __future__ import annotations

import math
from collections.abc import Sequence

from xlmodel.layout.lines import Lines
from xlmodel.layout.relation import Check, Op, State, Term

__all__ = ["NOISE", "measured"]

NOISE = 1e-9  #: of the figures' size: what binary arithmetic leaves


def measured(
    lines: Lines,
    op: Op,
    line: int,
    terms: Sequence[int],
    crossing: int,
    *,
    signs: Sequence[int] = (),
    scale: float = 1.0,
    elsewhere: int | None = None,
) -> Check | None:
    """Return how a figure stands to what it follows from; None where one of the figures is missing.

    Parameters
    ----------
    terms : sequence of int
        The lines it follows from. A total leaves out those that are blank where it stands.
    signs : sequence of int
        Of the terms of a sum; all are added by default.
    elsewhere : int, optional
        The crossing in which the last term stands, where that is another one than the figure's.
    """
    stated = float(lines.value[line, crossing])
    at = [(term, crossing) for term in terms]
    if elsewhere is not None:
        at[-1] = at[-1][0], elsewhere
    signed = list(signs) or [1] * len(at)
    if op in (Op.SUM, Op.AVERAGE, Op.BALANCE):
        held = [i for i, place in enumerate(at) if not math.isnan(lines.value[place])]
        at, signed = [at[i] for i in held], [signed[i] for i in held]
    values, halves = [float(lines.value[place]) for place in at], [float(lines.half[place]) for place in at]
    if not values or math.isnan(stated + sum(values)) or any(lines.unknown[place] for place in at):
        return None
    own = float(lines.half[line, crossing])
    if op in (Op.SHARE, Op.CHANGE, Op.RATE):
        top, base = values
        under = abs(base) - halves[1]
        if under <= 0:
            return None
        recomputed = scale * (top / base - (op is Op.CHANGE))
        slack = own + abs(scale) * ((abs(top) + halves[0]) / under - abs(top / base))
        size = abs(recomputed)
    else:
        count = len(values) if op is Op.AVERAGE else 1
        recomputed = math.fsum(s * v for s, v in zip(signed, values, strict=True)) / count
        slack, size = own + sum(halves) / count, sum(map(abs, values)) / count
    off, noise = abs(recomputed - stated), NOISE * max(size, abs(stated))
    state = State.TIES if off <= noise else State.ROUNDING if off <= slack + noise else State.DOES_NOT_TIE
    places = tuple(Term(*lines.cell(*place), sign) for place, sign in zip(at, signed, strict=True))
    return Check(*lines.cell(line, crossing), places, stated, recomputed, slack, state)
