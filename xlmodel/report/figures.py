"""Numbers as a report prints them: children whole, money in millions, rounded half away from zero, never -0."""

from __future__ import annotations

import math
from collections.abc import Sequence

from xlmodel.values import Scalar, display, round_half_away

__all__ = ["MISSING", "apart", "count", "listed", "millions", "month_of", "number", "percent", "pounds"]

#: What stands where there is no number.
MISSING = "n/a"


def number(x: float, dp: int = 0) -> str:
    """Return a number to `dp` places.

    >>> number(1234.5), number(-0.004, 2), number(82.5), number(float("nan"))
    ('1,235', '0.00', '83', 'n/a')
    """
    if not math.isfinite(x):
        return MISSING
    shown = round_half_away(float(x), dp)
    return f"{shown + 0.0:,.{max(dp, 0)}f}"


def apart(one: Scalar, other: Scalar) -> tuple[str, str]:
    """Return two contents of a cell for people: numbers to the decimals that tell them apart, and one more.

    >>> apart(0.903083478278769, 0.905122026168103), apart(260328409.85, 237089138.7)
    (('0.9031', '0.9051'), ('260,328,410', '237,089,139'))
    >>> apart(1976577.0, 1529063.0), apart(1e-9, 5.0), apart("a", 2.0)
    (('1,976,577', '1,529,063'), ('1e-09', '5'), ('"a"', '2'))
    """
    numbers = [x for x in (one, other) if isinstance(x, float) and not isinstance(x, bool)]
    gap = abs(numbers[0] - numbers[1]) if len(numbers) == 2 else 0.0
    dp = 15 if gap == 0 or not math.isfinite(gap) else 1 - math.floor(math.log10(gap))
    return _to(one, dp), _to(other, dp)


def _to(content: Scalar, dp: int) -> str:
    if isinstance(content, bool) or not isinstance(content, float) or not 1e-4 <= abs(content) < 1e15:
        return display(content)
    size = math.floor(math.log10(abs(content)))
    shown = f"{content:,.{min(max(dp, 2 - size, 0), 14 - size)}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def millions(x: float, dp: int = 2) -> str:
    """Return pounds as millions without the unit, for a column whose heading has it.

    >>> millions(13_634_999), millions(-4_000.0), millions(-6_000.0)
    ('13.63', '0.00', '-0.01')
    """
    return number(x / 1e6, dp) if math.isfinite(x) else MISSING


def pounds(x: float) -> str:
    """Return an amount of money in a sentence: millions with 2 decimals, whole pounds below ten thousand.

    >>> pounds(10_904_000), pounds(-1_340_000), pounds(854.11)
    ('£10.90m', '-£1.34m', '£854')
    """
    if not math.isfinite(x):
        return MISSING
    large = abs(x) >= 10_000
    shown = millions(abs(x)) if large else number(abs(x))
    sign = "-" if x < 0 and shown.strip("0.,") else ""
    return f"{sign}£{shown}{'m' if large else ''}"


def percent(fraction: float, dp: int = 0) -> str:
    """Return a fraction as a percentage.

    >>> percent(0.125), percent(-0.0001)
    ('13 %', '0 %')
    """
    return f"{number(fraction * 100, dp)} %" if math.isfinite(fraction) else MISSING


def count(n: float, noun: str, plural: str = "") -> str:
    """Return how many there are of something.

    >>> count(1, "child", "children"), count(1.4, "child", "children"), count(2000, "run")
    ('1 child', '1 child', '2,000 runs')
    """
    shown = number(n)
    return f"{shown} {noun if shown in ('1', '-1') else plural or noun + 's'}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as a list in a sentence.

    >>> listed(["2024/25", "2025/26", "2026/27"]), listed(["2024/25"])
    ('2024/25, 2025/26 and 2026/27', '2024/25')
    """
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def month_of(year: int) -> str:
    """Return the month in which financial years of that calendar year end.

    >>> month_of(2024)
    'March 2024'
    """
    return f"March {year}"
