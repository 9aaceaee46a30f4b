"""The sheet Sign-off: who has checked and approved the workbook, and which values that holds for."""

from __future__ import annotations

from datetime import date

from xlmodel.building.blocks import real_table
from xlmodel.building.project import Text
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import LABEL, SOURCE

__all__ = ["sign_off"]

#: Who signs where the project has no file book/sign_off.csv.
_ROLES = ("analyst", "reviewer", "service lead", "finance business partner", "section 151 officer")

_ANSWERS_FOR = {
    "analyst": "Inputs are as their sources say; the checks pass",
    "reviewer": "Inputs, method and results were checked by somebody who did not make them",
    "service lead": "Children, placements and plans are what the service expects",
    "finance business partner": "Prices, savings and the year's position agree with the ledger",
    "section 151 officer": "The figures may be used for decisions and reports",
}
_DECISIONS = ("approved", "approved with comments", "not approved")
_HEADER = 4


def sign_off(build: Build) -> None:
    """Write the roles with their decisions, and the cells that say what was signed."""
    sheet = Sheet(
        build,
        "Sign-off",
        "Sign-off",
        "Who has checked what, and approved it. The fingerprint below is worked out from every calculated value: when "
        "a value changes after approval, the fingerprint no longer fits and verification says so.",
        (27, 62, 30, 15, 24),
    )
    rows = build.project.book.get("sign_off") or [
        {"role": role, "name": "", "date": "", "decision": ""} for role in _ROLES
    ]
    sheet.header(_HEADER, ("Role", "Answers for", "Name", "Date", "Decision"), 20)
    first, last = _HEADER + 1, _HEADER + len(rows)
    for r, row in enumerate(rows, first):
        sheet.line(
            r,
            [
                (Text(row["role"].capitalize()), LABEL, None),
                (_ANSWERS_FOR.get(row["role"].lower(), ""), LABEL, None),
                (row["name"] or None, "Model input text", None),
                (date.fromisoformat(row["date"]) if row["date"] else None, "Model input text", "d mmm yyyy"),
                (row["decision"] or None, "Model input text", None),
            ],
        )
        sheet.fit(r)
        sheet.ws.row_dimensions[r].height = max(22, sheet.ws.row_dimensions[r].height)
    real_table(sheet, "Sign_off", f"A{_HEADER}:E{last}")
    decisions, words = f"E{first}:E{last}", ", ".join(_DECISIONS)
    sheet.allow(
        decisions, "list", f"A decision is one of: {words}. Leave the cell empty while there is none.", _listed()
    )
    _ask(build, sheet.at(decisions))
    after = last + 2
    sheet.section(after, "What is signed")
    sheet.line(after + 1, [("Fingerprint of the values", LABEL, None), ("Not published yet", SOURCE, None)])
    sheet.line(after + 2, [("Version of the functions", LABEL, None), ("Not published yet", SOURCE, None)])
    build.name("Values_hash", sheet.at(f"B{after + 1}"))
    build.name("Functions_version", sheet.at(f"B{after + 2}"))
    sheet.note(
        after + 4,
        "Both are written when the workbook is published. Changing an input, or choosing another scenario, changes the "
        "values; the workbook then has to be published and approved anew. Names and decisions do not change them.",
    )
    sheet.finish("A5", last_row=after + 4)


def _listed() -> str:
    return '"' + ",".join(_DECISIONS) + '"'


def _ask(build: Build, decisions: str) -> None:
    """Ask that the status on the Cover and the decisions here say the same.

    The check gives the same value before and after everybody has signed: signing must not change what is signed.
    """
    approved = f'COUNTIF({decisions},"approved")+COUNTIF({decisions},"approved with comments")'
    other = "DRAFT" if build.project.cover["status"] == "APPROVED" else "APPROVED"
    build.check(
        "Sign-off",
        "The Cover says APPROVED exactly when every role has approved",
        f'IF((Status="APPROVED")=({approved}=ROWS({decisions})),0,1)',
        "0",
        breaks=("Status", other),
    )
