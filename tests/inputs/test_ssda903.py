"""SSDA903 returns: what is read, what is refused, and what is counted, beside plain loops over every child and day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlmodel.errors import DomainError, InputError, NoDataError
from xlmodel.inputs.project import project_from
from xlmodel.inputs.ssda903 import (
    care_flows,
    care_history,
    move_chances,
    observed_stays,
    project_tables,
    read_returns,
    reason_shares,
)
from xlmodel.inputs.ssda903.history import GROUPS, TYPES
from xlmodel.inputs.ssda903.project_tables import AGES
from xlmodel.inputs.synthetic import synthetic_returns, write_returns
from xlmodel.model.care import care_days
from xlmodel.model.codes import exit_group, placement_type
from xlmodel.model.demand.ages import ALL_AGES, Ages
from xlmodel.model.demand.run import run
from xlmodel.model.stays import SurvivalTable
from xlmodel.model.survival import kaplan_meier

BORN = {"A": "10/06/2010", "B": "29/02/2012", "C": "01/09/2021"}


def episode(child, decom, dec="", rec="", *, rne="S", ls="C2", place="U6", provider="PR1"):
    return {
        "CHILD": child,
        "DECOM": decom,
        "RNE": rne,
        "LS": ls,
        "PLACE": place,
        "PLACE_PROVIDER": provider,
        "DEC": dec,
        "REC": rec,
    }


def small():
    """Two returns: A moves and goes home, B was in care before and stays, C is adopted in the second year."""
    return {
        (2022, "Header"): [{"CHILD": c, "DOB": d} for c, d in BORN.items()],
        (2022, "Episodes"): [
            episode("A", "01/05/2022", "20/07/2022", "X1"),
            episode("A", "20/07/2022", rne="P", place="K2", provider="PR4"),
            episode("B", "03/02/2021", rne="P", place="U1"),
            episode("C", "15/12/2022", ls="E1"),
        ],
        (2023, "Header"): [{"CHILD": c, "DOB": d} for c, d in BORN.items()],
        (2023, "Episodes"): [
            episode("A", "20/07/2022", "01/08/2023", "E4A", rne="P", place="K2", provider="PR4"),
            episode("B", "03/02/2021", rne="P", place="U1"),
            episode("C", "15/12/2022", "05/05/2023", "X1", ls="E1"),
            episode("C", "05/05/2023", "31/03/2024", "E12", rne="P", ls="E1", place="A5"),
        ],
    }


def frames(tables):
    return {key: pd.DataFrame(rows, dtype=object) for key, rows in tables.items()}


def history_of(tables, **options):
    return care_history(frames(tables), **options)


E22, E23, H22 = (2022, "Episodes"), (2023, "Episodes"), (2022, "Header")


def put(key, row, **fields):
    """Change fields of a row, numbered as a spreadsheet does."""
    return lambda tables: tables[key][row - 2].update(fields)


def also(key, *rows):
    return lambda tables: tables[key].extend(rows)


def without(key, row):
    return lambda tables: tables[key].pop(row - 2)


def both(*changes):
    return lambda tables: [change(tables) for change in changes]


FAULTS = {
    "a child twice in the Header": (
        also(H22, {"CHILD": "a ", "DOB": BORN["A"]}),
        ["2022-23/Header.csv, row 5, CHILD: must be there once in a return"],
    ),
    "no child in the Header": (
        put(H22, 4, CHILD=" "),
        [
            "2022-23/Episodes.csv, row 5, CHILD: must be in the Header of the same return",
            "2022-23/Header.csv, row 4, CHILD: must be given",
        ],
    ),
    "no date of birth": (put(H22, 2, DOB=""), ["2022-23/Header.csv, row 2, DOB: must be given"]),
    "a date of birth that is no date": (
        put(H22, 2, DOB="31/06/2010"),
        ["2022-23/Header.csv, row 2, DOB: must be a date dd/mm/yyyy; it is '31/06/2010'"],
    ),
    "no child": (
        put(E23, 3, CHILD=""),
        [
            "2022-23/Episodes.csv, row 4, DECOM: the episode is open on 31 March and so must be in the return of "
            "2023/24 too; it is '03/02/2021'",
            "2023-24/Episodes.csv, row 3, CHILD: must be given",
        ],
    ),
    "a child without a Header row": (
        without((2023, "Header"), 4),
        [
            "2023-24/Episodes.csv, row 4, CHILD: must be in the Header of the same return",
            "2023-24/Episodes.csv, row 5, CHILD: must be in the Header of the same return",
        ],
    ),
    "no DECOM": (put(E22, 2, DECOM=""), ["2022-23/Episodes.csv, row 2, DECOM: must be given"]),
    "a DECOM in another form": (
        put(E22, 2, DECOM="2022-05-01"),
        ["2022-23/Episodes.csv, row 2, DECOM: must be a date dd/mm/yyyy; it is '2022-05-01'"],
    ),
    "a day that is not there": (
        put(E22, 2, DECOM="31/04/2022"),
        ["2022-23/Episodes.csv, row 2, DECOM: must be a date dd/mm/yyyy; it is '31/04/2022'"],
    ),
    "an episode twice": (
        also(E22, episode("B", "03/02/2021", rne="P", place="U1")),
        ["2022-23/Episodes.csv, row 6, DECOM: must be there once for a child in a return; it is '03/02/2021'"],
    ),
    "an open episode that vanishes": (
        without(E23, 3),
        [
            "2022-23/Episodes.csv, row 4, DECOM: the episode is open on 31 March and so must be in the return of "
            "2023/24 too; it is '03/02/2021'"
        ],
    ),
    "a DEC that is no date": (
        put(E23, 2, DEC="soon"),
        ["2023-24/Episodes.csv, row 2, DEC: must be a date dd/mm/yyyy; it is 'soon'"],
    ),
    "DEC before DECOM": (
        put(E22, 2, DEC="30/04/2022"),
        ["2022-23/Episodes.csv, row 2, DEC: must be on or after DECOM, 01/05/2022; it is '30/04/2022'"],
    ),
    "a DEC before the year of the return": (
        also(E23, episode("A", "01/02/2022", "01/03/2022", "E8")),
        ["2023-24/Episodes.csv, row 6, DEC: must be in the year of the return, 2023/24; it is '01/03/2022'"],
    ),
    "a DEC after the year of the return": (
        put(E23, 5, DEC="01/04/2024"),
        ["2023-24/Episodes.csv, row 5, DEC: must be in the year of the return, 2023/24; it is '01/04/2024'"],
    ),
    "a DECOM after the year of the return": (
        also(E23, episode("A", "01/04/2024")),
        ["2023-24/Episodes.csv, row 6, DECOM: must be before the end of 2023/24; it is '01/04/2024'"],
    ),
    "REC without DEC": (
        put(E23, 3, REC="E4A"),
        ["2023-24/Episodes.csv, row 3, DEC: must be given where REC is"],
    ),
    "DEC without REC": (put(E23, 2, REC=""), ["2023-24/Episodes.csv, row 2, REC: must be given where DEC is"]),
    "an unknown PLACE": (
        put(E23, 2, PLACE="X9"),
        ["2023-24/Episodes.csv, row 2, PLACE: must be a code of the current list; it is 'X9'"],
    ),
    "no PLACE": (put(E23, 2, PLACE=""), ["2023-24/Episodes.csv, row 2, PLACE: must be given"]),
    "a retired PLACE": (
        put(E23, 2, PLACE="Q1"),
        [
            "2023-24/Episodes.csv, row 2, PLACE: must be a code of the current list; it is retired, and U1, U2 or U3 "
            "replaced it; it is 'Q1'"
        ],
    ),
    "a foster carer of nobody's": (
        put(E23, 4, PLACE_PROVIDER="PR0"),
        ["2023-24/Episodes.csv, row 4, PLACE_PROVIDER: must be PR1 to PR5 where PLACE is U4, U5 or U6; it is 'PR0'"],
    ),
    "an unknown REC": (
        put(E23, 2, REC="E99"),
        ["2023-24/Episodes.csv, row 2, REC: must be a code of the current list; it is 'E99'"],
    ),
    "a retired REC": (
        put(E23, 2, REC="e43"),
        [
            "2023-24/Episodes.csv, row 2, REC: must be a code of the current list; it is retired, and E45 or E46 "
            "replaced it; it is 'E43'"
        ],
    ),
    "an unknown RNE": (
        put(E23, 3, RNE="X"),
        ["2023-24/Episodes.csv, row 3, RNE: must be S, P, L, T, B or U; it is 'X'"],
    ),
    "an unknown LS": (
        put(E23, 2, LS="V9"),
        ["2023-24/Episodes.csv, row 2, LS: must be a code of the current list; it is 'V9'"],
    ),
    "born after DECOM": (
        put((2023, "Header"), 4, DOB="16/12/2022"),
        ["2023-24/Episodes.csv, row 4, DECOM: must be on or after the date of birth in the Header; it is '15/12/2022'"],
    ),
    "18 on the day of entry": (
        put((2023, "Header"), 2, DOB="01/05/2004"),
        [
            "2022-23/Episodes.csv, row 2, DECOM: must be before the 18th birthday by the date of birth in the Header; "
            "it is '01/05/2022'",
            "2023-24/Episodes.csv, row 2, DECOM: must be before the 18th birthday by the date of birth in the Header; "
            "it is '20/07/2022'",
        ],
    ),
    "18 before DEC": (
        put((2023, "Header"), 2, DOB="31/07/2005"),
        [
            "2023-24/Episodes.csv, row 2, DEC: must be no later than the 18th birthday by the date of birth; "
            "it is '01/08/2023'"
        ],
    ),
    "18 and open": (
        put((2023, "Header"), 3, DOB="01/02/2006"),
        ["2023-24/Episodes.csv, row 3, DEC: must be no later than the 18th birthday by the date of birth"],
    ),
    "overlapping episodes": (
        put(E22, 2, DEC="21/07/2022"),
        [
            "2023-24/Episodes.csv, row 2, DECOM: must not be before 21/07/2022, when the child's episode before ends; "
            "it is '20/07/2022'"
        ],
    ),
    "an episode inside a longer one that another precedes": (
        also(
            E23,
            episode("B", "05/04/2023", "10/04/2023", "E8"),
            episode("B", "01/05/2023", "02/05/2023", "E8"),
        ),
        [
            "2023-24/Episodes.csv, row 6, DECOM: must not be before the child's episode before has ended; it is open; "
            "it is '05/04/2023'",
            "2023-24/Episodes.csv, row 7, DECOM: must not be before the child's episode before has ended; it is open; "
            "it is '01/05/2023'",
        ],
    ),
    "a gap inside a period": (
        put(E22, 2, DEC="19/07/2022"),
        [
            "2022-23/Episodes.csv, row 2, REC: must be followed by an episode that begins on 19/07/2022, but the next "
            "begins on 20/07/2022: a gap; it is 'X1'"
        ],
    ),
    "X1 at the end": (
        put(E23, 5, REC="X1"),
        [
            "2023-24/Episodes.csv, row 5, REC: must be followed by an episode that begins on 31/03/2024, but none "
            "follows; it is 'X1'"
        ],
    ),
    "an episode that continues nothing": (
        put(E22, 5, RNE="L"),
        [],  # the later return corrects it
    ),
    "an episode that continues nothing, in the latest return": (
        put(E23, 4, RNE="L"),
        [
            "2023-24/Episodes.csv, row 4, RNE: must be S, or an episode of the child must cease with X1 on the day "
            "this one begins; it is 'L'"
        ],
    ),
    "an episode that continues a period that ended": (
        put(E22, 2, REC="E4A"),
        [
            "2023-24/Episodes.csv, row 2, RNE: must be S, or an episode of the child must cease with X1 on the day "
            "this one begins; it is 'P'"
        ],
    ),
    "a start in the middle of a period": (
        put(E23, 2, RNE="S"),
        [
            "2023-24/Episodes.csv, row 2, RNE: must not be S, for the episode before ceased with X1 on the same day; "
            "it is 'S'"
        ],
    ),
}


def messages(action):
    with pytest.raises(InputError) as caught:
        action()
    return [str(p) for p in caught.value.problems]


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name):
    change, expected = FAULTS[name]
    tables = small()
    change(tables)
    if expected:
        assert messages(lambda: history_of(tables)) == expected
    else:
        assert not history_of(tables).problems


def test_all_faults_at_once():
    tables = small()
    for name in ("no date of birth", "a retired REC", "a foster carer of nobody's", "X1 at the end"):
        FAULTS[name][0](tables)
    expected = [
        m for name in ("no date of birth", "a foster carer of nobody's", "X1 at the end") for m in FAULTS[name][1]
    ]
    assert set(messages(lambda: history_of(tables))) == {*expected, *FAULTS["a retired REC"][1]}


@pytest.mark.parametrize("name", [name for name, (_, expected) in FAULTS.items() if expected])
def test_no_message_has_a_childs_identifier(name):
    tables = small()
    FAULTS[name][0](tables)
    for rows in tables.values():
        for row in rows:
            row["CHILD"] = row["CHILD"].strip() and f"id-{row['CHILD']}"
    assert not any("id-" in m.lower() for m in messages(lambda: history_of(tables)))


# --- several returns -------------------------------------------------------------------------------------------------


def test_the_sound_returns_are_counted():
    history = history_of(small())
    years = care_flows(history, ALL_AGES).by_year()
    assert years[["year", "opening", "starts", "ceases", "closing"]].to_numpy().tolist() == [
        ["2022/23", 1, 2, 0, 3],
        ["2023/24", 3, 0, 2, 1],
    ]
    days_of_first_year = 335 + 365 + 107  # A from 1 May, B all of it, C from 15 December
    assert years["child_years"][0] == pytest.approx(days_of_first_year / 365)
    exits = care_flows(history, ALL_AGES).exits_by_year()
    assert exits.loc[exits.ceases > 0].to_numpy().tolist() == [["2023/24", "adoption", 1], ["2023/24", "home", 1]]


def test_a_child_whose_dec_is_31_march_is_not_in_the_stock_and_one_who_starts_then_is():
    tables = small()
    also(E23, episode("A", "31/03/2024"))(tables)
    flows = care_flows(history_of(tables), ALL_AGES)
    assert flows.closing[-1].sum() == 2  # A and B; C ceased on the day


def test_a_later_return_corrects_an_earlier_one():
    tables = small()
    put(E22, 4, PLACE="K2", REC="E99", DEC="never")(tables)  # all of it, faults too
    put(H22, 3, DOB="28/02/2012")(tables)
    history = history_of(tables)
    assert not history.problems
    assert care_flows(history, ALL_AGES).opening[0, TYPES.index("fostering_kin")].sum() == 1


def test_order_of_rows_and_other_columns_change_nothing():
    returns = synthetic_returns(2021, 2, starts_a_year=40)
    shuffled = {k: f.sample(frac=1, random_state=1)[sorted(f.columns)] for k, f in returns.items()}
    a, b = (care_flows(care_history(r), AGES).by_month() for r in (returns, shuffled))
    pd.testing.assert_frame_equal(a, b)


def test_a_return_with_small_faults_is_used_without_the_children_they_are_about():
    tables = small()
    put(E23, 4, REC="E99")(tables)
    also((2023, "Header"), {"CHILD": "D", "DOB": ""})(tables)  # not in care
    history = history_of(tables, strict=False)
    assert history.children_left_out == 1
    assert [str(p) for p in history.problems] == [
        "2023-24/Episodes.csv, row 4, REC: must be a code of the current list; it is 'E99'",
        "2023-24/Header.csv, row 5, DOB: must be given",
    ]
    assert care_flows(history, ALL_AGES).closing[:, :, 0].sum(axis=1)[11] == 2  # without C
    notes = project_tables(history_of(tables, strict=False), ALL_AGES, recent=2).notes
    assert any("1 children with faults in 2 places are left out" in n for n in notes)


def test_nothing_is_made_of_returns_in_which_every_child_has_a_fault():
    tables = {key: rows[:1] for key, rows in small().items()}
    put(E22, 2, PLACE="")(tables)
    put(E23, 2, PLACE="")(tables)
    assert "2023-24/Episodes.csv: must have a child without faults; it has none" in messages(
        lambda: history_of(tables, strict=False)
    )


def test_short_breaks_are_left_out_and_end_or_begin_a_period():
    tables = small()
    put(E22, 2, LS="V4")(tables)
    put(E23, 3, LS="V3")(tables)
    history = history_of(tables)
    years = care_flows(history, ALL_AGES).by_year()
    assert history.short_break_episodes == 2
    assert years[["opening", "starts", "ceases", "closing"]].to_numpy().tolist() == [[0, 2, 0, 2], [2, 0, 2, 0]]


def test_an_age_assessment_is_no_fault():
    tables = small()
    put((2023, "Header"), 2, DOB="01/01/2001")(tables)
    put(E23, 2, REC="E15")(tables)
    flows = care_flows(history_of(tables), AGES)
    assert flows.ceases[:, :, -1].sum() == 1


# --- files -----------------------------------------------------------------------------------------------------------


def written(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


HEADER_TEXT = "CHILD,DOB\nA,10/06/2010\n"
COLUMNS = "CHILD,DECOM,RNE,LS,PLACE,PLACE_PROVIDER,DEC,REC"
EPISODES_TEXT = f"{COLUMNS}\nA,01/05/2022,S,C2,U6,PR1,,\n"

BAD_FILES = {
    "none": ({"notes.csv": "x"}, ["returns: the folder must have CSV files named Header and Episodes; it has none"]),
    "no year": (
        {"header.csv": HEADER_TEXT},
        ["header.csv: the name of the file or its folder must say the year, such as 2023-24"],
    ),
    "years that are not one after the other": (
        {"2022-24/header.csv": HEADER_TEXT},
        ["2022-24/header.csv: the name of the file or its folder must say the year, such as 2023-24"],
    ),
    "half a pair": (
        {"2022-23/header.csv": HEADER_TEXT},
        ["2022-23/header.csv: there must be a file Episodes for 2022/23 too"],
    ),
    "two of a kind": (
        {"2023/header.csv": HEADER_TEXT, "header_2022-23.csv": HEADER_TEXT, "2023/episodes.csv": EPISODES_TEXT},
        ["header_2022-23.csv: there must be one Header file for 2022/23; another is 2023/header.csv"],
    ),
    "a year left out": (
        {f"{y}/{k}.csv": t for y in (2020, 2022) for k, t in (("header", HEADER_TEXT), ("episodes", EPISODES_TEXT))},
        ["2022/episodes.csv: returns must follow year on year; that of 2020/21 is missing"],
    ),
    "empty": (
        {"2023/header.csv": "", "2023/episodes.csv": EPISODES_TEXT},
        ["2023/header.csv: must have a row of column names; the file is empty"],
    ),
    "not text": (
        {"2023/header.csv": b"CHILD,DOB\nA\xff,10/06/2010\n", "2023/episodes.csv": EPISODES_TEXT},
        ["2023/header.csv: must be text in UTF-8: save it as 'CSV UTF-8'"],
    ),
    "a row that is too long": (
        {"2023/header.csv": HEADER_TEXT + "B,10/06/2010,1\n", "2023/episodes.csv": EPISODES_TEXT},
        ["2023/header.csv, row 3: must have 2 columns as row 1; it has 3"],
    ),
    "every row too long": (
        {"2023/header.csv": "CHILD,DOB\nA,10/06/2010,1\n", "2023/episodes.csv": EPISODES_TEXT},
        ["2023/header.csv, row 2: must have 2 columns as row 1; it has 3"],
    ),
    "an open quotation mark": (
        {"2023/header.csv": 'CHILD,DOB\n"A,10/06/2010\n', "2023/episodes.csv": EPISODES_TEXT},
        ["2023/header.csv: must be a CSV file; a quotation mark is opened and not closed"],
    ),
    "columns missing": (
        {"2023/header.csv": "CHILD,BIRTH\n", "2023/episodes.csv": EPISODES_TEXT.replace("PLACE_PROVIDER", "PROVIDER")},
        [
            "2023/episodes.csv, row 1, PLACE_PROVIDER: the column must be there; the file has "
            "CHILD, DECOM, RNE, LS, PLACE, PROVIDER, DEC, REC",
            "2023/header.csv, row 1, DOB: the column must be there; the file has CHILD, BIRTH",
        ],
    ),
    "a column twice": (
        {"2023/header.csv": "CHILD,DOB,DOB\nA,10/06/2010,\n", "2023/episodes.csv": EPISODES_TEXT},
        ["2023/header.csv, row 1, DOB: must be there once"],
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_file(name, tmp_path):
    files, expected = BAD_FILES[name]
    folder = written(tmp_path / "returns", files)
    assert messages(lambda: read_returns(folder)) == expected


@pytest.mark.parametrize(
    "folder", ["2022-23", "2022_23", "202223", "2022-2023", "2023", "la_2023_final", "SSDA903 2022-23"]
)
def test_year_of_a_folder(folder, tmp_path):
    files = {
        f"{folder}/X_Header.CSV": HEADER_TEXT,
        f"{folder}/episodes v2.csv": EPISODES_TEXT,
        f"{folder}/OC2.csv": "x",
    }
    assert read_returns(written(tmp_path, files)).years == [2022]


def test_blank_rows_marks_and_line_ends_do_no_harm_and_rows_keep_their_numbers(tmp_path):
    text = "\ufeffdob, child \r\n10/06/2010,A\r\n\r\n,\r\nbad,B\r\n"
    returns = read_returns(written(tmp_path, {"2023/header.csv": text, "2023/episodes.csv": EPISODES_TEXT}))
    assert messages(lambda: care_history(returns)) == [
        "2023/header.csv, row 5, DOB: must be a date dd/mm/yyyy; it is 'bad'"
    ]


def test_files_give_what_tables_in_memory_give(tmp_path):
    returns = synthetic_returns(2022, 2, starts_a_year=30)
    write_returns(tmp_path, returns)
    a, b = (care_flows(care_history(r), AGES).by_month() for r in (returns, read_returns(tmp_path)))
    pd.testing.assert_frame_equal(a, b)


# --- counting, beside plain loops ------------------------------------------------------------------------------------


def day(text):
    d, m, y = map(int, text.split("/"))
    return date(y, m, d)


def birthday(born, age):
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def latest_episodes(returns):
    """Return each child's episodes as the latest return has them: dictionaries with dates."""
    found, births = {}, {}
    for (_, kind), frame in sorted(returns.items()):
        for row in frame.to_dict("records"):
            if kind == "Header":
                births[row["CHILD"]] = day(row["DOB"])
            else:
                found[row["CHILD"], day(row["DECOM"])] = row
    children = {}
    for (child, decom), row in sorted(found.items()):
        children.setdefault(child, []).append(
            {
                "begin": decom,
                "end": day(row["DEC"]) if row["DEC"] else date.max,
                "type": TYPES.index(placement_type(row["PLACE"], row["PLACE_PROVIDER"])),
                "rec": row["REC"],
                "rne": row["RNE"],
                "born": births[child],
            }
        )
    return children


