"""A workbook as a worker evaluated it: each formula cell with what was saved and what the engine makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.workbook import Book, CalcSettings, Table
from xlmodel.engine.frames import Arrays, pack_values, unpack_values
from xlmodel.engine.protocol import CellKey, Reason, Result
from xlmodel.refs import Rect, to_a1
from xlmodel.values import Values

__all__ = ["Calculation", "Evaluation", "Facts", "TableCells", "pack", "unpack"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the workbook says of itself."""

    sha256: str
    application: str
    hosts: frozenset[str]
    date1904: bool
    externals: int  #: other workbooks that it refers to
    calc: CalcSettings


@dataclass(frozen=True, eq=False)
class Calculation:
    """What an engine made of the formula cells, by their places in the evaluation."""

    values: Values  #: blank where there is a reason
    reasons: Mapping[int, Reason] = field(default_factory=dict)
    messages: Mapping[int, str] = field(default_factory=dict)
    spills: Mapping[int, Values] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class TableCells:
    """The body of an Excel table: formula cells as calculated, the others as saved."""

    columns: tuple[str, ...]
    cells: Values  #: rows by columns, without headers and totals


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Every formula cell of a workbook, as parallel arrays."""

    engine: str
    facts: Facts
    sheets: tuple[str, ...]
    sheet: NDArray[np.int32]  #: into `sheets`
    row: NDArray[np.int32]
    col: NDArray[np.int32]
    formulas: tuple[str, ...]  #: distinct formulas, in R1C1 notation
    formula: NDArray[np.int32]  #: into `formulas`
    number_formats: tuple[str, ...]
    number_format: NDArray[np.int32]  #: into `number_formats`
    saved: Values
    saved_arrays: Mapping[int, Values] = field(default_factory=dict)  #: what was saved in the range of an array formula
    calculated: Calculation | None = None
    local: Calculation | None = None
    tables: Mapping[str, TableCells] = field(default_factory=dict)  #: those that were asked for

    def __len__(self) -> int:
        return len(self.row)

    def key(self, index: int) -> CellKey:
        """Return the cell at a place."""
        return CellKey(self.sheets[self.sheet[index]], int(self.row[index]), int(self.col[index]))

    @cached_property
    def places(self) -> Mapping[CellKey, int]:
        """The place of each formula cell."""
        return {self.key(i): i for i in range(len(self))}

    def formula_a1(self, index: int) -> str:
        """Return a cell's formula in A1 notation, without the equals sign."""
        return to_a1(self.formulas[self.formula[index]], int(self.row[index]), int(self.col[index]))


