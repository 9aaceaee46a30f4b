"""The code lists of the SSDA903 return, and what each code means to a model of children and money.

A code is read in any case of letters and with blanks around it. A retired code is refused with the codes that replaced
it, for they split it up and nobody but the recorder knows how.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from xlmodel.errors import NoDataError

__all__ = [
    "CATEGORIES_OF_NEED",
    "EXIT_GROUPS",
    "LEGAL_STATUSES",
    "PLACEMENT_TYPES",
    "PLACES",
    "PROVIDERS",
    "REASONS_CEASED",
    "REASONS_FOR_NEW_EPISODE",
    "RETIRED_PLACES",
    "RETIRED_REASONS_CEASED",
    "SAME_DAY_EPISODE",
    "SHORT_BREAKS",
    "Place",
    "ReasonCeased",
    "current_code",
    "exit_group",
    "placement_type",
]


class Place(NamedTuple):
    """A placement code: what it stands for, and its placement type; "" where the provider decides."""

    label: str
    type: str


class ReasonCeased(NamedTuple):
    """A reason for an episode to cease: what it stands for, and its group of exits; "" where nobody leaves care."""

    label: str
    group: str


#: Placement types, which differ in price and in length of stay.
PLACEMENT_TYPES: Mapping[str, str] = {
    "fostering_kin": "Fostering, relatives and friends",
    "fostering_in_house": "Fostering, in-house",
    "fostering_ifa": "Fostering, independent agency",
    "residential": "Residential",
    "supported": "Supported and independent living",
    "secure_or_custody": "Secure home or custody",
    "with_parents": "Placed with parents",
    "adoption": "Placed for adoption",
    "other": "Other",
}

PLACES: Mapping[str, Place] = {
    "U1": Place("Relative or friend, long term", "fostering_kin"),
    "U2": Place("Relative or friend, also approved adopter", "fostering_kin"),
    "U3": Place("Relative or friend, other", "fostering_kin"),
    "U4": Place("Other foster carer, long term", ""),
    "U5": Place("Other foster carer, also approved adopter", ""),
    "U6": Place("Other foster carer, other", ""),
    "K2": Place("Children's home", "residential"),
    "R1": Place("Residential care home", "residential"),
    "R3": Place("Family centre or mother and baby unit", "residential"),
    "S1": Place("Residential school", "residential"),
    "K3": Place("Supported accommodation", "supported"),
    "H5": Place("Semi-independent living, the code before K3", "supported"),
    "P2": Place("Independent living", "supported"),
    "K1": Place("Secure children's home", "secure_or_custody"),
    "R5": Place("Custody", "secure_or_custody"),
    "P1": Place("Own parents", "with_parents"),
    "A3": Place("For adoption, consent, with the foster carer", "adoption"),
    "A4": Place("For adoption, consent, not with the foster carer", "adoption"),
    "A5": Place("For adoption, placement order, with the foster carer", "adoption"),
    "A6": Place("For adoption, placement order, not with the foster carer", "adoption"),
    "P3": Place("Residential employment", "other"),
    "R2": Place("NHS or nursing care", "other"),
    "T0": Place("Temporary, any", "other"),
    "T1": Place("Temporary, hospital", "other"),
    "T2": Place("Temporary, child on holiday", "other"),
    "T3": Place("Temporary, carer on holiday", "other"),
    "T4": Place("Temporary, seven days or less", "other"),
    "Z1": Place("Other", "other"),
}

#: Retired placement codes, and the codes that replaced each.
RETIRED_PLACES: Mapping[str, tuple[str, ...]] = {"Q1": ("U1", "U2", "U3"), "Q2": ("U4", "U5", "U6")}

PROVIDERS: Mapping[str, str] = {
    "PR0": "Parent",
    "PR1": "Own provision",
    "PR2": "Another local authority",
    "PR3": "Another public body",
    "PR4": "Private",
    "PR5": "Voluntary",
}

_FOSTERED_BY: Mapping[str, str] = {
    "PR1": "fostering_in_house",
    "PR2": "fostering_in_house",
    "PR3": "fostering_in_house",
    "PR4": "fostering_ifa",
    "PR5": "fostering_ifa",
}

#: Groups of exits from care, in the order in which they are reported.
EXIT_GROUPS: Mapping[str, str] = {
    "adoption": "Adopted",
    "sgo": "Special guardianship order",
    "cao": "Child arrangements order",
    "home": "Home to parents",
    "without_parental_responsibility": "To people without parental responsibility",
    "independence": "Independence and age 18",
    "other": "Other",
}

#: The episode ceases and another begins on the same day: the child stays in care.
SAME_DAY_EPISODE = "X1"

REASONS_CEASED: Mapping[str, ReasonCeased] = {
    "E11": ReasonCeased("Adopted, unopposed", "adoption"),
    "E12": ReasonCeased("Adopted, consent dispensed with", "adoption"),
    "E45": ReasonCeased("SGO, former foster carer, relative or friend", "sgo"),
    "E46": ReasonCeased("SGO, former foster carer, other", "sgo"),
    "E47": ReasonCeased("SGO, other carer, relative or friend", "sgo"),
    "E48": ReasonCeased("SGO, other carer, other", "sgo"),
    "E41": ReasonCeased("Child arrangements order", "cao"),
    "E4A": ReasonCeased("Home, planned", "home"),
    "E4B": ReasonCeased("Home, unplanned", "home"),
    "E13": ReasonCeased("To people without parental responsibility", "without_parental_responsibility"),
    "E5": ReasonCeased("Independent living, with formal support", "independence"),
    "E6": ReasonCeased("Independent living, without formal support", "independence"),
    "E7": ReasonCeased("To residential care of adult services", "independence"),
    "E17": ReasonCeased("Turned 18 and stayed with carers", "independence"),
    "E2": ReasonCeased("Died", "other"),
    "E3": ReasonCeased("Taken over by another authority", "other"),
    "E8": ReasonCeased("Any other reason", "other"),
    "E9": ReasonCeased("Sentenced to custody", "other"),
    "E14": ReasonCeased("Remand ended", "other"),
    "E15": ReasonCeased("Age assessment found the person to be 18 or over", "other"),
    "E16": ReasonCeased("Moved abroad", "other"),
    SAME_DAY_EPISODE: ReasonCeased("New episode on the same day", ""),
}

#: Retired reasons, and the codes that replaced each.
RETIRED_REASONS_CEASED: Mapping[str, tuple[str, ...]] = {
    "E1": ("E11", "E12"),
    "E4": ("E4A", "E4B"),
    "E43": ("E45", "E46"),
    "E44": ("E47", "E48"),
}

REASONS_FOR_NEW_EPISODE: Mapping[str, str] = {
    "S": "Started to be looked after",
    "P": "Change of placement and carer",
    "L": "Change of legal status",
    "T": "Change of placement, same carer",
    "B": "Change of legal status, placement and carer",
    "U": "Change of legal status and placement, same carer",
}

#: What a child needed looking after for when the period of care began: the field CIN.
CATEGORIES_OF_NEED: Mapping[str, str] = {
    "N1": "Abuse or neglect",
    "N2": "Child's disability",
    "N3": "Parental illness or disability",
    "N4": "Family in acute stress",
    "N5": "Family dysfunction",
    "N6": "Socially unacceptable behaviour",
    "N7": "Low income",
    "N8": "Absent parenting",
}

LEGAL_STATUSES: Mapping[str, str] = {
    "C1": "Interim care order",
    "C2": "Full care order",
    "D1": "Freeing order",
    "E1": "Placement order",
    "J1": "Remanded",
    "J2": "Detained under PACE",
    "J3": "Youth rehabilitation order with residence or fostering",
    "L1": "Police protection",
    "L2": "Emergency protection order",
    "L3": "Child assessment order",
    "V2": "Section 20, single period",
    "V3": "Short breaks, episodes recorded",
    "V4": "Short breaks, agreements recorded",
}

#: Legal statuses of series of short breaks, which national figures leave out of the children looked after.
SHORT_BREAKS = frozenset({"V3", "V4"})


def current_code(
    argument: str, code: str, codes: Mapping[str, object], retired: Mapping[str, tuple[str, ...]] | None = None
) -> str:
    """Return a code as its list writes it.

    Raises
    ------
    NoDataError
        A blank, retired or unknown code, which is named. Excel: #N/A.

    Examples
    --------
    >>> current_code("code", " e4a ", REASONS_CEASED)
    'E4A'
    """
    written = code.strip().upper()
    if written in codes:
        return written
    requirement = f"{argument} must be a code of the SSDA903 return"
    if retired and written in retired:
        requirement += f", and {written} is retired: use {' or '.join(retired[written])}"
    raise NoDataError(requirement, argument=argument, offender=written or "a blank")


def placement_type(place: str, provider: str = "") -> str:
    """Return the placement type of a placement code, one of `PLACEMENT_TYPES`.

    Parameters
    ----------
    place : str
        The placement code, such as K2.
    provider : str
        The provider code. It matters for U4 to U6 only: PR1 to PR3 are in-house, PR4 and PR5 an independent agency.

    Returns
    -------
    str

    Raises
    ------
    NoDataError
        A blank, retired or unknown placement code, or U4 to U6 with a provider other than PR1 to PR5. Excel: #N/A.

    Examples
    --------
    >>> placement_type("U6", "PR4"), placement_type("U1", "PR4"), placement_type("K3")
    ('fostering_ifa', 'fostering_kin', 'supported')

    References
    ----------
    docs/model.md, "Care".
    """
    code = current_code("place", place, PLACES, RETIRED_PLACES)
    if PLACES[code].type:
        return PLACES[code].type
    by = provider.strip().upper()
    if by not in _FOSTERED_BY:
        requirement = f"provider must be PR1 to PR5 where place is {code}"
        raise NoDataError(requirement, argument="provider", offender=by or "a blank")
    return _FOSTERED_BY[by]


def exit_group(code: str) -> str:
    """Return the group of exits of a reason, one of `EXIT_GROUPS`; "" for X1, which is no exit.

    Raises
    ------
    NoDataError
        A blank, retired or unknown code, which is named. Excel: #N/A.

    Examples
    --------
    >>> exit_group("E46"), exit_group("E13"), exit_group("X1")
    ('sgo', 'without_parental_responsibility', '')

    References
    ----------
    docs/model.md, "Care".
    """
    return REASONS_CEASED[current_code("codes", code, REASONS_CEASED, RETIRED_REASONS_CEASED)].group
