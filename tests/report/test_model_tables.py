"""The tables of a study: complete, tidy, with units in their columns, and each column explained in the docs."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xlmodel.report.model_tables import model_tables
from xlmodel.report.output_folder import write_table

DOCS = (Path(__file__).parents[2] / "docs" / "demand-model.md").read_text("utf-8")
#: What is a name, a word or a count of nothing, and needs no unit.
NAMES = set(
    "scenario year month placement age reason from_placement to_placement figure period name value low high unit "
    "source owner date line basis confidence risk verdict check holds miss tolerance where assumption input mean "
    "deviation exit_factor from to".split()
)
UNITS = ("_children", "_gbp", "_gbp_per_week", "_per_10k", "_days", "_years", "_fraction")


@pytest.fixture(scope="module")
def tables(studied):
    return model_tables(studied)


def test_every_table_of_the_example_is_there(tables):
    assert set(tables) == set(
        "years months cost ceases moves avoided difference history plan plan_lines budget checks fan tornado "
        "assumptions parameters sources".split()
    )


def test_every_column_has_a_unit_or_is_a_name(tables):
    for name, table in tables.items():
        for column in table:
            assert column in NAMES or column.endswith(UNITS) or re.fullmatch(r"p[\d.]+", column), f"{name}: {column}"


def test_every_table_and_column_is_in_the_docs(tables):
    for name, table in tables.items():
        section = DOCS.partition(f"### `{name}`")[2].partition("\n### ")[0]
        assert section, f"{name} is not in docs/demand-model.md"
        for column in table:
            shown = "p2.5" if re.fullmatch(r"p[\d.]+", column) else column
            assert f"`{shown}`" in section, f"{name}.{column} is not in docs/demand-model.md"


def test_months_add_up_to_years(tables, studied):
    months, years = tables["months"], tables["years"]
    months = months.assign(year=months["month"].map(dict(zip(_months(studied), _years(studied), strict=True))))
    flows = ["starts_children", "ceases_children"]
    sums = months.groupby(["scenario", "year"], sort=False)[flows].sum()
    expected = years.set_index(["scenario", "year"])[flows]
    pd.testing.assert_frame_equal(sums, expected, check_exact=False)


def test_cost_by_placement_adds_up_to_the_years(tables):
    sums = tables["cost"].groupby(["scenario", "year"], sort=False)["cost_gbp"].sum()
    assert np.allclose(sums, tables["years"]["cost_gbp"])


def test_the_difference_from_the_baseline_is_explained(tables):
    t = tables["difference"]
    parts = t["volume_gbp"] + t["mix_gbp"] + t["price_gbp"]
    assert np.allclose(t["baseline_cost_gbp"] + parts, t["cost_gbp"])


def test_the_years_worth_adds_up_to_the_present_value(tables, studied):
    t = tables["avoided"]
    assert np.allclose(t["real_net_gbp"] / t["net_gbp"], [1, 100 / 101.6] * 2)
    for name, sums in t.groupby("scenario")["present_value_gbp"].sum().items():
        assert sums == pytest.approx(studied.run.results[name].avoided.present_value, rel=1e-14)


def test_parameters_are_there_with_their_days_and_sources(tables):
    assert tables["parameters"].to_dict("records")[1] == {
        "name": "gdp_deflator",
        "from": "2024-04-01",
        "to": "2025-03-31",
        "value": 100.0,
        "unit": "2024/25 = 100",
        "source": "HM Treasury deflators of March 2024",
    }


def test_the_fan_has_months_of_stock_and_years_of_the_rest(tables):
    counts = tables["fan"].groupby("figure").size()
    assert counts.to_dict() == {
        "stock_children": 24,
        "starts_children": 2,
        "ceases_children": 2,
        "cost_gbp": 2,
        "inside_budget_fraction": 1,
    }


def test_a_baseline_alone_leaves_out_what_it_does_not_have(baseline_only):
    found = set(model_tables(baseline_only))
    assert found.isdisjoint({"avoided", "difference", "plan", "plan_lines", "budget", "fan", "tornado", "history"})
    assert {"years", "months", "cost", "ceases", "checks"} <= found


def test_both_files_hold_the_same(tables, tmp_path):
    for name, table in tables.items():
        write_table(table, tmp_path, name)
        as_csv = pd.read_csv(tmp_path / f"{name}.csv", keep_default_na=False, na_values={c: [""] for c in table})
        as_parquet = pd.read_parquet(tmp_path / f"{name}.parquet")
        assert list(as_csv) == list(as_parquet) == list(table)
        for column in table.select_dtypes("number"):
            assert np.array_equal(as_csv[column].to_numpy(float), as_parquet[column].to_numpy(float), equal_nan=True)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "=cmd|'/c calc'!A1"])
def test_text_in_a_csv_cannot_act_as_a_formula(tmp_path, text):
    write_table(pd.DataFrame({"line": [text], "amount_gbp": [-5.0]}), tmp_path, "plan_lines")
    cell = (tmp_path / "plan_lines.csv").read_text("utf-8-sig").splitlines()[1]
    assert cell.lstrip('"')[0] in "'\\"
    assert cell.endswith("-5.0")
    assert pd.read_parquet(tmp_path / "plan_lines.parquet")["line"][0] == text


def test_zero_has_no_sign_and_a_missing_number_no_text(tmp_path):
    write_table(pd.DataFrame({"gap_gbp": [-0.0, np.nan]}), tmp_path, "plan")
    assert (tmp_path / "plan.csv").read_bytes() == b'\xef\xbb\xbfgap_gbp\n0.0\n""\n'


def _months(studied):
    return [str(day)[:7] for day in studied.run.demand.months.starts]


def _years(studied):
    months = studied.run.demand.months
    return [months.labels[i] for i in months.year]
