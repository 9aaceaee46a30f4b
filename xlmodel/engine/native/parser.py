"""A formula's text to its syntax tree, by Excel's precedence.

From the tightest: range ``:``, intersection (a space), union (a comma in brackets), sign, ``%``, ``^``, ``* /``,
``+ -``, ``&``, comparison. All operators of two operands take from the left; a sign binds tighter than ``^``.
"""

from __future__ import annotations

import re

from xlmodel.book.workbook import DefinedName
from xlmodel.engine.native.operands import REF, UnsupportedError
from xlmodel.engine.native.syntax import (
    ArrayLiteral,
    Binary,
    Call,
    External,
    Intersection,
    Invoke,
    Literal,
    Local,
    Missing,
    Name,
    Node,
    Percent,
    RangeOf,
    Ref,
    Single,
    Spill,
    Unary,
    Union,
    Unknown,
)
from xlmodel.engine.references import PieceKind, Scope
from xlmodel.refs import Token, TokenKind, bare_function, parse_prefix, to_r1c1, tokens
from xlmodel.values import Scalar, Values

__all__ = ["MAX_BRACKETS", "MAX_CALLS", "MAX_LENGTH", "function_name", "parse"]

MAX_LENGTH = 8_192  #: characters, as in Excel
MAX_CALLS = 64  #: functions inside functions, as in Excel
MAX_BRACKETS = 1_000
#: R1C1 notation is longer than A1: the limit is held with room to spare
_ROOM = 4

