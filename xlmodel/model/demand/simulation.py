"""What chance, and what is not known for certain, can make of a scenario: many runs of its months in whole children."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlmodel.errors import DomainError, NoDataError, ShapeError
from xlmodel.model.demand.assumptions import Assumption
from xlmodel.model.demand.draws import binomial, poisson, triangular
from xlmodel.model.demand.months import DAYS_A_WEEK, Months
from xlmodel.model.demand.path import Path
from xlmodel.model.demand.ratio import ratio
from xlmodel.model.domain import FloatArray, real, refuse

__all__ = ["VARIED", "Fan", "Spread", "difference", "simulate"]

#: The assumptions that a run draws from their ranges, and what each of them multiplies.
VARIED = {"starts_factor": "starts", "exit_factor": "exits", "exit_hazard": "exits", "price_factor": "prices"}

_TOLERANCE = 1e-6  # children: what adding up a path may leave

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Spread:
    """How one figure comes out over all runs, for each of several months, years or placements."""

    mean: FloatArray
    deviation: FloatArray  #: standard deviation; over the root of the runs it is the error of `mean`
    quantiles: FloatArray  #: (..., Q), at the probabilities of the fan


@dataclass(frozen=True)
class Fan:
    """The runs of one scenario; T months, Y years, P placements, Q probabilities."""

    scenario: str
    months: Months
    placements: tuple[str, ...]
    runs: int
    seed: int
    levels: tuple[float, ...]
    probabilities: tuple[float, ...]  #: (Q,), rising: the ends of each level's interval, and the median
    varied: tuple[str, ...]  #: the assumptions that were drawn from their ranges
    stock: Spread  #: (T,), children at the end of each month
    placement_stock: Spread  #: (Y, P), children on 31 March
    starts: Spread  #: (Y,), children
    ceases: Spread  #: (Y,), children
    cost: Spread  #: (Y,), £
    budget: FloatArray  #: (Y,), £; NaN where none is given
    inside: FloatArray  #: (Y,), share of the runs that cost no more than the budget; NaN without one
    inside_error: FloatArray  #: (Y,), standard error of `inside` for the number of runs
    stock_by_run: Counts  #: (Y, runs), children on 31 March
    cost_by_run: FloatArray  #: (Y, runs), £

    def interval(self, spread: Spread, level: float) -> tuple[FloatArray, FloatArray]:
        """Return the ends of one level's interval; NoDataError where the level was not asked for."""
        if level not in self.levels:
            known = ", ".join(f"{x:g}" for x in self.levels)
            raise NoDataError(f"level must be one of {known}", argument="level", offender=level)
        low, high = (self.probabilities.index(p) for p in _ends(level))
        return spread.quantiles[..., low], spread.quantiles[..., high]

    def median(self, spread: Spread) -> FloatArray:
        """Return the outcome that half of the runs do not exceed."""
        return np.asarray(spread.quantiles[..., self.probabilities.index(0.5)])


