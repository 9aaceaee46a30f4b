"""Workbooks built once for the tests of this folder: of the project that `xlmodel new` makes, and of two councils."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from xlmodel.building.project import read_book_project
from xlmodel.building.sheet import Build
from xlmodel.building.workbook import build_workbook
from xlmodel.engine.native import Model
from xlmodel.registry import Registry

ROOT = Path(__file__).parents[2]
FOLDERS = {
    "sample": Path(str(files("xlmodel.building") / "sample")),
    "northmoor": ROOT / "workbooks" / "northmoor",
    "southampton": ROOT / "workbooks" / "southampton",
}


@dataclass(frozen=True)
class Built:
    """A workbook with formulas, what its builder said, and its calculation."""

    build: Build
    path: Path
    model: Model


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry.collect({"CSC": "udfs"})


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> Callable[[str], Built]:
    """Return what builds and calculates a project's workbook, once."""

    @cache
    def of(name: str) -> Built:
        path = tmp_path_factory.mktemp(name) / f"{name}.xlsx"
        build = build_workbook(read_book_project(FOLDERS[name]), path, registry)
        model = Model.open(path, registry)
        model.calculate()
        return Built(build, path, model)

    return of


#: The sample in every run; the two councils, which take longer, in the full one.
BOOKS = ["sample", *(pytest.param(name, marks=pytest.mark.full) for name in ("northmoor", "southampton"))]


@pytest.fixture(scope="session", params=BOOKS)
def book(request: pytest.FixtureRequest, built: Callable[[str], Built]) -> Built:
    return built(request.param)
