"""Stated figures against recomputed ones."""

from catalogue import BLANK, DIV, NA, NUM, VALUE

CATALOGUE = [
    # 52
    ("TIES", (412, 412, 0), "TIES"),
    ("TIES", (108, 108.33, 0), "ROUNDING"),
    ("TIES", (85, 82.8, 0), "DOES NOT TIE"),
    ("TIES", (75, 72, 0, 6), "ROUNDING"),
    ("TIES", (1000, 1016, -3), "ROUNDING"),
    ("TIES", (0.3, 0.30000000000000004, 1), "TIES"),
    ("TIES", (1, 1, 0, -1), NUM),
    ("TIES", (82.5, 83, 0), "ROUNDING"),
    ("TIES", (108, 108.51, 0), "DOES NOT TIE"),
    ("TIES", (0, 0, 0), "TIES"),
    ("TIES", (-5, -5.4, 0), "ROUNDING"),
    ("TIES", (412, 412, 0, BLANK), "TIES"),
    ("TIES", (412, 412, 0.5), NUM),
    ("TIES", (412, 412, 16), NUM),
    ("TIES", (BLANK, 412, 0), NA),
    ("TIES", (412, BLANK, 0), NA),
    ("TIES", (412, 412, BLANK), NA),
    ("TIES", ("412", 412, 0), VALUE),
    ("TIES", (412, DIV, 0), DIV),
]
