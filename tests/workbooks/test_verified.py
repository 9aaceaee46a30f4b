"""The published workbook before the verifier: all of it proved, and every alteration found where it was made."""

import random
import shutil

import pytest

import udfs
from workbooks.southampton.build import OUT
from xlmodel.book import SetSaved, patch, read_book
from xlmodel.engine.protocol import CellKey
from xlmodel.registry import Registry
from xlmodel.report.text import reason_text
from xlmodel.verify.check import Means, check
from xlmodel.verify.recalculation import Verdict

MEANS = Means(Registry.collect({"CSC": "udfs"}))


@pytest.fixture(scope="module")
def worker():
    with MEANS.worker() as running:
        yield running


def altered(path, keys):
    """Write a copy in which the saved values of some formula cells are others, each in its own way."""
    book = read_book(OUT)
    edits = []
    for n, key in enumerate(keys):
        saved = book.sheet(key.sheet).value(key.row, key.col)
        if isinstance(saved, bool):
            other = not saved
        elif isinstance(saved, float):
            other = saved + 1 + n / 7
        else:
            other = f"{saved} {n}"
        edits.append(SetSaved(*key, other))
    path.write_bytes(patch(OUT, book, edits).content)
    return path


def formula_cells():
    return [CellKey(s.name, int(s.row[i]), int(s.col[i])) for s, i in read_book(OUT).formula_cells()]


def hold(path, keys, worker):
    verification = check(altered(path, keys), worker, MEANS, 0.0).verification
    assert {f.cell for f in verification.findings} == set(keys)
    assert {f.cell for f in verification.roots} == set(keys)
    assert verification.counts[Verdict.UNVERIFIED] == 0
    assert verification.exit_code == 1


def test_all_of_it_is_verified(worker):
    outcome = check(OUT, worker, MEANS, 0.0)
    assert outcome.exit_code == 0
    assert outcome.verification.coverage == 1.0
    assert outcome.verification.total > 1500
    assert {v: len(rows) for v, rows in outcome.reconciliation.by_verdict().items()} == {
        "DOES NOT TIE": 7,
        "UNEXPLAINED": 4,
        "READING": 10,
        "ROUNDING": 15,
        "TIES": 14,
        "IMPLIED": 27,
    }


@pytest.mark.parametrize("seed", range(2))
def test_one_altered_value_is_named_and_nothing_else(tmp_path, worker, seed):
    hold(tmp_path / "altered.xlsx", [random.Random(seed).choice(formula_cells())], worker)


def test_many_altered_values_are_named_and_nothing_else(tmp_path, worker):
    hold(tmp_path / "altered.xlsx", random.Random(3).sample(formula_cells(), 60), worker)


@pytest.mark.full
def test_every_formula_cell_altered_once(tmp_path, worker):
    cells = formula_cells()
    random.Random(4).shuffle(cells)
    for start in range(0, len(cells), 100):
        hold(tmp_path / f"{start}.xlsx", cells[start : start + 100], worker)


def test_a_function_that_is_gone_leaves_its_cells_unverified(tmp_path, monkeypatch):
    shutil.copytree(udfs.__path__[0], tmp_path / "fewer", ignore=shutil.ignore_patterns("checks.py", "__pycache__"))
    monkeypatch.syspath_prepend(tmp_path)
    means = Means(Registry.collect({"CSC": "fewer"}))
    assert means.registry.resolve("CSC_TIES") is None
    with means.worker() as running:
        verification = check(OUT, running, means, 0.0).verification
    unknown = [g for g in verification.unverified if g.reason.code == "unknown-function"]
    assert [reason_text(g.reason) for g in unknown] == ["unknown function: CSC_TIES"]
    assert verification.counts[Verdict.DIFFERS] == 0
    assert verification.exit_code == 3
