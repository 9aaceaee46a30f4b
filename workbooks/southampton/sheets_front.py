"""The sheets Checks and Cover: does the model hold, and what did it find."""

from __future__ import annotations

from openpyxl.styles import Alignment
from openpyxl.worksheet.hyperlink import Hyperlink

from workbooks.southampton.figures import Rows, cell_value
from workbooks.southampton.page import Deck, Page
from workbooks.southampton.sheets_reconciliation import TITLE, VERDICT_MEANING
from workbooks.southampton.style import COLOURS, KEY, VERDICT_LOOK, number_format, paint_words, painted

__all__ = ["SHEETS", "checks", "cover"]

#: Every sheet in order, with what it is for.
SHEETS = {
    "Cover": "Purpose, state of the checks, findings",
    "Assumptions": "Constants and choices, one row each",
    "Inputs": "Every printed figure with its source",
    "Cohort flows": "Children entering, leaving and in care",
    "Rates": "Rates per 10,000 and the populations they imply",
    "Avoided cost": "One cohort, a cohort every year, and the unit costs they need",
    "Children and money": "What the flows of children support in pounds, beside what is claimed",
    "Savings plan": "Rows against totals; the demand row against the demand slide",
    "Neighbours": "Other councils' overspends and budgets",
    "Run rates": "Part-year counts, plans, two budgets, the news article",
    TITLE: "Every printed figure: stated, recomputed, verdict, explanation",
    "Checks": "Tests of this workbook itself",
}

_PASS = {"PASS": VERDICT_LOOK["TIES"], "FAIL": VERDICT_LOOK["DOES NOT TIE"]}

#: The verdicts of the figures that the Cover lists.
_ACCUSED = ("DOES NOT TIE", "UNEXPLAINED")


def _headlines(rows: Rows) -> Rows:
    return [row for row in rows if row["headline"] == "yes"]


def checks(deck: Deck, rows: Rows) -> None:
    """Write the checks that the sheets asked for, and look for error values on every sheet."""
    page = Page(
        deck,
        "Checks",
        "Checks",
        "Tests of this workbook, not of the deck. Each row has two sides that must agree. What does not tie in the "
        "deck itself stands on the sheet Deck reconciliation.",
        (7, 20, 74, 16, 16, 16, 12),
        tab="00795A",
    )
    listed = f"Cover!$E$28:$E${27 + len(_headlines(rows))}"
    deck.check(
        "Cover",
        "It lists every figure that does not tie or is unexplained",
        *("+".join(f'COUNTIF({a},"{w}")' for w in _ACCUSED) for a in ("Reconciliation_verdicts", listed)),
    )
    for title in SHEETS:
        if title not in ("Cover", "Checks"):
            ws = deck.wb[title]
            area = f"'{title}'!{ws.dimensions}" if " " in title else f"{title}!{ws.dimensions}"
            deck.check(title, "No cell shows an error", f"SUMPRODUCT(--ISERROR({area}))", "Errors_allowed")
    first, last = 9, 8 + len(deck.checks)
    results = page.at(f"G{first}:G{last}")
    deck.name("Check_results", results)
    for r, label, formula in (
        (4, "Checks", "=COUNTA(Check_results)"),
        (5, "Passed", '=COUNTIF(Check_results,"PASS")'),
        (6, "Failed", "=D4-D5"),
    ):
        page.put(f"C{r}", label, "Model total label")
        page.put(f"D{r}", formula, "Model output", number_format("number"))
    deck.name("Checks_total", page.at("D4"))
    deck.name("Checks_passed", page.at("D5"))
    deck.name("Checks_failed", page.at("D6"))
    page.header(8, ("No.", "Sheet", "What must hold", "Left side", "Right side", "Difference", "Result"), 20)
    for r, (area, what, left, right) in enumerate(deck.checks, first):
        page.line(
            r,
            [
                (r - first + 1, "Model source", "0"),
                (area, "Model label", None),
                (what, "Model label", None),
                (f"={left}", "Model calculation", number_format("number", 4)),
                (f"={right}", "Model calculation", number_format("number", 4)),
                (f"=D{r}-E{r}", "Model calculation", "[=0]0_ ;[<0]-0.0E+00_ ;0.0E+00_ "),
                (f'=IF(AND(ISNUMBER(Check_tolerance),ABS(F{r})<=Check_tolerance),"PASS","FAIL")', "Model check", None),
            ],
        )
        page.fit(r)
    paint_words(page.ws, f"G{first}:G{last}", _PASS)
    page.finish("D9", titles="8:8", last_row=last, pages=2)


