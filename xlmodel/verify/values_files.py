"""The calculated values of workbooks as JSON files, one a workbook."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from xlmodel.book import as_stored
from xlmodel.engine.client import Worker
from xlmodel.engine.evaluation import Evaluation
from xlmodel.errors import XlmodelError
from xlmodel.refs import cell_name
from xlmodel.values import ErrorValue, Scalar
from xlmodel.verify.many import each
from xlmodel.verify.means import Advance, Means

__all__ = ["values_all"]


def values_all(
    paths: Sequence[Path], means: Means, out: Path, *, jobs: int = 1, advance: Advance = lambda share: None
) -> list[tuple[Path, str]]:
    """Write the calculated values of each workbook as JSON; return those that could not be calculated, and why."""
    out.mkdir(parents=True, exist_ok=True)

    def one(path: Path, worker: Worker, told: Advance) -> tuple[Path, str] | None:
        try:
            said: dict[str, Any] = {"sheets": _values(means.evaluate(path, worker, advance=told))}
            failed = None
        except XlmodelError as error:
            said, failed = {"error": str(error)}, (path, str(error))
        (out / f"{path.name}.json").write_text(json.dumps(said, ensure_ascii=False, allow_nan=False), "utf-8")
        return failed

    return [failure for failure in each(paths, means, jobs, advance, one) if failure is not None]


def _values(evaluation: Evaluation) -> dict[str, dict[str, list[Any]]]:
    """Return what each formula cell gives, and what array formulas and data tables fill beside their own cells."""
    sheets: dict[str, dict[str, list[Any]]] = {name: {} for name in evaluation.sheets}
    calculation = evaluation.calculated
    assert calculation is not None
    places = zip(evaluation.sheet.tolist(), evaluation.row.tolist(), evaluation.col.tolist(), strict=True)
    for i, ((sheet, row, col), value) in enumerate(zip(places, calculation.values.scalars(), strict=True)):
        reason = calculation.reasons.get(i)
        said = ["u", reason.text] if reason is not None else _coded(value)
        sheets[evaluation.sheets[sheet]][cell_name(row, col)] = said
    for i, block in calculation.spills.items():
        anchor = evaluation.key(i)
        filled = sheets[anchor.sheet]
        for (row, col), value in zip(np.ndindex(*block.shape), block.scalars(), strict=True):
            filled.setdefault(cell_name(anchor.row + row, anchor.col + col), _coded(value))
    return sheets


def _coded(content: Scalar) -> list[Any]:
    content = as_stored(content)
    if content is None:
        return [None, None]
    if isinstance(content, bool):
        return ["b", content]
    if isinstance(content, str):
        return ["s", content]
    return ["e", content.code] if isinstance(content, ErrorValue) else ["n", content]
