"""Functions without a native form, in the edition that has no others: their results are kept as values, and marked."""

from __future__ import annotations

from collections.abc import Mapping

from xlmodel.book.parts import Parts
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import UnsupportedEditError
from xlmodel.publish.cells import formula_cells, renamed, with_contents
from xlmodel.publish.formula_sheet import KeptFormula, add_formula_sheet
from xlmodel.publish.looks import Looks
from xlmodel.publish.source import Source
from xlmodel.registry import Function
from xlmodel.values import Scalar

__all__ = ["keep_results"]

_FILL = "E4E7EB"  #: a light grey; the cell's italics tell the same to those who print without colour


def keep_results(parts: Parts, source: Source, lacking: Mapping[str, Function]) -> tuple[CellKey, ...]:
    """Put saved results in the place of formulas that call some functions; return their cells.

    The cells get italics on grey, and a sheet lists them with their formulas.
    """

    def calls(formula: str) -> list[str]:
        called: list[str] = []

        def note(stored: str) -> None:
            function = source.function(stored)
            if function is not None and function.name in lacking:
                called.append(function.name)

        renamed(formula, note)
        return called

    for name in source.book.names:
        if calls(name.formula):
            raise UnsupportedEditError(
                f"{source.name}: the name {name.name} calls {calls(name.formula)[0]}, which has no native form; "
                "put the call into a cell"
            )
    looks, marked, kept = Looks(parts), dict[str, str](), list[KeptFormula]()
    for sheet in source.book.sheets:
        where = f"{source.name}, sheet {sheet.name!r}"
        contents, styles = dict[tuple[int, int], Scalar](), dict[tuple[int, int], str]()
        for found in formula_cells(parts.read(sheet.part), where):
            called = calls(found.text)
            if not called:
                continue
            index = sheet.find(*found.cell)
            filled = sheet.arrays.get(index)
            if filled is not None and filled.shape != (1, 1):
                raise UnsupportedEditError(
                    f"{where}: {CellKey(sheet.name, *found.cell)} fills several cells and calls {called[0]}, which has "
                    "no native form"
                )
            style = found.span.attributes.get("s", "0")
            if style not in marked:
                marked[style] = str(looks.like(int(style), italic=True, fill=_FILL))
            contents[found.cell], styles[found.cell] = sheet.value(*found.cell), marked[style]
            note = f"{called[0]} cannot be calculated by Excel alone; the value was calculated when this was published."
            kept.append(KeptFormula(CellKey(sheet.name, *found.cell), source.book.formula_a1(sheet, index), note))
        if contents:
            parts.write(sheet.part, with_contents(parts.read(sheet.part), where, contents, styles))
    if kept:
        looks.write()
        parts.without_calc_chain()
        add_formula_sheet(
            parts,
            "Saved values",
            "Saved values",
            "These cells hold values in this edition: Excel alone cannot calculate them. They are in italics on grey.",
            kept,
        )
    return tuple(row.cell for row in kept)
