"""The sheet Children and money: what the flows of children support in pounds, beside what is claimed."""

from __future__ import annotations

from workbooks.southampton.charts import claims_chart
from workbooks.southampton.page import Content, Deck, Page
from workbooks.southampton.sheets_cohort import KEYS, YEARS
from workbooks.southampton.style import CALC, CHECK, LABEL, M2, M3, N0, N2, N3, OUT, POUND, SOURCE, TOTAL, number_format

__all__ = ["children_and_money"]

FORECAST = tuple(zip(YEARS[2:], KEYS[2:], strict=True))
WEEKLY, SHARE = number_format("£", 2), number_format("number", 4)
ONCE, EVERY, TABLE, COURT, TIMING = 17, 25, 48, 55, 62  #: the first row of each table

Cells = list[tuple[Content, str, str | None] | None]


def children_and_money(deck: Deck) -> None:
    """Write the sheet, from the price of a child-week to the claims held against the flows."""
    page = Page(
        deck,
        "Children and money",
        "Children and money",
        "Holds the claims against the deck's own flows of children: how long the children who do not enter would have "
        "stayed, times what a child's week costs. What is claimed beyond that needs longer stays or dearer placements "
        "than the deck shows.",
        (45, 17, 13.5, 13.5, 13.5, 13.5, 13.5, 13.5, 13.5, 13.5, 13.5),
    )
    _price(deck, page)
    _stays(deck, page)
    _one_cohort(deck, page)
    _every_year(deck, page)
    claims_chart(page.ws, "A30", EVERY)
    _cohort_table(deck, page)
    _proceedings(deck, page)
    _timing(deck, page)
    page.finish("C4", area=f"A1:K28,A30:K{TIMING + 1}")


def _price(deck: Deck, page: Page) -> None:
    """Write what a child in care costs a week, and why the weekly spend fell."""
    at = page.at
    page.section(4, "What a child in care costs a week (£)")
    page.header(
        5,
        (
            *("Date", "Source", "Weekly spend", "Children in care", "A child-week"),
            *("Change by number of children", "Change by mix and prices", "Change in weekly spend"),
        ),
        44,
    )
    lines = (
        (6, "Spend of May 2022, children of March 2022", "weekly_spend_22_05", "stock_mar_22"),
        (7, "8 March 2024: the price used below", "weekly_spend_24_03", "children_24_03"),
    )
    for r, item, spend, children in lines:
        page.line(
            r,
            [
                (item, LABEL, None),
                (deck.sources(children, spend), SOURCE, None),
                (deck.link(spend), CALC, POUND),
                (deck.link(children), CALC, N0),
                (f"=CSC_COST_PER_CHILD_WEEK(C{r},D{r})", OUT, WEEKLY),
            ],
        )
    why = "INDEX(CSC_PRICE_VOLUME_MIX(D6,D7,E6,E7),{})"
    page.line(
        7,
        [
            (f"={why.format(1)}", CALC, POUND),
            (f"={why.format(2)}+{why.format(3)}", CALC, POUND),
            ("=C7-C6", CALC, POUND),
        ],
        6,
    )
    page.note(8, "The deck prints no spend by placement, so mix and prices cannot be told apart.")
    deck.name("Price_child_week", at("E7"))
    deck.check(
        "Children and money", "Weekly spend: number + mix and prices = change", f"{at('F7')}+{at('G7')}", at("H7")
    )


def _stays(deck: Deck, page: Page) -> None:
    """Write at what rate children leave, as two places of the deck imply it."""
    page.section(10, "How long a child stays")
    page.header(
        11, ("Implied by", "Source", "First figure", "Second figure", "Leaving, rate a year", "Mean stay (years)"), 32
    )
    lines: tuple[tuple[str, str, Cells], ...] = (
        (
            "Second and third year of one cohort: used below",
            deck.sources("one_off_25_26", "one_off_26_27"),
            [
                (deck.link("one_off_25_26"), CALC, deck.printed_format("one_off_25_26")),
                (deck.link("one_off_26_27"), CALC, deck.printed_format("one_off_26_27")),
                ("=LN(C12/D12)", OUT, SHARE),
                (f"=CSC_MEAN_STAY({deck.cell('entrants_one_off')},{deck.cell('entrants_one_off')}*E12)", OUT, N2),
            ],
        ),
        (
            "Leaving care 2024/25 over the average in care",
            deck.sources("ceases_24_25"),
            [
                ("='Cohort flows'!E8", CALC, N0),
                ("='Cohort flows'!K8", CALC, number_format("number", 1)),
                ("=CSC_EXIT_RATE(C13,D13)", CALC, SHARE),
                ("=CSC_MEAN_STAY(D13,C13)", CALC, N2),
            ],
        ),
    )
    for r, (item, source, cells) in enumerate(lines, 12):
        page.line(r, [(item, LABEL, None), (source, SOURCE, None), *cells])
    for name, cell in (("Exit_rate_implied", "E12"), ("Mean_stay_implied", "F12"), ("Exit_rate_table", "E13")):
        deck.name(name, page.at(cell))


