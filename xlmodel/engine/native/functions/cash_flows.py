"""Cash flows: their present value, and the rate at which they balance."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.calendar import day
from xlmodel.engine.native.coercion import Reading, to_number
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Number, Numbers, Range, Value, excel
from xlmodel.engine.native.functions.annuities import growth
from xlmodel.engine.native.operands import DIV0, NUM, VALUE, ExcelError, Operand, Reference, UnsupportedError
from xlmodel.values import ErrorValue, Kind, Scalar, Values

_DAYS = 365.0  #: of a year, whichever it is
_STEP, _TRIES, _CLOSE = 0.001, 40, 1e-7  #: of IRR
_HALVINGS, _NARROW, _SMALL, _LEAST_GUESS = 100, 1e-8, 2e-8, 1e-5  #: of XIRR
_ALL_LOST = -1 + 1e-15  #: a rate


@excel("NPV")
def npv(rate: Number, *values: Numbers) -> float:
    """Return the present value of cash flows at the ends of equal periods."""
    return _worth([flow for flows in values for flow in flows.tolist()], 1 + rate) / (1 + rate)


@excel("MIRR")
def mirr(values: Numbers, finance_rate: Number, reinvest_rate: Number) -> float:
    """Return the rate of return where what is paid and what comes in have interest rates of their own."""
    flows = values.tolist()
    last = len(flows) - 1
    paid = came = 0.0
    for at, flow in enumerate(flows):
        if flow < 0:
            paid -= flow / growth(finance_rate, at)
        else:
            came += flow * growth(reinvest_rate, last - at)
    if paid == 0 or last < 1:
        raise ExcelError(DIV0)
    if came / paid < 0:
        raise ExcelError(NUM)
    return float((came / paid) ** (1 / last) - 1)


@excel("IRR")
def irr(values: Range, guess: Number = 0.1) -> float:
    """Return the rate at which cash flows at equal periods are worth nothing."""
    if (values.kind == Kind.ERROR).any() or guess <= -1:
        raise ExcelError(VALUE)
    flows: list[float] = values.num[values.kind == Kind.NUMBER].tolist()
    if not flows or min(flows) >= 0 or max(flows) <= 0:
        raise ExcelError(NUM)
    factor = _secant(flows, 1 / (1 + guess))
    return 1 / (_only_root(flows) if factor is None else factor) - 1


def _worth(flows: Sequence[float], grown: float) -> float:
    """Return the value of flows at the first of them, by what 1 grows to in a period."""
    total, discount = 0.0, 1.0
    for flow in flows:
        total += flow / discount
        discount *= grown
    return total


def _secant(flows: Sequence[float], factor: float) -> float | None:
    """Return a discount factor that balances flows, by the secant method from where Excel starts it."""
    left = _worth(flows, 1 / factor)
    before, x = factor, factor + math.copysign(_STEP, left)
    for _ in range(_TRIES):
        if x == 0:
            return None
        right = _worth(flows, 1 / x)
        if right == left or not math.isfinite(right):
            break
        before, x, left = x, x - right * (x - before) / (right - left), right
        if abs(x - before) < _CLOSE:
            return x if x > 0 else None
    return x if right == 0 and x > 0 else None


def _only_root(flows: Sequence[float]) -> float:
    """Return the one discount factor that balances flows, #NUM! where there is none."""
    grid = [1.05**i for i in range(-400, 401)]
    worth = [_worth(flows, 1 / x) for x in grid]
    found = [i for i in range(len(grid) - 1) if worth[i] * worth[i + 1] < 0]
    if len(found) > 1:
        raise UnsupportedError("IRR with several solutions and none near the guess", "iteration")
    if not found:
        raise ExcelError(NUM)
    low, high = grid[found[0]], grid[found[0] + 1]
    return _halved(lambda x: _worth(flows, 1 / x), low, high, lambda width, y: width < 1e-15 * high)


def _halved(f: Callable[[float], float], low: float, high: float, done: Callable[[float, float], bool]) -> float:
    """Return a root between two points on whose sides a function has opposite signs."""
    above = f(high) > 0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        y = f(middle)
        if (y > 0) == above:
            high = middle
        else:
            low = middle
        if done(high - low, y):
            return middle
    raise ExcelError(NUM)


