"""The rows of the returns, each judged on its own: keys, dates, codes, ages. What the latest return says counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from xlmodel.inputs.ssda903.faults import Faults
from xlmodel.inputs.ssda903.fields import BLANK, UNREADABLE, DayNumbers, birthdays, codes, day_numbers, known, stacked
from xlmodel.inputs.ssda903.reading import EPISODES, HEADER, Returns
from xlmodel.model import codes as lists
from xlmodel.model.demand.ages import ADULT
from xlmodel.model.domain import BoolArray, TextArray
from xlmodel.model.years import first_day, year_label

__all__ = ["AGE_ASSESSED", "OPEN", "births", "episodes"]

#: The day an episode ends that has not ended.
OPEN = np.iinfo(np.int64).max

#: The reason to cease of a person whom an age assessment found to be an adult: dates of birth prove nothing then.
AGE_ASSESSED = "E15"

_FOSTERED = [code for code, place in lists.PLACES.items() if not place.type]


def births(returns: Returns, faults: Faults) -> pd.DataFrame:
    """Return the Header rows with `birth`, a day number; of a child in several returns the latest comes last."""
    rows = stacked(returns, HEADER)
    rows["CHILD"] = codes(rows["CHILD"])
    rows["birth"] = day_numbers(rows["DOB"])
    birth = rows["birth"].to_numpy()
    faults.add(HEADER, rows, rows["CHILD"].eq("").to_numpy(), "CHILD", "must be given")
    twice = rows.duplicated(["year", "CHILD"]).to_numpy() & rows["CHILD"].ne("").to_numpy()
    faults.add(HEADER, rows, twice, "CHILD", "must be there once in a return", shown=False)
    faults.add(HEADER, rows, birth == BLANK, "DOB", "must be given")
    faults.add(HEADER, rows, birth == UNREADABLE, "DOB", "must be a date dd/mm/yyyy")
    return rows


def episodes(returns: Returns, header: pd.DataFrame, faults: Faults) -> pd.DataFrame:
    """Return the episodes, each as the latest return to have it says, by child and day.

    Columns `begin`, `end` and `birth` are day numbers; an episode that has not ended ends on day OPEN. Where `dated` is
    false, a date of the child cannot be used, and nothing is known of the order of its episodes.
    """
    rows = stacked(returns, EPISODES)
    rows["CHILD"] = codes(rows["CHILD"])
    rows["begin"] = day_numbers(rows["DECOM"])
    rows["end"] = day_numbers(rows["DEC"])
    _check_keys(rows, header, faults)
    _check_carried_on(rows, returns, faults)
    keyed = rows.loc[rows["CHILD"].ne("") & known(rows["begin"].to_numpy())]
    latest = keyed.sort_values(["CHILD", "begin", "year", "row"]).drop_duplicates(["CHILD", "begin"], keep="last")
    latest = latest.reset_index(drop=True)
    for column in ("RNE", "LS", "PLACE", "PLACE_PROVIDER", "REC"):
        latest[column] = codes(latest[column])
    latest["birth"] = latest["CHILD"].map(header.groupby("CHILD")["birth"].last()).fillna(BLANK).astype(np.int64)
    _check_dates(latest, faults)
    _check_codes(latest, faults)
    _check_ages(latest, faults)
    latest.loc[latest["end"] == BLANK, "end"] = OPEN
    latest["dated"] = ~latest["CHILD"].isin(rows.loc[~known(rows["begin"].to_numpy()), "CHILD"])
    latest["dated"] &= ~latest["CHILD"].isin(latest.loc[latest["end"] < latest["begin"], "CHILD"])
    return latest


def _check_keys(rows: pd.DataFrame, header: pd.DataFrame, faults: Faults) -> None:
    named = rows["CHILD"].ne("").to_numpy()
    begin = rows["begin"].to_numpy()
    faults.add(EPISODES, rows, ~named, "CHILD", "must be given")
    faults.add(EPISODES, rows, begin == BLANK, "DECOM", "must be given")
    faults.add(EPISODES, rows, begin == UNREADABLE, "DECOM", "must be a date dd/mm/yyyy")
    twice = rows.duplicated(["year", "CHILD", "begin"]).to_numpy() & named & known(begin)
    faults.add(EPISODES, rows, twice, "DECOM", "must be there once for a child in a return")
    known_children = pd.MultiIndex.from_frame(header[["year", "CHILD"]])
    strange = named & ~pd.MultiIndex.from_frame(rows[["year", "CHILD"]]).isin(known_children)
    faults.add(EPISODES, rows, strange, "CHILD", "must be in the Header of the same return", shown=False)


def _check_carried_on(rows: pd.DataFrame, returns: Returns, faults: Faults) -> None:
    """An episode that is open at the end of a return must be in the next one."""
    keys = pd.MultiIndex.from_frame(rows[["year", "CHILD", "begin"]])
    following = pd.MultiIndex.from_arrays([rows["year"] + 1, rows["CHILD"], rows["begin"]])
    is_open = (rows["end"] == BLANK) & (rows["year"] < returns.years[-1]) & known(rows["begin"].to_numpy())
    lost = is_open.to_numpy() & ~following.isin(keys)
    after = [year_label(year + 1) for year in rows.loc[lost, "year"]]
    requirement = [f"the episode is open on 31 March and so must be in the return of {year} too" for year in after]
    faults.add(EPISODES, rows, lost, "DECOM", requirement)


def _check_dates(rows: pd.DataFrame, faults: Faults) -> None:
    begin, end = rows["begin"].to_numpy(), rows["end"].to_numpy()
    year = rows["year"].to_numpy()
    first = np.asarray(first_day(year).astype(np.int64))
    last = np.asarray(first_day(year + 1).astype(np.int64)) - 1
    ended = known(end)
    reason = rows["REC"].ne("").to_numpy()
    faults.add(EPISODES, rows, end == UNREADABLE, "DEC", "must be a date dd/mm/yyyy")
    faults.add(EPISODES, rows, ended & (end < begin), "DEC", _not_before_decom(rows, ended & (end < begin)))
    outside = ended & (end >= begin) & ((end < first) | (end > last))
    faults.add(EPISODES, rows, outside, "DEC", _of_each_year(rows, outside, "must be in the year of the return, {}"))
    faults.add(EPISODES, rows, begin > last, "DECOM", _of_each_year(rows, begin > last, "must be before the end of {}"))
    faults.add(EPISODES, rows, (end == BLANK) & reason, "DEC", "must be given where REC is")
    faults.add(EPISODES, rows, ended & ~reason, "REC", "must be given where DEC is")


def _not_before_decom(rows: pd.DataFrame, bad: BoolArray) -> list[str]:
    return [f"must be on or after DECOM, {text}" for text in rows.loc[bad, "DECOM"]]


def _of_each_year(rows: pd.DataFrame, bad: BoolArray, requirement: str) -> list[str]:
    return [requirement.format(year_label(year)) for year in rows.loc[bad, "year"]]


def _check_codes(rows: pd.DataFrame, faults: Faults) -> None:
    for column, current, retired in (
        ("PLACE", lists.PLACES, lists.RETIRED_PLACES),
        ("REC", lists.REASONS_CEASED, lists.RETIRED_REASONS_CEASED),
        ("RNE", lists.REASONS_FOR_NEW_EPISODE, {}),
        ("LS", lists.LEGAL_STATUSES, {}),
    ):
        given: TextArray = rows[column].to_numpy()
        unknown = ~np.isin(given, [*current, ""] if column == "REC" else [*current])
        faults.add(EPISODES, rows, unknown, column, _code_requirements(given[unknown], current, retired))
    fostered = rows["PLACE"].isin(_FOSTERED) & ~rows["PLACE_PROVIDER"].isin(["PR1", "PR2", "PR3", "PR4", "PR5"])
    faults.add(
        EPISODES, rows, fostered.to_numpy(), "PLACE_PROVIDER", f"must be PR1 to PR5 where PLACE is {_either(_FOSTERED)}"
    )


def _code_requirements(given: TextArray, current: Collection[str], retired: Mapping[str, tuple[str, ...]]) -> list[str]:
    short = f"must be {_either(current)}" if len(current) < 10 else "must be a code of the current list"
    replaced = {c: f"{short}; it is retired, and {_either(by)} replaced it" for c, by in retired.items()}
    return ["must be given" if not c else replaced.get(c, short) for c in given]


def _either(names: Collection[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def _check_ages(rows: pd.DataFrame, faults: Faults) -> None:
    birth, begin, end = rows["birth"].to_numpy(), rows["begin"].to_numpy(), rows["end"].to_numpy()
    born = known(birth)
    unborn = born & (birth > begin)
    faults.add(EPISODES, rows, unborn, "DECOM", "must be on or after the date of birth in the Header")
    adult = np.full(len(rows), OPEN)
    adult[born] = birthdays(birth[born], int(ADULT))
    assessed = rows["CHILD"].isin(rows.loc[rows["REC"] == AGE_ASSESSED, "CHILD"]).to_numpy()
    too_late = ~assessed & (begin >= adult)
    faults.add(EPISODES, rows, too_late, "DECOM", "must be before the 18th birthday by the date of birth in the Header")
    closed_late = ~assessed & ~too_late & (np.where(known(end), end, _closing_days(rows, end)) > adult)
    faults.add(EPISODES, rows, closed_late, "DEC", "must be no later than the 18th birthday by the date of birth")


def _closing_days(rows: pd.DataFrame, end: DayNumbers) -> DayNumbers:
    """Return for each row the 31 March of its return where the episode is open, else a day that is never late."""
    last = np.asarray(first_day(rows["year"].to_numpy() + 1).astype(np.int64)) - 1
    return np.where(end == BLANK, last, BLANK)
