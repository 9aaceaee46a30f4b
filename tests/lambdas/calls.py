"""Calls of a function as cells make them, drawn at random from the catalogue's, and what both editions give."""

from __future__ import annotations

import pkgutil
import random
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

import catalogue
from books import book

from xlmodel.book.workbook import DefinedName
from xlmodel.declaration import Function
from xlmodel.engine import CellKey
from xlmodel.engine.native import NativeEngine
from xlmodel.lambdas import definitions, hidden
from xlmodel.refs import Rect
from xlmodel.registry import Registry, Row
from xlmodel.values import ErrorValue, Scalar, Values

CSC = Registry.collect({"CSC": "udfs"})

#: Arguments as cells: a range of rows, a single cell's content in one row of one, or OMITTED.
Range = list[list[Scalar]]
OMITTED = "omitted"
Arguments = tuple[Any, ...]

#: Functions that split an amount: a part of nearly 0 is what is left of large ones, and compared with the largest.
PARTS = ("CSC_LEGAL_AVOIDED", "CSC_PRICE_VOLUME_MIX")

_ODD: list[Scalar] = [
    None, "", "x", "12", " ", True, False, -1.0, 0.0, 0.5, 1.0, 1.5, -0.001, 1e9, 16.0, 2024.0, "2024/25", "mid",
    *(ErrorValue(c) for c in ("#N/A", "#DIV/0!", "#VALUE!", "#NUM!", "#REF!", "#NAME?")),
]  # fmt: skip


def catalogued(function: Function) -> list[Arguments]:
    """Return the catalogue's calls of a function."""
    rows = [r for m in pkgutil.iter_modules(catalogue.__path__) for r in import_module(f"catalogue.{m.name}").CATALOGUE]
    short = function.name.partition("_")[2]
    return [tuple(map(_range, arguments)) for name, arguments, _ in rows if name == short]


def _range(content: Any) -> Range:
    if not isinstance(content, list):
        return [[_cell(content)]]
    return [[_cell(x) for x in (row if isinstance(row, list) else [row])] for row in content]


def _cell(content: Any) -> Scalar:
    """Return a content as people type it: a number has 15 digits, and Excel tells no more apart."""
    number = isinstance(content, (int, float)) and not isinstance(content, bool)
    return float(f"{content:.15g}") if number else content


def drawn(function: Function, count: int, seed: int) -> list[Arguments]:
    """Return the catalogue's calls of a function and as many again with something changed as `count` asks for."""
    chance = random.Random(f"{function.name} {seed}")
    every = catalogued(function)
    good = [c for c in every if not isinstance(_first(expected(function, c)), ErrorValue)] or every
    return every + [_changed(function, chance.choice(good), chance) for _ in range(count)]


def _changed(function: Function, arguments: Arguments, chance: random.Random) -> Arguments:
    out = [[list(row) for row in x] if isinstance(x, list) else x for x in arguments]
    if chance.random() < 0.9:  # other figures, of the same kind
        out = [_other_figures(x, chance) if chance.random() < 0.7 else x for x in out]
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2))):
        _spoil(function, out, chance)
    return tuple(out)


def _other_figures(x: Range, chance: random.Random) -> Range:
    numbers = [c for row in x for c in row if isinstance(c, float)]
    whole = all(c.is_integer() for c in numbers) and chance.random() < 0.7
    spread = chance.choice((0.02, 0.3, 1.0))

    def other(c: Scalar) -> Scalar:
        if not isinstance(c, float) or chance.random() < 0.2:
            return c
        if 30_000 < c < 60_000 and c.is_integer():  # a date, as likely as not
            return c + chance.choice((-366, -30, -1, 0, 1, 30, 365, 0.25))
        y = c * (1 + chance.uniform(-spread, spread))
        return float(round(y)) if whole else _cell(round(y, chance.choice((1, 2, 3, 6, 12))))

    return [[other(c) for c in row] for row in x]


def _spoil(function: Function, out: list[Any], chance: random.Random) -> None:
    """Change one argument in a way that people do by mistake."""
    at = chance.randrange(len(out))
    argument, x = function.arguments[at], out[at]
    what = chance.random()
    if x == OMITTED:
        return
    if what < 0.55:
        row = chance.choice(x)
        row[chance.randrange(len(row))] = chance.choice(_ODD)
    elif what < 0.7:
        if argument.optional or chance.random() < 0.3:
            out[at] = OMITTED
    elif argument.kind.shape:
        if what < 0.8:
            out[at] = [list(row) for row in zip(*x, strict=True)]
        elif what < 0.9:
            out[at] = x[:-1] or x
        elif what < 0.95:
            out[at] = [*x, list(x[-1])]
        else:
            out[at] = [[chance.choice(_ODD)]]
    else:
        count = chance.choice((2, 2, 3))
        cells: list[Scalar] = [x[0][0] if chance.random() < 0.7 else chance.choice(_ODD) for _ in range(count)]
        out[at] = [cells] if chance.random() < 0.3 else [[c] for c in cells]


