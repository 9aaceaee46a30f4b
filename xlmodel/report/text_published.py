"""What a verification found of a published workbook, for people: functions that changed, values that were recorded."""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.refs import cell_name, quote_sheet
from xlmodel.report.escape import safe
from xlmodel.report.lines import SHOWN, WIDTH, paragraph
from xlmodel.values import display
from xlmodel.verify.drift import Drift
from xlmodel.verify.recalculation import CellFinding
from xlmodel.verify.sign_off import SignOff

__all__ = ["drift_lines", "sign_off_lines"]


def drift_lines(drift: Drift) -> Iterator[str]:
    """Yield which functions are not what they were when the workbook was published, and what they give now."""
    yield "  Functions that changed since the workbook was published"
    for function in drift.functions[:SHOWN]:
        yield from paragraph(safe(function.sentence), 4)
    if len(drift.functions) > SHOWN:
        yield f"    … and {len(drift.functions) - SHOWN:,} more (all of them in the JSON report)"
    if drift.problem:
        yield from paragraph(f"By how much results differ is not known: {safe(drift.problem)}", 4)
    elif not drift.results:
        yield from paragraph(drift.unchanged, 4)
    else:
        yield from _results([r for r in drift.results if r.root] or list(drift.results), len(drift.results))


def _results(shown: list[CellFinding], total: int) -> Iterator[str]:
    listed = shown[:SHOWN]
    for number, result in enumerate(listed, 1):
        cell = safe(f"{quote_sheet(result.cell.sheet)}!{cell_name(result.cell.row, result.cell.col)}")
        yield (
            f"    {number}. {cell}: {safe(display(result.saved), 60)} in the workbook, "
            f"{safe(display(result.calculated), 60)} by the functions here"
        )
        yield f"       ={safe(result.formula, WIDTH - 8)}"
    if total > len(listed):
        rest = total - len(listed)
        yield f"    {rest:,} more cell{'s' * (rest != 1)} differ{'s' * (rest == 1)}, most of them because of these."


def sign_off_lines(sign_off: SignOff) -> Iterator[str]:
    """Yield whether the values are those recorded when the workbook was published."""
    if sign_off.holds:
        yield f"  The values are those recorded when it was published (hash {sign_off.recorded[:12]}…)."
        return
    sheets = ", ".join(safe(sheet) for sheet in sign_off.sheets[:SHOWN])
    more = f" and {len(sign_off.sheets) - SHOWN:,} more" if len(sign_off.sheets) > SHOWN else ""
    many = f"{len(sign_off.sheets):,} of {sign_off.total:,} sheets"
    yield from paragraph(
        f"The values are not those recorded when it was published (hash {sign_off.recorded[:12]}…), on {many}: "
        f"{sheets}{more}. Publish it and have it approved again, or take the file as it was published.",
        2,
    )
