"""Stated figures against recomputed ones: what a workbook's reconciliation table says once it is recalculated.

A workbook that reconciles a document carries an Excel table named ``Reconciliation``: a row for each figure, with the
verdict as a formula. Only *DOES NOT TIE* accuses; every other verdict says what it would take.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xlmodel.engine.evaluation import Evaluation, TableCells
from xlmodel.errors import BookError
from xlmodel.values import ErrorValue, Scalar

__all__ = ["TABLE", "VERDICTS", "Reconciliation", "ReconciliationRow", "reconciliation"]

TABLE = "Reconciliation"

#: The verdicts in the order of a report, with what each means.
VERDICTS: Mapping[str, str] = {
    "DOES NOT TIE": "Cannot be right on any reading",
    "UNEXPLAINED": "Two figures for one thing, no explanation given",
    "READING": "Depends on how a sentence is read: no proof of an error",
    "ROUNDING": "Rounding can explain the difference",
    "TIES": "Equal as printed",
    "IMPLIED": "Implied by the other figures; nothing is printed to compare with",
    "NOT COMPARABLE": "Two figures of different dates",
    "NOT TESTABLE": "An input is not printed, or the formula has no result",
}

COLUMNS = ("ID", "Source", "Item", "Stated", "Recomputed", "Verdict", "Explanation")


@dataclass(frozen=True, slots=True)
class ReconciliationRow:
    """One stated figure and what becomes of it."""

    id: str
    source: str  #: the line of the document
    item: str
    unit: str
    stated: Scalar
    recomputed: Scalar
    verdict: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All rows of a reconciliation table."""

    rows: tuple[ReconciliationRow, ...]

    def by_verdict(self) -> dict[str, list[ReconciliationRow]]:
        """Return the rows under each verdict, known verdicts first in the order of a report."""
        groups: dict[str, list[ReconciliationRow]] = {v: [] for v in VERDICTS}
        for row in self.rows:
            groups.setdefault(row.verdict, []).append(row)
        return {verdict: rows for verdict, rows in groups.items() if rows}


def reconciliation(evaluation: Evaluation) -> Reconciliation | None:
    """Return the recalculated reconciliation of a workbook, None where it carries no such table.

    Raises
    ------
    BookError
        The table lacks a column, or a verdict was not calculated.
    """
    table = evaluation.tables.get(TABLE)
    if table is None:
        return None
    missing = [c for c in COLUMNS if c not in table.columns]
    if missing:
        raise BookError(f"table {TABLE} has no column {missing[0]!r}; it needs {', '.join(COLUMNS)}")
    return Reconciliation(tuple(_row(table, i) for i in range(table.cells.shape[0])))


def _row(table: TableCells, i: int) -> ReconciliationRow:
    found = {name: table.cells.item((i, at)) for at, name in enumerate(table.columns)}
    name, verdict = _text(found["ID"]), found["Verdict"]
    if not isinstance(verdict, str) or not verdict:
        raise BookError(f"table {TABLE}, row {name}: the verdict was not calculated; it is {_text(verdict) or 'blank'}")
    return ReconciliationRow(
        id=name,
        source=_text(found["Source"]),
        item=_text(found["Item"]),
        unit=_text(found.get("Unit")),
        stated=found["Stated"],
        recomputed=found["Recomputed"],
        verdict=verdict,
        explanation=_text(found["Explanation"]),
    )


def _text(content: Scalar) -> str:
    if content is None:
        return ""
    return (
        content.code
        if isinstance(content, ErrorValue)
        else f"{content:.15g}"
        if isinstance(content, float)
        else str(content)
    )
