"""A workbook as text for git: a line for each row of a block, its label, formula and values; baselines; differences."""