def band(born, on, edges=AGES.edges):
    return sum(birthday(born, int(edge)) <= on for edge in edges[1:-1])


@pytest.fixture(scope="module")
def made():
    returns = synthetic_returns(2021, 3, starts_a_year=30, seed=7)
    return returns, care_history(returns), latest_episodes(returns)


def test_stocks_and_care_days_are_those_of_every_child_on_every_day(made):
    _, history, children = made
    flows = care_flows(history, AGES)
    first = date(2021, 4, 1)
    stock, days = np.zeros_like(flows.closing), np.zeros_like(flows.care_days)
    month_ends = {m.astype(date) - timedelta(1): i for i, m in enumerate(history.months.starts[1:])} | {
        date(2024, 3, 31): 35
    }
    for episodes in children.values():
        for e in episodes:
            on = max(e["begin"], first)
            while on < min(e["end"], date(2024, 4, 1)):
                cell = ((on.year - 2021) * 12 + on.month - 4, e["type"], band(e["born"], on))
                days[cell] += 1
                if on in month_ends:
                    stock[cell] += 1
                on += timedelta(1)
    assert (flows.care_days == days).all()
    assert (flows.closing == stock).all()


def test_flows_are_those_of_every_child(made):
    _, history, children = made
    flows = care_flows(history, AGES)
    starts, ceases = np.zeros((3, len(TYPES)), int), np.zeros((3, len(GROUPS)), int)
    moves = 0
    for episodes in children.values():
        for i, e in enumerate(episodes):
            if e["rne"] == "S" and e["begin"] >= date(2021, 4, 1):
                starts[(e["begin"] - timedelta(90)).year - 2021, e["type"]] += 1
            if e["rec"] not in ("", "X1"):
                ceases[(e["end"] - timedelta(90)).year - 2021, GROUPS.index(exit_group(e["rec"]))] += 1
            if e["rec"] == "X1":
                moves += e["type"] != episodes[i + 1]["type"]
    assert (history.months.by_year(flows.starts.sum(axis=2)) == starts).all()
    assert (flows.ceases_by_reason == ceases).all()
    assert flows.moves_in.sum() == flows.moves_out.sum() == moves


