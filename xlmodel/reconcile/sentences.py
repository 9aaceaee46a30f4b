"""What a verdict says, in a sentence that can be read out in a meeting. All figures in it come from the arithmetic."""

from __future__ import annotations

import re
from fractions import Fraction
from math import isinf

from xlmodel.reconcile.claims import Claim, Claims, Kind
from xlmodel.reconcile.intervals import Interval, size
from xlmodel.reconcile.verdicts import Comparison, Row, Verdict
from xlmodel.reconcile.wording import amount, apart, between, places_for, points

__all__ = ["readings", "sentence", "unit_of"]

_BARE = re.compile(r"[+-]?[\d,]+(?:\.(\d+))?\Z", re.ASCII)
_NARROW = Fraction(1, 1000)  #: a range of less than this part of a figure is not worth a sentence
_FINER = 2  #: decimal places beyond those of the printed figure to which a result is shown where that is all of it
_NOUGHTS = (100, 1_000, 1_000_000)  #: what a percentage, thousands or millions are multiplied by
_OWN = "its own figures give"
_OUTCOMES = {
    Verdict.TIES: "ties",
    Verdict.ROUNDING: "rounding can hide the difference",
    Verdict.DOES_NOT_TIE: "does not tie",
}


def sentence(claims: Claims, row: Row) -> str:
    """Return what was found about a row."""
    claim, found = row.claim, row.comparison
    problem = found.problem or (row.other.problem if row.other else "")
    if problem:
        return f"It cannot be worked out: the formula {problem}."
    if claim.kind is Kind.NOT_NEGATIVE:
        return _sign(found, unit_of(claims, claim))
    if found.stated is None:
        return _implied(claims, row)
    if row.circular and row.verdict is Verdict.IMPLIED:
        return "The formula comes back to the printed figure itself, so it tests nothing."
    if claim.kind is Kind.TWO_READINGS:
        return _two_readings(claims, row)
    if claim.kind in (Kind.TWO_FIGURES, Kind.OTHER_DATE):
        return _two_figures(claims, row)
    if claim.kind in (Kind.ASSUMES, Kind.HYPOTHESIS):
        return _supposed(claims, row)
    if claim.kind is Kind.INPUT_MISSING:
        said = _against(claims, row, "the nearest that its figures give is")
        return f"{said} It does not print what a test would need."
    return f"{_against(claims, row, _OWN)}{_bound(claims, row)}{_slip(found)}"


def readings(claims: Claims, row: Row) -> tuple[str, ...]:
    """Return both readings of a row whose verdict depends on one, and what each comes to; nothing for other rows."""
    return _spelled_out(claims, row) if row.verdict is Verdict.READING else ()


def _spelled_out(claims: Claims, row: Row) -> tuple[str, str]:
    claim = row.claim
    other = f": {_outcome(claims, row, row.other)}" if row.other else ""
    return f"{claim.reading}: {_outcome(claims, row, row.comparison)}.", f"{claim.other_reading}{other}."


def unit_of(claims: Claims, claim: Claim) -> str:
    """Return a claim's unit: its own, or that of the figure it states."""
    stated = claims.by_id.get(claim.states)
    return claim.unit or (stated.unit if stated else "")


# --- by the sort of statement -----------------------------------------------------------------------------------------


def _sign(found: Comparison, unit: str) -> str:
    assert found.recomputed is not None
    assert found.high is not None
    if found.recomputed >= 0:
        result = amount(found.recomputed, unit, _places(found))
        return f"The result is {result}: it must not be below zero, and is not."
    if found.high >= 0:
        result = amount(found.recomputed, unit, _places(found))
        return f"The result is {result}: it must not be below zero, but rounding can explain that it is."
    result = amount(found.high, unit, _places(found))
    return (
        f"Even with each figure as favourable as rounding allows the result is {result}, and below zero it cannot be."
    )


def _implied(claims: Claims, row: Row) -> str:
    found, unit = row.comparison, unit_of(claims, row.claim)
    assert found.recomputed is not None
    assert found.low is not None
    assert found.high is not None
    places = _places(found)
    said = f"The document's figures imply {amount(found.recomputed, unit, places)}"
    if isinf(found.low) or isinf(found.high):
        said += "; as they are printed, there is no limit to what it could be"
    elif found.high - found.low > abs(found.recomputed) * _NARROW:
        fine = max(places, places_for(Fraction(0), found.high - found.low))
        said += f": as they are printed, {between(found.low, found.high, unit, fine)}"
    if row.verdict is Verdict.NOT_COMPARABLE:
        return f"{said}. The figures behind it are of different dates, so it proves nothing."
    return f"{said}."


def _two_readings(claims: Claims, row: Row) -> str:
    if row.other and row.other.arithmetic is not row.comparison.arithmetic:
        return " ".join(_spelled_out(claims, row))
    return f"{_against(claims, row, _OWN)}{_bound(claims, row)} Both readings of the document come to the same."


