"""A workbook's own checks, asked in a worker."""

import pytest
from engine.books import write_workbook

from xlmodel.engine.client import Worker
from xlmodel.lint.check_client import own_checks
from xlmodel.registry import Registry
from xlmodel.sync.recalc import recalculate
from xlmodel.verify.means import Means

CHECKS = {
    "A1": 1.0,
    "B1": '=IF(A1=1,"OK","CHECK")',
    "B2": '=IF(A1=2,"PASS","FAIL")',
    "B3": '=IF(A9/A9=1,"PASS","FAIL")',
    "B4": '=IF(COUNTIF(B1:B3,"FAIL")=0,"OK","CHECK")',
    "B5": '=IF(A1>0,"up","down")',
}


@pytest.fixture(scope="module")
def worker():
    with Worker() as one:
        yield one


def test_checks_that_fail_are_told_from_those_that_pass_or_repeat_others(tmp_path, worker):
    path = write_workbook(tmp_path / "checks.xlsx", CHECKS)
    recalculate(path, Means(Registry.collect({})))
    found = own_checks(path, worker=worker)
    assert [str(cell) for cell in found.failed] == ["S!B2", "S!B3"], "one in error cannot say that all is well"
    assert [str(cell) for cell in found.others] == ["S!B1", "S!B4"]
