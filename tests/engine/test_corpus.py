"""Every engine against workbooks that Excel saved: each formula from its saved precedents gives its saved value."""

from collections import Counter

import pytest

from xlmodel.book import read_book
from xlmodel.engine import engines
from xlmodel.errors import BookError
from xlmodel.registry import Registry
from xlmodel.values import same_scalar


def verdicts(name, files):
    found = Counter()
    differs = []
    for path in files:
        try:
            book = read_book(path)
        except BookError:
            continue
        engine = engines()[name]()
        engine.load(book.stripped(), Registry())
        result = engine.local(book)
        for key, value in zip(result.cells, result.values.scalars(), strict=True):
            if key in result.volatile:
                continue
            saved = book.sheet(key.sheet).value(key.row, key.col)
            same = same_scalar(value, saved, 1e-9)
            found["unverified" if key in result.reasons else "verified" if same else "differs"] += 1
            if not same and key not in result.reasons:
                differs.append((path.name, str(key), saved, value))
        engine.close()
    return found, differs


def corpus(shared, pattern):
    return sorted((shared / "corpora" / "excel_saved").glob(pattern))


@pytest.mark.parametrize("name", sorted(engines()))
def test_a_sample(name, shared):
    found, differs = verdicts(name, corpus(shared, "F0[01][0-3]?_*"))
    assert not differs
    assert found["verified"] > 3_000


@pytest.mark.full
@pytest.mark.parametrize("name", sorted(engines()))
def test_all(name, shared):
    found, _ = verdicts(name, corpus(shared, "*"))
    assert found["verified"] > 110_000
    assert found["differs"] < found["verified"] / 200
