"""What a scenario avoids in later years, in the prices of the first and as worth on its first day.

Neither belongs beside the lines of a budget, which are nominal and not discounted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlmodel.model.decimals import exact_dot
from xlmodel.model.demand.assumptions import Demand
from xlmodel.model.demand.parameters import DISCOUNT_RATE, GDP_DEFLATOR
from xlmodel.model.domain import FloatArray
from xlmodel.model.prices import present_value, real_terms

__all__ = ["PresentValue", "discount_factors", "discounted", "is_discounted"]


@dataclass(frozen=True)
class PresentValue:
    """Amounts by year (Y,), £ in the prices of the first year; all NaN where no present value is asked for."""

    real: FloatArray  #: not discounted
    by_year: FloatArray  #: worth on the first day of the first year
    total: float  #: the sum of `by_year`


def is_discounted(demand: Demand) -> bool:
    """Whether a present value is asked for: by a discount rate and a deflator."""
    return {DISCOUNT_RATE, GDP_DEFLATOR} <= set(demand.parameters)


def discounted(demand: Demand, nominal: FloatArray) -> PresentValue:
    """Return yearly amounts in the prices of the first year, and what they are worth on its first day.

    Amounts fall evenly over their year, as care does, and so are discounted from its middle.

    Parameters
    ----------
    demand : Demand
        Its `discount_rate` and `gdp_deflator`, as they are on the 1 April of each year.
    nominal : ndarray, shape (Y,), pounds
        In the money of each year; NaN makes its own year and the present value NaN.

    Returns
    -------
    PresentValue

    Raises
    ------
    NoDataError
        One of the two has no value on a 1 April: it is named, with the day and what is known. Excel: #N/A.
    DomainError
        A rate <= -1, or an index <= 0. Excel: #NUM!.

    References
    ----------
    docs/model.md, "The demand model".
    """
    if not is_discounted(demand):
        missing = np.full(len(nominal), np.nan)
        return PresentValue(missing, missing, np.nan)
    index = demand.yearly(GDP_DEFLATOR)
    factors = discount_factors(demand.yearly(DISCOUNT_RATE))
    real = real_terms(nominal, index, index[0])
    by_year = exact_dot(real[:, None], factors[:, None])
    return PresentValue(real, by_year, float(exact_dot(by_year, np.ones_like(by_year))))


def discount_factors(rates: FloatArray) -> FloatArray:
    """Return what £1 in the middle of each year is worth at the start of the first.

    Parameters
    ----------
    rates : ndarray, shape (Y,), fraction, > -1
        Real discount rate of each year; as in the Green Book, a year's factor is the one before divided by 1 + rate.

    Returns
    -------
    ndarray, shape (Y,)

    Raises
    ------
    DomainError
        A rate <= -1. Excel: #NUM!.

    Examples
    --------
    >>> discount_factors(np.array([0.0, 0.21, 0.0])).round(6).tolist()
    [1.0, 0.909091, 0.826446]

    References
    ----------
    docs/model.md, "Unit cost" and "The demand model".
    """
    over_a_year = present_value([[0.0, 1.0]], rates, "start")
    at_start = np.concatenate([[1.0], np.cumprod(over_a_year)[:-1]])
    return np.asarray(at_start * present_value([[1.0]], rates, "mid"))
