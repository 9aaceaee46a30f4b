"""Bonds with regular coupons: price, yield, duration and accrued interest. Prices are for 100 of face value."""

from __future__ import annotations

from collections.abc import Callable

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.calendar import Basis, date_of, day, days_between, thirty_us
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Logical, Number
from xlmodel.engine.native.functions.coupons import Coupons, Period, coupon_days, frequency_of, period_of
from xlmodel.engine.native.functions.periods import basis_of
from xlmodel.engine.native.operands import NUM, ExcelError

_TRIES, _PRICE_CLOSE = 100, 1e-10


def _regular_price(period: Period, rate: float, yld: float, redemption: float, frequency: int) -> float:
    coupon = 100 * rate / frequency
    ahead = (period.days - period.gone) / period.days
    accrued = coupon * period.gone / period.days
    if period.coupons == 1:
        return (redemption + coupon) / (1 + ahead * yld / frequency) - accrued
    growth = 1 + yld / frequency
    paid = sum(coupon / growth ** (k + ahead) for k in range(period.coupons))
    return float(redemption / growth ** (period.coupons - 1 + ahead) + paid - accrued)


def root(f: Callable[[float], float], guess: float) -> float:
    """Return where a smooth falling price meets the one asked for, by Newton's method with secant slopes."""
    x = guess
    y = f(x)
    for _ in range(_TRIES):
        if abs(y) < _PRICE_CLOSE:
            return x
        slope = (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
        if slope == 0:
            break
        x -= y / slope
        y = f(x)
        if isinstance(y, complex):
            break
    raise ExcelError(NUM)


@add_in("PRICE")
def price(
    context: Context, settlement: Number, maturity: Number, rate: Number, yld: Number, redemption: Number,
    frequency: Number, basis: Number = 0.0,
) -> float:  # fmt: skip
    """Return the price of a bond, without the interest accrued."""
    times, counted = frequency_of(frequency), basis_of(basis)
    period = period_of(day(settlement, context.date1904), day(maturity, context.date1904), times, counted)
    if rate < 0 or yld < 0 or redemption <= 0:
        raise ExcelError(NUM)
    return _regular_price(period, rate, yld, redemption, times)


@add_in("YIELD")
def yield_(
    context: Context, settlement: Number, maturity: Number, rate: Number, pr: Number, redemption: Number,
    frequency: Number, basis: Number = 0.0,
) -> float:  # fmt: skip
    """Return the yearly yield of a bond bought at a price."""
    times, counted = frequency_of(frequency), basis_of(basis)
    period = period_of(day(settlement, context.date1904), day(maturity, context.date1904), times, counted)
    if rate < 0 or pr <= 0 or redemption <= 0:
        raise ExcelError(NUM)
    if period.coupons == 1:
        accrued = rate / times * period.gone / period.days
        invested = pr / 100 + accrued
        gained = redemption / 100 + rate / times - invested
        return gained / invested * times * period.days / (period.days - period.gone)
    return root(lambda x: _regular_price(period, rate, x, redemption, times) - pr, rate or 0.05)


@add_in("DURATION")
def duration(
    context: Context, settlement: Number, maturity: Number, coupon: Number, yld: Number, frequency: Number,
    basis: Number = 0.0,
) -> float:  # fmt: skip
    """Return the mean years to a bond's payments, weighted by their present values (Macaulay)."""
    times, counted = frequency_of(frequency), basis_of(basis)
    period = period_of(day(settlement, context.date1904), day(maturity, context.date1904), times, counted)
    if coupon < 0 or yld < 0:
        raise ExcelError(NUM)
    growth, ahead = 1 + yld / times, (period.days - period.gone) / period.days
    worth = weighted = 0.0
    for k in range(period.coupons):
        paid = 100 * coupon / times + (100 if k == period.coupons - 1 else 0)
        present = paid / growth ** (k + ahead)
        worth += present
        weighted += (k + ahead) * present
    return weighted / worth / times


@add_in("MDURATION")
def mduration(
    context: Context, settlement: Number, maturity: Number, coupon: Number, yld: Number, frequency: Number,
    basis: Number = 0.0,
) -> float:  # fmt: skip
    """Return how much a bond's price falls, as a part of it, for a yield higher by 1."""
    years = float(duration(context, settlement, maturity, coupon, yld, frequency, basis))
    return years / (1 + yld / frequency_of(frequency))


@add_in("ACCRINT")
def accrint(
    context: Context, issue: Number, first_interest: Number, settlement: Number, rate: Number, par: Number,
    frequency: Number, basis: Number = 0.0, calc_method: Logical = True,
) -> float:  # fmt: skip
    """Return the interest accrued since issue, or since the coupon before the first one, of a security with coupons."""
    issued, first, settled = (day(x, context.date1904) for x in (issue, first_interest, settlement))
    times, counted = frequency_of(frequency), basis_of(basis)
    if rate <= 0 or par <= 0 or issued >= settled:
        raise ExcelError(NUM)
    schedule = Coupons(first, times)
    number = schedule.number_before(settled - 1) if settled > first and calc_method else -1
    start, end = schedule.at(number), min(schedule.at(number + 1), first)
    whole = coupon_days(min(start, schedule.at(-1)), end, times, counted)  # after the first coupon, as before it
    periods = days_between(max(issued, start), settled, counted) / whole
    while start > issued:
        number -= 1
        start, end = schedule.at(number), start
        periods += _share(issued, start, end, times, counted) if issued > start else float(calc_method)
    return par * rate / times * periods


def _share(issued: int, start: int, end: int, frequency: int, basis: Basis) -> float:
    """Return the part of a coupon period that lies after the issue."""
    if basis is Basis.US_30_360:
        return thirty_us(date_of(issued), date_of(end)) / thirty_us(date_of(start), date_of(end), both_ends=True)
    whole = 365 / frequency if basis is Basis.ACTUAL_365 else days_between(start, end, basis)
    if basis is Basis.ACTUAL_360:
        whole = thirty_us(date_of(start), date_of(end))
    return days_between(issued, end, basis) / whole
