"""Flows: starts, ceases, stocks."""

from catalogue import BLANK, DIV, NA, NUM, VALUE

DATED = [[45383, 487], [45483, 487], [45683, 412]]
STARTS, CEASES = [198, 180, 140, 102, 70], [219, 232, 215, 175, 125]

CATALOGUE = [
    # 1
    ("NET_CHANGE", (198, 219), "-21"),
    ("NET_CHANGE", (-198, 219), NUM),
    ("NET_CHANGE", (198, -219), NUM),
    ("NET_CHANGE", (BLANK, 219), NA),
    ("NET_CHANGE", ("198", 219), VALUE),
    # 2
    ("CLOSING_STOCK", (487, 140, 215), 412),
    ("CLOSING_STOCK", (487, 140, 215, 3), 415),
    ("CLOSING_STOCK", (487, 140, 215, BLANK, True), 412),
    ("CLOSING_STOCK", (487, 140, 628), NUM),
    ("CLOSING_STOCK", (487.5, 140, 215), 412.5),
    ("CLOSING_STOCK", (487.5, 140, 215, 0, True), NUM),
    ("CLOSING_STOCK", (487, 140, BLANK), NA),
    ("CLOSING_STOCK", (-1, 140, 100), NUM),
    ("CLOSING_STOCK", (487, 140, 627), 0),
    ("CLOSING_STOCK", (487, 140, 215, "3"), VALUE),
    ("CLOSING_STOCK", (487, 140, 215, 0, "yes"), VALUE),
    ("CLOSING_STOCK", (487, DIV, 215), DIV),
    # 3
    ("STOCK_PATH", (560, STARTS, CEASES), [539, 487, 412, 339, 284]),
    ("STOCK_PATH", (560, STARTS, CEASES[:4]), VALUE),
    ("STOCK_PATH", (20, STARTS, CEASES), NUM),
    ("STOCK_PATH", (560, [198, BLANK, 140], [219, 232, 215]), [539, NA, NA]),
    ("STOCK_PATH", (560, [198, "x", 140], [219, 232, 215]), VALUE),
    ("STOCK_PATH", (BLANK, STARTS, CEASES), NA),
    # 4
    ("OPENING_STOCK", (539, 198, 219), 560),
    ("OPENING_STOCK", (0, 198, 100), NUM),
    ("OPENING_STOCK", (539, -1, 219), NUM),
    ("OPENING_STOCK", (539, 198, BLANK), NA),
    ("OPENING_STOCK", (539, "198", 219), VALUE),
    # 5
    ("AVG_STOCK", (487, 412), 449.5),
    ("AVG_STOCK", (487, 412, DATED), 462),
    ("AVG_STOCK", (487, 412, [DATED[0], DATED[2], DATED[1]]), VALUE),
    ("AVG_STOCK", (487, 412, [DATED[0], DATED[0], DATED[2]]), VALUE),
    ("AVG_STOCK", (486, 412, DATED), VALUE),
    ("AVG_STOCK", (487, -1), NUM),
    ("AVG_STOCK", (487, 412, [[45383, 487], [45748, BLANK]]), NA),
    # 6
    ("CHILD_MONTHS", (4, 12, "start"), 312),
    ("CHILD_MONTHS", (4, 12, "mid"), 288),
    ("CHILD_MONTHS", (4, 12, "END"), 264),
    ("CHILD_MONTHS", (4, 12), 288),
    ("CHILD_MONTHS", (4, 12, BLANK), 288),
    ("CHILD_MONTHS", (4, 6.5), 84.5),  # part months
    ("CHILD_MONTHS", (4, 0.5, "end"), 0),
    ("CHILD_MONTHS", (-4, 12), -288),
    ("CHILD_MONTHS", (4, 0), 0),
    ("CHILD_MONTHS", (4, -1), NUM),
    ("CHILD_MONTHS", (4, 12, "middle"), VALUE),
    ("CHILD_MONTHS", (4, 12, 1), VALUE),
    ("CHILD_MONTHS", (BLANK, 12), NA),
    ("CHILD_MONTHS", ("4", 12), VALUE),
    # 8
    ("EXIT_RATE", (215, 487), "0.4415"),
    ("EXIT_RATE", (30, 20), 1.5),  # a rate, not a probability
    ("EXIT_RATE", (0, 487), 0),
    ("EXIT_RATE", (215, 0), DIV),
    ("EXIT_RATE", (0, 0), DIV),
    ("EXIT_RATE", (-1, 487), NUM),
    ("EXIT_RATE", (215, -1), NUM),
    ("EXIT_RATE", (215, BLANK), NA),
    ("EXIT_RATE", ("215", 487), VALUE),
    # 9
    ("MEAN_STAY", (449.5, 215), "2.09"),
    ("MEAN_STAY", (0, 215), 0),
    ("MEAN_STAY", (449.5, 0), DIV),
    ("MEAN_STAY", (-1, 215), NUM),
    ("MEAN_STAY", (449.5, -1), NUM),
    ("MEAN_STAY", (BLANK, 215), NA),
    ("MEAN_STAY", (449.5, True), VALUE),
]
