"""Findings as text and JSON. The one place where text that came from a workbook is made safe to show."""
