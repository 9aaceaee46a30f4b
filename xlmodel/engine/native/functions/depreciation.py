"""Depreciation: what an asset loses in a period of its life."""

from __future__ import annotations

import math

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.calendar import Basis, date_of, day, day_of, days_between, is_leap
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Logical, Number, Whole, excel
from xlmodel.engine.native.functions.periods import basis_of
from xlmodel.engine.native.operands import NUM, ExcelError, UnsupportedError
from xlmodel.values import round_half_away

_MOST_PERIODS = 1_000_000


@excel("SLN")
def sln(cost: Number, salvage: Number, life: Number) -> float:
    """Return a period's loss, equal in all of them."""
    return (cost - salvage) / life


@excel("SYD")
def syd(cost: Number, salvage: Number, life: Number, per: Number) -> float:
    """Return a period's loss, in proportion to the periods left."""
    if salvage < 0 or life <= 0 or not 0 < per <= life:
        raise ExcelError(NUM)
    return (cost - salvage) * (life - per + 1) * 2 / (life * (life + 1))


@excel("DB")
def db(cost: Number, salvage: Number, life: Number, period: Number, month: Whole = 12) -> float:
    """Return a period's loss at a fixed rate, rounded to three digits; the first year may be short."""
    if cost < 0 or salvage < 0 or life <= 0 or period <= 0 or not 1 <= month <= 12:
        raise ExcelError(NUM)
    whole = math.floor(period) if period >= 1 else 1
    if period > life + (month < 12):
        raise ExcelError(NUM)
    if cost == 0:
        return 0.0
    rate = round_half_away(1 - (salvage / cost) ** (1 / life), 3)
    first = cost * rate * month / 12
    if whole == 1:
        return first
    loss = (cost - first) * (1 - rate) ** (whole - 2) * rate
    return loss * (12 - month) / 12 if whole > life else loss


@excel("DDB")
def ddb(cost: Number, salvage: Number, life: Number, period: Number, factor: Number = 2.0) -> float:
    """Return a period's loss at a rate of some times the straight line's, down to what is salvaged."""
    if cost < 0 or salvage < 0 or life <= 0 or factor <= 0 or not 0 < period <= life:
        raise ExcelError(NUM)
    rate = min(factor / life, 1.0)
    if rate == 1.0:
        before, after = cost if period <= 1 else 0.0, 0.0
    else:
        before, after = cost * (1 - rate) ** (period - 1), cost * (1 - rate) ** period
    return max(before - max(after, salvage), 0.0)


@excel("VDB")
def vdb(
    cost: Number, salvage: Number, life: Number, start_period: Number, end_period: Number,
    factor: Number = 2.0, no_switch: Logical = False,
) -> float:  # fmt: skip
    """Return the loss between two times, by the straight line from where that is more than the declining balance.

    A start within a period divides the whole life anew: periods of 1 go on from there, and a short one comes first.
    """
    if cost < 0 or salvage < 0 or life <= 0 or factor < 0 or not 0 <= start_period <= end_period <= life:
        raise ExcelError(NUM)
    if end_period > _MOST_PERIODS:
        raise UnsupportedError("VDB over more than a million periods", "limit")
    worth, total, at = cost, 0.0, 0.0
    line: float | None = None
    next_at = start_period % 1 or 1.0
    while at < end_period:
        length = min(next_at, end_period) - at
        loss = min(worth * factor / life, max(worth - salvage, 0.0)) * length
        if not no_switch:
            straight = max(worth - salvage, 0.0) / (life - at) * length
            if line is None and straight > loss:
                line = straight / length
            if line is not None:
                loss = line * length
        if at >= start_period:
            total += loss
        worth -= loss
        at, next_at = next_at, next_at + 1
    return total


_LONGEST = 100_000  #: periods that a loop goes through


@add_in("AMORLINC")
def amorlinc(
    context: Context, cost: Number, date_purchased: Number, first_period: Number, salvage: Number, period: Number,
    rate: Number, basis: Number = 0.0,
) -> float:  # fmt: skip
    """Return a period's loss in equal parts by the French rules; the first period counts its days."""
    first = cost * rate * _first_year(context, cost, date_purchased, first_period, salvage, period, rate, basis)
    whole, left = math.floor(period), cost - salvage
    first = min(first, left)
    if whole == 0:
        return first
    return min(cost * rate, max(left - first - cost * rate * (whole - 1), 0.0))


@add_in("AMORDEGRC")
def amordegrc(
    context: Context, cost: Number, date_purchased: Number, first_period: Number, salvage: Number, period: Number,
    rate: Number, basis: Number = 0.0,
) -> float:  # fmt: skip
    """Return a period's declining loss by the French rules, in whole units; the first period counts its days."""
    share = _first_year(context, cost, date_purchased, first_period, salvage, period, rate, basis)
    life = 1 / rate
    if life < 3 or 4 < life < 5:
        raise ExcelError(NUM)
    if life > _LONGEST:
        raise UnsupportedError(f"an asset that lives more than {_LONGEST:,} periods", "limit")
    faster = rate * (1.5 if life <= 4 else 2.0 if life <= 6 else 2.5)
    loss = round_half_away(min(faster * cost * share, cost - salvage), 0)
    worth, last = cost - loss, math.ceil(life) - (share == 1.0)
    for at in range(1, min(math.floor(period), last + 1) + 1):
        part = 1.0 if at >= last else 0.5 if at == last - 1 else faster
        loss = round_half_away(worth * part, 0) if worth >= salvage else 0.0
        worth -= loss
    return loss


def _first_year(
    context: Context, cost: float, date_purchased: float, first_period: float, salvage: float, period: float,
    rate: float, basis: float,
) -> float:  # fmt: skip
    """Return the part of a year from the purchase to the end of the first period, the whole year where they meet."""
    counted = basis_of(basis)
    start, end = day(date_purchased, context.date1904), day(first_period, context.date1904)
    if cost < 0 or salvage < 0 or salvage > cost or period < 0 or rate <= 0 or end < start:
        raise ExcelError(NUM)
    if counted is Basis.ACTUAL_360:
        raise ExcelError(NUM)
    year = 365.0 if counted is Basis.ACTUAL_365 else 360.0
    if counted is Basis.ACTUAL:
        year = 366.0 if is_leap(date_of(start).year) else 365.0
    if counted in (Basis.ACTUAL, Basis.ACTUAL_365):
        start, end = _no_leap_day(start), _no_leap_day(end)
    return days_between(start, end, counted) / year or 1.0


def _no_leap_day(serial: int) -> int:
    """Return a day, the 28th for a 29 February."""
    found = date_of(serial)
    return day_of(found.year, 2, 28) if found[1:] == (2, 29) else serial