@add_in("XNPV")
def xnpv(context: Context, rate: Number, values: Value, dates: Value) -> float:
    """Return the present value of cash flows at any dates; only numbers count among the flows."""
    days = _days(context, dates)
    flows = []
    for x in _cells(context, values):
        if isinstance(x, ErrorValue):
            raise ExcelError(x)
        if isinstance(x, float):
            flows.append(x)
    if rate <= 0:
        raise ExcelError(NUM)
    return _dated_worth(flows, _years(flows, days), rate)


@add_in("XIRR")
def xirr(context: Context, values: Value, dates: Value, guess: Number = 0.1) -> float:
    """Return the yearly rate at which cash flows at any dates are worth nothing."""
    days = _days(context, dates)
    flows = numbers(context, values)
    years = _years(flows, days)
    if guess <= -1 or min(flows) >= 0 or max(flows) <= 0:
        raise ExcelError(NUM)

    def worth(rate: float) -> float:
        return _dated_worth(flows, years, rate)

    low, high = _bracket(worth, guess, flows)
    small, narrow = _SMALL * abs(flows[0]), _NARROW * max(1.0, high)
    return _halved(worth, low, high, lambda width, y: width < narrow and abs(y) < small)


def _dated_worth(flows: Sequence[float], years: Sequence[float], rate: float) -> float:
    base, total = 1 + rate, 0.0
    for flow, year in zip(flows, years, strict=True):
        try:
            total += flow / base**year
        except OverflowError:  # so far off that it is worth nothing
            continue
        except ZeroDivisionError:
            return math.copysign(math.inf, flow)
    return total


def _bracket(worth: Callable[[float], float], guess: float, flows: Sequence[float]) -> tuple[float, float]:
    """Return the interval that XIRR halves: from 0 to the guess, doubled or halved as need be, or the same below 0.

    Raises
    ------
    UnsupportedError
        Excel is known to give up here with a rate of 0.00000000298, but not exactly when.
    """
    if guess < 0:
        return _below(worth, guess)
    back = -sum(flows[1:]) / flows[0] if flows[0] else -1.0  # what comes back of the first flow
    turns = [a * b < 0 for a, b in pairwise(x for x in flows if x)]
    if back < 0 or (back < 1 and not turns[0]) or (back >= 1 and sum(turns) > 1):
        raise UnsupportedError("XIRR of flows for which Excel may give up", "iteration")
    if back < 1:
        return _below(worth, -(guess or _LEAST_GUESS))
    high = guess or _LEAST_GUESS
    sign = worth(0.0) > 0
    while (worth(high) > 0) == sign:
        high *= 2
        if high > 1e10:
            raise ExcelError(NUM)
    while (worth(high / 2) > 0) != sign and high > _NARROW:
        high /= 2
    return 0.0, high


def _below(worth: Callable[[float], float], low: float) -> tuple[float, float]:
    sign = worth(0.0) > 0
    if (worth(low) > 0) == sign:
        if (worth(_ALL_LOST) > 0) == sign:
            raise ExcelError(NUM)
        return -1.0, low
    while (worth(low / 2) > 0) != sign and low < -_NARROW:
        low /= 2
    return low, 0.0


def _cells(context: Context, operand: Operand) -> list[Scalar]:
    if isinstance(operand, Reference):
        return context.values(operand).scalars()
    return operand.scalars() if isinstance(operand, Values) else [operand]  # type: ignore[list-item]


def numbers(context: Context, operand: Operand) -> list[float]:
    """Return every cell as a number; a blank is 0, a boolean #VALUE!."""
    reading = Reading(context.locale, context.date1904)
    found = []
    for x in _cells(context, operand):
        if isinstance(x, bool):
            raise ExcelError(VALUE)
        found.append(to_number(x, reading))
    return found


def _days(context: Context, dates: Operand) -> list[int]:
    return [day(x, context.date1904) for x in numbers(context, dates)]


def _years(flows: Sequence[float], days: Sequence[int]) -> list[float]:
    """Return the years from the first flow to each; #NUM! where one comes before it, unless it is nothing."""
    if len(flows) != len(days) or any(flow and at < days[0] for flow, at in zip(flows, days, strict=True)):
        raise ExcelError(NUM)
    return [(at - days[0]) / _DAYS for at in days]
