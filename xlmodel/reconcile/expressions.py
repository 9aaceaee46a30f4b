"""A claim's formula: Excel's syntax over the ids of other claims, as a tree that can be worked out exactly."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

from xlmodel.book.workbook import Book
from xlmodel.engine.native.functions import worksheet_functions
from xlmodel.engine.native.operands import UnsupportedError
from xlmodel.engine.native.parser import parse as parse_excel
from xlmodel.engine.native.syntax import Binary, Call, Literal, Missing, Node, Percent, Unary, Unknown
from xlmodel.engine.references import Scope
from xlmodel.inputs.problems import near_miss
from xlmodel.refs import Token, TokenKind, tokens
from xlmodel.registry import Registry

__all__ = [
    "EXACT_FUNCTIONS",
    "TOO_LONG",
    "Address",
    "Constant",
    "Expression",
    "Figure",
    "FormulaError",
    "Operation",
    "excel_text",
    "figures",
    "parse",
    "replaced",
]

#: Functions worked out here, exactly; any other is left to the engine that calculates workbooks.
EXACT_FUNCTIONS = frozenset("SUM PRODUCT AVERAGE MIN MAX ABS EXP LN".split())

_NEVER_THE_SAME = frozenset("TODAY NOW RAND RANDBETWEEN RANDARRAY".split())

#: What a figure's name stands for in a workbook: its value, or the end of what the figure can be.
_PARTS = {"LOWEST": "lowest", "HIGHEST": "highest"}

TOO_LONG = "must be shorter, and name rows that need fewer other rows: SUM adds up any number of figures"

#: From a claim's id and "value", "lowest" or "highest" to the cell that holds it.
Address = Callable[[str, str], str]

_PLACEHOLDER = re.compile(r"_claim_(\d+)\Z")
_LEVELS = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}
_SIGN, _WHOLE = 4, 5
_LARGEST = "9.99E+307"


class FormulaError(ValueError):
    """A formula that cannot be used; the text says why and, where there is one, the way out."""


class Expression:
    """A part of a claim's formula."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Constant(Expression):
    """A number, or a text that a function is given; an infinite number is a bound that is not there."""

    value: Fraction | float | str


@dataclass(frozen=True, slots=True)
class Figure(Expression):
    """A claim, by its id: its value, or the lowest or highest it can be as printed."""

    id: str
    part: str = "value"


@dataclass(frozen=True, slots=True)
class Operation(Expression):
    """An operator (``+ - * / ^``, ``neg``) or a function, and what it is applied to."""

    name: str
    arguments: tuple[Expression, ...]


def parse(formula: str, ids: Collection[str], registry: Registry) -> Expression:
    """Return the tree of a formula.

    Parameters
    ----------
    formula : str
        With its equals sign.
    ids : collection of str
        The claims there are.
    registry : Registry
        The functions there are beside Excel's.

    Raises
    ------
    FormulaError
        It is no formula, or has a name, a cell or an operator in it that a claim's formula cannot have.

    Examples
    --------
    >>> parse("=starts-2*LOWEST(rate)", ["starts", "rate"], Registry())
    Operation(name='-', arguments=(Figure(id='starts', part='value'), Operation(name='*', arguments=(Constant(value=Fraction(2, 1)), Figure(id='rate', part='lowest')))))
    """  # noqa: E501
    if not formula.startswith("="):
        raise FormulaError("must begin with =, such as =starts_24_25-ceases_24_25")
    known = {name.casefold(): name for name in ids}
    named: list[str] = []
    text = "".join(_placed(token, known, named) for token in tokens(formula[1:]))
    try:
        return _Reader(named, registry).expression(parse_excel(text, 0, _nowhere()))
    except UnsupportedError as error:
        raise FormulaError(_without_placeholders(str(error), named)) from None
    except RecursionError:
        raise FormulaError(TOO_LONG) from None


def _placed(token: Token, known: Mapping[str, str], named: list[str]) -> str:
    """Return a token with a claim's id made a name that no cell and no column can have, and add the id to `named`."""
    if token.kind is TokenKind.TEXT or token.kind is TokenKind.CALL:
        return token.text
    name = known.get(token.text.casefold())
    if name is not None:
        named.append(name)
        return f"_claim_{len(named) - 1}"
    if token.kind is TokenKind.AREA or token.kind is TokenKind.STRUCTURED:
        raise FormulaError(f"must name claims by their id, one by one, not cells; it has {token.text}")
    if token.kind is TokenKind.NAME and token.text.casefold() not in ("true", "false"):
        raise FormulaError(f"names {token.text}, and there is no claim with that id{near_miss(token.text, known)}")
    return token.text


def _without_placeholders(text: str, named: list[str]) -> str:
    return re.sub(r"_claim_(\d+)", lambda m: named[int(m[1])], text)


@cache
def _nowhere() -> Scope:
    """Return the scope of a workbook with nothing in it: a claim's formula knows no sheet and no defined name."""
    return Scope(Book(Path("claims"), "", (), ()))


