"""The checks beside lint: what each is about, why what it finds matters, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["CHECKS", "OWN_RULES", "OwnRule"]

#: The checks, in the order in which findings of one weight are told, with what each holds against what.
CHECKS: Mapping[str, str] = {
    "file": "The file",
    "recalculation": "Saved values against recalculated ones",
    "published": "The workbook against what was published",
    "baseline": "The workbook against its baseline",
    "lint": "Formulas and figures",
    "stated": "Stated figures against recomputed ones",
}


class OwnRule(NamedTuple):
    """What is found beside the rules of lint."""

    what: str
    why: str
    fix: str


OWN_RULES: Mapping[str, OwnRule] = {
    "unusable-file": OwnRule(
        "The file cannot be verified.",
        "Nothing is known of its figures.",
        "Save it again as .xlsx without a password, and verify that file.",
    ),
    "value-differs": OwnRule(
        "A saved value is not what its formula gives.",
        "Readers see a figure that the workbook does not support.",
        "Calculate the workbook anew in Excel with Ctrl+Alt+F9, save it and verify it again.",
    ),
    "value-disputed": OwnRule(
        "Two engines calculate a formula differently.",
        "Nothing is proved of the cell, and it is not accused.",
        "Check the figure by hand, or write its formula in a plainer way.",
    ),
    "not-verified": OwnRule(
        "A formula could not be recalculated.",
        "Nothing is proved of the cell: it has not passed.",
        "See what was in the way; check the figure by hand.",
    ),
    "function-changed": OwnRule(
        "A function is not what it was when the workbook was published.",
        "The figures may not be those that today's functions give.",
        "Publish the workbook again, or verify it with the functions it was published with.",
    ),
    "not-as-published": OwnRule(
        "The values are not those recorded when the workbook was published.",
        "What was approved is not what the file holds.",
        "Publish it and have it approved again, or take the file as it was published.",
    ),
    "baseline-stale": OwnRule(
        "The baseline cannot be held against the workbook.",
        "What changed since it was written is not known.",
        "Look at what changed, then write it anew with `xlmodel freeze --update`.",
    ),
    "baseline-changed": OwnRule(
        "The workbook is not what its baseline says.",
        "Something changed since it was last looked at.",
        "Take the change back; or, where it is meant, write the baseline anew with `xlmodel freeze --update`.",
    ),
    "stated-figure": OwnRule(
        "A stated figure is not what the other figures of the document give.",
        "It cannot be right on any reading.",
        "Correct the figure, or say what it is made of.",
    ),
}
