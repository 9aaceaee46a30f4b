"""The recalculation check: each formula cell verified, differing, disputed or unverified with its reason.

Only *verified* is a pass. A difference is reported at its root: a cell whose formula, fed with what is saved in its
precedents, still does not give what is saved in itself. What differs is judged again by a witness, see `witness`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property

from xlmodel.engine.evaluation import Calculation, Evaluation
from xlmodel.engine.protocol import CellKey, Reason
from xlmodel.errors import EngineError
from xlmodel.values import ErrorValue, Kind, Scalar, Values
from xlmodel.verify.comparison import first_difference, reaches, same_saved, suspects, within

__all__ = [
    "NOISE_SIZE",
    "Cause",
    "CellFinding",
    "Dispute",
    "Group",
    "Verdict",
    "Verification",
    "Witness",
    "judged",
    "noise",
]


NO_SAVED_VALUE = Reason("no-saved-value", "the file holds no value for the formula")
NOISE = Reason("noise", "saved and calculated value are both zero but for what may be a float's noise")
AMPLIFIED = Reason(
    "tolerance", "every formula gives its saved value; only small differences add up to more than passes"
)
BOTH_ERRORS = Reason("error-kind", "both the saved and the calculated value are errors, of other kinds: no figure")
BY_TRIAL = Reason("by-trial", "found by trial: Excel stops when it is near, so the last digits need not agree")
VOLATILE = Reason("volatile", "hangs on the clock or on chance: saved and calculated value need not agree")
TOO_LARGE = Reason("limit", "an array over so many cells that what it fills was not compared")

#: What Excel says it finds by trial, and how near to the result it may stop.
_BY_TRIAL, _NEAR_ENOUGH = frozenset("IRR ODDFYIELD ODDLYIELD RATE XIRR YIELD".split()), 1e-7
#: Where two differing numbers are both smaller, what differs may be the noise of a subtraction: no proof either way.
NOISE_SIZE = 1e-9


class Verdict(Enum):
    """What could be proved of one formula cell."""

    VERIFIED = "verified"
    DIFFERS = "differs"
    DISPUTED = "disputed"  #: the witness does not give the calculated value either: no accusation
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Cause:
    """What explains differences. `code` is for machines, `text`, one sentence, for people."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class CellFinding:
    """One formula cell that did not pass."""

    cell: CellKey
    verdict: Verdict
    formula: str
    saved: Scalar
    calculated: Scalar = None
    place: int = -1  #: of the formula's cell in the evaluation; `cell` may be another one that its array fills
    reason: Reason | None = None  #: why it is unverified
    message: str = ""  #: what a function said of its error
    root: bool = False  #: the difference starts here
    confirmed: bool = False  #: an independent witness gives the calculated value too
    witness: Scalar = None  #: what the witness gives for the root
    witnessed_by: str = ""  #: the engine that does
    cause: Cause | None = None  #: what explains a root's difference, where the file shows it
    downstream: int = 0  #: formula cells that depend on a root, directly or not
    label: str = ""  #: what the sheet calls a root


