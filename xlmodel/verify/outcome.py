"""What became of one workbook, and of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xlmodel.lint.result import LintResult
from xlmodel.projection.baseline import BaselineResult
from xlmodel.verify.drift import Drift
from xlmodel.verify.recalculation import Verification
from xlmodel.verify.reconciliation import Reconciliation
from xlmodel.verify.record import Record
from xlmodel.verify.sign_off import SignOff

__all__ = ["Outcome", "exit_code"]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of one workbook."""

    path: Path
    verification: Verification | None = None
    reconciliation: Reconciliation | None = None
    error: str | None = None
    record: Record | None = None  #: what a published workbook says of itself
    drift: Drift | None = None  #: functions that changed since it was published; None where none did
    sign_off: SignOff | None = None  #: None where the workbook records no hash of its values
    lint: LintResult | None = None  #: None where rules were not asked for
    baseline: BaselineResult | None = None  #: None where no baseline stands beside the workbook
    cached: bool = False  #: taken from the cache: the workbook and all that it is judged by are as they were

    @property
    def exit_code(self) -> int:
        """0 clean, 1 findings, 2 unusable, 3 verification incomplete."""
        if self.error is not None:
            return 2
        failed = (
            self.drift is not None,
            self.sign_off is not None and not self.sign_off.holds,
            self.lint is not None and self.lint.failed,
            self.baseline is not None and self.baseline.broken,
        )
        if any(failed):
            return 1
        code = 0 if self.verification is None else self.verification.exit_code
        return 3 if code == 0 and self.lint is not None and self.lint.incomplete else code


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """Return the exit code over several workbooks: 2 before 1 before 3.

    >>> exit_code([Outcome(Path("a.xlsx"), error="not a workbook")]), exit_code([])
    (2, 0)
    """
    codes = {o.exit_code for o in outcomes}
    return next((code for code in (2, 1, 3) if code in codes), 0)