def expected(function: Function, arguments: Arguments, date1904: bool = False) -> Values:
    """Return what the Python function gives a cell, rows by columns."""
    given = [None if x == OMITTED else _values(x) for x in arguments]
    values = CSC.call(function.name, given, date1904=date1904).values
    return values.reshape((1, 1)) if values.shape == () else values


def _values(x: Range) -> Values:
    return Values.of(x[0][0]) if len(x) == len(x[0]) == 1 else Values.of(x)


def _first(values: Values) -> Scalar:
    return values.item((0, 0))


def native(calls: Sequence[tuple[Function, Arguments]], date1904: bool = False) -> list[Values | str]:
    """Return what the native forms give, all calls in one workbook; a text where the engine gave a reason instead."""
    cells: dict[str, Scalar] = {}
    starts: list[CellKey] = []
    row, dynamic = 1, {}
    for function, arguments in calls:
        col, texts, high = 20, [], 12
        for x in arguments:
            if x == OMITTED:
                texts.append("")
                continue
            area = Rect(row, col, row + len(x) - 1, col + len(x[0]) - 1)
            texts.append(area.name)
            cells |= {place: content for place, content in _placed(x, area) if content is not None}
            col += len(x[0]) + 1
            high = max(high, len(x) + 1)
        while texts and not texts[-1]:
            texts.pop()
        name = Rect(row, 1, row, 1).name
        cells[name] = f"={function.name}({','.join(texts)})"
        rows, cols = expected(function, arguments, date1904).shape  # where the engine need not make room first
        dynamic[name] = Rect(row, 1, row + rows - 1, cols).name
        high = max(high, rows + 1)
        starts.append(CellKey("S", row, 1))
        row += high
    names = definitions(CSC, {f.name for f, _ in calls})
    defined = tuple(DefinedName(n, formula, None, hidden(n)) for n, formula in names.items())
    engine = NativeEngine()
    engine.load(book(cells, dynamic=dynamic, names=defined, date1904=date1904), Registry())
    result = engine.calculate()
    where = {key: i for i, key in enumerate(result.cells)}
    return [
        f"{result.reasons[key].code}: {result.reasons[key].text}"
        if key in result.reasons
        else result.spills.get(key, result.values[where[key]].reshape((1, 1)))
        for key in starts
    ]


def _placed(x: Range, area: Rect) -> Iterator[tuple[str, Scalar]]:
    for r, line in enumerate(x):
        for c, content in enumerate(line):
            yield Rect(area.top + r, area.left + c, area.top + r, area.left + c).name, content


def differs(function: Function, arguments: Arguments, wanted: Values, got: Values | str) -> str:
    """Say how the two editions differ, "" where they agree."""
    if isinstance(got, str):
        return got
    if got.shape != wanted.shape:
        errors = {x for x in got.scalars() if isinstance(x, ErrorValue)}
        if errors == set(got.scalars()) and (errors == set(wanted.scalars()) or _cannot_spread(function, arguments)):
            return ""
        return f"{got.shape} cells in place of {wanted.shape}"
    largest = max((abs(x) for x in wanted.scalars() if isinstance(x, float)), default=0.0)
    least = 1e-12 * largest if function.name in PARTS else 0.0
    for place, (a, b) in enumerate(zip(wanted.scalars(), got.scalars(), strict=True)):
        if not _same(a, b, least):
            return f"{b!r} in place of {a!r}" + f", cell {place + 1} of {got.size}" * (got.size > 1)
    return ""


def _cannot_spread(function: Function, arguments: Arguments) -> bool:
    """Tell whether a function that fills several cells was given a range that would spill in two directions."""
    given = [x for a, x in zip(function.arguments, arguments, strict=False) if x != OMITTED and not a.kind.shape]
    if isinstance(function.result, Row):
        return any(len(x[0]) > 1 for x in given)
    return bool(function.result.shape) and any((len(x), len(x[0])) != (1, 1) for x in given)


def _same(a: Scalar, b: Scalar, least: float) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= max(1e-12 * max(abs(a), abs(b)), least, 1e-300)
    return type(a) is type(b) and a == b


def compared(function: Function, count: int, seed: int, date1904: bool = False) -> list[str]:
    """Return what the two editions of a function disagree on, a line a call."""
    calls = drawn(function, count, seed)
    found = native([(function, c) for c in calls], date1904)
    out = []
    for arguments, got in zip(calls, found, strict=True):
        fault = differs(function, arguments, expected(function, arguments, date1904), got)
        if fault:
            out.append(f"{function.name}{_shown(arguments)}: {fault}")
    return out


def _shown(arguments: Arguments) -> str:
    texts = [x if x == OMITTED else x[0][0] if len(x) == len(x[0]) == 1 else x for x in arguments]
    return f"({', '.join(map(repr, texts))})"