def test_care_days_are_those_of_the_model(made):
    _, history, children = made
    episodes = [e for child in children.values() for e in child]
    kin = [e for e in episodes if e["type"] == 0]
    begin = np.array([e["begin"] for e in kin], "datetime64[D]")
    end = np.array([None if e["end"] == date.max else e["end"] for e in kin], "datetime64[D]")
    flows = care_flows(history, AGES)
    for month, first in enumerate(history.months.starts):
        last = first + int(history.months.days[month]) - 1
        assert flows.care_days[month, 0].sum() == care_days(begin, end, first, last)


@settings(deadline=None, max_examples=6)
@given(
    seed=st.integers(0, 2**32),
    years=st.integers(1, 3),
    edges=st.sampled_from([(0, 18), (0, 1, 5, 10, 16, 18), (0, 17, 18)]),
)
def test_identities_hold_in_every_cell(seed, years, edges):
    history = care_history(synthetic_returns(2022, years, starts_a_year=15, seed=seed))
    f = care_flows(history, Ages(edges))
    closing = f.opening + f.starts + f.moves_in - f.moves_out + f.aged_in - f.aged_out - f.ceases
    assert (closing == f.closing).all()
    assert (f.opening[1:] == f.closing[:-1]).all()
    assert (f.closing >= 0).all()
    assert (f.care_days >= 0).all()
    assert f.aged_in.sum() == f.aged_out.sum()
    assert (f.ceases_by_reason.sum(axis=1) == f.months.by_year(f.ceases.sum(axis=(1, 2)))).all()


