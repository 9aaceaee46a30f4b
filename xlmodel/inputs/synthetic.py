"""Made-up SSDA903 returns for tests, benchmarks and demonstrations: no child is real, nor drawn from a real one.

Families come at random; a child goes home within months, is adopted or goes to a guardian, or stays until 18. Each
period of care is cut into episodes by changes of placement and legal status. All is drawn for all children at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xlmodel.inputs.ssda903.fields import DayNumbers, birthdays
from xlmodel.inputs.ssda903.reading import EPISODES, HEADER, file_name
from xlmodel.inputs.synthetic_episodes import OPEN, cut_into_episodes, episode_fields
from xlmodel.model.domain import BoolArray, FloatArray
from xlmodel.model.years import first_day

__all__ = ["synthetic_returns", "write_returns"]

#: Years simulated before the first return, so that it opens with children of all lengths of stay.
_BEFORE = 18

_YEAR = 365.25

#: The field UASC is part of the Header from the return of this year on.
_UASC_FROM = 2019

HOME, ADOPTED, GUARDIAN, GROWS_UP, ASSESSED = range(5)

#: Share of each way out by age at entry; the bands are from 0, 1, 5, 10 and 16.
_AGE_EDGES = np.array([0, 1, 5, 10, 16, 18])
_AGE_SHARES = np.array([0.21, 0.18, 0.19, 0.31, 0.11])
_WAYS = np.array(
    [
        [0.35, 0.37, 0.20, 0.08, 0.0],
        [0.46, 0.14, 0.24, 0.16, 0.0],
        [0.52, 0.02, 0.18, 0.28, 0.0],
        [0.58, 0.0, 0.05, 0.37, 0.0],
        [0.45, 0.0, 0.0, 0.55, 0.0],
    ]
)
_UASC_WAYS = np.array([0.05, 0.0, 0.0, 0.88, 0.07])

#: Stays before the way out, in years: shape and scale of a gamma distribution. Home comes soon, the rest later.
_STAY_SHAPE = np.array([0.9, 6.0, 3.5, 0.0, 2.0])
_STAY_SCALE = np.array([0.45, 0.28, 0.40, 0.0, 0.15])

_REASONS: tuple[tuple[tuple[str, ...], tuple[float, ...]], ...] = (
    (
        ("E4A", "E4B", "E13", "E41", "E8", "E3", "E9", "E14", "E16", "E2"),
        (0.55, 0.14, 0.06, 0.08, 0.09, 0.02, 0.02, 0.02, 0.01, 0.01),
    ),
    (("E12", "E11"), (0.8, 0.2)),
    (("E45", "E46", "E47", "E48"), (0.5, 0.08, 0.35, 0.07)),
    (("E17", "E5", "E6", "E7"), (0.3, 0.45, 0.18, 0.07)),
    (("E15",), (1.0,)),
)

_RETURNS_TO_CARE, _GAP_YEARS, _SIBLINGS = 0.14, 1.1, (0.72, 0.18, 0.10)


@dataclass
class _Periods:
    """Periods of care, each array of shape (periods,)."""

    child: NDArray[np.int64]
    birth: DayNumbers
    begin: DayNumbers
    end: DayNumbers = field(default_factory=lambda: np.zeros(0, np.int64))
    way: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, np.intp))
    uasc: BoolArray = field(default_factory=lambda: np.zeros(0, np.bool_))

    def taken(self, where: NDArray[np.intp] | BoolArray) -> _Periods:
        """Return some of the periods, in that order."""
        return _Periods(*(x[where] for x in vars(self).values()))


def synthetic_returns(
    first_year: int = 2014, years: int = 10, *, starts_a_year: float = 210, seed: int = 903
) -> dict[tuple[int, str], pd.DataFrame]:
    """Return made-up returns of one authority.

    Parameters
    ----------
    first_year : int
        The year in which the financial year of the first return starts.
    years : int
        Number of returns, one after another.
    starts_a_year : float, children
        Periods of care that begin in a year, nearly. 210 leads to 450 to 500 children in care and 20,000 rows of
        episodes in ten returns.
    seed : int
        The same seed gives the same returns.

    Returns
    -------
    dict of (year, "Header" or "Episodes") to DataFrame
        All columns of the return, of text, without a fault. Children are named SYN000001 and so on.

    Examples
    --------
    >>> returns = synthetic_returns(2022, 2, starts_a_year=20)
    >>> list(returns)
    [(2022, 'Header'), (2022, 'Episodes'), (2023, 'Header'), (2023, 'Episodes')]
    >>> returns[2022, "Header"]["CHILD"].str.startswith("SYN").all()
    np.True_

    References
    ----------
    docs/ssda903.md, "Returns that are made up".
    """
    dice = np.random.default_rng(seed)
    opens = int(first_day(first_year - _BEFORE).astype(np.int64))
    first = int(first_day(first_year).astype(np.int64))
    after = int(first_day(first_year + years).astype(np.int64))
    periods = _periods(dice, opens, after, starts_a_year)
    periods = periods.taken((periods.end >= first) & (periods.begin < after))
    periods = periods.taken(np.lexsort((periods.begin, periods.child)))
    _, periods.child = np.unique(periods.child, return_inverse=True)
    at, begin, end = cut_into_episodes(dice, periods.begin, periods.end)
    rows = episode_fields(dice, at, begin, end, periods.birth, _reasons(dice, periods), periods.uasc)
    rows.insert(0, "CHILD", np.char.add("SYN", np.char.zfill((periods.child[at] + 1).astype(str), 6)))
    children = _children(dice, periods)
    found: dict[tuple[int, str], pd.DataFrame] = {}
    for year in range(first_year, first_year + years):
        episodes = _of_year(rows, begin, end, year)
        header = children.loc[children["CHILD"].isin(episodes["CHILD"])].reset_index(drop=True)
        found[year, HEADER] = header if year >= _UASC_FROM else header.drop(columns="UASC")
        found[year, EPISODES] = episodes
    return found


def write_returns(folder: Path, returns: Mapping[tuple[int, str], pd.DataFrame]) -> list[Path]:
    """Write returns as CSV files, a folder for each year.

    Parameters
    ----------
    folder : Path
        It is made where it is not there.
    returns : mapping of (year, "Header" or "Episodes") to DataFrame
        As `synthetic_returns` gives them.

    Returns
    -------
    list of Path
        The files, such as 2023-24/Episodes.csv.
    """
    paths = []
    for (year, kind), frame in returns.items():
        path = folder / file_name(year, kind)
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.to_csv(path, index=False)
        paths.append(path)
    return paths


def _periods(dice: np.random.Generator, opens: int, after: int, starts_a_year: float) -> _Periods:
    """Return first periods of care, and of those who went home the ones who came back."""
    share_back = 1 + _RETURNS_TO_CARE * 0.5
    size = np.dot(_SIBLINGS, [1, 2, 3]) * share_back
    families = dice.poisson(starts_a_year * (after - opens) / _YEAR / size)
    siblings = 1 + dice.choice(3, size=families, p=_SIBLINGS)
    of = np.repeat(np.arange(families), siblings)
    begin = dice.integers(opens, after, size=families)[of]
    uasc = (dice.random(families) < 0.06)[of]
    band = dice.choice(5, size=families, p=_AGE_SHARES)
    age = _AGE_EDGES[band] + dice.random(families) * np.diff(_AGE_EDGES)[band]
    younger = np.arange(len(of)) - np.repeat(np.cumsum(siblings) - siblings, siblings)
    age = np.clip(np.where(younger > 0, age[of] + dice.uniform(-5, 5, len(of)), age[of]), 0.003, 17.9)
    age = np.where(uasc, dice.uniform(14.5, 17.8, len(of)), age)
    first = _Periods(np.arange(len(of)), begin - (age * _YEAR).astype(np.int64), begin)
    first.uasc = uasc
    _end(dice, first)
    back = (first.way == HOME) & (dice.random(len(of)) < _RETURNS_TO_CARE)
    again = first.taken(back)
    again.begin = again.end + 1 + dice.exponential(_GAP_YEARS * _YEAR, back.sum()).astype(np.int64)
    again = again.taken((again.begin < birthdays(again.birth, 18) - 30) & (again.begin < after))
    _end(dice, again)
    return _Periods(*(np.concatenate(pair) for pair in zip(vars(first).values(), vars(again).values(), strict=True)))


def _end(dice: np.random.Generator, periods: _Periods) -> None:
    """Draw the way out of each period, and the day; at 18 the latest."""
    n = len(periods.begin)
    band = np.clip(np.searchsorted(_AGE_EDGES, (periods.begin - periods.birth) / _YEAR, side="right") - 1, 0, 4)
    ways = np.where(periods.uasc[:, None], _UASC_WAYS, _WAYS[band])
    way = (dice.random(n)[:, None] > np.cumsum(ways, axis=1)).sum(axis=1).clip(0, ASSESSED)
    stay = dice.gamma(np.maximum(_STAY_SHAPE[way], 0.1), np.maximum(_STAY_SCALE[way], 0.1))
    adult = birthdays(periods.birth, 18)
    end = periods.begin + 1 + (stay * _YEAR).astype(np.int64)
    grows_up = (way == GROWS_UP) | (end >= adult)
    periods.way = np.where(grows_up, GROWS_UP, way)
    periods.end = np.where(grows_up, adult, end)


def _reasons(dice: np.random.Generator, periods: _Periods) -> NDArray[np.str_]:
    reasons = np.full(len(periods.way), "", dtype="U3")
    for way, (codes, shares) in enumerate(_REASONS):
        chosen = periods.way == way
        reasons[chosen] = dice.choice(codes, size=chosen.sum(), p=shares)
    return reasons


def _children(dice: np.random.Generator, periods: _Periods) -> pd.DataFrame:
    """Return the Header rows of all children, one each."""
    _, first = np.unique(periods.child, return_index=True)
    n, birth = len(first), periods.birth[first]
    age: FloatArray = (periods.begin[first] - birth) / _YEAR
    girl = dice.random(n) < 0.46
    mother = girl & (age > 15) & (dice.random(n) < 0.06)
    baby = birth + (15.5 * _YEAR) + dice.integers(0, 700, n)
    ethnic = ("WBRI", "WOTH", "MWBC", "MWAS", "APKN", "BCRB", "BAFR", "OOTH", "NOBT")
    return pd.DataFrame(
        {
            "CHILD": np.char.add("SYN", np.char.zfill((np.arange(n) + 1).astype(str), 6)),
            "SEX": np.where(girl, "2", "1"),
            "DOB": _text(birth),
            "ETHNIC": dice.choice(ethnic, size=n, p=(0.71, 0.05, 0.04, 0.03, 0.03, 0.03, 0.06, 0.03, 0.02)),
            "UPN": np.where(age < 5, "UN1", "UN4"),
            "MOTHER": np.where(mother, "1", ""),
            "MC_DOB": np.where(mother, _text(baby.astype(np.int64)), ""),
            "UASC": np.where(periods.uasc[first], "1", "0"),
        },
        dtype=object,
    )


def _of_year(rows: pd.DataFrame, begin: DayNumbers, end: DayNumbers, year: int) -> pd.DataFrame:
    """Return the episodes of a year as its return has them: without an end that comes later."""
    first, after = (int(first_day(y).astype(np.int64)) for y in (year, year + 1))
    inside = (begin < after) & (end >= first)
    table = rows.loc[inside].reset_index(drop=True)
    goes_on = end[inside] >= after
    table.insert(1, "DECOM", _text(begin[inside]))
    table["DEC"] = np.where(goes_on, "", _text(np.minimum(end[inside], OPEN - 1)))
    table.loc[goes_on, ["REC", "REASON_PLACE_CHANGE"]] = ""
    order = ["CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC"]
    return table[[*order, "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN"]]


def _text(days: DayNumbers) -> NDArray[np.str_]:
    iso = np.datetime_as_string(days.astype("datetime64[D]"))
    at, distinct = pd.factorize(iso)
    texts = np.array([f"{d[8:10]}/{d[5:7]}/{d[:4]}" for d in distinct] or [""])
    return np.asarray(texts[at])
