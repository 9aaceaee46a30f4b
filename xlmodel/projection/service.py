"""Projecting in a worker: a workbook is read there, and its text comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlmodel.projection.writing import project_text, seal

__all__ = ["answer"]


def answer(service: Any, request: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the text of the workbook that a request names, or that was read last."""
    text = project_text(service.book(request))
    return {"text": text + seal(text)}, {}
