"""Where a changed value comes from: something that it depends on, the clock, or nothing that is seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from xlmodel.book.workbook import Book
from xlmodel.engine.dependencies import Dependencies
from xlmodel.engine.protocol import CellKey
from xlmodel.refs import TokenKind, bare_function, tokens

__all__ = ["Origins"]

_BY_ITSELF = frozenset({"NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY"})
_SEES_HIDDEN_ROWS = frozenset({"SUBTOTAL", "AGGREGATE"})


@dataclass(eq=False)
class Origins:
    """What was changed in a workbook, and so may change values.

    Attributes
    ----------
    book : Book
        The new workbook.
    cells : set of CellKey
        Cells that were changed, or came, or were emptied, in the new workbook.
    names : set of str
        Names and tables that mean something else, casefolded.
    hidden_rows : bool
        Whether other rows are hidden than before.
    settings : bool
        Whether a setting was changed on which every value may depend.
    """

    book: Book
    cells: set[CellKey] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    hidden_rows: bool = False
    settings: bool = False

    @cached_property
    def graph(self) -> Dependencies:
        """What depends on what in the new workbook."""
        return Dependencies(self.book)

    @cached_property
    def volatile(self) -> frozenset[CellKey]:
        """Cells whose values hang on the clock or on chance."""
        return self._downstream(self._formulas_with(_BY_ITSELF, ()))

    @cached_property
    def explained(self) -> frozenset[CellKey]:
        """Cells that depend on something that was changed; with OFFSET and INDIRECT, on anything."""
        functions = _SEES_HIDDEN_ROWS if self.hidden_rows else ()
        seeds = self.cells | self._formulas_with(functions, self.names)
        if not seeds:
            return frozenset()
        return self._downstream(seeds) | self._downstream(self.graph.dynamic)

    def explains(self, cell: CellKey) -> bool:
        """Tell whether a value may have changed because something that it depends on did."""
        return self.settings or cell in self.explained

    def _downstream(self, cells: Iterable[CellKey]) -> frozenset[CellKey]:
        every = frozenset(cells)
        return every | self.graph.dependents(every) if every else every

    def _formulas_with(self, functions: Iterable[str], names: Iterable[str]) -> set[CellKey]:
        """Return the formula cells that call a function or use a name, also within another name."""
        wanted, used = set(functions), set(names)
        if not (wanted or used):
            return set()
        meaning = {n.name.casefold(): _words(n.formula) for n in self.book.names}
        while more := {
            n for n, (calls, inside) in meaning.items() if n not in used and (calls & wanted or inside & used)
        }:
            used |= more
        found = set()
        for number, formula in enumerate(self.book.formulas):
            calls, inside = _words(formula)
            if calls & wanted or inside & used:
                found.add(number)
        return {
            CellKey(sheet.name, int(sheet.row[i]), int(sheet.col[i]))
            for sheet, i in self.book.formula_cells()
            if int(sheet.formula[i]) in found
        }


def _words(formula: str) -> tuple[set[str], set[str]]:
    """Return the functions that a formula calls, and the names and tables in it."""
    calls, names = set(), set()
    for token in tokens(formula, r1c1=True):
        if token.kind is TokenKind.CALL:
            calls.add(bare_function(token.text)[0].removeprefix("_XLFN."))
            names.add(token.text.casefold())
        elif token.kind is TokenKind.NAME:
            names.add(token.text.rpartition("!")[2].casefold())
        elif token.kind is TokenKind.STRUCTURED:
            names.add(token.text.partition("[")[0].casefold())
    return calls, names
