"""From the arithmetic, and the sort of statement a row makes, to a verdict. Only DOES NOT TIE accuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from xlmodel.reconcile.claims import Claim, Claims, Kind
from xlmodel.reconcile.intervals import End, Interval, NoResultError

__all__ = ["MEANING", "Comparison", "Row", "Verdict", "judged"]


class Verdict(StrEnum):
    """What becomes of a figure, in the order of a report."""

    DOES_NOT_TIE = "DOES NOT TIE"
    UNEXPLAINED = "UNEXPLAINED"
    READING = "READING"
    NOT_COMPARABLE = "NOT COMPARABLE"
    NOT_TESTABLE = "NOT TESTABLE"
    ROUNDING = "ROUNDING"
    TIES = "TIES"
    IMPLIED = "IMPLIED"


#: What each verdict means.
MEANING: Mapping[Verdict, str] = {
    Verdict.DOES_NOT_TIE: "cannot be right on any reading",
    Verdict.UNEXPLAINED: "two printed figures for one thing; nothing says why they differ",
    Verdict.READING: "depends on how a sentence is read, or is a guess; proves no error",
    Verdict.NOT_COMPARABLE: "the figures are of different dates",
    Verdict.NOT_TESTABLE: "an input is not printed, or the formula has no result",
    Verdict.ROUNDING: "the printed decimals can hide the difference",
    Verdict.TIES: "equal as printed",
    Verdict.IMPLIED: "follows from the figures; nothing is printed to compare with",
}


@dataclass(frozen=True)
class Comparison:
    """A printed figure against what a formula comes to.

    Attributes
    ----------
    recomputed, stated : Fraction or None
        None where there is no result, and where nothing is printed.
    low, high : interval ends or None
        What the result can be, given how each figure behind it is printed.
    bound : interval end or None
        The most that rounding, of the printed figure and of those behind the result, can hide in the direction in
        which the two differ.
    arithmetic : Verdict or None
        TIES, ROUNDING or DOES NOT TIE, whatever the sort of statement; None where nothing can be compared.
    problem : str
        Why there is no result.
    """

    formula: str
    stated: Fraction | None = None
    recomputed: Fraction | None = None
    low: End | None = None
    high: End | None = None
    stated_low: End | None = None
    stated_high: End | None = None
    bound: End | None = None
    arithmetic: Verdict | None = None
    problem: str = ""

    @property
    def difference(self) -> Fraction | None:
        """Recomputed less stated."""
        return None if self.stated is None or self.recomputed is None else self.recomputed - self.stated


@dataclass(frozen=True)
class Row:
    """One claim judged.

    Attributes
    ----------
    source : str
        The lines of the document, the claim's own and those of the figures it is compared with.
    comparison, other : Comparison
        Of the formula, and of the other reading's formula where there is one.
    circular : bool
        The formula comes back to the printed figure itself: it cannot fail, and so tests nothing.
    """

    claim: Claim
    verdict: Verdict
    comparison: Comparison
    other: Comparison | None = None
    source: str = ""
    circular: bool = False
    backing: Verdict | None = None  #: the verdict of the row that bears it out


def judged(claims: Claims) -> tuple[Row, ...]:
    """Return every row with a formula, judged."""
    rows = {claim.id: _row(claims, claim) for claim in claims.recomputed}
    return tuple(_borne_out(row, rows) for row in rows.values())


def _borne_out(row: Row, rows: Mapping[str, Row]) -> Row:
    """Give a row that assumes something the verdict that another row, which assumes nothing, bears out."""
    if row.claim.kind is not Kind.ASSUMES or not row.claim.borne_out_by:
        return row
    backing = rows[row.claim.borne_out_by].verdict
    accused = row.comparison.arithmetic is Verdict.DOES_NOT_TIE and backing is Verdict.DOES_NOT_TIE
    return replace(row, backing=backing, verdict=Verdict.DOES_NOT_TIE if accused else row.verdict)


def _row(claims: Claims, claim: Claim) -> Row:
    comparison = compared(claims, claim, claim.formula)
    other = compared(claims, claim, claim.other_formula) if claim.other_formula else None
    circular = _comes_back(claims, claim)
    verdict = _verdict(claim, comparison, other, circular)
    return Row(claim, verdict, comparison, other, claim.source or _sources(claims, claim), circular)


def _sources(claims: Claims, claim: Claim) -> str:
    """Return where the printed figures behind a row stand, those compared with first."""
    order = [*(claims.printed_under(claim.states) if claim.states else ()), *claims.printed_under(claim.formula)]
    rows = sorted(set(order), key=lambda name: claims[name].row)
    return ", ".join(dict.fromkeys(claims[name].source for name in rows))


def _comes_back(claims: Claims, claim: Claim) -> bool:
    stated = claims.printed_under(claim.states) if claim.states else {claim.id} if claim.value is not None else set()
    return bool(stated & claims.printed_under(claim.formula))


def compared(claims: Claims, claim: Claim, formula: str) -> Comparison:
    """Return a claim's printed figure, if there is one, against a formula."""
    out = Comparison(formula)
    try:
        if claim.states:
            stated, around = claims.result(claim.states)
            out = replace(out, stated=stated, stated_low=around.low, stated_high=around.high)
        elif claim.value is not None:
            low, high = claim.value - claim.half, claim.value + claim.half
            out = replace(out, stated=claim.value, stated_low=low, stated_high=high)
        recomputed, interval = claims.result(formula)
    except NoResultError as reason:
        return replace(out, problem=str(reason))
    out = replace(out, recomputed=recomputed, low=interval.low, high=interval.high)
    if out.stated is None or out.stated_low is None or out.stated_high is None:
        return out
    stated_interval = Interval(out.stated_low, out.stated_high)
    above = recomputed >= out.stated
    hidden = (
        (recomputed - interval.low) + (stated_interval.high - out.stated)
        if above
        else (interval.high - recomputed) + (out.stated - stated_interval.low)
    )
    if recomputed == out.stated:
        arithmetic = Verdict.TIES
    else:
        arithmetic = Verdict.ROUNDING if interval.meets(stated_interval) else Verdict.DOES_NOT_TIE
    return replace(out, bound=hidden, arithmetic=arithmetic)


