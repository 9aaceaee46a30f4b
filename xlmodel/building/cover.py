"""The sheet Cover: what this is, whether it ties, the headline figures, the findings, where things are."""

from __future__ import annotations

from openpyxl.styles import Alignment
from openpyxl.worksheet.hyperlink import Hyperlink

from xlmodel.building.blocks import MILLIONS
from xlmodel.building.contents import CONTENTS, GROUPS
from xlmodel.building.reconciliation import ON_THE_COVER, SPARE, found_without_formula, words_for_the_cover
from xlmodel.building.sheet import Build, Sheet, quoted
from xlmodel.building.style import (
    CALC,
    CHECK,
    COLOURS,
    DECIMALS_2,
    KEY,
    LABEL,
    OUT,
    SOURCE,
    VERDICT_LOOK,
    number_format,
    paint_words,
    painted,
)

__all__ = ["cover"]

_ABOUT = ("as_at", "version", "status", "owner", "author", "reviewer", "approver")
_STATUSES = ("DRAFT", "APPROVED")
_TIES = '"TIES: all "&Checks_total&" checks pass"'
_FAILS = '"DOES NOT TIE: "&Checks_failed&" of "&Checks_total&" checks fail"'


def cover(build: Build) -> None:
    """Write the sheet."""
    said = build.project.cover
    sheet = Sheet(build, "Cover", said["title"], said["purpose"], (26, 72, 18, 18, 18))
    row = _about(sheet, 4)
    row = _ties(sheet, row)
    row = _headlines(sheet, row)
    row = _findings(sheet, row)
    row = _contents(sheet, row)
    row = _key(sheet, row)
    sheet.finish("A4", last_row=row, pages=1)
    sheet.ws.page_setup.orientation = "portrait"


def _about(sheet: Sheet, row: int) -> int:
    sheet.section(row, "This workbook")
    labels = {line["key"]: line["label"] for line in sheet.build.project.book["cover"]}
    for r, key in enumerate(_ABOUT, row + 1):
        sheet.put(f"A{r}", labels[key], LABEL)
        value = sheet.build.project.as_at if key == "as_at" else sheet.build.project.cover[key]
        sheet.put(f"B{r}", value, "Model input text", "d mmmm yyyy" if key == "as_at" else None)
        if key == "status":
            sheet.build.name("Status", sheet.at(f"B{r}"))
            listed = '"' + ",".join(_STATUSES) + '"'
            sheet.allow(f"B{r}", "list", f"The status is {' or '.join(_STATUSES)}.", listed)
    return row + len(_ABOUT) + 2


def _ties(sheet: Sheet, row: int) -> int:
    sheet.section(row, "Does it tie?")
    cell = f"B{row + 1}"
    sheet.put(f"A{row + 1}", "This workbook's checks", LABEL)
    sheet.put(cell, f"=IF(Checks_passed=Checks_total,{_TIES},{_FAILS})", "Model cover check")
    sheet.ws.row_dimensions[row + 1].height = 30
    sheet.build.name("All_ties", sheet.at(cell))
    sheet.ws.conditional_formatting.add(cell, painted("Checks_passed=Checks_total", COLOURS["pass"], "FFFFFF"))
    sheet.ws.conditional_formatting.add(cell, painted("Checks_passed<>Checks_total", COLOURS["fail"], "FFFFFF"))
    sheet.note(
        row + 2,
        "This is about the workbook: it adds up, and children and money agree. Whether the figures that a report "
        "prints agree with each other stands under Findings.",
    )
    return row + 4


def _headlines(sheet: Sheet, row: int) -> int:
    """Write the scenario shown and its three headline figures beside the baseline's."""
    sheet.section(row, "The scenario shown")
    sheet.line(row + 1, [("Scenario", LABEL, None), ("=Scenario_label", OUT, None)])
    sheet.ws[f"B{row + 1}"].alignment = Alignment(horizontal="left", vertical="center", indent=1, wrap_text=True)
    headers = ("Headline", "What it is", "This scenario", "Baseline", "Difference")
    sheet.header(row + 2, headers, 20)

    def at_the_end(case: str, of: str) -> str:
        return f'=INDEX({of},MATCH({case}&"|"&Last_year,Case_key,0))'

    count = number_format("children")
    for r, label, what, of, fmt in (
        (
            row + 3,
            "Children looked after",
            '="Children on 31 March "&LEFT(Last_year,2)&RIGHT(Last_year,2)',
            "Case_closing",
            count,
        ),
        (row + 4, "Cost of care", '="Placements in "&Last_year&", £m"', "Case_cost", MILLIONS),
    ):
        sheet.line(
            r,
            [
                (label, LABEL, None),
                (what, LABEL, None),
                (at_the_end("Scenario", of), OUT, fmt),
                (at_the_end("Baseline", of), CALC, fmt),
                (f"=C{r}-D{r}", CALC, fmt),
            ],
        )
    sheet.line(
        row + 5,
        [
            ("Cost avoided, net", LABEL, None),
            ('="Against the baseline, "&First_year&" to "&Last_year&" together, £m"', LABEL, None),
            ("=SUM(Avoided_net)", OUT, MILLIONS),
            ("–", SOURCE, None),
            ("–", SOURCE, None),
        ],
    )
    sheet.build.check(
        "Cover",
        "The headline figures are numbers",
        f"COUNT({quoted('Cover')}!$C${row + 3}:$C${row + 5})",
        f"ROWS({quoted('Cover')}!$C${row + 3}:$C${row + 5})",
        breaks=(f"Cover!$C${row + 3}", "about 400"),
    )
    return row + 7


