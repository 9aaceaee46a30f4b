"""The sheet Avoided cost: one cohort, a cohort every year, and what a child's year must cost."""

from __future__ import annotations

from workbooks.southampton.charts import avoided_chart
from workbooks.southampton.page import Deck, Page
from workbooks.southampton.style import CALC, CHECK, LABEL, M2, M3, N0, N1, N2, OUT, POUND, SOURCE, TOTAL, number_format

__all__ = ["avoided_cost"]

YEARS = ("2024/25", "2025/26", "2026/27")
KEYS = ("24_25", "25_26", "26_27")


def avoided_cost(deck: Deck) -> None:
    """Write the avoided cost of one cohort and of a cohort every year, and what a child's year must cost."""
    page = Page(
        deck,
        "Avoided cost",
        "Avoided cost",
        "The deck gives the cost avoided by 40 fewer entrants in one year only, and by 40 fewer every year. The second "
        "should follow from the first: each year's 40 add another cohort one year later.",
        (27, 16, 12, 12, 12, 13, 14, 13, 13, 13, 16, 12, 17, 12, 12),
    )
    _cohorts(deck, page)
    _other_reading(deck, page)
    _unit_costs(deck, page)
    avoided_chart(page.ws, "A29")
    page.finish("C6", last_row=47, pages=1)


def _cohorts(deck: Deck, page: Page) -> None:
    """Write the recurring path that follows from one cohort, and the cohort that the printed path needs."""
    at = page.at
    page.section(4, "One cohort, and a cohort every year (£m)")
    page.header(
        5,
        (
            "Financial year",
            "Source",
            "One cohort, printed",
            "Printed, lowest",
            "Printed, highest",
            "Entrants avoided each year",
            "Cohort, relative to the first",
            "A cohort every year, recomputed",
            "Recomputed, lowest",
            "Recomputed, highest",
            "A cohort every year, printed",
            "Difference",
            "One cohort that the printed figures need",
            "Needed, lowest",
            "Needed, highest",
        ),
        54,
    )
    for i, (year, key) in enumerate(zip(YEARS, KEYS, strict=True)):
        r, k = 6 + i, i + 1
        once, again = f"one_off_{key}", f"recurring_{key}"
        needed = [deck.cell(again, "low"), deck.cell(again, "high")]
        if i:
            before = f"recurring_{KEYS[i - 1]}"
            needed = [f"({s}-{deck.cell(before, p)})" for s, p in zip(needed, ("high", "low"), strict=True)]
        page.line(
            r,
            [
                (year, LABEL, None),
                (f"{deck.figures[once].source}, {deck.figures[again].source}", SOURCE, None),
                (deck.link(once), CALC, deck.printed_format(once)),
                (deck.link(once, "low"), CALC, M3),
                (deck.link(once, "high"), CALC, M3),
                (deck.link("entrants_recurring"), CALC, N0),
                (f"=F{r}/{deck.cell('entrants_one_off')}", CALC, N2),
                (f"=INDEX(CSC_AVOIDED_COST_RECURRING($C$6:$C$8,$G$6:$G$8),{k})", OUT, M2),
                (f"=INDEX(CSC_AVOIDED_COST_RECURRING($D$6:$D$8,$G$6:$G$8),{k})", CALC, M3),
                (f"=INDEX(CSC_AVOIDED_COST_RECURRING($E$6:$E$8,$G$6:$G$8),{k})", CALC, M3),
                (deck.link(again), CALC, deck.printed_format(again)),
                (f"=H{r}-K{r}", CALC, M2),
                (f"=INDEX(CSC_COHORT_PROFILE($K$6:$K$8,$G$6:$G$8),{k})", OUT, M2),
                *((f"={side}/G{r}", CALC, M3) for side in needed),
            ],
        )
        deck.result(
            f"C{14 + i}", again, recomputed=at(f"H{r}"), low=at(f"I{r}"), high=at(f"J{r}"), other=at(f"K{14 + i}")
        )
        if i:
            deck.result(f"C{16 + i}", once, recomputed=at(f"M{r}"), low=at(f"N{r}"), high=at(f"O{r}"))
        back = f"INDEX(CSC_COHORT_PROFILE({at('H6:H8')},{at('G6:G8')}),{k})"
        deck.check("Avoided cost", f"{year}: one cohort from the recurring path, and back", back, at(f"C{r}"))
        forth = f"INDEX(CSC_AVOIDED_COST_RECURRING({at('M6:M8')},{at('G6:G8')}),{k})"
        deck.check("Avoided cost", f"{year}: recurring path from the implied cohort, and back", forth, at(f"K{r}"))
    page.line(
        9,
        [
            ("Three years", TOTAL + " label", None),
            (None, TOTAL, None),
            *((f"=SUM({c}6:{c}8)", TOTAL, M3 if c != "C" else M2) for c in "CDE"),
        ],
    )
    deck.result("C19", recomputed=at("C9"), low=at("D9"), high=at("E9"))


