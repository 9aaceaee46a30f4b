"""Every sheet of the published workbook in order, with the question that it answers."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CONTENTS", "GROUPS", "Entry"]


@dataclass(frozen=True)
class Entry:
    """A sheet in the table of contents."""

    title: str
    group: str
    answers: str


#: The groups of the contents, with the colour of their tabs.
GROUPS = {"Read first": "1F3A5F", "Inputs": "E69F00", "Results": "0072B2", "Proof": "00795A"}

CONTENTS = tuple(
    Entry(title, group, answers)
    for group, sheets in (
        (
            "Read first",
            (
                ("Cover", "Does it tie, and what are the headline figures?"),
                ("ReadMe", "How is this workbook used, and what do its words mean?"),
            ),
        ),
        (
            "Inputs",
            (
                ("Inputs flows", "How many children started and ceased, and how many are expected to start?"),
                ("Inputs population", "How many children live in the area?"),
                ("Inputs unit costs", "What does a week of care cost?"),
                ("Inputs survival", "How long do children stay?"),
                ("Assumptions", "What was assumed, by whom, and between which bounds?"),
                ("Scenarios", "Which course of events is shown, and how do the courses compare?"),
            ),
        ),
        (
            "Results",
            (
                ("Calculation", "How does each scenario come out, year by year and placement by placement?"),
                ("Stock", "How many children will be looked after?"),
                ("Placements", "Where will they be placed?"),
                ("Cost", "What will their care cost, and why does that change?"),
                ("Avoidance", "What do fewer children save, and is that what is claimed?"),
                ("Savings plan", "Do the plan's lines add up, and how certain are they?"),
                ("In-year", "Where will this year end?"),
                ("Neighbours", "How do we compare with similar councils?"),
                ("Sensitivity", "Which assumption moves the cost most?"),
                ("Uncertainty", "How far might it turn out otherwise?"),
            ),
        ),
        (
            "Proof",
            (
                ("Claims", "Which figures does the report print, and how exactly?"),
                ("Reconciliation", "Which printed figures tie with each other, and which cannot be right?"),
                ("Checks", "Does this workbook hold together?"),
                ("Functions", "Which functions calculate, in which version?"),
                ("Change log", "What changed, when, and why?"),
                ("Sign-off", "Who has checked and approved it?"),
            ),
        ),
    )
    for title, answers in sheets
)
