"""Evaluations made by hand, for the tests of verdicts."""

import numpy as np

from xlmodel.book import CalcSettings
from xlmodel.engine.evaluation import Calculation, Evaluation, Facts
from xlmodel.values import Values


def evaluation(*rows, formulas=("1+1",), engine="hand", name_calls=None, **calculated):
    """Make an evaluation from (saved, calculated, local) rows; the cells are S!A1, S!A2 and so on.

    The formulas are taken in turn; what else is given belongs to the calculation.
    """
    n = len(rows)
    return Evaluation(
        engine=engine,
        facts=Facts("0", "", frozenset(), False, 0, CalcSettings()),
        sheets=("S",),
        sheet=np.zeros(n, np.int32),
        row=np.arange(1, n + 1, dtype=np.int32),
        col=np.ones(n, np.int32),
        formulas=tuple(formulas),
        formula=np.arange(n, dtype=np.int32) % len(formulas),
        number_formats=("General",),
        number_format=np.zeros(n, np.int32),
        saved=Values.of([r[0] for r in rows]),
        calculated=Calculation(Values.of([r[1] for r in rows]), **calculated),
        local=Calculation(Values.of([r[2] for r in rows])),
        name_calls=name_calls or {},
    )