def _cohort_cost(deck: Deck, rate: str) -> str:
    """Return the formula, without its equals sign, of what one year's entrants avoid at a rate of leaving, in £."""
    entrants = deck.cell("entrants_one_off")
    return f"CSC_AVOIDED_COST_COHORT({entrants},{rate},Placement_mix,$F${ONCE},Price_rise,Years_shown)"


def _one_cohort(deck: Deck, page: Page) -> None:
    """Write the child-years that one year's avoided entrants would have spent in care, and their cost."""
    at, entrants = page.at, deck.cell("entrants_one_off")
    page.section(ONCE - 2, "40 fewer entrants in 2024/25 only")
    page.header(
        ONCE - 1,
        (
            *("Financial year", "Source", "Years since the year of entry", "Share still in care after so long"),
            *("Child-years avoided", "A child's year (£)", "Supported by the flows (£m)", "Claimed (£m)"),
            *("Claimed less supported", "Child-week that the claim needs (£)"),
        ),
        44,
    )
    for i, (year, key) in enumerate(FORECAST):
        r, claim = ONCE + i, f"one_off_{key}"
        page.line(
            r,
            [
                (year, LABEL, None),
                (deck.sources("entrants_one_off", claim), SOURCE, None),
                *_time(r),
                (f"=CSC_COHORT_CHILD_YEARS({entrants},Exit_rate_implied,C{r})", OUT, N3),
                (f"=CSC_WEEK_TO_YEAR(Price_child_week,A{r})", CALC, POUND),
                (f"=INDEX({_cohort_cost(deck, 'Exit_rate_implied')},{i + 1})/Pounds_per_million", OUT, M2),
                (deck.link(claim), CALC, deck.printed_format(claim)),
                (f"=H{r}-G{r}", CALC, M2),
                (_needed(f"H{r}", f"E{r}"), CALC, WEEKLY),
            ],
        )
        most = f"MAX({at(f'E{r}')},{entrants})"
        deck.check("Children and money", f"{year}: no more child-years than entrants", most, entrants)
    later, last, first = ONCE + 3, ONCE + 2, ONCE
    page.line(
        later,
        [
            ("Every year after that", LABEL, None),
            (None, SOURCE, None),
            *_time(later),
            (f"=CSC_COHORT_CHILD_YEARS({entrants},Exit_rate_implied,C{later})/(D{first}-D{first + 1})", CALC, N3),
            (None, CALC, None),
            (f"=E{later}*F{first}/Pounds_per_million", CALC, M2),
        ],
    )
    page.line(
        later + 1,
        [
            ("Whole stays", TOTAL + " label", None),
            *[(None, TOTAL, None)] * 3,
            (f"=SUM(E{first}:E{later})", TOTAL, N3),
            (None, TOTAL, None),
            (f"=SUM(G{first}:G{later})", TOTAL, M2),
        ],
    )
    whole = "Child-years of whole stays = entrants x mean stay"
    deck.check("Children and money", whole, at(f"E{later + 1}"), f"{entrants}*Mean_stay_implied")
    deck.check(
        "Children and money",
        "Third over second year: child-years as claimed",
        f"{at(f'E{last}')}/{at(f'E{first + 1}')}",
        f"{at(f'H{last}')}/{at(f'H{first + 1}')}",
    )


def _time(r: int) -> Cells:
    """Return years since entry, counted from the rows above, and who is still in care after so long."""
    return [(f"=COUNT(C${ONCE - 1}:C{r - 1})", CALC, N0), (f"=CSC_SURVIVAL_EXP(Exit_rate_implied,C{r})", CALC, N3)]


def _needed(claim: str, child_years: str) -> str:
    """Return the formula of the price of a child-week at which a claim in £m is what its child-years cost."""
    year = f"CSC_IMPLIED_UNIT_COST({claim}*Pounds_per_million,{child_years}*Months_in_year)"
    return f"={year}*Days_in_week/Days_in_year"


