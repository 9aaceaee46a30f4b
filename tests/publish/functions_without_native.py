"""A function that Excel cannot calculate alone, for the tests of publishing."""

from typing import Annotated

from xlmodel.registry import Number, Numbers, udf


@udf
def simulated(children: Annotated[Numbers, Number("children")]) -> Annotated[Numbers, Number("children")]:
    """Return a number of children drawn by a method that no formula has.

    Parameters
    ----------
    children : array_like, children
        The number to start from.
    """
    return children + 0.25
