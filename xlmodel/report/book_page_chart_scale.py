"""The scale of a chart's axis: where it begins and ends, and where its lines are."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from xlmodel.report.book_page_chart_parts import Axis

__all__ = ["Scale", "scale"]

LINES = 5


@dataclass(frozen=True, slots=True)
class Scale:
    """From a least to a most value, with a line at each step."""

    least: float
    most: float
    step: float

    def share(self, value: float) -> float:
        """Return how far along the axis a value is, from 0 to 1."""
        return (min(max(value, self.least), self.most) - self.least) / (self.most - self.least)

    @property
    def lines(self) -> list[float]:
        """The values at which the axis has a line."""
        first = math.ceil(self.least / self.step - 1e-9)
        last = math.floor(self.most / self.step + 1e-9)
        return [round(k * self.step, 12) + 0.0 for k in range(first, last + 1)]


def scale(values: Iterable[float], axis: Axis, *, from_zero: bool) -> Scale:
    """Return a scale that holds some values and ends at round numbers.

    >>> scale([3, 48], Axis(), from_zero=True).lines
    [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]
    >>> scale([430, 490], Axis(least=400), from_zero=False).lines
    [400.0, 420.0, 440.0, 460.0, 480.0, 500.0]
    """
    known = list(values) or [0.0, 1.0]
    least, most = min(known), max(known)
    if from_zero:
        least, most = min(least, 0.0), max(most, 0.0)
    least = least if axis.least is None else axis.least
    most = most if axis.most is None else axis.most
    if not most > least:
        least, most = (least - 1.0, least + 1.0) if not from_zero else (min(least, 0.0), max(least, 0.0) + 1.0)
    step = _step((most - least) / LINES)
    if axis.least is None:
        least = math.floor(least / step + 1e-9) * step
    if axis.most is None:
        most = math.ceil(most / step - 1e-9) * step
    return Scale(least, most, step)


def _step(rough: float) -> float:
    """Return the round number next above: 1, 2, 2.5, 5 or 10 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * k for k in (1.0, 2.0, 2.5, 5.0, 10.0) if power * k >= rough * (1 - 1e-9))
