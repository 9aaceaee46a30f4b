"""Made-up returns: the same for a seed, without a fault, and like the care system they stand for."""

import re

import numpy as np
import pandas as pd
import pytest

from xlmodel.inputs.ssda903 import AGES, care_flows, care_history, observed_stays, read_returns
from xlmodel.inputs.ssda903.history import GROUPS, TYPES
from xlmodel.inputs.synthetic import synthetic_returns, write_returns
from xlmodel.model.codes import LEGAL_STATUSES, REASONS_CEASED, RETIRED_PLACES

HEADER = "CHILD SEX DOB ETHNIC UPN MOTHER MC_DOB UASC".split()
EPISODES = "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST PL_POST URN".split()


@pytest.fixture(scope="module")
def returns():
    return synthetic_returns()


@pytest.fixture(scope="module")
def flows(returns):
    return care_flows(care_history(returns), AGES)


@pytest.fixture(scope="module")
def episodes(returns):
    return pd.concat([frame for (_, kind), frame in returns.items() if kind == "Episodes"])


def test_ten_years_have_the_columns_and_the_size_of_an_authority(returns, episodes):
    assert list(returns) == [(year, kind) for year in range(2014, 2024) for kind in ("Header", "Episodes")]
    assert list(returns[2023, "Header"]) == HEADER
    assert list(returns[2014, "Header"]) == [c for c in HEADER if c != "UASC"]
    assert list(returns[2014, "Episodes"]) == EPISODES
    assert 18_000 < len(episodes) < 22_000
    assert all(isinstance(x, str) for frame in returns.values() for x in frame.iloc[0])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_they_have_no_fault(seed):
    assert not care_history(synthetic_returns(2021, 3, starts_a_year=60, seed=seed)).problems


def test_a_seed_gives_the_same_returns_and_another_gives_others():
    one, same, other = (synthetic_returns(2023, 1, starts_a_year=20, seed=seed) for seed in (1, 1, 2))
    for key, frame in one.items():
        pd.testing.assert_frame_equal(frame, same[key])
    assert not one[2023, "Header"].equals(other[2023, "Header"])


def test_no_child_looks_real(returns):
    for frame in returns.values():
        assert frame["CHILD"].map(lambda child: re.fullmatch(r"SYN\d{6}", child) is not None).all()
    assert set(returns[2023, "Episodes"]["HOME_POST"]) == {"ZZ99 9ZZ"}


def test_stock_and_flows_are_those_of_a_middling_authority(flows):
    years = flows.by_year()
    assert years["closing"].between(380, 620).all()
    assert years["starts"].between(140, 280).all()
    assert abs(years["closing"].iloc[-1] / years["opening"].iloc[0] - 1) < 0.25


def test_all_types_of_placement_and_all_groups_of_exits_occur(flows, episodes):
    assert (flows.care_days.sum(axis=(0, 2)) > 0).all()
    assert len(TYPES) == 9
    assert (flows.ceases_by_reason.sum(axis=0) > 0).all()
    assert len(GROUPS) == 7
    assert set(episodes["REC"]) <= {*REASONS_CEASED, ""}
    assert set(episodes["REC"]) >= {"E11", "E12", "E45", "E47", "E41", "E4A", "E4B", "E13", "E17", "E15", "X1"}
    assert set(episodes["LS"]) <= set(LEGAL_STATUSES)
    assert not set(episodes["PLACE"]) & set(RETIRED_PLACES)


def test_supported_accommodation_has_its_code_from_its_day_on(episodes):
    begins = pd.to_datetime(episodes["DECOM"], format="%d/%m/%Y")
    assert (begins[episodes["PLACE"] == "K3"] >= "2023-10-28").all()
    assert (begins[episodes["PLACE"] == "H5"] < "2023-10-28").all()


def test_leaving_care_has_two_humps(returns, flows):
    """Many leave in the first half year, few in the years after it, and a third because they turn 18."""
    stays = observed_stays(care_history(returns), AGES)
    teenager = stays.survival.loc[stays.survival["age"] == "13-14"]
    half, two, three = (np.interp(t, teenager["years"], teenager["share"]) for t in (0.5, 2, 3))
    assert half < 0.75
    assert two - three < 0.1
    assert 0.2 < flows.turned_18.sum() / flows.ceases.sum() < 0.45


def test_siblings_start_together_and_some_children_come_back(episodes):
    first = episodes.loc[episodes["RNE"] == "S"].drop_duplicates(["CHILD", "DECOM"])
    assert first["DECOM"].value_counts().mean() > 1.15
    assert (first["CHILD"].value_counts() > 1).sum() > 30


def test_files_are_a_folder_a_year(tmp_path):
    made = synthetic_returns(2022, 2, starts_a_year=10)
    paths = write_returns(tmp_path, made)
    assert [p.relative_to(tmp_path).as_posix() for p in paths] == [
        "2022-23/Header.csv",
        "2022-23/Episodes.csv",
        "2023-24/Header.csv",
        "2023-24/Episodes.csv",
    ]
    assert read_returns(tmp_path).years == [2022, 2023]
