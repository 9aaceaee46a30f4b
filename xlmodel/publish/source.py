"""A workbook to be published: what it calls, in which edition it is, and what cannot be published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from xlmodel.book import Book
from xlmodel.book.package import Package
from xlmodel.book.reader import read_package
from xlmodel.engine.dependencies import Dependencies
from xlmodel.engine.protocol import CellKey
from xlmodel.errors import BookError, RegistryError
from xlmodel.lambdas import hidden
from xlmodel.refs import TokenKind, bare_function, tokens
from xlmodel.registry import Function, Registry
from xlmodel.verify.record import Record, own_cells

__all__ = ["Source"]

#: functions whose cells Excel calculates on opening, with all that depends on them
_VOLATILE = frozenset(("CELL", "INDIRECT", "INFO", "NOW", "OFFSET", "RAND", "RANDARRAY", "RANDBETWEEN", "TODAY"))


@dataclass(frozen=True, eq=False)
class Source:
    """A workbook and the functions it may call."""

    package: Package
    book: Book
    registry: Registry

    @classmethod
    def open(cls, path: Path, registry: Registry) -> Source:
        """Read a workbook; BookError where it is one that cannot be published again."""
        package = Package.open(path)
        source = cls(package, read_package(package), registry)
        if source.record is not None and source.record.edition == "values":
            raise BookError(
                f"{path.name} is a values edition: its formulas are gone; publish the workbook it came from"
            )
        if source.record is not None and source.record.edition == "lambda" and source.record.without_native:
            raise BookError(
                f"{path.name} holds results of {', '.join(source.record.without_native)} as values, not as formulas; "
                "publish the workbook it came from"
            )
        return source

    @property
    def name(self) -> str:
        """The file's name, for messages."""
        return self.book.path.name

    @cached_property
    def record(self) -> Record | None:
        """What the workbook says of itself, if it was published."""
        return Record.of(self.book.properties)

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The names that an earlier publication added, in small letters."""
        if self.record is None or self.record.edition != "lambda":
            return frozenset()
        functions = {name.casefold() for name in self.record.functions}
        return frozenset(
            n.name.casefold()
            for n in self.book.names
            if n.formula.startswith("_xlfn.LAMBDA(") and (hidden(n.name) or n.name.casefold() in functions)
        )

    def function(self, stored: str) -> Function | None:
        """Return the function meant by a stored name; a name of the workbook's own comes first, as in Excel."""
        function = self.registry.resolve(stored)
        return None if function is None or function.name.casefold() in self._taken else function

    @cached_property
    def _taken(self) -> frozenset[str]:
        return frozenset(n.name.casefold() for n in self.book.names) - self.own_names

    def taken(self, names: Mapping[str, str]) -> list[str]:
        """Return those of some names that the workbook uses for something of its own."""
        return [name for name in names if name.casefold() in self._taken]

    @cached_property
    def used(self) -> Mapping[str, Function]:
        """The functions that cells and names call.

        Raises
        ------
        RegistryError
            A cell calls a function by a prefix of ours that is none of ours.
        """
        found: dict[str, Function] = {}
        for called in sorted({*self._calls}):
            function = self.registry.resolve(called)
            if function is None:
                bare = bare_function(called)[0]
                if any(bare.startswith((f"{p}_", f"{p}.")) for p in self.registry.collections):
                    cell = self._calls[called]
                    raise RegistryError(f"{self.name}, {cell}: unknown function {bare}; nothing was published")
                continue
            if function.name.casefold() in self._taken:
                raise BookError(
                    f"{self.name} defines the name {function.name} itself, and {self._calls[called]} calls it; rename "
                    f"it, for the function {function.name} cannot be told from it"
                )
            found[function.name] = function
        return dict(sorted(found.items()))

    @cached_property
    def _calls(self) -> dict[str, str]:
        """Each called function's stored name, with the first cell or name that calls it."""
        found: dict[str, str] = {}
        first: dict[int, CellKey] = {}
        for sheet, i in self.book.formula_cells():
            first.setdefault(int(sheet.formula[i]), CellKey(sheet.name, int(sheet.row[i]), int(sheet.col[i])))
        for which, cell in first.items():
            for called in _calls(self.book.formulas[which], r1c1=True):
                found.setdefault(called, str(cell))
        for name in self.book.names:
            if name.name.casefold() not in self.own_names:
                for called in _calls(name.formula, r1c1=False):
                    found.setdefault(called, f"the name {name.name}")
        return found

    def calling(self, functions: Mapping[str, Function]) -> list[CellKey]:
        """Return the cells whose formulas call one of some functions themselves."""
        wanted = {
            which
            for which, formula in enumerate(self.book.formulas)
            if any((f := self.function(c)) is not None and f.name in functions for c in _calls(formula, r1c1=True))
        }
        return [
            CellKey(sheet.name, int(sheet.row[i]), int(sheet.col[i]))
            for sheet, i in self.book.formula_cells()
            if int(sheet.formula[i]) in wanted
        ]

    @cached_property
    def graph(self) -> Dependencies:
        """What depends on what."""
        return Dependencies(self.book)

    def own_cells(self) -> dict[str, CellKey]:
        """Return the cells that show the record, by their names."""
        cells = own_cells(self.book.names).items()
        return {name: CellKey(self.book.sheet(cell.sheet).name, cell.row, cell.col) for name, cell in cells}

    def woken(self) -> list[CellKey]:
        """Return the cells that call our functions and that Excel calculates on opening, with no cell changed."""
        volatile = {
            which
            for which, formula in enumerate(self.book.formulas)
            if any(bare_function(c)[0].removeprefix("_XLFN.") in _VOLATILE for c in _calls(formula, r1c1=True))
        }
        cells = [
            CellKey(sheet.name, int(sheet.row[i]), int(sheet.col[i]))
            for sheet, i in self.book.formula_cells()
            if int(sheet.formula[i]) in volatile
        ]
        if not cells:
            return []
        reached = self.graph.dependents(cells) | set(cells)
        return [cell for cell in self.calling(self.used) if cell in reached]


def _calls(formula: str, *, r1c1: bool) -> Iterator[str]:
    return (t.text for t in tokens(formula, r1c1=r1c1) if t.kind is TokenKind.CALL)
