"""What verifications found as JUnit XML: a suite for each workbook, a case for each sheet and check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from xlmodel.report.escape import safe
from xlmodel.report.matter import Matter
from xlmodel.report.matters import matters
from xlmodel.report.own_rules import CHECKS
from xlmodel.verify.outcome import Outcome

__all__ = ["report_junit"]

WORKBOOK = "(workbook)"  #: the name of cases that concern no single sheet


def report_junit(outcomes: Sequence[Outcome]) -> str:
    """Return the report; a case with nothing proved is skipped, never passed."""
    root = Element("testsuites", name="xlmodel")
    for outcome in outcomes:
        root.append(_suite(outcome))
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    indent(root)
    # `safe` has broken the commands of CI services that a text holds; what is left of them is our own
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")


def _suite(outcome: Outcome) -> Element:
    suite = Element("testsuite", name=safe(outcome.path))
    grouped: dict[tuple[str, str], list[Matter]] = {case: [] for case in _cases(outcome)}
    for matter in matters(outcome):
        grouped.setdefault((matter.sheet or WORKBOOK, matter.check), []).append(matter)
    for (sheet, check), found in grouped.items():
        case = SubElement(suite, "testcase", classname=safe(outcome.path), name=f"{safe(sheet)}: {CHECKS[check]}")
        _judge(case, check, found)
    for count, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(count, str(len(suite.findall(f"testcase/{kind}"))))
    suite.set("tests", str(len(suite)))
    return suite


def _cases(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Yield the cases that there are whatever is found."""
    checked = []
    if outcome.verification is not None:
        checked.append("recalculation")
    if outcome.lint is not None:
        checked.append("lint")
    if outcome.baseline is not None:
        checked.append("baseline")
    sheets = outcome.verification.evaluation.sheets if outcome.verification is not None else (WORKBOOK,)
    for sheet in sheets:
        for check in checked:
            yield sheet, check


def _judge(case: Element, check: str, found: Iterable[Matter]) -> None:
    failing = [m for m in found if m.fails]
    unproved = [m for m in found if m.check == "recalculation" and not m.fails]
    notes = [m for m in found if not m.fails]
    if failing:
        more = f", and {len(failing) - 1:,} more" if len(failing) > 1 else ""
        kind = "error" if check == "file" else "failure"
        failure = SubElement(case, kind, type=safe(failing[0].rule), message=safe(_line(failing[0]), 300) + more)
        failure.text = _lines(failing)
    elif unproved:
        SubElement(case, "skipped", message=safe("; ".join(_line(m) for m in unproved), 300))
    if notes:
        SubElement(case, "system-out").text = _lines(notes)


def _lines(found: Iterable[Matter]) -> str:
    return "\n" + "\n".join(safe(_line(m)) for m in found) + "\n"


def _line(matter: Matter) -> str:
    where = f"{matter.place} " if matter.place else ""
    named = f"({matter.label}) " if matter.label else ""
    formula = f" [={matter.formula}]" if matter.formula else ""
    proposed = f" Proposed: ={matter.proposed}." if matter.proposed else ""
    fix = f" To do: {matter.fix}" if matter.fix and matter.fails else ""
    return f"{matter.rule}: {where}{named}{matter.what}{formula}.{fix}{proposed}"