class _Reader:
    """Makes a claim's expression of what Excel's syntax gives."""

    def __init__(self, named: list[str], registry: Registry) -> None:
        self.named = named
        self.registry = registry

    def expression(self, node: Node) -> Expression:
        match node:
            case Literal(value=bool()):
                raise FormulaError("must not have TRUE or FALSE in it")
            case Literal(value=float() as number):
                return Constant(Fraction(Decimal(repr(number))))
            case Literal(value=str() as text):
                return Constant(text)
            case Unknown(text=text) if found := _PLACEHOLDER.match(text):
                return Figure(self.named[int(found[1])])
            case Unary(operator="-"):
                return Operation("neg", (self.expression(node.operand),))
            case Unary():  # + and brackets change nothing
                return self.expression(node.operand)
            case Percent():
                return Operation("/", (self.expression(node.operand), Constant(Fraction(100))))
            case Binary(operator=operator) if operator in _LEVELS:
                return Operation(operator, (self.expression(node.left), self.expression(node.right)))
            case Binary(operator=operator):
                raise FormulaError(f"must only have + - * / ^ % and functions in it, not {operator}")
            case Call():
                return self.call(node)
        raise FormulaError("must only have numbers, ids of claims, + - * / ^ % and functions in it")

    def call(self, node: Call) -> Expression:
        if any(isinstance(argument, Missing) for argument in node.arguments):
            raise FormulaError(f"leaves an argument of {node.name} empty")
        arguments = tuple(self.expression(argument) for argument in node.arguments)
        if node.name in _PARTS:
            if len(arguments) != 1 or not isinstance(arguments[0], Figure) or arguments[0].part != "value":
                raise FormulaError(f"must give {node.name} the id of one claim, such as {node.name}(rate_24_25)")
            return replace(arguments[0], part=_PARTS[node.name])
        if node.name in EXACT_FUNCTIONS and not arguments:
            raise FormulaError(f"must give {node.name} something to work on")
        if node.name in _NEVER_THE_SAME:
            raise FormulaError(f"calls {node.name}, which gives another number every time")
        function = self.registry.resolve(node.stored)
        if function is None and node.name not in worksheet_functions():
            known = (*worksheet_functions(), *(f.name for f in self.registry), *_PARTS)
            hint = near_miss(node.name, map(str.lower, known))
            raise FormulaError(f"calls {node.name}, and there is no function of that name{hint}")
        return Operation(node.name if function is None else function.name, arguments)


def figures(tree: Expression) -> Iterator[Figure]:
    """Yield the claims that an expression names, as often as it names them.

    >>> [f.id for f in figures(parse("=a+b*a", ["a", "b"], Registry()))]
    ['a', 'b', 'a']
    """
    if isinstance(tree, Figure):
        yield tree
    elif isinstance(tree, Operation):
        for argument in tree.arguments:
            yield from figures(argument)


def replaced(tree: Expression, by: Callable[[Figure], Expression]) -> Expression:
    """Return an expression with something else in the place of each of its figures.

    A part that stands in several places stays one object, so that it need not be worked out again in each of them.
    """
    made: dict[int, Expression] = {}

    def of(part: Expression) -> Expression:
        if id(part) not in made:
            if isinstance(part, Figure):
                made[id(part)] = by(part)
            elif isinstance(part, Operation):
                made[id(part)] = Operation(part.name, tuple(map(of, part.arguments)))
            else:
                made[id(part)] = part
        return made[id(part)]

    return of(tree)


def excel_text(tree: Expression, address: Address) -> str:
    """Return an expression as an Excel formula without its equals sign, with no more brackets than it needs.

    >>> excel_text(parse("=(a-b)/(a*b)", ["a", "b"], Registry()), lambda name, part: {"a": "C4", "b": "C5"}[name])
    '(C4-C5)/(C4*C5)'
    """
    return _written(tree, address)[0]


def _written(tree: Expression, address: Address) -> tuple[str, int]:
    """Return the text of an expression, and how tightly it holds together."""
    if isinstance(tree, Figure):
        return address(tree.id, tree.part), _WHOLE
    if isinstance(tree, Constant):
        return _constant(tree.value), _SIGN if not isinstance(tree.value, str) and tree.value < 0 else _WHOLE
    assert isinstance(tree, Operation)
    parts = [_written(argument, address) for argument in tree.arguments]
    if tree.name == "neg":
        return "-" + _bracketed(parts[0], _SIGN + 1), _SIGN
    level = _LEVELS.get(tree.name)
    if level is None:
        return f"{tree.name}({','.join(text for text, _ in parts)})", _WHOLE
    return f"{_bracketed(parts[0], level)}{tree.name}{_bracketed(parts[1], level + 1)}", level


def _bracketed(part: tuple[str, int], least: int) -> str:
    text, level = part
    return text if level >= least else f"({text})"


def _constant(value: Fraction | float | str) -> str:
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    if isinstance(value, float) and math.isinf(value):
        return _LARGEST if value > 0 else "-" + _LARGEST
    return f"{float(value):.15g}"
