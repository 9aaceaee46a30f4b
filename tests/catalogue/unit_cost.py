"""Unit cost, why a bill changes, uplift, real terms and present value."""

from catalogue import BLANK, DIV, NA, NUM, VALUE

N0, N1, P0, P1 = [300, 100], [280, 120], [400, 5000], [420, 5100]
FLOWS = [1, 4.2, 6]

CATALOGUE = [
    # 22
    ("UNIT_COST_WEEK", (1000000, 14600), "479.45"),
    ("UNIT_COST_WEEK", (1000000, 14600, 73000), "444.45"),  # net of income
    ("UNIT_COST_WEEK", (1000000, 14600, BLANK), "479.45"),
    ("UNIT_COST_WEEK", (700, 1), 4900),
    ("UNIT_COST_WEEK", (0, 14600), 0),
    ("UNIT_COST_WEEK", (1000000, 0), DIV),
    ("UNIT_COST_WEEK", (0, 0), DIV),
    ("UNIT_COST_WEEK", (1000000, -1), NUM),
    ("UNIT_COST_WEEK", (1000000, 14600, -1), NUM),
    ("UNIT_COST_WEEK", (BLANK, 14600), NA),
    ("UNIT_COST_WEEK", (1000000, BLANK), NA),
    ("UNIT_COST_WEEK", ("£1m", 14600), VALUE),
    # 23
    ("COST_PER_CHILD_WEEK", (413388, 484), "854.11"),
    ("COST_PER_CHILD_WEEK", (502810, 566), "888.36"),
    ("COST_PER_CHILD_WEEK", (0, 484), 0),
    ("COST_PER_CHILD_WEEK", (413388, 0), DIV),
    ("COST_PER_CHILD_WEEK", (413388, -1), NUM),
    ("COST_PER_CHILD_WEEK", (413388, BLANK), NA),
    ("COST_PER_CHILD_WEEK", (413388, "484"), VALUE),
    # 24
    ("WEEK_TO_YEAR", (854.1074, 2024), "44535.60"),
    ("WEEK_TO_YEAR", (854.1074, "2024/25"), "44535.60"),
    ("WEEK_TO_YEAR", (854.1074, 2023), "44657.62"),
    ("WEEK_TO_YEAR", (7, 2024), 365),
    ("WEEK_TO_YEAR", (7, "2023/24"), 366),
    ("WEEK_TO_YEAR", (-0.7, 2024), -36.5),
    ("WEEK_TO_YEAR", (854.1074, BLANK), NA),  # the year is required
    ("WEEK_TO_YEAR", (BLANK, 2024), NA),
    ("WEEK_TO_YEAR", (854.1074, "2024"), VALUE),
    ("WEEK_TO_YEAR", (854.1074, "2024/26"), VALUE),
    ("WEEK_TO_YEAR", ("854", 2024), VALUE),
    # 25
    ("PRICE_VOLUME_MIX", ([566], [484], [502810 / 566], [413388 / 484]), ["-72845.27", 0, "-16576.73"]),
    ("PRICE_VOLUME_MIX", (N0, N1, P0, P1), [0, 92000, 17600]),
    ("PRICE_VOLUME_MIX", (N0, [330, 110], P0, P0), [62000, 0, 0]),  # a tenth more of everything
    ("PRICE_VOLUME_MIX", (N0, [0, 0], P0, [BLANK, BLANK]), [-620000, 0, 0]),  # nobody left: no prices needed
    ("PRICE_VOLUME_MIX", ([300, 0], [300, 10], [400, BLANK], [400, 900]), NA),  # a new type without a price before
    ("PRICE_VOLUME_MIX", ([300, 0], [300, 10], [400, 800], [400, 900]), [4000, 4000, 1000]),
    ("PRICE_VOLUME_MIX", ([300, 0], [310, 0], [400, BLANK], [400, BLANK]), [4000, 0, 0]),
    ("PRICE_VOLUME_MIX", ([300, 10], [300, 0], [400, 800], [400, BLANK]), ["-4129.03", "-3870.97", 0]),
    ("PRICE_VOLUME_MIX", ([300, 10], [300, 0], [400, BLANK], [400, BLANK]), NA),
    ("PRICE_VOLUME_MIX", ([300, 10], [300, 5], [400, 800], [400, BLANK]), NA),
    ("PRICE_VOLUME_MIX", ([0, 0], [280, 120], P0, P1), DIV),
    ("PRICE_VOLUME_MIX", ([-1, 100], N1, P0, P1), NUM),
    ("PRICE_VOLUME_MIX", (N0, [280, -1], P0, P1), NUM),
    ("PRICE_VOLUME_MIX", ([300, BLANK], N1, P0, P1), NA),
    ("PRICE_VOLUME_MIX", (N0, N1, P0, [420]), VALUE),
    ("PRICE_VOLUME_MIX", (N0, N1, ["400", 5000], P1), VALUE),
    # 26
    ("UPLIFT", (1000, [0.05, 0.05], "2024/25", "2026/27"), 1102.5),
    ("UPLIFT", (1, [0.05, 0.05], 2024, 2026), 1.1025),
    ("UPLIFT", (1000, 0.05, 2024, 2025), 1050),
    ("UPLIFT", (1000, [0.05, 0.03], 2024, [2024, 2025, 2026]), [1000, 1050, 1081.5]),  # later rates are not used
    ("UPLIFT", (1000, [0.05, 0.03, BLANK], 2024, 2026), 1081.5),
    ("UPLIFT", (1081.5, [0.05, 0.03], 2026, 2024), 1000),  # backwards is division, the years in the same order
    ("UPLIFT", (1050, [0.05, 0.03], 2025, 2024), 1000),
    ("UPLIFT", (1000, [-0.1], 2024, 2025), 900),
    ("UPLIFT", (1000, [0.05], 2024, 2026), NA),  # a gap
    ("UPLIFT", (1000, [0.05, BLANK], 2024, 2026), NA),
    ("UPLIFT", (1000, [BLANK, 0.05], 2024, 2025), NA),
    ("UPLIFT", (1000, BLANK, 2024, 2024), 1000),
    ("UPLIFT", (1000, [-1], 2024, 2025), NUM),
    ("UPLIFT", (BLANK, [0.05], 2024, 2025), NA),
    ("UPLIFT", (1000, [0.05], BLANK, 2025), NA),
    ("UPLIFT", (1000, ["5%"], 2024, 2025), VALUE),
    ("UPLIFT", (1000, [0.05], 2024, "next"), VALUE),
    # 27
    ("REAL_TERMS", (1030, 103, 100), 1000),
    ("REAL_TERMS", (1000, 100, 103), 1030),
    ("REAL_TERMS", (-515, 103, 100), -500),
    ("REAL_TERMS", (1030, 0, 100), NUM),
    ("REAL_TERMS", (1030, 103, 0), NUM),
    ("REAL_TERMS", (1030, -103, 100), NUM),
    ("REAL_TERMS", (1030, BLANK, 100), NA),
    ("REAL_TERMS", (1030, "103", 100), VALUE),
    # 28
    ("PRESENT_VALUE", (FLOWS,), "10.6590"),
    ("PRESENT_VALUE", (FLOWS, 0.035), "10.6590"),
    ("PRESENT_VALUE", (FLOWS, BLANK, "mid"), "10.4773"),
    ("PRESENT_VALUE", (FLOWS, 0.035, "END"), "10.2986"),  # Excel's NPV
    ("PRESENT_VALUE", (FLOWS, 0), 11.2),
    ("PRESENT_VALUE", (FLOWS, -0.5, "start"), 33.4),
    ("PRESENT_VALUE", ([0] * 30 + [1],), "0.356278"),  # year 30 is the last at 3.5 %
    ("PRESENT_VALUE", ([0] * 31 + [1],), "0.345901"),
    ("PRESENT_VALUE", ([0] * 31 + [1], 0.035), "0.344230"),  # a given rate is for all years
    ("PRESENT_VALUE", (5,), 5),
    ("PRESENT_VALUE", (FLOWS, -1), NUM),
    ("PRESENT_VALUE", ([1, BLANK, 6],), NA),
    ("PRESENT_VALUE", (["1", 4.2],), VALUE),
    ("PRESENT_VALUE", (FLOWS, "3.5%"), VALUE),
    ("PRESENT_VALUE", (FLOWS, 0.035, "middle"), VALUE),
]
