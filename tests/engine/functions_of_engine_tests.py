"""A small collection of functions for the engine's tests."""

from typing import Annotated

import numpy as np

from xlmodel.errors import DomainError
from xlmodel.registry import Number, Numbers, Row, udf


@udf
def rate(
    count: Annotated[Numbers, Number("children", ge=0)], population: Annotated[Numbers, Number("people")]
) -> Annotated[Numbers, Number("per 10,000")]:
    """Return a rate per 10,000.

    Parameters
    ----------
    count : array_like, children
        How many.
    population : array_like, people
        Of how many.
    """
    print("noise on standard output")
    count, population = np.broadcast_arrays(np.asarray(count, float), np.asarray(population, float))
    if (population <= 0).any():
        raise DomainError("population must be > 0", population <= 0, argument="population")
    return count / population * 10_000


@udf
def total(
    values: Annotated[Numbers, Number("pounds", shape=("n",), blank="nan")],
) -> Annotated[Numbers, Number("pounds")]:
    """Return the total.

    Parameters
    ----------
    values : array_like, shape (..., n), pounds
        The amounts; blanks are left out.
    """
    return np.nansum(np.asarray(values, float), axis=-1)


@udf
def pair(value: Annotated[Numbers, Number()]) -> Annotated[tuple[Numbers, ...], Row(once=Number(), twice=Number())]:
    """Return a value once and twice.

    Parameters
    ----------
    value : array_like
        Any number.
    """
    return np.asarray(value, float), np.asarray(value, float) * 2
