"""Reconciling a document with itself: its printed figures, what they should come to, and a verdict on each."""

from xlmodel.reconcile.claims import Claim, Claims, Kind
from xlmodel.reconcile.reading import read_claims
from xlmodel.reconcile.reconciliation import Finding, Reconciliation, ReconciliationRow, judge
from xlmodel.reconcile.verdicts import MEANING, Verdict

__all__ = [
    "MEANING",
    "Claim",
    "Claims",
    "Finding",
    "Kind",
    "Reconciliation",
    "ReconciliationRow",
    "Verdict",
    "judge",
    "read_claims",
]
