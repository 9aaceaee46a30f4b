"""What there is to look at as annotations of a GitHub workflow: commands in its log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlmodel.lint.finding import Severity
from xlmodel.report.escape import safe
from xlmodel.report.matter import Matter
from xlmodel.report.matters import matters
from xlmodel.report.places import place_in_file, projection_beside
from xlmodel.report.text import summary_line
from xlmodel.verify.outcome import Outcome

__all__ = ["report_github"]

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def report_github(outcomes: Sequence[Outcome]) -> str:
    """Return a command for each thing to look at, the most important of a workbook first, and the summary."""
    return "\n".join([*(line for outcome in outcomes for line in _commands(outcome)), summary_line(outcomes)])


def _commands(outcome: Outcome) -> Iterator[str]:
    projection = projection_beside(outcome.path)
    for matter in matters(outcome):
        file, line = place_in_file(outcome.path, matter, projection)
        properties = {"file": file, "line": line, "title": f"{matter.rule} {matter.place}".strip()}
        said = ",".join(f"{key}={safe(value).translate(_PROPERTY)}" for key, value in properties.items() if value)
        yield f"::{_COMMANDS[matter.severity]} {said}::{safe(_message(matter)).translate(_DATA)}"


def _message(matter: Matter) -> str:
    parts = [f"{matter.label}: {matter.what}" if matter.label else matter.what]
    if matter.proposed:
        parts.append(f"proposed ={matter.proposed}")
    if matter.fix:
        parts.append(matter.fix)
    return "; ".join(part.rstrip(".") for part in parts)
