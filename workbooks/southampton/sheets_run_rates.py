"""The sheet Run rates: part-year counts, child protection plans, one budget printed twice, an overspend."""

from __future__ import annotations

from workbooks.southampton.page import Deck, Page
from workbooks.southampton.style import CALC, LABEL, N0, N1, N2, N3, OUT, SOURCE, TOTAL, number_format

__all__ = ["run_rates"]

DAY = number_format("date")


def run_rates(deck: Deck) -> None:
    """Write the part-year counts carried to a year, the plans, the two budgets and the news article's overspend."""
    page = Page(
        deck,
        "Run rates",
        "Run rates, budget and overspend",
        "Counts for part of 2023/24 carried forward to a full year; the fall in child protection plans; one year's "
        "budget printed twice; and an earlier overspend from a news article.",
        (46, 14, 12, 14, 14, 14, 12, 12, 14, 15),
    )
    _periods(deck, page)
    _full_years(deck, page)
    _plans(deck, page)
    _overspend(deck, page)
    page.finish("C6", last_row=28, pages=1)


def _periods(deck: Deck, page: Page) -> None:
    """Write the months that each pair of figures implies."""
    at = page.at
    page.section(4, "Months that each pair of figures implies")
    page.header(
        5,
        (
            "Exits from care",
            "Source",
            "So far",
            "Full year, printed",
            "Decimal places",
            "Months implied",
            "Lowest",
            "Highest",
        ),
        32,
    )
    for r, (key, item, part) in enumerate((("F01", "SGO and CAO", "sgo"), ("F02", "Returns home", "home")), 6):
        implied = f"CSC_PERIOD_IMPLIED(C{r},D{r},E{r})"
        page.line(
            r,
            [
                (item, LABEL, None),
                (deck.sources(f"{part}_to_date", f"{part}_full_year"), SOURCE, None),
                (deck.link(f"{part}_to_date"), CALC, N0),
                (deck.link(f"{part}_full_year"), CALC, N0),
                (deck.link(f"{part}_full_year", "dp"), CALC, N0),
                *((f"=INDEX({implied},{k})", OUT if k == 1 else CALC, N3) for k in (1, 2, 3)),
            ],
        )
        deck.result(key, recomputed=at(f"F{r}"), low=at(f"G{r}"), high=at(f"H{r}"))
    page.line(8, [("Months between the two", TOTAL + " label", None), *[(None, TOTAL, None)] * 4])
    page.line(8, [("=F6-F7", OUT, N3), ("=G6-H7", CALC, N3), ("=H6-G7", CALC, N3)], 6)
    deck.result("F03", recomputed=at("F8"), low=at("G8"), high=at("H8"))


def _full_years(deck: Deck, page: Page) -> None:
    """Write the full year at one period or the other."""
    at = page.at
    page.section(11, "The full year at one period or the other (children)")
    page.header(
        12,
        (
            "Exits from care",
            "Source",
            "So far",
            "Full year, printed",
            "Months taken",
            "Full year, recomputed",
            "Lowest",
            "Highest",
            "Counted to",
            "Full year by days",
        ),
        32,
    )
    lines = (
        ("F04", "SGO and CAO, at the other's period", "sgo", 7, "As_at_home"),
        ("F05", "Returns home, at the other's period", "home", 6, "As_at_sgo"),
        ("F06", "Returns home, at their own period", "home", 7, "As_at_home"),
    )
    for r, (key, item, part, period, as_at) in enumerate(lines, 13):
        page.line(
            r,
            [
                (item, LABEL, None),
                (deck.sources(f"{part}_to_date", f"{part}_full_year"), SOURCE, None),
                (deck.link(f"{part}_to_date"), CALC, N0),
                (deck.link(f"{part}_full_year"), CALC, N0),
                (f"=F{period}", CALC, N2),
                (f"=C{r}*Months_in_year/E{r}", OUT, N1),
                (f"=C{r}*Months_in_year/H{period}", CALC, N2),
                (f"=C{r}*Months_in_year/G{period}", CALC, N2),
                (f"={as_at}", CALC, DAY),
                (f"=CSC_RUN_RATE(C{r},I{r},Year_run_rates)", CALC, N2),
            ],
        )
        deck.result(key, f"{part}_full_year", recomputed=at(f"F{r}"), low=at(f"G{r}"), high=at(f"H{r}"))
        days = f"{at(f'C{r}')}*(Year_end-Year_start_eve)/({at(f'I{r}')}-Year_start_eve)"
        deck.check("Run rates", f"{item}: full year by counting days", at(f"J{r}"), days)
    deck.check("Run rates", "30 November is 8.0 months by days and by months", at("J15"), at("F15"))


