"""The sheet Savings plan: rows against totals, the demand row on three bases, the demand money."""

from __future__ import annotations

from workbooks.southampton.charts import totals_chart
from workbooks.southampton.page import Deck, Page
from workbooks.southampton.style import CALC, CHECK, K1, LABEL, M2, M3, N0, OUT, SOURCE, TOTAL, number_format

__all__ = ["savings_plan"]

YEARS = ("2024/25", "2025/26", "2026/27")
KEYS = ("24_25", "25_26", "26_27")


def savings_plan(deck: Deck) -> None:
    """Write the plan's rows and totals, the demand row on three bases, and the demand-reduction money."""
    page = Page(
        deck,
        "Savings plan",
        "Savings plan",
        "The plan's rows added up against its printed totals, with the most that rounding of rows and total can hide; "
        "then its demand row against the demand slide.",
        (46, 14, 14, 14, 14, 12, 12, 12),
    )
    _totals(deck, page)
    _demand_row(deck, page)
    _demand_money(deck, page)
    totals_chart(page.ws, "A45")
    page.finish("C6", area="A1:H31,A34:H65")


def _totals(deck: Deck, page: Page) -> None:
    """Write the plan's rows and totals."""
    at = page.at
    page.section(4, "The plan (£m)")
    page.header(5, ("Proposal", "Source", *YEARS, *(f"Decimal places {y}" for y in YEARS)), 40)
    kinds = ("demand", "agency", "transport", "staffing", "education", "total")
    for r, kind in zip((6, 7, 8, 9, 10, 12), kinds, strict=True):
        ids = [f"plan_{kind}_{k}" for k in KEYS]
        look = TOTAL if kind == "total" else CALC
        page.line(
            r,
            [
                (deck.figures[ids[0]].item, TOTAL + " label" if kind == "total" else LABEL, None),
                (deck.figures[ids[0]].source, SOURCE, None),
                *((deck.link(i), look, deck.printed_format(i)) for i in ids),
                *((deck.link(i, "dp"), CALC, N0) for i in ids),
            ],
        )
    labels = {
        11: "Sum of the rows",
        13: "Difference",
        14: "What rounding can hide",
        15: "Verdict",
        16: "Lowest sum",
        17: "Highest sum",
    }
    for r, label in labels.items():
        page.put(f"A{r}", label, TOTAL + " label" if r in (11, 15) else LABEL)
        page.put(f"B{r}", None, SOURCE)
    for i, (c, d) in enumerate(zip("CDE", "FGH", strict=True)):
        plan = f"CSC_PLAN_TOTAL({c}$6:{c}$10,{c}$12,{d}$6:{d}$10,{d}$12)"
        first, last = deck.rows[f"plan_demand_{KEYS[i]}"], deck.rows[f"plan_education_{KEYS[i]}"]
        page.put(f"{c}11", f"=INDEX({plan},1)", OUT, M2)
        page.put(f"{c}13", f"=INDEX({plan},2)", CALC, M2)
        page.put(f"{c}14", f"=INDEX({plan},3)", CALC, M3)
        page.put(f"{c}15", f"=INDEX({plan},4)", CHECK)
        page.put(f"{c}16", f"=SUM(Inputs!$K${first}:$K${last})", CALC, M3)
        page.put(f"{c}17", f"=SUM(Inputs!$L${first}:$L${last})", CALC, M3)
        deck.result(
            f"B{i + 1:02d}", f"plan_total_{KEYS[i]}", recomputed=at(f"{c}11"), low=at(f"{c}16"), high=at(f"{c}17")
        )
        deck.check(
            "Savings plan", f"{YEARS[i]}: the rows add up to the sum used", f"SUM({at(f'{c}6:{c}10')})", at(f"{c}11")
        )
        most = f"{deck.cell(f'plan_total_{KEYS[i]}', 'half')}+{at(f'{c}17')}-{at(f'{c}11')}"
        deck.check(
            "Savings plan",
            f"{YEARS[i]}: the most that rounding can hide, from the ranges of the rows",
            most,
            at(f"{c}14"),
        )


