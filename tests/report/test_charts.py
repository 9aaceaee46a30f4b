"""The charts: titles that are findings of the run, words for who cannot see them, the same bytes every time."""

import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from xlmodel.report.chart_style import COLOURS, FILLS, LINES, apart, figure, save
from xlmodel.report.charts import model_charts
from xlmodel.report.findings import flows_finding, plan_finding, stock_finding


@pytest.fixture(scope="module")
def charts(studied):
    return {chart.name: chart for chart in model_charts(studied)}


def test_every_chart_is_there(charts):
    assert list(charts) == "stock flows bridge cost difference avoided claim plan tornado".split()


def test_a_baseline_alone_has_the_charts_of_one_scenario(baseline_only):
    assert [chart.name for chart in model_charts(baseline_only)] == ["stock", "flows", "bridge", "cost"]


def test_a_forecast_of_stocks_alone_has_no_charts_of_flows(studied):
    shown, unknown = studied.shown, np.full(2, np.nan)
    years = replace(shown.years, starts=unknown, ceases=unknown)
    result = replace(shown, years=years, avoided=replace(shown.avoided, net=unknown, entrants=unknown))
    run = replace(studied.run, results=studied.run.results | {"plan": result})
    names = [chart.name for chart in model_charts(replace(studied, run=run, shown=result, fans={}, bars=()))]
    assert names == ["stock", "cost", "difference", "plan"]


def test_titles_say_the_finding(charts):
    assert {name: chart.title for name, chart in charts.items()} == {
        "stock": "487 children in March 2024 become 431 in March 2026; 539 in the baseline",
        "flows": "More children cease than start in every year: 242 start and 298 cease, 2024/25 to 2025/26",
        "bridge": "From 487 to 431 children: 242 start and 298 cease; the largest reason: Home (100)",
        "cost": "Placements cost £48.89m in 2024/25 and £48.42m in 2025/26; £54.94m in the baseline",
        "difference": "2025/26 costs £6.52m less than the baseline; the number of children accounts for £7.52m",
        "avoided": "The flows avoid £5.47m net in 2025/26; £0.60m of it takes money out of a budget",
        "claim": "£4.20m is claimed for 2025/26; the flows support £5.47m",
        "plan": "The plan's lines add up to £4.20m in 2025/26, £1.68m once weighted by confidence and risk",
        "tornado": "Net avoided cost, 2024/25 to 2025/26: from £5.91m to £7.67m, depending most on starts",
    }


def test_where_there_is_no_finding_a_title_is_neutral(studied):
    run, shown = studied.run, studied.shown
    level = replace(shown.years, starts=shown.years.ceases, closing=shown.years.opening, opening=shown.years.opening)
    still = replace(shown, years=replace(level, closing=np.full(2, level.opening[0])))
    assert stock_finding(run, still).startswith("487 children in March 2024, and 487 in March 2026;")
    assert flows_finding(run, still) == "298 start and 298 cease, 2024/25 to 2025/26"


def test_a_plan_that_does_not_add_up_and_a_claim_above_its_ceiling_are_in_the_title(overclaimed):
    charts = {chart.name: chart for chart in model_charts(overclaimed)}
    assert charts["claim"].title.endswith("and could never give more than £25.57m")
    assert charts["plan"].title == "2025/26: the lines add up to £42.00m, £12.00m more than the printed total"
    assert plan_finding(overclaimed.run, overclaimed.run.plan) == charts["plan"].title


def test_the_words_of_a_chart_have_its_numbers(charts):
    for chart in charts.values():
        assert len(chart.alt) > 40
        assert "\n" not in chart.alt
    assert "The plan: 487 in March 2024, then 484 and 431 at the end of each financial year." in charts["stock"].alt
    assert "Actual, March 2023: 539." in charts["stock"].alt
    assert "2025/26: claimed 4.20, supported 5.47, ceiling 25.57." in charts["claim"].alt


def test_the_same_chart_has_the_same_bytes_whatever_the_users_settings(charts, tmp_path):
    name, first, second = "plan", tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    save(charts[name], first)
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "black", "svg.hashsalt": "other"}):
        save(charts[name], second)
        assert mpl.rcParams["font.size"] == 30
    for file in (f"{name}.png", f"{name}.svg"):
        assert (first / file).read_bytes() == (second / file).read_bytes()


def test_a_picture_is_as_wide_as_a_page_of_text_and_says_what_it_is(charts, tmp_path):
    png, svg = save(charts["flows"], tmp_path)
    with Image.open(tmp_path / png) as picture:
        assert picture.width == pytest.approx(16 / 2.54 * 200, abs=1)
        assert picture.text["Title"] == charts["flows"].title
        assert picture.text["Description"] == charts["flows"].alt
    title = ElementTree.parse(tmp_path / svg).getroot().find("{http://www.w3.org/2000/svg}title")
    assert title.text == charts["flows"].title


def test_nothing_is_written_beyond_the_edge(charts):
    for chart in charts.values():
        drawn = figure(chart)
        width, height = drawn.bbox.width, drawn.bbox.height
        renderer = drawn.canvas.get_renderer()
        (axes,) = drawn.axes
        low, high = axes.get_xlim()
        ticks = [t for t in axes.get_xticklabels() if low <= t.get_position()[0] <= high]
        texts = [*drawn.texts, *axes.texts, *ticks]
        for text in (t for t in texts if t.get_text()):
            box = text.get_window_extent(renderer)
            inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height
            assert inside, f"{chart.name}: {text.get_text()!r}"


def test_series_differ_without_colour():
    assert len({(look.line, look.marker) for look in LINES}) == len(LINES)
    assert len({look.marker for look in LINES}) == len(LINES)
    assert len(set(FILLS)) == len(FILLS)
    okabe_ito = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442"}
    assert set(COLOURS.values()) - {COLOURS["grey"]} == okabe_ito


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=8), st.floats(0.1, 100))
def test_labels_are_kept_apart_in_their_order(places, gap):
    moved = apart(places, gap)
    order = np.argsort(places, kind="stable")
    assert (np.diff(np.array(moved)[order]) >= gap * (1 - 1e-9) - 1e-9).all()
    assert np.mean(moved) == pytest.approx(np.mean(places), abs=1e-6)
