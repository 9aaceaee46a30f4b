"""The sheet Change log: what changed from version to version, and why."""

from __future__ import annotations

from datetime import date

from xlmodel.building.blocks import real_table
from xlmodel.building.sheet import Build, Sheet
from xlmodel.building.style import LABEL, SOURCE

__all__ = ["change_log"]


def change_log(build: Build) -> None:
    """Write the changes, the newest first."""
    sheet = Sheet(
        build,
        "Change log",
        "Change log",
        "Every change of inputs, assumptions or method since the first version, the newest first.",
        (13, 10, 24, 58, 48),
    )
    rows = build.project.book.get("changes", [])
    if not rows:
        sheet.note(4, "No change has been recorded: the project has no file book/changes.csv.")
        sheet.finish("A4")
        return
    sheet.header(4, ("Date", "Version", "Who", "What changed", "Why"), 20)
    for r, row in enumerate(sorted(rows, key=lambda row: row["date"], reverse=True), 5):
        sheet.line(
            r,
            [
                (date.fromisoformat(row["date"]), SOURCE, "d mmm yyyy"),
                (row["version"], SOURCE, None),
                (row["who"], LABEL, None),
                (row["what"], LABEL, None),
                (row["why"], LABEL, None),
            ],
        )
        sheet.fit(r)
    real_table(sheet, "Change_log", f"A4:E{4 + len(rows)}")
    sheet.finish("A5", titles="4:4")