def test_moves_are_those_of_every_child_between_the_ends_of_two_months(made):
    _, history, children = made
    there = np.zeros((len(TYPES), len(TYPES)))
    ends = [date(2021, 3, 31), *(m.astype(date) - timedelta(1) for m in history.months.starts[1:]), date(2024, 3, 31)]
    for episodes in children.values():
        periods = np.cumsum([e["rne"] == "S" for e in episodes])
        where = [
            next(((p, e["type"]) for p, e in zip(periods, episodes, strict=True) if e["begin"] <= on < e["end"]), None)
            for on in ends
        ]
        for before, after in pairwise(where):
            if before and after and before[0] == after[0]:
                there[before[1], after[1]] += 1
    chances = move_chances(history, ALL_AGES, 0)[0]
    total = there.sum(axis=1, keepdims=True)
    expected = np.where(total > 0, there / np.maximum(total, 1), np.eye(len(TYPES)))
    np.testing.assert_allclose(chances, expected, rtol=1e-12)


def test_thin_cells_take_the_chances_of_all_ages(made):
    _, history, _ = made
    by_age, everybody = move_chances(history, AGES, 0), move_chances(history, ALL_AGES, 0)[0]
    secure = TYPES.index("secure_or_custody")
    assert (by_age[:, secure] == everybody[secure]).all()
    assert (by_age[:, TYPES.index("fostering_in_house")] != everybody[TYPES.index("fostering_in_house")]).any()
    np.testing.assert_allclose(by_age.sum(axis=2), 1)


