"""The functions of a registry, listed and explained."""

from __future__ import annotations

import re
from collections.abc import Iterable
from textwrap import fill, indent

from xlmodel.kinds import ArgumentKind
from xlmodel.registry import Argument, Function, Registry, Row

__all__ = ["function_list", "function_page", "function_table"]


def _families(registry: Registry) -> list[tuple[str, list[Function]]]:
    families: dict[str, list[Function]] = {}
    for function in registry:
        families.setdefault(function.family, []).append(function)
    return sorted(families.items())


def function_list(registry: Registry) -> str:
    """Return all functions by family, a line each."""
    if not len(registry):
        return 'No functions are configured. Name modules in xlmodel.toml: under [functions], such as CSC = "udfs".'
    width = max((len(f.name) for f in registry), default=0)
    lines: list[str] = []
    for family, functions in _families(registry):
        lines += ["", family.replace("_", " ").capitalize()]
        lines += [f"  {f.name:<{width}}  {f.summary}" for f in functions]
    return "\n".join([*lines[1:], "", "xlmodel functions NAME explains one with a worked example."])


def function_table(registry: Registry) -> str:
    """Return all functions as a Markdown table, for the README."""
    rows = ["| Function | What it gives |", "|---|---|"]
    for _, functions in _families(registry):
        rows += [f"| `{f.signature}` | {f.summary} |" for f in functions]
    return "\n".join(rows)


def function_page(function: Function) -> str:
    """Return all there is to say of one function."""
    parts = [function.signature, "", fill(function.summary, 96)]
    extended = function.doc.split("\n\n")[1:2]
    if extended and not re.search(r"\n-+\n", extended[0]):
        parts += ["", fill(" ".join(extended[0].split()), 96)]
    parts += ["", "Arguments"]
    parts += [indent(fill(_described(a), 92, subsequent_indent="    "), "  ") for a in function.arguments]
    parts += ["", "Result", indent(fill(_result(function), 92, subsequent_indent="    "), "  ")]
    raises = function.section("Raises")
    if raises:
        parts += ["", "Errors", *(indent(fill(e, 92, subsequent_indent="    "), "  ") for e in _errors(raises))]
    if function.examples:
        parts += ["", "Example", *(f"  {call}  →  {result}" for call, result in function.examples)]
    parts += ["", f"Family: {function.family.replace('_', ' ')}.  Version: {function.version}."]
    return "\n".join(parts)


def _described(argument: Argument) -> str:
    facts: Iterable[str] = filter(None, (_kind(argument.kind), "optional" if argument.optional else ""))
    return f"{argument.name}: {argument.help} ({'; '.join(facts)})"


def _kind(kind: ArgumentKind) -> str:
    what = f"{kind.word}s" if kind.shape else kind.word
    if kind.shape[1:]:
        what = f"range of {kind.shape[1]} columns"
    return ", ".join(filter(None, (what, kind.unit, kind.domain)))


def _result(function: Function) -> str:
    if isinstance(function.result, Row):
        fields = (f"{name.replace('_', ' ')} ({_kind(kind)})" for name, kind in function.result.fields.items())
        return "a row of " + ", ".join(fields) + f"; one of them: INDEX({function.name}(...), k)"
    spills = "; spills as its input lies" if function.result.shape else ""
    return _kind(function.result) + spills


_ERROR = re.compile(r"\s*Excel: (#\S+?[!?A])\.?\s*$")


def _errors(section: str) -> list[str]:
    """Return the Raises section as a cell's user meets it: the Excel error first, then when it shows."""
    lines = []
    for entry in re.split(r"\n(?=\S)", section):
        text = " ".join(entry.split("\n", 1)[-1].split())
        error = _ERROR.search(text)
        lines.append(f"{error[1]}: {text[: error.start()]}" if error else text)
    return lines
