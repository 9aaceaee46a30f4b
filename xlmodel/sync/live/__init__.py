"""Workbooks that are open in a program: the same plan and apply."""
