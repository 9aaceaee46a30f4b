"""What stands in a formula's text: the functions it calls, and the numbers typed into it."""

from __future__ import annotations

from typing import Any

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token


def calls(formula: str) -> list[str]:
    return [
        token.value.strip(":(").upper()
        for token in Tokenizer(formula).items
        if token.type == Token.FUNC and token.subtype == Token.OPEN
    ]


def typed_numbers(formula: str) -> list[str]:
    """Return the numbers typed into a formula, but for 0, 1, places in INDEX and the letters of a year's name."""
    found: list[str] = []
    open_calls: list[list[Any]] = []  # name, arguments begun
    for token in Tokenizer(formula).items:
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            open_calls.append([token.value.strip(":(").upper(), 1])
        elif token.type == Token.FUNC:
            open_calls.pop()
        elif token.type == Token.SEP and token.subtype == Token.ARG and open_calls:
            open_calls[-1][1] += 1
        elif token.type == Token.OPERAND and token.subtype == Token.NUMBER and token.value not in ("0", "1"):
            name, begun = open_calls[-1] if open_calls else ("", 1)
            if begun == 1 or not (name == "INDEX" or (name in ("LEFT", "RIGHT") and token.value in ("2", "4"))):
                found.append(token.value)
    return found