def _findings(sheet: Sheet, row: int) -> int:
    """Write what does not tie or is unexplained among printed figures, following the sheet Reconciliation."""
    sheet.section(row, "Findings: what the printed figures say")
    words = words_for_the_cover(sheet.build)
    if words is None:
        sheet.note(row + 1, "No printed figures were given to be checked: the project has no file claims.csv.")
        return row + 3
    for r, word in enumerate(ON_THE_COVER, row + 1):
        sheet.line(
            r,
            [
                (word, CHECK, None),
                (f'=COUNTIF(Reconciliation_verdicts,A{r})&" of "&COUNTA(Reconciliation_ids)&" figures"', LABEL, None),
            ],
        )
    top = row + len(ON_THE_COVER) + 1
    sheet.header(top, ("Verdict", "What was found", "Where it is printed", "Stated", "Recomputed"), 20)
    found = "COUNT(Reconciliation_places)"
    first, last = top + 1, top + len(words)
    for r, text in enumerate(words, first):
        place = f"MATCH(ROWS(A${first}:A{r}),Reconciliation_places,0)"

        def shown(*of: str, place: str = place, r: int = r) -> str:
            parts = "&".join(part if part.startswith('"') else f"INDEX(Reconciliation_{part},{place})" for part in of)
            return f'=IF(ROWS(A${first}:A{r})>{found},"",IF({parts}="","–",{parts}))'

        sheet.put(f"B{r}", text, LABEL)
        sheet.fit(r)  # to the words that the formula will show
        sheet.line(
            r,
            [
                (shown("verdicts"), CHECK, None),
                (shown("items", '": "', "sentences"), LABEL, None),
                (shown("sources"), SOURCE, None),
                (shown("stated"), CALC, DECIMALS_2),
                (shown("recomputed"), CALC, DECIMALS_2),
            ],
        )
    sheet.build.check(
        "Cover",
        "Every figure that does not tie or is unexplained stands in the list",
        "+".join(f'COUNTIF(Cover!$A${first}:$A${last},"{word}")' for word in ON_THE_COVER),
        "+".join(f'COUNTIF(Reconciliation_verdicts,"{word}")' for word in ON_THE_COVER),
        breaks=(f"Cover!$A${first}", "UNEXPLAINED" if len(words) == SPARE else "–"),
    )
    for cell in found_without_formula(sheet.build):
        last += 1
        sheet.line(
            last,
            [
                (f"={cell('H')}", CHECK, None),
                (f"={cell('I')}", LABEL, None),
                (f"={cell('B')}", SOURCE, None),
                ("–", SOURCE, None),
                ("–", SOURCE, None),
            ],
        )
        sheet.ws.row_dimensions[last].height = 40
    paint_words(sheet.ws, f"A{row + 1}:A{row + len(ON_THE_COVER)}", VERDICT_LOOK)
    paint_words(sheet.ws, f"A{first}:A{last}", VERDICT_LOOK)
    return last + 2


def _contents(sheet: Sheet, row: int) -> int:
    sheet.section(row, "Contents")
    row += 1
    for group in GROUPS:
        entries = [entry for entry in CONTENTS if entry.group == group]
        for r, entry in enumerate(entries, row):
            sheet.line(r, [(entry.title, "Model link", None), (entry.answers, LABEL, None), (group, SOURCE, None)])
            link = Hyperlink(ref=f"A{r}", location=f"{quoted(entry.title)}!A1", display=entry.title)
            sheet.ws[f"A{r}"].hyperlink = link
            sheet.ws[f"A{r}"].style = "Model link"
        row += len(entries)
    return row + 1


def _key(sheet: Sheet, row: int) -> int:
    sheet.section(row, "Key")
    for r, (style, meaning) in enumerate(KEY.items(), row + 1):
        sheet.put(f"A{r}", style.removeprefix("Model ").capitalize(), style)
        sheet.ws[f"A{r}"].alignment = Alignment(horizontal="center", vertical="center")
        sheet.put(f"B{r}", meaning, LABEL)
        sheet.fit(r)
    return row + len(KEY)
