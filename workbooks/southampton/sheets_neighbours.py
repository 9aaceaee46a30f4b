"""The sheet Neighbours: other councils' overspends and budgets."""

from __future__ import annotations

from workbooks.southampton.page import Deck, Page
from workbooks.southampton.style import CALC, CHECK, LABEL, N0, OUT, PCT, SOURCE

__all__ = ["neighbours"]

COUNCILS = ("portsmouth", "southampton", "hull", "salford", "bristol", "stoke", "sheffield")


def neighbours(deck: Deck) -> None:
    """Write the neighbours' overspends as shares of their budgets, and the populations their budgets imply."""
    page = Page(
        deck,
        "Neighbours",
        "Neighbours",
        "Statistical neighbours' forecast overspends as a share of their budgets, and the child population that each "
        "budget per child implies (2023/24).",
        (25, 12, 12, 12, 11, 12, 11, 11, 15, 12, 13, 12, 12),
    )
    _overspends(deck, page)
    _increase(deck, page)
    page.note(20, "Dividing by the new budget gives the printed 33%: a likely origin of the figure.")
    page.finish("C6", last_row=20, pages=1)


def _overspends(deck: Deck, page: Page) -> None:
    """Write each council's overspend as a share, and its implied population."""
    at = page.at
    page.section(4, "Overspend as % of budget; population aged 0-17")
    page.header(
        5,
        (
            "Council",
            "Source",
            "Budget (£m)",
            "Forecast overspend (£m)",
            "Printed (%)",
            "Recomputed (%)",
            "Lowest (%)",
            "Highest (%)",
            "Verdict",
            "Budget per child (£)",
            "Implied population",
            "Population, lowest",
            "Population, highest",
        ),
        42,
    )
    for r, council in enumerate(COUNCILS, 6):
        budget, over, pct, per = (f"{p}_{council}" for p in ("budget", "overspend", "overspend_pct", "per_child"))
        key, implied = f"E{r - 5:02d}", f"E{r + 2:02d}"
        page.line(
            r,
            [
                (council.title(), LABEL, None),
                (deck.sources(over, budget, per), SOURCE, None),
                (deck.link(budget), CALC, deck.printed_format(budget)),
                (deck.link(over), CALC, deck.printed_format(over)),
                (deck.link(pct), CALC, deck.printed_format(pct)),
                (f"=INDEX(CSC_VARIANCE(C{r},C{r}+D{r}),2)*Per_cent", OUT, PCT),
                (f"={deck.cell(over, 'low')}/{deck.cell(budget, 'high')}*Per_cent", CALC, PCT),
                (f"={deck.cell(over, 'high')}/{deck.cell(budget, 'low')}*Per_cent", CALC, PCT),
                (f"={deck.verdicts[key]}", CHECK, None),
                (deck.link(per), CALC, deck.printed_format(per)),
                (f"=C{r}*Pounds_per_million/J{r}", OUT, N0),
                (f"={deck.cell(budget, 'low')}*Pounds_per_million/{deck.cell(per, 'high')}", CALC, N0),
                (f"={deck.cell(budget, 'high')}*Pounds_per_million/{deck.cell(per, 'low')}", CALC, N0),
            ],
        )
        page.ws.row_dimensions[r].height = 17
        deck.result(key, pct, recomputed=at(f"F{r}"), low=at(f"G{r}"), high=at(f"H{r}"))
        deck.result(implied, recomputed=at(f"K{r}"), low=at(f"L{r}"), high=at(f"M{r}"))
        share = f"INDEX(CSC_VARIANCE({at(f'C{r}')},{at(f'C{r}')}+{at(f'D{r}')}),1)"
        deck.check("Neighbours", f"{council.title()}: forecast less budget = overspend", share, at(f"D{r}"))


def _increase(deck: Deck, page: Page) -> None:
    """Write Portsmouth's increase by the old and by the new budget."""
    at = page.at
    page.section(15, "Portsmouth's increase in budget, 2022/23 to 2023/24")
    page.header(
        16,
        (
            "Division",
            "Source",
            "Before (£m)",
            "After (£m)",
            "Printed (%)",
            "Recomputed (%)",
            "Lowest (%)",
            "Highest (%)",
            "Verdict",
        ),
        32,
    )
    old, new, pct = "budget_portsmouth_22_23", "budget_portsmouth", "increase_pct_portsmouth"
    both = [(deck.link(f), CALC, deck.printed_format(f)) for f in (old, new, pct)]
    source = (deck.sources(pct, old), SOURCE, None)
    page.line(
        17,
        [
            ("By the old budget", LABEL, None),
            source,
            *both,
            ("=CSC_PCT_CHANGE(C17,D17)*Per_cent", OUT, PCT),
            (f"=CSC_PCT_CHANGE({deck.cell(old, 'high')},{deck.cell(new, 'low')})*Per_cent", CALC, PCT),
            (f"=CSC_PCT_CHANGE({deck.cell(old, 'low')},{deck.cell(new, 'high')})*Per_cent", CALC, PCT),
            (f"={deck.verdicts['E15']}", CHECK, None),
        ],
    )
    deck.result("E15", pct, recomputed=at("F17"), low=at("G17"), high=at("H17"))
    page.line(18, [("By the new budget", LABEL, None), source, *both, ("=(D18-C18)/D18*Per_cent", CALC, PCT)])
