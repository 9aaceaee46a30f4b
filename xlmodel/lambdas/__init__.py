"""Functions as native LAMBDA formulas, so that a workbook calculates them in Excel with nothing installed.

A function declares its mathematics beside its Python, ``@udf(native="LAMBDA(starts, ceases, ...)")``. What a cell may
hold, and which error it gives where it holds something else, follows from the kinds of the arguments and is written
by `whole` for every function alike; what all of them need stands in the names of `prelude`. See docs/native-forms.md.
"""

from xlmodel.lambdas.names import MOST_CHARACTERS, definitions, hidden
from xlmodel.lambdas.prelude import PRELUDE
from xlmodel.lambdas.stored import stored
from xlmodel.lambdas.whole import whole

__all__ = ["MOST_CHARACTERS", "PRELUDE", "definitions", "hidden", "stored", "whole"]
