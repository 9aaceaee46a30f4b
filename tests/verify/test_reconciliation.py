"""Reading a workbook's reconciliation table."""

from dataclasses import replace

import numpy as np
import pytest

from xlmodel.book import CalcSettings
from xlmodel.engine.evaluation import Evaluation, Facts, TableCells
from xlmodel.errors import BookError
from xlmodel.values import ErrorValue, Values
from xlmodel.verify.reconciliation import COLUMNS, reconciliation

NONE = np.zeros(0, np.int32)
EMPTY = Evaluation(
    engine="hand",
    facts=Facts("0", "", frozenset(), False, 0, CalcSettings()),
    sheets=(),
    sheet=NONE,
    row=NONE,
    col=NONE,
    formulas=(),
    formula=NONE,
    number_formats=(),
    number_format=NONE,
    saved=Values.blank(0),
)


def with_table(*rows, columns=COLUMNS):
    return replace(EMPTY, tables={"Reconciliation": TableCells(tuple(columns), Values.of([list(r) for r in rows]))})


ROW = ("A01", "D295", "Net change", -21.0, -21.0, "TIES", "Agrees.")


def test_no_table_is_no_reconciliation():
    assert reconciliation(EMPTY) is None


def test_rows_come_by_verdict_in_the_order_of_a_report():
    found = reconciliation(
        with_table(
            ROW, ("B03", "D172", "Total", 13.63, 14.97, "DOES NOT TIE", ""), ("X", "", "", None, 1.0, "OTHER", "")
        )
    )
    assert list(found.by_verdict()) == ["DOES NOT TIE", "TIES", "OTHER"]
    assert found.rows[1].stated == 13.63


@pytest.mark.parametrize("verdict", [None, ErrorValue("#NAME?"), 1.0, ""])
def test_a_verdict_that_was_not_calculated_is_no_verdict(verdict):
    with pytest.raises(BookError, match="row A01: the verdict was not calculated"):
        reconciliation(with_table((*ROW[:5], verdict, "")))


def test_a_missing_column_is_named():
    with pytest.raises(BookError, match="no column 'Verdict'"):
        reconciliation(with_table(("A01",), columns=("ID", "Source", "Item", "Stated", "Recomputed", "Explanation")))
