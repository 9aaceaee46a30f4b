"""A document reconciled: every row with its verdict and sentence, and what the tests without a formula found."""

from __future__ import annotations

from dataclasses import dataclass

from xlmodel.reconcile.by_roles import found_by_roles
from xlmodel.reconcile.claims import Claims, Kind
from xlmodel.reconcile.finding import Finding
from xlmodel.reconcile.sentences import readings, sentence, unit_of
from xlmodel.reconcile.verdicts import Row, Verdict, judged

__all__ = ["Finding", "Reconciliation", "ReconciliationRow", "judge"]


@dataclass(frozen=True)
class ReconciliationRow:
    """One claim, recomputed and judged.

    Attributes
    ----------
    stated, recomputed, difference, low, high, bound : float or None
        In `unit`. `low` and `high` are what the recomputed figure can be; `bound` is the most that rounding can hide.
    arithmetic : str
        TIES, ROUNDING or DOES NOT TIE by the figures alone; "" where nothing can be compared.
    circular : bool
        The formula comes back to the printed figure itself, and so tests nothing.
    sentence : str
        What was found, every figure in it recomputed; `explanation` is the author's, word for word.
    readings : tuple of str
        Both readings, where the verdict is READING.
    findings : tuple of Finding
        What tests without a formula say about the same figures.
    """

    id: str
    source: str
    item: str
    unit: str
    period: str
    kind: Kind
    stated: float | None
    recomputed: float | None
    difference: float | None
    low: float | None
    high: float | None
    bound: float | None
    arithmetic: str
    verdict: Verdict
    circular: bool
    sentence: str
    explanation: str
    readings: tuple[str, ...]
    formula: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Reconciliation:
    """All rows of a file of claims, and the findings that no row covers."""

    name: str
    rows: tuple[ReconciliationRow, ...]
    findings: tuple[Finding, ...]
    tests: int = 0  #: how many comparisons the roles of figures led to, found at fault or not
    idle: tuple[str, ...] = ()  #: the sets of which no two figures could be compared

    def by_verdict(self) -> dict[Verdict, list[ReconciliationRow]]:
        """Return the rows under each verdict, in the order of a report; a verdict without rows is left out."""
        groups = {verdict: [row for row in self.rows if row.verdict is verdict] for verdict in Verdict}
        return {verdict: rows for verdict, rows in groups.items() if rows}

    @property
    def accused(self) -> int:
        """How many rows and findings say DOES NOT TIE."""
        verdicts = [*(row.verdict for row in self.rows), *(finding.verdict for finding in self.findings)]
        return verdicts.count(Verdict.DOES_NOT_TIE)


def judge(claims: Claims) -> Reconciliation:
    """Return every row of a file of claims judged, and what its figures' roles show without a formula.

    Parameters
    ----------
    claims : Claims
        As `read_claims` returns them.

    Returns
    -------
    Reconciliation
        Rows in the order of the file. A finding about figures that a row is about stands under that row; all others
        stand by themselves.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from xlmodel.reconcile.claims import Claim
    >>> parts = [Claim(n, n, 2, value=Fraction(v), nearest=Fraction("0.1")) for n, v in (("a", "1.0"), ("b", "2.1"))]
    >>> total = Claim("total", "Total", 4, value=Fraction("3.4"), nearest=Fraction("0.1"), kind=Kind.FIGURE,
    ...               formula="=a+b")
    >>> judge(Claims((*parts, total))).rows[0].verdict
    <Verdict.DOES_NOT_TIE: 'DOES NOT TIE'>
    """
    rows = judged(claims)
    by_roles = found_by_roles(claims)
    under: dict[str, list[Finding]] = {}
    free = []
    for finding in by_roles.findings:
        covering = [row for row in rows if _covers(claims, row, finding)]
        # a finding that accuses no figure belongs to a row that states none
        row = min(covering, key=lambda row: (row.comparison.stated is None) != (not finding.stated), default=None)
        if row is None:
            free.append(finding)
        else:
            under.setdefault(row.claim.id, []).append(finding)
    return Reconciliation(
        claims.name,
        tuple(_row(claims, row, tuple(under.get(row.claim.id, ()))) for row in rows),
        tuple(free),
        by_roles.comparisons,
        by_roles.idle,
    )


def _covers(claims: Claims, row: Row, finding: Finding) -> bool:
    """Whether a row is about the figures of a finding already."""
    claim = row.claim
    stated = {claim.id} if claim.value is not None else set()
    if claim.states:
        stated |= claims.printed_under(claim.states)
    for formula in filter(None, (claim.formula, claim.other_formula)):
        about = {name for name in stated | claims.printed_under(formula) if claims[name].roles}
        same_figure = finding.stated in stated and about <= set(finding.figures)
        if about == set(finding.figures) or same_figure:
            return True
    return False


def _row(claims: Claims, row: Row, findings: tuple[Finding, ...]) -> ReconciliationRow:
    claim, found = row.claim, row.comparison

    def number(x: object) -> float | None:
        return None if x is None else float(x)  # type: ignore[arg-type]

    return ReconciliationRow(
        id=claim.id,
        source=row.source,
        item=claim.item,
        unit=unit_of(claims, claim),
        period=claim.period,
        kind=claim.kind or Kind.FIGURE,
        stated=number(found.stated),
        recomputed=number(found.recomputed),
        difference=number(found.difference),
        low=number(found.low),
        high=number(found.high),
        bound=number(found.bound),
        arithmetic=found.arithmetic or "",
        verdict=row.verdict,
        circular=row.circular,
        sentence=sentence(claims, row),
        explanation=claim.explanation,
        readings=readings(claims, row),
        formula=claim.formula,
        findings=findings,
    )