def _plans(deck: Deck, page: Page) -> None:
    """Write the fall in child protection plans."""
    at = page.at
    page.section(18, "Child protection plans")
    page.header(
        19, ("Plans", "Source", "Before", "Fall", "After, printed", "After, recomputed", "Lowest", "Highest"), 32
    )
    plans = [(deck.link(f), CALC, N0) for f in ("cp_average", "cp_fall", "cp_after")]
    page.line(
        20,
        [
            ("Average of the last year, less the expected fall", LABEL, None),
            (deck.sources("cp_average", "cp_fall", "cp_after"), SOURCE, None),
            *plans,
        ],
    )
    page.line(20, [("=C20-D20", OUT, N0), ("=F20", CALC, N0), ("=F20", CALC, N0)], 6)
    page.fit(20)
    deck.result("F10", "cp_after", recomputed=at("F20"), low=at("G20"), high=at("H20"))


def _overspend(deck: Deck, page: Page) -> None:
    """Write the year whose budget is printed twice, and the news article's overspend."""
    at = page.at
    page.section(23, "Budget and overspend (£m)")
    page.header(
        24,
        (
            "Item",
            "Source",
            "Before measures",
            "Share removed",
            "Printed",
            "Recomputed",
            "Lowest",
            "Highest",
            "Decimal places in £m",
            "Half unit in £m",
        ),
        32,
    )
    m2 = number_format("£m", 2)
    mtfs = [
        (
            deck.link("mtfs_budget_23_24", p),
            OUT if p == "value" else CALC,
            number_format("£m", 3 if p != "value" else 2),
        )
        for p in ("value", "low", "high")
    ]
    page.line(
        25,
        [
            ("Budget 2023/24: neighbour slide (printed), medium-term forecast", LABEL, None),
            (deck.sources("mtfs_budget_23_24", "budget_southampton"), SOURCE, None),
            *[(None, CALC, None)] * 2,
            (deck.link("budget_southampton"), CALC, m2),
            *mtfs,
            (deck.link("budget_southampton", "dp"), CALC, N0),
            (deck.link("budget_southampton", "half"), CALC, m2),
        ],
    )
    page.fit(25)
    left = "CSC_AFTER_MITIGATION({0},{0},$D$26)"
    gross = [deck.cell("news_overspend", p) for p in ("low", "high")]
    page.line(
        26,
        [
            ("Overspend left after the measures", LABEL, None),
            ("A1, A7", SOURCE, None),
            (deck.link("news_overspend"), CALC, m2),
            (deck.link("news_share_removed"), CALC, N2),
            (f"={deck.cell('news_after')}/Pounds_per_million", CALC, m2),
            ("=" + left.format("C26"), OUT, m2),
            *(("=" + left.format(g), CALC, number_format("£m", 3)) for g in gross),
            (f"={deck.cell('news_after', 'dp')}+Digits_pound_to_million", CALC, N0),
            (f"={deck.cell('news_after', 'half')}/Pounds_per_million", CALC, m2),
        ],
    )
    page.line(27, [("Measures needed to get there", LABEL, None), ("A1, A7", SOURCE, None), *[(None, CALC, None)] * 3])
    page.line(
        27,
        [
            ("=C26-E26", OUT, m2),
            (f"={gross[0]}-{deck.cell('news_after', 'high')}/Pounds_per_million", CALC, number_format("£m", 3)),
            (f"={gross[1]}-{deck.cell('news_after', 'low')}/Pounds_per_million", CALC, number_format("£m", 3)),
        ],
        6,
    )
    printed = {k: at(f"{c}25") for k, c in (("recomputed", "F"), ("low", "G"), ("high", "H"), ("stated", "E"))}
    deck.result("D20", "budget_southampton", **printed)
    where = {
        k: at(f"{c}26")
        for k, c in (("recomputed", "F"), ("low", "G"), ("high", "H"), ("stated", "E"), ("dp", "I"), ("half", "J"))
    }
    deck.result("G01", "news_after", **where)
    deck.result("G02", recomputed=at("F27"), low=at("G27"), high=at("H27"))
    deck.check(
        "Run rates",
        "Overspend less the measures needed = what is left",
        f"CSC_AFTER_MITIGATION({at('C26')},{at('F27')})",
        at("E26"),
    )
