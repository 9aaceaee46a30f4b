"""The sheet Deck reconciliation: every printed figure against its recomputation, with a verdict."""

from __future__ import annotations

from openpyxl.worksheet.table import Table, TableStyleInfo

from workbooks.southampton.figures import Rows
from workbooks.southampton.page import Deck, Page
from workbooks.southampton.style import VERDICT_LOOK, number_format, paint_words

__all__ = ["FIRST", "HEADERS", "TITLE", "VERDICT_MEANING", "reconciliation", "verdict_cells"]

TITLE = "Deck reconciliation"
FIRST = 7  #: the first row of the table's body
HEADERS = (
    *("ID", "Source", "Item", "Unit", "Stated", "Recomputed", "Difference", "Verdict", "Explanation"),
    *("Decimal places", "Half unit", "Lowest", "Highest", "What rounding can hide", "Arithmetic alone"),
    *("Arithmetic alone, other reading", "Kind", "Corroborated by", "Verdict of that check"),
)
READABLE = 9  #: the columns a reader needs; the others are the working behind the verdict

VERDICT_MEANING = {
    "DOES NOT TIE": "Cannot be right on any reading: the difference is larger than rounding can hide",
    "UNEXPLAINED": "Two printed figures for one thing differ by more than rounding; scope or date may explain it, "
    "the deck does not",
    "READING": "Depends on how a sentence is read, or is a guess where a figure came from; proves no error",
    "IMPLIED": "Nothing is printed to compare with: what the deck's own numbers imply",
    "ROUNDING": "Differs by no more than the printed decimals can hide",
    "TIES": "Equal as printed",
}

#: From what sort of statement the row is, and what the arithmetic says, to the verdict.
VERDICT = (
    '=IF(Q{0}="implied","IMPLIED",IF(Q{0}="hypothesis","READING",'
    'IF(Q{0}="must-not-be-negative",IF(M{0}<Least_room,"DOES NOT TIE","TIES"),'
    'IF(Q{0}="two-readings",IF(O{0}=P{0},O{0},"READING"),'
    'IF(O{0}<>"DOES NOT TIE",O{0},IF(Q{0}="two-figures","UNEXPLAINED",'
    'IF(Q{0}="assumes",IF(S{0}="DOES NOT TIE","DOES NOT TIE","READING"),'
    'IF(Q{0}="figure",O{0},"UNKNOWN KIND"))))))))'
)

#: The sorts of statement; one that is misspelt must not end as an accusation.
KINDS = ("figure", "two-figures", "two-readings", "assumes", "hypothesis", "must-not-be-negative", "implied")

_FINE = {
    "children": 0,
    "plans": 0,
    "children 0-17": 1,
    "per 10,000": 2,
    "£m": 2,
    "£k": 0,
    "£ a year": 0,
    "%": 3,
    "months": 2,
}


def verdict_cells(rows: Rows) -> dict[str, str]:
    """Return the cell of each verdict, for the sheets that show one."""
    return {row["id"]: f"'{TITLE}'!$H${r}" for r, row in enumerate(rows, FIRST)}


