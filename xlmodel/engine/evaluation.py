"""A workbook as a worker evaluated it: each formula cell with what was saved and what the engine makes of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlmodel.book.workbook import Book, CalcSettings, DefinedName, Sheet, Table
from xlmodel.engine.called import calls_of_names, functions_called
from xlmodel.engine.frames import Arrays, pack_values, unpack_values
from xlmodel.engine.protocol import CellKey, Reason, Result
from xlmodel.refs import Rect, to_a1
from xlmodel.values import Values

__all__ = ["Calculation", "Evaluation", "Facts", "TableCells", "pack", "unpack"]

Ints = NDArray[np.int32]

#: What array formulas and data tables fill is taken along up to so many cells a workbook; the ranges may overlap.
MAX_FILLED = 4_000_000


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
    volatile: frozenset[int] = frozenset()  #: values that hang on the clock or on chance


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
    sheet: Ints  #: into `sheets`; cells are in the order of their sheets, then rows, then columns
    row: Ints
    col: Ints
    formulas: tuple[str, ...]  #: distinct formulas, in R1C1 notation
    formula: Ints  #: into `formulas`
    number_formats: tuple[str, ...]
    number_format: Ints  #: into `number_formats`
    saved: Values
    #: what was saved in the range that an array formula or a data table fills; nothing where that is too much
    saved_arrays: Mapping[int, Values] = field(default_factory=dict)
    calculated: Calculation | None = None
    local: Calculation | None = None
    tables: Mapping[str, TableCells] = field(default_factory=dict)  #: those that were asked for
    name_calls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: defined name -> functions behind it
    names: tuple[DefinedName, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)  #: the file's custom properties that hold a text

    def __len__(self) -> int:
        return len(self.row)

    def key(self, index: int) -> CellKey:
        """Return the cell at a place."""
        return CellKey(self.sheets[self.sheet[index]], int(self.row[index]), int(self.col[index]))

    @cached_property
    def places(self) -> Mapping[CellKey, int]:
        """The place of each formula cell; `place` is cheaper where few are asked for."""
        return {self.key(i): i for i in range(len(self))}

    @cached_property
    def _index(self) -> _Index:
        return _Index(self.sheets, self.sheet, self.row, self.col)

    def place(self, cell: CellKey) -> int | None:
        """Return the place of a formula cell, None where there is no such cell."""
        at = int(self._index.places([cell])[0])
        return None if at < 0 else at

    def functions(self, index: int) -> tuple[str, ...]:
        """Return the functions that a cell's formula calls, also through defined names, sorted."""
        return functions_called(self.formulas[self.formula[index]], self.name_calls)

    def formula_a1(self, index: int) -> str:
        """Return a cell's formula in A1 notation, without the equals sign."""
        return to_a1(self.formulas[self.formula[index]], int(self.row[index]), int(self.col[index]))


class _Index:
    """Finds formula cells among all of a workbook's."""

    def __init__(self, sheets: Sequence[str], sheet: Ints, row: Ints, col: Ints) -> None:
        self._numbers = {name: n for n, name in enumerate(sheets)}
        self._keys = (sheet.astype(np.int64) << 35) + row.astype(np.int64) * 16_385 + col

    def places(self, cells: Collection[CellKey]) -> Ints:
        """Return the place of each cell, -1 where it is no formula cell."""
        numbers = self._numbers
        wanted = np.fromiter(
            ((numbers.get(sheet, -1) << 35) + row * 16_385 + col for sheet, row, col in cells), np.int64, len(cells)
        )
        if not len(self._keys):
            return np.full(len(cells), -1, np.int32)
        at = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        return np.where(self._keys[at] == wanted, at, -1).astype(np.int32)


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
        "name_calls": calls_of_names(book.names),
        "names": [[n.name, n.formula, n.sheet, n.hidden] for n in book.names],
        "properties": dict(book.properties),
    }
    arrays: dict[str, Any] = {}
    at = [np.flatnonzero(s.formula >= 0) for s in book.sheets]
    for name in ("row", "col", "formula", "style"):
        arrays[name] = _joined([getattr(s, name)[i] for s, i in zip(book.sheets, at, strict=True)])
    arrays["sheet"] = _joined([np.full(len(i), n, np.int32) for n, i in enumerate(at)])
    saved = Values.concat(s.values[i] for s, i in zip(book.sheets, at, strict=True))
    pack_values("saved", saved, header, arrays)
    header["saved_arrays"] = _packed_blocks("saved_arrays", _filled(book, at), header, arrays)
    index = _Index(header["sheets"], arrays["sheet"], arrays["row"], arrays["col"])
    for name, result in (("calculated", calculated), ("local", local)):
        if result is not None:
            header[name] = _packed_result(name, result, index, header, arrays)
    wanted = [t for t in book.tables if t.name in tables]
    bodies = {n: _body(book, t, calculated, arrays) for n, t in enumerate(wanted)}
    listed = zip(wanted, _packed_blocks("tables", bodies, header, arrays), strict=True)
    header["tables"] = [[t.name, list(t.columns), block] for t, block in listed]
    return header, arrays


