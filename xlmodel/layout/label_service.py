"""Naming cells in a worker, which alone reads workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlmodel.layout.labels import Labels

__all__ = ["answer"]


def answer(service: Any, request: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the sheets of the request's workbook call some cells."""
    labels = Labels(service.book(request))
    return {"labels": [labels.text(sheet, row, col) for sheet, row, col in request["cells"]]}, {}
