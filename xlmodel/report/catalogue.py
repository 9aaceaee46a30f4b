"""The functions of a registry as a page of Markdown: what each takes and gives, and what a hand formula gets wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xlmodel.registry import Function, Registry
from xlmodel.report.functions import argument_facts, by_hand, errors, families, remark, result_facts, title

__all__ = ["catalogue_page", "family_table"]

_OPENING = """\
# The functions

Written by `make docs` from the functions themselves; every worked example is calculated as a cell by the tests.
`xlmodel functions CSC_X` shows the same for one function.

- A vector is one row or one column of cells, written `x[]`; a range of several columns is written `x[][]`. What is in
  brackets, `[x]`, may be left out.
- Where a function takes one value and is given a range, it is called for each cell, and the results spill.
- A blank cell is missing, which is #N/A; for one value that may be left out, it is left out. Text is never taken for a
  number, which is #VALUE!. An error in a cell that is read is the result.
- Money is in £, rates are per 10,000, percentages are fractions, years are financial years.
"""


def catalogue_page(registry: Registry, order: Sequence[str] = ()) -> str:
    """Return every function by family, the families of `order` first."""
    parts = [_OPENING, family_table(registry, order), ""]
    for family, functions in _ordered(registry, order):
        parts += [f"## {title(family)}", "", remark(functions), ""]
        parts += [line for f in functions for line in _entry(f)]
    return "\n".join(parts).rstrip() + "\n"


def family_table(registry: Registry, order: Sequence[str] = (), page: str = "") -> str:
    """Return a Markdown table of the families, with links to them on a page; on that page itself to each function."""
    rows = ["| Family | Functions |", "|---|---|"]
    for family, functions in _ordered(registry, order):
        names = (f"`{f.name}`" if page else f"[`{f.name}`](#{f.name.lower()})" for f in functions)
        rows.append(f"| [{title(family)}]({page}#{title(family).lower().replace(' ', '-')}) | {', '.join(names)} |")
    return "\n".join(rows)


def _ordered(registry: Registry, order: Sequence[str]) -> list[tuple[str, list[Function]]]:
    rank = {family: i for i, family in enumerate(order)}
    return sorted(families(registry), key=lambda found: (rank.get(found[0], len(rank)), found[0]))


def _entry(function: Function) -> list[str]:
    lines = [f"### {function.name}", "", f"`{function.signature}`", "", function.summary, ""]
    lines += ["| Argument | What it is | Unit and limits |", "|---|---|---|"]
    lines += [f"| `{a.name}` | {_cell(a.description)} | {_cell(argument_facts(a))} |" for a in function.arguments]
    gives = re.sub(r"INDEX\(.*\)", r"`\g<0>`", result_facts(function))
    lines += ["", f"**Gives** {gives}. {_returned(function)}".rstrip(), ""]
    if found := errors(function):
        lines += [f"- {code}: {_text(when)}" if code else f"- {_text(when)}" for code, when in found] + [""]
    lines += [f"**In a cell** {_text(_worked(function))}", ""] if function.examples else []
    formula, wrong = by_hand(function)
    return lines + ([f"**By hand** `{formula}`: {_text(wrong)}", ""] if formula else [])


def _returned(function: Function) -> str:
    """Return what the docstring says of the result beyond its type."""
    lines = function.section("Returns").splitlines()
    return _text(" ".join(line.strip() for line in lines if line.startswith(" ")))


def _worked(function: Function) -> str:
    return " ".join(function.section("Examples").partition("In a cell:")[2].split())


def _text(text: str) -> str:
    """Return docstring text as Markdown: one kind of backtick."""
    return re.sub(r"``([^`]+)``", r"`\1`", text)


def _cell(text: str) -> str:
    return _text(text).replace("|", "\\|")
