"""The three editions that calculate: function names, defined names and settings as each host stores them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from xlmodel.book.calc_parts import with_calculation
from xlmodel.book.layout import Cell
from xlmodel.book.parts import Parts
from xlmodel.book.splice import Span, elements
from xlmodel.errors import BookError, UnsupportedEditError
from xlmodel.lambdas import definitions, hidden
from xlmodel.publish.cells import Rename, Rewriting, renamed, with_formulas
from xlmodel.publish.dynamic import dynamic_flag, without_dynamic_part
from xlmodel.publish.names import changed_names, with_names, without_names
from xlmodel.publish.source import Source

__all__ = ["calculating", "drop_own_names", "flagged", "formulas_beside_cells", "settle"]

#: The calculation engine of Excel 2019 to 365 as files name it: Excel calculates a file of an older one on opening.
CALC_ID = 191029
_OFFICE_JS = "_xldudf_"
_MOST_COMMENT = 255  #: characters that Excel takes in a name's comment
_FLAG = re.compile(rb"<(?:\w+:)?c [^>]*\bcm=")


def calculating(parts: Parts, source: Source, edition: str, as_arrays: Collection[tuple[str, Cell]] = ()) -> None:
    """Turn a workbook into the edition lambda, com or officejs.

    Parameters
    ----------
    parts : Parts
        Its parts; those that need not change are left alone.
    source : Source
        The workbook as it is.
    edition : str
        lambda, com or officejs.
    as_arrays : collection of sheet and cell
        Cells that stay dynamic arrays in the edition com.

    Raises
    ------
    BookError
        The workbook uses a name that the edition needs.
    UnsupportedEditError
        A rule or a message calls a function where the edition cannot hold it.
    """

    def rename(stored: str) -> str | None:
        function = source.function(stored)
        if function is None:
            return None
        return _OFFICE_JS + function.name if edition == "officejs" else function.name

    if edition == "officejs":
        _refuse_beside_cells(parts, source)
    _write_names(parts, source, edition, rename)
    settle(parts)
    calls = source.calling(source.used)
    flag = dynamic_flag(parts) if calls and edition in ("lambda", "officejs") else None
    changed = False
    for name in dict.fromkeys(cell.sheet for cell in calls):
        sheet = source.book.sheet(name)
        before = parts.read(sheet.part)
        after = with_formulas(before, name, f"{source.name}, sheet {name!r}", Rewriting(rename, flag, as_arrays))
        parts.write(sheet.part, after)
        changed |= after != before
    if changed:
        parts.without_calc_chain()
    if edition == "com" and not flagged(parts, source):
        without_dynamic_part(parts)


def _write_names(parts: Parts, source: Source, edition: str, rename: Rename) -> None:
    drop_own_names(parts, source)
    part, where = parts.workbook, parts.where(parts.workbook)
    parts.write(part, changed_names(parts.read(part), where, lambda formula: renamed(formula, rename)[0]))
    if edition == "lambda":
        names = definitions(source.registry, list(source.used))
        taken = source.taken(names)
        if taken:
            raise BookError(f"{source.name} uses the name {taken[0]} for something of its own; rename it there")
        hides = [n for n in names if hidden(n)]
        comments = {n: f.summary[:_MOST_COMMENT] for n, f in source.used.items() if n in names}
        parts.write(part, with_names(parts.read(part), where, names, hidden=hides, comments=comments))


def drop_own_names(parts: Parts, source: Source) -> None:
    """Take out the names that an earlier publication added."""
    part = parts.workbook
    new = without_names(parts.read(part), parts.where(part), lambda name, _: name.casefold() in source.own_names)
    parts.write(part, new)


def settle(parts: Parts) -> None:
    """Set how Excel calculates the workbook, so that opening it calculates nothing.

    A file that asks for calculation on opening, or that an older engine calculated, turns into #NAME? where the
    functions are not installed, and asks to be saved where they are.
    """
    part = parts.workbook
    known = parts.package.xml(part) if part in parts.package else None
    settings = [] if known is None else [e for e in known if e.tag.rpartition("}")[2] == "calcPr"]
    now = settings[0].get("calcId", "0") if settings else "0"
    newest = str(max(int(now) if now.isdecimal() else 0, CALC_ID))
    wanted: Mapping[str, str | None] = {
        "calcId": newest, "fullCalcOnLoad": None, "forceFullCalc": None, "calcCompleted": None,
    }  # fmt: skip
    parts.write(part, with_calculation(parts.read(part), parts.where(part), wanted))


def flagged(parts: Parts, source: Source) -> bool:
    """Tell whether any cell has the flag of a dynamic array."""
    return any(_FLAG.search(parts.read(sheet.part)) for sheet in source.book.sheets)


def formulas_beside_cells(parts: Parts, source: Source) -> Iterator[tuple[str, str]]:
    """Yield the formulas of a sheet that stand in no cell, with its name: of conditional formats and validations."""
    for sheet in source.book.sheets:
        found: list[Span] = []

        def enter(name: str, attributes: Mapping[str, str], depth: int, at: int) -> bool:
            return name.rpartition("}")[2] in ("formula", "formula1", "formula2") or name.endswith("main}f")

        elements(parts.read(sheet.part), parts.where(sheet.part), enter, found.append)
        for span in found:
            text = span.text or "".join(child.text for child in span.children)
            if text:
                yield sheet.name, text


def _refuse_beside_cells(parts: Parts, source: Source) -> None:
    for sheet, formula in formulas_beside_cells(parts, source):
        if renamed(formula, lambda stored: None if source.function(stored) is None else stored)[1]:
            raise UnsupportedEditError(
                f"{source.name}, sheet {sheet!r}: a conditional format or a validation calls a function, which this "
                f"edition cannot hold: {formula}; put the call into a cell and refer to that"
            )
