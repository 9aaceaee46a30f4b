"""What verifications found, for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from xlmodel import __version__
from xlmodel.values import ErrorValue, Scalar
from xlmodel.verify.check import Outcome
from xlmodel.verify.drift import Drift
from xlmodel.verify.recalculation import CellFinding, Verdict, Verification

__all__ = ["report_json"]


def report_json(outcomes: Sequence[Outcome]) -> str:
    """Return the report on several workbooks as JSON; `schema` is raised when a key changes its meaning."""
    report = {"schema": 1, "xlmodel": __version__, "workbooks": [_outcome(o) for o in outcomes]}
    # plain characters alone: no terminal obeys them, and every console can show them
    return json.dumps(report, indent=1, allow_nan=False)


def _outcome(outcome: Outcome) -> dict[str, Any]:
    said: dict[str, Any] = {"path": str(outcome.path), "error": outcome.error, "exit_code": outcome.exit_code}
    if outcome.verification is not None:
        said |= _verification(outcome.verification)
    if outcome.reconciliation is not None:
        said["reconciliation"] = [
            {
                "id": r.id,
                "source": r.source,
                "item": r.item,
                "unit": r.unit,
                "stated": _scalar(r.stated),
                "recomputed": _scalar(r.recomputed),
                "verdict": r.verdict,
                "explanation": r.explanation,
            }
            for r in outcome.reconciliation.rows
        ]
    if outcome.record is not None:
        said["published"] = {"edition": outcome.record.edition, "xlmodel": outcome.record.program}
    if outcome.drift is not None:
        said["drift"] = _drift(outcome.drift)
    if outcome.sign_off is not None:
        said["sign_off"] = {
            "values": outcome.sign_off.recorded,
            "holds": outcome.sign_off.holds,
            "sheets": list(outcome.sign_off.sheets),
        }
    return said


def _drift(drift: Drift) -> dict[str, Any]:
    return {
        "functions": [
            {"function": f.function, "what": f.what, "recorded": f.recorded, "here": f.here, "text": f.sentence}
            for f in drift.functions
        ],
        "problem": drift.problem or None,
        "results": [
            {
                "sheet": r.cell.sheet,
                "cell": str(r.cell).rpartition("!")[2],
                "formula": "=" + r.formula,
                "saved": _scalar(r.saved),
                "here": _scalar(r.calculated),
                "root": r.root,
                "downstream": r.downstream,
            }
            for r in drift.results
        ],
    }


def _verification(verification: Verification) -> dict[str, Any]:
    facts, witness = verification.evaluation.facts, verification.witness
    return {
        "sha256": facts.sha256,
        "engine": verification.evaluation.engine,
        "witness": None if witness is None else {"engine": witness.engine, "problem": witness.problem},
        "application": facts.application,
        "hosts": sorted(facts.hosts),
        "calculation": facts.calc.mode,
        "formula_cells": verification.total,
        "coverage": verification.coverage,
        "counts": {verdict.value: n for verdict, n in verification.counts.items()},
        "confirmed": verification.confirmed,
        "findings": [_finding(f, verification) for f in verification.findings],
    }


def _finding(finding: CellFinding, verification: Verification) -> dict[str, Any]:
    said: dict[str, Any] = {
        "sheet": finding.cell.sheet,
        "cell": str(finding.cell).rpartition("!")[2],
        "verdict": finding.verdict.value,
        "formula": "=" + finding.formula,
        "saved": _scalar(finding.saved),
    }
    if finding.reason is not None:
        return said | {"reason": finding.reason.code, "text": finding.reason.text}
    if finding.verdict is Verdict.DISPUTED:
        functions = list(verification.evaluation.functions(finding.place))
        said |= {"witness": _scalar(finding.witness), "functions": functions}
    return said | {
        "calculated": _scalar(finding.calculated),
        "message": finding.message,
        "root": finding.root,
        "confirmed": finding.confirmed,
        "downstream": finding.downstream,
    }


def _scalar(content: Scalar) -> Any:
    return {"error": content.code} if isinstance(content, ErrorValue) else content