def _demand_row(deck: Deck, page: Page) -> None:
    """Write the demand slide on three bases beside the plan's demand row."""
    at = page.at
    page.ws.row_dimensions[18].height = page.ws.row_dimensions[19].height = 6
    page.section(20, "The demand row against the demand slide (£m)")
    page.header(21, ("Basis", "Source", *YEARS), 20)
    slide = [f"slide_{k}" for k in KEYS]
    rows = {
        22: ("Demand slide, as printed: amount in each year", [deck.link(s) for s in slide]),
        23: ("Lowest", [deck.link(s, "low") for s in slide]),
        24: ("Highest", [deck.link(s, "high") for s in slide]),
        25: ("New in each year", _basis("C$22:E$22", "Basis_level", "Basis_new")),
        26: ("Running total, if the slide were added up again", _basis("C$22:E$22", "Basis_level", "Basis_running")),
        27: ("Lowest", _basis("C$23:E$23", "Basis_level", "Basis_running")),
        28: ("Highest", _basis("C$24:E$24", "Basis_level", "Basis_running")),
        29: ("Demand row of the plan, as printed", [deck.link(f"plan_demand_{k}") for k in KEYS]),
        30: ("Slide less plan", [f"={c}22-{c}29" for c in "CDE"]),
        31: ("Amount in each year, back from what is new", _basis("C$25:E$25", "Basis_new", "Basis_level")),
    }
    for r, (label, formulas) in rows.items():
        style = OUT if r in (22, 26) else CALC
        page.line(
            r, [(label, LABEL, None), (_slide_source(deck, r), SOURCE, None), *((f, style, M2) for f in formulas)]
        )
    for i, c in enumerate("CDE"):
        printed = f"plan_demand_{KEYS[i]}"
        deck.result(f"B{9 + i:02d}", printed, recomputed=at(f"{c}22"), low=at(f"{c}23"), high=at(f"{c}24"))
        if i:
            deck.result(f"B{11 + i}", printed, recomputed=at(f"{c}26"), low=at(f"{c}27"), high=at(f"{c}28"))
        deck.check("Savings plan", f"{YEARS[i]}: change of basis and back", at(f"{c}31"), at(f"{c}22"))


def _demand_money(deck: Deck, page: Page) -> None:
    """Write the demand-reduction money of 2024/25."""
    at = page.at
    page.section(34, "Demand-reduction money, 2024/25 (£k)")
    page.header(35, ("Item", "Source", "£k", "Lowest", "Highest", "Decimal places in £k", "Half unit in £k"), 32)
    for r, figure in zip((36, 37, 38), ("saving_first", "saving_extra", "saving_legal"), strict=True):
        page.line(r, [(deck.figures[figure].item, LABEL, None), (deck.figures[figure].source, SOURCE, None)])
        page.line(
            r,
            [
                (deck.link(figure, p), CALC, K1 if p != "value" else number_format("£k", 0))
                for p in ("value", "low", "high")
            ],
            3,
        )
    for r, label, area, figure, key in (
        (39, "All three added up", "36:{0}38", "saving_total", "C01"),
        (41, "The last two added up", "37:{0}38", "saving_additional", "C02"),
    ):
        page.line(r, [(label, TOTAL + " label", None), (None, SOURCE, None)])
        page.line(r, [(f"=SUM({c}{area.format(c)})", OUT if c == "C" else CALC, K1) for c in "CDE"], 3)
        f = deck.figures[figure]
        page.line(
            r + 1,
            [
                (f"{f.item}, printed as {f.printed}", LABEL, None),
                (f.source, SOURCE, None),
                *((f"={deck.cell(figure, p)}*Thousands_per_million", CALC, K1) for p in ("value", "low", "high")),
                (f"={deck.cell(figure, 'dp')}-Digits_thousand_to_million", CALC, N0),
                (f"={deck.cell(figure, 'half')}*Thousands_per_million", CALC, K1),
            ],
        )
        where = {k: at(f"{c}{r}") for k, c in (("recomputed", "C"), ("low", "D"), ("high", "E"))}
        printed = {k: at(f"{c}{r + 1}") for k, c in (("stated", "C"), ("dp", "F"), ("half", "G"))}
        deck.result(key, figure, **where, **printed)


def _basis(area: str, given: str, wanted: str) -> list[str]:
    absolute = ":".join("$" + corner for corner in area.split(":"))
    return [f"=INDEX(CSC_PLAN_BASIS({absolute},{given},{wanted}),{k})" for k in (1, 2, 3)]


def _slide_source(deck: Deck, row: int) -> str | None:
    return {22: "D221-D225", 29: deck.figures["plan_demand_24_25"].source}.get(row)
