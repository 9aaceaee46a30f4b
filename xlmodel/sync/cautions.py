"""What in a plan a person should look at twice."""

from __future__ import annotations

import math
from collections.abc import Iterable

from xlmodel.sync.planned import CellChange

__all__ = ["slipped_unit"]

#: powers of ten between units that people mix up: percent and shares, thousands, millions
_SLIPS = (2, 3, 6, 9)
#: how far from such a power, in powers of ten: a month seldom doubles a figure, or halves it
_NEAR = 0.3


def slipped_unit(changes: Iterable[CellChange]) -> int:
    """Return the power of ten by which all new numbers of a column are larger than the old ones; 0 for no such slip.

    Numbers that come for blanks, zeros or texts say nothing.
    """
    ratios = [c.new / c.old for c in changes if isinstance(c.old, float) and isinstance(c.new, float) and c.old]
    if not ratios or not all(0 < abs(ratio) < math.inf for ratio in ratios):
        return 0
    powers = [math.log10(abs(ratio)) for ratio in ratios]
    slip = round(powers[0])
    near = all(abs(power - slip) <= _NEAR for power in powers)
    return slip if near and abs(slip) in _SLIPS else 0
