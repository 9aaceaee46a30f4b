"""The three-way rule: what was synced last, what the source says, and what stands in the workbook now."""

from __future__ import annotations

from enum import Enum

from xlmodel.values import Scalar, same_scalar

__all__ = ["Decision", "decide", "same"]


class Decision(Enum):
    """What becomes of a cell or of a row."""

    NOTHING = "nothing"  #: both sides say the same
    CHANGE = "change"  #: only the source changed, or it was never synced
    KEEP = "keep"  #: only the workbook changed
    CONFLICT = "conflict"  #: both changed, and not to the same


def same(a: Scalar, b: Scalar) -> bool:
    """Tell whether two cells hold the same: numbers to 15 digits, and never a text and a number.

    >>> same(0.3, 0.1 + 0.2), same("1", 1.0), same(None, ""), same(True, 1.0)
    (True, False, True, False)
    """
    return same_scalar(None if a == "" else a, None if b == "" else b)


def decide(base: Scalar, source: Scalar, workbook: Scalar, *, synced: bool) -> Decision:
    """Decide what becomes of a cell.

    Parameters
    ----------
    base, source, workbook : Scalar
        What was synced last, what the source says now, and what the workbook holds now.
    synced : bool
        Whether it was ever synced; `base` says nothing where it was not.

    Examples
    --------
    >>> decide(10.0, 12.0, 10.0, synced=True), decide(10.0, 10.0, 11.0, synced=True)
    (<Decision.CHANGE: 'change'>, <Decision.KEEP: 'keep'>)
    >>> decide(10.0, 12.0, 11.0, synced=True), decide(None, 12.0, 11.0, synced=False)
    (<Decision.CONFLICT: 'conflict'>, <Decision.CHANGE: 'change'>)
    """
    if same(source, workbook):
        return Decision.NOTHING
    if not synced or same(base, workbook):
        return Decision.CHANGE
    return Decision.KEEP if same(source, base) else Decision.CONFLICT
