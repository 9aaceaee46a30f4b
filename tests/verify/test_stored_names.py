"""One function under every name that hosts store it by, verified in a file."""

import openpyxl
import pytest

from xlmodel.book import SetSaved, patch, read_book
from xlmodel.registry import Registry
from xlmodel.verify.check import Means, check

MEANS = Means(Registry.collect({"CSC": "udfs"}))
NAMES = {
    "CSC_NET_CHANGE": set(),
    "csc_net_change": set(),
    "CSC.NET_CHANGE": set(),
    "_xldudf_CSC_NET_CHANGE": {"officejs"},
    "_xll.CSC_NET_CHANGE": {"xll"},
    "[1]!CSC_NET_CHANGE": {"addin"},
    "'functions.xlam'!CSC_NET_CHANGE": {"addin"},
}


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_name_is_calculated_and_its_host_remembered(tmp_path, name):
    path = tmp_path / "stored.xlsx"
    workbook = openpyxl.Workbook()
    workbook.active.append([198, 219, f"={name}(A1,B1)"])
    workbook.save(path)
    book = read_book(path)
    assert book.hosts == NAMES[name]
    path.write_bytes(patch(path, book, [SetSaved("Sheet", 1, 3, -21.0)]).content)
    with MEANS.worker() as worker:
        outcome = check(path, worker, MEANS, 0.0)
    assert outcome.exit_code == 0, outcome.verification.findings