def test_reasons_are_shares_of_those_who_cease_before_18(made):
    _, history, children = made
    counts = np.zeros(len(GROUPS))
    for episodes in children.values():
        for e in episodes:
            adult = birthday(e["born"], 18)
            soon = e["end"] >= adult - timedelta(37) and exit_group(e["rec"] or "X1") == "independence"
            if e["rec"] not in ("", "X1") and not soon and e["end"] < adult - timedelta(1):
                counts[GROUPS.index(exit_group(e["rec"]))] += 1
    np.testing.assert_allclose(reason_shares(history, ALL_AGES, 0)[0], counts / counts.sum())
    np.testing.assert_allclose(reason_shares(history, AGES, 0).sum(axis=1), 1)


# --- stays -----------------------------------------------------------------------------------------------------------


def stays_by_hand(children, since=None):
    """Return days, whether ceased and days passed before observation, of every period that begins in the returns."""
    last, rows = date(2024, 3, 31), []
    for episodes in children.values():
        starts = [i for i, e in enumerate(episodes) if e["rne"] == "S"]
        for i, j in pairwise([*starts, len(episodes)]):
            begin, end, rec = episodes[i]["begin"], episodes[j - 1]["end"], episodes[j - 1]["rec"]
            if begin < date(2021, 4, 1):
                continue
            adult = birthday(episodes[i]["born"], 18)
            turned = end >= adult - timedelta(37) and rec in ("E5", "E6", "E7", "E17")
            ceased = end <= last and not turned and end < adult - timedelta(1)
            to = end if ceased else min(end, last, adult)
            if since is None or to >= since:
                entered = 0 if since is None else max((since - begin).days, 0)
                rows.append(((to - begin).days, ceased, entered))
    return [np.array(x) for x in zip(*rows, strict=True)]


