"""The code lists: what is in them, what is retired, and what a placement is to the model."""

import pytest

from xlmodel.errors import NoDataError
from xlmodel.model import codes
from xlmodel.model.codes import exit_group, placement_type

TYPES = [
    ("U1", "PR1", "fostering_kin"),
    ("U2", "PR4", "fostering_kin"),  # kin, whoever supports the carers
    ("U3", "", "fostering_kin"),
    ("U4", "PR1", "fostering_in_house"),
    ("U5", "PR2", "fostering_in_house"),
    ("U6", "PR3", "fostering_in_house"),
    ("U4", "PR4", "fostering_ifa"),
    (" u6 ", "pr5", "fostering_ifa"),
    ("K2", "PR4", "residential"),
    ("S1", "", "residential"),
    ("R1", "", "residential"),
    ("R3", "", "residential"),
    ("K3", "", "supported"),
    ("H5", "", "supported"),
    ("P2", "", "supported"),
    ("K1", "", "secure_or_custody"),
    ("R5", "", "secure_or_custody"),
    ("P1", "PR0", "with_parents"),
    *[(f"A{n}", "", "adoption") for n in (3, 4, 5, 6)],
    *[(code, "", "other") for code in ("P3", "R2", "T0", "T1", "T2", "T3", "T4", "Z1")],
]

#: The reasons as the catalogue groups them.
GROUPS = {
    "adoption": "E11 E12",
    "sgo": "E45 E46 E47 E48",
    "cao": "E41",
    "home": "E4A E4B",
    "without_parental_responsibility": "E13",
    "independence": "E5 E6 E7 E17",
    "other": "E2 E3 E8 E9 E14 E15 E16",
    "": "X1",
}


@pytest.mark.parametrize(("place", "provider", "expected"), TYPES)
def test_type(place, provider, expected):
    assert placement_type(place, provider) == expected


def test_every_placement_code_is_in_the_table_and_every_type_is_used():
    assert {place.strip().upper() for place, _, _ in TYPES} == set(codes.PLACES)
    assert {kind for _, _, kind in TYPES} == set(codes.PLACEMENT_TYPES)


@pytest.mark.parametrize(
    ("place", "provider", "message"),
    [
        ("", "PR1", "place must be a code of the SSDA903 return; got a blank"),
        ("U7", "PR1", "got U7"),
        ("Q2", "PR1", "Q2 is retired: use U4 or U5 or U6"),
        ("U4", "", "provider must be PR1 to PR5 where place is U4; got a blank"),
        ("U4", "PR0", "got PR0"),
        ("U4", "IFA", "got IFA"),
    ],
)
def test_no_type_is_guessed(place, provider, message):
    with pytest.raises(NoDataError, match=message):
        placement_type(place, provider)


def test_the_groups_are_those_of_the_catalogue():
    found = {code: exit_group(code) for code in codes.REASONS_CEASED}
    assert found == {code: group for group, listed in GROUPS.items() for code in listed.split()}
    assert len(found) == 22
    assert set(codes.EXIT_GROUPS) == set(GROUPS) - {""}


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("E43", "E43 is retired: use E45 or E46; got E43"),
        ("e44", "E44 is retired: use E47 or E48"),
        ("E4", "use E4A or E4B"),
        ("E99", "codes must be a code of the SSDA903 return; got E99"),
        ("  ", "got a blank"),
    ],
)
def test_a_code_that_is_none_is_named(code, message):
    with pytest.raises(NoDataError, match=message):
        exit_group(code)


def test_a_retired_code_is_no_current_one_and_its_successors_are():
    assert not set(codes.RETIRED_REASONS_CEASED) & set(codes.REASONS_CEASED)
    assert not set(codes.RETIRED_PLACES) & set(codes.PLACES)
    assert {x for new in codes.RETIRED_REASONS_CEASED.values() for x in new} <= set(codes.REASONS_CEASED)
    assert {x for new in codes.RETIRED_PLACES.values() for x in new} <= set(codes.PLACES)


def test_the_short_lists():
    assert set(codes.REASONS_FOR_NEW_EPISODE) == set("SPLTBU")
    assert list(codes.CATEGORIES_OF_NEED) == [f"N{n}" for n in range(1, 9)]
    assert set(codes.LEGAL_STATUSES) == set("C1 C2 D1 E1 J1 J2 J3 L1 L2 L3 V2 V3 V4".split())
    assert set(codes.LEGAL_STATUSES) >= codes.SHORT_BREAKS
