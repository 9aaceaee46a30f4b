import math
import re

import pytest
from book_page_sample import HOSTILE, sample_outcome, sample_page
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.report.book_page_chart_data import Plotted, Point
from xlmodel.report.book_page_chart_palette import PALETTE, slots
from xlmodel.report.book_page_chart_parts import Axis, Data, SeriesPart, along_of
from xlmodel.report.book_page_chart_scale import scale
from xlmodel.report.book_page_charts import charts
from xlmodel.report.book_page_subject import Subject

NUMBERS = st.lists(st.floats(-1e12, 1e12).filter(lambda x: x == 0 or abs(x) > 1e-6), min_size=1, max_size=20)


@pytest.fixture(scope="module")
def drawn():
    found, faults = charts(Subject.read(sample_outcome()))
    assert not faults
    return found


def test_charts_come_in_the_order_of_the_sheet_with_their_titles(drawn):
    assert [c.title for c in drawn] == [f"Starts and ceases {HOSTILE}", "Starts against ceases", "Ceases by year"]
    assert [s.name for s in drawn[0].series] == ["Series 2", "Series 3", "Net change"]
    assert drawn[0].categories == ("2022/23", "2023/24", "2024/25")


def test_points_are_the_recalculated_values(drawn):
    net = drawn[0].series[2]
    assert [p.value for p in net.points] == [-21.0, -25.0, -50.0]  # -20 is saved for the first
    assert net.part.axis == 1
    assert [p.value for p in drawn[1].series[0].along] == [198.0, 180.0, 140.0]


def test_axes_keep_their_titles_and_their_ends(drawn):
    scatter = drawn[1].part
    assert (scatter.along.title, scatter.along.least) == ("Starts", None)
    assert [(axis.title, axis.least) for axis in scatter.axes] == [("Ceases", 0.0)]
    assert [axis.title for axis in drawn[0].part.axes] == ["children", ""]


def test_columns_stand_on_the_scale(drawn):
    """The height of a column is in proportion to its value."""
    svg = re.search(r"(?s)<svg [^>]*class=\"plot\".*?</svg>", sample_page())[0]
    columns = re.findall(r'<rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)" class="fill (\w+)"', svg)
    heights = [float(h) for _, h, colour in columns if colour == columns[0][2]]
    assert len(heights) == 3
    assert heights[1] / heights[0] == pytest.approx(180 / 198, abs=0.01)
    assert len({round(float(y) + float(h), 1) for y, h, _ in columns}) == 1  # all on one ground


def test_each_drawing_has_a_text_and_its_figures_in_a_table():
    page = sample_page()
    assert page.count('role="img" aria-label="') == 3
    assert page.count("The figures of this chart") == 3
    assert "A pie or a ring in the workbook, drawn here as bars." in page
    figures = re.search(r"(?s)Figures of Starts and ceases.*?</table>", page)[0]
    assert [">-21<" in figures, ">198<" in figures, ">219<" in figures] == [True] * 3


@given(NUMBERS, st.booleans())
def test_a_scale_holds_its_values_between_round_lines(values, from_zero):
    found = scale(values, Axis(), from_zero=from_zero)
    slack = abs(found.step) * 1e-6
    assert found.least - slack <= min(values)
    assert max(values) <= found.most + slack
    assert 2 <= len(found.lines) <= 9
    digits = found.step / 10 ** math.floor(math.log10(found.step) + 1e-9)
    assert any(digits == pytest.approx(k) for k in (1, 2, 2.5, 5, 10))
    assert all(0 <= found.share(v) <= 1 for v in values)


@pytest.mark.parametrize(
    ("values", "axis", "lines"),
    [
        ([3, 48], Axis(least=0, most=60), [0, 20, 40, 60]),
        ([5, 5], Axis(), [4, 4.5, 5, 5.5, 6]),
        ([], Axis(), [0, 0.2, 0.4, 0.6, 0.8, 1]),
    ],
)
def test_a_scale_keeps_the_ends_that_the_workbook_sets(values, axis, lines):
    assert scale(values, axis, from_zero=False).lines == lines


@pytest.mark.parametrize(
    ("positions", "along"), [(("l", "l"), "10"), (("b", "l"), "10"), (("l", "b"), "100"), (("b", "b"), "10")]
)
def test_the_axis_along_a_scatter_is_the_one_below_it(positions, along):
    """Programs write the axes of a scatter in one order; some say of both that they stand at the left."""
    axis = '<valAx><axId val="{}"/><axPos val="{}"/></valAx>'
    plot = fromstring(
        '<plotArea><scatterChart><axId val="10"/><axId val="100"/></scatterChart>'
        + axis.format(10, positions[0]) + axis.format(100, positions[1]) + "</plotArea>"
    )  # fmt: skip
    assert along_of(plot[0], {"10": Axis(), "100": Axis()}, plot) == along


def test_the_shades_of_a_fan_keep_their_order_and_what_they_stand_on_takes_no_colour():
    fan = [series("", kind="area", unseen=True), *(series(c, kind="area") for c in ("C9DCEE", "8FB8DC", "C9DCEE"))]
    assert slots([*fan, series("0072B2")]) == {"C9DCEE": "band1", "8FB8DC": "band2", "0072B2": "blue"}


def series(colour, kind="bar", unseen=False):
    part = SeriesPart(
        kind, Data(), Data(), Data(), 0, "clustered", False, 0, 0, colour, {}, unseen, True, True, None, True
    )
    return Plotted(part, "", (Point(1.0, "1"),), ())


@given(
    st.lists(st.sampled_from(["", "0072B2", "0070C0", "D55E00", "123456", "FFFFFF", "not a"]), max_size=len(PALETTE))
)
def test_two_colours_of_a_chart_never_become_one(colours):
    found = slots([series(c) for c in colours])
    assert len(set(found.values())) == len(found)


def test_a_colour_of_the_palette_stays_itself():
    assert slots([series("E69F00"), series("0072B2")]) == {"E69F00": "orange", "0072B2": "blue"}