_LEVELS = {"=": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "<>": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
_OPENS = frozenset((TokenKind.AREA, TokenKind.CALL, TokenKind.STRUCTURED, TokenKind.NAME))
_PREFIXES = re.compile(r"(?:_xlfn\.|_xlws\.|_xlpm\.|_xludf\.)+", re.I)


def function_name(stored: str) -> str:
    """Return a function's own name.

    >>> function_name("_xlfn._xlws.SORT"), function_name("sum"), function_name("_xldudf_CSC_X")
    ('SORT', 'SUM', 'CSC_X')
    """
    return bare_function(_PREFIXES.sub("", stored))[0]


def parse(formula: str, home: int, scope: Scope) -> Node:
    """Return the tree of an R1C1 formula that stands on a sheet.

    Raises
    ------
    UnsupportedError
        The text is no formula, or is beyond the limits.
    """
    if len(formula) > MAX_LENGTH * _ROOM:
        raise UnsupportedError(f"the formula is longer than {MAX_LENGTH:,} characters", "limit")
    return _Parser(formula, home, scope).whole()


class _Parser:
    def __init__(self, formula: str, home: int, scope: Scope) -> None:
        self.home = home
        self.scope = scope
        self.tokens = _joined(list(tokens(formula, r1c1=True)))
        self.at = 0
        self.calls = self.brackets = 0

    # --- tokens ------------------------------------------------------------------------------------------------------

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def symbol(self) -> str:
        """Return the operator or bracket that comes next, spaces before it passed over; "" for anything else."""
        while (token := self.peek()) is not None and token.kind is TokenKind.OTHER and token.text.isspace():
            self.at += 1
        return token.text if token is not None and token.kind is TokenKind.OTHER else ""

    def expect(self, symbol: str) -> None:
        if self.symbol() != symbol:
            raise self.unreadable()
        self.at += 1

    def unreadable(self) -> UnsupportedError:
        token = self.peek()
        where = f"the formula cannot be read at {token.text[:40]!r}" if token else "the formula ends too early"
        return UnsupportedError(where, "unsupported-syntax")

    # --- grammar -----------------------------------------------------------------------------------------------------

    def whole(self) -> Node:
        node = self.expression(0)
        self.symbol()
        if self.peek() is not None:
            raise self.unreadable()
        return node

    def expression(self, level: int) -> Node:
        left = self.signed()
        while (found := _LEVELS.get(operator := self.symbol(), 0)) > level:
            self.at += 1
            left = Binary(operator, left, self.expression(found))
        return left

    def signed(self) -> Node:
        signs = []
        while (sign := self.symbol()) in ("+", "-", "@") and sign:
            signs.append(sign)
            self.at += 1
        node = self.reference()
        for sign in reversed(_shortened(signs)):
            node = Single(node) if sign == "@" else Unary(sign, node)
        while self.symbol() == "%":
            self.at += 1
            node = Percent(node)
        return node

    def reference(self) -> Node:
        node = self.range()
        while True:
            symbol, token = self.symbol(), self.peek()
            if isinstance(node, Unknown) and symbol == "(":  # a space between a function and its bracket
                node = self.call(node.text)
                continue
            spaced = self.tokens[self.at - 1].text.isspace()
            if not spaced or token is None or not (symbol == "(" or token.kind in _OPENS):
                return node
            node = Intersection(node, self.range())

    def range(self) -> Node:
        node = self.postfix()
        while self.symbol() == ":":
            self.at += 1
            self.symbol()
            node = RangeOf(node, self.postfix())
        return node

    def postfix(self) -> Node:
        node = self.primary()
        while (token := self.peek()) is not None and token.kind is TokenKind.OTHER and token.text in ("#", "("):
            if token.text == "#":
                self.at += 1
                node = Spill(node)
            else:
                self.at += 1
                node = Invoke(node, self.arguments())
        return node

    def primary(self) -> Node:
        symbol = self.symbol()
        token = self.peek()
        if token is None:
            raise self.unreadable()
        if symbol == "(":
            return self.bracket()
        if symbol == "{":
            return self.array()
        if token.kind is TokenKind.OTHER:
            raise self.unreadable()
        self.at += 1
        match token.kind:
            case TokenKind.CALL:
                return self.call(token.text)
            case TokenKind.NAME:
                return self.name(token)
            case _:
                return self.leaf(token)

    def bracket(self) -> Node:
        self.brackets += 1
        if self.brackets > MAX_BRACKETS:
            raise UnsupportedError(f"brackets are nested more than {MAX_BRACKETS:,} deep", "limit")
        self.at += 1
        parts = [self.expression(0)]
        while self.symbol() == ",":
            self.at += 1
            parts.append(self.expression(0))
        self.expect(")")
        self.brackets -= 1
        return Union(tuple(parts)) if len(parts) > 1 else _bracketed(parts[0])

    def call(self, stored: str) -> Node:
        self.expect("(")
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise UnsupportedError(f"functions are nested more than {MAX_CALLS} deep", "limit")
        arguments = self.arguments()
        self.calls -= 1
        if stored.casefold().startswith("_xlpm."):
            return Invoke(Local(stored.casefold()), arguments)
        name = function_name(stored)
        if name == "SINGLE" and len(arguments) == 1:
            return Single(arguments[0])
        if name == "ANCHORARRAY" and len(arguments) == 1:
            return Spill(arguments[0])
        return Call(name, arguments, stored)

    def arguments(self) -> tuple[Node, ...]:
        """Read what stands between brackets, the opening one read already."""
        if self.symbol() == ")":
            self.at += 1
            return ()
        out: list[Node] = []
        while True:
            out.append(Missing() if self.symbol() in (",", ")") else self.expression(0))
            if self.symbol() == ")":
                self.at += 1
                return tuple(out)
            self.expect(",")

    def array(self) -> Node:
        self.at += 1
        rows: list[list[Scalar]] = [[]]
        while True:
            rows[-1].append(self.constant())
            mark = self.symbol()
            self.at += 1
            if mark == "}":
                break
            if mark == ";":
                rows.append([])
            elif mark != ",":
                self.at -= 1
                raise self.unreadable()
        if len({len(row) for row in rows}) > 1:
            raise self.unreadable()
        return ArrayLiteral(Values.of(rows))

    def constant(self) -> Scalar:
        sign = 1.0
        while (mark := self.symbol()) in ("+", "-") and mark:
            sign = -sign if mark == "-" else sign
            self.at += 1
        token = self.peek()
        if token is None:
            raise self.unreadable()
        piece = self.scope.piece(token, self.home)
        if piece.kind is not PieceKind.LITERAL or _is_word(token):
            raise self.unreadable()
        self.at += 1
        return sign * piece.value if type(piece.value) is float else piece.value

    # --- leaves ------------------------------------------------------------------------------------------------------

    def leaf(self, token: Token) -> Node:
        piece = self.scope.piece(token, self.home)
        match piece.kind:
            case PieceKind.LITERAL:
                return Literal(piece.value)
            case PieceKind.REFERENCE:
                return Ref(piece.spans, piece.text) if piece.spans else Literal(REF)
            case PieceKind.EXTERNAL if piece.external is not None:
                return External(*piece.external, "")
            case PieceKind.UNKNOWN:
                return Literal(REF)  # a sheet, a table or a column that is gone
            case _:
                raise self.unreadable()

    def name(self, token: Token) -> Node:
        text = token.text
        if text.casefold() in ("true", "false"):
            return Literal(text.casefold() == "true")
        if text.casefold().startswith("_xlpm."):
            return Local(text.casefold())
        if text.casefold().startswith("_xlop."):
            return Local("_xlpm." + text.casefold()[6:], optional=True)
        head, mark, bare = text.rpartition("!")
        home: int | None = self.home
        if mark:
            prefix = parse_prefix(head + mark)
            if prefix.book not in ("", "0"):
                return External(prefix, None, bare)
            if prefix.first:
                home = self.scope.sheet(prefix.first)
                if home is None:
                    return Literal(REF)
        found = self.scope.name(bare, self.home if home is None else home)
        if found is not None:
            own = self.scope.sheet(found.sheet) if found.sheet is not None else self.home
            own = self.home if own is None else own
            everywhere = bool(mark) or all(
                self.scope.name(bare, n) is found for n in range(len(self.scope.sheet_names))
            )
            return (self.meaning(found, own) if everywhere else None) or Name(found, own)
        spans = self.scope.table(bare, self.home)
        return Ref(spans, text) if spans else Unknown(text)

    def meaning(self, defined: DefinedName, home: int) -> Node | None:
        """Return what a name stands for where that is one range of a named sheet, or one constant."""
        found = list(tokens(to_r1c1(defined.formula.strip().removeprefix("="), 1, 1), r1c1=True))
        if len(found) != 1 or (found[0].area is not None and not found[0].area.prefix) or _is_word(found[0]):
            return None
        piece = self.scope.piece(found[0], home)
        if piece.kind is PieceKind.LITERAL:
            return Literal(piece.value)
        return Ref(piece.spans, piece.text) if piece.kind is PieceKind.REFERENCE and piece.spans else None


def _is_word(token: Token) -> bool:
    """Tell whether a token is a name, TRUE and FALSE not among them."""
    return token.kind is TokenKind.NAME and token.text.casefold() not in ("true", "false")


def _bracketed(node: Node) -> Node:
    """Return what stands in brackets: a difference in them is not the last step of the formula."""
    return Unary("()", node) if isinstance(node, Binary) and node.operator in "+-" else node


def _shortened(signs: list[str]) -> list[str]:
    """Return signs without pairs of minus signs beyond the first: a thousand must not be a thousand calls deep."""
    out: list[str] = []
    for sign in signs:
        if sign == "-" and out[-3:] == ["-", "-", "-"]:
            out.pop()  # - - - - is - -
        elif not (sign == "+" and out and out[-1] == "+"):
            out.append(sign)
    return out


def _joined(found: list[Token]) -> list[Token]:
    """Join the two characters of ``<=``, ``>=`` and ``<>``."""
    out: list[Token] = []
    for token in found:
        if token.text in ("=", ">") and token.kind is TokenKind.OTHER and out and out[-1].kind is TokenKind.OTHER:
            pair = out[-1].text + token.text
            if pair in ("<=", ">=", "<>"):
                out[-1] = Token(TokenKind.OTHER, pair)
                continue
        out.append(token)
    return out