def simulate(
    path: Path,
    price_week: ArrayLike,
    *,
    assumptions: Sequence[Assumption] = (),
    runs: int = 10_000,
    seed: int,
    budget: ArrayLike | None = None,
    levels: Sequence[float] = (0.8, 0.95),
) -> Fan:
    """Return how a scenario's children and cost come out over many runs.

    Parameters
    ----------
    path : Path
        What is expected: the runs take its chances, and its care days for each child.
    price_week : array_like, shape (T, P), pounds a child-week
        Prices, with the scenario's price factor in them.
    assumptions : sequence of Assumption
        The register. Those of `VARIED` that have a range are drawn once a run, as a multiple of their value.
    runs : int
        How many runs, >= 1.
    seed : int
        Where the random numbers begin, >= 0. The same seed gives the same runs, and two scenarios the same luck.
    budget : array_like, shape (Y,), pounds, optional
        Budget of each financial year; NaN where there is none.
    levels : sequence of float
        Shares of the runs that the intervals hold, above 0 and below 1.

    Returns
    -------
    Fan

    Raises
    ------
    DomainError
        Something outside what is said above; a path whose children do not add up. Excel: #NUM!.
    NoDataError
        A path or a price with gaps. Excel: #N/A.
    ShapeError
        Prices or budget that do not fit the path. Excel: #VALUE!.

    References
    ----------
    docs/uncertainty.md, "What a run draws".
    """
    for name, number, least in (("runs", runs, 1), ("seed", seed, 0)):
        if isinstance(number, bool) or not isinstance(number, (int, np.integer)) or number < least:
            raise DomainError(f"{name} must be a whole number >= {least}", argument=name, offender=number)
    probabilities = _probabilities(levels)
    months = path.months
    prices = _shaped("price_week", price_week, (months.count, len(path.placements)))
    refuse(prices < 0, "price_week must be >= 0", "price_week", prices)
    limits = np.full(months.years, np.nan) if budget is None else _shaped("budget", budget, (months.years,), gaps=True)
    chances = _Chances.of(path, prices)
    dice = [np.random.Generator(np.random.PCG64(s)) for s in np.random.SeedSequence(int(seed)).spawn(4)]
    factors, varied = _factors(assumptions, dice[0].random((len(VARIED), runs)))
    outcome = _Outcome.empty(months, len(path.placements), runs)
    _play(chances, factors, dice[1:], outcome)
    np.multiply(outcome.cost, factors["prices"], out=outcome.cost)
    inside, error = _inside(outcome.cost, limits)
    return Fan(
        scenario=path.scenario,
        months=months,
        placements=path.placements,
        runs=int(runs),
        seed=int(seed),
        levels=tuple(float(x) for x in levels),
        probabilities=probabilities,
        varied=varied,
        stock=_spread(outcome.stock, probabilities),
        placement_stock=_spread(outcome.placements, probabilities),
        starts=_spread(outcome.starts, probabilities),
        ceases=_spread(outcome.ceases, probabilities),
        cost=_spread(outcome.cost, probabilities),
        budget=limits,
        inside=inside,
        inside_error=error,
        stock_by_run=outcome.placements.sum(axis=1),
        cost_by_run=outcome.cost,
    )


def difference(base: Fan, other: Fan) -> tuple[Spread, Spread]:
    """Return by how many children on 31 March, and how many pounds a year, one scenario lies below another.

    Parameters
    ----------
    base, other : Fan
        Of the same seed, runs and levels, so that run by run both had the same luck.

    Returns
    -------
    children, cost : Spread
        Shape (Y,), the base less the other.

    Raises
    ------
    DomainError
        Fans that were not drawn alike: the first thing that differs is named.

    References
    ----------
    docs/uncertainty.md, "The same luck".
    """
    for name in ("seed", "runs", "months", "probabilities", "varied"):
        one, two = getattr(base, name), getattr(other, name)
        if one != two:
            raise DomainError(f"other must have the {name} of base, {one}", argument="other", offender=two)
    children = base.stock_by_run - other.stock_by_run
    return _spread(children, base.probabilities), _spread(base.cost_by_run - other.cost_by_run, base.probabilities)


# --- what is drawn from ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Chances:
    """The chances of a path, month by month; hazards are what a constant hazard adds up to over the month."""

    opening: Counts  #: (P,)
    starts: FloatArray  #: (T, P), expected
    moves: FloatArray  #: (T, P, P), share of the opening stock; a row adds up to those who move
    exits: FloatArray  #: (T, P), hazard of those of the opening stock, where they are after moves
    entrant_exits: FloatArray  #: (T, P), hazard of those who start in the month
    cost: FloatArray  #: (T, P), £ for a child who is there the whole month

    @classmethod
    def of(cls, path: Path, prices: FloatArray) -> _Chances:
        needed = ("opening", "starts", "ceases", "closing", "care_days")
        opening, starts, ceases, closing, days = (_known(path, name).sum(axis=2) for name in needed)
        moves, entrant_exit = _known(path, "moves"), _known(path, "entrant_exit_chance")
        gone = starts * entrant_exit
        leaving = ceases - gone
        there = opening + moves.sum(axis=1) - moves.sum(axis=2)
        miss = max(
            np.abs(there - leaving + starts - gone - closing).max(),
            np.abs(opening[1:] - closing[:-1]).max(initial=0.0),
            (moves.sum(axis=2) - opening).max(),
            (leaving - there).max(),
            *(-x.min() for x in (opening, starts, moves, gone, leaving)),
        )
        if not miss <= _TOLERANCE * max(1.0, opening.max()):
            requirement = "path must have opening + starts + moves - ceases = closing, and no flow above its stock"
            raise DomainError(requirement, argument="path", offender=f"a miss of {miss:.3g} children")
        average = (opening + closing) / 2 + gone / 3
        if (days[average <= 0] > 0).any():
            raise DomainError("path must have children where it has care days", argument="path")
        return cls(
            opening=_whole(opening[0]),
            starts=np.maximum(starts, 0.0),
            moves=ratio(np.maximum(moves, 0.0), opening[:, :, None]),
            exits=_hazard(ratio(np.maximum(leaving, 0.0), there)),
            entrant_exits=_hazard(entrant_exit),
            cost=ratio(np.maximum(days, 0.0), average) * prices / DAYS_A_WEEK,
        )


