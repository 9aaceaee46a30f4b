"""Part-year and full-year effect, and what of a claim is cash."""

from catalogue import BLANK, DIV, NA, NUM, VALUE

JULY_2024 = 45474.0  # 1 July 2024
FIRST, LAST = 45383.0, 45747.0  # 1 April 2024, 31 March 2025

CATALOGUE = [
    # 38
    ("PART_YEAR", (1600000, JULY_2024, 2024), "1201095.89"),
    ("PART_YEAR", (365, JULY_2024, "2024/25"), 274),
    ("PART_YEAR", (365, JULY_2024 + 0.75, 2024), 274),  # the time of day does not matter
    ("PART_YEAR", (365, FIRST, 2024), 365),
    ("PART_YEAR", (365, LAST, 2024), 1),  # the start day is counted
    ("PART_YEAR", (365, LAST + 1, 2024), 0),
    ("PART_YEAR", (365, FIRST - 1, 2024), 365),
    ("PART_YEAR", (366, JULY_2024 - 366, 2023), 275),  # 1 July 2023, in a year of 366 days
    ("PART_YEAR", (-365, JULY_2024, 2024), -274),
    ("PART_YEAR", (1600000, BLANK, 2024), NA),
    ("PART_YEAR", (BLANK, JULY_2024, 2024), NA),
    ("PART_YEAR", (1600000, JULY_2024, BLANK), NA),
    ("PART_YEAR", (1600000, "1 July 2024", 2024), VALUE),
    ("PART_YEAR", (1600000, JULY_2024, "2024"), VALUE),
    ("PART_YEAR", ("1.6m", JULY_2024, 2024), VALUE),
    ("PART_YEAR", (1600000, -1, 2024), NUM),
    ("PART_YEAR", (DIV, JULY_2024, 2024), DIV),
    ("PART_YEAR", (365, JULY_2024, 2199), 365),  # the last year that is known
    ("PART_YEAR", (365, JULY_2024, 45383), VALUE),  # Excel made a date of the year
    # 39
    ("FULL_YEAR_ROLL", (1600000, JULY_2024, 2024), "398904.11"),
    ("FULL_YEAR_ROLL", (365, JULY_2024, 2024), 91),
    ("FULL_YEAR_ROLL", (365, FIRST, 2024), 0),
    ("FULL_YEAR_ROLL", (365, FIRST - 1, 2024), 0),
    ("FULL_YEAR_ROLL", (365, LAST, 2024), 364),
    ("FULL_YEAR_ROLL", (365, LAST + 1, 2024), 365),
    ("FULL_YEAR_ROLL", (1600000, BLANK, 2024), NA),
    ("FULL_YEAR_ROLL", (1600000, "July", 2024), VALUE),
    ("FULL_YEAR_ROLL", (1600000, JULY_2024, "2024/26"), VALUE),
    # 40
    ("SAVING_CLASS", (1660000, 664000, 500000), [664000, 500000, 496000]),
    ("SAVING_CLASS", (1.66, 0.664, 0.5), [0.664, 0.5, 0.496]),
    ("SAVING_CLASS", (500, 664, 500), [500, 0, 0]),
    ("SAVING_CLASS", (700, 664, 500), [664, 36, 0]),
    ("SAVING_CLASS", (700, 0, 0), [0, 0, 700]),
    ("SAVING_CLASS", (0, 664, 500), [0, 0, 0]),
    ("SAVING_CLASS", (-1, 664, 500), NUM),
    ("SAVING_CLASS", (700, -1, 500), NUM),
    ("SAVING_CLASS", (700, 664, -1), NUM),
    ("SAVING_CLASS", (700, BLANK, 500), NA),
    ("SAVING_CLASS", (700, "664", 500), VALUE),
]
