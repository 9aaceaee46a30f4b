"""SSDA903 returns: read, checked, counted, and made into the inputs of a demand project."""

from xlmodel.inputs.ssda903.flows import CareFlows, care_flows
from xlmodel.inputs.ssda903.history import CareHistory, care_history
from xlmodel.inputs.ssda903.project_tables import AGES, ProjectTables, project_tables
from xlmodel.inputs.ssda903.reading import EPISODES, HEADER, Returns, read_returns
from xlmodel.inputs.ssda903.stays import ObservedStays, observed_stays
from xlmodel.inputs.ssda903.transitions import move_chances, reason_shares

__all__ = [
    "AGES",
    "EPISODES",
    "HEADER",
    "CareFlows",
    "CareHistory",
    "ObservedStays",
    "ProjectTables",
    "Returns",
    "care_flows",
    "care_history",
    "move_chances",
    "observed_stays",
    "project_tables",
    "read_returns",
    "reason_shares",
]
