"""The sheet Rates: the populations that printed rates imply, and the rates at one population."""

from __future__ import annotations

from workbooks.southampton.page import Deck, Page
from workbooks.southampton.sheets_cohort import KEYS, YEARS
from workbooks.southampton.style import CALC, LABEL, N0, N1, N2, OUT, SOURCE

__all__ = ["rates"]

CARE, ENTRY = "Children in care", "Children entering care"


def rates(deck: Deck) -> None:
    """Write the populations that the printed rates imply, and the rates at one population."""
    page = Page(
        deck,
        "Rates",
        "Rates",
        "A rate is children over population, so every printed rate implies a population. Rates printed side by side "
        "should imply the same one; a rate rounded to a whole number implies a range.",
        (46, 13, 13, 13, 13, 12, 15, 13, 13, 13, 15),
    )
    _implied(deck, page)
    _shared(deck, page)
    _at_reference(deck, page)
    _room(deck, page)
    page.finish("B6", last_row=35, pages=1)


def _implied(deck: Deck, page: Page) -> None:
    """Write the population that each printed rate implies."""
    at = page.at
    page.section(4, "Population aged 0-17 that each printed rate implies")
    page.header(
        5,
        (
            "Rate",
            "Year",
            "Source",
            "Children",
            "Rate, printed (per 10,000)",
            "Decimal places",
            "Implied population",
            "Lowest",
            "Highest",
        ),
        42,
    )
    lines = (
        ("A12", CARE, 0, "stock_22_23", "rate_22_23"),
        ("A13", CARE, 1, "stock_23_24", "rate_23_24"),
        ("A17", ENTRY, 2, "starts_24_25", "entry_rate_24_25"),
        ("A18", ENTRY, 3, "starts_25_26", "entry_rate_25_26"),
        ("A14", CARE, 2, "stock_24_25", "rate_24_25"),
        ("A15", CARE, 3, "stock_25_26", "rate_25_26"),
        ("A16", CARE, 4, "stock_26_27", "rate_26_27"),
    )
    for r, (key, item, year, count, rate) in enumerate(lines, 6):
        implied = f"CSC_IMPLIED_POPULATION($D{r},$E{r},$F{r})"
        page.line(
            r,
            [
                (item, LABEL, None),
                (YEARS[year], SOURCE, None),
                (deck.figures[rate].source, SOURCE, None),
                (deck.link(count), CALC, N0),
                (deck.link(rate), CALC, deck.printed_format(rate)),
                (deck.link(rate, "dp"), CALC, N0),
                *((f"=INDEX({implied},{k})", OUT if k == 1 else CALC, N1) for k in (1, 2, 3)),
            ],
        )
        deck.result(key, recomputed=at(f"G{r}"), low=at(f"H{r}"), high=at(f"I{r}"))
    own = deck.results["E09"]
    page.line(
        13,
        [
            ("Budget per child (from Neighbours)", LABEL, None),
            (YEARS[1], SOURCE, None),
            (deck.figures["per_child_southampton"].source, SOURCE, None),
            *(("–", SOURCE, None) for _ in range(3)),
            (f"={own.recomputed}", OUT, N1),
            (f"={own.low}", CALC, N1),
            (f"={own.high}", CALC, N1),
        ],
    )
    deck.result("A19", recomputed=at("G13"), low=at("H13"), high=at("I13"))


