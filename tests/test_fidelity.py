"""Recalculated values against those Excel saved: the score may not fall below the floor that was committed last."""

import functools
import importlib.util
import json
import random
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from xlmodel.registry import Registry
from xlmodel.verify.means import Means
from xlmodel.verify.values_files import values_all

FLOOR = tomllib.loads((Path(__file__).parent / "fidelity_floor.toml").read_text("utf-8"))
MEANS = Means(Registry.collect({"CSC": "udfs"}), time_limit=120.0)
FORMULAS = Means(MEANS.registry, time_limit=120.0, engine="formulas")


@functools.cache
def tool(shared):
    """Return the scoring tool as a module."""
    spec = importlib.util.spec_from_file_location("fidelity", shared / "tools" / "fidelity.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def calculated(books, out, means=MEANS):
    """Calculate workbooks; return what was said of each."""
    values_all(books, means, out, jobs=2)
    return {book: json.loads((out / f"{book.name}.json").read_text("utf-8")) for book in books}


def scored(said, shared):
    """Return how many formula cells are right, wrong and not calculated, and how many files are fully right."""
    score = {"cells": 0, "right": 0, "wrong": 0, "unsupported": 0, "not_loaded": 0, "files": 0, "files_fully_right": 0}
    shares, wrong = [], []
    for book, values in said.items():
        cells, names = tool(shared).saved(book)
        left_out = tool(shared).volatile(cells, names)
        judged = right = 0
        for (sheet, cell), (text, array, kind, value) in cells.items():
            if (sheet, cell) in left_out or kind is None or (not text and not array):
                continue
            got = (values.get("sheets", {}).get(sheet) or {}).get(cell)
            verdict = "not_loaded" if "error" in values else tool(shared).judge(kind, value, got)
            judged += 1
            right += verdict == "right"
            score[verdict] += 1
            if verdict == "wrong":
                wrong.append(f"{book.name} {sheet}!{cell} ={text[:60]} Excel {value!r}, calculated {got!r}")
        if judged:
            shares.append(right / judged)
            score["cells"] += judged
            score["files"] += 1
            score["files_fully_right"] += right == judged
    score["mean_right"] = sum(shares) / max(len(shares), 1)
    return score, wrong


def hold(score, wrong, floor):
    print(json.dumps(score), *wrong[:40], sep="\n")
    assert score["mean_right"] >= floor["mean_right"]
    assert score["files_fully_right"] >= floor["files_fully_right"]
    assert score["wrong"] <= floor["wrong"], "\n".join(wrong[:40])
    assert score["not_loaded"] <= floor["not_loaded"]


def hold_stripped(said, shared, folder):
    """Recalculate copies without any saved result: an engine that only echoes results gives others, or none."""
    (folder / "originals").mkdir()
    for book in said:
        (folder / "originals" / book.name).symlink_to(book)
    strip = [sys.executable, str(shared / "tools" / "strip_saved.py"), folder / "originals", folder / "stripped"]
    subprocess.run(strip, check=True, capture_output=True, timeout=900)
    again = calculated([folder / "stripped" / book.name for book in said], folder / "again")
    for book, values in said.items():
        left_out = tool(shared).volatile(*tool(shared).saved(book))
        other = again[folder / "stripped" / book.name]
        assert {book.name: steady(values, left_out)} == {book.name: steady(other, left_out)}


def steady(values, left_out):
    """Return the values without those of cells that hang on the clock or on chance."""
    sheets = values.get("sheets", {"error": values}).items()
    return {name: {c: v for c, v in cells.items() if (name, c) not in left_out} for name, cells in sheets}


def books_of(shared):
    return sorted(p for p in (shared / "corpora" / "excel_saved").iterdir() if p.suffix in (".xlsx", ".xlsm"))


def sample_of(shared):
    return sorted(random.Random(2024).sample(books_of(shared), FLOOR["sample"]["size"]))


def test_a_sample_of_the_corpus(shared, tmp_path):
    said = calculated(sample_of(shared), tmp_path / "values")
    hold(*scored(said, shared), FLOOR["sample"])
    hold_stripped(said, shared, tmp_path)


@pytest.mark.full
def test_the_whole_corpus(shared, tmp_path):
    said = calculated(books_of(shared), tmp_path / "values")
    hold(*scored(said, shared), FLOOR["corpus"])
    hold_stripped(said, shared, tmp_path)


@pytest.mark.full
def test_a_sample_with_the_witness(shared, tmp_path):
    hold(*scored(calculated(sample_of(shared), tmp_path / "values", FORMULAS), shared), FLOOR["formulas"])