def _factors(assumptions: Sequence[Assumption], u: FloatArray) -> tuple[dict[str, FloatArray], tuple[str, ...]]:
    """Return what each run multiplies, and the names of the assumptions drawn; a row of `u` for each of VARIED."""
    found = {what: np.ones(u.shape[1]) for what in VARIED.values()}
    register = {a.name: a for a in assumptions if a.ranged}
    drawn = [name for name in VARIED if name in register]
    for name, uniform in zip(VARIED, u, strict=True):
        if name not in register:
            continue
        a = register[name]
        if not 0 < a.low <= a.value <= a.high:
            raise DomainError(
                f"{name} must have 0 < low <= value <= high",
                argument="assumptions",
                offender=f"{a.low:g}, {a.value:g}, {a.high:g}",
            )
        found[VARIED[name]] = found[VARIED[name]] * triangular(uniform, a.low, a.value, a.high) / a.value
    return found, tuple(drawn)


# --- the runs --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Outcome:
    """What is kept of the runs R; the last axis is runs."""

    stock: Counts  #: (T, R)
    placements: Counts  #: (Y, P, R)
    starts: Counts  #: (Y, R)
    ceases: Counts  #: (Y, R)
    cost: FloatArray  #: (Y, R)

    @classmethod
    def empty(cls, months: Months, placements: int, runs: int) -> _Outcome:
        years = months.years
        return cls(
            np.zeros((months.count, runs), np.int64),
            np.zeros((years, placements, runs), np.int64),
            np.zeros((years, runs), np.int64),
            np.zeros((years, runs), np.int64),
            np.zeros((years, runs)),
        )


def _play(
    chances: _Chances, factors: dict[str, FloatArray], dice: Sequence[np.random.Generator], outcome: _Outcome
) -> None:
    """Run all months of all runs at once, and write what comes of them into `outcome`."""
    for_starts, for_exits, for_moves = dice
    shape = (len(chances.opening), outcome.cost.shape[1])
    placements = range(shape[0])
    ways = np.argwhere((chances.moves > 0).any(axis=0)).tolist()
    one_starts, one_exits = (_scalar_if_one(factors[x]) for x in ("starts", "exits"))
    stock = np.repeat(chances.opening[:, None], shape[1], axis=1)
    year_length = len(outcome.stock) // len(outcome.cost)
    before = stock.sum(axis=0)
    for m in range(len(outcome.stock)):
        year = m // year_length
        opening = stock
        stock = _moved(stock, chances.moves[m], ways, for_moves.random((len(ways), shape[1])))
        to_stay, to_leave, exits = for_starts.random(shape), for_starts.random(shape), for_exits.random(shape)
        for p in placements:
            left = binomial(exits[p], stock[p], chances.exits[m, p] * one_exits)
            mean = chances.starts[m, p] * one_starts
            leaving = -mean * np.expm1(-chances.entrant_exits[m, p] * one_exits)
            stay, gone = poisson(to_stay[p], mean - leaving), poisson(to_leave[p], leaving)
            stock[p] += stay - left
            outcome.starts[year] += stay + gone
            outcome.ceases[year] += left + gone
            outcome.cost[year] += chances.cost[m, p] * ((opening[p] + stock[p]) / 2 + gone / 3)
        outcome.stock[m] = stock.sum(axis=0)
        if (m + 1) % year_length == 0:
            outcome.placements[year] = stock
            balanced = before + outcome.starts[year] - outcome.ceases[year] == outcome.stock[m]
            if not balanced.all() or stock.min() < 0:
                raise ArithmeticError(f"opening + starts - ceases must be closing in every run of year {year + 1}")
            before = outcome.stock[m]


