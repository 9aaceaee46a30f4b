"""The functions of a registry, listed and explained."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from textwrap import fill, indent

from xlmodel.kinds import ArgumentKind, Table
from xlmodel.registry import Argument, Function, Registry, Row

__all__ = [
    "argument_facts",
    "by_hand",
    "errors",
    "families",
    "function_list",
    "function_page",
    "function_table",
    "remark",
    "result_facts",
    "title",
]


def families(registry: Registry) -> list[tuple[str, list[Function]]]:
    """Return the functions by family, in the order in which its module has them."""
    found: dict[str, list[Function]] = {}
    for function in registry:
        found.setdefault(function.family, []).append(function)
    return [(family, sorted(found[family], key=_line)) for family in sorted(found)]


def _line(function: Function) -> int:
    code = getattr(function.python, "__code__", None)
    return code.co_firstlineno if code else 0


def title(family: str) -> str:
    """Return a family's name for people.

    >>> title("in_year")
    'In year'
    """
    return family.replace("_", " ").capitalize()


def remark(family: list[Function]) -> str:
    """Return what the module of a family says of it, in a sentence."""
    doc = sys.modules[family[0].python.__module__].__doc__ or ""
    return doc.strip().split("\n\n")[0].strip()


def function_list(registry: Registry) -> str:
    """Return all functions by family, a line each."""
    if not len(registry):
        return 'No functions are configured. Name modules in xlmodel.toml: under [functions], such as CSC = "udfs".'
    width = max((len(f.name) for f in registry), default=0)
    lines: list[str] = []
    for family, functions in families(registry):
        lines += ["", title(family)]
        lines += [f"  {f.name:<{width}}  {f.summary}" for f in functions]
    return "\n".join([*lines[1:], "", "xlmodel functions NAME explains one with a worked example."])


def function_table(registry: Registry) -> str:
    """Return all functions as a Markdown table."""
    rows = ["| Function | What it gives |", "|---|---|"]
    for _, functions in families(registry):
        rows += [f"| `{f.signature}` | {f.summary} |" for f in functions]
    return "\n".join(rows)


def function_page(function: Function) -> str:
    """Return all there is to say of one function."""
    parts = [function.signature, "", fill(function.summary, 96)]
    extended = function.doc.split("\n\n")[1:2]
    if extended and not re.search(r"\n-+\n", extended[0]):
        parts += ["", fill(" ".join(extended[0].split()), 96)]
    parts += ["", "Arguments", *(_item(f"{a.name}: {a.help} ({argument_facts(a)})") for a in function.arguments)]
    parts += ["", "Result", _item(result_facts(function))]
    if found := errors(function):
        parts += ["", "Errors", *(_item(f"{code}: {when}" if code else when) for code, when in found)]
    if function.examples:
        parts += ["", "Example", *(f"  {call}  →  {result}" for call, result in function.examples)]
    formula, wrong = by_hand(function)
    if formula:
        parts += ["", "By hand", f"  {formula}", _item(wrong, "  ")]
    parts += ["", f"Family: {function.family.replace('_', ' ')}.  Version: {function.version}."]
    return "\n".join(parts)


def _item(text: str, hanging: str = "    ") -> str:
    return indent(fill(text, 92, subsequent_indent=hanging.removeprefix("  ") * 2), "  ")


def argument_facts(argument: Argument) -> str:
    """Return an argument's kind, unit and domain, and whether it may be left out."""
    facts: Iterable[str] = filter(None, (_kind(argument.kind), "optional" if argument.optional else ""))
    return "; ".join(facts)


def _kind(kind: ArgumentKind) -> str:
    what = f"{kind.word}s" if kind.shape and kind.word[-1].islower() else kind.word
    if isinstance(kind, Table):
        columns = "; ".join(f"{name} ({_kind(column)})" for name, column in kind.columns.items())
        return f"range of {len(kind.columns)} columns: {columns}"
    if len(kind.shape) == 2:
        size = f"{kind.shape[1]} columns" if kind.shape[1].isdecimal() else what
        square = " with as many columns as rows" if kind.shape[0] == kind.shape[1] else ""
        what = f"range of {size}{square}"
    return ", ".join(filter(None, (what, kind.unit, kind.domain)))


def result_facts(function: Function) -> str:
    """Return what a function gives: its kind and unit, and how it spills."""
    result = function.result
    if isinstance(result, Row):
        fields = (f"{name.replace('_', ' ')} ({_kind(kind)})" for name, kind in result.fields.items())
        return "a row of " + ", ".join(fields) + f"; one of them: INDEX({function.name}(...), k)"
    if not result.shape:
        return _kind(result)
    if len(result.shape) == 2:
        return f"{_kind(result)}; one of them: INDEX({function.name}(...), row, column)"
    follows = any(a.kind.shape[:1] == result.shape for a in function.arguments)
    return f"{_kind(result)}; " + ("spills as its input lies" if follows else "spills along a row")


_ERROR = re.compile(r"\s*Excel: (#\S+?[!?A])\.?\s*$")


def errors(function: Function) -> list[tuple[str, str]]:
    """Return the errors as a cell's user meets them: the Excel error, "" for none, and when it shows."""
    found = []
    for entry in re.split(r"\n(?=\S)", function.section("Raises")):
        text = " ".join(entry.split("\n", 1)[-1].split())
        error = _ERROR.search(text)
        if text:
            found.append((error[1], text[: error.start()]) if error else ("", text))
    return found


def by_hand(function: Function) -> tuple[str, str]:
    """Return the formula that people write by hand, "" for none, and what it gets wrong."""
    match = re.match(r"``(=[^`]+)``\s*:?\s*(.*)", function.section("By hand"), re.S)
    return (match[1], " ".join(match[2].split())) if match else ("", "")