def _shared(deck: Deck, page: Page) -> None:
    """Write the population that four of the rates share, and the one used as reference."""
    at = page.at
    page.section(16, "One population for 108, 98, 28 and 20.5")
    page.header(17, ("Population", "Used below", "Lowest", "Highest"), 20)
    common = "CSC_COMMON_POPULATION($D$6:$D$9,$E$6:$E$9,$F$6:$F$9)"
    page.line(18, [("Shared by the first four rates above", LABEL, None), ("–", SOURCE, None)])
    page.line(18, [(f"=INDEX({common},{k})", OUT, N1) for k in (1, 2)], first=3)
    page.line(19, [("Reference: implied by 20.5, the narrowest range", LABEL, None)])
    page.line(19, [(f"={c}9", OUT, N1) for c in "GHI"], first=2)
    for r, col, key in ((18, "C", "A20"), (18, "D", "A21")):
        where = at(f"{col}{r}")
        deck.result(key, recomputed=where, low=where, high=where)
    for name, cell in (
        ("Population_common_low", "C18"),
        ("Population_common_high", "D18"),
        ("Population_reference", "B19"),
        ("Population_reference_low", "C19"),
        ("Population_reference_high", "D19"),
    ):
        deck.name(name, at(cell))
    deck.check(
        "Rates",
        "The shared population's lowest is below its highest",
        "MAX(Population_common_low,Population_common_high)",
        "Population_common_high",
    )
    deck.check(
        "Rates",
        "The reference population lies in the shared range",
        "MIN(MAX(Population_reference,Population_common_low),Population_common_high)",
        "Population_reference",
    )


def _at_reference(deck: Deck, page: Page) -> None:
    """Write every printed rate again at the reference population."""
    at = page.at
    page.section(22, "Every printed rate again, at the reference population (per 10,000)")
    page.header(
        23,
        (
            "Rate",
            "Year",
            "Source",
            "Children",
            "Rate, printed (per 10,000)",
            "Decimal places",
            "Rate, recomputed",
            "Lowest",
            "Highest",
            "Children the printed rate needs",
            "Children back from the rate",
        ),
        42,
    )
    lines = tuple((f"A{22 + i}", CARE, i, f"stock_{k}", f"rate_{k}") for i, k in enumerate(KEYS))
    lines += (("A31", ENTRY, 2, "starts_24_25", "entry_rate_24_25"),)
    for r, (key, item, year, count, rate) in enumerate(lines, 24):
        page.line(
            r,
            [
                (item, LABEL, None),
                (YEARS[year], SOURCE, None),
                (deck.figures[rate].source, SOURCE, None),
                (deck.link(count), CALC, N0),
                (deck.link(rate), CALC, deck.printed_format(rate)),
                (deck.link(rate, "dp"), CALC, N0),
                (f"=CSC_RATE_PER_10K(D{r},Population_reference)", OUT, N2),
                (f"=CSC_RATE_PER_10K(D{r},Population_reference_high)", CALC, N2),
                (f"=CSC_RATE_PER_10K(D{r},Population_reference_low)", CALC, N2),
                (f"=CSC_COUNT_FROM_RATE(E{r},Population_reference)", CALC, N1),
                (f"=CSC_COUNT_FROM_RATE(G{r},Population_reference)", CALC, N1),
            ],
        )
        deck.result(key, rate, recomputed=at(f"G{r}"), low=at(f"H{r}"), high=at(f"I{r}"))
        deck.check("Rates", f"{item}, {YEARS[year]}: count to rate and back", at(f"K{r}"), at(f"D{r}"))


def _room(deck: Deck, page: Page) -> None:
    """Write, for years with two rates, how much room they leave for one population."""
    at = page.at
    page.section(32, "Two rates printed for one year: does any population fit both?")
    page.header(
        33,
        ("Year", "Care rate allows at most", "Entry rate needs at least", "Room left", "Lowest", "Highest"),
        42,
    )
    for r, key, year, care_row, entry_row in ((34, "A52", 2, 10, 8), (35, "A53", 3, 11, 9)):
        page.line(
            r,
            [
                (f"{YEARS[year]}: below zero means none does", LABEL, None),
                (f"=I{care_row}", CALC, N1),
                (f"=H{entry_row}", CALC, N1),
                (f"=B{r}-C{r}", OUT, N1),
                (f"=H{care_row}-I{entry_row}", CALC, N1),
                (f"=D{r}", CALC, N1),
            ],
        )
        deck.result(key, recomputed=at(f"D{r}"), low=at(f"E{r}"), high=at(f"F{r}"))
