"""The rules about odd formulas against labelled cells: the scores may not fall below the floor committed last."""

import random
import statistics
import tomllib
from pathlib import Path

import pytest

from benchmarks.lint_corpus import BREAKS, ERRORS, WIDER, flagged, read_findings, read_labels, score

FLOOR = tomllib.loads((Path(__file__).parents[1] / "lint_floor.toml").read_text("utf-8"))


def books_of(corpus):
    return sorted(p for p in corpus.iterdir() if p.suffix == ".xlsx")


def scored(corpus, books, rules, kinds):
    names = {book.name for book in books}
    found, seconds = read_findings(books)
    labels = read_labels(corpus).of(kinds, names)
    return score(flagged(found, rules), labels), found, seconds


def test_a_sample_of_the_labelled_workbooks(shared):
    corpus = shared / "corpora" / "lint"
    books = random.Random(2024).sample(books_of(corpus), FLOOR["sample"]["size"])
    breaks, _, _ = scored(corpus, books, BREAKS, ERRORS)
    print(breaks, breaks.precision, breaks.recall)
    assert breaks.precision >= FLOOR["sample"]["precision"]
    assert breaks.recall >= FLOOR["sample"]["recall"]


@pytest.mark.full
def test_all_labelled_workbooks(shared):
    corpus, floor = shared / "corpora" / "lint", FLOOR["corpus"]
    books = books_of(corpus)
    breaks, found, seconds = scored(corpus, books, BREAKS, ERRORS)
    wider = read_labels(corpus).of(WIDER, found)
    constants, links = (score(flagged(found, [r]), wider) for r in ("constant-in-formulas", "typed-over-link"))
    print(breaks, constants, links, statistics.median(seconds.values()), max(seconds.values()))
    assert breaks.precision >= floor["precision"]
    assert breaks.recall >= floor["recall"]
    assert constants.precision >= floor["constants_precision"]
    assert links.precision >= floor["links_precision"]
    assert statistics.median(seconds.values()) <= floor["seconds"]
