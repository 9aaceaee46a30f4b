"""Coupon dates of bonds, counted back from maturity, and the days between them."""

from __future__ import annotations

from typing import NamedTuple

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.calendar import (
    Basis,
    date_of,
    day,
    days_between,
    ends_month,
    months_later,
    shown,
    thirty_us,
)
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Number
from xlmodel.engine.native.functions.periods import basis_of
from xlmodel.engine.native.operands import NUM, ExcelError


class Coupons(NamedTuple):
    """The coupons paid so many times a year on one day of the month, or always on the last one."""

    anchor: int  #: a day on which one is paid
    frequency: int

    def at(self, number: int) -> int:
        """Return the day of a coupon; the anchor's is number 0."""
        return months_later(self.anchor, number * (12 // self.frequency), ends_month(date_of(self.anchor)))

    def number_before(self, serial: int) -> int:
        """Return the number of the last coupon up to a day, that day included."""
        then, anchor = date_of(serial), date_of(self.anchor)
        months = (then.year - anchor.year) * 12 + then.month - anchor.month
        number = months // (12 // self.frequency)
        return number if self.at(number) <= serial else number - 1


class Period(NamedTuple):
    """The coupon period in which a bond is settled."""

    start: int
    end: int
    coupons: int  #: still to be paid
    days: float  #: of the period, by the basis
    gone: int  #: days up to the settlement


def frequency_of(number: float) -> int:
    """Return how many coupons a year has: 1, 2 or 4; raises #NUM!."""
    if int(number) not in (1, 2, 4):
        raise ExcelError(NUM)
    return int(number)


def coupon_days(start: int, end: int, frequency: int, basis: Basis) -> float:
    """Return the days of a whole coupon period."""
    if basis is Basis.ACTUAL:
        return float(end - start)
    return (365.0 if basis is Basis.ACTUAL_365 else 360.0) / frequency


def period_of(settlement: int, maturity: int, frequency: int, basis: Basis) -> Period:
    """Return the coupon period of a settlement; raises #NUM! where that is not before maturity."""
    if settlement >= maturity:
        raise ExcelError(NUM)
    schedule = Coupons(maturity, frequency)
    number = schedule.number_before(settlement)
    start, end = schedule.at(number), schedule.at(number + 1)
    days = coupon_days(start, end, frequency, basis)
    return Period(start, end, -number, days, days_between(start, settlement, basis))


def _period(context: Context, settlement: float, maturity: float, frequency: float, basis: float) -> Period:
    times, counted = frequency_of(frequency), basis_of(basis)
    return period_of(day(settlement, context.date1904), day(maturity, context.date1904), times, counted)


@add_in("COUPPCD")
def couppcd(context: Context, settlement: Number, maturity: Number, frequency: Number, basis: Number = 0.0) -> float:
    """Return the coupon date up to the settlement."""
    return shown(_period(context, settlement, maturity, frequency, basis).start, context.date1904)


@add_in("COUPNCD")
def coupncd(context: Context, settlement: Number, maturity: Number, frequency: Number, basis: Number = 0.0) -> float:
    """Return the coupon date after the settlement."""
    return shown(_period(context, settlement, maturity, frequency, basis).end, context.date1904)


@add_in("COUPNUM")
def coupnum(context: Context, settlement: Number, maturity: Number, frequency: Number, basis: Number = 0.0) -> int:
    """Return the number of coupons from the settlement to maturity."""
    return _period(context, settlement, maturity, frequency, basis).coupons


@add_in("COUPDAYS")
def coupdays(context: Context, settlement: Number, maturity: Number, frequency: Number, basis: Number = 0.0) -> float:
    """Return the days of the coupon period of the settlement."""
    return _period(context, settlement, maturity, frequency, basis).days


@add_in("COUPDAYBS")
def coupdaybs(context: Context, settlement: Number, maturity: Number, frequency: Number, basis: Number = 0.0) -> int:
    """Return the days from the last coupon to the settlement."""
    return _period(context, settlement, maturity, frequency, basis).gone


@add_in("COUPDAYSNC")
def coupdaysnc(context: Context, settlement: Number, maturity: Number, frequency: Number, basis: Number = 0.0) -> int:
    """Return the days from the settlement to the next coupon."""
    period = _period(context, settlement, maturity, frequency, basis)
    counted = basis_of(basis)
    if counted is Basis.US_30_360:  # what is left of the whole period, both of its ends taken as starts
        return thirty_us(date_of(period.start), date_of(period.end), both_ends=True) - period.gone
    return days_between(day(settlement, context.date1904), period.end, counted)
