"""Cost avoidance: entrants, one cohort, a recurring programme, legal costs."""

from catalogue import BLANK, DIV, NA, NUM, VALUE

PRICE, RATE = 44535.60, 0.36975  # £854.11 a week; the rate of leaving that 2.75 and then 1.9 imply
TABLE = [[0.5, 0.75], [1, 0.5], [2, 0]]
OPEN = [[0.5, 0.75], [1, 0.5], [2, 0.25]]

CATALOGUE = [
    # 32
    ("AVOIDED_ENTRANTS", ([180, 180, 180], [140, 102, 70]), [40, 78, 110]),
    ("AVOIDED_ENTRANTS", ([180, 180, 180], [140, 102, 70], 0.7), [28, 54.6, 77]),
    ("AVOIDED_ENTRANTS", ([180, 180], [140, 102], 0), [0, 0]),
    ("AVOIDED_ENTRANTS", (180, 140), 40),
    ("AVOIDED_ENTRANTS", ([180, 180], [190, 180]), [-10, 0]),  # growth is returned, not floored
    ("AVOIDED_ENTRANTS", ([0.3], [0.1]), 0.2),
    ("AVOIDED_ENTRANTS", ([180, 180], [140, 102], BLANK), [40, 78]),
    ("AVOIDED_ENTRANTS", ([180, 180], [140]), VALUE),
    ("AVOIDED_ENTRANTS", ([180], [140], 1.1), NUM),
    ("AVOIDED_ENTRANTS", ([180], [140], -0.1), NUM),
    ("AVOIDED_ENTRANTS", ([-180], [140]), NUM),
    ("AVOIDED_ENTRANTS", ([180], [-140]), NUM),
    ("AVOIDED_ENTRANTS", ([180, BLANK], [140, 102]), NA),
    ("AVOIDED_ENTRANTS", ([180], ["140"]), VALUE),
    # 33
    ("AVOIDED_COST_COHORT", (40, RATE, 1, PRICE, 0, 3), ["790373", "1244885", "860100"]),
    ("AVOIDED_COST_COHORT", (40, RATE, 1, PRICE, 0.05, 2), ["790373", "1307129"]),
    ("AVOIDED_COST_COHORT", (40, 0, 1, PRICE, 0, 3), [890712, 1781424, 1781424]),  # nobody leaves
    ("AVOIDED_COST_COHORT", (40, 0, [0.75, 0.25], [20000, 100000], 0, 2), [800000, 1600000]),
    ("AVOIDED_COST_COHORT", (40, 0, 1, 40000, [0, 0.05, 0.1], 3), [800000, 1680000, 1848000]),
    ("AVOIDED_COST_COHORT", (40, 0, 1, 40000, [0.05, 0, 0.1], 3), [840000, 1680000, 1848000]),
    ("AVOIDED_COST_COHORT", (40, 0, 1, 40000, 0.05, 1), 800000),  # one rate: not on the first 1 April
    ("AVOIDED_COST_COHORT", (40, 0, 1, 40000, 0.05, 2, 10000), [600000, 1260000]),
    ("AVOIDED_COST_COHORT", (40, 0, 1, 40000, 0, 4, 0, 16), [800000, 1600000, 800000, 0]),  # 18 after two years
    ("AVOIDED_COST_COHORT", (40, 0, 1, 40000, 0, 2, BLANK, BLANK), [800000, 1600000]),
    ("AVOIDED_COST_COHORT", (40, TABLE, 1, 40000, 0, 4), [750000, 1050000, 400000, 0]),
    ("AVOIDED_COST_COHORT", (40, OPEN, 1, 40000, 0, 2), [750000, 1050000]),
    ("AVOIDED_COST_COHORT", (40, OPEN, 1, 40000, 0, 3), NA),  # beyond the table's end
    ("AVOIDED_COST_COHORT", (40, OPEN, 1, 40000, 0, 3, 0, 16.5), [750000, 950000, 100000]),  # 18 comes first
    ("AVOIDED_COST_COHORT", (-40, 0, 1, 40000, 0, 2), [-800000, -1600000]),
    ("AVOIDED_COST_COHORT", (40, 0, [1 / 3, 1 / 3, 1 / 3], [30, 60, 90], 0, 2), [1200, 2400]),
    ("AVOIDED_COST_COHORT", (40, 0, [0.7, 0.2], [30, 60], 0, 2), NUM),  # shares of 0.9
    ("AVOIDED_COST_COHORT", (40, 0, [0.7, 0.3000001], [30, 60], 0, 2), NUM),
    ("AVOIDED_COST_COHORT", (40, 0, [1.2, -0.2], [30, 60], 0, 2), NUM),
    ("AVOIDED_COST_COHORT", (40, 0, [0.7, 0.3], [30], 0, 2), VALUE),
    ("AVOIDED_COST_COHORT", (40, 0, 1, 40000, [0, 0.05], 3), VALUE),  # neither one rate nor three
    ("AVOIDED_COST_COHORT", (40, 0, 1, 40000, -1, 3), NUM),
    ("AVOIDED_COST_COHORT", (40, 0, 1, 40000, 0, 0), NUM),
    ("AVOIDED_COST_COHORT", (40, 0, 1, 40000, 0, 101), NUM),
    ("AVOIDED_COST_COHORT", (40, 0, 1, 40000, 0, 2.5), NUM),
    ("AVOIDED_COST_COHORT", (40, 0, 1, 40000, 0, 2, -1), NUM),
    ("AVOIDED_COST_COHORT", (40, 0, 1, 40000, 0, 2, 0, 18), NUM),
    ("AVOIDED_COST_COHORT", (40, 0, 1, 40000, 0, 2, 0, -1), NUM),
    ("AVOIDED_COST_COHORT", (40, 0, 1, -40000, 0, 2), NUM),
    ("AVOIDED_COST_COHORT", (40, -0.1, 1, 40000, 0, 2), NUM),
    ("AVOIDED_COST_COHORT", (40, [0.1, 0.2], 1, 40000, 0, 2), VALUE),
    ("AVOIDED_COST_COHORT", (BLANK, RATE, 1, PRICE, 0, 3), NA),
    ("AVOIDED_COST_COHORT", (40, RATE, [0.5, BLANK], [30, 60], 0, 3), NA),
    ("AVOIDED_COST_COHORT", (40, RATE, 1, PRICE, BLANK, 3), NA),
    ("AVOIDED_COST_COHORT", (40, RATE, 1, "dear", 0, 3), VALUE),
    ("AVOIDED_COST_COHORT", (40, RATE, 1, DIV, 0, 3), DIV),
    # 34
    ("AVOIDED_COST_RECURRING", ([1, 2.75, 1.9], [1, 1, 1]), [1, 3.75, 5.65]),
    ("AVOIDED_COST_RECURRING", ([1, 2.75, 1.9], [1, 1, 1, 1]), [1, 3.75, 5.65, NA]),
    ("AVOIDED_COST_RECURRING", ([1, 2.75, 1.9], [1, 1, 1, 1], True), [1, 3.75, 5.65, 5.65]),
    ("AVOIDED_COST_RECURRING", ([1, 2.75, BLANK], [1, 1, 1]), NA),
    ("AVOIDED_COST_RECURRING", ([1, 2.75, 1.9], [1, 0, 0.5]), [1, 2.75, 2.4]),
    ("AVOIDED_COST_RECURRING", ([1, 2.75, 1.9], [1, 1, 1], False, 0.1), [1, 4.125, 6.8365]),
    ("AVOIDED_COST_RECURRING", ([1, 2.75, 1.9], [1, 1, 1], False, [0, 0.1, 0]), [1, 4.125, 6.215]),
    ("AVOIDED_COST_RECURRING", ([1, 2.75], [1, 1, 1], False, 0.1), [1, 4.125, NA]),
    ("AVOIDED_COST_RECURRING", ([1, 2.75, 1.9], [1, 1, 1], False, [0, 0.1]), VALUE),
    ("AVOIDED_COST_RECURRING", ([1, 2.75, 1.9], [1, 1, 1], False, -1), NUM),
    ("AVOIDED_COST_RECURRING", ([1, 2.75, 1.9], [1, 1, 1], "no"), VALUE),
    ("AVOIDED_COST_RECURRING", (["1", 2.75], [1, 1]), VALUE),
    ("AVOIDED_COST_RECURRING", ([1, 2.75], [1, BLANK]), NA),
    # 35
    ("COHORT_PROFILE", ([1, 4.2, 6], [1, 1, 1]), [1, 3.2, 1.8]),
    ("COHORT_PROFILE", ([5, 4], [1, 1]), [5, -1]),  # a negative year is returned
    ("COHORT_PROFILE", ([1, 4.2, 6], [0, 1, 1]), DIV),
    ("COHORT_PROFILE", ([1, 4.2, 6], [1, 1]), VALUE),
    ("COHORT_PROFILE", ([1, BLANK, 6], [1, 1, 1]), NA),
    ("COHORT_PROFILE", ([1, "4.2", 6], [1, 1, 1]), VALUE),
    # 36
    ("IMPLIED_UNIT_COST", (664000, 288), "27666.67"),
    ("IMPLIED_UNIT_COST", (516000, 144), "43000.00"),
    ("IMPLIED_UNIT_COST", (664000, 0), DIV),
    ("IMPLIED_UNIT_COST", (664000, -1), NUM),
    ("IMPLIED_UNIT_COST", (BLANK, 288), NA),
    ("IMPLIED_UNIT_COST", ("£664k", 288), VALUE),
    # 37
    ("LEGAL_AVOIDED", (40, 1, 12500), [500000, 0]),
    ("LEGAL_AVOIDED", (40, 0.6, 12500), [300000, 0]),
    ("LEGAL_AVOIDED", (40, 1, 12500, 3), [375000, 125000]),
    ("LEGAL_AVOIDED", (40, 1, 12500, 12), [0, 500000]),
    ("LEGAL_AVOIDED", (40, 1, 12500, BLANK), [500000, 0]),
    ("LEGAL_AVOIDED", (0, 1, 12500, 6), [0, 0]),
    ("LEGAL_AVOIDED", (40, 1, 21425.3536031357), [857014.144125428, 0]),  # without a lag nothing is left over
    ("LEGAL_AVOIDED", (-40, 1, 12500), [-500000, 0]),
    ("LEGAL_AVOIDED", (40, 1.1, 12500), NUM),
    ("LEGAL_AVOIDED", (40, -0.1, 12500), NUM),
    ("LEGAL_AVOIDED", (40, 1, -12500), NUM),
    ("LEGAL_AVOIDED", (40, 1, 12500, 13), NUM),
    ("LEGAL_AVOIDED", (40, 1, 12500, -1), NUM),
    ("LEGAL_AVOIDED", (40, BLANK, 12500), NA),
    ("LEGAL_AVOIDED", (40, "all", 12500), VALUE),
]