@pytest.mark.parametrize("since", [None, 2022])
def test_survival_is_kaplan_meiers(made, since):
    _, history, children = made
    table = observed_stays(history, ALL_AGES, since).survival
    days, ceased, entered = stays_by_hand(children, since and date(since, 4, 1))
    times, shares = kaplan_meier(days + 1, ceased, entered if since else None)
    np.testing.assert_allclose(table["years"][: len(table) - 1], ((times - 1) / 365.25)[: len(table) - 1])
    np.testing.assert_allclose(table["share"][: len(table) - 1], shares[: len(table) - 1])
    assert set(table["age"]) == {"all"}
    at_risk = (
        (days + 1 >= table["years"].iloc[-1] * 365.25 + 1 - 1e-9) & (entered < table["years"].iloc[-1] * 365.25 + 1)
    ).sum()
    assert at_risk >= 10


def test_a_survival_table_ends_where_fewer_than_ten_are_observed():
    tables = small()
    for n in range(30):
        child = f"N{n}"
        for year in (2022, 2023):
            tables[year, "Header"].append({"CHILD": child, "DOB": "01/01/2015"})
        leaves = f"{1 + n // 3:02d}/06/2022" if n < 24 else ""
        tables[2022, "Episodes"].append(episode(child, "01/06/2022", leaves, leaves and "E4A"))
        if not leaves:
            tables[2023, "Episodes"].append(episode(child, "01/06/2022"))
    stays = observed_stays(history_of(tables), Ages((0, 5, 18)))
    table = stays.survival.loc[stays.survival["age"] == "5-17"]
    # with A 31 entered; three leave on each day from the first on; on the eighth day 31 - 21 = 10 are still there
    assert table["years"].tolist() == [d / 365.25 for d in range(8)]
    np.testing.assert_allclose(table["share"], [(31 - 3 * (d + 1)) / 31 for d in range(8)], rtol=1e-12)
    assert stays.entrants == {"0-4": 1, "5-17": 31}
    assert stays.pooled == ("0-4",)


