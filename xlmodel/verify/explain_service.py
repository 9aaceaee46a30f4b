"""Explaining a cell in a worker: the workbook is read and calculated there, and steps come back as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlmodel.engine.native.model import Model
from xlmodel.verify.explain_target import target
from xlmodel.verify.explain_walk import Walk

__all__ = ["answer"]


def answer(service: Any, request: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return how a cell of the request's workbook comes to its value."""
    book = service.book(request)
    model = Model(book, service.registry(request["registry"]))
    cell = target(book, model.scope, request["where"])
    model.calculate()
    return {"step": Walk(book, model, request["depth"], request["most"]).from_cell(cell).plain()}, {}
