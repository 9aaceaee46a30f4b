"""What verifications found, as one page of HTML that works offline and runs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlmodel.lint.finding import Severity
from xlmodel.lint.rule import all_rules
from xlmodel.report.book_page_markup import Html, counted, element, joined, scrolled
from xlmodel.report.escape import safe
from xlmodel.report.matter import Matter, leading
from xlmodel.report.matters import matters
from xlmodel.report.own_rules import CHECKS, OWN_RULES
from xlmodel.report.page_head import page
from xlmodel.report.text import verdict_lines, verdict_word
from xlmodel.verify.outcome import Outcome
from xlmodel.verify.recalculation import Verdict

__all__ = ["findings_page"]

OPEN = 3  #: things of a workbook that stand open
LISTED = 25  #: things of a check that are not folded away
MOST = 1_000  #: things of a check in the page; the JSON report has them all

#: The verdicts in the order in which their workbooks are told, with how each looks and what it means.
_VERDICTS = {
    "FAIL": ("bad", "something is wrong, or may be"),
    "UNUSABLE": ("bad", "could not be verified"),
    "NOT PROVED": ("doubt", "nothing found, and not every cell could be judged"),
    "PASS": ("good", "nothing found, every formula cell verified"),
}
_WEIGHTS = {Severity.ERROR: ("error", "bad"), Severity.WARNING: ("warning", "doubt"), Severity.NOTE: ("note", "")}


def findings_page(outcomes: Sequence[Outcome]) -> str:
    """Return the page. The same outcomes give the same text."""
    what = safe(outcomes[0].path.name) if len(outcomes) == 1 else counted(len(outcomes), "workbook")
    title = f"Verification of {what}"
    top = element(
        "header",
        element("a", "To the findings", href="#main", class_="skip"),
        element("h1", title),
        element("p", "Saved workbooks, recalculated without Excel and held to rules.", class_="note"),
    )
    ordered = sorted(outcomes, key=lambda o: list(_VERDICTS).index(verdict_word(o)))
    several = len(outcomes) != 1
    sections = [_workbook(n, o) for n, o in enumerate(ordered, 1) if not several or matters(o)]
    overview = _overview(ordered) if several else None
    main = element("main", overview, sections, id="main")
    return page(title, "xlmodel verify", joined([top, main]), ("page.css", "findings_page.css"))


def _overview(outcomes: Sequence[Outcome]) -> Html:
    words = [verdict_word(o) for o in outcomes]
    tiles = [
        element(
            "li",
            element("strong", f"{words.count(word):,}"),
            " ",
            element("span", word, class_="what"),
            " ",
            element("span", said),
            class_=tone if words.count(word) else "calm",
        )
        for word, (tone, said) in _VERDICTS.items()
    ]
    heads = ["Workbook", "Verdict", "Formula cells", "Verified", "Errors", "Warnings"]
    head = element("tr", [element("th", what, scope="col") for what in heads])
    rows = [_row(number, outcome) for number, outcome in enumerate(outcomes, 1)]
    table = element("table", element("thead", head), element("tbody", rows), class_="books")
    return element(
        "section", element("h2", "All workbooks"), element("ul", tiles, class_="tiles"), scrolled(table, "Workbooks")
    )


def _row(number: int, outcome: Outcome) -> Html:
    found = matters(outcome)
    verification = outcome.verification
    counts = [
        "" if verification is None else f"{verification.total:,}",
        "" if verification is None else f"{verification.counts[Verdict.VERIFIED]:,}",
        *(f"{sum(m.severity is weight for m in found):,}" for weight in (Severity.ERROR, Severity.WARNING)),
    ]
    return element(
        "tr",
        element("td", element("a", safe(outcome.path), href=f"#workbook-{number}") if found else safe(outcome.path)),
        element("td", _word(outcome)),
        [element("td", count, class_="n") for count in counts],
    )


def _word(outcome: Outcome) -> Html:
    word = verdict_word(outcome)
    return element("span", word, class_=f"word {_VERDICTS[word][0]}")


def _workbook(number: int, outcome: Outcome) -> Html:
    found = matters(outcome)
    opened = {id(m) for m in leading([m for m in found if m.fails], OPEN)}
    groups = [
        _check(check, [m for m in found if m.check == check], opened)
        for check in sorted({m.check for m in found}, key=[m.check for m in found].index)
    ]
    return element(
        "section",
        element("h2", safe(outcome.path), id=f"workbook-{number}"),
        element("div", _word(outcome), class_="words"),
        [element("p", line) for line in verdict_lines(outcome)],
        groups,
        aria_labelledby=f"workbook-{number}",
    )


def _check(check: str, found: Sequence[Matter], opened: set[int]) -> Html:
    items = [_matter(m, id(m) in opened) for m in found[:MOST]]
    rest = items[LISTED:]
    more = len(found) - MOST
    folded = element(
        "details",
        element("summary", f"{len(rest):,} more"),
        element("ul", rest, class_="matters"),
        element("p", f"{more:,} more are in the JSON report.", class_="note") if more > 0 else None,
        class_="rest",
    )
    return joined(
        [
            element("h3", CHECKS[check], " ", element("small", counted(len(found), "finding"))),
            element("ul", items[:LISTED], class_="matters"),
            folded if rest else None,
        ]
    )


def _matter(matter: Matter, opened: bool) -> Html:
    word, tone = _WEIGHTS[matter.severity]
    named = safe(matter.label)
    where = safe(matter.place) or ("" if named else "The workbook")
    summary = element(
        "summary",
        element("span", word, class_=f"word {tone}".strip()),
        " ",
        element("strong", where),
        f" {named}",
        element("span", _sentence(matter.what), class_="what"),
    )
    facts = [joined([element("dt", what), element("dd", told)]) for what, told in _facts(matter)]
    return element("li", element("details", summary, element("dl", facts), open=opened), class_=tone or None)


def _facts(matter: Matter) -> Iterator[tuple[str, Html]]:
    if matter.formula:
        yield "Formula", element("code", safe(f"={matter.formula}"))
    if matter.proposed:
        yield "Proposed", element("code", safe(f"={matter.proposed}"))
    if matter.effect:
        yield "Then", joined([f"this {safe(matter.effect)}."])
    if matter.cause:
        yield "Because", joined([_sentence(matter.cause)])
    if matter.fix:
        yield "To do", joined([_sentence(matter.fix)])
    if matter.second:
        yield "Second engine", joined([_sentence(matter.second)])
    if matter.downstream:
        yield "Depend on it", joined([counted(matter.downstream, "formula cell")])
    if matter.count > 1:
        yield "Cells", joined([f"{matter.count:,}"])
    rule = all_rules().get(matter.rule)
    why = rule.why if rule is not None else OWN_RULES[matter.rule].why if matter.rule in OWN_RULES else ""
    if why:
        yield "Why it matters", joined([safe(why)])
    yield "Rule", element("code", safe(matter.rule))


def _sentence(said: str) -> str:
    text = safe(said)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "…", "!", "?", ":")) else ".")
