"""Securities without coupons: sold below what they redeem, or paying all their interest at maturity."""

from __future__ import annotations

import math

from xlmodel.engine.native.add_in import add_in
from xlmodel.engine.native.calendar import day, days_between, months_later, year_length
from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Number
from xlmodel.engine.native.functions.periods import basis_of
from xlmodel.engine.native.operands import DIV0, NUM, ExcelError

_YEAR = 360  #: days, of a Treasury bill
_HALF_YEAR = 182


def _years(context: Context, start: float, end: float, basis: float) -> float:
    """Return the part of a year between two days in order; raises #NUM! where they are not."""
    counted = basis_of(basis)
    one, other = day(start, context.date1904), day(end, context.date1904)
    if one >= other:
        raise ExcelError(NUM)
    return days_between(one, other, counted) / year_length(one, other, counted)


def _positive(*numbers: float) -> None:
    if min(numbers) <= 0:
        raise ExcelError(NUM)


@add_in("DISC")
def disc(
    context: Context, settlement: Number, maturity: Number, pr: Number, redemption: Number, basis: Number = 0.0
) -> float:
    """Return the yearly discount at which a price stands."""
    years = _years(context, settlement, maturity, basis)
    _positive(pr, redemption)
    return (redemption - pr) / redemption / years


@add_in("INTRATE")
def intrate(
    context: Context, settlement: Number, maturity: Number, investment: Number, redemption: Number,
    basis: Number = 0.0,
) -> float:  # fmt: skip
    """Return the yearly interest on what is invested."""
    years = _years(context, settlement, maturity, basis)
    _positive(investment, redemption)
    return (redemption - investment) / investment / years


@add_in("RECEIVED")
def received(
    context: Context, settlement: Number, maturity: Number, investment: Number, discount: Number,
    basis: Number = 0.0,
) -> float:  # fmt: skip
    """Return what an investment at a discount redeems."""
    years = _years(context, settlement, maturity, basis)
    _positive(investment, discount)
    return investment / (1 - discount * years)


@add_in("PRICEDISC")
def pricedisc(
    context: Context, settlement: Number, maturity: Number, discount: Number, redemption: Number,
    basis: Number = 0.0,
) -> float:  # fmt: skip
    """Return the price at a discount."""
    years = _years(context, settlement, maturity, basis)
    _positive(discount, redemption)
    return redemption - discount * redemption * years


@add_in("YIELDDISC")
def yielddisc(
    context: Context, settlement: Number, maturity: Number, pr: Number, redemption: Number, basis: Number = 0.0
) -> float:
    """Return the yearly yield of a price below what is redeemed."""
    years = _years(context, settlement, maturity, basis)
    _positive(pr, redemption)
    return (redemption / pr - 1) / years


@add_in("ACCRINTM")
def accrintm(
    context: Context, issue: Number, settlement: Number, rate: Number, par: Number = 1000.0, basis: Number = 0.0
) -> float:
    """Return the interest accrued of a security that pays it at maturity."""
    years = _years(context, issue, settlement, basis)
    _positive(rate, par)
    return par * rate * years


def _from_issue(
    context: Context, settlement: float, maturity: float, issue: float, basis: float
) -> tuple[float, float, float]:
    """Return the years from issue to maturity and to settlement, and from settlement to maturity; one year's length."""
    counted = basis_of(basis)
    settled, ends, issued = (day(x, context.date1904) for x in (settlement, maturity, issue))
    if settled >= ends or issued > settled:
        raise ExcelError(NUM)
    year = year_length(issued, settled, counted)
    pairs = ((issued, ends), (issued, settled), (settled, ends))
    whole, gone, ahead = (days_between(a, b, counted) / year for a, b in pairs)
    return whole, gone, ahead


@add_in("PRICEMAT")
def pricemat(
    context: Context, settlement: Number, maturity: Number, issue: Number, rate: Number, yld: Number,
    basis: Number = 0.0,
) -> float:  # fmt: skip
    """Return the price of a security that pays its interest at maturity."""
    whole, gone, ahead = _from_issue(context, settlement, maturity, issue, basis)
    if rate < 0 or yld < 0:
        raise ExcelError(NUM)
    return (100 + whole * rate * 100) / (1 + ahead * yld) - gone * rate * 100


@add_in("YIELDMAT")
def yieldmat(
    context: Context, settlement: Number, maturity: Number, issue: Number, rate: Number, pr: Number,
    basis: Number = 0.0,
) -> float:  # fmt: skip
    """Return the yearly yield of a security that pays its interest at maturity."""
    whole, gone, ahead = _from_issue(context, settlement, maturity, issue, basis)
    if rate < 0 or pr <= 0:
        raise ExcelError(NUM)
    paid = pr / 100 + gone * rate
    return (1 + whole * rate - paid) / paid / ahead


def _bill_days(context: Context, settlement: float, maturity: float) -> int:
    """Return the days that a Treasury bill runs, at most a year."""
    settled, ends = day(settlement, context.date1904), day(maturity, context.date1904)
    if settled >= ends or ends > months_later(settled, 12):
        raise ExcelError(NUM)
    return ends - settled


@add_in("TBILLPRICE")
def tbillprice(context: Context, settlement: Number, maturity: Number, discount: Number) -> float:
    """Return the price of a Treasury bill."""
    days = _bill_days(context, settlement, maturity)
    _positive(discount)
    price = 100 * (1 - discount * days / _YEAR)
    _positive(price)
    return price


@add_in("TBILLYIELD")
def tbillyield(context: Context, settlement: Number, maturity: Number, pr: Number) -> float:
    """Return the yield of a Treasury bill."""
    days = _bill_days(context, settlement, maturity)
    _positive(pr)
    return (100 - pr) / pr * _YEAR / days


@add_in("TBILLEQ")
def tbilleq(context: Context, settlement: Number, maturity: Number, discount: Number) -> float:
    """Return the yield of a bond, paid each half year, that a Treasury bill is worth."""
    days = _bill_days(context, settlement, maturity)
    _positive(discount)
    if days <= _HALF_YEAR:
        rest = _YEAR - discount * days
        _positive(rest)
        return 365 * discount / rest
    price = 1 - discount * days / _YEAR
    _positive(price)
    years = days / (366 if days == 366 else 365)
    return 2 * (math.sqrt(years**2 - (2 * years - 1) * (1 - 1 / price)) - years) / (2 * years - 1)


@add_in("DOLLARDE")
def dollarde(fractional_dollar: Number, fraction: Number) -> float:
    """Return a price whose decimals count parts, such as 32nds, as a decimal number."""
    parts, scale = _parts(fraction)
    whole = math.trunc(fractional_dollar)
    return whole + (fractional_dollar - whole) * scale / parts


@add_in("DOLLARFR")
def dollarfr(decimal_dollar: Number, fraction: Number) -> float:
    """Return a decimal price with decimals that count parts, such as 32nds."""
    parts, scale = _parts(fraction)
    whole = math.trunc(decimal_dollar)
    return whole + (decimal_dollar - whole) * parts / scale


def _parts(fraction: float) -> tuple[int, int]:
    """Return the parts of a dollar and the power of ten that their numbers fit below."""
    if fraction < 0:
        raise ExcelError(NUM)
    parts = int(fraction)
    if parts == 0:
        raise ExcelError(DIV0)
    return parts, 10 ** math.ceil(math.log10(parts))
