"""Bonds whose first or last coupon period is shorter or longer than the others. Prices are for 100 of face value."""

from __future__ import annotations

from collections.abc import Iterator

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.calendar import Basis, date_of, day, days_between, ends_month, months_later
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Number
from xlmodel.engine.native.functions.bonds import root
from xlmodel.engine.native.functions.coupons import Coupons, frequency_of, period_of
from xlmodel.engine.native.functions.periods import basis_of
from xlmodel.engine.native.operands import NUM, ExcelError


def _odd_first_price(
    settlement: int, maturity: int, issue: int, first: int, rate: float, yld: float, redemption: float,
    frequency: int, basis: Basis,
) -> float:  # fmt: skip
    whole = period_of(settlement, first, frequency, basis).days
    coupon, growth = 100 * rate / frequency, 1 + yld / frequency
    to_first = days_between(issue, first, basis)
    if to_first < whole:
        ahead, later = days_between(settlement, first, basis) / whole, 0
        earned, accrued = to_first / whole, days_between(issue, settlement, basis) / whole
    else:
        earned = accrued = 0.0
        for start, end, days in _quasi_periods(issue, first, frequency, basis, whole):
            earned += days_between(issue, end, basis) / days if start < issue else 1.0
            accrued += max(days_between(max(issue, start), min(settlement, end), basis), 0) / days
        period = period_of(settlement, first, frequency, basis)
        if basis in (Basis.ACTUAL_360, Basis.ACTUAL_365):
            ahead = days_between(settlement, period.end, basis) / whole
        else:
            ahead = (whole - period.gone) / whole
        later = period.coupons - 1
    regular = -Coupons(maturity, frequency).number_before(first)
    total = redemption / growth ** (regular + later + ahead) + coupon * earned / growth ** (later + ahead)
    total += sum(coupon / growth ** (k + later + ahead) for k in range(1, regular + 1))
    return float(total) - coupon * accrued


def _quasi_periods(
    issue: int, first: int, frequency: int, basis: Basis, whole: float
) -> Iterator[tuple[int, int, float]]:
    """Go through the coupon periods that would end with the first coupon, back to the one of the issue."""
    schedule = Coupons(first, frequency)
    for number in range(-1, schedule.number_before(issue) - 1, -1):
        start, end = schedule.at(number), schedule.at(number + 1)
        yield start, end, float(end - start) if basis is Basis.ACTUAL else whole


def _first_terms(
    context: Context, settlement: float, maturity: float, issue: float, first_coupon: float, frequency: float,
    basis: float,
) -> tuple[int, int, int, int, int, Basis]:  # fmt: skip
    settled, ends, issued, first = (day(x, context.date1904) for x in (settlement, maturity, issue, first_coupon))
    if not issued < settled < first < ends:
        raise ExcelError(NUM)
    return settled, ends, issued, first, frequency_of(frequency), basis_of(basis)


@add_in("ODDFPRICE")
def oddfprice(
    context: Context, settlement: Number, maturity: Number, issue: Number, first_coupon: Number, rate: Number,
    yld: Number, redemption: Number, frequency: Number, basis: Number = 0.0,
) -> float:  # fmt: skip
    """Return the price of a bond with an odd first period."""
    terms = _first_terms(context, settlement, maturity, issue, first_coupon, frequency, basis)
    if rate < 0 or yld < 0 or redemption <= 0:
        raise ExcelError(NUM)
    return _odd_first_price(*terms[:4], rate, yld, redemption, *terms[4:])


@add_in("ODDFYIELD")
def oddfyield(
    context: Context, settlement: Number, maturity: Number, issue: Number, first_coupon: Number, rate: Number,
    pr: Number, redemption: Number, frequency: Number, basis: Number = 0.0,
) -> float:  # fmt: skip
    """Return the yield of a bond with an odd first period."""
    terms = _first_terms(context, settlement, maturity, issue, first_coupon, frequency, basis)
    if rate < 0 or pr <= 0 or redemption <= 0:
        raise ExcelError(NUM)
    return root(lambda x: _odd_first_price(*terms[:4], rate, x, redemption, *terms[4:]) - pr, rate or 0.05)


def _last_periods(
    context: Context, settlement: float, maturity: float, last_interest: float, frequency: int, basis: Basis
) -> tuple[float, float, float]:
    """Return the periods since the last coupon, as parts of whole ones: up to maturity, to settlement, and between."""
    settled, ends, last = (day(x, context.date1904) for x in (settlement, maturity, last_interest))
    if not last < settled < ends:
        raise ExcelError(NUM)
    whole = gone = ahead = 0.0
    start, number = last, 0
    while start < ends:
        number += 1
        end = months_later(last, number * (12 // frequency), ends_month(date_of(last)))
        days = days_between(start, end, basis)
        until = min(end, ends)
        whole += days_between(start, until, basis) / days
        if settled > start:
            gone += days_between(start, min(settled, until), basis) / days
        if settled < until:
            ahead += days_between(max(start, settled), until, basis) / days
        start = end
    return whole, gone, ahead


@add_in("ODDLPRICE")
def oddlprice(
    context: Context, settlement: Number, maturity: Number, last_interest: Number, rate: Number, yld: Number,
    redemption: Number, frequency: Number, basis: Number = 0.0,
) -> float:  # fmt: skip
    """Return the price of a bond with an odd last period, after its last coupon."""
    times, counted = frequency_of(frequency), basis_of(basis)
    whole, gone, ahead = _last_periods(context, settlement, maturity, last_interest, times, counted)
    if rate < 0 or yld < 0 or redemption <= 0:
        raise ExcelError(NUM)
    coupon = 100 * rate / times
    return (redemption + whole * coupon) / (1 + ahead * yld / times) - gone * coupon


@add_in("ODDLYIELD")
def oddlyield(
    context: Context, settlement: Number, maturity: Number, last_interest: Number, rate: Number, pr: Number,
    redemption: Number, frequency: Number, basis: Number = 0.0,
) -> float:  # fmt: skip
    """Return the yield of a bond with an odd last period, after its last coupon."""
    times, counted = frequency_of(frequency), basis_of(basis)
    whole, gone, ahead = _last_periods(context, settlement, maturity, last_interest, times, counted)
    if rate < 0 or pr <= 0 or redemption <= 0:
        raise ExcelError(NUM)
    coupon = 100 * rate / times
    paid = pr + gone * coupon
    return (redemption + whole * coupon - paid) / paid * times / ahead
