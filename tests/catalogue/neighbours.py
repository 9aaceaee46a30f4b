"""Statistical neighbours: averages, gaps, ranks and funnel limits."""

from catalogue import BLANK, DIV, NA, NUM, VALUE

# Portsmouth, Hull, Salford, Bristol, Stoke and Sheffield as printed, in £m and £ a child.
OVERSPENDS = [2, 2.6, 6.9, 12.1, 12.9, 8.9]
BUDGETS = [66, 81.5, 97.6, 110.2, 80.1, 115.8]
PER_CHILD = [1603, 1316, 1664, 1203, 1371, 1031]
NAMES = ["Portsmouth", "Hull", "Salford", "Bristol", "Stoke", "Sheffield"]
DEFICITS = [o / b for o, b in zip(OVERSPENDS, BUDGETS, strict=True)]
CHILDREN = [1e6 * b / c for b, c in zip(BUDGETS, PER_CHILD, strict=True)]

CATALOGUE = [
    # 18
    ("SN_AVERAGE", (DEFICITS, BUDGETS), "0.0824"),
    ("SN_AVERAGE", (DEFICITS, BUDGETS, "mean"), "0.0801"),
    ("SN_AVERAGE", (DEFICITS, BUDGETS, "Median"), "0.0738"),
    ("SN_AVERAGE", (PER_CHILD, CHILDREN, BLANK), "1299.68"),
    ("SN_AVERAGE", (PER_CHILD, CHILDREN, "mean"), "1364.67"),
    ("SN_AVERAGE", (PER_CHILD, CHILDREN, "pooled", NAMES, "Southampton"), "1299.68"),
    ("SN_AVERAGE", (PER_CHILD, CHILDREN, "pooled", NAMES, "salford"), VALUE),
    ("SN_AVERAGE", (PER_CHILD, CHILDREN, "pooled", NAMES), VALUE),
    ("SN_AVERAGE", ([10, BLANK, 40], [1, 1, 1]), 25),
    ("SN_AVERAGE", ([10, 70, 40], [1, BLANK, 1]), 25),
    ("SN_AVERAGE", ([BLANK, BLANK], [1, 1]), NA),
    ("SN_AVERAGE", ([10, 20], [BLANK, BLANK]), NA),
    ("SN_AVERAGE", (PER_CHILD,), VALUE),  # pooled without weights
    ("SN_AVERAGE", (PER_CHILD, CHILDREN, "average"), VALUE),
    ("SN_AVERAGE", (PER_CHILD, CHILDREN[:5]), VALUE),
    ("SN_AVERAGE", (["1603", 1316], [1, 1]), VALUE),
    ("SN_AVERAGE", ([10, 40], [0, 0]), DIV),
    ("SN_AVERAGE", ([10, 40], [1, -1]), NUM),
    ("SN_AVERAGE", ([10, DIV], [1, 1]), DIV),
    # 19
    ("SN_GAP", (82.8, 65, 49756.1), [17.8, "88.57"]),
    ("SN_GAP", (60, 65, 20000), [-5, -10]),
    ("SN_GAP", (82.8, 65), [17.8, NA]),
    ("SN_GAP", (82.8, 65, BLANK), [17.8, NA]),
    ("SN_GAP", (82.8, 65, -1), NUM),
    ("SN_GAP", (BLANK, 65, 49756.1), NA),
    ("SN_GAP", (82.8, "65", 49756.1), VALUE),
    # 20
    ("SN_RANK", (0.12107, DEFICITS), 2),
    ("SN_RANK", (0.12107, DEFICITS, 1), 6),
    ("SN_RANK", (0.12107, DEFICITS, BLANK), 2),
    ("SN_RANK", (5, [5, 7, 5, 3]), 2),
    ("SN_RANK", (3, [5, 7, 5, 3]), 4),
    ("SN_RANK", (5, [BLANK, 7, 3]), 2),
    ("SN_RANK", (5, [BLANK, BLANK]), NA),
    ("SN_RANK", (BLANK, [7, 3]), NA),
    ("SN_RANK", (5, [7, 3], 2), NUM),
    ("SN_RANK", (5, [7, 3], 0.5), NUM),
    ("SN_RANK", (5, [7, "3"]), VALUE),
    # 21
    ("FUNNEL_LIMITS", (65, 49756.1), ["58.08", "72.15"]),
    ("FUNNEL_LIMITS", (65, 49756.1, 1.96), ["58.083330486111", "72.151957247453"]),
    ("FUNNEL_LIMITS", (65, 500), [0, 140]),
    ("FUNNEL_LIMITS", (0, 49756.1), [0, 0]),
    ("FUNNEL_LIMITS", (10000, 1e8, 3.09), [9996.9101, 10003.0901]),
    ("FUNNEL_LIMITS", (10000, 1e8, 6), NUM),  # too far out to be sure of the child
    ("FUNNEL_LIMITS", (10000, 1e13), NUM),
    ("FUNNEL_LIMITS", (65, 0), DIV),
    ("FUNNEL_LIMITS", (65, -1), NUM),
    ("FUNNEL_LIMITS", (-65, 49756.1), NUM),
    ("FUNNEL_LIMITS", (65, 49756.1, 0), NUM),
    ("FUNNEL_LIMITS", (65, 49756.1, -1.96), NUM),
    ("FUNNEL_LIMITS", (65, BLANK), NA),
    ("FUNNEL_LIMITS", ("65", 49756.1), VALUE),
]
