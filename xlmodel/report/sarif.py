"""What verifications found as SARIF 2.1.0: one run, the rules with their help, and where each result is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from xlmodel import __version__
from xlmodel.lint.rule import all_rules
from xlmodel.projection.projection import Projection
from xlmodel.refs import quote_sheet
from xlmodel.report.escape import as_json, safe
from xlmodel.report.matter import Matter
from xlmodel.report.matters import matters
from xlmodel.report.own_rules import OWN_RULES
from xlmodel.report.places import place_in_file, projection_beside
from xlmodel.verify.outcome import Outcome

__all__ = ["report_sarif"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def report_sarif(outcomes: Sequence[Outcome]) -> str:
    """Return the report; lines are those of the workbook's text, `BOOK.cells.txt`, where that stands beside it."""
    found = [(o.path, projection_beside(o.path), m) for o in outcomes for m in matters(o)]
    rules = {rule: i for i, rule in enumerate(dict.fromkeys(m.rule for _, _, m in found))}
    failed = any(o.error is not None for o in outcomes)
    return as_json(
        {
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {"driver": {"name": "xlmodel", "version": __version__, "rules": list(map(_rule, rules))}},
                    "invocations": [{"executionSuccessful": not failed}],
                    "columnKind": "unicodeCodePoints",
                    "results": [_result(path, text, m, rules[m.rule]) for path, text, m in found],
                }
            ],
        }
    )


def _rule(name: str) -> dict[str, Any]:
    rule = all_rules().get(name)
    if rule is not None:
        what, why, fix = rule.summary, rule.why, rule.fix
    elif name in OWN_RULES:
        what, why, fix = OWN_RULES[name]
    else:
        return {"id": name}
    return {
        "id": name,
        "shortDescription": {"text": _message(what)},
        "fullDescription": {"text": _message(f"{what} {why}")},
        "help": {"text": _message(f"{what} {why} {fix}")},
    }


def _result(path: Path, projection: Projection | None, matter: Matter, index: int) -> dict[str, Any]:
    return {
        "ruleId": matter.rule,
        "ruleIndex": index,
        "level": matter.severity.value,
        "message": {"text": _message(". ".join(_sentences(matter)) + ".")},
        "locations": [_location(path, projection, matter)],
        "partialFingerprints": {"xlmodel/v1": _fingerprint(path, matter)},
        "properties": {
            "label": matter.label,
            "formula": f"={matter.formula}" if matter.formula else "",
            "proposed": f"={matter.proposed}" if matter.proposed else "",
            "downstream": matter.downstream,
        },
    }


def _sentences(matter: Matter) -> Iterator[str]:
    where = " ".join(filter(None, (matter.place, f"({matter.label})" if matter.label else "")))
    yield f"{where}: {matter.what}".removeprefix(": ").rstrip(".")
    if matter.fix:
        yield matter.fix.rstrip(".")
    if matter.proposed:
        yield f"Proposed: ={matter.proposed}"


def _location(path: Path, projection: Projection | None, matter: Matter) -> dict[str, Any]:
    file, line = place_in_file(path, matter, projection)
    uri = quote(file.encode("utf-8", "surrogateescape"))
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri if not Path(file).is_absolute() else f"file://{uri}"}}
    if line is not None:
        physical["region"] = {"startLine": line}
    location: dict[str, Any] = {"physicalLocation": physical}
    if matter.sheet:
        named = matter.place or quote_sheet(matter.sheet)
        location["logicalLocations"] = [{"fullyQualifiedName": named, "kind": "member"}]
    return location


def _fingerprint(path: Path, matter: Matter) -> str:
    """Return what names a result in later runs: the rule's own fingerprint where it has one."""
    known = matter.fingerprint or f"{matter.sheet}!{','.join(r.name for r in matter.cells)}"
    said = "\n".join((path.name, matter.rule, known))
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _message(text: str) -> str:
    """Return text for a message: braces stand for themselves, and brackets make no link."""
    return safe(text).replace("{", "{{").replace("}", "}}").replace("](", "] (")
