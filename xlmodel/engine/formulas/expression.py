"""One formula as a tree, read by the `formulas` library's parser from a text of placeholders.

Every operand and every function name is replaced before the library sees the text, so that it meets neither paths nor
sheets nor names, and one tree serves every cell the formula was filled into.
"""

from __future__ import annotations

import collections
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from formulas.errors import FormulaError
from formulas.parser import Parser
from formulas.tokens.function import Function, Lambda
from formulas.tokens.operand import Empty, Range
from formulas.tokens.operator import Operator

from xlmodel.engine.formulas.cells import RefusedError, unsupported
from xlmodel.engine.formulas.objects import Grid, Object, error, to_object
from xlmodel.engine.references import Piece, PieceKind, Span
from xlmodel.refs import Area, Prefix

__all__ = ["Call", "Constant", "External", "Local", "Missing", "Node", "Operation", "Reference", "build"]


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal, or an array of literals."""

    value: Object | Grid


@dataclass(frozen=True, slots=True)
class Reference:
    """Cells of this book."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class External:
    """Cells of another book."""

    text: str
    prefix: Prefix
    area: Area


@dataclass(frozen=True, slots=True)
class Local:
    """A variable of LET."""

    name: str


@dataclass(frozen=True, slots=True)
class Missing:
    """An argument left out."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator; a prefix minus is `u-`."""

    symbol: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function call: the function as `recognise` gave it."""

    function: Any
    arguments: tuple[Node, ...]


Node = Constant | Reference | External | Local | Missing | Operation | Call


class _Recorder:
    """Stands in for the library's graph builder and keeps the tree instead."""

    def __init__(self, match: object = None) -> None:
        self._stack: collections.deque[tuple[Any, Node]] = collections.deque()
        self.missing_operands: set[object] = set()
        self.leaf: Callable[[str], Node] = lambda name: Missing()
        self.function: Callable[[str], Any] = lambda name: name

    def __len__(self) -> int:
        return len(self._stack)

    def __getitem__(self, index: int) -> Any:
        return self._stack[index][0]

    def append(self, token: Any) -> None:
        if isinstance(token, (Operator, Function)):
            count = token.get_n_args
            if count > len(self._stack):
                raise FormulaError()
            pairs = [self._stack.pop() for _ in range(count)][::-1]
            token.update_input_tokens(*(t for t, _ in pairs))
            self._stack.append((token, self._inner(token, tuple(n for _, n in pairs))))
        else:
            self._stack.append((token, Missing() if isinstance(token, Empty) else self.leaf(token.source)))

    def _inner(self, token: Any, nodes: tuple[Node, ...]) -> Node:
        if isinstance(token, Operator):
            if token.name == "u+" and "-" in token.attr.get("sum_minus", ""):
                return Operation("u-", (Operation("u-", nodes),))  # `--x` makes a number of x; the library drops it
            return Operation(token.name, nodes)
        if token.name == "ARRAY":
            return Constant(_array(nodes))
        return Call(self.function(token.name), nodes)

    def finish(self) -> None:
        pass


def _array(nodes: tuple[Node, ...]) -> Grid:
    """Fold the rows of an array constant: the library reads `{1,2;3,4}` as ARRAY(ARRAY(1,2),ARRAY(3,4))."""
    items = []
    for node in nodes:
        while isinstance(node, Operation) and node.symbol in ("u-", "u+") and isinstance(node.operands[0], Constant):
            inner = node.operands[0].value
            if not isinstance(inner, float):
                raise FormulaError()
            node = Constant(-inner if node.symbol == "u-" else inner)
        if not isinstance(node, Constant):
            raise FormulaError()
        items.append(node.value)
    if all(isinstance(i, np.ndarray) for i in items):
        return np.concatenate(items, axis=0)
    out = np.empty((1, len(items)), object)
    out[0, :] = items
    return out


class _Range(Range):  # type: ignore[misc]
    """An operand that is a placeholder: nothing to look up."""

    def process(self, match: Any, context: Any = None, parser: Any = None) -> dict[str, Any]:
        found = match.groupdict()["ref"]
        return {"name": found, "is_ranges": True} if found else {}


class _Parser(Parser):  # type: ignore[misc]
    filters = [_Range if f is Range else f for f in Parser.filters if f is not Lambda]  # noqa: RUF012


_AFTER_OPERAND = frozenset((")", "}", "%", "#"))


def build(pieces: tuple[Piece, ...], recognise: Callable[[str], Any]) -> Node:
    """Return the tree of an expanded formula.

    Parameters
    ----------
    pieces : tuple of Piece
        The formula, from `Scope.read`.
    recognise : callable
        Gives what stands in a `Call` for a function's stored name; raises RefusedError for one that cannot be called.

    Raises
    ------
    RefusedError
        Something in it cannot be calculated, or the text is not understood.
    """
    leaves: list[Node] = []
    calls: list[Any] = []
    text = ["="]
    space = operand = False  # whether whitespace was met, and whether an operand has just ended
    for piece in pieces:
        if piece.kind is PieceKind.PUNCTUATION:
            if piece.text == " ":
                space = True
                continue
            if piece.text == "(" and operand and space:
                text.append(" ")
            text.append(piece.text)
            operand = piece.text in _AFTER_OPERAND
        else:
            if operand and space:
                text.append(" ")
            if piece.kind is PieceKind.CALL:
                text.append(f"F_{len(calls)}")
                calls.append(recognise(piece.text))
                operand = False
            else:
                text.append(f"V_{len(leaves)}")
                leaves.append(_leaf(piece))
                operand = True
        space = False
    parser = _Parser()

    def recorder(match: object = None) -> _Recorder:
        made = _Recorder(match)
        made.leaf = lambda source: leaves[_index(source)]
        made.function = lambda name: calls[int(name[2:])] if name.startswith("F_") else name
        return made

    parser.ast_builder = recorder
    try:
        builder = parser.ast("".join(text))[1]
    except (FormulaError, RecursionError, ValueError, IndexError, AttributeError, KeyError) as problem:
        raise unsupported("the formula's syntax is not understood") from problem
    node: Node = builder._stack[0][1]
    return Operation("()", (node,)) if _enclosed(pieces) else node


def _enclosed(pieces: tuple[Piece, ...]) -> bool:
    """Tell whether one pair of brackets holds the whole formula: its last operation is then not the formula's last."""
    depth = 0
    texts = [p.text if p.kind is PieceKind.PUNCTUATION else "" for p in pieces if p.text != " "]
    for i, text in enumerate(texts):
        depth += (text == "(") - (text == ")")
        if depth == 0 and i < len(texts) - 1:
            return False
    return bool(texts) and texts[0] == "("


def _index(source: str) -> int:
    digits = source[2:]
    end = next((i for i, c in enumerate(digits) if not c.isdigit()), len(digits))
    return int(digits[:end])


def _leaf(piece: Piece) -> Node:
    match piece.kind:
        case PieceKind.LITERAL:
            return Constant(to_object(piece.value))
        case PieceKind.REFERENCE:
            return Reference(piece.spans) if piece.spans else Constant(error("#REF!"))
        case PieceKind.EXTERNAL if piece.external is not None:
            return External(piece.text, *piece.external)
        case PieceKind.EXTERNAL:
            raise RefusedError("external", f"{piece.text[:80]} is a name in another workbook")
        case PieceKind.LOCAL:
            return Local(piece.text)
        case _:
            raise unsupported(f"nothing in the workbook explains {piece.text[:80]}")
