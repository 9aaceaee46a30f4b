"""The cohort model of the benchmarks: what it holds, that its values are right, and that each engine finds them."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.cohort import GLOBAL, PENNY, SIZES, TENTH, Cohorts, rounded
from xlmodel.book import read_book
from xlmodel.engine import CellKey, engines
from xlmodel.registry import Registry

FORMULAS = {"1k": 1_006, "10k": 9_970, "100k": 98_695, "1m": 973_495}


@pytest.fixture(scope="module")
def model():
    return Cohorts(*SIZES["1k"])


@pytest.fixture(scope="module")
def path(model, tmp_path_factory):
    made = tmp_path_factory.mktemp("cohort") / "1k.xlsx"
    model.write(made, model.truth())
    return made


@pytest.mark.parametrize("size", SIZES)
def test_sizes(size):
    assert Cohorts(*SIZES[size]).formulas == FORMULAS[size]


@pytest.mark.parametrize(
    ("number", "to", "expected"),
    [
        (1.005, PENNY, 1.01),
        (2.35, TENTH, 2.4),
        (-2.35, TENTH, -2.4),
        (0.15 * 41, TENTH, 6.2),
        (2.3499999999999996, TENTH, 2.4),
    ],
)
def test_halves_are_rounded_as_excel_does(number, to, expected):
    assert rounded(number, to) == expected


def test_the_workbook_holds_every_formula_and_no_right_result(model, path):
    book = read_book(path)
    assert sum(int((sheet.formula >= 0).sum()) for sheet in book.sheets) == model.formulas
    for area, right in zip(model.areas, model.truth(), strict=True):
        sheet = book.sheet(area.sheet)
        saved = sheet.values.num[sheet.formula >= 0].reshape(right.shape)
        assert (saved != right).all()


def test_the_stock_identity(model):
    flow = model.truth()[1]
    opening, starts, ceases, closing = flow[:, 1], flow[:, 2], flow[:, 3], flow[:, 4]
    assert (closing == opening + starts - ceases).all()
    assert (opening[1:] == closing[:-1]).all()


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[pytest.mark.full] * (n == "formulas")) for n in sorted(engines())]
)
@pytest.mark.parametrize("state", ["as saved", "global", "local"])
def test_an_engine_finds_the_values(name, state, model, path):
    truth = {"as saved": model.truth, "global": lambda: model.truth(growth=GLOBAL[3]),
             "local": lambda: model.truth(local=model.local[3])}[state]()  # fmt: skip
    changed = {"as saved": None, "global": GLOBAL, "local": model.local}[state]
    inputs = {} if changed is None else {CellKey(*changed[:3]): changed[3]}
    engine = engines()[name]()
    engine.load(read_book(path).stripped(), Registry())
    result = engine.calculate(inputs)
    engine.close()
    right = np.concatenate([x.ravel() for x in truth])
    assert not result.reasons
    np.testing.assert_allclose(result.values.num, right, rtol=1e-12, atol=1e-12)
