"""The formulas of a workbook as syntax trees: each distinct formula is read once, however many cells hold it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xlmodel.book.workbook import Book
from xlmodel.engine.native.operands import UnsupportedError
from xlmodel.engine.native.parser import parse
from xlmodel.engine.native.syntax import Node, Ref, Unary
from xlmodel.engine.references import Region, Scope
from xlmodel.errors import EngineError
from xlmodel.layout.blocks import Block

__all__ = ["Filled", "Trees", "bare", "region"]


class Filled(NamedTuple):
    """One formula and the rectangles of a sheet that hold it."""

    home: int  #: into Book.sheets
    which: int  #: into Book.formulas
    tree: Node
    blocks: tuple[Block, ...]

    def places(self) -> Iterator[tuple[int, int]]:
        """Yield the row and column of every cell that holds the formula, block by block."""
        for block in self.blocks:
            top, left, bottom, right = block.rect
            for row in range(top, bottom + 1):
                for col in range(left, right + 1):
                    yield row, col


class Trees:
    """The trees of a workbook's formulas; a formula that cannot be read has none."""

    def __init__(self, book: Book, scope: Scope, blocks: tuple[tuple[Block, ...], ...]) -> None:
        self._book = book
        self._scope = scope
        self._blocks = blocks
        self._read: dict[tuple[int, int], Node | None] = {}

    def tree(self, home: int, which: int) -> Node | None:
        """Return the tree of a formula that stands on a sheet."""
        key = home, which
        if key not in self._read:
            try:
                self._read[key] = parse(self._book.formulas[which], home, self._scope)
            except (UnsupportedError, EngineError):
                self._read[key] = None
        return self._read[key]

    def filled(self) -> Iterator[Filled]:
        """Yield every distinct formula of each sheet with where it stands, in the order of the workbook."""
        for home, found in enumerate(self._blocks):
            by_formula: dict[int, list[Block]] = {}
            for block in found:
                by_formula.setdefault(block.formula, []).append(block)
            for which, its in by_formula.items():
                tree = self.tree(home, which)
                if tree is not None:
                    yield Filled(home, which, tree, tuple(its))


def bare(node: Node) -> Node:
    """Return what stands in brackets or after a plus sign."""
    while isinstance(node, Unary) and node.operator in ("()", "+"):
        node = node.operand
    return node


def region(node: Node, row: int, col: int) -> Region | None:
    """Return the rectangle that a reference to one sheet means in a cell; None for anything else."""
    node = bare(node)
    if not isinstance(node, Ref) or len(node.spans) != 1:
        return None
    rect = node.spans[0].at(row, col)
    return None if rect is None else Region(node.spans[0].sheet, rect)
