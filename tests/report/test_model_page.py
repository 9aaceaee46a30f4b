"""The page a director reads: what it says, that its numbers are the model's, and that it stays a page."""

import re
from dataclasses import replace

import numpy as np
import pytest
from model.demand.given import totals

from xlmodel.model.demand.parameters import Dated, DatedValue
from xlmodel.model.demand.results import Check
from xlmodel.model.demand.study import study
from xlmodel.report.escape import SUBSTITUTES
from xlmodel.report.findings import claim, stock_finding
from xlmodel.report.model_page import model_page
from xlmodel.report.page_layout import Columns


@pytest.fixture(scope="module")
def page(studied):
    return model_page(studied)


def rows(page, name):
    """Return the numbers of every row of that name."""
    return [line.split()[-2:] for line in page.splitlines() if line.strip().startswith(name)]


def test_it_is_one_page(page):
    lines = page.splitlines()
    assert len(lines) <= 75
    assert max(map(len, lines)) <= 100
    assert lines == [line.rstrip() for line in lines]


def test_the_years_have_the_models_numbers(page, studied):
    years = studied.shown.years
    assert rows(page, "The plan ")[:3] == [
        [f"{x:.0f}" for x in years.closing],
        [f"{x:.1f}" for x in years.rate],
        [f"{x / 1e6:.2f}" for x in years.cost],
    ]
    assert rows(page, "Children who cease") == [[f"{x:.0f}" for x in years.ceases]]


def test_what_is_avoided_adds_up_on_the_page(page):
    (gross,), (legal,), (support,), (invested,), net, *_ = (
        [[float(x) for x in row] for row in rows(page, name)]
        for name in ("Placements  ", "Care proceedings", "Support in place", "Investment", "Net  ")
    )
    assert np.allclose(np.sum([gross, legal, support, invested], axis=0), net[0], atol=0.025)
    parts = [rows(page, name)[0] for name in ("cashable", "avoids growth", "neither")]
    assert np.allclose(np.array(parts, float).sum(axis=0), net[0], atol=0.02)


def test_the_first_sentence_is_the_finding(page, studied):
    assert f"- {stock_finding(studied.run, studied.shown)}." in page
    assert "487 children in March 2024 become 431 in March 2026; 539 in the baseline." in page


def test_a_claim_above_its_ceiling_is_said_in_words(overclaimed):
    page = " ".join(model_page(overclaimed).split())
    made = claim(overclaimed.run)
    assert made.above_ceiling[-1] > 0
    assert f"the claim of £{made.claimed[-1] / 1e6:.2f}m is above £{made.ceiling[-1] / 1e6:.2f}m" in page
    assert "and could never give more than" in page
    assert re.search(r"! Children claimed more often than the flows avoid them: 40 in 2024/25", page)
    assert "NO TIE" in page


def test_a_claim_below_its_ceiling_is_not_accused(page):
    assert "is above" not in page
    assert "claimed more often" not in page


def test_a_stock_that_moves_too_much_for_a_steady_state_is_said(page):
    assert "No steady state: the number of children changes by -12 % in 2025/26." in page


def dated(name, *values):
    starts = (np.datetime64(f"{2024 + k}-04-01") for k in range(len(values)))
    return {name: Dated(name, tuple(DatedValue(s, v, "Treasury") for s, v in zip(starts, values, strict=True)))}


def given(study, parameters):
    return replace(study, run=replace(study.run, demand=replace(study.run.demand, parameters=parameters)))


@pytest.mark.parametrize(
    ("most", "said"),
    [
        ((0.05,), "by -12 % in 2025/26."),
        ((0.001,), "by -1 % in 2024/25 and -12 % in 2025/26."),
        ((0.001, 0.2), "by -1 % in 2024/25."),
        ((0.2,), None),
    ],
)
def test_the_most_that_a_steady_state_allows_is_that_of_the_year(studied, most, said):
    page = " ".join(model_page(given(studied, dated("steady_state_change", *most))).split())
    assert ("No steady state" in page) == (said is not None)
    assert said is None or f"No steady state: the number of children changes {said}" in page


def test_years_beyond_the_worst_are_counted():
    demand = totals(487, [("baseline", [180.0] * 5, {}), ("plan", [20.0] * 5, {})])
    page = " ".join(model_page(study(demand, runs=0)).split())
    assert re.search(
        r"changes by -\d+ % in 20../.., -\d+ % in 20../.. and -\d+ % in 20../.. and by too much in 2", page
    )


def test_a_present_value_stands_apart_from_the_nominal_rows(page, studied):
    worth = studied.shown.avoided.present_value
    line = f"  Present value, 2024/25 prices, 3.5 % a year: £{worth / 1e6:.2f}m on 1 April 2024."
    assert line in page.splitlines()
    assert worth < studied.shown.avoided.net.sum()