@pytest.mark.parametrize(
    ("born", "dec", "rec", "ceased"),
    [
        ("15/01/2006", "15/01/2024", "E17", 0),  # on the birthday
        ("15/01/2006", "14/01/2024", "E8", 0),  # the day before, whatever the reason
        ("15/01/2006", "15/12/2023", "E5", 0),  # just before, into independence
        ("15/01/2006", "15/12/2023", "E4A", 1),  # just before, home
        ("15/01/2006", "01/09/2023", "E5", 1),  # months before
    ],
)
def test_who_turns_18_has_not_left(born, dec, rec, ceased):
    tables = small()
    put(H22, 2, DOB=born)(tables)
    put((2023, "Header"), 2, DOB=born)(tables)
    put(E23, 2, DEC=dec, REC=rec)(tables)
    history = history_of(tables)
    assert care_flows(history, ALL_AGES).turned_18.sum() == 1 - ceased
    stays = observed_stays(history, ALL_AGES)
    shares = stays.survival["share"].tolist()
    # C is adopted after 472 days; A leaves after more, or is censored
    assert shares == ([0.5, 0.0] if ceased else [0.5, 0.5])


def test_the_hazard_beyond_the_tables_counts_children_of_unknown_beginning_from_when_they_are_surely_long_in_care(made):
    _, history, _ = made
    tail = observed_stays(history, ALL_AGES).tail
    p, last = history.periods, history.last_day
    days = int(np.ceil(tail.after * 365.25))
    surely = np.where(p.begin < history.first_day, history.first_day, p.begin) + days
    until = np.minimum(np.minimum(p.end, p.adult), last)
    there = until > surely
    assert tail.child_years == pytest.approx((until - surely)[there].sum() / 365.25)
    assert tail.ceases == (there & (p.end <= last) & ~p.turned_18).sum()
    assert tail.low <= tail.value <= tail.high


