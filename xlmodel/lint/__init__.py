"""What people get wrong by hand in a workbook: rules over its cells, formulas and layout. Findings only."""

from xlmodel.lint.finding import Finding, Severity

__all__ = ["Finding", "Severity"]
