"""Linting in a worker: a workbook is read there, and findings come back as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from xlmodel.book.workbook import Table
from xlmodel.layout.pins import Pin
from xlmodel.lint.finding import Finding
from xlmodel.lint.fingerprint import fingerprinted
from xlmodel.lint.repeated import once
from xlmodel.lint.rule import Rule, all_rules, findings, ordered
from xlmodel.lint.subject import Subject
from xlmodel.lint.suppression import in_workbook, own_table

__all__ = ["answer"]


def answer(service: Any, request: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the rules named in a request find in its workbook, and what the workbook says of suppressions.

    A rule that fails on a workbook is named in ``failed``; the others go on.
    """
    subject = Subject(service.book(request), msgspec.convert(request.get("pins", []), tuple[Pin, ...]))
    found, failed = _gathered(subject, (all_rules()[name] for name in request["rules"]))
    suppressions, problems = in_workbook(subject.book)
    return {
        "findings": msgspec.to_builtins(fingerprinted(ordered(once(found), subject.book), subject)),
        "failed": failed,
        "suppressions": msgspec.to_builtins(suppressions),
        "problems": list(problems),
    }, {}


def _gathered(subject: Subject, rules: Iterable[Rule]) -> tuple[list[Finding], list[str]]:
    found: list[Finding] = []
    failed = []
    table = own_table(subject.book)
    for rule in rules:
        try:
            found += [f for f in findings(subject, {rule.id: rule}) if table is None or not _inside(f, table)]
        except Exception as problem:  # a defect of ours: it must be heard of, and must not hide what others find
            failed.append(f"the rule {rule.id} failed on this workbook: {type(problem).__name__}: {problem}")
    return found, failed


def _inside(finding: Finding, table: Table) -> bool:
    """Tell whether a finding is about the table of suppressions itself."""
    here = finding.sheet == table.sheet and bool(finding.cells)
    return here and all(table.rect.encloses(rect) for rect in finding.cells)
