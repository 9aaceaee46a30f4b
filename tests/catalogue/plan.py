"""The savings plan."""

from catalogue import BLANK, DIV, NA, NUM, VALUE

WEIGHTS = [["High", "Low", 0.8, 0.9, 1], ["medium", "medium", 0.4, 0.6, 0.8]]
SWAPPED = [["high", "low", 0.9, 0.8, 1]]
NEGATIVE = [["high", "low", -0.1, 0.8, 1]]
TWICE = [*WEIGHTS, ["HIGH", "low", 0.5, 0.5, 0.5]]
HEADED = [["confidence", "risk", "low", "expected", "high"], *WEIGHTS]

CATALOGUE = [
    # 41
    ("PLAN_TOTAL", ([1.0, 0.4, 0.0, 1.2, 0.38], 3.08, [1, 1, 1, 1, 2], 2), [2.98, -0.1, 0.21, "ROUNDING"]),
    ("PLAN_TOTAL", ([5, 0.4, 0.8, 1.6, 0.42], 8.26, [0, 1, 1, 1, 2], 2), [8.22, -0.04, 0.66, "ROUNDING"]),
    ("PLAN_TOTAL", ([10.9, 0.4, 1.6, 1.6, 0.47], 13.63, [1, 1, 1, 1, 2], 2), [14.97, 1.34, 0.21, "DOES NOT TIE"]),
    ("PLAN_TOTAL", (["1.0", 0.4], 1.4, [1, 1], 1), VALUE),
    ("PLAN_TOTAL", ([1.0, BLANK], 1.4, [1, 1], 1), NA),
    ("PLAN_TOTAL", ([1.0, 0.4], 1.4, [1], 1), VALUE),
    ("PLAN_TOTAL", ([0.1, 0.2], 0.3, [1, 1], 1), [0.3, 0, 0.15, "TIES"]),
    ("PLAN_TOTAL", ([516, 500], 1000, [0, 0], -3), [1016, 16, 501, "ROUNDING"]),
    ("PLAN_TOTAL", ([1e9, 0.00000012], 1e9, [9, 9], 9), [1000000000, 1.2e-7, 1.5e-9, "DOES NOT TIE"]),
    ("PLAN_TOTAL", ([1.0, 0.4], BLANK, [1, 1], 1), NA),
    ("PLAN_TOTAL", ([1.0, 0.4], 1.4, [1, BLANK], 1), NA),
    ("PLAN_TOTAL", ([1.0, 0.4], 1.4, [1, 0.5], 1), NUM),
    ("PLAN_TOTAL", ([1.0, 0.4], 1.4, [1, 1], 16), NUM),
    ("PLAN_TOTAL", ([1.0, DIV], 1.4, [1, 1], 1), DIV),
    # 42
    ("PLAN_BASIS", ([1, 4.2, 6], "level", "new_in_year"), [1, 3.2, 1.8]),
    ("PLAN_BASIS", ([1, 4.2, 6], "level", "running_total"), [1, 5.2, 11.2]),
    ("PLAN_BASIS", ([1, 4.2, 6], "LEVEL", "Running_Total"), [1, 5.2, 11.2]),
    ("PLAN_BASIS", ([1, 4.2, 6], "level", "cumulative"), VALUE),
    ("PLAN_BASIS", ([1, BLANK, 6], "level", "new_in_year"), NA),
    ("PLAN_BASIS", ([1, "4.2", 6], "level", "new_in_year"), VALUE),
    ("PLAN_BASIS", ([1, 4.2, 6], BLANK, "new_in_year"), NA),
    ("PLAN_BASIS", ([1, 4.2, 6], "level", 3), VALUE),
    ("PLAN_BASIS", ([1, 3.2, 1.8], "new_in_year", "running_total"), [1, 5.2, 11.2]),
    ("PLAN_BASIS", ([1, 5.2, 11.2], "running_total", "level"), [1, 4.2, 6]),
    ("PLAN_BASIS", ([1e9, 0.123456789012, -1e9], "new_in_year", "level"), [1e9, 1000000000.12346, 0.123456789012]),
    # 43
    ("RISK_ADJUSTED", (2.98, "medium", "medium", WEIGHTS), [1.192, 1.788, 2.384]),
    ("RISK_ADJUSTED", (2.98, " MEDIUM ", "Medium", WEIGHTS), [1.192, 1.788, 2.384]),
    ("RISK_ADJUSTED", (0, "high", "low", WEIGHTS), [0, 0, 0]),
    ("RISK_ADJUSTED", (2.98, "high", "medium", WEIGHTS), NA),
    ("RISK_ADJUSTED", (2.98, "sure", "low", WEIGHTS), NA),
    ("RISK_ADJUSTED", (2.98, "very high\u00a0", "low", [["very high", "low", 0.4, 0.6, 0.8]]), [1.192, 1.788, 2.384]),
    ("RISK_ADJUSTED", (2.98, "very  high", "low", [["very high", "low", 0.4, 0.6, 0.8]]), NA),
    ("RISK_ADJUSTED", (2.98, "very\u00a0high", "low", [["very high", "low", 0.4, 0.6, 0.8]]), NA),
    ("RISK_ADJUSTED", (2.98, "", "low", WEIGHTS), NA),
    ("RISK_ADJUSTED", (BLANK, "high", "low", WEIGHTS), NA),
    ("RISK_ADJUSTED", (2.98, BLANK, "low", WEIGHTS), NA),
    ("RISK_ADJUSTED", (2.98, 1, "low", WEIGHTS), VALUE),
    ("RISK_ADJUSTED", ("2.98", "high", "low", WEIGHTS), VALUE),
    ("RISK_ADJUSTED", (-1, "high", "low", WEIGHTS), NUM),
    ("RISK_ADJUSTED", (2.98, "high", "low", SWAPPED), NUM),
    ("RISK_ADJUSTED", (2.98, "high", "low", NEGATIVE), NUM),
    ("RISK_ADJUSTED", (2.98, "medium", "medium", TWICE), VALUE),
    ("RISK_ADJUSTED", (2.98, "high", "low", HEADED), VALUE),
    ("RISK_ADJUSTED", (2.98, "high", "low", [["high", "low", 0.8, BLANK, 1]]), NA),
    ("RISK_ADJUSTED", (2.98, "high", "low", [["high", "low", 0.8, 0.9]]), VALUE),
    ("RISK_ADJUSTED", (2.98, "high", "low", DIV), DIV),
    # 44
    ("RAG", (16, 13, 3), "AMBER"),
    ("RAG", (17, 13, 3), "RED"),
    ("RAG", (13, 13, 3), "GREEN"),
    ("RAG", (13, 13, 0), "GREEN"),
    ("RAG", (13.01, 13, 0), "RED"),
    ("RAG", (0.4, 0.3, 0.1), "AMBER"),
    ("RAG", (10, 13, 3, True), "AMBER"),
    ("RAG", (9, 13, 3, 1), "RED"),
    ("RAG", (10, 13, 3, BLANK), "GREEN"),
    ("RAG", (16, 13, -3), NUM),
    ("RAG", (BLANK, 13, 3), NA),
    ("RAG", (16, BLANK, 3), NA),
    ("RAG", ("n/a", 13, 3), VALUE),
    ("RAG", (16, 13, 3, "yes"), VALUE),
    ("RAG", (DIV, 13, 3), DIV),
    # 45
    ("OVERLAP_CHECK", ([48, 40, 24], 180, 140), 72),
    ("OVERLAP_CHECK", ([10, 20], 180, 140), 0),
    ("OVERLAP_CHECK", ([40], 180, 140), 0),
    ("OVERLAP_CHECK", (48, 140, 140), 48),
    ("OVERLAP_CHECK", ([48, -1], 180, 140), NUM),
    ("OVERLAP_CHECK", ([48], -180, 140), NUM),
    ("OVERLAP_CHECK", ([48], 180, -140), NUM),
    ("OVERLAP_CHECK", ([48], 140, 180), NUM),
    ("OVERLAP_CHECK", ([48, BLANK], 180, 140), NA),
    ("OVERLAP_CHECK", ([48, "40"], 180, 140), VALUE),
    ("OVERLAP_CHECK", ([48], 180, DIV), DIV),
]
