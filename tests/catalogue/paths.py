"""Paths: a year's time in care, and the rate of leaving that its ceases imply."""

from catalogue import BLANK, DIV, NA, NUM, VALUE

CATALOGUE = [
    ("CARE_YEARS", (487, 180, 0.36975), "486.970"),
    ("CARE_YEARS", (487, 180, 0), 577),  # nobody leaves: those who start are there half the year
    ("CARE_YEARS", (0, 0, 0.5), 0),
    ("CARE_YEARS", (487, 0, 1e-9), "486.99999976"),
    ("CARE_YEARS", (487, 180, 1e6), "0.000667"),  # everybody leaves at once
    ("CARE_YEARS", ([487, 0], [180, 180], [0, 0]), [577, 90]),
    ("CARE_YEARS", (-1, 180, 0.3), NUM),
    ("CARE_YEARS", (487, -1, 0.3), NUM),
    ("CARE_YEARS", (487, 180, -0.3), NUM),
    ("CARE_YEARS", (487, BLANK, 0.3), NA),
    ("CARE_YEARS", (487, "180", 0.3), VALUE),
    ("CARE_YEARS", (DIV, 180, 0.3), DIV),
    ("EXIT_HAZARD", (487, 140, 215), "0.4815"),
    ("EXIT_HAZARD", (487, 140, 0), 0),
    ("EXIT_HAZARD", (0, 0, 0), 0),
    ("EXIT_HAZARD", (487, 140, 626.9), "1400.0"),  # all but a tenth of a child
    ("EXIT_HAZARD", (487, 140, 626.9999999), "1400000000"),  # those who stay tell, not those who leave
    ("EXIT_HAZARD", (0.1, 0.2, 0.3), NUM),  # of the decimals: nobody is left
    ("EXIT_HAZARD", (487, 140, 627), NUM),
    ("EXIT_HAZARD", (0, 0, 1), NUM),
    ("EXIT_HAZARD", ([380, 107], [120, 20], 215), "0.4815"),
    ("EXIT_HAZARD", ([380, 107], [120, 20], 215, [1, 1]), "0.4815"),
    ("EXIT_HAZARD", ([380, 107], [120, 20], 215, [0.5, 0.25]), "1.0889"),
    ("EXIT_HAZARD", ([380, 107], [120, 20], 499.9, [0.5, 0]), "2400.0"),
    ("EXIT_HAZARD", ([380, 107], [120, 20], 500, [0.5, 0]), NUM),
    ("EXIT_HAZARD", ([380, 107], [120, 20], 0, [0, 0]), 0),
    ("EXIT_HAZARD", ([380, 107], [120, 20, 5], 215), VALUE),
    ("EXIT_HAZARD", ([380, 107], [120, 20], 215, [0.5]), VALUE),
    ("EXIT_HAZARD", ([380, BLANK], [120, 20], 215), NA),
    ("EXIT_HAZARD", ([380, 107], [120, 20], BLANK), NA),
    ("EXIT_HAZARD", (-1, 140, 100), NUM),
    ("EXIT_HAZARD", (487, -1, 100), NUM),
    ("EXIT_HAZARD", (487, 140, -1), NUM),
    ("EXIT_HAZARD", (487, 140, 100, -1), NUM),
    ("EXIT_HAZARD", (487, "140", 100), VALUE),
]