@dataclass(frozen=True, slots=True)
class Group:
    """Unverified cells with one reason."""

    reason: Reason
    cells: tuple[CellKey, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Disputed cells whose formulas call the same functions."""

    functions: tuple[str, ...]
    findings: tuple[CellFinding, ...]


@dataclass(frozen=True, slots=True)
class Witness:
    """Who was asked about what differs."""

    engine: str  #: the engines that were heard, in turn; or those that could not be
    problem: str = ""  #: why it could not be heard
    incomplete: bool = False  #: whether one of those asked could not be heard: another time it may be


@dataclass(frozen=True, eq=False)
class Verification:
    """What the recalculation check found in one workbook."""

    evaluation: Evaluation
    findings: tuple[CellFinding, ...] = field(repr=False)
    witness: Witness | None = None  #: None where no witness was wanted, or there was nothing to ask
    causes: tuple[Cause, ...] = ()  #: what explains differences anywhere in the workbook, where it shows it

    @cached_property
    def counts(self) -> Mapping[Verdict, int]:
        """How many formula cells got each verdict."""
        counts = dict.fromkeys(Verdict, 0)
        for finding in self.findings:
            counts[finding.verdict] += 1
        counts[Verdict.VERIFIED] = self.total - len(self.findings)
        return counts

    @property
    def total(self) -> int:
        """How many formula cells there are."""
        return len(self.evaluation)

    @property
    def coverage(self) -> float:
        """The share of formula cells that are verified; 1 for a workbook without formulas."""
        return self.counts[Verdict.VERIFIED] / self.total if self.total else 1.0

    @cached_property
    def roots(self) -> tuple[CellFinding, ...]:
        """The differences that start where they stand, those with most cells downstream first."""
        return tuple(sorted((f for f in self._of(Verdict.DIFFERS) if f.root), key=lambda f: -f.downstream))

    @property
    def confirmed(self) -> int:
        """How many differences the witness confirms."""
        return sum(f.confirmed for f in self._of(Verdict.DIFFERS))

    @cached_property
    def disputes(self) -> tuple[Dispute, ...]:
        """The disputed cells by the functions of their formulas, the largest group first; consequences are left out."""
        disputed = self._of(Verdict.DISPUTED)
        groups: dict[tuple[str, ...], list[CellFinding]] = {}
        for finding in [f for f in disputed if f.root] or disputed:
            groups.setdefault(self.evaluation.functions(finding.place), []).append(finding)
        ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
        return tuple(Dispute(functions, tuple(found)) for functions, found in ordered)

    def _of(self, verdict: Verdict) -> list[CellFinding]:
        return [f for f in self.findings if f.verdict is verdict]

    @cached_property
    def unverified(self) -> tuple[Group, ...]:
        """The unverified cells by reason; those that only depend on another come last, as one group."""
        groups: dict[Reason, list[CellKey]] = {}
        for finding in self.findings:
            if finding.reason is not None:
                reason = finding.reason
                if reason.code == "depends":
                    reason = Reason("depends", "depends on a cell that was not calculated")
                groups.setdefault(reason, []).append(finding.cell)
        ordered = sorted(groups.items(), key=lambda item: (item[0].code == "depends", -len(item[1])))
        return tuple(Group(reason, tuple(cells)) for reason, cells in ordered)

    @property
    def exit_code(self) -> int:
        """0 clean, 1 findings, 3 verification incomplete."""
        if self.counts[Verdict.DIFFERS]:
            return 1
        return 3 if self.counts[Verdict.UNVERIFIED] or self.counts[Verdict.DISPUTED] else 0


def judged(
    evaluation: Evaluation, tolerance: float, downstream: Callable[[Sequence[CellKey]], Sequence[int]]
) -> Verification:
    """Judge every formula cell of an evaluated workbook.

    Parameters
    ----------
    evaluation : Evaluation
        What was saved and what was calculated.
    tolerance : float
        Relative difference of two numbers that still pass; numbers equal to 15 significant digits always do.
    downstream : callable
        Gives for each of some cells how many formula cells depend on it.

    Returns
    -------
    Verification
        The cells that did not pass, in the order of the workbook.
    """
    calculation, local = evaluation.calculated, evaluation.local
    if calculation is None or local is None:
        raise EngineError("both a calculation and a local one are needed to judge a workbook")
    findings = []
    holds_results = _holds_results(evaluation.saved)
    for i in suspects(evaluation, calculation):
        saved = evaluation.saved.item(i)
        reason = calculation.reasons.get(i)
        if reason is None and (saved is None or (not holds_results and calculation.values.item(i) != "")):
            reason = NO_SAVED_VALUE
        if reason is None and i in evaluation.saved_arrays and not evaluation.saved_arrays[i].size:
            reason = TOO_LARGE
        if reason is not None:
            cell, formula = evaluation.key(i), evaluation.formula_a1(i)
            findings.append(CellFinding(cell, Verdict.UNVERIFIED, formula, saved, place=i, reason=reason))
            continue
        found = _difference(evaluation, calculation, local, i, tolerance)
        if found is not None:
            findings.append(found)
    if not any(f.root for f in findings):
        findings = [_not_proved(f, AMPLIFIED) if f.verdict is Verdict.DIFFERS else f for f in findings]
    return Verification(evaluation, tuple(_with_downstream(findings, downstream)))


def _holds_results(saved: Values) -> bool:
    """Tell whether any formula cell holds more than an empty text, which some programs leave in all of them."""
    empty = (saved.kind == Kind.BLANK) | ((saved.kind == Kind.TEXT) & (saved.text == ""))
    return not bool(empty.all())


def _difference(
    evaluation: Evaluation, calculation: Calculation, local: Calculation, i: int, tolerance: float
) -> CellFinding | None:
    """Return what differs in a formula cell or in a cell that its array fills; None where nothing does."""
    cell, formula, message = evaluation.key(i), evaluation.formula_a1(i), calculation.messages.get(i, "")
    saved, calculated, alone = evaluation.saved.item(i), calculation.values.item(i), local.values.item(i)
    offset = first_difference(evaluation, calculation, i, tolerance)
    if offset is not None:
        cell = CellKey(cell.sheet, cell.row + offset[0], cell.col + offset[1])
        blocks = evaluation.saved_arrays.get(i), calculation.spills.get(i), local.spills.get(i)
        saved, calculated, alone = (within(block, offset) for block in blocks)
    elif same_saved(saved, calculated, tolerance):
        return None
    # where the formula alone could not be calculated either, nothing shows that the fault came from elsewhere
    root = i in local.reasons or not same_saved(saved, alone, tolerance)
    found = CellFinding(cell, Verdict.DIFFERS, formula, saved, calculated, i, message=message, root=root)
    if offset is not None and saved is None and reaches(evaluation.saved_arrays[i], offset):
        return _not_proved(found, NO_SAVED_VALUE)
    if i in calculation.volatile:
        return _not_proved(found, VOLATILE)
    if noise(saved, calculated):
        return _not_proved(found, NOISE)
    if root and same_saved(saved, alone, _NEAR_ENOUGH) and not _BY_TRIAL.isdisjoint(evaluation.functions(i)):
        return _not_proved(found, BY_TRIAL)
    if isinstance(saved, ErrorValue) and isinstance(calculated, ErrorValue):
        return _not_proved(found, BOTH_ERRORS)
    return found


def noise(a: Scalar, b: Scalar) -> bool:
    """Tell whether two numbers are both so near zero that what differs may be the noise of a subtraction.

    >>> noise(4e-15, 0.0), noise(4e-15, 0.1)
    (True, False)
    """
    return isinstance(a, float) and isinstance(b, float) and max(abs(a), abs(b)) < NOISE_SIZE


def _not_proved(finding: CellFinding, reason: Reason) -> CellFinding:
    return replace(finding, verdict=Verdict.UNVERIFIED, reason=reason, calculated=None, root=False)


def _with_downstream(
    findings: list[CellFinding], downstream: Callable[[Sequence[CellKey]], Sequence[int]]
) -> list[CellFinding]:
    roots = [i for i, f in enumerate(findings) if f.root]
    if roots:
        for i, count in zip(roots, downstream([findings[i].cell for i in roots]), strict=True):
            findings[i] = replace(findings[i], downstream=count)
    return findings
