"""The sheet Cohort flows: children entering, leaving and in care."""

from __future__ import annotations

from workbooks.southampton.charts import flows_chart
from workbooks.southampton.page import Deck, Page
from workbooks.southampton.style import CALC, CHECK, LABEL, N0, N1, N2, OUT, SOURCE, TOTAL

__all__ = ["KEYS", "YEARS", "cohort_flows"]

YEARS = ("2022/23", "2023/24", "2024/25", "2025/26", "2026/27")
KEYS = tuple(y[2:].replace("/", "_") for y in YEARS)


def cohort_flows(deck: Deck) -> None:
    """Write the five-year table of children entering, leaving and in care."""
    page = Page(
        deck,
        "Cohort flows",
        "Cohort flows",
        "Children looked after over five years: each year opens with last year's closing number, adds the children who "
        "enter care and takes off those who leave. Printed figures stand beside the recomputed ones.",
        (31, 12, 11, 13, 11, 11, 12, 11, 12, 13, 12, 13, 12, 13, 17),
    )
    _years(deck, page)
    _elsewhere(deck, page)
    flows_chart(page.ws, "A21")
    page.finish("C6", last_row=43, pages=1)


def _years(deck: Deck, page: Page) -> None:
    """Write the table, a year a row, and its checks."""
    at = page.at
    page.section(4, "Children in care, year by year (children; rates per 10,000 children aged 0-17)")
    page.header(
        5,
        (
            "Financial year",
            "Source",
            "Opening",
            "Entering care",
            "Leaving care",
            "Net change",
            "Net change, printed",
            "Closing",
            "Closing, printed",
            "Closing, from the whole path",
            "Average in the year",
            "Population aged 0-17",
            "Rate per 10,000",
            "Rate, printed",
            "Does the rate tie?",
        ),
        42,
    )
    path = "CSC_STOCK_PATH($C$6,$D$6:$D$10,$E$6:$E$10)"
    for i, (year, key) in enumerate(zip(YEARS, KEYS, strict=True)):
        r = 6 + i
        opening = f"=H{r - 1}" if i else "=CSC_OPENING_STOCK(I6,D6,E6)"
        page.line(
            r,
            [
                (year + (" (estimate)" if key == "23_24" else ""), LABEL, None),
                (deck.figures[f"stock_{key}"].source, SOURCE, None),
                (opening, CALC, N0),
                (deck.link(f"starts_{key}"), CALC, N0),
                (deck.link(f"ceases_{key}"), CALC, N0),
                (f"=CSC_NET_CHANGE(D{r},E{r})", CALC, N0),
                (deck.link(f"net_{key}"), CALC, N0),
                (f"=CSC_CLOSING_STOCK(C{r},D{r},E{r})", OUT, N0),
                (deck.link(f"stock_{key}"), CALC, N0),
                (f"=INDEX({path},{i + 1})", CALC, N0),
                (f"=CSC_AVG_STOCK(C{r},H{r})", CALC, N1),
                ("=Population_reference", CALC, N0),
                (f"=CSC_RATE_PER_10K(H{r},L{r})", OUT, N2),
                (deck.link(f"rate_{key}"), CALC, N0),
                (f"={deck.verdicts[f'A{22 + i}']}", CHECK, None),
            ],
        )
        page.ws.row_dimensions[r].height = 17
        for key_, col, printed in ((f"A{i + 1:02d}", "F", f"net_{key}"), (f"A{6 + i:02d}", "H", f"stock_{key}")):
            if key_ != "A06":
                where = at(f"{col}{r}")
                deck.result(key_, printed, recomputed=where, low=where, high=where)
        deck.check(
            "Cohort flows",
            f"{year}: opening + entering - leaving = closing",
            f"{at(f'C{r}')}+{at(f'D{r}')}-{at(f'E{r}')}",
            at(f"H{r}"),
        )
        deck.check("Cohort flows", f"{year}: the stock path gives the same closing number", at(f"J{r}"), at(f"H{r}"))
    page.line(
        11,
        [
            ("Five years", TOTAL + " label", None),
            *[(None, TOTAL, None)] * 2,
            *(((f"=SUM({c}6:{c}10)", TOTAL, N0)) for c in "DEFG"),
        ],
    )
    deck.check(
        "Cohort flows",
        "Net change over five years = last closing - first opening",
        at("F11"),
        f"{at('H10')}-{at('C6')}",
    )
    deck.check(
        "Cohort flows",
        "Average stock 2024/25 = half of opening and closing",
        at("K8"),
        f"AVERAGE({at('C8')},{at('H8')})",
    )


def _elsewhere(deck: Deck, page: Page) -> None:
    """Write what the deck says of the same children in other places."""
    at = page.at
    page.section(14, "The same children, as the deck states them elsewhere")
    page.header(15, ("Figure", "Source", "Printed", "Recomputed", "Lowest", "Highest", "Difference"), 20)
    rows = (
        (
            "A06",
            "Children in care at the start of 2022/23",
            "stock_mar_22",
            deck.link("stock_mar_22"),
            "=C6",
            "=D16",
            "=D16",
        ),
        (
            "A34",
            "Fewer children entering care, 2024/25",
            "fewer_starts_24_25",
            deck.link("fewer_starts_24_25"),
            "=D7-D8",
            "=D17",
            "=D17",
        ),
        (
            *("A51", "Fall in 2024/25 at 6 children a month", "net_24_25", f"=-{deck.cell('net_24_25')}"),
            *(f"={deck.cell('net_month_rounded', p)}*Months_in_year" for p in ("value", "low", "high")),
        ),
    )
    for r, (key, item, figure, stated, recomputed, low, high) in enumerate(rows, 16):
        page.line(
            r,
            [
                (item, LABEL, None),
                (deck.figures[figure].source, SOURCE, None),
                (stated, CALC, N0),
                (recomputed, OUT, N0),
                (low, CALC, N0),
                (high, CALC, N0),
                (f"=D{r}-C{r}", CALC, N0),
            ],
        )
        page.fit(r, least=26)
        where = {k: at(f"{c}{r}") for k, c in (("recomputed", "D"), ("low", "E"), ("high", "F"), ("stated", "C"))}
        deck.result(key, figure, **where)
