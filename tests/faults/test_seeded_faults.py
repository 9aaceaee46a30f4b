"""Faults planted in a copy of the published workbook, recalculated and saved, and found again by the default rules.

No baseline is used; docs/verification.md says what only a baseline can show.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from faults.planting import KINDS, Fault, Garden
from one_worker import OneWorker

from xlmodel.engine.protocol import CellKey
from xlmodel.lint.client import lint
from xlmodel.publish import publish
from xlmodel.registry import Registry
from xlmodel.sync.recalc import recalculate
from xlmodel.verify.check import check

BOOK = Path(__file__).resolve().parents[2] / "workbooks" / "southampton" / "southampton.xlsx"
MEANS = OneWorker(Registry.collect({"CSC": "udfs"}), witness=None)
#: Of a seed's faults, found at their root.
LEAST = 0.75
QUICK = ("overwritten formula", "stale value", "wrong base")


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Garden:
    """The published workbook as it calls the functions; the edition with native forms takes longer to calculate."""
    path = tmp_path_factory.mktemp("garden") / "southampton.xlsx"
    yield Garden(publish(BOOK, path, "com", MEANS).path)
    MEANS.kept.close()


def found(garden: Garden, fault: Fault, path: Path) -> bool:
    """Tell whether a finding names one of a fault's roots, once it is planted, recalculated and saved."""
    garden.plant(fault, path)
    if fault.kind == "stale value":
        verified = check(path, MEANS.kept, MEANS, 1e-9)
        return any(finding.root and finding.cell in fault.roots for finding in verified.verification.findings)
    recalculate(path, MEANS)
    named = {
        CellKey(finding.sheet, *place)
        for finding in lint(path, worker=MEANS.kept).findings
        for place in finding.places()
    }
    return bool(named & fault.roots)


def test_the_workbook_without_a_fault_has_no_finding(garden: Garden) -> None:
    assert lint(garden.path, worker=MEANS.kept).findings == ()


def test_there_are_faults_of_every_kind_and_each_seed_draws_its_own(garden: Garden) -> None:
    one, other = garden.draw(0), garden.draw(1)
    assert Counter(fault.kind for fault in one) == dict.fromkeys(KINDS, 5)
    assert {fault.cell for fault in one} != {fault.cell for fault in other}
    assert one == garden.draw(0)


@pytest.mark.parametrize(
    "kind", [kind if kind in QUICK else pytest.param(kind, marks=pytest.mark.full) for kind in sorted(KINDS)]
)
def test_a_fault_of_each_kind_is_found_at_its_root(garden: Garden, kind: str, tmp_path: Path) -> None:
    tried = [fault for fault in garden.draw(0) if fault.kind == kind]
    assert any(found(garden, fault, tmp_path / f"{n}.xlsx") for n, fault in enumerate(tried[:3]))


@pytest.mark.full
@pytest.mark.parametrize("seed", range(int(os.environ.get("XLMODEL_FAULT_SEEDS", "10"))))
def test_most_faults_of_a_seed_are_found_at_their_root(garden: Garden, seed: int, tmp_path: Path) -> None:
    faults = garden.draw(seed)
    missed = [fault for n, fault in enumerate(faults) if not found(garden, fault, tmp_path / f"{n}.xlsx")]
    for fault in missed:
        print(f"seed {seed}: not found: {fault.kind}, {fault.cell}: {fault.what}")
    assert len(missed) <= (1 - LEAST) * len(faults)