def _verdict(claim: Claim, comparison: Comparison, other: Comparison | None, circular: bool) -> Verdict:
    found = comparison.arithmetic
    if comparison.recomputed is None:
        return Verdict.NOT_TESTABLE
    match claim.kind:
        case Kind.IMPLIED:
            return Verdict.IMPLIED
        case Kind.OTHER_DATE:
            return Verdict.NOT_COMPARABLE
        case Kind.INPUT_MISSING:
            return Verdict.NOT_TESTABLE
        case Kind.HYPOTHESIS:
            return Verdict.READING
        case Kind.NOT_NEGATIVE:
            return _sign_verdict(comparison)
    if found is None:
        return Verdict.NOT_TESTABLE
    if circular and found is Verdict.TIES:
        return Verdict.IMPLIED
    if other is not None:
        if other.arithmetic is None:
            return Verdict.NOT_TESTABLE
        if Verdict.DOES_NOT_TIE not in (found, other.arithmetic):
            return Verdict.TIES if found is other.arithmetic is Verdict.TIES else Verdict.ROUNDING
        return found if found is other.arithmetic else Verdict.READING
    if found is not Verdict.DOES_NOT_TIE or claim.kind is Kind.FIGURE:
        return found
    return Verdict.UNEXPLAINED if claim.kind is Kind.TWO_FIGURES else Verdict.READING


def _sign_verdict(comparison: Comparison) -> Verdict:
    assert comparison.recomputed is not None
    assert comparison.high is not None
    if comparison.recomputed >= 0:
        return Verdict.TIES
    return Verdict.ROUNDING if comparison.high >= 0 else Verdict.DOES_NOT_TIE