def _other_reading(deck: Deck, page: Page) -> None:
    """Write the same with the plan's 1.0 as the first year."""
    page.section(12, "The same, if the first year is the plan's 1.0 and not '£1m' to the nearest million (£m)")
    page.header(
        13,
        (
            "Financial year",
            "Source",
            "One cohort, printed",
            "Printed, lowest",
            "Printed, highest",
            "A cohort every year, recomputed",
            "Recomputed, lowest",
            "Recomputed, highest",
            "A cohort every year, printed",
            "What rounding can hide",
            "Arithmetic alone",
        ),
        42,
    )
    for i, (year, key) in enumerate(zip(YEARS, KEYS, strict=True)):
        r, again = 14 + i, f"recurring_{key}"
        once = f"one_off_{key}" if i else f"plan_demand_{key}"
        page.line(
            r,
            [
                (year, LABEL, None),
                (deck.figures[once].source, SOURCE, None),
                (deck.link(once), CALC, deck.printed_format(once)),
                (deck.link(once, "low"), CALC, M3),
                (deck.link(once, "high"), CALC, M3),
                *(
                    (
                        f"=INDEX(CSC_AVOIDED_COST_RECURRING(${c}$14:${c}$16,$G$6:$G$8),{i + 1})",
                        OUT if c == "C" else CALC,
                        f,
                    )
                    for c, f in (("C", M2), ("D", M3), ("E", M3))
                ),
                (deck.link(again), CALC, deck.printed_format(again)),
                (f"={deck.cell(again, 'half')}+MAX(H{r}-F{r},F{r}-G{r})", CALC, M3),
                (f"=CSC_TIES(I{r},F{r},{deck.cell(again, 'dp')},MAX(H{r}-F{r},F{r}-G{r}))", CHECK, None),
            ],
        )


def _unit_costs(deck: Deck, page: Page) -> None:
    """Write what a child's year in care would have to cost for the stated savings to be right."""
    page.section(19, "What one child's year in care must cost for the stated saving to be right (£)")
    page.header(
        20,
        (
            "Saving",
            "Source",
            "Saving (£)",
            "Saving, lowest",
            "Saving, highest",
            "Fewer children each month",
            "Phasing",
            "Months saved, on average",
            "Child-months in the year",
            "Cost of a child's year (£)",
            "Cost, lowest",
            "Cost, highest",
            "A week (£)",
        ),
        42,
    )
    saved = ("Months_saved_start", "Months_saved_mid", "Months_saved_end")
    deck.check(
        "Avoided cost", "Months saved: start and end average to the middle", f"AVERAGE({saved[0]},{saved[2]})", saved[1]
    )
    deck.check("Avoided cost", "Months saved: start and end make a year", f"{saved[0]}+{saved[2]}", "Months_in_year")
    r = 21
    for key, item, saving, source in (
        (4, "4 net children a month", "saving_first", "D207-D208"),
        (7, "Extra 2 a month", "saving_extra", "D207, D211-D212"),
    ):
        children = (
            deck.link("net_month_target") + f"-{deck.cell('net_month_first')}"
            if key == 7
            else deck.link("net_month_first")
        )
        for j, phase in enumerate(("start", "mid", "end")):
            page.line(
                r,
                [
                    (item, LABEL, None),
                    (source, SOURCE, None),
                    *((f"={deck.cell(saving, p)}*Pounds_per_thousand", CALC, POUND) for p in ("value", "low", "high")),
                    (children, CALC, N0),
                    (f"{phase} of month" if phase != "mid" else "mid-month", SOURCE, None),
                    (f"=Months_saved_{phase}", CALC, N1),
                    (f"=F{r}*Months_in_year*H{r}", CALC, N0),
                    (f"=CSC_IMPLIED_UNIT_COST(C{r},I{r})", OUT, POUND),
                    (f"=CSC_IMPLIED_UNIT_COST(D{r},I{r})", CALC, POUND),
                    (f"=CSC_IMPLIED_UNIT_COST(E{r},I{r})", CALC, POUND),
                    (f"=J{r}*Days_in_week/Days_in_year", CALC, number_format("£", 2)),
                ],
            )
            where = {k: page.at(f"{c}{r}") for k, c in (("recomputed", "J"), ("low", "K"), ("high", "L"))}
            deck.result(f"C{key + j:02d}", **where)
            paid = f"{page.at(f'J{r}')}*{page.at(f'I{r}')}/Months_in_year"
            deck.check("Avoided cost", f"{item}, {phase}: unit cost x child-months = saving", paid, page.at(f"C{r}"))
            r += 1
