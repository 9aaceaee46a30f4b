"""The sheets Assumptions and Inputs: everything that is typed, with its source beside it."""

from __future__ import annotations

from openpyxl.worksheet.table import Table, TableStyleInfo

from workbooks.southampton.figures import Figure, Rows, cell_value
from workbooks.southampton.page import Deck, Page
from workbooks.southampton.style import number_format

__all__ = ["assumptions", "inputs"]

FIRST = 5  #: the first row under the headers, on both sheets


def assumptions(deck: Deck, rows: Rows) -> None:
    """Write one named cell for every assumption and every constant of arithmetic."""
    page = Page(
        deck,
        "Assumptions",
        "Assumptions",
        "Every constant and every choice the model makes, one row each, under the name its formulas use. "
        "No number is typed into a formula.",
        (28, 58, 14, 13, 13, 14, 34, 18, 13),
        tab="E69F00",
    )
    page.header(4, ("Name", "What it is", "Value", "Low", "High", "Unit", "Source", "Owner", "Date"), 20)
    for i, row in enumerate(rows):
        r, unit = FIRST + i, row["unit"]
        value, low, high = (cell_value(row[k], unit) for k in ("value", "low", "high"))
        fmt = number_format(unit, 0) if unit == "date" else "General"
        if isinstance(value, (int, float)):
            fmt = number_format("number", max(len(row[k].partition(".")[2]) for k in ("value", "low", "high")))
        page.line(
            r,
            [
                (row["name"], "Model label", None),
                (row["item"], "Model label", None),
                (value, "Model input text" if unit in ("word", "year") else "Model input", fmt),
                (low, "Model input" if row["low"] else "Model label", fmt),
                (high, "Model input" if row["high"] else "Model label", fmt),
                (unit, "Model source", None),
                (row["source"], "Model source", None),
                (row["owner"], "Model source", None),
                (cell_value(row["date"], "date"), "Model source", "d mmm yyyy"),
            ],
        )
        page.fit(r)
        deck.name(row["name"], page.at(f"C{r}"))
        if unit == "date":
            page.allow(f"C{r}:E{r}", "date", "A date is needed.", "36526", "73050")
        elif row["name"] == "Check_tolerance":
            page.allow(f"C{r}", "decimal", "A tolerance from 0 to 0.000001 is needed.", "0", "0.000001")
        elif unit not in ("word", "year"):
            page.allow(f"C{r}:E{r}", "decimal", "A number is needed.", "-1000000000", "1000000000")
    last = FIRST + len(rows) - 1
    for name, column in (("Assumption_names", "A"), ("Assumption_values", "C"), ("Assumption_units", "F")):
        deck.name(name, page.at(f"{column}{FIRST}:{column}{last}"))
    words = 'COUNTIF(Assumption_units,"word")-COUNTIF(Assumption_units,"year")'
    deck.check("Assumptions", "Every assumption has a value", "COUNTA(Assumption_names)", "COUNTA(Assumption_values)")
    deck.check(
        "Assumptions",
        "Every assumption that must be a number or a date is one",
        f"COUNTA(Assumption_names)-{words}",
        "COUNT(Assumption_values)",
    )
    page.note(last + 2, "Low and High stand where another value could be defended; the other rows are fixed.")
    page.finish("C5", titles="4:4", last_row=last + 2, pages=1)


def inputs(deck: Deck, figures: list[Figure]) -> None:
    """Write one row for every printed figure, with the range its printed precision allows."""
    page = Page(
        deck,
        "Inputs",
        "Inputs",
        "Every printed figure the model uses, as it was printed, with the line it stands on: D is a line of the budget "
        "deck, A a line of the news article. Counts are exact; any other figure is known to half a unit of its last "
        "printed place.",
        (27, 19, 44, 15, 10, 11, 16, 9, 10, 10, 12, 12, 11, 36),
        tab="E69F00",
    )
    headers = (
        *("ID", "Group", "Item", "Period", "As printed", "Value", "Unit", "Decimal places", "Precision"),
        *("Half unit", "Lowest", "Highest", "Source", "Words in the source"),
    )
    page.header(4, headers, 32)
    for r, f in enumerate(figures, FIRST):
        deck.rows[f.id] = r
        fmt = number_format(f.unit, f.dp)
        fine = number_format(f.unit, f.dp + (f.precision == "rounded"))
        page.line(
            r,
            [
                (f.id, "Model label", None),
                (f.group, "Model label", None),
                (f.item, "Model label", None),
                (f.period, "Model source", None),
                (f.printed, "Model source", "@"),
                (f.value, "Model input", fmt),
                (f.unit, "Model source", None),
                (f.dp, "Model input", number_format("number")),
                (f.precision, "Model input text", None),
                (f'=IF(I{r}="exact",Exact_half_unit,Half_unit/Decimal_base^H{r})', "Model calculation", fine),
                (f"=F{r}-J{r}", "Model calculation", fine),
                (f"=F{r}+J{r}", "Model calculation", fine),
                (f.source, "Model source", None),
                (f.quote, "Model source", None),
            ],
        )
        page.fit(r)
    last = FIRST + len(figures) - 1
    table = Table(displayName="Figures", ref=f"A4:N{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    page.ws.add_table(table)
    deck.name("Input_ids", page.at(f"A{FIRST}:A{last}"))
    deck.name("Input_values", page.at(f"F{FIRST}:F{last}"))
    deck.name("Input_places", page.at(f"H{FIRST}:H{last}"))
    deck.name("Input_precision", page.at(f"I{FIRST}:I{last}"))
    deck.name("Input_sources", page.at(f"M{FIRST}:M{last}"))
    page.allow(f"F{FIRST}:F{last}", "decimal", "A number is needed.", "-1000000000", "1000000000")
    page.allow(f"H{FIRST}:H{last}", "whole", "A whole number of decimal places is needed.", "-9", "9")
    page.allow(f"I{FIRST}:I{last}", "list", "One of the words exact and rounded is needed.", '"exact,rounded"')
    deck.check("Inputs", "Every figure is a number", "COUNTA(Input_ids)", "COUNT(Input_values)")
    deck.check("Inputs", "Every figure has its decimal places", "COUNTA(Input_ids)", "COUNT(Input_places)")
    precise = 'COUNTIF(Input_precision,"exact")+COUNTIF(Input_precision,"rounded")'
    deck.check("Inputs", "Every figure is exact or rounded", "COUNTA(Input_ids)", precise)
    deck.check("Inputs", "Every figure has a source", "COUNTA(Input_ids)", "COUNTA(Input_sources)")
    page.finish("D5", titles="4:4", last_row=last)
