"""Survival, stays and the child-years of a cohort."""

from catalogue import BLANK, DIV, NA, NUM, VALUE

TIMES, CEASED = [3, 6, 6, 12, 18, 24], [1, 1, 0, 1, 0, 0]
TABLE = [[0.5, 0.75], [1, 0.5], [2, 0]]  # years and share still in care; nobody is left after two years
OPEN = [[0.5, 0.75], [1, 0.5], [2, 0.25]]  # a quarter still in care where the table ends

CATALOGUE = [
    # 29
    ("SURVIVAL_KM", (TIMES, CEASED), [3, "0.8333", 6, "0.6667", 12, "0.4444"]),
    ("SURVIVAL_KM", (TIMES, [bool(c) for c in CEASED]), [3, "0.8333", 6, "0.6667", 12, "0.4444"]),
    ("SURVIVAL_KM", ([3, 6], [1, 0], [BLANK, BLANK]), NA),  # an empty range is not one left out
    ("SURVIVAL_KM", (TIMES, CEASED, [0] * 6, True), [3, "0.8333", 6, "0.6667", 12, "0.4444", 24, "0.4444"]),
    ("SURVIVAL_KM", ([3, 24, 6], [0, 0, 0]), [24, 1]),  # all censored: nothing is known but that
    ("SURVIVAL_KM", ([3, 24, 6], [0, 0, 0], [0, 0, 0], True), [24, 1]),
    ("SURVIVAL_KM", ([3, 6], [1, 1]), [3, 0.5, 6, 0]),
    ("SURVIVAL_KM", (5, 1), [5, 0]),
    ("SURVIVAL_KM", ([0, 2], [1, 0]), [0, 0.5]),  # ceased on the day of entry
    ("SURVIVAL_KM", ([2, 5, 6], [1, 1, 0], [0, 0, 4]), [2, 0.5, 5, 0.25]),  # in care for 4 when the records begin
    ("SURVIVAL_KM", ([2, 5, 6], [1, 1, 0], [0, 2, 4]), NA),  # the only child seen at first ceases at 2
    ("SURVIVAL_KM", ([2, 5, 6], [0, 1, 0], [0, 3, 4]), NA),  # nobody is seen between 2 and 3
    ("SURVIVAL_KM", ([5, 6], [1, 0], [1, 2]), NA),  # nobody is seen from entry to 1
    ("SURVIVAL_KM", ([2, 5], [1, 1], [0, 5]), NUM),
    ("SURVIVAL_KM", ([2, 5], [1, 1], [0, 6]), NUM),
    ("SURVIVAL_KM", ([2, 5], [1, 1], [0, -1]), NUM),
    ("SURVIVAL_KM", ([-1, 5], [1, 1]), NUM),
    ("SURVIVAL_KM", ([2, BLANK], [1, 1]), NA),
    ("SURVIVAL_KM", ([2, 5], [1, BLANK]), NA),
    ("SURVIVAL_KM", ([2, 5], [1, 1], [0, BLANK]), NA),
    ("SURVIVAL_KM", ([2, "5"], [1, 1]), VALUE),
    ("SURVIVAL_KM", ([2, 5], [1, 2]), VALUE),
    ("SURVIVAL_KM", ([2, 5], [1, "yes"]), VALUE),
    ("SURVIVAL_KM", ([2, 5], [1]), VALUE),
    ("SURVIVAL_KM", ([2, 5], [1, 1], [0]), VALUE),
    ("SURVIVAL_KM", ([2, DIV], [1, 1]), DIV),
    # 30
    ("SURVIVAL_EXP", (0.36975, 2), "0.4774"),
    ("SURVIVAL_EXP", (0, 5), 1),
    ("SURVIVAL_EXP", (2.5, 0), 1),
    ("SURVIVAL_EXP", (2.5, 1), "0.0821"),  # a rate may exceed 1
    ("SURVIVAL_EXP", (-0.1, 2), NUM),
    ("SURVIVAL_EXP", (0.1, -2), NUM),
    ("SURVIVAL_EXP", (BLANK, 2), NA),
    ("SURVIVAL_EXP", ("0.37", 2), VALUE),
    ("SURVIVAL_EXP", (NA, 2), NA),
    # 31
    ("COHORT_CHILD_YEARS", (40, 0.36975, 0), "17.747"),
    ("COHORT_CHILD_YEARS", (40, 0.36975, 1), "27.953"),
    ("COHORT_CHILD_YEARS", (40, 0.36975, [0, 1, 2, 3]), ["17.747", "27.953", "19.313", "13.343"]),
    ("COHORT_CHILD_YEARS", (40, 0.36975, [0, 1, 2], 0.5), ["9.411", "30.529", "21.093"]),
    ("COHORT_CHILD_YEARS", (40, 0, [0, 1, 2]), [20, 40, 40]),
    ("COHORT_CHILD_YEARS", (40, 1e-300, [0, 1, 2]), [20, 40, 40]),
    ("COHORT_CHILD_YEARS", (40, 0, 0, 0.5), 10),
    ("COHORT_CHILD_YEARS", (40, 0, 1, 0.5), 40),
    ("COHORT_CHILD_YEARS", (40, 0.36975, -1), 0),
    ("COHORT_CHILD_YEARS", (40, OPEN, -1), 0),
    ("COHORT_CHILD_YEARS", (-40, 0, 1), -40),  # growth
    ("COHORT_CHILD_YEARS", (40, TABLE, [0, 1, 2, 3, 4]), [18.75, 26.25, 10, 0, 0]),
    ("COHORT_CHILD_YEARS", (40, OPEN, [0, 1]), [18.75, 26.25]),
    ("COHORT_CHILD_YEARS", (40, OPEN, [0, 1, 2]), [18.75, 26.25, NA]),  # a year beyond the table's end
    ("COHORT_CHILD_YEARS", (40, [[3, 0.5]], 0), 20),  # one step, known to three years
    ("COHORT_CHILD_YEARS", (40, [[3, 0.5]], 3), NA),
    ("COHORT_CHILD_YEARS", (40, [[0.5, 0.75], [1, 0.8]], 0), NUM),  # more in care later
    ("COHORT_CHILD_YEARS", (40, [[1, 0.75], [0.5, 0.5]], 0), NUM),
    ("COHORT_CHILD_YEARS", (40, [[1, 0.75], [1, 0.5]], 0), NUM),
    ("COHORT_CHILD_YEARS", (40, [[1, 75], [2, 50]], 0), NUM),  # percentages
    ("COHORT_CHILD_YEARS", (40, [[-1, 1], [2, 0.5]], 0), NUM),
    ("COHORT_CHILD_YEARS", (40, [[6, 0.6], [12, 0.5], [24, 0.2]], 0), NUM),  # months
    ("COHORT_CHILD_YEARS", (40, [0.3, 0.4], 0), VALUE),  # a column is no table
    ("COHORT_CHILD_YEARS", (40, [[1, 0.5, 0], [2, 0, 0]], 0), VALUE),
    ("COHORT_CHILD_YEARS", (40, [[1, 0.5], [2, BLANK]], 0), NA),
    ("COHORT_CHILD_YEARS", (40, -0.1, 0), NUM),
    ("COHORT_CHILD_YEARS", (40, 0.1, 0.5), NUM),
    ("COHORT_CHILD_YEARS", (40, 0.1, 0, 1), NUM),
    ("COHORT_CHILD_YEARS", (40, 0.1, 0, -0.1), NUM),
    ("COHORT_CHILD_YEARS", (BLANK, 0.1, 0), NA),
    ("COHORT_CHILD_YEARS", (40, BLANK, 0), NA),
    ("COHORT_CHILD_YEARS", (40, "0.1", 0), VALUE),
    ("COHORT_CHILD_YEARS", (40, 0.1, "first"), VALUE),
    ("COHORT_CHILD_YEARS", (40, DIV, 0), DIV),
]