def _two_figures(claims: Claims, row: Row) -> str:
    found, unit = row.comparison, unit_of(claims, row.claim)
    assert found.recomputed is not None
    if not found.difference:
        return f"The document gives {_stated(claims, row)} in both places."
    places = _places(found)
    other = amount(found.recomputed, unit, places)
    gap = points(found.difference, places) if unit == "%" else amount(abs(found.difference), unit, places)
    said = f"The document gives {_stated(claims, row)} and {other}, {gap} apart"
    if row.claim.kind is Kind.OTHER_DATE:
        return f"{said}. The two are of different dates, so neither can be wrong because of the other."
    said = f"{said}, for one thing.{_bound(claims, row)}"
    return f"{said} It does not say why." if row.verdict is Verdict.UNEXPLAINED else said


def _supposed(claims: Claims, row: Row) -> str:
    claim = row.claim
    abbreviated = claim.reading[1:2].isupper()
    supposed = claim.reading if abbreviated else claim.reading[0].lower() + claim.reading[1:]
    said = f"{_against(claims, row, f'{supposed}, {_OWN}')}{_bound(claims, row)}"
    if row.verdict is Verdict.READING:
        return f"{said} {claim.other_reading}."
    if row.verdict is Verdict.DOES_NOT_TIE:
        return f"{said} {claim.borne_out_by} shows the same without supposing anything."
    return said


def _outcome(claims: Claims, row: Row, found: Comparison) -> str:
    assert found.recomputed is not None
    result = amount(found.recomputed, unit_of(claims, row.claim), _places(found))
    if found.stated is None or found.arithmetic is None:
        return result
    return f"{result} against {_stated(claims, row)}, {_OUTCOMES[found.arithmetic]}"


# --- figures ----------------------------------------------------------------------------------------------------------


def _stated(claims: Claims, row: Row) -> str:
    """Return the printed figure as it is printed, with the unit where the print has none."""
    found, claim = row.comparison, row.claim
    assert found.stated is not None
    unit = unit_of(claims, claim)
    names = claims.printed_under(claim.states) if claim.states else {claim.id}
    printed = [claims[name] for name in names if claims[name].printed]
    if len(printed) != 1:
        return amount(found.stated, unit, places_for(found.stated))
    (figure,) = printed
    bare = _BARE.match(figure.printed)
    if bare is None:
        return figure.printed
    same = figure.value == found.stated
    return amount(found.stated, unit, len(bare[1] or "") if same else places_for(found.stated), fixed=same)


def _places(found: Comparison) -> int:
    if found.stated is not None and found.recomputed is not None:
        own, exact = places_for(found.stated), places_for(found.recomputed)
        if exact <= own + _FINER:
            return max(own, exact)
        seen = places_for(Fraction(0), found.recomputed) if size(found.recomputed) < 1 else 0
        return max(seen, places_for(found.stated, found.difference or Fraction(0)))
    assert found.recomputed is not None
    exact = places_for(found.recomputed)
    return min(exact, places_for(Fraction(0), found.recomputed / 10))


def _against(claims: Claims, row: Row, lead: str) -> str:
    found, unit = row.comparison, unit_of(claims, row.claim)
    assert found.recomputed is not None
    other = claims.by_id.get(row.claim.states)
    printed = other is None or other.value is not None
    stated = f"The document {'prints' if printed else 'implies'} {_stated(claims, row)}"
    if not found.difference:
        return f"{stated}, and {lead} the same."
    places = _places(found)
    result = amount(found.recomputed, unit, places)
    return f"{stated}; {lead} {result}, {apart(found.difference, unit, places)}."


def _slip(found: Comparison) -> str:
    """Return, for figures that differ by their sign or by noughts alone, that the row itself may be at fault."""
    if found.arithmetic is not Verdict.DOES_NOT_TIE or not found.recomputed or not found.stated:
        return ""
    assert found.low is not None
    assert found.high is not None
    assert found.stated_low is not None
    assert found.stated_high is not None
    around, stated = Interval(found.low, found.high), Interval(found.stated_low, found.stated_high)
    if (-around).meets(stated):
        return " Only the sign differs: a fall may be printed without one. See that before it is called an error."
    for times in _NOUGHTS:
        larger, smaller = Interval.of(Fraction(times)), Interval.of(Fraction(1, times))
        if (around * larger).meets(stated) or (around * smaller).meets(stated):
            return f" They differ {times:,} times: see that both are in one unit before it is called an error."
    return ""


def _bound(claims: Claims, row: Row) -> str:
    """Return what rounding can hide, as a further sentence; nothing where there is no difference."""
    found, unit = row.comparison, unit_of(claims, row.claim)
    if not found.difference or found.bound is None:
        return ""
    if found.bound == 0:
        return " None of the figures is rounded."
    if isinf(found.bound):
        return " Rounding can hide any difference."
    # as fine as it takes to tell the bound from the difference
    gap = size(abs(found.difference) - found.bound)
    places = places_for(Fraction(0), min(found.bound, gap) if gap else found.bound)
    most = points(found.bound, places) if unit == "%" else amount(found.bound, unit, places)
    enough = found.arithmetic is Verdict.ROUNDING
    return f" Rounding can hide as much as {most}." if enough else f" Rounding can hide {most} at most."
