"""The published workbooks, each read and calculated once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from workbooks.published import NAMES, PublishedBook

from xlmodel.publish import publish
from xlmodel.registry import Registry
from xlmodel.verify.check import Means


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry.collect({"CSC": "udfs"})


@pytest.fixture(scope="session")
def means(registry: Registry) -> Means:
    return Means(registry, witness=None)


@pytest.fixture(scope="session")
def books() -> dict[str, PublishedBook]:
    return {name: PublishedBook(name) for name in NAMES}


@pytest.fixture(scope="session", params=NAMES)
def book(request: pytest.FixtureRequest, books: dict[str, PublishedBook]) -> PublishedBook:
    return books[request.param]


@pytest.fixture(scope="session")
def com_edition(means: Means, tmp_path_factory: pytest.TempPathFactory) -> Callable[[PublishedBook], Path]:
    """Return what publishes a workbook in the edition that calls the functions of an add-in, once."""

    @cache
    def of(book: PublishedBook) -> Path:
        return publish(book.path, tmp_path_factory.mktemp("com") / "com.xlsx", "com", means).path

    return of


#: The smallest one in every run, the others, which take minutes, in the full one.
AT_LENGTH = ["southampton", *(pytest.param(name, marks=pytest.mark.full) for name in NAMES if name != "southampton")]


@pytest.fixture(scope="session", params=AT_LENGTH)
def book_at_length(request: pytest.FixtureRequest, books: dict[str, PublishedBook]) -> PublishedBook:
    """A published workbook for tests that calculate all of it again."""
    return books[request.param]
