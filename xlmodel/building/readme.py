"""The sheet ReadMe: how the workbook is used, what each sheet answers, what its words mean and what it leaves out."""

from __future__ import annotations

from openpyxl.worksheet.hyperlink import Hyperlink

from xlmodel.building.blocks import real_table
from xlmodel.building.contents import CONTENTS
from xlmodel.building.sheet import Build, Sheet, quoted
from xlmodel.building.simplified import simplifications
from xlmodel.building.style import LABEL, SOURCE

__all__ = ["readme"]

_STEPS = (
    "Read the Cover: the coloured cell says whether this workbook ties, the findings which printed figures do not.",
    "Choose a scenario on the sheet Scenarios. Every other sheet follows, except the saved runs on Uncertainty.",
    "Read Stock, Placements and Cost for what is expected; Avoidance for what fewer children save.",
    "Read Savings plan and In-year for the budget; Neighbours for how other councils compare.",
    "Read Sensitivity before you rely on a figure: it shows which assumption moves it most.",
    "To try a figure, type over a cell in the input style (pale yellow, blue figures): all recalculates at once.",
    "To keep a figure, change it in the project's CSV files, with its source, and build the workbook again.",
    "Look at Checks after every change: each must say PASS. A failed one names the sheet to look at.",
    "Follow a figure to its source: results lead to Calculation, Calculation to inputs, each input names its source.",
    "Have it signed on Sign-off; publish it anew after every change, so that the fingerprint fits the values.",
)

_EDITIONS = (
    (
        "lambda",
        "Excel 2024 and 365 on Windows, Mac and the web",
        "Nothing: the workbook carries its functions",
        "Everything",
    ),
    (
        "com",
        "Excel on Windows",
        "The functions' add-in for Windows",
        "Everything; without the add-in the saved values show",
    ),
    (
        "officejs",
        "Excel on Windows, Mac and the web",
        "The functions' add-in for Office",
        "Everything; without the add-in the saved values show",
    ),
    ("values", "Any program that opens workbooks", "Nothing", "Nothing: figures only, for publication"),
)

_LIMITS = (
    "It holds no data on any single child: only counts, prices and totals.",
    "Within a year, children start evenly and leave with the same chance at every moment; seasons are not shown.",
    "A scenario is a calculation of what follows from its assumptions, not a promise that they come true.",
    "Cost avoided is not cash: it takes money out of a budget only where the budget held that money.",
    "Uncertainty is simulated beforehand and saved as values; it says in words when inputs have changed since.",
)


def readme(build: Build) -> None:
    """Write the sheet."""
    sheet = Sheet(
        build,
        "ReadMe",
        "ReadMe",
        "How to use this workbook, what each sheet answers, what its words mean, and what it does not do.",
        (27, 62, 40, 38),
    )
    row = _numbered(sheet, 4, "How to use it", _STEPS)
    row = _sheets(sheet, row)
    row = _editions(sheet, row)
    row = _definitions(sheet, row)
    row = _numbered(sheet, row, "What it does not do", (*_LIMITS, *simplifications(build.project)))
    sheet.finish("A4", last_row=row - 2)


def _numbered(sheet: Sheet, row: int, heading: str, lines: tuple[str, ...]) -> int:
    sheet.section(row, heading)
    for number, line in enumerate(lines, 1):
        sheet.note(row + number, f"{number}.  {line}", 3)
        sheet.ws[f"A{row + number}"].style = "Model prose"
    return row + len(lines) + 2


def _sheets(sheet: Sheet, row: int) -> int:
    sheet.section(row, "What each sheet answers")
    sheet.line(
        row + 1, [("Sheet", "Model header", None), ("Question", "Model header", None), ("Part", "Model header", None)]
    )
    for r, entry in enumerate(CONTENTS, row + 2):
        sheet.line(r, [(entry.title, "Model link", None), (entry.answers, LABEL, None), (entry.group, SOURCE, None)])
        link = Hyperlink(ref=f"A{r}", location=f"{quoted(entry.title)}!A1", display=entry.title)
        sheet.ws[f"A{r}"].hyperlink = link
        sheet.ws[f"A{r}"].style = "Model link"
        sheet.fit(r)
    last = row + 1 + len(CONTENTS)
    real_table(sheet, "Sheets", f"A{row + 1}:C{last}")
    return last + 2


def _editions(sheet: Sheet, row: int) -> int:
    sheet.section(row, "Editions of this workbook")
    headers = ("Edition", "Opens in", "What must be installed", "What recalculates")
    sheet.line(row + 1, [(header, "Model header", None) for header in headers])
    for r, edition in enumerate(_EDITIONS, row + 2):
        sheet.line(r, [(text, LABEL, None) for text in edition])
        sheet.fit(r)
    last = row + 1 + len(_EDITIONS)
    real_table(sheet, "Editions", f"A{row + 1}:D{last}")
    return last + 2


def _definitions(sheet: Sheet, row: int) -> int:
    sheet.section(row, "What the words mean")
    rows = sheet.build.project.book.get("definitions", [])
    if not rows:
        sheet.note(row + 1, "The project defines no words: it has no file book/definitions.csv.")
        return row + 3
    sheet.line(row + 1, [(header, "Model header", None) for header in ("Term", "Meaning", "Source")])
    for r, definition in enumerate(rows, row + 2):
        sheet.line(
            r,
            [
                (definition["term"], LABEL, None),
                (definition["meaning"], LABEL, None),
                (definition["source"], SOURCE, None),
            ],
        )
        sheet.fit(r)
    last = row + 1 + len(rows)
    real_table(sheet, "Definitions", f"A{row + 1}:C{last}")
    return last + 2
