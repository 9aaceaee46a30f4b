"""What rules look at: a workbook, and what several of them need of it, each worked out once and only when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from xlmodel.book.workbook import Book
from xlmodel.engine.dependencies import Dependencies
from xlmodel.engine.references import Scope
from xlmodel.layout.blocks import Block, blocks
from xlmodel.layout.labels import Labels
from xlmodel.layout.pins import Pin
from xlmodel.lint.trees import Trees

__all__ = ["Subject"]


@dataclass(frozen=True, eq=False)
class Subject:
    """A workbook under rules."""

    book: Book
    pins: tuple[Pin, ...] = ()  #: relations that the settings hold

    @cached_property
    def labels(self) -> Labels:
        """What each sheet calls its cells."""
        return Labels(self.book)

    @cached_property
    def scope(self) -> Scope:
        """What the names and references in formulas mean."""
        return Scope(self.book)

    @cached_property
    def dependencies(self) -> Dependencies:
        """Which cells each formula refers to, and which depend on it."""
        return Dependencies(self.book, self.scope)

    @cached_property
    def blocks(self) -> tuple[tuple[Block, ...], ...]:
        """The blocks of each sheet, in the order of the workbook: rectangles of cells with one formula."""
        return tuple(blocks(self.book, number) for number in range(len(self.book.sheets)))

    @cached_property
    def trees(self) -> Trees:
        """The formulas as syntax trees."""
        return Trees(self.book, self.scope, self.blocks)
