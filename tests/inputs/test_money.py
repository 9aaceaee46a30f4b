"""Dated prices and populations, for every day they are needed."""

import pytest
from inputs.given import SMALL, edited, frames, more, new, row

from xlmodel.inputs.project import project_from


def prices(*edits):
    return project_from(frames(edited(SMALL, *edits))).demand.price_week


def test_a_price_of_the_past_rises_on_every_1_april_since():
    edits = (
        row("prices.csv", 2, "fostering,2022-10-01,,600,Ledger"),
        new("uplift.csv", "year,rate,source", "2023/24,0.1,Plan", "2024/25,0.05,Plan", "2025/26,0.02,Plan"),
    )
    week = prices(*edits)
    assert week[0, 0] == pytest.approx(600 * 1.1 * 1.05, rel=1e-15)
    assert week[11, 0] == week[0, 0]
    assert week[12, 0] == pytest.approx(600 * 1.1 * 1.05 * 1.02, rel=1e-15)
    assert week[:, 1].tolist() == [5800] * 12 + [5916] * 12  # dated 1 April 2024, which that year's rise is in


def test_a_new_price_takes_over_on_its_day_and_starts_without_a_rise():
    edits = (
        more("prices.csv", "fostering,2025-01-16,,700,Ledger"),
        new("uplift.csv", "year,rate,source", "2025/26,0.1,Plan"),
    )
    week = prices(*edits)[:, 0]
    assert week[8] == 620
    assert week[9] == pytest.approx((15 * 620 + 16 * 700) / 31, rel=1e-15)
    assert week[10:12].tolist() == [700, 700]
    assert week[12] == pytest.approx(770, rel=1e-15)


def test_a_price_may_end_where_the_next_begins():
    edits = (
        row("prices.csv", 2, "fostering,2024-04-01,2025-03-31,620,Ledger"),
        more("prices.csv", "fostering,2025-04-01,,650,Ledger"),
    )
    assert prices(*edits)[:, 0].tolist() == [620] * 12 + [650] * 12


def test_one_price_for_all_rises_by_placement():
    edits = (
        new("prices.csv", "from,price_week,source", "2024-04-01,1000,Ledger"),
        new("uplift.csv", "placement,year,rate,source", "fostering,2025/26,0.02,Plan", "residential,2025/26,0.1,Plan"),
    )
    assert prices(*edits)[[11, 12]].tolist() == [[1000, 1000], [1020, 1100]]


def test_a_deflator_ends_with_its_year_and_a_rate_holds_until_the_next():
    rows = (
        "gdp_deflator,2025-04-01,,102,index,T",
        "gdp_deflator,2024-04-01,,100,index,T",
        "discount_rate,2003-01-01,,0.035,a year,T",
    )
    given = project_from(
        frames(edited(SMALL, new("parameters.csv", "name,from,to,value,unit,source", *rows)))
    ).demand.parameters
    assert given["gdp_deflator"].known == "known from 2024-04-01 to 2026-03-31"
    assert given["discount_rate"].known == "known from 2003-01-01 on"


def test_a_deflator_holds_for_longer_where_it_says_so():
    rows = ("gdp_deflator,2024-04-01,2026-03-31,100,index,T", "discount_rate,2024-04-01,,0.035,a year,T")
    demand = project_from(frames(edited(SMALL, new("parameters.csv", "name,from,to,value,unit,source", *rows)))).demand
    assert demand.yearly("gdp_deflator").tolist() == [100, 100]


@pytest.mark.parametrize("year", [1900, 2199])
def test_a_deflator_may_be_of_any_year_there_is(year):
    index = [f"gdp_deflator,{y}-04-01,,100,index,T" for y in (2024, 2025, year)]
    rate = "discount_rate,2024-04-01,,0.035,a year,T"
    files = edited(SMALL, new("parameters.csv", "name,from,to,value,unit,source", rate, *index))
    assert f"to {year + 1}-03-31" in project_from(frames(files)).demand.parameters["gdp_deflator"].known


def test_a_vintage_is_used_where_a_mid_year_has_several():
    edits = (
        more("population.csv", "2024,2018,50100,Projection"),
        more("settings.csv", "population_vintage,2018"),
    )
    assert project_from(frames(edited(SMALL, *edits))).demand.population.tolist() == [50_100, 49_800]
