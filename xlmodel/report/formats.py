"""The formats in which a report can be had."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from xlmodel.report.findings_page import findings_page
from xlmodel.report.github import report_github
from xlmodel.report.json_report import report_json
from xlmodel.report.junit import report_junit
from xlmodel.report.sarif import report_sarif
from xlmodel.report.text import report_text
from xlmodel.verify.outcome import Outcome

__all__ = ["FORMATS", "Format"]

#: Writes a report on several workbooks.
Format = Callable[[Sequence[Outcome]], str]

#: What `--format` takes.
FORMATS: Mapping[str, Format] = {
    "text": report_text,
    "json": report_json,
    "junit": report_junit,
    "sarif": report_sarif,
    "github": report_github,
    "html": findings_page,
}