def pack(
    book: Book, engine: str, calculated: Result | None, local: Result | None, tables: Sequence[str] = ()
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the message that carries an evaluation."""
    header: dict[str, Any] = {
        "engine": engine,
        "facts": {
            "sha256": book.sha256,
            "application": book.application,
            "hosts": sorted(book.hosts),
            "date1904": book.date1904,
            "externals": len(book.externals),
            "calc": asdict(book.calc),
        },
        "sheets": [s.name for s in book.sheets],
        "formulas": list(book.formulas),
        "number_formats": list(book.number_formats),
    }
    arrays: dict[str, Any] = {}
    at = [np.flatnonzero(s.formula >= 0) for s in book.sheets]
    for name in ("row", "col", "formula", "style"):
        arrays[name] = _joined([getattr(s, name)[i] for s, i in zip(book.sheets, at, strict=True)])
    arrays["sheet"] = _joined([np.full(len(i), n, np.int32) for n, i in enumerate(at)])
    saved = Values.concat(s.values[i] for s, i in zip(book.sheets, at, strict=True))
    pack_values("saved", saved, header, arrays)
    places, blocks = {}, {}
    number = 0
    for sheet, indices in zip(book.sheets, at, strict=True):
        for index in indices.tolist():
            places[CellKey(sheet.name, int(sheet.row[index]), int(sheet.col[index]))] = number
            rect = sheet.arrays.get(index)
            if rect is not None and rect.shape[0] * rect.shape[1] <= 200_000:
                blocks[number] = sheet.block(rect)
            number += 1
    header["saved_arrays"] = _packed_blocks("saved_arrays", blocks, header, arrays)
    for name, result in (("calculated", calculated), ("local", local)):
        if result is not None:
            header[name] = {
                "reasons": [[places[k], r.code, r.text] for k, r in result.reasons.items()],
                "messages": [[places[k], m] for k, m in result.messages.items()],
                "spills": _packed_blocks(
                    f"{name}.spills", {places[k]: v for k, v in result.spills.items()}, header, arrays
                ),
            }
            pack_values(name, result.values, header, arrays)
    wanted = [t for t in book.tables if t.name in tables]
    bodies = {n: _body(book, t, calculated) for n, t in enumerate(wanted)}
    listed = zip(wanted, _packed_blocks("tables", bodies, header, arrays), strict=True)
    header["tables"] = [[t.name, list(t.columns), block] for t, block in listed]
    return header, arrays


def _body(book: Book, table: Table, calculated: Result | None) -> Values:
    top, bottom = table.rect.top + table.header_rows, table.rect.bottom - table.totals_rows
    body = Rect(top, table.rect.left, bottom, table.rect.right)
    cells = book.stripped().sheet(table.sheet).block(body)
    for i, key in enumerate(calculated.cells if calculated is not None else ()):
        if calculated is not None and key.sheet == table.sheet and body.__contains__((key.row, key.col)):
            cells.put((key.row - top, key.col - body.left), calculated.values.item(i))
    return cells


def _joined(parts: list[NDArray[Any]]) -> NDArray[np.int32]:
    return np.concatenate([np.zeros(0, np.int32), *parts]).astype(np.int32)


def _packed_blocks(
    name: str, blocks: Mapping[int, Values], header: dict[str, Any], arrays: dict[str, Any]
) -> list[list[int]]:
    pack_values(name, Values.concat(v.reshape((v.size,)) for v in blocks.values()), header, arrays)
    return [[place, *v.shape] for place, v in blocks.items()]


def _unpacked_blocks(
    name: str, listed: list[list[int]], header: Mapping[str, Any], arrays: Arrays
) -> dict[int, Values]:
    flat = unpack_values(name, header, arrays)
    out, start = {}, 0
    for place, rows, cols in listed:
        out[place] = flat[start : start + rows * cols].reshape((rows, cols))
        start += rows * cols
    return out


def unpack(header: Mapping[str, Any], arrays: Arrays) -> Evaluation:
    """Return the evaluation that a message carries."""
    facts = header["facts"]
    found: dict[str, Calculation] = {}
    for name in ("calculated", "local"):
        if name in header:
            part = header[name]
            found[name] = Calculation(
                unpack_values(name, header, arrays),
                {place: Reason(code, text) for place, code, text in part["reasons"]},
                dict(part["messages"]),
                _unpacked_blocks(f"{name}.spills", part["spills"], header, arrays),
            )
    bodies = _unpacked_blocks("tables", [block for _, _, block in header["tables"]], header, arrays)
    return Evaluation(
        engine=header["engine"],
        facts=Facts(**{**facts, "hosts": frozenset(facts["hosts"]), "calc": CalcSettings(**facts["calc"])}),
        sheets=tuple(header["sheets"]),
        sheet=arrays["sheet"],
        row=arrays["row"],
        col=arrays["col"],
        formulas=tuple(header["formulas"]),
        formula=arrays["formula"],
        number_formats=tuple(header["number_formats"]),
        number_format=arrays["style"],
        saved=unpack_values("saved", header, arrays),
        saved_arrays=_unpacked_blocks("saved_arrays", header["saved_arrays"], header, arrays),
        calculated=found.get("calculated"),
        local=found.get("local"),
        tables={name: TableCells(tuple(columns), bodies[n]) for n, (name, columns, _) in enumerate(header["tables"])},
    )
