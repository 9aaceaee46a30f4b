"""FORECAST.ETS and its companions: exponential smoothing with trend and season.

How Excel finds its smoothing parameters is not published, and they decide the forecast of a series that the model
does not fit exactly: such a series is refused. Of a series that is a straight line, or a line and a pattern that
repeats, every choice of parameters gives the same: the line and the pattern go on.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from xlmodel.engine.native.declaration import Number, Range, excel
from xlmodel.engine.native.functions.samples import Floats, mean, raise_errors, total
from xlmodel.engine.native.operands import NA, NUM, ExcelError, UnsupportedError
from xlmodel.values import Kind, Values

_LONGEST_SEASON = 8760  #: hours in a year
_MOST_MISSING = 0.3
_FEWEST = 4  #: points of a series
_ROUNDING = 1e-12  #: of the largest value, what an exact series may be off
_AGGREGATIONS = {
    1: mean,
    2: lambda x: float(x.size),
    3: lambda x: float(x.size),
    4: lambda x: float(x.max()),
    5: lambda x: float(np.median(x)),
    6: lambda x: float(x.min()),
    7: total,
}


class Series(NamedTuple):
    """Values at equal steps."""

    start: float
    step: float
    y: Floats

    @property
    def end(self) -> float:
        """The last point in time."""
        return self.start + self.step * (self.y.size - 1)


class Pattern(NamedTuple):
    """A series that repeats, a constant step higher each time."""

    series: Series
    length: int
    rise: float  #: from one repetition to the next

    def at(self, n: int) -> float:
        """Return the n-th value, of the series or of its continuation."""
        y = self.series.y
        if n < y.size:
            return float(y[n])
        times = (n - y.size) // self.length + 1
        return float(y[n - times * self.length]) + times * self.rise


def _series(values: Values, timeline: Values, data_completion: float, aggregation: float) -> Series:
    """Return values in order of time: those of one time aggregated, missing ones completed.

    Raises
    ------
    ExcelError
        #N/A where values and times differ in number, #NUM! where no constant step is found.
    """
    if values.size != timeline.size:
        raise ExcelError(NA)
    if data_completion not in (0, 1) or aggregation not in _AGGREGATIONS:
        raise ExcelError(NUM)
    for block in (values, timeline):
        raise_errors(block)
        if (block.kind != Kind.NUMBER).any():
            raise UnsupportedError("FORECAST.ETS of cells that are not all numbers")
    times, counts = np.unique(timeline.num, return_counts=True)
    in_order = values.num.ravel()[np.argsort(timeline.num.ravel(), kind="stable")]
    aggregate = _AGGREGATIONS[int(aggregation)]
    known = np.array([aggregate(at_once) for at_once in np.split(in_order, np.cumsum(counts)[:-1])])
    if times.size < _FEWEST:
        raise UnsupportedError(f"FORECAST.ETS of fewer than {_FEWEST} points in time")
    step = float(np.diff(times).min())
    steps = np.round((times - times[0]) / step)
    if np.abs((times - times[0]) / step - steps).max() > 1e-9:
        if _monthly(times):
            raise UnsupportedError("FORECAST.ETS of a timeline in calendar months")
        raise ExcelError(NUM)
    count = int(steps[-1]) + 1
    if count - times.size > _MOST_MISSING * count:
        raise ExcelError(NUM)
    every = np.arange(count, dtype=np.float64)
    y = np.interp(every, steps, known) if data_completion else np.zeros(count)
    y[steps.astype(np.intp)] = known
    return Series(float(times[0]), step, y)


def _monthly(times: Floats) -> bool:
    """Tell whether times may be dates of months, quarters or years, whose step Excel also takes as constant."""
    gaps = np.diff(times)
    return bool((gaps >= 28).all() and (times == np.floor(times)).all())


def _pattern(series: Series, seasonality: float) -> Pattern:
    """Return the pattern that a series repeats exactly."""
    if seasonality < 0 or seasonality > _LONGEST_SEASON or seasonality != math.floor(seasonality):
        raise ExcelError(NUM)
    y = series.y
    tolerance = _ROUNDING * float(np.abs(y).max())
    for length in (1, int(seasonality)):
        if length and y.size >= 2 * length:
            rises = y[length:] - y[:-length]
            if float(np.ptp(rises)) <= tolerance:
                return Pattern(series, length, mean(rises))
    raise UnsupportedError("how Excel chooses the parameters of exponential smoothing is not published")


@excel("FORECAST.ETS", empty_is_default=True)
def forecast_ets(
    target_date: Number,
    values: Range,
    timeline: Range,
    seasonality: Number = 1.0,
    data_completion: Number = 1.0,
    aggregation: Number = 1.0,
) -> float:
    """Return the value that exponential smoothing expects at a time."""
    series = _series(values, timeline, data_completion, aggregation)
    if target_date <= series.start - series.step:
        raise ExcelError(NUM)
    pattern = _pattern(series, seasonality)
    steps = (target_date - series.start) / series.step
    whole = int(steps)
    here = pattern.at(whole)
    return here + (steps - whole) * (pattern.at(whole + 1) - here) if steps != whole else here


@excel("FORECAST.ETS.CONFINT", empty_is_default=True)
def forecast_ets_confint(
    target_date: Number,
    values: Range,
    timeline: Range,
    confidence_level: Number = 0.95,
    seasonality: Number = 1.0,
    data_completion: Number = 1.0,
    aggregation: Number = 1.0,
) -> float:
    """Return half the width of the interval in which the value is expected: 0 where the series fits exactly."""
    series = _series(values, timeline, data_completion, aggregation)
    if not 0 <= confidence_level < 1 or target_date <= series.start - series.step:
        raise ExcelError(NUM)
    _pattern(series, seasonality)
    return 0.0


@excel("FORECAST.ETS.SEASONALITY", empty_is_default=True)
def forecast_ets_seasonality(
    values: Range, timeline: Range, data_completion: Number = 1.0, aggregation: Number = 1.0
) -> float:
    """Refuse to tell the length of the season: how Excel detects it is not published."""
    _series(values, timeline, data_completion, aggregation)
    raise UnsupportedError("how Excel detects a season is not published")


@excel("FORECAST.ETS.STAT", empty_is_default=True)
def forecast_ets_stat(
    values: Range,
    timeline: Range,
    statistic_type: Number,
    seasonality: Number = 1.0,
    data_completion: Number = 1.0,
    aggregation: Number = 1.0,
) -> float:
    """Return the step, or a measure of the error: 0 where the series fits exactly."""
    series = _series(values, timeline, data_completion, aggregation)
    kind = int(statistic_type)
    if not 1 <= kind <= 8:
        raise ExcelError(NUM)
    if kind == 8:
        return series.step
    if kind <= 3:
        raise UnsupportedError("how Excel chooses the parameters of exponential smoothing is not published")
    _pattern(series, seasonality)
    if not np.diff(series.y).any():
        raise UnsupportedError("the error measures of a series that never changes are not known")
    return 0.0