def cover(deck: Deck, words: Rows, rows: Rows) -> None:
    """Write the cover: what this is, whether the model holds, what it found, where things are."""
    said = {w["key"]: w for w in words}
    page = Page(deck, "Cover", said["title"]["value"], said["purpose"]["value"], (22, 82, 14, 14, 18))
    page.section(4, "This workbook")
    for r, key in enumerate(("as_at", "version", "status", "author", "reviewer", "approver"), 5):
        page.put(f"A{r}", said[key]["label"], "Model label")
        value = cell_value(said[key]["value"], "date" if key == "as_at" else "word")
        page.put(f"B{r}", value, "Model input text", "d mmmm yyyy" if key == "as_at" else None)
    page.section(12, "Does this workbook hold together?")
    page.put(
        "A13",
        '=IF(Checks_passed=Checks_total,"ALL CHECKS PASS",Checks_failed&" OF "&Checks_total&" CHECKS FAIL")',
        "Model cover check",
    )
    page.put("B13", None, "Model cover check")
    page.ws.merge_cells("A13:B13")
    page.ws.row_dimensions[13].height = 30
    page.put("C13", "=Checks_total", "Model output", '0" checks"_ ')
    page.ws.conditional_formatting.add("A13:B13", painted('$A$13="ALL CHECKS PASS"', COLOURS["pass"], "FFFFFF"))
    page.ws.conditional_formatting.add("A13:B13", painted('$A$13<>"ALL CHECKS PASS"', COLOURS["fail"], "FFFFFF"))
    page.note(
        14,
        "Tests of this workbook, not of the deck: what does not tie in the deck stands below and on the sheet Deck "
        "reconciliation.",
    )
    r = _findings(deck, page, rows)
    page.section(r, "Contents")
    others = [(title, purpose) for title, purpose in SHEETS.items() if title != "Cover"]
    for i, (title, purpose) in enumerate(others, r + 1):
        page.put(f"A{i}", title, "Model link")
        page.ws[f"A{i}"].hyperlink = Hyperlink(ref=f"A{i}", location=f"'{title}'!A1", display=title)
        page.ws[f"A{i}"].style = "Model link"
        page.put(f"B{i}", purpose, "Model label")
    r += len(others) + 2
    page.section(r, "Colour key")
    for i, (style, meaning) in enumerate(KEY.items(), r + 1):
        page.put(f"A{i}", style.removeprefix("Model ").capitalize(), style)
        page.ws[f"A{i}"].alignment = Alignment(horizontal="center", vertical="center")
        page.put(f"B{i}", meaning, "Model label")
        page.fit(i)
    page.finish("A4", area=f"A1:E24,A26:E{r + len(KEY)}")


def _findings(deck: Deck, page: Page, rows: Rows) -> int:
    """Write how many figures have each verdict, and those that matter; return the next free row."""
    page.section(16, "What the deck's figures say")
    page.header(17, ("Verdict", "What it means", "Figures"), 20)
    for r, (word, meaning) in enumerate(VERDICT_MEANING.items(), 18):
        page.line(
            r,
            [
                (word, "Model check", None),
                (meaning, "Model label", None),
                (f"=COUNTIF(Reconciliation_verdicts,A{r})", "Model output", number_format("number")),
            ],
        )
        page.fit(r)
    page.line(
        24,
        [
            ("All", "Model total label", None),
            (None, "Model total", None),
            ("=SUM(C18:C23)", "Model total", number_format("number")),
        ],
    )
    deck_cells = f"A18:A{17 + len(VERDICT_MEANING)}"
    paint_words(page.ws, deck_cells, VERDICT_LOOK)
    page.section(26, "Figures that cannot be right, or that need an explanation")
    page.header(27, ("Source", "Figure", "Stated", "Recomputed", "Verdict"), 20)
    headlines = _headlines(rows)
    at = {row["id"]: deck.verdicts[row["id"]] for row in rows}
    for r, row in enumerate(headlines, 28):
        verdict = at[row["id"]]
        stated, recomputed = verdict.replace("$H$", "$E$"), verdict.replace("$H$", "$F$")
        fmt = number_format(row["unit"], {"per 10,000": 1, "£m": 2, "%": 1}.get(row["unit"], 0))
        found = deck.results[row["id"]]
        stated_fmt = deck.stated_format(found, row["unit"], {"£m": 2}.get(row["unit"], 0))
        page.line(
            r,
            [
                (row["line"], "Model source", None),
                (row["item"], "Model label", None),
                (f"={stated}" if found.stated else "at least 0", "Model calculation", stated_fmt),
                (f"={recomputed}", "Model calculation", fmt),
                (f"={verdict}", "Model check", None),
            ],
        )
        page.fit(r)
    end = 27 + len(headlines)
    paint_words(page.ws, f"E28:E{end}", VERDICT_LOOK)
    return end + 2
