"""Recalculated values against those Excel saved: the score may not fall below the floor that was committed last."""

import importlib.util
import json
import random
import tomllib
from pathlib import Path

import pytest

from xlmodel.registry import Registry
from xlmodel.verify.check import Means, values_all

FLOOR = tomllib.loads((Path(__file__).parent / "fidelity_floor.toml").read_text("utf-8"))
MEANS = Means(Registry.collect({"CSC": "udfs"}), time_limit=120.0)


def scored(books, shared, out):
    """Return how many formula cells are right, wrong and not calculated, and how many files are fully right."""
    spec = importlib.util.spec_from_file_location("fidelity", shared / "tools" / "fidelity.py")
    fidelity = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fidelity)
    values_all(books, MEANS, out, jobs=2)
    score = {"cells": 0, "right": 0, "wrong": 0, "unsupported": 0, "not_loaded": 0, "files": 0, "files_fully_right": 0}
    shares, wrong = [], []
    for book in books:
        cells, names = fidelity.saved(book)
        left_out = fidelity.volatile(cells, names)
        said = json.loads((out / f"{book.name}.json").read_text("utf-8"))
        judged = right = 0
        for (sheet, cell), (text, array, kind, value) in cells.items():
            if (sheet, cell) in left_out or kind is None or (not text and not array):
                continue
            got = (said.get("sheets", {}).get(sheet) or {}).get(cell)
            verdict = "not_loaded" if "error" in said else fidelity.judge(kind, value, got)
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


def books_of(shared):
    return sorted(p for p in (shared / "corpora" / "excel_saved").iterdir() if p.suffix in (".xlsx", ".xlsm"))


def test_a_sample_of_the_corpus(shared, tmp_path):
    sample = random.Random(2024).sample(books_of(shared), FLOOR["sample"]["size"])
    hold(*scored(sorted(sample), shared, tmp_path), FLOOR["sample"])


@pytest.mark.full
def test_the_whole_corpus(shared, tmp_path):
    hold(*scored(books_of(shared), shared, tmp_path), FLOOR["corpus"])
