"""What the rules found, for machines."""

from __future__ import annotations

from typing import Any

from xlmodel.lint.finding import Finding
from xlmodel.lint.result import LintResult
from xlmodel.refs import cell_name
from xlmodel.values import ErrorValue, Scalar

__all__ = ["finding_plain", "lint_plain"]


def finding_plain(finding: Finding, workbook: str) -> dict[str, Any]:
    """Return a finding as JSON has it: every cell by its name, formulas with their equals signs."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "workbook": workbook,
        "sheet": finding.sheet,
        "cells": [cell_name(row, col) for row, col in finding.places()],
        "message": finding.message,
        "fix": finding.fix,
        "label": finding.label,
        "formula": _formula(finding.formula),
        "proposed": _formula(finding.proposed),
        "saved": _scalar(finding.saved),
        "would_be": _scalar(finding.would_be),
        "changes_value": finding.changes_value,
        "against": finding.against,
        "fingerprint": finding.fingerprint,
    }


def lint_plain(result: LintResult, workbook: str) -> dict[str, Any]:
    """Return what becomes of the findings of one workbook: how many are reported, and which are not, with reasons."""
    suppressed = [finding_plain(s.finding, workbook) | {"reason": s.reason} for s in result.suppressed]
    return {
        "findings": len(result.findings),
        "suppressed": suppressed,
        "known": len(result.known),
        "gone": result.gone,
        "notes": list(result.notes),
        "incomplete": list(result.incomplete),
    }


def _formula(text: str) -> str | None:
    return f"={text}" if text else None


def _scalar(content: Scalar) -> Any:
    return {"error": content.code} if isinstance(content, ErrorValue) else content
