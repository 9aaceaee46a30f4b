"""The relations of a workbook as text, sheet by sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from xlmodel.layout.listing import Listed
from xlmodel.layout.relation import Check, Op, Relation, State
from xlmodel.refs import cell_name, column_letters
from xlmodel.report.escape import safe

__all__ = ["relations_json", "relations_text"]

_LONGEST = 48
_SHOWN = 5  #: figures of one relation that do not tie
_WORDS = {
    Op.SUM: "adds up", Op.AVERAGE: "is the mean of", Op.SHARE: "is a percentage:", Op.CHANGE: "is the change of",
    Op.RATE: "is a rate:", Op.BALANCE: "closes", Op.CONTINUITY: "begins where this ended:",
}  # fmt: skip


def relations_text(found: Iterable[Listed]) -> str:
    """Return the relations, those of a sheet together."""
    by_sheet = {sheet: list(its) for sheet, its in groupby(sorted(found, key=_sheet), key=_sheet)}
    if not by_sheet:
        return "No figures that follow from others were found.\n"
    return "\n".join("\n".join((safe(sheet), *_lines(its), "")) for sheet, its in by_sheet.items())


def _sheet(item: Listed) -> str:
    return item.relation.sheet if item.relation is not None else item.pin.sheet if item.pin is not None else ""


def _lines(items: Iterable[Listed]) -> Iterator[str]:
    for item in items:
        mark = "pinned: " if item.pinned else "declined: " if item.declined else ""
        if item.relation is None:
            yield f"  {mark}{_name(item.figure)}: NOT FOUND, {safe(item.problem)}"
            continue
        relation = item.relation
        figure = f"{_name(item.figure)} ({_place(relation, relation.line)})"
        yield f"  {mark}{figure} {_WORDS[relation.op]} {_of(item, relation)}"
        yield f"    {_states(relation)}"
        wrong = [check for check in relation.checks if check.accused]
        yield from (f"    {_wrong(check)}" for check in wrong[:_SHOWN])
        if len(wrong) > _SHOWN:
            yield f"    and {len(wrong) - _SHOWN} more that do not tie"


def _name(text: str) -> str:
    return safe(text, _LONGEST) or "without a name"


def _place(relation: Relation, *lines: int) -> str:
    names = [str(n) if relation.down else column_letters(n) for n in lines]
    word = "row" if relation.down else "column"
    return f"{word} {names[0]}" if len(names) == 1 else f"{word}s {names[0]} to {names[-1]}"


def _of(item: Listed, relation: Relation) -> str:
    names = [_name(name) for name in item.of]
    if relation.fixed is not None:
        base = column_letters(relation.fixed) if relation.down else str(relation.fixed)
        what = "column" if relation.down else "row"
        return f"{names[0]} ({_place(relation, *relation.terms)}) of its figure in {what} {base}"
    if relation.op in (Op.SHARE, Op.RATE, Op.CHANGE):
        word = "against" if relation.op is Op.CHANGE else "over"
        each = f" × {relation.scale:,g}" if relation.scale != 1 else ""
        return f"{names[0]} {word} {names[1]} ({_place(relation, *relation.terms).replace(' to ', ' and ')}){each}"
    joined = " and ".join(names) if len(relation.terms) < 3 else f"{names[0]} … {names[-1]}"
    return f"{joined} ({_place(relation, *relation.terms)})"


def _states(relation: Relation) -> str:
    count = Counter(check.state for check in relation.checks if check.accused or check.state is not State.DOES_NOT_TIE)
    aside = sum(check.state is State.DOES_NOT_TIE and not check.accused for check in relation.checks)
    words = [f"{count[state]} {word}" for state, word in _STATES.items() if count[state]]
    if aside:
        words.append(f"{aside} set aside: they seem to be something else")
    return ", ".join(words)


_STATES = {State.TIES: "tie", State.ROUNDING: "within rounding", State.DOES_NOT_TIE: "DO NOT TIE"}


def _wrong(check: Check) -> str:
    return (
        f"{cell_name(check.row, check.col)} states {check.stated:,.10g}, recomputed {check.recomputed:,.10g}; "
        f"rounding can hide {check.slack:,.3g}"
    )


def relations_json(found: Iterable[Listed]) -> list[dict[str, object]]:
    """Return the relations as the data of a JSON file."""
    return [
        {
            "sheet": _sheet(item),
            "kind": item.relation.op.value if item.relation else item.pin.kind if item.pin else "",
            "figure": item.figure,
            "of": list(item.of),
            "pinned": item.pinned,
            "declined": item.declined,
            "state": item.relation.state.value if item.relation else "not found",
            "problem": item.problem,
            "evidence": item.relation.evidence if item.relation else "",
            "checks": [
                {
                    "cell": cell_name(c.row, c.col), "stated": c.stated, "recomputed": c.recomputed, "slack": c.slack,
                    "state": c.state.value, "accused": c.accused,
                }
                for c in (item.relation.checks if item.relation else ())
            ],
        }
        for item in found
    ]  # fmt: skip
