"""The functions that a workbook calls, explained, and the names it gives to cells and formulas."""

from __future__ import annotations

from xlmodel.book.workbook import DefinedName
from xlmodel.engine.called import functions_called
from xlmodel.engine.references import PieceKind, Scope
from xlmodel.errors import EngineError
from xlmodel.refs import Rect, to_r1c1
from xlmodel.registry import Function, Registry
from xlmodel.report.book_page_markup import Html, cut, element, scrolled
from xlmodel.report.book_page_subject import Place, Subject
from xlmodel.report.functions import argument_facts, by_hand, errors, result_facts

__all__ = ["functions_section", "names_section"]

MOST_NAMES = 1_000
MOST_FORMULA = 300


def functions_section(subject: Subject, registry: Registry) -> Html | None:
    """Return what each of the registry's functions does that the workbook calls; None where it calls none."""
    evaluation = subject.evaluation
    called = {name for i in range(len(evaluation.formulas)) for name in _called(subject, i)}
    used = sorted({f.name: f for f in map(registry.resolve, called) if f is not None}.items())
    if not used:
        return None
    note = (
        "What cells call beside Excel's own functions. Where the workbook carries a native form, it calculates "
        "in Excel with nothing installed."
    )
    return element(
        "section",
        element("h2", "Functions", id="functions"),
        element("p", note, class_="note"),
        [_function(function) for _, function in used],
        aria_labelledby="functions",
    )


def _called(subject: Subject, which: int) -> tuple[str, ...]:
    return functions_called(subject.evaluation.formulas[which], subject.evaluation.name_calls)


def _function(function: Function) -> Html:
    arguments = [
        element("li", element("code", a.name), f": {a.help} ({argument_facts(a)})") for a in function.arguments
    ]
    told = [element("p", function.summary), element("ul", arguments), element("p", f"Gives {result_facts(function)}.")]
    if found := errors(function):
        said = [element("li", element("code", code) if code else None, f" {when}") for code, when in found]
        told += [element("p", "Errors"), element("ul", said)]
    for call, result in function.examples[:1]:
        told.append(element("p", "Example: ", element("code", f"{call} → {result}")))
    formula, wrong = by_hand(function)
    if formula:
        told.append(element("p", "By hand: ", element("code", formula), f" {wrong}"))
    told.append(element("p", f"Version {function.version}.", class_="note"))
    summary = element("summary", element("code", function.signature))
    return element("details", summary, told, id=f"fn-{function.name}", class_="fn")


def names_section(subject: Subject) -> Html | None:
    """Return the names that a reader can meet in formulas; None where there are none."""
    names = [n for n in subject.book.names if not n.hidden and not n.name.startswith("_xlnm.")]
    if not names:
        return None
    scope = Scope(subject.book)
    heads = [element("th", what, scope="col") for what in ("Name", "Stands for", "Value", "Known on")]
    rows = [_name(subject, scope, name) for name in names[:MOST_NAMES]]
    unseen = len(subject.book.names) - len(names)
    notes = [f"{unseen:,} names that the workbook hides are left out."] if unseen else []
    if len(names) > MOST_NAMES:
        notes.append(f"{len(names) - MOST_NAMES:,} more names are not listed.")
    table = element("table", element("thead", element("tr", heads)), element("tbody", rows), class_="list")
    return element(
        "section",
        element("h2", "Names", id="names"),
        [element("p", note, class_="note") for note in notes],
        scrolled(table, "Names"),
        aria_labelledby="names",
    )


def _name(subject: Subject, scope: Scope, name: DefinedName) -> Html:
    target = _target(scope, name, subject)
    formula: Html = element("code", cut(f"={name.formula}", MOST_FORMULA))
    value = ""
    if target is not None:
        place, rect = target
        to = subject.link(place)
        formula = element("a", formula, href=to) if to else formula
        single = rect.shape == (1, 1)
        value = subject.areas[place[0] - 1].text(place[1:]) if single else f"{rect.shape[0] * rect.shape[1]:,} cells"
    return element(
        "tr",
        element("th", name.name, scope="row"),
        element("td", formula),
        element("td", cut(value, MOST_FORMULA), class_="n"),
        element("td", name.sheet or "every sheet"),
        data_name=name.name.casefold(),
    )


def _target(scope: Scope, name: DefinedName, subject: Subject) -> tuple[Place, Rect] | None:
    """Return the first cell and the range of a name that stands for cells; None for any other name."""
    home = subject.numbers.get(name.sheet or "", 1) - 1
    try:
        pieces = scope.read(to_r1c1(name.formula, 1, 1), home)
    except EngineError:
        return None
    if len(pieces) != 1 or pieces[0].kind is not PieceKind.REFERENCE or len(pieces[0].spans) != 1:
        return None
    span = pieces[0].spans[0]
    rect = span.at(1, 1)
    return None if rect is None else ((span.sheet + 1, rect.top, rect.left), rect)
