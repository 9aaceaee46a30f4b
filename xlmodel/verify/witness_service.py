"""Witnesses in a worker: what a second engine gives for cells, from what is saved in the cells they read.

LibreOffice is a program, which a worker may not start. So it is asked in two steps: the worker writes what it is to be
given, and reads what it saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from xlmodel.book.workbook import Book
from xlmodel.engine import engines, ironcalc, libreoffice
from xlmodel.engine.asked import asked
from xlmodel.engine.frames import pack_values
from xlmodel.engine.protocol import CellKey
from xlmodel.engine.references import Scope
from xlmodel.errors import EngineError
from xlmodel.registry import Registry
from xlmodel.values import Scalar, Values
from xlmodel.verify.comparison import reaches

__all__ = ["answer"]

Given = Mapping[CellKey, Scalar]


def answer(service: Any, request: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a witness gives for cells of the workbook read last; or the workbook that LibreOffice is to open."""
    book, registry = service.book(request), service.registry(request["registry"])
    if book.sha256 != request["sha256"]:
        raise EngineError("the file changed while it was being verified")
    #: a formula's cell -> the cell that is asked about: another one where an array formula fills it
    cells = {CellKey(*formula): CellKey(*cell) for formula, cell in request["cells"]}
    engine = request["engine"]
    if engine in engines():
        return _packed(_by_engine(engine, book, registry, cells))
    plain = [formula for formula, cell in cells.items() if formula == cell]
    questions = asked(book, Scope(book), registry, plain)
    if engine == "ironcalc":
        return _packed(ironcalc.answers(book, questions) if questions else {})
    if engine != "libreoffice":
        raise EngineError(f"there is no witness {engine!r}")
    if "answered" in request:
        return _packed(libreoffice.read_answers(Path(request["answered"]), book, questions))
    content = libreoffice.written(book, questions) if questions else b""
    return {}, {"content": np.frombuffer(content, np.uint8)}


def _by_engine(name: str, book: Book, registry: Registry, cells: Mapping[CellKey, CellKey]) -> Given:
    engine = engines()[name]()
    engine.load(book.stripped(), registry)
    result = engine.local(book, cells)
    engine.close()
    places = {key: place for place, key in enumerate(result.cells) if key in cells and key not in result.reasons}
    found: dict[CellKey, Scalar] = {}
    for key, place in places.items():
        block = result.spills.get(key, result.values[place : place + 1].reshape((1, 1)))
        at = cells[key].row - key.row, cells[key].col - key.col
        if reaches(block, at):
            found[cells[key]] = block.item(at)
    return found


def _packed(given: Given) -> tuple[dict[str, Any], dict[str, Any]]:
    header: dict[str, Any] = {"cells": [list(cell) for cell in given]}
    arrays: dict[str, Any] = {}
    pack_values("given", Values.of(list(given.values())) if given else Values.blank(0), header, arrays)
    return header, arrays
