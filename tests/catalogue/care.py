"""Children in care: days, placements, exits by reason, 18th birthdays."""

from datetime import date

from catalogue import BLANK, DIV, NA, NUM, VALUE


def day(text):
    """Return a date as the number that its cell holds."""
    return float((date.fromisoformat(text) - date(1899, 12, 30)).days)


def column(*texts):
    return [None if text is None else day(text) for text in texts]


YEAR = (day("2024-04-01"), day("2025-03-31"))
DECOM = column("2023-01-10", "2024-03-22", "2025-03-27", "2024-07-01", "2022-05-05")
DEC = column(None, "2024-04-11", None, "2024-07-01", "2023-05-05")
BORN = column("2006-05-01", "2006-12-25", "2008-02-29")
MOVES = [[0.90, 0.03, 0.02], [0.04, 0.85, 0.06], [0, 0.01, 0.80]]
STAY = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
STOCK, ENTRANTS = [350, 60, 40], [100, 15, 10]
ALL_CODES = [
    *"E11 E12 E45 E46 E47 E48 E41 E4A E4B E13 E5 E6 E7 E17".split(),
    *"E2 E3 E8 E9 E14 E15 E16 X1".split(),
]

CATALOGUE = [
    # 7
    ("CARE_DAYS", (DECOM, DEC, *YEAR), 380),
    ("CARE_DAYS", (day("2024-07-01"), BLANK, *YEAR), 274),
    ("CARE_DAYS", (day("2024-07-01"), day("2024-07-01"), *YEAR), 0),  # one-day episode
    ("CARE_DAYS", (day("2024-07-01"), day("2024-06-30"), *YEAR), NUM),
    ("CARE_DAYS", (day("2025-03-31"), BLANK, *YEAR), 1),
    ("CARE_DAYS", (day("2024-07-01"), day("2025-03-31"), *YEAR), 273),  # the day of ceasing is not a care day
    ("CARE_DAYS", (day("2025-04-01"), BLANK, *YEAR), 0),
    ("CARE_DAYS", (day("2020-04-01"), BLANK, day("2023-04-01"), day("2024-03-31")), 366),
    ("CARE_DAYS", (DECOM, DEC, YEAR[1], YEAR[0]), NUM),
    ("CARE_DAYS", (DECOM, DEC[:4], *YEAR), VALUE),
    ("CARE_DAYS", ([BLANK, *DECOM[1:]], DEC, *YEAR), NA),
    ("CARE_DAYS", (DECOM, DEC, BLANK, YEAR[1]), NA),
    ("CARE_DAYS", (["10/01/2023", *DECOM[1:]], DEC, *YEAR), VALUE),
    ("CARE_DAYS", (DECOM, [DIV, *DEC[1:]], *YEAR), DIV),
    ("CARE_DAYS", (-1, BLANK, *YEAR), NUM),  # no date
    # 10
    ("PLACEMENT_PATH", (STOCK, MOVES, ENTRANTS, 1), [417.4, 76.9, 52.6]),
    ("PLACEMENT_PATH", (STOCK, MOVES, ENTRANTS, 2), [417.4, 76.9, 52.6, 478.736, 93.413, 65.042]),
    ("PLACEMENT_PATH", (STOCK, [*MOVES, *STAY], ENTRANTS, 2), [417.4, 76.9, 52.6, 517.4, 91.9, 62.6]),
    ("PLACEMENT_PATH", (10, 0.5, 4, 2), [9, 8.5]),
    ("PLACEMENT_PATH", (STOCK, [[0.9, 0.1, 0.01], *MOVES[1:]], ENTRANTS, 1), NUM),  # a row above 1
    ("PLACEMENT_PATH", (STOCK, [[1.1, 0, 0], *MOVES[1:]], ENTRANTS, 1), NUM),
    ("PLACEMENT_PATH", (STOCK, [[-0.1, 0, 0], *MOVES[1:]], ENTRANTS, 1), NUM),
    ("PLACEMENT_PATH", ([-350, 60, 40], MOVES, ENTRANTS, 1), NUM),
    ("PLACEMENT_PATH", (STOCK, MOVES, [-1, 15, 10], 1), NUM),
    ("PLACEMENT_PATH", (STOCK, MOVES, ENTRANTS, 0), NUM),
    ("PLACEMENT_PATH", (STOCK, MOVES, ENTRANTS, 1.5), NUM),
    ("PLACEMENT_PATH", (STOCK, MOVES, ENTRANTS, 1201), NUM),
    ("PLACEMENT_PATH", (STOCK, MOVES, ENTRANTS[:2], 1), VALUE),
    ("PLACEMENT_PATH", (STOCK, MOVES[:2], ENTRANTS, 1), VALUE),
    ("PLACEMENT_PATH", (STOCK, [*MOVES, *MOVES], ENTRANTS, 3), VALUE),
    ("PLACEMENT_PATH", (STOCK, [["0.9", 0, 0], *MOVES[1:]], ENTRANTS, 1), VALUE),
    ("PLACEMENT_PATH", (STOCK, [[BLANK, 0, 0], *MOVES[1:]], ENTRANTS, 1), NA),
    ("PLACEMENT_PATH", (STOCK, MOVES, ENTRANTS, BLANK), NA),
    # 11
    ("EXITS_BY_REASON", ([40, 63, 80, 30], ["E11", "E46", "E4A", "E17"]), [40, 63, 0, 80, 0, 30, 0]),
    ("EXITS_BY_REASON", ([2**i for i in range(22)], ALL_CODES), [3, 60, 64, 384, 512, 15360, 2080768]),
    ("EXITS_BY_REASON", ([40, 500], ["E11", "X1"]), [40, 0, 0, 0, 0, 0, 0]),
    ("EXITS_BY_REASON", ([40, BLANK], ["E11", "X1"]), [40, 0, 0, 0, 0, 0, 0]),
    ("EXITS_BY_REASON", ([40, BLANK], ["E11", "E13"]), [40, 0, 0, 0, NA, 0, 0]),
    ("EXITS_BY_REASON", ([40, 2], [" e11", "e4b "]), [40, 0, 0, 2, 0, 0, 0]),
    ("EXITS_BY_REASON", ([40, 63], ["E11", "E43"]), NA),
    ("EXITS_BY_REASON", ([40, 63], ["E11", "E44"]), NA),
    ("EXITS_BY_REASON", ([40, 63], ["E11", "E99"]), NA),
    ("EXITS_BY_REASON", ([40, 63], ["E11", BLANK]), NA),
    ("EXITS_BY_REASON", ([40, 63], ["E11", 46]), VALUE),
    ("EXITS_BY_REASON", ([40, "63"], ["E11", "E46"]), VALUE),
    ("EXITS_BY_REASON", ([40, -63], ["E11", "E46"]), NUM),
    ("EXITS_BY_REASON", ([40, 63], ["E11"]), VALUE),
    # 12
    ("AGE_OUT", (BORN, *YEAR), 2),
    ("AGE_OUT", (BORN[2], day("2026-03-01"), day("2026-03-01")), 1),
    ("AGE_OUT", (BORN[2], day("2026-02-28"), day("2026-02-28")), 0),
    ("AGE_OUT", (day("2006-04-01"), *YEAR), 1),
    ("AGE_OUT", (day("2007-03-31"), *YEAR), 1),
    ("AGE_OUT", (day("2007-04-01"), *YEAR), 0),
    ("AGE_OUT", (BORN, YEAR[1], YEAR[0]), NUM),
    ("AGE_OUT", ([*BORN, BLANK], *YEAR), NA),
    ("AGE_OUT", (["01/05/2006"], *YEAR), VALUE),
    ("AGE_OUT", (BORN, *YEAR[:1], BLANK), NA),
]
