"""The syntax tree of a formula, names and sheets looked up, references relative to the formula's own cell.

One tree serves every cell the formula was filled into.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlmodel.book.workbook import DefinedName
from xlmodel.engine.references import Span
from xlmodel.refs import Area, Prefix
from xlmodel.values import Scalar, Values

__all__ = [
    "ArrayLiteral",
    "Binary",
    "Call",
    "External",
    "Intersection",
    "Invoke",
    "Literal",
    "Local",
    "Missing",
    "Name",
    "Node",
    "Percent",
    "RangeOf",
    "Ref",
    "Single",
    "Spill",
    "Unary",
    "Union",
    "Unknown",
    "children",
    "walk",
]


class Node:
    """A part of a formula."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False)
class Literal(Node):
    """A number, text, boolean or error written into the formula."""

    value: Scalar


@dataclass(frozen=True, slots=True, eq=False)
class ArrayLiteral(Node):
    """An array constant."""

    values: Values


@dataclass(frozen=True, slots=True, eq=False)
class Missing(Node):
    """An argument left empty between commas."""


@dataclass(frozen=True, slots=True, eq=False)
class Ref(Node):
    """Cells of this workbook; several spans for a reference through several sheets."""

    spans: tuple[Span, ...]
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class External(Node):
    """Cells, or a name, of another workbook."""

    prefix: Prefix
    area: Area | None
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Name(Node):
    """A defined name."""

    defined: DefinedName
    home: int


@dataclass(frozen=True, slots=True, eq=False)
class Local(Node):
    """A variable of LET or LAMBDA."""

    name: str
    optional: bool = False  #: declared as one that a call may leave out


@dataclass(frozen=True, slots=True, eq=False)
class Unknown(Node):
    """A name, sheet or table that the workbook does not explain."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Unary(Node):
    """A sign before an operand."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True, eq=False)
class Percent(Node):
    """An operand followed by a percent sign."""

    operand: Node


@dataclass(frozen=True, slots=True, eq=False)
class Binary(Node):
    """Two operands and an operator."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, eq=False)
class RangeOf(Node):
    """The smallest range that holds two references: ``A1:INDEX(...)``."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True, eq=False)
class Union(Node):
    """Several references taken together."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Intersection(Node):
    """The cells two references share."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True, eq=False)
class Spill(Node):
    """All the cells a dynamic array fills: ``A1#``."""

    operand: Node


@dataclass(frozen=True, slots=True, eq=False)
class Single(Node):
    """Implicit intersection that is asked for: ``@A1:A9``."""

    operand: Node


@dataclass(frozen=True, slots=True, eq=False)
class Call(Node):
    """A function by its name, without the prefixes under which files keep it."""

    name: str
    arguments: tuple[Node, ...]
    stored: str


@dataclass(frozen=True, slots=True, eq=False)
class Invoke(Node):
    """A call of what an expression gives: ``LAMBDA(x,x+1)(2)``."""

    function: Node
    arguments: tuple[Node, ...]


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts a node is made of."""
    match node:
        case Unary() | Percent() | Spill() | Single():
            return (node.operand,)
        case Binary() | RangeOf() | Intersection():
            return (node.left, node.right)
        case Union():
            return node.parts
        case Call():
            return node.arguments
        case Invoke():
            return (node.function, *node.arguments)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all its parts."""
    stack = [node]
    while stack:
        one = stack.pop()
        yield one
        stack.extend(children(one))
