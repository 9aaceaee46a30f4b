"""Verification: what a saved workbook says against what its formulas give. Findings only; nothing here prints."""

from xlmodel.verify.recalculation import CellFinding, Group, Verdict, Verification, judged
from xlmodel.verify.reconciliation import Reconciliation, ReconciliationRow, reconciliation

__all__ = [
    "CellFinding",
    "Group",
    "Reconciliation",
    "ReconciliationRow",
    "Verdict",
    "Verification",
    "judged",
    "reconciliation",
]