def _every_year(deck: Deck, page: Page) -> None:
    """Write what 40 fewer entrants every year avoid, beside the claim and the ceiling."""
    at, first = page.at, EVERY
    page.section(EVERY - 2, "40 fewer entrants every year (£m)")
    page.header(
        EVERY - 1,
        (
            *("Financial year", "Source", "Cohort, relative to the first", "Child-years avoided, all cohorts"),
            *("Supported by the flows", "Claimed", "Claimed less supported", "Ceiling, if it went on for ever"),
            *("Claimed less ceiling", "Child-week that the claim needs (£)", "Supported, at the cohort table's stay"),
        ),
        44,
    )
    for i, (year, key) in enumerate(FORECAST):
        r, claim = EVERY + i, f"recurring_{key}"
        cohorts = f"$C${first}:$C${first + 2}"
        pairs = [f"E{ONCE + j}*C{first + i - j}" for j in range(i + 1)]
        page.line(
            r,
            [
                (year, LABEL, None),
                (deck.sources("entrants_recurring", claim), SOURCE, None),
                (f"='Avoided cost'!G{6 + i}", CALC, N2),
                ("=" + "+".join(pairs), CALC, N3),
                (f"=INDEX(CSC_AVOIDED_COST_RECURRING($G${ONCE}:$G${ONCE + 2},{cohorts}),{i + 1})", OUT, M2),
                (deck.link(claim), CALC, deck.printed_format(claim)),
                (f"=F{r}-E{r}", OUT, M2),
                (_ceiling(deck, f"C{r}"), OUT, M2),
                (f"=F{r}-H{r}", CALC, M2),
                (_needed(f"F{r}", f"D{r}"), CALC, WEEKLY),
                (
                    f"=INDEX(CSC_AVOIDED_COST_RECURRING({_cohort_cost(deck, 'Exit_rate_table')},{cohorts}),{i + 1})"
                    "/Pounds_per_million",
                    CALC,
                    M2,
                ),
            ],
        )
        _bounded(deck, page, f"{year}, 40 every year", f"E{r}", f"H{r}")
        cost = f"{at(f'D{r}')}*{at(f'F{ONCE}')}/Pounds_per_million"
        deck.check("Children and money", f"{year}: supported = child-years x a child's year", at(f"E{r}"), cost)
    page.note(
        EVERY + 3,
        "Supported: child-years at the price of 8 March 2024. Ceiling: a year's entrants, for the whole of the mean "
        "stay. Proceedings stand below; the deck gives no cost of the programme or of support in place of care. A "
        "claim above the ceiling is no proof of an error: dearer placements or longer stays could explain it, but the "
        "deck gives figures for neither.",
    )


def _ceiling(deck: Deck, cohort: str) -> str:
    entrants = deck.cell("entrants_one_off")
    return f"={cohort}*{entrants}*Mean_stay_implied*$F${ONCE}/Pounds_per_million"


def _bounded(deck: Deck, page: Page, item: str, supported: str, ceiling: str) -> None:
    """Ask for the check that what is supported stays below the ceiling."""
    most = f"MAX({page.at(supported)},{page.at(ceiling)})"
    deck.check("Children and money", f"{item}: supported is below the ceiling", most, page.at(ceiling))


def _cohort_table(deck: Deck, page: Page) -> None:
    """Write the same with the entrants of the cohort table, beside the savings plan's demand row."""
    first, base = TABLE, "starts_23_24"
    page.section(TABLE - 2, "The cohort table's entrants, against as many as in 2023/24 every year (£m)")
    page.header(
        TABLE - 1,
        (
            *("Financial year", "Source", "Entrants as in 2023/24", "Entrants, cohort table", "Fewer entrants"),
            *(
                "Cohort, relative to the first 40",
                "Supported by the flows",
                "Demand row of the plan",
                "Plan less supported",
            ),
            *("Ceiling, if it went on for ever", "Plan less ceiling"),
        ),
        44,
    )
    for i, (year, key) in enumerate(FORECAST):
        r, claim = TABLE + i, f"plan_demand_{key}"
        fewer = f"CSC_AVOIDED_ENTRANTS($C${first}:$C${first + 2},$D${first}:$D${first + 2})"
        page.line(
            r,
            [
                (year, LABEL, None),
                (deck.sources(base, f"starts_{key}", claim), SOURCE, None),
                (deck.link(base), CALC, N0),
                (deck.link(f"starts_{key}"), CALC, N0),
                (f"=INDEX({fewer},{i + 1})", CALC, N0),
                (f"=E{r}/{deck.cell('entrants_one_off')}", CALC, N2),
                (
                    f"=INDEX(CSC_AVOIDED_COST_RECURRING($G${ONCE}:$G${ONCE + 2},$F${first}:$F${first + 2}),{i + 1})",
                    OUT,
                    M2,
                ),
                (deck.link(claim), CALC, deck.printed_format(claim)),
                (f"=H{r}-G{r}", OUT, M2),
                (_ceiling(deck, f"F{r}"), OUT, M2),
                (f"=H{r}-J{r}", CALC, M2),
            ],
        )
        _bounded(deck, page, f"{year}, cohort table", f"G{r}", f"J{r}")
    page.note(
        TABLE + 3,
        "The table's entrants fall further each year, so this is another programme than 40 fewer every year. A year's "
        "ceiling: its fewer entrants, for ever. Entrants only, as in the forecasts (D263-D264): children who leave "
        "sooner would come on top.",
    )


