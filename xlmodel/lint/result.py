"""What the rules say of one workbook, after suppressions and the baseline."""

from __future__ import annotations

from dataclasses import dataclass

from xlmodel.lint.finding import Finding, Severity

__all__ = ["LintResult", "Suppressed"]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that somebody decided to live with, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class LintResult:
    """What the rules found in one workbook.

    Attributes
    ----------
    findings : tuple of Finding
        What is to be reported, in the order of the workbook, each with its fingerprint.
    suppressed : tuple of Suppressed
        What is not, for reasons given in the settings or in the workbook.
    known : tuple of Finding
        What the baseline of legacy findings holds already.
    gone : int
        Entries of that baseline that no longer occur.
    notes : tuple of str
        What is to be said beside the findings, a sentence each: a suppression of its own that nothing needs.
    used : frozenset of str
        Where the suppressions are written down that were needed here: one of the settings may serve several workbooks.
    incomplete : tuple of str
        Why a rule could not be applied, a sentence each: what it would have found is not known.
    """

    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    known: tuple[Finding, ...] = ()
    gone: int = 0
    notes: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()
    used: frozenset[str] = frozenset()

    @property
    def failed(self) -> bool:
        """Whether a run fails for it: an error or a warning is reported."""
        return any(f.severity is not Severity.NOTE for f in self.findings)
