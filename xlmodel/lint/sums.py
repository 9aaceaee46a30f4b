"""Totals: the formulas that add up, average or compare ranges, with the cells that each of them takes in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xlmodel.engine.native.syntax import Binary, Call, Literal, Node, Ref
from xlmodel.engine.references import Region
from xlmodel.lint.subject import Subject
from xlmodel.lint.trees import bare, region

__all__ = ["AGGREGATES", "Total", "summed", "totals"]

#: Functions of ranges that pass over text without a word.
AGGREGATES = frozenset({"SUM", "AVERAGE", "MAX", "MIN", "COUNT", "SUBTOTAL"})
_SUBTOTALS = {1: "AVERAGE", 2: "COUNT", 4: "MAX", 5: "MIN", 9: "SUM"}


class Total(NamedTuple):
    """A cell that totals ranges, and nothing else; or one that adds up single cells with plus signs."""

    home: int
    row: int
    col: int
    which: int  #: into Book.formulas
    function: str  #: one of `AGGREGATES`; SUBTOTAL passes over other subtotals
    kind: str  #: what it does: SUM, AVERAGE, MAX, MIN, COUNT
    regions: tuple[Region, ...]


def totals(subject: Subject) -> Iterator[Total]:
    """Yield every cell whose whole formula is a total."""
    for filled in subject.trees.filled():
        found = _total(filled.tree)
        if found is None:
            continue
        function, kind, parts = found
        for row, col in filled.places():
            regions = [region(part, row, col) for part in parts]
            whole = tuple(r for r in regions if r is not None)
            if len(whole) == len(parts):
                yield Total(filled.home, row, col, filled.which, function, kind, whole)


def summed(node: Node) -> Node:
    """Return a formula without a ROUND around it."""
    node = bare(node)
    while isinstance(node, Call) and node.name == "ROUND" and len(node.arguments) == 2:
        node = bare(node.arguments[0])
    return node


def _total(tree: Node) -> tuple[str, str, tuple[Node, ...]] | None:
    node = summed(tree)
    if isinstance(node, Binary):
        parts = _added(node)
        return ("SUM", "SUM", parts) if parts else None
    if not isinstance(node, Call) or node.name not in AGGREGATES:
        return None
    parts, kind = node.arguments, node.name
    if node.name == "SUBTOTAL":
        first = bare(parts[0]) if parts else None
        number = first.value if isinstance(first, Literal) else None
        kind = _SUBTOTALS.get(int(number) % 100, "") if isinstance(number, float) else ""
        parts = parts[1:]
    if not parts or not kind or not all(isinstance(bare(part), Ref) for part in parts):
        return None
    return node.name, kind, parts


def _added(node: Node) -> tuple[Node, ...]:
    """Return the operands of a chain of plus signs between references; nothing for any other formula."""
    parts: list[Node] = []
    node = bare(node)
    while isinstance(node, Binary) and node.operator == "+":
        parts.append(node.right)
        node = bare(node.left)
    parts.append(node)
    return tuple(reversed(parts)) if all(isinstance(bare(p), Ref) for p in parts) else ()