def reconciliation(deck: Deck, rows: Rows) -> None:
    """Write the table; everything in it but its words is a formula."""
    page = Page(
        deck,
        TITLE,
        "Deck reconciliation",
        "Each printed figure of the deck against the same figure recomputed from the deck's other figures. Only DOES "
        "NOT TIE says that a figure cannot be right; to call a matter of reading an error would itself be an error.",
        (6, 13, 39, 12, 12, 13, 12, 16, 76, 10, 12, 14, 14, 17, 23, 24, 24, 17, 19),
        tab="C24A00",
        span=READABLE,
    )
    page.note(
        3,
        "D is a line of the deck, A a line of the news article. Difference = recomputed less stated. Lowest and "
        "Highest: what the recomputed figure can be, given how each input was printed. The Checks cell on the Cover "
        "tests the workbook, not the deck: what does not tie stands here.",
        READABLE,
    )
    page.note(
        4,
        "Kind, in the working: figure = one printed figure; two-figures = two printed for one thing; two-readings = "
        "computed on both; assumes = at the reference population, so a second check has to bear it out; hypothesis = a "
        "guess at an origin; must-not-be-negative = below zero cannot be; implied = nothing is printed. The arithmetic "
        "alone is no verdict: the kind of statement decides what it may be called.",
        READABLE,
    )
    page.section(5, "Findings", 2)
    page.section(5, "Working behind the verdict", READABLE + 1)
    page.header(FIRST - 1, HEADERS, 34)
    for r, row in enumerate(rows, FIRST):
        _row(deck, page, r, row)
    last = FIRST + len(rows) - 1
    table = Table(displayName="Reconciliation", ref=f"A{FIRST - 1}:S{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    page.ws.add_table(table)
    paint_words(page.ws, f"H{FIRST}:H{last}", VERDICT_LOOK)
    page.allow(f"Q{FIRST}:Q{last}", "list", "One of the kinds is needed.", f'"{",".join(KINDS)}"')
    deck.name("Reconciliation_verdicts", page.at(f"H{FIRST}:H{last}"))
    deck.name("Reconciliation_ids", page.at(f"A{FIRST}:A{last}"))
    words = "+".join(f'COUNTIF(Reconciliation_verdicts,"{word}")' for word in VERDICT_MEANING)
    deck.check(TITLE, "Every row has one of the six verdicts", words, "COUNTA(Reconciliation_ids)")
    page.finish(f"D{FIRST}", titles=f"{FIRST - 1}:{FIRST - 1}", area=f"A1:I{last},J{FIRST - 2}:S{last}")
    page.ws.print_title_cols = "A:A"


def _demand(row: dict[str, str], deck: Deck) -> None:
    """Refuse a row that names a figure, a kind or a second check that does not exist."""
    if row["id"] not in deck.results:
        raise ValueError(f"reconciliation.csv: no sheet computes a figure {row['id']!r}")
    if row["kind"] not in KINDS:
        raise ValueError(f"reconciliation.csv: {row['id']}: kind is one of {', '.join(KINDS)}, not {row['kind']!r}")
    if row["corroborated_by"] not in ("", "none", "none needed", *deck.verdicts):
        raise ValueError(f"reconciliation.csv: {row['id']}: there is no figure {row['corroborated_by']!r}")


def _row(deck: Deck, page: Page, r: int, row: dict[str, str]) -> None:
    _demand(row, deck)
    found, unit = deck.results[row["id"]], row["unit"]
    fine = number_format(unit, _FINE[unit])
    link = {
        k: f"={v}" if v else None
        for k, v in (("stated", found.stated), ("dp", found.dp), ("half", found.half), ("other", found.other))
    }
    calc, label, source = "Model calculation", "Model label", "Model source"
    spread = f"MAX(M{r}-F{r},F{r}-L{r})"
    backing = deck.verdicts.get(row["corroborated_by"])
    page.line(
        r,
        [
            (row["id"], label, None),
            (row["line"], source, None),
            (row["item"], label, None),
            (unit, source, None),
            (link["stated"], calc, deck.stated_format(found, unit, _FINE[unit])),
            (f"={found.recomputed}", "Model output", fine),
            (f'=IF(E{r}="","–",F{r}-E{r})', calc, fine),
            (VERDICT.format(r), "Model check", None),
            (row["explanation"], label, None),
            (link["dp"], calc, number_format("number")),
            (link["half"], calc, number_format("number", 3)),
            (f"={found.low}", calc, number_format(unit, _FINE[unit] + 1)),
            (f"={found.high}", calc, number_format(unit, _FINE[unit] + 1)),
            (f'=IF(E{r}="","–",K{r}+{spread})', calc, number_format("number", 3)),
            (f'=IF(E{r}="","NOTHING PRINTED",CSC_TIES(E{r},F{r},J{r},{spread}))', "Model check", None),
            (link["other"], "Model check", None),
            (row["kind"], "Model input text", None),
            (row["corroborated_by"] or None, source, None),
            (f"={backing}" if backing else None, "Model check", None),
        ],
    )
    page.fit(r, range(1, READABLE + 1))
