"""Annuities: equal payments over equal periods at one rate of interest.

What a lender and a borrower exchange balances: with growth g = (1 + rate) ** nper and the payments at the end of each
period, pv g + pmt (g - 1) / rate + fv = 0. Payments at the beginning of a period earn interest for one period more.
"""

from __future__ import annotations

import math

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.declaration import Number, excel
from xlmodel.engine.native.operands import NUM, ExcelError

_RATE_STEP, _RATE_TRIES, _RATE_BALANCE = 0.001, 40, 1e-7


def growth(rate: float, periods: float) -> float:
    """Return what 1 becomes after some periods."""
    if rate < -1 and not float(periods).is_integer():
        raise ExcelError(NUM)
    return float((1 + rate) ** periods)


def _series(rate: float, nper: float, due: bool) -> tuple[float, float]:
    """Return the growth of 1, and what a payment of 1 a period adds up to at the end."""
    if rate == 0:
        return 1.0, nper
    g = growth(rate, nper)
    return g, (1 + rate if due else 1.0) * (g - 1) / rate


@excel("FV")
def fv(rate: Number, nper: Number, pmt: Number, pv: Number = 0.0, due: Number = 0.0) -> float:
    """Return the value of an annuity after its last period."""
    g, paid = _series(rate, nper, due != 0)
    return -(pv * g + pmt * paid)


@excel("PV")
def pv(rate: Number, nper: Number, pmt: Number, fv: Number = 0.0, due: Number = 0.0) -> float:
    """Return the value of an annuity before its first period."""
    g, paid = _series(rate, nper, due != 0)
    return -(fv + pmt * paid) / g


@excel("PMT")
def pmt(rate: Number, nper: Number, pv: Number, fv: Number = 0.0, due: Number = 0.0) -> float:
    """Return the payment of each period."""
    if nper == 0 or rate <= -1:
        raise ExcelError(NUM)
    g, paid = _series(rate, nper, due != 0)
    return -(pv * g + fv) / paid


@excel("NPER")
def nper(rate: Number, pmt: Number, pv: Number, fv: Number = 0.0, due: Number = 0.0) -> float:
    """Return the number of periods."""
    if rate == 0:
        return -(pv + fv) / pmt
    if rate <= -1:
        raise ExcelError(NUM)
    paid = pmt * (1 + rate if due else 1.0)
    end, start = paid - fv * rate, paid + pv * rate
    if start == 0 or end / start <= 0:
        raise ExcelError(NUM)
    return math.log(end / start) / math.log1p(rate)


@excel("RATE")
def rate(nper: Number, pmt: Number, pv: Number, fv: Number = 0.0, due: Number = 0.0, guess: Number = 0.1) -> float:
    """Return the rate of interest of each period, by the secant method as Excel goes about it."""
    if nper <= 0 or guess <= -1:
        raise ExcelError(NUM)

    def balance(rate: float) -> float:
        g, paid = _series(rate, nper, due != 0)
        return pv * g + pmt * paid + fv

    left = balance(guess)
    before, x = guess, guess - math.copysign(_RATE_STEP, left)
    right = balance(x)
    for _ in range(_RATE_TRIES):
        if right == left:
            break
        before, x, left = x, x - right * (x - before) / (right - left), right
        if x <= -1 + 1e-9:  # at -1 the payments count for nothing
            break
        right = balance(x)
        if abs(right) < _RATE_BALANCE:
            return x
    raise ExcelError(NUM)


def _principal(rate: float, per: float, nper: float, pv: float, fv: float, due: bool) -> float:
    """Return the part of a period's payment that pays back; free of the cancellation in payment less interest."""
    if rate == 0:
        return -(pv + fv) / nper
    if due and per == 1:
        return float(pmt(rate, nper, pv, fv, 1.0))
    back = -(pv + fv) * rate / (growth(rate, nper) - 1) * growth(rate, per - 1)
    return back / (1 + rate) if due else back


@excel("PPMT")
def ppmt(rate: Number, per: Number, nper: Number, pv: Number, fv: Number = 0.0, due: Number = 0.0) -> float:
    """Return the part of a period's payment that pays back."""
    if not 1 <= per < nper + 1:
        raise ExcelError(NUM)
    return _principal(rate, per, nper, pv, fv, due != 0)


@excel("IPMT")
def ipmt(rate: Number, per: Number, nper: Number, pv: Number, fv: Number = 0.0, due: Number = 0.0) -> float:
    """Return the part of a period's payment that is interest."""
    if not 1 <= per < nper + 1:
        raise ExcelError(NUM)
    return _interest(rate, per, nper, pv, fv, due != 0)


def _interest(rate: float, per: float, nper: float, pv: float, fv_: float, due: bool) -> float:
    """Return the interest on what is owed after the periods before."""
    if due and per == 1:
        return 0.0
    owed = fv(rate, per - 1, pmt(rate, nper, pv, fv_, float(due)), pv, float(due))
    interest = float(owed) * rate
    return interest / (1 + rate) if due else interest


@excel("ISPMT")
def ispmt(rate: Number, per: Number, nper: Number, pv: Number) -> float:
    """Return the interest of a period where equal parts are paid back; periods count from 0."""
    return pv * rate * (per / nper - 1)


@add_in("CUMIPMT")
def cumipmt(rate: Number, nper: Number, pv: Number, start_period: Number, end_period: Number, due: Number) -> float:
    """Return the interest of several periods."""
    periods = _periods(rate, nper, pv, start_period, end_period, due)
    return sum(_interest(rate, per, nper, pv, 0.0, due == 1) for per in periods)


@add_in("CUMPRINC")
def cumprinc(rate: Number, nper: Number, pv: Number, start_period: Number, end_period: Number, due: Number) -> float:
    """Return what several periods pay back."""
    periods = _periods(rate, nper, pv, start_period, end_period, due)
    return sum(_principal(rate, per, nper, pv, 0.0, due == 1) for per in periods)


def _periods(rate: float, nper: float, pv: float, start: float, end: float, due: float) -> range:
    if rate <= 0 or nper <= 0 or pv <= 0 or start < 1 or end < start or end > nper or due not in (0.0, 1.0):
        raise ExcelError(NUM)
    return range(math.ceil(start), math.floor(end) + 1)