def test_a_rate_that_changes_is_shown_as_a_span(studied):
    more = studied.run.demand.parameters | dated("discount_rate", 0.035, 0.0325)
    assert "2024/25 prices, 3.25 to 3.5 % a year:" in model_page(given(studied, more))


def test_no_present_value_is_shown_where_none_is_asked_for(studied, baseline_only):
    assert "Present value" not in model_page(given(studied, dated("steady_state_change", 0.05)))
    assert "Present value" not in model_page(baseline_only)


def test_the_chance_of_ending_inside_budget_is_never_rounded_to_certainty(studied):
    def shown(inside):
        fan = replace(studied.fan, inside=np.array([inside, np.nan]))
        (row,) = rows(model_page(replace(studied, fans={"plan": fan})), "Chance of ending")
        return row

    assert shown(0.0) == ["%", "n/a"]
    assert "< 1 %" in model_page(replace(studied, fans={"plan": replace(studied.fan, inside=np.array([0.001, 0.5]))}))
    assert "> 99 %" in model_page(replace(studied, fans={"plan": replace(studied.fan, inside=np.array([0.999, 0.5]))}))


def test_identities_that_do_not_hold_forbid_the_figures(studied):
    broken = (*studied.run.checks, Check("opening + starts - ceases = closing", "plan", 2.5, 1e-9, "2024-07"))
    page = model_page(replace(studied, run=replace(studied.run, checks=broken)))
    assert f"1 of {len(broken)} identities do not hold; do not use these figures" in page
    assert "! opening + starts - ceases = closing (plan and 2024-07): missed by 2.5" in page


def test_a_baseline_alone_has_no_comparison_and_no_claim(baseline_only):
    page = model_page(baseline_only)
    assert "1. What the flows give" in page
    for absent in ("2. Avoided", "3. The plan", "4. Budget", "5. How sure", "held against"):
        assert absent not in page


def test_a_missing_table_of_weights_is_said(studied):
    run = studied.run
    unweighted = replace(run.plan, weighted=np.full_like(run.plan.weighted, np.nan))
    page = model_page(replace(studied, run=replace(run, plan=unweighted)))
    assert "Not weighted: no table of weights is signed off." in page


def test_flows_that_are_not_known_are_not_guessed(studied):
    shown, unknown = studied.shown, np.full(2, np.nan)
    years = replace(shown.years, starts=unknown, ceases=unknown)
    avoided = replace(shown.avoided, net=unknown, entrants=unknown, present_value=np.nan)
    result = replace(shown, years=years, avoided=avoided)
    run = replace(studied.run, results=studied.run.results | {"plan": result})
    page = model_page(replace(studied, run=run, shown=result, left_out=("plan was not simulated: no starts",)))
    assert rows(page, "Children who cease") == [["n/a", "n/a"]]
    assert "the net is not known, as starts are not." in page
    assert "Present value, 2024/25 prices, 3.5 % a year: n/a on 1 April 2024." in page
    assert "! plan was not simulated: no starts." in page
    assert "nothing to hold against each other" in " ".join(page.split())


def test_nothing_is_shown_as_minus_zero_or_nan(page):
    assert not re.search(r"-0(\.0+)?(?![\d.])", page)
    assert "nan" not in page.lower().replace("finance", "")


def test_names_from_the_inputs_cannot_act_on_a_terminal_or_break_the_page(studied):
    result = studied.run.results["plan"]
    evil = replace(result, scenario=replace(result.scenario, label="\x1b[31m" + "long name " * 30))
    run = replace(studied.run, results=studied.run.results | {"plan": evil})
    page = model_page(replace(studied, run=run, shown=evil))
    assert "\x1b" not in page
    assert max(map(len, page.splitlines())) <= 100


def test_a_console_without_the_pound_sign_shows_all_of_it(page):
    plain = page.encode("ascii", SUBSTITUTES).decode()
    assert "GBP 48.89m" in plain
    assert "\\x" not in plain
    assert "\\u" not in plain


def test_numbers_stand_under_their_years(page):
    lines = page.splitlines()
    heading = next(line for line in lines if line.startswith("1. "))
    for name in ("Children on 31 March: baseline", "Net  ", "Verdict", "Chance of ending"):
        assert len(next(line for line in lines if line.strip().startswith(name))) == len(heading)


@pytest.mark.parametrize(("years", "shown"), [(1, [0]), (5, [0, 1, 2, 3, 4]), (8, [0, 1, 2, 3, 7])])
def test_the_years_that_fit_and_the_last(years, shown):
    columns = Columns(tuple(f"{2024 + k}/{25 + k}" for k in range(years)))
    assert columns.shown == shown
    assert columns.left_out == years - len(shown)
    assert len(columns.row("x", np.arange(years) * 1e6, lambda x: f"{x:,.0f}")) <= 100
