"""The table behind a bridge: totals and steps, and the columns that a chart stacks."""

from __future__ import annotations

from collections.abc import Sequence

from xlmodel.building.sheet import Sheet
from xlmodel.building.style import CALC, LABEL, OUT

__all__ = ["bridge_table"]


def bridge_table(sheet: Sheet, top: int, steps: Sequence[tuple[str, str]], unit: str, fmt: str) -> None:
    """Write a header row at `top` and a row for each step: name, amount, what it stands on, total, rise, fall.

    Parameters
    ----------
    sheet : Sheet
        Where, in the columns A to F.
    top : int
        The row of the headers.
    steps : sequence of (str, str)
        Name and formula; the first and the last are totals, those between them what changes.
    unit, fmt : str
        Of the amounts, and their number format.
    """
    sheet.header(
        top,
        ("Step", f"Amount ({unit})", "Stands on", f"Total ({unit})", f"More ({unit})", f"Less ({unit})"),
        32,
    )
    last = len(steps) - 1
    shown = fmt.split(";")[0]
    quiet = f"{shown};-{shown};;@"  # no step shows a rise and a fall, and no total is a step
    for i, (name, formula) in enumerate(steps):
        r = top + 1 + i
        total = i in (0, last)
        before, after = f"SUM($B${top + 1}:$B{r - 1})", f"SUM($B${top + 1}:$B{r})"
        sheet.line(
            r,
            [
                (name, LABEL, None),
                (formula, OUT if total else CALC, fmt),
                (0 if total else f"=MIN({before},{after})", CALC, fmt),
                (f"=B{r}" if total else 0, CALC, quiet),
                (0 if total else f"=MAX(B{r},0)", CALC, quiet),
                (0 if total else f"=MAX(-B{r},0)", CALC, quiet),
            ],
        )
