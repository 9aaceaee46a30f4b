"""Every number and edge case of the catalogue, a module a family, as cells give them to the functions.

Each module has ``CATALOGUE``: function, arguments, what its cells show. Of the arguments, a list is a column of cells
and a list of lists is a range; None is a blank cell. Of what is shown, a text where there is a number is that number to
its last place, and a list is what spills, row by row.
"""

from xlmodel.values import ErrorValue

__all__ = ["BLANK", "DIV", "NA", "NUM", "VALUE"]

NUM, DIV, NA, VALUE = (ErrorValue(code) for code in ("#NUM!", "#DIV/0!", "#N/A", "#VALUE!"))
BLANK = None
