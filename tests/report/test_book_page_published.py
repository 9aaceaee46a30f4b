from dataclasses import replace

import pytest
from book_page_sample import sample_means, sample_outcome

from xlmodel.report.book_page import book_page
from xlmodel.verify.drift import Drift, Drifted
from xlmodel.verify.record import Record
from xlmodel.verify.sign_off import SignOff

CHANGED = (Drifted("CSC_NET_CHANGE", "version", "0", "1"),)


def page(**said):
    return book_page(replace(sample_outcome(), **said), sample_means().registry)


def test_a_workbook_that_was_not_published_says_nothing_of_editions():
    assert "when it was published" not in page()
    assert ">Edition<" not in page()


@pytest.mark.parametrize(
    ("sign_off", "said"),
    [
        (
            SignOff("abcdef0123456789", (), 2),
            "The values are those recorded when it was published (hash abcdef012345…).",
        ),
        (
            SignOff("abcdef0123456789", ("Flows",), 2),
            "On 1 of 2 sheets with formulas the values are not those recorded",
        ),
    ],
)
def test_it_says_whether_values_are_those_recorded(sign_off, said):
    assert said in page(record=Record("lambda", "0.1.0"), sign_off=sign_off)


@pytest.mark.parametrize(
    ("drift", "said"),
    [
        (Drift(CHANGED), "No result differs by it"),
        (Drift(CHANGED, problem="out of time"), "By how much results differ is not known: out of time."),
        (Drift(CHANGED, sample_outcome().verification.findings[:1]), '<a href="#t1-D4">Flows!D4</a>'),
    ],
)
def test_it_says_which_functions_changed_and_what_differs_by_them(drift, said):
    shown = page(record=Record("com", "0.1.0"), drift=drift)
    assert "1 function has changed since the workbook was published" in shown
    assert "CSC_NET_CHANGE: version 0 in the workbook, 1 here." in shown
    assert "com: calculates where the functions are installed" in shown
    assert said in shown