@pytest.mark.parametrize("since", [2020, 2024])
def test_since_is_a_year_of_the_returns(made, since):
    with pytest.raises(DomainError, match="since must be a year from 2021/22 to 2023/24"):
        observed_stays(made[1], AGES, since)


def test_stays_need_somebody_who_started():
    tables = {key: [r for r in rows if r["CHILD"] == "B"] for key, rows in small().items()}
    with pytest.raises(NoDataError, match="a period of care must begin within the returns"):
        observed_stays(history_of(tables), AGES)


# --- the inputs of a project -----------------------------------------------------------------------------------------


def test_the_opening_children_are_those_there_at_the_end(made):
    _, history, _ = made
    tables = project_tables(history).inputs
    closing = care_flows(history, AGES).closing[-1]
    by_cell = tables["opening"].groupby(["placement", "age"])["children"].sum()
    assert tables["opening"]["children"].sum() == closing.sum()
    for (placement, age), children in by_cell.items():
        assert children == closing[TYPES.index(placement), AGES.labels.index(age)]


def test_survival_is_given_at_round_times_and_is_kaplan_meiers_there(made):
    _, history, _ = made
    exact, given = observed_stays(history, ALL_AGES).survival, project_tables(history, ALL_AGES).inputs["survival"]
    known, steps = (SurvivalTable(t["years"].to_numpy(), t["share"].to_numpy()) for t in (exact, given))
    at = np.array([1 / 12, 0.5, 1, 1.25, 1.5])
    np.testing.assert_allclose(steps.share(at), known.share(at))
    assert known.horizon - 0.25 < steps.horizon <= known.horizon
    assert steps.area(steps.horizon) == pytest.approx(known.area(steps.horizon), rel=0.01)
    np.testing.assert_allclose(given["years"] * 24, (given["years"] * 24).round(), atol=1e-9)


def test_starts_go_on_as_the_mean_of_the_last_years(made):
    _, history, _ = made
    tables = project_tables(history, recent=2, years=4).inputs
    flows = care_flows(history, AGES)
    assert tables["starts"]["starts"].tolist() == [flows.starts[12:].sum() / 2] * 4
    assert tables["starts"]["year"].tolist() == ["2024/25", "2025/26", "2026/27", "2027/28"]
    assert tables["entry_mix"]["share"].sum() == pytest.approx(1)


@pytest.mark.parametrize("option", ["years", "recent"])
def test_a_number_of_years_is_at_least_one(made, option):
    with pytest.raises(DomainError, match=f"{option} must be >= 1; got 0"):
        project_tables(made[1], **{option: 0})


def test_no_table_names_a_child(made):
    _, history, _ = made
    tables = project_tables(history)
    text = "".join(f.to_csv() for f in (*tables.inputs.values(), *tables.history.values())) + "".join(tables.notes)
    assert "SYN" not in text
    assert not re.search(r"\d\d/\d\d/\d{4}", text)


@pytest.mark.parametrize("returned_years", [1, 3])
def test_returns_become_a_forecast(returned_years):
    history = care_history(synthetic_returns(2024 - returned_years, returned_years, starts_a_year=150))
    tables = project_tables(history, years=2).inputs
    prices = {"placement": tables["placements"]["code"], "from": "2024-04-01", "price_week": 1000, "source": "made up"}
    population = {"mid_year": [2024, 2025], "vintage": "made up", "population": 50_000, "source": "made up"}
    project = project_from(tables | {"prices": pd.DataFrame(prices), "population": pd.DataFrame(population)})
    done = run(project.demand)
    years = done.results["no_change"].years
    flows = care_flows(history, AGES)
    assert all(check.holds for check in done.checks)
    assert years.opening[0] == flows.closing[-1].sum()
    assert years.starts[0] == pytest.approx(flows.starts.sum() / returned_years)
    # nothing in the made-up world changes, so that stock and ceases stay near what they were
    assert years.closing[-1] == pytest.approx(flows.closing[-1].sum(), rel=0.2)
    assert years.ceases.mean() == pytest.approx(flows.ceases.sum() / returned_years, rel=0.3)


def test_without_ceases_before_18_there_are_no_reasons():
    tables = small()
    put(E23, 2, DEC="", REC="")(tables)
    put(E23, 5, DEC="", REC="")(tables)
    history = history_of(tables)
    assert "reasons" not in project_tables(history).inputs
    with pytest.raises(NoDataError, match="a child must have ceased before 18"):
        reason_shares(history, AGES, 0)
