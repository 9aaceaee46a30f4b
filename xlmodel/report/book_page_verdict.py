"""What is proved of a workbook, in one sentence and in numbers; and its own checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlmodel.report.book_page_links import cell_link
from xlmodel.report.book_page_markup import Html, counted, element, scrolled
from xlmodel.report.book_page_published import signed_sentence
from xlmodel.report.book_page_stated import ACCUSING
from xlmodel.report.book_page_subject import Place, Subject
from xlmodel.values import Kind
from xlmodel.verify.recalculation import Verdict

__all__ = ["FAIL", "CheckRow", "checks", "checks_section", "verdict_section"]

PASS, FAIL = "PASS", "FAIL"


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A cell of the workbook that says PASS or FAIL."""

    place: Place
    what: str
    result: str
    recalculated: bool


def checks(subject: Subject) -> list[CheckRow]:
    """Return the cells whose formula gives PASS or FAIL, those that fail first."""
    found = []
    for number, sheet in enumerate(subject.sheets, 1):
        texts = np.flatnonzero((sheet.values.kind == Kind.TEXT) & (sheet.formula >= 0))
        for at in texts.tolist():
            result = str(sheet.values.text[at])
            if result in (PASS, FAIL):
                place = number, int(sheet.row[at]), int(sheet.col[at])
                area = subject.areas[number - 1]
                what = area.row_words(place[1:]) if place[1:] in area.filled else ""
                finding = subject.findings.get(place)
                found.append(CheckRow(place, what, result, finding is None or finding.reason is None))
    return sorted(found, key=lambda check: check.result != FAIL)


def verdict_section(subject: Subject, tested: Sequence[CheckRow]) -> Html:
    """Return the first section: what is proved, in one sentence and in numbers."""
    c, total = subject.verification.counts, subject.verification.total
    failed = sum(check.result == FAIL for check in tested)
    tiles = [
        _tile("verified", c[Verdict.VERIFIED], f"of {total:,} formula cells: recalculated, they give the saved value"),
        _tile("differ", c[Verdict.DIFFERS], "give another value than the one that is saved", "bad"),
        _tile("disputed", c[Verdict.DISPUTED], "on which two engines disagree: nothing is proved", "doubt"),
        _tile("not verified", c[Verdict.UNVERIFIED], "that could not be judged; the reasons are below", "doubt"),
    ]
    if tested:
        tiles.append(
            _tile(
                "checks pass",
                len(tested) - failed,
                f"of {len(tested):,} checks in the workbook",
                "bad" if failed else "",
                failed,
            )
        )
    stated = subject.outcome.reconciliation
    if stated is not None:
        groups = stated.by_verdict()
        accused = [len(groups.get(verdict, ())) for verdict in ACCUSING]
        tiles.append(_tile("do not tie", accused[0], f"of {len(stated.rows):,} stated figures cannot be right", "bad"))
        tiles.append(_tile("unexplained", accused[1], "stated figures that the document does not explain", "doubt"))
    sentences = [element("p", _headline(subject, failed), class_="lead")]
    if signed := signed_sentence(subject):
        sentences.append(element("p", signed, class_="lead"))
    if subject.outcome.error:
        sentences.append(element("p", f"{subject.outcome.error}.", class_="lead"))
    return element(
        "section",
        element("h2", "What is proved", id="proved"),
        sentences,
        element("ul", tiles, class_="tiles"),
        aria_labelledby="proved",
    )


def _tile(what: str, count: int, told: str, tone: str = "", matters: int | None = None) -> Html:
    alarming = (count if matters is None else matters) > 0
    return element(
        "li",
        element("strong", f"{count:,}"),
        " ",
        element("span", what, class_="what"),
        " ",
        element("span", told),
        class_=tone if alarming and tone else "calm",
    )


def _headline(subject: Subject, failed: int) -> str:
    c, total = subject.verification.counts, subject.verification.total
    if not total:
        return "The workbook has no formulas: there is nothing to recalculate."
    differing = c[Verdict.DIFFERS]
    unproved = c[Verdict.DISPUTED] + c[Verdict.UNVERIFIED]
    said = []
    if differing:
        said.append(
            f"{counted(differing, 'formula cell')} of {total:,} "
            f"{_verb(differing, 'gives', 'give')} another value than the one saved"
        )
    if unproved:
        said.append(f"nothing is proved of {counted(unproved, 'formula cell')}")
    if not said:
        whose, each = ("Its one formula cell is", "it") if total == 1 else (f"All {total:,} formula cells are", "each")
        said.append(f"{whose} verified: recalculated without Excel, {each} gives the value that is saved")
    if failed:
        said.append(f"{counted(failed, 'check')} of the workbook {_verb(failed, 'fails', 'fail')}")
    if subject.outcome.drift is not None:
        changed = len(subject.outcome.drift.functions)
        verb = _verb(changed, "has", "have")
        said.append(f"{counted(changed, 'function')} {verb} changed since the workbook was published")
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."


def _verb(n: int, one: str, more: str) -> str:
    return one if n == 1 else more


def checks_section(subject: Subject, tested: Sequence[CheckRow]) -> Html | None:
    """Return the section of all checks; None where the workbook has none."""
    if not tested:
        return None
    heads = [element("th", what, scope="col") for what in ("Result", "Check", "Cell")]
    rows = [
        element(
            "tr",
            element(
                "td",
                check.result,
                None if check.recalculated else " (as saved)",
                class_="good" if check.result == PASS else "bad",
            ),
            element("td", check.what),
            element("td", cell_link(subject, check.place)),
            data_finding=check.result == FAIL,
        )
        for check in tested
    ]
    table = element("table", element("thead", element("tr", heads)), element("tbody", rows), class_="list")
    note = element("p", "Each is a formula of the workbook that gives PASS or FAIL, recalculated here.", class_="note")
    return element(
        "section", element("h2", "Checks", id="checks"), note, scrolled(table, "Checks"), aria_labelledby="checks"
    )
