"""The edition for publication: values in the place of formulas, and small numbers hidden where asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from xlmodel.book.parts import Parts
from xlmodel.book.splice import Span, Splice, elements, splice
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import UnsupportedEditError
from xlmodel.publish.calculating import drop_own_names, flagged, formulas_beside_cells, settle
from xlmodel.publish.cells import renamed, with_contents
from xlmodel.publish.dynamic import without_dynamic_part
from xlmodel.publish.formula_sheet import KeptFormula, add_formula_sheet
from xlmodel.publish.names import without_names
from xlmodel.publish.source import Source
from xlmodel.publish.suppression import SYMBOL
from xlmodel.values import Scalar

__all__ = ["to_values"]

_WITHHELD = "The number is hidden, and its formula is not published."
_CACHES = frozenset(("numCache", "strCache"))
_TABLE_FORMULAS = frozenset(("calculatedColumnFormula", "totalsRowFormula"))


def to_values(parts: Parts, source: Source, fresh: Mapping[CellKey, Scalar], hidden: Collection[CellKey]) -> str:
    """Turn a workbook into the edition that holds values; return the title of the sheet with the formulas.

    Parameters
    ----------
    parts : Parts
        Its parts.
    source : Source
        The workbook as it is.
    fresh : mapping of CellKey to value
        Values that take the place of saved ones.
    hidden : collection of CellKey
        Cells that show the symbol for a confidential number.
    """
    _refuse(parts, source, hidden)
    kept, contents = [], dict[str, dict[tuple[int, int], Scalar]]()
    for sheet, i in source.book.formula_cells():
        cell = CellKey(sheet.name, int(sheet.row[i]), int(sheet.col[i]))
        contents.setdefault(sheet.name, {})[cell.row, cell.col] = fresh.get(cell, sheet.values.item(i))
        formula = source.book.formula_a1(sheet, i)
        kept.append(KeptFormula(cell, "", _WITHHELD) if cell in hidden else KeptFormula(cell, formula))
    for cell in hidden:
        contents.setdefault(cell.sheet, {})[cell.row, cell.col] = SYMBOL
    for name, wanted in contents.items():
        part = source.book.sheet(name).part
        parts.write(part, with_contents(parts.read(part), f"{source.name}, sheet {name!r}", wanted, {}))
    drop_own_names(parts, source)
    part = parts.workbook
    parts.write(part, without_names(parts.read(part), parts.where(part), lambda _, text: _calculates(source, text)))
    for table in [p for p in parts.names() if p.startswith("xl/tables/")]:
        parts.write(table, _without(parts.read(table), parts.where(table), _TABLE_FORMULAS))
    settle(parts)
    parts.without_calc_chain()
    if not flagged(parts, source):
        without_dynamic_part(parts)
    if hidden:
        _empty_caches(parts)
    return add_formula_sheet(
        parts,
        "Formulas",
        "Formulas",
        "This edition holds values. What each cell was calculated with stands here; the address is a link to the cell.",
        kept,
    )


def _refuse(parts: Parts, source: Source, hidden: Collection[CellKey]) -> None:
    for sheet, formula in formulas_beside_cells(parts, source):
        if _calls(source, formula):
            raise UnsupportedEditError(
                f"{source.name}, sheet {sheet!r}: a conditional format or a validation calls a function, which a "
                f"values edition cannot hold: {formula}; put the call into a cell and refer to that"
            )
    copies = [p for p in parts.names() if "pivotCacheRecords" in p or "/chartEx" in p or p.startswith("xl/model/")]
    if hidden and copies:
        raise UnsupportedEditError(
            f"{source.name}: numbers cannot be hidden where a pivot table, a data model or a chart of a newer kind "
            f"keeps a copy of them ({copies[0]}); take it out and publish again"
        )


def _calls(source: Source, formula: str) -> bool:
    return renamed(formula, lambda stored: None if source.function(stored) is None else stored)[1]


def _calculates(source: Source, formula: str) -> bool:
    """Tell whether a name stands for something calculated, and would be #NAME? or change in this edition."""
    return "_xlfn.LAMBDA(" in formula or _calls(source, formula)


def _empty_caches(parts: Parts) -> None:
    """Take the copies of numbers out of charts, which read the cells again on opening, and the preview picture."""
    for part in [p for p in parts.names() if p.startswith("xl/charts/") and p.endswith(".xml")]:
        parts.write(part, _without(parts.read(part), parts.where(part), _CACHES))
    preview = parts.related("", "thumbnail")
    if preview is not None:
        parts.remove(preview, "")


def _without(content: bytes, where: str, unwanted: Collection[str]) -> bytes:
    """Return a part without the elements of some names."""
    spans: list[Span] = []

    def enter(name: str, attributes: Mapping[str, str], depth: int, at: int) -> bool:
        return name.rpartition("}")[2] in unwanted

    elements(content, where, enter, spans.append)
    return splice(content, [Splice(x.start, x.end, b"") for x in spans])
