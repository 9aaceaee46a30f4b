"""Verification: what a saved workbook says against what its formulas give. Findings only; nothing here prints."""

from xlmodel.verify.recalculation import CellFinding, Dispute, Group, Verdict, Verification, Witness, judged
from xlmodel.verify.reconciliation import Reconciliation, ReconciliationRow, reconciliation

__all__ = [
    "CellFinding",
    "Dispute",
    "Group",
    "Reconciliation",
    "ReconciliationRow",
    "Verdict",
    "Verification",
    "Witness",
    "judged",
    "reconciliation",
]
