"""How long children stay in care: survival from entry, and the child-years that a cohort of entrants spends in care.

A stay is S(t), the share of children still in care t years after they entered. A(t) is its integral from 0 to t, the
years a child spends in care by then; B(t) is the integral of A, which entries spread over a year need.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import factorial
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlmodel.errors import DomainError, NoDataError, ShapeError
from xlmodel.model.domain import FloatArray, aligned, real, refuse

__all__ = [
    "CappedStay",
    "ExponentialStay",
    "Stay",
    "SurvivalTable",
    "child_years",
    "exponential_area",
    "exponential_double_area",
    "extended",
    "falling_steps",
    "known_until",
    "whole_years",
]

#: 1 - 0.7 years lies no further than 0.3, whatever their doubles.
_ROUNDING = 1e-12


class Stay(Protocol):
    """The share of children still in care by time since entry, in years.

    Before entry S is 1, and A and B are 0. A time beyond the horizon is refused with NoDataError.
    """

    def share(self, t: ArrayLike) -> FloatArray:
        """Return S(t), the share still in care at `t`."""

    def area(self, t: ArrayLike) -> FloatArray:
        """Return A(t), the years a child spends in care up to `t`."""

    def double_area(self, t: ArrayLike) -> FloatArray:
        """Return B(t), the integral of A up to `t`."""

    def after(self, t: float) -> Stay:
        """Return the further stay of the children still in care at `t`; DomainError where there are none."""

    @property
    def mean(self) -> float:
        """The mean stay in years, A(infinity): infinite where nobody leaves."""

    @property
    def horizon(self) -> float:
        """The last time to which the stay is known, in years."""


# --- the kinds of stay -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ExponentialStay:
    """A stay with the same hazard at all times: S(t) = e^(-ht).

    >>> float(ExponentialStay(0.5).share(2)), ExponentialStay(0.5).mean
    (0.36787944117144233, 2.0)
    """

    hazard: float

    def __post_init__(self) -> None:
        if not 0 <= self.hazard < np.inf:
            raise DomainError("hazard must be >= 0 and finite", argument="hazard", offender=self.hazard)

    def share(self, t: ArrayLike) -> FloatArray:
        """Return S(t)."""
        return np.exp(-self.hazard * _since_entry(t))

    def area(self, t: ArrayLike) -> FloatArray:
        """Return A(t)."""
        return exponential_area(self.hazard, _since_entry(t))

    def double_area(self, t: ArrayLike) -> FloatArray:
        """Return B(t)."""
        return exponential_double_area(self.hazard, _since_entry(t))

    def after(self, t: float) -> Stay:
        """Return the further stay of those still in care at `t`."""
        return self

    @property
    def mean(self) -> float:
        """The mean stay in years."""
        return 1 / self.hazard if self.hazard else np.inf

    @property
    def horizon(self) -> float:
        """The last time to which the stay is known, in years."""
        return np.inf


@dataclass(frozen=True, eq=False)
class SurvivalTable:
    """A stay as a table of steps, as Kaplan-Meier gives it: 1 before the first time, and from each time on its share.

    >>> table = SurvivalTable([0.25, 0.5, 1], [0.8, 0.6, 0])
    >>> table.share([0.2, 0.25, 0.9]).tolist(), table.mean
    ([1.0, 0.8, 0.6], 0.75)
    """

    times: ArrayLike
    shares: ArrayLike
    _knots: FloatArray = field(init=False, repr=False)
    _steps: FloatArray = field(init=False, repr=False)
    _areas: FloatArray = field(init=False, repr=False)
    _double_areas: FloatArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        times, shares = aligned({}, {"times": self.times, "shares": self.shares})
        if times.ndim != 1:
            raise ShapeError("times must be one vector", argument="times")
        if np.isnan(times).any() or np.isnan(shares).any():
            raise NoDataError("survival must have no gaps", argument="survival")
        falling_steps(times, shares)
        knots, steps = np.concatenate([[0.0], times]), np.concatenate([[1.0], shares])
        width = np.diff(knots)
        areas = np.concatenate([[0.0], np.cumsum(steps[:-1] * width)])
        double_areas = np.concatenate([[0.0], np.cumsum(areas[:-1] * width + steps[:-1] * width**2 / 2)])
        made = {"_knots": knots, "_steps": steps, "_areas": areas, "_double_areas": double_areas}
        for name, value in {"times": times, "shares": shares, **made}.items():
            object.__setattr__(self, name, value)

    def share(self, t: ArrayLike) -> FloatArray:
        """Return S(t)."""
        at, i = self._step(t)
        return np.where(np.isnan(at), np.nan, np.where(real("t", t) < 0, 1.0, self._steps[i]))

    def area(self, t: ArrayLike) -> FloatArray:
        """Return A(t)."""
        at, i = self._step(t)
        return self._areas[i] + self._steps[i] * (at - self._knots[i])

    def double_area(self, t: ArrayLike) -> FloatArray:
        """Return B(t)."""
        at, i = self._step(t)
        width = at - self._knots[i]
        return self._double_areas[i] + self._areas[i] * width + self._steps[i] * width**2 / 2

    def after(self, t: float) -> Stay:
        """Return the further stay of those still in care at `t`."""
        left = _left_at(self, t)
        later = self._knots > t
        if not later.any():  # at the very end of the table
            return SurvivalTable([0.0], [1.0])
        return SurvivalTable(self._knots[later] - t, self._steps[later] / left)

    @property
    def mean(self) -> float:
        """The mean stay in years."""
        if self._steps[-1] > 0:
            end = f"survival must be known until nobody is in care; it ends at {self.horizon:g} years"
            raise NoDataError(end, argument="survival")
        return float(self._areas[-1])

    @property
    def horizon(self) -> float:
        """The last time to which the stay is known, in years."""
        return float(self._knots[-1]) if self._steps[-1] > 0 else np.inf

    def _step(self, t: ArrayLike) -> tuple[FloatArray, NDArray[np.intp]]:
        """Return times from entry on, and the step each of them is in."""
        at = _since_entry(t)
        known_until(at, self.horizon)
        return at, np.searchsorted(self._knots, at, side="right").clip(1, len(self._knots)) - 1


@dataclass(frozen=True)
class CappedStay:
    """A stay that ends for everybody at a time: nobody is in care after the 18th birthday.

    >>> capped = CappedStay(ExponentialStay(0.0), at=4.0)
    >>> capped.share([3.9, 4]).tolist(), capped.mean
    ([1.0, 0.0], 4.0)
    """

    stay: Stay
    at: float

    def __post_init__(self) -> None:
        if not self.at > 0:
            raise DomainError("at must be > 0", argument="at", offender=self.at)

    def share(self, t: ArrayLike) -> FloatArray:
        """Return S(t)."""
        at = _since_entry(t)
        return np.where(at < self.at, self.stay.share(np.minimum(t, self.at)), 0.0 * at)

    def area(self, t: ArrayLike) -> FloatArray:
        """Return A(t)."""
        return self.stay.area(np.minimum(_since_entry(t), self.at))

    def double_area(self, t: ArrayLike) -> FloatArray:
        """Return B(t)."""
        at = _since_entry(t)
        within = np.minimum(at, self.at)
        return self.stay.double_area(within) + self.stay.area(within) * (at - within)

    def after(self, t: float) -> Stay:
        """Return the further stay of those still in care at `t`."""
        _left_at(self, t)
        return CappedStay(self.stay.after(t), self.at - t)

    @property
    def mean(self) -> float:
        """The mean stay in years."""
        return float(self.stay.area(self.at)) if self.at < np.inf else self.stay.mean

    @property
    def horizon(self) -> float:
        """The last time to which the stay is known, in years."""
        return np.inf if self.at <= self.stay.horizon else self.stay.horizon


@dataclass(frozen=True)
class _ExtendedStay:
    """A stay that goes on with a constant hazard from its horizon."""

    stay: Stay
    hazard: float

    def share(self, t: ArrayLike) -> FloatArray:
        """Return S(t)."""
        known, beyond = self._parts(t)
        return self.stay.share(known) * self._tail.share(beyond)

    def area(self, t: ArrayLike) -> FloatArray:
        """Return A(t)."""
        known, beyond = self._parts(t)
        return self.stay.area(known) + self._left * self._tail.area(beyond)

    def double_area(self, t: ArrayLike) -> FloatArray:
        """Return B(t)."""
        known, beyond = self._parts(t)
        end = self.stay.area(known) * beyond
        return self.stay.double_area(known) + end + self._left * self._tail.double_area(beyond)

    def after(self, t: float) -> Stay:
        """Return the further stay of those still in care at `t`."""
        return _ExtendedStay(self.stay.after(t), self.hazard) if t < self.stay.horizon else self._tail

    @property
    def mean(self) -> float:
        """The mean stay in years."""
        return float(self.stay.area(self.stay.horizon)) + self._left * self._tail.mean

    @property
    def horizon(self) -> float:
        """The last time to which the stay is known, in years."""
        return np.inf

    @property
    def _tail(self) -> ExponentialStay:
        return ExponentialStay(self.hazard)

    @property
    def _left(self) -> float:
        return float(self.stay.share(self.stay.horizon))

    def _parts(self, t: ArrayLike) -> tuple[FloatArray, FloatArray]:
        at = real("t", t)
        known = np.minimum(at, self.stay.horizon)
        return known, at - known


def extended(stay: Stay, hazard: float) -> Stay:
    """Return a stay continued with a constant hazard after its end: an assumption to be declared, not an observation.

    Parameters
    ----------
    stay : Stay
        What is known, such as a survival table; one without an end is returned as it is.
    hazard : float, per year
        Of leaving care from the end of the table on, >= 0; 0 keeps everybody who is left.

    Returns
    -------
    Stay

    Raises
    ------
    DomainError
        `hazard` < 0. Excel: #NUM!.

    Examples
    --------
    >>> table = SurvivalTable([1, 2], [0.8, 0.5])
    >>> extended(table, 0.25).mean
    3.8

    References
    ----------
    docs/model.md, "Survival and stays".
    """
    ExponentialStay(hazard)
    if stay.horizon == np.inf:
        return stay
    if isinstance(stay, CappedStay):
        return CappedStay(extended(stay.stay, hazard), stay.at)
    return _ExtendedStay(stay, hazard)


def _since_entry(t: ArrayLike) -> FloatArray:
    (at,) = aligned({"t": t})
    return np.maximum(at, 0.0)


def _left_at(stay: Stay, t: float) -> float:
    left = float(stay.share(t))
    if not left > 0:
        raise DomainError("t must be a time at which somebody is still in care", argument="t", offender=t)
    return left


def known_until(t: FloatArray, horizon: float | FloatArray) -> None:
    """Refuse times beyond the horizon of a stay."""
    bad = t > horizon * (1 + _ROUNDING)
    if bad.any():
        need, end = (np.broadcast_to(x, bad.shape)[bad] for x in (t, horizon))
        requirement = f"survival must be known to {need.max():g} years; it ends at {end.min():g}"
        refuse(bad, requirement, "survival", error=NoDataError)


def falling_steps(times: FloatArray, shares: FloatArray) -> None:
    """Refuse what cannot be a survival table: times in order from entry on, shares that never rise."""
    refuse(times < 0, "survival times must be >= 0", "survival", times, core=1)
    refuse((shares < 0) | (shares > 1), "survival shares must be >= 0 and <= 1", "survival", shares, core=1)
    for steps, requirement in (
        (-np.diff(times, axis=-1) >= 0, "survival times must be in order, each once"),
        (np.diff(shares, axis=-1) > 0, "survival shares must never rise"),
    ):
        refuse(steps, requirement, "survival", core=1)


# --- the exponential stay without cancellation -----------------------------------------------------------------------

_SERIES = [(-1.0) ** k / factorial(k + 2) for k in range(18)]  # of (x - 1 + e^-x) / x^2, to the last bit up to x = 1


def exponential_area(hazard: float | FloatArray, t: FloatArray) -> FloatArray:
    """Return A(t) for constant hazards."""
    return t * _mean_share(hazard * t)


def exponential_double_area(hazard: float | FloatArray, t: FloatArray) -> FloatArray:
    """Return B(t) for constant hazards."""
    x = np.asarray(hazard * t)
    near = np.minimum(x, 1.0)
    series = np.zeros_like(near)
    for factor in reversed(_SERIES):
        series = series * near + factor
    return np.asarray(t * t * np.where(x < 1, series, (1 - _mean_share(x)) / np.where(x < 1, 1.0, x)))


def _mean_share(x: FloatArray) -> FloatArray:
    """Return (1 - e^-x) / x, which is 1 at 0."""
    above = np.where(x == 0, 1.0, x)
    return np.asarray(np.where(x == 0, 1.0, -np.expm1(-above) / above))


# --- child-years of a cohort -----------------------------------------------------------------------------------------


def child_years(entrants: ArrayLike, stay: Stay, year_no: ArrayLike, start_fraction: ArrayLike = 0.0) -> FloatArray:
    """Return the child-years that a cohort of entrants spends in care in a year.

    Parameters
    ----------
    entrants : array_like, children
        Children who enter in year 0, evenly over it or over its rest.
    stay : Stay
        How long they stay, in years.
    year_no : array_like
        The year asked for: 0 is the year of entry, 1 the next; before 0 there are none.
    start_fraction : array_like, fraction
        Part of year 0 that has passed when the entries begin, from 0 up to but not 1.

    Returns
    -------
    ndarray, child-years

    Raises
    ------
    DomainError
        `year_no` is not whole; `start_fraction` outside [0, 1). Excel: #NUM!.
    NoDataError
        The year reaches beyond the horizon of the stay, which is named. Excel: #N/A.

    Examples
    --------
    >>> child_years(40, ExponentialStay(0.36975), [0, 1, 2, 3]).round(3)
    array([17.747, 27.953, 19.313, 13.343])

    References
    ----------
    docs/model.md, "Survival and stays".
    """
    n, k, s = aligned({"entrants": entrants, "year_no": year_no, "start_fraction": start_fraction})
    whole_years(k, s)
    known_until(np.where(k < 0, 0.0, k + 1 - s), stay.horizon)
    each = np.where(np.isnan(k + s), np.nan, 0.0)
    for year in np.unique(k[k >= 0]).tolist():
        each[k == year] = _years_per_entrant(stay, year, 1 - s[k == year])
    return n * each


def whole_years(year_no: FloatArray, start_fraction: FloatArray) -> None:
    """Refuse years that are not whole, and starts of entries outside the year."""
    refuse((year_no != np.rint(year_no)) & ~np.isnan(year_no), "year_no must be a whole number", "year_no", year_no)
    bad = (start_fraction < 0) | (start_fraction >= 1)
    refuse(bad, "start_fraction must be >= 0 and < 1", "start_fraction", start_fraction)


def _years_per_entrant(stay: Stay, year: float, span: FloatArray) -> FloatArray:
    """Return the child-years in a year of one child who enters evenly over the last `span` of year 0.

    The years before the last are taken out as a share still in care, so that nothing large cancels.
    """
    if year == 0:
        return stay.double_area(span) / span
    left = stay.share(year - 1)
    if not left > 0:
        return np.zeros_like(span)
    later = stay.after(year - 1)
    if isinstance(later, ExponentialStay):
        return left * (later.area(1) * later.area(span)) / span
    return left * (later.double_area(1 + span) - later.double_area(1) - later.double_area(span)) / span
