"""Asking a workbook's own checks, in a worker, which alone reads workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlmodel.engine.protocol import CellKey
from xlmodel.lint.rules.failed_check import checks
from xlmodel.lint.subject import Subject
from xlmodel.values import ErrorValue, Scalar

__all__ = ["answer"]


def answer(service: Any, request: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the cells of the request's workbook that are checks: those that fail, and the others.

    A check that is in error cannot say that all is well: it fails. One that fails since others do is among the others.
    """
    subject = Subject(service.book(request))
    failed, others = checks(subject)
    failing = {*failed, *(key for key in others if isinstance(_content(subject, key), ErrorValue))}
    told = failing - subject.dependencies.dependents(failing) if failing else failing
    rest = {*failed, *others} - told
    return {"failed": [list(key) for key in sorted(told)], "others": [list(key) for key in sorted(rest)]}, {}


def _content(subject: Subject, key: CellKey) -> Scalar:
    return subject.book.sheet(key.sheet).value(key.row, key.col)