def _moved(stock: Counts, chances: FloatArray, ways: list[list[int]], u: FloatArray) -> Counts:
    """Return the stock after moves: of those there, so many to the first placement, of the rest so many to the next."""
    after, rest = stock.copy(), stock.copy()
    left = np.ones(len(stock))
    for (p, to), uniform in zip(ways, u, strict=True):
        if chances[p, to] > 0:
            share = min(chances[p, to] / left[p], 1.0) if left[p] > 0 else 1.0
            gone = binomial(uniform, rest[p], float(_hazard(np.asarray(share))))
            rest[p] -= gone
            after[p] -= gone
            after[to] += gone
            left[p] -= chances[p, to]
    return after


# --- small parts -----------------------------------------------------------------------------------------------------


def _spread(figures: FloatArray | Counts, probabilities: tuple[float, ...]) -> Spread:
    """Return how figures lie over the last axis; a quantile is one of them, so that children stay whole."""
    ranked = np.quantile(figures, probabilities, axis=-1, method="inverted_cdf")
    return Spread(figures.mean(axis=-1), figures.std(axis=-1), np.moveaxis(ranked, 0, -1).astype(np.float64))


def _ends(level: float) -> tuple[float, float]:
    return round((1 - level) / 2, 12), round((1 + level) / 2, 12)


def _probabilities(levels: Sequence[float]) -> tuple[float, ...]:
    for level in levels:
        if not 0 < level < 1:
            raise DomainError("levels must be > 0 and < 1", argument="levels", offender=level)
    return tuple(sorted({0.5, *(end for level in levels for end in _ends(level))}))


def _shaped(name: str, value: ArrayLike, shape: tuple[int, ...], *, gaps: bool = False) -> FloatArray:
    found = real(name, value)
    if found.shape != shape:
        raise ShapeError(f"{name} must have the shape {shape}", argument=name, offender=found.shape)
    if not gaps and np.isnan(found).any():
        raise NoDataError(f"{name} must have no gaps", argument=name)
    refuse(np.isinf(found), f"{name} must be finite", name, found)
    return found


def _known(path: Path, name: str) -> FloatArray:
    """Return one array of a path; a forecast made elsewhere may lack it."""
    found: FloatArray = getattr(path, name)
    if not np.isfinite(found).all():
        raise NoDataError(f"path must have {name} in every month", argument="path")
    return found


def _hazard(chance: FloatArray) -> FloatArray:
    """Return -log(1 - chance), infinite for certainty."""
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log1p(-np.minimum(chance, 1.0))) + 0.0


def _whole(children: FloatArray) -> Counts:
    """Return expected children as whole ones with the same total, rounded where the remainders are largest."""
    floors = np.floor(children)
    short = int(np.floor(children.sum() + 0.5) - floors.sum())
    floors[np.argsort(floors - children, kind="stable")[: max(short, 0)]] += 1
    return floors.astype(np.int64)


def _scalar_if_one(factor: FloatArray) -> FloatArray | float:
    """Return 1 for a factor that is not varied: numbers are quicker than arrays of ones."""
    return 1.0 if (factor == 1.0).all() else factor


def _inside(cost: FloatArray, budget: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the share of runs within budget and its error, which is not 0 even where all runs agree."""
    runs = cost.shape[-1]
    within = (cost <= budget[:, None]).sum(axis=-1)
    unsure = (within + 1) / (runs + 2)
    known = ~np.isnan(budget)
    return np.where(known, within / runs, np.nan), np.where(known, np.sqrt(unsure * (1 - unsure) / runs), np.nan)
