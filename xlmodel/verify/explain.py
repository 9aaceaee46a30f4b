"""How a number comes about: from a cell to the inputs it is made of, each with its label, its formula and its value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from pathlib import Path
from typing import Any

from xlmodel.engine.client import Worker
from xlmodel.registry import Registry
from xlmodel.values import ErrorValue, Scalar

__all__ = ["Kind", "Left", "Step", "differs_somewhere", "explain"]


class Kind(Enum):
    """What stands at a step."""

    FORMULA = "formula"
    INPUT = "input"  #: a number, a date or a truth value that was typed in
    TEXT = "text"
    BLANK = "blank"
    RANGE = "range"
    EXTERNAL = "external"  #: cells of another workbook


class Left(Enum):
    """Why the parts of a step are not told."""

    NOTHING = ""
    ABOVE = "above"  #: they were told further up
    DEEPER = "deeper"  #: they lie deeper than was asked for


@dataclass(frozen=True, slots=True)
class Step:
    """One cell or range on the way from a number to its inputs."""

    kind: Kind
    sheet: str
    cell: str  #: ``C5``, or ``C5:C16`` for a range
    label: str = ""  #: what the sheet calls it; "" where nothing names it
    unit: str = ""
    via: str = ""  #: how the formula above came to it, where its text does not say: ``found by INDEX``
    formula: str = ""  #: in A1 notation, without the equals sign
    in_words: str = ""  #: the same with labels for references
    saved: Scalar = None
    calculated: Scalar = None
    shown: str = ""  #: the calculated value, as the cell's number format shows it
    differs: bool = False  #: the saved value is not the calculated one
    not_calculated: str = ""  #: why there is no calculated value; "" where there is one
    cells: int = 1  #: of a range, as far as the sheet is used
    numbers: int = 0  #: of a range: cells that hold a number
    formulas: int = 0  #: of a range: cells that hold a formula
    total: float = 0.0  #: of a range: the sum of its numbers
    left: Left = Left.NOTHING
    more: int = 0  #: parts that are not listed
    parts: tuple[Step, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return the step as plain data: what is as usual is left out."""
        found: dict[str, Any] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name in ("kind", "sheet", "cell") or value != item.default:
                found[item.name] = _plain(value)
        return found

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Step:
        """Return the step that plain data stand for."""
        given = dict(plain)
        for name in ("saved", "calculated"):
            if isinstance(given.get(name), Mapping):
                given[name] = ErrorValue(given[name]["error"])
        given["kind"], given["left"] = Kind(given["kind"]), Left(given.get("left", ""))
        given["parts"] = tuple(cls.of(part) for part in given.get("parts", ()))
        return cls(**given)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, ErrorValue):
        return {"error": value.code}
    return [part.plain() for part in value] if isinstance(value, tuple) else value


def explain(
    path: Path | str,
    where: str,
    *,
    worker: Worker,
    registry: Registry,
    depth: int = 3,
    most: int = 60,
    timeout: float | None = None,
) -> Step:
    """Return how a cell of a workbook comes to its value.

    Parameters
    ----------
    path : Path or str
        The workbook.
    where : str
        ``Sheet!A1``, a defined name of one cell, or ``A1`` in a workbook of one sheet.
    worker : Worker
        Where it is read and calculated.
    registry : Registry
        The functions its cells may call.
    depth : int
        How many formulas to follow one after the other.
    most : int
        How many steps to tell.
    timeout : float, seconds, optional
        How long it may take.

    Raises
    ------
    BookError
        The file is not a readable workbook, or it has no such sheet, cell or name; the message says what it has.
    EngineError
        It could not be calculated in time.
    """
    header, _ = worker.call(
        "explain",
        timeout=timeout,
        path=os.path.abspath(path),
        registry=registry.spec(),
        where=where,
        depth=depth,
        most=most,
    )
    return Step.of(header["step"])


def differs_somewhere(step: Step) -> bool:
    """Tell whether a saved value is not the calculated one, at a step or at one it is made of."""
    return step.differs or any(differs_somewhere(part) for part in step.parts)
