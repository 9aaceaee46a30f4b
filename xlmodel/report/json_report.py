"""What verifications found, for machines; `schema/report-1.json` says what each key means."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from xlmodel import __version__
from xlmodel.projection.baseline import BaselineResult
from xlmodel.report.escape import as_json
from xlmodel.report.lint_json import finding_plain, lint_plain
from xlmodel.values import ErrorValue, Scalar
from xlmodel.verify.drift import Drift
from xlmodel.verify.outcome import Outcome
from xlmodel.verify.recalculation import CellFinding, Verdict, Verification

__all__ = ["report_json", "report_schema"]

SCHEMA = 1  #: raised when a key changes its meaning


def report_json(outcomes: Sequence[Outcome]) -> str:
    """Return the report on several workbooks as JSON."""
    found = [finding_plain(f, str(o.path)) for o in outcomes if o.lint is not None for f in o.lint.findings]
    return as_json(
        {
            "schema": SCHEMA,
            "xlmodel": __version__,
            "findings": found,
            "workbooks": [_outcome(o) for o in outcomes],
        }
    )


def report_schema() -> str:
    """Return the JSON schema of a report."""
    return (files("xlmodel.report") / "schema" / f"report-{SCHEMA}.json").read_text("utf-8")


def _outcome(outcome: Outcome) -> dict[str, Any]:
    said: dict[str, Any] = {"path": str(outcome.path), "error": outcome.error, "exit_code": outcome.exit_code}
    if outcome.verification is not None:
        said |= _verification(outcome.verification)
    if outcome.lint is not None:
        said["lint"] = lint_plain(outcome.lint, str(outcome.path))
    if outcome.baseline is not None:
        said["baseline"] = _baseline(outcome.baseline)
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


def _baseline(held: BaselineResult) -> dict[str, Any]:
    said: dict[str, Any] = {"path": str(held.path), "holds": not held.broken, "problem": held.problem or None}
    if held.changes is None:
        return said
    changes = [
        {
            "kind": change.kind.name.casefold().replace("_", "-"),
            "sheet": change.sheet,
            "cells": None if change.rect is None else change.rect.name,
            "label": change.label,
            "subject": change.subject,
            "before": change.before,
            "after": change.after,
            "reaches": change.reaches,
        }
        for change in held.changes.roots
    ]
    return said | {"changes": changes, "propagated": held.changes.propagated, "volatile": held.changes.volatile}


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
        "causes": [{"code": cause.code, "text": cause.text} for cause in verification.causes],
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
        said["functions"] = list(verification.evaluation.functions(finding.place))
    if finding.witnessed_by or finding.verdict is Verdict.DISPUTED:
        said |= {"witness": _scalar(finding.witness), "witnessed_by": finding.witnessed_by}
    if finding.cause is not None:
        said["cause"] = {"code": finding.cause.code, "text": finding.cause.text}
    if finding.label:
        said["label"] = finding.label
    return said | {
        "calculated": _scalar(finding.calculated),
        "message": finding.message,
        "root": finding.root,
        "confirmed": finding.confirmed,
        "downstream": finding.downstream,
    }


def _scalar(content: Scalar) -> Any:
    return {"error": content.code} if isinstance(content, ErrorValue) else content