def _filled(book: Book, at: Sequence[NDArray[np.int64]]) -> dict[int, Values]:
    """Return what is saved where array formulas and data tables fill cells, by the places of their anchors."""
    blocks: dict[int, Values] = {}
    room, start = MAX_FILLED, 0
    for sheet, indices in zip(book.sheets, at, strict=True):
        for anchor, rect in sorted(_ranges(sheet).items()):
            size = rect.shape[0] * rect.shape[1]
            block = sheet.block(rect) if size <= room else Values.blank((0, 0))
            room -= block.size
            blocks[start + int(np.searchsorted(indices, anchor))] = block
        start += len(indices)
    return blocks


def _ranges(sheet: Sheet) -> dict[int, Rect]:
    """Return the range that each array formula and data table fills; one cell where a dynamic array names none."""
    found = {i: Rect(int(r), int(c), int(r), int(c)) for i in sheet.dynamic for r, c in [(sheet.row[i], sheet.col[i])]}
    return {i: rect for i, rect in (found | {**sheet.arrays, **sheet.data_tables}).items() if sheet.formula[i] >= 0}


def _packed_result(
    name: str, result: Result, index: _Index, header: dict[str, Any], arrays: dict[str, Any]
) -> dict[str, Any]:
    pack_values(name, result.values, header, arrays)
    known: dict[Reason, int] = {}
    which = [known.setdefault(r, len(known)) for r in result.reasons.values()]
    arrays[f"{name}.refused"] = index.places(result.reasons.keys())
    arrays[f"{name}.why"] = np.array(which, np.int32)
    arrays[f"{name}.volatile"] = index.places(result.volatile)
    anchors = index.places(result.spills.keys()).tolist()
    blocks = dict(zip(anchors, result.spills.values(), strict=True))
    speaking = index.places(result.messages.keys()).tolist()
    return {
        "reasons": [[reason.code, reason.text] for reason in known],
        "messages": list(zip(speaking, result.messages.values(), strict=True)),
        "spills": _packed_blocks(f"{name}.spills", blocks, header, arrays),
    }


def _body(book: Book, table: Table, calculated: Result | None, arrays: Mapping[str, Ints]) -> Values:
    top, bottom = table.rect.top + table.header_rows, table.rect.bottom - table.totals_rows
    body = Rect(top, table.rect.left, bottom, table.rect.right)
    cells = book.stripped().sheet(table.sheet).block(body)
    if calculated is not None:
        number = [s.name for s in book.sheets].index(table.sheet)
        row, col = arrays["row"], arrays["col"]
        inside = (row >= top) & (row <= bottom) & (col >= body.left) & (col <= body.right)
        at = np.flatnonzero((arrays["sheet"] == number) & inside)
        cells.set((row[at] - top, col[at] - body.left), calculated.values[at])
    return cells


def _joined(parts: list[NDArray[Any]]) -> Ints:
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
            reasons = [Reason(code, text) for code, text in part["reasons"]]
            refused = zip(arrays[f"{name}.refused"].tolist(), arrays[f"{name}.why"].tolist(), strict=True)
            found[name] = Calculation(
                unpack_values(name, header, arrays),
                {place: reasons[which] for place, which in refused},
                dict(part["messages"]),
                _unpacked_blocks(f"{name}.spills", part["spills"], header, arrays),
                frozenset(arrays[f"{name}.volatile"].tolist()),
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
        name_calls={name: tuple(functions) for name, functions in header["name_calls"].items()},
        names=tuple(DefinedName(*name) for name in header["names"]),
        properties=header["properties"],
    )