def _proceedings(deck: Deck, page: Page) -> None:
    """Write the court proceedings that 40 fewer entrants every year avoid."""
    at, entrants = page.at, deck.cell("entrants_one_off")
    page.section(COURT - 2, "Court proceedings avoided by 40 fewer entrants every year (£k)")
    page.header(
        COURT - 1,
        (
            *("Financial year", "Source", "Fewer entrants", "A case (£)", "In the year of entry", "In the year after"),
            *("Falls in the year", "Claimed", "Supported, with these (£m)", "Claimed in all (£m)"),
            "Claimed less supported (£m)",
        ),
        44,
    )
    case = f"{deck.cell('saving_legal')}*Pounds_per_thousand/({entrants}*Proceedings_share)"
    for i, (year, key) in enumerate(FORECAST):
        r, claim = COURT + i, f"recurring_{key}"
        avoided = f"CSC_LEGAL_AVOIDED(C{r},Proceedings_share,D{r},Proceedings_lag)"
        page.line(
            r,
            [
                (year, LABEL, None),
                (deck.sources("saving_legal", "entrants_recurring", claim), SOURCE, None),
                (deck.link("entrants_recurring"), CALC, N0),
                (f"={case}", CALC, POUND),
                *((f"=INDEX({avoided},{k})/Pounds_per_thousand", CALC, number_format("£k", 0)) for k in (1, 2)),
                (f"=E{r}+F{r - 1}" if i else f"=E{r}", OUT, number_format("£k", 0)),
                (deck.link("saving_legal") if not i else "–", CALC, number_format("£k", 0)),
                (f"=E{EVERY + i}+G{r}/Thousands_per_million", OUT, M2),
                (deck.link(claim), CALC, deck.printed_format(claim)),
                (f"=J{r}-I{r}", CALC, M2),
            ],
        )
        whole = f"{at(f'C{r}')}*Proceedings_share*{at(f'D{r}')}/Pounds_per_thousand"
        both = f"{at(f'E{r}')}+{at(f'F{r}')}"
        deck.check("Children and money", f"{year}: proceedings of both years = entrants x share x case", both, whole)
    page.note(
        COURT + 3,
        "The deck claims this once, in 2024/25, and may count it within that year's £1m (D209-D213). As long as fewer "
        "children enter, fewer cases are issued in every year.",
    )


def _timing(deck: Deck, page: Page) -> None:
    """Write the staffing saving by the day on which it starts."""
    at, annual = page.at, "plan_staffing_25_26"
    page.section(TIMING - 2, "Staffing: a saving that starts within a year (£m)")
    page.header(
        TIMING - 1,
        (
            *("Financial year", "Source", "A full year, printed", "Starts on", "Falls in the year"),
            *("Comes on top the year after", "Plan, printed", "Difference", "What rounding can hide", "Verdict"),
        ),
        32,
    )
    for i, (year, key) in enumerate(FORECAST[:2]):
        r, claim = TIMING + i, f"plan_staffing_{key}"
        hidden = f"{deck.cell(annual, 'half')}*E{r}/C{r}"
        page.line(
            r,
            [
                (year, LABEL, None),
                (deck.sources(annual), SOURCE, None),
                (deck.link(annual), CALC, deck.printed_format(annual)),
                ("=Staffing_start", CALC, number_format("date")),
                (f"=CSC_PART_YEAR(C{r},D{r},A{r})", OUT, M3),
                (f"=CSC_FULL_YEAR_ROLL(C{r},D{r},A{r})", CALC, M3),
                (deck.link(claim), CALC, deck.printed_format(claim)),
                (f"=E{r}-G{r}", CALC, M3),
                (f"={deck.cell(claim, 'half')}+{hidden}", CALC, M3),
                (f"=CSC_TIES(G{r},E{r},{deck.cell(claim, 'dp')},{hidden})", CHECK, None),
            ],
        )
        both = f"{at(f'E{r}')}+{at(f'F{r}')}"
        deck.check("Children and money", f"Staffing, {year}: in the year + on top later = full year", both, at(f"C{r}"))
