"""How a number comes about, as a tree in a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlmodel.refs import quote_sheet
from xlmodel.report.escape import as_json, safe
from xlmodel.values import display
from xlmodel.verify.explain import Kind, Left, Step

__all__ = ["explain_json", "explain_text"]

#: Longer formulas and values are cut.
_LONGEST, _LONGEST_TEXT = 160, 60
_SHOWN_DECIMALS = 2
_DEEPER = "…"
#: A value that shows one of them has told its unit.
_MONEY = ("£", "$", "€")
_SIGNS = (*_MONEY, "%")


def explain_json(step: Step) -> str:
    """Return a step with all its parts as JSON."""
    return as_json(step.plain())


def explain_text(step: Step) -> str:
    """Return a step with all its parts as an indented tree; what workbooks hold is made safe."""
    lines = list(_lines(step, "", "", home="", told=()))
    if any(line.endswith(_DEEPER) for line in lines):
        lines += ["", f"{_DEEPER} more lies below: --depth N or --all follows it, or explain that cell."]
    return "\n".join(lines)


def _lines(step: Step, mark: str, indent: str, home: str, told: Sequence[str]) -> Iterator[str]:
    yield f"{mark}{_head(step, home, told)}"
    bar = "│  " if step.parts else "   "
    yield from (f"{indent}{bar}{line}" for line in _below(step))
    told = step.label.split(", ")
    for number, part in enumerate(step.parts):
        last = number == len(step.parts) - 1 and not step.more
        mark, below = ("└─ ", "   ") if last else ("├─ ", "│  ")
        yield from _lines(part, indent + mark, indent + below, step.sheet, told)
    if step.more:
        what = "other formula" if step.kind is Kind.RANGE else "more"
        yield f"{indent}└─ … {step.more:,} {what}{'s' * (what != 'more' and step.more > 1)}; --all shows everything"


def _head(step: Step, home: str, told: Sequence[str]) -> str:
    """Return where a step stands, what it is called beyond what was told of the cell above, and what it holds."""
    label = ", ".join(part for part in step.label.split(", ") if part not in told) or step.label
    where = safe(step.cell) if step.sheet == home or step.kind is Kind.EXTERNAL else _address(step)
    named = f"{where}  {safe(label, _LONGEST)}" if label else where
    via = f" ({safe(step.via)})" if step.via else ""
    above = " (told above)" if step.left is Left.ABOVE else ""
    return f"{named}{via}: {_content(step)}{above}"


def _address(step: Step) -> str:
    return f"{safe(quote_sheet(step.sheet))}!{safe(step.cell)}"


def _content(step: Step) -> str:
    match step.kind:
        case Kind.EXTERNAL:
            return "in another workbook, which is not read"
        case Kind.BLANK:
            return "blank"
        case Kind.RANGE:
            return _range(step)
        case Kind.TEXT:
            return f"“{safe(step.saved, _LONGEST_TEXT)}”"
    value = safe(step.shown, _LONGEST_TEXT)
    if not isinstance(step.calculated, str | bool) and not any(sign in step.shown for sign in _SIGNS):
        value = value if step.unit in step.label.split(", ") else _with_unit(value, step.unit)
    return f"{value}, typed in" if step.kind is Kind.INPUT else value


def _with_unit(value: str, unit: str) -> str:
    """Return a value with its unit, where its own text does not tell it: money with the sign before it."""
    if not unit or unit == "date" or unit in value:
        return value
    if unit in _MONEY:
        return f"-{unit}{value[1:]}" if value.startswith("-") else f"{unit}{value}"
    return f"{value} {safe(unit)}"


def _range(step: Step) -> str:
    said = [f"{step.cells:,} cells"]
    if step.numbers:
        said.append(f"sum {_with_unit(_number(step.total), step.unit)}")
    elif not step.formulas:
        said.append("no numbers")
    if step.numbers and not step.formulas:
        said.append("typed in")
    return ", ".join(said)


def _number(value: float) -> str:
    whole = value == int(value) if abs(value) < 1e15 else True
    return f"{value:,.0f}" if whole else f"{value:,.{_SHOWN_DECIMALS}f}" if abs(value) >= 1 else f"{value:.4g}"


def _below(step: Step) -> Iterator[str]:
    """Yield the lines below a head: the formula, the same in words, and what is to be known of it."""
    if step.formula and step.left is not Left.ABOVE:
        yield f"= {safe(step.formula, _LONGEST)}"
        if step.in_words and step.in_words != step.formula:
            yield f"that is: {safe(step.in_words, 2 * _LONGEST)}"
    if step.differs:
        saved, now = safe(display(step.saved), _LONGEST_TEXT), safe(display(step.calculated), _LONGEST_TEXT)
        yield f"! the file holds {saved}, but the formula gives {now}"
    if step.not_calculated:
        yield f"! not calculated, shown as saved: {safe(step.not_calculated, _LONGEST)}"
    if step.left is Left.DEEPER:
        yield _DEEPER
